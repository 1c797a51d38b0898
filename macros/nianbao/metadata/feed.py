"""The Atom feed (RFC 4287) of publications and corrections."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from nianbao.pages.text import date

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from nianbao.pages.session import Session

FEED_PATH = "feed.xml"

_FEED = """\
<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">
<title>{title}</title>
<id>{id}</id>
<updated>{updated}</updated>
<author><name>{author}</name></author>
<link rel="self" href="{base}{path}"/>
<link rel="alternate" type="text/html" href="{base}index.html"/>
{entries}
</feed>
"""
_ENTRY = """\
<entry>
<title>{title}</title>
<id>{id}</id>
<updated>{day}</updated>
<published>{day}</published>
<link rel="alternate" type="text/html" href="{address}"/>
<summary>{summary}</summary>
</entry>"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What happened to a report on a *day*; *name* tells it from everything else that does."""

    name: str
    day: dt.date
    title: str
    summary: str
    page: str


def has_feed(session: Session) -> bool:
    """Say whether anything can be told with its date; a feed must name one, and none is made up."""
    return any(True for _ in _events(session))


def feed(session: Session) -> str | None:
    """Return the feed, newest first, or None where no date is known.

    Addresses are absolute where it is known where the site will stand, else relative to the feed.
    Dates are known to the day; RFC 4287 asks for a time as well, for which the day's beginning in China stands.
    """
    agency = session.dataset.agency
    entries = sorted(_events(session), key=lambda entry: (entry.day, entry.name), reverse=True)
    if agency is None or not entries:
        return None
    return Markup(_FEED).format(  # noqa: S704  # our own text; what is put into it is escaped
        title="政府信息公开工作年度报告",
        id=_identity(agency.id, "feed"),
        updated=_moment(entries[0].day),
        author=session.dataset.reports[max(session.dataset.reports)].agency_name,
        base=session.site_url,
        path=FEED_PATH,
        entries=Markup("\n").join(
            Markup(_ENTRY).format(  # noqa: S704  # as above
                title=entry.title,
                id=_identity(agency.id, entry.name),
                day=_moment(entry.day),
                address=f"{session.site_url}{entry.page}",
                summary=entry.summary,
            )
            for entry in entries
        ),
    )


def _events(session: Session) -> Iterator[Entry]:
    for year in session.shown_years():
        report = session.dataset.reports.get(year)
        if report is None or report.status == "draft":
            continue
        if report.published_on:
            yield Entry(
                name=f"{year}",
                day=report.published_on,
                title=report.title,
                summary=f"{date(report.published_on)}公布",
                page=f"{year}/index.html",
            )
        for number, correction in enumerate(report.corrections, 1):
            yield Entry(
                name=f"{year}/correction-{number}",
                day=correction.day,
                title=f"{report.title}（更正）",
                summary=f"{date(correction.day)}更正：{correction.reason}",
                page=f"{year}/index.html#correction-{number}",
            )


def _identity(agency: str, name: str) -> str:
    """Return an identity that never changes, wherever the site stands."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'nianbao/{agency}/{name}')}"


def _moment(day: dt.date) -> str:
    return f"{day.isoformat()}T00:00:00+08:00"
