"""`nianbao board`: who has reported for a year, who is late, and what to write to them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nianbao.command.chinese import ChineseCommand, help_option
from nianbao.command.members import register_at
from nianbao.command.options import day_of, project_of, project_option, scheduler_option, year_of
from nianbao.command.terminal import tell, tell_machine
from nianbao.command.workers import LIMITS, check_many
from nianbao.members.board import STATES, Board, Standing, state_of
from nianbao.members.board_files import as_json, letters, page, workbook
from nianbao.members.copies import copies, runs_of
from nianbao.members.sites import fetch_all, seen
from nianbao.members.sources import RECEIVED, pages_at, report_of, source_of
from nianbao.model.profile import read_profile
from nianbao.reading.clock import today
from nianbao.reading.findings import Findings
from nianbao.running.choosing import crew_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from nianbao.command.judging import ProjectResult
    from nianbao.members.register import Register
    from nianbao.members.sources import Source
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
    with crew_of(scheduler, LIMITS) as crew:
        made = board_of(register_at(project), project, number, day, crew, sites=sites)
    if form == "json":
        tell_machine(as_json(made))
    else:
        _tell(made)
    if out is not None:
        _write(made, Path.cwd() / out)


def board_of(  # noqa: PLR0913  # what a board is made of
    register: Register, portal: Project, year: int, day: dt.date, crew: Crew, *, sites: bool = False
) -> Board:
    """Return the board of *year* as it is on *day*: every body is checked by a *crew*, harming no other.

    With *sites* those of the register are read back by their addresses.
    """
    places = [source_of(member, portal, year) for member in register.of(year)]
    projects = [source.project for source in places if source.project is not None]
    results = check_many(projects, crew)
    standings, runs, check_numbers = [], {}, {}
    for source in places:
        result = next(results) if source.project is not None else None
        standing = _standing(source, result, register, year, day)
        standings.append(standing)
        if source.project is not None and standing.state != "missing" and result is not None and result.years:
            names = [name.text for name in source.member.names]
            runs[source.member.id] = runs_of(pages_at(source.project, year), names)
            check_numbers[source.member.id] = result.numbers.get(year, "")
    if sites:
        standings = list(_with_sites(standings, places, check_numbers, year))
    profile = read_profile(portal.data / "profile.yml", "profile.yml", Findings())
    return Board(
        year=year,
        day=day,
        standings=tuple(standings),
        changes=tuple(register.changes(year)),
        copies=copies(runs, profile.similarity),
    )


def _with_sites(
    standings: Sequence[Standing], sources: Sequence[Source], check_numbers: Mapping[str, str], year: int
) -> Iterator[Standing]:
    """Yield *standings* with what the sites show that the register names."""
    named = [source for source in sources if source.member.site]
    answers = fetch_all([(source.member, year) for source in named])
    shown = {source.member.id: answer for source, answer in zip(named, answers, strict=True)}
    for standing, source in zip(standings, sources, strict=True):
        id_ = source.member.id
        if id_ not in shown:
            yield standing
            continue
        # What was sent as a file has other white space than the site: its words are not compared.
        number = check_numbers.get(id_, "") if source.receipt is None else ""
        yield replace(standing, seen=seen(shown[id_], report_of(source, year), number))


def _standing(source: Source, result: ProjectResult | None, register: Register, year: int, day: dt.date) -> Standing:
    member, receipt = source.member, source.receipt
    returned = register.returned(member.id, year)
    standing = Standing(member=member, year=year, day=day, state="missing", note=source.note, returned=returned)
    if receipt is not None:
        if returned is not None and receipt.at.date() > returned.on:
            returned = None  # It has come again.
        standing = replace(standing, came_on=receipt.at.date(), returned=returned)
    if source.project is None or result is None:
        state = "returned" if returned is not None else "failing" if receipt is not None else "missing"
        return replace(standing, state=state)
    if result.agency and result.agency != member.id:
        note = f"{member.folder} 里是 {result.agency} 的数据，不是 {member.id} 的；请核对名册和 agency.yml 的 id"
        return replace(standing, note=note, returned=None)
    errors = tuple(finding for finding in result.findings if finding.level == "error")
    # What could not be judged is not read here either: it may be what ended the process.
    report = report_of(source, year) if year in result.years else None
    asked = receipt.asked if receipt is not None else 0
    if receipt is None and report is not None:
        standing = replace(standing, came_on=report.published_on, late_reason=report.late_reason)
    if asked:
        note = f"有 {asked} 格读不准，请答复 {RECEIVED}/{member.id}/导入/{year}/问题.yml，再运行 nianbao collect"
        standing = replace(standing, note=note)
    state = state_of(
        status=report.status if report is not None else None,
        errors=bool(errors),
        returned=returned is not None,
        asked=bool(asked),
    )
    return replace(standing, state=state, errors=errors)


def _tell(made: Board) -> None:
    tell(made.summary)
    whole = len(made.standings)
    for state, title in STATES.items():
        chosen = [standing for standing in made.standings if standing.state == state]
        if not chosen:
            continue
        tell()
        tell(f"{title} {len(chosen)}/{whole}：")
        for standing in chosen:
            mark = "（逾期）" if standing.late else ""
            tell(f"  {standing.name}{mark}")
            for line in standing.told:
                tell(f"    {line}")
    for title, lines in (("名册的变化", made.changes), ("文字雷同", tuple(made.alike()))):
        if lines:
            tell()
            tell(f"{title}：")
            for line in lines:
                tell(f"  {line}")


def _write(made: Board, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = f"报送情况-{made.year}"
    files = {
        f"{name}.html": page(made),
        f"{name}.xlsx": workbook(made),
        f"{name}.json": as_json(made).encode(),
        f"催报和退回-{made.year}.txt": letters(made),
    }
    for file, content in files.items():
        (folder / file).write_bytes(content)
    tell(f"已写出 {len(files)} 个文件：{'、'.join(files)}", err=True)
