"""The results of the rules, judged anew only for the years of which something has changed.

`nianbao check` and whatever publishes, freezes or exports a report judge afresh with `judge_portal`.
"""

from __future__ import annotations

import json
from dataclasses import astuple, replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from macros.keeping.noting import NotedReports
from macros.prose.rendering import Renderer
from macros.reading.findings import Finding, Place
from macros.rules.checking import Checked, Result, Waived, check
from macros.rules.registry import ALL_RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from macros.keeping.cache import Cache
    from macros.keeping.yearly import Yearly
    from macros.model.desk import Desk
    from macros.model.portal import Portal
    from macros.model.report import Report
    from macros.prose.passages import YearText
    from macros.rules.rule import Fault

    Changes = Callable[[Report, YearText], tuple[Fault, ...] | None]

_RULES = {rule.code: rule for rule in ALL_RULES}


def judge_kept(yearly: Yearly, desk: Desk, changes: Changes, cache: Cache) -> Checked:
    """Return what `judge_portal` finds by the rules, from *cache* for the years whose sources are what they were.

    *changes* tells what has changed since publication.
    """
    portal = yearly.portal
    if portal.agency is None:
        return Checked(results={})
    judging = _Judging(desk, changes)
    results: dict[int, tuple[Result, ...]] = {}
    for year, report in portal.reports.items():
        pages = [other for other in (year, year - 1) if other in portal.reports]
        text = yearly.kept(cache, "results", pages, partial(judging.year, year=year))
        results[year] = tuple(_decoded(told, report) for told in json.loads(text))
    cache.prune()
    return Checked(results=MappingProxyType(results))


class _Judging:
    """Judges years one by one; pages that two years read are rendered once."""

    def __init__(self, desk: Desk, changes: Changes) -> None:
        self._desk = desk
        self._changes = changes
        self._texts: dict[int, tuple[YearText | None, frozenset[int]]] = {}

    def year(self, portal: Portal, year: int) -> str:
        """Return the results of *year* as JSON; *portal* notes what they depend on."""
        wanted = [other for other in (year - 1, year) if other in portal.reports]
        texts = {other: text for other in wanted if (text := self._text(portal, other)) is not None}
        results = check(portal, texts, self._changes, years={year}).results[year]
        return json.dumps([_encoded(result, portal.reports[year]) for result in results], ensure_ascii=False)

    def _text(self, portal: Portal, year: int) -> YearText | None:
        if year not in self._texts:
            noted = NotedReports(portal.reports)
            desk = self._desk
            renderer = Renderer(replace(portal, reports=noted), desk.root, desk.data, desk.docs)
            self._texts[year] = renderer.year(noted[year]), frozenset(noted.asked)
        text, asked = self._texts[year]
        for other in asked:
            portal.reports.get(other)  # Noted for every year that reads these pages.
        return text


def _encoded(result: Result, report: Report) -> list[Any]:
    """Return *result* as JSON, rules and waivers by their names and places in lists that the reader has as well."""
    waived = [[_plain(one.finding), report.waivers.index(one.waiver)] for one in result.waived]
    return [result.rule.code, result.kept, result.reason, [_plain(finding) for finding in result.findings], waived]


def _decoded(told: Sequence[Any], report: Report) -> Result:
    code, kept, reason, findings, waived = told
    return Result(
        rule=_RULES[code],
        kept=kept,
        findings=tuple(map(_finding, findings)),
        waived=tuple(Waived(finding=_finding(one), waiver=report.waivers[number]) for one, number in waived),
        reason=reason,
    )


def _plain(finding: Finding) -> list[Any]:
    return [*astuple(finding.place), finding.message, finding.rule, finding.level, finding.subject]


def _finding(told: Iterable[Any]) -> Finding:
    file, line, column, *words = told
    return Finding(Place(file, line, column), *words)
