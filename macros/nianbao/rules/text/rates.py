"""Rates with a name, computed again from the tables: 公开率, 办结率, 按时办结率, 纠错率, 维持率, 全文电子化率."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from nianbao.model.report import plain
from nianbao.reading.patterns import lazy_pattern
from nianbao.rules.text.divisions import counted_cases, decided_outcomes, is_within, kinds_of_applicants, kinds_of_cases
from nianbao.rules.text.quantities import Quantity
from nianbao.rules.text.reckoning import (
    DIRECTIONS,
    POINTS,
    WRONG,
    gap,
    off,
    percentage,
    rounded,
    told,
    turn,
)
from nianbao.rules.text.vocabulary import MEANINGFUL, NEUTRAL, rate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.form import Form
    from nianbao.model.report import Report
    from nianbao.prose.numerals import Numeral
    from nianbao.rules.rule import Case
    from nianbao.rules.text.reckoning import Reckoning
    from nianbao.rules.text.statements import Statement
    from nianbao.rules.text.units import Unit

# Words beside a rate that leave it that of all cases.
_PLAIN = MEANINGFUL | NEUTRAL | {"rate"}
_REQUESTS = (("requests.results.total",), ("requests.received",), ("requests.received", "requests.carried_in"))
_DOUBT = "请核对是按什么计算的"
_FINISHED = "，按期答复的请写“按期”"
_ALL = 100
# Rates of all that there was to answer, and those that no table tells.
_OF_ALL = frozenset({"finished", "answered"})
_OF_SUITS = frozenset({"won", "lost"})
_UNRECKONED = frozenset({"in_time", "full_text"})
_BASE = lazy_pattern(
    "(?:以|按|占)(?:全年|本年)?(?:(?P<decided>已?审结|已?办结)|受理|收到|全部|案件)[^，。；：]{0,6}$|(?:以|按)总数"
)

# Words of a change of a rate that name nothing else.
_MOVED = NEUTRAL | {"cmp", "year", "same", "up", "down"}

# A part and its whole.
Ratio = tuple[Quantity, Quantity]
# A rate in per cent, with the words that tell it; ``{}`` is filled in.
Reckoned = tuple[Decimal, str]


def rates(case: Case, statement: Statement) -> Iterator[Reckoning]:
    """Yield every rate with a name whose figures are known, and what is said of it in the year before."""
    last: tuple[int, str] | None = None
    for index, unit in enumerate(statement.units):
        numeral = unit.numeral
        names = [token.value for token in unit.frame.head if token.kind == "rate"]
        if numeral is None or unit.elsewhere or unit.frame.note:
            continue
        if last is not None and not names and unit.claim is None and _is_of_the_year_before(unit):
            found = _before(case, statement, last, index)
        elif numeral.unit == "%" and numeral.rough != "vague" and len(names) == 1 and _is_plain(unit):
            found, last = _judged(case, statement, index, names[0]), (index, names[0])
        else:
            last = None
            continue
        if found is not None:
            yield found


def _is_plain(unit: Unit) -> bool:
    return not unit.frame.tail and all(token.kind in _PLAIN for token in unit.frame.head)


def _is_of_the_year_before(unit: Unit) -> bool:
    """Say whether a figure behind a rate is its former one, or its change: 较上年的17.4%, 比上年下降7.1个百分点."""
    years = unit.frame.values("year")
    moved = turn(unit) in DIRECTIONS and unit.numeral is not None and unit.numeral.unit in POINTS
    named = unit.numeral is not None and unit.numeral.unit == "%" and not unit.frame.ahead("up", "down")
    compared = years == ("-1",) or (not years and unit.has("cmp"))
    return (moved or (named and bool(years))) and compared and all(token.kind in _MOVED for token in unit.frame.tokens)


def _judged(case: Case, statement: Statement, index: int, name: str) -> Reckoning | None:
    unit = statement.units[index]
    if unit.numeral is None:
        return None
    if name == "in_time":
        return _in_time(case, statement, index, unit.numeral)
    if name == "answered" and unit.numeral.value == _ALL:
        return None  # of all that was due
    reckoned = list(_full_text(case.report) if name == "full_text" else _reckoned(case, statement, index, name))
    if not reckoned:
        return None
    offs = [off(unit.numeral, exact) for exact, _ in reckoned]
    if 0 in offs:
        return told(statement, unit)
    exact, words = reckoned[offs.index(1) if 1 in offs else 0]
    problem = words.format(rounded(exact, unit.numeral.decimals))
    found = told(statement, unit, problem, rounding=1 in offs, doubt=_DOUBT)
    return replace(found, doubt=_DOUBT + _FINISHED) if name in _OF_ALL else found


def _before(case: Case, statement: Statement, last: tuple[int, str], index: int) -> Reckoning | None:
    """Judge what a sentence says of the year before of the rate *last* told."""
    unit, earlier = statement.units[index], case.reports.get(case.report.year - 1)
    told_before, numeral = statement.units[last[0]].numeral, unit.numeral
    if earlier is None or numeral is None or told_before is None or not numeral.exact or last[1] in _UNRECKONED:
        return None
    known = [
        (now, then)
        for ratio in _ratios(case, statement, *last)
        if (now := _percentage(ratio, case.report)) is not None and (then := _percentage(ratio, earlier)) is not None
    ]
    meant = [(now, then) for now, then in known if off(told_before, now) < WRONG]
    if not meant:
        return None
    if any(_agrees(unit, numeral, now, then) for now, then in meant):
        return told(statement, unit)
    this, former = (rounded(each, told_before.decimals) for each in meant[0])
    return told(statement, unit, f"{earlier.year} 年的这个比率是 {former}%，本年是 {this}%", doubt=_DOUBT)


def _agrees(unit: Unit, numeral: Numeral, now: Decimal, then: Decimal) -> bool:
    """Say whether a rate that was *then* and is *now* has moved as *unit* tells."""
    if numeral.unit in POINTS:
        # A difference of rounded rates may be one off in its last digit.
        change = now - then if turn(unit) == "up" else then - now
        return abs(Decimal(numeral.value) - change) <= Decimal(1).scaleb(-numeral.decimals)
    way = _turn_behind(unit)
    return off(numeral, then) < WRONG and (not way or (now > then) == (way == "up"))


def _turn_behind(unit: Unit) -> str:
    """Return which way a change goes that is told behind its figure: 较上年的17.4%有所下降."""
    turns = {token.kind for token in unit.frame.tail if token.kind in DIRECTIONS}
    return turns.pop() if len(turns) == 1 else ""


def _full_text(report: Report) -> Iterator[Reckoned]:
    items = report.items
    if items:
        whole = sum(item.full_text is True for item in items)
        yield (
            percentage(whole, len(items)),
            f"逐条列出的 {len(items)} 条信息中有电子化全文的 {whole} 条，占 {{}}%",
        )


def _reckoned(case: Case, statement: Statement, index: int, name: str) -> Iterator[Reckoned]:
    """Yield what a rate may be, the likeliest first."""
    for part, whole in _ratios(case, statement, index, name):
        exact = _percentage((part, whole), case.report)
        one, other = part.value(case.report), whole.value(case.report)
        if exact is None or one is None or other is None:
            continue
        if name in _OF_ALL:
            yield exact, f"表中办理结果 {plain(one)} 件，新收与上年结转共 {plain(other)} 件，办结的占 {{}}%"
        else:
            names = part.name(case.report), whole.name(case.report)
            yield exact, f"表中{names[0]}是 {plain(one)} 件，{names[1]}是 {plain(other)} 件，占 {{}}%"


def _percentage(ratio: Ratio, report: Report) -> Decimal | None:
    part, whole = (quantity.value(report) for quantity in ratio)
    return percentage(part, whole) if part is not None and whole else None


def _ratios(case: Case, statement: Statement, index: int, name: str) -> Iterator[Ratio]:
    """Yield what a rate may be reckoned from, the likeliest first."""
    known = rate(name)
    if known is None:
        return
    of_review = any("{topic}" in path for paths in known.parts for path in paths)
    if not of_review and not _of_requests(case, statement, index):
        return
    wholes = known.wholes[:1] if name in _OF_ALL and _carries(case, statement, index) else known.wholes
    wholes = _named_wholes(statement, index, wholes) if of_review else wholes
    form = case.report.form
    decided = decided_outcomes(form)
    for topic in _topics(form, statement, index, name) if of_review else ("",):
        cases = counted_cases(form, topic) if topic else ("",)
        for parts in known.parts:
            for paths in wholes:
                yield _sum(parts, cases, decided), _sum(paths, cases, decided)


def _sum(paths: tuple[str, ...], cases: tuple[str, ...], decided: tuple[str, ...]) -> Quantity:
    return Quantity(tuple(address for path in paths for address in _addresses(path, cases, decided)))


def _addresses(path: str, cases: tuple[str, ...], decided: tuple[str, ...]) -> Iterator[str]:
    """Yield the addresses that a path of the vocabulary stands for: one for each of *cases* and *decided* outcomes."""
    for outcome in decided if "{decided}" in path else ("",):
        for topic in cases:
            yield path.replace("{topic}", topic).replace("{decided}", outcome)


def _carries(case: Case, statement: Statement, index: int) -> bool:
    """Say whether a sentence has told what was carried in, which then has to be among the whole."""
    claims = (unit.claim for unit in statement.units[:index] if unit.claim is not None and not unit.claim.year)
    return any("requests.carried_in" in claim.fitting(case).paths for claim in claims)


def _named_wholes(statement: Statement, index: int, wholes: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """Return the wholes that brackets say a rate of cases is of, or all: 纠错率（以受理总数计）."""
    number = statement.units[index].frame.number
    notes = (unit.clause.text for unit in statement.units if unit.frame.noted == number)
    named = next((match for match in map(_BASE.match, notes) if match), None)
    if named is None:
        return wholes
    return tuple(paths for paths in wholes if any("{decided}" in path for path in paths) == bool(named["decided"]))


def _of_requests(case: Case, statement: Statement, index: int) -> bool:
    """Say whether a rate is of the requests of the year, and of nothing that the sentence tells beside them."""
    units = statement.units[:index]
    told_before = [unit.claim for unit in units if unit.claim is not None]
    strange = any(unit.has("foreign") for unit in (*units, statement.units[index]))
    kinds = tuple(f".{kind}" for kind in kinds_of_applicants(case.report.form))
    paths = [claim.quantity.paths[0] for claim in told_before]
    # 法律服务机构申请办结32件，公开率53.1%: of some applicants only.
    of_requests = all(path.startswith("requests.") and not any(kind in path for kind in kinds) for path in paths)
    if strange or not of_requests:
        return False
    certain = any(claim.certain and claim.agrees(case) is not False for claim in told_before)
    fitting = sum(claim.fits(case) for claim in told_before) > 1  # 承办326件，办复307件
    return certain or fitting or statement.units[index].spoken


def _topics(form: Form, statement: Statement, index: int, name: str) -> tuple[str, ...]:
    """Return the kinds of cases that a rate may be of: those that its clause names, or all."""
    named = [token.value for token in statement.units[index].frame.head if token.kind in {"topic", "court"}]
    kinds = kinds_of_cases(form) if statement.about else ()
    return tuple(named) or tuple(kind for kind in kinds if name not in _OF_SUITS or is_within(kind, "litigation"))


def _in_time(case: Case, statement: Statement, index: int, numeral: Numeral) -> Reckoning | None:
    """Judge a rate of what was answered in time, which the tables do not tell: it has to be one of whole cases."""
    if not _of_requests(case, statement, index):
        return None
    values = [Quantity(paths).value(case.report) for paths in _REQUESTS]
    wholes = [value for value in values if isinstance(value, int) and value]
    if len(wholes) != len(values):
        return None
    unit = statement.units[index]
    stated = Decimal(numeral.value)
    if stated <= _ALL and any(_some_of(whole, numeral) for whole in wholes):
        return told(statement, unit)
    bases = "、".join(plain(whole) for whole in dict.fromkeys(wholes))
    problem = "超过 100%" if stated > _ALL else f"按表中的 {bases} 件都算不出这个比率"
    return told(statement, unit, problem, doubt=_DOUBT)


def _some_of(whole: int, numeral: Numeral) -> bool:
    """Say whether a rate is that of some whole number of *whole* cases."""
    part = round(Decimal(numeral.value) * whole / _ALL)
    near = (other for other in (part - 1, part, part + 1) if 0 <= other <= whole)
    return any(gap(numeral.value, percentage(other, whole), numeral.decimals) < 2 for other in near)  # noqa: PLR2004  # not wrong
