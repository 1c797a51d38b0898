"""A report as an Excel file: the form as printed, tidy sheets beside it, and notes."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import TYPE_CHECKING, BinaryIO

import xlsxwriter

from nianbao.documents.characters import clean
from nianbao.exports.excel_form import write_form
from nianbao.exports.excel_notes import write_notes
from nianbao.exports.excel_style import Style
from nianbao.exports.excel_tidy import write_tidy
from nianbao.exports.texts import DRAFT, report_name

if TYPE_CHECKING:
    from nianbao.model.report import Report

# The library writes a day into every file, the clock's where it is given none; `_undated` takes this one out again.
_NO_DAY = dt.date(1980, 1, 1)
_PROPERTIES = "docProps/core.xml"
_DAYS = re.compile(rb"<dcterms:(created|modified)\b[^>]*>[^<]*</dcterms:\1>")

_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
_LONGEST_SHEET_NAME = 31

# Text stays text: nothing that a data file holds becomes a formula, a link or a number.
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}


def excel_file(agency: str, report: Report, notice: str = "") -> bytes:
    """Return *report* of the body with the id *agency*, with the *notice* of the site; the same give the same bytes."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, _OPTIONS) as book:
        day = report.published_on or _NO_DAY
        book.set_properties(
            {
                "title": clean(report_name(report)),
                "author": clean(report.agency_name),
                "status": DRAFT if report.status == "draft" else "",
                "created": dt.datetime.combine(day, dt.time(), dt.UTC),
            }
        )
        style = Style(book)
        marks = (DRAFT,) if report.status == "draft" else ()
        for table in report.form.tables:
            write_form(book.add_worksheet(_sheet_name(table.caption, *marks)), style, report, table, notice)
        for table in report.form.tables:
            write_tidy(book.add_worksheet(_sheet_name(table.caption, "数据", *marks)), style, agency, report, table)
        write_notes(book.add_worksheet(_sheet_name("说明", *marks)), style, report, notice)
    return content.getvalue() if report.published_on else _undated(content)


def _undated(file: BinaryIO) -> bytes:
    """Return the workbook *file* without the days of its properties: what is not known is left out."""
    content = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            part = old.read(entry)
            new.writestr(entry, _DAYS.sub(b"", part) if entry.filename == _PROPERTIES else part)
    return content.getvalue()


def _sheet_name(caption: str, *marks: str) -> str:
    """Return a name that a sheet can have, with *marks* in brackets behind it."""
    ending = f"（{'，'.join(marks)}）" if marks else ""
    return _SHEET_NAME.sub("", clean(caption))[: _LONGEST_SHEET_NAME - len(ending)] + ending
