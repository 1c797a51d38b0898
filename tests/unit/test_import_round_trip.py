"""What this program writes it reads back: downloads of both portals, the template; portals are made from files."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import openpyxl
import pytest
from building import ROOT
from nianbao.beginning.new_year import begun_report
from nianbao.command.export import export
from nianbao.command.importing import import_
from nianbao.command.new import new
from nianbao.command.start import start
from nianbao.command.template import template
from nianbao.exports.template import template_file
from nianbao.exports.template_words import OTHER
from nianbao.importing.folder import FOLDER
from nianbao.model.dataset import read_dataset
from printed import printed_2023
from projects import edit, everything, example_project, findings, project_in, run

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.model.dataset import Dataset
    from nianbao.model.report import Report

KINDS = ("docx", "xlsx", "json")
YEARS = (2019, 2020, 2021, 2022, 2023, 2024, 2025)
CALC = "Calc MS Excel 2007 XML"


def portals(folder: Path) -> dict[str, Path]:
    """Return copies of both portals by name."""
    own = folder / "own"
    for name in ("data", "docs"):
        shutil.copytree(ROOT / name, own / name)
    shutil.copy(ROOT / "mkdocs.yml", own)
    return {"own": own, "examples": example_project(folder)}


@pytest.fixture(scope="module")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, int, str], Path]:
    """Return the downloads of both portals by portal, year and kind."""
    folder = tmp_path_factory.mktemp("downloads")
    found = {}
    for name, project in portals(folder).items():
        for year in YEARS if name == "examples" else (2023,):
            out = folder / f"{name}-{year}"
            done = run(export, str(year), "--format", ",".join(KINDS), "--out", str(out), project=project)
            assert done.code == 0, done.printed
            for kind in KINDS:
                found[name, year, kind] = next(out.glob(f"*.{kind}"))
    return found


def empty_portal(source: Path, folder: Path) -> Path:
    """Return a portal of the body of *source* without years."""
    (folder / "data").mkdir(parents=True)
    (folder / "docs").mkdir()
    for name in ("mkdocs.yml", "data/agency.yml"):
        shutil.copy(source / name, folder / name)
    return folder


def read(portal: Path, year: int) -> Report:
    """Return the report of *year*."""
    return read_dataset(portal, portal / "data").reports[year]


def different(one: Report, other: Report) -> list[str]:
    """Return the addresses of cells that differ in value, printed total or word for none."""
    return [
        cell.address
        for table, cells in one.cells.items()
        for position, cell in cells.items()
        if (cell.value, cell.known, "" if cell.computed else cell.gap)
        != (
            other.cells[table][position].value,
            other.cells[table][position].known,
            "" if cell.computed else other.cells[table][position].gap,
        )
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("name", "year"), [("own", 2023), *(("examples", year) for year in YEARS)])
def test_our_own_files_come_back(
    downloads: dict[tuple[str, int, str], Path], tmp_path: Path, name: str, year: int, kind: str
) -> None:
    """Every figure of Word, Excel and JSON is that of the data; JSON has items and fee as well.

    The one row of 2020 whose total is printed wrong is asked where no program vouches for it.
    """
    source = ROOT if name == "own" else ROOT / "examples"
    portal = empty_portal(source, tmp_path / "portal")
    done = run(import_, str(downloads[name, year, kind]), project=portal)
    assert done.code in {0, 3}, done.printed
    original, copy = read(source, year), read(portal, year)
    if year == 2020 and kind != "json":
        assert "“一、本年新收政府信息公开申请数量”：各项之和是 53，总计印的是 54" in done.printed
        edit(portal / FOLDER / "2020/问题.yml", "    答复:\n", "    答复: 38 12 1 0 2 0 54\n")
        run(import_, "2020", project=portal)
        copy = read(portal, year)
    assert different(original, copy) == []
    if kind == "json":
        assert done.code == 0
        assert (copy.categories, copy.processing_fee) == (original.categories, original.processing_fee)
        assert (copy.items_unknown, copy.fee_gap) == (original.items_unknown, original.fee_gap)
    if kind == "docx":
        assert copy.processing_fee == original.processing_fee


def filled(path: Path, out: Path) -> dict[str, object]:
    """Fill in the template at *path* as an officer does, and save it as *out*; return what was typed by address."""
    book = openpyxl.load_workbook(path)
    typed: dict[str, object] = {}
    for number, (name, defined) in enumerate(book.defined_names.items()):
        sheet, cell = next(iter(defined.destinations))
        own = book[sheet][cell.replace("$", "")]
        if isinstance(own.value, str) and own.value.startswith("=SUM("):
            continue
        own.value = 12.5 if name.endswith("administrative_fees.amount") else number % 7
        typed[name] = own.value
    sheet_of_items = book[OTHER]
    sheet_of_items["B2"] = 30.5
    for row in range(6, 60):
        sheet_of_items.cell(row, 1).value = None
    for row, (category, title, full_text) in enumerate(
        (
            ("概况信息", "机构职能信息", "是"),
            (None, "=甲, 乙: {{ 丙 }}", "否"),
            ("财政信息", "《2026年部门预算》", "是"),
        ),
        6,
    ):
        for column, words in enumerate((category, title, full_text), 1):
            sheet_of_items.cell(row, column).value = words
            sheet_of_items.cell(row, column).data_type = "s"
    book.save(out)
    return typed


@pytest.mark.parametrize("recalculated", [True, False])
def test_the_template_comes_back(tmp_path: Path, recalculated: bool) -> None:  # noqa: FBT001  # a case of the test
    """What is typed into it is what `new --from` enters, after LibreOffice has added up and saved it anew."""
    project = example_project(tmp_path)
    sheet = tmp_path / "2026.xlsx"
    assert run(template, "2026", "--out", str(sheet), project=project).code == 0
    typed = filled(sheet, tmp_path / "填好.xlsx")
    assert len(typed) == 10 + 24 * 6 + 12
    file = tmp_path / "填好.xlsx"
    if recalculated:
        if shutil.which("soffice") is None:
            pytest.skip("LibreOffice is not installed")
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        command = ["soffice", profile, "--headless", "--convert-to", f"xlsx:{CALC}", "--outdir", str(tmp_path / "out")]
        subprocess.run([*command, str(file)], check=True, capture_output=True, timeout=180)
        file = tmp_path / "out/填好.xlsx"
    done = run(new, "2026", "--from", str(file), project=project)
    report = read(project, 2026)
    assert (report.status, report.transcribed) == ("draft", False)
    if not recalculated:  # A formula that nobody has added up is asked, and stands for no figure.
        assert done.code == 3
        assert re.search("第三部分：读出 144 格，[0-9]+ 处要问（31 格）", done.printed)
        return
    assert done.code == 0, done.printed
    for address, value in typed.items():
        cell = report.cell(address)
        assert cell is not None
        assert float(cell.value or 0) == value, address
    totals = [cell for cells in report.cells.values() for cell in cells.values() if cell.computed]
    assert all(cell.agrees for cell in totals)
    assert str(report.processing_fee) == "30.5"
    # A title that no data file may hold keeps its category from being listed: it is counted.
    assert [(one.name, one.count, [item.title for item in one.items]) for one in report.categories] == [
        ("概况信息", 2, []),
        ("财政信息", 1, ["《2026年部门预算》"]),
    ]


def test_the_template_is_the_form(tmp_path: Path) -> None:
    """Every cell has its name and a check, totals are formulas, last year's figure is told; the same give the same."""
    project = example_project(tmp_path)
    report, previous = begun_report(project_in(project), 2026)
    assert previous is not None
    content = template_file(report, previous)
    assert content == template_file(report, previous)
    path = tmp_path / "2026.xlsx"
    path.write_bytes(content)
    book = openpyxl.load_workbook(path)
    addresses = {cell.address for cells in report.cells.values() for cell in cells.values()}
    assert set(book.defined_names) == addresses
    for address in addresses:
        sheet, name = next(iter(book.defined_names[address].destinations))
        cell = book[sheet][name.replace("$", "")]
        checks = [one for one in book[sheet].data_validations.dataValidation if cell.coordinate in one.sqref]
        own = report.cell(address)
        assert own is not None
        if own.computed:
            assert str(cell.value).startswith("=SUM(")
            continue
        assert len(checks) == 1
        assert checks[0].formula1 == "0"
        last = previous.cell(address)
        assert last is not None
        assert checks[0].prompt == f"上年：{last.text}"
        assert cell.value == (own.value if own.value is not None else None)
    beside = book["与上年对照"]
    assert beside["B1"].value == "2025年"
    assert beside["C2"].value == "='主动公开政府信息情况'!B6" or str(beside["C2"].value).startswith("='主动公开")


