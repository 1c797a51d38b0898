"""The pages as they are read: years, citation, ways of reading, without a script, from a folder, on paper."""

from __future__ import annotations

import itertools
import re
import subprocess
from typing import TYPE_CHECKING

import pytest
from browsing import NARROW, WIDE, opened
from playwright.sync_api import expect

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser


def focused(page: Page) -> str:
    """Return what the keyboard is on: its text or name."""
    return str(page.evaluate("document.activeElement.textContent.trim() || document.activeElement.id"))


def tab_to(page: Page, name: str, most: int = 60) -> None:
    """Press Tab until the keyboard is on what is called *name*; every stop on the way is seen to be one."""
    for _ in range(most):
        page.keyboard.press("Tab")
        shown = page.evaluate(
            """() => {
              const style = getComputedStyle(document.activeElement);
              const box = document.activeElement.getBoundingClientRect();
              return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1 && box.width * box.height > 0;
            }"""
        )
        assert shown, focused(page)
        if focused(page) == name:
            return
    pytest.fail(f"the keyboard does not reach {name}")


def test_years_lead_to_the_same_section_without_a_script(browser: Browser, example: str) -> None:
    """Every page of a year leads to its counterpart of another year, and older years name the newest quietly."""
    page = opened(browser, WIDE, script=False)
    for name in ("3-requests.html", "full.html", "index.html"):
        page.goto(f"{example}2021/{name}")
        years = page.get_by_role("navigation", name="年度")
        links = years.get_by_role("listitem").get_by_role("link")
        assert links.all_inner_texts() == [f"{year}年" for year in range(2024, 2018, -1)]
        assert years.locator("[aria-current]").inner_text() == "2021年"
        assert years.locator(".years__newest").inner_text() == "最新公布的是2024年度报告。"
        links.first.click()
        assert page.url == f"{example}2024/{name}"
        assert page.locator(".years__newest").count() == 0
    page.context.close()


def test_a_figure_is_quoted_by_keyboard(browser: Browser, example: str) -> None:
    """A reader chooses a row and a column and copies a reference that names everything; the address leads back."""
    page = opened(browser, WIDE)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{example}2022/3-requests.html")
    tab_to(page, "引用本表或其中的数")
    page.keyboard.press("Enter")
    page.locator(".citation[data-table][open]").first.wait_for()
    stops = []
    for label, choice in (("行：", "三、本年度办理结果，（一）予以公开"), ("列：", "申请人情况，总计")):
        page.keyboard.press("Tab")
        stops.append(page.evaluate("document.activeElement.labels?.[0].firstChild.textContent"))
        page.get_by_label(label).select_option(choice)
    page.keyboard.press("Tab")
    assert [*stops, focused(page)] == ["行：", "列：", "复制引用"]
    page.keyboard.press("Enter")
    page.get_by_text("已复制。").wait_for()
    copied = str(page.evaluate("navigator.clipboard.readText()"))
    value = page.locator("[id='requests.results.granted.total']").inner_text()
    assert copied == (
        "示例市示例区城市管理和综合执法局：《示例市示例区城市管理和综合执法局2022年政府信息公开工作年度报告》"
        "（2023年1月18日公布），“收到和处理政府信息公开申请情况”表，行“三、本年度办理结果，（一）予以公开”，"
        f"列“申请人情况，总计”，数值 {value}，{example}2022/3-requests.html#requests.results.granted.total"
    )
    page.goto(copied.rpartition("，")[2])
    named = page.locator("[id='requests.results.granted.total']")
    assert named.evaluate("cell => getComputedStyle(cell).outlineStyle") == "solid"
    page.get_by_text("引用本表或其中的数").click()
    assert page.get_by_label("列：").input_value() == "申请人情况，总计"
    page.context.close()


def test_every_cell_can_be_quoted(browser: Browser, example: str) -> None:
    """In all three tables of both forms each figure is reached by its row and column, and only by them."""
    page = opened(browser, WIDE)
    for year, number in itertools.product((2020, 2024), ("2-disclosure", "3-requests", "4-review")):
        page.goto(f"{example}{year}/{number}.html")
        wrong = page.evaluate(
            """() => {
              const details = document.querySelector(".citation[data-table]");
              const text = details.querySelector(".citation__text");
              const wrong = [];
              for (const cell of document.getElementById(details.dataset.table).querySelectorAll("td[headers]")) {
                location.hash = "";
                details.open = true;
                cell.click();
                const value = cell.firstChild.textContent.trim();
                const said = text.textContent.endsWith("#" + cell.id) && text.textContent.includes(`数值 ${value}`);
                if (!said) wrong.push(cell.id);
              }
              return wrong;
            }"""
        )
        assert wrong == [], (year, number)
    page.context.close()


