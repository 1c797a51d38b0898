"""How an official document looks, after GB/T 9704-2012 《党政机关公文格式》: shared by Word and PDF.

Lengths are millimetres, sizes of type are points: 三号 is 16, 二号 22, 四号 14, 小四 12, 五号 10.5, 小五 9.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from nianbao.documents.blocks import plain_text
from nianbao.tables.layout import Data, Head

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.documents.blocks import ListBlock, PlainTable
    from nianbao.documents.document import Document
    from nianbao.tables.layout import Grid

# A4 with 天头 37, 订口 28 and 版心 156 x 225, which holds 22 lines of 28 characters.
PAGE_WIDTH, PAGE_HEIGHT = 210, 297
TOP, LEFT, TEXT_WIDTH, TEXT_HEIGHT = 37, 28, 156, 225
RIGHT, BOTTOM = PAGE_WIDTH - LEFT - TEXT_WIDTH, PAGE_HEIGHT - TOP - TEXT_HEIGHT
LINES, CHARACTERS = 22, 28

BODY, TITLE, PAGE_NUMBER, CAPTION, NOTE, CODE = 16, 22, 14, 14, 12, 10.5

# What a draft says above the text of every page, and across it.
DRAFT_WORDS, DRAFT_MARK = "草稿（尚未公布）", "草稿"

# As official documents number below （一）: 1. and （1）; N stands for the number.
NUMBERED, BULLET = ("N.", "（N）"), "• "

# From line to line of the title, which is larger than the grid holds, and of a table by its size of type.
TITLE_PITCH = 36
CELL_PITCH = 1.25
ROW_HEIGHT = 5.8

# How far the page number stands below the text.
NUMBER_BELOW = 7

# A line of the title holds so many characters of 22 points, with some air at both ends.
_TITLE_CHARACTERS = 19
_MM_A_POINT = 25.4 / 72

# Widths of the first columns where row headings stand within each other, as the form prints them.
_OUTER_STUB = (11.8, 24.6)
_SMALLEST_DATA, _PADDING = 10.0, 2.0
_DATA_SHARE = 0.72  # Of what the outer headings leave; the innermost headings need the rest.
# In tables of pages, cells up to so many characters stay on one line, and longer ones than so count alike.
_SHORT, _LONG, _AIR = 8, 60, 4
_PLAIN_SIZES = ((10.5, 8), (9, 14), (7.5, 10_000))  # With the most columns for each.
_CELL_SIZES = (10.5, 9, 8, 7.5, 6.5, 5.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The *widths* of a table's columns in millimetres, and the *size* of its type."""

    widths: tuple[float, ...]
    size: float


def ems(text: str) -> float:
    """Return how wide *text* is, counted in Chinese characters."""
    return sum(
        0.0 if unicodedata.combining(character) else 1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.5
        for character in text
    )


def _wide(figure: str) -> float:
    """Return how wide a *figure* may be: in some fonts digits are wider than half a Chinese character."""
    return ems(figure) * 1.16


def title_lines(document: Document) -> tuple[str, ...]:
    """Return the title in lines as even as its words allow: the agency, then the year and the name of the report."""
    title, agency = document.title, document.agency
    if not title.startswith(agency) or title == agency:
        return _even(title)
    return (*_even(agency), *_even(title.removeprefix(agency)))


def list_mark(block: ListBlock, number: int, level: int) -> str:
    """Return what stands before item *number* of a list within *level* other lists."""
    return NUMBERED[level % len(NUMBERED)].replace("N", str(number)) if block.ordered else BULLET


def note_lines(document: Document) -> tuple[str, ...]:
    """Return the notes below the title, as many to a line as it holds."""
    lines = [""]
    for note in document.notes:
        joined = f"{lines[-1]}；{note}" if lines[-1] else note
        if lines[-1] and ems(joined) > CHARACTERS - 2:
            lines.append(note)
        else:
            lines[-1] = joined
    return tuple(lines)


def _even(text: str) -> tuple[str, ...]:
    """Return *text* in as few lines as hold it, of about the same width; numbers and Latin words stay whole."""
    words = re.findall(r"[0-9A-Za-z.]+年?|[^0-9A-Za-z.][，。、；：！？）》〕”’]*", text)
    count = max(1, -(-int(ems(text) * 2) // (2 * _TITLE_CHARACTERS)))
    goal = ems(text) / count
    lines = [""]
    for word in words:
        if lines[-1] and ems(lines[-1] + word) > goal + 0.5 and len(lines) < count:
            lines.append("")
        lines[-1] += word
    return tuple(line.strip() for line in lines)


def statutory_columns(grid: Grid) -> Columns:
    """Return the columns of a statutory table: as the form prints them, wide enough for the longest figure."""
    cells = [cell for block in grid.blocks for row in block for cell in row.cells]
    longest = max((_wide(cell.cell.text) / cell.colspan for cell in cells if isinstance(cell, Data)), default=1.0)
    wide = grid.width - grid.stub > len(_OUTER_STUB) * 3  # 总计 and five kinds of bodies, and more.
    sizes = [size for size in _CELL_SIZES if not wide or size < BODY * 0.6]
    if grid.stub <= 1:
        labels = (ems(cell.label) for cell in cells if isinstance(cell, Head) and cell.scope == "row")
        equal = TEXT_WIDTH / grid.width
        first = max([equal, *(label * sizes[0] * _MM_A_POINT + _PADDING for label in labels)]) if grid.stub else equal
        first = min(first, TEXT_WIDTH / 2)
        width = (TEXT_WIDTH - first) / (grid.width - 1)
        return Columns(widths=(first, *(width,) * (grid.width - 1)), size=_fitting(longest, width, sizes))
    outer = _OUTER_STUB[: grid.stub - 1]
    count = grid.width - grid.stub
    rest = TEXT_WIDTH - sum(outer)
    size = _fitting(longest, rest * _DATA_SHARE / count, sizes)
    width = max(_SMALLEST_DATA, longest * size * _MM_A_POINT + _PADDING)
    return Columns(widths=(*outer, rest - count * width, *(width,) * count), size=size)


def _fitting(characters: float, width: float, sizes: Sequence[float]) -> float:
    """Return the largest of *sizes* in which so many *characters* stand on one line of *width*."""
    return next((size for size in sizes if characters * size * _MM_A_POINT + _PADDING <= width), sizes[-1])


def plain_columns(table: PlainTable) -> Columns:
    """Return the columns of a table that a page brings: short cells on one line, what is left to longer ones."""
    longest = [1.0] * table.width
    for row in table.rows:
        for cell in row:
            for column in range(cell.column, cell.column + cell.colspan):
                longest[column] = max(longest[column], ems(plain_text(cell.runs)) / cell.colspan)
    size = next(size for size, most in _PLAIN_SIZES if table.width <= most)
    short = [min(length, _SHORT) * size * _MM_A_POINT + _PADDING for length in longest]
    more = [min(length, _LONG) - min(length, _SHORT) + _AIR for length in longest]
    rest = TEXT_WIDTH - sum(short)
    if rest < 0:
        return Columns(widths=_whole([width * TEXT_WIDTH / sum(short) for width in short]), size=size)
    widths = [width + rest * part / sum(more) for width, part in zip(short, more, strict=True)]
    return Columns(widths=_whole(widths), size=size)


def _whole(widths: Sequence[float]) -> tuple[float, ...]:
    """Return *widths* in tenths of a millimetre that add up to the same."""
    ends = [0.0]
    for width in widths:
        ends.append(ends[-1] + width)
    return tuple(round(after, 1) - round(before, 1) for before, after in pairwise(ends))
