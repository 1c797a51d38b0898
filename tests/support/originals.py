"""Originals of reports as offices make them: Word, pages, sheets, PDF and text, with what is printed in each cell."""

from __future__ import annotations

import copy
import io
import zipfile
from dataclasses import dataclass, field
from html import escape
from random import Random
from typing import TYPE_CHECKING

import openpyxl
import typst
from nianbao.documents.fonts import find_fonts
from nianbao.importing.figures import read_figures
from nianbao.importing.reading import read_original
from nianbao.model.dataset import package_forms
from nianbao.model.report import Cell
from nianbao.reading.findings import Place
from nianbao.reading.numbers import BLANK
from nianbao.tables.layout import Data, lay_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from nianbao.importing.answers import Figures
    from nianbao.model.form import Form, Heading, Table

FORMS: Mapping[int, Form] = {number: form for number, form in package_forms().editions.items() if form is not None}


@dataclass(slots=True)
class Printed:
    """A cell as it is printed; *address* is that of the figure, empty for words."""

    text: str
    rows: int = 1
    columns: int = 1
    address: str = ""


Line = list[Printed]


@dataclass(slots=True)
class Sheet:
    """One table: the *title* of its section, and its *lines*, of which *heads* come before the first figures."""

    id: str
    title: str
    lines: list[Line]


@dataclass(slots=True)
class Printout:
    """A report as it is printed. *truth* has what a data file must say of each cell, None where it must be asked."""

    form: Form
    year: int
    sheets: list[Sheet]
    truth: dict[str, str | None] = field(default_factory=dict)

    def copy(self) -> Printout:
        """Return a copy to be damaged."""
        return Printout(self.form, self.year, copy.deepcopy(self.sheets), dict(self.truth))

    def sheet(self, id_: str) -> Sheet:
        """Return the table called *id_*."""
        return next(sheet for sheet in self.sheets if sheet.id == id_)

    def line(self, address: str) -> Line:
        """Return the line in which the figure at *address*, or of the row so called, is printed."""
        return next(
            line
            for sheet in self.sheets
            for line in sheet.lines
            if any(cell.address == address or cell.address.startswith(f"{address}.") for cell in line)
        )

    def cell(self, address: str) -> Printed:
        """Return the cell of the figure at *address*."""
        return next(cell for cell in self.line(address) if cell.address == address)

    def put(self, address: str, text: str, truth: str | None) -> None:
        """Print *text* at *address*, of which *truth* is what must be read."""
        self.cell(address).text = text
        self.truth[address] = truth

    def row(self, address: str) -> list[str]:
        """Return the addresses of the line that the row at *address* is printed in."""
        return [cell.address for cell in self.line(address) if cell.address]

    @property
    def lost(self) -> frozenset[str]:
        """The addresses of figures that are no more printed: a kind that has no gaps shows nothing there."""
        printed = {cell.address for sheet in self.sheets for line in sheet.lines for cell in line}
        return frozenset(self.truth) - printed


def printout(number: int, random: Random, *, zeros: float = 0.6) -> Printout:
    """Return a report in the form called *number* whose sums all fit; so many of its figures are 0."""
    form = FORMS[number]
    truth = {}
    sheets = []
    for table in form.tables:
        figures = _figures(table, random, zeros)
        truth.update({table.address(*position): text for position, text in figures.items()})
        title = next(section.heading for section in form.sections if section.table == table.id)
        sheets.append(Sheet(id=table.id, title=title, lines=list(_lines(table, figures))))
    return Printout(form, form.first_year, sheets, dict(truth))


def seeded(seed: int) -> Random:
    """Return chance that is the same for the same *seed*."""
    return Random(seed)  # noqa: S311  # nothing is secret


def made(number: int, seed: int) -> Printout:
    """Return a report in the form called *number*, the same for the same *seed*."""
    return printout(number, seeded(seed))


