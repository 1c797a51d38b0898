"""PDF files with text: paragraphs from lines, tables from the lines drawn around cells."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

import pypdfium2
import pypdfium2.raw as pdfium

from nianbao.importing.original import PAGE_NUMBER, Cell, Paragraph, Picture, Table
from nianbao.importing.readers.packages import DAMAGED
from nianbao.importing.readers.page_marks import Box, Glyph, Marks, marks_of
from nianbao.importing.readers.ruling import ruled_tables
from nianbao.importing.readers.unruled import unruled_tables
from nianbao.importing.recognition import LOCKED
from nianbao.importing.values import is_figure
from nianbao.reading.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nianbao.importing.original import Content
    from nianbao.importing.readers.ruling import RuledCell

_MOST_PAGES = 300
# Of the height of a line: a gap that is a blank, and one that divides columns; how far lines lie apart.
_BLANK = 0.28
_GAP = 1.5
_SAME_LINE = 0.5
# Cells in which few lines stand in the middle lie half a line beside those with more.
_LEVEL = 0.3
# A character drawn again so near, in parts of its width, makes it bold and is no second one.
_AGAIN = 0.3
# A line that ends so many characters before the margin ends its paragraph; one so far in begins one.
_SHORT = 2.5
_INDENT = 1.2
# Of the characters: beyond this a font tells nothing of what it shows.
_UNMAPPED = 0.3
# A picture smaller than this, in points, is a seal, a sign or a code to scan.
_SMALL = 100.0

_SCAN = "这份 PDF 是扫描件或者图片，没有文字，不能从中读数；请提供 Word 或文字版 PDF"
_NO_CODES = "这份 PDF 的字体没有写明是哪些字，不能从中读数；请用原来的 Word 重新另存为 PDF，或者直接导入 Word"
_LONG = f"这份 PDF 超过 {_MOST_PAGES} 页，不像一份年度报告；请只保存年度报告的那几页再导入"
_CROWDED = "这份 PDF 有的页图形或文字太多，不像年度报告；请只保存年度报告的那几页再导入"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """What a PDF shows: its *contents*, and the *unruled* tables, whose words are paragraphs of these too.

    *count* is how many pages it has. Places are 第3页, 第3页表2, 第3页无线表2.
    """

    contents: tuple[Content, ...]
    unruled: tuple[tuple[Table, ...], ...]
    count: int


def read_pdf(data: bytes) -> Pages:
    """Return what the PDF in *data* shows.

    Raises RefusedError where it is damaged, locked, a scan, or has fonts without codes. The lines of a paragraph are
    divided by line ends.
    """
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD or "password" in str(error).lower()
        raise RefusedError(LOCKED if locked else DAMAGED) from error
    try:
        count = len(document)
        if count > _MOST_PAGES:
            raise RefusedError(_LONG)
        pages = []
        for at in range(count):
            page = document[at]
            pages.append(marks_of(page))
            page.close()
    except pypdfium2.PdfiumError as error:
        raise RefusedError(DAMAGED) from error
    finally:
        document.close()
    if any(marks.crowded for marks in pages):
        raise RefusedError(_CROWDED)
    glyphs = sum(len(marks.glyphs) for marks in pages)
    if not glyphs:
        raise RefusedError(_SCAN)
    if sum(marks.unmapped for marks in pages) > _UNMAPPED * glyphs:
        raise RefusedError(_NO_CODES)
    read = [_page(marks, number) for number, marks in enumerate(pages, 1)]
    return Pages(
        contents=tuple(_joined(blocks for blocks, _ in read)),
        unruled=unruled_tables([rows for _, rows in read]),
        count=count,
    )


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    x0: float
    x1: float
    y0: float
    y1: float

    @property
    def height(self) -> float:
        return self.y1 - self.y0


@dataclass(frozen=True, slots=True)
class _Placed:
    """A block of a page with its upper edge; *open* tells that its last line goes to the margin."""

    content: Content
    top: float
    open: bool = False
    indented: bool = True


def _page(marks: Marks, number: int) -> tuple[list[_Placed], list[list[Glyph]]]:
    """Return the blocks of a page from top to bottom, and the lines outside of tables with lines."""
    tables = ruled_tables(marks.strokes)
    inside: dict[tuple[int, int], list[Glyph]] = defaultdict(list)
    outside = []
    for glyph in marks.glyphs:
        place = _cell_of(glyph, [table.cells for table in tables])
        if place is None:
            outside.append(glyph)
        else:
            inside[place].append(glyph)
    blocks = []
    shown = 0
    for at, table in enumerate(tables):
        texts = [_text(inside[at, cell]) for cell in range(len(table.cells))]
        if sum(bool(text) for text in texts) < 2:  # noqa: PLR2004  # a frame around a paragraph is no table
            outside.extend(chain.from_iterable(inside[at, cell] for cell in range(len(table.cells))))
            continue
        shown += 1
        cells = tuple(
            Cell(text=text, row=cell.row, column=cell.column, rows=cell.rows, columns=cell.columns)
            for cell, text in zip(table.cells, texts, strict=True)
        )
        blocks.append(_Placed(Table(cells=cells, place=f"第{number}页表{shown}", page=number), table.box.y0))
    frames = [table.box for table in tables]
    blocks.extend(_paragraphs(_lines(outside), number, frames))
    blocks.extend(
        _Placed(Picture(place=f"第{number}页", page=number), picture.y0)
        for picture in marks.pictures
        if min(picture.width, picture.height) >= _SMALL
    )
    return sorted(blocks, key=lambda block: block.top), _rows(outside, _LEVEL)


def _cell_of(glyph: Glyph, tables: Sequence[Sequence[RuledCell]]) -> tuple[int, int] | None:
    x, y = glyph.box.middle
    for at, cells in enumerate(tables):
        for number, cell in enumerate(cells):
            if cell.box.x0 <= x < cell.box.x1 and cell.box.y0 <= y < cell.box.y1:
                return at, number
    return None


def _text(glyphs: Sequence[Glyph]) -> str:
    text = _joined_lines(glyphs, _SAME_LINE)
    # A digit that is raised a little is no part of a figure.
    return _joined_lines(glyphs, _LEVEL) if is_figure(text) else text


def _joined_lines(glyphs: Iterable[Glyph], near: float) -> str:
    return "\n".join(text for row in _rows(glyphs, near) if (text := _line(row).text.strip()))


def _lines(glyphs: Iterable[Glyph]) -> list[_Line]:
    """Return *glyphs* as lines from top to bottom."""
    return [_line(row) for row in _rows(glyphs)]


def _rows(glyphs: Iterable[Glyph], near: float = _SAME_LINE) -> list[list[Glyph]]:
    """Return *glyphs* by lines from top to bottom, each from left to right; those of a line lie so *near*."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: glyph.box.middle[1]):
        middle = glyph.box.middle[1]
        last = rows[-1] if rows else []
        if last and middle - last[-1].box.middle[1] <= near * min(last[-1].box.height, glyph.box.height):
            last.append(glyph)
        else:
            rows.append([glyph])
    return [sorted(row, key=lambda glyph: glyph.box.x0) for row in rows]


