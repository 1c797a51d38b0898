"""`nianbao freeze`: record that a report is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from nianbao.command.chinese import ChineseCommand, help_option
from nianbao.command.options import day_of, project_of, project_option, refused, year_of
from nianbao.command.terminal import tell
from nianbao.lifecycle import tagging
from nianbao.lifecycle.archive import snapshot_path
from nianbao.lifecycle.freezing import freeze as freeze_year
from nianbao.lifecycle.refusal import RefusedError
from nianbao.model.dataset import read_dataset
from nianbao.model.project import WrongUseError
from nianbao.reading.clock import today

if TYPE_CHECKING:
    from nianbao.lifecycle.freezing import Recorded
    from nianbao.model.project import Project

_HELP = """定稿：登记公布日期和公布内容的摘要。

有错误时不定稿。定稿以后数据和页面的改动会使检查和生成失败，确需更正的用 nianbao correct 登记。
"""


@click.command(cls=ChineseCommand, short_help="定稿：登记公布日期和内容。", help=_HELP)
@click.argument("year", metavar="年度")
@click.option("--published", metavar="日期", help="公布日期，如 2024-01-20。")
@click.option("--date-unknown", is_flag=True, help="录入的旧报告，公布日期已无从查考。")
@click.option("--tag", is_flag=True, help="提交定稿的记录，并打上 git 的标签，供以后对照。")
@click.option("--sign", is_flag=True, help="用 git 设置的密钥给标签签名，与 --tag 一起用。")
@project_option
@help_option
def freeze(year: str, published: str | None, folder: str, *, date_unknown: bool, tag: bool, sign: bool) -> None:  # noqa: PLR0913  # options
    """Freeze the report of a year."""
    if date_unknown == (published is not None):
        message = (
            "请用 --published 写明公布日期，如 --published 2024-01-20；录入的旧报告日期无从查考的，改用 --date-unknown"
        )
        raise WrongUseError(message)
    if sign and not tag:
        message = "--sign 要与 --tag 一起用"
        raise WrongUseError(message)
    number = year_of(year)
    day = None if published is None else day_of(published, "--published")
    project = project_of(folder)
    try:
        if tag:
            tagging.ready(project.data)
        done = freeze_year(project, number, day, today())
    except RefusedError as error:
        refused(error)
    known = "公布日期不详" if day is None else f"公布日期 {day}"
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
    tell(f'此后改动数据或页面，检查和生成会失败；确需更正的，改好后运行 nianbao correct {number} --reason "原因"。')


def _tag(project: Project, year: int, done: Recorded, *, sign: bool) -> None:
    """Put a tag over the record of *year* and tell it."""
    agency = read_dataset(project.root, project.data).agency
    name = tagging.tag_name(agency.id if agency is not None else "", year, 1)
    files = (project.data / f"{year}.yml", snapshot_path(project.data, year, 1))
    message = f"{year}年政府信息公开工作年度报告定稿，校验号 {done.number}"
    try:
        commit = tagging.tag(project.data, name, files, message, sign=sign)
    except RefusedError as error:
        refused(error)
    signed = "签名的标签" if sign else "标签"
    tell(f"提交了 {commit}，打上{signed} {name}；请推送到另一处保存：git push origin {name}")
