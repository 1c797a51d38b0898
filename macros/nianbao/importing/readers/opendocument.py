"""OpenDocument sheets (.ods): ODF 1.3 part 3, chapter 9. Spans and formulas without a value are read here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nianbao.importing.original import OBJECT, Cell, Table
from nianbao.importing.readers.packages import Package
from nianbao.importing.readers.sheet import MOST_CELLS, too_large

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from nianbao.importing.original import Content

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
# What stands beside a cell's text without being it.
_APART = frozenset({f"{_OFFICE}annotation", f"{_TEXT}note"})


def read_opendocument(data: bytes) -> tuple[Content, ...]:
    """Return the visible sheets of the .ods file in *data*; places are 工作表“…”. Raises RefusedError."""
    root = Package(data).tree("content.xml")
    hidden = {
        style.get(f"{_STYLE}name")
        for style in root.iter(f"{_STYLE}style")
        for properties in style.iter(f"{_STYLE}table-properties")
        if properties.get(f"{_TABLE}display") == "false"
    }
    tables = (
        Table(cells=tuple(_cells(table)), place=f"工作表“{table.get(f'{_TABLE}name', '')}”")
        for table in root.iter(f"{_TABLE}table")
        if table.get(f"{_TABLE}style-name") not in hidden
    )
    return tuple(table for table in tables if table.cells)


def _cells(table: Element) -> Iterator[Cell]:
    name = table.get(f"{_TABLE}name", "")
    row, area = 0, 0
    for line in table.iter(f"{_TABLE}table-row"):
        times = _number(line, "number-rows-repeated")
        cells = list(_row(line))
        filled = any(text for text, *_ in cells)
        visible = line.get(f"{_TABLE}visibility", "visible") == "visible"
        for _ in range(times if filled else 1):
            # Empty rows to the end of the sheet are written as one that is repeated; nothing stands in them.
            column = 0
            for text, repeated, rows, columns, covered in cells:
                for _ in range(repeated if text or column + repeated <= _last(cells) else 0):
                    area += 1
                    if area > MOST_CELLS:
                        raise too_large(name)
                    if visible and not covered:
                        yield Cell(text=text, row=row, column=column, rows=rows, columns=columns)
                    column += 1
            row += 1
        if not filled:
            row += times - 1


def _last(cells: list[tuple[str, int, int, int, bool]]) -> int:
    """Return how many columns stand before the last run of empty cells, which may reach to the end of the sheet."""
    *before, last = cells
    kept = cells if last[0] or last[1] <= 64 else before  # noqa: PLR2004  # no form has so many empty cells in a row
    return sum(repeated for _, repeated, *_ in kept)


def _row(line: Element) -> Iterator[tuple[str, int, int, int, bool]]:
    """Yield text, times, rows, columns of each cell of *line*, and whether another one covers it."""
    for cell in line:
        if cell.tag not in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
            continue
        yield (
            _text(cell),
            _number(cell, "number-columns-repeated"),
            _number(cell, "number-rows-spanned"),
            _number(cell, "number-columns-spanned"),
            cell.tag == f"{_TABLE}covered-table-cell",
        )


def _text(cell: Element) -> str:
    type_ = cell.get(f"{_OFFICE}value-type")
    value = cell.get(f"{_OFFICE}value")
    text = "\n".join("".join(_words(each)) for each in cell.iterchildren(f"{_TEXT}p"))
    if type_ in {"float", "currency"} and value is not None:
        digits = re.sub(r"\.0+$", "", value)
        # What is shown may have a sign or a unit more; where it has other digits, those that are stored hold.
        return text if re.sub("[^0-9.]", "", text) == digits.lstrip("-") else digits
    if not text.strip() and (cell.get(f"{_TABLE}formula") or cell.find(f".//{_DRAW}image") is not None):
        return OBJECT
    return text


def _words(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag not in _APART:
            yield " " * _number(child, "c") if child.tag == f"{_TEXT}s" else "".join(_words(child))
        yield child.tail or ""


def _number(element: Element, name: str) -> int:
    text = element.get(f"{_TABLE}{name}", "1")
    return min(int(text), 1_100_000) if re.fullmatch("[0-9]{1,9}", text) and int(text) else 1