def _line(row: Sequence[Glyph]) -> _Line:
    parts: list[str] = []
    before: Glyph | None = None
    for glyph in row:
        if before is not None:
            if glyph.text == before.text and glyph.box.x0 - before.box.x0 < _AGAIN * before.box.width:
                continue
            gap = glyph.box.x0 - before.box.x1
            if gap > _GAP * glyph.box.height:
                parts.append("  ")
            elif gap > _BLANK * glyph.box.height:
                parts.append(" ")
        parts.append(glyph.text)
        before = glyph
    boxes = [glyph.box for glyph in row]
    return _Line(
        "".join(parts),
        min(box.x0 for box in boxes),
        max(box.x1 for box in boxes),
        min(box.y0 for box in boxes),
        max(box.y1 for box in boxes),
    )


def _paragraphs(lines: Sequence[_Line], number: int, tables: Sequence[Box]) -> Iterator[_Placed]:
    """Yield the paragraphs that *lines* make; one of *tables* between two lines ends a paragraph."""
    lines = [line for line in lines if line.text.strip()]
    if not lines:
        return
    tops = [table.y0 for table in tables]
    left = min(line.x0 for line in lines)
    right = max(chain((line.x1 for line in lines), (table.x1 for table in tables)))
    current: list[_Line] = []

    def finished() -> _Placed:
        text = "\n".join(line.text.strip() for line in current)
        content = Paragraph(text=text, place=f"第{number}页", page=number)
        last, first = current[-1], current[0]
        return _Placed(
            content,
            first.y0,
            open=last.x1 > right - _SHORT * last.height,
            indented=first.x0 > left + _INDENT * first.height,
        )

    for line in lines:
        if current:
            before = current[-1]
            short = before.x1 < right - _SHORT * before.height
            indented = line.x0 > left + _INDENT * line.height
            apart = line.y0 - before.y1 > 1.5 * line.height or any(before.y0 < top <= line.y0 for top in tops)
            if short or indented or apart:
                yield finished()
                current = []
        current.append(line)
    if current:
        yield finished()


def _joined(pages: Iterable[list[_Placed]]) -> Iterator[Content]:
    """Yield the blocks of all *pages*; a paragraph that a page cuts is one."""
    held: _Placed | None = None
    furniture: list[Content] = []  # Page numbers between the halves of a paragraph.
    for blocks in pages:
        for block in blocks:
            content = block.content
            if isinstance(content, Paragraph) and PAGE_NUMBER.fullmatch(content.text):
                furniture.append(content)
                continue
            if held is not None and isinstance(held.content, Paragraph):
                cut = held.open and not block.indented and held.content.page != content.page
                if cut and isinstance(content, Paragraph):
                    text = f"{held.content.text}\n{content.text}"
                    whole = replace(held.content, text=text)
                    held = _Placed(whole, held.top, open=block.open, indented=held.indented)
                    continue
            if held is not None:
                yield held.content
            yield from furniture
            furniture.clear()
            held = block
    if held is not None:
        yield held.content
    yield from furniture
