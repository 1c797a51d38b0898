"""A statutory table as a sheet that prints the form: merged cells, formulas for what is added up."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from nianbao.documents.blocks import clean
from nianbao.exports.excel_grid import (
    CAPTION_LINE,
    TITLE_LINE,
    column_widths,
    grid_rows,
    merge,
    ranges,
    write_grid,
    write_titles,
)
from nianbao.exports.excel_style import height, lines, set_report_page
from nianbao.exports.texts import notices, report_name
from nianbao.model.report import plain
from nianbao.reading import numbers
from nianbao.tables.layout import Data, lay_out
from nianbao.tables.notes import cell_notes, note_texts, units_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xlsxwriter.worksheet import Worksheet

    from nianbao.exports.excel_grid import Title
    from nianbao.exports.excel_style import Style
    from nianbao.model.form import Table, Total
    from nianbao.model.report import Cell, Report
    from nianbao.tables.layout import Grid

    Position = tuple[str, str]

_MANY_COLUMNS = 12
# How much larger than the usual type titles and alerts are.
_TITLE_SCALE, _ALERT_SCALE = 1.5, 1.2


def write_form(sheet: Worksheet, style: Style, report: Report, table: Table, notice: str) -> None:
    """Write *table* of *report* as the form prints it, below the *notice* of the site."""
    cells = report.cells[table.id]
    grid = lay_out(table, cells)
    widths = column_widths(grid)
    landscape = grid.width > _MANY_COLUMNS
    set_report_page(sheet, report, landscape=landscape)
    top = write_titles(sheet, _titles(style, report, table, notice, sum(widths)), widths)
    sheet_writer = _Sheet(sheet, style, table, cells, top)
    bottom = sheet_writer.write(grid, widths)
    if len(grid.blocks) == 1:
        header = sum(row.header for row in grid.blocks[0])
        sheet.freeze_panes(top + header, grid.stub)
        sheet.repeat_rows(top, top + header - 1)
    else:
        sheet.freeze_panes(top, grid.stub)
    notes = note_texts(table, cells)
    for row, note in enumerate(notes, bottom):
        sheet.merge_range(row, 0, row, grid.width - 1, "", style.note)
        sheet.write_string(row, 0, clean(note), style.note)
        sheet.set_row(row, height(lines(note, sum(widths))))
    sheet.print_area(0, 0, bottom + len(notes) - 1, grid.width - 1)


def _titles(style: Style, report: Report, table: Table, notice: str, room: float) -> list[Title]:
    """Return what stands above *table*: notices, the name of the report, and that of the table."""
    section = report.form.section_of(table.id)
    caption = section.heading if section is not None else table.caption
    name = report_name(report)
    return [
        *((words, style.alert, CAPTION_LINE * lines(words, room / _ALERT_SCALE)) for words in notices(report, notice)),
        (name, style.title, TITLE_LINE * lines(name, room / _TITLE_SCALE)),
        (f"{caption}{units_text(table)}", style.caption, CAPTION_LINE),
    ]


class _Sheet:
    """One table from the row *top* on."""

    def __init__(self, sheet: Worksheet, style: Style, table: Table, cells: Mapping[Position, Cell], top: int) -> None:
        self._sheet = sheet
        self._style = style
        self._cells = cells
        self._top = top
        self._totals: Mapping[Position, Total] = {total.position: total for total in table.totals}
        self._positions = {cell.address: position for position, cell in cells.items()}
        self._notes = {note.cell.address: note.text.removeprefix("：") for note in cell_notes(table, cells)}
        self._places: dict[Position, tuple[int, int]] = {}

    def write(self, grid: Grid, widths: list[float]) -> int:
        """Write *grid*; return the first row below."""
        for number, row in enumerate(grid_rows(grid), self._top):
            for cell in row.cells:
                if isinstance(cell, Data):
                    self._places[self._positions[cell.cell.address]] = number, cell.column
        return write_grid(self._sheet, self._style, grid, top=self._top, widths=widths, figure=self._data)

    def _data(self, data: Data, row: int) -> None:
        cell, column = data.cell, data.column
        look = self._style.figure(_number_format(cell.text), total=data.total)
        merge(self._sheet, row, column, 1, data.colspan, look)
        note = self._notes.get(cell.address, "")
        if cell.printed is not None:
            self._sheet.write_number(row, column, float(cell.printed), look)
        elif cell.gap == numbers.BLANK:
            self._sheet.write_blank(row, column, None, look)
            note = "；".join(filter(None, (_blank_note(cell), note)))
        elif cell.value is None or cell.gap:
            self._sheet.write_string(row, column, cell.text, look)
            reason = "还没有填写" if cell.gap == numbers.OPEN else "原件无法辨认，不按 0 计"
            why = f"有分项{cell.missing}，不能核算" if cell.computed else reason
            note = note if cell.gap and cell.computed else "；".join(filter(None, (why, note)))
        elif cell.computed:
            self._sheet.write_formula(row, column, self._formula(data), look, float(cell.value))
        else:
            self._sheet.write_number(row, column, float(_written_number(cell)), look)
        if note:
            self._sheet.write_comment(row, column, note, {"author": "", "x_scale": 1.4, "y_scale": 0.6})

    def _formula(self, data: Data) -> str:
        total = self._totals[self._positions[data.cell.address]]
        places = sorted(self._places[part] for part in self._added(total))
        return f"=SUM({','.join(ranges(places))})"

    def _added(self, total: Total) -> Iterator[Position]:
        """Yield what *total* adds up; a part that stands as printed otherwise gives way to its own parts."""
        for part in total.parts:
            if self._cells[part].printed is not None or (self._cells[part].computed and self._cells[part].gap):
                yield from self._added(self._totals[part])
            else:
                yield part


def _blank_note(cell: Cell) -> str:
    if cell.value is None:
        return "原件此格空白，不按 0 计"
    return f"原件此格空白，各分项相加为 {plain(cell.value)}" if cell.computed else "原件此格空白，合计按 0 计"


def _written_number(cell: Cell) -> int | Decimal:
    """Return the number as the form writes it: an amount may be written in 万元."""
    amount = numbers.amount(cell.written)
    if amount is not None:
        return Decimal(amount[0])
    if cell.value is None:
        raise ValueError(cell.address)
    return cell.value


def _number_format(text: str) -> str:
    """Return the format in which Excel shows a figure just as *text*: its decimals, its sign, its own unit."""
    amount = numbers.amount(text)
    digits, unit = amount or (text, "")
    shown = "0" + (f".{'0' * len(digits.partition('.')[2])}" if "." in digits else "")
    if text[:1] in {"+", "-"}:
        return f"+{shown};-{shown};{shown}"
    return f'{shown}"{unit}"' if unit else shown