def _figures(table: Table, random: Random, zeros: float) -> dict[tuple[str, str], str]:
    numbers: dict[tuple[str, str], int] = {}
    texts: dict[tuple[str, str], str] = {}
    for _, row, column in table.grid:
        number = 0 if random.random() < zeros else random.choice((1, 2, 3, 7, 12, 58, 171, 1139))
        numbers[row.path, column.path] = number
        texts[row.path, column.path] = _text(number, column, random)
    totals = [total for total in table.totals if not total.column.total]
    for identity in table.identities:
        for total in totals:
            numbers[total.position] = sum(numbers[part] for part in total.parts)
        for path in {column for _, column in numbers}:
            # What came in is what was done with it; the rest was there before.
            first, other = identity.left
            whole = sum(numbers[row, path] for row in identity.right)
            numbers[other, path] = min(numbers[other, path], whole)
            numbers[first, path] = whole - numbers[other, path]
        texts = {position: str(number) for position, number in numbers.items()}
    for total in table.totals:
        numbers[total.position] = sum(numbers[part] for part in total.parts)
        texts[total.position] = str(numbers[total.position])
    return texts


def _text(number: int, column: Heading, random: Random) -> str:
    match column.kind:
        case "money":
            return f"{number}.{random.randint(1, 9)}{random.randint(1, 9)}" if number else "0"
        case "change":
            return f"{random.choice('+-')}{number}" if number else "0"
        case "amount":
            return f"{number}元"
    return str(number)


def _lines(table: Table, figures: Mapping[tuple[str, str], str]) -> Iterator[Line]:
    nowhere = Place("")
    cells = {
        (row.path, column.path): Cell(address=table.address(row.path, column.path), unit="", value=0, place=nowhere)
        for _, row, column in table.grid
    }
    texts = {cells[position].address: text for position, text in figures.items()}
    for block in lay_out(table, cells).blocks:
        for row in block:
            yield [
                Printed(texts[each.cell.address], columns=each.colspan, address=each.cell.address)
                if isinstance(each, Data)
                else Printed(each.label, rows=each.rowspan, columns=each.colspan)
                for each in row.cells
            ]


# --- What is printed, as files ---------------------------------------------------------------------------------------

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NAMESPACES = (
    f'xmlns:w="{_WORD}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


# How wide a column of the grid is, in twentieths of a point.
_TWIPS = 900
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="{_MAIN}"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
)
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
_RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_DOCUMENT}" Target="word/document.xml"/></Relationships>'
)


def title(report: Printout) -> str:
    """Return the title of *report*."""
    return f"示例区示例局{report.year}年政府信息公开工作年度报告"


def word_paragraph(text: str) -> str:
    """Return a paragraph of Word with *text*, whose line ends are breaks."""
    runs = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    return f"<w:p><w:r>{runs}</w:r></w:p>"


def word_table(lines: list[Line]) -> str:
    """Return a table of Word: cells merged downwards are written in each row."""
    rows = []
    for cells in _placed(lines):
        parts = []
        for cell, first in cells:
            down = "" if cell.rows == 1 else '<w:vMerge w:val="restart"/>' if first else "<w:vMerge/>"
            across = f'<w:tcW w:w="{_TWIPS * cell.columns}" w:type="dxa"/>'
            across += f'<w:gridSpan w:val="{cell.columns}"/>' if cell.columns > 1 else ""
            parts.append(f"<w:tc><w:tcPr>{across}{down}</w:tcPr>{word_paragraph(cell.text if first else '')}</w:tc>")
        rows.append(f"<w:tr>{''.join(parts)}</w:tr>")
    width = max(sum(cell.columns for cell, _ in cells) for cells in _placed(lines))
    grid = f'<w:gridCol w:w="{_TWIPS}"/>' * width
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def _placed(lines: list[Line]) -> Iterator[list[tuple[Printed, bool]]]:
    """Yield the cells that each line covers, from left to right, and whether it is their first line."""
    reaching: list[tuple[int, Printed, int]] = []  # column, cell, lines left
    for line in lines:
        taken = {column: (cell, left) for column, cell, left in reaching}
        current: list[tuple[Printed, bool]] = []
        following: list[tuple[int, Printed, int]] = []
        column = 0
        waiting = list(line)
        while waiting or any(place >= column for place in taken):
            if column in taken:
                cell, left = taken.pop(column)
                current.append((cell, False))
            elif waiting:
                cell, left = waiting.pop(0), 0
                left = cell.rows
                current.append((cell, True))
            else:
                column += 1
                continue
            if left > 1:
                following.append((column, cell, left - 1))
            column += cell.columns
        reaching = following
        yield current


