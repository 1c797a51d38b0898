"""Figures in the prose: one notation for every number of a report."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from nianbao.model.report import FEE, ITEMS, plain
from nianbao.pages.session import AuthorError
from nianbao.reading.findings import shown
from nianbao.reading.numbers import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.form import Table
    from nianbao.model.report import Report


def figure(report: Report, path: str) -> str:
    """Return the figure at *path* as digits, or 不详 where it is unknown, 空白 where the original leaves it empty.

    Paths: ``processing_fee`` (元), ``items`` and ``items.类别`` (条), ``items.full_text_rate``, and
    table, row and column of a statutory table as in the form; a group stands for its sum.
    Raises AuthorError for any other path.
    """
    if path == FEE:
        fee = report.processing_fee
        return report.gap(path) if fee is None else plain(fee)
    if path == ITEMS:
        return UNKNOWN if report.item_count is None else str(report.item_count)
    if path == "items.full_text_rate":
        rate = report.full_text_rate
        return UNKNOWN if rate is None else rate.in_words
    first, _, rest = path.partition(".")
    if first == ITEMS:
        for category in report.categories:
            if category.name == rest:
                return category.count_text
    if report.form.find(path) is None:
        near = difflib.get_close_matches(path, list(_paths(report)), n=1, cutoff=0.5)
        hint = f"；是否应为 {near[0]}" if near else f"；写法见 nianbao macros {report.year}"
        message = f"没有{shown(path, 80)}这个数{hint}"
        raise AuthorError(message, path)
    value = report.figure(path)
    return report.gap(path) if value is None else plain(value)


def addresses(report: Report) -> Iterator[tuple[str, str]]:
    """Yield the path of every figure of *report* that pages may quote, and the figure, in the order of the form."""
    yield from ((path, figure(report, path)) for path in _paths(report))


def _paths(report: Report) -> Iterator[str]:
    yield from (FEE, ITEMS, "items.full_text_rate")
    yield from (f"items.{category.name}" for category in report.categories)
    found = (path for table in report.form.tables for path in _addresses(table))
    yield from (path for path in dict.fromkeys(found) if report.form.find(path) is not None)


def _addresses(table: Table) -> Iterator[str]:
    """Yield what may be the address of a cell or of a sum in *table*."""
    for block in table.blocks:
        for row in block.rows.walk():
            if row.path:
                yield table.address(row.path, "")
            for column in block.columns.walk():
                if column.path and (row.path or not row.children):
                    yield table.address(row.path, column.path)
