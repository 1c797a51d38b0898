"""What was corrected after publication, as blocks that end a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.documents.blocks import ADDED, DELETED, Heading, Paragraph, PlainCell, PlainTable, Run
from nianbao.lifecycle.differences import WORDS, changed_spans
from nianbao.lifecycle.macros import CAPTIONS, corrections_preface
from nianbao.pages.text import date

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nianbao.documents.blocks import Block
    from nianbao.documents.document import DocumentCorrection
    from nianbao.lifecycle.differences import Difference

_NONE = (Run(text="（无）"),)


def correction_blocks(corrections: Sequence[DocumentCorrection]) -> Iterator[Block]:
    """Yield the blocks that tell *corrections*, below a heading of their own; none where there are none."""
    if not corrections:
        return
    yield Paragraph(runs=(Run(text=corrections_preface(len(corrections))),))
    for correction in corrections:
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


def _states(change: Difference) -> tuple[tuple[Run, ...], ...]:
    """Return the name of what was changed, and how it was and is, with the changed words marked."""
    old, new = change.old, change.new
    name = (Run(text=change.what),)
    if change.kind == WORDS and old is not None and new is not None:
        spans = changed_spans(old, new)
        return (
            name,
            tuple(_marked(old, (span[:2] for span in spans), DELETED)),
            tuple(_marked(new, (span[2:] for span in spans), ADDED)),
        )
    styles = [frozenset({DELETED}), frozenset({ADDED})] if change.kind == WORDS else [frozenset[str]()] * 2
    states = (
        _NONE if text is None else (Run(text=text, styles=style),)
        for text, style in zip((old, new), styles, strict=True)
    )
    return (name, *states)


def _marked(text: str, spans: Iterable[tuple[int, int]], style: str) -> Iterator[Run]:
    position = 0
    for start, end in spans:
        if start > position:
            yield Run(text=text[position:start])
        if end > start:
            yield Run(text=text[start:end], styles=frozenset({style}))
        position = end
    if position < len(text):
        yield Run(text=text[position:])
