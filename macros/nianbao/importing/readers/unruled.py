"""Tables that no lines are drawn around: what stands apart on a line are cells, figures below each other are columns.

A row of such a table is a line of the page; which lines make one row of a form, only its labels can tell.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from nianbao.importing.original import Cell, Table
from nianbao.importing.values import is_blank, is_figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nianbao.importing.readers.page_marks import Glyph

# Cells stand apart by so much of the height of a line, at the beginning of a column by so much; starts so near, in
# points, are those of one column.
_APART, _BLANK = 0.8, 0.28
_NEAR = 4.0
# A table has so many lines with figures.
_LEAST = 2
_MOST_LINES = 400
# The number of a page, which a figure that goes on in a second line never looks like.
_PAGE_NUMBER = re.compile(r"[-—–－·]\s?[0-9]{1,4}\s?[-—–－·]|第\s?[0-9]{1,4}\s?页.{0,20}")
# A heading of the report, or a sentence, stands between tables.
_BETWEEN = re.compile(r"(?:[一二三四五六七八九十]{1,3}、.*|.{8,})(?:情况|事项)|.*[。；！？].*")


@dataclass(frozen=True, slots=True)
class _Piece:
    """What stands together on a line."""

    text: str
    x0: float
    x1: float

    @property
    def figure(self) -> bool:
        """Whether it is a figure, or a sign in place of one."""
        return is_figure(self.text) and not is_blank(self.text)


@dataclass(frozen=True, slots=True)
class _Line:
    page: int
    row: Sequence[Glyph]
    pieces: Sequence[_Piece]

    @property
    def text(self) -> str:
        return " ".join(piece.text for piece in self.pieces)

    @property
    def single(self) -> bool:
        """Whether nothing stands apart on it."""
        return len(self.pieces) == 1


def unruled_tables(pages: Sequence[Sequence[Sequence[Glyph]]]) -> tuple[tuple[Table, ...], ...]:
    """Return the tables that *pages* show, each a table for every page that it stands on, with the same columns.

    A page is its lines, from top to bottom. Places are 第3页无线表2, which is the second on that page.
    """
    counts: Counter[int] = Counter()
    found: list[tuple[Table, ...]] = []
    for lines in _regions(list(_lines(pages))):
        cells = list(_cells(lines))
        if not any(cells):
            continue
        tables = []
        for page in dict.fromkeys(line.page for line in lines):
            counts[page] += 1
            own = [row for row, line in zip(cells, lines, strict=True) if line.page == page]
            placed = tuple(replace(cell, row=at) for at, row in enumerate(own) for cell in row)
            tables.append(Table(cells=placed, place=f"第{page}页无线表{counts[page]}", page=page))
        found.append(tuple(tables))
    return tuple(found)


def _lines(pages: Sequence[Sequence[Sequence[Glyph]]]) -> Iterator[_Line]:
    """Yield the lines of *pages*, but for the numbers of pages above and below."""
    for number, rows in enumerate(pages, 1):
        lines = [_Line(number, row, pieces) for row in rows if (pieces := _pieces(row))]
        for edge in (0, -1):
            if lines and lines[edge].single and _PAGE_NUMBER.fullmatch(lines[edge].text):
                lines.pop(edge)
        yield from lines


def _pieces(row: Sequence[Glyph], starts: Sequence[float] = ()) -> list[_Piece]:
    """Return what stands apart in *row*; with a small gap before it also what begins where a column *starts*."""
    pieces: list[_Piece] = []
    for glyph in row:
        if glyph.text.isspace():
            continue
        last = pieces[-1] if pieces else None
        gap = glyph.box.x0 - last.x1 if last is not None else 0.0
        begins = gap > _BLANK * glyph.box.height and any(abs(glyph.box.x0 - start) <= _NEAR for start in starts)
        if last is not None and gap <= _APART * glyph.box.height and not begins:
            pieces[-1] = _Piece(last.text + glyph.text, last.x0, max(last.x1, glyph.box.x1))
        else:
            pieces.append(_Piece(glyph.text, glyph.box.x0, glyph.box.x1))
    return pieces


def _regions(lines: Sequence[_Line]) -> Iterator[list[_Line]]:
    """Yield the lines that stand between headings and sentences, where several of them have figures."""
    region: list[_Line] = []
    for line in [*lines, None]:
        if line is not None and not (line.single and _BETWEEN.fullmatch(line.text)):
            region.append(line)
            continue
        figures = sum(not each.single and any(piece.figure for piece in each.pieces) for each in region)
        if figures >= _LEAST and len(region) <= _MOST_LINES:
            yield region
        region = []


def _cells(lines: Sequence[_Line]) -> Iterator[list[Cell]]:
    """Yield the cells of each of *lines*; of one in which two figures stand in one column, none."""
    columns = _columns([piece for line in lines for piece in line.pieces if piece.figure])
    left = columns[0][0]
    labels = [piece for line in lines for piece in line.pieces if piece.x1 < left]
    # Labels below each other begin at one place, are set in the middle, or end at one place.
    place = min((_begin, _middle, _end), key=lambda place: len(_places(map(place, labels))))
    starts = _places(map(place, labels))
    begins = starts if place is _begin else ()
    edges = [(one[1] + other[0]) / 2 for one, other in pairwise(columns)]
    for row, line in enumerate(_pieces(line.row, begins) for line in lines):
        taken: dict[int, Cell] = {}
        for piece in line:
            if piece.x1 < left:
                first = last = sum(start <= place(piece) for start in starts) - 1
            else:
                over = [at for at, (x0, x1) in enumerate(columns) if piece.x0 < x1 and x0 < piece.x1]
                over = over or [sum(edge < _middle(piece) for edge in edges)]
                first, last = len(starts) + over[0], len(starts) + over[-1]
            before = taken.get(first)
            if before is None:
                taken[first] = Cell(text=piece.text, row=row, column=first, columns=last - first + 1)
            elif is_figure(before.text) or piece.figure:
                taken.clear()
                break
            else:
                # Printers set the characters of a short label apart.
                wide = max(before.columns, last - first + 1)
                taken[first] = Cell(text=before.text + piece.text, row=row, column=first, columns=wide)
        yield list(taken.values())


def _columns(figures: Sequence[_Piece]) -> list[tuple[float, float]]:
    """Return where the columns lie from left to right: figures that overlap stand in one."""
    columns: list[tuple[float, float]] = []
    for figure in sorted(figures, key=lambda piece: piece.x0):
        if columns and figure.x0 <= columns[-1][1]:
            columns[-1] = columns[-1][0], max(columns[-1][1], figure.x1)
        else:
            columns.append((figure.x0, figure.x1))
    return columns


def _begin(piece: _Piece) -> float:
    return piece.x0


def _middle(piece: _Piece) -> float:
    return (piece.x0 + piece.x1) / 2


def _end(piece: _Piece) -> float:
    return piece.x1


def _places(places: Iterable[float]) -> list[float]:
    """Return the first of *places* of each column, where those lie near each other."""
    starts: list[float] = []
    for place in sorted(places):
        if not starts or place - starts[-1] > _NEAR:
            starts.append(place)
    return starts
