"""The report of a body as a part of its superior's site: the cells and words that were judged, and nothing else.

Words are escaped, links are words, pictures and ids of the body are left out: nothing of a report reaches another page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from nianbao.documents import blocks as kinds
from nianbao.documents.blocks import Heading, ListBlock, Paragraph, PlainTable, StatutoryTable, clean, plain_text
from nianbao.documents.document import section_blocks, table_block
from nianbao.pages.lists import publication_notes
from nianbao.tables.html import columns, level
from nianbao.tables.layout import Head
from nianbao.tables.scrolling import body, scrolling_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nianbao.documents.blocks import Block, PlainCell, Run
    from nianbao.model.form import Section
    from nianbao.model.report import Report
    from nianbao.prose.passages import YearText
    from nianbao.tables.layout import Data, Grid, Row

# Characters; no report of a body is as long.
_MOST = 2_000_000
_LAST_HEADING = 6


def report_html(report: Report, pages: YearText | None) -> str:
    """Return *report* with the words of its *pages* as HTML; without pages it has its tables only."""
    notes = "；".join(publication_notes(report))
    lines = [Markup("<p>{}</p>").format(clean(notes))] if notes else []
    for section in report.form.sections:
        blocks = _section(report, pages, section)
        if blocks:
            lines.append(Markup("<h2>{}</h2>").format(f"{section.number}、{section.title}"))
            lines += _blocks(blocks)
    whole = Markup("\n").join([Markup('<div class="member-report">'), *lines, Markup("</div>")])
    return str(whole) if len(whole) <= _MOST else "<p>全文太长，没有列出。</p>"


def _section(report: Report, pages: YearText | None, section: Section) -> tuple[Block, ...]:
    page = pages.section(section) if pages is not None else None
    if page is not None:
        return section_blocks(page, report)
    return (table_block(report, section.table),) if section.table else ()


def _blocks(blocks: Iterable[Block]) -> Iterator[Markup]:
    for block in blocks:
        match block:
            case Heading():
                level = min(block.level + 1, _LAST_HEADING)
                yield Markup("<h{0}>{1}</h{0}>").format(level, _words(block.runs))
            case Paragraph(kind=kinds.OMISSION):
                continue
            case Paragraph():
                yield Markup("<p>{}</p>").format(_words(block.runs))
            case ListBlock():
                tag = "ol" if block.ordered else "ul"
                items = Markup("\n").join(
                    Markup("<li>{}</li>").format(Markup("\n").join(_blocks(item))) for item in block.items
                )
                yield Markup("<{0}>\n{1}\n</{0}>").format(tag, items)
            case StatutoryTable():
                yield _statutory(block)
                yield from (Markup("<p>注：{}</p>").format(clean(note)) for note in block.notes)
            case PlainTable():
                yield from _plain(block)


def _words(runs: Iterable[Run]) -> Markup:
    return Markup("<br>").join(escape(part) for part in clean(plain_text(tuple(runs))).splitlines())


def _statutory(block: StatutoryTable) -> Markup:
    """Return a table as those of the superior's own report look, without their addresses."""
    return scrolling_table(
        clean(f"{block.caption}{block.unit}"),
        [columns(block.grid), *_parts(block.grid)],
        kind=f"statutory-{block.id}",
        caption_id=f"{block.id}-caption",
    )


def _parts(grid: Grid) -> Iterator[Markup]:
    """Yield a head and a body; where blocks bring headings of their own, a body for each block."""
    for rows in grid.blocks:
        first = [row for row in rows if row.header] if len(grid.blocks) == 1 else []
        if first:
            yield Markup("<thead>\n{}\n</thead>").format(Markup("\n").join(_statutory_row(row) for row in first))
        yield body(_statutory_row(row) for row in rows if row not in first)


def _statutory_row(row: Row) -> Markup:
    return _row(_statutory_cell(cell) for cell in row.cells)


def _statutory_cell(cell: Head | Data) -> Markup:
    if isinstance(cell, Head):
        scope = Markup(' scope="{}"').format(cell.scope) if cell.scope else Markup("")
        spans = _spans(cell.colspan, cell.rowspan)
        return Markup("<th{}{}{}>{}</th>").format(scope, spans, level(cell), clean(cell.label))
    # Figures stay out of the search: 0 would be its commonest word.
    return Markup("<td{} data-search-exclude>{}</td>").format(_spans(cell.colspan, 1), clean(cell.cell.text))


def _plain(block: PlainTable) -> Iterator[Markup]:
    if block.caption:
        yield Markup("<p>{}</p>").format(_words(block.caption))
    rows = Markup("\n").join(_row(map(_plain_cell, row)) for row in block.rows)
    yield Markup(
        '<div class="statutory-table">\n<table class="statutory list">\n<tbody>\n{}\n</tbody>\n</table>\n</div>'
    ).format(rows)


def _plain_cell(cell: PlainCell) -> Markup:
    tag = "th" if cell.header else "td"
    return Markup("<{0}{1}>{2}</{0}>").format(tag, _spans(cell.colspan, cell.rowspan), _words(cell.runs))


def _spans(across: int, down: int) -> Markup:
    given = (("colspan", across), ("rowspan", down))
    return Markup("").join(Markup(' {}="{}"').format(name, count) for name, count in given if count > 1)


def _row(cells: Iterable[Markup]) -> Markup:
    return Markup("<tr>\n{}\n</tr>").format(Markup("\n").join(cells))
