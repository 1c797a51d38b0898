"""Access for everyone: axe on every kind of page, the keyboard alone, large type, zoom."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from axe import AXE, violations
from browsing import NARROW, WIDE, opened

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

# Every way of looking is tried on one of the portals. At 200 % zoom a window of 1280 shows what fits 640.
LOOKS = {
    "wide": ("real", WIDE, "light", False),
    "narrow-dark": ("real", NARROW, "dark", False),
    "large-dark": ("real", NARROW, "dark", True),
    "wide-dark": ("example", WIDE, "dark", False),
    "narrow": ("example", NARROW, "light", False),
    "zoom": ("example", {"width": 640, "height": 450}, "light", False),
    "large": ("example", WIDE, "light", True),
}
# Sections that consist of text, like the first.
ALIKE = ("5-improvement.html", "6-other.html", "404.html")


def kinds(site: Path) -> list[str]:
    """Return one page of each kind: of pages with the same name in several years one, a year with most to show."""
    pages = sorted((path.relative_to(site).as_posix() for path in site.rglob("*.html")), reverse=True)
    found = {re.sub(r"^\d{4}/", "year/", page): page for page in reversed(pages)}
    return sorted(page for page in found.values() if not page.endswith(ALIKE) and not page.startswith("latest/"))


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing(request: pytest.FixtureRequest, browser: Browser, look: str) -> None:
    """No kind of page has a fault that axe knows of WCAG 2.2 AA, however it is looked at; none is too wide."""
    if not AXE.is_file():
        pytest.skip("没有 axe-core，无障碍检查没有做；可用 npm --prefix tests/html ci 安装")
    dataset, size, scheme, large = LOOKS[look]
    address, pages = request.getfixturevalue(dataset), kinds(request.getfixturevalue(f"{dataset}_site"))
    assert len(pages) >= 8
    page = opened(browser, size, scheme)
    page.goto(address)
    if large:
        page.get_by_role("button", name="大字版").click()
    found = {}
    for name in pages:
        page.goto(address + name)
        faults = violations(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults.append("wider than the window")
        if faults:
            found[name] = faults
    assert found == {}
    page.get_by_role("button", name="搜索").click()
    page.get_by_role("searchbox").fill("公开")
    page.locator(".search__results a").first.wait_for()
    assert violations(page) == []
    page.context.close()
