"""Words of a section written in text areas, in their places, in a real preview."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe import AXE, lasting_violations
from browsing import NARROW, WIDE, opened
from editing import wait
from previews import real_portal, served
from projects import edit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page
    from previews import Served

pytestmark = pytest.mark.browser

REQUESTS = "2023/3-requests.html"


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return a preview of the real portal."""
    with served(real_portal(tmp_path_factory.mktemp("portal"))) as preview:
        yield preview


@pytest.fixture
def page(browser: Browser, preview: Served) -> Iterator[Page]:
    """Return a wide window; data and words are as they were in the beginning, after it."""
    before = {path: path.read_bytes() for path in (preview.folder).glob("d*/**/*") if path.is_file()}
    page = opened(browser, WIDE)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.context.close()
    for path, content in before.items():
        if path.read_bytes() != content:
            path.write_bytes(content)
    assert errors == []


def paragraph(page: Page, preview: Served, path: str = REQUESTS, number: int = 0) -> Locator:
    """Open the text area below a paragraph."""
    page.goto(preview.address + path)
    details = page.locator("details.edit-words").nth(number)
    details.locator("summary").click()
    return details


def test_a_paragraph_is_written_in_its_place(page: Page, preview: Served) -> None:
    """The text area stands below its paragraph; what is saved shows there; the figure stays one of the data; undone."""
    source = preview.folder / "docs" / "2023" / "3-requests.md"
    before = source.read_text(encoding="utf-8")
    details = paragraph(page, preview)
    above = details.evaluate("element => element.previousElementSibling.textContent")
    assert above.startswith("2023年，中心新收政府信息公开申请0件")
    area = details.locator("textarea")
    shown = area.input_value()
    assert shown.startswith("⟦年度＝2023⟧年，中心新收政府信息公开申请⟦本年新收政府信息公开申请数量＝0⟧件")
    area.press("Control+End")
    page.keyboard.insert_text("收到的申请都按期答复。")
    area.press("Control+Enter")
    details.get_by_text("已保存").wait_for()
    line = before.split("\n")[2]
    assert source.read_text(encoding="utf-8") == before.replace(line, f"{line}\n收到的申请都按期答复。")
    page.evaluate("document.activeElement.blur()")
    page.locator("article > p", has_text="收到的申请都按期答复。").wait_for(timeout=90_000)
    page.locator(".edit-bar").get_by_text("撤销").click()
    wait(lambda: source.read_text(encoding="utf-8") == before, "undone")


def test_a_paragraph_that_is_deleted_is_told_of_in_the_bar(page: Page, preview: Served) -> None:
    """Its own message goes with it, so the bar says that it was saved; it comes back by undoing."""
    source = preview.folder / "docs" / "2023" / "3-requests.md"
    before = source.read_text(encoding="utf-8")
    details = paragraph(page, preview)
    area = details.locator("textarea")
    area.fill("")
    area.press("Control+Enter")
    page.locator(".edit-status", has_text="已保存").wait_for()
    assert before.split("\n")[2] not in source.read_text(encoding="utf-8")
    page.locator(".edit-bar").get_by_text("撤销").click()
    page.locator(".edit-status", has_text="已撤销").wait_for()
    wait(lambda: source.read_text(encoding="utf-8") == before, "undone")


def test_a_damaged_token_is_told_and_stays(page: Page, preview: Served) -> None:
    """A token that was cut apart is not written; the reason stands below, and the text stays."""
    details = paragraph(page, preview)
    area = details.locator("textarea")
    damaged = area.input_value().replace("年度＝2023⟧", "年度")
    area.fill(damaged)
    details.get_by_role("button", name="保存").click()
    details.get_by_text("没有配对").wait_for()
    assert area.get_attribute("aria-invalid") == "true"
    assert area.input_value() == damaged
    details.get_by_role("button", name="还原").click()
    assert "⟦年度＝2023⟧" in area.input_value()


def test_a_figure_is_put_in_by_its_name(page: Page, preview: Served) -> None:
    """A figure of the data is chosen from a list and stands in the text as a token; the page has its macro."""
    source = preview.folder / "docs" / "2023" / "3-requests.md"
    details = paragraph(page, preview)
    area = details.locator("textarea")
    area.press("Control+End")
    page.keyboard.insert_text("信息处理费")
    chosen = details.get_by_label("插入数据里的一个数")
    chosen.fill("没有的数")
    details.get_by_role("button", name="插入").click()
    details.get_by_text("没有这个数").wait_for()
    chosen.fill("信息处理费")
    details.get_by_role("button", name="插入").click()
    page.keyboard.insert_text("元。")
    assert area.input_value().endswith("信息处理费⟦信息处理费＝0⟧元。")
    details.get_by_role("button", name="保存").click()
    details.get_by_text("已保存").wait_for()
    assert '\n信息处理费{{ figure("processing_fee") }}元。\n' in source.read_text(encoding="utf-8")
    area.press("Control+End")
    page.keyboard.insert_text("又一句。")
    details.get_by_role("button", name="保存").click()
    wait(lambda: "又一句。" in source.read_text(encoding="utf-8"), "saved once more")


