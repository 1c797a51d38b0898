"""A re-import as a three-way comparison: what was last written, what a person made of it, what is read now.

What only a person changed stays, what only the original changed is taken, and where both did a person is asked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

import yaml

from nianbao.importing.answers import Question
from nianbao.lifecycle.editing import LayoutError
from nianbao.model.form import Line
from nianbao.model.report import plain
from nianbao.reading.findings import Findings
from nianbao.reading.nodes import compose
from nianbao.reading.numbers import OPEN, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nianbao.importing.entry import Entry
    from nianbao.model.form import Form, Group
    from nianbao.model.report import Cell, Report

FEE, ITEMS = "processing_fee", "items"
_MISSING = ""
# Addresses of pages begin so; a page that a person has changed is kept, or the one that was read is taken.
PAGE = "docs/"
KEEP, TAKE = "保留人工的", "用读到的"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """A value at *address* that a person changed from *last* to *mine*, and that is *read* now; *mine* stays."""

    address: str
    last: str
    mine: str
    read: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The *changes* to make to the data file by address, what was *edited* by hand, and what both have changed.

    *values* are those to compare with the next time.
    """

    values: Mapping[str, str]
    changes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    edited: tuple[Edited, ...] = ()
    conflicts: tuple[Question, ...] = ()


def values_of(entry: Entry) -> Mapping[str, str]:
    """Return all that *entry* writes, by address."""
    return MappingProxyType({**entry.figures, **entry.totals, FEE: entry.fee, ITEMS: "\n".join(entry.item_lines)})


def values_in(report: Report, item_lines: str) -> Mapping[str, str]:
    """Return all that the data file of *report* says, by address, with its *item_lines* as they stand."""
    found = {}
    for table in report.form.tables:
        for cell in report.cells[table.id].values():
            value = _written(cell)
            if value:
                found[cell.address] = value
    fee = report.processing_fee
    return MappingProxyType({**found, FEE: report.fee_gap if fee is None else plain(fee), ITEMS: item_lines})


def _written(cell: Cell) -> str:
    """Return what a data file has typed for *cell*, nothing for a total that is not typed."""
    if cell.computed:
        if not cell.entered:
            return ""
        value = cell.value if cell.agrees else cell.printed
        return cell.gap or (plain(value) if value is not None else UNKNOWN)
    if cell.gap or cell.value is None:
        return cell.gap or UNKNOWN
    return cell.written or plain(cell.value)


def merge(last: Mapping[str, str], mine: Mapping[str, str], read: Mapping[str, str]) -> Merged:
    """Compare what was *last* written, what stands there (*mine*) and what is *read* now, address by address."""
    changes, values = {}, {}
    edited: list[Edited] = []
    conflicts: list[Question] = []
    for address in dict.fromkeys((*read, *mine)):
        new, own = read.get(address, _MISSING), mine.get(address, _MISSING)
        before = last.get(address, OPEN if own == OPEN else _MISSING)
        values[address] = new
        if own == new:
            continue
        if own in {before, OPEN}:
            changes[address] = new
        elif new == before:
            edited.append(Edited(address=address, last=before, mine=own, read=new))
        else:
            values[address] = before
            conflicts.append(_conflict(address, before, own, new))
    return Merged(
        changes=MappingProxyType({address: value for address, value in changes.items() if value}),
        edited=tuple(edited),
        conflicts=tuple(conflicts),
        values=MappingProxyType({address: value for address, value in values.items() if value}),
    )


def _conflict(address: str, last: str, mine: str, read: str) -> Question:
    if address == ITEMS:
        text = f"主动公开的信息人工改过，这次读到的也不同；现在保留人工的，要改用读到的，请答“{TAKE}”"
        return Question(text=text, raw=read, place="数据文件", addresses=(ITEMS,), proposal=(KEEP,))
    before = f"上次读到 {last}，" if last else ""
    text = f"这一格人工改为 {mine}，{before}这次读到 {read}；现在保留人工的"
    return Question(text=text, raw=read, place="数据文件", addresses=(address,), proposal=(mine,))


def item_lines(text: str) -> str:
    """Return the lines of the data file *text* that say what was published."""
    start, end = _item_range(_root(text))
    return "\n".join(text.split("\n")[start:end])


def _item_range(root: yaml.MappingNode) -> tuple[int, int]:
    """Return the lines from which and up to which the published items stand."""
    start, node = next((key.start_mark.line, value) for key, value in root.value if key.value == ITEMS)
    return start, _after(node, start)


def _after(node: yaml.Node, start: int) -> int:
    """Return the line behind *node*."""
    if isinstance(node, yaml.ScalarNode):
        return int(node.end_mark.line) + 1
    children = [child for pair in node.value for child in (pair if isinstance(pair, tuple) else (pair,))]
    return max((_after(child, start) for child in children), default=start + 1)


@dataclass(frozen=True, slots=True, order=True)
class _Edit:
    """Characters of *line* from *start* up to *end* become *value*."""

    line: int
    start: int
    end: int
    value: str


def with_values(text: str, form: Form, changes: Mapping[str, str]) -> str:
    """Return the data file *text* with *changes* by address, each in its own place; comments and layout stay.

    A total is added behind the figures of its line. Raises LayoutError where an address has no place.
    """
    root = _root(text)
    nodes = {key.value: value for key, value in root.value}
    edits: dict[str, _Edit] = {}
    if FEE in nodes:
        edits[FEE] = _in_place(nodes[FEE], changes.get(FEE, ""))
    for table in form.tables:
        if table.id in nodes:
            edits |= _line_edits(nodes[table.id], table.typed, changes)
    missing = [address for address in changes if address not in edits and address != ITEMS]
    if missing:
        raise LayoutError(missing[0])
    lines = text.split("\n")
    for edit in sorted((edit for address, edit in edits.items() if address in changes), reverse=True):
        line = lines[edit.line]
        lines[edit.line] = line[: edit.start] + edit.value + line[edit.end :]
    if ITEMS in changes:
        start, end = _item_range(root)
        lines[start:end] = changes[ITEMS].split("\n")
    return "\n".join(lines)


def _in_place(node: yaml.Node, value: str) -> _Edit:
    return _Edit(node.start_mark.line, node.start_mark.column, node.end_mark.column, value)


def _line_edits(node: yaml.Node, group: Group, changes: Mapping[str, str]) -> dict[str, _Edit]:
    """Return the edit of each figure below *node*, which holds *group*."""
    edits: dict[str, _Edit] = {}
    for key, child in node.value if isinstance(node, yaml.MappingNode) else ():
        below = group.below.get(key.value) or group.totals.get(key.value)
        if not isinstance(below, Line):
            edits |= _line_edits(child, below, changes) if below is not None else {}
            continue
        figures = child.value if isinstance(child, yaml.SequenceNode) else []
        slots = below.whole if len(figures) > len(below.slots) else below.slots
        for slot, figure in zip(slots, figures, strict=False):
            edits[slot.address] = _in_place(figure, changes.get(slot.address, ""))
        totals = [slot.address for slot in below.whole if slot.column.total]
        if figures and len(slots) == len(below.slots) == len(below.whole) - 1 and totals:
            end = figures[-1].end_mark
            edits[totals[0]] = _Edit(end.line, end.column, end.column, f", {changes.get(totals[0], '')}")
    return edits


def _root(text: str) -> yaml.MappingNode:
    root = compose(text, "", Findings())
    if not isinstance(root, yaml.MappingNode):
        raise LayoutError
    return root
