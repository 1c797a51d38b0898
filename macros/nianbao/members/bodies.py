"""One body looked at: how far it is, what is wrong, its figures and a sample of its words, as rows of tables."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nianbao.editing.wording import in_words_of_letters
from nianbao.exports.columns import COLUMNS, Column
from nianbao.exports.parquet import parquet_file
from nianbao.exports.tidy import tidy_rows
from nianbao.members.board import state_of
from nianbao.members.copies import runs_of
from nianbao.members.report_page import report_html
from nianbao.members.sources import RECEIVED, as_sent, pages_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from nianbao.exports.tidy import TidyRow
    from nianbao.members.register import Member, Return
    from nianbao.members.sources import Source
    from nianbao.model.dataset import Dataset
    from nianbao.model.form import Form
    from nianbao.model.report import Report
    from nianbao.prose.passages import YearText
    from nianbao.reading.findings import Finding
    from nianbao.reading.numbers import Number
    from nianbao.rules.results import ProjectResult

_UNREAD = "数据有错误，读不出来；请先运行 nianbao check"


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyRow:
    """How far a body is: the fields of `nianbao.members.board.Standing`, days as text.

    *returned* says whether its return still holds. *left_out* is why its cells are not among those of all, *trace*
    what an error of ours has left. *region*, *format* and *fee* are those of its report, *items_unknown* says that
    nothing is known of what it published.
    """

    agency: str
    state: str
    came_on: str
    late_reason: str
    note: str
    returned: int
    check_number: str
    left_out: str
    trace: str
    region: str | None
    format: int
    fee: Number | None
    items_unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorRow:
    """A hard finding of a body, the one of an *ordinal*."""

    agency: str
    ordinal: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """How many items a body has published in a *category*, the one of an *ordinal* in its report; None is unknown."""

    agency: str
    ordinal: int
    category: str
    count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WordRow:
    """A run of the words of a body, see `nianbao.members.copies`."""

    agency: str
    run: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """The report of a body as HTML, see `nianbao.members.report_page`."""

    agency: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What is known of one body, by table."""

    body: BodyRow
    errors: Sequence[ErrorRow] = ()
    cells: Sequence[TidyRow] = ()
    items: Sequence[ItemRow] = ()
    words: Sequence[WordRow] = ()
    reports: Sequence[ReportRow] = ()


def _column(name: str, type_: str = "string", *, optional: bool = False) -> Column:
    return Column(name=name, title=name, description="", type=type_, optional=optional)


_AGENCY, _ORDINAL = _column("agency"), _column("ordinal", "whole")
_TEXTS = ("agency", "state", "came_on", "late_reason", "note", "check_number", "left_out", "trace")
TABLES: Mapping[str, tuple[Column, ...]] = {
    "bodies": (
        *map(_column, _TEXTS),
        _column("region", optional=True),
        *(_column(name, "whole") for name in ("returned", "format", "items_unknown")),
        _column("fee", "number", optional=True),
    ),
    "errors": (_AGENCY, _ORDINAL, _column("text")),
    "cells": COLUMNS,
    "items": (_AGENCY, _ORDINAL, _column("category"), _column("count", "whole", optional=True)),
    "words": (_AGENCY, _column("run", "whole")),
    "reports": (_AGENCY, _column("html")),
}


