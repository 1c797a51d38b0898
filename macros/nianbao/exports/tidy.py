"""The cells of the statutory tables as rows of `nianbao.exports.columns`."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from nianbao.exports.texts import report_name
from nianbao.reading.numbers import BLANK, OPEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.form import Heading, Table
    from nianbao.model.report import Cell, Report
    from nianbao.reading.numbers import Number

# Between the levels of a label; some labels have a slash of their own (本年增/减).
SEPARATOR = " / "


@dataclass(frozen=True, slots=True, kw_only=True)
class TidyRow:
    """One cell; the fields are the columns, in their order."""

    agency: str
    report: str
    year: int
    format: int
    table: str
    address: str
    row_id: str
    row_label: str
    column_id: str
    column_label: str
    value: Number | None
    unit: str
    status: str
    computed: Number | None
    remark: str


def tidy_rows(agency: str, report: Report, table: Table) -> Iterator[TidyRow]:
    """Yield the cells of *table* in reading order; *agency* is the id of the body that reports."""
    name = report_name(report)
    for block in table.blocks:
        rows, columns = _labels(block.rows), _labels(block.columns)
        for row, column in product(block.rows.leaves, block.columns.leaves):
            cell = report.cells[table.id][row.path, column.path]
            yield TidyRow(
                agency=agency,
                report=name,
                year=report.year,
                format=report.form.format,
                table=table.id,
                address=cell.address,
                row_id=row.path,
                row_label=rows[row.path],
                column_id=column.path,
                column_label=columns[column.path],
                value=shown_value(cell),
                # An amount writes its own unit in the form (采购总金额); its value is in 元.
                unit=cell.unit or "元",
                status=status(cell),
                computed=cell.value if cell.computed and (cell.printed is not None or cell.gap) else None,
                remark=cell.remark,
            )


def shown_value(cell: Cell) -> Number | None:
    """Return the figure that the published table shows, None where it is unknown."""
    if cell.computed and cell.gap:
        return None
    return cell.value if cell.printed is None else cell.printed


def status(cell: Cell) -> str:
    """Return how the figure of *cell* came about (see `nianbao.exports.columns.CELL_STATUSES`)."""
    if cell.printed is not None:
        return "printed"
    if cell.gap == BLANK:
        return "blank"
    if cell.value is None or cell.gap:
        return "pending" if cell.missing == OPEN else "unknown"
    return "computed" if cell.computed else "typed"


def _labels(root: Heading) -> dict[str, str]:
    """Return the words of every leaf below *root* by path, with those of the headings above it."""
    return {path: SEPARATOR.join(heading.label for heading in chain) for path, chain in root.chains.items()}
