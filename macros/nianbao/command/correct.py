"""`nianbao correct`: record a correction of a published report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from nianbao.command.chinese import ChineseCommand, help_option
from nianbao.command.options import day_of, project_of, project_option, year_of
from nianbao.command.terminal import tell
from nianbao.lifecycle.correcting import correct as correct_year
from nianbao.model.project import WrongUseError
from nianbao.reading.clock import ahead, today

if TYPE_CHECKING:
    from nianbao.model.project import Project

_HELP = """更正：登记公布以后的改动。

先改正数据或页面，再运行本命令。更正的日期、原因和更正前后的内容显示在年度首页。
同一天的几次改动算一次更正。以前更正的原因或日期写错的，在数据文件里改好，再运行本命令，前后两种写法都向社会显示。
"""


@click.command(cls=ChineseCommand, short_help="更正：登记公布以后的改动。", help=_HELP)
@click.argument("year", metavar="年度")
@click.option("--reason", metavar="原因", help="为什么更正，一句话，会公开。")
@click.option("--on", "day", metavar="日期", help="更正日期，如 2024-03-05，不写就是今天。")
@project_option
@help_option
def correct(year: str, reason: str | None, day: str | None, folder: str) -> None:
    """Correct the report of a year."""
    if reason is None:
        message = '请用 --reason 写明更正的原因，如 --reason "行政处罚的件数统计有误。"'
        raise WrongUseError(message)
    number, now = year_of(year), today()
    chosen = now if day is None else day_of(day, "--on")
    project = project_of(folder)
    wrong = ahead(now, _newest(project), "--on") if day is None else ""
    if wrong:  # Later corrections could not be recorded any more.
        raise WrongUseError(wrong)
    done = correct_year(project, number, reason, chosen, now)
    if done.recorded.already:
        tell(f"{number} 年的这次更正已经登记过，没有写入任何内容。")
        return
    what = f"年的改动并入 {chosen} 已经登记的更正" if done.joined else f"年登记了 {chosen} 的更正"
    tell(f"{number} {what}，共 {len(done.changes)} 处：")
    for change in done.changes:
        tell(f"  {change}")
    tell(f"写入 {'、'.join(done.recorded.files)}，请一并提交到版本库。")
    tell(f"新的校验号 {done.recorded.number}")
    if done.recorded.findings:
        tell(f"另有 {done.recorded.findings} 处待核或提醒，见 nianbao check。")


def _newest(project: Project) -> int:
    """Return the newest year that *project* has data of; its report may have mistakes."""
    return max((int(path.stem) for path in project.data.glob("[12][0-9][0-9][0-9].yml")), default=0)
