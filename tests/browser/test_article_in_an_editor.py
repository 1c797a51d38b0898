"""The report as an article of a CMS: copied out of a window and pasted into a real editor, cell by cell the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browsing import WIDE, opened, serving
from bs4 import BeautifulSoup
from building import ROOT, copy_project, nianbao

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

EDITOR = ROOT / "tests" / "html" / "node_modules" / "tinymce"
# The editor as it is when nothing is set but what tables need.
PAGE = """<!doctype html><html lang="zh"><meta charset="utf-8"><title>a</title>
<textarea id="article"></textarea><script src="tinymce/tinymce.min.js"></script>
<script>
tinymce.init({selector: "#article", license_key: "gpl", plugins: "table code", toolbar: "code", promotion: false});
</script></html>
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the article of a year of the example and the editor's page."""
    if not EDITOR.is_dir():
        pytest.skip("没有安装 TinyMCE，贴入编辑器的测试没有做；在 tests/html 里运行 npm ci 安装")
    folder = tmp_path_factory.mktemp("pasted")
    project = copy_project(folder / "project") / "examples"
    done = nianbao("export", "2024", "--format", "article", "--out", str(folder), folder=project)
    assert done.code == 0, done.printed
    next(folder.glob("*.html")).rename(folder / "article.html")
    (folder / "tinymce").symlink_to(EDITOR)
    (folder / "editor.html").write_text(PAGE, encoding="utf-8")
    return folder


def tables(html: str) -> list[list[list[tuple[str, str, str, str]]]]:
    """Return the tables in *html*: rows of cells, each its element, columns, rows and words."""
    return [
        [
            [
                (cell.name, str(cell.get("colspan", "1")), str(cell.get("rowspan", "1")), "".join(cell.text.split()))
                for cell in row.find_all(["th", "td"])
            ]
            for row in table.find_all("tr")
        ]
        for table in BeautifulSoup(html, "html5lib").find_all("table")
    ]


def words(html: str) -> str:
    """Return all words in the body of *html*, without blanks."""
    body = BeautifulSoup(html, "html5lib").body
    assert body is not None
    return "".join(body.text.split())


# How many cells of a document are drawn without an edge, and how its cells and paragraphs are aligned.
LOOK = """(root) => {
  const look = (selector) => [...root.querySelectorAll(selector)].map((one) => getComputedStyle(one));
  return {
    bare: look('td, th').filter((style) => !parseFloat(style.borderTopWidth)).length,
    aligned: look('td, th, h1, p').map((style) => style.textAlign.replace('-webkit-', ''))
  };
}"""


def by_clipboard(page: Page, base: str) -> None:
    """Open the article in a window, select all of it, copy it, and paste it into the editor."""
    page.goto(f"{base}article.html")
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+c")
    page.goto(f"{base}editor.html")
    page.frame_locator("iframe").locator("body").click()
    page.keyboard.press("Control+v")


def by_source(page: Page, base: str) -> None:
    """Put what stands in the body of the article into the editor's window of source code."""
    page.goto(f"{base}article.html")
    body = page.evaluate("document.body.innerHTML")
    page.goto(f"{base}editor.html")
    page.frame_locator("iframe").locator("body").wait_for()
    page.locator(".tox-toolbar button, .tox-toolbar__primary button").first.click()
    page.get_by_role("dialog").locator("textarea").fill(body)
    page.get_by_role("dialog").locator("button[data-mce-name=Save]").click()


@pytest.mark.parametrize("way", [by_clipboard, by_source])
def test_the_article_is_the_same_in_an_editor(way: object, folder: Path, browser: Browser) -> None:
    """Every table has its cells, spans and edges, and no word of the report is lost or added."""
    article = (folder / "article.html").read_text(encoding="utf-8")
    assert callable(way)
    page = opened(browser, WIDE)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    with serving(folder) as base:
        way(page, base)
        page.wait_for_function("tinymce.activeEditor?.getContent().includes('六、')")
        content = page.evaluate("tinymce.activeEditor.getContent()")
        look = page.evaluate(f"({LOOK})(tinymce.activeEditor.getBody())")
        page.goto(f"{base}article.html")
        assert look == page.evaluate(f"({LOOK})(document.body)")
    page.context.close()
    assert tables(content) == tables(article)
    assert len(tables(article)) >= 3
    assert words(content) == words(article)
    assert look["bare"] == 0
