"""Pass 2: the figures of a sentence as frames, each with the words that belong to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from nianbao.prose.numerals import numerals
from nianbao.reading.patterns import lazy_pattern
from nianbao.rules.text.vocabulary import MEANINGFUL, NEUTRAL, QUOTED, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.prose.clauses import Clause
    from nianbao.prose.numerals import Numeral
    from nianbao.rules.text.vocabulary import Token, Vocabulary

Words = tuple["Token", ...]
# Words before a figure, the figure, and words behind it; a clause without a figure has only the first.
Piece = tuple[Words, "Numeral | None", Words]

_LABELS = ("col", "group", "item", "out", "rate", "topic", "doc", "row", "category")
# A clause with more figures is no sentence, and no word reaches back over more words.
MOST = 20
# What a count in brackets is counted in, and words that have a figure already.
_CASES = frozenset("件起宗")
_COUNTED_BEFORE = lazy_pattern("^$|(?:[0-9%]|[〇零一二两三四五六七八九十百千万][件起宗例])[^、和与及]*$")
# Brackets that begin so leave some of the cases out.
_LEFT_OUT = "仅未不按剔"


class Frame(NamedTuple):
    """A figure of a *clause* with the words before and after it, or a clause without a figure.

    *words* are those of the whole clause, *siblings* the numbers within the sentence of the frames with
    its figures. *labels* are words from elsewhere in the sentence that name the figure, *sure* where
    they leave no doubt; *before* are the words since the figure before. A *note* stands in brackets,
    behind the frame numbered *noted*; *bound* tells what brackets do to the figure itself:
    ``carried`` adds what was carried in, ``void`` changes what is counted.
    """

    clause: Clause
    head: Words
    numeral: Numeral | None
    tail: Words
    words: Words
    siblings: tuple[int, ...] = ()
    number: int = 0
    labels: Words = ()
    sure: bool = True
    before: Words = ()
    note: bool = False
    noted: int = -1
    bound: str = ""

    @property
    def tokens(self) -> Words:
        """All words beside the figure."""
        return (*self.head, *self.tail)

    def has(self, *kinds: str) -> bool:
        """Say whether a word of one of *kinds* stands beside the figure."""
        return self.ahead(*kinds) or (bool(self.tail) and any(token.kind in kinds for token in self.tail))

    def ahead(self, *kinds: str) -> bool:
        """Say whether a word of one of *kinds* stands before the figure."""
        for token in self.head:  # noqa: SIM110  # asked for so often that a generator would be felt
            if token.kind in kinds:
                return True
        return False

    def values(self, kind: str) -> tuple[str, ...]:
        """Return the values of a kind of words beside the figure, each once, in order."""
        return tuple(dict.fromkeys(token.value for token in self.tokens if token.kind == kind))

    @property
    def begins(self) -> bool:
        """Whether no figure of the clause stands before."""
        return not self.siblings or self.siblings[0] == self.number

    @property
    def written(self) -> str:
        """The words before the figure as they are written."""
        return self.clause.text[self.head[0].start : self.head[-1].end] if self.head else ""

    @property
    def span(self) -> tuple[int, int, int, int]:
        """Where its words begin, where its figure begins and ends, and where its words end, in the clause."""
        kinds = MEANINGFUL | {"neg", "all", "year", "about"}
        if self.has("fee"):
            kinds = frozenset({"fee", "take", "neg"})
        weighty = [token for token in self.head if token.kind in kinds]
        if self.numeral is None:
            first = (weighty or self.head)[0].start
            return first, first, self.head[-1].end, self.head[-1].end
        at, until = self.numeral.start, self.numeral.end
        told = any(token.kind in MEANINGFUL for token in self.head)
        adding = {"noun", "col", "topic", "doc", "info"} if told else MEANINGFUL
        behind = [token.end for token in self.tail if token.kind in adding]
        first = self.head[0].start if self.head and not weighty and not behind else at
        return min([*(token.start for token in weighty), first]), at, until, max([until, *behind])


def meaningful(tokens: Sequence[Token]) -> Words:
    """Return the words that say what a figure is of."""
    return tuple(token for token in tokens if token.kind in MEANINGFUL)


def behind(frame: Frame) -> bool:
    """Say whether what a share is of stands behind it: 四分之三的申请由自然人提出."""
    if meaningful(frame.head) or any(token.kind not in NEUTRAL for token in frame.head):
        return False
    kinds = {token.kind for token in meaningful(frame.tail)}
    return ("noun" in kinds or frame.ahead("part")) and bool(kinds & {"col", "group", "item"})


def frames(sentence: Sequence[Clause], vocabulary: Vocabulary) -> tuple[Frame, ...]:
    """Return the figures of a sentence, and its clauses without figures, in the order of reading.

    What stands in brackets comes right behind the figure that it is of.
    """
    found: list[Frame] = []
    before: Words = ()
    for clause in sentence:
        of_clause = _of_clause(_joined(clause), vocabulary, _Where(len(found), before))
        found.extend(of_clause)
        before = (*before, *of_clause[0].words)[-MOST:] if of_clause[0].numeral is None else ()
    return tuple(found)


def _joined(clause: Clause) -> Clause:
    """Return a clause with what its brackets hold where that is but the figure of the words before: 执法案卷（7件）."""
    text, offsets = clause.text, clause.offsets
    kept: list[tuple[tuple[Clause, ...], int]] = []
    added = 0
    for sentence, place in zip(clause.notes, clause.places, strict=True):
        at = place + added
        if _is_figure(sentence) and not _COUNTED_BEFORE.search(text[:at]):
            inner = sentence[0]
            text, offsets = text[:at] + inner.text + text[at:], (*offsets[:at], *inner.offsets, *offsets[at:])
            added += len(inner.text)
        else:
            kept.append((sentence, at))
    if not added:
        return clause
    notes, places = tuple(sentence for sentence, _ in kept), tuple(place for _, place in kept)
    return replace(clause, text=text, offsets=offsets, notes=notes, places=places)


def _is_figure(sentence: Sequence[Clause]) -> bool:
    """Say whether brackets hold a count and nothing else."""
    if len(sentence) != 1 or sentence[0].notes:
        return False
    text = sentence[0].text
    return any((each.start, each.end) == (0, len(text)) and each.unit in _CASES for each in numerals(text))


@dataclass(frozen=True, slots=True)
class _Where:
    """Where the frames of a clause stand: the number of the first, the words before, and the frame that is *noted*."""

    start: int
    before: Words
    noted: int = -1


def _of_clause(clause: Clause, vocabulary: Vocabulary, where: _Where) -> list[Frame]:
    """Return the frames of a clause and of its brackets."""
    words = vocabulary.tokens(clause.text)
    pieces = _pieces(words)
    if len(pieces) > MOST:  # a list of figures, and no sentence
        return [Frame(clause, (words[0]._replace(kind="foreign"),), None, (), words, number=where.start)]
    notes = _notes(clause, pieces)
    counted = pieces[0][1] is not None
    found: list[Frame] = []
    numbers: list[int] = []
    for index, (head, numeral, tail) in enumerate(pieces):
        number = where.start + len(found)
        numbers.append(number)
        below = notes.get(index, ())
        found.append(
            Frame(
                clause,
                head,
                numeral,
                tail,
                words,
                siblings=(number,) if counted else (),
                number=number,
                before=() if index else where.before,
                note=where.noted >= 0,
                noted=where.noted,
                bound=_bound(below, vocabulary) if below else "",
            )
        )
        before = () if counted else (*where.before, *head)[-MOST:]
        for sentence in below:
            for inner in sentence:
                found.extend(_of_clause(inner, vocabulary, _Where(where.start + len(found), before, number)))
    return _with_siblings(found, numbers, where.start) if len(pieces) > 1 else found


def _with_siblings(found: list[Frame], numbers: list[int], start: int) -> list[Frame]:
    """Tell the figures of a clause, which have *numbers*, of each other, and give a label to each of 分别."""
    siblings = [found[number - start] for number in numbers]
    labels = {number: (label, sure) for number, label, sure in _respectively(siblings)}
    for frame in siblings:
        label, sure = labels.get(frame.number, ((), True))
        found[frame.number - start] = frame._replace(siblings=tuple(numbers), labels=label, sure=sure)
    return found


def _notes(clause: Clause, pieces: Sequence[Piece]) -> dict[int, list[tuple[Clause, ...]]]:
    """Return the brackets of a clause by the figure before them, or the first."""
    found: dict[int, list[tuple[Clause, ...]]] = {}
    for place, sentence in zip(clause.places, clause.notes, strict=True):
        ends = [numeral.end if numeral is not None else 0 for _, numeral, _ in pieces]
        target = max((index for index, end in enumerate(ends) if end <= place), default=0)
        found.setdefault(target, []).append(sentence)
    return found


def _pieces(tokens: Words) -> list[Piece]:
    """Return the figures of a clause with the words before and after each, or its words alone."""
    found: list[Piece] = []
    words: list[Token] = []
    closed: Words = ()
    for token in tokens:
        if token.numeral is not None:
            found.append((tuple(words), token.numeral, ()))
            words, closed = [], ()
        elif found and not closed and token.kind in {"and", "among"}:
            head, numeral, _ = found[-1]
            found[-1] = head, numeral, (*words, token) if token.kind == "among" else tuple(words)
            words, closed = [], (token,)
        else:
            words.append(token)
    if not found:
        return [(tokens, None, ())]
    if words:
        head, numeral, tail = found[-1]
        # What is joined to a figure without one of its own is counted with it.
        joined = closed and not tail and any(word.kind not in NEUTRAL for word in words)
        added = (words[0]._replace(kind=UNKNOWN),) if joined else closed if tail else ()
        found[-1] = head, numeral, (*tail, *added, *words)
    return found


def _respectively(siblings: Sequence[Frame]) -> Iterator[tuple[int, Words, bool]]:
    """Yield a label for each figure of a clause: 予以公开和部分公开分别为22件、5件."""
    first = siblings[0]
    if not first.ahead("resp", "each"):
        return
    if any(token.kind not in NEUTRAL for frame in siblings[1:] for token in frame.head):
        return
    for source in (first.head, first.before):
        years = _years(source)
        for kind in _LABELS:
            labels = [token for token in source if token.kind == kind]
            if len(labels) != len(siblings) or len(years) == len(siblings):
                continue
            here = source is first.head
            others = tuple(token for token in source if token.kind != kind) if here else ()
            sure = here or all(token.kind in MEANINGFUL | NEUTRAL for token in source)
            yield from ((frame.number, (*others, label), sure) for frame, label in zip(siblings, labels, strict=True))
            return
        if len(years) == len(siblings):
            others = tuple(token for token in first.head if token.kind not in {"year", "years", "whole"})
            yield from ((frame.number, (*others, year), True) for frame, year in zip(siblings, years, strict=True))
            return


def _years(words: Words) -> tuple[Token, ...]:
    """Return the years that *words* name, one token each: 2022年至2024年, 2023年和2024年."""
    found: list[Token] = []
    for token in words:
        if token.kind == "years":
            found.extend(token._replace(kind="year", value=value) for value in token.value.split())
        elif token.kind == "year" or (token.kind == "whole" and token.value):
            found.append(token._replace(kind="year"))
    return tuple(found)


def _bound(notes: Sequence[Sequence[Clause]], vocabulary: Vocabulary) -> str:
    """Return what the brackets behind a figure do to it."""
    found = (_bound_by(sentence, vocabulary) for sentence in reversed(notes))
    return next((bound for bound in found if bound), "")


def _bound_by(sentence: Sequence[Clause], vocabulary: Vocabulary) -> str:
    """Return what a sentence in brackets does to the figure that it is of."""
    text = sentence[0].text
    tokens = vocabulary.tokens(text)
    part = tokens[0].kind == "part"
    if part and any(token.value == "carried_in" for token in tokens):
        return "carried"
    if tokens[0].kind == "rest" and any(token.value == "carried_in" for token in tokens):
        return ""  # 新收86件（不含上年结转4件）: so it is counted in the table.
    # 同意公开（含部分公开）85件 is more than the table has under one name.
    counted = any(token.numeral is not None for token in tokens)
    strange = {UNKNOWN, QUOTED, "foreign", "body"} | (set() if counted else {"group", "item"})
    odd = part and any(token.kind in strange for token in tokens)
    return "void" if odd or tokens[0].kind == "rest" or text[0] in _LEFT_OUT else ""


def year_of(frame: Frame) -> int | None:
    """Return the year that the words before a figure name, counted from that of the report; None where they do not.

    What a figure has become since a year is that of the report: 较上年增至86件.
    """
    words = frame.labels or frame.head
    kinds = [token.kind for token in words if token.kind in {"cmp", "year", "to"}]
    if kinds in (["cmp", "year", "to"], ["year", "cmp", "to"]):
        return 0
    years = {int(token.value) for token in words if token.kind == "year" and token.value}
    return years.pop() if len(years) == 1 else None


def is_compared(frame: Frame) -> bool:
    """Say whether a figure of another year is told before what it is of: 与上年的77件相比，收到申请86件."""
    plain = not meaningful(frame.tokens) and not frame.has("up", "down")
    return plain and frame.has("cmp") and year_of(frame) is not None


def is_of_other_body(frame: Frame) -> bool:
    """Say whether a figure is of another body than this one, whose area it may be."""
    return frame.ahead("body") and any(token.kind == "body" and token.value != "area" for token in frame.head)


def is_over_years(frame: Frame) -> bool:
    """Say whether a figure is the sum of those of several years: 行政诉讼两年共28件."""
    return any(token.kind == "sum" and token.value for token in frame.head)


def is_explicit(frame: Frame) -> bool:
    """Say whether words beside a figure say by themselves that requests for information are meant."""
    telling = {("noun", "explicit"), ("fill", "applicants")}
    return any((token.kind, token.value) in telling for token in frame.tokens)
