"""Rules for the table of section 4: administrative reconsideration and litigation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.model.report import plain
from nianbao.rules.figures import PREVIOUS_MISSING, cell_at, figure, known, printed_totals, unreadable
from nianbao.rules.rule import PRINTED_FORM, Confirmed, Fault, Inapplicable, Reads, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.report import Cell, Report
    from nianbao.rules.rule import Case, Outcome

TABLE = "review"


def _cell(report: Report, column: str) -> Cell | None:
    return cell_at(report, f"{TABLE}.{column}")


def _readable(case: Case) -> Iterator[Outcome]:
    yield from unreadable(case.report, case.table(TABLE))


def _groups_add_up(case: Case) -> Iterator[Outcome]:
    yield from printed_totals(case.report, case.table(TABLE), lambda _: True)


def _litigation_after_nothing(case: Case) -> Iterator[Outcome]:
    if case.previous is None:
        yield Inapplicable(PREVIOUS_MISSING)
        return
    cell = _cell(case.report, "litigation.after_reconsideration.total")
    totals = [_cell(report, "reconsideration.total") for report in (case.report, case.previous)]
    reviewed = [known(total) for total in totals]
    sued = known(cell)
    if cell is None or sued is None or None in reviewed:
        return
    if sued and not any(reviewed):
        message = f"复议后起诉 {plain(sued)} 件，而本年和上年的行政复议都是 0 件；请核对"
        yield Fault(place=cell.place, message=message, subject=cell.address)
    else:
        yield Confirmed()


def _pending_return(case: Case) -> Iterator[Outcome]:
    if case.previous is None:
        yield Inapplicable(PREVIOUS_MISSING)
        return
    for group in case.table(TABLE).groups:
        own, cell = (_cell(case.report, f"{group.path}.{column}") for column in ("pending", "total"))
        pending = case.report.continued(case.previous, own.address) if own is not None else None
        whole = known(cell)
        if pending is None or pending.value is None or cell is None or whole is None:
            continue
        if whole >= pending.value:
            yield Confirmed()
            continue
        message = (
            f"“{group.label}”上年尚未审结 {plain(pending.value)} 件（{pending.place}），"
            f"本年总计只有 {plain(whole)} 件；上年未审结的应在审结的年度报告，请核对"
        )
        yield Fault(place=cell.place, message=message, subject=cell.address)


def _disputes_without_requests(case: Case) -> Iterator[Outcome]:
    if case.previous is None:
        yield Inapplicable(PREVIOUS_MISSING)
        return
    reports = (case.report, case.previous)
    requests = [figure(report, f"requests.{row}") for report in reports for row in ("received", "carried_in")]
    if None in requests:
        return
    for group in case.table(TABLE).groups:
        cell = _cell(case.report, f"{group.path}.total")
        whole = known(cell)
        if cell is None or whole is None:
            continue
        if not whole or any(requests):
            yield Confirmed()
            continue
        message = f"“{group.label}”{plain(whole)} 件，而本年和上年都没有政府信息公开申请；请核对是否误计其他案件"
        yield Fault(place=cell.place, message=message, subject=cell.address)


RULES = (
    Rule(
        code="T4-01",
        hard=True,
        statement="第四部分的表每一格都有数，没有发生的填 0。",
        basis=PRINTED_FORM,
        check=_readable,
    ),
    Rule(
        code="T4-02",
        hard=True,
        statement="每一组：总计等于结果维持、结果纠正、其他结果与尚未审结之和。",
        basis=PRINTED_FORM,
        check=_groups_add_up,
    ),
    Rule(
        code="T4-03",
        hard=False,
        statement="有复议后起诉的，本年或上年有行政复议。",
        basis="复议后起诉以行政复议为前提（据此推断）",
        check=_litigation_after_nothing,
        reads=Reads.PREVIOUS,
    ),
    Rule(
        code="T4-04",
        hard=False,
        statement="上年尚未审结的案件在本年报告，本年总计不少于此数。",
        basis="报告的惯例：未审结的案件在审结的年度再次统计（据此推断）",
        check=_pending_return,
        reads=Reads.PREVIOUS,
    ),
    Rule(
        code="T4-05",
        hard=False,
        statement="有行政复议、行政诉讼的，本年或上年有政府信息公开申请。",
        basis="表内只统计因政府信息公开引起的案件",
        check=_disputes_without_requests,
        reads=Reads.PREVIOUS,
    ),
)
