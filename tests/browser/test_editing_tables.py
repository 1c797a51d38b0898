"""Figures typed into the pages of a real preview, in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe import AXE, lasting_violations
from browsing import NARROW, WIDE, opened, set_to
from editing import CARRIED, RECEIVED, REQUESTS, cell, figure, focused, show, wait
from playwright.sync_api import expect
from previews import real_portal, served
from projects import edit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page
    from previews import Served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return a preview of the real portal."""
    with served(real_portal(tmp_path_factory.mktemp("portal"))) as preview:
        yield preview


@pytest.fixture
def page(browser: Browser, preview: Served) -> Iterator[Page]:
    """Return a wide window; the data file is as it was in the beginning, before and after."""
    before = preview.data.read_bytes()
    page = opened(browser, WIDE)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.context.close()
    if preview.data.read_bytes() != before:
        preview.data.write_bytes(before)
    assert errors == []


def test_keys_are_those_of_a_spreadsheet(page: Page, preview: Served) -> None:
    """Typing replaces, Tab, Enter and arrows save and move, F2 edits, Escape takes back; totals follow at once."""
    show(page, preview)
    cell(page, RECEIVED).click()
    page.keyboard.type("12")
    total = page.locator('[id="requests.received.total"] .edit-sum')
    wait(lambda: total.inner_text() == "12", "the total follows")
    assert figure(preview, "received")[0] == "0"  # Nothing is written while somebody types.
    page.keyboard.press("Tab")
    wait(lambda: figure(preview, "received")[0] == "12", "Tab saves")
    assert focused(page) == "requests.received.organizations.commercial"
    page.keyboard.press("Shift+Tab")
    assert focused(page) == RECEIVED
    page.keyboard.press("Enter")
    assert focused(page) == CARRIED
    page.keyboard.type("3")
    page.keyboard.press("Shift+Enter")
    wait(lambda: figure(preview, "carried_in")[0] == "3", "Enter saves")
    assert focused(page) == RECEIVED
    for key, address in (
        ("ArrowRight", "requests.received.organizations.commercial"),
        ("ArrowDown", "requests.carried_in.organizations.commercial"),
        ("ArrowLeft", CARRIED),
        ("ArrowUp", RECEIVED),
    ):
        page.keyboard.press(key)
        assert focused(page) == address
    page.keyboard.press("F2")
    page.keyboard.press("ArrowLeft")
    page.keyboard.type("5")
    assert cell(page, RECEIVED).input_value() == "152"
    page.keyboard.press("Escape")
    assert cell(page, RECEIVED).input_value() == "12"
    page.keyboard.press("Control+z")
    wait(lambda: figure(preview, "carried_in")[0] == "0", "undo")
    page.keyboard.press("Control+z")
    wait(lambda: figure(preview, "received")[0] == "0", "undo again")
    page.keyboard.press("Control+y")
    wait(lambda: figure(preview, "received")[0] == "12", "redo")


def test_names_come_from_the_headings(page: Page, preview: Served) -> None:
    """A cell is called by its row and its columns, as the form prints them."""
    show(page, preview)
    names = page.evaluate(
        """() => document.querySelector('input[data-address="requests.carried_in.organizations.commercial"]')
        .getAttribute('aria-labelledby').split(' ').map(id => document.getElementById(id).textContent).join('，')"""
    )
    assert names == "二、上年结转政府信息公开申请数量，申请人情况，法人或其他组织，商业企业"


def test_bad_input_stays_and_says_why(page: Page, preview: Served) -> None:
    """What cannot be read is not written, stays over a reload, and is told below its row, in the bar and its list."""
    show(page, preview)
    spanning = "Array.from(document.querySelectorAll('#requests th[rowspan]'), th => [th.id, th.rowSpan])"
    spans = page.evaluate(spanning)
    cell(page, RECEIVED).click()
    page.keyboard.type("七")
    page.keyboard.press("Enter")
    sentence = "“一、本年新收政府信息公开申请数量”的“自然人”应为 0 或正整数，实际为“七”；请只写阿拉伯数字"
    note = page.locator(f'[id="note:{RECEIVED}"]')
    note.wait_for()
    assert sentence in note.inner_text()
    assert cell(page, RECEIVED).get_attribute("aria-describedby") == f"note:{RECEIVED}"
    assert cell(page, RECEIVED).get_attribute("aria-invalid") == "true"
    assert figure(preview, "received")[0] == "0"
    cell(page, CARRIED).click()
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    wait(lambda: figure(preview, "carried_in")[0] == "3", "the others are written")
    page.reload()
    note.wait_for()
    assert cell(page, RECEIVED).input_value() == "七"
    page.locator(".edit-bar button", has_text="错误").click()
    page.locator(".edit-found a", has_text=sentence).click()
    assert focused(page) == RECEIVED
    # Headings that span on over the row of the note still stand beside the same rows.
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    wait(lambda: figure(preview, "received")[0] == "2", "what can be read is written")
    note.get_by_text("应为 0 或正整数").wait_for(state="detached")
    widths = page.evaluate(
        """() => { const right = (row) => Math.round(row.getBoundingClientRect().right);
        return new Set(Array.from(document.querySelectorAll('#requests tr'), right)).size; }"""
    )
    assert widths == 1
    assert spans == page.evaluate(spanning)


