"""`nianbao publish`: record on which day a frozen report is published."""

from __future__ import annotations

from pathlib import Path

import click

from nianbao.command.chinese import ChineseCommand, help_option
from nianbao.command.options import day_of, project_of, project_option, site_option, year_of
from nianbao.command.terminal import tell
from nianbao.lifecycle.awaiting import publish as publish_year
from nianbao.reading.clock import today

_HELP = """登记公布：定稿的年度实际在哪一天公布，或者改在哪一天公布。

定稿时登记了将来的公布日期，那天按时公布的，不必运行本命令；提前、推迟的，在原定的日期以前运行。
公布日期改变以后请重新生成网站。原定的日期到了，就是已经公布，日期写错的用 nianbao correct 登记更正。
"""


@click.command(cls=ChineseCommand, short_help="登记公布：定稿的年度在哪一天公布。", help=_HELP)
@click.argument("year", metavar="年度")
@click.option("--on", "day", metavar="日期", help="公布日期，如 2025-01-20，不写就是今天。")
@site_option
@project_option
@help_option
def publish(year: str, day: str | None, out: str, folder: str) -> None:
    """Record the day of publication of a year."""
    number, now = year_of(year), today()
    chosen = now if day is None else day_of(day, "--on")
    project = project_of(folder)
    done = publish_year(project, number, chosen, now, Path.cwd() / out if out else project.site)
    said = f"{number} 年定于 {chosen} 公布" if chosen > now else f"{number} 年已于 {chosen} 公布"
    if done.already:
        tell(f"{said}，已经登记过，没有写入任何内容。")
        tell(f"校验号 {done.number}")
        return
    tell(f"{said}，内容没有变动，校验号仍是 {done.number}。")
    tell(f"写入 {'、'.join(done.files)}，请一并提交到版本库，并重新生成网站（nianbao build）。")
