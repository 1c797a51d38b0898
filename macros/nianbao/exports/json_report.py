"""A whole report as JSON: facts, figures and words, as `nianbao.exports.json_schema` describes them."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from nianbao.documents.blocks import (
    OMISSION,
    TRANSCRIPTION,
    Heading,
    ListBlock,
    Paragraph,
    PlainTable,
    StatutoryTable,
    plain_text,
)
from nianbao.exports.columns import COLUMNS
from nianbao.exports.texts import notices, report_name
from nianbao.exports.tidy import tidy_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nianbao.documents.blocks import Block
    from nianbao.documents.document import Document
    from nianbao.model.form import Table
    from nianbao.model.report import Report

# Every cell says these of itself; of the others the document says once what holds for all.
CELL_COLUMNS = tuple(column for column in COLUMNS if column.name not in {"agency", "report", "year", "format", "table"})


def json_file(document: dict[str, Any]) -> bytes:
    """Return *document* written down in the one way that it has."""
    return (json.dumps(document, ensure_ascii=False, indent=1, default=_number, allow_nan=False) + "\n").encode()


def report_document(agency: str, report: Report, document: Document) -> dict[str, Any]:
    """Return *report* of the body with the id *agency*, whose words are those of *document*."""
    corrections = [
        {
            "on": correction.day.isoformat(),
            "reason": correction.reason,
            "changes": [{"what": change.what, "old": change.old, "new": change.new} for change in correction.changes],
        }
        for correction in document.corrections
    ]
    sections = [
        {
            "id": section.id,
            "heading": section.heading,
            "table": form_section.table or None,
            "text": list(_passages(section.blocks)),
        }
        for section, form_section in zip(document.sections, report.form.sections, strict=True)
    ]
    facts = report_facts(agency, report, document.notice) | {"check_number": document.number or None}
    return facts | {"corrections": corrections, "sections": sections}


def report_facts(agency: str, report: Report, notice: str) -> dict[str, Any]:
    """Return what the data file of *report* tells, what is computed from it, and the *notice* of the site."""
    return {
        "title": report_name(report),
        "agency": {"id": agency, "name": report.agency_name},
        "year": report.year,
        "format": report.form.format,
        **({"form": report.form.id} if report.form.variant else {}),
        "basis": report.form.basis,
        "status": report.status,
        "notice": "；".join(notices(report, notice)) or None,
        "published_on": report.published_on.isoformat() if report.published_on else None,
        **({"late_reason": report.late_reason} if report.late_reason else {}),
        "processing_fee": report.processing_fee,
        "items": None
        if report.items_unknown
        else [
            {
                "category": category.name,
                "entries": [{"title": item.title, "full_text": item.full_text} for item in category.items],
            }
            | ({} if category.whole else {"count": category.count})
            for category in report.categories
        ],
        "tables": [_table(agency, report, table) for table in report.form.tables],
    }


def _table(agency: str, report: Report, table: Table) -> dict[str, Any]:
    names = [column.name for column in CELL_COLUMNS]
    texts = {cell.address: cell.text for cell in report.cells[table.id].values()}
    cells = [
        {name: getattr(row, name) for name in names} | {"text": texts[row.address]}
        for row in tidy_rows(agency, report, table)
    ]
    return {"id": table.id, "caption": table.caption, "cells": cells}


def _number(value: object) -> float:
    """Return a decimal number as the number of JSON whose digits are the same."""
    if not isinstance(value, Decimal):
        raise TypeError(type(value).__name__)
    number = int(value) if value == int(value) else float(value)
    if Decimal(repr(number)) != value:
        message = f"{value} has more digits than a number of JSON keeps"
        raise ValueError(message)
    return number


# The kinds of passages, and what each is for the schema.
PASSAGE_KINDS = {
    "heading": "小标题，有级别",
    "paragraph": "段落",
    "item": "列表的一项",
    "row": "普通表格的一行，各格用制表符隔开",
    "table": "法定表格所在的位置，文字是表的标识",
    "note": "录入旧报告时加的说明，不属于报告",
    "omission": "这里省略的图片等内容",
}

_PARAGRAPHS = {TRANSCRIPTION: "note", OMISSION: "omission"}


def _passages(blocks: Iterable[Block]) -> Iterator[dict[str, Any]]:
    """Yield the passages of *blocks* in reading order: *kind* (see `PASSAGE_KINDS`), *level* of a heading, *text*."""
    for block in blocks:
        match block:
            case Heading():
                yield _passage("heading", plain_text(block.runs), block.level)
            case Paragraph():
                yield _passage(_PARAGRAPHS.get(block.kind, "paragraph"), plain_text(block.runs))
            case ListBlock():
                for item in block.items:
                    yield from (
                        passage | {"kind": "item"} if passage["kind"] == "paragraph" else passage
                        for passage in _passages(item)
                    )
            case StatutoryTable():
                yield _passage("table", block.id)
            case PlainTable():
                for row in block.rows:
                    yield _passage("row", "\t".join(plain_text(cell.runs) for cell in row))


def _passage(kind: str, text: str, level: int | None = None) -> dict[str, Any]:
    return {"kind": kind, "level": level, "text": text}
