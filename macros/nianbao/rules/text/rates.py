"""Percentages, differences and trends in the prose, computed again from the figures that they are of."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from nianbao.model.report import plain
from nianbao.rules.text.meanings import CASES
from nianbao.rules.text.quantities import Quantity
from nianbao.rules.text.statements import statements
from nianbao.rules.text.vocabulary import MEANINGFUL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.model.report import Report
    from nianbao.prose.numerals import Numeral
    from nianbao.prose.passages import Passage
    from nianbao.reading.findings import Place
    from nianbao.reading.numbers import Number
    from nianbao.rules.rule import Case
    from nianbao.rules.text.claims import Claim
    from nianbao.rules.text.units import Statement, Unit

_POINTS = frozenset({"个百分点", "百分点"})
# What shares of requests may be of.
_WHOLES = (("requests.results.total",), ("requests.received",), ("requests.received", "requests.carried_in"))
# Words of a change that leave its meaning as it is.
_CHANGE = frozenset(
    {"fill", "and", "about", "whole", "self", "all", "cmp", "year", "same", "up", "down", "extra", "join", "noun"}
)
_SHARE = frozenset({"fill", "share", "all", "noun", "row", "whole", "self", "among", "about"})
_MOST = _LONGEST = 40
# What was answered in time is another rate.
_ANSWERED_RATE = re.compile("(?:申请)?(?:的)?(?:办结率|办复率)(?:为|是|达|达到)?")
_WRONG = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoning:
    """A rate, difference or trend that was computed again.

    *problem* is empty where it holds; *rounding* tells that only the last digit is wrong, *unsure* that
    it may be of figures that the report does not name.
    """

    passage: Passage
    words: str
    place: Place
    problem: str = ""
    rounding: bool = False
    unsure: bool = False

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
    for statement in statements(case):
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
        past = (unit.claim for unit in statement.units if unit.claim is not None and unit.claim.past)
        self._past: dict[Quantity, Claim] = {claim.quantity: claim for claim in past}

    def _ahead(self, index: int) -> Sequence[Unit]:
        """Return what stands before *index*, as far as words reach back."""
        return self._statement.units[max(0, index - _MOST) : index]

    def read(self) -> Iterator[Reckoning]:
        compared = False
        for index, unit in enumerate(self._statement.units):
            numeral, claim = unit.numeral, unit.claim
            compared = compared or (unit.has("cmp") and (unit.has("year") or "同比" in unit.clause.text))
            compared = compared or self._both_years(index, claim)
            if numeral is None or not numeral.exact or unit.elsewhere:
                continue
            if claim is not None:
                found = self._trend(index, unit, claim)
            elif numeral.unit in _POINTS:
                found = self._points(index, unit, numeral)
            elif unit.has("rate") and numeral.unit == "%":
                found = self._answered(index, unit, numeral)
            elif unit.has("share") and numeral.unit == "%":
                found = self._shared(index, unit, numeral)
            else:
                found = self._changed(index, unit, numeral) if compared and _turn(unit) else None
            if found is not None:
                yield found

    def _both_years(self, index: int, claim: Claim | None) -> bool:
        """Say whether a figure follows that of the year before: 2023年收到77件，2024年收到86件."""
        earlier = (unit.claim for unit in self._ahead(index) if claim is not None and not claim.past)
        return any(other.past and other.quantity == claim.quantity for other in earlier if other and claim)

    def _changed(self, index: int, unit: Unit, numeral: Numeral) -> Reckoning | None:
        """Judge 同比增长16.1%, 比上年增加9件 by the figures before."""
        if any(token.kind not in _CHANGE for token in unit.head) or any(
            token.kind in MEANINGFUL for token in unit.tail
        ):
            return None
        pairs = self._pairs(index, of_requests=unit.has("noun"))
        units = {pair.claim.numeral.unit for pair in pairs if pair.claim.numeral is not None}
        if not pairs or numeral.unit not in units | {"%", "倍"}:
            return None
        gap, problem = min((_judge(pair, numeral, _turn(unit)) for pair in pairs), key=lambda judged: judged[0])
        return self._told(unit, numeral, problem, rounding=gap == 1)

    def _pairs(self, index: int, *, of_requests: bool) -> list[_Pair]:
        """Return the figures that a change at *index* may be of, the nearest first; none where one is unknown."""
        earlier = [unit for unit in self._ahead(index) if unit.numeral is not None]
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
        if not self._sure(claim) or claim.loose or len(claim.options) > 1:
            return None
        told = self._past.get(claim.quantity)
        if told is not None:
            return _Pair(claim, claim.value, told.value) if self._sure(told) else None
        previous = self._case.previous
        before = claim.quantity.value(previous) if previous is not None and claim.comparable(self._case) else None
        return None if before is None else _Pair(claim, claim.value, before)

    def _sure(self, claim: Claim) -> bool:
        """Say whether a figure is certain, and no other rule finds it wrong."""
        return claim.certain and claim.agrees(self._case) is not False

    def _trend(self, index: int, unit: Unit, claim: Claim) -> Reckoning | None:
        """Judge the direction in 少于上年的71件, 由31件增至38件."""
        earlier = [other.claim for other in self._ahead(index) if other.claim]
        now: Claim | None = claim
        before: Claim | None = claim
        if claim.past:
            same = [other for other in earlier if not other.past and other.options == claim.options]
            now, turn = same[-1] if same else None, _direction(unit)
        else:
            told = self._statement.units[index - 1].claim if index else None
            before, turn = told if told is not None and told.past else None, _aim(unit)
        if now is None or before is None or not turn or unit.numeral is None:
            return None
        if not self._sure(now) or not self._sure(before):
            return None
        holds = now.value > before.value if turn == "up" else now.value < before.value
        problem = "" if holds else f"本年是 {plain(now.value)}，上年是 {plain(before.value)}，不是{_WORDS[turn]}"
        return self._told(unit, unit.numeral, problem)

    def _answered(self, index: int, unit: Unit, numeral: Numeral) -> Reckoning | None:
        """Judge the 办结率 of requests that were told before: of all to be answered, or of those received."""
        words = unit.clause.text[unit.head[0].start : unit.head[-1].end] if unit.head else ""
        told = [other.claim for other in self._ahead(index) if other.claim is not None]
        of_requests = all(claim.quantity.paths[0].startswith("requests.") for claim in told)
        certain = of_requests and any(claim.certain for claim in told)
        if _ANSWERED_RATE.fullmatch(words) is None or not certain or unit.tail:
            return None
        done = self._figure(_WHOLES[0])
        wholes = [whole for whole in (self._figure(_WHOLES[2]), self._figure(_WHOLES[1])) if whole]
        if done is None or not wholes:
            return None
        rates = [Decimal(100 * done) / Decimal(whole) for whole in wholes]
        if not all(_gap(numeral.value, rate, numeral.decimals) for rate in rates):
            return self._told(unit, numeral, "")
        problem = (
            f"表中办理结果 {plain(done)} 件，新收与上年结转共 {plain(wholes[0])} 件，"
            f"办结的占 {_rounded(rates[0], numeral.decimals)}%"
        )
        return replace(self._told(unit, numeral, problem), unsure=True)

    def _shared(self, index: int, unit: Unit, numeral: Numeral) -> Reckoning | None:
        """Judge 予以公开37件，占44.0% by whatever it may be a share of."""
        self._share = None
        previous = next((other for other in reversed(self._ahead(index)) if other.numeral is not None), None)
        if previous is None or previous.numeral is None or not previous.numeral.exact or previous.numeral.unit == "%":
            return None
        alone = len(unit.siblings) == 1 + (previous.clause is unit.clause)
        if not alone or unit.tail or any(token.kind not in _SHARE for token in unit.head):
            return None
        claim = previous.claim
        if claim is not None and claim.agrees(self._case) is not True:
            return None
        return self._share_of(index, unit, numeral, previous.numeral, claim)

    def _share_of(
        self, index: int, unit: Unit, numeral: Numeral, part: Numeral, claim: Claim | None
    ) -> Reckoning | None:
        shares = {whole: Decimal(100 * part.value) / Decimal(whole) for whole in self._wholes(part, claim) if whole}
        gap = min((_gap(numeral.value, share, numeral.decimals) for share in shares.values()), default=_WRONG)
        if gap == 0:
            fitting = {whole for whole, share in shares.items() if not _gap(numeral.value, share, numeral.decimals)}
            self._share = self._quantities(claim, fitting)
            return self._told(unit, numeral, "")
        if claim is None:
            likely = self._base(index, part.unit)
        else:
            likely = next(self._likely(claim), None) if claim.certain else None
        if likely is None:
            return None
        near = (whole for whole, share in shares.items() if _gap(numeral.value, share, numeral.decimals) == gap)
        whole = likely if gap == _WRONG else next(near)
        right = _rounded(Decimal(100 * part.value) / Decimal(whole), numeral.decimals)
        problem = f"{plain(part.value)} {part.unit}占 {plain(whole)} {part.unit}的 {right}%"
        return self._told(unit, numeral, problem, rounding=gap == 1)

    def _wholes(self, part: Numeral, claim: Claim | None) -> dict[Number, None]:
        """Return every figure that a part may be a share of."""
        found = [value for name, value in self._numbers if name == part.unit and value >= part.value]
        known = list(_WHOLES) if part.unit in CASES else []
        known += _above(claim.quantity) if claim is not None else []
        values = (self._figure(paths) for paths in known)
        return dict.fromkeys([*found, *(value for value in values if value is not None)])

    def _likely(self, claim: Claim) -> Iterator[Number]:
        """Yield what a share of requests most likely is of."""
        path = claim.quantity.paths[0]
        if path.startswith("requests."):
            value = self._figure(_WHOLES[1] if path.startswith("requests.received") else _WHOLES[0])
            if value:
                yield value

    def _figure(self, paths: tuple[str, ...]) -> Number | None:
        return Quantity(paths).value(self._case.report)

    def _quantities(self, claim: Claim | None, wholes: set[Number]) -> tuple[Quantity, Quantity] | None:
        """Return what a share is of, where its figures are those of the table."""
        fitting = [paths for paths in _WHOLES if self._figure(paths) in wholes]
        return (claim.quantity, Quantity(fitting[0])) if claim is not None and fitting else None

    def _base(self, index: int, kind: str) -> Number | None:
        """Return the figure that is broken down in this sentence: 收到32件，其中网络申请24件，占75%."""
        units = self._ahead(index)
        first = next((number for number, unit in enumerate(units) if unit.part), 0)
        base = units[first - 1] if first else None
        if base is None or base.numeral is None or not base.numeral.exact or base.numeral.unit != kind:
            return None
        return base.numeral.value if base.claim is None or base.claim.agrees(self._case) else None

    def _points(self, index: int, unit: Unit, numeral: Numeral) -> Reckoning | None:
        """Judge 由42.9%提高到44.0%，提高1.1个百分点, and the change of a share that is known for both years."""
        if not _turn(unit) or any(token.kind not in _CHANGE for token in unit.head):
            return None
        shares = [other for other in self._ahead(index) if other.numeral and other.numeral.unit == "%"]
        rates = [other.numeral for other in shares if other.numeral is not None and other.numeral.exact]
        if len(shares) > 1 and len(rates) == len(shares) and shares[-1].has("to") and shares[-2].has("from"):
            moved = Decimal(rates[-1].value) - Decimal(rates[-2].value)
            return self._moved(unit, numeral, moved, slack=Decimal(0))
        if self._share is None or not unit.has("cmp"):
            return None
        now, before = self._rate(self._case.report), self._rate(self._case.previous)
        if now is None or before is None:
            return None
        # A difference of rounded shares may be one off in its last digit.
        return self._moved(unit, numeral, now - before, slack=Decimal(1).scaleb(-numeral.decimals))

    def _rate(self, report: Report | None) -> Decimal | None:
        if report is None or self._share is None:
            return None
        part, whole = (quantity.value(report) for quantity in self._share)
        return Decimal(100 * part) / Decimal(whole) if part is not None and whole else None

    def _moved(self, unit: Unit, numeral: Numeral, change: Decimal, *, slack: Decimal) -> Reckoning:
        stated = Decimal(numeral.value) if _turn(unit) == "up" else -Decimal(numeral.value)
        moved = f"{'提高' if change > 0 else '下降'} {_rounded(abs(change), numeral.decimals)} 个百分点"
        return self._told(unit, numeral, "" if abs(stated - change) <= slack else f"按前后两个占比计算是{moved}")

    def _told(self, unit: Unit, numeral: Numeral, problem: str, *, rounding: bool = False) -> Reckoning:
        passage, offsets = self._statement.passage, unit.clause.offsets
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


def _judge(pair: _Pair, stated: Numeral, turn: str) -> tuple[int, str]:
    """Return how far a change is off, as `_gap` does, and what is wrong."""
    now, before = Decimal(pair.now), Decimal(pair.before)
    figures = f"本年 {plain(pair.now)}、上年 {plain(pair.before)}"
    change = now - before if turn == "up" else before - now
    if change < 0 or (not change and stated.value):
        moved = "没有增减" if not change else f"实际是{_WORDS['down' if turn == 'up' else 'up']}"
        return _WRONG, f"{figures}，{moved}"
    if stated.unit not in {"%", "倍"}:
        right = plain(abs(now - before))
        return (0, "") if change == stated.value else (_WRONG, f"{figures}，{_WORDS[turn]} {right} {stated.unit}")
    if not before:
        return 0, ""
    exact = change / before * (100 if stated.unit == "%" else 1)
    gap = _gap(stated.value, exact, stated.decimals)
    return gap, f"{figures}，{_WORDS[turn]} {_rounded(exact, stated.decimals)}{stated.unit}" if gap else ""


def _gap(stated: Number, exact: Decimal, decimals: int) -> int:
    """Return 0 where *stated* is *exact* rounded, 1 where it was cut off or rounded up, 2 where it is wrong."""
    step = Decimal(1).scaleb(-decimals)
    off = abs(Decimal(stated) - exact)
    return 0 if off * 2 <= step else 1 if off < step else _WRONG


def _rounded(value: Decimal, decimals: int) -> str:
    """Return *value* with so many places, halves rounded up."""
    return plain(value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP))