def word_file(body: str, parts: Mapping[str, str] | None = None) -> bytes:
    """Return a .docx file with *body* and further *parts* by name."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELATIONS)
        archive.writestr("word/document.xml", f"<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>")
        for name, text in (parts or {}).items():
            archive.writestr(name, text)
    return made.getvalue()


def as_word(report: Printout) -> bytes:
    """Return *report* as a .docx file."""
    body = [word_paragraph(title(report))]
    for sheet in report.sheets:
        body += [word_paragraph(sheet.title), word_table(sheet.lines)]
    return word_file("".join([*body, word_paragraph(f"{report.year + 1}年1月20日")]))


def html_table(lines: list[Line]) -> str:
    """Return a table of HTML."""
    rows = []
    for line in lines:
        cells = (
            f"<td{_span('rowspan', cell.rows)}{_span('colspan', cell.columns)}>{_breaks(cell.text)}</td>"
            for cell in line
        )
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table>{''.join(rows)}</table>"


def _span(name: str, count: int) -> str:
    return f" {name}={count}" if count > 1 else ""


def _breaks(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def as_page(report: Printout) -> bytes:
    """Return *report* as a page of a site."""
    parts = [f"<p>{sheet.title}</p>{html_table(sheet.lines)}" for sheet in report.sheets]
    return f"<html><body><h1>{title(report)}</h1>{''.join(parts)}</body></html>".encode()


def as_sheet(report: Printout) -> bytes:
    """Return *report* as an Excel file, a table a sheet; whole numbers are numbers."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for sheet in report.sheets:
        page = book.create_sheet(sheet.id)
        page.append([sheet.title])
        for row, cells in enumerate(_placed(sheet.lines), 2):
            column = 1
            for cell, first in cells:
                if first:
                    page.cell(row, column, _stored(cell.text))
                    if cell.rows > 1 or cell.columns > 1:
                        last = row + cell.rows - 1, column + cell.columns - 1
                        page.merge_cells(start_row=row, start_column=column, end_row=last[0], end_column=last[1])
                column += cell.columns
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _stored(text: str) -> int | str:
    """Return what a sheet holds of *text*: a number where that is shown alike."""
    return int(text) if text.isdecimal() and str(int(text)) == text else text


def as_pdf(report: Printout, before: str = "", wrapped: tuple[str, str] = ("", "")) -> bytes:
    """Return *report* as a PDF file; *before* is typst set before it, *wrapped* stands around all of it."""
    parts = [_quoted(title(report))]
    for sheet in report.sheets:
        cells = []
        width = 1
        for row, line in enumerate(_placed(sheet.lines)):
            column = 0
            for cell, first in line:
                place = f"x: {column}, y: {row}, rowspan: {cell.rows}, colspan: {cell.columns}"
                if first:
                    cells.append(f"table.cell({place}, {_quoted(cell.text)})")
                column += cell.columns
            width = max(width, column)
        parts += [_quoted(sheet.title), f"table(columns: {width}, {', '.join(cells)})"]
    lines = "\n\n".join(f"#{part}" for part in parts)
    start = '#set text(font: "Noto Serif CJK SC", size: 8pt)\n#set page(margin: 1cm)'
    source = "\n".join([start, before, wrapped[0], lines, wrapped[1]])
    made = typst.compile(source.encode(), font_paths=find_fonts().source)
    assert isinstance(made, bytes)
    return made


