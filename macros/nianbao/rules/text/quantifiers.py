"""What is said of none or of all: 未收到政府信息公开申请, 均为自然人申请, 66件全部予以公开."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from nianbao.rules.text.claiming import Told, claim_of, claimed
from nianbao.rules.text.divisions import kinds_of_applicants
from nianbao.rules.text.frames import meaningful
from nianbao.rules.text.meanings import meaning
from nianbao.rules.text.quantities import ANSWERED, BOTH, CARRIED_IN, CARRIED_OUT, RECEIVED, Meaning, Quantity
from nianbao.rules.text.vocabulary import MEANINGFUL, Token

if TYPE_CHECKING:
    from nianbao.rules.text.claims import Claim
    from nianbao.rules.text.frames import Words
    from nianbao.rules.text.states import State

# What applicants divide.
_WHOLES = frozenset((quantity,) for quantity in (RECEIVED, CARRIED_IN, ANSWERED, CARRIED_OUT))
# Words that say something of all that was counted.
_AFFIRMING = frozenset({"and", "fill", "all", "group", "item", "row", "decided", "whole", "self"})
# Words that leave what is said of cases as it is, and outcomes that are counted in one way.
_PLAIN = frozenset({"and", "fill", "all", "whole", "self", "about"})
_SINGLE = frozenset({"upheld", "corrected", "pending"})
ALL = re.compile("[均都皆]|全部|一律")


def denial(state: State) -> State:
    """Read 未收到政府信息公开申请 and the like."""
    head = state.unit.frame.head
    first = next(index for index, token in enumerate(head) if token.kind == "neg")
    words = meaningful(head)
    if not words or any(token.kind not in {"about", "topic"} for token in meaningful(head[:first])):
        return state
    if any(token.kind == "out" for token in words):
        return state  # X-04 judges what is said of outcomes.
    meant = meaning(head, state.context, state.form, "", none=True)
    if meant is None:
        return state
    requested = meant.likely and any(unit.has("noun") for unit in state.units)  # 申请均已办结，无结转下年度办理事项
    meant = replace(meant, doubtful=meant.doubtful or requested)
    return claimed(state, len(state.units) - 1, Told(meant, 0, state.sentence.year))


def affirmation(state: State, before: Claim | None) -> State:
    """Read 均为自然人申请, 全部予以公开 and 均已办结 of the figure *before*."""
    frame = state.unit.frame
    last = state.units[-2].claim if len(state.units) > 1 else None
    if before is not None and last is before and not before.year:
        kinds = {token.kind for token in meaningful(frame.head)} - {"noun"}
        if len(kinds) == len(meaningful(frame.head)) == 1 and all(token.kind in _AFFIRMING for token in frame.head):
            meant = _affirmed(before, frame.head)
            value = before.value if kinds <= {"group", "item"} else 0
            if meant is not None:
                return claimed(state, len(state.units) - 1, Told(meant, value, 0, before.weight))
    columns = [token.value for token in frame.head if token.kind == "col"]
    whole = before is not None and before.options in _WHOLES
    if before is None or not whole or len(columns) != 1 or columns[0].endswith("?") or frame.has("group", "row"):
        return state
    meant = Meaning((Quantity((f"{before.quantity.call}.{columns[0]}",)),))
    return claimed(state, len(state.units) - 1, Told(meant, before.value, before.year, before.weight))


def from_one_kind(state: State) -> State:
    """Read 新收申请全部来自自然人: none came from the other kind of applicants."""
    frame = state.unit.frame
    rows, columns = frame.values("row"), frame.values("col")
    others = kinds_of_applicants(state.form) - set(columns)
    if rows != ("received",) or len(columns) != 1 or len(others) != 1 or frame.has("group", "item"):
        return state
    meant = Meaning((Quantity((f"{RECEIVED.call}.{next(iter(others))}",)),))
    return claimed(state, len(state.units) - 1, Told(meant, 0, state.sentence.year))


def what_became(state: State) -> State:
    """Read what became of cases, in a clause without a figure."""
    return _all_decided(state) if state.unit.frame.has("decided") else _the_only_one(state)


def _all_decided(state: State) -> State:
    """Read 行政复议案件均已审结: none is pending, unless those carried over are left out."""
    frame = state.unit.frame
    if not {token.kind for token in frame.head} <= {"topic", "decided", *_PLAIN}:
        return state
    words = [token for token in frame.head if token.kind in {"topic", "about"}]
    meant = meaning([*words, Token("out", "pending", 0, 0)], state.context, state.form, "", none=True)
    if meant is None:
        return state
    meant = replace(meant, certain=False, doubtful=meant.certain or meant.doubtful)
    return claimed(state, len(state.units) - 1, Told(meant, 0, state.sentence.year))


def _the_only_one(state: State) -> State:
    """Read 直接起诉1件，尚在审理: what became of the one case that was counted just before."""
    frame = state.unit.frame
    before = state.units[-2].claim if len(state.units) > 1 else None
    outs = [token.value for token in frame.head if token.kind == "out"]
    plain = {token.kind for token in frame.head} <= {"out", "court", *_PLAIN}
    if before is None or before.value != 1 or before.year or len(outs) != 1 or not plain:
        return state
    out = "corrected" if outs[0] == "lost" else outs[0]  # What is 胜诉 or 撤诉 may be counted in two ways.
    paths = before.quantity.paths
    if out not in _SINGLE or not all(path.endswith(".total") for path in paths):
        return state
    meant = Meaning((Quantity(tuple(f"{path.removesuffix('total')}{out}" for path in paths)),), doubtful=True)
    return claimed(state, len(state.units) - 1, Told(replace(meant, certain=False), 1, 0, before.weight))


def all_of(state: State) -> State:
    """Read 66件全部予以公开 and 3件均已审结, behind a figure that is claimed."""
    unit, number = state.unit, len(state.units) - 1
    claim, frame = unit.claim, unit.frame
    if claim is None or not frame.tail or claim.year or any(token.kind not in _AFFIRMING for token in frame.tail):
        return state
    told = "".join(frame.clause.text[token.start : token.end] for token in frame.tail)
    kinds = {token.kind for token in meaningful(frame.tail)}
    if not ALL.search(told) or len(kinds) != 1:
        return state
    meant, value = _affirmed(claim, frame.tail), claim.value if kinds <= {"group", "item"} else 0
    if meant is None:
        return state
    start, end = frame.tail[0].start, frame.tail[-1].end
    also = replace(claim_of(state, unit, Told(meant, value), "doubtful"), numeral=None)
    offsets = unit.clause.offsets
    also = replace(also, start=offsets[start], end=offsets[end - 1] + 1, at=offsets[start], until=offsets[end - 1] + 1)
    return state.update(number, unit._replace(also=also))


def _affirmed(claim: Claim, words: Words) -> Meaning | None:
    """Return what it is of that *words* say of all that is counted: all granted, or none left open."""
    kind, value = next((token.kind, token.value) for token in words if token.kind in MEANINGFUL)
    path = claim.quantity.paths[0]
    if kind == "item" and path.startswith(f"requests.results.{value.rstrip('?').partition('.')[0]}"):
        column = path.removeprefix(f"requests.results.{value.partition('.')[0]}")
        return Meaning((Quantity((f"requests.results.{value.rstrip('?')}{column}",)),), certain=not value.endswith("?"))
    if kind == "group" and path.startswith(RECEIVED.call):
        column = path.removeprefix(RECEIVED.call)
        return Meaning((Quantity((f"requests.results.{value}{column}",)),), certain=False, doubtful=True, loose=True)
    if kind == "row" and value == "results" and claim.options[0] in {RECEIVED, BOTH}:
        # What was open at the end of the year may have been answered before the report was written.
        return Meaning((CARRIED_OUT,), certain=False, doubtful=True)
    if kind == "decided" and all(each.endswith(".total") for each in claim.quantity.paths):
        pending = tuple(f"{each.removesuffix('total')}pending" for each in claim.quantity.paths)
        return Meaning((Quantity(pending),), certain=False, doubtful=True)
    return None
