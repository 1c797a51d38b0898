"""What the prose says of reviews and litigation as a whole: 均获维持, 零败诉, 没有被纠正."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.rules.text.divisions import counted_cases, is_within
from nianbao.rules.text.statements import statements
from nianbao.rules.text.vocabulary import MEANINGFUL
from nianbao.rules.wording import LONGEST, subject

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.prose.passages import Passage
    from nianbao.reading.findings import Place
    from nianbao.rules.rule import Case
    from nianbao.rules.text.units import Unit
    from nianbao.rules.text.vocabulary import Token

# Words beside which a statement is still about all cases of the year.
_PLAIN = (MEANINGFUL - {"decided"}) | {"fill", "and", "about", "whole", "self", "all", "neg", "among", "resp"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """That all cases of *parts* of the table were *upheld*, or that none was corrected.

    *left_open* tells that cases that are still pending change nothing: the sentence speaks of them, or only denies
    that any was corrected.
    """

    passage: Passage
    start: int
    end: int
    parts: tuple[str, ...]
    upheld: bool
    left_open: bool

    @property
    def words(self) -> str:
        """The words of the page, never longer than a line."""
        return self.passage.text[self.start : self.end][:LONGEST]

    @property
    def place(self) -> Place:
        """Where the words stand."""
        return self.passage.place(self.start)

    @property
    def subject(self) -> str:
        """The page and the words, by which a waiver names this."""
        return subject(self.passage.page, self.words)


def outcomes(case: Case) -> Iterator[Outcome]:
    """Yield what the pages say of all cases; nothing where it is not clear of which."""
    topics: tuple[str, ...] = ()
    passage: Passage | None = None
    for statement in statements(case):
        if statement.passage is not passage:
            passage, topics = statement.passage, ()
        left_open = "审结" in passage.text or "审理" in passage.text
        counted: Unit | None = None
        for unit in statement.units:
            named = unit.frame.values("topic") or _by_court(unit, topics)
            told = unit.claim.certain if unit.claim is not None else unit.numeral is None and not unit.has("row")
            topics = (named if told else ()) if named else topics
            words = _words(unit)
            upheld = _upheld(words)
            some = unit.numeral is None and counted is not None and not _whole(counted)  # 审结2件，均获维持
            counted = unit if unit.numeral is not None else counted
            if upheld is None or (upheld and some) or not topics or not statement.about or unit.elsewhere:
                continue
            parts = tuple(dict.fromkeys(part for topic in topics for part in counted_cases(case.report.form, topic)))
            offsets = unit.clause.offsets
            yield Outcome(
                passage=passage,
                start=offsets[words[0].start],
                end=offsets[words[-1].end - 1] + 1,
                parts=parts,
                upheld=upheld,
                # A case that is pending may be lost yet, but corrected is what the table counts.
                left_open=left_open or (not upheld and all(word.value != "lost" for word in words)),
            )


def _by_court(unit: Unit, topics: tuple[str, ...]) -> tuple[str, ...]:
    """Return the cases that a court or another body decides where they have not been named more narrowly."""
    for body in unit.frame.values("court"):
        return topics if topics and all(is_within(topic, body) for topic in topics) else (body,)
    return ()


def _whole(unit: Unit) -> bool:
    """Say whether a figure is that of all cases of a kind."""
    return unit.claim is not None and all(path.endswith(".total") for path in unit.claim.quantity.paths)


def _words(unit: Unit) -> Sequence[Token]:
    """Return the words that judge all cases: those behind a figure, or a clause without one."""
    words = unit.frame.tail if unit.numeral is not None else unit.frame.head
    first = next((index for index, word in enumerate(words) if word.kind in {"all", "neg", "out", "topic"}), None)
    whole = unit.frame.tokens
    if first is None or any(word.kind not in _PLAIN for word in whole):
        return ()
    return words[first:]


def _upheld(words: Sequence[Token]) -> bool | None:
    """Say whether *words* tell that all were upheld, or only that none was corrected; None for anything else."""
    kinds = {word.kind for word in words}
    outs = {word.value for word in words if word.kind == "out"}
    if not outs or kinds & {"group", "item", "col", "doc", "act", "fee", "row", "info", "category", "publish"}:
        return None
    if len(outs) > 1 and "and" not in kinds:
        return None  # 无被撤销后再次败诉的情形
    if outs <= {"corrected", "lost"} and "neg" in kinds:
        return False
    if outs <= {"upheld", "won"} and "all" in kinds and "neg" not in kinds:
        return True
    return None
