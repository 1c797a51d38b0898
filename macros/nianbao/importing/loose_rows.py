"""Lines of a table that nothing divides, made the rows of a form: labels over several lines are put together.

Where a row begins and ends, only its label tells. Lines between two rows of figures belong to the one or the other
as their labels fit best.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nianbao.importing.labels import best, normalised, similarity
from nianbao.importing.original import Cell, Table
from nianbao.importing.values import is_figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nianbao.model.form import Form

# A label that was put together is at least so like that of the form.
_LIKE = 0.85
# What the label of a group is behind that of a row.
_GROUP = 0.05
# No label takes more lines above or below its figures.
_MOST = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A line of a page: its words left of the first figure of the table by column, its figures, other words.

    *part* is the part of the table that it stands in, *row* its number there.
    """

    part: int
    row: int
    labels: Mapping[int, str]
    figures: tuple[Cell, ...]
    others: tuple[Cell, ...]

    def words(self) -> Iterator[Cell]:
        """Yield the words on the left as cells."""
        yield from (Cell(text=text, row=self.row, column=at) for at, text in self.labels.items())


def whole_rows(form: Form, parts: Sequence[Table]) -> tuple[Table, ...]:
    """Return *parts* of a table, whose rows are lines of pages, with a row for each row of *form* that is found whole.

    Rows keep their numbers, those of their figures. Words that belong to no row stay where they are.
    """
    labels = _Labels(form)
    cells: dict[int, list[Cell]] = defaultdict(list)
    stretch: list[_Line] = []
    for line in [*_lines(parts), None]:
        if line is not None and not labels.over_columns(line.others):
            stretch.append(line)
            continue
        for part, cell in _rows(stretch, labels):
            cells[part].append(cell)
        stretch = []
        if line is not None:
            cells[line.part] += (*line.words(), *line.figures, *line.others)
    return tuple(replace(table, cells=tuple(cells[at])) for at, table in enumerate(parts))


class _Labels:
    """The labels that a form prints beside rows and over columns."""

    def __init__(self, form: Form) -> None:
        blocks = [block for table in form.tables for block in table.blocks]
        rows = [heading for block in blocks for heading in block.rows.walk() if heading.label]
        self._rows = tuple(dict.fromkeys(heading.label for heading in rows))
        self._groups = frozenset(heading.label for heading in rows if heading.children)
        over = (heading.label for block in blocks for heading in block.columns.walk())
        self._over = frozenset(filter(None, map(normalised, (*over, *(block.caption for block in blocks)))))

    def over_columns(self, cells: Sequence[Cell]) -> bool:
        """Say whether *cells* are words over columns, or pieces of them."""
        texts = [text for cell in cells if (text := normalised(cell.text))]
        return bool(texts) and all(any(text in label for label in self._over) for text in texts)

    def likeness(self, text: str) -> float:
        """Return how like *text* is to the label of a row that it means; a row of its own goes before a group."""
        label = best(text, self._rows) if text else None
        return 0.0 if label is None else similarity(text, label) - _GROUP * (label in self._groups)


def _lines(parts: Sequence[Table]) -> Iterator[_Line]:
    rows: dict[tuple[int, int], list[Cell]] = defaultdict(list)
    for part, table in enumerate(parts):
        for cell in table.cells:
            rows[part, cell.row].append(cell)
    first = min((cell.column for cells in rows.values() for cell in cells if is_figure(cell.text)), default=0)
    for (part, row), cells in sorted(rows.items()):
        right = [cell for cell in cells if cell.column >= first]
        yield _Line(
            part=part,
            row=row,
            labels={cell.column: cell.text for cell in cells if cell.column < first},
            figures=tuple(cell for cell in right if is_figure(cell.text)),
            others=tuple(cell for cell in right if not is_figure(cell.text)),
        )


