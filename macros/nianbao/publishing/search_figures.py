"""The figures of all years for the search: who types a number finds the cells that hold it, with row and column."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from nianbao.pages.lists import section_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.report import Report
    from nianbao.pages.session import Session

PATH = "search/figures.json"


def search_figures(session: Session) -> bytes:
    """Return all figures but 0 as JSON: lists of place below the site, row and column, figure, section."""
    reports = session.dataset.reports
    found = [cell for year in session.shown_years() if year in reports for cell in _cells(reports[year])]
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def _cells(report: Report) -> Iterator[tuple[str, str, str, str]]:
    for section in report.form.sections:
        table = report.form.table(section.table) if section.table else None
        if table is None:
            continue
        page = section_address(report.year, report.form, section)
        for block in table.blocks:
            rows, columns = block.rows.chains, block.columns.chains
            for row in block.rows.leaves:
                for column in block.columns.leaves:
                    cell = report.cells[table.id][row.path, column.path]
                    if cell.known:
                        labels = (heading.label for heading in (*rows[row.path], *columns[column.path]))
                        place = f"{page}#{cell.address}"
                        yield place, "，".join(labels), cell.text, section.heading