def test_notes_leave_every_figure_below_its_heading(page: Page, preview: Served) -> None:
    """A note within rows that share a heading makes that higher: columns stay where they are, before and after."""
    show(page, preview)
    lefts = """() => { const cells = document.querySelectorAll('#requests td[id$=".natural_person"]');
        const left = (cell) => Math.round(cell.getBoundingClientRect().left);
        return Array.from(new Set(Array.from(cells, left))); }"""
    assert len(page.evaluate(lefts)) == 1
    address = "requests.results.refused.state_secrets.natural_person"
    cell(page, address).click()
    page.keyboard.type("七")
    page.keyboard.press("Enter")
    note = page.locator(f'[id="note:{address}"]')
    note.wait_for()
    assert len(page.evaluate(lefts)) == 1
    cell(page, address).click()
    page.keyboard.press("Escape")
    note.wait_for(state="detached")
    assert len(page.evaluate(lefts)) == 1


def test_findings_stand_at_their_cells(page: Page, preview: Served) -> None:
    """All rules judge what was typed, below the cell and in the list, before the page is built anew."""
    show(page, preview)
    cell(page, RECEIVED).click()
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    note = page.locator('[id="note:requests.carried_out.natural_person"]')
    note.wait_for()
    assert "“自然人”一列不平" in note.inner_text()
    assert page.locator(".edit-bar").get_by_text("错误 1").is_visible()
    page.keyboard.press("Control+z")
    note.wait_for(state="detached")


def test_what_waits_is_seen_and_filled_in_one_step(page: Page, preview: Served) -> None:
    """Cells that wait are marked, counted and led to; «其余填 0» asks, and one step takes it back."""
    edit(preview.data, "received:                       [0,  0,", "received:                       [待填, 待填,")
    show(page, preview)
    bar = page.locator(".edit-bar")
    bar.get_by_text("待填 2 格").click()
    assert focused(page) == RECEIVED
    assert page.locator("td.edit-waiting").count() == 2
    assert cell(page, RECEIVED).input_value() == ""
    bar.locator("button", has_text="其余填 0").click()
    page.get_by_role("dialog").get_by_text("取消").click()
    assert figure(preview, "received")[0] == "待填"
    bar.locator("button", has_text="其余填 0").click()
    page.get_by_role("dialog").get_by_text("把 2 格填为 0").click()
    wait(lambda: figure(preview, "received")[:2] == ["0", "0"], "filled")
    page.get_by_text("没有待填的格").wait_for()
    bar.get_by_text("撤销").click()
    wait(lambda: figure(preview, "received")[:2] == ["待填", "待填"], "undone")
    bar.get_by_text("待填 2 格").wait_for()


def test_typing_goes_on_while_the_site_is_built(page: Page, preview: Served) -> None:
    """No key is lost to a rebuild, the page is not loaded anew; what the build changes is put in around the table."""
    show(page, preview)
    page.evaluate("window.same = true")
    rows = page.evaluate(
        """Array.from(document.querySelectorAll('#requests input.edit-cell:not(.edit-cell--total)'),
        input => input.dataset.address)"""
    )[:48]
    cell(page, rows[0]).click()
    for number, address in enumerate(rows):
        assert focused(page) == address
        page.keyboard.type(str(number % 10), delay=90)
        page.keyboard.press("Tab")
        page.wait_for_timeout(60)
    wait(
        lambda: (
            figure(preview, "received") == ["0", "1", "2", "3", "4", "5"]
            and figure(preview, "carried_in") == ["6", "7", "8", "9", "0", "1"]
        ),
        "all is written",
    )
    page.get_by_text("新收政府信息公开申请15件").wait_for(timeout=90_000)
    assert page.evaluate("window.same") is True
    assert [cell(page, address).input_value() for address in rows] == [str(number % 10) for number in range(48)]


