"""Downloads read back by other programs: every figure of the model is in every kind, and nothing else happens."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import jsonschema
import openpyxl
import pypdf
import pytest
from building import ROOT
from columnar import parquet_rows
from nianbao.cache.cache import Cache, canonical, held
from nianbao.documents.fonts import find_fonts
from nianbao.downloads.downloads import Downloads
from nianbao.engines.environment import judge_session
from nianbao.exports.archives import write_zip
from nianbao.exports.columns import CELL_STATUSES, COLUMNS
from nianbao.exports.comma_separated import csv_file
from nianbao.exports.excel import excel_file
from nianbao.exports.formats import FORMATS
from nianbao.exports.json_schema import report_json_schema
from nianbao.exports.texts import file_name, inert
from nianbao.exports.tidy import tidy_rows
from nianbao.model.dataset import read_dataset
from nianbao.model.report import plain
from nianbao.pages.session import Session
from nianbao.rules.judging import remember
from nianbao.tables.layout import Data, lay_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from nianbao.exports.formats import Download
    from nianbao.model.dataset import Dataset
    from nianbao.model.form import Table
    from nianbao.model.report import Cell, Report
    from openpyxl.worksheet.worksheet import Worksheet

# What an office may be called by someone who wants harm: formulas, markup, rare characters.
NAMES = (
    '=HYPERLINK("http://example.invalid","点")',
    "@SUM(1)&\"<b>'名'</b>\" ]]> 𠮷e\u0301 & Co.",
    "+1-2局" + "长" * 200,
)
CELLS = {2019: (22, 161, 15), 2021: (10, 175, 15)}


@dataclass(frozen=True)
class Offered:
    """The downloads of a portal by kind and year, with the model that they must agree with."""

    session: Session
    downloads: Downloads

    def reports(self) -> Iterator[Report]:
        """Yield the reports, newest first."""
        return self.downloads.reports()

    def files(self, report: Report, kind: str) -> list[Download]:
        """Return the files of one *kind*."""
        downloads = self.downloads.year(report)
        assert not set(downloads.missing) - {"pdf"}, downloads.missing
        return [item for item in downloads.files if item.kind == kind]

    def whole(self, name: str) -> bytes:
        """Return the file of all years whose name ends with *name*."""
        return next(item.content.read() for item in self.downloads.all_years() if item.name.endswith(name))


def offered(root: Path, cache: Path, *, drafts: bool = True) -> Offered:
    """Return what the portal in *root* offers."""
    dataset = read_dataset(root, root / "data")
    assert not dataset.findings, dataset.findings
    session = Session(
        dataset=dataset, root=root, data=root / "data", docs=root / "docs", drafts=drafts, page=lambda: "index.md"
    )
    remember(session, judge_session(session))
    return Offered(session, Downloads(session, Cache(cache)))


def odd_project(folder: Path) -> Path:
    """Copy the examples and make the cases that they lack: hostile names, unknown cells, amounts in 万元."""
    for name in ("data", "docs"):
        shutil.copytree(ROOT / "examples" / name, folder / name)
    years = ((2019, 2020), (2021, 2023), (2024, 2025))
    lines = [
        f"  - {{name: {json.dumps(name, ensure_ascii=False)}, from: {first}, to: {last}}}"
        for name, (first, last) in zip(NAMES, years, strict=True)
    ]
    agency = (folder / "data/agency.yml").read_text(encoding="utf-8")
    agency = re.sub(r"names:\n(  - .*\n)+", "names:\n" + "\n".join(lines) + "\n", agency)
    (folder / "data/agency.yml").write_text(agency, encoding="utf-8")
    edits = {
        2019: [("251000元", "25.10万元"), ("[9, 0, 47]", "[9, 不详, 47]")],
        2024: [("carried_in:                     [", "carried_in:                     [不详, 1, 1, 1, 1, 1] #[")],
        2023: [
            ("direct:               [1, 0, 0, 1]", "direct: [1, 0, 0, 1, 99]"),
            ("1,   0,   1,   0]", "1, 0, 1, 0, 1]"),
        ],
        2022: [
            ("coercion:               [53]", "coercion: [空白]"),
            ("direct:               [1, 0, 0, 1]", "direct: [1, 0, 0, 1, 空白]"),
            ("after_reconsideration: [0, 0, 0, 0]", "after_reconsideration: [0, 0, 0, 0, 不详]"),
        ],
    }
    for year, pairs in edits.items():
        path = folder / f"data/{year}.yml"
        text = path.read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in text, (year, old)
            text = text.replace(old, new, 1)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module", params=["real", "example", "odd"])
def dataset(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Offered:
    """Return the downloads of the real portal, of the example and of one with odd cases; drafts too."""
    folder = tmp_path_factory.mktemp(request.param)
    roots = {"real": ROOT, "example": ROOT / "examples"}
    return offered(roots.get(request.param) or odd_project(folder / "odd"), folder / "cache")


def shown(cell: Cell) -> str:
    """Return the figure of a cell as digits, nothing where it is unknown: of amounts and changes the number alone."""
    value = cell.value if cell.printed is None else cell.printed
    return "" if value is None or (cell.computed and cell.gap) else plain(value)


def how(cell: Cell) -> str:
    """Return the status that the data must give for a cell."""
    if cell.printed is not None:
        return "printed"
    if cell.gap:
        return {"空白": "blank", "不详": "unknown"}[cell.gap]
    return "unknown" if cell.value is None else "computed" if cell.computed else "typed"


def expected(report: Report, table: Table) -> dict[str, tuple[str, str]]:
    """Return figure and status of every cell of *table* by address, from the model."""
    return {cell.address: (shown(cell), how(cell)) for cell in report.cells[table.id].values()}


def test_the_odd_cases_are_there(tmp_path: Path) -> None:
    """The odd portal has unknown and empty cells, such totals, and printed totals with and without a sum."""
    odd = offered(odd_project(tmp_path / "odd"), tmp_path / "cache")
    found = [cell for report in odd.reports() for cells in report.cells.values() for cell in cells.values()]
    kinds = {(how(cell), cell.computed, cell.value is None) for cell in found}
    assert {
        ("unknown", False, True),
        ("unknown", True, True),
        ("printed", True, True),
        ("printed", True, False),
        ("blank", False, True),
        ("blank", True, False),
        ("unknown", True, False),
    } <= kinds
    assert any(cell.written == "25.10万元" and cell.value == 251000 for cell in found)


def test_csv_has_every_cell(dataset: Offered) -> None:
    """A CSV file has one row for each cell, with figure, unit, status and labels, in UTF-8 with a byte order mark."""
    for report in dataset.reports():
        files = dataset.files(report, "csv")
        assert [item.name.rpartition("-")[2] for item in files] == ["disclosure.csv", "requests.csv", "review.csv"]
        for item, table, count in zip(files, report.form.tables, CELLS[report.form.format], strict=True):
            content = item.content.read()
            assert content.startswith(b"\xef\xbb\xbf")
            assert content.count(b"\n") == content.count(b"\r\n") == count + 1
            rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
            assert {row["address"]: (row["value"], row["status"]) for row in rows} == expected(report, table)
            assert len(rows) == count
            assert all(row["unit"] in {"件", "项", "万元", "元"} for row in rows)
            computed = {row["address"]: row["computed"] for row in rows if row["computed"]}
            cells = report.cells[table.id].values()
            assert computed == {
                cell.address: plain(cell.value)
                for cell in cells
                if cell.computed and cell.value is not None and (cell.printed is not None or cell.gap)
            }


def test_labels_name_every_level(dataset: Offered) -> None:
    """Row and column carry the words of all headings above them, so that no two cells are called alike."""
    for report in dataset.reports():
        for table in report.form.tables:
            rows = list(tidy_rows("a", report, table))
            assert len({(row.row_label, row.column_label) for row in rows}) == len(rows)
    if report.form.format == 2021:
        named = {row.address: row for row in tidy_rows("a", report, report.form.tables[1])}
        cell = named["requests.results.refused.state_secrets.organizations.commercial"]
        assert cell.row_label == "三、本年度办理结果 / （三）不予公开 / 1.属于国家秘密"
        assert cell.column_label == "法人或其他组织 / 商业企业"


def test_json_has_every_cell_and_the_text(dataset: Offered) -> None:
    """The JSON file is valid by the published schema and has facts, figures and the words of the six sections."""
    schema = json.loads(dataset.whole("report.schema.json"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for report in dataset.reports():
        (item,) = dataset.files(report, "json")
        document = json.loads(item.content.read(), parse_float=Decimal)
        validator.validate(json.loads(item.content.read()))
        for table, written in zip(report.form.tables, document["tables"], strict=True):
            figures = {
                cell["address"]: ("" if cell["value"] is None else str(cell["value"]), cell["status"])
                for cell in written["cells"]
            }
            wanted = {
                address: (f"{Decimal(figure).normalize():f}" if figure else "", state)
                for address, (figure, state) in expected(report, table).items()
            }
            assert figures == wanted
            assert {cell["address"]: cell["text"] for cell in written["cells"]} == {
                cell.address: cell.text for cell in report.cells[table.id].values()
            }
        assert [section["heading"] for section in document["sections"]] == [
            section.heading for section in report.form.sections
        ]
        assert all(section["text"] for section in document["sections"])
        assert sum(len(category["entries"]) for category in document["items"]) == len(report.items)


def test_schema_refuses_what_is_no_report(dataset: Offered) -> None:
    """The schema is no formality: a changed status, a missing figure and an unknown key are all refused."""
    validator = jsonschema.Draft202012Validator(json.loads(dataset.whole("report.schema.json")))
    (item,) = dataset.files(next(dataset.reports()), "json")

    def broken(change: Callable[[dict[str, Any]], object]) -> bool:
        document = json.loads(item.content.read())
        change(document)
        return not validator.is_valid(document)

    assert broken(lambda document: document["tables"][0]["cells"][0].update(status="guessed"))
    assert broken(lambda document: document["tables"][0]["cells"][0].pop("value"))
    assert broken(lambda document: document["tables"][0]["cells"][0].update(value="0"))
    assert broken(lambda document: document.update(licence="none"))
    assert broken(lambda document: document["sections"][0]["text"][0].update(kind="picture"))


def test_words_of_the_real_report_are_in_the_json(tmp_path: Path) -> None:
    """The figures of the prose stand in the text of the JSON file; what macros draw for the site does not."""
    real = offered(ROOT, tmp_path)
    (item,) = real.files(next(real.reports()), "json")
    document = json.loads(item.content.read())
    text = "".join(passage["text"] for section in document["sections"] for passage in section["text"])
    assert "全年主动公开政府信息9条" in text
    assert "武汉市民热线（12345）" in text
    assert "{{" not in text
    tables = [
        passage["text"] for part in document["sections"] for passage in part["text"] if passage["kind"] == "table"
    ]
    assert tables == ["disclosure", "requests", "review"]


def sheets(item: Download, *, values: bool) -> Mapping[str, Worksheet]:
    """Return the sheets of an Excel file by name: *values* as kept beside the formulas, or the formulas."""
    book = openpyxl.load_workbook(io.BytesIO(item.content.read()), data_only=values)
    return {sheet.title: sheet for sheet in book.worksheets}


def form_sheet(found: Mapping[str, Worksheet], table: Table) -> Worksheet:
    """Return the sheet that prints *table*."""
    return next(sheet for title, sheet in found.items() if title.startswith(table.caption) and "数据" not in title)


def first_row(sheet: Worksheet) -> int:
    """Return the row, counted from 1, in which the table begins: below two titles, and the notice of a draft."""
    return 4 if str(sheet.cell(1, 1).value).startswith("草稿") else 3


def added(sheet: Worksheet, formula: str) -> Decimal:
    """Return what a spreadsheet makes of *formula*, a sum of ranges; text in a range counts nothing."""
    match = re.fullmatch(r"=SUM\(([A-Z0-9:,]+)\)", formula)
    assert match is not None, formula
    total = Decimal(0)
    for part in match[1].split(","):
        cells = sheet[part]
        rows = cells if isinstance(cells, tuple) else ((cells,),)
        for row in rows:
            for cell in row:
                value = cell.value
                if isinstance(value, str) and value.startswith("="):
                    total += added(sheet, value)
                elif isinstance(value, int | float):
                    total += Decimal(repr(value))
    return total


def test_excel_prints_the_form(dataset: Offered) -> None:
    """The first sheets have the headings, the spans and the figures of the form, where the layout puts them."""
    for report in dataset.reports():
        (item,) = dataset.files(report, "xlsx")
        kept, formulas = sheets(item, values=True), sheets(item, values=False)
        for table in report.form.tables:
            sheet, top = form_sheet(kept, table), first_row(form_sheet(kept, table))
            merged = {str(area) for area in sheet.merged_cells.ranges}
            rows = [row for block in lay_out(table, report.cells[table.id]).blocks for row in block]
            for number, row in enumerate(rows, top):
                for part in row.cells:
                    found = sheet.cell(number, part.column + 1)
                    height = 1 if isinstance(part, Data) else part.rowspan
                    if part.colspan > 1 or height > 1:
                        end = sheet.cell(number + height - 1, part.column + part.colspan)
                        assert f"{found.coordinate}:{end.coordinate}" in merged
                    if not isinstance(part, Data):
                        assert found.value == part.label
                        continue
                    check_figure(part.cell, found.value, found.number_format)
                    check_formula(part.cell, form_sheet(formulas, table), found.coordinate)


def check_figure(cell: Cell, value: object, number_format: str) -> None:
    """Assert that a sheet shows *cell* as the form does."""
    if cell.printed is None and (cell.value is None or cell.gap):
        assert value == (None if cell.gap == "空白" else "不详")
        return
    assert isinstance(value, int | float)
    number = Decimal(repr(value))
    if cell.written.endswith("万元"):
        decimals = "0" * len(cell.written.removesuffix("万元").partition(".")[2])
        assert (number * 10000, number_format) == (cell.value, f'0.{decimals}"万元"')
    elif cell.written.endswith("元"):
        assert (number, number_format) == (cell.value, '0"元"')
    else:
        assert number == Decimal(shown(cell))
        assert number_format == ("+0;-0;0" if cell.text[0] in "+-" else "0" if "." not in cell.text else "0.00")


def check_formula(cell: Cell, sheet: Worksheet, coordinate: str) -> None:
    """Assert that *cell* is a formula where it was added up, that the formula gives its value, and its note."""
    content = sheet[coordinate].value
    note = sheet[coordinate].comment
    assert (note is not None) == (how(cell) in {"printed", "unknown", "blank"})
    if how(cell) != "computed":
        assert not str(content).startswith("=")
        return
    assert added(sheet, str(content)) == cell.value


def test_excel_has_tidy_sheets_and_notes(dataset: Offered) -> None:
    """Behind the form stand one row for each cell with the same figures, and what the words mean."""
    titles = {column.title: column.name for column in COLUMNS}
    for report in dataset.reports():
        (item,) = dataset.files(report, "xlsx")
        kept = sheets(item, values=True)
        assert len(kept) == 7
        for table in report.form.tables:
            sheet = next(kept[title] for title in kept if title.startswith(table.caption) and "数据" in title)
            head, *rows = sheet.iter_rows(values_only=True)
            names = [titles[str(title)] for title in head]
            assert " ".join(names) == (
                "year table row_id row_label column_id column_label value unit status computed remark"
            )
            wanted = [
                (row.value if row.value is None else float(row.value), CELL_STATUSES[row.status], row.row_label or None)
                for row in tidy_rows("a", report, table)
            ]
            assert [(row[6] if row[6] is None else float(str(row[6])), row[8], row[3]) for row in rows] == wanted
            assert sheet.freeze_panes == "A2"
        notes = next(kept[title] for title in kept if title.startswith("说明"))
        words = {str(cell) for row in notes.iter_rows(values_only=True) for cell in row if cell}
        assert report.form.basis in words
        assert set(CELL_STATUSES.values()) <= words


def test_sheets_are_laid_out_for_paper(dataset: Offered) -> None:
    """Every sheet prints on A4 in the width of the paper; long tables repeat their headings and keep them in sight."""
    report = next(dataset.reports())
    (item,) = dataset.files(report, "xlsx")
    for title, sheet in sheets(item, values=True).items():
        assert sheet.page_setup.paperSize == 9, title
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToHeight == 0
    sheet = form_sheet(sheets(item, values=True), report.form.tables[1])
    top = first_row(sheet)
    assert sheet.print_title_rows == f"${top}:${top + 2}"
    assert sheet.freeze_panes == f"D{top + 3}"
    assert sheet.cell(top, 1).font.name == "宋体"


def test_a_printed_workbook_is_its_forms_and_notes(dataset: Offered, tmp_path: Path) -> None:
    """LibreOffice prints no sheet of data; a hidden sheet is kept off the paper by every program."""
    report = next(dataset.reports())
    (item,) = dataset.files(report, "xlsx")
    states = {title: sheet.sheet_state for title, sheet in sheets(item, values=True).items()}
    assert {title for title, state in states.items() if state == "hidden"} == {
        title for title in states if "数据" in title
    }
    assert list(states.values()) == ["visible"] * 4 + ["hidden"] * 3
    if shutil.which("soffice") is None:
        pytest.skip("这台机器没有 LibreOffice，打印的测试没有做；Debian 上可用 apt install libreoffice-calc 安装")
    (tmp_path / "book.xlsx").write_bytes(item.content.read())
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "book.xlsx")], capture_output=True, check=True, timeout=120)
    pages = [page.extract_text() for page in pypdf.PdfReader(tmp_path / "book.pdf").pages]
    assert len(pages) == 4
    assert not any("requests.received" in page for page in pages)


def test_text_of_the_data_stays_text(dataset: Offered) -> None:
    """No formula, link or tag comes of a name: formulas are sums and nothing else, and CSV text begins with none."""
    for report in dataset.reports():
        (item,) = dataset.files(report, "xlsx")
        formulas = sheets(item, values=False)
        for sheet in formulas.values():
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.hyperlink is None
                    if cell.data_type == "f":
                        assert str(cell.value).startswith("=SUM(")
        notes = next(formulas[title] for title in formulas if title.startswith("说明"))
        assert str(notes["B2"].value).startswith(report.title)
        for file in dataset.files(report, "csv"):
            for line in csv.reader(io.StringIO(file.content.read().decode("utf-8-sig"), newline="")):
                assert not [text for text in line if re.match(r"[=+@\t\r]|-[^0-9]", text)]


def test_names_come_back_whole(tmp_path: Path) -> None:
    """A name with quotes, tags, ampersands, rare and combining characters is the same in CSV, JSON and Parquet."""
    odd = offered(odd_project(tmp_path / "odd"), tmp_path / "cache")
    names = {row["report"] for row in parquet_rows(odd.whole(".parquet"))}
    for report in odd.reports():
        assert any(name.startswith(report.title) for name in names)
        (item,) = odd.files(report, "json")
        assert json.loads(item.content.read())["agency"]["name"] == report.agency_name
        rows = csv.DictReader(io.StringIO(odd.files(report, "csv")[0].content.read().decode("utf-8-sig"), newline=""))
        name = next(rows)["report"]
        assert name.removeprefix("'").startswith(report.title)
        assert name.startswith("'") == report.agency_name.startswith(("=", "@", "+"))
        for item in odd.downloads.year(report).files:
            assert not re.search(r'[\\/:*?"<>|\x00-\x1f]', item.kept_as)
            assert len(item.kept_as.encode()) < 256
            assert item.path.isascii()


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠a"])
def test_formula_signs_are_quoted(text: str) -> None:
    """Text that a spreadsheet could take for a formula begins with a quote; other text is as it was."""
    assert inert(text) == f"'{text}"
    assert inert(f"甲{text}") == f"甲{text}"


def test_names_of_files_suit_every_system() -> None:
    """Signs that Windows refuses, control characters and ends that it drops are not in the name of a file."""
    assert file_name(' a/b:"c"\x00\n. ', "csv") == "a／b：”c”\ufffd.csv"
    assert file_name("长" * 300, "csv") == "长" * 60 + ".csv"


def test_parquet_has_every_cell_of_every_year(dataset: Offered) -> None:
    """The Parquet file has all cells of all years; sums of money in DuckDB are exact."""
    read = parquet_rows(dataset.whole(".parquet"))
    reports = list(dataset.reports())
    assert len(read) == sum(sum(CELLS[report.form.format]) for report in reports)
    for report in reports:
        for table in report.form.tables:
            rows = {row["address"]: row for row in read if (row["year"], row["table"]) == (report.year, table.id)}
            for address, (figure, state) in expected(report, table).items():
                assert rows[address]["value"] == (Decimal(figure) if figure else None)
                assert rows[address]["status"] == state


def test_zip_holds_all_and_its_digests(dataset: Offered) -> None:
    """The ZIP holds the files of every year under the paths of the site, byte for byte, and the digests of them all."""
    with zipfile.ZipFile(io.BytesIO(dataset.whole(".zip"))) as archive:
        names = archive.namelist()
        assert names == sorted(names)
        assert all(info.date_time == (1980, 1, 1, 0, 0, 0) for info in archive.infolist())
        files = {item.path: item for report in dataset.reports() for item in dataset.downloads.year(report).files}
        assert set(files) < set(names)
        for path, item in files.items():
            assert archive.read(path) == item.content.read()
        lines = archive.read("SHA256SUMS").decode().splitlines()
        sums = {path: digest for digest, _, path in (line.partition("  ") for line in lines)}
        assert set(sums) == set(names) - {"SHA256SUMS"}
        assert all(sums[path] == item.content.digest for path, item in files.items())


def test_drafts_say_so_in_every_kind(tmp_path: Path) -> None:
    """Every file of a draft carries 草稿; without previews no file is there that does."""
    preview = offered(ROOT / "examples", tmp_path / "cache")
    draft = next(preview.reports())
    assert draft.status == "draft"
    for item in preview.downloads.year(draft).files:
        if item.name == "datapackage.json" or item.kind in {"csv", "json"}:
            assert "草稿".encode() in item.content.read(), item.path
    (item,) = preview.files(draft, "xlsx")
    for title, sheet in sheets(item, values=True).items():
        assert "草稿" in title
        header = sheet.oddHeader
        assert header is not None
        assert "草稿" in str(header.right.text)
    (item,) = preview.files(draft, "docx")
    with zipfile.ZipFile(io.BytesIO(item.content.read())) as archive:
        assert "草稿" in archive.read("word/document.xml").decode()
    public = offered(ROOT / "examples", tmp_path / "cache", drafts=False)
    assert draft.year not in {report.year for report in public.reports()}
    rows = parquet_rows(public.whole(".parquet"))
    assert not [row for row in rows if "草稿" in row["report"] or row["year"] == draft.year]


@pytest.mark.usefixtures("chinese_fonts")
def test_every_page_of_a_draft_pdf_says_so(tmp_path: Path) -> None:
    """Each page of the PDF of a draft carries 草稿."""
    preview = offered(ROOT / "examples", tmp_path)
    (item,) = preview.files(next(preview.reports()), "pdf")
    pages = pypdf.PdfReader(io.BytesIO(item.content.read())).pages
    assert len(pages) > 3
    assert all("草稿" in page.extract_text() for page in pages)


def test_without_a_chinese_font_the_others_go_on(tmp_path: Path) -> None:
    """Where no font is found every other kind is made, and one sentence says what to install."""
    folder = tmp_path / "no fonts"
    folder.mkdir()
    session = offered(ROOT / "examples", tmp_path / "cache").session
    downloads = Downloads(session, Cache(tmp_path / "cache"), lambda: find_fonts([folder]))
    for report in downloads.reports():
        made = downloads.year(report)
        unfrozen = set() if report.digest else {"record"}  # A draft has none.
        assert {item.kind for item in made.files} == {kind.id for kind in FORMATS} - {"pdf"} - unfrozen
        assert set(made.missing) == {"pdf"}
    (remark,) = downloads.remarks()
    assert remark.startswith("没有生成 PDF：没有找到可用的中文字体")
    assert "apt install fonts-noto-cjk" in remark
    bundle = next(item.content for item in downloads.all_years() if item.format == "ZIP")
    with bundle.open() as file, zipfile.ZipFile(file) as found:
        assert not [name for name in found.namelist() if name.endswith(".pdf")]


def test_another_kind_of_value_is_told(tmp_path: Path) -> None:
    """A key is made of what can be written down in one way; anything else is an error of the program."""
    assert canonical({"a": (1, Decimal("0.10"))}) == b'{"a":[1,"0.10"]}'
    with pytest.raises(TypeError):
        canonical(object())
    first, second = io.BytesIO(), io.BytesIO()
    write_zip(first, {"a": held(b"")})
    write_zip(second, {"a": held(b"")})
    assert first.getvalue() == second.getvalue()
    assert csv_file([]) == "\ufeff".encode() + (",".join(column.name for column in COLUMNS) + "\r\n").encode()
    assert report_json_schema(())["type"] == "object"
    assert not list(tmp_path.iterdir())


def test_a_day_that_is_not_known_is_left_out(own: Dataset, examples: Dataset) -> None:
    """The properties of an Excel file tell the day of publication, and none where it is not known."""

    def properties(file: bytes) -> str:
        with zipfile.ZipFile(io.BytesIO(file)) as archive:
            return archive.read("docProps/core.xml").decode()

    unknown = properties(excel_file("wghfwzx", own.reports[2023]))
    assert own.reports[2023].published_on is None
    assert "<dc:title>武昌区社会管理网格化服务中心2023年" in unknown
    assert "dcterms:created" not in unknown
    assert "dcterms:modified" not in unknown
    assert "1980" not in unknown
    known = properties(excel_file("slqcgj", examples.reports[2024]))
    assert re.findall(r">(20[^<]*)</dcterms:", known) == ["2025-01-21T00:00:00Z"] * 2
    openpyxl.load_workbook(io.BytesIO(excel_file("wghfwzx", own.reports[2023])))
