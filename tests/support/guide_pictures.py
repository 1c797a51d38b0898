"""Takes the pictures of the officer's guide from a real preview: ``python tests/support/guide_pictures.py``."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from browsing import opened, started
from building import ROOT, nianbao
from previews import served

if TYPE_CHECKING:
    from playwright.sync_api import Page

FOLDER = ROOT / "guides" / "pictures"
_SIZE = {"width": 1000, "height": 560}
_RECEIVED = 'input[data-address="requests.received.natural_person"]'


def take(folder: Path) -> None:
    """Write the pictures into *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        options = ["--name", "示例市示例区民政局", "--id", "slmzj", "--kind", "department", "--year", "2025"]
        done = nianbao("start", "年报", *options, folder=Path(work))
        if done.code:
            raise RuntimeError(done.printed)
        with served(Path(work) / "年报") as preview, started() as browser:
            page = opened(browser, _SIZE)
            page.goto(f"{preview.address}_edit/")
            page.get_by_role("heading", name="交付").wait_for()
            page.screenshot(path=folder / "desk.png")
            page.goto(f"{preview.address}2025/3-requests.html")
            page.locator(_RECEIVED).wait_for()
            _table(page, folder)
            page.goto(f"{preview.address}2025/3-requests.html")
            _words(page, folder)
            page.context.close()


def _table(page: Page, folder: Path) -> None:
    """Show a figure with its unit, which is refused in its cell, and below it what is left to do."""
    page.locator(_RECEIVED).fill("7件")
    page.keyboard.press("Tab")
    page.get_by_text("只写数字，不写单位").first.wait_for()
    page.locator(_RECEIVED).evaluate("cell => scrollBy(0, cell.getBoundingClientRect().top - 260)")
    page.screenshot(path=folder / "table.png")


def _words(page: Page, folder: Path) -> None:
    """Show a paragraph that is open, with figures of the data in it."""
    words = page.locator("details.edit-words", has_text="⟦").first
    words.locator("summary").click()
    words.locator("textarea").wait_for()
    words.evaluate("words => scrollBy(0, words.getBoundingClientRect().top - 200)")
    page.screenshot(path=folder / "words.png")


if __name__ == "__main__":
    take(FOLDER)
