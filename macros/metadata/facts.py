"""Facts of the portal for the templates of the theme, as plain data that every engine can carry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from macros.model.report import Report
    from macros.pages.session import Session


def portal_facts(session: Session) -> dict[str, Any]:
    """Return what templates find as ``config.extra.portal``: only text, numbers, lists and mappings, JSON-able.

    ``years`` lists the years that readers may see, newest first.
    """
    reports = session.portal.reports
    return {"years": [_year(reports[year]) for year in session.shown_years() if year in reports]}


def site_facts(session: Session) -> dict[str, Any]:
    """Return all that the program adds to ``config.extra`` for the templates."""
    agency = session.portal.agency
    return {"portal": portal_facts(session), "footer": list(agency.public_lines) if agency is not None else []}


def _year(report: Report) -> dict[str, Any]:
    published = report.published_on.isoformat() if report.published_on else ""
    return {"year": report.year, "title": report.title, "status": report.status, "published_on": published}
