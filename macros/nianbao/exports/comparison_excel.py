"""The comparison of the years as an Excel file; a module of its own because the library takes long to load."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import xlsxwriter

from nianbao.comparison.sheet import SOURCE
from nianbao.documents.blocks import clean
from nianbao.exports.comparison_file import HEADS, comparison_rows
from nianbao.exports.excel import OPTIONS, undated
from nianbao.exports.excel_style import Style, height, lines, set_page

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from nianbao.comparison.series import Years

_WIDTHS, _YEAR, _NOTE = (40, 44, 7), 9, 60
_NAME = "历年比较"


def comparison_excel(years: Years, notice: str = "") -> bytes:
    """Return the comparison of *years*, of which there must be one, as an Excel file, its figures as numbers.

    Where they are from, and the *notice* of the site, stands below.
    """
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, OPTIONS) as book:
        style, page = Style(book), book.add_worksheet(_NAME)
        set_page(page, f"{years.reports[max(years.reports)].agency_name}{_NAME}", landscape=True)
        head, *rows = comparison_rows(years)
        widths = [*_WIDTHS, *[_YEAR] * len(years.all), _NOTE]
        for column, (title, width) in enumerate(zip(head, widths, strict=True)):
            page.set_column(column, column, width)
            page.write_string(0, column, title, style.head())
        page.set_row(0, height(1))
        for number, row in enumerate(rows, 1):
            _write_row(page, style, number, row)
            page.set_row(number, height(max(map(lines, row, widths))))
        for number, note in enumerate(filter(None, (SOURCE, notice)), len(rows) + 2):
            page.write_string(number, 0, clean(note), style.get(text_wrap=False))
        page.freeze_panes(1, len(HEADS))
        page.repeat_rows(0)
    return undated(content)


def _write_row(page: Worksheet, style: Style, number: int, row: tuple[str, ...]) -> None:
    for column, text in enumerate(row):
        if column < len(HEADS) or column == len(row) - 1:
            page.write_string(number, column, clean(text), style.cell)
        elif text.endswith("%"):
            rate = style.get(border=1, align="right", num_format="0.0%")
            page.write_number(number, column, round(float(text[:-1]) / 100, 4), rate)
        else:
            _write_figure(page, style, (number, column), text)


def _write_figure(page: Worksheet, style: Style, place: tuple[int, int], text: str) -> None:
    """Write a figure, or the words that stand for one."""
    try:
        figure = float(text)
    except ValueError:
        page.write_string(*place, text, style.get(border=1, align="right"))
    else:
        page.write_number(*place, figure, style.get(border=1, align="right"))
