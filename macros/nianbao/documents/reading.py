"""From the tree of a page to blocks. What a document cannot carry is told as what it is, never dropped in silence."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from nianbao.documents import blocks
from nianbao.documents.blocks import Heading, ListBlock, PlainCell, PlainTable, Run, plain_text
from nianbao.pages.chinese_line_breaks import PREFORMATTED, joined
from nianbao.prose.macros import MACROS, Belongs
from nianbao.prose.tree import Drawn, Element, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from nianbao.documents.blocks import Block, StatutoryTable
    from nianbao.prose.tree import Node

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

_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_BLOCKS = _HEADINGS | {"p", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "table", "div", "section"}
_BLOCKS |= {"article", "aside", "header", "footer", "main", "nav", "figure", "figcaption", "details", "summary", "hr"}
_BLOCKS |= {"address", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "colgroup", "fieldset", "form"}


def read_blocks(tree: Element, table: Callable[[str], StatutoryTable]) -> tuple[Block, ...]:
    """Return the blocks of the *tree* of a page; *table* gives the statutory table of an id."""
    return tuple(_Reader(table).blocks(tree.children, blocks.TEXT))


class _Reader:
    def __init__(self, table: Callable[[str], StatutoryTable]) -> None:
        self._table = table
        self._outline = [1]  # The levels of the headings around, as the page writes them.

    def blocks(self, nodes: Iterable[Node], kind: str) -> Iterator[Block]:
        """Yield the blocks that *nodes* make; text that stands in no block of its own is a paragraph."""
        loose: list[Node] = []
        for node in nodes:
            if isinstance(node, Element) and "hidden" in node.attributes:
                continue
            if isinstance(node, Text) or not _holds_block(node):
                loose.append(node)
                continue
            yield from _paragraph(loose, kind)
            loose = []
            yield from self._drawn(node, kind) if isinstance(node, Drawn) else self._block(node, _kind(node, kind))
        yield from _paragraph(loose, kind)

    def _drawn(self, node: Drawn, kind: str) -> Iterator[Block]:
        """Yield what a macro has drawn, where it is of the report."""
        match MACROS[node.call.name].belongs:
            case Belongs.TABLE:
                yield self._table(str(node.call.argument))
            case Belongs.REPORT:
                yield from self.blocks(node.children, kind)

    def _block(self, element: Element, kind: str) -> Iterator[Block]:
        tag = element.tag
        if tag in _HEADINGS:
            runs = _runs(element.children)
            if runs:
                yield Heading(level=self._level(int(tag[1])), runs=runs)
        elif tag in {"ul", "ol"}:
            yield from self._list(element, kind)
        elif tag == "pre":
            text = element.text().strip("\n").expandtabs(4)
            if text:
                yield blocks.Paragraph(runs=(Run(text=text),), kind=blocks.PREFORMATTED)
        elif tag == "table":
            yield from _plain_table(element)
        elif tag == "dt":
            yield from map(_strong, _paragraph(element.children, kind))
        elif tag == "blockquote":
            yield from self.blocks(element.children, blocks.QUOTATION if kind == blocks.TEXT else kind)
        else:
            yield from self.blocks(element.children, kind)

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
            if child.tag not in _UNSEEN and (found := tuple(self.blocks(child.children, _kind(child, kind))))
        )
        start = element.attributes.get("start", "1")
        if items:
            number = int(start) if re.fullmatch("[0-9]{1,6}", start) else 1
            yield ListBlock(ordered=element.tag == "ol", start=number, items=items)


def _paragraph(nodes: Sequence[Node], kind: str) -> Iterator[Block]:
    runs = _runs(nodes)
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


def _holds_block(node: Element | Drawn) -> bool:
    """Say whether *node* is a block, or an inline element around one, as HTML allows of links."""
    if isinstance(node, Drawn):
        return True
    if node.tag in _UNSEEN or node.tag in _FOREIGN:
        return False
    return node.tag in _BLOCKS or any(_holds_block(child) for child in node.children if not isinstance(child, Text))


def _runs(nodes: Sequence[Node]) -> tuple[Run, ...]:
    return _normal(list(_spread(nodes, frozenset(), "")))


def _spread(nodes: Sequence[Node], styles: frozenset[str], link: str, *, exact: bool = False) -> Iterator[Run]:
    """Yield the text of *nodes*, lines joined as on the site unless they are *exact*."""
    before: Node | None = None
    for node in nodes:
        if isinstance(node, Text):
            after_break = isinstance(before, Element) and before.tag == "br"
            text = node.text if exact or after_break else joined(node.text)
            yield Run(text=_BLANKS.sub(" ", text), styles=styles, link=link)
        elif isinstance(node, Drawn):  # In a cell of a table, which holds text alone.
            if MACROS[node.call.name].belongs is Belongs.TABLE:
                yield Run(text="〔表格，见网页〕")
        elif node.tag == "br":
            yield Run(text="\n", styles=styles, link=link)
        elif node.tag in _FOREIGN:
            yield Run(text=_omission(node))
        elif node.tag not in _UNSEEN and "hidden" not in node.attributes:
            own = {_STYLES[node.tag]} if node.tag in _STYLES else set()
            address = node.attributes.get("href", "").strip() if node.tag == "a" else ""
            inner = address if _WEB.fullmatch(address) else link
            yield from _spread(node.children, styles | own, inner, exact=exact or node.tag in PREFORMATTED)
        before = node


def _omission(element: Element) -> str:
    """Return what stands for an element that only a web page can show."""
    title = next((child.text() for child in element.elements() if child.tag == "title"), "")
    attributes = element.attributes
    names = (attributes.get(name, "") for name in ("alt", "aria-label", "title"))
    words = next(filter(None, (" ".join(name.split()) for name in (*names, title))), "")
    words = words.translate(dict.fromkeys(map(ord, "〔〕")))
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
                    runs=_runs(cell.children),
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