def _rows(lines: Sequence[_Line], labels: _Labels) -> Iterator[tuple[int, Cell]]:
    """Yield the cells of the rows that *lines* make, with their parts."""
    rows = [at for at, line in enumerate(lines) if line.figures and not line.others]
    most = max((len(line.figures) for line in lines), default=0)
    # Figures without a label of the form may be the rest of those above or below, but for a whole row of several;
    # words that stand among figures are as well.
    torn = {at for at, line in enumerate(lines) if line.others} | {
        at
        for at, share in zip(rows, _shares(lines, rows, labels), strict=True)
        if len(lines[at].figures) < max(2, most) and _label(lines, *share, labels)[0] < _LIKE
    }
    rows = [at for at in rows if at not in torn]
    used: set[int] = set()
    rest = _rest(torn, rows, _shares(lines, rows, labels))
    for at, share in zip(rows, _shares(lines, rows, labels), strict=True):
        line = lines[at]
        likeness, column, text = _label(lines, *share, labels)
        own = {each for each in range(*share) if column in lines[each].labels}
        if likeness < _LIKE and len(own) > 1:
            # Words from several lines that make no label say nothing of the figures.
            continue
        used |= own
        yield line.part, Cell(text=text, row=line.row, column=column)
        more = [cell for each in rest.get(at, ()) for cell in (*lines[each].figures, *lines[each].others)]
        known = {cell.column for cell in line.figures}
        for cell in line.figures:
            # What stands in no column of the row makes all of it doubtful.
            texts = [other.text for other in more if other.column == cell.column or other.column not in known]
            yield line.part, replace(cell, text="\n".join([cell.text, *texts]))
    for at, line in enumerate(lines):
        if at not in used:
            yield from ((line.part, cell) for cell in line.words())


def _rest(torn: Iterable[int], rows: Sequence[int], shares: Sequence[tuple[int, int]]) -> Mapping[int, Sequence[int]]:
    """Return the *torn* lines of figures by the rows that they may be the rest of: that whose label goes on there."""
    found: dict[int, list[int]] = defaultdict(list)
    for at in sorted(torn):
        holding = [row for row, (start, until) in zip(rows, shares, strict=True) if start <= at < until]
        beside = [row for row in rows if row < at][-1:] + [row for row in rows if row > at][:1]
        for row in holding or beside:
            found[row].append(at)
    return found


def _shares(lines: Sequence[_Line], rows: Sequence[int], labels: _Labels) -> list[tuple[int, int]]:
    """Return from where until where the lines reach that are one row with each of *rows*, by the best labels."""
    if not rows:
        return []
    bounds = [max(0, rows[0] - _MOST), *rows, min(len(lines), rows[-1] + 1 + _MOST)]
    # How good all rows before are at best, by the line with which the next begins, and how they lie.
    known: dict[int, tuple[float, list[tuple[int, int]]]] = {
        start: (0.0, []) for start in range(rows[0], bounds[0] - 1, -1)
    }
    for number, at in enumerate(rows):
        last = number + 1 == len(rows)
        following = bounds[-1] if last else rows[number + 1]
        found: dict[int, tuple[float, list[tuple[int, int]]]] = {}
        for until in range(min(following, at + 1 + _MOST), at, -1):
            scores = [
                (before[0] + _label(lines, start, until, labels)[0], -start, before[1], start)
                for start, before in known.items()
                if start <= at
            ]
            if scores:
                score, _, way, start = max(scores, key=lambda each: (each[0], -each[1]))
                found[until] = score, [*way, (start, until)]
        if not last:
            # Lines too far from both belong to neither.
            nearest = max(found)
            found.update({start: found[nearest] for start in range(nearest + 1, following + 1) if start not in found})
        known = found
    return max(known.values(), key=lambda each: each[0])[1]


def _label(lines: Sequence[_Line], start: int, until: int, labels: _Labels) -> tuple[float, int, str]:
    """Return the words that *lines* from *start* up to *until* have in one column of labels, those most like a label.

    How like they are comes first, the column second: of several the last, for labels of groups stand before it.
    """
    found = []
    for column in {column for line in lines[start:until] for column in line.labels}:
        text = "".join(line.labels.get(column, "") for line in lines[start:until])
        found.append((labels.likeness(text), column, text))
    return max(found, default=(0.0, 0, ""))
