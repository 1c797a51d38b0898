"""Freezing: a report is published, and from then on what it says is held to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from nianbao.lifecycle import archive, writing
from nianbao.lifecycle.approving import demand_approvals
from nianbao.lifecycle.changes import Places, describe, unrecorded, withdrawal
from nianbao.lifecycle.editing import LayoutError, with_scalar
from nianbao.lifecycle.judging import Subject, judge, named, read_pages, read_subject
from nianbao.lifecycle.record import Record
from nianbao.lifecycle.refusal import RefusedError
from nianbao.lifecycle.snapshot import OLD, digest, take
from nianbao.model.project import WrongUseError
from nianbao.model.report_reader import read_report
from nianbao.reading.findings import Findings

if TYPE_CHECKING:
    from nianbao.model.project import Project
    from nianbao.model.report import Report
    from nianbao.rules.rule import Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What a command has written: the *digest*, the *files*, and how many findings are left to look at.

    *number* is the check number of what is published now.

    *already* says that there was nothing to write.
    """

    digest: str
    number: str
    files: tuple[str, ...] = ()
    findings: int = 0
    already: bool = False


def freeze(project: Project, year: int, published: dt.date | None, today: dt.date) -> Recorded:
    """Record that the report of *year* was *published* on that day, which is None where it is not known.

    Raises WrongUseError for a day that cannot be, RefusedError where something stands against publication.
    """
    if published is not None:
        _possible(year, published, today)
    with writing.exclusively(project.data):
        subject = read_subject(project, year)
        report = subject.report
        writing.tidy(project.data, report)
        if report.digest:
            return _again(subject, published)
        _untouched(subject)
        _same_day(report, published)
        future = subject.become(_published(report, published))
        pages = read_pages(future)
        others = subject.archive.latest(but=year)
        written = Record(report=take(future.report, pages, future.folder), others=others)
        content = written.encoded()
        future = future.become(replace(future.report, digest=digest(content)))
        findings = judge(future, pages)
        demand_approvals(report, subject.dataset.profile, written.number)
        try:
            text = _edited(subject.text, published, future.report.digest)
        except LayoutError:
            raise layout_refused(subject, "status、published_on") from None
        record(subject, text, future.report, content)
    files = (project.data / f"{year}.yml", archive.snapshot_path(project.data, year, 1))
    return Recorded(
        digest=future.report.digest,
        number=written.number,
        files=tuple(named(project, path) for path in files),
        findings=findings,
    )


def _possible(year: int, published: dt.date, today: dt.date) -> None:
    if published <= dt.date(year, 12, 31):
        message = f"公布日期 {published} 不在 {year} 年度结束以后；年度报告在下一年公布，请核对"
        raise WrongUseError(message)
    if published > today:
        message = f"公布日期 {published} 还没有到（今天是 {today}）；请在公布当天定稿，或改正日期"
        raise WrongUseError(message)


def _same_day(report: Report, published: dt.date | None) -> None:
    """Raise RefusedError where the data file has another day already."""
    if report.published_on is None or report.published_on == published:
        return
    place, given = report.place("published_on"), published.isoformat() if published else "--date-unknown"
    message = f"{place}: 登记的公布日期是 {report.published_on}，命令里写的是 {given}；请核对后改正其一"
    raise RefusedError(message)


def _published(report: Report, published: dt.date | None) -> Report:
    places = {"published_on": report.place("status"), **report.places}
    return replace(report, status="published", published_on=published, places=MappingProxyType(places))


def _edited(text: str, published: dt.date | None, digest_: str) -> str:
    after = "status"
    text = with_scalar(text, "status", "published", after, "")
    if published is not None:
        text = with_scalar(text, "published_on", published.isoformat(), after, "公布日期")
        after = "published_on"
    return with_scalar(text, "digest", digest_, after, "定稿内容的摘要，由 nianbao freeze 写入")


def _untouched(subject: Subject) -> None:
    """Raise RefusedError where the record of an earlier publication was taken out of the data file."""
    faults = _lost(subject)
    if faults:
        message = "公布的记录不全，没有写入任何内容："
        raise RefusedError(message, tuple(f"{fault.place}: {fault.message}" for fault in faults))


