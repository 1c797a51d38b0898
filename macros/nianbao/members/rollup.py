"""The figures of an area: each the sum of those of its bodies, with its parts; what is unknown stays unknown."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nianbao.model.report import plain, total
from nianbao.reading.numbers import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nianbao.members.register import Adjustment
    from nianbao.model.form import Form
    from nianbao.model.report import Report
    from nianbao.reading.numbers import Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """The figure at *address*: *parts* by the ids of the bodies, None where one is unknown, and *adjustments*."""

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
    """The *sums* of a *year* by address, over the *included* bodies by id; *missing* tells by id why others are not."""

    year: int
    included: tuple[str, ...]
    missing: Mapping[str, str]
    sums: Mapping[str, Sum] = field(default_factory=dict)

    @property
    def coverage(self) -> str:
        """How many of all bodies the sums hold, as n/N."""
        return f"{len(self.included)}/{len(self.included) + len(self.missing)}"


def rolled_up(
    year: int,
    form: Form,
    reports: Mapping[str, Report],
    missing: Mapping[str, str],
    adjustments: Sequence[Adjustment] = (),
) -> Rollup:
    """Return the sums of *reports* by the cells of *form* that are typed; bodies with another form are missing."""
    fit = {id_: report for id_, report in reports.items() if report.form.format == form.format}
    others = {
        id_: f"使用的格式是 {report.form.format}，汇总表是 {form.format}，不能相加"
        for id_, report in reports.items()
        if id_ not in fit
    }
    sums = {}
    for address, kind in _typed(form):
        cells = {id_: report.cell(address) for id_, report in fit.items()}
        sums[address] = Sum(
            address=address,
            kind=kind,
            parts={id_: cell.value if cell is not None else None for id_, cell in cells.items()},
            adjustments=tuple(one for one in adjustments if (one.year, one.address) == (year, address)),
        )
    return Rollup(year=year, included=tuple(fit), missing={**missing, **others}, sums=sums)


def _typed(form: Form) -> Iterator[tuple[str, str]]:
    """Yield the address and the kind of every cell that is typed and no total."""
    totals = {(table.id, one.position) for table in form.tables for one in table.totals}
    for table in form.tables:
        for _, row, column in table.grid:
            if (table.id, (row.path, column.path)) not in totals:
                yield table.address(row.path, column.path), column.kind


def changes(before: Mapping[str, str], rollup: Rollup) -> Iterator[tuple[str, str, str]]:
    """Yield address, old and new text of every figure that is another than in an earlier roll-up, *before*."""
    for address, one in rollup.sums.items():
        if address in before and before[address] != one.text:
            yield address, before[address], one.text


def record(rollup: Rollup) -> str:
    """Return the roll-up as JSON, to be kept beside the data: parts that are 0 are left out, unknown ones are null."""
    cells = {address: _cell(one) for address, one in rollup.sums.items()}
    document = {
        "version": 1,
        "year": rollup.year,
        "coverage": rollup.coverage,
        "included": list(rollup.included),
        "missing": dict(rollup.missing),
        "cells": cells,
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _cell(one: Sum) -> dict[str, object]:
    parts = {id_: None if part is None else plain(part) for id_, part in one.parts.items() if part != 0}
    adjusted = [{"by": item.by, "reason": item.reason} for item in one.adjustments]
    return {"value": one.text, "parts": parts, **({"adjustments": adjusted} if adjusted else {})}
