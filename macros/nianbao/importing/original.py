"""What every reader makes of a file: one document of paragraphs, tables and pictures, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nianbao.importing.answers import Reading

# What stands in a text where the original has something that is no character: a picture, an embedded object.
OBJECT = "\ufffc"

# How what is struck out is told from what stands, and digits that are raised from those of a figure.
STRUCK = "〔划去：{}〕"
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

# A paragraph that is the number of a page and nothing else.
PAGE_NUMBER = re.compile(
    r"\s*(?:[-—–－]+\s*[0-9]{1,4}\s*[-—–－]+|第\s*[0-9]{1,4}\s*页.{0,20}|[0-9]{1,4}(?:\s*/\s*[0-9]{1,4})?)\s*"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph in reading order. *text* has the number that an office program sets by itself in front.

    A line end in it is one of the printed page (PDF), or was typed within the paragraph. *level* is the level of a
    heading, 0 for what the file does not mark as one. *place* is where a person finds it: 第3页, 第170行, 第12段.
    *page* counts from 1, None where the kind has no pages.
    """

    text: str
    place: str
    level: int = 0
    page: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of a table: *row* and *column* are its upper left place in the grid, counted from 0."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table; a place of the grid that no cell covers has none. *place* is 表2, 第3页表2, 工作表“…”."""

    cells: tuple[Cell, ...]
    place: str
    page: int | None = None

    def where(self, cell: Cell) -> str:
        """Return where a person finds *cell*: rows and columns are counted from 1."""
        return f"{self.place}第{cell.row + 1}行第{cell.column + 1}列"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture, of which nothing is read."""

    place: str
    page: int | None = None


Content = Paragraph | Table | Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A file as it was read: its *name*, its *kind*, its SHA-256 *digest* and its blocks.

    The kind is Word, PDF, 网页, 表格, 文本 or 原数据. *contents* are in reading order. *pages* is how many pages there
    are, None where the kind has none. A download of this program is 原数据 and has no contents: its figures are
    *readings* in the form called *format*, and *document* is the whole of a JSON file as it was decoded. *unruled*
    are tables of a PDF without lines, each in parts by pages, a row for each line; their words are paragraphs, too.
    *data* is the file itself, *pictures* are its pages as PNG where it is a PDF that is to be shown.
    """

    name: str
    kind: str
    digest: str
    contents: tuple[Content, ...]
    pages: int | None = None
    readings: tuple[Reading, ...] = ()
    format: int | None = None
    document: Mapping[str, Any] | None = None
    unruled: tuple[tuple[Table, ...], ...] = ()
    data: bytes = field(default=b"", repr=False)
    pictures: tuple[bytes, ...] = field(default=(), repr=False)

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The paragraphs, in order."""
        return tuple(each for each in self.contents if isinstance(each, Paragraph))

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables, in order."""
        return tuple(each for each in self.contents if isinstance(each, Table))
