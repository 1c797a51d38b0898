"""The built sites in a real browser: the one that the system has installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browsing import NARROW, WIDE, opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

PAGES = (
    "",
    "compare.html",
    "check.html",
    "{year}/",
    "{year}/1-overview.html",
    "{year}/2-disclosure.html",
    "{year}/3-requests.html",
    "{year}/4-review.html",
    "{year}/full.html",
    "{year}/picture.html",
)


@pytest.fixture(params=["real", "example"])
def addresses(request: pytest.FixtureRequest, real: str, example: str) -> list[str]:
    """Return the addresses of every kind of page of each site."""
    base, year = (real, 2023) if request.param == "real" else (example, 2020)
    return [base + page.format(year=year) for page in PAGES]


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_pages_ask_nothing_from_elsewhere_and_fit(browser: Browser, addresses: list[str], size: dict[str, int]) -> None:
    """Every page asks only its own site, raises no script error and is no wider than the window."""
    page = opened(browser, size)
    asked: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    for address in addresses:
        page.goto(address, wait_until="networkidle")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    base = addresses[0]
    assert len(asked) > len(addresses)
    assert [url for url in asked if not url.startswith(base) and not url.startswith("data:")] == []
    assert errors == []
    page.context.close()


def test_wide_tables_scroll_by_keyboard(browser: Browser, example: str) -> None:
    """On a narrow screen the region of a table takes focus, shows it, and scrolls by the arrow keys."""
    page = opened(browser, NARROW)
    page.goto(f"{example}2020/3-requests.html")
    region = page.get_by_role("region", name="收到和处理政府信息公开申请情况")
    for _ in range(40):
        page.keyboard.press("Tab")
        if region.evaluate("element => element === document.activeElement"):
            break
    assert region.evaluate("element => element === document.activeElement")
    assert region.evaluate("element => getComputedStyle(element).outlineStyle") != "none"
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    assert region.evaluate("element => element.scrollLeft") > 0
    page.context.close()


def test_results_of_every_year_fit_a_telephone(browser: Browser, example: str) -> None:
    """On a narrow screen each rule has all its years below it, named, and nothing has to be scrolled sideways."""
    page = opened(browser, NARROW)
    page.goto(f"{example}check.html")
    cells = "document.querySelectorAll('table.rule-results tbody td')"
    sides = page.evaluate(f"[...{cells}].map(cell => cell.getBoundingClientRect()).map(box => [box.left, box.right])")
    assert len(sides) > 6
    assert all(0 <= left < right <= NARROW["width"] for left, right in sides)
    assert page.evaluate(f"getComputedStyle({cells}[0], '::before').content") == '"2024年"'
    page.context.close()


def test_figures_stand_under_their_headings(browser: Browser, example: str) -> None:
    """As drawn, a figure stands below its column headings and right of its row headings."""
    page = opened(browser, WIDE)
    page.goto(f"{example}2020/3-requests.html")
    astray = page.evaluate(
        """() => [...document.querySelectorAll("#requests td")].filter(cell => {
          const box = cell.getBoundingClientRect();
          return cell.headers.split(" ").some(id => {
            const head = document.getElementById(id).getBoundingClientRect();
            const above = head.bottom <= box.top + 1 && head.left <= box.left + 1 && head.right >= box.right - 1;
            const beside = head.right <= box.left + 1 && head.top <= box.top + 1 && head.bottom >= box.bottom - 1;
            return !above && !beside;
          });
        }).map(cell => cell.id)"""
    )
    assert page.locator("#requests td").count() == 161
    assert astray == []
    page.context.close()
