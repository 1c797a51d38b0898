"""The figures of an area: each the sum of those of its bodies; what is unknown stays unknown."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nianbao.model.report import FEE, plain, total
from nianbao.reading.findings import Finding, shown
from nianbao.reading.numbers import UNKNOWN
from nianbao.reading.values import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nianbao.members.answers import Totals
    from nianbao.members.register import Adjustment
    from nianbao.model.form import Form
    from nianbao.reading.numbers import Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """The figure at *address*: what the bodies have *together*, None where it is unknown, and *adjustments*."""

    address: str
    kind: str
    together: Number | None
    adjustments: tuple[Adjustment, ...] = ()

    @property
    def value(self) -> Number | None:
        """The sum with its adjustments; one unknown part makes it unknown."""
        return total([self.together, *(one.by for one in self.adjustments)])

    @property
    def text(self) -> str:
        """What the area's data file writes."""
        value = self.value
        if value is None:
            return UNKNOWN
        if self.kind == "amount":
            return f"{plain(value)}元"
        return f"{value:+}" if self.kind == "change" and value else plain(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollup:
    """The *sums* of a *year* by address, over the *included* bodies by id; *missing* tells by id why others are not.

    *fee* is the sum of the processing fees; *items* counts what was published by category, None for what one body
    does not know, and is None itself where one body knows nothing of what it has published.
    """

    year: int
    included: tuple[str, ...]
    missing: Mapping[str, str]
    sums: Mapping[str, Sum] = field(default_factory=dict)
    fee: Sum
    items: Mapping[str, int | None] | None = None

    @property
    def coverage(self) -> str:
        """How many of all bodies the sums hold, as n/N."""
        return f"{len(self.included)}/{len(self.included) + len(self.missing)}"

    @property
    def figures(self) -> Iterator[Sum]:
        """All sums, the fee as the last."""
        yield from self.sums.values()
        yield self.fee


def rolled_up(
    year: int, form: Form, totals: Totals, missing: Mapping[str, str], adjustments: Sequence[Adjustment] = ()
) -> Rollup:
    """Return the *totals* of bodies by the cells of *form* that are typed; *missing* tells of all other bodies."""
    together = totals.sums()
    sums = {
        address: Sum(
            address=address,
            kind=kind,
            together=together[address],
            adjustments=tuple(one for one in adjustments if (one.year, one.address) == (year, address)),
        )
        for address, kind in known_addresses(form).items()
    }
    fee = sums.pop(FEE)
    return Rollup(year=year, included=totals.included, missing=missing, sums=sums, fee=fee, items=totals.items())


def _typed(form: Form) -> Iterator[tuple[str, str]]:
    """Yield the address and the kind of every cell that is typed and no total."""
    totals = {(table.id, one.position) for table in form.tables for one in table.totals}
    for table in form.tables:
        for _, row, column in table.grid:
            if (table.id, (row.path, column.path)) not in totals:
                yield table.address(row.path, column.path), column.kind


def known_addresses(form: Form) -> Mapping[str, str]:
    """Return what can be adjusted in *form*, with its kind, by address."""
    return {**dict(_typed(form)), FEE: "money"}


def adjustment_findings(adjustments: Iterable[Adjustment], year: int, form: Form) -> Iterator[Finding]:
    """Yield those of *adjustments* of *year* that *form* has no cell for."""
    known = known_addresses(form)
    for one in adjustments:
        if one.year == year and one.address not in known:
            yield Finding(one.place, _unknown_cell(one, form, known))
        elif one.year == year and known[one.address] in {"count", "change"} and one.by != int(one.by):
            yield Finding(one.place, f"{one.address} 是整数，调整数 {signed(one)} 有小数；请改正")


def _unknown_cell(one: Adjustment, form: Form, known: Mapping[str, str]) -> str:
    found = form.find(one.address)
    if found is None:
        hint = nearest(one.address, known) or f"；单元格的写法见 nianbao macros {one.year}"
        return f"汇总表里没有{shown(one.address)}这一格{hint}"
    table, row, column = found
    whole = table.address(row.path, column.path)
    if whole in known:
        return f"{one.address} 这一格请写全：{whole}"
    return f"{one.address} 是合计，由各格相加；请调整相加的各格"


def whole_figures(form: Form) -> Iterator[str]:
    """Yield the addresses of the figures that are part of no other in their row and column: the totals of totals.

    Where nothing is added up these are all figures. Beside them it is told what they hold.
    """
    for table in form.tables:
        parts = {part for one in table.totals for part in one.parts}
        for block, row, column in table.grid:
            added = any(leaf.total for leaf in block.columns.leaves)
            if (row.path, column.path) not in parts and (column.total or not added):
                yield table.address(row.path, column.path)


def changes(before: Mapping[str, str], rollup: Rollup) -> Iterator[tuple[str, str, str]]:
    """Yield address, old and new text of every figure that is another than in an earlier roll-up, *before*."""
    for one in rollup.figures:
        if one.address in before and before[one.address] != one.text:
            yield one.address, before[one.address], one.text


def record(rollup: Rollup, before: Mapping[str, str], items: object, parts: str, reports: Mapping[str, str]) -> str:
    """Return the roll-up as JSON, to be kept beside the data; *parts* is the digest of the file of its parts.

    *reports* are the digests of the reports of bodies that are shown, by id.

    What was another *before*, figures and *items* as they were, is kept, too: until the draft is written it stands
    there.
    """
    document = {
        "version": 1,
        "year": rollup.year,
        "coverage": rollup.coverage,
        "included": list(rollup.included),
        "missing": dict(rollup.missing),
        "items": rollup.items,
        "items_before": items,
        "parts": parts,
        "reports": dict(reports),
        "cells": {address: _cell(one, before.get(address, "")) for address, one in rollup.sums.items()},
        "fee": _cell(rollup.fee, before.get(FEE, "")),
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _cell(one: Sum, before: str) -> dict[str, object]:
    adjusted = [{"by": signed(item), "reason": item.reason} for item in one.adjustments]
    found: dict[str, object] = {"value": one.text}
    if before and before != one.text:
        found["before"] = before
    return {**found, **({"adjustments": adjusted} if adjusted else {})}


def signed(adjustment: Adjustment) -> str:
    """Return by how much a figure is adjusted, with its sign."""
    return f"{'+' if adjustment.by > 0 else ''}{plain(adjustment.by)}"
