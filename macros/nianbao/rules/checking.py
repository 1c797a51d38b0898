"""Runs all rules over a portal and applies the waivers of its reports."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from nianbao.model.report import Waiver
from nianbao.reading.findings import Finding, most_serious_first
from nianbao.rules.registry import RULES, UNUSED_WAIVER
from nianbao.rules.rule import Case, Confirmed, Fault, Inapplicable, NeedsReview, NoTableError

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence

    from nianbao.model.dataset import Dataset
    from nianbao.model.report import Report
    from nianbao.prose.passages import YearText
    from nianbao.rules.rule import Outcome, Rule

# Words for the results of a rule; a rule counts as the most serious of what it found.
RESULTS = {
    "failed": "不符合",
    "uncertain": "待人工核对",
    "waived": "照原样公布",
    "kept": "符合",
    "inapplicable": "不适用",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Waived:
    """A finding that is let stand, with the waiver that says why."""

    finding: Finding
    waiver: Waiver


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a *rule* gave for one report: how many places it *confirmed*, what it found, or why it had none to say.

    *findings* are those left after the *waived* ones, *reason* why the rule does not apply. *entered* of the
    confirmed are totals that were typed as the original has them.
    """

    rule: Rule
    confirmed: int
    findings: tuple[Finding, ...]
    waived: tuple[Waived, ...]
    reason: str = ""
    entered: int = 0

    @property
    def state(self) -> str:
        """One of `RESULTS`."""
        if any(finding.level != "uncertain" for finding in self.findings):
            return "failed"
        if self.findings:
            return "uncertain"
        if self.waived:
            return "waived"
        return "kept" if self.confirmed else "inapplicable"


@dataclass(frozen=True, kw_only=True)
class Checked:
    """The results of every rule for each year that could be read."""

    results: Mapping[int, tuple[Result, ...]]

    def findings(self, years: Iterable[int] | None = None) -> tuple[Finding, ...]:
        """Return the findings of *years*, or of all, most serious first."""
        chosen = self.results if years is None else [year for year in years if year in self.results]
        found = (finding for year in chosen for result in self.results[year] for finding in result.findings)
        return tuple(sorted(set(found), key=most_serious_first))

    def errors(self, years: Iterable[int] | None = None) -> tuple[Finding, ...]:
        """Return the findings that stop publication."""
        return tuple(finding for finding in self.findings(years) if finding.level == "error")


def check(
    dataset: Dataset,
    texts: Mapping[int, YearText],
    changes: Callable[[Report, YearText], tuple[Fault, ...] | None] | None = None,
    rules: Sequence[Rule] = RULES,
    years: Container[int] | None = None,
) -> Checked:
    """Judge every report of *dataset*, or of *years*, by *rules*; *texts* are the pages of the years that have some.

    *changes* tells what has changed in a report since it was published.
    """
    found = {case.report.year: judge(case, rules) for case in cases(dataset, texts, changes, years)}
    return Checked(results=MappingProxyType(found))


def cases(
    dataset: Dataset,
    texts: Mapping[int, YearText],
    changes: Callable[[Report, YearText], tuple[Fault, ...] | None] | None = None,
    years: Container[int] | None = None,
) -> Iterator[Case]:
    """Yield what there is to judge of each report of *dataset*, or of *years*; see `check`."""
    for year, report in dataset.reports.items():
        if dataset.agency is None or (years is not None and year not in years):
            continue
        pages = texts.get(year)
        yield Case(
            report=report,
            reports=dataset.reports,
            years=dataset.years,
            agency=dataset.agency,
            profile=dataset.profile,
            pages=pages,
            previous_pages=texts.get(year - 1),
            changes=changes(report, pages) if changes is not None and pages is not None else None,
        )


def judge(case: Case, rules: Sequence[Rule]) -> tuple[Result, ...]:
    """Return the result of each of *rules*, and last that of the waivers themselves."""
    waivers: dict[tuple[str, str], Waiver] = {}
    for waiver in case.report.waivers:
        waivers.setdefault((waiver.rule, waiver.subject), waiver)
    used: set[Waiver] = set()
    # Rules that read the same share a case, and with it what they work out of it.
    limited = {reads: case.limited(reads) for reads in {rule.reads for rule in rules}}
    results = [_result(rule, limited[rule.reads], waivers, used) for rule in rules]
    silent = _silent(case, rules) if len(used) < len(case.report.waivers) else frozenset()
    idle = [waiver for waiver in case.report.waivers if waiver not in used and waiver.rule not in silent]
    findings = tuple(_idle(waiver, rules) for waiver in idle)
    results.append(Result(rule=UNUSED_WAIVER, confirmed=len(used), findings=findings, waived=()))
    return tuple(results)


def _silent(case: Case, rules: Sequence[Rule]) -> frozenset[str]:
    """Return the codes of those of *rules* that had no pages, or not all, to judge."""
    whole = case.pages is not None and case.pages.complete
    return frozenset() if whole else frozenset(rule.code for rule in rules if rule.prose)


def _result(rule: Rule, case: Case, waivers: Mapping[tuple[str, str], Waiver], used: set[Waiver]) -> Result:
    if rule.prose and case.pages is None:
        return Result(rule=rule, confirmed=0, findings=(), waived=(), reason="没有页面")
    confirmed, entered, reason = 0, 0, ""
    findings: dict[Finding, None] = {}
    waived: list[Waived] = []
    for outcome in _outcomes(rule, case):
        if isinstance(outcome, Confirmed):
            confirmed += outcome.count
            entered += outcome.entered
        elif isinstance(outcome, Inapplicable):
            reason = outcome.reason
        else:
            finding = _finding(rule, outcome)
            waiver = waivers.get((rule.code, outcome.subject)) if rule.waivable else None
            if waiver is not None:
                used.add(waiver)
            elif isinstance(outcome, Fault) and outcome.reason:
                waiver = Waiver(rule=rule.code, subject=outcome.subject, reason=outcome.reason, place=outcome.place)
            if waiver is None:
                findings[finding] = None
            else:
                waived.append(Waived(finding=finding, waiver=waiver))
    return Result(
        rule=rule,
        confirmed=confirmed,
        findings=tuple(findings),
        waived=tuple(waived),
        reason=reason,
        entered=entered,
    )


def _outcomes(rule: Rule, case: Case) -> Iterator[Outcome]:
    try:
        yield from rule.check(case)
    except NoTableError:
        yield Inapplicable("这份报告的表格样式没有这张表")


def _finding(rule: Rule, outcome: Fault | NeedsReview) -> Finding:
    level = "uncertain" if isinstance(outcome, NeedsReview) else "error" if rule.hard else "warning"
    return Finding(outcome.place, outcome.message, rule=rule.code, level=level, subject=outcome.subject)


def _idle(waiver: Waiver, rules: Sequence[Rule]) -> Finding:
    """Return what to say of a waiver that waives nothing."""
    rule = next((rule for rule in rules if rule.code == waiver.rule), None)
    if rule is None:
        problem = f"没有 {waiver.rule} 这条规则；编号见 nianbao check --explain all"
    elif not rule.waivable:
        problem = f"规则 {waiver.rule} 不能豁免；请改正所指的问题，并删去这一项"
    else:
        problem = f"规则 {waiver.rule} 没有查出“{waiver.subject}”这一处；请删去这一项，或照检查结果改正 place"
    return Finding(waiver.place, f"豁免没有用到：{problem}", UNUSED_WAIVER.code, "error", waiver.subject)
