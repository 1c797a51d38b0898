"""The same source under MkDocs, ProperDocs and Zensical."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from building import copy_project, run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module", params=["properdocs", "zensical"])
def other_site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the example as another engine builds it."""
    folder = copy_project(tmp_path_factory.mktemp(request.param)) / "examples"
    config = "mkdocs.yml"
    result = run(request.param, "build", "-f", config, folder=folder)
    assert result.code == 0, result.printed
    return folder / "site"


def content(path: Path) -> tuple[str, list[str], str]:
    """Return title, tables and text of a page; Zensical drops the mark for its own search from the markup."""
    page = BeautifulSoup(path.read_text(encoding="utf-8").replace(" data-search-exclude", ""), "html.parser")
    assert page.title is not None
    article = page.select_one("article")
    assert article is not None
    for years in article.select(".years"):
        years.decompose()  # Zensical, which knows no hooks, leads to drafts too.
    return page.title.get_text(), [str(table) for table in page.select("table")], re.sub(r"\s+", "", article.get_text())


def test_pages_are_the_same(example_site: Path, other_site: Path) -> None:
    """Titles, tables and texts of every published page agree, table HTML to the letter."""
    compared = 0
    for path in sorted(example_site.rglob("*.html")):
        other = other_site / path.relative_to(example_site)
        assert content(other) == content(path), path
        compared += sum(" id=" in table.partition(">")[0] for table in content(path)[1])
    assert compared == 6 * 6  # six years; three statutory tables on their own pages, three in the full text


def test_drafts_show_no_figure(other_site: Path) -> None:
    """Zensical builds pages of drafts, for it knows no hooks; they show no figure and no title."""
    draft = other_site / "2025/3-requests.html"
    if draft.exists():
        page = draft.read_text(encoding="utf-8")
        assert "<td" not in page
        assert "2025 年的报告还是草稿" in page
    assert "2025年政府信息公开工作年度报告" not in (other_site / "index.html").read_text(encoding="utf-8")
