"""Tables from the lines that are drawn around their cells."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from nianbao.importing.readers.page_marks import Box

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# Lines so near, in points, are one line, or touch.
_NEAR = 2.5
# A line must go along so much of a cell's side to divide it from the next.
_COVERED = 0.6
# Cells narrower than this hold no text.
_LEAST = 4.0
_MOST_LINES = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class RuledCell:
    """A cell by its first row and column in the grid, with how many it covers, and its box on the page."""

    row: int
    column: int
    rows: int
    columns: int
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class RuledTable:
    """The cells between lines that hang together, from left to right and from top to bottom."""

    cells: tuple[RuledCell, ...]
    box: Box


@dataclass(frozen=True, slots=True)
class _Line:
    """A line along an axis, *at* a place across it, *start* to *end* along it."""

    at: float
    start: float
    end: float


def ruled_tables(strokes: Iterable[Box]) -> tuple[RuledTable, ...]:
    """Return the tables that *strokes* draw, from top to bottom."""
    across = _joined([_Line((s.y0 + s.y1) / 2, s.x0, s.x1) for s in strokes if s.width >= s.height])
    down = _joined([_Line((s.x0 + s.x1) / 2, s.y0, s.y1) for s in strokes if s.height > s.width])
    tables = (_table(rows, columns) for rows, columns in _connected(across, down))
    return tuple(sorted((table for table in tables if table is not None), key=lambda table: table.box.y0))


def _joined(lines: list[_Line]) -> list[_Line]:
    """Return *lines* with those that go on, or lie beside, one another made one."""
    joined: list[_Line] = []
    for group in _clusters(lines):
        at = sum(line.at for line in group) / len(group)
        start, end = group[0].start, group[0].end
        for line in sorted(group, key=lambda line: line.start):
            if line.start > end + _NEAR:
                joined.append(_Line(at, start, end))
                start, end = line.start, line.end
            start, end = min(start, line.start), max(end, line.end)
        joined.append(_Line(at, start, end))
    return joined


def _clusters(lines: list[_Line]) -> Iterator[list[_Line]]:
    group: list[_Line] = []
    for line in sorted(lines, key=lambda line: (line.at, line.start)):
        if group and line.at - group[0].at > _NEAR:
            yield sorted(group, key=lambda line: line.start)
            group = []
        group.append(line)
    if group:
        yield sorted(group, key=lambda line: line.start)


def _connected(across: Sequence[_Line], down: Sequence[_Line]) -> Iterator[tuple[list[_Line], list[_Line]]]:
    """Yield the lines that cross or touch one another, table by table."""
    if len(across) > _MOST_LINES or len(down) > _MOST_LINES:
        return
    neighbours: dict[int, list[int]] = defaultdict(list)
    for i, row in enumerate(across):
        for j, column in enumerate(down, len(across)):
            meets = row.start - _NEAR <= column.at <= row.end + _NEAR and (
                column.start - _NEAR <= row.at <= column.end + _NEAR
            )
            if meets:
                neighbours[i].append(j)
                neighbours[j].append(i)
    seen: set[int] = set()
    for first in range(len(across)):
        if first in seen or first not in neighbours:
            continue
        waiting, group = [first], set()
        while waiting:
            at = waiting.pop()
            if at not in group:
                group.add(at)
                waiting.extend(neighbours[at])
        seen |= group
        yield (
            [across[i] for i in sorted(group) if i < len(across)],
            [down[i - len(across)] for i in sorted(group) if i >= len(across)],
        )


def _places(lines: Iterable[_Line], ends: Iterable[float]) -> list[float]:
    """Return the places of *lines*, and of the edges of a table that is open there."""
    places = sorted({line.at for line in lines})
    low, high = min(ends), max(ends)
    # The verticals, or horizontals, go on beyond the last line across them: a page cut the table, or it has no frame.
    if places and places[0] - low > _LEAST:
        places.insert(0, low)
    if places and high - places[-1] > _LEAST:
        places.append(high)
    kept = places[:1]
    for place in places[1:]:
        if place - kept[-1] > _NEAR:
            kept.append(place)
    return kept


def _table(across: list[_Line], down: list[_Line]) -> RuledTable | None:
    if not across or not down or len(across) + len(down) < 4:  # noqa: PLR2004  # a frame has four sides
        return None
    ys = _places(across, [end for line in down for end in (line.start, line.end)])
    xs = _places(down, [end for line in across for end in (line.start, line.end)])
    height, width = len(ys) - 1, len(xs) - 1
    if height < 1 or width < 1 or height * width < 2:  # noqa: PLR2004  # a box around text is no table
        return None
    parent = list(range(height * width))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    for row, (top, bottom) in enumerate(pairwise(ys)):
        for column, (left, right) in enumerate(pairwise(xs)):
            here = row * width + column
            if column + 1 < width and not _divides(down, right, top, bottom):
                parent[root(here + 1)] = root(here)
            if row + 1 < height and not _divides(across, bottom, left, right):
                parent[root(here + width)] = root(here)
    groups: dict[int, list[int]] = defaultdict(list)
    for at in range(height * width):
        groups[root(at)].append(at)
    cells = tuple(cell for group in groups.values() for cell in _cells(group, width, xs, ys))
    return RuledTable(cells=cells, box=Box(xs[0], ys[0], xs[-1], ys[-1])) if len(cells) > 1 else None


def _divides(lines: Iterable[_Line], at: float, start: float, end: float) -> bool:
    """Say whether lines at *at* go along most of the side from *start* to *end*."""
    covered = sum(max(0.0, min(line.end, end) - max(line.start, start)) for line in lines if abs(line.at - at) <= _NEAR)
    return covered >= _COVERED * (end - start)


def _cells(group: list[int], width: int, xs: Sequence[float], ys: Sequence[float]) -> Iterator[RuledCell]:
    """Yield the cell of a *group* of fields; where it is no rectangle, a cell for each row of it."""
    rows, columns = [at // width for at in group], [at % width for at in group]
    top, bottom, left, right = min(rows), max(rows), min(columns), max(columns)
    if (bottom - top + 1) * (right - left + 1) == len(group):
        box = Box(xs[left], ys[top], xs[right + 1], ys[bottom + 1])
        yield RuledCell(row=top, column=left, rows=bottom - top + 1, columns=right - left + 1, box=box)
        return
    for row in range(top, bottom + 1):
        own = sorted(at % width for at in group if at // width == row)
        start = own[0]
        for one, following in pairwise([*own, own[-1] + 2]):
            if following != one + 1:
                box = Box(xs[start], ys[row], xs[one + 1], ys[row + 1])
                yield RuledCell(row=row, column=start, rows=1, columns=one - start + 1, box=box)
                start = following
