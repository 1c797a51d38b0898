"""A report as an Excel file: the form as printed, notes, and tidy sheets that are hidden and so never printed."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import TYPE_CHECKING, BinaryIO

import xlsxwriter

from nianbao.documents.blocks import clean
from nianbao.exports.columns import CELL_STATUSES, COLUMNS, STATUS_MEANINGS
from nianbao.exports.excel_form import write_form
from nianbao.exports.excel_style import Style, height, lines, set_report_page
from nianbao.exports.texts import DRAFT, DRAFT_NOTICE, report_name
from nianbao.exports.tidy import tidy_rows
from nianbao.pages.lists import LATE_TITLE
from nianbao.pages.text import date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xlsxwriter.worksheet import Worksheet

    from nianbao.model.form import Table
    from nianbao.model.report import Report
    from nianbao.reading.numbers import Number

# The library writes a day into every file, the clock's where it is given none; `undated` takes this one out again.
_NO_DAY = dt.date(1980, 1, 1)
_PROPERTIES = "docProps/core.xml"
_DAYS = re.compile(rb"<dcterms:(created|modified)\b[^>]*>[^<]*</dcterms:\1>")

_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
_LONGEST_SHEET_NAME = 31

# Text stays text: nothing that a data file holds becomes a formula, a link or a number.
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}


def excel_file(agency: str, report: Report, notice: str = "") -> bytes:
    """Return *report* of the body with the id *agency*, with the *notice* of the site; the same give the same bytes."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, OPTIONS) as book:
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
            write_form(book.add_worksheet(sheet_name(table.caption, *marks)), style, report, table, notice)
        _write_notes(book.add_worksheet(sheet_name("说明", *marks)), style, report, notice)
        for table in report.form.tables:
            _write_tidy(book.add_worksheet(sheet_name(table.caption, "数据", *marks)), style, agency, report, table)
    return content.getvalue() if report.published_on else undated(content)


def undated(file: BinaryIO) -> bytes:
    """Return the workbook *file* without the days of its properties: what is not known is left out."""
    content = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            part = old.read(entry)
            new.writestr(entry, _DAYS.sub(b"", part) if entry.filename == _PROPERTIES else part)
    return content.getvalue()


def sheet_name(caption: str, *marks: str) -> str:
    """Return a name that a sheet can have, with *marks* in brackets behind it."""
    ending = f"（{'，'.join(marks)}）" if marks else ""
    return _SHEET_NAME.sub("", clean(caption))[: _LONGEST_SHEET_NAME - len(ending)] + ending


# What the file says as a whole, and what the other columns say already, would only widen the sheet.
_LEFT_OUT = ("agency", "report", "format", "address")
_TIDY_COLUMNS = tuple(column for column in COLUMNS if column.name not in _LEFT_OUT)

_TIDY_WIDTHS = {
    "year": 7,
    "table": 11,
    "row_id": 32,
    "row_label": 54,
    "column_id": 30,
    "column_label": 30,
    "unit": 7,
    "remark": 30,
}
_TIDY_WIDTH = 11


def _write_tidy(sheet: Worksheet, style: Style, agency: str, report: Report, table: Table) -> None:
    """Write the cells of *table* below one row of headings; unknown values are empty.

    Who prints the workbook wants its forms. Hidden sheets stay on the screen's side in every program, and those who
    read files by program find them; a print range without cells would leave empty pages in some.
    """
    sheet.hide()
    set_report_page(sheet, report, landscape=True)
    widths = [_TIDY_WIDTHS.get(column.name, _TIDY_WIDTH) for column in _TIDY_COLUMNS]
    for number, (column, width) in enumerate(zip(_TIDY_COLUMNS, widths, strict=True)):
        sheet.set_column(number, number, width)
        sheet.write_string(0, number, column.title, style.head())
    sheet.set_row(0, height(1))
    last = 0
    for last, row in enumerate(tidy_rows(agency, report, table), 1):
        values = [_shown(getattr(row, column.name), column.name) for column in _TIDY_COLUMNS]
        for number, value in enumerate(values):
            if value is None:
                sheet.write_blank(last, number, None, style.cell)
            elif isinstance(value, str):
                sheet.write_string(last, number, clean(value), style.cell)
            else:
                sheet.write_number(last, number, value, style.cell)
        sheet.set_row(last, height(max(map(lines, map(str, values), widths))))
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, last, len(_TIDY_COLUMNS) - 1)


def _shown(value: str | Number | None, column: str) -> str | float | None:
    if isinstance(value, str):
        return CELL_STATUSES[value] if column == "status" else value or None
    return value if value is None or isinstance(value, int) else float(value)


_NOTE_WIDTHS = (16, 84)


def _write_notes(sheet: Worksheet, style: Style, report: Report, notice: str) -> None:
    """Write what a reader must know of *report* and of the sheets before; *notice* is that of the site."""
    set_report_page(sheet, report, landscape=False)
    for column, width in enumerate(_NOTE_WIDTHS):
        sheet.set_column(column, column, width)
    row = 0
    for caption, terms in _note_parts(report, notice):
        sheet.write_string(row, 0, caption, style.caption)
        for row, (term, words) in enumerate(terms, row + 1):  # noqa: B020  # rows go on from part to part
            sheet.write_string(row, 0, clean(term), style.head(left=True))
            sheet.write_string(row, 1, clean(words), style.cell)
            sheet.set_row(row, height(lines(words, _NOTE_WIDTHS[1])))
        row += 2


def _note_parts(report: Report, notice: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    known = [("须知", notice)] if notice else []
    known += [("报告", report_name(report)), ("依据", report.form.basis)]
    if report.published_on:
        known.append(("公布日期", date(report.published_on)))
    if report.late_reason:
        known.append((LATE_TITLE, report.late_reason))
    if report.status == "draft":
        known.append(("状态", DRAFT_NOTICE))
    known += [(f"{date(item.day)}更正", item.reason) for item in report.corrections]
    yield "来源", known
    yield (
        "工作表",
        [
            ("前面的工作表", "按规定格式排列，合计用公式相加；与原件印出的合计不同的，照原件，并加批注。"),
            ("名称带“数据”的", "同样的数，一行一个单元格，便于筛选和汇总；不详的数值为空。打印整个工作簿时不印出。"),
            ("怎样查看数据", "它们平时隐藏：在工作表标签上点右键，选“取消隐藏”或“显示工作表”。"),
        ],
    )
    yield "状态", [(title, STATUS_MEANINGS[name]) for name, title in CELL_STATUSES.items()]
    yield "数据的列", [(column.title, f"{column.name}：{column.description}") for column in COLUMNS]
