"""A correction of a published report from beginning to end on its pages, in a real preview."""

from __future__ import annotations

import hashlib
import html
import re
import zipfile
from typing import TYPE_CHECKING

import pytest
from axe import AXE, lasting_violations
from browsing import NARROW, WIDE, opened
from editing import cell, wait
from playwright.sync_api import expect
from previews import example_portal, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page
    from previews import Served

pytestmark = pytest.mark.browser

REQUESTS = "2024/3-requests.html"


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Served]:
    """Return a preview of the examples, whose years are frozen but for the last."""
    with served(example_portal(tmp_path)) as preview:
        yield preview


def test_a_correction_is_made_and_registered_on_the_page(page: Page, preview: Served, browser: Browser) -> None:
    """Begun with reason and day, changed, what changed is listed, registered; then all is shut, shown and built."""
    source = preview.folder / "docs" / "2024" / "3-requests.md"
    data = preview.folder / "data" / "2024.yml"
    page.goto(preview.address + REQUESTS)
    bar, dialog = page.locator(".edit-bar"), page.get_by_role("dialog")
    bar.get_by_text("已经定稿公布，只能查看").wait_for()
    details = page.locator("details.edit-words").first
    details.locator("summary").click()
    expect(details.locator("textarea")).to_be_disabled()
    bar.get_by_role("button", name="更正").click()
    dialog.get_by_label("更正的原因").fill("漏写了一种情形。")
    dialog.get_by_label("更正日期").fill("2026-02-30")
    dialog.get_by_role("button", name="开始更正").click()
    bar.get_by_text("正在更正2024年的报告").wait_for()
    area = details.locator("textarea")
    area.press("Control+End")
    page.keyboard.insert_text("另有一种情形。")
    area.press("Control+Enter")
    expect(page.locator("details.edit-facts").last.locator("input").first).to_be_enabled()
    wait(lambda: "另有一种情形。" in source.read_text(encoding="utf-8"), "the words are written")
    bar.get_by_role("button", name="登记更正").click()
    dialog.get_by_text("改动了 1 处").wait_for()
    assert "另有一种情形。" in dialog.locator("ol").inner_text()
    assert dialog.get_by_label("更正的原因").input_value() == "漏写了一种情形。"
    dialog.get_by_role("button", name="登记", exact=True).click()
    dialog.get_by_text("更正日期应是实有的一天").wait_for()
    dialog.get_by_label("更正日期").fill("2026-03-01")
    dialog.get_by_role("button", name="登记", exact=True).click()
    bar.get_by_text("已登记更正，共 1 处").wait_for()
    assert "漏写了一种情形。" in data.read_text(encoding="utf-8")
    expect(area).to_be_disabled()
    other = opened(browser, WIDE)
    other.goto(preview.address + "2024/index.html")
    other.locator("article", has_text="漏写了一种情形。").wait_for(timeout=90_000)
    other.context.close()
    number = bar.locator(".edit-status").inner_text().rpartition(" ")[2]
    is_published(page, preview, number)


def is_published(page: Page, preview: Served, number: str) -> None:
    """Build from the desk: the site tells the correction by notice and *number*, and its downloads hold it."""
    page.goto(f"{preview.address}_edit/?year=2024")
    card = page.locator("#build")
    card.get_by_role("button", name="生成网站并打包", exact=True).first.click()
    card.get_by_role("form", name="生成网站并打包").get_by_role("button", name="生成网站并打包", exact=True).click()
    page.locator(".desk-job__status", has_text="生成网站并打包：做完了").wait_for(timeout=400_000)
    expect(card.locator(".desk-word")).to_have_text("已完成")
    site = preview.folder / "site"
    for name in ("index.html", "full.html"):
        text = html.unescape((site / "2024" / name).read_text(encoding="utf-8"))
        assert "2026年3月1日更正" in text
        assert "漏写了一种情形。" in text
        assert number in text
    assert "另有一种情形。" in (site / "2024" / "3-requests.html").read_text(encoding="utf-8")
    downloads = site / "2024" / "downloads"
    (report,) = downloads.glob("*-2024.json")
    assert "漏写了一种情形。" in report.read_text(encoding="utf-8")
    (document,) = downloads.glob("*.docx")
    with zipfile.ZipFile(document) as parts:
        assert "另有一种情形。" in re.sub("<[^>]+>", "", parts.read("word/document.xml").decode())
    sums = (site / "downloads" / "SHA256SUMS").read_text(encoding="utf-8")
    for file in (report, document):
        assert f"{hashlib.sha256(file.read_bytes()).hexdigest()}  ../2024/downloads/{file.name}\n" in sums


@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (NARROW, "dark")], ids=["wide", "narrow-dark"])
def test_axe_finds_nothing_in_the_form(browser: Browser, preview: Served, size: dict[str, int], scheme: str) -> None:
    """The form has names, contrast and room, and Escape leaves it."""
    if not AXE.is_file():
        pytest.skip("没有 axe-core，无障碍检查没有做；可用 npm --prefix tests/html ci 安装")
    page = opened(browser, size, scheme)
    page.goto(preview.address + REQUESTS)
    cell(page, "requests.received.natural_person").wait_for()
    page.locator(".edit-bar").get_by_role("button", name="更正").click()
    page.get_by_role("dialog").wait_for()
    assert lasting_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("Escape")
    assert page.get_by_role("dialog").count() == 0
    page.locator(".edit-bar").get_by_text("只能查看").wait_for()
    page.context.close()
