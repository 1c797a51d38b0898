"""Pass 4: from frame to frame of a sentence, what each claims of the data, with what earlier ones leave open."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nianbao.reading.patterns import lazy_pattern
from nianbao.rules.text.claiming import Told, claim_of, claimed, including
from nianbao.rules.text.frames import is_compared, is_explicit, is_of_other_body, is_over_years, meaningful
from nianbao.rules.text.lists import last_of_list, what_is_left
from nianbao.rules.text.meanings import CASES, COUNTED, meaning
from nianbao.rules.text.naming import OTHERWISE, hinted, meant_by_words
from nianbao.rules.text.quantifiers import ALL, affirmation, all_of, denial, from_one_kind, what_became
from nianbao.rules.text.quantities import ANSWERED, BOTH, CARRIED_OUT, RECEIVED, Meaning
from nianbao.rules.text.subjects import CHANGE, is_of_a_subject, with_subject, with_whole
from nianbao.rules.text.units import Unit
from nianbao.rules.text.vocabulary import MEANINGFUL, NEUTRAL, QUOTED, UNKNOWN

if TYPE_CHECKING:
    from nianbao.prose.numerals import Numeral
    from nianbao.rules.text.claims import Claim
    from nianbao.rules.text.frames import Frame
    from nianbao.rules.text.states import State

# How clauses begin and end that may speak of some cases only.
_ABOUT = "对就按除"
_NARROW = lazy_pattern(r"^(?:针对|关于|涉及|属于)|的(?:(?:政府)?信息公开)?申请(?:件|事项)?[中里]?$|[中里类]$|方面$")
# Kinds beside a figure that no table counts, after which the talk is still of the same.
_FAMILIAR = ("channel", "rest", "sum", "act", "cmp", "to", "up", "down", "group", "item", "out", "mean")
# What may follow a figure without a unit.
_BEHIND_BARE = ("", "、", "和", "与", "及", "或")


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
        spoken=context.open or is_explicit(frame),
    )
    state = state._replace(context=context, sentence=sentence, units=(*state.units, unit))
    state = _silent(state) if frame.numeral is None else _figure(state, frame.numeral)
    state = _bounded(state)
    if not state.context.open and is_explicit(frame):
        state = state._replace(context=state.context._replace(open=True))
    return state._replace(context=state.context.close()) if frame.has("foreign") else state


def _bounded(state: State) -> State:
    """Return the state with what brackets do to the figure read last."""
    unit = state.unit
    if unit.claim is None or not unit.frame.bound:
        return state
    if unit.frame.bound == "carried":
        return state.update(len(state.units) - 1, including(unit))
    return state.update(len(state.units) - 1, unit._replace(claim=replace(unit.claim, weight="weak")))


def _silent(state: State) -> State:
    """Read a clause without a figure: what it opens, and whether it denies or affirms something of all."""
    frame = state.unit.frame
    turned = frame.has("up", "down", "level", "extreme")
    turned = turned or any(token.kind == "cmp" and token.value for token in frame.head)
    if turned and all(token.kind in MEANINGFUL | NEUTRAL | CHANGE for token in frame.head):
        return with_subject(state)
    paid = {"take", "perform"} if frame.has("fee", "doc") else set()
    plain = MEANINGFUL if ALL.search(frame.written) else MEANINGFUL - {"decided"}
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
        return denial(state)
    if frame.has("out") or (frame.has("topic") and frame.has("decided")):
        return what_became(state)
    return _of_all(state)


def _of_all(state: State) -> State:
    """Read what a clause without a figure says of all that was counted, or of what the figure before it counts."""
    frame, sentence = state.unit.frame, state.sentence
    if frame.has("all") and frame.has("row") and frame.has("col"):
        return from_one_kind(state)
    if sentence.claims and (frame.has("all") or ALL.search(frame.written)):
        return affirmation(state, state.units[sentence.claims[-1]].claim)
    if any(token.value == "carried_out" for token in frame.head):
        return _carried_out(state)
    return state


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
        return claimed(state, number, Told(Meaning((CARRIED_OUT,)), before.numeral.value, weight="weak"))
    return state


def _figure(state: State, numeral: Numeral) -> State:
    """Read a figure: what it is of, and what it leaves open."""
    frame = state.unit.frame
    if is_of_a_subject(frame, numeral):
        state = with_whole(with_subject(state))
    others = last_of_list(state, numeral) or what_is_left(state, numeral)
    if others is not None:
        meant = replace(others, certain=False, doubtful=True)
        state = claimed(state, len(state.units) - 1, Told(meant, numeral.value))
    elif not _is_odd(state, numeral) and numeral.rough != "vague" and not frame.has("neg"):
        state = hinted(state, numeral) if frame.ahead(UNKNOWN) else meant_by_words(state, numeral)
    return _behind(all_of(state), numeral)


def _is_odd(state: State, numeral: Numeral) -> bool:
    """Say whether a figure is none of a table: without a unit, reckoned, of another body or of other times."""
    frame = state.unit.frame
    alone = frame.clause.text[numeral.end : numeral.end + 1] in _BEHIND_BARE
    bare = not numeral.unit and not (alone and numeral.digits)
    dated = any(token.kind == "year" for token in frame.labels)
    several = is_over_years(frame) or (frame.ahead("years") and not frame.labels)
    elsewhere = is_of_other_body(frame) or several or (state.sentence.period and not dated)
    return bare or frame.ahead(*OTHERWISE) or elsewhere


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
    elif claim is None and numeral.unit in COUNTED and numeral.unit and not is_compared(frame):
        changed = frame.has("up", "down") and not frame.has(UNKNOWN, QUOTED)  # 比上年减少11件
        sentence = sentence._replace(vague=sentence.vague or not changed)
        strange = not unit.part and not frame.has(*_FAMILIAR)
        if strange or among:
            context = context.close()
    elif among:
        context = context._replace(inside=context.row, column=column)
        sentence = sentence._replace(part=True)
    if claim is not None and claim.year and not sentence.year:
        sentence = sentence._replace(mixed=True)
    if is_over_years(frame):
        sentence = sentence._replace(period=True)  # 行政诉讼两年共28件，其中…: its parts are of both years, too.
    if claim is None and frame.has("out") and not unit.elsewhere and not frame.has("year"):
        context = context._replace(ended=frame.values("out")[-1].rstrip("?"))
    if frame.has("topic"):
        certain = claim is not None and claim.certain
        context = context._replace(topics=frame.values("topic") if certain else ())
    same = context is state.context and sentence is state.sentence
    return state if same else state._replace(context=context, sentence=sentence)


def _ground(state: State, numeral: Numeral) -> Claim | None:
    """Return what a figure of requests claims on which others of its sentence rest: 86件申请中, 收到申请86件."""
    unit, claim = state.unit, state.unit.claim
    if claim is not None:
        rests = claim.weight in {"likely", "doubtful"} and claim.options == (RECEIVED,) and not claim.year
        return claim if rests else None
    plain = [token.value for token in meaningful(unit.frame.tokens)] == ["plain"]
    if meaningful(unit.frame.head) or not plain or unit.part or unit.elsewhere or numeral.unit not in CASES:
        return None
    whole = Meaning((RECEIVED, ANSWERED, BOTH), certain=False)
    return claim_of(state, unit, Told(whole, numeral.value), "weak")


def _narrows(frame: Frame) -> bool:
    """Say whether a clause that is not known may narrow the figures behind it: 对涉及第三方的申请，不予公开3件."""
    return frame.clause.text[0] in _ABOUT or _NARROW.search(frame.clause.text) is not None