def test_a_figure_is_quoted_on_a_telephone(browser: Browser, example: str) -> None:
    """A line that is open leads to the reference of its total, in three taps; the lines are not of other tables."""
    page = opened(browser, NARROW)
    for name, line, address in (
        ("3-requests", "（一）予以公开", "requests.results.granted.total"),
        ("4-review", "行政复议", "review.reconsideration.total"),
    ):
        page.goto(f"{example}2022/{name}.html")
        opens = page.locator(".table-lines details").filter(has_text=line).first
        opens.locator("summary").click()
        opens.get_by_role("button", name="引用").click()
        expect(page.get_by_role("button", name="复制引用")).to_be_focused()
        expect(page.get_by_role("button", name="复制引用")).to_be_in_viewport()
        expect(page.locator(".citation[data-table] .citation__text")).to_contain_text(f"#{address}")
    page.goto(f"{example}2022/full.html")
    assert page.locator(".table-lines details").count() == page.locator(".table-lines .site-button").count() > 20
    page.context.close()


def test_ways_of_reading_are_remembered(browser: Browser, real: str) -> None:
    """Large type and dark hold on the next page and after a new visit; where nothing can be kept, pages still work."""
    page = opened(browser, WIDE)
    page.goto(real)
    small = page.locator("article").evaluate("p => parseFloat(getComputedStyle(p).fontSize)")
    page.get_by_role("button", name="大字版").click()
    page.get_by_role("button", name="深色").click()
    page.goto(f"{real}2023/3-requests.html")
    large = page.locator("article").evaluate("p => parseFloat(getComputedStyle(p).fontSize)")
    assert large >= 1.3 * small
    assert page.get_by_role("button", name="大字版").get_attribute("aria-pressed") == "true"
    assert page.locator("body").get_attribute("data-md-color-scheme") == "slate"
    sizes = page.locator("button:visible").evaluate_all("all => all.map(b => b.getBoundingClientRect().height)")
    assert min(sizes) >= 44
    page.context.close()
    page = opened(browser, WIDE)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('refused') }})")
    page.goto(real)
    page.get_by_role("button", name="大字版").click()
    assert page.locator("html.large").count() == 1
    assert errors == []
    page.context.close()


def test_menu_by_keyboard_on_a_narrow_screen(browser: Browser, example: str) -> None:
    """The menu opens by Enter, takes the keyboard, closes by Escape and gives it back."""
    page = opened(browser, NARROW)
    page.goto(f"{example}2021/1-overview.html")
    menu = page.get_by_role("navigation", name="目录")
    assert menu.count() == 0
    tab_to(page, "目录")
    page.keyboard.press("Enter")
    assert menu.is_visible()
    assert focused(page) == "历年报告"
    page.keyboard.press("Escape")
    assert menu.count() == 0
    assert focused(page) == "目录"
    page.keyboard.press("Enter")
    tab_to(page, "四、政府信息公开行政复议、行政诉讼情况")
    page.keyboard.press("Enter")
    page.wait_for_url("**/2021/4-review.html")
    page.context.close()


def test_search_by_keyboard_gives_the_keyboard_back(browser: Browser, real: str) -> None:
    """Search opens as a named dialog, keeps the keyboard inside, closes by Escape and returns to its button."""
    page = opened(browser, WIDE)
    page.goto(real)
    tab_to(page, "搜索")
    page.keyboard.press("Enter")
    assert page.get_by_role("dialog", name="搜索").is_visible()
    assert focused(page) == "search-words"
    page.keyboard.type("公开")
    page.keyboard.press("Escape")
    assert page.get_by_role("dialog").count() == 0
    assert focused(page) == "搜索"
    page.context.close()


def test_search_in_a_browser_without_dialogs(browser: Browser, real: str) -> None:
    """Where dialogs are unknown, as on telephones of 2021, the box is hidden until asked for, finds, and closes."""
    page = opened(browser, NARROW)

    def older(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=re.sub(r"<(/?)dialog\b", r"<\1unknown", answer.text()))

    page.route("**/*.html", older)
    page.goto(f"{real}2023/index.html")
    box = page.locator("unknown#search")
    assert box.count() == 1
    assert not box.is_visible()
    page.get_by_role("button", name="搜索").first.click()
    assert focused(page) == "search-words"
    page.keyboard.type("协同办公系统")
    box.locator("li a").first.wait_for()
    page.keyboard.press("Escape")
    assert not box.is_visible()
    assert focused(page) == "搜索"
    page.context.close()


