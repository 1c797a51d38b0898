"""Blocks of a Word file or a page before their places are known: these are counted in the end, for tables can nest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from nianbao.importing.original import OBJECT, Cell, Paragraph, Picture, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nianbao.importing.original import Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A paragraph, which may be empty and is counted then too."""

    text: str
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A table."""

    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Image:
    """A picture."""


Block: TypeAlias = Text | Rows | Image


def placed(blocks: Iterable[Block]) -> Iterator[Content]:
    """Yield *blocks* with their places: 第12段, 表2."""
    paragraphs = tables = 0
    for block in blocks:
        match block:
            case Text():
                paragraphs += 1
                if block.text.strip():
                    yield Paragraph(text=block.text, place=f"第{paragraphs}段", level=block.level)
            case Rows():
                tables += 1
                yield Table(cells=block.cells, place=f"表{tables}")
            case Image():
                yield Picture(place=f"第{paragraphs}段后")


def lays_out_the_page(cells: int, inner: Sequence[Sequence[Block]]) -> bool:
    """Say whether a table of so many *cells*, which hold the *inner* blocks, is no table to those who read it."""
    nested = sum(len(block.cells) for blocks in inner for block in blocks if isinstance(block, Rows))
    return cells == 1 or nested > cells


def text_of(blocks: Iterable[Block]) -> str:
    """Return what *blocks* are as the text of one cell."""
    return "\n".join(text for block in blocks for text in _texts(block))


def _texts(block: Block) -> Iterator[str]:
    match block:
        case Text():
            yield block.text
        case Rows():
            yield from (cell.text for cell in block.cells)
        case Image():
            yield OBJECT
