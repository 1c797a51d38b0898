"""All rules, by family and code. Codes are permanent: a rule that goes takes its code with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from macros.rules import (
    arithmetic,
    disclosure_table,
    improvement,
    likeness,
    local,
    names,
    publication,
    quality,
    requests_table,
    review_table,
    structure,
    text_figures,
)
from macros.rules.rule import FAMILIES, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from macros.rules.rule import Case, Outcome


def _nothing(_: Case) -> Iterator[Outcome]:
    """Yield nothing: `macros.rules.checking` judges waivers once all other rules have run."""
    yield from ()


UNUSED_WAIVER = Rule(
    code="W-01",
    hard=True,
    statement="每一项豁免都对应一处查出的问题。",
    basis="豁免向社会公开，用不到的豁免会使读者误解。",
    check=_nothing,
    waivable=False,
)

_BY_MODULE: tuple[Rule, ...] = (
    *structure.RULES,
    *disclosure_table.RULES,
    *requests_table.RULES,
    *review_table.RULES,
    *text_figures.RULES,
    *arithmetic.RULES,
    *quality.RULES,
    *likeness.RULES,
    *names.RULES,
    *improvement.RULES,
    *local.RULES,
    *publication.RULES,
)
RULES: tuple[Rule, ...] = tuple(sorted(_BY_MODULE, key=lambda rule: (tuple(FAMILIES).index(rule.family), rule.code)))

# Waivers are judged last, when it is known which of them were used.
ALL_RULES: tuple[Rule, ...] = (*RULES, UNUSED_WAIVER)
