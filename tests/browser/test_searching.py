"""Search as a reader uses it: in the browser, on the index of each engine."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
from browsing import WIDE, opened, serving
from building import copy_project, nianbao
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser

# What a citizen types, and an address that must be among the first five found.
REAL = {
    "依申请公开": "2023/1-overview.html#section-1-2",
    "公开条例": "2023/1-overview.html",
    "政府信息公开条例": "2023/1-overview.html",
    "信息处理费": "2023/6-other.html",
    "收费": "2023/2-disclosure.html",
    "处理费": "2023/6-other.html",
    "行政复议": "2023/4-review.html",
    "复议": "2023/4-review.html",
    "行政诉讼": "2023/4-review.html",
    "诉讼": "2023/4-review.html",
    "尚未审结": "2023/4-review.html",
    "结果纠正": "2023/4-review.html",
    "不予公开": "2023/3-requests.html",
    "三安全一稳定": "2023/3-requests.html",
    "国家秘密": "2023/3-requests.html",
    "法律服务机构": "2023/3-requests.html",
    "自然人": "2023/3-requests.html",
    "结转下年度": "2023/3-requests.html",
    "重复申请": "2023/3-requests.html",
    "申请数量": "2023/3-requests.html",
    "行政许可": "2023/2-disclosure.html",
    "行政处罚": "2023/2-disclosure.html",
    "规范性文件": "2023/2-disclosure.html",
    "现行有效": "2023/2-disclosure.html",
    "网格化": "2023/",
    "格化服": "2023/",
    "领导小组": "2023/1-overview.html",
    "部门决算": "2023/1-overview.html",
    "2022年部门决算": "2023/1-overview.html",
    "12345": "2023/1-overview.html",
    "微邻里": "2023/1-overview.html",
    "责任追究": "2023/1-overview.html#section-1-4",
    "业务培训": "2023/5-improvement.html",
    "存在的问题": "2023/5-improvement.html",
    "建议提案": "2023/6-other.html",
    "年度报告": "2023/index.html",
    "城市运行管理中心": "index.html#names",
    "武昌区 年报": "index.html",
    "2023年 行政复议": "2023/4-review.html",
    "怎样核对": "check.html",
    "收到多少申请": "2023/1-overview.html#section-1-2",
    "（一）予以公开": "2023/3-requests.html",
    "２０２３年 行政复议": "2023/4-review.html",
    "2023年行政处罚": "2023/2-disclosure.html",
    "行政许可，行政处罚": "2023/2-disclosure.html",
    "收到多少申请？": "2023/1-overview.html#section-1-2",
    "上级机关": "#site-foot",
    "打官司": "2023/4-review.html",
    "怎么打官司": "2023/4-review.html",
    "拒绝": "2023/3-requests.html",
    "个人": "2023/3-requests.html",
    "费用": "2023/2-disclosure.html",
    "联系": "#site-foot",
}
EXAMPLE = {
    "2021年 行政复议": "2021/4-review.html",
    "2020 政府集中采购": "2020/2-disclosure.html",
    "集中采购": "2019/2-disclosure.html",
    "城市管理局": "2021/index.html",
    "示例区城市管理和综合执法局": "2024/index.html",
    "其他对外管理服务事项": "2020/2-disclosure.html",
    "部分公开": "2024/3-requests.html",
    "2024年行政处罚": "2024/2-disclosure.html",
    "2020年的政府集中采购": "2020/2-disclosure.html",
    "联系电话": "#site-foot",
    "4875": "2024/2-disclosure.html#disclosure.penalties.decisions",
    "2023 行政处罚": "2023/2-disclosure.html#disclosure.penalties.decisions",
    "4,875": "2024/2-disclosure.html#disclosure.penalties.decisions",
    "2023年 58 自然人": "2023/3-requests.html#requests.received.natural_person",
    "不服": "2024/4-review.html",
    "2024年罚款": "2024/2-disclosure.html#disclosure.penalties.decisions",
}
# What stands first, so that words which mean the same bring nothing forward that the reader did not mean.
FIRST = {
    "拒绝": "compare.html#compare-refusals",
    "打官司": "compare.html#compare-litigation",
    "行政复议": "compare.html#compare-reconsideration",
    "联系人": "#site-foot",
    "电话": "#site-foot",
    "律师": "2024/3-requests.html",
    "附件": "downloads.html",
    "2024年罚款": "2024/2-disclosure.html#disclosure.penalties.decisions",
}


def find(page: Page, query: str) -> list[str]:
    """Type *query* into the open search; return the addresses found, below the site."""
    box = page.get_by_role("searchbox")
    status = page.locator("#search-status")
    box.fill("")
    box.press("Enter")
    expect(page.locator(".search__status")).to_have_text("")
    box.fill(query)
    box.press("Enter")
    expect(page.locator(".search__status")).not_to_have_text(re.compile("^(正在.*)?$"))
    assert status.is_visible()
    return [str(link) for link in page.locator(".search__results a").evaluate_all("links => links.map(a => a.href)")]


def missed(page: Page, address: str, queries: dict[str, str]) -> dict[str, list[str]]:
    """Return the *queries* whose page is not among the first five found, with what was found instead."""
    page.goto(address)
    page.get_by_role("button", name="搜索").click()
    found = {query: find(page, query)[:5] for query in queries}
    return {
        query: links for query, links in found.items() if not any(address + queries[query] in link for link in links)
    }


def test_citizens_find_what_they_type(browser: Browser, real: str, example: str) -> None:
    """Terms of the law and of the form, parts of words, names and labels of figures lead to their pages."""
    page = opened(browser, WIDE)
    assert missed(page, real, REAL) == {}
    assert missed(page, example, EXAMPLE) == {}
    page.context.close()


def test_words_that_mean_the_same_are_sought_too(browser: Browser, example: str) -> None:
    """What people type leads first to what reports call otherwise, and the answer says what was sought."""
    page = opened(browser, WIDE)
    page.goto(example)
    page.get_by_role("button", name="搜索").click()
    assert {query: find(page, query)[0].removeprefix(example) for query in FIRST} == FIRST
    find(page, "打官司")
    expect(page.locator("#search-status")).to_contain_text("（也找了“行政诉讼”）")
    assert page.locator(".search__results mark").first.inner_text() == "行政诉讼"
    find(page, "行政诉讼")
    expect(page.locator("#search-status")).not_to_contain_text("也找了")
    assert find(page, "constructor") == []
    page.context.close()


def test_a_result_in_a_closed_group_is_shown(browser: Browser, example: str) -> None:
    """The group that holds the words opens, on another page and on this one; others stay closed."""
    page = opened(browser, WIDE)
    page.goto(example)
    for _ in range(2):
        page.get_by_role("button", name="搜索").click()
        find(page, "T3-04")
        page.locator(".search__results a[href$='check.html#rules']").click()
        expect(page.locator("#rule-t3-04")).to_be_in_viewport()
        assert page.locator("details.folded[open]").count() == 1
        page.locator("details.folded[open] > summary").click()
    page.context.close()


def test_a_slow_search_says_that_it_waits(browser: Browser, example: str) -> None:
    """Pages load no search before it is asked for; the box says when its files are under way, and when they fail."""
    page = opened(browser, WIDE)
    asked: list[str] = []
    held: list[Route] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(example)))
    page.route("**/nianbao.search.js", lambda route: route.abort())
    page.route("**/search_index.json", lambda route: held.append(route))  # noqa: PLW0108  # it marks its handlers
    page.goto(example, wait_until="networkidle")
    assert "assets/nianbao.js" in asked
    assert not [address for address in asked if "search" in address]
    status = page.locator("#search-status")
    page.get_by_role("button", name="搜索").click()
    expect(status).to_have_text("搜索用的程序没有取到，请稍后再试。")
    page.unroute("**/nianbao.search.js")
    page.locator("#search-words").fill("行政诉讼")
    page.keyboard.press("Enter")
    expect(status).to_have_text("正在取搜索用的文件，请稍候。")
    held.pop().abort()
    expect(status).to_have_text("搜索用的文件没有取到，请稍后再试。")
    page.unroute("**/search_index.json")
    page.keyboard.press("Enter")
    expect(status).to_contain_text("找到")
    page.context.close()


@pytest.fixture(scope="module")
def zensical(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of the real portal as Zensical builds it."""
    folder = copy_project(tmp_path_factory.mktemp("zensical"))
    shutil.rmtree(folder / "examples")
    result = nianbao("build", "--engine", "zensical", folder=folder)
    assert result.code == 0, result.printed
    with serving(folder / "site") as address:
        yield address


