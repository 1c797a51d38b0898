"""A laid-out table as HTML: the same markup under every engine, all text escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from nianbao.reading.numbers import GAPS
from nianbao.tables.layout import Data, Head, lay_out
from nianbao.tables.lines import render_lines
from nianbao.tables.notes import cell_notes, noted, table_notes, units_text
from nianbao.tables.scrolling import body, scrolling_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nianbao.model.form import Table
    from nianbao.model.report import Cell, Report
    from nianbao.tables.layout import Grid, Row


def render_table(report: Report, table: Table) -> Markup:
    """Return *table* of *report* with its caption, in a region that scrolls by keyboard, and its notes.

    Where it is wide, lines for narrow screens stand before it.

    Cells stand on lines of their own, so that a search index does not join neighbours.
    """
    parts = [render_lines(report, table), render_cells(report.cells[table.id], table)]
    return Markup("\n").join(filter(None, parts))


def render_cells(cells: Mapping[tuple[str, str], Cell], table: Table) -> Markup:
    """Return *table* with *cells* in the same way."""
    grid = lay_out(table, cells)
    units = Markup('<span class="table-unit">{}</span>').format(units_text(table)) if table.units else ""
    region = scrolling_table(
        Markup("{} {}").format(table.caption, units),
        [columns(grid), *_body(grid)],
        id_=table.id,
        kind=f"statutory-{table.id}",
        caption_id=f"{table.id}.caption",
    )
    return Markup("\n").join([region, *_notes(table, cells)])


def columns(grid: Grid) -> Markup:
    """Return the columns, those of row headings marked by level, for the style sheet to give them widths."""
    stub = Markup("").join(Markup('<col class="stub-{}">').format(level + 1) for level in range(grid.stub))
    return Markup('<colgroup>{}<col span="{}"></colgroup>').format(stub, grid.width - grid.stub)


def _body(grid: Grid) -> Iterator[Markup]:
    """Yield a head and a body; where blocks bring headings of their own, a body for each block."""
    for rows in grid.blocks:
        header = [row for row in rows if row.header]
        figures = [row for row in rows if not row.header]
        if len(grid.blocks) == 1:
            yield Markup("<thead>")
            yield from _rows(header)
            yield Markup("</thead>")
            yield body(_rows(figures))
        else:
            yield body(_rows([*header, *figures]))


def _rows(rows: list[Row]) -> Iterator[Markup]:
    for row in rows:
        yield Markup("<tr>")
        for cell in row.cells:
            yield _head(cell) if isinstance(cell, Head) else _data(cell)
        yield Markup("</tr>")


def _head(head: Head) -> Markup:
    spans = _span("colspan", head.colspan) + _span("rowspan", head.rowspan)
    address, scope, label = escape(head.id), escape(head.scope), escape(head.label)
    return Markup(f'<th id="{address}" scope="{scope}"{spans}{level(head)}>{label}</th>')  # noqa: S704  # escaped above


def level(head: Head) -> Markup:
    """Return how far from the edge a heading of a row stands, for the style sheet to keep it in sight there."""
    if not head.column or not head.scope.startswith("row"):
        return Markup("")
    return Markup(' class="level-{}"').format(head.column + 1)


def _data(data: Data) -> Markup:
    """Return a figure. Figures stay out of the search index: 0 would be its commonest word."""
    address, headers, figure = escape(data.cell.address), escape(" ".join(data.headers)), _figure(data.cell)
    looks = _span("colspan", data.colspan) + (' class="total"' if data.total else "")
    cell = f'<td id="{address}" headers="{headers}"{looks} data-search-exclude>{figure}</td>'
    return Markup(cell)  # noqa: S704  # every part is escaped; Markup.format takes most of a table's time


def _figure(cell: Cell) -> Markup:
    figure = Markup('<span class="unknown">{}</span>').format(cell.text) if cell.text in GAPS else escape(cell.text)
    if not noted(cell):
        return figure
    return figure + Markup('<a class="table-mark" href="#{}.note" title="见表注">注</a>').format(cell.address)


def _notes(table: Table, cells: Mapping[tuple[str, str], Cell]) -> Iterator[Markup]:
    """Yield what a reader must know of unknown cells, and of single cells."""
    single = cell_notes(table, cells)
    whole = table_notes(table, cells)
    if not single and not whole:
        return
    yield Markup('<div class="table-notes">')
    yield from (Markup("<p>注：{}</p>").format(note) for note in whole)
    for note in single:
        address = note.cell.address
        yield Markup('<p id="{}.note">注：<a href="#{}">{}</a>{}</p>').format(address, address, note.name, note.text)
    yield Markup("</div>")


def _span(name: str, value: int) -> str:
    return f' {name}="{value}"' if value > 1 else ""
