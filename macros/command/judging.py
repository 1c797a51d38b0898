"""One agency judged: small values that another process can send back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from macros.life.changes import published_changes
from macros.model.portal import read_portal
from macros.reading.findings import most_serious_first
from macros.rules.portal import judge_portal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from macros.model.desk import Desk
    from macros.model.portal import Forms, Portal
    from macros.reading.findings import Finding
    from macros.rules.checking import Result
    from macros.rules.portal import Judged


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleResult:
    """What a rule gave for one report: its *state* (see `macros.rules.checking.RESULTS`) and counts."""

    rule: str
    state: str
    kept: int
    reason: str = ""
    waived: tuple[tuple[Finding, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskResult:
    """What was found at one desk, most serious first, and what every rule gave for each year."""

    agency: str
    data: str
    findings: tuple[Finding, ...]
    years: Mapping[int, tuple[RuleResult, ...]] = field(default_factory=dict)

    @property
    def kept(self) -> Counter[str]:
        """How many places each rule was confirmed in."""
        counts: Counter[str] = Counter()
        for results in self.years.values():
            counts.update({result.rule: result.kept for result in results if result.kept})
        return counts


def check_desk(desk: Desk, forms: Forms | None = None) -> DeskResult:
    """Read the data and pages of *desk* and judge them; with years, only what concerns them is told.

    Who checks many desks passes the *forms* of their folder.
    """
    return result_of(desk, *judge_desk(desk, forms))


def judge_desk(desk: Desk, forms: Forms | None = None) -> tuple[Portal, Judged]:
    """Read the data and pages of *desk* and judge them."""
    portal = read_portal(desk.root, desk.data, desk.formats, forms)
    return portal, judge_portal(portal, desk, published_changes(desk.data, desk.docs))


def result_of(desk: Desk, portal: Portal, judged: Judged) -> DeskResult:
    """Return what was found at *desk*, and what every rule gave."""
    own = [finding for finding in (*portal.findings, *judged.pages) if _concerns(finding, desk, portal)]
    findings = sorted({*own, *judged.checked.findings()}, key=most_serious_first)
    return DeskResult(
        agency=portal.agency.id if portal.agency is not None else "",
        data=desk.data.as_posix(),
        findings=tuple(findings),
        years={year: tuple(map(_small, results)) for year, results in judged.checked.results.items()},
    )


def _concerns(finding: Finding, desk: Desk, portal: Portal) -> bool:
    """Say whether a mistake of a file concerns the chosen years: that of another year's own file does not."""
    others = {str(year) for year in portal.years} - {str(year) for year in desk.years}
    parts = finding.place.file.replace(".yml", "").split("/")
    return not desk.years or not others & set(parts)


def _small(result: Result) -> RuleResult:
    return RuleResult(
        rule=result.rule.code,
        state=result.state,
        kept=result.kept,
        reason=result.reason,
        waived=tuple((waived.finding, waived.waiver.reason) for waived in result.waived),
    )
