"""A re-import as a three-way comparison: what was last written, what a person made of it, what is read now.

What only a person changed stays, what only the original changed is taken, and where both did a person is asked.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from nianbao.data_files.cells import with_figures, written_cells
from nianbao.data_files.entries import LayoutError
from nianbao.data_files.patching import parsed, patched, plain
from nianbao.data_files.quoting import bare_in
from nianbao.importing.answers import Question
from nianbao.model.report import FEE, ITEMS
from nianbao.model.report_reader import report_fields
from nianbao.reading.numbers import OPEN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nianbao.data_files.patching import Plain
    from nianbao.importing.entry import Entry
    from nianbao.model.form import Form

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
    """Return all that *entry* writes, by address; published items are written as JSON."""
    items = plain(parsed("\n".join(entry.item_lines)))
    return MappingProxyType({**entry.figures, **entry.totals, FEE: entry.fee, ITEMS: _json(items)})


def values_in(text: str, form: Form) -> Mapping[str, str]:
    """Return all that the data file *text* says in *form*, by address, as `values_of`."""
    root = parsed(text)
    data = plain(root)
    written = {address: one.text for address, one in written_cells(root, form).items()}
    return MappingProxyType({**written, FEE: str(_under(data, FEE)), ITEMS: _json({ITEMS: _under(data, ITEMS)})})


def _under(data: Plain, key: str) -> Plain:
    return data.get(key, "") if isinstance(data, dict) else ""


def _json(items: Plain) -> str:
    return json.dumps(items, ensure_ascii=False)


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
        return Question(text=text, raw="", place="数据文件", addresses=(ITEMS,), proposal=(KEEP,))
    before = f"上次读到 {last}，" if last else ""
    text = f"这一格人工改为 {mine}，{before}这次读到 {read}；现在保留人工的"
    return Question(text=text, raw=read, place="数据文件", addresses=(address,), proposal=(mine,))


def with_values(text: str, form: Form, changes: Mapping[str, str]) -> str:
    """Return the data file *text* with *changes* by address, each in its own place; comments and layout stay.

    A total that is not typed is added to its line. Raises LayoutError where an address has no place.
    """
    data = plain(parsed(text))
    if not isinstance(data, dict):
        raise LayoutError
    figures = {address: value for address, value in changes.items() if address not in {FEE, ITEMS}}
    totals = {total.address for table in form.tables for total in table.totals}
    held = with_figures(data, form, figures) - totals
    if held:
        raise LayoutError(min(held))
    if FEE in changes:
        data[FEE] = changes[FEE]
    if ITEMS in changes:
        data |= json.loads(changes[ITEMS])
    return patched(text, data, bare_in(report_fields(form)))
