"""A wide table as lines that open, for narrow screens: the total of a row first, then its figures.

The same cells as in the table beside it, which print and wide screens show alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from markupsafe import Markup

from nianbao.model.report import plain, total

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nianbao.model.form import Block, Heading, Table
    from nianbao.model.report import Cell, Report

# Before the address of a cell, in marks that are read back: what the table shows there, which may be a printed total.
CELL = "cell:"

# Tables of more columns cannot be read on a telephone as they stand.
_MOST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row, or a group of columns, with its *figures*; *above* are the headings over it."""

    above: tuple[Heading, ...]
    label: str
    figures: tuple[tuple[str, Cell], ...]
    total: Cell


def render_lines(report: Report, table: Table) -> Markup:
    """Return *table* of *report* as lines that open, nothing where it is narrow enough as it stands."""
    if all(len(block.columns.leaves) <= _MOST for block in table.blocks):
        return Markup()
    found = [line for block in table.blocks for line in _lines(table, block, report.cells[table.id])]
    # What the search leaves out ends, for it, with the next end of an element of this name: there is none within.
    parts = [
        Markup('<section class="table-lines" data-search-exclude>'),
        Markup('<p class="table-lines-note">{}</p>').format(_NOTE),
    ]
    for above, lines in groupby(found, key=lambda line: line.above):
        together = list(lines)
        if above:
            labels = " ".join(heading.label for heading in above)
            sum_ = _sum(report, table, above[-1], [line.total for line in together])
            parts.append(Markup('<p class="line-group"><span>{}</span>{}</p>').format(labels, sum_))
        parts += [_line(line) for line in together]
    return Markup("\n").join([*parts, Markup("</section>")])


def _sum(report: Report, table: Table, group: Heading, totals: Sequence[Cell]) -> Markup:
    """Return what *group* comes to, where its lines are all of it and their *totals* come to that."""
    address = f"{table.id}.{group.path}"
    value = report.figure(address) if len(group.leaves) == len(totals) > 1 else None
    if value is None or value != total(cell.known for cell in totals) or any(leaf.total for leaf in group.leaves):
        return Markup()
    return Markup(' <span>合计<span class="number" data-figure="{}">{}</span></span>').format(address, plain(value))


_NOTE = "每行右边是总计，点开看各列的数；原表在下面，可以左右滑动。"


def _lines(table: Table, block: Block, cells: Mapping[tuple[str, str], Cell]) -> Iterator[Line]:
    rows, columns = block.rows.chains, block.columns.chains
    groups = [block.columns] if table.typed_by == "row" else _groups(block.columns)
    for row in block.rows.leaves:
        for group in groups:
            leaves = group.leaves
            named = [(_label(columns[leaf.path], group), cells[row.path, leaf.path]) for leaf in leaves]
            total = max(range(len(leaves)), key=lambda index: leaves[index].total)
            *above, last = rows[row.path] or _above(group, columns)
            yield Line(
                above=tuple(above),
                label=last.label,
                figures=tuple(each for index, each in enumerate(named) if index != total),
                total=named[total][1],
            )


def _groups(columns: Heading) -> Sequence[Heading]:
    return [heading for heading in columns.walk() if heading.path and heading.depth == 1]


def _above(group: Heading, columns: Mapping[str, tuple[Heading, ...]]) -> tuple[Heading, ...]:
    """Return the headings over the columns of *group*, itself included."""
    return columns[group.leaves[0].path][:-1]


def _label(chain: tuple[Heading, ...], group: Heading) -> str:
    """Return the labels of *chain* below *group*."""
    paths = [heading.path for heading in chain]
    below = chain[paths.index(group.path) + 1 :] if group.path in paths else chain
    return " ".join(heading.label for heading in below)


def _line(line: Line) -> Markup:
    figures = Markup("\n").join(
        Markup('<div><dt>{}</dt><dd class="number" data-figure="{}">{}</dd></div>').format(
            label, CELL + cell.address, cell.text
        )
        for label, cell in line.figures
    )
    return Markup(
        '<details class="folded{}">\n<summary><span>{}</span> '
        '<span class="number" data-figure="{}">{}</span></summary>\n'
        "<dl>\n{}\n</dl>\n</details>"
    ).format("" if line.above else " top", line.label, CELL + line.total.address, line.total.text, figures)
