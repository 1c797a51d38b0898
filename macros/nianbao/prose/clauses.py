"""Sentences and clauses of a passage, with what stands in brackets set apart as notes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nianbao.prose.numerals import HALF_WIDTH

if TYPE_CHECKING:
    from collections.abc import Iterator

# Stands for each character of a title or quotation: those are no statements of the report.
HIDDEN = "\ufffc"

_PUNCTUATION = str.maketrans("();:?!", "（）；：？！")
_TITLE = re.compile("《[^《》]*》|〈[^〈〉]*〉|〔[^〔〕]*〕")
_QUOTED = re.compile("“[^“”]*”|‘[^‘’]*’|「[^「」]*」|『[^『』]*』")
# A quotation that the form itself prints.
_PRINTED = re.compile("[“「]三安全一稳定[”」]")
_SENTENCE_END = "。？！"
_CLAUSE_END = "，；："
_ENUMERATOR = re.compile(r"[一二三四五六七八九十0-9]{1,3}")


@dataclass(slots=True)
class Clause:
    """Words between punctuation, without blanks. *offsets* tells where each character stands in the passage.

    *mark* is the punctuation before it, *notes* are the sentences of the brackets that follow some of its words.
    """

    mark: str = ""
    text: str = ""
    offsets: tuple[int, ...] = ()
    notes: list[tuple[Clause, ...]] = field(default_factory=list)


def sentences(text: str) -> tuple[tuple[Clause, ...], ...]:
    """Return the clauses of each sentence of *text*; brackets become notes of the clause that they stand in."""
    return tuple(_Splitter().split(_prepared(text)))


def _prepared(text: str) -> Iterator[tuple[int, str]]:
    """Yield offset and character of all that counts: no blanks, one form of each mark, titles hidden."""
    plain = text.translate(HALF_WIDTH).translate(_PUNCTUATION)
    plain = _PRINTED.sub(lambda match: f" {match[0][1:-1]} ", plain)
    for pattern in (_TITLE, _TITLE, _QUOTED):  # Titles may stand in titles.
        plain = pattern.sub(lambda match: HIDDEN * len(match[0]), plain)
    for index, character in enumerate(plain):
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
class _Frame:
    """What has been read outside brackets, or within one pair."""

    sentences: list[tuple[Clause, ...]] = field(default_factory=list)
    sentence: list[Clause] = field(default_factory=list)
    clause: Clause = field(default_factory=Clause)
    characters: list[tuple[int, str]] = field(default_factory=list)

    def end_clause(self, mark: str) -> None:
        if self.characters:
            self.clause.text = "".join(character for _, character in self.characters)
            self.clause.offsets = tuple(offset for offset, _ in self.characters)
            self.sentence.append(self.clause)
        self.clause = Clause(mark=mark)
        self.characters = []

    def end_sentence(self) -> None:
        self.end_clause("")
        if self.sentence:
            self.sentences.append(tuple(self.sentence))
            self.sentence = []


class _Splitter:
    """Splits characters into sentences; brackets may be nested, and need not be paired."""

    def __init__(self) -> None:
        self._frames = [_Frame()]

    def split(self, characters: Iterator[tuple[int, str]]) -> list[tuple[Clause, ...]]:
        for offset, character in characters:
            frame = self._frames[-1]
            if character in _SENTENCE_END:
                frame.end_sentence()
            elif character in _CLAUSE_END:
                frame.end_clause(character)
            elif character == "（":
                self._frames.append(_Frame())
            elif character == "）":
                self._close()
            else:
                frame.characters.append((offset, character))
        while len(self._frames) > 1:
            self._close()
        self._frames[0].end_sentence()
        return self._frames[0].sentences

    def _close(self) -> None:
        if len(self._frames) == 1:
            self._frames[0].end_clause("，")
            return
        frame = self._frames.pop()
        frame.end_sentence()
        outer = self._frames[-1]
        if not frame.sentences:
            return
        first = frame.sentences[0]
        if len(frame.sentences) == len(first) == 1 and _ENUMERATOR.fullmatch(first[0].text):
            outer.end_clause("，")  # （一） and the like begin something new.
            return
        outer.clause.notes.extend(frame.sentences)
