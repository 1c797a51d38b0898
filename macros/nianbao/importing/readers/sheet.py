"""Excel sheets by calamine: values as they are stored, not as a format shows them; ECMA-376 Part 1, 18.3."""

from __future__ import annotations

import os
import posixpath
import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from nianbao.importing.original import OBJECT, Cell, Table
from nianbao.importing.readers.number_formats import shown, telling_formats
from nianbao.importing.readers.packages import DAMAGED, Package
from nianbao.reading.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nianbao.importing.original import Content

_WORKBOOK = "xl/workbook.xml"
_STYLES, _TEXTS = "xl/styles.xml", "xl/sharedStrings.xml"

# The sheets of a report have fewer cells; a sheet is held whole, however far apart its cells stand.
MOST_CELLS = 200_000
# Excel shows so many digits of a number; what a sum has behind them is noise.
_DIGITS = 15
_MOST_COLUMNS = 16_384
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Marks:
    """What the XML of a sheet tells that values do not, by row and column from 0.

    *unreadable* are formulas without a value, errors, and figures of which a part is raised or struck out; besides,
    what is hidden, and the formats that show more than digits.
    """

    unreadable: frozenset[tuple[int, int]] = frozenset()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    formats: Mapping[tuple[int, int], str] = field(default_factory=dict)


def read_sheets(data: bytes, kind: str) -> tuple[Content, ...]:
    """Return the visible sheets of the workbook in *data*, of the *kind* xlsx or xls; places are 工作表“…”.

    Raises RefusedError where it is damaged, or a sheet too large for one of a report.
    """
    marks = _marks(Package(data)) if kind == "xlsx" else {}
    try:
        with _silence():
            workbook = CalamineWorkbook.from_filelike(BytesIO(data))
            tables = [
                _table(workbook, sheet.name, marks.get(sheet.name, _Marks()))
                for sheet in workbook.sheets_metadata
                if sheet.visible is SheetVisibleEnum.Visible and sheet.typ is SheetTypeEnum.WorkSheet
            ]
    except (CalamineError, OSError, ValueError) as error:
        raise RefusedError(DAMAGED) from error
    except BaseException as error:
        # A damaged .xls makes calamine panic, of which no class is exported.
        if type(error).__name__ == "PanicException":
            raise RefusedError(DAMAGED) from error
        raise
    return tuple(table for table in tables if table.cells)


@contextmanager
def _silence() -> Iterator[None]:
    """Keep what calamine itself writes of a panic off the terminal: it says nothing to an editor."""
    kept = os.dup(2)
    try:
        with Path(os.devnull).open("wb") as nothing:
            os.dup2(nothing.fileno(), 2)
            yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def too_large(name: str) -> RefusedError:
    """Return the refusal of a sheet called *name* that no report has."""
    message = f"工作表“{name[:40]}”太大，不像年度报告的表；请把年度报告的工作表单独另存一份再导入"
    return RefusedError(message)


def _table(workbook: CalamineWorkbook, name: str, marks: _Marks) -> Table:
    sheet = workbook.get_sheet_by_name(name)
    if sheet.total_height * sheet.total_width > MOST_CELLS:
        raise too_large(name)
    values = sheet.to_python(skip_empty_area=False)
    spans = dict(sheet.merged_cell_ranges or ())
    covered = {
        (row, column)
        for (top, left), (bottom, right) in spans.items()
        for row in range(top, min(bottom, len(values)) + 1)
        for column in range(left, min(right, sheet.total_width) + 1)
        if (row, column) != (top, left)
    }
    cells = []
    for row, line in enumerate(values):
        for column, value in enumerate(line):
            place = row, column
            if place in covered or row in marks.hidden_rows or column in marks.hidden_columns:
                continue
            bottom, right = spans.get(place, place)
            # A formula that was never computed is no blank, and a raised digit no part of a figure.
            text = OBJECT if place in marks.unreadable else _written(value)
            if place in marks.formats and isinstance(value, int | float):
                text = shown(text, marks.formats[place])
            cells.append(
                Cell(text=text, row=row, column=column, rows=bottom - row + 1, columns=right - column + 1),
            )
    return Table(cells=tuple(cells), place=f"工作表“{name}”")


