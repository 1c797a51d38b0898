"""A document as a Word file in the typography of official documents, readable in Word, WPS and LibreOffice."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING, Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE as RELATION
from docx.oxml.ns import qn

from nianbao.documents import blocks as kinds
from nianbao.documents import typography
from nianbao.documents import word_parts as parts
from nianbao.documents.blocks import (
    Heading,
    ListBlock,
    Paragraph,
    PlainTable,
    Run,
    StatutoryTable,
    clean,
    parts_of_item,
    plain_text,
)
from nianbao.documents.corrections import ending
from nianbao.documents.tables import set_plain, set_statutory
from nianbao.documents.typography import note_lines, title_lines
from nianbao.documents.word_parts import MOST_LEVELS, Numbering, element, twips

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from docx.document import Document as WordDocument
    from docx.parts.document import DocumentPart
    from docx.section import _BaseHeaderFooter

    from nianbao.documents.blocks import Block
    from nianbao.documents.document import Document
    from nianbao.documents.tables import SetCell, SetTable

    _Content = Callable[[Sequence[Run], float], Sequence[Any]]

_STYLES = {
    kinds.TEXT: "a",
    kinds.QUOTATION: "Quote",
    kinds.PREFORMATTED: "Code",
    kinds.CATEGORY: "Category",
    kinds.TRANSCRIPTION: "Remark",
    kinds.SIGNATURE: "Signature",
    kinds.OMISSION: "a",
}

# Zip files know no earlier day.
_DAY = (1980, 1, 1, 0, 0, 0)


def word_file(document: Document) -> bytes:
    """Return *document* as a .docx file. The same document gives the same bytes."""
    made = docx.Document(io.BytesIO(parts.template()))
    writer = _Writer(made.part)
    body = made.element.body
    for block in writer.whole(document):
        body.insert(len(body) - 1, block)  # What describes the pages stays last.
    writer.numbering.write(made.part.numbering_part.element)
    _pages(made, draft=document.draft)
    _properties(made, document)
    buffer = io.BytesIO()
    made.save(buffer)
    return _repacked(buffer.getvalue())


def _pages(made: WordDocument, *, draft: bool) -> None:
    """Put numbers on the pages, odd ones at the right and even ones at the left, and on each the mark of a draft."""
    section = made.sections[0]
    sides = ((section.footer, section.header, "right"), (section.even_page_footer, section.even_page_header, "left"))
    for number, (footer, header, side) in enumerate(sides):
        _replace(footer, parts.page_number(side))
        if draft:
            _replace(header, parts.draft_mark(number))


def _replace(story: _BaseHeaderFooter, paragraph: Any) -> None:  # noqa: ANN401  # lxml
    story.is_linked_to_previous = False
    (empty,) = story.paragraphs
    empty._p.getparent().replace(empty._p, paragraph)  # noqa: SLF001  # the library's own way to the element


def _properties(made: WordDocument, document: Document) -> None:
    """Write title, agency, language, and the day of what stands here; no clock is asked."""
    core = made.core_properties
    core.title = clean(document.title)[:255]
    core.author = clean(document.agency)[:255]
    core.last_modified_by = ""
    core.language = "zh-CN"
    core.subject = "政府信息公开工作年度报告"
    core.content_status = "草稿" if document.draft else ""
    core.revision = 1
    day = document.last_day
    if day is not None:
        core.created = core.modified = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
    else:  # The library gives every file a day; what is not known is left out.
        element = core._element  # noqa: SLF001  # it has no way of its own to take a property away
        for child in [child for child in element if child.tag.endswith(("}created", "}modified"))]:
            element.remove(child)


class _Writer:
    """Makes paragraphs and tables of blocks. *numbering* collects the lists."""

    def __init__(self, part: DocumentPart) -> None:
        self.numbering = Numbering()
        self._part = part

    def whole(self, document: Document) -> Iterator[Any]:
        """Yield everything from the notice of the site and the title to the last correction."""
        if document.notice:
            yield self._paragraph("Caption", (Run(text=document.notice),))
        yield self._paragraph("Title", (Run(text="\n".join(title_lines(document))),))
        yield self._paragraph("Subtitle", (Run(text="\n".join(note_lines(document))),))
        body = list(self._blocks(document.body))
        if document.signature:  # It never stands on a page alone.
            body[-1].get_or_add_pPr().get_or_add_keepNext()
        yield from body
        yield from self._blocks(ending(document))

    def _blocks(self, blocks: Iterable[Block]) -> Iterator[Any]:
        for block in blocks:
            match block:
                case Heading():
                    yield self._paragraph(str(min(block.level, parts.LAST_HEADING)), block.runs)
                case Paragraph():
                    yield self._paragraph(_STYLES[block.kind], block.runs)
                case ListBlock():
                    yield from self._list(block, 0)
                case StatutoryTable() | PlainTable():
                    yield from self._table(block)

    def _table(self, block: StatutoryTable | PlainTable) -> Iterator[Any]:
        table = set_statutory(block) if isinstance(block, StatutoryTable) else set_plain(block)
        name = block.caption if isinstance(block, StatutoryTable) else plain_text(block.caption)
        if table.caption:
            yield self._paragraph("Caption", table.caption)
        yield _word_table(table, clean(name or "表格"), self._runs)
        # Text that followed at once would cling to the table.
        yield from (self._paragraph("Remark", (Run(text=note),)) for note in table.notes or ("",))

    def _list(self, block: ListBlock, level: int) -> Iterator[Any]:
        """Yield the paragraphs of a list: the first of each item bears its number."""
        level = min(level, MOST_LEVELS - 1)
        number = self.numbering.add(ordered=block.ordered, start=block.start, level=level)
        for item in block.items:
            first, rest = parts_of_item(item)
            mark = element("numPr", None, element("ilvl", {"val": level}), element("numId", {"val": number}))
            yield self._paragraph(_STYLES[first.kind], first.runs, mark)
            for inner in rest:
                if isinstance(inner, ListBlock):
                    yield from self._list(inner, level + 1)
                else:
                    yield from self._blocks((inner,))

    def _paragraph(self, style: str, runs: Sequence[Run], *marks: Any) -> Any:  # noqa: ANN401  # lxml
        properties = element("pPr", None, element("pStyle", {"val": style}), *marks)
        return element("p", None, properties, *self._runs(runs, 0))

    def _runs(self, runs: Sequence[Run], size: float) -> list[Any]:
        """Return the runs of a paragraph, at the *size* of its style where that is 0."""
        made = []
        for run in runs:
            if run.link:
                key = self._part.relate_to(run.link, RELATION.HYPERLINK, is_external=True)
                made.append(element("hyperlink", None, _run(run, size)))
                made[-1].set(qn("r:id"), key)
            else:
                made.append(_run(run, size))
        return made


def _run(run: Run, size: float) -> Any:  # noqa: ANN401  # lxml
    properties = element("rPr")
    if kinds.CODE in run.styles:
        properties.append(element("rFonts", dict.fromkeys(("ascii", "hAnsi", "eastAsia", "cs"), parts.SONG)))
    properties.extend(element(tag) for style, tag in _TOGGLES.items() if style in run.styles)
    if size:
        properties.extend(element(tag, {"val": f"{size * 2:g}"}) for tag in ("sz", "szCs"))
    if run.link or kinds.ADDED in run.styles:
        properties.append(element("u", {"val": "single"}))
    for style in (kinds.SUBSCRIPT, kinds.SUPERSCRIPT):
        if style in run.styles:
            properties.append(element("vertAlign", {"val": style}))
    made = element("r", None, *([properties] if len(properties) else []))
    for number, line in enumerate(clean(run.text).split("\n")):
        if number:
            made.append(element("br"))
        text = element("t")
        text.text = line
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        made.append(text)
    return made


_TOGGLES = {kinds.STRONG: "b", kinds.EMPHASIS: "i", kinds.DELETED: "strike"}


def _repacked(file: bytes) -> bytes:
    """Return the zip *file* with a fixed day in place of the clock's."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3  # The same on every system.
            new.writestr(entry, old.read(name))
    return buffer.getvalue()