def test_a_composition_outlasts_a_rebuild(page: Page, preview: Served) -> None:
    """An input method writes 不详 while the site is built: the candidate stands, its Enter does not move the cell."""
    show(page, preview)
    cell(page, CARRIED).click()
    devtools = page.context.new_cdp_session(page)
    devtools.send("Input.imeSetComposition", {"text": "bu x", "selectionStart": 4, "selectionEnd": 4})
    edit(preview.data, "carried_out:                    [0,", "carried_out:                    [4,")
    page.get_by_text("结转下年度继续办理4件").wait_for(timeout=90_000)
    assert focused(page) == CARRIED
    assert cell(page, CARRIED).input_value() == "bu x"
    devtools.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "key": "Enter", "windowsVirtualKeyCode": 229})
    assert focused(page) == CARRIED
    devtools.send("Input.insertText", {"text": "不详"})
    assert cell(page, CARRIED).input_value() == "不详"
    page.keyboard.press("Enter")
    wait(lambda: figure(preview, "carried_in")[0] == "不详", "written")


def test_conflicts_are_told_and_lose_nothing(page: Page, preview: Served, browser: Browser) -> None:
    """Another window changed the same cell: both figures are shown, and a person chooses."""
    show(page, preview)
    other = opened(browser, WIDE)
    show(other, preview)
    cell(page, RECEIVED).click()
    page.keyboard.type("5")
    cell(other, RECEIVED).click()
    other.keyboard.type("8")
    other.keyboard.press("Enter")
    wait(lambda: figure(preview, "received")[0] == "8", "the other window is written")
    other.context.close()
    page.keyboard.press("Enter")
    note = page.locator(f'[id="note:{RECEIVED}"]')
    note.wait_for()
    assert "这一格在别处改成了“8”，这里填的是“5”" in note.inner_text()
    assert figure(preview, "received")[0] == "8"
    note.get_by_text("写入“5”").click()
    wait(lambda: figure(preview, "received")[0] == "5", "mine is written")
    note.get_by_text("这一格在别处").wait_for(state="detached")


def test_one_unreadable_cell_leaves_the_table(page: Page, preview: Served) -> None:
    """Where a page cannot show its table, the editor does, and the page heals when the cell is mended."""
    edit(preview.data, "received:                       [0,", "received:                       [七,")
    page.goto(preview.address + REQUESTS)
    note = page.locator(f'[id="note:{RECEIVED}"]')
    note.wait_for(timeout=90_000)
    assert "实际为“七”" in note.inner_text()
    page.locator(".finding-card").first.wait_for(timeout=90_000)
    cell(page, CARRIED).click()
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    wait(lambda: figure(preview, "carried_in")[0] == "3", "the others are written")
    cell(page, RECEIVED).click()
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    wait(lambda: figure(preview, "received")[0] == "7", "mended")
    page.get_by_text("新收政府信息公开申请7件").wait_for(timeout=90_000)
    assert page.locator(".finding-card:visible").count() == 0


def test_totals_are_typed_beside(page: Page, preview: Served) -> None:
    """The original's totals are a second entry beside the computed ones, told where they differ."""
    show(page, preview)
    total = cell(page, "requests.received.total")
    assert total.is_hidden()
    page.locator(".edit-bar").get_by_text("录入原件的合计").click()
    total.click()
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    wait(lambda: figure(preview, "received")[-1] == "3" and len(figure(preview, "received")) == 7, "entered")
    note = page.locator('[id="note:requests.received.total"]')
    note.get_by_text("原件的合计是 3，各分项相加为 0").wait_for()
    row = "requests.results.total"
    cell(page, f"{row}.natural_person").click()
    page.keyboard.type("0")
    page.keyboard.press("Tab")
    page.get_by_text("各列都填了才写入").first.wait_for()
    for _ in range(5):
        page.keyboard.type("0")
        page.keyboard.press("Tab")
    page.get_by_text("各列都填了才写入").first.wait_for(state="detached")
    assert "total: [0, 0, 0, 0, 0, 0]" in preview.data.read_text(encoding="utf-8")


def test_the_full_text_has_every_cell(page: Page, preview: Served) -> None:
    """One page is enough to fill in the whole report."""
    show(page, preview, "2023/full.html")
    assert page.locator("input.edit-cell:not(.edit-cell--total)").count() == 166


def test_a_frozen_year_is_only_shown(page: Page, preview: Served) -> None:
    """Cells of a published year cannot be typed into; where its records are not whole, no correction can begin."""
    edit(preview.data, "processing_fee", f"digest: {'0' * 64}\nprocessing_fee")
    show(page, preview)
    page.locator(".edit-bar").get_by_text("已经定稿公布，只能查看").wait_for()
    cell(page, RECEIVED).click()
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    assert cell(page, RECEIVED).input_value() == "0"
    page.locator(".edit-bar").get_by_role("button", name="更正").click()
    page.locator(".edit-bar").get_by_text("公布的记录不全").wait_for()
    assert page.get_by_role("dialog").count() == 0


