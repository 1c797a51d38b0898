"""Changes in the prose, computed again: 同比增长11.7%, 比上年增加9件, 由31件增至38件, 较上年有所下降, 是上年的2倍."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from nianbao.model.report import plain
from nianbao.prose.numerals import chinese
from nianbao.reading.patterns import lazy_pattern
from nianbao.rules.text.claims import MONEY
from nianbao.rules.text.frames import MOST, meaningful
from nianbao.rules.text.quantities import Quantity
from nianbao.rules.text.reckoning import (
    DIRECTIONS,
    LEVEL,
    POINTS,
    WRONG,
    off,
    percentage,
    respective,
    rounded,
    told,
    turn,
)
from nianbao.rules.text.subjects import beside
from nianbao.rules.text.vocabulary import MEANINGFUL, NEUTRAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.prose.numerals import Numeral
    from nianbao.reading.numbers import Number
    from nianbao.rules.rule import Case
    from nianbao.rules.text.claims import Claim
    from nianbao.rules.text.quantities import Meaning
    from nianbao.rules.text.reckoning import Reckoning
    from nianbao.rules.text.statements import Statement
    from nianbao.rules.text.units import Unit

# Words of a change that leave its meaning as it is.
_CHANGE = NEUTRAL | {"cmp", "year", "same", "up", "down", "level", "noun"}
# How far what is about level may be from the year before, in parts of it.
_LEVEL = Decimal("0.1")
# How many figures before a change is of: 三类决定均较上年增长.
_COUNTED_PAIRS = lazy_pattern("([两二三四五六])(?:项|类|者|种)")
# Two figures of which one is a multiple of the other, and words beside which they are not.
_PAIR = 2
_LINKS = ("year", "same", "cmp", "up", "down", "to", "from", "resp", "and")
_RATIOS = frozenset({"%", "倍"})
_DOUBT = "请核对说的是哪两个数"
_ANSWERED = "requests.results.total"


@dataclass(frozen=True, slots=True)
class _Pair:
    """A figure of this year and that of an earlier *year*, in the unit of the data, told in *unit*."""

    now: Number
    before: Number
    year: int
    unit: str
    certain: bool = True


def changes(case: Case, statement: Statement) -> Iterator[Reckoning]:
    """Yield every change that a sentence states whose figures are known."""
    reader = _Reader(case, statement)
    compared = False
    last = max((index for index, unit in enumerate(statement.units) if unit.has("cmp", "from")), default=-1)
    for index, unit in enumerate(statement.units):
        compared = compared or (unit.has("cmp") and (unit.has("year") or "同比" in unit.clause.text))
        compared = compared or (unit.has("level") and unit.has("year"))
        compared = compared or unit.compared != 0 or reader.both_years(index, unit.claim)
        if unit.elsewhere:
            continue
        # 申请量持续增长，较上年多9件: what a clause without a figure is compared with may follow.
        found = reader.change(index, unit, compared=compared or (unit.numeral is None and index < last))
        if found is not None:
            yield found


@dataclass(frozen=True, slots=True)
class _Reader:
    """Computes again what one sentence says of changes."""

    case: Case
    statement: Statement

    def _ahead(self, index: int) -> Sequence[Unit]:
        """Return what stands before *index*, as far as words reach back."""
        return self.statement.units[max(0, index - MOST) : index]

    def both_years(self, index: int, claim: Claim | None) -> bool:
        """Say whether a figure follows that of the year before: 2023年收到77件，2024年收到86件."""
        if claim is None or claim.year:
            return False
        earlier = (unit.claim for unit in self._ahead(index))
        return any(other.year and other.quantity == claim.quantity for other in earlier if other)

    def change(self, index: int, unit: Unit, *, compared: bool) -> Reckoning | None:
        """Return what can be said of the change that *unit* states, if it states one."""
        numeral = unit.numeral
        if numeral is None:
            return self._direction(index, unit, compared=compared) if turn(unit) else None
        if unit.claim is not None:
            return self._trend(index, unit, unit.claim) if numeral.exact else None
        of_a_year = numeral.unit == "%" and unit.has("cmp") and not unit.has("up", "down", "level")
        if numeral.rough in {"vague", "about"} or unit.has("share", "rate") or numeral.unit in POINTS or of_a_year:
            return None  # 占44.0%，高于上年的42.9%: a share of that year, and no change.
        if numeral.unit == "倍" and (unit.subject or unit.each) and not unit.frame.ahead(*_LINKS):
            return self._multiple(index, unit, numeral)
        if numeral.unit == "倍" and not turn(unit) and unit.frame.ahead("year"):
            return self._judged(index, unit, numeral, "", compared=True)
        way = turn(unit)
        if not way and respective(self.statement.units, unit) is not None:
            way = turn(self.statement.units[unit.frame.siblings[0]])  # 分别增加1件、2件
        known = bool(way) and (compared or self._told_just_now(index, unit))
        found = self._judged(index, unit, numeral, way, compared=compared) if known else None
        return found or self._between(index, unit, numeral, way)

    def _multiple(self, index: int, unit: Unit, numeral: Numeral) -> Reckoning | None:
        """Judge 自然人申请量为商业企业的4倍, 处罚4875件，约为许可的3.3倍: one figure of this year by another."""
        report = self.case.report
        if len(unit.each) == _PAIR:
            one, other = ([option.value(report) for option in each.options] for each in unit.each)
        else:
            before = self.statement.units[index - 1].claim if index else None
            if before is None or unit.subject is None or before.year or before.verdict(self.case) != "kept":
                return None
            other = [option.value(report) for option in unit.subject.options]
            one = [before.value] * len(other)
        exact = [
            Decimal(now) / Decimal(base) for now, base in zip(one, other, strict=False) if now is not None and base
        ]
        if not exact:
            return None
        apart = min(off(numeral, multiple) for multiple in exact)
        figures = f"表中两者是 {plain(one[0] or 0)} 和 {plain(other[0] or 0)}"
        problem = f"{figures}，是 {rounded(exact[0], max(numeral.decimals, 1))} 倍"
        return told(self.statement, unit, problem if apart else "", doubt=_DOUBT)

    def _between(self, index: int, unit: Unit, numeral: Numeral, way: str) -> Reckoning | None:
        """Judge 收到90件，较上年的70件增加20件 by its own figures, where nothing is known of what they are of."""
        before = self.statement.units[index - 1] if index else None
        if way not in DIRECTIONS or before is None or before.clause is not unit.clause or not before.frame.ahead("cmp"):
            return None
        counted = [other for other in self._counted(index - 1) if not other.frame.ahead("cmp") or other.frame.note]
        whole = next((other for other in reversed(counted) if other.frame.note == unit.frame.note), None)
        known = (whole, before, unit)
        units = {other.numeral.unit for other in known if other is not None and other.exact and other.numeral}
        if whole is None or whole.numeral is None or before.numeral is None or units != {numeral.unit}:
            return None
        claims = [other.claim for other in (whole, before) if other.claim is not None]
        if not all(other is not None and other.exact for other in known) or any(
            claim.agrees(self.case) is False for claim in claims
        ):
            return None
        change = Decimal(whole.numeral.value) - Decimal(before.numeral.value)
        change = change if way == "up" else -change
        first, last = plain(before.numeral.value), plain(whole.numeral.value)
        problem = f"由 {first} 到 {last}，不是{DIRECTIONS[way]} {plain(numeral.value)}"
        return told(self.statement, unit, "" if change == numeral.value else problem, doubt=_DOUBT)

    def _told_just_now(self, index: int, unit: Unit) -> bool:
        """Say whether a change that is compared with nothing follows its figure, or names it: 收到86件，增长11.7%."""
        if unit.subject is not None:
            return unit.subject.certain or unit.subject.doubtful
        before = self.statement.units[index - 1] if index else None
        return before is not None and before.claim is not None and not unit.frame.note

    def _judged(self, index: int, unit: Unit, numeral: Numeral, way: str, *, compared: bool) -> Reckoning | None:
        """Judge 同比增长16.1%, 比上年增加9件 by the figures before, or by that which its words name."""
        if unit.subject is None and not all(token.kind in _CHANGE for token in unit.frame.head):
            return None
        if any(token.kind in MEANINGFUL for token in unit.frame.tail):
            return None
        pairs = [pair for pair in self._pairs(index, unit) if _fits(numeral.unit, pair.unit)]
        if not pairs:
            return None
        apart, problem, pair = min(
            ((*_judge(pair, numeral, way, self.case.report.year), pair) for pair in pairs), key=lambda judged: judged[0]
        )
        # How much 一成多 or 近两成 takes in is a matter of taste, which way it goes is not.
        turned = bool(way) and pair.now != pair.before and (pair.now > pair.before) != (way == "up")
        sure = pair.certain and compared and (turned or numeral.rough in {"", "over", "under"})
        doubt = "" if sure or not problem else _DOUBT
        return told(self.statement, unit, problem, rounding=apart == 1, doubt=doubt)

    def _direction(self, index: int, unit: Unit, *, compared: bool) -> Reckoning | None:
        """Judge 申请量比上年有所下降, which names no figure; what it is compared with need not be told of several."""
        if not compared and not unit.each:
            return None
        if len(unit.each) == _PAIR and beside(unit.frame):
            return self._beside_each_other(unit)
        if unit.each:
            found = [self._directed(index, unit._replace(subject=each)) for each in unit.each]
            wrong = (each for each in found if each is not None and each.problem)
            return next(wrong, None if None in found else found[0])
        if unit.subject is None and not all(token.kind in _CHANGE for token in unit.frame.head):
            return None
        return self._directed(index, unit)

    def _beside_each_other(self, unit: Unit) -> Reckoning | None:
        """Judge 行政诉讼少于行政复议, two figures of this year."""
        one, other = (each.options[0].value(self.case.report) for each in unit.each)
        if one is None or other is None or not all(each.certain for each in unit.each):
            return None
        holds = one > other if beside(unit.frame) == "up" else one < other
        return told(self.statement, unit, "" if holds else f"表中两者是 {plain(one)} 和 {plain(other)}", doubt=_DOUBT)

    def _directed(self, index: int, unit: Unit) -> Reckoning | None:
        pairs = self._pairs(index, unit)
        if not pairs:
            return None
        if unit.subject is None and unit.has("all"):
            return self._all_directed(unit, pairs)
        way, about = turn(unit), _is_about_level(unit)
        if any(_goes(pair, way, about=about) for pair in (*pairs, *self._shares(index, unit))):
            return told(self.statement, unit)
        pair = pairs[0]
        problem = f"{_figures(pair, self.case.report.year)}，不是{DIRECTIONS.get(way, '持平')}"
        sure = pair.certain and len(pairs) == 1 and not about
        return told(self.statement, unit, problem, doubt="" if sure else _DOUBT)

    def _shares(self, index: int, unit: Unit) -> Iterator[_Pair]:
        """Yield the shares of both years where the one before was told: 无法提供占比两成，同比基本持平."""
        before = self.statement.units[index - 1] if index and unit.subject is None else None
        if before is None or before.subject is None or not before.has("share"):
            return
        part = before.subject.options[0]
        whole = Quantity(("requests.received" if part.call.startswith("requests.received") else _ANSWERED,))
        earlier = self.case.reports.get(self.case.report.year - 1)
        if earlier is None or not part.paths[0].startswith("requests."):
            return
        found = [(part.value(report), whole.value(report)) for report in (self.case.report, earlier)]
        if all(one is not None and base for one, base in found):
            now, then = (percentage(one or 0, base or 1) for one, base in found)
            yield _Pair(now, then, -1, "%")

    def _all_directed(self, unit: Unit, pairs: Sequence[_Pair]) -> Reckoning | None:
        """Judge 三类决定均较上年增长 by so many figures before, 均有所增长 by the last."""
        counted = _COUNTED_PAIRS.search(unit.clause.text)
        count = (chinese(counted[1]) or 1) if counted else 1
        if count > len(pairs):
            return None
        way, about = turn(unit), _is_about_level(unit)
        turned = [pair for pair in pairs[:count] if not _goes(pair, way, about=about)]
        if not turned:
            return told(self.statement, unit)
        problem = f"{_figures(turned[-1], self.case.report.year)}，不是{DIRECTIONS.get(way, '持平')}"
        sure = counted is not None and len(pairs) == count and all(pair.certain for pair in pairs)
        return told(self.statement, unit, problem, doubt="" if sure else _DOUBT)

    def _pairs(self, index: int, unit: Unit) -> list[_Pair]:
        """Return the figures that a change at *index* may be of, the likeliest first; none where one is unknown."""
        same = respective(self.statement.units, unit)
        if same is not None:
            pair = self._pair(same.claim, unit) if same.claim is not None else None
            return [] if pair is None else [pair]
        subject = unit.subject or self._subject_before(index)
        if subject is not None and (unit.subject is None or not _only_noun(unit)):
            named = [self._named(index, option, unit) for option in subject.options]
            known = [pair for pair in named if pair is not None]
            return known if len(known) == len(named) else []
        pairs = self._nearest(index, unit)
        if pairs or unit.subject is None or self._counted(index):
            return pairs
        named = [self._named(index, option, unit) for option in unit.subject.options[:1]]
        return [pair for pair in named if pair is not None]

    def _subject_before(self, index: int) -> Meaning | None:
        """Return what 持续增长 or 同比增长11.7% was said of, where nothing has been counted since."""
        for before in reversed(self._ahead(index)):
            if before.subject is not None:
                return before.subject
            if before.numeral is not None and not turn(before):
                return None
        return None

    def _counted(self, index: int) -> list[Unit]:
        earlier = [other for other in self._ahead(index) if other.numeral is not None]
        return [other for other in earlier if not turn(other) and other.numeral and other.numeral.unit not in _RATIOS]

    def _nearest(self, index: int, unit: Unit) -> list[_Pair]:
        earlier = [other for other in self._ahead(index) if other.numeral is not None]
        if unit.numeral is not None and unit.numeral.unit != "%":  # 124件，占比近八成，较上年增加16件
            earlier = [other for other in earlier if not other.has("share")]
        if not unit.frame.note:  # 办结84件（其中上年结转4件），同比增长7.7%
            earlier = [other for other in earlier if not other.frame.note] or earlier
        counted = [other for other in self._counted(index) if other in earlier]
        if not counted or counted[-1].claim is None or (earlier[-1] is not counted[-1] and not turn(earlier[-1])):
            return []
        claims = [other.claim for other in reversed(counted) if other.claim is not None and not other.claim.year]
        claims = [claim for claim in claims if claim.exact or claim.verdict(self.case) == "kept"]
        if counted[-1].claim.year and counted[-1].clause.mark != "；":  # 比上年的8条增加3条
            named = self._named(index, counted[-1].claim.fitting(self.case), unit)
            return [] if named is None else [named]
        if unit.has("noun"):
            claims = [claim for claim in claims if claim.quantity.call == "requests.received"]
        pairs = [self._pair(claim, unit) for claim in claims]
        known = [pair for pair in pairs if pair is not None]
        return known if len(known) == len(pairs) else []

    def _pair(self, claim: Claim, unit: Unit) -> _Pair | None:
        """Return a figure with that of an earlier year, from the sentence or the report; None unless both are sure."""
        loose = claim.loose and claim.verdict(self.case) != "kept"
        if not self._sure(claim) or loose or (len(claim.options) > 1 and claim.agrees(self.case) is None):
            return None
        quantity, now = claim.fitting(self.case), claim.figure(self.case)
        before = self._earlier(quantity, unit, now)
        if now is None or before is None:
            return None
        return _Pair(now, before[0], before[1], quantity.unit(self.case.report))

    def _named(self, index: int, quantity: Quantity, unit: Unit) -> _Pair | None:
        """Return the figures of *quantity* in both years, from the sentence or the reports."""
        claims = [other.claim for other in self._ahead(index) if other.claim is not None and not other.claim.year]
        mine = [claim for claim in claims if claim.fitting(self.case) == quantity]
        if mine and not self._sure(mine[-1]):
            return None
        now = mine[-1].figure(self.case) if mine else quantity.value(self.case.report)
        before = self._earlier(quantity, unit, now)
        if now is None or before is None:
            return None
        certain = unit.subject is None or unit.subject.certain
        return _Pair(now, before[0], before[1], quantity.unit(self.case.report), certain=certain)

    def _earlier(self, quantity: Quantity, unit: Unit, now: Number | None) -> tuple[Number, int] | None:
        """Return the figure that this year's is compared with, and its year."""
        claims = (other.claim for other in self.statement.units)
        told_before = (claim for claim in claims if claim is not None and claim.year)
        past = {claim.year: claim for claim in told_before if claim.fitting(self.case) == quantity}
        year = _named_year(unit) or unit.compared or (max(past) if past else -1)
        if year in past:
            claim = past[year]
            figure = claim.figure(self.case) if self._sure(claim) else None
            return None if figure is None else (figure, year)
        report = self.case.reports.get(self.case.report.year + year)
        if report is None or now is None or not _comparable(quantity, self.case, year):
            return None
        figure = quantity.value(report)
        return None if figure is None else (figure, year)

    def _sure(self, claim: Claim) -> bool:
        """Say whether a figure is certain and no other rule finds it wrong, or is by its value that of the data."""
        verdict = claim.verdict(self.case)
        return verdict == "kept" or (claim.exact and claim.certain and verdict is None)

    def _trend(self, index: int, unit: Unit, claim: Claim) -> Reckoning | None:
        """Judge the direction in 少于上年的71件, 由31件增至38件."""
        earlier = [other.claim for other in self._ahead(index) if other.claim]
        now: Claim | None = claim
        before: Claim | None = claim
        if claim.year:
            same = [other for other in earlier if not other.year and other.options == claim.options]
            now, way = same[-1] if same else None, self._compared(unit)
        else:
            earlier_claim = self.statement.units[index - 1].claim if index else None
            before = earlier_claim if earlier_claim is not None and earlier_claim.year else None
            way = next((token.value for token in unit.frame.head if token.kind == "to"), "")
        if before is None or not way or not self._sure(before) or (now is not None and not self._sure(now)):
            return None
        figure = now.value if now is not None else before.quantity.value(self.case.report)
        if figure is None or (now is None and not claim.year):
            return None
        holds = figure > before.value if way == "up" else figure < before.value
        words = "上年" if before.year == -1 else f"{self.case.report.year + before.year} 年"
        problem = f"本年是 {plain(figure)}，{words}是 {plain(before.value)}，不是{DIRECTIONS[way]}"
        return told(self.statement, unit, "" if holds else problem)

    def _compared(self, unit: Unit) -> str:
        """Return which way this year differs from a figure of an earlier year: 少于上年的, 比上年的…增加."""
        frame = unit.frame
        head = "".join(frame.clause.text[token.start : token.end] for token in frame.head if token.kind == "cmp")
        if any(word in head for word in ("少于", "低于")):
            return "down"
        if any(word in head for word in ("多于", "高于")):
            return "up"
        siblings = [self.statement.units[number].frame for number in frame.siblings]
        if not any(token.kind == "cmp" for token in siblings[0].head):
            return ""
        turns = {token.kind for token in siblings[-1].tail if token.kind in DIRECTIONS}
        return turns.pop() if len(turns) == 1 else ""


