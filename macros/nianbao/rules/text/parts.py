"""Figures with their parts (共9条，其中…), and numbers of points with the lists that follow."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.model.report import plain
from nianbao.prose.numerals import numerals
from nianbao.rules.text.statements import statements

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.prose.passages import PageText, Passage
    from nianbao.reading.findings import Place
    from nianbao.reading.numbers import Number
    from nianbao.rules.rule import Case
    from nianbao.rules.text.units import Statement, Unit

# Kinds of labels that divide a figure; parts of one kind do not overlap.
_DIMENSIONS = ("col", "group", "item", "channel", "category", "out")
_WHOLE = {
    "col": frozenset({"natural_person", "organizations"}),
    "group": frozenset({"granted", "partly_granted", "refused", "unavailable", "not_processed", "otherwise"}),
}
_NESTED = "organizations."
# Words that begin something else than a further part.
_STOPS = frozenset({"row", "cmp", "year", "up", "down", "extra", "join", "period", "body", "to", "from"})
_FURTHER = ("共", "合计", "总计", "同时", "此外", "分别", "累计")
# One item may be published in several places.
_PLATFORMS = re.compile("网站|微信|微博|公众号|新媒体|抖音|头条|客户端|公报|电视|报纸|平台|公示栏")
_UNITS = frozenset("件起宗例份条项个次篇期场封")
_LONGEST = 40
_FEW, _MANY, _TENTH, _PAIR = 8, 3, 10, 2

_STATED = re.compile(r"(?:个方面|方面|大类|个|点|项|条|类|种)[^，。；：！？]{0,12}(?:如下)?[：。]$")
_UNDER = re.compile(r"(?:以下|下列|如下)(?:的)?$")
_ITEM = re.compile(r"[ ]{0,3}(?:[0-9]{1,3}[.)]|[-*+])[ \t]+$")
_ORDINALS = "一二三四五六七八九十"
_ORDINAL = re.compile(rf"(?:^|[，。；：、])([{_ORDINALS}])是")
_POINTS = re.compile(r"(?:个方面|方面|个|点|项|条|类|种)[^，。；：！？]{0,12}：")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """A figure and the sum of its *parts*.

    *state* is ``kept``, ``wrong``, or ``doubtful`` where parts may overlap or leave some out.
    """

    passage: Passage
    words: str
    place: Place
    value: Number
    parts: tuple[Number, ...]
    unit: str
    state: str

    @property
    def subject(self) -> str:
        """The page and the words, by which a waiver names this."""
        return f"{self.passage.page.name}：{self.words}"

    @property
    def added(self) -> str:
        """The addition, written out."""
        return f"{'＋'.join(plain(part) for part in self.parts)}＝{plain(sum(self.parts))}"


def sums(case: Case) -> Iterator[Sum]:
    """Yield the figures of which the same sentence names parts."""
    for statement in statements(case):
        units = statement.units
        position = 1
        while position < len(units):
            counted = [unit.numeral for unit in units[position : position + 2] if unit.numeral is not None]
            if units[position].has("part") and units[position - 1].numeral is not None and counted:
                parts, end = _parts(units, position, counted[0].unit)
                found = _judged(case, statement, position, parts) if parts else None
                if found is not None:
                    yield found
                position = max(position, end)
            position += 1


def additions(case: Case) -> Iterator[Sum]:
    """Yield the figures that a sentence adds up in so many words: 收到71件，加上上年结转6件，共77件."""
    for statement in statements(case):
        for position, unit in enumerate(statement.units[2:], 2):
            added = statement.units[position - 1]
            if unit.numeral is not None and added.numeral is not None and _adds_up(unit, added):
                found = _added(case, statement, position)
                if found is not None:
                    yield found


def _adds_up(unit: Unit, added: Unit) -> bool:
    """Say whether a figure is the sum of those before, of which *added* is joined to the others."""
    words = unit.clause.text[unit.head[0].start : unit.head[-1].end] if unit.head else ""
    plainly = all(token.kind in {"fill", "noun", "row", "whole"} for token in unit.head) and not unit.tail
    return added.has("join") and plainly and any(word in words for word in ("共", "合计", "总计"))


def _added(case: Case, statement: Statement, position: int) -> Sum | None:
    """Return the sum at *position*; nothing where it may be that of only some of the figures before."""
    unit, counted = statement.units[position], statement.units[:position]
    numeral = unit.numeral
    parts = [other for other in counted if other.numeral is not None and numeral and other.numeral.unit == numeral.unit]
    values = tuple(other.numeral.value for other in parts if other.numeral is not None)
    exact = all(other.numeral is not None and other.numeral.exact for other in (unit, *parts))
    if numeral is None or not exact or numeral.unit not in _UNITS or len(values) < _PAIR:
        return None
    kept = any(sum(values[start:]) == numeral.value for start in range(len(values) - 1))
    certain = len(values) == _PAIR and parts[0] is statement.units[position - _PAIR]
    agreed = [other.claim.agrees(case) if other.claim is not None else None for other in (unit, *parts)]
    if (not kept and not certain) or False in agreed or unit.elsewhere:
        return None
    begin = parts[0].clause.offsets[(parts[0].head[0] if parts[0].head else parts[0].numeral or numeral).start]
    end = unit.clause.offsets[numeral.end - 1] + 1
    return Sum(
        passage=statement.passage,
        words=statement.passage.text[begin:end][:_LONGEST],
        place=statement.passage.place(unit.clause.offsets[numeral.start]),
        value=numeral.value,
        parts=values,
        unit=numeral.unit,
        state="kept" if kept else "wrong",
    )


def _parts(units: Sequence[Unit], start: int, counted: str) -> tuple[list[Unit], int]:
    """Return the parts, all of one unit, that begin at *start*, and the place of the last."""
    found: list[Unit] = []
    end = start
    for position in range(start, len(units)):
        unit, further = units[position], position > start
        if unit.note and not units[start].note:
            continue
        if unit.note != units[start].note:
            break
        if unit.numeral is None:
            if further or any(token.kind not in {"part", "fill"} for token in unit.head):
                break
        elif unit.numeral.unit == "%" and unit.has("share"):
            continue
        elif _ends(unit) or unit.numeral.unit != counted or not unit.numeral.exact or (found and unit.has("part")):
            break
        else:
            found.append(unit)
            end = position
    return found, end


def _ends(unit: Unit) -> bool:
    """Say whether a figure is no further part, but something else that the sentence goes on to tell."""
    words = unit.clause.text[unit.head[0].start : unit.head[-1].end] if unit.head else ""
    named = bool(words) or any(token.kind in _DIMENSIONS for token in unit.tail)
    return not named or any(token.kind in _STOPS for token in unit.head) or any(word in words for word in _FURTHER)


def _judged(case: Case, statement: Statement, start: int, parts: Sequence[Unit]) -> Sum | None:
    """Return what can be said of the parts that begin at *start*, by the figure that they are of."""
    values = tuple(unit.numeral.value for unit in parts if unit.numeral is not None)
    base = _whole(statement.units[max(0, start - _FEW) : start], parts[0], sum(values))
    numeral = base.numeral if base is not None else None
    if base is None or numeral is None or not numeral.exact or numeral.unit not in _UNITS:
        return None
    if any(unit.elsewhere for unit in (base, *parts)):
        return None
    agreed = [unit.claim.agrees(case) if unit.claim is not None else None for unit in (base, *parts)]
    state = _state(numeral.value, values, parts)
    # The rules for single figures tell what differs from the data; what agrees is as the data are.
    if not state or False in agreed or (state != "kept" and None not in agreed):
        return None
    last = parts[-1]
    begin = base.clause.offsets[(base.head[0] if base.head else numeral).start]
    end = last.clause.offsets[last.span[2] - 1] + 1
    return Sum(
        passage=statement.passage,
        words=statement.passage.text[begin:end][:_LONGEST],
        place=statement.passage.place(base.clause.offsets[numeral.start]),
        value=numeral.value,
        parts=values,
        unit=numeral.unit,
        state=state,
    )


def _whole(units: Sequence[Unit], part: Unit, added: Number) -> Unit | None:
    """Return the figure that parts divide. 其中 may reach back to any figure of the sentence."""
    wholes = [unit for unit in units if _may_be_whole(unit, part)]
    fitting = [unit for unit in wholes if unit.numeral is not None and unit.numeral.value == added]
    if fitting or not wholes:
        return fitting[-1] if fitting else None
    larger = any(unit.numeral is not None and unit.numeral.value > added for unit in wholes[:-1])
    return None if larger else wholes[-1]


def _may_be_whole(unit: Unit, part: Unit) -> bool:
    """Say whether a figure counts the same as one of its parts, and no change or year before."""
    told = unit.numeral is not None and part.numeral is not None and unit.numeral.unit == part.numeral.unit
    changed = any(unit.has(kind) for kind in ("cmp", "up", "down", "year"))
    return told and not changed and not (unit.claim is not None and unit.claim.past)


def _state(value: Number, values: tuple[Number, ...], parts: Sequence[Unit]) -> str:
    """Say how parts stand to their figure, empty where nothing can be said."""
    added = sum(values)
    if added == value:
        return "kept"
    kinds = [_dimension(unit) for unit in parts]
    labels = {token.value for unit in parts for token in unit.tokens if token.kind == kinds[0]}
    nested = _NESTED[:-1] in labels and any(label.startswith(_NESTED) for label in labels)
    same = len(set(kinds)) == 1 and not nested
    if added > value:
        wrong = max(values) > value or (len(parts) > 1 and same and kinds[0])
        return "wrong" if wrong else "doubtful" if same and _listed(parts) else ""
    if same and kinds[0] in _WHOLE and _WHOLE[kinds[0]] <= labels:
        return "wrong"
    return "doubtful" if same and _seem_all(value - added, value, values, parts[-1]) else ""


def _listed(parts: Sequence[Unit]) -> bool:
    """Say whether parts stand in one list, and are no places where the same may be published."""
    together = all(unit.siblings is parts[0].siblings for unit in parts)
    return together and not any(_PLATFORMS.search(unit.clause.text) for unit in parts)


def _seem_all(left: Number, value: Number, values: tuple[Number, ...], last: Unit) -> bool:
    """Say whether nothing seems left out: the last part is 其他, or next to nothing is left."""
    label = last.clause.text[last.head[0].start :] if last.head else ""
    nearly = len(values) >= _MANY and left < min(values) and left * _TENTH <= value
    return nearly or (len(values) > 1 and label.startswith(("其他", "其它", "其余")))


def _dimension(unit: Unit) -> str:
    kind = next((token.kind for token in unit.tokens if token.kind in _DIMENSIONS), "")
    return "" if kind == "channel" and unit.numeral is not None and unit.numeral.unit != "件" else kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A number of points that a *passage* announces, and how many *follow*."""

    passage: Passage
    words: str
    place: Place
    value: Number
    follow: int

    @property
    def subject(self) -> str:
        """The page and the words, by which a waiver names this."""
        return f"{self.passage.page.name}：{self.words}"


