"""Sentences and clauses of a passage, with what stands in brackets set apart as notes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nianbao.prose.numerals import HALF_WIDTH
from nianbao.reading.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Container

# Stands for each character of a title or quotation: those are no statements of the report.
HIDDEN = "\ufffc"

_ONE_FORM = HALF_WIDTH | str.maketrans("();:?!", "（）；：？！")
_OPENS = re.compile("[《〈〔“‘「『]")
# Marks, blanks, and what may be a mark.
_MARK = re.compile(r"[，；：。？！（）,.\s]")
_TITLE = re.compile("《[^《》]*》|〈[^〈〉]*〉|〔[^〔〕]*〕")
_QUOTED = re.compile("“[^“”]*”|‘[^‘’]*’|「[^「」]*」|『[^『』]*』")
# A quotation that the form itself prints.
_PRINTED = re.compile("[“「]三安全一稳定[”」]")
_SENTENCE_END = "。？！"
_CLAUSE_END = "，；："
# A figure of its own behind a colon, which then parts nothing.
_FIGURE_ONLY = lazy_pattern(r" *[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?(?: *[件起宗例份条元%]| *[万亿]元)")
_ENUMERATOR = re.compile(r"[一二三四五六七八九十0-9]{1,3}")


@dataclass(frozen=True, slots=True)
class Clause:
    """Words between punctuation, without blanks. *offsets* tells where each character stands in the passage.

    *mark* is the punctuation before it, *notes* are the sentences of its brackets, *places* how many
    characters of the clause stand before each of them.
    """

    mark: str
    text: str
    offsets: tuple[int, ...]
    notes: tuple[tuple[Clause, ...], ...] = ()
    places: tuple[int, ...] = ()


def sentences(text: str, labels: Container[str] = ()) -> tuple[tuple[Clause, ...], ...]:
    """Return the clauses of each sentence of *text*; brackets become notes of the clause that they stand in.

    Quotations are hidden, but for *labels* of the form.
    """
    return _Splitter(_prepared(text, labels)).split()


def _prepared(text: str, labels: Container[str]) -> str:
    """Return *text* at its length with one form of each mark, and titles hidden."""

    def hidden(match: re.Match[str]) -> str:
        return f" {match[0][1:-1]} " if match[0][1:-1] in labels else HIDDEN * len(match[0])

    plain = text.translate(_ONE_FORM)
    if _OPENS.search(plain):
        plain = _PRINTED.sub(lambda match: f" {match[0][1:-1]} ", plain)
        for pattern in (_TITLE, _TITLE, _QUOTED):  # Titles may stand in titles.
            plain = pattern.sub(hidden, plain)
    return plain


def _meant(character: str, *, after: str, numeric: bool) -> str:
    """Return the mark that half-width punctuation stands for in Chinese, and what it is among digits."""
    if character == "：":
        return ":" if numeric else character
    if numeric:
        return character
    if character == ",":
        return "，"
    return "。" if after and not after.isascii() else character


@dataclass(slots=True)
class _Level:
    """What has been read outside brackets, or within one pair."""

    sentences: list[tuple[Clause, ...]] = field(default_factory=list)
    sentence: list[Clause] = field(default_factory=list)
    mark: str = ""
    notes: list[tuple[int, tuple[Clause, ...]]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)

    def add(self, words: str, start: int) -> None:
        self.words.append(words)
        self.offsets.extend(range(start, start + len(words)))

    def end_clause(self, mark: str) -> None:
        if self.words:
            places, notes = tuple(place for place, _ in self.notes), tuple(note for _, note in self.notes)
            self.sentence.append(Clause(self.mark, "".join(self.words), tuple(self.offsets), notes, places))
            self.words, self.offsets = [], []
        self.mark = mark
        self.notes = []

    def end_sentence(self) -> None:
        self.end_clause("")
        if self.sentence:
            self.sentences.append(tuple(self.sentence))
            self.sentence = []


class _Splitter:
    """Splits a text into sentences; brackets may be nested, and need not be paired."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._levels = [_Level()]

    def split(self) -> tuple[tuple[Clause, ...], ...]:
        text, start = self._text, 0
        for match in _MARK.finditer(text):
            if match.start() > start:
                self._levels[-1].add(text[start : match.start()], start)
            start = match.end()
            self._mark(match.start())
        if start < len(text):
            self._levels[-1].add(text[start:], start)
        while len(self._levels) > 1:
            self._close()
        self._levels[0].end_sentence()
        return tuple(self._levels[0].sentences)

    def _mark(self, at: int) -> None:
        """Go on behind the character *at* some place, which may be a mark."""
        text, level = self._text, self._levels[-1]
        mark = text[at]
        if mark in ",.：":
            if mark == "：" and _FIGURE_ONLY.match(text, at + 1):
                return  # 予以公开：37件
            numeric = text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()
            mark = _meant(mark, after=text[at - 1 : at], numeric=numeric)
        if mark in _SENTENCE_END:
            level.end_sentence()
        elif mark in _CLAUSE_END:
            level.end_clause(mark)
        elif mark == "（":
            self._levels.append(_Level())
        elif mark == "）":
            self._close()
        elif not mark.isspace():
            level.add(mark, at)

    def _close(self) -> None:
        if len(self._levels) == 1:
            self._levels[0].end_clause("，")
            return
        level = self._levels.pop()
        level.end_sentence()
        outer = self._levels[-1]
        if not level.sentences:
            return
        first = level.sentences[0]
        if len(level.sentences) == len(first) == 1 and _ENUMERATOR.fullmatch(first[0].text):
            outer.end_clause("，")  # （一） and the like begin something new.
            return
        outer.notes.extend((len(outer.offsets), sentence) for sentence in level.sentences)
