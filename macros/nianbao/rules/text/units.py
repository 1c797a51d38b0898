"""Figures with the words that belong to each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nianbao.rules.text.vocabulary import MEANINGFUL, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.prose.clauses import Clause
    from nianbao.prose.numerals import Numeral
    from nianbao.prose.passages import Passage
    from nianbao.rules.text.claims import Claim
    from nianbao.rules.text.vocabulary import Token, Vocabulary

# Kinds that do not change what a figure counts.
NEUTRAL = frozenset(
    {"fill", "and", "about", "whole", "self", "all", "part", "extra", "among", "join", "each", "resp", "some", "new"}
)
_LABELS = ("col", "group", "item", "topic", "doc", "row", "category")


@dataclass(slots=True)
class Unit:
    """A figure of a clause with the words before and after it, or a clause without a figure.

    *claim* is what it states of the data. *part* tells that it is one of the parts of a figure before,
    *note* that it stands in brackets, *elsewhere* that it is of another time or body. *labels* are
    words from elsewhere in the sentence, *sure* where they leave no doubt; *siblings* are the figures
    of the same clause.
    """

    clause: Clause
    head: tuple[Token, ...]
    numeral: Numeral | None
    tail: tuple[Token, ...]
    part: bool = False
    note: bool = False
    elsewhere: bool = False
    claim: Claim | None = None
    labels: tuple[Token, ...] = ()
    sure: bool = True
    siblings: tuple[Unit, ...] = ()

    @property
    def tokens(self) -> tuple[Token, ...]:
        """All words beside the figure."""
        return (*self.head, *self.tail)

    def has(self, kind: str) -> bool:
        """Say whether a word of a kind stands beside the figure."""
        return any(token.kind == kind for token in self.tokens)

    @property
    def topics(self) -> tuple[str, ...]:
        """What cases are called beside the figure."""
        return tuple(dict.fromkeys(token.value for token in self.tokens if token.kind == "topic"))

    @property
    def position(self) -> int:
        """The place of the figure among those of its clause."""
        return next(index for index, sibling in enumerate(self.siblings) if sibling is self)

    @property
    def span(self) -> tuple[int, int, int, int]:
        """Where its words begin, where its figure begins and ends, and where its words end, in the clause."""
        kinds = MEANINGFUL | {"neg", "all", "year", "about"}
        if self.has("fee"):
            kinds = frozenset({"fee", "take", "neg"})
        weighty = [token for token in self.head if token.kind in kinds]
        if self.numeral is None:
            return weighty[0].start, weighty[0].start, self.head[-1].end, self.head[-1].end
        at, until = self.numeral.start, self.numeral.end
        told = any(token.kind in MEANINGFUL for token in self.head)
        adding = {"noun", "col", "topic", "doc", "info"} if told else MEANINGFUL
        behind = [token.end for token in self.tail if token.kind in adding]
        first = self.head[0].start if self.head and not weighty and not behind else at
        return min([*(token.start for token in weighty), first]), at, until, max([until, *behind])

    def words(self) -> list[Token]:
        """Return the words that tell what the figure is of: those before it, and behind it what adds to them."""
        head = meaningful(self.labels or self.head)
        tail = meaningful(self.tail)
        if not head:
            return tail
        kinds = {token.kind for token in head}
        adding: set[str] = set()
        if kinds <= {"row", "noun", "col", "about"}:
            adding = {"noun", "col", "topic"} - (kinds & {"col"})
        elif kinds <= {"topic", "about", "noun"}:
            whole = any(token.kind == "all" for token in self.tail)  # 行政诉讼3件全部胜诉
            adding = {"topic"} if whole else {"topic", "out"}
        elif kinds <= {"act", "publish", "decide", "site"}:
            adding = {"doc", "info"}
        return [*head, *(token for token in tail if token.kind in adding), *self._inherited(kinds)]

    def _inherited(self, kinds: set[str]) -> list[Token]:
        """Return the act that an enumeration leaves out: 制发规章0件、行政规范性文件2件."""
        if "doc" not in kinds or "act" in kinds:
            return []
        ahead = self.siblings[: self.position]
        return [token for sibling in ahead for token in sibling.head if token.kind == "act"][-1:]


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of a *passage* as units, in order; *about* tells that its cases are over disclosure."""

    passage: Passage
    units: tuple[Unit, ...]
    about: bool


def meaningful(tokens: Sequence[Token]) -> list[Token]:
    """Return the words that say what a figure is of."""
    return [token for token in tokens if token.kind in MEANINGFUL]


def split(clause: Clause, tokens: Sequence[Token], labels: Sequence[Token], *, note: bool) -> tuple[Unit, ...]:
    """Return the figures of a clause with the words that belong to each; *labels* stand before the clause."""
    units: list[Unit] = []
    words: list[Token] = []
    closed = False
    for token in tokens:
        if token.numeral is not None:
            units.append(Unit(clause, tuple(words), token.numeral, (), note=note))
            words, closed = [], False
        elif units and not closed and token.kind in {"and", "among"}:
            units[-1].tail = (*words, token) if token.kind == "among" else tuple(words)
            words, closed = [], True
        else:
            words.append(token)
    if units and words:
        last = units[-1]
        # What is joined to a figure without one of its own is counted with it.
        joined = closed and not last.tail and any(word.kind not in NEUTRAL for word in words)
        last.tail = (*last.tail, *([replace(words[0], kind=UNKNOWN)] if joined else ()), *words)
    if len(units) > 1:
        _respectively(units, labels)
    siblings = tuple(units)
    for unit in units:
        unit.siblings = siblings
    return siblings


def _respectively(units: Sequence[Unit], before: Sequence[Token]) -> None:
    """Give each figure its own label: 予以公开和部分公开分别为22件、5件."""
    head = units[0].head
    if not any(token.kind == "resp" for token in head):
        return
    if any(token.kind not in NEUTRAL for unit in units[1:] for token in unit.head):
        return
    for source in (head, before):
        for kind in _LABELS:
            labels = [token for token in source if token.kind == kind]
            if len(labels) != len(units):
                continue
            here = source is head
            others = tuple(token for token in source if token.kind != kind) if here else ()
            sure = here or all(token.kind in MEANINGFUL | NEUTRAL for token in source)
            for unit, label in zip(units, labels, strict=True):
                unit.labels, unit.sure = (*others, label), sure
            return


def limit(clause: Clause, vocabulary: Vocabulary) -> str:
    """Return what brackets do to the figures before them.

    ``carried`` adds what was carried in, ``void`` changes what is counted.
    """
    found = ""
    for sentence in clause.notes:
        tokens = vocabulary.tokens(sentence[0].text)
        part = tokens[0].kind == "part"
        if part and any(token.value == "carried_in" for token in tokens):
            return "carried"
        odd = part and any(token.kind in {UNKNOWN, "foreign", "body"} for token in tokens)
        if odd or tokens[0].kind == "rest" or sentence[0].text[0] in "仅未不按剔":
            found = "void"
    return found
