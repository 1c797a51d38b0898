"""Cells of a table laid out: which of them continue the cell on the left or above."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.importing.original import Cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A cell as an office program writes it: a part of a merged one that goes on *leftwards* or *upwards*, or whole.

    *content* is the place of its text among the texts of the table.
    """

    row: int
    column: int
    content: int
    columns: int = 1
    leftwards: bool = False
    upwards: bool = False


@dataclass(slots=True, kw_only=True)
class _Growing:
    row: int
    column: int
    columns: int
    content: int
    rows: int = 1


def arranged(spans: Iterable[Span], texts: Sequence[str]) -> tuple[Cell, ...]:
    """Return the cells that *spans*, in reading order, make together; a part without a beginning stands for itself."""
    cells: list[_Growing] = []
    above: dict[int, _Growing] = {}  # By column, what reaches down to the row before.
    current: dict[int, _Growing] = {}
    row = -1
    for span in spans:
        if span.row != row:
            above, current, row = (current if span.row == row + 1 else {}), {}, span.row
        before = current.get(span.column - 1)
        over = above.get(span.column)
        if span.leftwards and before is not None:
            if before.row == row:
                before.columns += span.columns
            grown = before
        elif span.upwards and over is not None and over.column == span.column:
            if over.row + over.rows == row:
                over.rows += 1
            grown = over
        else:
            grown = _Growing(row=row, column=span.column, columns=span.columns, content=span.content)
            cells.append(grown)
        for column in range(span.column, span.column + span.columns):
            current[column] = grown
    return tuple(
        Cell(text=texts[cell.content], row=cell.row, column=cell.column, rows=cell.rows, columns=cell.columns)
        for cell in cells
    )