def test_labels_of_rows_stay_in_sight(browser: Browser, example: str) -> None:
    """On a narrow screen the label of a row is still there when its last figure has come into view."""
    page = opened(browser, NARROW)
    page.goto(f"{example}2022/3-requests.html")
    page.locator(".statutory-table").first.evaluate("region => { region.scrollLeft = region.scrollWidth }")
    for path in ("received", "results.granted", "results.refused.state_secrets", "carried_out"):
        label = page.locator(f"[id='requests.{path}']").bounding_box()
        figure = page.locator(f"[id='requests.{path}.total']").bounding_box()
        assert label is not None
        assert figure is not None
        assert 0 <= label["x"] < label["x"] + label["width"] <= figure["x"] + 1
        assert figure["x"] + figure["width"] <= 390
    page.context.close()


@pytest.mark.parametrize("width", [720, 768, 848, 1024, 1060])
def test_tables_are_whole_on_a_tablet(browser: Browser, example: str, width: int) -> None:
    """Where no lines stand in for them statutory tables are as wide as the screen; no head breaks off one character."""
    page = opened(browser, {"width": width, "height": 900})
    page.goto(f"{example}2024/full.html")
    found = page.evaluate(
        """() => [...document.querySelectorAll(".statutory-table")].map(region => [
          region.scrollWidth - region.clientWidth,
          [...region.querySelectorAll("th[scope=col]")].filter(head => {
            const words = document.createRange();
            words.selectNodeContents(head);
            const lines = [...words.getClientRects()];
            return lines.length > 1 && lines.pop().width < parseFloat(getComputedStyle(head).fontSize) * 1.5;
          }).map(head => head.textContent)])"""
    )
    assert found == [[0, []]] * 3
    page.context.close()


@pytest.mark.parametrize("width", [320, 360, 390])
def test_links_to_headings_take_no_room_on_a_telephone(browser: Browser, example: str, width: int) -> None:
    """A heading is as high as its words; the link behind it neither begins a line nor widens the page."""
    page = opened(browser, {"width": width, "height": 844})
    for name in ("2-disclosure", "3-requests", "4-review", "index"):
        page.goto(f"{example}2024/{name}.html")
        grown = page.evaluate(
            """() => [...document.querySelectorAll("article h1, article h2")].map(heading => {
              const high = heading.offsetHeight;
              heading.querySelector(".headerlink").style.display = "none";
              const own = heading.offsetHeight;
              heading.querySelector(".headerlink").style.display = "";
              return high - own;
            })"""
        )
        assert set(grown) == {0}, name
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    page.context.close()


def test_changes_are_whole_on_a_telephone(browser: Browser, example: str) -> None:
    """What changed since last year is seen with its last column."""
    page = opened(browser, NARROW)
    for name in ("2-disclosure", "3-requests", "4-review"):
        page.goto(f"{example}2024/{name}.html")
        over = page.locator(".statutory-table:has(.changes)").evaluate("box => box.scrollWidth - box.clientWidth")
        assert over <= 0, name
    page.context.close()


def test_the_head_takes_two_rows_on_the_smallest_screen(browser: Browser, example: str) -> None:
    """At 320 pixels the button of the menu stands beside the name of the site."""
    page = opened(browser, {"width": 320, "height": 640})
    page.goto(example)
    menu, name = page.locator(".site-menu").bounding_box(), page.locator(".site-name").bounding_box()
    assert menu is not None
    assert name is not None
    assert name["x"] > menu["x"] + menu["width"]
    assert name["y"] < menu["y"] + menu["height"]
    page.context.close()


def test_names_of_reports_can_be_read_on_a_narrow_screen(browser: Browser, example: str) -> None:
    """In large type on a narrow screen names in tables have six characters to a line, and a year is not broken."""
    page = opened(browser, NARROW, script=True)
    page.goto(f"{example}index.html")
    page.get_by_role("button", name="大字版").click()
    widths = page.evaluate(
        """() => [...document.querySelectorAll("table.report-list tbody th, table.downloads tbody th")].map(name => {
          const style = getComputedStyle(name);
          return name.clientWidth / parseFloat(style.fontSize);
        })"""
    )
    assert len(widths) > 6
    assert min(widths) > 6
    heights = page.locator("table.report-list tbody td:last-child a").evaluate_all(
        "links => links.map(link => link.getClientRects().length)"
    )
    assert set(heights) == {1}
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.context.close()


