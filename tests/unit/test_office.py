"""The article for a CMS and the papers for the superior: whole, safe, and the same figures as the site."""

from __future__ import annotations

import hashlib
import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup, Tag
from building import ROOT
from documents import YEARS, Printed, awkward_document, example, material_of, printed_cells, session_of
from nianbao.documents.article_html import article_html
from nianbao.exports.office import OFFICE_FORMATS

if TYPE_CHECKING:
    from nianbao.documents.document import Document

# What the editors of content management systems leave in a page that is pasted.
LEFT = {"style", "align", "width", "border", "cellspacing", "colspan", "rowspan", "scope", "href", "start"}


def article(document: Document) -> BeautifulSoup:
    """Return the article of *document*."""
    return BeautifulSoup(article_html(document), "html5lib")


def cells(table: Tag) -> set[Printed]:
    """Return the cells of *table* as a browser lays them out."""
    found: set[Printed] = set()
    taken: set[tuple[int, int]] = set()
    for row, line in enumerate(table.select("tr")):
        column = 0
        for cell in line.select("th, td"):
            while (row, column) in taken:
                column += 1
            down, across = (int(str(cell.get(name, "1"))) for name in ("rowspan", "colspan"))
            taken |= {(row + step, column + more) for step in range(down) for more in range(across)}
            found.add(Printed(row, column, down, across, cell.get_text()))
            column += across
    return found


@pytest.mark.parametrize(("part", "year"), YEARS)
def test_tables_are_those_of_the_site(part: str, year: int) -> None:
    """Every cell stands at its place with its spans and its text."""
    material = material_of(session_of(ROOT / part), year)
    tables = [cells(table) for table in article(material.document).select("table")]
    for table in material.report.form.tables:
        assert printed_cells(material.report, table.id) in tables, table.id


def test_it_needs_nothing_that_an_editor_drops() -> None:
    """No script, style sheet, class, id or other file; borders stand at every cell."""
    page = article(example())
    assert not page.select("script, link, img, head style, iframe, form")
    body = page.body
    assert body is not None
    assert {name for tag in body.find_all() for name in tag.attrs} <= LEFT
    assert all("border: 1px solid" in str(cell["style"]) for cell in page.select("td, th"))
    assert [heading.get_text() for heading in page.select("h2")] == [section.heading for section in example().sections]


def test_text_stays_text() -> None:
    """Nothing that a report says is taken for a tag."""
    document = awkward_document()
    page = article(document)
    assert not page.select("script")
    assert "<script>alert('庚')</script>" in page.get_text()
    assert article_html(document) == article_html(awkward_document())


def test_a_draft_says_so() -> None:
    """A draft is told from a published report in its first lines."""
    assert "草稿（尚未公布）" in article(example(2025)).get_text()
    assert "草稿" not in article(example(2024)).get_text()


@pytest.mark.usefixtures("chinese_fonts")
def test_the_superior_gets_all_papers_with_their_sums() -> None:
    """Word, PDF, Excel, JSON and the sheet for approval, each as it is exported by itself; the sums are right."""
    material = material_of(session_of(ROOT / "examples"), 2024)
    (filing,) = (kind for kind in OFFICE_FORMATS if kind.id == "filing")
    (made,) = filing.make(material)
    with zipfile.ZipFile(io.BytesIO(made.content.read())) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    sums = files.pop("SHA256SUMS").decode().splitlines()
    assert sorted(files) == [
        "a-2024-approval.docx",
        *(f"a-2024.{suffix}" for suffix in ("docx", "json", "pdf", "xlsx")),
    ]
    assert dict(line.split("  ")[::-1] for line in sums) == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }
