"""A report that was corrected after publication, as one document: what Word and PDF tell of it."""

from __future__ import annotations

import io
import re
import shutil
from typing import TYPE_CHECKING

import docx
import pypdf
import pytest
from documents import document_of
from nianbao.command.correct import correct
from nianbao.command.freeze import freeze
from nianbao.documents.fonts import FontError, find_fonts
from nianbao.documents.pdf import pdf_file
from nianbao.documents.word import word_file
from nianbao.pages.session import UnavailableError
from projects import edit, example_project, run, show_corrections

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project whose 2024 was published and corrected."""
    project = example_project(tmp_path_factory.mktemp("corrected"))
    show_corrections(project, 2024)
    assert run(freeze, "2024", "--published", "2025-01-21", project=project).code == 0
    data = project / "data" / "2024.yml"
    penalties = re.search(r"penalties: +\[([0-9]+)\]", data.read_text(encoding="utf-8"))
    assert penalties
    edit(data, penalties[0], penalties[0].replace(penalties[1], str(int(penalties[1]) + 1)))
    edit(project / "docs/2024/6-other.md", "每月更新", "每周更新")
    done = run(correct, "2024", "--reason", "行政处罚少计1件。", "--on", "2025-03-05", project=project)
    assert done.code == 0, done.printed
    return project


def test_corrections_are_part_of_the_document(corrected: Path) -> None:
    """The notes and the end of the document tell what was corrected, with the earlier state."""
    document = document_of(corrected, 2024)
    assert document.notes[1] == "2025年3月5日更正"
    (correction,) = document.corrections
    assert (correction.day.isoformat(), correction.reason) == ("2025-03-05", "行政处罚少计1件。")
    (change,) = [change for change in correction.changes if change.kind == "figure"]
    assert int(str(change.new)) == int(str(change.old)) + 1
    assert document.last_day == correction.day


def test_a_broken_record_of_corrections_is_told(corrected: Path, tmp_path: Path) -> None:
    """A document is not made where what was published cannot be known."""
    shutil.copytree(corrected.parent, tmp_path, dirs_exist_ok=True)
    (tmp_path / "examples/data/published/2024-1.json").unlink()
    with pytest.raises(UnavailableError) as caught:
        document_of(tmp_path / "examples", 2024)
    assert "缺少 data/published/2024-1.json" in str(caught.value.findings[0])


def test_word_ends_with_the_corrections(corrected: Path) -> None:
    """Word tells below the sections when and why, and shows every figure and word as it was and as it is."""
    document = document_of(corrected, 2024)
    word = docx.Document(io.BytesIO(word_file(document)))
    headings = [line.text for line in word.paragraphs if line.style is not None and line.style.name == "Heading 1"]
    assert headings == [*(section.heading for section in document.sections), "公布后的更正"]
    lines = [line.text for line in word.paragraphs]
    assert lines.index("2025年3月5日更正") > lines.index("公布后的更正")
    assert "更正原因：行政处罚少计1件。" in lines
    figures, words = word.tables[-2:]
    assert [[cell.text for cell in row.cells] for row in figures.rows] == [
        ["项目", "更正前", "更正后"],
        *(
            [change.what, change.old, change.new]
            for change in document.corrections[0].changes
            if change.kind == "figure"
        ),
    ]
    (_, old, new) = words.rows[-1].cells
    assert [run.text for run in old.paragraphs[0].runs if run.font.strike] == ["月"]
    assert [run.text for run in new.paragraphs[0].runs if run.font.underline] == ["周"]


def test_pdf_ends_with_the_corrections(corrected: Path) -> None:
    """PDF tells the same, dates the file by the correction and leads to it by a bookmark."""
    try:
        fonts = find_fonts()
    except FontError as error:
        pytest.skip(str(error))
    reader = pypdf.PdfReader(io.BytesIO(pdf_file(document_of(corrected, 2024), fonts)))
    marks = [mark.title for mark in reader.outline if not isinstance(mark, list)]
    assert marks[-1] == "公布后的更正"
    assert len(marks) == 7
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in reader.pages))
    told = text[text.index("本报告公布后更正过1次") :]
    assert "更正原因：行政处罚少计1件。" in told
    assert "每月更新" in told
    assert "每周更新" in told
    assert reader.metadata is not None
    assert str(reader.metadata["/CreationDate"]).startswith("D:20250305")
