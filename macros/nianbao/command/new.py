"""`nianbao new`: begin the report of a new year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from nianbao.beginning.new_year import make_year
from nianbao.command.chinese import ChineseCommand, help_option
from nianbao.command.importing import files_from, finish
from nianbao.command.options import project_of, project_option, year_of
from nianbao.command.terminal import tell
from nianbao.importing.importing import Way, import_report, refuse_unfit
from nianbao.importing.originals import opened
from nianbao.reading.clock import today

if TYPE_CHECKING:
    from collections.abc import Sequence

_HELP = """新建一个年度的数据和页面。

数写作“待填”，能从上一年接续的（结转、现行有效件数）预填待核对，页面有标题和提示，状态是草稿。已有的文件不会改动。

有底稿的用 --from 写明文件，如 nianbao template 生成的表，能确定的数读入，有疑问的照 nianbao import 的办法询问。
"""


@click.command(cls=ChineseCommand, short_help="新建一个年度的数据和页面。", help=_HELP)
@click.argument("year", metavar="年度")
@click.argument("others", metavar="[文件]…", nargs=-1)
@click.option(
    "--from", "source", metavar="文件", help="从填好的底稿读入，如 nianbao template 生成的 Excel；可以写几个文件。"
)
@project_option
@help_option
def new(year: str, others: Sequence[str], source: str | None, folder: str) -> None:
    """Make the files of a new year, with the figures of files where there are any."""
    number, project = year_of(year), project_of(folder)
    paths = files_from(source, others)
    originals = opened(paths) if paths else ()
    if originals:
        refuse_unfit(project, originals, number)
    made = make_year(project, number)
    done = import_report(project, originals, number, today(), way=Way.BEGUN) if originals else None
    if done is not None:
        finish(done, project)
        return
    tell(f"已建立 {number} 年的草稿：")
    for file in made.files:
        tell(f"  {file}")
    if not made.continued:
        tell(f"没有 {number - 1} 年的数据，结转和现行有效件数也要填写。")
    tell("接下来：")
    tell(f"1. 在 {made.files[0]} 里填写各表的数，逐条列出主动公开的信息；")
    tell(f"   发生了的都填好以后，其余没有发生的运行 nianbao fill {number} --zero 填为 0；")
    tell("2. 在页面里按〔提示〕写文字，写完一处删去一处提示；第五部分要逐条答复上一年的问题和措施；")
    tell("3. 运行 nianbao check 检查；填数、写文字和检查也可以运行 nianbao edit，在浏览器里做；")
    tell(f"4. 在 {made.due} 以前公布，运行 nianbao freeze {number} --published 公布日期定稿；晚于这一天的要写明原因。")