def as_unruled(report: Printout) -> bytes:
    """Return *report* as a PDF file that draws no lines, with cells so narrow that labels take several."""
    return as_pdf(report, "#set table(stroke: none, align: center + horizon)\n#set page(width: 13cm)")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def pdf_of(*objects: bytes) -> bytes:
    """Return a PDF of one page: *objects* are that page, which is the third object, and all behind it."""
    made = b"%PDF-1.7\n"
    places = []
    catalog = (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>")
    for number, text in enumerate((*catalog, *objects), 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(places) + 1
    end = b"trailer <</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, len(made))
    return made + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + end


def as_lines(report: Printout) -> bytes:
    """Return *report* as text: a row of figures a line, as copied from a reader of PDF files."""
    return _written(report, " ")


def as_tabs(report: Printout) -> bytes:
    """Return *report* as text with tabs between the cells."""
    return _written(report, "\t")


def as_cells(report: Printout) -> bytes:
    """Return *report* as text, a cell a line."""
    return _written(report, "\n")


def _written(report: Printout, between: str) -> bytes:
    lines = [title(report)]
    for sheet in report.sheets:
        lines.append(sheet.title)
        lines += [between.join(cell.text for cell in line) for line in sheet.lines]
    return "\n".join(lines).encode()


def as_markdown(report: Printout) -> bytes:
    """Return *report* as Markdown; what is merged downwards stands in its first row alone."""
    lines = [f"# {title(report)}"]
    for sheet in report.sheets:
        lines += ["", f"## {sheet.title}", ""]
        for at, cells in enumerate(_placed(sheet.lines)):
            texts = []
            for cell, first in cells:
                texts += [cell.text.replace("\n", " ") if first else "", *[""] * (cell.columns - 1)]
            lines.append(f"| {' | '.join(texts)} |")
            if at == 0:
                lines.append("|" + " --- |" * len(texts))
    return "\n".join(lines).encode()


KINDS: Mapping[str, Callable[[Printout], bytes]] = {
    "docx": as_word,
    "html": as_page,
    "xlsx": as_sheet,
    "lines.txt": as_lines,
    "tabs.txt": as_tabs,
    "cells.txt": as_cells,
    "md": as_markdown,
    "pdf": as_pdf,
    "unruled.pdf": as_unruled,
}


# --- What was read, against the truth -------------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class Score:
    """How many cells were read right, asked, or told to be missing; *wrong* names those read otherwise."""

    right: int = 0
    asked: int = 0
    missing: int = 0
    wrong: tuple[str, ...] = ()

    def __add__(self, other: Score) -> Score:
        return Score(
            right=self.right + other.right,
            asked=self.asked + other.asked,
            missing=self.missing + other.missing,
            wrong=(*self.wrong, *other.wrong),
        )


def read(path: Path, data: bytes) -> Figures:
    """Return what is read of *data*, written to *path*."""
    path.write_bytes(data)
    return read_figures((read_original(path),), FORMS)


def score(report: Printout, figures: Figures) -> Score:
    """Return how *figures* agree with what *report* prints."""
    asked = {address for question in figures.questions for address in question.addresses}
    found = Score()
    for address, value in report.truth.items():
        reading = figures.readings.get(address)
        if reading is not None:
            # Nobody can see that a 0 is missing, and a kind without gaps shows nothing where a figure was lost.
            blank = reading.value == BLANK and (address in report.lost or (value == "0" and report.lost))
            # Where one of several 0 was lost, a figure with a fault stands one column on, and a 0 in its place.
            moved = value is None and reading.raw == "0" and report.lost
            if reading.value == value or blank or moved:
                found.right += 1
            else:
                found.wrong = (*found.wrong, f"{address}: {value} read as {reading.value} ({reading.raw!r})")
        elif address in asked:
            found.asked += 1
        else:
            found.missing += 1
    return found
