"""The charts of a topic: which of its series are drawn, and what is said of those that are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from nianbao.charts.panel import Mark, Panel, draw
from nianbao.comparison.series import NO_REPORT
from nianbao.model.rates import FEW

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.comparison.series import RateSeries, Series
    from nianbao.comparison.topics import Topic

WEAK = "*"


def charts(topic: Topic, series: Sequence[Series], rates: Sequence[RateSeries]) -> Iterator[Markup]:
    """Yield the charts of *topic* in a region, and a sentence on figures that are always 0; nothing for one year."""
    reported = {point.year for one in series for point in one.points if point.gap != NO_REPORT}
    if len(reported) < 2:  # noqa: PLR2004  # a change needs two
        return
    drawable = [one for one in series if one.line.charted and len(one.known) > 1 and min(one.known) >= 0]
    moving = [one for one in drawable if any(one.known)]
    always_nil = [one for one in drawable if not any(one.known)]
    panels = [*_panels(topic, moving), *(_rates(topic, rates[:1]) if moving else ())]
    if panels:
        yield Markup(
            '<div class="year-charts" role="region" aria-label="{}的变化图" tabindex="0" data-search-exclude>'
        ).format(topic.title)
        yield from map(draw, panels)
        yield Markup("</div>")
        alike = "各图用同一刻度。" if topic.scaled_alike else "各图的刻度不同，图与图之间不能比高低。"
        if topic.scaled_alike and len(panels) > len(moving):
            alike = f"除比率的图以外，{alike}"
        weak = any(mark.weak for panel in panels for mark in panel.marks)
        few = f"空心点和“{WEAK}”表示分母不足{FEW}。" if weak else ""
        if len(moving) > 1 or few:
            yield Markup('<p class="chart-note">{}{}</p>').format(alike if len(moving) > 1 else "", few)
    if always_nil:
        names = "、".join(one.label for one in always_nil)
        words = "已知的各年都是0，不另画图" if moving else "已知的各年都是0，没有变化可画"
        yield Markup('<p class="chart-note">{}：{}。</p>').format(names, words)


def _panels(topic: Topic, moving: Sequence[Series]) -> Iterator[Panel]:
    top = max((value for one in moving for value in one.known), default=0)
    for number, one in enumerate(moving, 1):
        yield Panel(
            id=f"{topic.id}-chart-{number}",
            title=one.label,
            unit=one.unit,
            kind="columns",
            marks=tuple(Mark(year=point.year, value=point.value, text=point.text) for point in one.points),
            top=top if topic.scaled_alike else max(one.known),
        )


def _rates(topic: Topic, rates: Sequence[RateSeries]) -> Iterator[Panel]:
    for number, one in enumerate(rates, 1):
        marks = tuple(
            Mark(
                year=point.year,
                value=None if point.rate is None else point.rate.value,
                text=point.text + (WEAK if point.small else ""),
                weak=point.small,
            )
            for point in one.points
        )
        if any(mark.value is not None for mark in marks):
            yield Panel(id=f"{topic.id}-rate-{number}", title=one.label, unit="", kind="line", marks=marks, top=1)
