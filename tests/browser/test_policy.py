"""The policy in every page, in a browser: from a disk or a plain server all of the site works, and nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from browsing import WIDE, opened, serving
from building import ROOT
from nianbao.metadata.policy import POLICY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Route

PAGES = (
    "index.html",
    "2024/index.html",
    "2024/3-requests.html",
    "2024/full.html",
    "compare.html",
    "check.html",
    "404.html",
)
TAG = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
# Keeps what was held off before anything else of a page is read.
WATCH = (
    "window.held = [];"
    "addEventListener('securitypolicyviolation', (event) => held.push(event.violatedDirective + event.blockedURI))"
)


def test_every_page_has_the_policy(example_site: Path) -> None:
    """It is that of the web server's guide, less what counts in headers alone, and stands before what it governs."""
    guide = re.search('default +"(default-src[^"]+)"', (ROOT / "deploy/nginx/policy.conf").read_text(encoding="utf-8"))
    assert guide is not None
    assert f"{POLICY}; frame-ancestors 'self'" == guide[1]
    pages = [path.read_text(encoding="utf-8") for path in example_site.rglob("*.html")]
    assert len(pages) > 50
    for page in pages:
        assert page.count(TAG) == 1
        assert not re.search("<(?:script|link|style)", page[: page.index(TAG)])


@pytest.fixture(params=["disk", "server"])
def address(request: pytest.FixtureRequest, example_site: Path) -> Iterator[str]:
    """Return where the example portal is read: as files, and from a server that adds no headers."""
    if request.param == "disk":
        yield f"{example_site.as_uri()}/"
    else:
        with serving(example_site) as found:
            yield found


def test_nothing_of_ours_is_held_off(address: str, browser: Browser) -> None:
    """Styles, pictures and the program load; what they do is as without a policy."""
    page = opened(browser, WIDE)
    page.add_init_script(WATCH)
    for path in PAGES:
        if path == "404.html" and address.startswith("file:"):
            continue  # Its addresses start at the root of a server.
        page.goto(address + path, wait_until="load")
        assert page.evaluate("held") == [], path
        assert page.evaluate("document.styleSheets.length") >= 3, path
        assert page.is_visible("[data-action=search]"), path  # The program shows it.
        assert page.evaluate("[...document.images].every((image) => image.naturalWidth > 0)"), path
    page.goto(f"{address}index.html")
    page.click("[data-action=search]")
    page.wait_for_selector("dialog[open]")
    if address.startswith("http:"):
        page.fill("dialog input", "申请")
        page.wait_for_selector(".search__results a")
    assert page.evaluate("held") == []
    page.context.close()


ELSEWHERE = "https://elsewhere.example/"
# What runs or asks another site at once in a page without a policy.
PAYLOADS = {
    "script": "<script>window.hit = 1</script>",
    "handler": '<img alt="" src="gone.png" onerror="window.hit = 1">',
    "drawing": '<svg onload="window.hit = 1"></svg>',
    "script in a drawing": "<svg><script>window.hit = 1</script></svg>",
    "open": '<details open ontoggle="window.hit = 1"><summary>a</summary></details>',
    "focus": '<input autofocus onfocus="window.hit = 1">',
    "frame": '<iframe srcdoc="<script>parent.hit = 1</script>"></iframe>',
    "address of a frame": '<iframe src="javascript:parent.hit = 1"></iframe>',
    "object": f'<object data="{ELSEWHERE}a.html"></object>',
    "style": f"<style>body {{ background: url({ELSEWHERE}a.png) }}</style>",
    "style of an element": f'<p style="background: url({ELSEWHERE}a.png)">a</p>',
    "style sheet": f'<link rel="stylesheet" href="{ELSEWHERE}a.css">',
    "script of another site": f'<script src="{ELSEWHERE}a.js"></script>',
    "picture": f'<img alt="" src="{ELSEWHERE}a.png">',
    "base": f'<base href="{ELSEWHERE}"><img alt="" src="a.png">',
    "link": '<a id="go" href="javascript:window.hit = 1">a</a>',
    "form": f'<form action="{ELSEWHERE}a"><button id="go">a</button></form>',
}


def reached(browser: Browser, folder: Path, html: str) -> bool:
    """Say whether *html* ran, or asked another site, when it was opened in a window of its own and its link pressed."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(body="")

    page = opened(browser, WIDE)
    page.route(f"{ELSEWHERE}**", answer)
    (folder / "a.html").write_text(html, encoding="utf-8")
    page.goto((folder / "a.html").as_uri(), wait_until="load")
    page.evaluate("document.getElementById('go')?.click()")
    page.wait_for_timeout(200)
    hit = bool(asked) or bool(page.evaluate("window.hit"))
    page.context.close()
    return hit


@pytest.mark.parametrize("name", PAYLOADS)
def test_nothing_else_runs(name: str, browser: Browser, tmp_path: Path) -> None:
    """What would run or ask another site does neither below the policy, were it ever published."""
    head, rest = "<!doctype html><html><head><title>a</title>", f"</head><body>{PAYLOADS[name]}</body></html>"
    assert reached(browser, tmp_path, head + rest)
    assert not reached(browser, tmp_path, head + TAG + rest)
