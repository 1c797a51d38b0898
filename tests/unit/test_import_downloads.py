"""Downloads of this program come back in every value: Word, Excel, PDF, JSON and CSV of both portals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from building import ROOT
from documents import YEARS, material_of, session_of
from nianbao.exports.formats import FORMATS
from nianbao.importing.figures import read_figures
from nianbao.importing.reading import read_original
from nianbao.model.report import plain
from nianbao.reading.numbers import UNKNOWN, parse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nianbao.importing.answers import Figures
    from nianbao.model.report import Cell, Report
    from nianbao.pages.session import Session

KINDS = {kind.id: kind for kind in FORMATS}


@pytest.fixture(scope="module")
def sessions() -> dict[str, Session]:
    """Return both portals, judged once."""
    return {part: session_of(ROOT / part) for part in {part for part, _ in YEARS}}


def expected(cell: Cell) -> str:
    """Return what a data file writes for *cell*, or what is printed where it is a total."""
    if cell.computed:
        printed = cell.printed if cell.printed is not None else cell.value
        return UNKNOWN if printed is None else plain(printed)
    return cell.gap or cell.written or plain(cell.value)  # type: ignore[arg-type]  # a gap where there is no value


def cells(report: Report) -> Iterator[Cell]:
    """Yield all cells of *report*."""
    for table in report.form.tables:
        yield from report.cells[table.id].values()


def imported(session: Session, year: int, kind: str, folder: Path) -> Figures:
    """Return what is read of the download of *kind*."""
    paths = []
    for at, made in enumerate(KINDS[kind].make(material_of(session, year))):
        path = folder / f"{at}.{kind}"
        path.write_bytes(made.content.read())
        paths.append(path)
    return read_figures(tuple(read_original(path) for path in paths), session.dataset.forms)


@pytest.mark.usefixtures("chinese_fonts")
@pytest.mark.parametrize("kind", ["docx", "xlsx", "pdf"])
@pytest.mark.parametrize(("part", "year"), YEARS)
def test_printed_downloads(sessions: dict[str, Session], part: str, year: int, kind: str, tmp_path: Path) -> None:
    """What the form shows comes back, totals too; what shows no figure is asked, with the words of a gap proposed."""
    session = sessions[part]
    report = session.dataset.reports[year]
    figures = imported(session, year, kind, tmp_path)
    assert figures.format == report.form.format
    assert not figures.missing
    asked = {address for question in figures.questions for address in question.addresses}
    for cell in cells(report):
        if cell.address in asked:
            assert cell.value is None or cell.printed is not None or not cell.computed, cell
        else:
            assert figures.readings[cell.address].value == expected(cell), cell


@pytest.mark.parametrize("kind", ["json", "csv"])
@pytest.mark.parametrize(("part", "year"), YEARS)
def test_data_downloads(sessions: dict[str, Session], part: str, year: int, kind: str, tmp_path: Path) -> None:
    """Every typed value comes back exactly, and nothing is asked."""
    session = sessions[part]
    report = session.dataset.reports[year]
    figures = imported(session, year, kind, tmp_path)
    assert not figures.questions
    assert not figures.missing
    for cell in cells(report):
        if not cell.computed:
            read, typed = figures.readings[cell.address].value, expected(cell)
            # The data of a download have every amount in 元.
            assert read == typed or (typed.endswith("万元") and parse(read, "amount") == parse(typed, "amount")), cell
        elif cell.printed is not None:
            assert figures.readings[cell.address].value == plain(cell.printed)


def test_a_download_that_was_changed_is_refused(sessions: dict[str, Session], tmp_path: Path) -> None:
    """A value that is no number, or a cell that is none of the form, is no download of ours."""
    (made,) = KINDS["json"].make(material_of(sessions["examples"], 2024))
    text = made.content.read().decode()
    for old, new in (('"value": 0', '"value": "null"'), ("disclosure.licensing.decisions", "disclosure.no.such")):
        path = tmp_path / "x"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(Exception, match="请重新导出一份"):
            read_figures((read_original(path),), sessions["examples"].dataset.forms)
