"""What readers of a built site see of corrections."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup, Tag
from building import copy_project
from building import run as build
from nianbao.command.freeze import freeze
from nianbao.lifecycle.correcting import correct as correct_year
from projects import edit, project_in, run, show_corrections

if TYPE_CHECKING:
    from pathlib import Path

DAY = dt.date(2025, 3, 5)


@pytest.fixture(scope="module")
def corrected_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site of a project with two corrections, as `mkdocs build` makes it."""
    folder = copy_project(tmp_path_factory.mktemp("corrected"))
    project = folder / "examples"
    show_corrections(project, 2024)
    assert run(freeze, "2024", "--published", "2025-01-21", project=project).code == 0
    edit(
        project / "data" / "2024.yml",
        "granted:                      [28,  7,",
        "granted:                      [27,  8,",
    )
    edit(project / "docs" / "2024" / "6-other.md", "其余申请未收取费用。", "其余申请<b>一律</b>未收取费用 *。")
    opened = project_in(project)
    edit(
        project / "data" / "2024.yml",
        "received:                       [66, 16,",
        "received:                       [65, 17,",
    )
    correct_year(opened, 2024, '件数有误 <b>"&{ x }</b>。', DAY, DAY)
    edit(
        project / "docs" / "2024" / "6-other.md",
        "户外广告和店招设置的许可结果按街道分列，每月更新。",
        "没有更多。\n\n另起一段。",
    )
    correct_year(opened, 2024, "文字有误。", DAY + dt.timedelta(days=1), DAY + dt.timedelta(days=1))
    done = build("mkdocs", "build", folder=project)
    assert done.code == 0, done.printed
    return project / "site"


def table(page: Tag, id_: str) -> list[list[str]]:
    """Return the rows of a table as text."""
    found = page.find(id=id_)
    assert isinstance(found, Tag)
    return [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in found.find_all("tr")]


@pytest.mark.parametrize("page", ["index.html", "full.html"])
def test_readers_see_day_reason_and_both_states(corrected_site: Path, page: str) -> None:
    """Each correction has its day, its reason and tables of figures and words, old beside new.

    It is a section of the full text, which is printed, and a line that opens elsewhere.
    """
    soup = BeautifulSoup((corrected_site / "2024" / page).read_bytes(), "html.parser")
    headings = [heading.get_text().removesuffix("#") for heading in soup.find_all(["h2", "h3"])]
    start = headings.index("公布后的更正")
    if page == "full.html":
        assert headings[start + 1 : start + 3] == ["2025年3月5日更正", "2025年3月6日更正"]
        assert not soup.select("details[id^=correction]")
    else:
        lines = [summary.get_text() for summary in soup.select("details[id^=correction] > summary")]
        assert lines == [
            '2025年3月5日更正，更正原因：件数有误 <b>"&{ x }</b>。',
            "2025年3月6日更正，更正原因：文字有误。",
        ]
    assert '更正原因：件数有误 <b>"&{ x }</b>。' in soup.get_text()
    figures = table(soup, "correction-1-figures")
    assert figures[0] == ["项目", "更正前", "更正后"]
    assert ["第三部分的表：一、本年新收政府信息公开申请数量，自然人", "66", "65"] in figures
    assert ["第三部分的表：三、本年度办理结果 （一）予以公开，法人或其他组织 商业企业", "7", "8"] in figures
    assert ["第三部分的表：三、本年度办理结果 （七）总计，自然人", "64", "63"] in figures
    words = table(soup, "correction-1-words")
    assert words[0] == ["位置", "更正前", "更正后"]
    assert any("其余申请未收取费用。" in row[1] and "其余申请一律未收取费用*。" in row[2] for row in words)
    later = table(soup, "correction-2-words")
    assert ["（三）重点领域", "户外广告和店招设置的许可结果按街道分列，每月更新。", "（无）"] in later
    assert ["（三）重点领域", "（无）", "另起一段。"] in later
    assert soup.find(id="correction-2-figures") is None


def test_tables_of_corrections_are_accessible(corrected_site: Path) -> None:
    """Every table has a caption, heads of rows and columns with scope, and a region that is named and focusable."""
    soup = BeautifulSoup((corrected_site / "2024" / "index.html").read_bytes(), "html.parser")
    tables = soup.find_all("table", class_="corrections")
    assert len(tables) == 3
    for found in tables:
        region = found.parent
        assert region is not None
        caption = soup.find(id=str(region["aria-labelledby"]))
        assert caption is not None
        assert caption.name == "caption"
        assert (region["role"], region["tabindex"]) == ("region", "0")
        heads = found.find_all("th")
        assert {str(head["scope"]) for head in heads} == {"col", "row"}
    marked = soup.find(id="correction-1-words")
    assert isinstance(marked, Tag)
    assert {mark.name for mark in marked.find_all(["del", "ins"])} == {"del", "ins"}


def test_every_section_tells_that_the_report_was_corrected(corrected_site: Path) -> None:
    """Who comes straight to a section learns of the correction and where it is told; other years say nothing."""
    names = ("1-overview", "2-disclosure", "3-requests", "4-review", "5-improvement", "6-other", "picture")
    for name in names:
        soup = BeautifulSoup((corrected_site / "2024" / f"{name}.html").read_bytes(), "html.parser")
        (told,) = soup.select("p.report-corrected")
        assert re.fullmatch(r"本报告公布后有更正（\d{4}年\d+月\d+日），更正前后的内容见年度首页。", told.get_text())
        assert [link["href"] for link in told.select("a")] == ["index.html#corrections"]
        assert "本报告公布后有更正" not in (corrected_site / "2023" / f"{name}.html").read_text(encoding="utf-8")


def test_nothing_is_shown_where_nothing_was_corrected(corrected_site: Path) -> None:
    """Other years, and years frozen without corrections, have no such section."""
    for year in ("2023", "2022"):
        assert "公布后的更正" not in (corrected_site / year / "index.html").read_text(encoding="utf-8")
