"""Bars that lie: a label, a bar and its value for each of a few things that make up a whole."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from markupsafe import Markup

from nianbao.charts import svg
from nianbao.charts.panel import Scale

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from nianbao.charts.svg import Attribute
    from nianbao.reading.numbers import Number

_GAP = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: its *label*, its *value*, None where it is unknown, and the *text* behind it."""

    label: str
    value: Number | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How bars look: *across* wide, one every *pitch*, type of *size*; *look* gives the attributes of a role."""

    across: float
    pitch: float
    size: float
    look: Callable[[str], Mapping[str, Attribute]]


def draw_bars(bars: Sequence[Bar], style: Style) -> tuple[Markup, float]:
    """Return *bars* from the upper left corner, and how high they are; the longest takes what words leave."""
    left = max(svg.width(bar.label, style.size) for bar in bars) + _GAP
    right = max(svg.width(bar.text, style.size) for bar in bars) + _GAP
    top = Fraction(max((bar.value for bar in bars if bar.value is not None), default=0)) or Fraction(1)
    measure = Scale(top=top, step=top, length=max(style.across - left - right, style.pitch))
    return Markup("").join(_bars(bars, left, measure, style)), style.pitch * len(bars)


def _bars(bars: Sequence[Bar], left: float, measure: Scale, style: Style) -> Iterator[Markup]:
    look, pitch = style.look, style.pitch
    for number, bar in enumerate(bars):
        middle = pitch * (number + 0.5)
        baseline = middle + style.size * 0.36
        length = 0.0 if bar.value is None else measure.along(bar.value)
        yield svg.element("text", {"x": left - _GAP, "y": baseline, **look("label")}, bar.label)
        if length:
            at = {"x": left, "y": middle - pitch * 0.3, "width": length, "height": pitch * 0.6}
            yield svg.element("rect", {**at, **look("bar")})
        yield svg.element("text", {"x": left + length + _GAP, "y": baseline, **look("amount")}, bar.text)
    ends = {"x1": left, "x2": left, "y1": 0, "y2": pitch * len(bars)}
    yield svg.element("line", {**ends, **look("base")})
