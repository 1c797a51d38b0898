"""A topic as a table: a row for each figure or rate, a column for each year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from nianbao.comparison.charts import WEAK
from nianbao.comparison.series import NO_REPORT, NOT_COUNTED, UNKNOWN, Point
from nianbao.model.rates import FEW, NO_RATE
from nianbao.tables.scrolling import body, head, scrolling_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.comparison.series import RatePoint, RateSeries, Series
    from nianbao.comparison.topics import Topic

# More years than stand beside one another on an upright sheet.
_MANY = 10

_MEANINGS = {
    UNKNOWN: "原件无法辨认，或者有分项无法辨认，不按0计",
    NOT_COUNTED: "这一年的报告格式不统计此项",
    NO_REPORT: "本站没有这一年的报告，不按0计",
    NO_RATE: "分母为0，没有比率",
}


def table(topic: Topic, heads: Sequence[Markup], series: Sequence[Series], rates: Sequence[RateSeries]) -> Markup:
    """Return the table of *topic* in a region that scrolls by keyboard, and its notes; *heads* stand over the years."""
    unit = _common_unit(series)
    units = Markup('<span class="table-unit">（单位：{}）</span>').format(unit) if unit else ""
    rows = (row for one in series for row in _row(_label(one, unit), one.line.part, one.points))
    region = scrolling_table(
        Markup("{} {}").format(topic.title, units),
        [head(("项目", *heads), apart=True), body(rows), *([_rates(rates, len(heads) + 1)] if rates else [])],
        id_=f"comparison-{topic.id}",
        kind="comparison many-years" if len(heads) > _MANY else "comparison",
        caption_id=f"comparison-{topic.id}-caption",
    )
    return Markup("\n").join([region, *_notes(topic, series, rates)])


def _common_unit(series: Sequence[Series]) -> str:
    units = {one.unit for one in series}
    return units.pop() if len(units) == 1 else ""


def _label(one: Series, unit: str) -> str:
    return one.label if unit or not one.unit else f"{one.label}（{one.unit}）"


def _row(label: str, part: bool, points: Sequence[Point | RatePoint]) -> Iterator[Markup]:  # noqa: FBT001  # a column
    yield Markup('<tr>\n<th scope="row"{}>{}</th>').format(Markup(' class="part"') if part else "", label)
    for point in points:
        weak = WEAK if getattr(point, "small", False) else ""
        gap = Markup(' class="gap"') if point.gap else ""
        source = point.mark if isinstance(point, Point) else ""
        yield Markup("<td{}{} data-search-exclude>{}{}</td>").format(gap, source, point.text, weak)
    yield Markup("</tr>")


def _rates(rates: Sequence[RateSeries], width: int) -> Markup:
    title = Markup('<tr>\n<th scope="rowgroup" colspan="{}" class="rates">比率</th>\n</tr>').format(width)
    return body([title, *(row for one in rates for row in _row(one.label, False, one.points))])  # noqa: FBT003  # as above


def _notes(topic: Topic, series: Sequence[Series], rates: Sequence[RateSeries]) -> Iterator[Markup]:
    """Yield what a reader must know: how years were joined, what the words for gaps mean, which rates say little."""
    notes = list(dict.fromkeys(note for one in series for note in one.notes))
    if rates:
        notes.append(topic.remark)
    shown = {point.text for one in series for point in one.points}
    shown |= {point.text for one in rates for point in one.points}
    notes += [f"“{word}”表示{meaning}。" for word, meaning in _MEANINGS.items() if word in shown]
    if any(point.small for one in rates for point in one.points):
        notes.append(f"“{WEAK}”表示分母不足{FEW}，差一件比率就会有较大变化，不宜用来比较。")
    if notes:
        yield Markup('<div class="table-notes">')
        yield from (Markup("<p>注：{}</p>").format(note) for note in notes)
        yield Markup("</div>")