def test_the_same_words_are_found_under_zensical(browser: Browser, zensical: str) -> None:
    """The index of the other engine leads from the same words to the same pages."""
    page = opened(browser, WIDE)
    assert missed(page, zensical, REAL) == {}
    page.context.close()


def test_a_result_in_what_is_folded_is_unfolded(browser: Browser, example: str) -> None:
    """An address leads to what it names, though it stands in details that are closed."""
    page = opened(browser, WIDE)
    page.goto(f"{example}2024/3-requests.html")
    page.evaluate(
        """() => document.querySelector("article").insertAdjacentHTML("beforeend",
          "<details><summary>a</summary><details><summary>b</summary><p id=folded>c</p></details></details>")"""
    )
    page.evaluate("location.hash = 'folded'")
    expect(page.locator("#folded")).to_be_in_viewport()
    page.context.close()


def test_results_read_well(browser: Browser, example: str) -> None:
    """Each result names its year and page, shows the words marked, and is a link; absent words say so."""
    page = opened(browser, WIDE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(example)
    assert not [url for url in asked if url.endswith(".json")]  # The index is fetched when it is needed.
    page.get_by_role("button", name="搜索").click()
    links = find(page, "三安全一稳定")
    assert [link for link in links if "full.html" in link or "/2025/" in link] == []
    years = [link.removeprefix(example)[:4] for link in links if "3-requests" in link]
    assert years == ["2024", "2023", "2022", "2021", "2020", "2019"]
    assert len(links) == 7  # The comparison of the years tells of it too.
    assert page.locator("#search-status").inner_text() == "找到 7 处。"
    newest = page.locator(".search__results li").nth([link[-21:] for link in links].index("/2024/3-requests.html"))
    assert newest.locator("mark").first.inner_text() == "三安全一稳定"
    assert newest.locator(".search__context").inner_text() == "2024年"
    assert find(page, "氢氧化钠") == []
    assert page.locator("#search-status").inner_text() == "没有找到；可以换一个词，或者少写几个字。"
    assert find(page, "<img src=x>") == []
    find(page, "三安全一稳定")
    for _ in range(3):  # To the two buttons, and on to the first result.
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(links[0])
    page.context.close()


def test_figures_are_found_with_row_and_column(browser: Browser, example: str) -> None:
    """Who types a number finds the cells that hold it, named by row and column; the file of figures comes only then."""
    page = opened(browser, WIDE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(example)
    page.get_by_role("button", name="搜索").click()
    find(page, "行政处罚")
    assert not [url for url in asked if url.endswith("figures.json")]
    assert find(page, "4875")[0] == f"{example}2024/2-disclosure.html#disclosure.penalties.decisions"
    assert [url for url in asked if url.endswith("figures.json")]
    result = page.locator(".search__results li").first
    assert result.locator("a").inner_text() == "行政处罚，本年处理决定数量：4875"
    assert result.locator(".search__context").inner_text() == "2024年　二、主动公开政府信息情况"
    page.context.close()


def test_full_width_words_are_marked_as_they_stand(browser: Browser, example: str) -> None:
    """Full-width brackets typed or written are the same, and the mark covers what the page writes."""
    page = opened(browser, WIDE)
    page.goto(example)
    page.get_by_role("button", name="搜索").click()
    for typed in ("（一）予以公开", "(一)予以公开"):
        assert find(page, typed)
        assert page.locator(".search__results li").first.locator("mark").first.inner_text() == "（一）予以公开"
    page.context.close()


def test_an_input_method_is_left_alone(browser: Browser, example: str) -> None:
    """While an input method composes, nothing is judged, and Escape belongs to it: the box stays open."""
    page = opened(browser, WIDE)
    held: list[Route] = []
    page.route("**/nianbao.search.js", lambda route: held.append(route))  # noqa: PLW0108  # it marks its handlers
    page.goto(example)
    page.get_by_role("button", name="搜索").click()
    client = page.context.new_cdp_session(page)
    client.send("Input.imeSetComposition", {"text": "xingzheng", "selectionStart": 9, "selectionEnd": 9})
    with page.expect_response("**/nianbao.search.js"):
        held.pop().continue_()  # The program comes while something is composed.
    page.wait_for_timeout(400)
    assert page.locator("#search-status").inner_text() == ""
    page.evaluate(
        """() => document.querySelector("#search-words").dispatchEvent(
          new KeyboardEvent("keydown", {key: "Escape", isComposing: true, bubbles: true, cancelable: true}))"""
    )
    assert page.locator("#search").is_visible()
    client.send("Input.insertText", {"text": "行政处罚"})
    expect(page.locator("#search-status")).to_contain_text("找到")
    page.keyboard.press("Escape")
    assert not page.locator("#search").is_visible()
    page.context.close()


def test_a_damaged_fragment_stops_nothing(browser: Browser, example: str) -> None:
    """An address cut in the middle of a character leaves the page whole."""
    page = opened(browser, WIDE)
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    page.goto(f"{example}2024/3-requests.html#%E0%A4%A")
    page.get_by_role("button", name="搜索").click()
    assert faults == []
    page.context.close()


def test_without_a_server_search_says_so(browser: Browser, real_site: Path) -> None:
    """Where the site is opened from a folder, search says plainly that it needs a server."""
    page = opened(browser, WIDE)
    page.goto((real_site / "index.html").as_uri())
    page.get_by_role("button", name="搜索").click()
    page.get_by_role("searchbox").fill("行政复议")
    expect(page.locator(".search__status")).not_to_have_text("")
    assert "搜索需要把网站放在服务器上" in page.locator("#search-status").inner_text()
    page.context.close()
