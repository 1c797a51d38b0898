"""Figures as rules read them: by address, with the words that messages call them by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.model.report import plain, total
from nianbao.reading.numbers import BLANK, OPEN
from nianbao.rules.rule import Confirmed, Fault, NeedsReview

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nianbao.model.form import Table, Total
    from nianbao.model.report import Cell, Report
    from nianbao.reading.numbers import Number
    from nianbao.rules.rule import Outcome

PREVIOUS_MISSING = "没有上年的数据"


def known(cell: Cell | None) -> Number | None:
    """Return a cell's figure; the original's own total where it cannot be added up."""
    return None if cell is None else cell.known


def cell_at(report: Report, address: str) -> Cell | None:
    """Return the cell that the form has for *address*, which an earlier edition may have named; None for none."""
    return report.cell(report.form.current(address))


def figure(report: Report, address: str) -> Number | None:
    """Return the figure of the cell at *address*, or None where it is unknown or not in the form; see `cell_at`."""
    return known(cell_at(report, address))


def same_form(report: Report, other: Report) -> bool:
    """Say whether both use the same edition of the form."""
    return report.form.format == other.form.format


def unreadable(report: Report, table: Table) -> Iterator[Outcome]:
    """Yield a doubt for every typed cell that the original does not let read, and how many others there are.

    Those that it leaves empty make one doubt together.
    """
    readable = 0
    blank: list[tuple[str, Cell]] = []
    for (row, column), cell in report.cells[table.id].items():
        if cell.computed or cell.gap == OPEN:
            continue
        if cell.value is not None:
            readable += 1
            continue
        if cell.gap == BLANK:
            blank.append((cell_name(table, row, column), cell))
            continue
        message = f"“{cell_name(table, row, column)}”一格填的是“不详”，不能参加核对；请查对原件，能够辨认的填上数字"
        yield NeedsReview(place=cell.place, message=message, subject=cell.address)
    if blank:
        name, first = blank[0]
        message = (
            f"有 {len(blank)} 格填的是“{BLANK}”，第一格是“{name}”，不能参加核对；"
            "原件以空白表示没有发生的，请在数据文件里写一行 blanks_are_zero: true"
        )
        yield NeedsReview(place=first.place, message=message, subject=table.id)
    yield Confirmed(readable)


def cell_name(table: Table, row: str, column: str) -> str:
    """Return the labels of a cell's row and column, with those of the groups above the column."""
    for block, row_heading, column_heading in table.grid:
        if (row_heading.path, column_heading.path) == (row, column):
            above = [heading.label for heading in block.columns.walk() if column.startswith(f"{heading.path}.")]
            return "·".join(filter(None, (row_heading.label, *above, column_heading.label)))
    raise LookupError(column)


def printed_totals(report: Report, table: Table, chosen: Callable[[Total], bool]) -> Iterator[Outcome]:
    """Yield what is wrong with the *chosen* totals that an original prints.

    Totals that are computed hold by themselves: they count as confirmed where all parts are known. Where they
    are not, totals that the original prints of parts are parts as well, and all that is known is a lower bound.
    In a transcribed report a total that the original has wrong is a doubt: it needs no waiver, and stays public.
    """
    cells = report.cells[table.id]
    held = entered = 0
    for added in table.totals:
        if not chosen(added):
            continue
        cell = cells[added.position]
        if cell.printed is None:
            held += cell.value is not None
            entered += cell.agrees
            continue
        values = [cells[part].value if cell.value is not None else cells[part].known for part in added.parts]
        figures = [value for value in values if value is not None]
        readable = total(figures) or 0
        whole = len(figures) == len(values)
        stands = f"“{cell_name(table, added.row.path, added.column.path)}”印出的是 {plain(cell.printed)}"
        if whole and readable != cell.printed:
            summands = "＋".join(plain(value) for value in figures if value) or "0"
            message = f"{stands}，各项之和是 {summands}{f'＝{plain(readable)}' if '＋' in summands else ''}"
        elif not whole and readable > cell.printed:
            message = f"{stands}，可以辨认的各项之和已是 {plain(readable)}"
        else:
            held += whole
            continue
        place, subject = cell.printed_place or cell.place, cell.address
        if report.transcribed:  # The total that was typed beside the others says already what the original has.
            message += "，照原件录入；请再查对一次原件，原件确实如此的不用改"
            yield NeedsReview(place=place, message=message, subject=subject)
        else:
            message += "；请查对原件，原件确实如此的写明豁免"
            yield Fault(place=place, message=message, subject=subject)
    yield Confirmed(held, entered)
