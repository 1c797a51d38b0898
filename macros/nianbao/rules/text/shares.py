"""Shares and percentage points in the prose, computed again: 予以公开37件，占44.0%, 分别占44.0%、13.1%."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from nianbao.model.report import plain
from nianbao.rules.text.divisions import decided_outcomes
from nianbao.rules.text.frames import MOST, behind
from nianbao.rules.text.meanings import CASES
from nianbao.rules.text.quantities import Quantity
from nianbao.rules.text.reckoning import DIRECTIONS, POINTS, WRONG, off, percentage, respective, rounded, told, turn
from nianbao.rules.text.vocabulary import MEANINGFUL, NEUTRAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.model.report import Report
    from nianbao.prose.numerals import Numeral
    from nianbao.reading.numbers import Number
    from nianbao.rules.rule import Case
    from nianbao.rules.text.quantities import Meaning
    from nianbao.rules.text.reckoning import Reckoning
    from nianbao.rules.text.statements import Statement
    from nianbao.rules.text.units import Unit

# What shares of requests may be of.
_WHOLES = (("requests.results.total",), ("requests.received",), ("requests.received", "requests.carried_in"))
# Words of a share, and of a change in points, that leave their meaning as it is.
_SHARE = MEANINGFUL | {"fill", "share", "all", "whole", "self", "among", "about", "resp", "and", "part"}
_MOVED = NEUTRAL | {"cmp", "year", "same", "up", "down", "noun"}
_NAMED = MEANINGFUL | _MOVED | {"share"}
_DOUBT = "请核对是按什么计算的"
_OVERLAPPING = "请核对各项有没有重复"
_ALL = 100

Numbers = tuple[tuple[str, "Number"], ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """What has a share: a figure with its unit, of *quantity* where the data have it, *certain* where that is sure."""

    value: Number
    unit: str
    quantity: Quantity | None
    certain: bool
    index: int


def numbers(statement: Statement) -> Numbers:
    """Return the counted figures of a sentence with their units."""
    found = (unit.numeral for unit in statement.units if unit.numeral is not None and unit.numeral.unit != "%")
    return tuple((numeral.unit, numeral.value) for numeral in found)


def shares(case: Case, statement: Statement, counted: Numbers) -> Iterator[Reckoning]:
    """Yield every share and every change of one; *counted* are the figures of the passage so far."""
    reader = _Reader(case, statement, counted)
    known: tuple[Quantity, Quantity] | None = None
    for index, unit in enumerate(statement.units):
        numeral = unit.numeral
        if numeral is None or unit.elsewhere or numeral.rough == "vague" or unit.claim is not None:
            continue
        if numeral.unit == "%" and unit.frame.ahead("resp"):
            yield from reader.over_all(unit)
        if numeral.unit in POINTS:
            found = reader.points(index, unit, numeral, known)
        elif numeral.unit == "%" and unit.has("year", "to") and not unit.has("rate", "up", "down", "level"):
            found = reader.moved(index, unit, numeral)
        elif numeral.unit == "%" and not unit.has("rate", "up", "down"):
            found, known = reader.share(index, unit, numeral)
        else:
            continue
        if found is not None:
            yield found


@dataclass(frozen=True, slots=True)
class _Shares:
    """A share *before* and *now*, of *subject* where the words tell."""

    before: Numeral
    now: Numeral
    subject: Meaning | None


@dataclass(frozen=True, slots=True)
class _Reader:
    """Computes again what one sentence says of shares. *counted* are the figures of its passage so far."""

    case: Case
    statement: Statement
    counted: Numbers

    def _ahead(self, index: int) -> Sequence[Unit]:
        return self.statement.units[max(0, index - MOST) : index]

    def share(
        self, index: int, unit: Unit, numeral: Numeral
    ) -> tuple[Reckoning | None, tuple[Quantity, Quantity] | None]:
        """Judge a share by whatever it may be of; return also what it is of where the table has both figures."""
        last = behind(unit.frame)
        ended = last or all(token.kind == "fill" for token in unit.frame.tail)
        if not ended or any(token.kind not in _SHARE for token in unit.frame.head):
            return None, None
        behind_whole = self._counted_whole(index, unit)
        part = self._part(index, unit) if behind_whole is None else self._part(index - 1, behind_whole)
        if part is None or (unit.whole is not None and unit.whole.options[0] == part.quantity):
            return None, None
        counted = behind_whole.numeral if behind_whole is not None else None
        named = self._named(unit) if counted is None else counted.value
        possible = self._wholes(index, part, unit) if named is None else {named: None}
        wholes = {whole: percentage(part.value, whole) for whole in possible if whole}
        apart = min((off(numeral, share) for share in wholes.values()), default=WRONG)
        if apart == 0:
            fitting = {whole for whole, share in wholes.items() if not off(numeral, share)}
            return told(self.statement, unit), self._quantities(part, fitting)
        base = named or self._likely(part)
        likely = base or self._counted_before(part)
        if likely is None or part.value > likely:
            return None, None
        near = (whole for whole, share in wholes.items() if off(numeral, share) == apart)
        whole = likely if apart == WRONG else next(near)
        right = rounded(percentage(part.value, whole), numeral.decimals)
        problem = f"{plain(part.value)} {part.unit}占 {plain(whole)} {part.unit}的 {right}%"
        sure = part.certain if part.quantity is not None else base is not None
        doubt = "" if sure and numeral.rough in {"", "over", "under"} else _DOUBT
        return told(self.statement, unit, problem, rounding=apart == 1, doubt=doubt), None

    def over_all(self, unit: Unit) -> Iterator[Reckoning]:
        """Judge a list of shares of what no table counts: 网络、信函申请分别占57.6%、43.8% are more than all."""
        listed = [self.statement.units[number] for number in unit.frame.siblings]
        rates = [
            each.numeral for each in listed if each.numeral is not None and each.numeral.unit == "%" and each.exact
        ]
        told_of = any(each.subject is not None or each.whole is not None for each in listed)
        # 网站、公众号分别占68%、52%: the same may be published in both.
        asked = all(token.kind in _SHARE | {"channel"} for token in unit.frame.head) and unit.has("channel")
        if told_of or not asked or not unit.has("share") or len(rates) < len(listed):
            return
        added = sum(Decimal(rate.value) for rate in rates)
        slack = sum(Decimal(1).scaleb(-rate.decimals) for rate in rates) / 2
        if added > _ALL + slack:
            yield told(self.statement, unit, f"各项之和是 {plain(added)}%", doubt=_OVERLAPPING)

    def moved(self, index: int, unit: Unit, numeral: Numeral) -> Reckoning | None:
        """Judge the share of a year before, and which way it went: 由上年的42.3%升至44.0%, 低于上年的45.1%."""
        before = self.statement.units[index - 1] if index else None
        former = before.numeral if before is not None and before.numeral and before.numeral.unit == "%" else None
        if before is not None and former is not None and before.has("from") and unit.has("to"):
            of = None if before.has("rate") else before.subject  # 纠错率由25%降至13.3%: no share of what is named.
            return self._turned(unit, _Shares(former, numeral, of), unit.frame.values("to")[0])
        years = {int(token.value) for token in unit.frame.head if token.kind == "year" and token.value}
        subject = unit.subject or (before.subject if before is not None and unit.clause is not before.clause else None)
        report = self.case.reports.get(self.case.report.year + years.pop()) if len(years) == 1 else None
        plainly = all(token.kind in _SHARE | _MOVED | {"from"} for token in unit.frame.head)
        plainly = plainly and (before is None or not before.has("rate"))
        if report is None or subject is None or not subject.certain or not plainly or unit.frame.tail:
            return None
        problem = self._apart(subject.options[0], numeral, report)
        ways = "".join(unit.frame.values("cmp"))
        if not problem and former is not None and ways in DIRECTIONS and former.exact and numeral.exact:
            return self._turned(unit, _Shares(numeral, former, None), ways)
        return None if problem is None else told(self.statement, unit, problem, doubt=_DOUBT)

    def _turned(self, unit: Unit, shares: _Shares, way: str) -> Reckoning | None:
        """Judge which way a share went since the year before, and then each of its two figures."""
        former, now = shares.before, shares.now
        change = Decimal(now.value) - Decimal(former.value)
        if way and (change > 0) != (way == "up"):
            problem = f"由 {plain(former.value)}% 到 {plain(now.value)}%，不是{DIRECTIONS[way]}"
            return told(self.statement, unit, problem)
        earlier = self.case.reports.get(self.case.report.year - 1)
        problems: list[str | None] = []
        if shares.subject is not None and (shares.subject.certain or shares.subject.doubtful):
            quantity = shares.subject.options[0]
            problems.append(self._apart(quantity, now, self.case.report))
            problems.append(self._apart(quantity, former, earlier) if earlier is not None else None)
        problem = next((each for each in problems if each), "")
        return told(self.statement, unit, problem, doubt=_DOUBT) if way or problem else None

    def _apart(self, quantity: Quantity, numeral: Numeral, report: Report) -> str | None:
        """Say how the share of *quantity* in *report* differs from a figure, if it does; None where it is not known."""
        part = quantity.value(report)
        known = [Quantity(paths).value(report) for paths in self._known_wholes(quantity)]
        wholes = [whole for whole in known if whole]
        if part is None or not wholes:
            return None
        if any(off(numeral, percentage(part, whole)) < WRONG for whole in wholes):
            return ""
        right = rounded(percentage(part, wholes[0]), numeral.decimals)
        return f"{report.year} 年 {plain(part)} 件占 {plain(wholes[0])} 件的 {right}%"

    def _part(self, index: int, unit: Unit) -> _Part | None:
        """Return what a share at *index* is of: what its own words name, the figure of its brackets, or that before."""
        if unit.subject is not None:
            return self._named_part(index, unit)
        before = self._figure_before(index, unit)
        numeral = before.numeral if before is not None else None
        if before is None or numeral is None or not numeral.exact or numeral.unit == "%":
            return None
        claim = before.claim
        if claim is not None and claim.agrees(self.case) is not True:
            return None
        number = before.frame.number
        if claim is None:
            return _Part(numeral.value, numeral.unit, None, certain=True, index=number)
        return _Part(numeral.value, numeral.unit, claim.quantity, certain=claim.certain, index=number)

    def _named_part(self, index: int, unit: Unit) -> _Part | None:
        if unit.subject is None:
            return None
        quantity = unit.subject.options[0]
        claims = [other.claim for other in self._ahead(index) if other.claim and other.claim.quantity == quantity]
        value = quantity.value(self.case.report)
        if value is None or any(claim.agrees(self.case) is False for claim in claims):
            return None
        certain = unit.subject.certain and len(unit.subject.options) == 1
        return _Part(value, quantity.unit(self.case.report), quantity, certain=certain, index=index)

    def _figure_before(self, index: int, unit: Unit) -> Unit | None:
        """Return the figure that a share without words of its own follows."""
        units, frame = self.statement.units, unit.frame
        if frame.note and frame.noted >= 0 and (unit.has("share") or not frame.head) and len(frame.siblings) == 1:
            return units[frame.noted] if units[frame.noted].numeral is not None else None
        if not unit.has("share") and not (frame.siblings and units[frame.siblings[0]].has("share")):
            return None
        earlier = [
            other for other in self._ahead(index) if other.numeral is not None and other.frame.note == frame.note
        ]
        siblings = [units[number] for number in frame.siblings]
        rates = [other for other in siblings if other.numeral is not None and other.numeral.unit == "%"]
        if siblings[0].has("resp") and len(rates) == len(siblings) > 1:
            return respective(units, unit)
        before = earlier[-1] if earlier else None
        whole = frame.begins and unit.numeral is not None and unit.numeral.unit != "%"  # 占84件的52.8%
        alone = before is not None and len(siblings) == 1 + (whole or before.clause is unit.clause)
        return before if alone else None

    def _wholes(self, index: int, part: _Part, unit: Unit) -> dict[Number, None]:
        """Return every figure that a part may be a share of."""
        found = [value for name, value in self.counted if name == part.unit and value >= part.value]
        if part.index < index and part.value in found:  # The part is among them, and no whole of itself.
            found.remove(part.value)
        known = list(_WHOLES) if part.unit in CASES else []
        known += self._known_wholes(part.quantity) if part.quantity is not None else []
        known += [option.paths for option in unit.whole.options] if unit.whole is not None else []
        values = (Quantity(paths).value(self.case.report) for paths in known)
        return dict.fromkeys([*found, *(value for value in values if value is not None)])

    def _known_wholes(self, quantity: Quantity) -> Iterator[tuple[str, ...]]:
        """Yield what *quantity* may be a share of: all requests, what stands above it, of cases the decided ones."""
        if quantity.paths[0].startswith("requests."):
            yield from sorted(_WHOLES, key=lambda whole: not quantity.paths[0].startswith(whole))
        yield from _above(quantity)
        if quantity.paths[0].startswith("review."):
            kinds = dict.fromkeys(path.rpartition(".")[0] for path in quantity.paths)
            yield tuple(f"{kind}.total" for kind in kinds)
            yield tuple(f"{kind}.{each}" for kind in kinds for each in decided_outcomes(self.case.report.form))

    def _counted_whole(self, index: int, unit: Unit) -> Unit | None:
        """Return the figure that a share is of where it stands before: 占办结总数84件的52.8%."""
        before = self.statement.units[index - 1] if index else None
        if before is None or before.clause is not unit.clause or unit.frame.written not in {"", "的"}:
            return None
        counted = before.has("share") and before.numeral is not None and before.numeral.unit != "%" and before.exact
        return before if counted else None

    def _named(self, unit: Unit) -> Number | None:
        """Return what a share is of where its own words tell: 占不予公开的68.8%."""
        if unit.whole is None or not unit.whole.certain or unit.whole.options[0].paths == ("requests.received",):
            return None  # 占申请总数的 may count what was carried in.
        return unit.whole.options[0].value(self.case.report) or None

    def _likely(self, part: _Part) -> Number | None:
        """Return what a share most likely is of, None where the words do not tell."""
        if part.quantity is None:
            return self._base(part)
        path = part.quantity.paths[0]
        if path.startswith("review."):
            return next((Quantity(paths).value(self.case.report) for paths in _above(part.quantity)), None) or None
        if not path.startswith("requests."):
            return self._base(part)
        return (
            Quantity(_WHOLES[1] if path.startswith("requests.received") else _WHOLES[0]).value(self.case.report) or None
        )

    def _base(self, part: _Part) -> Number | None:
        """Return the figure that is broken down in this sentence: 收到32件，其中网络申请24件，占75%."""
        units = self.statement.units[: part.index + 1]
        first = next((number for number, unit in enumerate(units) if unit.part), 0)
        base = units[first - 1] if first else None
        if base is None or base.numeral is None or not base.exact or base.numeral.unit != part.unit:
            return None
        return base.numeral.value if base.claim is None or base.claim.agrees(self.case) else None

    def _counted_before(self, part: _Part) -> Number | None:
        """Return what was counted just before a figure that no table has: 复议案件18件，涉及征收补偿的11件，占61.1%."""
        before = self.statement.units[part.index - 1] if part.index else None
        claim = before.claim if before is not None else None
        if before is None or before.numeral is None or claim is None or part.quantity is not None:
            return None
        same = before.exact and before.numeral.unit == part.unit and before.numeral.value >= part.value
        return before.numeral.value if same and claim.verdict(self.case) == "kept" and not claim.year else None

    def _quantities(self, part: _Part, wholes: set[Number]) -> tuple[Quantity, Quantity] | None:
        """Return what a share is of, where its figures are those of the table."""
        fitting = [paths for paths in _WHOLES if Quantity(paths).value(self.case.report) in wholes]
        return (part.quantity, Quantity(fitting[0])) if part.quantity is not None and fitting else None

    def points(
        self, index: int, unit: Unit, numeral: Numeral, known: tuple[Quantity, Quantity] | None
    ) -> Reckoning | None:
        """Judge 由42.9%提高到44.0%，提高1.1个百分点, and the change of a share that is known for both years."""
        if (
            not numeral.exact
            or turn(unit) not in DIRECTIONS
            or any(token.kind not in (_MOVED if unit.subject is None else _NAMED) for token in unit.frame.head)
        ):
            return None
        told_before = [other for other in self._ahead(index) if other.numeral and other.numeral.unit == "%"]
        rates = [other.numeral for other in told_before if other.numeral is not None and other.numeral.exact]
        if len(told_before) > 1 and len(rates) == len(told_before) and _moves(told_before[-2], told_before[-1], unit):
            moved = Decimal(rates[-1].value) - Decimal(rates[-2].value)
            moved = moved if told_before[-1].has("to") else -moved
            return self._moved(unit, numeral, moved, slack=Decimal(0))
        known = self._subject(unit) or known
        if known is None or not unit.has("cmp"):
            return None
        now, before = _rate(known, self.case.report), _rate(known, self.case.reports.get(self.case.report.year - 1))
        if now is None or before is None:
            return None
        # A difference of rounded shares may be one off in its last digit.
        return self._moved(unit, numeral, now - before, slack=Decimal(1).scaleb(-numeral.decimals))

    def _subject(self, unit: Unit) -> tuple[Quantity, Quantity] | None:
        """Return what the share is of that a change in points names: 自然人占比较上年下降2.2个百分点."""
        if unit.subject is None or not unit.has("share"):
            return None
        part = unit.subject.options[0]
        whole = _WHOLES[1] if part.paths[0].startswith("requests.received") else _WHOLES[0]
        return (part, Quantity(whole)) if part.paths[0].startswith("requests.") else None

    def _moved(self, unit: Unit, numeral: Numeral, change: Decimal, *, slack: Decimal) -> Reckoning:
        stated = Decimal(numeral.value) if turn(unit) == "up" else -Decimal(numeral.value)
        moved = f"{'提高' if change > 0 else '下降'} {rounded(abs(change), numeral.decimals)} 个百分点"
        return told(self.statement, unit, "" if abs(stated - change) <= slack else f"按前后两个占比计算是{moved}")


def _moves(first: Unit, second: Unit, unit: Unit) -> bool:
    """Say whether a change in points is that between two rates: 由42.9%提高到44.0%, 占44.0%，较上年的42.9%."""
    compared = second.has("cmp") and second.has("year") and second.clause is unit.clause and first.has("share")
    return (second.has("to") and first.has("from")) or compared


def _above(quantity: Quantity) -> Iterator[tuple[str, ...]]:
    """Yield the figures that one may be a part of: rows and columns above its own."""
    path = quantity.call
    while path.count(".") > 1:
        path = path.rpartition(".")[0]
        yield (path,)


def _rate(share: tuple[Quantity, Quantity], report: Report | None) -> Decimal | None:
    if report is None:
        return None
    part, whole = (quantity.value(report) for quantity in share)
    return percentage(part, whole) if part is not None and whole else None
