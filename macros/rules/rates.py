"""Percentages, differences and trends in the prose, computed again from the figures that they are of."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from macros.model.report import plain
from macros.rules.context import MEANINGFUL
from macros.rules.meanings import CASES
from macros.rules.quantities import Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from macros.prose.passages import Passage
    from macros.reading.findings import Place
    from macros.reading.numbers import Number
    from macros.rules.claims import Claim
    from macros.rules.rule import Case
    from macros.rules.units import Statement, Unit

_POINTS = frozenset({"个百分点", "百分点"})
# What shares of requests may be of.
_WHOLES = (("requests.results.total",), ("requests.received",), ("requests.received", "requests.carried_in"))
# Words of a change that leave its meaning as it is.
_CHANGE = frozenset(
    {"fill", "and", "about", "whole", "self", "all", "cmp", "year", "same", "up", "down", "extra", "join", "noun"}
)
_SHARE = frozenset({"fill", "share", "all", "noun", "row", "whole", "self", "among", "about"})
_MOST = 40
_LONGEST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoning:
    """A rate, difference or trend that was computed again.

    *problem* is empty where it holds; *rounding* tells that only the last digit is wrong.
    """

    passage: Passage
    words: str
    place: Place
    problem: str = ""
    rounding: bool = False

    @property
    def subject(self) -> str:
        """The page and the words, by which a waiver names this."""
        return f"{self.passage.page.name}：{self.words}"


@dataclass(frozen=True, slots=True)
class _Pair:
    """A figure of this year and that of the year before."""

    claim: Claim
    now: Number
    before: Number


def reckonings(case: Case) -> Iterator[Reckoning]:
    """Yield every rate, difference and trend whose figures are known."""
    numbers: list[tuple[str, Number]] = []
    passage: Passage | None = None
    for statement in case.statements:
        if statement.passage is not passage:
            passage, numbers = statement.passage, []
        counted = [unit.numeral for unit in statement.units if unit.numeral is not None and unit.numeral.unit != "%"]
        numbers = [*numbers, *((numeral.unit, numeral.value) for numeral in counted)][-2 * _MOST :]
        yield from _Reckoner(case, statement, numbers).read()


class _Reckoner:
    """Computes again what one sentence says. *numbers* are those of its passage so far."""

    def __init__(self, case: Case, statement: Statement, numbers: Sequence[tuple[str, Number]]) -> None:
        self._case = case
        self._statement = statement
        self._numbers = numbers
        self._share: tuple[Quantity, Quantity] | None = None

    def read(self) -> Iterator[Reckoning]:
        compared = False
        for index, unit in enumerate(self._statement.units):
            compared = compared or (unit.has("cmp") and (unit.has("year") or "同比" in unit.clause.text))
            numeral = unit.numeral
            if numeral is None or not numeral.exact or unit.elsewhere:
                continue
            if unit.claim is not None:
                yield from self._trend(index, unit)
            elif numeral.unit in _POINTS:
                yield from self._points(index, unit)
            elif unit.has("share") and numeral.unit == "%":
                yield from self._shared(index, unit)
            elif compared and _turn(unit):
                yield from self._changed(index, unit)

    def _changed(self, index: int, unit: Unit) -> Iterator[Reckoning]:
        """Judge 同比增长16.1%, 比上年增加9件 by the figures before."""
        numeral = unit.numeral
        assert numeral is not None
        if any(token.kind not in _CHANGE for token in unit.head) or any(
            token.kind in MEANINGFUL for token in unit.tail
        ):
            return
        pairs = self._pairs(index, of_requests=unit.has("noun"))
        if not pairs or (numeral.unit not in {"%", "倍"} and numeral.unit not in self._units(pairs)):
            return
        turn = _turn(unit)
        results = [_judge(pair, numeral.value, numeral.unit, turn, numeral.decimals) for pair in pairs]
        yield self._best(unit, results)

    def _pairs(self, index: int, *, of_requests: bool) -> list[_Pair]:
        """Return the figures that a change at *index* may be of, the nearest first; none where one is unknown."""
        earlier = [unit for unit in self._statement.units[:index][-_MOST:] if unit.numeral is not None]
        counted = [unit for unit in earlier if not _turn(unit) and unit.numeral and unit.numeral.unit != "%"]
        if not counted or counted[-1].claim is None or (earlier[-1] is not counted[-1] and not _turn(earlier[-1])):
            return []
        claims = [unit.claim for unit in reversed(counted) if unit.claim is not None and not unit.claim.past]
        if of_requests:
            claims = [claim for claim in claims if claim.quantity.call == "requests.received"]
        pairs = [self._pair(claim) for claim in claims]
        known = [pair for pair in pairs if pair is not None]
        return known if len(known) == len(pairs) else []

    def _pair(self, claim: Claim) -> _Pair | None:
        """Return a figure with that of the year before, from the sentence or the report; None unless both are sure."""
        if not claim.certain or claim.loose or claim.agrees(self._case) is False or len(claim.options) > 1:
            return None
        for unit in self._statement.units:
            told = unit.claim
            if told is not None and told.past and told.quantity == claim.quantity:
                sure = told.certain and told.agrees(self._case) is not False
                return _Pair(claim, claim.value, told.value) if sure else None
        previous = self._case.previous
        before = claim.quantity.value(previous) if previous is not None and claim.comparable(self._case) else None
        return None if before is None else _Pair(claim, claim.value, before)

    def _units(self, pairs: Sequence[_Pair]) -> set[str]:
        return {pair.claim.numeral.unit for pair in pairs if pair.claim.numeral is not None}

    def _trend(self, index: int, unit: Unit) -> Iterator[Reckoning]:
        """Judge the direction in 少于上年的71件, 由31件增至38件."""
        claim = unit.claim
        assert claim is not None
        units = self._statement.units
        other: Claim | None = None
        if claim.past:
            earlier = (past.claim for past in reversed(units[max(0, index - _MOST) : index]))
            other = next((each for each in earlier if each and not each.past and each.options == claim.options), None)
            turn = _direction(unit)
        else:
            before = units[index - 1].claim if index else None
            other, turn = (before if before is not None and before.past else None), _aim(unit)
            claim, other = (other, claim) if other is not None else (claim, None)
        if other is None or not turn or not (claim.certain and other.certain):
            return
        if claim.agrees(self._case) is False or other.agrees(self._case) is False:
            return
        holds = other.value > claim.value if turn == "up" else other.value < claim.value
        problem = "" if holds else f"本年是 {plain(other.value)}，上年是 {plain(claim.value)}，不是{_WORDS[turn]}"
        yield self._told(unit, problem)

    def _shared(self, index: int, unit: Unit) -> Iterator[Reckoning]:
        """Judge 予以公开37件，占44.0% by whatever it may be a share of."""
        self._share = None
        numeral = unit.numeral
        previous = next((other for other in reversed(self._statement.units[:index]) if other.numeral is not None), None)
        if numeral is None or previous is None or previous.numeral is None or not previous.numeral.exact:
            return
        part, kind = previous.numeral.value, previous.numeral.unit
        if kind == "%" or len(unit.siblings) > 1 + (previous.clause is unit.clause) or unit.has("resp"):
            return
        if any(token.kind not in _SHARE for token in unit.head) or unit.tail:
            return
        claim = previous.claim
        if claim is not None and claim.agrees(self._case) is not True:
            return
        wholes = {value: None for value in self._wholes(claim)}
        wholes.update((value, None) for name, value in self._numbers if name == kind and value >= part)
        if kind in CASES:
            wholes.update((value, None) for value in map(self._figure, _WHOLES) if value is not None)
        if claim is not None:
            wholes.update((value, None) for value in map(self._figure, _above(claim.quantity)) if value is not None)
        known = [whole for whole in wholes if whole]
        results = [
            (_gap(numeral.value, Decimal(100 * part) / Decimal(whole), numeral.decimals), whole) for whole in known
        ]
        if not results:
            return
        gap, whole = min(results)
        if gap == 0:
            self._share = self._shares(claim, whole)
            yield self._told(unit, "")
            return
        likely = next(iter(self._wholes(claim)), None) if claim is not None else self._base(index, kind)
        if likely is None or (claim is not None and not claim.certain):
            return
        whole = likely if gap > 1 else whole
        right = _rounded(Decimal(100 * part) / Decimal(whole), numeral.decimals)
        problem = f"{plain(part)} {kind}占 {plain(whole)} {kind}的 {right}%"
        yield self._told(unit, problem, rounding=gap == 1)

    def _wholes(self, claim: Claim | None) -> Iterator[Number]:
        """Yield what a share of requests may be of, the likeliest first."""
        if claim is None or not claim.quantity.paths[0].startswith("requests."):
            return
        received = claim.quantity.paths[0].startswith("requests.received")
        for paths in (_WHOLES[1], _WHOLES[0], _WHOLES[2]) if received else _WHOLES:
            value = Quantity(paths).value(self._case.report)
            if value:
                yield value

    def _figure(self, paths: tuple[str, ...]) -> Number | None:
        return Quantity(paths).value(self._case.report)

    def _shares(self, claim: Claim | None, whole: Number) -> tuple[Quantity, Quantity] | None:
        if claim is None:
            return None
        for paths in _WHOLES:
            if Quantity(paths).value(self._case.report) == whole:
                return claim.quantity, Quantity(paths)
        return None

    def _base(self, index: int, kind: str) -> Number | None:
        """Return the figure that is broken down in this sentence: 收到32件，其中网络申请24件，占75%."""
        units = self._statement.units[:index]
        first = next((number for number, unit in enumerate(units) if unit.part), None)
        if not first:
            return None
        numeral = units[first - 1].numeral
        known = numeral is not None and numeral.exact and numeral.unit == kind
        claim = units[first - 1].claim
        return numeral.value if numeral is not None and known and (claim is None or claim.agrees(self._case)) else None

    def _points(self, index: int, unit: Unit) -> Iterator[Reckoning]:
        """Judge 由42.9%提高到44.0%，提高1.1个百分点, and the change of a share that is known for both years."""
        numeral, turn = unit.numeral, _turn(unit)
        if numeral is None or not turn or any(token.kind not in _CHANGE for token in unit.head):
            return
        shares = [
            other for other in self._statement.units[:index][-_MOST:] if other.numeral and other.numeral.unit == "%"
        ]
        rates = [other.numeral for other in shares if other.numeral is not None]
        if (
            len(shares) > 1
            and shares[-1].has("to")
            and shares[-2].has("from")
            and all(rate.exact for rate in rates[-2:])
        ):
            before, now = Decimal(rates[-2].value), Decimal(rates[-1].value)
            decimals = max(rates[-1].decimals, rates[-2].decimals)
            yield self._moved(unit, now - before, decimals, exact=True)
        elif self._share is not None and self._case.previous is not None and unit.has("cmp"):
            part, whole = (quantity.value(self._case.previous) for quantity in self._share)
            now_part, now_whole = (quantity.value(self._case.report) for quantity in self._share)
            if part is None or not whole or now_part is None or not now_whole:
                return
            change = Decimal(100 * now_part) / Decimal(now_whole) - Decimal(100 * part) / Decimal(whole)
            yield self._moved(unit, change, numeral.decimals, exact=False)

    def _moved(self, unit: Unit, change: Decimal, decimals: int, *, exact: bool) -> Reckoning:
        numeral, turn = unit.numeral, _turn(unit)
        assert numeral is not None
        step = Decimal(1).scaleb(-decimals)
        stated = Decimal(numeral.value) if turn == "up" else -Decimal(numeral.value)
        # A difference of rounded shares may be one off in its last digit.
        holds = stated == change if exact else abs(stated - change) <= step
        moved = f"{'提高' if change > 0 else '下降'} {_rounded(abs(change), decimals)} 个百分点"
        return self._told(unit, "" if holds else f"按两年的占比计算是{moved}")

    def _best(self, unit: Unit, results: Sequence[tuple[int, str]]) -> Reckoning:
        """Return what speaks best for the words; the message is of the nearest figure."""
        least = min(gap for gap, _ in results)
        problem = next(problem for gap, problem in results if gap == least)
        return self._told(unit, problem, rounding=least == 1)

    def _told(self, unit: Unit, problem: str, *, rounding: bool = False) -> Reckoning:
        passage, offsets = self._statement.passage, unit.clause.offsets
        numeral = unit.numeral
        assert numeral is not None
        first = next((token.start for token in unit.head if token.kind != "fill"), numeral.start)
        behind = [token.end for token in unit.tail if token.kind in {"up", "down"}]
        end = offsets[max([numeral.end, *behind]) - 1] + 1
        words = passage.text[offsets[first] : end][:_LONGEST]
        place = passage.place(offsets[numeral.start])
        return Reckoning(passage=passage, words=words, place=place, problem=problem, rounding=rounding)


_WORDS = {"up": "增加", "down": "减少"}


def _above(quantity: Quantity) -> Iterator[tuple[str, ...]]:
    """Yield the figures that one may be a part of: rows and columns above its own."""
    path = quantity.call
    while path.count(".") > 1:
        path = path.rpartition(".")[0]
        yield (path,)


def _turn(unit: Unit) -> str:
    """Return which way a change goes that stands before a figure, empty where that is not clear."""
    turns = {token.kind for token in unit.head if token.kind in _WORDS}
    return turns.pop() if len(turns) == 1 else ""


def _direction(unit: Unit) -> str:
    """Return which way this year differs from a figure of the year before: 少于上年的, 比上年的…增加."""
    head = "".join(unit.clause.text[token.start : token.end] for token in unit.head if token.kind == "cmp")
    if any(word in head for word in ("少于", "低于")):
        return "down"
    if any(word in head for word in ("多于", "高于")):
        return "up"
    if not any(token.kind == "cmp" for token in unit.siblings[0].head):
        return ""
    turns = {token.kind for token in unit.siblings[-1].tail if token.kind in _WORDS}
    return turns.pop() if len(turns) == 1 else ""


def _aim(unit: Unit) -> str:
    """Return which way a figure was reached: 增至, 降为."""
    return next((token.value for token in unit.head if token.kind == "to"), "")


def _judge(pair: _Pair, stated: Number, unit: str, turn: str, decimals: int) -> tuple[int, str]:
    """Return how far a change is off, 0 for not at all and 1 for its last digit only, and what is wrong."""
    now, before = Decimal(pair.now), Decimal(pair.before)
    figures = f"本年 {plain(pair.now)}、上年 {plain(pair.before)}"
    change = now - before if turn == "up" else before - now
    if change < 0 or (not change and stated):
        moved = "没有增减" if not change else f"实际是{_WORDS['down' if turn == 'up' else 'up']}"
        return 2, f"{figures}，{moved}"
    if unit not in {"%", "倍"}:
        right = plain(abs(pair.now - pair.before))
        return (0, "") if change == stated else (2, f"{figures}，{_WORDS[turn]} {right} {unit}")
    if not before:
        return 0, ""
    exact = change / before * (100 if unit == "%" else 1)
    gap = _gap(stated, exact, decimals)
    return gap, "" if not gap else f"{figures}，{_WORDS[turn]} {_rounded(exact, decimals)}{unit}"


def _gap(stated: Number, exact: Decimal, decimals: int) -> int:
    """Return 0 where *stated* is *exact* rounded, 1 where it was cut off or rounded up, 2 where it is wrong."""
    step = Decimal(1).scaleb(-decimals)
    off = abs(Decimal(stated) - exact)
    return 0 if off * 2 <= step else 1 if off < step else 2


def _rounded(value: Decimal, decimals: int) -> str:
    half = Decimal(1).scaleb(-decimals) / 2
    return plain((value + half).quantize(Decimal(1).scaleb(-decimals), rounding="ROUND_FLOOR"))
