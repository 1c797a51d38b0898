"""Where each edition of the form has a figure, as far as the editions count the same, and what it is called there."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nianbao.model.form import Form, Heading


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
        before = newer.earlier_address(found[newer.format])
        if not before or older.find(before) is None:
            break
        found[older.format] = before
    return found, notes


def below(editions: Sequence[Form], address: str) -> Mapping[str, Heading]:
    """Return what *editions*, newest first, count below *address*: headings by their addresses, newest first.

    What only an older edition counts stands there by its address in that edition.
    """
    tables = {form.format: address for form in editions if form.table(address) is not None}
    where = tables or trace(editions, address)[0]
    found: dict[str, Heading] = {}
    for newer, form in zip((None, *editions[:-1]), editions, strict=True):
        for own, heading in form.below(where.get(form.format, "")).items():
            if newer is None or newer.continuing(own) is None:
                found.setdefault(own, heading)
    return found
