"""What a figure tells as a claim: how much the words around it leave open, and what it opens for later ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nianbao.rules.text.claims import Claim
from nianbao.rules.text.frames import is_compared, year_of
from nianbao.rules.text.meanings import CASES
from nianbao.rules.text.quantities import BOTH, CARRIED_IN, RECEIVED, Meaning, Quantity

if TYPE_CHECKING:
    from nianbao.reading.numbers import Number
    from nianbao.rules.text.claims import Weight
    from nianbao.rules.text.states import State
    from nianbao.rules.text.units import Unit

# Words that say by themselves what a figure is of.
_NAMES = frozenset({"noun", "doc", "topic", "fee", "info", "category"})


@dataclass(frozen=True, slots=True)
class Told:
    """That a figure of a *year*, counted from that of the report, is *value*, and what was *meant* by it."""

    meant: Meaning
    value: Number
    year: int = 0
    weight: Weight = "certain"


def claim_of(state: State, unit: Unit, told: Told, weight: Weight) -> Claim:
    """Return what the figure of *unit*, or its words without a figure, claims of the data."""
    start, at, until, end = unit.frame.span
    offsets = unit.clause.offsets
    return Claim(
        passage=state.passage,
        start=offsets[start],
        end=offsets[end - 1] + 1,
        at=offsets[at],
        until=offsets[until - 1] + 1,
        value=told.value,
        options=told.meant.options,
        numeral=unit.numeral,
        weight=weight,
        year=told.year,
        loose=told.meant.loose,
        within=told.meant.within,
        ground=_common_ground(state.context.ground, told.meant.options[0]),
        undated=_undated(state, told),
    )


def claimed(state: State, number: int, told: Told) -> State:
    """Return the state with the claim that unit *number* makes of what was *told*, and with what that opens."""
    context, sentence, unit, meant = state.context, state.sentence, state.units[number], told.meant
    claim = claim_of(state, unit, told, _weight(state, unit, told))
    state = state.update(number, unit._replace(claim=claim))
    if told.year:
        return state
    before = state.units[number - 1] if number else None
    if before is not None and before.claim is None and before.exact and is_compared(before.frame):
        value = before.numeral.value if before.numeral is not None else 0
        year = year_of(before.frame) or -1
        compared = claim_of(state, before, Told(replace(meant, within=None), value, year), claim.weight)
        state = state.update(number - 1, before._replace(claim=compared))
    claims = (*sentence.claims, number)
    context = context.tell(meant, unit.frame.values("col"))
    state = state._replace(context=context, sentence=sentence._replace(claims=claims))
    if unit.has("part") and meant.options == (CARRIED_IN,) and len(claims) > 1:
        state = state.update(claims[-2], including(state.units[claims[-2]]))
    return state


def _common_ground(ground: Claim | None, quantity: Quantity) -> Claim | None:
    """Return the claim on which a figure of *quantity* rests: one of the same table."""
    table = quantity.paths[0].partition(".")[0]
    return ground if ground is not None and ground.quantity.paths[0].partition(".")[0] == table else None


def _weight(state: State, unit: Unit, told: Told) -> Weight:
    """Return how much the words around a claim leave open."""
    meant, weight = told.meant, told.weight
    named = (
        unit.has("to")
        or year_of(unit.frame) is not None
        or any(token.kind in _NAMES and token.value not in {"plain", "volume"} for token in unit.frame.tokens)
    )
    noted = state.units[unit.frame.noted] if unit.frame.noted >= 0 else None
    # 上年未审结的3件（复议1件、诉讼2件）: parts of something that no table counts.
    apart = noted is not None and noted.claim is None and noted.numeral is not None and noted.numeral.unit in CASES
    apart = apart and not state.context.outcome  # 维持6件（行政复议4件、行政诉讼2件）
    if (
        weight == "weak"
        or apart
        or state.sentence.body
        or unit.has("body")
        or ((state.sentence.vague or state.sentence.mixed) and not named)
    ):
        return "weak"
    if not meant.certain:
        plain = weight in {"certain", "doubtful"} and not state.sentence.narrow
        return "doubtful" if meant.doubtful and plain else "likely" if meant.likely and plain else "weak"
    if state.sentence.narrow and not named:
        return "narrowed"
    former = _is_former(state, unit, told)
    if former and not meant.doc:
        return "weak"
    # 规范性文件 is still said of what the form now calls 行政规范性文件.
    return "doubtful" if weight == "certain" and (former or _undated(state, told)) else weight


def _undated(state: State, told: Told) -> bool:
    """Say whether it is not told of which year a figure is: section 5 speaks of problems of this one and the last."""
    return state.context.location == "improvement" and not state.sentence.whole and not told.year


def _is_former(state: State, unit: Unit, told: Told) -> bool:
    """Say whether a figure of this year is told by a label of years before, which may have counted otherwise."""
    if told.year or not state.vocabulary.former:
        return False
    text = unit.clause.text
    return any(text[token.start : token.end] in state.vocabulary.former for token in unit.frame.tokens)


def including(unit: Unit) -> Unit:
    """Count what was carried in with what was received: 受理申请90件（含上年结转4件）."""
    claim = unit.claim
    path = claim.quantity.call if claim is not None else ""
    if claim is not None and BOTH in claim.options:
        return unit._replace(claim=replace(claim, options=(BOTH,)))
    if claim is None or not path.startswith(RECEIVED.call):
        return unit
    both = Quantity((path, path.replace(RECEIVED.call, CARRIED_IN.call)))
    options = (both, *(option for option in claim.options if option != both))
    return unit._replace(claim=replace(claim, options=options))
