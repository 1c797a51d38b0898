"""How a document ends: who signs it, and what was corrected after publication, as blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.documents.blocks import ADDED, DELETED, Heading, Paragraph, PlainCell, PlainTable, Run
from nianbao.lifecycle.differences import WORDS
from nianbao.lifecycle.macros import CAPTIONS, CORRECTIONS_TITLE, corrections_preface
from nianbao.pages.text import date

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.documents.blocks import Block
    from nianbao.documents.document import Document
    from nianbao.lifecycle.differences import Difference

_NONE = (Run(text="（无）"),)


def ending(document: Document) -> Iterator[Block]:
    """Yield what stands in *document* behind its sections: the signature, and under a heading what was corrected."""
    yield from document.signature
    if document.corrections:
        yield Heading(level=1, runs=(Run(text=CORRECTIONS_TITLE),))
        yield Paragraph(runs=(Run(text=corrections_preface(len(document.corrections))),))
    for correction in document.corrections:
        yield Heading(level=2, runs=(Run(text=f"{date(correction.day)}更正"),))
        yield Paragraph(runs=(Run(text=f"更正原因：{correction.reason}"),))
        for words, (_, caption) in zip((False, True), CAPTIONS, strict=True):
            rows = [change for change in correction.changes if (change.kind == WORDS) is words]
            if rows:
                yield _table(caption, rows, first="位置" if words else "项目")


def _table(caption: str, changes: Sequence[Difference], first: str) -> PlainTable:
    head = tuple(
        _cell((Run(text=text),), column, header=True) for column, text in enumerate((first, "更正前", "更正后"))
    )
    rows = (
        tuple(_cell(runs, column, header=column == 0) for column, runs in enumerate(_states(change)))
        for change in changes
    )
    return PlainTable(caption=(Run(text=caption),), width=3, head=1, rows=(head, *rows))


def _cell(runs: tuple[Run, ...], column: int, *, header: bool) -> PlainCell:
    return PlainCell(runs=runs, header=header, column=column)


def _states(change: Difference) -> Iterator[tuple[Run, ...]]:
    """Yield the name of what was changed, and how it was and is, with what has changed in words marked."""
    yield (Run(text=change.what),)
    for pieces, style in zip(change.states, (DELETED, ADDED), strict=True):
        yield (
            _NONE
            if pieces is None
            else tuple(Run(text=text, styles=frozenset({style} if changed else ())) for text, changed in pieces)
        )
