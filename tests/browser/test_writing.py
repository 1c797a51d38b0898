"""What helps in writing a section: last year's words beside, likeness, prompts, figures picked in tables, findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe import AXE, lasting_violations
from browsing import NARROW, WIDE, opened
from editing import wait
from playwright.sync_api import expect
from previews import served
from projects import edit, example_project

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page
    from previews import Served

pytestmark = pytest.mark.browser

OVERVIEW = "2025/1-overview.html"
OLD = "执法音像记录的保存期限、调阅手续形成清单对外公布。"


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return a preview of the examples, which have a report for each of seven years."""
    project = example_project(tmp_path_factory.mktemp("portal"))
    edit(
        project / "docs" / "2025" / "1-overview.md",
        "电子案卷在结案时",
        "\n〔提示〕写公开审查等工作。\n\n电子案卷在结案时",
    )
    with served(project) as preview:
        yield preview


def section(page: Page, preview: Served, number: int) -> Locator:
    """Open the text area of a paragraph."""
    page.goto(preview.address + OVERVIEW)
    details = page.locator("details.edit-words").nth(number)
    details.locator("summary").click()
    return details


def test_last_year_stands_beside_and_what_is_taken_from_it_is_marked(page: Page, preview: Served) -> None:
    """Last year is open beside; a sentence of it typed again is marked there, told here, and leads to itself."""
    details = section(page, preview, 2)
    beside = details.get_by_role("region", name="2024年这一部分的文字")
    expect(beside.get_by_text(OLD)).to_be_in_viewport()
    area = details.locator("textarea")
    area.press("Control+End")
    page.keyboard.insert_text(f"这是新写的。{OLD}")
    details.get_by_text("有 1 句与上年报告相同").wait_for()
    assert beside.locator(".edit-repeated").all_inner_texts() == [OLD]
    details.get_by_role("button", name="与上年 100% 相同").click()
    assert area.evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)") == OLD
    page.keyboard.insert_text("换成今年的话。")
    expect(details.locator(".edit-like")).to_be_empty()
    assert beside.locator(".edit-repeated").count() == 0


def test_a_prompt_stands_above_and_what_is_typed_takes_its_place(page: Page, preview: Served) -> None:
    """The text area of a prompt is empty; saved, the prompt is gone from the page, and can be left out at all."""
    source = preview.folder / "docs" / "2025" / "1-overview.md"
    before = source.read_text(encoding="utf-8")
    details = section(page, preview, 2)
    assert details.locator("summary").inner_text() == "修改这一段"
    wanted = details.get_by_label("这里应当写的").locator("li").all_inner_texts()
    assert wanted[0] == "写公开审查、公开属性认定、文件清理和效力标注等工作。"
    page.goto(preview.address + OVERVIEW)
    prompt = page.locator("details.edit-words", has_text="写公开审查等工作。")
    prompt.locator("summary").click()
    area = prompt.locator("textarea")
    assert area.input_value() == ""
    area.fill("审查都留有记录。")
    prompt.get_by_role("button", name="保存").click()
    prompt.get_by_text("已保存").wait_for()
    assert source.read_text(encoding="utf-8") == before.replace("〔提示〕写公开审查等工作。", "审查都留有记录。")
    source.write_text(before, encoding="utf-8")


def test_a_figure_is_picked_in_the_tables(page: Page, preview: Served) -> None:
    """By a click or with arrows and Enter, a cell or a total goes where the caret was, and into the page as a macro."""
    source = preview.folder / "docs" / "2025" / "1-overview.md"
    before = source.read_bytes()
    details = section(page, preview, 1)
    area = details.locator("textarea")
    area.press("Control+End")
    page.keyboard.insert_text("重复申请")
    details.get_by_role("button", name="从表里取数").click()
    dialog = page.get_by_role("dialog", name="从表里取数")
    dialog.get_by_role("button", name="（五）不予处理 2.重复申请，总计").click()
    assert "重复申请，总计＝" in area.input_value()
    page.keyboard.insert_text("件，许可")
    details.get_by_role("button", name="从表里取数").focus()
    page.keyboard.press("Enter")
    dialog.wait_for()
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    dialog.wait_for(state="detached")
    assert area.input_value().endswith("许可⟦第二部分的表：行政许可，本年处理决定数量＝1398⟧")
    details.get_by_role("button", name="保存").click()
    details.get_by_text("已保存").wait_for()
    said = source.read_text(encoding="utf-8")
    assert '重复申请{{ figure("requests.results.not_processed.repeated") }}件' in said
    assert '许可{{ figure("disclosure.licensing.decisions") }}' in said
    source.write_bytes(before)


def test_what_is_found_stands_at_its_sentence(page: Page, preview: Served) -> None:
    """What a rule finds in a saved sentence stands below the paragraph and in the bar; both lead to the sentence."""
    source = preview.folder / "docs" / "2025" / "1-overview.md"
    before = source.read_bytes()
    details = section(page, preview, 1)
    area = details.locator("textarea")
    area.press("Control+End")
    page.keyboard.insert_text("全年新收政府信息公开申请999件。")
    area.press("Control+Enter")
    note = page.locator(".edit-sentences button", has_text="999")
    note.first.wait_for()
    assert note.first.evaluate("note => note.closest('.edit-sentences').previousElementSibling.open")
    page.locator(".edit-bar__row").get_by_text("错误").click()
    page.locator(".edit-found a", has_text="999").first.click()
    assert area.evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)").endswith("申请999件。")
    page.locator(".edit-bar").get_by_text("撤销").click()
    wait(lambda: source.read_bytes() == before, "undone")


def test_a_page_with_other_tables_is_renewed_in_place(page: Page, preview: Served) -> None:
    """Where a table stands that cannot be edited, the page takes a new build without being loaded again."""
    source = preview.folder / "docs" / "2025" / "3-requests.md"
    before = source.read_text(encoding="utf-8")
    page.goto(preview.address + "2025/3-requests.html")
    page.locator("table.edit-table").wait_for()
    assert page.locator("article table").count() > page.locator("table.edit-table").count()
    page.evaluate("window.same = true")
    source.write_text(f"{before}\n别处添的一段。\n", encoding="utf-8")
    page.locator("article > p", has_text="别处添的一段。").wait_for(timeout=90_000)
    assert page.evaluate("window.same")
    expect(page.locator("article > details.edit-words textarea").last).to_have_value("别处添的一段。")
    source.write_text(before, encoding="utf-8")


@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "dark"), (NARROW, "light")], ids=["wide-dark", "narrow"])
def test_axe_finds_nothing_beside_words(browser: Browser, preview: Served, size: dict[str, int], scheme: str) -> None:
    """All that helps has names, contrast and room; on a narrow screen last year's words are folded."""
    if not AXE.is_file():
        pytest.skip("没有 axe-core，无障碍检查没有做；可用 npm --prefix tests/html ci 安装")
    page = opened(browser, size, scheme)
    details = section(page, preview, 2)
    fold = details.get_by_role("button", name="上年（2024年）这一部分的文字")
    assert fold.get_attribute("aria-expanded") == ("true" if size is WIDE else "false")
    details.locator("textarea").fill(OLD)
    details.get_by_text("有 1 句与上年报告相同").wait_for()
    assert lasting_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    details.get_by_role("button", name="从表里取数").click()
    page.get_by_role("dialog").wait_for()
    assert lasting_violations(page) == []
    page.context.close()
