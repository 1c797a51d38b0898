"""The figures of one statutory table, laid out in the data as in the form: read, and described for editors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import yaml

from nianbao.model.form import Line
from nianbao.model.report import Cell, total
from nianbao.reading import numbers
from nianbao.reading.fields import cell, object_schema
from nianbao.reading.nodes import place
from nianbao.reading.values import Reader, describe, exact

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.model.form import Group, Slot, Table
    from nianbao.reading.fields import Schema
    from nianbao.reading.findings import Place
    from nianbao.reading.numbers import Number

# The digits before and behind a comma that divides thousands.
_THOUSANDS = 3
_HEAD, _TAIL = re.compile(rf"[1-9][0-9]{{0,{_THOUSANDS - 1}}}"), re.compile(rf"[0-9]{{{_THOUSANDS}}}")

Cells = dict[tuple[str, str], Cell]


@dataclass(frozen=True, slots=True)
class TableLines:
    """The kind of value that a statutory table is in a data file: its lines, nested as the form has them.

    *blanks_are_zero* tells that cells which the original leaves empty count as 0.
    """

    table: Table
    blanks_are_zero: bool = False

    def read(self, reader: Reader, node: yaml.Node, subject: str) -> Cells:  # noqa: ARG002  # each line has its own
        """Return every cell of the table: the typed ones read, the totals computed and held against those typed."""
        lines = _Lines(self.table, reader, blanks_are_zero=self.blanks_are_zero)
        lines.read(node, self.table.typed)
        lines.add_totals()
        return lines.cells

    def schema(self, title: str, description: str) -> Schema:  # noqa: ARG002  # the form describes it
        """Return the schema of the lines, with the words of the form."""
        return self._below(self.table.typed)

    def _below(self, group: Group) -> Schema:
        below = {**group.below, **group.totals}
        lines = {key: self._line(line) if isinstance(line, Line) else self._below(line) for key, line in below.items()}
        return object_schema(lines, list(group.below), group.label)

    def _line(self, line: Line) -> Schema:
        columns = [slot.column for slot in line.whole]
        labels = [f"{column.label}（可以不填）" if column.total else column.label for column in columns]
        return {
            "type": "array",
            "description": f"{line.label}：{'、'.join(labels)}",
            "items": [cell(column.kind, self.table.maximum).schema(column.label, "") for column in columns],
            "minItems": len(line.slots),
            "additionalItems": False,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A total as the original prints it: its *value*, or the word for it in *gap*, typed at *place*."""

    value: Number | None
    gap: str
    place: Place


