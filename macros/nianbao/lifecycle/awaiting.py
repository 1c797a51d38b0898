"""Between freezing and the day of publication: the freeze is taken back, or the day becomes another one.

Either is kept in the records: the record that was taken back stays, and the one after it names its digest, the day
and the reason. From the day of publication on there are corrections alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nianbao.data_files import writing
from nianbao.data_files.entries import LayoutError, with_reopening, with_scalar, without
from nianbao.lifecycle import archive, staging
from nianbao.lifecycle.freezing import (
    Recorded,
    altered,
    awaits,
    demand_standing,
    layout_refused,
    possible_day,
    record,
    unchanged,
    write_first,
)
from nianbao.lifecycle.judging import read_pages, read_subject
from nianbao.lifecycle.reasons import one_line_reason
from nianbao.lifecycle.site_record import public_on
from nianbao.model.report import Reopening
from nianbao.reading.refusal import RefusedError

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from nianbao.lifecycle.judging import Subject
    from nianbao.model.project import Project
    from nianbao.model.report import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened:
    """What was written to take a freeze back: the *file*, the *number* of what was frozen, its *day* of publication.

    *on_site* says that the site has pages of the year, which must be built anew before that day.
    """

    file: str
    number: str
    day: dt.date
    on_site: bool


def reopen(project: Project, year: int, reason: str, today: dt.date, site: Path) -> Reopened:
    """Make the report of *year* a draft again whose day of publication is still to come, for a *reason*.

    *site* is the folder of the site that stands. Raises WrongUseError for a reason that cannot be, RefusedError where
    the report is published, or not frozen.
    """
    reason = one_line_reason(reason, "撤回定稿")
    with writing.exclusively(project.data):
        subject = read_subject(project, year)
        report = subject.report
        staging.tidy(project.data, report)
        _demand_awaiting(report, today, site)
        demand_standing(subject, "定稿的记录不全，没有写入任何内容：")
        known = unchanged(subject)
        draft = replace(report, status="draft", published_on=None, digest="", reopened=_reopened(report, today, reason))
        record(subject, _as_draft(subject, draft.reopened[-1]), draft, None)
    on_site = (site / str(year) / "index.html").is_file()
    day = known.day or today
    return Reopened(file=project.named(project.data / f"{year}.yml"), number=known.number, day=day, on_site=on_site)


def publish(project: Project, year: int, day: dt.date, today: dt.date, site: Path) -> Recorded:
    """Record that the report of *year*, which is frozen, is published on *day*, past or still to come.

    Where another day was recorded, that freeze is taken back and another one with the same content takes its place.
    *site* as for `reopen`. Raises WrongUseError for a day that cannot be, RefusedError where the report is published
    on another day, is not frozen, or has changed since.
    """
    possible_day(year, day, today)
    with writing.exclusively(project.data):
        subject = read_subject(project, year)
        report = subject.report
        staging.tidy(project.data, report)
        if not (report.digest and report.published_on == day):
            _demand_awaiting(report, today, site)
        pages = read_pages(subject)
        problems = tuple(altered(subject, pages))
        if problems:
            message = f"{year} 年定稿以后有改动，没有写入任何内容："
            advice = f'不该改动的请恢复原样；确需改动的先撤回定稿：nianbao reopen {year} --reason "原因"'
            raise RefusedError(message, (*problems, advice))
        if report.published_on == day:
            return unchanged(subject)
        reason = f"公布日期由 {report.published_on} 改为 {day}，内容没有变动。"
        planned = replace(report, published_on=day, digest="", reopened=_reopened(report, today, reason))
        return write_first(subject, subject.become(planned), pages)


def _demand_awaiting(report: Report, today: dt.date, site: Path) -> None:
    """Raise RefusedError unless *report* is frozen, and published neither by its own day nor on the *site*."""
    year = report.year
    if not report.digest:
        message = f"{year} 年还没有定稿；定稿运行 nianbao freeze {year} --published 公布日期"
        raise RefusedError(message)
    corrected = (
        f'公布过的内容不能撤回，公布日期写错的也一样；请改好后运行 nianbao correct {year} --reason "原因" 登记更正'
    )
    if not awaits(report, today):
        day = "日期不详" if report.published_on is None else f"公布日期 {report.published_on}"
        message = f"{year} 年已经公布（{day}），没有写入任何内容；{corrected}"
        raise RefusedError(message)
    public = public_on(site, year)
    if public is not None and public <= today:
        message = f"网站 {site} 上 {year} 年的报告已经公布（公布日期 {public}），没有写入任何内容；{corrected}"
        raise RefusedError(message)


def _reopened(report: Report, today: dt.date, reason: str) -> tuple[Reopening, ...]:
    last = archive.claimed(report)[-1][0]
    return (*report.reopened, Reopening(day=today, reason=reason, digest=last, place=report.place("digest")))


def _as_draft(subject: Subject, reopening: Reopening) -> str:
    try:
        text = with_scalar(subject.text, "status", "draft", "status", "")
        text = with_reopening(text, "status", reopening.day, reopening.reason, reopening.digest)
        return without(without(text, "published_on"), "digest")
    except LayoutError:
        raise layout_refused(subject, "status、published_on、digest 和 reopened 的各项") from None
