"""The built sites in a real browser: the one that the system has installed."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.browser

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PAGES = (
    "",
    "compare.html",
    "{year}/",
    "{year}/1-overview.html",
    "{year}/2-disclosure.html",
    "{year}/3-requests.html",
    "{year}/4-review.html",
    "{year}/full.html",
)
# What a citizen types, and a page that must be among what is found.
QUERIES = {
    "依申请公开": "1-overview",
    "公开条例": "1-overview",
    "信息处理费": "6-other",
    "行政复议": "4-review",
    "行政诉讼": "4-review",
    "不予公开": "3-requests",
    "三安全一稳定": "3-requests",
    "国家秘密": "3-requests",
    "法律服务机构": "3-requests",
    "行政许可": "2-disclosure",
    "规范性文件": "2-disclosure",
    "网格化": "1-overview",
    "领导小组": "1-overview",
    "部门决算": "1-overview",
    "业务培训": "5-improvement",
    "建议提案": "6-other",
    "年度报告": "2023/",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start a browser without a window."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("这台机器上没有 Chromium，浏览器里的测试没有做；Debian 上可用 apt install chromium 安装")
    with sync_playwright() as play:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
        started = play.chromium.launch(executable_path=path, args=arguments)
        yield started
        started.close()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
        """Say nothing."""


def serve(folder: Path) -> Iterator[str]:
    """Serve *folder* on a free port of this machine."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(QuietHandler, directory=folder))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def real(real_site: Path) -> Iterator[str]:
    """Return the address of the real portal."""
    yield from serve(real_site)


@pytest.fixture(scope="module")
def example(example_site: Path) -> Iterator[str]:
    """Return the address of the synthetic portal."""
    yield from serve(example_site)


@pytest.fixture(params=["real", "example"])
def addresses(request: pytest.FixtureRequest, real: str, example: str) -> list[str]:
    """Return the addresses of every kind of page of each site."""
    base, year = (real, 2023) if request.param == "real" else (example, 2020)
    return [base + page.format(year=year) for page in PAGES]


def opened(browser: Browser, size: dict[str, int], scheme: str = "light") -> Page:
    """Return an empty page of *size*."""
    return browser.new_context(viewport=size, color_scheme=scheme).new_page()  # type: ignore[arg-type]  # plain literals


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


@pytest.mark.parametrize("query", QUERIES)
def test_search_finds_statutory_words(browser: Browser, real: str, query: str) -> None:
    """A citizen who types a term of the Regulation or of the form finds the page that holds it."""
    page = opened(browser, WIDE)
    page.goto(real)
    box = page.get_by_role("textbox", name="搜索")
    box.click()
    page.get_by_text("键入以开始搜索").wait_for()  # What is typed before the index is loaded is lost.
    box.fill(query)
    box.press("End")  # The theme searches when a key is let go; an input method lets one go, `fill` does not.
    page.locator(".md-search-result__item").first.wait_for()
    links = page.locator(".md-search-result__link").evaluate_all("links => links.map(link => link.href)")
    assert [link for link in links if QUERIES[query] in link], links
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
