"""What a figure is of: by the words beside it, or by what was counted before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nianbao.rules.text.claiming import Told, claim_of, claimed
from nianbao.rules.text.claims import MONEY, Claim
from nianbao.rules.text.frames import MOST, meaningful, year_of
from nianbao.rules.text.meanings import COUNTED, meaning
from nianbao.rules.text.quantities import Meaning
from nianbao.rules.text.vocabulary import MEANINGFUL, NEUTRAL, QUOTED, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.prose.numerals import Numeral
    from nianbao.rules.text.claims import Weight
    from nianbao.rules.text.frames import Frame, Words
    from nianbao.rules.text.states import State

# Kinds after which a figure is none of the tables', whatever else is said.
OTHERWISE = frozenset({"rest", "channel", "foreign", "period", "rate", "share", "mean", "up", "down", QUOTED})
# Words that tell what a figure is of where others may narrow it.
_NAMING = frozenset({"noun", "doc", "topic", "group", "item", "fee"})


def meant_by_words(state: State, numeral: Numeral) -> State:
    """Settle what a figure whose words are known claims."""
    named = bool(meaningful(state.unit.frame.labels or state.unit.frame.head))
    told = (None if named else _as_before(state, numeral)) or _by_its_words(state, numeral, named=named)
    return state if told is None else claimed(state, len(state.units) - 1, told)


def _as_before(state: State, numeral: Numeral) -> Told | None:
    """Return what a figure without a name tells of what was counted before: 上年为77件, 突破80件，达86件."""
    frame = state.unit.frame
    year = year_of(frame)
    weight: Weight = "certain" if _is_plain_behind(frame) else "weak"
    before = _before(state, year=year) or _of_another_year(state, year)
    if before is not None and all(token.kind == "noun" for token in meaningful(frame.tail)):
        inherited = year_of(state.frames[frame.siblings[0]]) if not frame.has("to") else None
        meant = Meaning(before.options, certain=before.certain, doubtful=before.weight == "doubtful")
        told = year if year is not None else inherited
        return Told(meant, numeral.value, told or 0, weight)
    listed = state.units[-2].claim if len(state.units) > 1 and _names_this_year(frame) else None
    if listed is not None and listed.year:  # 2023年为77件，2024年达到86件
        return Told(Meaning(listed.options, certain=listed.certain), numeral.value, 0, weight)
    rough = state.units[-2].claim if len(state.units) > 1 else None
    if rough is not None and not rough.exact and frame.begins and all(token.kind == "fill" for token in frame.head):
        return Told(Meaning(rough.options, certain=rough.certain), numeral.value, rough.year, weight)
    return None


def _by_its_words(state: State, numeral: Numeral, *, named: bool) -> Told | None:
    """Return what a figure tells by the words beside it, or where it is not *named* there, by those before."""
    frame, year, siblings = state.unit.frame, year_of(state.unit.frame), _siblings(state)
    words = _words(frame, siblings)
    weight: Weight = "certain" if frame.sure and not _shared_end(frame, siblings) else "weak"
    years_noted = frame.note and year is not None and state.frames[frame.noted].numeral is None
    if not named and not words and frame.head and (year is None or years_noted) and not frame.has("to"):
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
    if "such" in frame.values("fill") and found.doubtful:
        # 因不掌握等原因无法提供12件: of all its reasons, or of those alone.
        return Told(replace(found, certain=True, doubtful=False), numeral.value, state.sentence.year, "narrowed")
    if _is_part_of_head(frame) and list(words) == list(meaningful(frame.labels or frame.head)):
        return Told(found, numeral.value, state.sentence.year if year is None else year, "narrowed")
    changed = year is None and not state.sentence.compared and _is_changed(frame, siblings)
    weight = "doubtful" if changed else weight
    if weight == "certain" and not _is_plain_behind(frame):
        weight = "narrowed"
    compared = state.sentence.compared or -1 if _is_changed(frame, siblings) else state.sentence.year
    return Told(found, numeral.value, compared if year is None else year, weight)


def _before(state: State, *, year: int | None) -> Claim | None:
    """Return what was counted before a figure of another year: 上年为71件, 增至38件, 高于上年的5件和3件."""
    frame = state.unit.frame
    if frame.has("to"):  # 收费（道路占用费）由421万元增至437万元: what brackets hold stands between.
        beside = [unit for unit in state.units[-MOST:-1] if unit.frame.note == frame.note or unit.claim is not None]
        return beside[-1].claim if beside else None
    known = (state.frames[number] for number in frame.siblings)
    siblings = [other for other in known if other.numeral and other.numeral.unit in COUNTED | set(MONEY)]
    siblings = [other for other in siblings if not other.ahead("up", "down")]
    inherited = bool(siblings) and year_of(siblings[0]) is not None and not frame.has("whole")
    if (year is None and not inherited) or frame not in siblings:
        return None
    earlier = [state.units[number] for number in state.sentence.claims[-2 * MOST :]]
    earlier = [unit for unit in earlier if unit.clause is not frame.clause]
    counted = len(siblings)
    if len(earlier) < counted or any(meaningful(sibling.head) for sibling in siblings):
        return None
    return earlier[len(earlier) - counted + siblings.index(frame)].claim


def _of_another_year(state: State, year: int | None) -> Claim | None:
    """Return what was counted just before, in the same list of years: 2022年的66件、2023年的77件."""
    before = state.units[-2] if len(state.units) > 1 and year is not None else None
    if before is None or before.clause is not state.unit.clause or year_of(before.frame) in {None, year}:
        return None
    return before.claim


def _told_before(frame: Frame) -> tuple[Words, Weight]:
    """Return what 共1件 is of where the clause before says it: 首次收到科研机构申请，共1件."""
    turns = {"up", "down", "level"} if frame.note else set()  # 申请量增长（2023年77件、2024年86件）
    odd = [token for token in frame.before if token.kind not in MEANINGFUL | NEUTRAL | {"take"} | turns]
    if any(token.kind in OTHERWISE for token in odd):
        return (), "weak"
    certain = not odd and not any(token.kind == "some" for token in frame.before)
    return meaningful(frame.before), "certain" if certain else "weak"


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
    elif kinds == {"decided"}:
        adding = {"topic"}  # 已审结的2件行政诉讼
    if _is_part_of_head(frame) and kinds <= {"row", "noun", "group", "about"}:
        adding |= {"group", "item"}  # 不予公开的申请中4件涉及第三方合法权益
    found = (*head, *(token for token in tail if token.kind in adding))
    if "doc" not in kinds or "act" in kinds:
        return found
    # An enumeration leaves out the act: 制发规章0件、行政规范性文件2件.
    acts = [token for sibling in siblings if sibling is not frame for token in sibling.head if token.kind == "act"]
    return (*found, *acts[-1:])


def _is_part_of_head(frame: Frame) -> bool:
    """Say whether a figure is of what follows it, within what stands before: 新收申请中171件在年内办结."""
    telling = [token for token in frame.head if token.kind != "fill"]
    return bool(telling) and telling[-1].kind == "among"


def _names_this_year(frame: Frame) -> bool:
    """Say whether a figure is told of this year, and of nothing else: 2024年达到."""
    named = any(token.kind == "whole" and token.value for token in frame.head)
    return named and all(token.kind in {"whole", "fill"} for token in frame.head) and not meaningful(frame.tail)


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


def hinted(state: State, numeral: Numeral) -> State:
    """Read a figure with unknown words before it: they may narrow it, so that it only cannot be above the whole."""
    unit = state.unit
    other = unit.has("topic") and not unit.has("about")  # 因履职申请引起的行政复议9件
    if unit.has("year", "cmp", "neg", "all") or other:
        return state
    for words in _narrowed(unit.frame):
        found = meaning(words, state.context, state.form, numeral.unit) if meaningful(words) else None
        named = any(token.kind in _NAMING for token in words)
        if found is not None and found.certain and not found.loose and named:
            claim = claim_of(state, unit, Told(found, numeral.value, state.sentence.year), "narrowed")
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
