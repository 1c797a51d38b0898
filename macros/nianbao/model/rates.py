"""Rates as exact fractions, and how they are told to readers."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nianbao.reading.numbers import Number

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
        """The rate as tables, charts and pictures show it, one way beside others: ``66.7%``, ``44.0%``, or a dash."""
        return NO_RATE if self.value is None else percent(self.value)

    @property
    def in_words(self) -> str:
        """The rate as a report writes it in a sentence: ``66.7%``, ``44%``. What was published must not change."""
        return self.text.replace(".0%", "%")


def percent(value: Fraction) -> str:
    """Return *value* in per cent with one decimal, halves rounded away from 0: ``12.5%``, ``44.0%``, ``−3.0%``.

    Nothing and all of it are exact, and are written ``0%``, ``100%`` and ``−100%`` as reports write them.
    """
    if value in {-1, 0, 1}:
        return f"{'−' if value < 0 else ''}{abs(value) * 100}%"
    tenths = (abs(value) * 2000 + 1) // 2
    sign = "−" if value < 0 and tenths else ""
    return f"{sign}{tenths // 10}.{tenths % 10}%"
