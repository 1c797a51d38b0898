"""The look of the Excel files: fonts that offices have, named and not shipped; sheets laid out for A4."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nianbao.documents.blocks import clean
from nianbao.exports.texts import DRAFT_NOTICE, report_name

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from nianbao.model.report import Report

_A4 = 9
_TEXT_FONT, _HEAD_FONT = "宋体", "黑体"
_ALERT = "#A61B1B"
_HEAD_GROUND = "#EEF3F8"
_TOTAL_GROUND = "#F7F9FB"
# Longer text in the header or the footer would make the file unreadable.
_LONGEST_MARGIN_TEXT = 100
# Points of a line of the usual font, and around the lines of a row.
_LINE, _AROUND = 14, 4


class Style:
    """Formats of one *book*, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[str, Format] = {}

    def get(self, **properties: Any) -> Format:  # noqa: ANN401  # the library's own names and values
        """Return the format with these *properties* over the usual font."""
        whole = {"font_name": _TEXT_FONT, "font_size": 10, "valign": "vcenter", "text_wrap": True} | properties
        key = repr(sorted(whole.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(whole)
        return self._made[key]

    @property
    def title(self) -> Format:
        """The name of the report."""
        return self.get(font_name=_HEAD_FONT, font_size=15, align="center")

    @property
    def caption(self) -> Format:
        """What a sheet shows."""
        return self.get(font_name=_HEAD_FONT, font_size=12)

    @property
    def note(self) -> Format:
        """Small words below a table."""
        return self.get(font_size=9, valign="top")

    @property
    def cell(self) -> Format:
        """A cell of a list."""
        return self.get(border=1)

    @property
    def alert(self) -> Format:
        """Words that must not be overlooked."""
        return self.get(font_name=_HEAD_FONT, font_size=12, font_color=_ALERT, align="center")

    def head(self, *, left: bool = False) -> Format:
        """Return the format of headings; those of rows stand at the *left*."""
        place = {"align": "left", "indent": 1} if left else {"align": "center"}
        return self.get(border=1, bg_color=_HEAD_GROUND, **place)

    def figure(self, number_format: str, *, total: bool) -> Format:
        """Return the format of figures, which show as *number_format* says."""
        marked = {"bold": True, "bg_color": _TOTAL_GROUND} if total else {}
        return self.get(border=1, align="center", num_format=number_format, **marked)


def set_page(sheet: Worksheet, name: str, *, landscape: bool, draft: bool = False) -> None:
    """Lay *sheet* out for A4, as wide as the paper, with the *name* of what it shows and page numbers."""
    sheet.set_paper(_A4)
    if landscape:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.8)
    sheet.center_horizontally()
    shown = clean(name)[:_LONGEST_MARGIN_TEXT].replace("&", "&&")
    notice = f"{DRAFT_NOTICE}　" if draft else ""
    sheet.set_header(f'&R&"{_TEXT_FONT}"&9{notice}{shown}')
    sheet.set_footer(f'&C&"{_TEXT_FONT}"&9第 &P 页，共 &N 页')
    if draft:
        sheet.set_tab_color(_ALERT)


def set_report_page(sheet: Worksheet, report: Report, *, landscape: bool) -> None:
    """Lay *sheet* out in that way, with the name of *report*."""
    set_page(sheet, report_name(report), landscape=landscape, draft=report.status == "draft")


def lines(text: str, width: float) -> int:
    """Return how many lines *text* takes in a cell of *width* characters; a Chinese character is two wide."""
    taken = sum(1 if character.isascii() else 2 for character in text)
    return max(1, -(-taken // max(1, int(width))))


def height(lines: float) -> float:
    """Return the height of a row with so many *lines*, in points."""
    return _LINE * lines + _AROUND
