"""The charts of a topic: which of its series are drawn, and what is said of those that are not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from nianbao.charts.panel import Mark, Panel, draw, wide
from nianbao.comparison.series import NO_REPORT
from nianbao.model.rates import FEW
from nianbao.tables.scrolling import NEWEST_LAST

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.comparison.series import RateSeries, Series
    from nianbao.comparison.topics import Topic

WEAK = "*"


# Columns of fewer cases look alike, and a table says the same in less room.
LEAST = 10
COUNTED = ("件", "条", "项")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What of a topic is worth a drawing: its *panels*. *small* and *nil* tell whether series were left out.

    *alike* tells whether there are charts of counts beside one another, *weak* whether a rate is of few.
    """

    panels: tuple[Panel, ...] = ()
    small: bool = False
    nil: bool = False
    alike: bool = False
    weak: bool = False


def drawn(topic: Topic, series: Sequence[Series], rates: Sequence[RateSeries]) -> Drawn:
    """Return what is drawn of *topic*; nothing for one year."""
    reported = {point.year for one in series for point in one.points if point.gap != NO_REPORT}
    if len(reported) < 2:  # noqa: PLR2004  # a change needs two
        return Drawn()
    drawable = [one for one in series if one.line.charted and len(one.known) > 1 and min(one.known) >= 0]
    moving = [one for one in drawable if any(one.known)]
    large = [one for one in moving if one.unit not in COUNTED or max(one.known) >= LEAST]
    panels = (*_panels(topic, large), *(_rates(topic, rates[:1]) if large else ()))
    return Drawn(
        panels=panels,
        small=len(moving) > len(large),
        nil=len(drawable) > len(moving),
        alike=len(large) > 1,
        weak=any(mark.weak for panel in panels for mark in panel.marks),
    )


def charts(topic: Topic, found: Drawn, sheet: str) -> Iterator[Markup]:
    """Yield the charts of *topic* in a region and what is not drawn in a sentence; *sheet* is a file's address."""
    if found.panels:
        yield Markup('<div class="{}" role="region" aria-label="{}的变化图" tabindex="0" data-search-exclude>').format(
            f"year-charts {NEWEST_LAST}" if any(map(wide, found.panels)) else "year-charts", topic.title
        )
        yield from (_titled(panel) for panel in found.panels)
        yield Markup("</div>")
        alike = "各图用同一刻度。" if topic.scaled_alike else "各图的刻度不同，图与图之间不能比高低。"
        if topic.scaled_alike and any(panel.kind == "line" for panel in found.panels):
            alike = f"除比率的图以外，{alike}"
        few = f"空心点和“{WEAK}”表示分母不足{FEW}。" if found.weak else ""
        yield Markup('<p class="chart-note">{}{}<a href="{}">保存本图（SVG）</a></p>').format(
            alike if found.alike else "", few, sheet
        )
    reasons = [*([f"各年都不到{LEAST}"] if found.small else ()), *(["已知的各年都是0"] if found.nil else ())]
    if reasons:
        yield Markup('<p class="chart-note">不画图的各项见下表：{}。</p>').format("，或者".join(reasons))


def _titled(panel: Panel) -> Markup:
    """Return *panel* below its name, which stays in sight while it scrolls; listeners have the drawing's own."""
    name = Markup('<span class="chart-name" aria-hidden="true">{}</span>').format(panel.name)
    return Markup('<span class="chart">{}\n{}</span>').format(name, draw(panel))


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
