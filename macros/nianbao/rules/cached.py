"""The results of the rules, judged anew only for the years of which something has changed.

`nianbao check` and whatever publishes, freezes or exports a report judge afresh with `judge_dataset`.
"""

from __future__ import annotations

import json
from dataclasses import astuple, replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from nianbao.cache.noting import NotedReports
from nianbao.prose.rendering import Renderer
from nianbao.reading.findings import Finding, Place
from nianbao.rules.checking import Checked, Result, Waived, check
from nianbao.rules.registry import ALL_RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from nianbao.cache.cache import Cache
    from nianbao.cache.yearly import Yearly
    from nianbao.model.dataset import Dataset
    from nianbao.model.project import Project
    from nianbao.model.report import Report
    from nianbao.prose.passages import YearText
    from nianbao.rules.rule import Fault

    Changes = Callable[[Report, YearText], tuple[Fault, ...] | None]

_RULES = {rule.code: rule for rule in ALL_RULES}


def judge_cached(yearly: Yearly, project: Project, changes: Changes, cache: Cache) -> Checked:
    """Return what `judge_dataset` finds by the rules, from *cache* for the years whose sources are what they were.

    *changes* tells what has changed since publication.
    """
    dataset = yearly.dataset
    if dataset.agency is None:
        return Checked(results={})
    judging = _Judging(project, changes)
    results: dict[int, tuple[Result, ...]] = {}
    for year, report in dataset.reports.items():
        pages = [other for other in (year, year - 1) if other in dataset.reports]
        text = yearly.kept(cache, "results", pages, partial(judging.year, year=year))
        results[year] = tuple(_decoded(told, report) for told in json.loads(text))
    cache.prune()
    return Checked(results=MappingProxyType(results))


class _Judging:
    """Judges years one by one; pages that two years read are rendered once."""

    def __init__(self, project: Project, changes: Changes) -> None:
        self._project = project
        self._changes = changes
        self._texts: dict[int, tuple[YearText | None, frozenset[int]]] = {}

    def year(self, dataset: Dataset, year: int) -> str:
        """Return the results of *year* as JSON; *dataset* notes what they depend on."""
        wanted = [other for other in (year - 1, year) if other in dataset.reports]
        texts = {other: text for other in wanted if (text := self._text(dataset, other)) is not None}
        results = check(dataset, texts, self._changes, years={year}).results[year]
        return json.dumps([_encoded(result, dataset.reports[year]) for result in results], ensure_ascii=False)

    def _text(self, dataset: Dataset, year: int) -> YearText | None:
        if year not in self._texts:
            noted = NotedReports(dataset.reports)
            project = self._project
            renderer = Renderer(replace(dataset, reports=noted), project.root, project.data, project.docs)
            self._texts[year] = renderer.year(noted[year]), frozenset(noted.asked)
        text, asked = self._texts[year]
        for other in asked:
            dataset.reports.get(other)  # Noted for every year that reads these pages.
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
