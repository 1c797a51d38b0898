"""From figures to positions: a scale from 0 to a round number, with few round marks."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

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
