"""Rates with a name, computed again from the tables: 公开率, 办结率, 按时办结率, 纠错率, 维持率, 全文电子化率."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from nianbao.model.report import plain
from nianbao.reading.patterns import lazy_pattern
from nianbao.rules.text.divisions import counted_cases, decided_outcomes, kinds_of_applicants, kinds_of_cases
from nianbao.rules.text.quantities import Quantity
from nianbao.rules.text.reckoning import gap, off, percentage, rounded, told
from nianbao.rules.text.vocabulary import MEANINGFUL, NEUTRAL, rate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.form import Form
    from nianbao.prose.numerals import Numeral
    from nianbao.reading.numbers import Number
    from nianbao.rules.rule import Case
    from nianbao.rules.text.reckoning import Reckoning
    from nianbao.rules.text.statements import Statement

# Words beside a rate that leave it that of all cases.
_PLAIN = MEANINGFUL | NEUTRAL | {"rate"}
_REQUESTS = (("requests.results.total",), ("requests.received",), ("requests.received", "requests.carried_in"))
_DOUBT = "请核对是按什么计算的"
_FINISHED = "，按期答复的请写“按期”"
_ALL = 100
_BASE = lazy_pattern(
    "(?:以|按|占)(?:全年|本年)?(?:(?P<decided>已?审结|已?办结)|受理|收到|全部|案件)[^，。；：]{0,6}$|(?:以|按)总数"
)

# A part and its whole, with what each is called.
Fraction = tuple["Number", "Number", str]


def rates(case: Case, statement: Statement) -> Iterator[Reckoning]:
    """Yield every rate of a sentence that has a name and whose figures are known."""
    for index, unit in enumerate(statement.units):
        numeral = unit.numeral
        names = [token.value for token in unit.frame.head if token.kind == "rate"]
        if numeral is None or numeral.unit != "%" or numeral.rough == "vague" or unit.elsewhere or len(names) != 1:
            continue
        if unit.frame.tail or any(token.kind not in _PLAIN for token in unit.frame.head):
            continue
        found = _judged(case, statement, index, names[0])
        if found is not None:
            yield found


def _judged(case: Case, statement: Statement, index: int, name: str) -> Reckoning | None:
    unit = statement.units[index]
    if unit.numeral is None:
        return None
    if name == "in_time":
        return _in_time(case, statement, index, unit.numeral)
    fractions = [fraction for fraction in _fractions(case, statement, index, name) if fraction[1]]
    if not fractions:
        return None
    exact = [percentage(part, whole) for part, whole, _ in fractions]
    offs = [off(unit.numeral, each) for each in exact]
    if 0 in offs:
        return told(statement, unit)
    position = offs.index(1) if 1 in offs else 0
    words = fractions[position][2].format(rounded(exact[position], unit.numeral.decimals))
    found = told(statement, unit, words, rounding=1 in offs, doubt=_DOUBT)
    return replace(found, doubt=_DOUBT + _FINISHED) if name == "finished" else found


def _fractions(case: Case, statement: Statement, index: int, name: str) -> Iterator[Fraction]:
    """Yield what a rate may be reckoned from, the likeliest first."""
    if name == "full_text":
        items = case.report.items
        if items:
            whole = sum(item.full_text is True for item in items)
            yield whole, len(items), f"逐条列出的 {len(items)} 条信息中有电子化全文的 {whole} 条，占 {{}}%"
        return
    known = rate(name)
    if known is None:
        return
    of_review = any("{topic}" in path for paths in known.parts for path in paths)
    if not of_review and not _of_requests(case, statement, index):
        return
    wholes = known.wholes[:1] if name == "finished" and _carries(case, statement, index) else known.wholes
    wholes = _named_wholes(statement, index, wholes) if of_review else wholes
    for topic in _topics(case.report.form, statement, index) if of_review else ("",):
        for parts in known.parts:
            for paths in wholes:
                yield from _fraction(case, topic, parts, paths, finished=name == "finished")


def _fraction(
    case: Case, topic: str, parts: tuple[str, ...], wholes: tuple[str, ...], *, finished: bool
) -> Iterator[Fraction]:
    cases = counted_cases(case.report.form, topic) if topic else ("",)
    decided = decided_outcomes(case.report.form)
    part, whole = (
        Quantity(tuple(address for path in paths for address in _addresses(path, cases, decided)))
        for paths in (parts, wholes)
    )
    one, other = part.value(case.report), whole.value(case.report)
    if one is None or other is None:
        return
    words = f"表中{part.name(case.report)}是 {plain(one)} 件，{whole.name(case.report)}是 {plain(other)} 件，占 {{}}%"
    if finished:
        words = f"表中办理结果 {plain(one)} 件，新收与上年结转共 {plain(other)} 件，办结的占 {{}}%"
    yield one, other, words


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


def _topics(form: Form, statement: Statement, index: int) -> tuple[str, ...]:
    """Return the kinds of cases that a rate may be of: those that its clause names, or all."""
    named = [token.value for token in statement.units[index].frame.head if token.kind in {"topic", "court"}]
    return tuple(named) or (kinds_of_cases(form) if statement.about else ())


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
