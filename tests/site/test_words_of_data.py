"""Words of the data that try to be markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bs4 import BeautifulSoup
from building import copy_project, run

if TYPE_CHECKING:
    from pathlib import Path

# Where pages call the report by its name beside the heading itself.
NAMING = {"index.html": "title", "6-other.html": ".report-of", "picture.html": ".citation__text"}


def test_words_of_the_data_are_safe_on_every_page(tmp_path: Path) -> None:
    """An agency's name and an item's title that try to be markup or a link are plain text everywhere."""
    folder = copy_project(tmp_path)
    evil = "武昌</title><script>x()</script>{ 1 // 0 }[中](javascript:x)“心'"
    agency = folder / "data/agency.yml"
    text = agency.read_text(encoding="utf-8").replace("武昌区社会管理网格化服务中心", f'"{evil}"')
    agency.write_text(text + f'contact: {{address: "{evil}"}}\n', encoding="utf-8")
    report = folder / "data/2023.yml"
    report.write_text(report.read_text(encoding="utf-8").replace("城市留言板网址", f'"{evil}"'), encoding="utf-8")
    result = run("mkdocs", "build", folder=folder)
    assert result.code == 0, result.printed
    for page in sorted((folder / "site").rglob("*.html")):
        content = page.read_text(encoding="utf-8")
        assert "<script>x()" not in content, page
        assert "</title><script" not in content, page
        assert 'href="javascript:x' not in content, page
    assert "javascript:x" in (folder / "site/2023/1-overview.html").read_text(encoding="utf-8")
    pages = {name: BeautifulSoup((folder / "site/2023" / name).read_text("utf-8"), "html.parser") for name in NAMING}
    for name, selector in NAMING.items():
        found = pages[name].select_one(selector)
        assert found is not None
        assert f"{evil}2023年政府信息公开工作年度报告" in found.get_text(), name
