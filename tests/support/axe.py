"""What axe-core finds in a page: WCAG 2.2 AA and good habits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from building import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = ROOT / "tests" / "html" / "node_modules" / "axe-core" / "axe.min.js"
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


def violations(page: Page) -> list[str]:
    """Return what axe finds in *page*, a line for each element."""
    page.evaluate(AXE.read_text(encoding="utf-8"))  # Past the policy of the page, which allows no script but its own.
    found = page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]
    return [f"{item['id']}: {node['html'][:160]}" for item in found for node in item["nodes"]]


# A preview puts parts of a page in place one after the other: what lasts is a fault.
_TRIES, _PAUSE = 5, 1_000


def lasting_violations(page: Page) -> list[str]:
    """Return what axe still finds in *page* of a preview once that has had some seconds to come to rest."""
    for _ in range(_TRIES):
        if not violations(page):
            return []
        page.wait_for_timeout(_PAUSE)
    return violations(page)
