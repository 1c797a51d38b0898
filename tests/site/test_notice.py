"""A site's notice to all readers goes with every file that can carry it."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import docx
import openpyxl
import pypdf
import pytest
from nianbao.command.export import export
from projects import edit, example_project, run

if TYPE_CHECKING:
    from pathlib import Path

NOTICE = "本站是合成示例，机构、数字和文字均为虚构，不对应任何真实机关。"
YEARS = (2019, 2024)


def flat(text: str) -> str:
    """Return *text* without white space, which depends on fonts and lines."""
    return "".join(text.split())


@pytest.mark.parametrize("year", YEARS)
def test_word_begins_with_it(example_site: Path, year: int) -> None:
    """The first paragraph is the notice, above the title."""
    paragraphs = docx.Document(str(example_site / f"{year}/downloads/slqcgj-{year}.docx")).paragraphs
    assert paragraphs[0].text == NOTICE
    assert paragraphs[1].style is not None
    assert paragraphs[1].style.name == "Title"


@pytest.mark.usefixtures("chinese_fonts")
@pytest.mark.parametrize("year", YEARS)
def test_pdf_begins_with_it(example_site: Path, year: int) -> None:
    """The first page begins with the notice."""
    page = pypdf.PdfReader(example_site / f"{year}/downloads/slqcgj-{year}.pdf").pages[0]
    assert flat(page.extract_text()).startswith(NOTICE)


@pytest.mark.parametrize("year", YEARS)
def test_excel_shows_it_on_each_form_and_in_its_notes(example_site: Path, year: int) -> None:
    """It stands in the first row of the forms, and first among the notes."""
    book = openpyxl.load_workbook(example_site / f"{year}/downloads/slqcgj-{year}.xlsx")
    *forms, notes = (sheet for sheet in book.worksheets if "数据" not in sheet.title)
    assert [sheet["A1"].value for sheet in forms] == [NOTICE] * 3
    assert (notes["A2"].value, notes["B2"].value) == ("须知", NOTICE)


@pytest.mark.parametrize("year", YEARS)
def test_data_carry_it(example_site: Path, year: int) -> None:
    """JSON has it as a field that its schema describes, the CSV files in the package that describes them."""
    folder = example_site / f"{year}/downloads"
    assert json.loads((folder / f"slqcgj-{year}.json").read_bytes())["notice"] == NOTICE
    assert json.loads((folder / "datapackage.json").read_bytes())["description"] == NOTICE
    schema = json.loads((example_site / "downloads/report.schema.json").read_bytes())
    assert "网站对读者的声明" in schema["properties"]["notice"]["description"]


@pytest.mark.parametrize("year", YEARS)
def test_the_picture_begins_with_it(example_site: Path, year: int) -> None:
    """The first words that the sheet shows are the notice, above the name of the body."""
    root = ET.fromstring((example_site / f"{year}/picture.svg").read_bytes())  # noqa: S314  # made by our own code
    words = [(float(text.get("y", "")), text.text or "") for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert words[0][1] == NOTICE
    assert words[0][0] < words[1][0]
    assert words[1][1].startswith("示例市示例区城市管理")


@pytest.mark.usefixtures("chinese_fonts")
def test_a_site_without_one_says_nothing(real_site: Path) -> None:
    """Files of a site without a notice begin with the title, and their fields are empty."""
    folder = real_site / "2023/downloads"
    assert json.loads((folder / "wghfwzx-2023.json").read_bytes())["notice"] is None
    assert "description" not in json.loads((folder / "datapackage.json").read_bytes())
    assert docx.Document(str(folder / "wghfwzx-2023.docx")).paragraphs[0].text.startswith("武昌区社会管理")
    book = openpyxl.load_workbook(folder / "wghfwzx-2023.xlsx")
    assert str(book.worksheets[0]["A1"].value).startswith("武昌区社会管理")
    assert [sheet for sheet in book.worksheets if "数据" not in sheet.title][-1]["A2"].value == "报告"
    page = pypdf.PdfReader(folder / "wghfwzx-2023.pdf").pages[0]
    assert flat(page.extract_text()).startswith("武昌区社会管理")


def test_another_notice_takes_the_place_of_a_kept_one(tmp_path: Path) -> None:
    """Files that earlier runs have left for the old notice are not taken for the new one; a draft says both."""
    project = example_project(tmp_path)
    for notice in (NOTICE, "本站正在试运行。"):
        done = run(export, "2025", "--format", "docx,xlsx,json,package", "--out", "out", "--replace", project=project)
        assert done.code == 0, done.printed
        out = project / "out"
        assert docx.Document(str(out / "slqcgj-2025.docx")).paragraphs[0].text == notice
        sheet = openpyxl.load_workbook(out / "slqcgj-2025.xlsx").worksheets[0]
        assert [sheet["A1"].value, sheet["A2"].value] == [notice, "草稿，尚未公布，仅供预览"]
        told = f"{notice}；草稿，尚未公布，仅供预览"
        assert json.loads((out / "slqcgj-2025.json").read_bytes())["notice"] == told
        assert json.loads((out / "datapackage.json").read_bytes())["description"] == told
        edit(project / "mkdocs.yml", f"notice: {notice}", "notice: 本站正在试运行。")