def files_of(found: Iterable[Rows]) -> Mapping[str, bytes]:
    """Return some bodies as Parquet files, by the names of `TABLES`."""
    listed = list(found)
    rows: Mapping[str, Iterable[object]] = {
        "bodies": (one.body for one in listed),
        "errors": (row for one in listed for row in one.errors),
        "cells": (row for one in listed for row in one.cells),
        "items": (row for one in listed for row in one.items),
        "words": (row for one in listed for row in one.words),
        "reports": (row for one in listed for row in one.reports),
    }
    return {name: parquet_file(rows[name], columns) for name, columns in TABLES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a check has read of a body: its *dataset*, and the words of its *pages* where all could be read."""

    dataset: Dataset
    pages: YearText | None


def rows_without(source: Source, returned: Return | None) -> Rows:
    """Return what is known of a body that has no data."""
    open_ = returned if source.receipt is None or returned is None or not _again(source, returned) else None
    without = "unclear" if source.unread else "failing" if source.receipt is not None else "missing"
    state = "returned" if open_ is not None else without
    body = replace(_body(source, open_), state=state, note=source.note, left_out=source.note or "没有收到")
    return Rows(body=body)


def rows_of(
    source: Source, returned: Return | None, year: int, result: ProjectResult, read: Read | None = None
) -> Rows:
    """Return what is known of a body from the *result* of its check and what was *read*, None where that has ended.

    *returned* is the return of its report that the register has.
    """
    dataset = read.dataset if read is not None else None
    member, receipt = source.member, source.receipt
    if returned is not None and _again(source, returned):
        returned = None
    body = replace(_body(source, returned), check_number=result.numbers.get(year, ""), trace=result.trace)
    if result.agency and result.agency != member.id:
        note = f"{member.folder} 里是 {result.agency} 的数据，不是 {member.id} 的；请核对名册和 agency.yml 的 id"
        return Rows(body=replace(body, state="missing", note=note, left_out=note, returned=0))
    asked = receipt.asked if receipt is not None else 0
    if asked:
        note = f"有 {asked} 格读不准，请答复 {RECEIVED}/{member.id}/导入/{year}/问题.yml，再运行 nianbao collect"
        body = replace(body, note=note)
    report = as_sent(dataset.reports.get(year), source) if dataset is not None and year in result.years else None
    form = report.form if report is not None else None
    errors = [_said(finding, member, form) for finding in result.findings if finding.level == "error"]
    state = state_of(
        status=report.status if report is not None else None,
        errors=bool(errors),
        returned=returned is not None,
        asked=bool(asked),
    )
    rows = Rows(
        body=replace(body, state=state, left_out=_UNREAD),
        errors=[ErrorRow(agency=member.id, ordinal=ordinal, text=text) for ordinal, text in enumerate(errors)],
    )
    if report is None or dataset is None or dataset.agency is None or source.project is None:
        return rows
    names = [name.text for name in member.names]
    return replace(
        rows,
        body=_with_report(rows.body, report, dataset.agency.region, asked, came=receipt is None),
        cells=_cells(source, report),
        items=[
            ItemRow(agency=member.id, ordinal=ordinal, category=one.name, count=one.count)
            for ordinal, one in enumerate(report.categories)
        ],
        reports=[ReportRow(agency=member.id, html=report_html(report, read.pages if read is not None else None))],
        words=[WordRow(agency=member.id, run=run) for run in sorted(runs_of(pages_at(source.project, year), names))],
    )


def _said(finding: Finding, member: Member, form: Form | None) -> str:
    """Return what a *finding* says to *member*, which knows its own files and no folder of its superior's."""
    if finding.rule and form is not None:
        return in_words_of_letters(finding, form)
    return str(finding).removeprefix(f"{member.folder}/")


def _body(source: Source, returned: Return | None) -> BodyRow:
    receipt = source.receipt
    return BodyRow(
        agency=source.member.id,
        state="missing",
        came_on=str(receipt.at.date()) if receipt is not None else "",
        late_reason="",
        note=source.note,
        returned=int(returned is not None),
        check_number="",
        left_out="",
        trace="",
        region=None,
        format=0,
        fee=None,
        items_unknown=0,
    )


def _again(source: Source, returned: Return) -> bool:
    """Say whether a report has come again after it was *returned*: on a later day, or when that was known already."""
    receipt = source.receipt
    return receipt is not None and (receipt.at.date() > returned.on or receipt.returns >= returned.number)


def _with_report(body: BodyRow, report: Report, region: str, asked: int, *, came: bool) -> BodyRow:
    """Return *body* with what its *report* says; where it *came* by its own publication, with that day."""
    left_out = f"有 {asked} 格读不准，还没有答复" if asked else ""
    published = str(report.published_on) if report.published_on is not None else ""
    return replace(
        body,
        came_on=published if came else body.came_on,
        late_reason=report.late_reason if came else "",
        left_out="还是草稿" if report.status == "draft" else left_out,
        region=region or None,
        format=report.form.format,
        fee=report.processing_fee,
        items_unknown=int(report.items_unknown),
    )


def _cells(source: Source, report: Report) -> Sequence[TidyRow]:
    return [row for table in report.form.tables for row in tidy_rows(source.member.id, report, table)]
