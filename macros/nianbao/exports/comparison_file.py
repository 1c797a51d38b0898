"""The comparison of the years as CSV: a line for each figure and rate, a column for each year, one for notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.comparison.topics import comparisons
from nianbao.exports.texts import csv_text
from nianbao.model.rates import FEW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.comparison.series import RateSeries, Years

HEADS, NOTE = ("主题", "项目", "单位"), "说明"
_RATE = "%"


def comparison_rows(years: Years) -> Iterator[tuple[str, ...]]:
    """Yield the head, then topic, label, unit, the figures as the page writes them or why not, and what it notes."""
    yield (*HEADS, *(f"{year}年" for year in years.all), NOTE)
    for one in comparisons(years):
        for series in one.series:
            figures = (point.text for point in series.points)
            yield (one.topic.title, series.label, series.unit, *figures, "".join(series.notes))
        for rates in one.rates:
            note = one.topic.remark + _few(rates)
            yield (one.topic.title, rates.label, _RATE, *(point.text for point in rates.points), note)


def _few(rates: RateSeries) -> str:
    """Return which of *rates* are of so few that they say little."""
    known = [point for point in rates.points if point.rate is not None]
    small = [point for point in known if point.small]
    if not small:
        return ""
    years = "各年" if small == known else "、".join(f"{point.year}年" for point in small)
    return f"{years}的分母不足{FEW}，不宜用来比较。"


def comparison_csv(years: Years) -> bytes:
    """Return the comparison as CSV."""
    return csv_text(comparison_rows(years))