class _Lines:
    """The lines of one table, collected into *cells*."""

    def __init__(self, table: Table, reader: Reader, *, blanks_are_zero: bool) -> None:
        self.table = table
        self._blank_value = 0 if blanks_are_zero else None
        self.reader = reader
        self.cells: Cells = {}
        self._entries: dict[tuple[str, str], _Entry] = {}

    def read(self, node: yaml.Node, group: Group) -> None:
        """Read the lines of *group*; the data nest as the headings of the form do."""
        lines = self.reader.mapping(node, f"“{group.label}”", required=group.labels, optional=group.totals)
        for key, child in lines.items():
            below = group.below.get(key) or group.totals[key]
            if isinstance(below, Line):
                self._line(child, below)
            else:
                self.read(child, below)

    def _line(self, node: yaml.Node, line: Line) -> None:
        """Read one line of figures into its cells."""
        if not isinstance(node, yaml.SequenceNode):
            wanted = f"{_wanted(line)}的列表"
            hint = "请用半角方括号 [ ] 括起来，数字之间用半角逗号隔开"
            self.reader.fault(node, f"“{line.label}”应为 {wanted}，实际为{describe(node)}；{hint}")
            return
        figures = node.value
        thousands = list(_thousands(figures, line))
        for first, last in thousands:
            written = f"{first.value},{last.value}"
            self.reader.fault(
                first,
                f"“{line.label}”里的“{written}”像是带千位逗号的一个数；"
                f"是一个数的请写 {first.value}{last.value}，是两个数的请在逗号后面空一格",
            )
        if thousands:
            return  # Which figure belongs to which column is not known.
        slots = line.whole if len(figures) > len(line.slots) else line.slots
        if len(figures) != len(slots):
            more = "数字中不能有千位逗号"
            less = "没有发生时填 0，原件无法辨认时填“不详”，原件空着或少印的填“空白”，数字之间用半角逗号"
            wanted = f"{_wanted(line)}，实际有 {len(figures)} 个"
            self.reader.fault(node, f"“{line.label}”应有 {wanted}；{more if len(figures) > len(line.slots) else less}")
            # Each figure is still looked at, so that its own mistakes are told now.
        for slot, written in zip(slots, figures, strict=False):
            if slot.column.total or line.total:
                self._entries[slot.position] = self._entry(written, slot, line)
            else:
                self.cells[slot.position] = self._cell(written, slot, line)

    def _entry(self, node: yaml.Node, slot: Slot, line: Line) -> _Entry:
        value = exact(node, slot.column.kind, self.table.maximum)
        gap = self._gap(node, slot, line) if value is None else ""
        if gap == numbers.OPEN:
            self.reader.fault(node, f"“{line.label}”的“{slot.column.label}”是合计，可以不填；请删去“{gap}”")
        return _Entry(value=value, gap=gap, place=place(node, self.reader.name))

    def _cell(self, node: yaml.Node, slot: Slot, line: Line) -> Cell:
        column, where = slot.column, place(node, self.reader.name)
        value = exact(node, column.kind, self.table.maximum)
        if value is not None:
            # Digits alone do not say the sign of a change or the unit of an amount.
            written = str(node.value) if column.kind in {"amount", "change"} else ""
            return Cell(slot.address, column.unit, value, where, written=written)
        gap = self._gap(node, slot, line)
        value = self._blank_value if gap == numbers.BLANK else None
        missing = gap if value is None else ""
        return Cell(slot.address, column.unit, value, where, gap=gap, missing=missing)

    def _gap(self, node: yaml.Node, slot: Slot, line: Line) -> str:
        """Return the word that *node* writes in place of a figure, 不详 after recording that it writes neither."""
        column = slot.column
        if isinstance(node.value, str) and node.value in numbers.GAPS:
            return node.value
        # Nearly every figure is in order; words for a message are made only for one that is not.
        subject = f"“{line.label}”的“{column.label}”"
        advice = _advice(str(node.value), slot)
        if advice:
            self.reader.fault(node, f"{subject}应为{numbers.EXPECTED[column.kind]}，实际为{describe(node)}；{advice}")
        else:
            self.reader.number(node, subject, column.kind, self.table.maximum, numbers.CELL_GAPS)
        return numbers.UNKNOWN

    def add_totals(self) -> None:
        """Add the computed cells. Where a line is missing or short, its own finding is recorded already."""
        for added in self.table.totals:
            known = [self.cells[part] for part in added.parts if part in self.cells]
            if not known or len(known) < len(added.parts):
                continue
            value, entry = total(cell.value for cell in known), self._entries.get(added.position)
            agrees = entry is not None and entry.value is not None and entry.value == value
            self.cells[added.position] = Cell(
                address=added.address,
                unit=added.column.unit,
                value=value,
                place=known[0].place,
                computed=True,
                printed=entry.value if entry is not None and not agrees else None,
                printed_place=entry.place if entry is not None else None,
                agrees=agrees,
                gap=entry.gap if entry is not None else "",
                missing=numbers.first_gap(cell.missing for cell in known),
            )


def _thousands(figures: Sequence[yaml.Node], line: Line) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    """Yield neighbours with nothing but a comma between, like 1,234, in a list whose other commas have blanks.

    Where no comma has one, they are told if the last figure would be a total, and is none.
    """
    if _THOUSANDS not in [len(figure.value) for figure in figures]:
        return  # So it is in most lines.
    pairs = [(one, other, other.start_mark.index - one.end_mark.index) for one, other in pairwise(figures)]
    if all(gap == 1 for _, _, gap in pairs):
        written = [str(figure.value) for figure in figures]
        if len(figures) <= len(line.slots) or not all(map(str.isdecimal, written)):
            return
        *parts, whole = map(int, written)
        if sum(parts) == whole:
            return
    for one, other, gap in pairs:
        if gap == 1 and _HEAD.fullmatch(str(one.value)) and _TAIL.fullmatch(str(other.value)):
            yield one, other


def _advice(text: str, slot: Slot) -> str:
    """Return what to do about *text* that has words beside its figure, empty where it has none."""
    remarked = numbers.remarked(text)
    if remarked is not None and slot.column.kind in {"count", "money"}:
        figure, words = remarked
        return f"请只写 {figure}，旁边的话写在 remarks 里：{slot.address}: {words}"
    amount = numbers.amount(text)
    if amount is not None and slot.column.kind == "money":
        same = amount[1] == slot.column.unit
        figure = amount[0] if same else f"以{slot.column.unit}为单位的数"
        return f"请只写 {figure}，不写单位；原件格内印有单位的，在 remarks 里说明"
    return ""


def _wanted(line: Line) -> str:
    columns = "、".join(slot.column.label for slot in line.slots)
    totals = "、".join(slot.column.label for slot in line.whole if slot.column.total)
    more = f"，最后可以加上原件的{totals}" if totals else ""
    return f"{len(line.slots)} 个数（{columns}{more}）"
