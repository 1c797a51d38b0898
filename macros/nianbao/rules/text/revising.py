"""Claims of a sentence that its later words make others, or uncertain."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from nianbao.rules.text.claiming import including
from nianbao.rules.text.frames import is_of_other_body
from nianbao.rules.text.meanings import CASES
from nianbao.rules.text.quantities import ANSWERED, BOTH, CARRIED_IN, RECEIVED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.rules.text.units import Unit

# Weights under which others of the sentence show what is meant.
_OPEN = frozenset({"weak", "doubtful", "likely"})
# What is left says nothing else of what was answered.
_REST = re.compile("余|剩")
_NEW_ROW = re.compile("新收|新接|新受理")


def revised(units: tuple[Unit, ...]) -> tuple[Unit, ...]:
    """Return the units of a sentence with claims that later words make others or uncertain."""
    claims = tuple(_left_open(_with_kinds_apart(_of_all_kinds(_with_parts(units)))))
    return tuple(_accompanied(tuple(_grounded(claims, units))))


def _grounded(units: Sequence[Unit], before: Sequence[Unit]) -> Iterator[Unit]:
    """Let claims rest on what has become of their ground: 共受理90件（新收86件、上年结转4件）."""
    grounds = [(old.claim, new.claim) for old, new in zip(before, units, strict=True) if old.claim is not new.claim]
    for unit in units:
        claim = unit.claim
        ground = next((new for old, new in grounds if claim is not None and old is claim.ground), None)
        yield unit if claim is None or ground is None else unit._replace(claim=replace(claim, ground=ground))


def _accompanied(units: tuple[Unit, ...]) -> Iterator[Unit]:
    """Give each weak claim the others of its sentence, which may show that the sentence is of this report."""
    claims = [unit.claim for unit in units if unit.claim is not None]
    if len(claims) < 2 or all(claim.weight not in _OPEN for claim in claims):  # noqa: PLR2004  # others
        yield from units
        return
    apart = any(is_of_other_body(unit.frame) for unit in units)
    for unit in units:
        claim = unit.claim
        apart = apart or (unit.numeral is not None and claim is None and unit.has("channel", "rest", "foreign"))
        if claim is None or claim.weight not in _OPEN or apart:
            yield unit
            continue
        others = tuple(other for other in claims if other.options != claim.options or other.year != claim.year)
        yield unit._replace(claim=replace(claim, companions=others))


def _of_all_kinds(units: tuple[Unit, ...]) -> tuple[Unit, ...]:
    """Make cases uncertain of which those over disclosure are told as a part: 行政复议21件，其中政府信息公开类6件."""
    apart = max((number for number, unit in enumerate(units) if unit.part and unit.has("about", "noun")), default=0)
    return tuple(
        unit._replace(claim=replace(unit.claim, weight="weak"))
        if unit.claim is not None and number < apart and unit.claim.quantity.paths[0].startswith("review.")
        else unit
        for number, unit in enumerate(units)
    )


def _with_kinds_apart(units: tuple[Unit, ...]) -> tuple[Unit, ...]:
    """Make uncertain what is told of 其他结果 in several kinds: 终止3件、撤回1件."""
    several = {unit.frame.number for unit in units if unit.numeral is not None and "other?" in unit.frame.values("out")}
    if len(several) < 2:  # noqa: PLR2004  # several
        return units
    return tuple(
        unit._replace(claim=replace(unit.claim, weight="weak"))
        if unit.claim is not None and unit.frame.number in several
        else unit
        for unit in units
    )


def _with_parts(units: tuple[Unit, ...]) -> tuple[Unit, ...]:
    """Count what was carried in with what was received where both are told: 受理90件，其中新收86件、上年结转4件."""
    claims = {number: unit.claim for number, unit in enumerate(units) if unit.claim is not None and not unit.claim.year}
    carried = [number for number, claim in claims.items() if claim.quantity == CARRIED_IN]
    received = [number for number, claim in claims.items() if RECEIVED in claim.options]
    if not carried or len(received) != 2:  # noqa: PLR2004  # the whole and its part
        return units
    whole, new = received
    anew = _NEW_ROW.search(units[new].frame.written) and not _NEW_ROW.search(units[whole].frame.written)
    if not anew or not whole < min(carried[-1], new):
        return units
    unit = including(units[whole])
    if unit.claim is not None and (units[whole + 1].part or units[whole + 1].frame.note):
        unit = unit._replace(claim=replace(unit.claim, options=(BOTH,)))  # Nothing else can be meant.
    return (*units[:whole], unit, *units[whole + 1 :])


def _left_open(units: Sequence[Unit]) -> Iterator[Unit]:
    """Make what was answered uncertain where something else is told behind it: 答复7件，不予受理4件."""
    others = [
        number
        for number, unit in enumerate(units)
        if unit.claim is None
        and unit.numeral is not None
        and unit.numeral.unit in CASES
        and not unit.frame.note
        and not unit.part
        and not unit.has("up", "down")
        and not _REST.search(unit.frame.written)
    ]
    for number, unit in enumerate(units):
        claim = unit.claim
        if claim is not None and claim.quantity == ANSWERED and others and others[-1] > number:
            yield unit._replace(claim=replace(claim, weight="weak"))
        else:
            yield unit
