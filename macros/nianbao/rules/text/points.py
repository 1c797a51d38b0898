"""Numbers of points with the lists that follow: 做了以下三项工作：, 主要问题有两个：一是……二是……."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from nianbao.prose.numerals import TO_TEN, numerals
from nianbao.reading.patterns import lazy_pattern
from nianbao.rules.text.statements import statements
from nianbao.rules.wording import LONGEST, subject

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.prose.passages import PageText, Passage
    from nianbao.reading.findings import Place
    from nianbao.reading.numbers import Number
    from nianbao.rules.rule import Case
    from nianbao.rules.text.statements import Statement

_STATED = lazy_pattern(r"(?:个方面|方面|大类|个|点|项|条|类|种)[^，。；：！？]{0,12}(?:如下)?[：。]$")
_UNDER = lazy_pattern(r"(?:以下|下列|如下)(?:的)?$")
_ITEM = lazy_pattern(r"[ ]{0,3}(?:[0-9]{1,3}[.)]|[-*+])[ \t]+$")
_ORDINAL = lazy_pattern(rf"(?:^|[，。；：、])([{TO_TEN}])是")
_POINTS = lazy_pattern(r"(?:个方面|方面|个|点|项|条|类|种)[^，。；：！？]{0,12}：")


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
        return subject(self.passage.page, self.words)


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
            # Not asked of items, of which each would count all behind it.
            items = _items(page, position + 1) if passage.kind != "li" else 0
            if items:
                before = told.get(id(reported[position - 1]), []) if position else []
                yield from _announced(passage, before, items)
            yield from _numbered(reported, position)


def _items(page: PageText, start: int) -> int:
    """Return how many items of the list that begins at *start* stand at its outer level."""
    found = 0
    for passage in islice(page.reported, start, None):
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
    if not _POINTS.search(passage.text):
        return
    for numeral in numerals(passage.text):
        match = _POINTS.match(passage.text, numeral.end - len(numeral.unit)) if numeral.unit else None
        if match is None or not numeral.exact:
            continue
        rest = "：" + passage.text[match.end() :]
        for further in reported[position + 1 : position + 1 + len(TO_TEN)]:
            if further.level or not _ORDINAL.match(further.text):
                break
            rest += f"。{further.text}"
        follow = 0
        for ordinal in _ORDINAL.finditer(rest):
            if TO_TEN.index(ordinal[1]) != follow:
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
    return passage.text[begin:end][:LONGEST]
