"""Linked data (JSON-LD, schema.org) of the agency and of a report. Only what is known is said."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.model.agency import Agency
    from nianbao.model.report import Report
    from nianbao.pages.session import Session

_CONTEXT = "https://schema.org"

# What could end a script element or begin another, as JSON may write it too.
_MARKS = {ord(mark): f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"}


def in_script(body: dict[str, Any]) -> str:
    """Return *body* as JSON that can stand in a script element."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).translate(_MARKS)


def linked_agency(agency: Agency, reports: Sequence[Report]) -> dict[str, Any]:
    """Return the agency, with the name of the first of *reports*, of which there is one, and the other names."""
    names = list(dict.fromkeys(report.agency_name for report in reports))
    body: dict[str, Any] = {"@context": _CONTEXT, "@type": "GovernmentOrganization", "name": names[0]}
    if names[1:]:
        body["alternateName"] = names[1:]
    if agency.superior:
        body["parentOrganization"] = {"@type": "GovernmentOrganization", "name": agency.superior}
    telephone, email = agency.contact.get("telephone"), agency.contact.get("email")
    return body | {key: value for key, value in (("telephone", telephone), ("email", email)) if value}


def linked_report(session: Session, report: Report) -> dict[str, Any]:
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
        "description": "、".join(table.caption for table in report.form.tables),
        "isAccessibleForFree": True,
        "creator": body,
    }
    described = {"@type": "Report", "name": report.title, "author": body, "isAccessibleForFree": True}
    return {"@context": _CONTEXT, "@graph": [described | common, figures | common]}
