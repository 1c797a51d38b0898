"""What was found at one project: small values that another process can send back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nianbao.reading.findings import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleResult:
    """What a rule gave for one report: its *state* (see `nianbao.rules.checking.RESULTS`) and counts."""

    rule: str
    state: str
    confirmed: int
    reason: str = ""
    entered: int = 0
    waived: tuple[tuple[Finding, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectResult:
    """What was found at one project, most serious first, and what every rule gave for each year.

    *numbers* are the check numbers of the years that were asked for by name.
    *trace* is what an error of the program has left, by which the project could not be judged to the end.
    """

    agency: str
    data: str
    findings: tuple[Finding, ...]
    years: Mapping[int, tuple[RuleResult, ...]] = field(default_factory=dict)
    numbers: Mapping[int, str] = field(default_factory=dict)
    trace: str = ""

    @property
    def confirmed(self) -> Counter[str]:
        """How many places each rule was confirmed in."""
        counts: Counter[str] = Counter()
        for results in self.years.values():
            counts.update({result.rule: result.confirmed for result in results if result.confirmed})
        return counts
