"""A site within the frame of a portal, as nginx serves it under the policy written for it, in a browser."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
from axe import AXE, violations
from browsing import NARROW, WIDE, opened
from building import ROOT, nianbao
from serving import nginx, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser

STATISTICS = "https://statistics.example/"
DATA = "https://data.statistics.example/visit"
ELSEWHERE = "https://elsewhere.example/more.js"
# What the statistics do: they ask for what is declared, and for one thing more.
COUNT = f"""
const picture = new Image();
picture.src = "{STATISTICS}hit?page=" + location.pathname;
fetch("{DATA}");
const more = document.createElement("script");
more.src = "{ELSEWHERE}";
more.onerror = () => document.documentElement.dataset.counted = "yes";
document.head.append(more);
"""
WATCH = "window.held = []; addEventListener('securitypolicyviolation', (event) => held.push(event.blockedURI))"
PAGES = ("index.html", "2023/index.html", "2023/3-requests.html", "2023/full.html", "compare.html", "gone.html")


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the real portal within a frame, with its site."""
    folder = tmp_path_factory.mktemp("framed")
    for name in ("data", "docs"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(".cache"))
    shutil.copy(ROOT / "mkdocs.yml", folder)
    shutil.copytree(ROOT / "tests" / "portals" / "framed", folder / "data", dirs_exist_ok=True)
    done = nianbao("build", "--site-url", "https://www.city.example/xxgk/nianbao/", folder=folder)
    assert done.code == 0, done.printed
    assert "只从其他网站载入 data/frame.yml 写明的 3 个网址" in done.printed
    return folder


@pytest.fixture(scope="module")
def address(portal: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return where nginx serves the site, with the policy that the command writes for it."""
    if nginx() is None:
        pytest.skip("这台机器上没有 nginx，服务器的测试没有做；Debian 上可用 apt install nginx-light 安装")
    policy = nianbao("headers", "--nginx", folder=portal).printed
    with served(portal / "site", tmp_path_factory.mktemp("nginx"), policy=policy) as base:
        yield base


def framed(browser: Browser, size: dict[str, int], scheme: str = "light") -> tuple[Page, list[str]]:
    """Return a page that keeps what its policy holds off, and the addresses of other sites that it asked."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        counting = "count.js" in route.request.url
        headers = {"Access-Control-Allow-Origin": "*"}
        route.fulfill(body=COUNT if counting else "", content_type="text/javascript", headers=headers)

    page = opened(browser, size, scheme)
    page.add_init_script(WATCH)
    page.route(re.compile("^https://"), answer)
    return page, asked


@pytest.mark.parametrize("path", PAGES)
def test_what_is_declared_loads_and_nothing_else(path: str, address: str, browser: Browser) -> None:
    """The declared script runs and asks for what is declared; the one thing more is held off and reported."""
    page, asked = framed(browser, WIDE)
    page.goto(address + path)
    page.wait_for_selector("html[data-counted][data-care=ready]", state="attached")
    page.wait_for_function("held.length > 0")
    assert {*page.evaluate("held")} == {ELSEWHERE}  # By the header, and by the page itself.
    seen = {one.partition("?")[0] for one in asked}
    assert seen == {f"{STATISTICS}count.js", f"{STATISTICS}hit", DATA}
    assert page.evaluate("[...document.images].every((image) => image.naturalWidth > 0)")
    assert page.get_attribute("meta[name=site-verification]", "content") == "示例0001"
    assert page.locator(".breadcrumb li").all_inner_texts() == ["首页", "政府信息公开", "政府信息公开年报"]
    page.click(".breadcrumb li:last-child a")
    page.wait_for_url(f"{address}index.html" if path == "gone.html" else "**/index.html")
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_it_can_be_read_by_all(size: dict[str, int], scheme: str, address: str, browser: Browser) -> None:
    """Nothing of it stands over the edge, and it is in order for those who listen."""
    if not AXE.exists():
        pytest.skip("没有安装 axe-core，无障碍的测试没有做；在 tests/html 里运行 npm ci 安装")
    page, _ = framed(browser, size, scheme)
    page.goto(f"{address}2023/3-requests.html")
    page.wait_for_selector("html[data-care=ready]", state="attached")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
    page.emulate_media(media="print")
    assert not any(page.is_visible(part) for part in (".frame-head", ".breadcrumb", ".frame-foot"))
    page.context.close()
