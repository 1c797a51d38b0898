"""Rates as exact fractions, and how they are told to readers."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from macros.reading.numbers import Number

# A rate of nothing is neither 0 nor 100 %.
NO_RATE = "—"
# Evaluators do not rate what has fewer cases: one case more or less would change too much.
FEW = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """The share of *part* in *whole*, which is no share where *whole* is 0."""

    part: Number
    whole: Number

    @property
    def value(self) -> Fraction | None:
        """The rate, None where there is nothing to rate."""
        return Fraction(self.part) / Fraction(self.whole) if self.whole else None

    @property
    def small(self) -> bool:
        """Whether the rate is of so few that it says little."""
        return 0 < self.whole < FEW

    @property
    def text(self) -> str:
        """The rate as readers see it: ``66.7%``, or a dash."""
        return NO_RATE if self.value is None else percent(self.value)


def percent(value: Fraction) -> str:
    """Return *value* in per cent with at most one decimal, halves rounded away from 0: ``12.5%``, ``−3%``."""
    tenths = (abs(value) * 2000 + 1) // 2
    sign = "−" if value < 0 and tenths else ""
    return f"{sign}{tenths // 10}" + (f".{tenths % 10}%" if tenths % 10 else "%")
