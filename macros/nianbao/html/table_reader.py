"""A table of a page, read back: its figures by address, and whether its cells fill a grid."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from lxml.etree import XPath

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement

_GROUPS = {"thead", "tbody", "tfoot"}
_SCOPES = {"col", "colgroup", "row", "rowgroup"}

# The link to a note below the table is no part of the figure.
_FIGURE = XPath(".//text()[not(ancestor::*[contains(@class, 'table-mark')])]", smart_strings=False)


def read_table(table: HtmlElement) -> tuple[dict[str, str], list[tuple[HtmlElement, str]]]:
    """Return the texts of cells by their ids, and what is wrong at which element.

    Wrong are a grid with gaps or overlaps, spans and scopes that are none, and headings that are not of this table.
    """
    groups = [[list(_cells(row)) for row in rows] for rows in _row_groups(table)]
    cells = [cell for rows in groups for row in rows for cell in row]
    figures = {cell.get("id"): _figure(cell) for cell in cells if cell.tag == "td" and cell.get("id")}
    faults = [(cell, fault) for cell in cells for fault in _cell_faults(cell)]
    faults += ((table, fault) for fault in _grid_faults(groups))
    heads = {cell.get("id") for cell in cells if cell.tag == "th"}
    for cell in cells:
        words = cell.get("headers", "").split()
        if not heads.issuperset(words):
            faults += ((cell, f"单元格的表头“{word}”不在同一个表里") for word in words if word not in heads)
    return figures, faults


def _row_groups(table: HtmlElement) -> Iterator[list[HtmlElement]]:
    """Yield the rows of each group; those that stand in the table itself are groups too."""
    for grouped, children in groupby(table, lambda child: child.tag in _GROUPS):
        if grouped:
            yield from (list(group.iterchildren("tr")) for group in children)
        elif rows := [child for child in children if child.tag == "tr"]:
            yield rows


def _cells(row: HtmlElement) -> Iterator[HtmlElement]:
    found: Iterator[HtmlElement] = row.iterchildren("td", "th")
    return found


def _figure(cell: HtmlElement) -> str:
    return ("".join(_FIGURE(cell)) if len(cell) else cell.text or "").strip()


def _cell_faults(cell: HtmlElement) -> Iterator[str]:
    if 0 in _spans(cell):
        yield "单元格的 colspan 或 rowspan 不是正整数"
    if cell.tag == "th" and cell.get("scope", "col") not in _SCOPES:
        yield f"表头的 scope“{cell.get('scope')}”不存在"


def _grid_faults(groups: Sequence[Sequence[Sequence[HtmlElement]]]) -> Iterator[str]:
    widths: set[int] = set()
    for rows in groups:
        filled, width = _filled(rows)
        widths.add(width)
        if filled is None:
            yield "表格的单元格重叠，或者超出所在的行组"
        elif filled != width * len(rows):
            yield "表格有缺口：各行的列数不同"
    if len(widths) > 1:
        yield "表格各部分的列数不同"


def _filled(rows: Sequence[Sequence[HtmlElement]]) -> tuple[int | None, int]:
    """Return how many places the cells of *rows* fill, and their width; None where two overlap or one leaves them."""
    taken: set[tuple[int, int]] = set()
    for number, cells in enumerate(rows):
        column = 0
        for cell in cells:
            colspan, rowspan = (max(span, 1) for span in _spans(cell))
            while (number, column) in taken:
                column += 1
            places = {(number + down, column + right) for down in range(rowspan) for right in range(colspan)}
            if places & taken or number + rowspan > len(rows):
                return None, column
            taken |= places
    return len(taken), max((column for _, column in taken), default=-1) + 1


def _spans(cell: HtmlElement) -> tuple[int, int]:
    """Return how many columns and rows a cell takes, 0 for what is no number that HTML allows."""
    return _span(cell.get("colspan", "1")), _span(cell.get("rowspan", "1"))


def _span(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0  # noqa: PLR2004  # 1000 is HTML's limit
