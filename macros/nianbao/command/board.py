"""`nianbao board`: who has reported for a year, who is late, and what to write to them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nianbao.command.chinese import ChineseCommand, help_option
from nianbao.command.members import register_at
from nianbao.command.options import day_of, project_of, project_option, scheduler_option, year_of
from nianbao.command.survey import survey, working_folder
from nianbao.command.terminal import tell, tell_machine
from nianbao.command.workers import LIMITS
from nianbao.data_files import writing
from nianbao.importing.failures import told
from nianbao.members.board import Board
from nianbao.members.board_files import as_json, letters, page, text, workbook
from nianbao.members.sites import Comparison, Seen, compared, fetch_all
from nianbao.members.sources import source_of
from nianbao.model.agency import read_agency
from nianbao.model.profile import read_profile
from nianbao.reading.clock import today
from nianbao.reading.disk import reason
from nianbao.reading.findings import Findings
from nianbao.reading.refusal import RefusedError
from nianbao.running.choosing import crew_of
from nianbao.running.crew import Failure, each

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from nianbao.members.answers import Answers
    from nianbao.members.board import Standing
    from nianbao.members.register import Register
    from nianbao.model.project import Project
    from nianbao.running.crew import Crew

_HELP = """列出名册里每个单位一个年度的报送情况：未报送、已退回、有错误、待核实、草稿、已报送，以及是否逾期。

写了 --out 的，另在文件夹里写出网页、Excel、JSON，以及可以发给各单位的催报和退回文字；已有的同名文件会被替换。
"""


@click.command(cls=ChineseCommand, short_help="各单位的报送情况。", help=_HELP)
@click.argument("year", metavar="年度")
@click.option("--on", "on", metavar="日期", help="按哪一天计算逾期，如 2026-02-01；不写就是今天。")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="输出的格式，缺省为 text。")
@click.option("--sites", is_flag=True, help="读取名册里写明的网站，看公布的与报送的是否相同；要能连到这些网站。")
@click.option("--out", metavar="文件夹", help="写出文件的文件夹，没有就新建。")
@scheduler_option
@project_option
@help_option
def board(  # noqa: PLR0913, PLR0917  # its options
    year: str,
    on: str | None,
    form: str,
    sites: bool,  # noqa: FBT001  # a flag of click
    out: str | None,
    scheduler: str,
    folder: str,
) -> None:
    """Show the board of a year."""
    project, number = project_of(folder), year_of(year)
    day = day_of(on, "--on") if on else today()
    register = register_at(project)
    with crew_of(scheduler, LIMITS) as crew:
        made = board_of(register, project, number, day, crew, sites=sites)
    if form == "json":
        tell_machine(as_json(made))
    else:
        for line in text(made):
            tell(line)
    if out is None:
        return
    try:
        _write(made, Path.cwd() / out)
    except OSError as error:
        message = f"不能写入 {out}（{reason(error)}）；请检查权限和磁盘，再运行一次"
        raise RefusedError(message) from error


def board_of(  # noqa: PLR0913  # what a board is made of
    register: Register, portal: Project, year: int, day: dt.date, crew: Crew, *, sites: bool = False
) -> Board:
    """Return the board of *year* as it is on *day*: every body is checked by a *crew*, harming no other.

    With *sites* those of the register are read back by their addresses.
    """
    with survey(register, portal, year, crew) as known:
        return board_from(known, portal, day, sites=crew if sites else None)


def board_from(known: Answers, portal: Project, day: dt.date, *, sites: Crew | None = None) -> Board:
    """Return the board as it is on *day* of what is *known* of all bodies; a crew reads *sites*, None where nobody."""
    register, year = known.register, known.year
    for id_, trace in known.traces():
        tell(f"{id_}：{trace}", err=True)
    standings = tuple(known.standings(day))
    if sites is not None:
        standings = tuple(_with_sites(standings, known, portal, sites))
    profile = read_profile(portal.data / "profile.yml", "profile.yml", Findings())
    agency = read_agency(portal.data / "agency.yml", "agency.yml", Findings())
    return Board(
        office=(agency.name(year) or "") if agency is not None else "",
        year=year,
        day=day,
        standings=standings,
        changes=tuple(register.changes(year)),
        copies=known.copies(profile.similarity),
    )


def _with_sites(standings: Sequence[Standing], known: Answers, portal: Project, crew: Crew) -> Iterator[Standing]:
    """Yield *standings* with what the sites show that the register names."""
    named = [standing.member for standing in standings if standing.member.site]
    check_numbers = known.check_numbers([member.id for member in named])
    with working_folder(portal) as folder:
        tasks = []
        for offered in fetch_all(named, known.year, folder):
            source = source_of(offered.member, portal, known.year)
            # What was sent as a file has other white space than the site: its words are not compared.
            number = check_numbers.get(offered.member.id, "") if source.receipt is None else ""
            tasks.append(Comparison(offered=offered, source=source, number=number))
        shown = {
            task.offered.member.id: Seen(state="unreachable", note=told(seen)) if isinstance(seen, Failure) else seen
            for task, seen in each(crew, compared, tasks)
        }
    yield from (replace(standing, seen=shown.get(standing.member.id)) for standing in standings)


def _write(made: Board, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = f"报送情况-{made.year}"
    files = {
        f"{name}.html": page(made),
        f"{name}.xlsx": workbook(made),
        f"{name}.json": as_json(made).encode(),
        f"催报和退回-{made.year}.txt": letters(made),
    }
    with writing.together() as beside:
        for file, content in files.items():
            writing.write_new(beside(folder / file), content)
    tell(f"已写出 {len(files)} 个文件：{'、'.join(files)}", err=True)
