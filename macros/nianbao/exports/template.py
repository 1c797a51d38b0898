"""An Excel file in which an officer enters a year's figures: the form as printed, checks while typing, sums by formula.

`nianbao new --from` reads it back. Last year's figures stand beside those of the year in a list of their own.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from nianbao.documents.blocks import clean
from nianbao.exports.excel import OPTIONS, sheet_name, undated
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
from nianbao.exports.excel_style import Style
from nianbao.exports.template_words import BESIDE, CATEGORY, DAY, FEE, FULL_TEXT, HELP, NO, OTHER, TITLE, YES
from nianbao.lifecycle.labels import cell_labels
from nianbao.tables.layout import Head, lay_out
from nianbao.tables.notes import units_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    from nianbao.model.form import Heading, Table, Total
    from nianbao.model.report import Report
    from nianbao.tables.layout import Data

    Position = tuple[str, str]

# Rows for published items, and how many of them for each category of last year.
_ITEM_ROWS, _OF_CATEGORY = 120, 8
_A4 = 9
_MOST_FEE = 100_000_000
_WHOLE, _DECIMAL = "0", "0.######"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where the cell at *address* stands: at *row* and *column* of the *sheet* with this name."""

    address: str
    sheet: str
    row: int
    column: int

    def reference(self, *, fixed: bool = False) -> str:
        """Return the cell as other sheets call it."""
        cell = xl_rowcol_to_cell(self.row, self.column, row_abs=fixed, col_abs=fixed)
        return f"='{self.sheet}'!{cell}"


