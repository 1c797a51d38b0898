"""Facts of the portal for the templates of the theme, as plain data that every engine can carry."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from nianbao.metadata.feed import FEED_PATH, has_feed
from nianbao.metadata.linked import in_script, linked_agency, linked_report
from nianbao.model.agency import SITE_TAGS
from nianbao.pages.text import date

if TYPE_CHECKING:
    from nianbao.model.report import Report
    from nianbao.pages.session import Session


def portal_facts(session: Session) -> dict[str, Any]:
    """Return what templates find as ``config.extra.portal``: only text, numbers, lists and mappings, JSON-able.

    ``years`` lists the years that readers may see, newest first. ``site_tags`` are pairs of name and content,
    only of what is known. ``corrected`` of a year is the day of its last correction in words, or empty.
    ``feed`` is the path of the feed, or empty. ``linked`` is linked data as text for a script element:
    engines write data each in their own way.
    """
    reports = session.dataset.reports
    agency = session.dataset.agency
    shown = [reports[year] for year in session.shown_years() if year in reports]
    site = agency.site if agency is not None else {}
    return {
        "years": [_year(session, report) for report in shown],
        "site_tags": [[tag, site[key]] for tag, key in SITE_TAGS.items() if key in site],
        "feed": FEED_PATH if has_feed(session) else "",
        "linked": in_script(linked_agency(agency, shown)) if agency is not None and shown else "",
        "changed": max((day for report in shown if (day := changed(report))), default=""),
    }


def site_facts(session: Session) -> dict[str, Any]:
    """Return all that the program adds to ``config.extra`` for the templates."""
    agency = session.dataset.agency
    foot = agency.foot if agency is not None else ()
    return {"portal": portal_facts(session), "footer": [asdict(item) for item in foot]}


def changed(report: Report) -> str:
    """Return the day on which *report* last changed for readers, as ISO 8601, or empty where that is not known."""
    days = [correction.day for correction in report.corrections]
    days += [report.published_on] if report.published_on else []
    return max(days).isoformat() if days else ""


def _year(session: Session, report: Report) -> dict[str, Any]:
    published = report.published_on.isoformat() if report.published_on else ""
    return {
        "year": report.year,
        "title": report.title,
        "agency": report.agency_name,
        "status": report.status,
        "published_on": published,
        "changed": changed(report),
        "corrected": date(max(one.day for one in report.corrections)) if report.corrections else "",
        "linked": in_script(linked_report(session, report)),
    }
