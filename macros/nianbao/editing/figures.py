"""The figures of a year as the desk shows them, and what is said of one that is typed in."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

import yaml

from nianbao.data_files.cells import added_up, written_cells
from nianbao.editing.files import form_of
from nianbao.editing.pages import figure_pages
from nianbao.lifecycle.labels import cell_labels
from nianbao.model.report import FEE
from nianbao.reading.fields import cell
from nianbao.reading.findings import Findings
from nianbao.reading.numbers import OPEN
from nianbao.reading.values import Reader
from nianbao.tables.html import render_cells

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nianbao.editing.files import Files, Sheet
    from nianbao.model.cells_reader import Cells
    from nianbao.model.form import Form, Line, Slot

Json = dict[str, Any]

# A number as people type or paste it, with marks of thousands.
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:[,， '][0-9]{3})+(?:\.[0-9]+)?(?:元|万元)?")


def state_of(files: Files, sheet: Sheet) -> Json:
    """Return the figures of the year of *sheet*, all by address, and what is known of the year beside them.

    ``typed`` are the figures and ``entered`` the totals that the file writes, ``totals`` what adds up, ``differ`` the
    totals that do not agree with those entered, ``unread`` what the reader says, ``waiting`` how many are to be filled
    in; ``pages`` are where they are filled in.
    """
    form = form_of(sheet)
    cells = [one for table in _added_up(sheet).values() for one in table.values()]
    written = written_cells(sheet.root, form)
    at = {(one.line, one.column): address for address, one in written.items()}
    unread = {
        address: finding.message
        for finding in files.findings(sheet)
        if (address := at.get((finding.place.line, finding.place.column))) is not None
    }
    waiting = sum(one.text == OPEN and not one.total for one in written.values())
    return {
        "year": int(sheet.file),
        "status": sheet.data.get("status", ""),
        "frozen": sheet.frozen,
        "labels": cell_labels(form),
        "pages": figure_pages(int(sheet.file), form),
        "typed": {address: one.text for address, one in written.items() if not one.total},
        "entered": {address: one.text for address, one in written.items() if one.total},
        "totals": {one.address: one._replace(printed=None, gap="").text for one in cells if one.computed},
        "differ": sorted(one.address for one in cells if one.printed is not None),
        "unread": unread,
        "waiting": waiting + (sheet.data.get(FEE) == OPEN),
    }


def tables_of(sheet: Sheet) -> dict[str, str]:
    """Return the tables of the year of *sheet* as HTML, by their ids."""
    cells = _added_up(sheet)
    return {table.id: str(render_cells(cells[table.id], table)) for table in form_of(sheet).tables}


def _added_up(sheet: Sheet) -> Mapping[str, Cells]:
    return added_up(sheet.root, form_of(sheet), blanks_are_zero=sheet.data.get("blanks_are_zero") == "true")


def normal(text: str, *, total: bool) -> str:
    """Return what is written for *text* as it was typed or pasted: half-width, without thousands marks.

    What is left empty waits to be filled in; a *total* that is left empty is not entered.
    """
    half = unicodedata.normalize("NFKC", text).replace("\u2212", "-").strip()
    if _GROUPED.fullmatch(half):
        half = re.sub(r"[,， ']", "", half)
    if not half:
        return "" if total else OPEN
    return half


def fault(text: str, line: Line, slot: Slot, form: Form) -> str:
    """Return what the reader says of *text* in the cell *slot* of *line*, empty where it takes it."""
    subject = f"“{line.label}”的“{slot.column.label}”"
    if line.total or slot.column.total:
        if text == OPEN:
            return f"{subject}是合计，可以不填；请删去“{OPEN}”"
        if not text:
            return ""
    found = form.find(slot.address)
    reader = Reader("", Findings())
    mark = yaml.Mark("", 0, 0, 0, None, 0)
    kind = cell(slot.column.kind, found[0].maximum if found is not None else 0)
    kind.read(reader, yaml.ScalarNode("", text, mark, mark), subject)
    return next((finding.message for finding in reader.findings.sorted()), "")


def change_in_words(figures: Mapping[str, str], here: Mapping[str, str], form: Form, year: int) -> str:
    """Return in words what a change of *year* from the figures *here* to *figures* is, both by address."""
    if len(figures) != 1:
        return f"{year}年的 {len(figures)} 个数"
    address, new = next(iter(figures.items()))
    return f"{year}年{cell_labels(form)[address]}：{here.get(address) or '未填'}改为{new or '未填'}"
