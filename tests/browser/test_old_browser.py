"""The floor of browsers: all is read, and menu, modes and search work, in Chromium 69 of 2018."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        importlib.util.find_spec("PyQt5") is None,
        reason="没有装 PyQtWebEngine 5.12（只有 64 位 x86 的 Linux 有），旧浏览器的测试没有做",
    ),
]
ENGINE = Path(__file__).parent.parent / "support" / "old_engine.py"
WIDE, NARROW = ("1280", "900"), ("390", "844")


def ran(address: str, size: Sequence[str], *scripts: str) -> dict[str, Any]:
    """Return what *scripts* gave in the page at *address*, in order, and what the console said."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", ENGINE, address, *size, *scripts],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("page", ["index.html", "2024/index.html", "2024/3-requests.html", "compare.html"])
def test_pages_are_read_and_no_script_fails(example: str, page: str) -> None:
    """The engine is as old as it says; what pages show has its place, and nothing is wider than the screen."""
    script = """[navigator.userAgent, document.querySelector("h1").getBoundingClientRect().width > 200,
      document.documentElement.scrollWidth <= innerWidth,
      [...document.querySelectorAll("article td")].filter(cell => getComputedStyle(cell).display === "none").length]"""
    found = ran(example + page, NARROW, script)
    agent, shown, fits, lost = found["results"][0]
    assert "Chrome/69." in agent
    assert (shown, fits, lost) == (True, True, 0)
    assert found["console"] == []


def test_menu_modes_and_lines_work(example: str) -> None:
    """The buttons are there and do what they say; a line of the table opens."""
    found = ran(
        f"{example}2024/3-requests.html",
        NARROW,
        """document.querySelector("[data-action=menu]").click();
        getComputedStyle(document.querySelector("#site-nav")).display""",
        'document.querySelector("[data-action=dark]").click(); document.body.dataset.mdColorScheme',
        'document.querySelector("[data-action=large]").click(); document.documentElement.className',
        """document.querySelector(".table-lines summary").click();
        document.querySelector(".table-lines dl").getBoundingClientRect().height > 20""",
    )
    menu, scheme, ways, opened = found["results"]
    assert menu == "block"
    assert scheme in {"slate", "default"}
    assert "large" in ways
    assert opened is True
    assert found["console"] == []


def test_search_finds_and_marks(example: str) -> None:
    """Words typed in full width are found and marked as they stand in the page."""
    found = ran(
        f"{example}index.html",
        WIDE,
        """document.querySelector("[data-action=search]").click();
        const box = document.querySelector("#search-words"); box.value = "（一）予以公开";
        box.dispatchEvent(new Event("input")); box === document.activeElement""",
        """[document.querySelector("#search-status").textContent,
        document.querySelector(".search__results mark").textContent]""",
    )
    focused, (status, mark) = found["results"]
    assert focused is True
    assert status.startswith("找到 ")
    assert mark == "（一）予以公开"
    assert found["console"] == []


def test_comparisons_begin_at_the_newest_year(example: str) -> None:
    """On a telephone the last column of a table is in sight, and so is what the table is called."""
    script = """[...document.querySelectorAll(".newest-last.statutory-table")].map(region => {
      const sight = part => Math.round(part.getBoundingClientRect().right - region.getBoundingClientRect().right);
      return [sight([...region.querySelectorAll("thead th")].pop()), sight(region.querySelector("caption")) <= 0,
        region.scrollWidth > region.clientWidth];
    })"""
    (tables,) = ran(f"{example}compare.html", NARROW, script)["results"]
    assert len(tables) > 5
    assert all(table == [0, True, True] for table in tables)