def test_every_paragraph_has_its_text_area(page: Page, preview: Served) -> None:
    """Each paragraph and list of a section that is no drawing stands right above its own text area."""
    page.goto(preview.address + "2023/1-overview.html")
    page.locator("details.edit-words").first.wait_for()
    pairs = page.evaluate(
        """() => Array.from(document.querySelectorAll('details.edit-words'), (details) => [
          details.previousElementSibling.textContent.replace(/\\s+/g, '').slice(0, 6),
          details.querySelector('textarea').value.replace(/⟦[^＝]*＝([^⟧]*)⟧/g, '$1')
            .replace(/^1\\. /, '').slice(0, 6)])"""
    )
    assert len(pairs) >= 9
    assert all(above == said for above, said in pairs), pairs


def test_words_changed_by_others_are_told(page: Page, preview: Served) -> None:
    """A paragraph that another program changed is not overwritten without a word."""
    source = preview.folder / "docs" / "2023" / "3-requests.md"
    details = paragraph(page, preview)
    area = details.locator("textarea")
    area.press("Control+End")
    page.keyboard.insert_text("我写的。")
    edit(source, "结转下年度继续办理", "转到下年度办理")
    details.get_by_role("button", name="保存").click()
    details.get_by_text("这一段在别处改过，没有保存。").wait_for()
    assert "我写的" not in source.read_text(encoding="utf-8")
    details.get_by_role("button", name="写入这里写的").click()
    wait(lambda: "我写的。" in source.read_text(encoding="utf-8"), "written when chosen")


def test_one_paragraph_becomes_several_and_the_next_is_still_itself(page: Page, preview: Served) -> None:
    """A heading and a paragraph are added; a paragraph further down is saved before the page is built anew."""
    source = preview.folder / "docs" / "2023" / "6-other.md"
    boxes = page.locator("details.edit-words")
    details = paragraph(page, preview, "2023/6-other.html")
    others = [box.input_value() for box in boxes.locator("textarea").all()[1:]]
    area = details.locator("textarea")
    area.press("Control+End")
    details.get_by_role("button", name="加小标题").click()
    page.keyboard.insert_text("（二）其他事项\n没有其他事项。")
    details.get_by_role("button", name="保存").click()
    details.get_by_text("已保存").wait_for()
    assert "\n\n## （二）其他事项\n\n没有其他事项。\n" in source.read_text(encoding="utf-8")
    assert [box.input_value() for box in boxes.locator("textarea").all()[1:]] == ["没有其他事项。", *others]
    boxes.last.locator("summary").click()
    boxes.last.locator("textarea").press("Control+End")
    page.keyboard.insert_text("到此为止。")
    boxes.last.get_by_role("button", name="保存").click()
    boxes.last.get_by_text("已保存").wait_for()
    assert source.read_text(encoding="utf-8").rstrip().endswith("到此为止。")


def test_a_composition_outlasts_a_rebuild(page: Page, preview: Served) -> None:
    """Candidates of an input method stay open while the site is built; what is chosen is written, and once only."""
    source = preview.folder / "docs" / "2023" / "3-requests.md"
    details = paragraph(page, preview)
    area = details.locator("textarea")
    area.press("Control+End")
    method = page.context.new_cdp_session(page)
    method.send("Input.imeSetComposition", {"text": "ban li", "selectionStart": 6, "selectionEnd": 6})
    with page.expect_response(lambda response: "/livereload/" in response.url, timeout=90_000):
        edit(preview.folder / "docs" / "2023" / "5-improvement.md", "信息公开的业务培训", "信息公开的业务 培训")
    assert area.input_value().endswith("ban li")
    method.send("Input.insertText", {"text": "按期办结。"})
    area.press("Control+Enter")
    details.get_by_text("已保存").wait_for()
    said = source.read_text(encoding="utf-8")
    assert said.count("按期办结。") == 1
    assert "ban li" not in said


@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (NARROW, "dark")], ids=["wide", "narrow-dark"])
def test_axe_finds_nothing_in_words(browser: Browser, preview: Served, size: dict[str, int], scheme: str) -> None:
    """Closed and open text areas have names, contrast and room, and fit the window."""
    if not AXE.is_file():
        pytest.skip("没有 axe-core，无障碍检查没有做；可用 npm --prefix tests/html ci 安装")
    page = opened(browser, size, scheme)
    paragraph(page, preview, "2023/1-overview.html")
    assert lasting_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.context.close()
