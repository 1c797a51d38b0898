"""Correcting: what has changed since publication is recorded with a day and a reason, for the public to read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nianbao.data_files import writing
from nianbao.data_files.entries import LayoutError, with_correction, with_same_day
from nianbao.lifecycle import archive, staging
from nianbao.lifecycle.changes import describe, display, unrecorded
from nianbao.lifecycle.freezing import Recorded, awaits, demand_standing, layout_refused, record
from nianbao.lifecycle.judging import judge, read_pages, read_subject
from nianbao.lifecycle.reasons import one_line_reason
from nianbao.lifecycle.record import Record
from nianbao.lifecycle.snapshot import digest, take
from nianbao.model.project import WrongUseError
from nianbao.model.report import Correction
from nianbao.reading.refusal import RefusedError

if TYPE_CHECKING:
    import datetime as dt

    from nianbao.lifecycle.judging import Subject
    from nianbao.model.project import Project
    from nianbao.model.report import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """What was *recorded*, and the changes in words; *joined* says that they went into a correction of the same day."""

    recorded: Recorded
    changes: tuple[str, ...]
    joined: bool = False


def correct(project: Project, year: int, reason: str, day: dt.date, today: dt.date) -> Corrected:
    """Record what has changed in the report of *year* since it was published, as corrected on *day* for a *reason*.

    Day and reason of an earlier correction may have changed as well. Changes of one day are one correction.
    Raises WrongUseError for a day or a reason that cannot be, RefusedError where there is nothing to correct
    or something stands against publication.
    """
    reason = one_line_reason(reason, "更正")
    if day > today:
        message = f"更正日期 {day} 还没有到（今天是 {today}）；请改正日期"
        raise WrongUseError(message)
    with writing.exclusively(project.data):
        subject = read_subject(project, year)
        report = subject.report
        staging.tidy(project.data, report)
        _demand_published(report, today)
        pages = read_pages(subject)
        demand_standing(subject, "公布的记录不全，没有写入任何内容：")
        last = subject.archive.records(report)[0][-1]
        changes = unrecorded(last.report, project.docs, report, pages)
        if not changes:
            return _nothing(report, reason, day, last.number)
        _in_order(report, day)
        kept, correction = _correction(report, day, reason)
        corrected = replace(report, corrections=(*kept, correction))
        written = Record(
            report=take(corrected, pages, subject.folder),
            previous=archive.claimed(report)[-1][0],
            others=subject.archive.latest(but=year),
        )
        content = written.encoded()
        correction = replace(correction, digest=digest(content))
        future = subject.become(replace(report, corrections=(*kept, correction)))
        findings = judge(future, pages, display(future.report, pages))
        record(subject, _corrected_text(subject, correction), future.report, content)
    number = len(archive.claimed(future.report))
    paths = (project.data / f"{year}.yml", archive.snapshot_path(project.data, year, number))
    files = tuple(project.named(path) for path in paths)
    recorded = Recorded(digest=digest(content), number=written.number, files=files, findings=findings)
    return Corrected(recorded=recorded, changes=tuple(map(describe, changes)), joined=bool(correction.earlier))


def _demand_published(report: Report, today: dt.date) -> None:
    """Raise RefusedError where *report* is not yet published: what is changed in it then is no correction."""
    year = report.year
    if not report.digest:
        message = f"{year} 年还没有定稿，没有公布的内容可以对照；公布时运行 nianbao freeze {year} --published 公布日期"
        raise RefusedError(message)
    if awaits(report, today):
        message = (
            f"{year} 年还没有公布（公布日期 {report.published_on}），改动不是更正；"
            f'请用 nianbao reopen {year} --reason "原因" 撤回定稿，改好后重新定稿；'
            f"只改公布日期的恢复原样，运行 nianbao publish {year} --on 日期"
        )
        raise RefusedError(message)


def _corrected_text(subject: Subject, correction: Correction) -> str:
    """Return the data file with *correction*, which may take the place of one of the same day. Raises RefusedError."""
    try:
        if correction.earlier:
            return with_same_day(subject.text, correction.reason, correction.digest)
        return with_correction(subject.text, correction.day, correction.reason, correction.digest)
    except LayoutError:
        raise layout_refused(subject, "digest 和 corrections 的各项") from None


def _correction(report: Report, day: dt.date, reason: str) -> tuple[tuple[Correction, ...], Correction]:
    """Return the corrections of *report* that stay, and the one that is to be recorded, without its digest."""
    last = report.corrections[-1] if report.corrections else None
    if last is None or last.day != day:
        return report.corrections, Correction(day=day, reason=reason, digest="", place=report.place("digest"))
    between = "" if last.reason[-1] in "。！？；" else "；"
    whole = last.reason if last.reason.endswith(reason) else f"{last.reason}{between}{reason}"
    return report.corrections[:-1], replace(last, reason=whole, earlier=(*last.earlier, last.digest))


def unregistered(project: Project, year: int) -> tuple[str, ...]:
    """Return in words what has changed in the report of *year* since it was published and is not yet recorded.

    Raises RefusedError where the report or what was published of it cannot be read.
    """
    subject = read_subject(project, year)
    if not subject.report.digest:
        return ()
    pages = read_pages(subject)
    demand_standing(subject, "公布的记录不全，改动说不清：")
    last = subject.archive.records(subject.report)[0][-1]
    return tuple(map(describe, unrecorded(last.report, project.docs, subject.report, pages)))


def _in_order(report: Report, day: dt.date) -> None:
    known = [("公布日期", report.published_on)]
    known += [("上一次更正的日期", correction.day) for correction in report.corrections[-1:]]
    for what, earlier in known:
        if earlier is not None and day < earlier:
            message = f"更正日期 {day} 早于{what} {earlier}；请核对"
            raise WrongUseError(message)


def _nothing(report: Report, reason: str, day: dt.date, number: str) -> Corrected:
    """Return that the same correction is recorded already. Raises RefusedError for any other."""
    last = report.corrections[-1] if report.corrections else None
    if last is None or last.day != day or not last.reason.endswith(reason):
        message = f"{report.year} 年的数据和页面与公布的一致，没有要登记的更正；请先改正数据或页面，再运行一次"
        raise RefusedError(message)
    return Corrected(recorded=Recorded(digest=last.digest, number=number, already=True), changes=())
