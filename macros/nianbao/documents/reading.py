"""From the HTML of a page to blocks. What a document cannot carry is told as what it is, never dropped in silence."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from nianbao.documents import blocks
from nianbao.documents.blocks import Heading, ListBlock, PlainCell, PlainTable, Run, plain_text
from nianbao.documents.markup import BLOCKS, HEADINGS, Element, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from nianbao.documents.blocks import Block, StatutoryTable

_STYLES = {
    "strong": blocks.STRONG,
    "b": blocks.STRONG,
    "em": blocks.EMPHASIS,
    "i": blocks.EMPHASIS,
    "code": blocks.CODE,
    "kbd": blocks.CODE,
    "samp": blocks.CODE,
    "del": blocks.DELETED,
    "s": blocks.DELETED,
    "ins": blocks.ADDED,
    "u": blocks.ADDED,
    "sub": blocks.SUBSCRIPT,
    "sup": blocks.SUPERSCRIPT,
}
_UNSEEN = frozenset({"script", "style", "template", "head", "title", "col", "colgroup", "wbr", "source", "track"})
_FOREIGN = {
    "img": "图片",
    "picture": "图片",
    "svg": "图形",
    "canvas": "图形",
    "video": "视频",
    "audio": "音频",
    "iframe": "嵌入的内容",
    "object": "嵌入的内容",
    "embed": "嵌入的内容",
    "math": "公式",
    "input": "表单",
    "select": "表单",
    "textarea": "表单",
    "button": "按钮",
}

_BLANKS = re.compile(r"[ \t\n\r\f]+")
_SUPERFLUOUS = re.compile(r"\A[ \n]+|[ \n]+\Z|(?<=[ \n]) +| +(?=\n)")
_WEB = re.compile(r"(?:https?://|mailto:)[^\s<>\"]+", re.IGNORECASE)

# A statutory table stands in the text of a page as its number between these characters, which no page can contain.
_OPEN, _CLOSE = "\ue020", "\ue021"
_TABLE = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")


def table_mark(number: int) -> str:
    """Return what stands in a page for table *number* until its blocks are made."""
    return f"{_OPEN}{number}{_CLOSE}"


def read_blocks(html: str, table: Callable[[int], StatutoryTable]) -> tuple[Block, ...]:
    """Return the blocks of *html*, in which *table* gives those that `table_mark` stands for.

    Raises AssertionError where the HTML has a declaration that is none.
    """
    return tuple(_Reader(table).blocks(parse(html), blocks.TEXT))


class _Reader:
    def __init__(self, table: Callable[[int], StatutoryTable]) -> None:
        self._table = table
        self._outline = [1]  # The levels of the headings around, as the page writes them.

    def blocks(self, parent: Element, kind: str) -> Iterator[Block]:
        """Yield the blocks below *parent*; text that stands in no block of its own is a paragraph."""
        kind = _kind(parent, kind)
        loose: list[Element | str] = []
        for child in parent.children:
            if isinstance(child, Element) and "hidden" in child.attributes:
                continue
            if isinstance(child, str) or not _holds_block(child):
                loose.append(child)
                continue
            yield from self._paragraphs(loose, kind)
            loose = []
            yield from self._block(child, kind)
        yield from self._paragraphs(loose, kind)

    def _block(self, element: Element, kind: str) -> Iterator[Block]:
        tag = element.tag
        if tag in HEADINGS:
            runs = _runs(element.children)
            if runs:
                yield Heading(level=self._level(int(tag[1])), runs=_without_tables(runs))
        elif tag in {"ul", "ol"}:
            yield from self._list(element, kind)
        elif tag == "pre":
            text = element.text().strip("\n").expandtabs(4)
            if text:
                yield blocks.Paragraph(runs=(Run(text=text),), kind=blocks.PREFORMATTED)
        elif tag == "table":
            yield from _plain_table(element)
        elif tag == "dt":
            for paragraph in self._paragraphs(element.children, kind):
                yield _strong(paragraph)
        elif tag == "blockquote":
            yield from self.blocks(element, blocks.QUOTATION if kind == blocks.TEXT else kind)
        else:
            yield from self.blocks(element, kind)

    def _level(self, written: int) -> int:
        """Return the level of a heading in an outline that skips none."""
        while self._outline and self._outline[-1] >= written:
            self._outline.pop()
        self._outline.append(written)
        return len(self._outline)

    def _list(self, element: Element, kind: str) -> Iterator[Block]:
        items = tuple(
            found
            for child in element.elements()
            if child.tag not in _UNSEEN and (found := tuple(self.blocks(child, _kind(element, kind))))
        )
        start = element.attributes.get("start", "1")
        if items:
            number = int(start) if re.fullmatch("[0-9]{1,6}", start) else 1
            yield ListBlock(ordered=element.tag == "ol", start=number, items=items)

    def _paragraphs(self, children: Sequence[Element | str], kind: str) -> Iterator[Block]:
        """Yield the paragraph that *children* make, parted where tables stand in it."""
        line: list[Run] = []
        for run in _runs(children):
            parts = _TABLE.split(run.text)
            for index, part in enumerate(parts):
                if index % 2:
                    yield from _paragraph(line, kind)
                    line = []
                    yield self._table(int(part))
                elif part:
                    line.append(replace(run, text=part))
        yield from _paragraph(line, kind)


def _paragraph(line: Sequence[Run], kind: str) -> Iterator[Block]:
    runs = _normal(line)
    if not runs:
        return
    foreign = re.fullmatch(
        "〔(?:" + "|".join(dict.fromkeys(_FOREIGN.values())) + ")[^〔〕]*，见网页〕", plain_text(runs)
    )
    yield blocks.Paragraph(runs=runs, kind=blocks.OMISSION if foreign else kind)


def _strong(block: Block) -> Block:
    if not isinstance(block, blocks.Paragraph):
        return block
    return replace(block, runs=tuple(replace(run, styles=run.styles | {blocks.STRONG}) for run in block.runs))


def _kind(element: Element, kind: str) -> str:
    if "transcription" in element.classes:
        return blocks.TRANSCRIPTION
    return blocks.CATEGORY if "item-category" in element.classes else kind


def _holds_block(element: Element) -> bool:
    """Say whether *element* is a block, or an inline element around one, as HTML allows of links."""
    if element.tag in _UNSEEN or element.tag in _FOREIGN:
        return False
    return element.tag in BLOCKS or any(_holds_block(child) for child in element.elements())


def _runs(children: Sequence[Element | str]) -> tuple[Run, ...]:
    return _normal(list(_spread(children, frozenset(), "")))


def _spread(children: Sequence[Element | str], styles: frozenset[str], link: str) -> Iterator[Run]:
    for child in children:
        if isinstance(child, str):
            yield Run(text=_BLANKS.sub(" ", child), styles=styles, link=link)
        elif child.tag == "br":
            yield Run(text="\n", styles=styles, link=link)
        elif child.tag in _FOREIGN:
            yield Run(text=_omission(child))
        elif child.tag not in _UNSEEN and "hidden" not in child.attributes:
            own = {_STYLES[child.tag]} if child.tag in _STYLES else set()
            address = child.attributes.get("href", "").strip() if child.tag == "a" else ""
            yield from _spread(child.children, styles | own, address if _WEB.fullmatch(address) else link)


def _omission(element: Element) -> str:
    """Return what stands for an element that only a web page can show."""
    title = next((child.text() for child in element.elements() if child.tag == "title"), "")
    attributes = element.attributes
    names = (attributes.get(name, "") for name in ("alt", "aria-label", "title"))
    words = next(filter(None, (" ".join(name.split()) for name in (*names, title))), "")
    words = _TABLE.sub("", words).translate(dict.fromkeys(map(ord, "〔〕")))
    return f"〔{_FOREIGN[element.tag]}{'：' if words else ''}{words}，见网页〕"


def _normal(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Return *runs* as a browser shows them: single blanks, none at the ends and beside breaks; equals joined."""
    text = plain_text(runs)
    dropped = {index for match in _SUPERFLUOUS.finditer(text) for index in range(*match.span())}
    owners = [run for run in runs for _ in run.text]
    kept = [(text[index], owners[index]) for index in range(len(text)) if index not in dropped]
    return tuple(
        Run(text="".join(character for character, _ in group), styles=styles, link=link)
        for (styles, link), group in groupby(kept, key=lambda pair: (pair[1].styles, pair[1].link))
    )