def _is_about_level(unit: Unit) -> bool:
    """Say whether words tell that something is nearly as before: 基本持平."""
    return any(token.kind == LEVEL and token.value for token in unit.frame.head)


def _named_year(unit: Unit) -> int:
    """Return the year that stands beside a multiple: 是2022年的1.3倍, 0 where none does."""
    years = {int(token.value) for token in unit.frame.head if token.kind == "year" and token.value}
    return years.pop() if len(years) == 1 else 0


def _only_noun(unit: Unit) -> bool:
    """Say whether no more than 申请 names what changes: the figures before may be meant."""
    words = meaningful(unit.frame.labels or unit.frame.head)
    return all(token.kind == "noun" and token.value != "volume" for token in words)


def _comparable(quantity: Quantity, case: Case, year: int) -> bool:
    other = case.reports.get(case.report.year + year)
    first = quantity.paths[0].partition(".")[0]
    return other is not None and (first != "disclosure" or other.form.format == case.report.form.format)


def _fits(stated: str, unit: str) -> bool:
    """Say whether a change in the unit *stated* may be that of a figure in *unit*."""
    return stated in _RATIOS or (stated in MONEY and unit in MONEY) or (stated not in MONEY and unit not in MONEY)


def _figures(pair: _Pair, year: int) -> str:
    before = "上年" if pair.year == -1 else f"{year + pair.year} 年"
    return f"本年 {plain(pair.now)}、{before} {plain(pair.before)}"


