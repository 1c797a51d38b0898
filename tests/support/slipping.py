"""The data of a year of the examples with every total typed as well, as an original prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.model.dataset import read_dataset

if TYPE_CHECKING:
    from pathlib import Path


def with_totals(folder: Path, year: int) -> str:
    """Return the data of *year* in *folder* with the totals of every row, column and group typed as well."""
    path = folder / "data" / f"{year}.yml"
    report = read_dataset(folder, folder / "data").reports[year]
    lines = path.read_text(encoding="utf-8").split("\n")
    for table in report.form.tables:
        for added in table.totals:
            if added.row.total:
                continue
            cell = report.cells[table.id][added.position]
            line = lines[cell.place.line - 1]
            lines[cell.place.line - 1] = line.replace("]", f", {cell.text}]", 1)
    columns = [column.path for column in report.form.tables[1].blocks[0].columns.leaves]
    totals = [report.cells["requests"]["results.total", column].text for column in columns]
    index = next(number for number, line in enumerate(lines) if line.strip().startswith("# （七）总计"))
    lines[index] = f"    total: [{', '.join(totals)}]"
    return "\n".join(lines)
