"""Sentences and clauses of a passage, with what stands in brackets set apart as notes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nianbao.prose.numerals import HALF_WIDTH
from nianbao.reading.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

# Stands for each character of a title or quotation: those are no statements of the report.
HIDDEN = "\ufffc"

_PUNCTUATION = str.maketrans("();:?!", "（）；：？！")
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
    return tuple(_Splitter().split(_prepared(text, labels)))


def _prepared(text: str, labels: Container[str]) -> Iterator[tuple[int, str]]:
    """Yield offset and character of all that counts: no blanks, one form of each mark, titles hidden."""

    def hidden(match: re.Match[str]) -> str:
        return f" {match[0][1:-1]} " if match[0][1:-1] in labels else HIDDEN * len(match[0])

    plain = text.translate(HALF_WIDTH).translate(_PUNCTUATION)
    plain = _PRINTED.sub(lambda match: f" {match[0][1:-1]} ", plain)
    for pattern in (_TITLE, _TITLE, _QUOTED):  # Titles may stand in titles.
        plain = pattern.sub(hidden, plain)
    for index, character in enumerate(plain):
        if character == "：" and _FIGURE_ONLY.match(plain, index + 1):
            continue  # 予以公开：37件
        if character in ",.：":
            numeric = plain[index - 1 : index].isdigit() and plain[index + 1 : index + 2].isdigit()
            yield index, _meant(character, after=plain[index - 1 : index], numeric=numeric)
        elif not character.isspace():
            yield index, character


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
    characters: list[tuple[int, str]] = field(default_factory=list)

    def end_clause(self, mark: str) -> None:
        if self.characters:
            text = "".join(character for _, character in self.characters)
            offsets = tuple(offset for offset, _ in self.characters)
            places, notes = tuple(place for place, _ in self.notes), tuple(note for _, note in self.notes)
            self.sentence.append(Clause(self.mark, text, offsets, notes, places))
        self.mark = mark
        self.characters, self.notes = [], []

    def end_sentence(self) -> None:
        self.end_clause("")
        if self.sentence:
            self.sentences.append(tuple(self.sentence))
            self.sentence = []


class _Splitter:
    """Splits characters into sentences; brackets may be nested, and need not be paired."""

    def __init__(self) -> None:
        self._levels = [_Level()]

    def split(self, characters: Iterator[tuple[int, str]]) -> list[tuple[Clause, ...]]:
        for offset, character in characters:
            level = self._levels[-1]
            if character in _SENTENCE_END:
                level.end_sentence()
            elif character in _CLAUSE_END:
                level.end_clause(character)
            elif character == "（":
                self._levels.append(_Level())
            elif character == "）":
                self._close()
            else:
                level.characters.append((offset, character))
        while len(self._levels) > 1:
            self._close()
        self._levels[0].end_sentence()
        return self._levels[0].sentences

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
        outer.notes.extend((len(outer.characters), sentence) for sentence in level.sentences)
