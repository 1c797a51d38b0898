"""Facts of the portal for the templates of the theme, as plain data that every engine can carry.

Among them is linked data (JSON-LD, schema.org) of the agency and of its reports. Only what is known is said.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from nianbao.exports.comma_separated import csv_name
from nianbao.exports.formats import FOLDER_NAME
from nianbao.frame.site import frame_facts
from nianbao.members.published import CELL_MEDIA_TYPES, cells_name, has_cells
from nianbao.metadata.feed import FEED_PATH, has_feed
from nianbao.metadata.policy import page_policy
from nianbao.model.agency import SITE_TAGS
from nianbao.pages.text import date

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.model.agency import Agency
    from nianbao.model.report import Report
    from nianbao.pages.session import Session


def portal_facts(session: Session) -> dict[str, Any]:
    """Return what templates find as ``config.extra.portal``: only text, numbers, lists and mappings, JSON-able.

    ``agency`` is the name that the agency has now, or empty. ``years`` lists the years that readers may see,
    newest first; ``year_titles`` is what their sections of the menu are called. ``site_tags`` are pairs of name
    and content, only of what is known.
    ``corrected`` of a year is the day of its last correction in words, or empty.
    ``feed`` is the path of the feed, or empty. ``linked`` is linked data as text for a script element:
    engines write data each in their own way.
    """
    reports = session.dataset.reports
    agency = session.dataset.agency
    shown = [reports[year] for year in session.shown_years() if year in reports]
    site = agency.site if agency is not None else {}
    return {
        "agency": agency.newest_name if agency is not None else "",
        "years": [_year(session, report) for report in shown],
        "year_titles": [f"{report.year}年" for report in shown],
        "site_tags": [[tag, site[key]] for tag, key in SITE_TAGS.items() if key in site],
        "feed": FEED_PATH if has_feed(session) else "",
        "linked": in_script(_linked_agency(agency, shown)) if agency is not None and shown else "",
        "changed": max((day for report in shown if (day := changed(report))), default=""),
    }


def site_facts(session: Session) -> dict[str, Any]:
    """Return all that the program adds to ``config.extra`` for the templates.

    ``policy`` is the policy of every page, and empty in a preview, whose host adds a script to each page.
    """
    agency = session.dataset.agency
    foot = agency.foot if agency is not None else ()
    return {
        "portal": portal_facts(session),
        "footer": [asdict(item) for item in foot],
        "policy": "" if session.drafts else page_policy(session.dataset.frame),
        "frame": frame_facts(session.dataset.frame, preview=session.drafts),
    }


def site_description(session: Session) -> str:
    """Return what the site is, by the name of the newest report that readers may see, or the newest name at all."""
    agency, reports = session.dataset.agency, session.dataset.reports
    names = [reports[year].agency_name for year in session.shown_years() if year in reports]
    if not names and agency is not None:
        names = [agency.newest_name]
    return f"{names[0] if names else ''}政府信息公开工作年度报告"


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
        "linked": in_script(_linked_report(session, report)),
    }


_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _distribution(session: Session, report: Report) -> Iterator[dict[str, Any]]:
    """Yield the files that hold the figures of *report*, by addresses from its first page where no other is known."""
    agency = session.dataset.agency
    stem = agency.id if agency is not None else ""
    base = f"{session.site_url}{report.year}/" if session.site_url else ""
    named = [(f"{stem}-{report.year}.xlsx", _SPREADSHEET), (f"{stem}-{report.year}.json", "application/json")]
    named += [(csv_name(stem, report, table), "text/csv") for table in report.form.tables]
    for name, kind in named:
        yield {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": f"{base}{FOLDER_NAME}/{name}"}


_CONTEXT = "https://schema.org"

# What could end a script element or begin another, as JSON may write it too.
_MARKS = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"}


def in_script(body: dict[str, Any]) -> str:
    """Return *body* as JSON that can stand in a script element."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).translate(_MARKS)


def _linked_agency(agency: Agency, reports: Sequence[Report]) -> dict[str, Any]:
    """Return the agency, with the name of the first of *reports*, of which there is one, and the other names."""
    names = list(dict.fromkeys(report.agency_name for report in reports))
    body: dict[str, Any] = {"@context": _CONTEXT, "@type": "GovernmentOrganization", "name": names[0]}
    if names[1:]:
        body["alternateName"] = names[1:]
    if agency.superior:
        body["parentOrganization"] = {"@type": "GovernmentOrganization", "name": agency.superior}
    telephone, email = agency.contact.get("telephone"), agency.contact.get("email")
    return body | {key: value for key, value in (("telephone", telephone), ("email", email)) if value}


def _linked_report(session: Session, report: Report) -> dict[str, Any]:
    """Return the report and the figures in it; addresses only where it is known where the site will stand."""
    body = {"@type": "GovernmentOrganization", "name": report.agency_name}
    common: dict[str, Any] = {
        "inLanguage": "zh-CN",
        "temporalCoverage": f"{report.year}-01-01/{report.year}-12-31",
        "publisher": body,
    }
    if report.published_on:
        common["datePublished"] = report.published_on.isoformat()
    if report.corrections:
        common["dateModified"] = max(correction.day for correction in report.corrections).isoformat()
    if session.site_url:
        common["url"] = f"{session.site_url}{report.year}/index.html"
    figures = {
        "@type": "Dataset",
        "name": f"{report.title}的统计数据",
        # Readers of data sets ask for fifty characters at least.
        "description": (
            f"{report.title}里按规定格式填报的统计数据，统计期限为{report.year}年1月1日至{report.year}年12月31日，"
            f"逐格列出{'、'.join(table.caption for table in report.form.tables)}"
        ),
        "isAccessibleForFree": True,
        "creator": body,
        "distribution": list(_distribution(session, report)),
    }
    described = {"@type": "Report", "name": report.title, "author": body, "isAccessibleForFree": True}
    graph = [described | common, figures | common]
    if has_cells(session, report.year):
        graph.append(_linked_bodies(session, report) | common)
    return {"@context": _CONTEXT, "@graph": graph}


def _linked_bodies(session: Session, report: Report) -> dict[str, Any]:
    """Return the figures of all bodies that were added up into *report*."""
    folder = f"{session.site_url or '../'}{FOLDER_NAME}"
    return {
        "@type": "Dataset",
        "name": f"{report.agency_name}{report.year}年各单位政府信息公开工作年度报告的统计数据",
        "description": (
            f"汇总进{report.title}的各单位按规定格式填报的统计数据，统计期限为{report.year}年1月1日至"
            f"{report.year}年12月31日，每个单位每格一行"
        ),
        "isAccessibleForFree": True,
        "creator": {"@type": "GovernmentOrganization", "name": report.agency_name},
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": kind,
                "contentUrl": f"{folder}/{cells_name(report.year, suffix)}",
            }
            for suffix, kind in CELL_MEDIA_TYPES.items()
        ],
    }
