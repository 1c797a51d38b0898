"""What a reader of a table must know: cells that cannot be read, totals that the original prints otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.model.report import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nianbao.model.form import Table
    from nianbao.model.report import Cell

UNREAD = "标“不详”的，原件无法辨认，不按 0 计；含有它的合计不能核算。"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedNote:
    """A note on a total that stands as the original prints it: the *cell* by its name, and what adding up gives."""

    cell: Cell
    name: str
    text: str

    def __str__(self) -> str:
        return f"{self.name}{self.text}"


def has_unread(table: Table, cells: Mapping[tuple[str, str], Cell]) -> bool:
    """Say whether a typed cell of *table* is unknown, so that `UNREAD` must stand below it."""
    found = (cells[row.path, column.path] for _, row, column in table.grid)
    return any(cell.value is None and not cell.computed for cell in found)


def printed_notes(table: Table, cells: Mapping[tuple[str, str], Cell]) -> tuple[PrintedNote, ...]:
    """Return a note for each total of *table* that stands as printed, in reading order."""
    named = ((row.label, column.label, cells[row.path, column.path]) for _, row, column in table.grid)
    return tuple(
        PrintedNote(cell=cell, name=f"“{row}”的“{column}”", text=f"按原件记为 {cell.text}，{_added_up(cell)}。")
        for row, column, cell in named
        if cell.printed is not None
    )


def _added_up(cell: Cell) -> str:
    return "有分项不详，不能核算" if cell.value is None else f"各分项相加为 {plain(cell.value)}"


def note_texts(table: Table, cells: Mapping[tuple[str, str], Cell]) -> tuple[str, ...]:
    """Return the notes below *table* as whole sentences."""
    unread = [f"注：{UNREAD}"] if has_unread(table, cells) else []
    return (*unread, *(f"注：{note}" for note in printed_notes(table, cells)))


def units_text(table: Table) -> str:
    """Return what the caption says of units, or nothing where the cells carry theirs."""
    return f"（单位：{'、'.join(table.units)}）" if table.units else ""
