"""Numbers that the prose reckons from others, computed again: how far they are off, and how that is told."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from nianbao.model.report import plain
from nianbao.rules.wording import LONGEST, subject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.prose.numerals import Numeral
    from nianbao.prose.passages import Passage
    from nianbao.reading.findings import Place
    from nianbao.reading.numbers import Number
    from nianbao.rules.text.statements import Statement
    from nianbao.rules.text.units import Unit
    from nianbao.rules.text.vocabulary import Token

DIRECTIONS = {"up": "增加", "down": "减少"}
LEVEL = "level"
POINTS = frozenset({"个百分点", "百分点"})
WRONG = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoning:
    """A rate, difference or trend that was computed again.

    *problem* is empty where it holds; *rounding* tells that only the last digit is wrong, *doubt* what to
    look at where it may be of figures that the report does not name.
    """

    passage: Passage
    words: str
    place: Place
    problem: str = ""
    rounding: bool = False
    doubt: str = ""

    @property
    def subject(self) -> str:
        """The page and the words, by which a waiver names this."""
        return subject(self.passage.page, self.words)


def told(statement: Statement, unit: Unit, problem: str = "", *, rounding: bool = False, doubt: str = "") -> Reckoning:
    """Return what was found of the figure of *unit*, or of its words where it has none."""
    passage, offsets, frame = statement.passage, unit.clause.offsets, unit.frame
    at = frame.numeral.start if frame.numeral is not None else frame.head[0].start
    first = next((token.start for token in frame.head if token.kind != "fill"), at)
    behind = [token.end for token in frame.tail if token.kind in DIRECTIONS]
    last = frame.numeral.end if frame.numeral is not None else frame.head[-1].end
    words = passage.text[offsets[first] : offsets[max([last, *behind]) - 1] + 1][:LONGEST]
    place = passage.place(offsets[at if frame.numeral is not None else first])
    return Reckoning(passage=passage, words=words, place=place, problem=problem, rounding=rounding, doubt=doubt)


def gap(stated: Number, exact: Decimal, decimals: int) -> int:
    """Return 0 where *stated* is *exact* rounded, 1 where it was cut off or rounded up, 2 where it is wrong."""
    step = Decimal(1).scaleb(-decimals)
    off = abs(Decimal(stated) - exact)
    return 0 if off * 2 <= step else 1 if off < step else WRONG


def off(stated: Numeral, exact: Decimal) -> int:
    """Return how far a figure is off, as `gap` does; one that is rough is right or wrong."""
    if stated.exact:
        return gap(stated.value, exact, stated.decimals)
    return 0 if stated.may_be(exact) else WRONG


def rounded(value: Decimal, decimals: int) -> str:
    """Return *value* with so many places, halves rounded up."""
    return plain(value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP))


def percentage(part: Number, whole: Number) -> Decimal:
    """Return *part* in per cent of *whole*, which is not 0."""
    return Decimal(100 * part) / Decimal(whole)


def turn(unit: Unit) -> str:
    """Return which way a change goes that stands before a figure, or ``level``; empty where that is not clear."""
    words = (*unit.frame.labels, *unit.frame.head)
    turns = {token.value if token.kind == "cmp" else token.kind for token in words if _directs(token)}
    return turns.pop() if len(turns) == 1 else ""


def respective(units: Sequence[Unit], unit: Unit) -> Unit | None:
    """Return the counted figure that one behind 分别 speaks of, where as many were counted just before."""
    numbers = unit.frame.siblings
    if len(numbers) == 1 or not numbers or not units[numbers[0]].has("resp"):
        return None
    earlier = (other for other in units[: numbers[0]] if other.numeral is not None and not turn(other))
    counted = [
        each for each in earlier if each.numeral and each.numeral.unit != "%" and each.frame.note == unit.frame.note
    ]
    found = counted[-len(numbers) :]
    return found[numbers.index(unit.frame.number)] if len(found) == len(numbers) else None


def _directs(token: Token) -> bool:
    return token.kind in DIRECTIONS or token.kind == LEVEL or (token.kind == "cmp" and token.value in DIRECTIONS)
