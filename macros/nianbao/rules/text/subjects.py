"""What a change, a share, a rate or a mean is of, where its own words tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.rules.text.frames import behind, meaningful
from nianbao.rules.text.meanings import COUNTED, meaning
from nianbao.rules.text.vocabulary import MEANINGFUL, NEUTRAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.prose.numerals import Numeral
    from nianbao.rules.text.frames import Frame, Words
    from nianbao.rules.text.quantities import Meaning
    from nianbao.rules.text.states import State

# Words of a change, which leave what it is of as it is.
CHANGE = frozenset({"cmp", "year", "same", "up", "down", "level", "from", "to"})
# Kinds of what is compared within the year.
_LABELS = frozenset({"topic", "doc"})
_TRIPLE = 3
# Words beside a change, a share, a rate or a mean that may tell of what it is.
_SUBJECTS = MEANINGFUL | NEUTRAL | CHANGE | {"share", "rate", "mean", "take"}


def is_of_a_subject(frame: Frame, numeral: Numeral) -> bool:
    """Say whether a figure is a change, share, rate or mean whose words, all known, may tell of what."""
    if numeral.unit == "%" and behind(frame):
        return all(token.kind in _SUBJECTS for token in frame.tokens)
    respectively = bool(frame.labels) and (numeral.unit == "%" or _turned(frame.labels))
    parted = numeral.unit == "%" and not numeral.digits and frame.has("group", "item", "col")  # 予以公开超过半数
    reckoned = frame.ahead("up", "down", "share", "rate", "mean") or numeral.unit == "倍"
    return (reckoned or respectively or parted) and all(token.kind in _SUBJECTS for token in frame.head)


def with_subject(state: State) -> State:
    """Settle what a change or a share is of, where its own words tell."""
    unit = state.unit
    words = _subject_words(unit.frame)
    if not meaningful(words) or unit.elsewhere:
        return state
    numeral = unit.numeral
    counted = numeral.unit if numeral is not None and numeral.unit in COUNTED else ""
    compared = (token for token in unit.frame.head if token.kind in {"cmp", "year"})
    if beside(unit.frame):
        return state.update(len(state.units) - 1, unit._replace(each=tuple(_several(state, words))))
    found = meaning((*words, *compared), state.context, state.form, _money(words) or counted)
    if found is None:
        return state.update(len(state.units) - 1, unit._replace(each=tuple(_several(state, words))))
    context = state.context._replace(open=state.context.open or bool(found.row))
    return state.update(len(state.units) - 1, unit._replace(subject=found))._replace(context=context)


def with_whole(state: State) -> State:
    """Settle what a share is of where the words behind 占 tell: 占办结总数的44.0%."""
    unit = state.unit
    start = next((index for index, token in enumerate(unit.frame.head) if token.kind == "share"), None)
    words = unit.frame.head[start + 1 :] if start is not None else ()
    if any(token.kind in {"out", "decided"} for token in words) and not any(token.kind == "topic" for token in words):
        words = (*(token for token in unit.frame.head[:start] if token.kind == "topic"), *words)  # 复议纠正的占审结的
    told = meaningful(words) and not unit.elsewhere
    found = meaning(words, state.context, state.form, _money(words)) if told else None
    return state.update(len(state.units) - 1, unit._replace(whole=found))


def beside(frame: Frame) -> str:
    """Return which way the first of two differs from the second: 行政诉讼少于行政复议; empty for anything else."""
    kinds = _LABELS | (CHANGE - {"to", "level"})
    words = [token for token in frame.head if token.kind in kinds]
    if len(words) != _TRIPLE or words[1].kind != "cmp" or words[0].kind != words[2].kind:
        return ""
    return words[1].value if words[0].kind in _LABELS else ""


def _several(state: State, words: Words) -> Iterator[Meaning]:
    """Yield the subjects of a change that is told of several: 行政许可和行政处罚均有所下降."""
    for kind in ("doc", "topic", "group", "col", "item"):
        labels = [token for token in words if token.kind == kind]
        others = [token for token in words if token.kind != kind]
        if len(labels) > 1:
            found = [meaning((*others, label), state.context, state.form, "") for label in labels]
            yield from (each for each in found if each is not None) if None not in found else ()


def _subject_words(frame: Frame) -> Words:
    """Return the words that say what a change or a share is of; those behind 占 tell of what it is a share."""
    if frame.labels:
        return tuple(token for token in frame.labels if token.kind not in CHANGE | {"rate", "share"})
    if behind(frame):
        return tuple(token for token in frame.tail if token.kind != "from")
    words = frame.head
    end = next((index for index, token in enumerate(words) if token.kind == "share"), len(words))
    return tuple(token for token in words[:end] if token.kind not in CHANGE | {"rate", "mean"})


def _money(words: Words) -> str:
    """Return the unit in which the data have what *words* name where that is an amount, or nothing."""
    return "万元" if any(token.value == "administrative_fees" for token in words) else ""


def _turned(words: Words) -> bool:
    return any(token.kind in {"up", "down"} for token in words)
