"""What the rules read in tables that editors write into pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from documents import session_of
from nianbao.prose.reading import PageReader
from projects import example_project

if TYPE_CHECKING:
    from pathlib import Path

TABLE = """
| 事项 | 件数 |
| :--- | ---: |
| {{ year() }}年的许可 | {{ figure("disclosure.licensing") }} |
|处罚|  另见 `甲|乙` |
甲 | 乙

甲和|乙|不是表格。
"""
CELLS = [
    ("td", "事项", (2, 3)),
    ("td", "件数", (2, 8)),
    ("td", "2024年的许可", (4, 15)),
    ("td", "1463", (4, 22)),  # What a macro gave has the place of its call.
    ("td", "处罚", (5, 2)),
    ("td", "另见 甲|乙", (5, 7)),
    ("td", "甲", (6, 1)),
    ("td", "乙", (6, 5)),
    ("p", "甲和|乙|不是表格。", (8, 1)),
]


def test_cells_of_tables(tmp_path: Path) -> None:
    """A table in Markdown is read cell by cell, as the site shows it, and every typed cell knows its place."""
    project = example_project(tmp_path)
    page = project / "docs/2024/6-other.md"
    before = page.read_text("utf-8")
    page.write_text(before + TABLE, "utf-8")
    session = session_of(project)
    texts = PageReader(session.dataset, session.root, session.data, session.docs).year(session.dataset.reports[2024])
    assert texts is not None
    read = texts.pages["6-other.md"].passages[-len(CELLS) :]
    found = []
    for passage in read:
        place = passage.place(next((index for index, typed in enumerate(passage.typed) if typed), 0))
        found.append((passage.kind, passage.text, (place.line - before.count("\n"), place.column)))
    assert found == CELLS
