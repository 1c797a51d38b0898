"""Where each edition of the form has a figure, as far as the editions count the same, and what it is called there."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.model.form import Form

_ORDINAL = re.compile(r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|[0-9]+\.)")
_REMARK = re.compile(r"（[^（）]*）$")


def trace(editions: Sequence[Form], address: str) -> tuple[dict[int, str], list[str]]:
    """Return where each of *editions*, newest first, has the figure that the newest with it has at *address*.

    An edition that does not count the same is left out. Also returned are the notes on the way back.
    """
    having = [form for form in editions if form.find(address) is not None]
    if not having:
        return {}, []
    found = {having[0].format: address}
    notes = []
    for newer, older in pairwise(editions[editions.index(having[0]) :]):
        if newer.earlier is None or newer.earlier.format != older.format:
            break  # Nothing says that they count the same.
        link = newer.earlier.link(found[newer.format])
        if link is not None:
            notes.append(link.note)
        before = found[newer.format] if link is None else link.translated(found[newer.format])
        if not before or older.find(before) is None:
            break
        found[older.format] = before
    return found, notes


def label_of(form: Form, address: str) -> str:
    """Return what *form* calls the figure at *address*: by its row, or by its column where that is no total."""
    found = form.find(address)
    if found is None:
        return address
    _, row, column = found
    return words((row if row.path and column.total else column).label)


def unit_of(form: Form, address: str) -> str:
    """Return the unit of the figure at *address*."""
    found = form.find(address)
    return "" if found is None else found[2].leaves[0].unit


def words(label: str) -> str:
    """Return *label* without the number before it and the remark behind it."""
    return _REMARK.sub("", _ORDINAL.sub("", label))
