"""Freezing: a report is published, and from then on what it says is held to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from nianbao.data_files import writing
from nianbao.data_files.entries import LayoutError, with_reopening, with_scalar
from nianbao.lifecycle import archive, staging
from nianbao.lifecycle.approving import demand_approvals
from nianbao.lifecycle.changes import Places, describe, unrecorded, withdrawal
from nianbao.lifecycle.judging import Subject, judge, read_pages, read_subject
from nianbao.lifecycle.record import Record
from nianbao.lifecycle.snapshot import OLD, digest, take
from nianbao.model.form import Form
from nianbao.model.project import WrongUseError
from nianbao.model.report import Report
from nianbao.model.report_reader import read_report
from nianbao.reading.findings import Findings, Place
from nianbao.reading.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.project import Project
    from nianbao.prose.passages import YearText
    from nianbao.rules.rule import Fault

# No office knows its day of publication longer before; a year typed wrong is told.
_AHEAD = dt.timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What a command has written: the *digest*, the *files*, and how many findings are left to look at.

    *number* is the check number of what is published now, *day* the day of publication, None where it is not known.

    *already* says that there was nothing to write.
    """

    digest: str
    number: str
    day: dt.date | None = None
    files: tuple[str, ...] = ()
    findings: int = 0
    already: bool = False


def freeze(
    project: Project, year: int, published: dt.date | None, today: dt.date, *, undated: bool = False
) -> Recorded:
    """Record what the report of *year* says, and that it is *published* on that day, or on the day of the data file.

    The day may be still to come: until then the freeze can be taken back, see `nianbao.lifecycle.awaiting`.
    *undated* is for an old report whose day is not known. Raises WrongUseError for a day that cannot be,
    RefusedError where something stands against publication.
    """
    if published is not None:
        possible_day(year, published, today)
    with writing.exclusively(project.data):
        subject = read_subject(project, year)
        report = subject.report
        staging.tidy(project.data, report)
        day = published if undated or published is not None else report.published_on
        if day is None and not undated:
            message = (
                "请用 --published 写明公布日期，如 --published 2024-01-20，还没有公布的写将要公布的日期；"
                "录入的旧报告日期无从查考的，改用 --date-unknown"
            )
            raise WrongUseError(message)
        if report.digest:
            return _again(subject, day, today)
        if day is not None:
            possible_day(year, day, today)
        _untouched(subject)
        _same_day(report, day)
        future = subject.become(_published(report, day))
        return write_first(subject, future, read_pages(future))


def write_first(subject: Subject, future: Subject, pages: YearText) -> Recorded:
    """Write the first record that is to stand of *subject*, as the report of *future* with its *pages* has it.

    What was frozen before and taken back goes before it. Raises RefusedError where something stands against it.
    """
    project, report = subject.project, future.report
    before = archive.reopenings(report)
    written = Record(
        report=take(report, pages, future.folder),
        previous=before[-1][2] if before else "",
        others=subject.archive.latest(but=report.year),
        reopened=before,
    )
    content = written.encoded()
    report = replace(report, digest=digest(content))
    findings = judge(future.become(report), pages)
    demand_approvals(report, subject.dataset.profile, written.number)
    try:
        text = _edited(subject, report)
    except LayoutError:
        raise layout_refused(subject, "status、published_on") from None
    record(subject, text, report, content)
    number = len(archive.claimed(report))
    files = (project.data / f"{report.year}.yml", archive.snapshot_path(project.data, report.year, number))
    return Recorded(
        digest=report.digest,
        number=written.number,
        day=report.published_on,
        files=tuple(project.named(path) for path in files),
        findings=findings,
    )


def possible_day(year: int, published: dt.date, today: dt.date) -> None:
    """Raise WrongUseError where *published* cannot be the day of publication of *year*, past or to come."""
    if published <= dt.date(year, 12, 31):
        message = f"公布日期 {published} 不在 {year} 年度结束以后；年度报告在下一年公布，请核对"
        raise WrongUseError(message)
    if published > today + _AHEAD:
        message = f"公布日期 {published} 还没有到，而且在一年以后（今天是 {today}）；请改正日期"
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


def _edited(subject: Subject, report: Report) -> str:
    """Return the data file of *subject* as it is to say what *report* says of its publication."""
    text, after = subject.text, "status"
    text = with_scalar(text, "status", "published", after, "")
    if report.published_on is not None:
        text = with_scalar(text, "published_on", report.published_on.isoformat(), after, "公布日期")
        after = "published_on"
    for reopening in report.reopened[len(subject.report.reopened) :]:
        text = with_reopening(text, "digest", reopening.day, reopening.reason, reopening.digest)
    return with_scalar(text, "digest", report.digest, after, "定稿内容的摘要，由 nianbao freeze 写入")


