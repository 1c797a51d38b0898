"""A whole report as JSON: facts, figures and words, as `macros.exports.json_schema` describes them."""

from __future__ import annotations

import json
from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from macros.exports.columns import COLUMNS
from macros.exports.texts import DRAFT_NOTICE, report_name
from macros.exports.tidy import tidy_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from macros.model.form import Section, Table
    from macros.model.report import Report
    from macros.prose.passages import PageText, YearText

# Every cell says these of itself; of the others the document says once what holds for all.
CELL_COLUMNS = tuple(column for column in COLUMNS if column.name not in {"agency", "report", "year", "format", "table"})

# Passages by the tag that they have in a page.
PASSAGES = {"heading": "小标题", "paragraph": "段落", "item": "列表的一项", "cell": "表格的一格"}
_KINDS = {"p": "paragraph", "li": "item", "td": "cell"}


def json_file(document: dict[str, Any]) -> bytes:
    """Return *document* written down in the one way that it has."""
    return (json.dumps(document, ensure_ascii=False, indent=1, default=_number, allow_nan=False) + "\n").encode()


def report_document(agency: str, report: Report, text: YearText | None) -> dict[str, Any]:
    """Return *report* of the body with the id *agency*; without a *text* only its facts and figures."""
    document = report_facts(agency, report)
    if text is None:
        return document
    document["preface"] = list(_passages(text.preface)) if text.preface is not None else []
    document["sections"] = [_section(section, text.section(section)) for section in report.form.sections]
    return document


def report_facts(agency: str, report: Report) -> dict[str, Any]:
    """Return what the data file of *report* tells, and what is computed from it."""
    return {
        "title": report_name(report),
        "agency": {"id": agency, "name": report.agency_name},
        "year": report.year,
        "format": report.form.format,
        "basis": report.form.basis,
        "status": report.status,
        "notice": DRAFT_NOTICE if report.status == "draft" else None,
        "published_on": report.published_on.isoformat() if report.published_on else None,
        "corrections": [{"on": item.day.isoformat(), "reason": item.reason} for item in report.corrections],
        "processing_fee": report.processing_fee,
        "items": [
            {
                "category": category.name,
                "entries": [{"title": item.title, "full_text": item.full_text} for item in category.items],
            }
            for category in report.categories
        ],
        "tables": [_table(agency, report, table) for table in report.form.tables],
    }


def _table(agency: str, report: Report, table: Table) -> dict[str, Any]:
    names = [column.name for column in CELL_COLUMNS]
    texts = {cell.address: cell.text for cell in report.cells[table.id].values()}
    rows = (asdict(row) for row in tidy_rows(agency, report, table))
    cells = [{name: row[name] for name in names} | {"text": texts[row["address"]]} for row in rows]
    return {"id": table.id, "caption": table.caption, "cells": cells}


def _section(section: Section, page: PageText | None) -> dict[str, Any]:
    passages = [] if page is None else list(_passages(page))
    return {
        "id": section.id,
        "heading": section.heading,
        "table": section.table or None,
        "text": [passage for passage in passages if passage["level"] != 1],
    }


def _passages(page: PageText) -> Iterator[dict[str, Any]]:
    for passage in page.reported:
        kind = "heading" if passage.level else _KINDS[passage.kind]
        yield {"kind": kind, "level": passage.level or None, "text": passage.text}


def _number(value: object) -> float:
    """Return a decimal number as the number of JSON whose digits are the same."""
    if not isinstance(value, Decimal):
        raise TypeError(type(value).__name__)
    number = int(value) if value == int(value) else float(value)
    if Decimal(repr(number)) != value:
        message = f"{value} has more digits than a number of JSON keeps"
        raise ValueError(message)
    return number