def test_years_days_and_states_are_not_broken_on_a_narrow_screen(browser: Browser, example: str) -> None:
    """On the narrowest telephone all that is known of a report is in sight; no year, day or state is broken."""
    page = opened(browser, {"width": 320, "height": 700})
    facts = "table.report-list tbody td"
    for address, whole in (
        ("index.html", facts),
        ("2024/2-disclosure.html", "table.changes thead th:not(:first-child)"),
    ):
        page.goto(f"{example}{address}")
        lines = page.locator(whole).evaluate_all(
            """cells => cells.map(cell => {
              const words = document.createRange();
              words.selectNodeContents(cell);
              return new Set([...words.getClientRects()].map(line => Math.round(line.top / 4))).size;
            })"""
        )
        assert len(lines) >= 4
        assert set(lines) == {1}, address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        if whole == facts:
            region = page.locator(".statutory-table:has(table.report-list)")
            assert region.evaluate("region => region.scrollWidth - region.clientWidth") == 0
            head = page.locator(facts).first.evaluate("cell => getComputedStyle(cell, '::before').content")
            assert head in {'"公布日期" "："', '"公布日期："', 'attr(data-head) "："'}
    names = page.locator("table.changes tbody th").evaluate_all(
        "names => names.map(name => name.clientWidth / parseFloat(getComputedStyle(name).fontSize))"
    )
    assert min(names) > 6  # Characters in a line: with more the last column would be out of sight.
    page.context.close()


def test_all_is_there_without_a_script(browser: Browser, example: str, example_site: Path) -> None:
    """With scripts off every page shows the same figures, tables, charts, years and downloads, and the menu."""
    off, on = opened(browser, NARROW, script=False), opened(browser, NARROW)
    for path in [*sorted(example_site.glob("2022/*.html")), example_site / "index.html"]:
        address = example + path.relative_to(example_site).as_posix()
        texts = []
        for page in (off, on):
            page.goto(address)
            shown = page.locator("article :is(h1, h2, h3, p, td, th, li, svg, dd, caption)").all_inner_texts()
            texts.append([text for text in shown if text and "地址" not in text and "http" not in text])
        assert texts[0] == texts[1], path
        assert off.get_by_role("navigation", name="目录").is_visible()
        assert off.locator("button:visible").count() == 0
    off.context.close()
    on.context.close()


def test_the_site_is_read_from_a_folder(browser: Browser, example_site: Path) -> None:
    """Opened as files, from a USB stick, pages have their looks, years lead on, and no script fails.

    The page for missing addresses is the exception: servers show it at any address, so it names files from the root.
    """
    page = opened(browser, WIDE)
    errors: list[str] = []
    failed: list[tuple[str, str | None]] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("requestfailed", lambda request: failed.append((request.url, request.failure)))
    page.goto((example_site / "index.html").as_uri())
    page.get_by_role("link", name="2022年政府信息公开").click()
    page.get_by_role("navigation", name="年度").get_by_role("link", name="2020年").click()
    page.get_by_role("navigation", name="目录").get_by_role("link", name="三、").click()
    assert page.url == (example_site / "2020/3-requests.html").as_uri()
    assert page.locator(".site-header").evaluate("head => getComputedStyle(head).backgroundColor") == "rgb(11, 79, 138)"
    assert page.locator("#requests td").count() == 161
    page.goto((example_site / "latest/index.html").as_uri())
    page.wait_for_url("**/2024/index.html")
    # Who leaves a page before its icon is there calls that off; a file that is missing is told otherwise.
    missing = [url for url, reason in failed if reason != "net::ERR_ABORTED"]
    assert (errors, missing) == ([], [])
    page.context.close()


def test_pages_print_on_a4(browser: Browser, example: str, tmp_path: Path) -> None:
    """Each statutory table stands whole on one sheet, every cell within it, without the frame of the site."""
    page = opened(browser, WIDE)
    for number, cells in (("2-disclosure", 10), ("3-requests", 175), ("4-review", 15)):
        table = page.locator(f"#{number[2:]}")
        page.goto(f"{example}2022/{number}.html")
        labels = [text for text in table.locator("th[scope=row]").all_inner_texts() if text]
        assert table.locator("td").count() == cells
        printed = tmp_path / f"{number}.pdf"
        page.pdf(path=printed, format="A4", print_background=False)
        text = subprocess.run(["pdftotext", "-layout", printed, "-"], capture_output=True, text=True, check=True).stdout
        sheets = [re.sub(r"\s", "", sheet) for sheet in text.split("\f") if sheet.strip()]
        assert len(sheets) <= 2, number
        with_table = [sheet for sheet in sheets if all(re.sub(r"\s", "", label)[:4] in sheet for label in labels)]
        assert len(with_table) == 1 if labels else True
        assert not any(word in sheet for sheet in sheets for word in ("大字版", "引用本", "最新公布的是"))
    page.context.close()
