"""Tables of both kinds, of the form and of pages, as Word and PDF set them: cells at their places, widths, size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.documents import typography
from nianbao.documents.blocks import Run, plain_text
from nianbao.tables.layout import Head

if TYPE_CHECKING:
    from nianbao.documents.blocks import PlainTable, StatutoryTable
    from nianbao.documents.typography import Columns
    from nianbao.tables.layout import Data

LEFT, CENTER = "left", "center"

# Longer cells of pages read better from the left.
_SHORT = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCell:
    """A cell at its place: *column* counts grid columns from 0."""

    runs: tuple[Run, ...]
    column: int
    colspan: int = 1
    rowspan: int = 1
    align: str = CENTER


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRow:
    """A row with the cells that begin in it; *header* tells rows of headings, which stand above what they head."""

    cells: tuple[SetCell, ...]
    header: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SetTable:
    """A table ready to set. A table that stays *together* is not broken over pages where one holds it."""

    caption: tuple[Run, ...]
    columns: Columns
    rows: tuple[SetRow, ...]
    notes: tuple[str, ...] = ()
    together: bool = False


def set_statutory(table: StatutoryTable) -> SetTable:
    """Return a table of the form: its cells merged exactly as the form merges them."""
    return SetTable(
        caption=(Run(text=f"{table.caption}{table.unit}"),),
        columns=typography.statutory_columns(table.grid),
        rows=tuple(
            SetRow(cells=tuple(map(_cell, row.cells)), header=row.header)
            for block in table.grid.blocks
            for row in block
        ),
        notes=table.notes,
        together=True,
    )


def _cell(cell: Head | Data) -> SetCell:
    """Return a heading or a figure; the heading of a single row reads better from the left."""
    if isinstance(cell, Head):
        align = LEFT if cell.scope == "row" else CENTER
        run = Run(text=cell.label)
        return SetCell(runs=(run,), column=cell.column, colspan=cell.colspan, rowspan=cell.rowspan, align=align)
    return SetCell(runs=(Run(text=cell.cell.text),), column=cell.column, colspan=cell.colspan)


def set_plain(table: PlainTable) -> SetTable:
    """Return a table that a page brings; where its rows leave gaps, cells without text fill them."""
    covered: set[tuple[int, int]] = set()
    rows = []
    for number, row in enumerate(table.rows):
        cells = []
        for cell in row:
            covered |= {
                (number + down, cell.column + right) for down in range(cell.rowspan) for right in range(cell.colspan)
            }
            short = cell.header or typography.ems(plain_text(cell.runs)) <= _SHORT
            cells.append(
                SetCell(
                    runs=cell.runs,
                    column=cell.column,
                    colspan=cell.colspan,
                    rowspan=cell.rowspan,
                    align=CENTER if short else LEFT,
                )
            )
        cells += [SetCell(runs=(), column=column) for column in range(table.width) if (number, column) not in covered]
        cells.sort(key=lambda cell: cell.column)
        rows.append(SetRow(cells=tuple(cells), header=number < table.head))
    return SetTable(caption=table.caption, columns=typography.plain_columns(table), rows=tuple(rows))
