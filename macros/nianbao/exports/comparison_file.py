"""The comparison of the years as CSV: a line for each figure and rate, a column for each year."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from nianbao.comparison.topics import comparisons
from nianbao.exports.texts import inert

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
    """Return the comparison as CSV by RFC 4180, with a byte order mark, by which Excel in China knows UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([inert(cell) for cell in row] for row in comparison_rows(years))
    return text.getvalue().encode("utf-8-sig")