def _written(value: object) -> str:
    """Return a value as digits are typed."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        number = Decimal(f"{value:.{_DIGITS}g}")
        return f"{int(number)}" if number == number.to_integral_value() else f"{number:f}"
    return str(value)


def _marks(package: Package) -> Mapping[str, _Marks]:
    """Return the marks of each sheet by its name; a binary workbook has none that can be read."""
    if _WORKBOOK not in package.names:
        return {}
    relations = "xl/_rels/workbook.xml.rels"
    targets = {
        each.get("Id"): posixpath.normpath(posixpath.join("/xl", each.get("Target", ""))).lstrip("/")
        for each in (package.tree(relations) if relations in package.names else ())
    }
    formats = telling_formats(package.tree(_STYLES)) if _STYLES in package.names else {}
    texts = package.tree(_TEXTS).iterfind("{*}si") if _TEXTS in package.names else ()
    dressed = frozenset(str(at) for at, text in enumerate(texts) if _is_dressed(text))
    found = {}
    for sheet in package.tree(_WORKBOOK).iter("{*}sheet"):
        relation = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), None)
        part = targets.get(relation, "")
        if part in package.names:
            found[sheet.get("name", "")] = _of_sheet(sheet.get("name", ""), package.read(part), formats, dressed)
    return found


def _is_dressed(text: etree._Element) -> bool:
    """Say whether a part of *text* is raised, lowered or struck out."""
    return any(text.find(f"{{*}}r/{{*}}rPr/{{*}}{name}") is not None for name in ("vertAlign", "strike"))


def _of_sheet(name: str, data: bytes, formats: Mapping[int, str], dressed: frozenset[str]) -> _Marks:
    cells: dict[tuple[int, int], str] = {}
    unreadable: set[tuple[int, int]] = set()
    rows: set[int] = set()
    columns: set[int] = set()
    try:
        for _, element in etree.iterparse(
            BytesIO(data), tag=("{*}c", "{*}row", "{*}col"), resolve_entities=False, no_network=True
        ):
            hidden = element.get("hidden") in {"1", "true"}
            kind = etree.QName(element).localname
            if kind == "col" and hidden:
                first, last = (int(element.get(key, "1")) for key in ("min", "max"))
                columns.update(range(first - 1, min(last, first + _MOST_COLUMNS)))
            elif kind == "row":
                if hidden:
                    rows.add(int(element.get("r", "1")) - 1)
                element.clear()
            elif kind == "c" and (place := _filled(element)) is not None:
                cells[place] = formats.get(int(element.get("s", "0")), "")
                value = element.find("{*}v")
                written = "" if value is None else value.text or ""
                inline = element.find("{*}is")
                if (
                    (element.find("{*}f") is not None and not written)
                    or element.get("t") == "e"
                    or (element.get("t") == "s" and written in dressed)
                    or (inline is not None and _is_dressed(inline))
                ):
                    unreadable.add(place)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise RefusedError(DAMAGED) from error
    # Cells far apart would be held with all that lies between them.
    if cells and (max(row for row, _ in cells) + 1) * (max(column for _, column in cells) + 1) > MOST_CELLS:
        raise too_large(name)
    return _Marks(
        unreadable=frozenset(unreadable),
        hidden_rows=frozenset(rows),
        hidden_columns=frozenset(columns),
        formats={place: code for place, code in cells.items() if code},
    )


def _filled(cell: etree._Element) -> tuple[int, int] | None:
    """Return row and column of *cell* where anything stands in it."""
    filled = any(cell.find(f"{{*}}{name}") is not None for name in ("v", "f", "is"))
    return _place(cell.get("r", "")) if filled else None


def _place(reference: str) -> tuple[int, int] | None:
    """Return row and column, from 0, of a reference such as B7."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1