def _judge(pair: _Pair, stated: Numeral, way: str, year: int) -> tuple[int, str]:
    """Return how far a change is off, as `gap` does, and what is wrong. Without a *way* it is a multiple."""
    now, before = Decimal(pair.now), Decimal(pair.before)
    figures = _figures(pair, year)
    if not way:
        if not before:
            return 0, ""
        apart = off(stated, now / before)
        return apart, f"{figures}，是 {rounded(now / before, stated.decimals)} 倍" if apart else ""
    change = now - before if way == "up" else before - now
    if change < 0 or (not change and stated.value):
        moved = "没有增减" if not change else f"实际是{DIRECTIONS['down' if way == 'up' else 'up']}"
        return WRONG, f"{figures}，{moved}"
    if stated.unit not in _RATIOS:
        return _difference(pair, stated, change, f"{figures}，{DIRECTIONS[way]}")
    if not before:
        return 0, ""
    exact = change / before * (100 if stated.unit == "%" else 1)
    apart = off(stated, exact)
    return apart, f"{figures}，{DIRECTIONS[way]} {rounded(exact, stated.decimals)}{stated.unit}" if apart else ""


def _goes(pair: _Pair, way: str, *, about: bool) -> bool:
    """Say whether a figure went *way*, or is level with that before; *about* so, by a tenth."""
    if way == LEVEL:
        return abs(Decimal(pair.now) - pair.before) <= (pair.before * _LEVEL if about else 0)
    return pair.now > pair.before if way == "up" else pair.now < pair.before


def _difference(pair: _Pair, stated: Numeral, change: Decimal, words: str) -> tuple[int, str]:
    scale = MONEY[stated.unit] / MONEY[pair.unit] if stated.unit in MONEY and pair.unit in MONEY else Decimal(1)
    right = change / scale
    if scale == 1 and not stated.decimals and right == int(right):
        return (0, "") if stated.may_be(int(right)) else (WRONG, f"{words} {plain(int(right))} {stated.unit}")
    shown = f"{words} {rounded(right, max(stated.decimals, 2))} {stated.unit}"
    return (WRONG, shown) if off(stated, right) == WRONG else (0, "")