def _without_tables(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """Return *runs* of a heading or a cell, where no table can stand."""
    return tuple(replace(run, text=_TABLE.sub("〔表格，见网页〕", run.text)) for run in runs)


def _plain_table(element: Element) -> Iterator[Block]:
    """Yield a table that a page brings, its cells placed on a grid as browsers do."""
    lines = list(_table_rows(element))
    caption = next((_runs(child.children) for child in element.elements() if child.tag == "caption"), ())
    taken: dict[int, int] = {}  # How many more rows each grid column is covered from above.
    rows: list[tuple[PlainCell, ...]] = []
    for index, line in enumerate(lines):
        column = 0
        cells = []
        covered = {place: rest - 1 for place, rest in taken.items() if rest > 1}
        for cell in line:
            while taken.get(column):
                column += 1
            wide = next((step for step in range(1, _span(cell, "colspan")) if taken.get(column + step)), 0)
            colspan = wide or _span(cell, "colspan")
            rowspan = min(_span(cell, "rowspan"), len(lines) - index)
            cells.append(
                PlainCell(
                    runs=_without_tables(_runs(cell.children)),
                    header=cell.tag == "th",
                    column=column,
                    colspan=colspan,
                    rowspan=rowspan,
                )
            )
            covered |= {place: rowspan - 1 for place in range(column, column + colspan) if rowspan > 1}
            column += colspan
        taken = covered
        rows.append(tuple(cells))
    width = max((cell.column + cell.colspan for row in rows for cell in row), default=0)
    if width and any(cell.runs for row in rows for cell in row):
        yield PlainTable(caption=caption, width=width, head=_head(rows), rows=tuple(rows))


def _table_rows(element: Element) -> Iterator[list[Element]]:
    for child in element.elements():
        if child.tag == "tr":
            yield [cell for cell in child.elements() if cell.tag in {"td", "th"}]
        elif child.tag in {"thead", "tbody", "tfoot"}:
            yield from _table_rows(child)


def _head(rows: Sequence[tuple[PlainCell, ...]]) -> int:
    """Return how many rows from the top are headings, with whatever those span."""
    head = 0
    for index, row in enumerate(rows):
        if index >= head and not (row and all(cell.header for cell in row)):
            break
        head = max([head, index + 1, *(index + cell.rowspan for cell in row)])
    return head if head < len(rows) else 0


def _span(cell: Element, name: str) -> int:
    written = cell.attributes.get(name, "1")
    return max(1, min(int(written), 100)) if re.fullmatch("[0-9]{1,4}", written) else 1
