"""Word files (.docx, those of WPS too) as a reader sees them: ECMA-376 Part 1, 17.

Tracked changes are read as accepted, content controls and text boxes once; hidden text is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nianbao.importing.original import OBJECT, RAISED, STRUCK
from nianbao.importing.readers.blocks import Image, Rows, Text, lays_out_the_page, placed, text_of
from nianbao.importing.readers.layout import Span, arranged
from nianbao.importing.readers.numbering import Numbering, W
from nianbao.importing.readers.packages import Package

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from nianbao.importing.original import Content
    from nianbao.importing.readers.blocks import Block

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_VML = "{urn:schemas-microsoft-com:vml}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_MAIN = "word/document.xml"

# What only wraps content that stands there, and what holds content that does not stand there any more, or is no text.
_WRAPPERS = frozenset(
    {f"{W}{name}" for name in ("ins", "moveTo", "customXml", "smartTag", "hyperlink", "fldSimple", "dir", "bdo")}
    | {f"{W}sdt", f"{W}sdtContent", f"{W}ruby", f"{W}rubyBase", f"{_MATH}oMath", f"{_MATH}oMathPara"}
)
_CHARACTERS = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
    # A character of a symbol font has no meaning outside of it.
    f"{W}sym": OBJECT,
    f"{W}object": OBJECT,
    f"{_VML}imagedata": OBJECT,
    f"{_DRAWING}blip": OBJECT,
    f"{_CHART}chart": OBJECT,
}
_OFF = frozenset({"0", "false", "off"})


@dataclass(slots=True)
class _Styles:
    """What the styles of a document say that a reader must know, by their ids."""

    levels: dict[str, int] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    numbered: dict[str, tuple[str, int]] = field(default_factory=dict)


def read_word(data: bytes) -> tuple[Content, ...]:
    """Return what the Word file in *data* shows; places are 第12段, 表2. Raises RefusedError for a damaged one."""
    package = Package(data)
    root = package.tree(_MAIN)
    styles = _styles(package.tree("word/styles.xml")) if "word/styles.xml" in package.names else _Styles()
    numbering = package.tree("word/numbering.xml") if "word/numbering.xml" in package.names else None
    reader = _Reader(styles, Numbering(numbering))
    body = root.find(f"{W}body")
    return () if body is None else tuple(placed(reader.blocks(body)))


def _styles(root: Element) -> _Styles:
    styles = _Styles()
    for style in root.iter(f"{W}style"):
        id_ = style.get(f"{W}styleId", "")
        name = style.find(f"{W}name")
        title = re.fullmatch("heading ([1-9])", "" if name is None else name.get(f"{W}val", "").lower())
        outline = style.find(f"{W}pPr/{W}outlineLvl")
        if title is not None:
            styles.levels[id_] = int(title[1])
        elif outline is not None and re.fullmatch("[0-8]", outline.get(f"{W}val", "")):
            styles.levels[id_] = int(outline.get(f"{W}val", "0")) + 1
        if _on(style.find(f"{W}rPr/{W}vanish")):
            styles.hidden.add(id_)
        number = _number(style.find(f"{W}pPr"))
        if number is not None:
            styles.numbered[id_] = number
    return styles


def _on(element: Element | None) -> bool:
    return element is not None and element.get(f"{W}val", "1") not in _OFF


def _number(properties: Element | None) -> tuple[str, int] | None:
    """Return list and level of a paragraph with *properties*, None where these say nothing of it."""
    found = None if properties is None else properties.find(f"{W}numPr")
    if found is None:
        return None
    id_, level = found.find(f"{W}numId"), found.find(f"{W}ilvl")
    at = "0" if level is None else level.get(f"{W}val", "0")
    return ("" if id_ is None else id_.get(f"{W}val", ""), int(at) if re.fullmatch("[0-8]", at) else 0)


class _Reader:
    """Reads the body of one document from its beginning to its end."""

    def __init__(self, styles: _Styles, numbering: Numbering) -> None:
        self._styles = styles
        self._numbering = numbering

    def blocks(self, parent: Element) -> Iterator[Block]:
        """Yield the blocks in *parent*: a body, a cell or a text box."""
        for child in _present(parent):
            if child.tag == f"{W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{W}tbl":
                yield from self._table(child)
            elif child.tag == f"{W}altChunk":
                yield Image()

    def _paragraph(self, paragraph: Element) -> Iterator[Block]:
        properties = paragraph.find(f"{W}pPr")
        style = None if properties is None else properties.find(f"{W}pStyle")
        id_ = "" if style is None else style.get(f"{W}val", "")
        boxes: list[Element] = []
        text = "".join(self._runs(paragraph, boxes, hidden=id_ in self._styles.hidden))
        number = _number(properties) or self._styles.numbered.get(id_)
        if number is not None and text.strip():
            text = self._numbering.next(*number) + text
        outline = None if properties is None else properties.find(f"{W}outlineLvl")
        own = "" if outline is None else outline.get(f"{W}val", "")
        level = int(own) + 1 if re.fullmatch("[0-8]", own) else self._styles.levels.get(id_, 0)
        if OBJECT in text and not text.replace(OBJECT, "").strip():
            yield Image()
        else:
            yield Text(text=text, level=level)
        for box in boxes:
            yield from self.blocks(box)

    def _runs(self, parent: Element, boxes: list[Element], *, hidden: bool) -> Iterator[str]:
        """Yield the texts below *parent*, collecting the *boxes* of text that hang on it."""
        for child in _present(parent):
            tag = child.tag
            if tag == f"{W}r":
                properties = child.find(f"{W}rPr")
                own = None if properties is None else properties.find(f"{W}vanish")
                style = None if properties is None else properties.find(f"{W}rStyle")
                styled = style is not None and style.get(f"{W}val") in self._styles.hidden
                if not (_on(own) if own is not None else styled or hidden):
                    yield from self._run(child, properties, boxes, hidden=hidden)
            elif tag in {f"{W}t", f"{_MATH}t"}:
                yield child.text or ""
            elif tag == f"{W}br":
                yield "" if child.get(f"{W}type") in {"page", "column"} else "\n"
            elif tag == f"{W}txbxContent":
                boxes.append(child)
            elif tag in _CHARACTERS:
                yield _CHARACTERS[tag]
            elif tag not in {f"{W}p", f"{W}tbl"} and not tag.startswith(f"{W}rt"):
                # Drawings and formulas nest what they show in elements of many names.
                yield from self._runs(child, boxes, hidden=hidden)

    def _run(self, run: Element, properties: Element | None, boxes: list[Element], *, hidden: bool) -> Iterator[str]:
        """Yield the text of *run*, that which is struck out or raised told from the rest."""
        texts = self._runs(run, boxes, hidden=hidden)
        if properties is None:
            yield from texts
            return
        upright = properties.find(f"{W}vertAlign")
        if any(_on(properties.find(f"{W}{name}")) for name in ("strike", "dstrike")):
            text = "".join(texts)
            yield STRUCK.format(text) if text.strip() else text
        elif upright is not None and upright.get(f"{W}val") == "superscript":
            yield "".join(texts).translate(RAISED)
        else:
            yield from texts

    def _table(self, table: Element) -> Iterator[Block]:
        spans, inner = [], []
        for row, line in enumerate(_rows(table)):
            column = _before(line)
            for cell in _cells(line):
                properties = cell.find(f"{W}tcPr")
                width = _span(None if properties is None else properties.find(f"{W}gridSpan"))
                across = None if properties is None else properties.find(f"{W}hMerge")
                down = None if properties is None else properties.find(f"{W}vMerge")
                blocks = tuple(self.blocks(cell))
                inner.append(blocks)
                spans.append(
                    Span(
                        row=row,
                        column=column,
                        columns=width,
                        leftwards=across is not None and across.get(f"{W}val", "continue") == "continue",
                        upwards=down is not None and down.get(f"{W}val", "continue") == "continue",
                        content=len(inner) - 1,
                    )
                )
                column += width
        if lays_out_the_page(len(spans), inner):
            for blocks in inner:
                yield from blocks
            return
        yield Rows(cells=arranged(spans, [text_of(blocks) for blocks in inner]))


def _present(parent: Element) -> Iterator[Element]:
    """Yield what stands in *parent*, looking through what only wraps it, without what was deleted."""
    for child in parent:
        if not isinstance(child.tag, str):
            continue
        if child.tag in _WRAPPERS:
            yield from _present(child)
        elif child.tag == f"{_MC}AlternateContent":
            # The same content twice, for new programs and for old ones.
            chosen = child.find(f"{_MC}Choice")
            if chosen is None or not len(chosen):
                chosen = child.find(f"{_MC}Fallback")
            if chosen is not None:
                yield from _present(chosen)
        elif child.tag not in {f"{W}del", f"{W}moveFrom", f"{W}sdtPr", f"{W}rt", f"{W}instrText", f"{W}delText"}:
            yield child


def _rows(table: Element) -> Iterator[Element]:
    for row in _present(table):
        properties = row.find(f"{W}trPr")
        if row.tag == f"{W}tr" and (
            properties is None or not (properties.find(f"{W}del") is not None or _on(properties.find(f"{W}hidden")))
        ):
            yield row


def _cells(row: Element) -> Iterator[Element]:
    for cell in _present(row):
        if cell.tag == f"{W}tc" and cell.find(f"{W}tcPr/{W}cellDel") is None:
            yield cell


def _before(row: Element) -> int:
    """Return how many columns of the grid *row* leaves out at its beginning."""
    found = row.find(f"{W}trPr/{W}gridBefore")
    return 0 if found is None else _span(found)


def _span(element: Element | None) -> int:
    text = "1" if element is None else element.get(f"{W}val", "1")
    return min(int(text), 1000) if re.fullmatch("[0-9]{1,9}", text) and int(text) else 1
