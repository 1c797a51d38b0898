"""A laid-out table on an Excel sheet: titles across, merged headings, rows as high as their words need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from nianbao.documents.blocks import clean
from nianbao.exports.excel_style import height, lines
from nianbao.tables.layout import Head

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from nianbao.exports.excel_style import Style
    from nianbao.tables.layout import Data, Grid, Row

    # Words, how they look, and how high their row is in points.
    Title = tuple[str, Format, float]

# Points of a line of the title and of a caption.
TITLE_LINE, CAPTION_LINE = 34, 22
# Widths in characters of the usual font: headings of rows, figures, and the whole sheet at least.
_WIDE_STUB, _STUB, _FIGURE = 34, 8, 9
_LEAST_WIDTH = 76


def write_titles(sheet: Worksheet, titles: Sequence[Title], widths: Sequence[float]) -> int:
    """Set the *widths* of the columns and write *titles* across them; return the first row below."""
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    for row, (text, look, points) in enumerate(titles):
        sheet.merge_range(row, 0, row, len(widths) - 1, "", look)
        sheet.write_string(row, 0, clean(text), look)
        sheet.set_row(row, points)
    return len(titles)


def grid_rows(grid: Grid) -> list[Row]:
    """Return the rows of *grid*, block after block."""
    return [row for block in grid.blocks for row in block]


def write_grid(  # noqa: PLR0913  # where, what and how
    sheet: Worksheet,
    style: Style,
    grid: Grid,
    *,
    top: int,
    widths: Sequence[float],
    figure: Callable[[Data, int], None],
) -> int:
    """Write the headings of *grid* from row *top* on, and each figure by *figure*; return the first row below."""
    rows = grid_rows(grid)
    for number, row in enumerate(rows, top):
        tallest = 1.0
        for cell in row.cells:
            if isinstance(cell, Head):
                _write_head(sheet, style, cell, number)
                width = sum(widths[cell.column : cell.column + cell.colspan])
                tallest = max(tallest, lines(cell.label, width) / cell.rowspan)
            else:
                figure(cell, number)
        sheet.set_row(number, height(tallest))
    return top + len(rows)


def _write_head(sheet: Worksheet, style: Style, head: Head, row: int) -> None:
    look = style.head(left=head.scope == "row")
    merge(sheet, row, head.column, head.rowspan, head.colspan, look)
    sheet.write_string(row, head.column, clean(head.label), look)


def merge(sheet: Worksheet, row: int, column: int, rowspan: int, colspan: int, look: Format) -> None:  # noqa: PLR0913, PLR0917  # a place and a size
    """Merge the cells of a span; one cell alone cannot be merged."""
    if rowspan > 1 or colspan > 1:
        sheet.merge_range(row, column, row + rowspan - 1, column + colspan - 1, "", look)


def column_widths(grid: Grid) -> list[float]:
    """Return the width of every column: the last heading of a row and few figures share what the sheet has."""
    if not grid.stub:
        return [_FIGURE - 1.0] * grid.width
    figures = grid.width - grid.stub
    stubs = [_STUB] * (grid.stub - 1) + [_WIDE_STUB]
    width = max(_FIGURE, (_LEAST_WIDTH - sum(stubs)) / figures)
    return [*map(float, stubs), *[float(width)] * figures]


def ranges(places: Iterable[tuple[int, int]]) -> Iterator[str]:
    """Yield *places*, which are sorted, as ranges of neighbours within a row, or else within a column."""
    listed = list(places)
    step = (0, 1) if len({row for row, _ in listed}) <= len({column for _, column in listed}) else (1, 0)
    if step == (1, 0):
        listed.sort(key=lambda place: (place[1], place[0]))
    start = end = listed[0]
    for place in [*listed[1:], None]:
        if place is not None and place == (end[0] + step[0], end[1] + step[1]):
            end = place
            continue
        yield xl_rowcol_to_cell(*start) if start == end else xl_range(*start, *end)
        if place is not None:
            start = end = place
