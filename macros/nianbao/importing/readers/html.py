"""Pages saved from a site, as a browser shows them: tables with their spans, without what is hidden."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

from lxml.html import Element

from nianbao.importing.original import OBJECT, RAISED, STRUCK, Cell
from nianbao.importing.readers.blocks import Image, Rows, Text, lays_out_the_page, placed, text_of
from nianbao.importing.readers.characters import decoded
from nianbao.reading.html import parse_document
from nianbao.reading.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement

    from nianbao.importing.original import Content
    from nianbao.importing.readers.blocks import Block

_SKIPPED = frozenset({"head", "script", "style", "template", "noscript", "iframe", "rp", "rt"})
_INLINE = frozenset(
    {
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
    }
    | {"q", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"}
    | {"o:p", "st1:chsdate"}  # what Word writes
)
# What stands in a table and is no row.
_APART = frozenset({"caption", "colgroup", "col", "table"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
# What shows something that is no text of the page.
_OBJECTS = frozenset({"img", "input", "canvas", "embed", "video", "select", "textarea", "object", "svg"})
_STRUCK = frozenset({"s", "strike", "del"})
_LINE_THROUGH = re.compile(r"text-decoration[a-z-]*\s*:[^;]*line-through", re.IGNORECASE)
# A rule for a class alone, or for one of an element, that hides it.
_HIDING = re.compile(r"(?:^|[},])\s*[a-z]*\.([\w-]+)\s*(?:,[^{}]*)?\{[^{}]*display\s*:\s*none", re.IGNORECASE)
_NOT_SHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")

# Deeper nests are made by programs that never close an element; what is so deep is read as plain text.
_DEEPEST = 150
_WIDEST = 1000
_LARGEST = 500_000
_TOO_LARGE = "网页里有一张表大得不像年度报告的表；请只保存年度报告的网页再导入"


def read_html(text: str) -> tuple[Content, ...]:
    """Return what the page *text* shows; places are 第12段, 表2. Raises RefusedError for a table of absurd spans."""
    root = parse_document(text.encode("utf-8", "replace"))
    _hide(root)
    body = root.find("body")
    return tuple(placed(_blocks(root if body is None else body, 0)))


def page_of_archive(data: bytes) -> str:
    """Return the page in a web archive (.mht), which holds it with its pictures as a letter holds its enclosures."""
    for part in message_from_bytes(data, policy=policy.default).walk():
        if part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            text = decoded(content) if isinstance(content, bytes) else None
            if text is not None:
                return text
    message = "这个网页存档里没有网页；请在浏览器里把网页另存为 .html 再导入"
    raise RefusedError(message)


def _hide(root: HtmlElement) -> None:
    """Mark as hidden what the style sheets in the page hide by a class."""
    sheets = " ".join(sheet.text or "" for sheet in root.iter("style"))
    hiding = {found[1] for found in _HIDING.finditer(sheets)}
    for element in root.iter() if hiding else ():
        if hiding.intersection((element.get("class") or "").split()):
            element.set("hidden", "")


@dataclass(slots=True)
class _Line:
    """Words that are collected until a block ends."""

    words: list[str] = field(default_factory=list)

    def taken(self, level: int) -> Iterator[Block]:
        """Yield what was collected and begin anew."""
        text = _SPACE.sub(" ", "".join(self.words)).strip()
        self.words.clear()
        if text and not text.replace(OBJECT, "").strip("\u00a0 "):
            yield Image()
        elif text.strip("\u00a0\u3000 "):
            yield Text(text=text, level=level)


def _blocks(parent: HtmlElement, depth: int) -> Iterator[Block]:
    line = _Line()
    yield from _walk(parent, line, depth, 0)
    yield from line.taken(0)


def _walk(parent: HtmlElement, line: _Line, depth: int, level: int) -> Iterator[Block]:
    if depth > _DEEPEST:
        line.words.append(" ".join(parent.itertext()))
        return
    line.words.append(parent.text or "")
    for child in parent:
        yield from _element(child, line, depth, level)
        line.words.append(child.tail or "")


def _element(element: HtmlElement, line: _Line, depth: int, level: int) -> Iterator[Block]:
    tag = element.tag if isinstance(element.tag, str) else ""
    if not tag or tag in _SKIPPED or _hidden(element):
        return
    if tag in {"br", "hr"}:
        yield from line.taken(level)
    elif tag in _OBJECTS:
        if element.get("type") != "hidden" and (tag != "svg" or element.find(".//text") is not None):
            line.words.append(OBJECT)
    elif tag == "table":
        yield from line.taken(level)
        yield from _table(element, depth)
    elif tag in _STRUCK or (tag in _INLINE and _LINE_THROUGH.search(element.get("style", ""))):
        line.words.append(STRUCK.format("".join(element.itertext())) if element.text_content().strip() else " ")
    elif tag == "sup":
        line.words.append("".join(element.itertext()).translate(RAISED))
    elif tag in _INLINE:
        yield from _walk(element, line, depth + 1, level)
    else:
        yield from line.taken(level)
        own = _HEADINGS.get(tag, level)
        yield from _walk(element, line, depth + 1, own)
        yield from line.taken(own)


def _hidden(element: HtmlElement) -> bool:
    return element.get("hidden") is not None or _NOT_SHOWN.search(element.get("style", "")) is not None


def _table(table: HtmlElement, depth: int) -> Iterator[Block]:
    if depth > _DEEPEST:
        return
    for child in table:
        # What browsers show before the rows, wherever it is written.
        if child.tag in {"caption", "table"} and not _hidden(child):
            yield from _table(child, depth + 1) if child.tag == "table" else _blocks(child, depth + 1)
    cells, inner = _laid_out(list(_rows(table, depth)), depth)
    if lays_out_the_page(len(cells), inner):
        for blocks in inner:
            yield from blocks
    elif cells:
        yield Rows(cells=tuple(cells))


def _laid_out(rows: Sequence[Sequence[HtmlElement]], depth: int) -> tuple[list[Cell], list[tuple[Block, ...]]]:
    """Return the cells of *rows* where browsers set them, and what each of them holds."""
    cells: list[Cell] = []
    inner: list[tuple[Block, ...]] = []
    taken: set[tuple[int, int]] = set()
    for row, line in enumerate(rows):
        column = 0
        for cell in line:
            while (row, column) in taken:
                column += 1
            across, down = min(_span(cell, "colspan"), _WIDEST) or 1, _span(cell, "rowspan")
            # A span of 0 goes on to the last row, and none goes further.
            height = min(down, len(rows) - row) if down else len(rows) - row
            taken.update((row + r, column + c) for r in range(height) for c in range(across))
            if len(taken) > _LARGEST or column > _WIDEST:
                raise RefusedError(_TOO_LARGE)
            blocks = tuple(_blocks(cell, depth + 1))
            inner.append(blocks)
            cells.append(Cell(text=text_of(blocks), row=row, column=column, rows=height, columns=across))
            column += across
    return cells, inner


def _rows(table: HtmlElement, depth: int) -> Iterator[list[HtmlElement]]:
    """Yield the cells of each row; cells outside of a row make one, and words outside of a cell stand in one."""
    if depth > _DEEPEST:
        return
    loose: list[HtmlElement] = []
    for child in table:
        if not isinstance(child.tag, str) or _hidden(child):
            continue
        if child.tag in {"td", "th"}:
            loose.append(child)
            continue
        if loose:
            yield loose
            loose = []
        if child.tag == "tr":
            yield list(_cells(child, depth))
        elif child.tag not in _APART | _SKIPPED:
            yield from _rows(child, depth + 1)
    if loose:
        yield loose


def _cells(row: HtmlElement, depth: int) -> Iterator[HtmlElement]:
    """Yield the cells of *row*, and in cells of their own the words that stand between them."""
    if depth > _DEEPEST:
        return
    yield from _loose(row.text)
    for child in row:
        if isinstance(child.tag, str) and not _hidden(child):
            if child.tag in {"td", "th"}:
                yield child
            elif child.tag not in _SKIPPED:
                yield from _cells(child, depth + 1)
        yield from _loose(child.tail)


def _loose(text: str | None) -> Iterator[HtmlElement]:
    if text and text.strip("\u00a0\u3000 \t\r\n\f"):
        cell = Element("td")
        cell.text = text
        yield cell


def _span(cell: HtmlElement, name: str) -> int:
    text = cell.get(name, "1").strip()
    return int(text) if re.fullmatch("[0-9]{1,6}", text) else 1
