"""Means over the months or quarters of the year, computed again: 平均每月收到申请7件, 月均办结7件."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from nianbao.model.report import plain
from nianbao.rules.text.meanings import CASES
from nianbao.rules.text.reckoning import WRONG, off, rounded, told
from nianbao.rules.text.vocabulary import MEANINGFUL, NEUTRAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.rules.rule import Case
    from nianbao.rules.text.reckoning import Reckoning
    from nianbao.rules.text.statements import Statement

_PLAIN = MEANINGFUL | NEUTRAL | {"mean"}
_DOUBT = "请核对是按什么计算的"


def means(case: Case, statement: Statement) -> Iterator[Reckoning]:
    """Yield every mean of a sentence whose words name what it is of; which figure is meant, a person has to look."""
    for unit in statement.units:
        numeral, subject = unit.numeral, unit.subject
        parts = [int(token.value) for token in unit.frame.head if token.kind == "mean"]
        if numeral is None or subject is None or numeral.unit not in CASES or numeral.rough == "vague":
            continue
        if len(parts) != 1 or unit.frame.tail or any(token.kind not in _PLAIN for token in unit.frame.head):
            continue
        wholes = [value for value in (option.value(case.report) for option in subject.options) if value]
        exact = [Decimal(whole) / parts[0] for whole in wholes]
        if not exact or len(wholes) < len(subject.options):
            continue
        apart = min(off(numeral, mean) for mean in exact)
        problem = f"全年 {plain(wholes[0])} 件，平均是 {rounded(exact[0], numeral.decimals)} 件"
        yield told(statement, unit, problem if apart == WRONG else "", doubt=_DOUBT)
