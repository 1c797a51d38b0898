"""The comparison of the years as an Excel file; a module of its own because the library takes long to load."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import xlsxwriter

from nianbao.exports.comparison_file import HEADS, comparison_rows
from nianbao.exports.excel import OPTIONS, undated
from nianbao.exports.excel_style import Style

if TYPE_CHECKING:
    from nianbao.comparison.series import Years

_WIDTHS = (34, 40, 10)


def comparison_excel(years: Years, notice: str = "") -> bytes:
    """Return the comparison as an Excel file, its figures as numbers; the *notice* of the site stands below."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, OPTIONS) as book:
        style, page = Style(book), book.add_worksheet("历年比较")
        text, head = style.get(border=1), style.get(border=1, bold=True, align="center")
        rows = list(comparison_rows(years))
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                figure = _number(cell) if number and column >= len(HEADS) else None
                if figure is None:
                    page.write_string(number, column, cell, text if number else head)
                else:
                    page.write_number(number, column, figure, text)
        for column, width in enumerate(_WIDTHS):
            page.set_column(column, column, width)
        page.freeze_panes(1, len(HEADS))
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        if notice:
            page.write_string(len(rows) + 1, 0, notice, style.get(text_wrap=False))
    return undated(content)


def _number(text: str) -> float | None:
    """Return *text* as a number, None where it is a word or a rate."""
    try:
        return float(text)
    except ValueError:
        return None