def test_a_page_of_the_web_reaches_nothing(preview: Served, browser: Browser) -> None:
    """A foreign page in the same browser can neither read nor write nor frame."""
    before = preview.data.read_bytes()
    foreign = opened(browser, WIDE)
    foreign.route("http://evil.example/**", lambda route: route.fulfill(body="<p>x</p>", content_type="text/html"))
    foreign.goto("http://evil.example/")
    told = foreign.evaluate(
        """async (address) => { const said = [];
        for (const [path, options] of [
          ['_edit/year/2023', {}],
          ['2023/3-requests.html', {}],
          ['_edit/cells/2023', { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: '{}' }],
          ['_edit/zeros/2023', { method: 'POST', mode: 'no-cors', body: '{}' }],
        ]) said.push(await fetch(address + path, options).then(() => 'answered', () => 'blocked'));
        return said; }""",
        preview.address,
    )
    assert told == ["blocked"] * 4
    foreign.evaluate(
        "address => document.body.append(Object.assign(document.createElement('iframe'), { src: address }))",
        preview.address,
    )
    foreign.wait_for_timeout(1000)
    assert all("edit-bar" not in frame.content() for frame in foreign.frames[1:] if frame.url.startswith("http://127"))
    foreign.context.close()
    assert preview.data.read_bytes() == before


LOOKS = {
    "wide": (WIDE, "light", False),
    "wide-dark": (WIDE, "dark", False),
    "narrow": (NARROW, "light", False),
    "narrow-dark-large": (NARROW, "dark", True),
}


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing(browser: Browser, preview: Served, page: Page, look: str) -> None:
    """With cells, notes, the list and a dialog open, nothing that axe knows is at fault, and nothing is too wide."""
    if not AXE.is_file():
        pytest.skip("没有 axe-core，无障碍检查没有做；可用 npm --prefix tests/html ci 安装")
    size, scheme, large = LOOKS[look]
    own = opened(browser, size, scheme)
    edit(preview.data, "received:                       [0,  0,", "received:                       [待填, 3,")
    show(own, preview, "2023/full.html")
    if large:
        own.locator("[data-action=large]").first.click()
    cell(own, CARRIED).focus()
    assert own.evaluate(
        """() => { const box = document.activeElement.getBoundingClientRect();
        return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) === document.activeElement; }"""
    )
    own.keyboard.type("七")
    own.keyboard.press("Enter")
    own.locator(f'[id="note:{CARRIED}"]').wait_for()
    own.locator(".edit-bar").get_by_text("录入原件的合计").click()
    own.locator(".edit-bar button", has_text="错误").click()
    assert lasting_violations(own) == []
    assert own.evaluate("document.documentElement.scrollWidth <= innerWidth")
    own.locator(".edit-bar").locator("button", has_text="其余填 0").click()
    assert lasting_violations(own) == []
    own.context.close()
    assert page.url == "about:blank"


@pytest.mark.parametrize("setting", ["defaultFontSize=32", "minimumFontSize=24,minimumLogicalFontSize=24"])
def test_in_large_type_the_page_stays_in_sight(browser: Browser, preview: Served, setting: str) -> None:
    """The bar takes a quarter of a narrow window at most, each of its buttons can be reached, and so can a cell."""
    with set_to(browser, setting) as large:
        page = opened(large, NARROW)
        show(page, preview)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        cell(page, RECEIVED).click()
        assert focused(page) == RECEIVED
        bar = page.locator(".edit-bar")
        box = bar.bounding_box()
        assert box is not None
        assert box["height"] <= NARROW["height"] / 4
        for button in bar.get_by_role("button").all():
            button.evaluate("button => button.scrollIntoView()")
            expect(button).to_be_in_viewport(ratio=0.9)
        assert not AXE.is_file() or lasting_violations(page) == []
        page.context.close()


def test_leaving_the_page_loses_nothing(page: Page, preview: Served) -> None:
    """What was being typed when a link was followed, or the page closed, is written, and shown where one arrives."""
    show(page, preview)
    cell(page, RECEIVED).click()
    page.keyboard.type("41")
    page.get_by_role("link", name="四、政府信息公开行政复议、行政诉讼情况").first.click()
    wait(lambda: figure(preview, "received")[0] == "41", "written on the way")
    page.locator("input.edit-cell").first.wait_for()
    show(page, preview)
    assert cell(page, RECEIVED).input_value() == "41"
    cell(page, CARRIED).click()
    page.keyboard.type("5")
    page.goto("about:blank")
    wait(lambda: figure(preview, "carried_in")[0] == "5", "written when closed")


def test_printing_leaves_the_editor_out(page: Page, preview: Served) -> None:
    """On paper a preview looks like the page."""
    show(page, preview)
    page.emulate_media(media="print")
    assert page.locator(".edit-bar").is_hidden()
    assert page.locator("details.edit-part:visible").count() == 0
