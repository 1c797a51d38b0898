"""Reads the figures of one statutory table, laid out in the data as in the form."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import yaml

from nianbao.model.form import Line
from nianbao.model.report import Cell, plain, total
from nianbao.reading import numbers
from nianbao.reading.values import Reader, describe, exact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nianbao.model.form import Form, Group, Slot, Table

Cells = dict[tuple[str, str], Cell]


def read_cells(node: yaml.Node, table: Table, reader: Reader) -> Cells:
    """Return every cell of *table*: the typed ones read, the totals computed."""
    lines = _Lines(table, reader)
    lines.read(node, table.typed)
    lines.add_totals()
    return lines.cells


def read_printed(node: yaml.Node, form: Form, cells: Mapping[str, Cells], reader: Reader) -> None:
    """Put the totals that an archived original prints differently into *cells*."""
    known = {
        table.address(row.path, column.path): (table, row, column)
        for table in form.tables
        for _, row, column in table.grid
    }
    for address, written in reader.mapping(node, "原件印出的合计", required=(), optional=known).items():
        table, row, column = known[address]
        if not row.total and not column.total:
            reader.fault(written, f"{address} 不是合计；原件的数直接填在表里，这里只登记合计")
            continue
        value = reader.number(written, f"“{address}”", "count", table.maximum)
        cell = cells.get(table.id, {}).get((row.path, column.path))
        if value is None or cell is None:  # Without its line there is no cell; that is told already.
            continue
        if value == cell.value:
            reader.fault(written, f"{address} 印出的 {plain(value)} 与计算结果相同；请删去此行")
        cells[table.id][row.path, column.path] = replace(cell, printed=value, printed_place=reader.place(written))


class _Lines:
    """The lines of one table, collected into *cells*."""

    def __init__(self, table: Table, reader: Reader) -> None:
        self.table = table
        self.reader = reader
        self.cells: Cells = {}

    def read(self, node: yaml.Node, group: Group) -> None:
        """Read the lines of *group*; the data nest as the headings of the form do."""
        for key, child in self.reader.mapping(node, f"“{group.label}”", required=group.labels).items():
            below = group.below[key]
            if isinstance(below, Line):
                self._line(child, below)
            else:
                self.read(child, below)

    def _line(self, node: yaml.Node, line: Line) -> None:
        """Read one line of figures into its cells."""
        if not isinstance(node, yaml.SequenceNode):
            wanted = f"{_wanted(line)}的列表"
            hint = "请用方括号括起来，数字之间用逗号隔开"
            self.reader.fault(node, f"“{line.label}”应为 {wanted}，实际为{describe(node)}；{hint}")
            return
        figures = node.value
        if len(figures) != len(line.slots):
            more = "合计不用填，数字中不能有千位逗号"
            less = "没有发生时填 0，原件无法辨认时填“不详”，数字之间用半角逗号"
            wanted = f"{_wanted(line)}，实际有 {len(figures)} 个"
            self.reader.fault(node, f"“{line.label}”应有 {wanted}；{more if len(figures) > len(line.slots) else less}")
            # Each figure is still looked at, so that its own mistakes are told now.
        for slot, figure in zip(line.slots, figures, strict=False):
            self.cells[slot.position] = self._cell(figure, slot, line)

    def _cell(self, node: yaml.Node, slot: Slot, line: Line) -> Cell:
        column = slot.column
        value = exact(node, column.kind, self.table.maximum)
        if value is None and node.value != numbers.UNKNOWN:
            # Nearly every figure is in order; words for a message are made only for one that is not.
            self.reader.number(node, f"“{line.label}”的“{column.label}”", column.kind, self.table.maximum)
        return Cell(
            address=slot.address,
            unit=column.unit,
            value=value,
            place=self.reader.place(node),
            # Digits alone do not say the sign of a change or the unit of an amount.
            written=str(node.value) if column.kind in {"amount", "change"} else "",
        )

    def add_totals(self) -> None:
        """Add the computed cells. Where a line is missing or short, its own finding is recorded already."""
        for added in self.table.totals:
            known = [self.cells[part] for part in added.parts if part in self.cells]
            if not known or len(known) < len(added.parts):
                continue
            self.cells[added.position] = Cell(
                address=added.address,
                unit=added.column.unit,
                value=total(cell.value for cell in known),
                place=known[0].place,
                computed=True,
            )


def _wanted(line: Line) -> str:
    return f"{len(line.slots)} 个数（{'、'.join(slot.column.label for slot in line.slots)}）"
