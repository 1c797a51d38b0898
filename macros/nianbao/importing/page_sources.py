"""Pages of a year written from the words of an original: headings, paragraphs a sentence a line, figures by macros."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.beginning.new_pages import INDEX_ABOVE, INDEX_BELOW
from nianbao.importing.words.sections import Words
from nianbao.pages.lists import section_page
from nianbao.prose.escaping import line_start, within_line
from nianbao.prose.passages import TRANSCRIPTION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nianbao.importing.words.sections import Told
    from nianbao.model.form import Form, Section

_SENTENCE = re.compile(r"[^。！？]*(?:[。！？]+[”’」』）》]*(?! )|[。！？]+|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The macro *call* that gives what stands in a paragraph from *at* up to *until*."""

    at: int
    until: int
    call: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSource:
    """A page *name* as blocks: Markdown as it stands, or words of the original."""

    name: str
    blocks: tuple[str | Words, ...]

    @property
    def words(self) -> tuple[Words, ...]:
        """The words of the original, in order."""
        return tuple(block for block in self.blocks if isinstance(block, Words))

    def text(self, given: Mapping[int, Sequence[Given]] | None = None) -> str:
        """Return the page; *given* has the macros in each of its words, by its number among them."""
        parts: list[str] = []
        number = headings = 0
        section = self.name.partition("-")[0]
        for block in self.blocks:
            if isinstance(block, str):
                parts.append(block)
                continue
            if block.heading:
                headings += 1
                parts.append(f"## {within_line(block.text)} {{#section-{section}-{headings}}}")
            else:
                parts.append(paragraph(block.text, (given or {}).get(number, ())))
            number += 1
        return "\n\n".join(parts) + "\n"


def paragraph(text: str, given: Sequence[Given] = ()) -> str:
    """Return *text*, one line without blanks around it, as a paragraph that shows just it, a sentence a line.

    *given* are the macros in place of figures, in order.
    """
    lines: list[str] = []
    for sentence in _SENTENCE.finditer(text):
        start, end = sentence.span()
        if start == end:
            continue
        line, position = "", start
        for one in given:
            if start <= one.at and one.until <= end:
                line += _piece(text[position : one.at], first=position == start) + one.call
                position = one.until
        lines.append(line + _piece(text[position:end], first=position == start))
    return "\n".join(lines)


def _piece(text: str, *, first: bool) -> str:
    return line_start(text) if first else within_line(text)


def page_sources(form: Form, told: Told, *, transcribed: bool) -> tuple[PageSource, ...]:
    """Return the pages of the preface and of those sections of *form* that the original has.

    *transcribed* says that it was published as it is, so that notes tell where it differs from the form.
    """
    sections = [
        PageSource(
            name=section_page(form, section), blocks=tuple(_section(form, section, told, transcribed=transcribed))
        )
        for section in form.sections
        if section.id in told.sections
    ]
    if not sections or (not told.preface and not transcribed):
        return tuple(sections)
    index = PageSource(name="index.md", blocks=(INDEX_ABOVE, *told.preface, INDEX_BELOW))
    return (index, *sections)


def _section(form: Form, section: Section, told: Told, *, transcribed: bool) -> Iterator[str | Words]:
    yield f"# {section.heading} {{#section-{form.sections.index(section) + 1}}}"
    yield from told.sections[section.id]
    if section.table:
        yield f'{{{{ statutory_table("{section.table}") }}}}'
        yield f'{{{{ year_changes("{section.table}") }}}}'
    yield from told.after.get(section.id, ())
    if transcribed:
        yield from (f"{note}\n{{ .{TRANSCRIPTION} }}" for note in _notes(section, told))


def _notes(section: Section, told: Told) -> Iterator[str]:
    """Yield what must be said of a heading that the original prints otherwise."""
    if section.id in told.numbers:
        number = told.numbers[section.id]
        yield f"录入说明：原件本部分的序号印为“{number}”，规定格式为“{section.number}”。"
    if section.id in told.titles:
        title = within_line(told.titles[section.id])
        yield f"录入说明：原件本部分的标题印为“{title}”，规定格式为“{section.title}”。"
