"""What the tests of the editor share: pages of a preview that can be edited, their cells, and what the file says."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page
    from previews import Served

RECEIVED, CARRIED = "requests.received.natural_person", "requests.carried_in.natural_person"
REQUESTS = "2023/3-requests.html"


def show(page: Page, preview: Served, path: str = REQUESTS) -> None:
    """Open a page and wait until it can be edited."""
    page.goto(preview.address + path)
    page.locator("input.edit-cell").first.wait_for()


def cell(page: Page, address: str) -> Locator:
    """Return the input at *address*."""
    return page.locator(f'input[data-address="{address}"]')


def figure(preview: Served, key: str) -> list[str]:
    """Return the figures that the file writes under *key*."""
    found = re.search(rf"^ *{key}: *\[(.*)\]", preview.data.read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    return [word.strip() for word in found[1].split(",")]


def wait(condition: Callable[[], object], what: str) -> None:
    """Return once *condition* holds."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.02)
    pytest.fail(f"never: {what}")


def focused(page: Page) -> str:
    """Return the address of the cell that has the focus."""
    return str(page.evaluate("document.activeElement.dataset.address || document.activeElement.tagName"))
