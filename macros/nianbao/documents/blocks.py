"""What a document is made of: runs of text, and blocks of them. Nothing here is markup; text is as readers see it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nianbao.tables.layout import Grid


# Control characters, halves of pairs and non-characters: neither XML nor a typesetter has a use for them.
_ILLEGAL = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def clean(text: str) -> str:
    """Return *text* with every such character replaced by the sign for it, U+FFFD."""
    return _ILLEGAL.sub("\ufffd", text)


STRONG, EMPHASIS, CODE = "strong", "emphasis", "code"
DELETED, ADDED, SUBSCRIPT, SUPERSCRIPT = "deleted", "added", "subscript", "superscript"

# Kinds of paragraphs.
TEXT, QUOTATION, PREFORMATTED = "text", "quotation", "preformatted"
CATEGORY = "category"  # of published items, above their list
TRANSCRIPTION = "transcription"  # a note of those who typed an old report in
SIGNATURE = "signature"  # 落款: whose report it is and of which day, at its end
OMISSION = "omission"  # what a document cannot carry, told as what it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Text in one manner. A line feed in *text* is a line break; *link* is an address on the web, or empty."""

    text: str
    styles: frozenset[str] = frozenset()
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading: *level* 1 is that of a section, 2 is （一）, 3 is 1."""

    level: int
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph of one *kind*."""

    runs: tuple[Run, ...]
    kind: str = TEXT


@dataclass(frozen=True, slots=True, kw_only=True)
class ListBlock:
    """A list; the items of an *ordered* one are numbered from *start*. An item is a row of blocks."""

    ordered: bool
    start: int
    items: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatutoryTable:
    """A table of the form, laid out. *unit* is empty where the cells carry theirs; *notes* stand below."""

    id: str
    caption: str
    unit: str
    grid: Grid
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainCell:
    """A cell of a table that a page brings. *column* is its first grid column, counted from 0."""

    runs: tuple[Run, ...]
    header: bool
    column: int
    colspan: int = 1
    rowspan: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainTable:
    """A table that a page brings: *width* grid columns; the first *head* rows are headings."""

    caption: tuple[Run, ...]
    width: int
    head: int
    rows: tuple[tuple[PlainCell, ...], ...]


Block: TypeAlias = Heading | Paragraph | ListBlock | StatutoryTable | PlainTable


def plain_text(runs: Iterable[Run]) -> str:
    """Return the words of *runs*."""
    return "".join(run.text for run in runs)


def parts_of_item(item: tuple[Block, ...]) -> tuple[Paragraph, tuple[Block, ...]]:
    """Return the paragraph of an *item* that bears its number, which may be empty, and what follows."""
    first = item[0]
    return (first, item[1:]) if isinstance(first, Paragraph) else (Paragraph(runs=()), item)


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield *blocks* and those within their lists, in reading order, each before what it holds."""
    for block in blocks:
        yield block
        if isinstance(block, ListBlock):
            for item in block.items:
                yield from walk(item)
