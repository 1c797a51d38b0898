"""A statutory table as a tidy sheet: one row a cell, to filter, to sort and to add up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.documents.characters import clean
from nianbao.exports.columns import CELL_STATUSES, COLUMNS
from nianbao.exports.excel_style import height, lines, set_page
from nianbao.exports.tidy import tidy_rows

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from nianbao.exports.excel_style import Style
    from nianbao.model.form import Table
    from nianbao.model.report import Report
    from nianbao.reading.numbers import Number

# What the file says as a whole, and what the other columns say already, would only widen the sheet.
_LEFT_OUT = ("agency", "report", "format", "address")
_SHOWN = tuple(column for column in COLUMNS if column.name not in _LEFT_OUT)

_WIDTHS = {"year": 7, "table": 11, "row_id": 32, "row_label": 54, "column_id": 30, "column_label": 30, "unit": 7}
_WIDTH = 11


def write_tidy(sheet: Worksheet, style: Style, agency: str, report: Report, table: Table) -> None:
    """Write the cells of *table* below one row of headings; unknown values are empty."""
    set_page(sheet, report, landscape=True)
    widths = [_WIDTHS.get(column.name, _WIDTH) for column in _SHOWN]
    for number, (column, width) in enumerate(zip(_SHOWN, widths, strict=True)):
        sheet.set_column(number, number, width)
        sheet.write_string(0, number, column.title, style.head())
    sheet.set_row(0, height(1))
    last = 0
    for last, row in enumerate(tidy_rows(agency, report, table), 1):
        values = [_shown(getattr(row, column.name), column.name) for column in _SHOWN]
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
    sheet.autofilter(0, 0, last, len(_SHOWN) - 1)


def _shown(value: str | Number | None, column: str) -> str | float | None:
    if isinstance(value, str):
        return CELL_STATUSES[value] if column == "status" else value or None
    return value if value is None or isinstance(value, int) else float(value)
