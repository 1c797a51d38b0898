"""A document as one page of plain HTML whose styles are in the lines: what the editor of a CMS takes as an article.

Such editors drop scripts, style sheets, classes and ids, some of them styles as well where something is pasted, and
keep tables with their spans, borders and alignment: these are written as attributes too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from nianbao.documents import blocks as kinds
from nianbao.documents.blocks import (
    Heading,
    ListBlock,
    Paragraph,
    PlainTable,
    Run,
    StatutoryTable,
    clean,
    plain_text,
)
from nianbao.documents.corrections import ending
from nianbao.documents.typography import DRAFT_WORDS, ems
from nianbao.tables.layout import Head

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nianbao.documents.blocks import Block, PlainCell
    from nianbao.documents.document import Document
    from nianbao.tables.layout import Data

_PAGE = Markup(
    '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{}</title>\n</head>\n'
    "<body>\n{}\n</body>\n</html>\n"
)
_CENTER, _RIGHT, _NOTE = "text-align: center;", "text-align: right;", "font-size: 14px;"
_TEXT = "text-indent: 2em; line-height: 1.8;"
_STYLES = {
    kinds.TEXT: _TEXT,
    kinds.OMISSION: _TEXT,
    kinds.QUOTATION: "margin-left: 2em; line-height: 1.8;",
    kinds.CATEGORY: "font-weight: bold; line-height: 1.8;",
    kinds.TRANSCRIPTION: _NOTE,
    kinds.SIGNATURE: _RIGHT,
}
_TABLE = "border-collapse: collapse; width: 100%; font-size: 14px;"
_CELL = "border: 1px solid #000; padding: 2px 4px;"
_MARKS = {
    kinds.STRONG: "strong",
    kinds.EMPHASIS: "em",
    kinds.CODE: "code",
    kinds.DELETED: "del",
    kinds.ADDED: "ins",
    kinds.SUBSCRIPT: "sub",
    kinds.SUPERSCRIPT: "sup",
}
# Those that drop styles from what is pasted leave this attribute.
_ALIGNED = {_CENTER: Markup(' align="center"'), _RIGHT: Markup(' align="right"')}
_LAST_HEADING = 6
_SHORT = 6  # Characters; longer cells read better from the left.


def article_html(document: Document) -> bytes:
    """Return *document* as a page in UTF-8 that needs no other file. The same document gives the same bytes."""
    body = Markup("\n").join(_whole(document))
    return str(_PAGE.format(clean(document.title), body)).encode()


def _whole(document: Document) -> Iterator[Markup]:
    if document.notice:
        yield _element("p", _CENTER, escape(clean(document.notice)))
    if document.draft:
        yield _element("p", _CENTER, escape(DRAFT_WORDS))
    yield _element("h1", _CENTER, escape(clean(document.title)))
    yield _element("p", _CENTER, escape(clean("；".join(document.notes))))
    yield from _blocks(document.body)
    yield from _blocks(ending(document))


def _blocks(blocks: Iterable[Block]) -> Iterator[Markup]:
    for block in blocks:
        match block:
            case Heading():
                yield _element(f"h{min(block.level + 1, _LAST_HEADING)}", "", _runs(block.runs))
            case Paragraph(kind=kinds.PREFORMATTED):
                yield Markup("<pre>{}</pre>").format(clean(plain_text(block.runs)))
            case Paragraph():
                yield _element("p", _STYLES[block.kind], _runs(block.runs))
            case ListBlock():
                yield _list(block)
            case StatutoryTable():
                yield from _statutory(block)
            case PlainTable():
                yield from _plain(block)


def _element(tag: str, style: str, content: Markup) -> Markup:
    styled = _ALIGNED.get(style, Markup("")) + (Markup(' style="{}"').format(style) if style else Markup(""))
    return Markup("<{tag}{style}>{content}</{tag}>").format(tag=tag, style=styled, content=content)


def _runs(runs: Iterable[Run]) -> Markup:
    return Markup("").join(map(_run, runs))


def _run(run: Run) -> Markup:
    made = Markup("<br>").join(clean(run.text).split("\n"))
    for style, tag in _MARKS.items():
        if style in run.styles:
            made = _element(tag, "", made)
    return Markup('<a href="{}">{}</a>').format(run.link, made) if run.link else made


def _list(block: ListBlock) -> Markup:
    tag = "ol" if block.ordered else "ul"
    start = Markup(' start="{}"').format(block.start) if block.ordered and block.start != 1 else Markup("")
    items = Markup("\n").join(_element("li", "line-height: 1.8;", _item(item)) for item in block.items)
    return Markup("<{tag}{start}>\n{items}\n</{tag}>").format(tag=tag, start=start, items=items)


def _item(item: Sequence[Block]) -> Markup:
    first, *rest = item
    if isinstance(first, Paragraph) and first.kind == kinds.TEXT:
        return Markup("\n").join((_runs(first.runs), *_blocks(rest)))
    return Markup("\n").join(_blocks(item))


def _statutory(block: StatutoryTable) -> Iterator[Markup]:
    yield _element("p", _CENTER, escape(clean(f"{block.caption}{block.unit}")))
    yield _table([_statutory_cell(cell) for cell in row.cells] for part in block.grid.blocks for row in part)
    yield from (_element("p", _NOTE, escape(clean(note))) for note in block.notes)


def _statutory_cell(cell: Head | Data) -> Markup:
    if isinstance(cell, Head):
        scope = cell.scope if cell.scope in {"row", "col", "rowgroup", "colgroup"} else ""
        align = "left" if scope == "row" else "center"
        return _cell(escape(clean(cell.label)), cell.colspan, cell.rowspan, align=align, scope=scope, header=True)
    return _cell(escape(clean(cell.cell.text)), cell.colspan, 1, align="center")


def _plain(block: PlainTable) -> Iterator[Markup]:
    if block.caption:
        yield _element("p", _CENTER, _runs(block.caption))
    yield _table([_plain_cell(cell) for cell in row] for row in block.rows)


def _plain_cell(cell: PlainCell) -> Markup:
    short = cell.header or ems(plain_text(cell.runs)) <= _SHORT
    align = "center" if short else "left"
    return _cell(_runs(cell.runs), cell.colspan, cell.rowspan, align=align, header=cell.header)


def _cell(  # noqa: PLR0913  # the attributes of a cell
    content: Markup, across: int, down: int, *, align: str, scope: str = "", header: bool = False
) -> Markup:
    spans = ((name, count) for name, count in (("colspan", across), ("rowspan", down)) if count > 1)
    given = Markup("").join(Markup(' {}="{}"').format(name, count) for name, count in spans)
    if scope:
        given += Markup(' scope="{}"').format(scope)
    given += Markup(' align="{}"').format(align)
    style = f"{_CELL} text-align: {align};{' font-weight: normal;' if header else ''}"
    tag = "th" if header else "td"
    return Markup('<{tag}{given} style="{style}">{content}</{tag}>').format(
        tag=tag, given=given, style=style, content=content
    )


def _table(rows: Iterable[Sequence[Markup]]) -> Markup:
    lines = Markup("\n").join(Markup("<tr>{}</tr>").format(Markup("").join(row)) for row in rows)
    return Markup('<table border="1" cellspacing="0" width="100%" style="{}">\n<tbody>\n{}\n</tbody>\n</table>').format(
        _TABLE, lines
    )