_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
_LINE = {"val": "single", "sz": 4, "space": 0, "color": "000000"}
_LOOK = {"val": "04A0", "firstRow": 1, "lastRow": 0, "firstColumn": 1, "lastColumn": 0, "noHBand": 0, "noVBand": 1}


def _word_table(table: SetTable, name: str, content: _Content) -> Any:  # noqa: ANN401  # lxml
    """Return *table*, which readers who see nothing are told of by *name*.

    *content* makes the runs of a cell from its text and the size of its type.
    """
    ends = [0, *(twips(sum(table.columns.widths[: index + 1])) for index in range(len(table.columns.widths)))]
    grid = (element("gridCol", {"w": after - before}) for before, after in pairwise(ends))
    made = element("tbl", None, _table_properties(name, ends[-1]), element("tblGrid", None, *grid))
    # Only headings at the top can be repeated; those further down head what follows them.
    head = sum(1 for _ in takewhile(lambda row: row.header, table.rows))
    open_: list[tuple[SetCell, int]] = []  # Cells from above, with the rows that they still reach down.
    for number, row in enumerate(table.rows):
        last = number == len(table.rows) - 1
        keep = not last and (table.together or number < head)
        line = element("tr", None, _row_properties(header=number < head))
        begun = [(cell, True) for cell in row.cells]
        for cell, begins in sorted([*begun, *((cell, False) for cell, _ in open_)], key=lambda piece: piece[0].column):
            width = ends[cell.column + cell.colspan] - ends[cell.column]
            paragraph = _cell_paragraph(cell, table.columns.size, content if begins else None, keep=keep)
            line.append(element("tc", None, _cell_properties(cell, width, begins=begins), paragraph))
        made.append(line)
        open_ = [(cell, rest - 1) for cell, rest in open_ if rest > 1]
        open_ += [(cell, cell.rowspan - 1) for cell in row.cells if cell.rowspan > 1]
    return made


