"""The figures of one statutory table, laid out in the data as in the form: read, and described for editors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import yaml

from nianbao.model.form import Line
from nianbao.model.report import Cell, plain, total
from nianbao.reading import numbers
from nianbao.reading.fields import COUNT, figure, object_schema
from nianbao.reading.values import Reader, describe, exact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nianbao.model.form import Form, Group, Heading, Slot, Table
    from nianbao.reading.fields import Schema

Cells = dict[tuple[str, str], Cell]


@dataclass(frozen=True, slots=True)
class TableLines:
    """The kind of value that a statutory table is in a data file: its lines, nested as the form has them."""

    table: Table

    def read(self, reader: Reader, node: yaml.Node, subject: str) -> Cells:  # noqa: ARG002  # each line has its own
        """Return every cell of the table: the typed ones read, the totals computed."""
        lines = _Lines(self.table, reader)
        lines.read(node, self.table.typed)
        lines.add_totals()
        return lines.cells

    def schema(self, title: str, description: str) -> Schema:  # noqa: ARG002  # the form describes it
        """Return the schema of the lines, with the words of the form."""
        return self._below(self.table.typed)

    def _below(self, group: Group) -> Schema:
        lines = {
            key: self._line(line) if isinstance(line, Line) else self._below(line) for key, line in group.below.items()
        }
        return object_schema(lines, list(lines), group.label)

    def _line(self, line: Line) -> Schema:
        columns = [slot.column for slot in line.slots]
        return {
            "type": "array",
            "description": f"{line.label}：{'、'.join(column.label for column in columns)}",
            "items": [figure(column.kind, self.table.maximum).schema(column.label, "") for column in columns],
            "minItems": len(columns),
            "additionalItems": False,
        }


@dataclass(frozen=True, slots=True)
class PrintedTotals:
    """The kind of value that lists the totals that an archived original prints differently, by address."""

    form: Form

    @property
    def known(self) -> Mapping[str, tuple[Table, Heading, Heading]]:
        """Every cell of the form by its address."""
        return {
            table.address(row.path, column.path): (table, row, column)
            for table in self.form.tables
            for _, row, column in table.grid
        }

    def read(self, reader: Reader, node: yaml.Node, subject: str) -> Mapping[str, yaml.Node]:
        """Return what is written for each address."""
        return reader.mapping(node, subject, required=(), optional=self.known)

    def schema(self, title: str, description: str) -> Schema:
        """Return the schema of a mapping of totals."""
        totals = [address for address, (_, row, column) in self.known.items() if row.total or column.total]
        return object_schema({address: dict(COUNT) for address in totals}, [], description or title)


def apply_printed(written: Mapping[str, yaml.Node], form: Form, cells: Mapping[str, Cells], reader: Reader) -> None:
    """Put the totals *written* for an archived original into *cells*."""
    known = PrintedTotals(form).known if written else {}
    for address, node in written.items():
        table, row, column = known[address]
        if not row.total and not column.total:
            reader.fault(node, f"{address} 不是合计；原件的数直接填在表里，这里只登记合计")
            continue
        value = reader.number(node, f"“{address}”", "count", table.maximum)
        cell = cells.get(table.id, {}).get((row.path, column.path))
        if value is None or cell is None:  # Without its line there is no cell; that is told already.
            continue
        if value == cell.value:
            reader.fault(node, f"{address} 印出的 {plain(value)} 与计算结果相同；请删去此行")
        cells[table.id][row.path, column.path] = replace(cell, printed=value, printed_place=reader.place(node))


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
        for slot, written in zip(line.slots, figures, strict=False):
            self.cells[slot.position] = self._cell(written, slot, line)

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
