"""Originals of kinds kept aside: whatever an office program can do to a figure, it is read right, asked or refused."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest
from nianbao.reading.refusal import RefusedError
from openpyxl.cell.cell import Cell
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.worksheet.worksheet import Worksheet
from originals import (
    Printed,
    Printout,
    as_lines,
    as_page,
    as_pdf,
    as_sheet,
    html_table,
    made,
    read,
    score,
    word_file,
    word_paragraph,
    word_table,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Value = bool | float | str | dt.date | CellRichText

# A figure of its own, in whose place something else is printed; what the reader must see there, None for a question.
CELL, FIGURE = "disclosure.licensing.decisions", "171717"


def word(report: Printout, change: Callable[[str], str]) -> bytes:
    """Return *report* in Word with its body changed."""
    body = "".join(word_paragraph(sheet.title) + word_table(sheet.lines) for sheet in report.sheets)
    changed = change(body)
    assert changed != body
    return word_file(changed)


def runs(*properties_and_texts: tuple[str, str]) -> Callable[[Printout], bytes]:
    """Return a maker of Word in which the figure stands in runs with these properties and texts."""
    made_of = "".join(f"<w:r><w:rPr>{own}</w:rPr><w:t>{text}</w:t></w:r>" for own, text in properties_and_texts)
    return cell(made_of)


def cell(content: str) -> Callable[[Printout], bytes]:
    """Return a maker of Word in which *content* stands in the place of the run of the figure."""
    own = f'<w:r><w:t xml:space="preserve">{FIGURE}</w:t></w:r>'
    return lambda report: word(report, lambda body: body.replace(own, content, 1))


def page(content: str, style: str = "") -> Callable[[Printout], bytes]:
    """Return a maker of HTML in which *content* stands in the cell of the figure."""
    return lambda report: style.encode() + as_page(report).replace(FIGURE.encode(), content.encode(), 1)


def sheet(change: Callable[[Cell], None]) -> Callable[[Printout], bytes]:
    """Return a maker of Excel in which the cell of the figure is changed."""

    def make(report: Printout) -> bytes:
        book = openpyxl.load_workbook(io.BytesIO(as_sheet(report)))
        cells = (one for own in book.worksheets for row in own.iter_rows() for one in row)
        change(next(one for one in cells if isinstance(one, Cell) and str(one.value) == FIGURE))
        file = io.BytesIO()
        book.save(file)
        return file.getvalue()

    return make


def value(new: Value, number_format: str = "General") -> Callable[[Cell], None]:
    """Return what sets a cell to a *new* value."""

    def change(own: Cell) -> None:
        own.value = new
        own.number_format = number_format

    return change


def hide_column(own: Cell) -> None:
    """Hide the column of a cell."""
    assert isinstance(own.parent, Worksheet)
    own.parent.column_dimensions[own.column_letter].hidden = True


def protect(own: Cell) -> None:
    """Protect the sheet of a cell, and its whole workbook."""
    assert isinstance(own.parent, Worksheet)
    own.value = 171
    own.parent.protection.sheet = True
    own.parent.protection.password = "secret"  # noqa: S105  # of a test


def nested(report: Printout) -> bytes:
    """Return Word whose tables stand in the cells of a table that only lays out the page."""
    body = "".join(
        f"<w:tr><w:tc><w:tcPr/>{word_paragraph(each.title)}{word_table(each.lines)}<w:p/></w:tc></w:tr>"
        for each in report.sheets
    )
    return word_file(f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/></w:tblGrid>{body}</w:tbl>".replace(FIGURE, "171"))


def boxed(report: Printout) -> bytes:
    """Return Word whose tables stand in text boxes."""
    body = "".join(
        f"<w:p><w:r><w:pict><v:textbox><w:txbxContent>{word_paragraph(each.title)}{word_table(each.lines)}"
        "</w:txbxContent></v:textbox></w:pict></w:r></w:p>"
        for each in report.sheets
    )
    return word_file(body.replace(FIGURE, "171"))


def divided(report: Printout) -> bytes:
    """Return HTML that draws its tables as divs."""
    text = as_page(report).decode().replace(FIGURE, "171")
    return re.sub(r"<(/?)(?:table|tr|td)[^>]*>", r"<\1div>", text).encode()


def beside(report: Printout) -> bytes:
    """Return HTML in which each label is cut over two cells."""
    for own in report.sheets:
        for line in own.lines:
            for at, each in reversed(list(enumerate(line))):
                if not each.address and each.columns == 1 and each.rows == 1 and len(each.text) > 8:
                    line[at : at + 1] = [Printed(each.text[:4]), Printed(each.text[4:])]
    return as_page(report).replace(FIGURE.encode(), b"171")


def repeated(report: Printout) -> bytes:
    """Return HTML whose table 3 begins anew, heads and all, after some rows, as pages repeat them."""
    lines = report.sheet("requests").lines
    first = next(at for at, line in enumerate(lines) if any(each.address for each in line))
    cut = next(at for at, line in enumerate(lines) if line[0].text.startswith("三、"))
    parts = "".join(html_table(part) for part in (lines[:cut], [*lines[:first], *lines[cut:]]))
    whole = html_table(lines)
    return as_page(report).decode().replace(whole, parts).replace(FIGURE, "171").encode()


def renamed(report: Printout) -> bytes:
    """Return an Excel file inside of a ZIP, as archives of offices are sent."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("表.xlsx", as_sheet(report))
    return file.getvalue()


