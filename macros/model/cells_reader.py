"""Reads the figures of one statutory table, laid out in the data as in the form."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from macros.model.report import Cell, plain, total
from macros.reading import numbers
from macros.reading.values import Reader, describe

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import yaml

    from macros.model.form import Block, Form, Heading, Table

Cells = dict[tuple[str, str], Cell]


def read_cells(node: yaml.Node, table: Table, reader: Reader) -> Cells:
    """Return every cell of *table*: the typed ones read, the totals computed."""
    lines = _Lines(table, reader)
    roots = [(block, block.rows if table.typed_by == "row" else block.columns) for block in table.blocks]
    lines.read(node, [(block, heading) for block, root in roots for heading in root.children], table.caption)
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

    def read(self, node: yaml.Node, headings: Sequence[tuple[Block, Heading]], subject: str) -> None:
        """Read the lines below *headings*; the data nest as the headings of the form do."""
        typed = {heading.path.rpartition(".")[2]: (block, heading) for block, heading in headings if not heading.total}
        labels = {key: heading.label for key, (_, heading) in typed.items()}
        for key, child in self.reader.mapping(node, f"“{subject}”", required=labels).items():
            block, heading = typed[key]
            if self.table.typed_by == "row" and not heading.children:
                self._line(child, [(heading, column) for column in block.columns.parts], heading.label)
            elif self.table.typed_by == "group" and not any(column.children for column in heading.children):
                self._line(child, [(block.rows, column) for column in heading.parts], heading.label)
            else:
                self.read(child, [(block, below) for below in heading.children], heading.label)

    def _line(self, node: yaml.Node, targets: Sequence[tuple[Heading, Heading]], label: str) -> None:
        """Read one line of figures into the cells of *targets*, which are rows and columns."""
        labels = "、".join(column.label for _, column in targets)
        if not isinstance(node.value, list) or not node.tag.endswith(":seq"):
            wanted = f"{len(targets)} 个数（{labels}）的列表"
            hint = "请用方括号括起来，数字之间用逗号隔开"
            self.reader.fault(node, f"“{label}”应为 {wanted}，实际为{describe(node)}；{hint}")
            return
        figures = node.value
        if len(figures) != len(targets):
            more = "合计不用填，数字中不能有千位逗号"
            less = "没有发生时填 0，原件无法辨认时填“不详”，数字之间用半角逗号"
            wanted = f"{len(targets)} 个数（{labels}），实际有 {len(figures)} 个"
            self.reader.fault(node, f"“{label}”应有 {wanted}；{more if len(figures) > len(targets) else less}")
            # Each figure is still looked at, so that its own mistakes are told now.
        for (row, column), figure in zip(targets, figures, strict=False):
            self.cells[row.path, column.path] = self._cell(figure, row, column, label)

    def _cell(self, node: yaml.Node, row: Heading, column: Heading, label: str) -> Cell:
        unknown = node.value == numbers.UNKNOWN
        subject = f"“{label}”的“{column.label}”"
        return Cell(
            address=self.table.address(row.path, column.path),
            unit=column.unit,
            value=None if unknown else self.reader.number(node, subject, column.kind, self.table.maximum),
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
            row, column = added.row, added.column
            self.cells[row.path, column.path] = Cell(
                address=self.table.address(row.path, column.path),
                unit=column.unit,
                value=total(cell.value for cell in known),
                place=known[0].place,
                computed=True,
            )
