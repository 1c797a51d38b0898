"""`nianbao rollup`: the draft of a government's own report, added up from the reports of its bodies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from nianbao.command.board import board_from
from nianbao.command.chinese import ChineseCommand, help_option
from nianbao.command.members import register_at
from nianbao.command.options import project_of, project_option, scheduler_option, year_of
from nianbao.command.survey import survey
from nianbao.command.terminal import tell
from nianbao.command.workers import LIMITS
from nianbao.members.answers import Totals
from nianbao.members.board import STATES
from nianbao.members.drafting import Last, last_rollup, locked, write_rollup
from nianbao.members.naming import figure_labels
from nianbao.members.public_pages import write_pages
from nianbao.members.rollup import adjustment_findings, changes, known_addresses, rolled_up, signed
from nianbao.members.rollup_record import PAGES
from nianbao.members.sources import report_at
from nianbao.model.agency import read_agency
from nianbao.model.project import WrongUseError
from nianbao.reading.clock import today
from nianbao.reading.disk import reason
from nianbao.reading.findings import Findings
from nianbao.reading.numbers import OPEN
from nianbao.reading.refusal import RefusedError
from nianbao.running.choosing import crew_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nianbao.members.board import Board
    from nianbao.members.register import Register
    from nianbao.members.rollup import Rollup
    from nianbao.model.form import Form
    from nianbao.model.project import Project

_HELP = """把名册里各单位已报送、没有错误的报告逐格相加，写进本级政府报告的草稿。

先用 nianbao new 建立年度。信息处理费相加，主动公开的信息按类别相加，表里注明由多少个单位汇总。
各格由哪些单位的数相加，记在 data/rollup 里。手工改过的格不会被覆盖；
确需与各单位之和不同的，在名册的 adjustments 里写明多少和原因。有单位补报以后再运行一次，说明哪些数变了。
"""


@click.command(cls=ChineseCommand, short_help="由各单位的报告汇总本级政府的报告。", help=_HELP)
@click.argument("year", metavar="年度")
@click.option(
    "--pages",
    is_flag=True,
    help="在 docs/members 里写一个各单位的目录，给各单位各写一个页面，公布它的报告；已有的页面不变。",
)
@scheduler_option
@project_option
@help_option
def rollup(year: str, pages: bool, scheduler: str, folder: str) -> None:  # noqa: FBT001  # a flag of click
    """Add up the reports of a year."""
    project, number = project_of(folder), year_of(year)
    register = register_at(project)
    report = report_at(project, number) if (project.data / f"{number}.yml").is_file() else None
    if report is None:
        advice = f"没有的先运行 nianbao new {number}，有错误的先运行 nianbao check {number}"
        message = f"本级政府 {number} 年的数据没有或有错误；{advice}"
        raise WrongUseError(message)
    if report.status != "draft":
        message = f"{report.file} 不是草稿；已公布的年度不能重新汇总，没有写入任何内容"
        raise RefusedError(message)
    agency = read_agency(project.data / "agency.yml", "agency.yml", Findings())
    if agency is not None and agency.scope != "area":
        advice = "汇总的报告包含所辖各单位，请把 data/agency.yml 里的 scope 改为 area，再运行一次"
        message = f"{advice}；没有写入任何内容"
        raise RefusedError(message)
    wrong = [str(finding) for finding in adjustment_findings(register.adjustments, number, report.form)]
    if wrong:
        raise RefusedError(wrong[0], tuple(wrong[1:]))
    if pages:
        _write_pages(register, project, number)
    with locked(project), crew_of(scheduler, LIMITS) as crew, survey(register, project, number, crew) as known:
        before = last_rollup(project, number)
        totals = Totals(known, report.form.format, tuple(known_addresses(report.form)))
        missing = _missing(board_from(known, project, today()), totals, report.form)
        made = rolled_up(number, report.form, totals, missing, register.adjustments)
        kept = write_rollup(project, report.form, made, before, totals)
    _tell(register, made, report.form, before, kept)


def _write_pages(register: Register, project: Project, year: int) -> None:
    """Write the pages of all bodies that have none yet, and tell of it."""
    try:
        count = write_pages(project.docs, register, year)
    except OSError as error:
        message = f"不能写入 docs/{PAGES}（{reason(error)}）；请检查权限和磁盘，再运行一次"
        raise RefusedError(message) from error
    tell(f"在 docs/{PAGES} 里新写了 {count} 个页面。")


def _missing(board: Board, totals: Totals, form: Form) -> Mapping[str, str]:
    """Return by id why bodies of *board* are not among those that are added up."""
    included, others = frozenset(totals.included), totals.others()
    missing = {}
    for standing in board.standings:
        id_ = standing.member.id
        if id_ in others:
            missing[id_] = f"使用的格式是 {others[id_]}，汇总表是 {form.format}，不能相加"
        elif id_ not in included:
            # The mistakes of each stand on the board.
            missing[id_] = "：".join((STATES[standing.state], *filter(None, [standing.note])))
    return missing


def _tell(register: Register, made: Rollup, form: Form, before: Last, kept: Mapping[str, str]) -> None:
    names = {member.id: member.name(made.year) for member in register.members}
    tell(f"{made.year} 年汇总了 {made.coverage} 个单位的报告，已写进 {made.year} 年的草稿。")
    if made.missing:
        tell(f"没有汇总的 {len(made.missing)} 个单位：")
        for why in dict.fromkeys(made.missing.values()):
            bodies = [names[id_] for id_, reason in made.missing.items() if reason == why]
            tell(f"  {'、'.join(bodies)}（{why}）")
    _tell_figures(made, figure_labels(form), before, kept)


def _tell_figures(made: Rollup, labels: Mapping[str, str], before: Last, kept: Mapping[str, str]) -> None:
    """Tell of sums that are unknown, adjusted, typed by hand or another than *before*."""
    unknown = [labels[one.address] for one in made.figures if one.value is None]
    if unknown:
        tell(f"有单位不详、因而合计不详的 {len(unknown)} 格：")
        for label in unknown:
            tell(f"  {label}")
    for one in made.figures:
        for item in one.adjustments:
            tell(f"调整：{labels[one.address]} {signed(item)}，原因：{item.reason}")
    sums = {one.address: one.text for one in made.figures}
    for address, text in kept.items():
        tell(f"{labels[address]}：草稿里写的是 {text}，各单位之和是 {sums[address]}；没有覆盖，请核对")
    if kept:
        tell(f"要用各单位之和的，把草稿里的这 {len(kept)} 格改成 {OPEN}，再运行一次 nianbao rollup {made.year}。")
    changed = list(changes(before.values, made))
    if before.values:
        tell(f"与上次汇总相比，变了 {len(changed)} 格：" if changed else "与上次汇总相比没有变化。")
        for address, old, new in changed:
            tell(f"  {labels[address]}：{old} → {new}")
