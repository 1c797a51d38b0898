"""The comparison of the years as CSV and Excel: a line for each figure and rate, a column for each year."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import xlsxwriter

from nianbao.comparison.topics import comparisons
from nianbao.exports.excel import OPTIONS, undated
from nianbao.exports.excel_style import Style
from nianbao.exports.texts import inert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.comparison.series import Years

_WIDTHS = (34, 40, 10)
_HEADS = ("主题", "项目", "单位")
_RATE = "%"


def comparison_rows(years: Years) -> Iterator[tuple[str, ...]]:
    """Yield the head, then topic, label, unit and the figures as the page writes them, or why not."""
    yield (*_HEADS, *(f"{year}年" for year in years.all))
    for one in comparisons(years):
        for series in one.series:
            yield (one.topic.title, series.label, series.unit, *(point.text for point in series.points))
        for rates in one.rates:
            yield (one.topic.title, rates.label, _RATE, *(point.text for point in rates.points))


def comparison_csv(years: Years) -> bytes:
    """Return the comparison as CSV by RFC 4180, with a byte order mark, by which Excel in China knows UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([inert(cell) for cell in row] for row in comparison_rows(years))
    return text.getvalue().encode("utf-8-sig")


def comparison_excel(years: Years, notice: str = "") -> bytes:
    """Return the comparison as an Excel file, its figures as numbers; the *notice* of the site stands below."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, OPTIONS) as book:
        style, page = Style(book), book.add_worksheet("历年比较")
        text, head = style.get(border=1), style.get(border=1, bold=True, align="center")
        rows = list(comparison_rows(years))
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                figure = _number(cell) if number and column >= len(_HEADS) else None
                if figure is None:
                    page.write_string(number, column, cell, text if number else head)
                else:
                    page.write_number(number, column, figure, text)
        for column, width in enumerate(_WIDTHS):
            page.set_column(column, column, width)
        page.freeze_panes(1, len(_HEADS))
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