def raised(report: Printout) -> bytes:
    """Return a PDF in which the mark of a note stands behind the figure."""
    return as_pdf(report, '#show "171717": [171#super[1]]')


SUPERSCRIPT, STRUCK = '<w:vertAlign w:val="superscript"/>', "<w:strike/>"
RICH = (InlineFont(vertAlign="superscript"), InlineFont(strike=True))

KINDS: dict[str, tuple[Callable[[Printout], bytes], str | None]] = {
    "nested tables": (nested, "171"),
    "tables in text boxes": (boxed, "171"),
    "superscript in Word": (runs(("", "171"), (SUPERSCRIPT, "1")), None),
    "struck out in Word": (runs((STRUCK, "99"), ("", "171")), None),
    "struck out twice in Word": (runs(("<w:dstrike/>", "99"), ("", "171")), None),
    "a field in Word": (
        cell(
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>= SUM(LEFT) 99</w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>171</w:t></w:r>'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        ),
        "171",
    ),
    "a simple field in Word": (cell('<w:fldSimple w:instr="=1"><w:r><w:t>171</w:t></w:r></w:fldSimple>'), "171"),
    "a placeholder in Word": (
        cell(
            "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:r><w:t>单击此处</w:t></w:r></w:sdtContent></w:sdt>"
        ),
        None,
    ),
    "a character of a symbol font": (cell('<w:r><w:sym w:font="Wingdings" w:char="F08C"/></w:r>'), None),
    "a formula in Word": (
        cell(
            '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:r><m:t>171</m:t></m:r>'
            "</m:oMath>"
        ),
        "171",
    ),
    "a footnote in Word": (cell('<w:r><w:t>171</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r>'), "171"),
    "two paragraphs in a cell": (cell("<w:r><w:t>17</w:t></w:r></w:p><w:p><w:r><w:t>1</w:t></w:r>"), None),
    "full-width digits": (runs(("", "１７１")), "171"),
    "Chinese digits": (runs(("", "一七一")), None),
    "digits in circles": (runs(("", "①⑦")), None),
    "superscript in HTML": (page("171<sup>1</sup>"), None),
    "struck out in HTML": (page("<s>99</s>171"), None),
    "deleted in HTML": (page('<del>99</del><span style="text-decoration:line-through">8</span>171'), None),
    "a choice in HTML": (page("<select><option>1<option selected>171</select>"), None),
    "a field of text in HTML": (page("<textarea>171</textarea>"), None),
    "an input in HTML": (page("<input value=171>"), None),
    "a drawing in HTML": (page("<svg><text>171</text></svg>"), None),
    "hidden by a class": (page("<span class=h>99</span>171", "<style>.h{color:red;display:none}</style>"), "171"),
    "a wrong declaration": (page("171", '<meta charset="big5">'), "171"),
    "divs for tables": (divided, "171"),
    "labels over two cells": (beside, "171"),
    "heads repeated": (repeated, "171"),
    "a date in Excel": (sheet(value(dt.date(1900, 6, 19), "yyyy-mm-dd")), None),
    "an error in Excel": (sheet(value("#REF!")), None),
    "a share in Excel": (sheet(value(1.71, "0%")), None),
    "rounded in Excel": (sheet(value(170.6, "0")), None),
    "text in Excel": (sheet(value(" 171 ")), "171"),
    "a truth value in Excel": (sheet(value(new=True)), None),
    "superscript in Excel": (sheet(value(CellRichText("171", TextBlock(RICH[0], "1")))), None),
    "struck out in Excel": (sheet(value(CellRichText(TextBlock(RICH[1], "99"), "171"))), None),
    "a hidden column": (sheet(hide_column), None),
    "a protected sheet": (sheet(protect), "171"),
    "a ZIP for Excel": (renamed, None),
    "superscript in PDF": (raised, None),
    "text with a remark": (lambda report: as_lines(report).replace(FIGURE.encode(), "171（含下属）".encode()), None),
}


# Of these nothing is read, or less than half.
REFUSED, ASKED = ("a ZIP for Excel",), ("divs for tables", "labels over two cells")


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_read_otherwise_than_it_is_printed(kind: str, tmp_path: Path) -> None:
    """Each figure is read right, asked or missing with a word; what must be read is read."""
    make, expected = KINDS[kind]
    report = made(2021, 7)
    report.put(CELL, FIGURE, expected)
    data = make(report)
    if kind in REFUSED:
        with pytest.raises(RefusedError, match="；请"):
            read(tmp_path / "x", data)
        return
    figures = read(tmp_path / "x", data)
    found = score(report, figures)
    assert found.wrong == ()
    assert figures.readings[CELL].value == expected if expected else CELL not in figures.readings
    assert found.right > found.asked + found.missing or kind in ASKED