def test_a_template_is_not_written_over(tmp_path: Path) -> None:
    """What is there stays."""
    project = example_project(tmp_path)
    sheet = tmp_path / "2026.xlsx"
    sheet.write_bytes(b"kept")
    done = run(template, "2026", "--out", str(sheet), project=project)
    assert done.code == 1
    assert "没有写入；请换一个名称" in done.printed
    assert sheet.read_bytes() == b"kept"


def test_an_empty_template_leaves_all_to_be_filled_in(tmp_path: Path) -> None:
    """What nobody has typed waits, and what the year before hands on stands there."""
    project = example_project(tmp_path)
    sheet = tmp_path / "2026.xlsx"
    run(template, "2026", "--out", str(sheet), project=project)
    run(new, "2026", "--from", str(sheet), project=project)
    report, before = read(project, 2026), read(project, 2025)
    assert report.figure("requests.carried_in") == before.figure("requests.carried_out")
    assert len(report.open_cells("requests")) == 23 * 6
    assert len(report.open_cells("review")) == 12
    assert not any(cell.entered for cell in report.cells["requests"].values() if cell.missing)
    assert [one.name for one in report.categories] == [one.name for one in before.categories]


def test_new_refuses_before_it_makes_anything(tmp_path: Path) -> None:
    """A file that cannot be read leaves the portal as it was."""
    project = example_project(tmp_path)
    bad = tmp_path / "坏.docx"
    bad.write_bytes(b"\x00\x01")
    before = everything(project)
    assert run(new, "2026", "--from", str(bad), project=project).code == 1
    assert run(new, "2026", str(bad), project=project).code == 2
    assert everything(project) == before


def test_a_portal_is_made_from_a_report(own: Dataset, tmp_path: Path) -> None:
    """Name and year are those of the file; the year is as an import makes it, and the check finds its place."""
    text = tmp_path / "报告.txt"
    printed = printed_2023(own.reports[2023]).replace("政府信息公开工作", "2023年政府信息公开工作", 1)
    text.write_text(printed, encoding="utf-8")
    done = run(start, "portal", "--from", str(text), "--id", "wgzx", "--kind", "institution", project=tmp_path)
    assert done.code == 3, done.printed
    portal = tmp_path / "portal"
    assert 'name: "武昌区社会管理网格化服务中心"' in (portal / "data/agency.yml").read_text(encoding="utf-8")
    edit(portal / FOLDER / "2023/问题.yml", "    答复:\n", "    答复: 照提议\n")
    assert run(import_, "2023", project=portal).code == 0
    assert different(own.reports[2023], read(portal, 2023)) == []
    errors = [finding for finding in findings(portal, 2023) if finding.level == "error"]
    assert [finding.rule for finding in errors] == ["S-05"]
    assert run(start, "other", "--from", str(tmp_path / "没有.docx"), project=tmp_path).code == 2
    assert not (tmp_path / "other").exists()