def _table_properties(name: str, width: int) -> Any:  # noqa: ANN401  # lxml
    made = element(
        "tblPr",
        None,
        element("tblW", {"w": width, "type": "dxa"}),
        element("jc", {"val": "center"}),
        element("tblBorders", None, *(element(side, _LINE) for side in _SIDES)),
        element("tblLayout", {"type": "fixed"}),
        element("tblCellMar", None, *(element(side, {"w": 57, "type": "dxa"}) for side in ("left", "right"))),
        element("tblLook", _LOOK),
    )
    made.extend([element("tblCaption", {"val": name}), element("tblDescription", {"val": name})])
    return made


def _row_properties(*, header: bool) -> Any:  # noqa: ANN401  # lxml
    height = element("trHeight", {"val": twips(typography.ROW_HEIGHT), "hRule": "atLeast"})
    return element("trPr", None, element("cantSplit"), height, *([element("tblHeader")] if header else []))


def _cell_properties(cell: SetCell, width: int, *, begins: bool) -> Any:  # noqa: ANN401  # lxml
    made = element("tcPr", None, element("tcW", {"w": width, "type": "dxa"}))
    if cell.colspan > 1:
        made.append(element("gridSpan", {"val": cell.colspan}))
    if cell.rowspan > 1:
        made.append(element("vMerge", {"val": "restart"} if begins else None))
    made.append(element("vAlign", {"val": "center"}))
    return made


def _cell_paragraph(cell: SetCell, size: float, content: _Content | None, *, keep: bool) -> Any:  # noqa: ANN401  # lxml
    pitch = round(size * typography.CELL_PITCH * 20)
    style = element(
        "pPr",
        None,
        element("pStyle", {"val": "Cell"}),
        *([element("keepNext")] if keep else []),
        element("spacing", {"before": 20, "after": 20, "line": pitch, "lineRule": "exact"}),
        element("jc", {"val": cell.align}),
    )
    return element("p", None, style, *(content(cell.runs, size) if content else ()))
