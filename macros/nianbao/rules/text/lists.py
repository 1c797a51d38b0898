"""What 其他1件 and 其余6件 are behind figures of which they are the last."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nianbao.rules.text.meanings import CASES, meaning
from nianbao.rules.text.quantities import ANSWERED, CARRIED_OUT, Meaning, Quantity

if TYPE_CHECKING:
    from nianbao.prose.numerals import Numeral
    from nianbao.rules.text.states import State

# Lists that the form ends with 其他, with what stands before it, and how much of that tells the list.
_LISTS = {
    "requests.results.otherwise": (("not_corrected", "fee_not_paid"), 1),
    ".organizations": (("commercial", "research", "public_welfare", "legal_service"), 2),
}
# What is left, and what may be said of it beside how far it has come.
_LEFT = re.compile("余|剩")
_IN_TIME = frozenset({"all", "some", "fill"})


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
    for above, (kinds, least) in _LISTS.items():
        row, found, kind = path.rpartition(f"{above}.")
        listed = [each.removeprefix(f"{row}{found}") for each in told if found and each.startswith(f"{row}{found}")]
        if kind in kinds and len(listed) >= least:
            left = tuple(f"{row}{found}{each}" for each in (*kinds, "other") if each not in listed)
            options = dict.fromkeys((f"{row}{found}other",) if each else left for each in (True, False))
            return Meaning(tuple(Quantity(paths) for paths in options))
    return None


def what_is_left(state: State, numeral: Numeral) -> Meaning | None:
    """Return what 其余6件结转下年度办理 is, or 其余6件均在法定期限内 behind what was answered."""
    frame = state.unit.frame
    if numeral.unit not in CASES or not _LEFT.search(frame.written):
        return None
    open_still = frame.ahead("rest") and set(frame.values("row")[-1:]) & {"carried_out", "unfinished"}
    answered = any(unit.claim is not None and unit.claim.options == (ANSWERED,) for unit in state.units)
    in_time = any(token.kind == "some" for token in frame.tail) and all(token.kind in _IN_TIME for token in frame.tail)
    return Meaning((CARRIED_OUT,)) if open_still or (answered and in_time) else None
