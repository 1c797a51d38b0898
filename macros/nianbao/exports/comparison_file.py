"""The comparison of the years as CSV: a line for each figure and rate, a column for each year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.comparison.topics import comparisons
from nianbao.exports.texts import csv_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.comparison.series import Years

HEADS = ("主题", "项目", "单位")
_RATE = "%"


def comparison_rows(years: Years) -> Iterator[tuple[str, ...]]:
    """Yield the head, then topic, label, unit and the figures as the page writes them, or why not."""
    yield (*HEADS, *(f"{year}年" for year in years.all))
    for one in comparisons(years):
        for series in one.series:
            yield (one.topic.title, series.label, series.unit, *(point.text for point in series.points))
        for rates in one.rates:
            yield (one.topic.title, rates.label, _RATE, *(point.text for point in rates.points))


def comparison_csv(years: Years) -> bytes:
    """Return the comparison as CSV."""
    return csv_text(comparison_rows(years))