def counts(case: Case) -> Iterator[Count]:
    """Yield the numbers of points that lists follow: 做了以下三项工作：, 主要问题有两个：一是……二是……."""
    told: dict[int, list[Statement]] = {}
    for statement in statements(case):
        told.setdefault(id(statement.passage), []).append(statement)
    for page in case.pages or ():
        reported = page.reported
        for position, passage in enumerate(reported):
            if passage.level or passage.kind == "td":
                continue
            items = _items(page, position + 1)
            if items and passage.kind != "li":
                before = told.get(id(reported[position - 1]), []) if position else []
                yield from _announced(passage, before, items)
            yield from _numbered(reported, position)


def _items(page: PageText, start: int) -> int:
    """Return how many items of the list that begins at *start* stand at its outer level."""
    found = 0
    for passage in page.reported[start:]:
        if passage.kind != "li":
            break
        offset = passage.offsets[0]
        line = page.page.source[page.page.source.rfind("\n", 0, offset) + 1 : offset]
        found += _ITEM.fullmatch(line) is not None
    return found


def _announced(passage: Passage, before: Sequence[Statement], items: int) -> Iterator[Count]:
    tail = passage.text.rstrip()
    found = None
    for numeral in numerals(tail):
        rest = tail[numeral.end - len(numeral.unit) :]
        if numeral.exact and (
            _STATED.match(rest) and ("：" in rest or "如下" in rest or _UNDER.search(tail[: numeral.start]))
        ):
            found = numeral
    if found is not None:
        words = _words(passage, found.start, len(passage.text))
        yield Count(passage=passage, words=words, place=passage.place(found.start), value=found.value, follow=items)
    elif re.search("如下[：。]$", tail):
        # 公开9条。 公开的信息如下。 The paragraph before names the number.
        claims = (unit.claim for statement in before for unit in statement.units if unit.claim is not None)
        items_told = next((claim for claim in claims if claim.quantity.call == "items" and claim.numeral), None)
        if items_told is not None:
            told = items_told
            yield Count(passage=told.passage, words=told.words, place=told.place, value=told.value, follow=items)


def _numbered(reported: Sequence[Passage], position: int) -> Iterator[Count]:
    """Yield a number of points with those that 一是, 二是 begin behind it, also in further paragraphs."""
    passage = reported[position]
    for numeral in numerals(passage.text):
        match = _POINTS.match(passage.text, numeral.end - len(numeral.unit)) if numeral.unit else None
        if match is None or not numeral.exact:
            continue
        rest = "：" + passage.text[match.end() :]
        for further in reported[position + 1 : position + 1 + len(_ORDINALS)]:
            if further.level or not _ORDINAL.match(further.text):
                break
            rest += f"。{further.text}"
        follow = 0
        for ordinal in _ORDINAL.finditer(rest):
            if _ORDINALS.index(ordinal[1]) != follow:
                break
            follow += 1
        if follow:
            words = _words(passage, numeral.start, match.end())
            yield Count(
                passage=passage, words=words, place=passage.place(numeral.start), value=numeral.value, follow=follow
            )
        return


def _words(passage: Passage, start: int, end: int) -> str:
    """Return the words around a number, from the beginning of their clause."""
    begin = max(passage.text.rfind(mark, 0, start) for mark in "，。；：") + 1
    return passage.text[begin:end][:_LONGEST]
