"""Figures with their parts (共9条，其中…), and numbers of points with the lists that follow."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from macros.model.report import plain
from macros.prose.numerals import numerals

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from macros.prose.passages import PageText, Passage
    from macros.reading.findings import Place
    from macros.reading.numbers import Number
    from macros.rules.rule import Case
    from macros.rules.units import Statement, Unit

# Kinds of labels that divide a figure; parts of one kind do not overlap.
_DIMENSIONS = ("col", "group", "item", "channel", "category", "out")
_WHOLE = {
    "col": frozenset({"natural_person", "organizations"}),
    "group": frozenset({"granted", "partly_granted", "refused", "unavailable", "not_processed", "otherwise"}),
}
_NESTED = "organizations."
# Words that begin something else than a further part.
_STOPS = frozenset({"row", "cmp", "year", "up", "down", "extra", "join", "rest", "period", "body", "to", "from"})
_FURTHER = ("共", "合计", "总计", "同时", "此外", "分别", "累计")
# One item may be published in several places.
_PLATFORMS = re.compile("网站|微信|微博|公众号|新媒体|抖音|头条|客户端|公报|电视|报纸|平台|公示栏")
_UNITS = frozenset("件起宗例份条项个次篇期场封")
_LONGEST = 40
_FEW, _MANY, _TENTH = 8, 3, 10

_STATED = re.compile(r"(?:个方面|方面|大类|个|点|项|条|类|种)[^，。；：！？]{0,12}(?:如下)?[：。]$")
_UNDER = re.compile(r"(?:以下|下列|如下)(?:的)?$")
_ITEM = re.compile(r"[ ]{0,3}(?:[0-9]{1,3}[.)]|[-*+])[ \t]+$")
_ORDINALS = "一二三四五六七八九十"
_ORDINAL = re.compile(rf"(?:^|[，。；：、])([{_ORDINALS}])是")
_POINTS = re.compile(r"(?:个方面|方面|个|点|项|条|类|种)[^，。；：！？]{0,12}：")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """A figure and the sum of its *parts*. *state* is ``kept``, ``wrong``, or ``doubtful`` where parts may overlap or leave some out."""

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
    for statement in case.statements:
        units = statement.units
        position = 1
        while position < len(units):
            ahead = any(unit.numeral is not None for unit in units[position : position + 2])
            if units[position].has("part") and units[position - 1].numeral is not None and ahead:
                parts, position = _parts(units, position)
                found = _judged(case, statement, units, parts)
                if found is not None:
                    yield found
            position += 1


def _parts(units: Sequence[Unit], start: int) -> tuple[list[int], int]:
    """Return the places of the parts that begin at *start*, and where they end."""
    base = next(unit.numeral for unit in units[start:] if unit.numeral is not None)
    found: list[int] = []
    position = start
    while position < len(units):
        unit = units[position]
        if unit.note != units[start].note:
            if units[start].note:
                break
            position += 1
            continue
        if unit.numeral is None:
            if position > start or any(token.kind not in {"part", "fill"} for token in unit.head):
                break
        elif unit.numeral.unit == "%" and unit.has("share"):
            pass
        elif (
            _ends(unit)
            or unit.numeral.unit != base.unit
            or not unit.numeral.exact
            or (position > start and unit.has("part"))
        ):
            break
        else:
            found.append(position)
        position += 1
    return found, max(start, position - 1)


def _ends(unit: Unit) -> bool:
    words = unit.clause.text[unit.head[0].start : unit.head[-1].end] if unit.head else ""
    plainly = all(token.kind not in _STOPS - {"rest"} for token in unit.head)
    named = bool(words) or any(token.kind in _DIMENSIONS for token in unit.tail)
    return not plainly or not named or any(word in words for word in _FURTHER)


def _judged(case: Case, statement: Statement, units: Sequence[Unit], places: Sequence[int]) -> Sum | None:
    if not places:
        return None
    first = places[0] if units[places[0]].has("part") else places[0] - 1
    parts = [units[place] for place in places]
    wholes = [unit for unit in units[max(0, first - _FEW) : first] if _may_be_whole(unit, parts[0])]
    if not wholes or wholes[-1].claim is not None and wholes[-1].claim.past:
        return None
    added = sum(unit.numeral.value for unit in parts if unit.numeral is not None)
    # 其中 may reach back to any figure of the sentence.
    fitting = [unit for unit in wholes if unit.numeral is not None and unit.numeral.value == added]
    base = (fitting or wholes)[-1]
    if not fitting and any(unit.numeral is not None and unit.numeral.value > added for unit in wholes[:-1]):
        return None
    numeral = base.numeral
    if (
        numeral is None
        or not numeral.exact
        or numeral.unit not in _UNITS
        or any(unit.elsewhere for unit in (base, *parts))
    ):
        return None
    values = tuple(unit.numeral.value for unit in parts if unit.numeral is not None)
    agreed = [unit.claim.agrees(case) if unit.claim is not None else None for unit in (base, *parts)]
    if False in agreed:
        return None  # the rules for single figures tell
    state = _state(numeral.value, values, parts)
    if state != "kept" and None not in agreed:
        return None  # the data say so
    if not state:
        return None
    start, last = base.clause.offsets[(base.head[0] if base.head else numeral).start], parts[-1]
    assert last.numeral is not None
    words = statement.passage.text[start : last.clause.offsets[last.numeral.end - 1] + 1][:_LONGEST]
    place = statement.passage.place(base.clause.offsets[numeral.start])
    return Sum(
        passage=statement.passage,
        words=words,
        place=place,
        value=numeral.value,
        parts=values,
        unit=numeral.unit,
        state=state,
    )


def _may_be_whole(unit: Unit, part: Unit) -> bool:
    """Say whether a figure counts the same as one of its parts, and no change or year before."""
    told = unit.numeral is not None and part.numeral is not None and unit.numeral.unit == part.numeral.unit
    return (
        told
        and not any(unit.has(kind) for kind in ("cmp", "up", "down", "year"))
        and not (unit.claim and unit.claim.past)
    )


def _state(value: Number, values: tuple[Number, ...], parts: Sequence[Unit]) -> str:
    """Say how parts stand to their figure, empty where nothing can be said."""
    added = sum(values)
    if added == value:
        return "kept"
    kinds = [_dimension(unit) for unit in parts]
    labels = {token.value for unit in parts for token in unit.tokens if token.kind == kinds[0]}
    same = len(set(kinds)) == 1 and not (_NESTED[:-1] in labels and any(label.startswith(_NESTED) for label in labels))
    listed = all(unit.siblings is parts[0].siblings for unit in parts)
    if added > value:
        if max(values) > value or (len(parts) > 1 and same and kinds[0]):
            return "wrong"
        published = any(_PLATFORMS.search(unit.clause.text) for unit in parts)
        return "doubtful" if listed and same and not published else ""
    if same and kinds[0] in _WHOLE and _WHOLE[kinds[0]] <= labels:
        return "wrong"
    last = parts[-1].clause.text[parts[-1].head[0].start :] if parts[-1].head else ""
    left = value - added
    nearly = len(parts) >= _MANY and left < min(values) and left * _TENTH <= value
    closing = len(parts) > 1 and last.startswith(("其他", "其它", "其余"))
    return "doubtful" if same and (closing or nearly) else ""


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
    for statement in case.statements:
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
