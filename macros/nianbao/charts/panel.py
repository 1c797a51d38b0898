"""A small chart of one figure through the years: columns for counts, a line for rates, every value written."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from markupsafe import Markup

from nianbao.charts import svg

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nianbao.reading.numbers import Number


_STEPS = (1, 2, 5, 10)
_MARKS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A scale from 0 to *top*, with a mark every *step*, along *length* units."""

    top: Fraction
    step: Fraction
    length: float

    def along(self, value: Number | Fraction) -> float:
        """Return how far from the start *value* lies."""
        return float(Fraction(value) / self.top) * self.length

    @property
    def marks(self) -> tuple[Fraction, ...]:
        """The values that the axis names, 0 among them."""
        return tuple(self.step * number for number in range(int(self.top / self.step) + 1))


def scale(values: Iterable[Number | Fraction], length: float) -> Scale:
    """Return the scale for *values*, none negative: at most four steps of 1, 2 or 5 times a power of ten.

    Where nothing is above 0 the scale ends at 1. Of whole numbers the steps are whole.
    """
    figures = [Fraction(value) for value in values]
    largest = max(figures, default=Fraction(0))
    if largest <= 0:
        return Scale(top=Fraction(1), step=Fraction(1), length=length)
    whole = all(figure.denominator == 1 for figure in figures)
    power = Fraction(1)
    while power * _MARKS < largest:
        power *= 10
    while power * _MARKS >= largest * 10 and not (whole and power <= 1):
        power /= 10
    smaller = power / 10
    candidates = [*(smaller * step for step in _STEPS), *(power * step for step in _STEPS)]
    step = next(step for step in candidates if step * _MARKS >= largest and (step.denominator == 1 or not whole))
    count = -(-largest // step)
    return Scale(top=step * count, step=step, length=length)


_PLOT = 118.0
_AXIS_GAP = 6
_RIGHT = 10.0
_LEAST_PITCH, _BETWEEN = 36.0, 6.0
_BAR = 0.56
_WIDEST_BAR = 26.0
_LEAST_WIDTH = 292.0
_TELEPHONE = 330.0  # What a common one has room for.
_ABOVE = 20.0  # Room for the value above the tallest column.
_BELOW = 24.0
_DOT = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One year: its *value*, None for a gap, and the *text* written for it. *weak* marks what says little."""

    year: int
    value: Number | Fraction | None
    text: str
    weak: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A chart: its *id* in the page, *title*, *unit* and marks in the order of years.

    *kind* is ``columns`` for counts or ``line`` for rates. *top* is the largest figure of the charts
    that this one shares its scale with.
    """

    id: str
    title: str
    unit: str
    kind: str
    marks: tuple[Mark, ...]
    top: Number | Fraction

    @property
    def name(self) -> str:
        """The title with the unit, which stands above the drawing and is no part of it."""
        return f"{self.title}（{self.unit}）" if self.unit else self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """Where the parts of a chart stand: the axis begins at *left*, a year is *pitch* wide, columns stand on *base*."""

    measure: Scale
    names: tuple[str, ...]
    left: float
    pitch: float
    across: float
    base: float


def _frame(panel: Panel) -> _Frame:
    rate = panel.kind == "line"
    measure = Scale(top=Fraction(1), step=Fraction(1, 2), length=_PLOT) if rate else scale([panel.top], _PLOT)
    names = tuple(f"{svg_number(mark * 100)}%" if rate else svg_number(mark) for mark in measure.marks)
    left = max(svg.width(name, svg.SMALL) for name in names) + _AXIS_GAP + 2
    widest = max(svg.width(mark.text, svg.LEAST if mark.value is None else svg.SMALL) for mark in panel.marks)
    pitch = max(_LEAST_PITCH, widest + _BETWEEN)
    across = max(_LEAST_WIDTH, left + pitch * len(panel.marks) + _RIGHT)
    return _Frame(
        measure=measure,
        names=names,
        left=left,
        pitch=(across - left - _RIGHT) / len(panel.marks),
        across=across,
        base=_ABOVE + _PLOT,
    )


def size(panel: Panel) -> tuple[float, float]:
    """Return how wide and how high *panel* is drawn."""
    frame = _frame(panel)
    return frame.across, frame.base + _BELOW


def wide(panel: Panel) -> bool:
    """Say whether *panel* is drawn wider than a telephone."""
    return size(panel)[0] > _TELEPHONE


def draw(panel: Panel) -> Markup:
    """Return *panel* as an image of SVG."""
    frame = _frame(panel)
    measure, left, pitch, base = frame.measure, frame.left, frame.pitch, frame.base
    parts = [
        *_axis(measure, frame.names, left, frame.across - _RIGHT, base),
        *(_line if panel.kind == "line" else _columns)(panel, measure, left, pitch, base),
        *(
            svg.text(str(mark.year), left + pitch * (number + 0.5), base + 17, "chart-year")
            for number, mark in enumerate(panel.marks)
        ),
    ]
    first, last = panel.marks[0].year, panel.marks[-1].year
    naming = svg.Naming(
        id=panel.id,
        title=f"{panel.name}，{first}年至{last}年",
        description="，".join(f"{mark.year}年{mark.text}" for mark in panel.marks) + "。",
    )
    small = " year-chart-small" if frame.across <= _LEAST_WIDTH else ""
    return svg.picture(naming, (frame.across, base + _BELOW), Markup("").join(parts), f"year-chart{small}")


def svg_number(value: Fraction) -> str:
    """Return a mark of an axis as digits."""
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"


def _axis(measure: Scale, names: Iterable[str], left: float, right: float, base: float) -> Iterator[Markup]:
    """Yield the marks of the scale with lines across, the lowest of them the base line."""
    for value, name in zip(measure.marks, names, strict=True):
        y = base - measure.along(value)
        class_ = "chart-grid" if value else "chart-base"
        yield svg.element("line", {"x1": left, "x2": right, "y1": y, "y2": y, "class": class_})
        yield svg.text(name, left - _AXIS_GAP, y + svg.SMALL * 0.35, "chart-mark")


def _columns(panel: Panel, measure: Scale, left: float, pitch: float, base: float) -> Iterator[Markup]:
    bar = min(pitch * _BAR, _WIDEST_BAR)
    for number, mark in enumerate(panel.marks):
        middle = left + pitch * (number + 0.5)
        height = 0.0 if mark.value is None else measure.along(mark.value)
        if height:
            at = {"x": middle - bar / 2, "y": base - height, "width": bar, "height": height}
            yield svg.element("rect", {**at, "class": "chart-bar"})
        yield svg.text(mark.text, middle, base - height - 5, "chart-gap" if mark.value is None else "chart-value")


def _line(panel: Panel, measure: Scale, left: float, pitch: float, base: float) -> Iterator[Markup]:
    """Yield a line that breaks where a year has no rate, a dot for every rate, hollow where it says little."""
    spots = [
        None if mark.value is None else (left + pitch * (number + 0.5), base - measure.along(mark.value))
        for number, mark in enumerate(panel.marks)
    ]
    for before, after in pairwise(spots):
        if before is not None and after is not None:
            ends = {"x1": before[0], "y1": before[1], "x2": after[0], "y2": after[1]}
            yield svg.element("line", {**ends, "class": "chart-line"})
    for number, (mark, spot) in enumerate(zip(panel.marks, spots, strict=True)):
        if spot is None:
            yield svg.text(mark.text, left + pitch * (number + 0.5), base - 5, "chart-gap")
            continue
        class_ = "chart-dot chart-dot-weak" if mark.weak else "chart-dot"
        yield svg.element("circle", {"cx": spot[0], "cy": spot[1], "r": _DOT, "class": class_})
        yield svg.text(mark.text, spot[0], spot[1] - 9, "chart-value")
