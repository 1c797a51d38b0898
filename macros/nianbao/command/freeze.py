"""`nianbao freeze`: record that a report is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from nianbao.command.chinese import ChineseCommand, help_option
from nianbao.command.options import day_of, project_of, project_option, year_of
from nianbao.command.terminal import tell
from nianbao.lifecycle import tagging
from nianbao.lifecycle.archive import claimed, snapshot_path
from nianbao.lifecycle.freezing import freeze as freeze_year
from nianbao.model.dataset import read_dataset
from nianbao.model.project import WrongUseError
from nianbao.reading.clock import today

if TYPE_CHECKING:
    from nianbao.lifecycle.freezing import Recorded
    from nianbao.model.project import Project

_HELP = """定稿：登记公布日期和公布内容的摘要。

有错误时不定稿。公布日期可以是将来的一天：定稿后照常生成网站，交出去公布；那天以前可以用 nianbao reopen 撤回。
公布以后数据和页面的改动会使检查和生成失败，确需更正的用 nianbao correct 登记。
"""


@click.command(cls=ChineseCommand, short_help="定稿：登记公布日期和内容。", help=_HELP)
@click.argument("year", metavar="年度")
@click.option(
    "--published", "--on", "published", metavar="日期", help="公布日期，如 2024-01-20；不写就用数据文件里写的。"
)
@click.option("--date-unknown", is_flag=True, help="录入的旧报告，公布日期已无从查考。")
@click.option("--tag", is_flag=True, help="提交定稿的记录，并打上 git 的标签，供以后对照。")
@click.option("--sign", is_flag=True, help="用 git 设置的密钥给标签签名，与 --tag 一起用。")
@project_option
@help_option
def freeze(year: str, published: str | None, folder: str, *, date_unknown: bool, tag: bool, sign: bool) -> None:  # noqa: PLR0913  # options
    """Freeze the report of a year."""
    if date_unknown and published is not None:
        message = "--published 和 --date-unknown 只能写一个；请用 --published 写明公布日期，日期无从查考的才用后一个"
        raise WrongUseError(message)
    if sign and not tag:
        message = "--sign 要与 --tag 一起用"
        raise WrongUseError(message)
    number, now = year_of(year), today()
    day = None if published is None else day_of(published, "--published")
    project = project_of(folder)
    if tag:
        tagging.ready(project.data)
    done = freeze_year(project, number, day, now, undated=date_unknown)
    known = "公布日期不详" if done.day is None else f"公布日期 {done.day}"
    ahead = done.day is not None and done.day > now
    if done.already:
        tell(f"{number} 年已经定稿（{known}），内容没有变动，没有写入任何内容。")
        if done.number:
            tell(f"校验号 {done.number}")
        return
    tell(f"{number} 年已定稿（{known}）。")
    tell(f"写入 {'、'.join(done.files)}，请一并提交到版本库。")
    tell(f"校验号 {done.number}")
    tell(f"摘要 {done.digest}")
    if done.findings:
        tell(f"另有 {done.findings} 处待核或提醒，见 nianbao check。")
    if tag:
        _tag(project, number, done, sign=sign)
    then = f'确需更正的，改好后运行 nianbao correct {number} --reason "原因"'
    if ahead:
        tell(f'还没有公布：{done.day} 以前可以撤回，运行 nianbao reopen {number} --reason "原因"；')
        tell(f"提前或推迟公布的，运行 nianbao publish {number} --on 日期。")
        then = "到了那天就是已经公布，只能登记更正"
    tell(f"此后改动数据或页面，检查和生成会失败；{then}。")


def _tag(project: Project, year: int, done: Recorded, *, sign: bool) -> None:
    """Put a tag over the record of *year* and tell it."""
    dataset = read_dataset(project.root, project.data)
    position = len(claimed(dataset.reports[year]))
    name = tagging.tag_name(dataset.agency.id if dataset.agency is not None else "", year, position)
    files = (project.data / f"{year}.yml", snapshot_path(project.data, year, position))
    message = f"{year}年政府信息公开工作年度报告定稿，校验号 {done.number}"
    commit = tagging.tag(project.data, name, files, message, sign=sign)
    signed = "签名的标签" if sign else "标签"
    tell(f"提交了 {commit}，打上{signed} {name}；请推送到另一处保存：git push origin {name}")
