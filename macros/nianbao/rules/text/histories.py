"""What the prose says of several years, looked up in their reports: 申请数量为近三年最高, 已连续两年下降."""

from __future__ import annotations

import re
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from nianbao.model.report import plain
from nianbao.prose.numerals import chinese
from nianbao.rules.figures import same_form
from nianbao.rules.text.reckoning import DIRECTIONS, told, turn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.report import Report
    from nianbao.reading.numbers import Number
    from nianbao.rules.rule import Case
    from nianbao.rules.text.quantities import Quantity
    from nianbao.rules.text.reckoning import Reckoning
    from nianbao.rules.text.statements import Statement

_COUNT = re.compile("(?:近|连续)([一二三四五六七八九十两0-9]+)年")
# 连年, 逐年: two years in a row at least.
_LEAST = 2
_DOUBT = "请核对说的是哪几年"
_WORDS = {"high": "最高", "low": "最低"}


def extremes(case: Case, statement: Statement) -> Iterator[Reckoning]:
    """Yield every figure that a sentence calls the highest or lowest of some years, where an earlier one is known."""
    for index, unit in enumerate(statement.units):
        if not unit.has("extreme"):
            continue
        token = next((token for token in unit.frame.tokens if token.kind == "extreme"), None)
        quantity = _quantity(statement, index)
        if token is None or quantity is None or unit.elsewhere:
            continue
        now = quantity.value(case.report)
        years = _years(unit.clause.text[token.start : token.end])
        earlier = [(report, quantity.value(report)) for report in _reports(case, quantity, years)]
        known = [(report, value) for report, value in earlier if value is not None]
        if now is None or not known:
            continue
        beyond = [(report, value) for report, value in known if _beyond(value, now, token.value)]
        problem = _problem(now, *beyond[-1], _WORDS[token.value]) if beyond else ""
        yield told(statement, unit, problem, doubt="" if years else _DOUBT)


def runs(case: Case, statement: Statement) -> Iterator[Reckoning]:
    """Yield every run of years that a sentence tells, where the reports of all are there: 连续三年增长."""
    for index, unit in enumerate(statement.units):
        if not unit.has("run"):
            continue
        token = next((token for token in unit.frame.head if token.kind == "run"), None)
        quantity, way = _quantity(statement, index), turn(unit)
        if token is None or quantity is None or way not in DIRECTIONS or unit.elsewhere or unit.numeral is not None:
            continue
        years = _years(unit.clause.text[token.start : token.end]) or _LEAST
        figures = [_figure(case, quantity, case.report.year - back) for back in range(years + 1)]
        known = list(takewhile(lambda figure: figure is not None, figures))
        values = [figure for figure in known if figure is not None]
        steps = [now > before if way == "up" else now < before for now, before in pairwise(values)]
        if not steps or (all(steps) and len(values) <= years):
            continue
        first = steps.index(False) if False in steps else 0
        year = case.report.year - first
        problem = f"{year} 年 {plain(values[first])}、{year - 1} 年 {plain(values[first + 1])}，不是{DIRECTIONS[way]}"
        yield told(statement, unit, "" if all(steps) else problem)


def _figure(case: Case, quantity: Quantity, year: int) -> Number | None:
    report = case.reports.get(year)
    if report is None or (quantity.paths[0].startswith("disclosure.") and not same_form(report, case.report)):
        return None
    return quantity.value(report)


def _quantity(statement: Statement, index: int) -> Quantity | None:
    """Return what is called an extreme: what the words name, or the figure just before."""
    unit = statement.units[index]
    if unit.subject is not None:
        return unit.subject.options[0] if unit.subject.certain else None
    before = unit.claim or (statement.units[index - 1].claim if index else None)
    return before.quantity if before is not None and before.certain and not before.year else None


def _years(words: str) -> int:
    """Return of how many years *words* speak, this one counted; 0 where they do not say."""
    found = _COUNT.search(words)
    if found is None:
        return 0
    return int(found[1]) if found[1].isascii() else chinese(found[1]) or 0


def _reports(case: Case, quantity: Quantity, years: int) -> Iterator[Report]:
    """Yield the earlier reports that *quantity* can be compared with; of section 2 those of the same form."""
    for year in sorted(case.reports):
        counted = year < case.report.year and (not years or year > case.report.year - years)
        if counted and _figure(case, quantity, year) is not None:
            yield case.reports[year]


def _beyond(value: Number, now: Number, way: str) -> bool:
    return value > now if way == "high" else value < now


def _problem(now: Number, report: Report, value: Number, word: str) -> str:
    return f"本年 {plain(now)}、{report.year} 年 {plain(value)}，不是{word}"
