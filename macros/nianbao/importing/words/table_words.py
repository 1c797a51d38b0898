"""Lines of text that belong to a statutory table: they hold nothing but labels of the form, whole or broken."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.importing.words.spelling import FINISHED, han

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.importing.original import Paragraph
    from nianbao.model.form import Form

# A cell's figure stands apart from other digits; with 年 or the like behind it, it is a word of a sentence.
_FIGURE = re.compile(
    r"(?<![0-9.,/:-])[-+]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?(?![0-9/:-]|[.,][0-9]|\s*[年月日时号条款%])"
)
# What of a line is compared with labels: characters, marks of sentences, and digits that are no figure.
_NO_WORDS = re.compile("[^0-9A-Za-z\u3007\u3400-\u4dbf\u4e00-\u9fff,。!?;]+")
_NUMBER = re.compile(r"(?<![0-9.,/:-])[1-9][0-9]?[.、](?![0-9])")
# A label of so many characters is told from prose; a line of so many that is no label is prose.
_STRONG, _PROSE = 4, 15
# In a table pieces of labels of so many characters are enough.
_PIECE = 2
# A table may be interrupted by so many lines that are no labels: misprinted ones, or remarks.
_GAP = 4


# The text of a paragraph that stands where the original has a table of cells; no line of words has this character.
TABLE = "\x1e"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """The lines of a section *before* and *after* its table; *odd* ones stood in the table and are no label."""

    before: tuple[Paragraph, ...]
    after: tuple[Paragraph, ...]
    odd: tuple[Paragraph, ...]


class TableWords:
    """The labels of *form*, and the lines that are made of them."""

    def __init__(self, form: Form) -> None:
        labels = tuple(_labels(form))
        # Not every printer sets the marks within a label.
        self._labels = frozenset(filter(None, (*map(_words, labels), *map(han, labels))))
        self._starts = frozenset(label[:end] for label in self._labels for end in range(1, len(label) + 1))
        self._ends = frozenset(label[start:] for label in self._labels for start in range(len(label)))

    def cut(self, lines: Sequence[Paragraph]) -> Cut:
        """Return *lines* without those of tables."""
        kept: list[Paragraph] = []
        odd: list[Paragraph] = []
        position, finished, table = 0, True, None
        while position < len(lines):
            line = lines[position]
            if not self._begins(lines, position, finished=finished):
                kept.append(line)
                finished = bool(FINISHED.search(line.text) or line.level)
                position += 1
                continue
            end = position + 1 if line.text == TABLE else self._end(lines, position)
            table = len(kept) if table is None else table
            for inside in lines[position:end]:
                if inside.text != TABLE and not self._is_made_of_labels(inside.text):
                    (kept if _is_prose(inside.text) else odd).append(inside)
            position, finished = end, True
        return Cut(before=tuple(kept[:table]), after=tuple(kept[table:] if table is not None else ()), odd=tuple(odd))

    def _end(self, lines: Sequence[Paragraph], start: int) -> int:
        """Return where the table ends that begins at *start*."""
        last = start
        for position in range(start, len(lines)):
            if position - last > _GAP:
                break
            if self._is_made_of_labels(lines[position].text):
                last = position
        return last + 1

    def _begins(self, lines: Sequence[Paragraph], at: int, *, finished: bool) -> bool:
        """Say whether a table begins at the line *at*; *finished* tells that the line before is a whole one.

        Else it could be the end of a sentence, unless figures or more labels follow.
        """
        text = lines[at].text
        if text == TABLE:
            return True
        if not self._is_strong(text):
            return False
        following = lines[at + 1].text if at + 1 < len(lines) else ""
        return finished or len(_FIGURE.findall(text)) > 1 or self._is_label(following)

    def _is_strong(self, text: str) -> bool:
        words = _words(text)
        if not self._is_label(text) or not words:
            return False
        return len(words) >= _STRONG or words in self._labels or _FIGURE.search(text) is not None

    def _is_label(self, text: str) -> bool:
        """Say whether *text* has figures and blanks alone, or words that are labels or parts of them."""
        words = _words(text)
        if not words:
            return bool(text)
        if any(words in label for label in self._labels):
            return True
        reached = [end for end in range(1, len(words)) if words[:end] in self._ends]
        while reached:
            start = reached.pop()
            if words[start:] in self._starts:
                return True
            reached += [
                end for end in range(start + 1, len(words)) if words[start:end] in self._labels and end not in reached
            ]
        return False

    def _is_made_of_labels(self, text: str) -> bool:
        """Say whether *text*, which stands in a table, is labels, or pieces of them in any order."""
        return self._is_label(text) or self._covered(_words(text))

    def _covered(self, words: str) -> bool:
        reached = {0}
        for end in range(_PIECE, len(words) + 1):
            pieces = (words[start:end] for start in reached if end - start >= _PIECE)
            if any(piece in label for piece in pieces for label in self._labels):
                reached.add(end)
        return len(words) in reached


def _words(text: str) -> str:
    """Return what of *text* is compared with labels: no figures, no number before a label, no other punctuation."""
    return _NO_WORDS.sub("", _FIGURE.sub(" ", _NUMBER.sub(" ", unicodedata.normalize("NFKC", text))))


def _is_prose(text: str) -> bool:
    return bool(FINISHED.search(text)) or (len(han(text)) >= _PROSE and not _FIGURE.search(text))


def _labels(form: Form) -> Iterator[str]:
    for table in form.tables:
        yield from (table.caption, f"单位：{'、'.join(table.units)}")
        for block in table.blocks:
            yield from (block.caption, block.corner)
            for root in (block.rows, block.columns):
                yield from (heading.label for heading in root.walk())
        yield from (identity.text for identity in table.identities)
