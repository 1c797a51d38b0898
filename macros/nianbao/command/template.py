"""`nianbao template`: an Excel file in which the figures of a new year are entered."""

from __future__ import annotations

from pathlib import Path

import click

from nianbao.beginning.new_year import begun_report
from nianbao.command.chinese import ChineseCommand, help_option
from nianbao.command.options import project_of, project_option, year_of
from nianbao.command.terminal import tell
from nianbao.data_files import writing
from nianbao.exports.template import template_file
from nianbao.exports.texts import file_name
from nianbao.reading.refusal import RefusedError

_HELP = """生成一个年度的填报表（Excel），填好以后用 nianbao new --from 读入。

各表照格式排列，填写时当场检查，总计由公式计算；上年的数并列在旁边。主动公开的信息、信息处理费和公布日期另有一页。
"""


@click.command(cls=ChineseCommand, short_help="生成一个年度的填报表（Excel）。", help=_HELP)
@click.argument("year", metavar="年度")
@click.option("--out", metavar="文件", help="写成哪个文件，不写就在当前文件夹里按机关和年度命名。")
@project_option
@help_option
def template(year: str, out: str | None, folder: str) -> None:
    """Write the template of a year."""
    number, project = year_of(year), project_of(folder)
    report, previous = begun_report(project, number)
    path = Path(out) if out is not None else Path(file_name(f"{report.agency_name}{number}年填报表", "xlsx"))
    if path.exists():
        message = f"已经有 {path}，没有写入；请换一个名称，或先把它移走"
        raise RefusedError(message)
    writing.put(path.resolve(), template_file(report, previous))
    tell(f"已生成 {path}。")
    tell(f"填好保存以后运行 nianbao new {number} --from {path}。")
