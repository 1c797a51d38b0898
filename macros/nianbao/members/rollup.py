"""The figures of an area: each the sum of those of its bodies, with its parts; what is unknown stays unknown."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nianbao.model.report import plain, total
from nianbao.reading.numbers import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nianbao.members.register import Adjustment
    from nianbao.model.form import Form
    from nianbao.model.report import Report
    from nianbao.reading.numbers import Number

FEE, ITEMS = "processing_fee", "items"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """The figure at *address*: *parts* by the ids of the bodies, None where one is unknown, and *adjustments*.

    A body that adds 0 is not among the parts.
    """

    address: str
    kind: str
    parts: Mapping[str, Number | None]
    adjustments: tuple[Adjustment, ...] = ()

    @property
    def value(self) -> Number | None:
        """The sum with its adjustments; one unknown part makes it unknown."""
        return total([*self.parts.values(), *(one.by for one in self.adjustments)])

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
    year: int,
    form: Form,
    reports: Iterable[tuple[str, Report]],
    missing: Mapping[str, str],
    adjustments: Sequence[Adjustment] = (),
) -> Rollup:
    """Return the sums of *reports* by the cells of *form* that are typed; bodies with another form are missing.

    The reports, each with the id of its body, are read one after the other, and none is kept.
    """
    kinds = known_addresses(form)
    parts: dict[str, dict[str, Number | None]] = {address: {} for address in kinds}
    counts: dict[str, int | None] | None = {}
    included, others = [], {}
    for id_, report in reports:
        if report.form.format != form.format:
            others[id_] = f"使用的格式是 {report.form.format}，汇总表是 {form.format}，不能相加"
            continue
        included.append(id_)
        for address, values in parts.items():
            value = report.processing_fee if address == FEE else _value(report, address)
            if value != 0:
                values[id_] = value
        counts = _counted(counts, report)
    sums = {
        address: Sum(
            address=address,
            kind=kind,
            parts=parts[address],
            adjustments=tuple(one for one in adjustments if (one.year, one.address) == (year, address)),
        )
        for address, kind in kinds.items()
    }
    fee = sums.pop(FEE)
    return Rollup(year=year, included=tuple(included), missing={**missing, **others}, sums=sums, fee=fee, items=counts)


def _value(report: Report, address: str) -> Number | None:
    cell = report.cell(address)
    return cell.value if cell is not None else None


def _counted(counts: Mapping[str, int | None] | None, report: Report) -> dict[str, int | None] | None:
    """Return *counts* of published items by category with those of *report*; what is unknown stays unknown."""
    if counts is None or report.items_unknown:
        return None
    added = dict(counts)
    for category in report.categories:
        before = added.get(category.name, 0)
        known = before is not None and category.count is not None
        added[category.name] = (before or 0) + (category.count or 0) if known else None
    return added


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


def record(rollup: Rollup, before: Mapping[str, str], items: object) -> str:
    """Return the roll-up as JSON, to be kept beside the data: parts that are 0 are left out, unknown ones are null.

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
        "cells": {address: _cell(one, before.get(address, "")) for address, one in rollup.sums.items()},
        "fee": _cell(rollup.fee, before.get(FEE, "")),
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _cell(one: Sum, before: str) -> dict[str, object]:
    parts = {id_: None if part is None else plain(part) for id_, part in one.parts.items()}
    adjusted = [{"by": signed(item), "reason": item.reason} for item in one.adjustments]
    found: dict[str, object] = {"value": one.text, "parts": parts}
    if before and before != one.text:
        found["before"] = before
    return {**found, **({"adjustments": adjusted} if adjusted else {})}


def signed(adjustment: Adjustment) -> str:
    """Return by how much a figure is adjusted, with its sign."""
    return f"{'+' if adjustment.by > 0 else ''}{plain(adjustment.by)}"
