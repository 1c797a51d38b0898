"""What a page says: passages of plain text that know where they were typed."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from nianbao.pages.lists import section_page
from nianbao.reading.findings import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nianbao.model.form import Form, Section
    from nianbao.prose.tree import Element


# A paragraph or an item that begins so is no part of the report and stops its publication.
PROMPT = "〔提示〕"


def is_prompt(passage: Passage) -> bool:
    """Say whether *passage* is a prompt that nobody has replaced yet."""
    return passage.text.startswith(PROMPT)


def has_prompts(page: PageText) -> bool:
    """Say whether *page* is still to be written, in whole or in part."""
    return any(is_prompt(passage) for passage in page.body)


# Notes of those who typed an old report in, which are no part of the report.
TRANSCRIPTION = "transcription"

_SENTENCE = re.compile(r"[^。！？；]*[。！？；]?[”’」』）]*")


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each sentence of *text* starts and ends; semicolons, question and exclamation marks end one too."""
    return (match.span() for match in _SENTENCE.finditer(text) if match[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A part of *passage* from *start* up to *end*, with the mark that ends it."""

    passage: Passage
    start: int
    end: int

    @property
    def text(self) -> str:
        """The words of the sentence."""
        return self.passage.text[self.start : self.end]


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A heading, a paragraph, an item of a list, a cell of a table or the text of a picture, without markup.

    *kind* is ``h1`` to ``h6``, ``p``, ``li``, ``td`` or ``img``. *offsets* has, for every character of *text*,
    its offset in the source; *typed* tells whether it was typed or came from a macro, which then is
    the offset of the macro.
    """

    page: Page
    kind: str
    classes: frozenset[str]
    text: str
    offsets: tuple[int, ...]
    typed: tuple[bool, ...]

    @property
    def level(self) -> int:
        """The level of a heading, 0 for anything else."""
        return int(self.kind[1]) if self.kind[0] == "h" else 0

    @property
    def reported(self) -> bool:
        """Whether this belongs to the report, and is no note of those who typed it in."""
        return TRANSCRIPTION not in self.classes

    def place(self, start: int = 0) -> Place:
        """Return where the character at *start* was typed, or the macro that it came from."""
        return self.page.place(self.offsets[start] if start < len(self.offsets) else 0)

    def is_typed(self, start: int, end: int) -> bool:
        """Say whether all characters from *start* up to *end* were typed."""
        return all(self.typed[start:end])

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences, split at full stops, semicolons, question and exclamation marks."""
        return tuple(Sentence(passage=self, start=start, end=end) for start, end in sentence_spans(self.text))


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of a year: its *name* in the folder, its *file* as messages call it and what it says.

    *calls* are the macros of the page with their words, such as ``statutory_table requests``.
    """

    name: str
    file: str
    source: str
    calls: tuple[str, ...]

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.source))]

    def place(self, offset: int) -> Place:
        """Return the place of an *offset* in the source."""
        line = bisect.bisect_right(self._lines, offset)
        return Place(self.file, line, offset - self._lines[line - 1] + 1)


@dataclass(frozen=True, kw_only=True)
class PageText:
    """A page as a *tree*, and the passages of plain text in it, in reading order.

    *pictures* are the texts that stand for pictures, which who does not see those reads in their place.
    """

    page: Page
    tree: Element
    passages: tuple[Passage, ...]
    pictures: tuple[Passage, ...] = ()

    @property
    def headings(self) -> tuple[Passage, ...]:
        """The headings."""
        return tuple(passage for passage in self.passages if passage.level)

    @cached_property
    def reported(self) -> tuple[Passage, ...]:
        """The passages that belong to the report."""
        return tuple(passage for passage in self.passages if passage.reported)

    @cached_property
    def body(self) -> tuple[Passage, ...]:
        """The passages of the report that are no headings."""
        return tuple(passage for passage in self.reported if not passage.level)

    @cached_property
    def text(self) -> str:
        """The words of the report on this page, without headings, a line for each passage."""
        return "\n".join(passage.text for passage in self.body)


@dataclass(frozen=True, kw_only=True)
class YearText:
    """The pages of one year by file name. The page of the *full* text is kept apart: it repeats the others.

    It is not *complete* where a page could not be rendered; what is wrong with that page is told elsewhere.
    """

    year: int
    form: Form
    pages: Mapping[str, PageText]
    full: PageText | None = None
    complete: bool = True

    def section(self, section: Section) -> PageText | None:
        """Return the page of *section*, which another edition may have too."""
        return self.named(section.id)

    def named(self, id: str) -> PageText | None:  # noqa: A002  # the field's own word
        """Return the page of the section called *id*."""
        section = self.form.section(id)
        return self.pages.get(section_page(self.form, section)) if section is not None else None

    @cached_property
    def preface(self) -> PageText | None:
        """The page that opens the report."""
        return self.pages.get("index.md")

    def __iter__(self) -> Iterator[PageText]:
        """Yield the preface and the six sections, then whatever else there is."""
        known = ["index.md", *(section_page(self.form, section) for section in self.form.sections)]
        names = [name for name in known if name in self.pages]
        yield from (self.pages[name] for name in [*names, *(name for name in self.pages if name not in known)])