def _again(subject: Subject, published: dt.date | None) -> Recorded:
    """Return what holds of a report that is frozen already. Raises RefusedError where it is no longer so."""
    report = subject.report
    pages = read_pages(subject)
    problems = list(standing(subject))
    if report.published_on != published:
        days = ["日期不详" if day is None else day.isoformat() for day in (report.published_on, published)]
        problems.append(f"定稿时登记的公布日期是 {days[0]}，命令里写的是 {days[1]}")
    last = last_record(subject)
    if last is not None:
        places = Places(report=report, pages=pages, data=subject.project.data, old=last.report.schema == OLD)
        changes = unrecorded(last.report, subject.project.docs, report, pages)
        problems += [f"{places.of(change)}: 公布后{describe(change)}" for change in changes]
    if problems:
        message = f"{report.year} 年已经定稿，不能再次定稿，没有写入任何内容："
        advice = f'不该改动的请恢复原样；确需更正的，改好后运行 nianbao correct {report.year} --reason "原因"'
        raise RefusedError(message, (*problems, advice))
    number = last.number if last is not None else ""
    return Recorded(digest=archive.claimed(report)[-1][0], number=number, already=True)


def last_record(subject: Subject) -> Record | None:
    """Return the last record of a frozen report, or None where one of them is at fault."""
    records, _ = subject.archive.records(subject.report)
    return records[-1] if records else None


def _lost(subject: Subject) -> tuple[Fault, ...]:
    """Return a fault for each record that is known, and that the data file does not name."""
    lost = archive.withdrawn(subject.project.data, subject.report)
    return (*lost, *subject.archive.missed(subject.report, subject.dataset.years))


def standing(subject: Subject) -> tuple[str, ...]:
    """Return what is wrong with the records of a frozen report, apart from changes of its content."""
    _, broken = subject.archive.records(subject.report)
    faults = (*broken, *_lost(subject), *withdrawal(subject.report))
    return tuple(f"{fault.place}: {fault.message}" for fault in faults)


def record(subject: Subject, text: str, expected: Report, content: bytes) -> None:
    """Write the record *content* and then, in one step, the data file with *text*, which must read as *expected*.

    Until that step everything is as it was; what an error leaves is taken away, what a kill leaves is harmless.
    """
    data, year = subject.project.data, subject.report.year
    number = len(archive.claimed(expected))
    try:
        path = writing.stage(data, year, subject.encoded(text))
        findings = Findings()
        read = read_report(path, subject.report.file, subject.dataset.forms_by_name, subject.dataset.agency, findings)
        if read is None or not _same(read, expected):
            raise layout_refused(subject, "status、published_on、digest、corrections")
        writing.put(archive.snapshot_path(data, year, number), content)
        writing.exchange(data, year, subject.file)
    finally:
        writing.tidy(data, subject.report)


def _same(read: Report, expected: Report) -> bool:
    """Say whether a data file reads as *expected*, wherever its lines stand."""
    return _without_places(read) == _without_places(expected)


def _without_places(report: Report) -> tuple[object, ...]:
    cells = {cell.address: cell.text for cells in report.cells.values() for cell in cells.values()}
    corrections = [(correction.day, correction.reason, correction.digest) for correction in report.corrections]
    waivers = [(waiver.rule, waiver.subject, waiver.reason) for waiver in report.waivers]
    facts = (report.year, report.form.id, report.status, report.published_on, report.processing_fee)
    gaps = (report.blanks_are_zero, report.items_unknown, report.fee_gap, report.remarks)
    return (*facts, *gaps, report.categories, cells, report.digest, corrections, waivers)


def layout_refused(subject: Subject, keys: str) -> RefusedError:
    """Return the refusal to edit a file that is not laid out line by line."""
    message = f"{subject.report.file} 的排列方式不能由程序改写；请把 {keys} 各写成单独的一行，像 examples/data 里那样"
    return RefusedError(message)
