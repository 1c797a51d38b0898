"""Figures with their parts: 共9条，其中…, 按街道分：…, …，合计9件, …加上…，共9件."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from nianbao.model.report import plain
from nianbao.prose.numerals import chinese
from nianbao.reading.patterns import lazy_pattern
from nianbao.rules.text.divisions import groups_of_results, is_within, kinds_of_applicants
from nianbao.rules.text.vocabulary import UNKNOWN
from nianbao.rules.wording import LONGEST, subject

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.model.form import Form
    from nianbao.prose.passages import Passage
    from nianbao.reading.findings import Place
    from nianbao.reading.numbers import Number
    from nianbao.rules.rule import Case
    from nianbao.rules.text.statements import Statement
    from nianbao.rules.text.units import Unit
    from nianbao.rules.text.vocabulary import Token

# Kinds of labels that divide a figure; parts of one kind do not overlap.
_DIMENSIONS = ("col", "group", "item", "channel", "category", "out")
_WHOLE = {"col": kinds_of_applicants, "group": groups_of_results}
# Words that begin something else than a further part.
_STOPS = frozenset({"row", "cmp", "year", "up", "down", "extra", "join", "period", "body", "to", "from", "sum"})
_FURTHER = ("共", "合计", "总计", "同时", "此外", "分别", "累计")
# One item may be published in several places.
_PLATFORMS = lazy_pattern("网站|微信|微博|公众号|新媒体|抖音|头条|客户端|公报|电视|报纸|平台|公示栏")
# 按街道分：, 来自各街道的分别为 and the like: all parts follow.
_DIVIDED = lazy_pattern("按[^，。；：]{1,8}(?:分|划分|统计|来看|看)$|分[^，。；：]{1,6}(?:看|统计)$|分(?:布|为)")
# 共6场 adds up the list before it.
_TOGETHER = frozenset({"共", "总共", "一共", "共有"})
_SUMMANDS = lazy_pattern("([两二三四五六])(?:项|者|类|个)")
_UNITS = frozenset("件起宗例份条项个次篇期场封元") | {"万元"}
_MONEY = frozenset({"元", "万元"})
_FEW, _MANY, _TENTH, _PAIR = 8, 3, 10, 2

State = Literal["kept", "wrong", "doubtful", ""]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """A figure and the sum of its *parts*.

    *state* is ``kept``, ``wrong``, or ``doubtful`` where parts may overlap or leave some out.
    *reckoned* tells that the sentence adds up in so many words.
    """

    passage: Passage
    words: str
    place: Place
    value: Number
    parts: tuple[Number, ...]
    unit: str
    state: State
    reckoned: bool = False

    @property
    def subject(self) -> str:
        """The page and the words, by which a waiver names this."""
        return subject(self.passage.page, self.words)

    @property
    def added(self) -> str:
        """The addition, written out."""
        return f"{'＋'.join(plain(part) for part in self.parts)}＝{plain(sum(self.parts))}"


def sums(case: Case, statement: Statement) -> Iterator[Sum]:
    """Yield the figures of which a sentence names parts."""
    units = statement.units
    position = 1
    while position < len(units):
        unit, before = units[position], units[position - 1]
        counted = [other.numeral for other in units[position : position + 2] if other.numeral is not None]
        divided = unit.numeral is not None and _divided(unit, before)
        if counted and ((unit.has("part") and before.numeral is not None) or divided):
            stops = _STOPS - {"body"} if divided else _STOPS
            parts, end = _parts(units, position, counted[0].unit, stops)
            if parts:
                yield from _judged(case, statement, position, parts, divided=divided)
            position = max(position, end)
        position += 1


def _divided(unit: Unit, before: Unit) -> bool:
    """Say whether *unit* begins a list of all parts: 共86件，按街道分：甲街道40件、…, or one behind a figure."""
    if before.numeral is None:
        return _DIVIDED.search(before.clause.text) is not None
    paid = unit.numeral is not None and unit.numeral.unit in _MONEY
    listed = len(unit.frame.siblings) > _PAIR - paid or unit.clause.mark == "："
    listed = listed and unit.frame.begins and unit.clause is not before.clause
    return listed and not any(unit.has(kind) for kind in _STOPS - {"body"}) and unit.claim is None


def additions(case: Case, statement: Statement) -> Iterator[Sum]:
    """Yield the figures that a sentence adds up in so many words: 收到71件，加上上年结转6件，共77件."""
    for position, unit in enumerate(statement.units[2:], 2):
        added = statement.units[position - 1]
        if unit.numeral is None or added.numeral is None:
            continue
        if _adds_up(unit, added):
            yield from _added(case, statement, position)
        elif (unit.has("sum") or unit.frame.written in _TOGETHER) and _plain_sum(unit):
            yield from _totalled(case, statement, position)


def _plain_sum(unit: Unit) -> bool:
    plainly = all(token.kind in {"fill", "noun", "sum", "all", "whole", "and"} for token in unit.frame.head)
    return plainly and unit.frame.begins and not unit.frame.note and not unit.frame.tail


def _adds_up(unit: Unit, added: Unit) -> bool:
    """Say whether a figure is the sum of those before, of which *added* is joined to the others."""
    words = unit.frame.written
    plainly = all(token.kind in {"fill", "noun", "row", "whole", "sum"} for token in unit.frame.head)
    plainly = plainly and not unit.frame.tail
    return added.has("join") and plainly and any(word in words for word in ("共", "合计", "总计"))


def _added(case: Case, statement: Statement, position: int) -> Iterator[Sum]:
    """Yield the sum at *position*; nothing where it may be that of only some of the figures before."""
    unit, parts = statement.units[position], _counted(statement.units, position)
    values = [part.numeral.value for part in parts if part.numeral is not None]
    if unit.numeral is None or not _addable(case, unit, parts):
        return
    kept = any(sum(values[start:]) == unit.numeral.value for start in range(len(values) - 1))
    certain = len(values) == _PAIR and parts[0] is statement.units[position - _PAIR]
    if kept or certain:
        yield _sum(statement, (parts[0], unit, unit), values, "kept" if kept else "wrong", reckoned=True)


def _totalled(case: Case, statement: Statement, position: int) -> Iterator[Sum]:
    """Yield a total behind its parts: 予以公开37件，部分公开11件，两项合计48件."""
    unit, added = statement.units[position], statement.units[position - 1]
    parts = _counted(statement.units, position)
    parts = parts if unit.frame.note else [part for part in parts if not part.frame.note]
    values = [part.numeral.value for part in parts if part.numeral is not None]
    if unit.numeral is None or not _addable(case, unit, parts):
        return
    named = _SUMMANDS.search(unit.frame.written)
    count = (chinese(named[1]) or 0) if named else 0
    if count > len(values):
        return
    if any(sum(values[start:]) == unit.numeral.value for start in range(len(values) - 1)):
        yield _sum(statement, (parts[0], unit, unit), values, "kept", reckoned=True)
    elif not unit.has("sum") and (parts[0].clause is not parts[-1].clause or parts[-1] is not added):
        return
    elif count or len(values) == len(_figures(statement.units[:position], note=unit.frame.note)):
        last = parts[-(count or len(parts)) :]
        summands = [part.numeral.value for part in last if part.numeral is not None]
        if count and any(part.claim and part.claim.year for part in last):
            return
        yield _sum(statement, (last[0], unit, unit), summands, "wrong" if count else "doubtful", reckoned=bool(count))


def _figures(units: Sequence[Unit], *, note: bool) -> list[Unit]:
    return [other for other in units if other.numeral is not None and (note or not other.frame.note)]


def _counted(units: Sequence[Unit], position: int) -> list[Unit]:
    """Return the figures before *position* that have its unit."""
    numeral = units[position].numeral
    found = [other for other in units[:position] if other.numeral is not None]
    return [other for other in found if other.numeral and numeral and other.numeral.unit == numeral.unit]


def _addable(case: Case, unit: Unit, parts: Sequence[Unit]) -> bool:
    """Say whether figures can be added up, and none of them is told by another rule."""
    if unit.numeral is None or unit.numeral.unit not in _UNITS or len(parts) < _PAIR:
        return False
    verdicts = [other.claim.agrees(case) if other.claim is not None else None for other in (unit, *parts)]
    return all(other.exact for other in (unit, *parts)) and False not in verdicts and not unit.elsewhere


def _parts(units: Sequence[Unit], start: int, counted: str, stops: frozenset[str]) -> tuple[list[Unit], int]:
    """Return the parts, all of one unit, that begin at *start*, and the place of the last; *stops* end them."""
    found: list[Unit] = []
    end = start
    for position in range(start, len(units)):
        unit, further = units[position], position > start
        note = unit.frame.note
        if note and not units[start].frame.note:
            continue
        if note != units[start].frame.note:
            break
        if unit.numeral is None:
            if further or any(token.kind not in {"part", "fill"} for token in unit.frame.head):
                break
        elif unit.numeral.unit == "%" and unit.has("share"):
            continue
        elif unit.frame.ahead("each") and not _each(unit):
            return [], position  # 甲、乙街道各3件: of how many is not known.
        elif _ends(unit, stops) or unit.numeral.unit != counted or not unit.exact or (found and unit.has("part")):
            break
        else:
            found.append(unit)
            end = position
    return found, end


def _value(unit: Unit) -> Number:
    """Return what a part adds: 企业、律师事务所各1件 are 2."""
    value = unit.numeral.value if unit.numeral is not None else 0
    return value * len(_each(unit)) if unit.frame.ahead("each") else value


def _each(unit: Unit) -> list[Token]:
    """Return the labels before 各."""
    return [token for token in unit.frame.head if token.kind in _DIMENSIONS]


def _ends(unit: Unit, stops: frozenset[str]) -> bool:
    """Say whether a figure is no further part, but something else that the sentence goes on to tell."""
    words, frame = unit.frame.written, unit.frame
    named = bool(words) or any(token.kind in _DIMENSIONS for token in frame.tail)
    if frame.ahead(UNKNOWN):
        stops -= {"row"}  # 垃圾处理类30件
    return not named or any(token.kind in stops for token in frame.head) or any(word in words for word in _FURTHER)


def _judged(case: Case, statement: Statement, start: int, parts: Sequence[Unit], *, divided: bool) -> Iterator[Sum]:
    """Yield what can be said of the parts that begin at *start*, by the figure that they are of."""
    values = [_value(unit) for unit in parts]
    base = _whole(statement.units[max(0, start - _FEW) : start], parts[0], sum(values))
    numeral = base.numeral if base is not None else None
    if base is None or numeral is None or not base.exact or numeral.unit not in _UNITS:
        return
    if any(unit.elsewhere for unit in (base, *parts)):
        return
    verdicts = [unit.claim.agrees(case) if unit.claim is not None else None for unit in (base, *parts)]
    state = (
        _divided_state(numeral.value, values, parts)
        if divided
        else _state(case.report.form, numeral.value, values, parts)
    )
    # The rules for single figures tell what differs from the data; what agrees is as the data are.
    if not state or False in verdicts or (state != "kept" and None not in verdicts):
        return
    yield _sum(statement, (base, parts[-1], base), values, state)


def _sum(
    statement: Statement,
    span: tuple[Unit, Unit, Unit],
    values: Sequence[Number],
    state: State,
    *,
    reckoned: bool = False,
) -> Sum:
    """Return the sum of *values*; *span* are the first unit and the last, and the one with the whole."""
    first, last, whole = span
    passage, numeral = statement.passage, whole.numeral
    opening = first.frame.head[0] if first.frame.head else first.numeral
    begin = first.clause.offsets[opening.start if opening is not None else 0]
    end = last.clause.offsets[last.frame.span[2] - 1] + 1
    return Sum(
        passage=passage,
        words=passage.text[begin:end][:LONGEST],
        place=passage.place(whole.clause.offsets[numeral.start if numeral is not None else 0]),
        value=numeral.value if numeral is not None else 0,
        parts=tuple(values),
        unit=numeral.unit if numeral is not None else "",
        state=state,
        reckoned=reckoned,
    )


def _whole(units: Sequence[Unit], part: Unit, added: Number) -> Unit | None:
    """Return the figure that parts divide. 其中 may reach back to any figure of the sentence."""
    wholes = [unit for unit in units if _may_be_whole(unit, part)]
    fitting = [unit for unit in wholes if unit.numeral is not None and unit.numeral.value == added]
    if fitting or not wholes:
        return fitting[-1] if fitting else None
    larger = any(unit.numeral is not None and unit.numeral.value > added for unit in wholes[:-1])
    # 建议7件、提案9件，其中主办10件、协办6件: of all that a clause lists together.
    listed = [unit.numeral.value for unit in wholes if unit.numeral is not None and unit.clause == wholes[-1].clause]
    together = len(listed) > 1 and listed[-1] < added <= sum(listed)
    return None if larger or together else wholes[-1]


def _may_be_whole(unit: Unit, part: Unit) -> bool:
    """Say whether a figure counts the same as one of its parts, and no change or year before."""
    counts = unit.numeral is not None and part.numeral is not None and unit.numeral.unit == part.numeral.unit
    changed = any(unit.has(kind) for kind in ("cmp", "up", "down", "year"))
    return counts and not changed and not (unit.claim is not None and unit.claim.year)


def _divided_state(value: Number, values: Sequence[Number], parts: Sequence[Unit]) -> State:
    """Say how a list of parts stands to the figure before it."""
    if sum(values) == value:
        return "kept"
    announced = parts[0].clause.mark == "："
    alike = len({_dimension(unit) for unit in parts}) == 1 and (_listed(parts) or announced)
    left = value - sum(values)
    all_told = announced or left < 0 or _seem_all(left, value, values, parts[-1])
    return "doubtful" if alike and len(values) > 1 and all_told else ""


def _state(form: Form, value: Number, values: Sequence[Number], parts: Sequence[Unit]) -> State:
    """Say how parts stand to their figure, empty where nothing can be said."""
    added = sum(values)
    if added == value:
        return "kept"
    kinds = [_dimension(unit) for unit in parts]
    labels = {token.value for unit in parts for token in unit.frame.tokens if token.kind == kinds[0]}
    nested = any(is_within(label, other) for label in labels for other in labels if label != other)
    same = len(set(kinds)) == 1 and not nested
    # 予以公开153件、部分公开36件、其他答复189件: the last is whatever the others are not.
    same_but_last = same or (len(set(kinds[:-1])) == 1 and not kinds[-1] and not nested and _is_other(parts[-1]))
    if added > value:
        wrong = max(values) > value or (len(parts) > 1 and same and kinds[0])
        return "wrong" if wrong else "doubtful" if same_but_last and _listed(parts) else ""
    if same and kinds[0] in _WHOLE and _WHOLE[kinds[0]](form) <= labels:
        return "wrong"
    return "doubtful" if same_but_last and _seem_all(value - added, value, values, parts[-1]) else ""


def _listed(parts: Sequence[Unit]) -> bool:
    """Say whether parts stand in one list, and are no places where the same may be published."""
    together = all(unit.frame.siblings == parts[0].frame.siblings for unit in parts)
    if together and all(_dimension(unit) == "channel" for unit in parts):
        return True  # A request comes in one way: 通过网络平台提出76件.
    return together and not any(_PLATFORMS.search(unit.clause.text) for unit in parts)


def _seem_all(left: Number, value: Number, values: Sequence[Number], last: Unit) -> bool:
    """Say whether nothing seems left out: the last part is 其他, or next to nothing is left."""
    nearly = len(values) >= _MANY and left < min(values) and left * _TENTH <= value
    return nearly or (len(values) > 1 and _is_other(last))


def _is_other(part: Unit) -> bool:
    """Say whether a part is all that those before it leave over: 其他3件."""
    label = part.clause.text[part.frame.head[0].start :] if part.frame.head else ""
    return label.startswith(("其他", "其它", "其余"))


def _dimension(unit: Unit) -> str:
    kind = next((token.kind for token in unit.frame.tokens if token.kind in _DIMENSIONS), "")
    return "" if kind == "channel" and unit.numeral is not None and unit.numeral.unit != "件" else kind
