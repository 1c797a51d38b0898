"""All rules, by family and code. Codes are permanent: a rule that goes takes its code with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.rules import (
    arithmetic,
    disclosure_table,
    improvement,
    likeness,
    local,
    names,
    outliers,
    preface,
    publication,
    quality,
    requests_table,
    review_table,
    signs,
    structure,
    text_figures,
)
from nianbao.rules.rule import FAMILIES, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.rules.rule import Case, Outcome


def _nothing(_: Case) -> Iterator[Outcome]:
    """Yield nothing: `nianbao.rules.checking` judges waivers once all other rules have run."""
    yield from ()


UNUSED_WAIVER = Rule(
    code="W-01",
    hard=True,
    statement="每一项豁免都对应一处查出的问题。",
    basis="豁免向社会公开，用不到的豁免会使读者误解",
    check=_nothing,
    waivable=False,
)

_BY_MODULE: tuple[Rule, ...] = (
    *structure.RULES,
    *preface.RULES,
    *disclosure_table.RULES,
    *requests_table.RULES,
    *review_table.RULES,
    *signs.RULES,
    *outliers.RULES,
    *text_figures.RULES,
    *arithmetic.RULES,
    *quality.RULES,
    *likeness.RULES,
    *names.RULES,
    *improvement.RULES,
    *local.RULES,
    *publication.RULES,
)
# What reviewers ask and no rule here judges, by its number in the list of known faults:
# S-11 labels and units of tables: they are drawn from the form. A blank cell or “/” is no figure to the reader (T2-01).
# T3-09 results where nothing was received: T3-02 tells it, and T2-02 that more was repealed than there was.
# P-04 other figures on other platforms, P-08 a conspicuous place: both lie outside of the portal.
# P-09 bodies that have not published, Q-04 likeness to the reports of sister agencies: both want the others' reports.
# Q-08 length and Q-09 local figures: L-04 and L-03, from the profile.
RULES: tuple[Rule, ...] = tuple(sorted(_BY_MODULE, key=lambda rule: (tuple(FAMILIES).index(rule.family), rule.code)))

# Waivers are judged last, when it is known which of them were used.
ALL_RULES: tuple[Rule, ...] = (*RULES, UNUSED_WAIVER)