def _untouched(subject: Subject) -> None:
    """Raise RefusedError where the record of an earlier publication was taken out of the data file."""
    faults = _lost(subject)
    if faults:
        message = "公布的记录不全，没有写入任何内容："
        raise RefusedError(message, tuple(f"{fault.place}: {fault.message}" for fault in faults))


def _again(subject: Subject, published: dt.date | None, today: dt.date) -> Recorded:
    """Return what holds of a report that is frozen already. Raises RefusedError where it is no longer so."""
    report = subject.report
    problems = list(altered(subject, read_pages(subject)))
    advice = f'不该改动的请恢复原样；确需更正的，改好后运行 nianbao correct {report.year} --reason "原因"'
    if awaits(report, today):
        advice = (
            f'不该改动的请恢复原样；还没有公布，确需改动的先撤回定稿：nianbao reopen {report.year} --reason "原因"，'
            f"只改公布日期的运行 nianbao publish {report.year} --on 日期"
        )
    if report.published_on != published:
        days = ["日期不详" if day is None else day.isoformat() for day in (report.published_on, published)]
        problems.append(f"定稿时登记的公布日期是 {days[0]}，命令里写的是 {days[1]}")
    if problems:
        message = f"{report.year} 年已经定稿，不能再次定稿，没有写入任何内容："
        raise RefusedError(message, (*problems, advice))
    return unchanged(subject)


def awaits(report: Report, today: dt.date) -> bool:
    """Say whether *report* is frozen, and its day of publication still to come."""
    return bool(report.digest) and report.published_on is not None and report.published_on > today


def unchanged(subject: Subject) -> Recorded:
    """Return what holds of a report that is frozen and as it was recorded."""
    report, last = subject.report, last_record(subject)
    number = last.number if last is not None else ""
    digest_ = archive.claimed(report)[-1][0]
    return Recorded(digest=digest_, number=number, day=report.published_on, already=True)


def altered(subject: Subject, pages: YearText) -> Iterator[str]:
    """Yield what is wrong with the records of a frozen report, and what it says with its *pages* and they do not."""
    report = subject.report
    yield from standing(subject)
    last = last_record(subject)
    if last is not None:
        places = Places(report=report, pages=pages, data=subject.project.data, old=last.report.schema == OLD)
        changes = unrecorded(last.report, subject.project.docs, report, pages)
        yield from (f"{places.of(change)}: 公布后{describe(change)}" for change in changes)


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


def demand_standing(subject: Subject, message: str) -> None:
    """Raise RefusedError with *message* where the records of a frozen report are at fault."""
    problems = standing(subject)
    if problems:
        raise RefusedError(message, problems)


def record(subject: Subject, text: str, expected: Report, content: bytes | None) -> None:
    """Write the record *content* and then, in one step, the data file with *text*, which must read as *expected*.

    Without *content* the data file alone is written. Until that step everything is as it was; what an error leaves is
    taken away, what a kill leaves is harmless.
    """
    data, year = subject.project.data, subject.report.year
    number = len(archive.claimed(expected))
    try:
        path = staging.stage(data, year, subject.encoded(text))
        findings = Findings()
        read = read_report(path, subject.report.file, subject.dataset.forms_by_name, subject.dataset.agency, findings)
        if read is None or not _same(read, expected):
            raise layout_refused(subject, "status、published_on、digest、reopened、corrections")
        if content is not None:
            writing.put(archive.snapshot_path(data, year, number), content)
        staging.exchange(data, year, subject.file)
    finally:
        staging.tidy(data, subject.report)


def _same(read: Report, expected: Report) -> bool:
    """Say whether a data file reads as *expected*, wherever its lines stand."""
    return _without_places(read) == _without_places(expected)


def _without_places(value: object) -> object:
    """Return a report, or what it holds, as plain values without the places in its file; its form by name."""
    if isinstance(value, Place):
        return None
    if isinstance(value, Form):
        return value.id
    if isinstance(value, Report):
        value = replace(value, places={})
    if is_dataclass(value):
        return [_without_places(getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, Mapping):
        return {key: _without_places(one) for key, one in value.items()}
    return [*map(_without_places, value)] if isinstance(value, tuple) else value


def layout_refused(subject: Subject, keys: str) -> RefusedError:
    """Return the refusal to edit a file that is not laid out line by line."""
    message = f"{subject.report.file} 的排列方式不能由程序改写；请把 {keys} 各写成单独的一行，像 examples/data 里那样"
    return RefusedError(message)
