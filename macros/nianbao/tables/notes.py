"""What a reader of a table must know: cells that cannot be read, remarks, totals that are printed otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.model.report import plain
from nianbao.reading.numbers import BLANK, OPEN, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nianbao.model.form import Block, Heading, Table
    from nianbao.model.report import Cell, Report

UNREAD = "标“不详”的，原件无法辨认，不按 0 计；含有它的合计不能核算。"
WAITING = "标“待填”的，还没有填写。"
EMPTY = "空白的格，原件此格空白，不按 0 计；含有它的合计不能核算。"
EMPTY_AS_ZERO = "空白的格，原件此格空白；这份报告以空白表示没有发生，合计按 0 计。"
EMPTY_TOTAL = "空白的合计，原件此格空白；各分项相加的结果见数据下载。"


@dataclass(frozen=True, slots=True, kw_only=True)
class CellNote:
    """A note on a single *cell*, called *name*: its remark, and what adding up gives where it is printed otherwise."""

    cell: Cell
    name: str
    text: str

    def __str__(self) -> str:
        return f"{self.name}{self.text}"


def table_notes(table: Table, cells: Mapping[tuple[str, str], Cell]) -> tuple[str, ...]:
    """Return what readers must know of *table*, and what its words and empty cells in place of figures mean."""
    found = [cells[row.path, column.path] for _, row, column in table.grid]
    typed = {(cell.gap, cell.value is None) for cell in found if cell.gap and not cell.computed}
    notes = {
        WAITING: (OPEN, True) in typed,
        UNREAD: (UNKNOWN, True) in typed,
        EMPTY: (BLANK, True) in typed,
        EMPTY_AS_ZERO: (BLANK, False) in typed,
        EMPTY_TOTAL: any(cell.gap == BLANK and cell.computed for cell in found),
    }
    return (*table.notes, *(note for note, needed in notes.items() if needed))


def cell_notes(table: Table, cells: Mapping[tuple[str, str], Cell]) -> tuple[CellNote, ...]:
    """Return a note for each cell of *table* with a remark and each total that stands as printed, in reading order."""
    named = ((owner(block, row, column), column, cells[row.path, column.path]) for block, row, column in table.grid)
    return tuple(
        CellNote(cell=cell, name=f"“{name}”的“{column.label}”", text=_said(cell))
        for name, column, cell in named
        if noted(cell)
    )


def noted(cell: Cell) -> bool:
    """Say whether the table has a note on *cell*."""
    return bool(cell.remark) or _otherwise(cell)


def _otherwise(cell: Cell) -> bool:
    """Say whether *cell* is a total that stands as the original prints it and not as it is computed."""
    return cell.printed is not None or (cell.computed and cell.gap == UNKNOWN)


def _said(cell: Cell) -> str:
    if not _otherwise(cell):
        return f"：{cell.remark}。"
    return f"{_stands(cell)}，{_added_up(cell)}{'；' if cell.remark else ''}{cell.remark}。"


def owner(block: Block, row: Heading, column: Heading) -> str:
    """Return the label of the row, or in a table without rows that of the group in which *column* stands."""
    above = column.path.rpartition(".")[0]
    return row.label or next((heading.label for heading in block.columns.walk() if heading.path == above), "")


def remarks(report: Report, address: str, label: str) -> Iterator[str]:
    """Yield what the original remarks on the figure at *address*, called *label*, and why it is not what it shows.

    That is: why it is not the sum of its parts, or not what the table shows.
    """
    totals = report.totals(address)
    own = report.cell(address)
    for cell in dict.fromkeys((own, *totals)):
        if cell is not None and cell.remark:
            yield f"“{label}”：{cell.remark}"
    for cell in totals:
        name = label if len(totals) == 1 else report.form.label(cell.address.rpartition(".")[0])
        if cell.printed is not None and cell.value is not None:
            sums = f"原件印出的合计是{plain(cell.printed)}，各分项相加为{plain(cell.value)}，这里用后一个数"
            yield f"“{name}”：{sums}"
        elif cell.printed is not None:
            yield f"“{name}”：有分项{cell.missing}，这里用原件印出的合计{plain(cell.printed)}"


def _stands(cell: Cell) -> str:
    return f"按原件记为 {cell.text}" if cell.printed is not None else "原件无法辨认"


def _added_up(cell: Cell) -> str:
    return f"有分项{cell.missing}，不能核算" if cell.value is None else f"各分项相加为 {plain(cell.value)}"


def note_texts(table: Table, cells: Mapping[tuple[str, str], Cell]) -> tuple[str, ...]:
    """Return the notes below *table* as whole sentences."""
    whole = (f"注：{note}" for note in table_notes(table, cells))
    return (*whole, *(f"注：{note}" for note in cell_notes(table, cells)))


def units_text(table: Table) -> str:
    """Return what the caption says of units, or nothing where the cells carry theirs."""
    return f"（单位：{'、'.join(table.units)}）" if table.units else ""
