"""The figures of a year by their addresses: what its file writes in each cell, and what adding up gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from nianbao.model.cells_reader import TableLines
from nianbao.model.form import Line
from nianbao.model.report import Cell
from nianbao.reading.findings import Findings, Place
from nianbao.reading.numbers import OPEN
from nianbao.reading.values import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nianbao.data_files.patching import Plain
    from nianbao.model.cells_reader import Cells
    from nianbao.model.form import Form, Group, Slot, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a file writes at an address: *text*, at *line* and *column*, both from 1. A *total* is a second entry."""

    text: str
    line: int
    column: int
    total: bool


def form_lines(form: Form) -> Iterator[tuple[tuple[str, ...], Line]]:
    """Yield the keys and the figures of every line of figures that a file in *form* may have."""
    for table in form.tables:
        yield from _lines(table.typed, (table.id,))


def _lines(group: Group, keys: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Line]]:
    for key, below in {**group.below, **group.totals}.items():
        if isinstance(below, Line):
            yield (*keys, key), below
        else:
            yield from _lines(below, (*keys, key))


def written_cells(root: yaml.Node, form: Form) -> dict[str, Written]:
    """Return what is written at each address of *form*, readable or not."""
    found: dict[str, Written] = {}
    for keys, line in form_lines(form):
        node = _at(root, keys)
        if isinstance(node, yaml.SequenceNode):
            for slot, item in zip(_slots(line, len(node.value)), node.value, strict=False):
                if isinstance(item, yaml.ScalarNode):
                    found[slot.address] = Written(
                        text=str(item.value),
                        line=item.start_mark.line + 1,
                        column=item.start_mark.column + 1,
                        total=line.total or slot.column.total,
                    )
    return found


def _slots(line: Line, count: int) -> tuple[Slot, ...]:
    """Return what a list of *count* figures stands for, as the reader takes it."""
    return line.whole if count > len(line.slots) else line.slots


def _at(node: yaml.Node | None, keys: tuple[str, ...]) -> yaml.Node | None:
    for key in keys:
        if not isinstance(node, yaml.MappingNode):
            return None
        node = next((value for found, value in node.value if found.value == key), None)
    return node


def with_figures(data: dict[str, Plain], form: Form, figures: Mapping[str, str]) -> frozenset[str]:
    """Put *figures* by address into *data*, what a file says; an empty one of a total is left out.

    Returns the addresses of those that could not be put: a line of totals is written whole or not at all, and of a
    line that is missing, too long or too short it is not known what each figure is.
    """
    held: set[str] = set()
    for keys, line in form_lines(form):
        own = {slot.address: figures[slot.address] for slot in line.whole if slot.address in figures}
        if not own:
            continue
        above = _mapping(data, keys[:-1])
        before = above.get(keys[-1]) if above is not None else None
        listed = before if isinstance(before, list) else []
        known = dict(zip((slot.address for slot in _slots(line, len(listed))), listed, strict=False))
        known.update(own)
        needed, last = [slot.address for slot in line.slots], line.whole[-1]
        counts = {0} if line.total else set()
        if above is None or len(listed) not in {*counts, len(line.slots), len(line.whole)}:
            held |= own.keys()
            continue
        if line.total and not any(known.get(address) for address in needed):
            above.pop(keys[-1], None)
            continue
        if not all(known.get(address) for address in needed):
            held |= own.keys()
            continue
        behind = known.get(last.address) if last.column.total else None
        above[keys[-1]] = [known[address] for address in needed] + ([behind] if behind else [])
    return frozenset(held)


def in_form(data: dict[str, Plain], old: Form, new: Form) -> dict[str, Plain]:
    """Return *data*, what a file in the form *old* says, as a file in *new* says it.

    Figures at addresses that both have stay, those that only *new* has wait to be filled in, the others go.
    """
    known: dict[str, Plain] = {}
    for keys, line in form_lines(old):
        above = _mapping(data, keys[:-1])
        listed = above.get(keys[-1]) if above is not None else None
        if isinstance(listed, list):
            known.update(zip((slot.address for slot in _slots(line, len(listed))), listed, strict=False))
    tables: dict[str, Plain] = {}
    for keys, line in form_lines(new):
        slots = line.whole if all(slot.address in known for slot in line.whole) else line.slots
        if line.total and not all(slot.address in known for slot in slots):
            continue
        below: Any = tables
        for key in keys[:-1]:
            below = below.setdefault(key, {})
        below[keys[-1]] = [known.get(slot.address, OPEN) for slot in slots]
    gone = {table.id for table in old.tables} - tables.keys()
    return {key: said for key, said in data.items() if key not in gone} | tables


def _mapping(data: dict[str, Plain], keys: tuple[str, ...]) -> dict[str, Plain] | None:
    for key in keys:
        below = data.get(key)
        if not isinstance(below, dict):
            return None
        data = below
    return data


def added_up(root: yaml.Node, form: Form, *, blanks_are_zero: bool) -> dict[str, Cells]:
    """Return every cell of each table, read as far as it can be; totals with an unreadable part have no value.

    Cells of lines that are missing stand as waiting to be filled in.
    """
    return {table.id: _cells(root, table, blanks_are_zero=blanks_are_zero) for table in form.tables}


def _cells(root: yaml.Node, table: Table, *, blanks_are_zero: bool) -> Cells:
    node = _at(root, (table.id,))
    cells: Cells = {}
    if node is not None:
        cells = TableLines(table, blanks_are_zero).read(Reader("", Findings()), node, table.caption)
    totals = {(row.path, column.path) for _, row, column in table.grid if row.total or column.total}
    for _, row, column in table.grid:
        position = row.path, column.path
        if position not in cells:
            address = table.address(*position)
            cells[position] = Cell(
                address=address,
                unit=column.unit,
                value=None,
                place=Place(""),
                gap="" if position in totals else OPEN,
                missing=OPEN,
                computed=position in totals,
            )
    return cells
