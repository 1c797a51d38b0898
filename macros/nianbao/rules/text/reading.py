"""Pass 4: from frame to frame of a sentence, what each claims of the data, with what earlier ones leave open."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from nianbao.reading.patterns import lazy_pattern
from nianbao.rules.text.claims import MONEY, Claim
from nianbao.rules.text.divisions import kinds_of_applicants
from nianbao.rules.text.frames import MOST, behind, meaningful
from nianbao.rules.text.meanings import CASES, meaning
from nianbao.rules.text.quantities import Meaning, Quantity
from nianbao.rules.text.units import Unit
from nianbao.rules.text.vocabulary import MEANINGFUL, NEUTRAL, QUOTED, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.model.form import Form
    from nianbao.prose.numerals import Numeral
    from nianbao.prose.passages import Passage
    from nianbao.reading.numbers import Number
    from nianbao.rules.text.claims import Weight
    from nianbao.rules.text.frames import Frame, Words
    from nianbao.rules.text.states import Context, Sentence
    from nianbao.rules.text.vocabulary import Vocabulary

_RECEIVED, _CARRIED, _LEFT = (Quantity((f"requests.{row}",)) for row in ("received", "carried_in", "carried_out"))
_ANSWERED = Quantity(("requests.results.total",))
# Lists that the form ends with 其他, with what stands before it.
_LISTS = {
    "requests.results.otherwise": ("not_corrected", "fee_not_paid"),
    ".organizations": ("commercial", "research", "public_welfare", "legal_service"),
}
# What applicants divide.
_WHOLES = frozenset((quantity,) for quantity in (_RECEIVED, _CARRIED, _ANSWERED, _LEFT))
BOTH = Quantity((*_RECEIVED.paths, *_CARRIED.paths))

# Kinds after which a figure is none of the tables', whatever else is said.
_OTHERWISE = frozenset({"rest", "channel", "foreign", "period", "rate", "share", "mean", "up", "down", QUOTED})
# Words of a change, which leave what it is of as it is.
_CHANGE = frozenset({"cmp", "year", "same", "up", "down", "level", "from", "to"})
# Words beside a change, a share, a rate or a mean that may tell of what it is.
_SUBJECTS = MEANINGFUL | NEUTRAL | _CHANGE | {"share", "rate", "mean", "take"}
# How clauses begin and end that may speak of some cases only.
_ABOUT = "对就按除"
_NARROW = lazy_pattern(r"^(?:针对|关于|涉及|属于)|的(?:(?:政府)?信息公开)?申请(?:件|事项)?[中里]?$|[中里类]$|方面$")
# Words that say by themselves what a figure is of.
_NAMES = frozenset({"noun", "doc", "topic", "fee", "info", "category"})
# Words that say something of all that was counted.
_AFFIRMING = frozenset({"and", "fill", "all", "group", "item", "row", "decided", "whole", "self"})
# Words that tell what a figure is of where others may narrow it.
_NAMING = frozenset({"noun", "doc", "topic", "group", "item", "fee"})
_COUNTED = CASES | {"份", "条", "封", "批", "件次"}
# Kinds beside a figure that no table counts, after which the talk is still of the same.
_FAMILIAR = ("channel", "rest", "act", "cmp", "to", "up", "down", "group", "item", "out", "mean")
# What may follow a figure without a unit.
_BEHIND_BARE = ("", "、", "和", "与", "及", "或")
# Weights under which others of the sentence show what is meant.
_OPEN = frozenset({"weak", "doubtful", "likely"})
# What is left says nothing else of what was answered.
_REST = re.compile("余|剩")
_ALL = re.compile("[均都皆]|全部|一律")
_NEW_ROW = re.compile("新收|新接|新受理")


class State(NamedTuple):
    """What has been read of a sentence: *units* of its first *frames*, and what they leave open."""

    passage: Passage
    form: Form
    vocabulary: Vocabulary
    context: Context
    sentence: Sentence
    frames: tuple[Frame, ...]
    units: tuple[Unit, ...] = ()

    @property
    def unit(self) -> Unit:
        """The unit read last."""
        return self.units[-1]

    def update(self, number: int, unit: Unit) -> State:
        """Put *unit* in the place of another."""
        units = (*self.units[:number], unit, *self.units[number + 1 :])
        return self._replace(units=units)


def read_sentence(state: State) -> State:
    """Return what the frames of a sentence state; what brackets open does not hold behind them."""
    outer: State | None = None
    for frame in state.frames:
        if frame.note and outer is None:
            outer = state
            context = state.context._replace(outcome=state.context.ended)
            state = state._replace(context=context, sentence=state.sentence._replace(part=False))
        elif not frame.note and outer is not None:
            context = outer.context._replace(told=state.context.told)
            state, outer = state._replace(context=context, sentence=outer.sentence), None
        state = _step(state, frame)
    if outer is not None:
        context = outer.context._replace(told=state.context.told)
        state = state._replace(context=context, sentence=outer.sentence)
    return state


def _step(state: State, frame: Frame) -> State:
    """Return the state behind *frame*."""
    context, sentence = state.context, state.sentence
    if frame.begins:
        if frame.clause.mark == "；":
            context, sentence = context.leave(), sentence.behind_semicolon()
        sentence = sentence.advance(frame.words)
    if frame.has("part"):
        context = context.divide(first=not sentence.part)
        averaged = bool(state.units) and state.unit.frame.ahead("mean")  # 平均每月7件，其中自然人5件
        sentence = sentence._replace(period=sentence.period or averaged)
        sentence = sentence if sentence.part else sentence._replace(part=True)
    unit = Unit(
        frame,
        part=sentence.part,
        elsewhere=sentence.elsewhere,
        compared=sentence.compared,
        spoken=context.open or _is_explicit(frame),
    )
    state = state._replace(context=context, sentence=sentence, units=(*state.units, unit))
    state = _silent(state) if frame.numeral is None else _figure(state, frame.numeral)
    state = _bounded(state)
    if not state.context.open and _is_explicit(frame):
        state = state._replace(context=state.context._replace(open=True))
    return state._replace(context=state.context.close()) if frame.has("foreign") else state


def _is_explicit(frame: Frame) -> bool:
    """Say whether words beside a figure say by themselves that requests for information are meant."""
    return any(token.kind == "noun" and token.value == "explicit" for token in frame.tokens)


def _bounded(state: State) -> State:
    """Return the state with what brackets do to the figure read last."""
    unit = state.unit
    if unit.claim is None or not unit.frame.bound:
        return state
    if unit.frame.bound == "carried":
        return state.update(len(state.units) - 1, _including(unit))
    return state.update(len(state.units) - 1, unit._replace(claim=replace(unit.claim, weight="weak")))


def _silent(state: State) -> State:
    """Read a clause without a figure: what it opens, and whether it denies or affirms something of all."""
    frame = state.unit.frame
    turned = frame.has("up", "down", "level", "extreme")
    turned = turned or any(token.kind == "cmp" and token.value for token in frame.head)
    if turned and all(token.kind in MEANINGFUL | NEUTRAL | _CHANGE for token in frame.head):
        return _subject(state)
    paid = {"take", "perform"} if frame.has("fee", "doc") else set()
    plain = MEANINGFUL if _ALL.search(frame.written) else MEANINGFUL - {"decided"}
    known = all(token.kind in plain | NEUTRAL | {"neg"} | paid for token in frame.head)
    if frame.has("topic"):
        topics = frame.values("topic") if known and not frame.has("row") else ()
        state = state._replace(context=state.context._replace(topics=topics))
    if known:
        return _known(_among(state) if frame.head[-1].kind == "among" else state)
    narrowing = not state.sentence.narrow and _narrows(frame)
    return state._replace(sentence=state.sentence._replace(narrow=True)) if narrowing else state


def _known(state: State) -> State:
    """Read a clause without a figure whose words are all known."""
    frame, sentence = state.unit.frame, state.sentence
    if sentence.period or sentence.body:
        return state
    if frame.has("neg"):
        return _denial(state)
    if frame.has("all") and frame.has("row") and frame.has("col"):
        return _from_one_kind(state)
    if sentence.claims and (frame.has("all") or _ALL.search(frame.written)):
        return _affirmation(state, state.units[sentence.claims[-1]].claim)
    if any(token.value == "carried_out" for token in frame.head):
        return _carried_out(state)
    return state


def _subject(state: State) -> State:
    """Settle what a change or a share is of, where its own words tell."""
    unit = state.unit
    words = _subject_words(unit.frame)
    if not meaningful(words) or unit.elsewhere:
        return state
    numeral = unit.numeral
    counted = numeral.unit if numeral is not None and numeral.unit in _COUNTED else ""
    compared = (token for token in unit.frame.head if token.kind in {"cmp", "year"})
    found = meaning((*words, *compared), state.context, state.form, _money(words) or counted)
    if found is None:
        return state.update(len(state.units) - 1, unit._replace(each=tuple(_several(state, words))))
    context = state.context._replace(open=state.context.open or bool(found.row))
    return state.update(len(state.units) - 1, unit._replace(subject=found))._replace(context=context)


def _money(words: Words) -> str:
    """Return the unit in which the data have what *words* name where that is an amount, or nothing."""
    return "万元" if any(token.value == "administrative_fees" for token in words) else ""


def _several(state: State, words: Words) -> Iterator[Meaning]:
    """Yield the subjects of a change that is told of several: 行政许可和行政处罚均有所下降."""
    for kind in ("doc", "topic", "group", "col", "item"):
        labels = [token for token in words if token.kind == kind]
        others = [token for token in words if token.kind != kind]
        if len(labels) > 1:
            found = [meaning((*others, label), state.context, state.form, "") for label in labels]
            yield from (each for each in found if each is not None) if None not in found else ()


def _whole(state: State) -> State:
    """Settle what a share is of where the words behind 占 tell: 占办结总数的44.0%."""
    unit = state.unit
    start = next((index for index, token in enumerate(unit.frame.head) if token.kind == "share"), None)
    words = unit.frame.head[start + 1 :] if start is not None else ()
    told = meaningful(words) and not unit.elsewhere
    found = meaning(words, state.context, state.form, _money(words)) if told else None
    return state.update(len(state.units) - 1, unit._replace(whole=found))


def _subject_words(frame: Frame) -> Words:
    """Return the words that say what a change or a share is of; those behind 占 tell of what it is a share."""
    if frame.labels:
        return tuple(token for token in frame.labels if token.kind not in _CHANGE | {"rate", "share"})
    if behind(frame):
        return tuple(token for token in frame.tail if token.kind != "from")
    words = frame.head
    end = next((index for index, token in enumerate(words) if token.kind == "share"), len(words))
    return tuple(token for token in words[:end] if token.kind not in _CHANGE | {"rate", "mean"})


def _among(state: State) -> State:
    """Read 部分公开的申请中: what follows is a part of it."""
    found = meaning(state.unit.frame.head, state.context, state.form, "")
    if found is None or not found.row:
        narrow = state.sentence.narrow or state.unit.has("col")
        return state._replace(sentence=state.sentence._replace(narrow=narrow))
    column = next((token.value for token in state.unit.frame.head if token.kind == "col"), "")
    context = state.context.enter(found.row)._replace(inside=found.row, column=column.rstrip("?"))
    return state._replace(context=context, sentence=state.sentence._replace(part=True))


def _carried_out(state: State) -> State:
    """Read 另有4件因年末收到，转入下年度办理: the figure stands in the clause before."""
    number = len(state.units) - 2
    before = state.units[number] if number >= 0 else None
    if before is None or before.claim is not None or before.numeral is None or not before.has("extra"):
        return state
    if before.exact and before.numeral.unit in CASES and len(before.frame.siblings) == 1:
        return _claimed(state, number, _Told(Meaning((_LEFT,)), before.numeral.value, weight="weak"))
    return state


def _denial(state: State) -> State:
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
    return _claimed(state, len(state.units) - 1, _Told(meant, 0, state.sentence.year))


def _affirmation(state: State, before: Claim | None) -> State:
    """Read 均为自然人申请, 全部予以公开 and 均已办结 of the figure *before*."""
    frame = state.unit.frame
    last = state.units[-2].claim if len(state.units) > 1 else None
    if before is not None and last is before and not before.year:
        kinds = {token.kind for token in meaningful(frame.head)} - {"noun"}
        if len(kinds) == len(meaningful(frame.head)) == 1 and all(token.kind in _AFFIRMING for token in frame.head):
            meant = _affirmed(before, frame.head)
            value = before.value if kinds <= {"group", "item"} else 0
            if meant is not None:
                return _claimed(state, len(state.units) - 1, _Told(meant, value, 0, before.weight))
    columns = [token.value for token in frame.head if token.kind == "col"]
    whole = before is not None and before.options in _WHOLES
    if before is None or not whole or len(columns) != 1 or columns[0].endswith("?") or frame.has("group", "row"):
        return state
    meant = Meaning((Quantity((f"{before.quantity.call}.{columns[0]}",)),))
    return _claimed(state, len(state.units) - 1, _Told(meant, before.value, before.year, before.weight))


def _from_one_kind(state: State) -> State:
    """Read 新收申请全部来自自然人: none came from the other kind of applicants."""
    frame = state.unit.frame
    rows, columns = frame.values("row"), frame.values("col")
    others = kinds_of_applicants(state.form) - set(columns)
    if rows != ("received",) or len(columns) != 1 or len(others) != 1 or frame.has("group", "item"):
        return state
    meant = Meaning((Quantity((f"{_RECEIVED.call}.{next(iter(others))}",)),))
    return _claimed(state, len(state.units) - 1, _Told(meant, 0, state.sentence.year))


def _figure(state: State, numeral: Numeral) -> State:
    """Read a figure: what it is of, and what it leaves open."""
    frame = state.unit.frame
    if _is_of_a_subject(frame, numeral):
        state = _whole(_subject(state))
    others = _others(state, numeral)
    if others is not None:
        meant = replace(others, certain=False, doubtful=True)
        state = _claimed(state, len(state.units) - 1, _Told(meant, numeral.value))
    elif numeral.unit in CASES and frame.ahead("rest") and frame.values("row")[-1:] == ("carried_out",):
        state = _claimed(
            state, len(state.units) - 1, _Told(Meaning((_LEFT,), certain=False, doubtful=True), numeral.value)
        )
    elif not _is_odd(state, numeral) and numeral.rough != "vague" and not frame.has("neg"):
        state = _hinted(state, numeral) if frame.ahead(UNKNOWN) else _meant(state, numeral)
    return _behind(_all_of(state), numeral)


def _is_of_a_subject(frame: Frame, numeral: Numeral) -> bool:
    """Say whether a figure is a change, share, rate or mean whose words, all known, may tell of what."""
    if numeral.unit == "%" and behind(frame):
        return all(token.kind in _SUBJECTS for token in frame.tokens)
    respectively = bool(frame.labels) and (numeral.unit == "%" or _turned(frame.labels))
    parted = numeral.unit == "%" and not numeral.digits and frame.has("group", "item", "col")  # 予以公开超过半数
    reckoned = frame.ahead("up", "down", "share", "rate", "mean") or numeral.unit == "倍"
    return (reckoned or respectively or parted) and all(token.kind in _SUBJECTS for token in frame.head)


def _is_odd(state: State, numeral: Numeral) -> bool:
    """Say whether a figure is none of a table: without a unit, reckoned, of another body or of other times."""
    frame = state.unit.frame
    alone = frame.clause.text[numeral.end : numeral.end + 1] in _BEHIND_BARE
    bare = not numeral.unit and not (alone and numeral.digits)
    dated = any(token.kind == "year" for token in frame.labels)
    several = _over_years(frame) or (frame.ahead("years") and not frame.labels)
    elsewhere = _of_other_body(frame) or several or (state.sentence.period and not dated)
    return bare or frame.ahead(*_OTHERWISE) or elsewhere


def _of_other_body(frame: Frame) -> bool:
    """Say whether a figure is of another body than this one, whose area it may be."""
    return frame.ahead("body") and any(token.kind == "body" and token.value != "area" for token in frame.head)


def _over_years(frame: Frame) -> bool:
    """Say whether a figure is the sum of those of several years: 行政诉讼两年共28件."""
    return any(token.kind == "sum" and token.value for token in frame.head)


def _others(state: State, numeral: Numeral) -> Meaning | None:
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


def _turned(words: Words) -> bool:
    return any(token.kind in {"up", "down"} for token in words)


def _all_of(state: State) -> State:
    """Read 66件全部予以公开 and 3件均已审结, behind a figure that is claimed."""
    unit, number = state.unit, len(state.units) - 1
    claim, frame = unit.claim, unit.frame
    if claim is None or not frame.tail or claim.year or any(token.kind not in _AFFIRMING for token in frame.tail):
        return state
    told = "".join(frame.clause.text[token.start : token.end] for token in frame.tail)
    kinds = {token.kind for token in meaningful(frame.tail)}
    if not _ALL.search(told) or len(kinds) != 1:
        return state
    meant, value = _affirmed(claim, frame.tail), claim.value if kinds <= {"group", "item"} else 0
    if meant is None:
        return state
    start, end = frame.tail[0].start, frame.tail[-1].end
    also = replace(_claim(state, unit, _Told(meant, value), "doubtful"), numeral=None)
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
    if kind == "group" and path.startswith(_RECEIVED.call):
        column = path.removeprefix(_RECEIVED.call)
        return Meaning((Quantity((f"requests.results.{value}{column}",)),), certain=False, doubtful=True, loose=True)
    if kind == "row" and value == "results" and claim.options[0] in {_RECEIVED, BOTH}:
        # What was open at the end of the year may have been answered before the report was written.
        return Meaning((_LEFT,), certain=False, doubtful=True)
    if kind == "decided" and all(each.endswith(".total") for each in claim.quantity.paths):
        pending = tuple(f"{each.removesuffix('total')}pending" for each in claim.quantity.paths)
        return Meaning((Quantity(pending),), certain=False, doubtful=True)
    return None


def _behind(state: State, numeral: Numeral) -> State:
    """Return what a figure leaves open."""
    unit, context, sentence = state.unit, state.context, state.sentence
    frame, claim = unit.frame, unit.claim
    among = any(token.kind == "among" for token in frame.tail)
    ground = unit.hint or (_ground(state, numeral) if among or claim is not None else None)
    column = next((token.value.rstrip("?") for token in frame.tokens if token.kind == "col"), "")
    if ground is not None:
        inside = context.row if among and claim is not None else context.inside
        column = column if unit.hint is not None else context.column
        context = context._replace(ground=ground, inside=inside, column=column)
    elif claim is None and numeral.unit in _COUNTED and numeral.unit and not _is_compared(frame):
        sentence = sentence._replace(vague=True)
        strange = not unit.part and not frame.has(*_FAMILIAR)
        if strange or among:
            context = context.close()
    elif among:
        context = context._replace(inside=context.row, column=column)
        sentence = sentence._replace(part=True)
    if claim is not None and claim.year and not sentence.year:
        sentence = sentence._replace(mixed=True)
    if _over_years(frame):
        sentence = sentence._replace(period=True)  # 行政诉讼两年共28件，其中…: its parts are of both years, too.
    if claim is None and frame.has("out") and not unit.elsewhere and not frame.has("year"):
        context = context._replace(ended=frame.values("out")[-1].rstrip("?"))
    if frame.has("topic"):
        certain = claim is not None and claim.certain
        context = context._replace(topics=frame.values("topic") if certain else ())
    same = context is state.context and sentence is state.sentence
    return state if same else state._replace(context=context, sentence=sentence)


def _is_compared(frame: Frame) -> bool:
    """Say whether a figure of another year is told before what it is of: 与上年的77件相比，收到申请86件."""
    plain = not meaningful(frame.tokens) and not frame.has("up", "down")
    return plain and frame.has("cmp") and _year(frame) is not None


def _ground(state: State, numeral: Numeral) -> Claim | None:
    """Return what a figure of requests claims on which others of its sentence rest: 86件申请中, 收到申请86件."""
    unit, claim = state.unit, state.unit.claim
    if claim is not None:
        rests = claim.weight in {"likely", "doubtful"} and claim.options == (_RECEIVED,) and not claim.year
        return claim if rests else None
    plain = [token.value for token in meaningful(unit.frame.tokens)] == ["plain"]
    if meaningful(unit.frame.head) or not plain or unit.part or unit.elsewhere or numeral.unit not in CASES:
        return None
    whole = Meaning((_RECEIVED, _ANSWERED, BOTH), certain=False)
    return _claim(state, unit, _Told(whole, numeral.value), "weak")


def _hinted(state: State, numeral: Numeral) -> State:
    """Read a figure with unknown words before it: they may narrow it, so that it only cannot be above the whole."""
    unit = state.unit
    other = unit.has("topic") and not unit.has("about")  # 因履职申请引起的行政复议9件
    if unit.has("year", "cmp", "neg", "all") or other:
        return state
    for words in _narrowed(unit.frame):
        found = meaning(words, state.context, state.form, numeral.unit) if meaningful(words) else None
        named = any(token.kind in _NAMING for token in words)
        if found is not None and found.certain and not found.loose and named:
            claim = _claim(state, unit, _Told(found, numeral.value, state.sentence.year), "narrowed")
            return state.update(len(state.units) - 1, unit._replace(hint=claim))
    return state


def _narrowed(frame: Frame) -> Iterator[Words]:
    """Yield the known words beside a figure, and those that stand behind the last unknown one.

    因信访、重复等原因不予处理的6件: of the reasons before it, none is what is counted.
    """
    last = max(index for index, token in enumerate(frame.head) if token.kind == UNKNOWN)
    behind, tail = frame.head[last + 1 :], tuple(token for token in frame.tail if token.kind != UNKNOWN)
    if not any(token.kind == "group" for token in behind):
        yield (*(token for token in frame.head if token.kind != UNKNOWN), *tail)
    yield (*behind, *tail)


def _meant(state: State, numeral: Numeral) -> State:
    """Settle what a figure whose words are known claims."""
    named = bool(meaningful(state.unit.frame.labels or state.unit.frame.head))
    told = (None if named else _as_before(state, numeral)) or _by_its_words(state, numeral, named=named)
    return state if told is None else _claimed(state, len(state.units) - 1, told)


def _as_before(state: State, numeral: Numeral) -> _Told | None:
    """Return what a figure without a name tells of what was counted before: 上年为77件, 突破80件，达86件."""
    frame = state.unit.frame
    year = _year(frame)
    weight: Weight = "certain" if _is_plain_behind(frame) else "weak"
    before = _before(state, year=year) or _of_another_year(state, year)
    if before is not None and all(token.kind == "noun" for token in meaningful(frame.tail)):
        inherited = _year(state.frames[frame.siblings[0]]) if not frame.has("to") else None
        meant = Meaning(before.options, certain=before.certain, doubtful=before.weight == "doubtful")
        told = year if year is not None else inherited
        return _Told(meant, numeral.value, told or 0, weight)
    rough = state.units[-2].claim if len(state.units) > 1 else None
    if rough is not None and not rough.exact and frame.begins and all(token.kind == "fill" for token in frame.head):
        return _Told(Meaning(rough.options, certain=rough.certain), numeral.value, rough.year, weight)
    return None


def _by_its_words(state: State, numeral: Numeral, *, named: bool) -> _Told | None:
    """Return what a figure tells by the words beside it, or where it is not *named* there, by those before."""
    frame, year, siblings = state.unit.frame, _year(state.unit.frame), _siblings(state)
    words = _words(frame, siblings)
    weight: Weight = "certain" if frame.sure and not _shared_end(frame, siblings) else "weak"
    if not named and not words and frame.head and year is None and not frame.has("to"):
        words, weight = _told_before(frame)
    elif not named and not _is_plain_behind(frame):
        return None
    if not words or (frame.has("cmp") and year is None):
        return None
    new = (token for token in siblings[0].head if token.kind == "new")  # 新增行政复议3件、行政诉讼0件
    tail = (token for token in frame.tail if token.kind != "some" or not meaningful(frame.head))
    others = (token for token in (*frame.labels, *new, *frame.head, *tail) if token.kind not in MEANINGFUL)
    found = meaning([*others, *words], state.context, state.form, numeral.unit)
    if found is None:
        return None
    changed = year is None and not state.sentence.compared and _is_changed(frame, siblings)
    weight = "doubtful" if changed else weight
    if weight == "certain" and not _is_plain_behind(frame):
        weight = "narrowed"
    compared = state.sentence.compared or -1 if _is_changed(frame, siblings) else state.sentence.year
    return _Told(found, numeral.value, compared if year is None else year, weight)


def _siblings(state: State) -> list[Frame]:
    """Return the frames with the figures of the clause read last."""
    return [state.frames[number] for number in state.unit.frame.siblings]


def _is_plain_behind(frame: Frame) -> bool:
    """Say whether the words behind a figure are known, and leave it what it is."""
    return all(token.kind in MEANINGFUL | NEUTRAL | {"up", "down"} for token in frame.tail)


def _is_changed(frame: Frame, siblings: Sequence[Frame]) -> bool:
    """Say whether a figure is that before a change: 由77件增至86件."""
    following = next((sibling for sibling in siblings if sibling.number > frame.number), None)
    changed = frame.has("from") and any(token.kind == "to" for token in frame.words)
    return changed or (following is not None and bool(following.head) and following.head[0].kind == "to")


def _shared_end(frame: Frame, siblings: Sequence[Frame]) -> bool:
    """Say whether a list ends in words that are of each of its figures: 4件复议案件、9件诉讼案件未有结果."""
    last = siblings[-1]
    if last is frame or meaningful(frame.head) or not meaningful(frame.tail):
        return False
    ending = {UNKNOWN, "neg", "out", "decided"}
    return any(token.kind in ending for token in last.tail) and not any(token.kind in ending for token in frame.tail)


def _year(frame: Frame) -> int | None:
    """Return the year that the words before a figure name, counted from that of the report; None where they do not."""
    years = {int(token.value) for token in frame.labels or frame.head if token.kind == "year" and token.value}
    return years.pop() if len(years) == 1 else None


def _words(frame: Frame, siblings: Sequence[Frame]) -> Words:
    """Return the words that tell what a figure is of: those before it, and behind it what adds to them."""
    head = meaningful(frame.labels or frame.head)
    tail = meaningful(frame.tail)
    if not head:
        return tail
    kinds = {token.kind for token in head}
    adding: set[str] = set()
    if kinds <= {"row", "noun", "col", "about"}:
        adding = {"noun", "col", "topic"} - (kinds & {"col"})
    elif kinds <= {"topic", "about", "noun", "court"}:
        whole = any(token.kind == "all" for token in frame.tail)  # 行政诉讼3件全部胜诉
        adding = {"topic"} if whole else {"topic", "out"}
    elif kinds <= {"act", "publish", "decide", "site"}:
        adding = {"doc", "info"}
    found = (*head, *(token for token in tail if token.kind in adding))
    if "doc" not in kinds or "act" in kinds:
        return found
    # An enumeration leaves out the act: 制发规章0件、行政规范性文件2件.
    acts = [token for sibling in siblings if sibling is not frame for token in sibling.head if token.kind == "act"]
    return (*found, *acts[-1:])


def _told_before(frame: Frame) -> tuple[Words, Weight]:
    """Return what 共1件 is of where the clause before says it: 首次收到科研机构申请，共1件."""
    odd = [token for token in frame.before if token.kind not in MEANINGFUL | NEUTRAL | {"take"}]
    if any(token.kind in _OTHERWISE for token in odd):
        return (), "weak"
    certain = not odd and not any(token.kind == "some" for token in frame.before)
    return meaningful(frame.before), "certain" if certain else "weak"


def _before(state: State, *, year: int | None) -> Claim | None:
    """Return what was counted before a figure of another year: 上年为71件, 增至38件, 高于上年的5件和3件."""
    frame = state.unit.frame
    if frame.has("to"):
        return state.units[-2].claim if len(state.units) > 1 else None
    known = (state.frames[number] for number in frame.siblings)
    siblings = [other for other in known if other.numeral and other.numeral.unit in _COUNTED | set(MONEY)]
    siblings = [other for other in siblings if not other.ahead("up", "down")]
    inherited = bool(siblings) and _year(siblings[0]) is not None and not frame.has("whole")
    if (year is None and not inherited) or frame not in siblings:
        return None
    earlier = [state.units[number] for number in state.sentence.claims[-2 * MOST :]]
    earlier = [unit for unit in earlier if unit.clause is not frame.clause]
    counted = len(siblings)
    if len(earlier) < counted or any(meaningful(sibling.head) for sibling in siblings):
        return None
    return earlier[len(earlier) - counted + siblings.index(frame)].claim


@dataclass(frozen=True, slots=True)
class _Told:
    """That a figure of a *year*, counted from that of the report, is *value*, and what was *meant* by it."""

    meant: Meaning
    value: Number
    year: int = 0
    weight: Weight = "certain"


def _of_another_year(state: State, year: int | None) -> Claim | None:
    """Return what was counted just before, in the same list of years: 2022年的66件、2023年的77件."""
    before = state.units[-2] if len(state.units) > 1 and year is not None else None
    if before is None or before.clause is not state.unit.clause or _year(before.frame) in {None, year}:
        return None
    return before.claim


def _claim(state: State, unit: Unit, told: _Told, weight: Weight) -> Claim:
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


def _common_ground(ground: Claim | None, quantity: Quantity) -> Claim | None:
    """Return the claim on which a figure of *quantity* rests: one of the same table."""
    table = quantity.paths[0].partition(".")[0]
    return ground if ground is not None and ground.quantity.paths[0].partition(".")[0] == table else None


def _claimed(state: State, number: int, told: _Told) -> State:
    """Return the state with the claim that unit *number* makes of what was *told*, and with what that opens."""
    context, sentence, unit, meant = state.context, state.sentence, state.units[number], told.meant
    claim = _claim(state, unit, told, _weight(state, unit, told))
    state = state.update(number, unit._replace(claim=claim))
    if told.year:
        return state
    before = state.units[number - 1] if number else None
    if before is not None and before.claim is None and before.exact and _is_compared(before.frame):
        value = before.numeral.value if before.numeral is not None else 0
        year = _year(before.frame) or -1
        compared = _claim(state, before, _Told(replace(meant, within=None), value, year), claim.weight)
        state = state.update(number - 1, before._replace(claim=compared))
    claims = (*sentence.claims, number)
    context = context.tell(meant, unit.frame.values("col"))
    state = state._replace(context=context, sentence=sentence._replace(claims=claims))
    if unit.has("part") and meant.options == (_CARRIED,) and len(claims) > 1:
        state = state.update(claims[-2], _including(state.units[claims[-2]]))
    return state


def _weight(state: State, unit: Unit, told: _Told) -> Weight:
    """Return how much the words around a claim leave open."""
    meant, weight = told.meant, told.weight
    named = (
        unit.has("to")
        or _year(unit.frame) is not None
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


def _undated(state: State, told: _Told) -> bool:
    """Say whether it is not told of which year a figure is: section 5 speaks of problems of this one and the last."""
    return state.context.location == "improvement" and not state.sentence.whole and not told.year


def _is_former(state: State, unit: Unit, told: _Told) -> bool:
    """Say whether a figure of this year is told by a label of years before, which may have counted otherwise."""
    if told.year or not state.vocabulary.former:
        return False
    text = unit.clause.text
    return any(text[token.start : token.end] in state.vocabulary.former for token in unit.frame.tokens)


def revised(units: tuple[Unit, ...]) -> tuple[Unit, ...]:
    """Return the units of a sentence with claims that later words make others or uncertain."""
    return tuple(_accompanied(tuple(_left_open(_of_all_kinds(_with_parts(units))))))


def _accompanied(units: tuple[Unit, ...]) -> Iterator[Unit]:
    """Give each weak claim the others of its sentence, which may show that the sentence is of this report."""
    claims = [unit.claim for unit in units if unit.claim is not None]
    if len(claims) < 2 or all(claim.weight not in _OPEN for claim in claims):  # noqa: PLR2004  # others
        yield from units
        return
    apart = any(_of_other_body(unit.frame) for unit in units)
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


def _with_parts(units: tuple[Unit, ...]) -> tuple[Unit, ...]:
    """Count what was carried in with what was received where both are told: 受理90件，其中新收86件、上年结转4件."""
    claims = {number: unit.claim for number, unit in enumerate(units) if unit.claim is not None and not unit.claim.year}
    carried = [number for number, claim in claims.items() if claim.quantity == _CARRIED]
    received = [number for number, claim in claims.items() if _RECEIVED in claim.options]
    if not carried or len(received) != 2:  # noqa: PLR2004  # the whole and its part
        return units
    whole, new = received
    anew = _NEW_ROW.search(units[new].frame.written) and not _NEW_ROW.search(units[whole].frame.written)
    if not anew or not whole < min(carried[-1], new):
        return units
    unit = _including(units[whole])
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
        if claim is not None and claim.quantity == _ANSWERED and others and others[-1] > number:
            yield unit._replace(claim=replace(claim, weight="weak"))
        else:
            yield unit


def _narrows(frame: Frame) -> bool:
    """Say whether a clause that is not known may narrow the figures behind it: 对涉及第三方的申请，不予公开3件."""
    return frame.clause.text[0] in _ABOUT or _NARROW.search(frame.clause.text) is not None


def _including(unit: Unit) -> Unit:
    """Count what was carried in with what was received: 受理申请90件（含上年结转4件）."""
    claim = unit.claim
    path = claim.quantity.call if claim is not None else ""
    if claim is not None and BOTH in claim.options:
        return unit._replace(claim=replace(claim, options=(BOTH,)))
    if claim is None or not path.startswith(_RECEIVED.call):
        return unit
    both = Quantity((path, path.replace(_RECEIVED.call, _CARRIED.call)))
    options = (both, *(option for option in claim.options if option != both))
    return unit._replace(claim=replace(claim, options=options))