def template_file(report: Report, previous: Report | None) -> bytes:
    """Return the template for *report*, a year just begun, with the figures of the *previous* year beside."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, OPTIONS) as book:
        book.set_properties({"title": clean(report.title), "author": clean(report.agency_name)})
        style = Style(book)
        places: list[_Place] = []
        for table in report.form.tables:
            form = _Form(book, style, report, table, previous)
            form.write()
            places += form.places.values()
        _write_other(book.add_worksheet(OTHER), style, previous)
        _write_beside(book.add_worksheet(BESIDE), style, report, previous, places)
        _write_help(book.add_worksheet(HELP), style, report)
        for place in places:
            book.define_name(place.address, place.reference(fixed=True))
    return undated(content)


class _Form:
    """One table of the form, to be filled in; *places* tells where its cells stand."""

    def __init__(self, book: Workbook, style: Style, report: Report, table: Table, previous: Report | None) -> None:
        self._name = sheet_name(table.caption)
        self._sheet: Worksheet = book.add_worksheet(self._name)
        self._style = style
        self._report = report
        self._table = table
        self._previous = previous
        self._cells = report.cells[table.id]
        self._grid = lay_out(table, self._cells)
        self._widths = column_widths(self._grid)
        self._heads = {table.address(row.path, column.path): (row, column) for _, row, column in table.grid}
        self._titles = (
            (report.title, style.title, TITLE_LINE),
            (f"{table.caption}{units_text(table)}", style.caption, CAPTION_LINE),
        )
        self.places: Mapping[Position, _Place] = {
            self._position(cell): _Place(address=cell.cell.address, sheet=self._name, row=number, column=cell.column)
            for number, row in enumerate(grid_rows(self._grid), len(self._titles))
            for cell in row.cells
            if not isinstance(cell, Head)
        }

    def _position(self, data: Data) -> Position:
        row, column = self._heads[data.cell.address]
        return row.path, column.path

    def write(self) -> None:
        """Write the table."""
        sheet, widths = self._sheet, self._widths
        sheet.set_paper(_A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        top = write_titles(sheet, self._titles, widths)
        write_grid(sheet, self._style, self._grid, top=top, widths=widths, figure=self._data)
        sheet.freeze_panes(top, self._grid.stub)

    def _data(self, data: Data, row: int) -> None:
        cell, column = data.cell, data.column
        heading = self._heads[cell.address][1]
        whole = heading.kind in {"count", "change"}
        look = self._style.figure(_WHOLE if whole else _DECIMAL, total=data.total)
        merge(self._sheet, row, column, 1, data.colspan, look)
        if cell.computed:
            total = next(each for each in self._table.totals if each.address == cell.address)
            places = sorted((self.places[part].row, self.places[part].column) for part in total.parts)
            self._sheet.write_formula(row, column, f"=SUM({','.join(ranges(places))})", look, self._sum(total))
            return
        if heading.kind == "amount":
            look = self._style.figure("@", total=False)
        if cell.value is not None and heading.kind == "count":
            self._sheet.write_number(row, column, float(cell.value), look)
        else:
            self._sheet.write_blank(row, column, None, look)
        self._sheet.data_validation(row, column, row, column, self._check(data, heading))

    def _sum(self, total: Total) -> float:
        """Return what *total* is before anybody has typed anything."""
        return float(sum(self._cells[part].value or 0 for part in total.parts))

    def _check(self, data: Data, heading: Heading) -> dict[str, Any]:
        """Return what may be typed into the cell of *data*, and what is said beside it."""
        last = self._last(data.cell.address)
        message = {
            "input_title": clean(heading.label)[:30],
            "input_message": clean(f"上年：{last}" if last else "没有发生的填 0"),
            "error_title": "请核对",
            "ignore_blank": True,
        }
        most = self._table.maximum
        kinds: dict[str, dict[str, Any]] = {
            "count": {"validate": "integer", "minimum": 0, "error_message": "应为 0 或正整数"},
            "change": {"validate": "integer", "minimum": -most, "error_message": "应为整数：增加为正，减少为负"},
            "money": {"validate": "decimal", "minimum": 0, "error_message": "应为 0 或正数，单位见上面的栏目"},
        }
        if heading.kind not in kinds:  # An amount carries its unit.
            return message | {"validate": "length", "criteria": "<=", "value": 24, "error_message": "应如 251000元"}
        return message | {"criteria": "between", "maximum": most} | kinds[heading.kind]

    def _last(self, address: str) -> str:
        """Return what the report before prints for the figure at *address*, empty where it has none."""
        return _last_figure(self._report, self._previous, address)


def _last_figure(report: Report, previous: Report | None, address: str) -> str:
    cell = report.continued(previous, address) if previous is not None else None
    return cell.text if cell is not None else ""


def _write_other(sheet: Worksheet, style: Style, previous: Report | None) -> None:
    """Write where fee, day and published items are entered."""
    for column, width in enumerate((24, 60, 16)):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, OTHER, style.caption)
    sheet.write_string(1, 0, FEE, style.head(left=True))
    sheet.write_blank(1, 1, None, style.get(border=1, align="left", num_format=_DECIMAL))
    sheet.data_validation(
        1, 1, 1, 1,
        {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": _MOST_FEE,
         "error_title": "请核对", "error_message": "应为 0 或正数，单位是元"},
    )  # fmt: skip
    sheet.write_string(2, 0, DAY, style.head(left=True))
    sheet.write_blank(2, 1, None, style.get(border=1, align="left", num_format="yyyy-mm-dd"))
    sheet.write_string(3, 0, "公布日期如 2027-01-20，不知道就不填。下面逐条列出主动公开的信息。", style.note)
    top = 4
    for column, words in enumerate((CATEGORY, TITLE, FULL_TEXT)):
        sheet.write_string(top, column, words, style.head())
    names = [category.name for category in previous.categories] if previous is not None else []
    for row in range(top + 1, top + 1 + _ITEM_ROWS):
        index, within = divmod(row - top - 1, _OF_CATEGORY)
        if index < len(names) and not within:
            sheet.write_string(row, 0, clean(names[index]), style.cell)
        else:
            sheet.write_blank(row, 0, None, style.cell)
        sheet.write_blank(row, 1, None, style.cell)
        sheet.write_blank(row, 2, None, style.cell)
    sheet.data_validation(
        top + 1, 2, top + _ITEM_ROWS, 2,
        {"validate": "list", "source": [YES, NO], "error_title": "请核对", "error_message": f"请填{YES}或{NO}"},
    )  # fmt: skip
    sheet.freeze_panes(top + 1, 0)


def _write_beside(
    sheet: Worksheet, style: Style, report: Report, previous: Report | None, places: list[_Place]
) -> None:
    """Write the figures of both years beside each other; those of this year follow what is typed."""
    for column, width in enumerate((90, 12, 12, 12)):
        sheet.set_column(column, column, width)
    heads = ("项目", f"{report.year - 1}年", f"{report.year}年", "相差")
    for column, words in enumerate(heads):
        sheet.write_string(0, column, words, style.head())
    labels = cell_labels(report.form)
    for row, place in enumerate(places, 1):
        last = _last_figure(report, previous, place.address)
        plain = last.removeprefix("+").removeprefix("-").replace(".", "", 1).isdigit()
        sheet.write_string(row, 0, clean(labels[place.address]), style.cell)
        look = style.figure(_DECIMAL if "." in last else "General", total=False)
        if plain:
            sheet.write_number(row, 1, float(last), look)
        else:
            sheet.write_string(row, 1, clean(last), look)
        sheet.write_formula(row, 2, place.reference(), look, 0)
        own, before = xl_rowcol_to_cell(row, 2), xl_rowcol_to_cell(row, 1)
        sheet.write_formula(row, 3, f'=IF(AND(ISNUMBER({own}),ISNUMBER({before})),{own}-{before},"")', look, "")
    sheet.freeze_panes(1, 1)


def _write_help(sheet: Worksheet, style: Style, report: Report) -> None:
    sheet.set_column(0, 0, 100)
    year = report.year
    for row, words in enumerate(
        (
            f"{report.title}的数据，格式依照{report.form.basis}。",
            "各表照格式填写：没有发生的填 0；总计由公式计算，不用填。还不知道的先空着。",
            "选中一格，旁边显示上年的数；两年的数在“与上年对照”里并列。",
            "信息处理费、公布日期和主动公开的信息填在“其他数据”里；类别不写的，与上一行相同。",
            f"填好保存以后运行 nianbao new {year} --from 这个文件。",
            f"已经建立了 {year} 年的，运行 nianbao import 这个文件。",
        )
    ):
        sheet.write_string(row, 0, clean(words), style.get())
