"""What 其他1件 is behind a list that the form ends so, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.rules.text.meanings import meaning
from nianbao.rules.text.quantities import Meaning, Quantity

if TYPE_CHECKING:
    from nianbao.prose.numerals import Numeral
    from nianbao.rules.text.states import State

# Lists that the form ends with 其他, with what stands before it.
_LISTS = {
    "requests.results.otherwise": ("not_corrected", "fee_not_paid"),
    ".organizations": ("commercial", "research", "public_welfare", "legal_service"),
}


def last_of_list(state: State, numeral: Numeral) -> Meaning | None:
    """Return what 其他1件 is behind a list that the form ends so, too: outcomes, applicants, reasons of 其他处理."""
    head, claims = state.unit.frame.head, state.sentence.claims
    alone = any(token.value == "other" for token in head) and all(token.kind in {"rest", "fill"} for token in head)
    last = state.units[claims[-1]].claim if alone and claims else None
    path = last.quantity.call if last is not None and not last.year else ""
    if last is not None and last.quantity.paths[0].endswith((".upheld", ".corrected")):
        cases = tuple(token._replace(kind="out") for token in head if token.value == "other")
        return meaning(cases, state.context, state.form, numeral.unit)
    told = [unit.claim.quantity.call for unit in state.units if unit.claim is not None and not unit.claim.year]
    for above, kinds in _LISTS.items():
        row, found, kind = path.rpartition(f"{above}.")
        listed = [each.removeprefix(f"{row}{found}") for each in told if found and each.startswith(f"{row}{found}")]
        if kind in kinds and len(listed) > 1:
            left = tuple(f"{row}{found}{each}" for each in (*kinds, "other") if each not in listed)
            options = dict.fromkeys((f"{row}{found}other",) if each else left for each in (True, False))
            return Meaning(tuple(Quantity(paths) for paths in options))
    return None
