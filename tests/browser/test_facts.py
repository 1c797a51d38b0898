"""Facts filled in by forms in the pages of a real preview: items, fee, dates, names, contact, local requirements."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe import AXE, lasting_violations
from browsing import NARROW, WIDE, opened
from editing import RECEIVED, cell, wait
from nianbao.editing.facts import groups_of
from nianbao.model.dataset import package_forms
from previews import real_portal, served
from projects import edit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page, Route
    from previews import Served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return a preview of the real portal."""
    with served(real_portal(tmp_path_factory.mktemp("portal"))) as preview:
        yield preview


@pytest.fixture
def page(browser: Browser, preview: Served) -> Iterator[Page]:
    """Return a wide window; the data files are as they were in the beginning, after it."""
    before = {path: path.read_bytes() for path in (preview.folder / "data").glob("*.yml")}
    page = opened(browser, WIDE)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.context.close()
    for path, content in before.items():
        if path.read_bytes() != content:
            path.write_bytes(content)
    assert errors == []


def form(page: Page, preview: Served, path: str, title: str) -> Locator:
    """Open the form called *title* on a page."""
    page.goto(preview.address + path)
    details = page.locator("details.edit-facts", has=page.locator("summary", has_text=title))
    details.locator("summary").first.click()
    return details


def save(details: Locator, said: str = "已保存") -> None:
    """Save a form, and see what it says."""
    details.get_by_role("button", name="保存", exact=True).click()
    details.locator(".edit-form-status").get_by_text(said).wait_for()


def test_items_are_added_ordered_and_deleted(page: Page, preview: Served) -> None:
    """The list of published items: a line more, others pasted, two exchanged, one deleted; the page follows."""
    before = preview.data.read_text(encoding="utf-8")
    details = form(page, preview, "2023/1-overview.html", "主动公开的信息")
    category = details.locator(".edit-rows").first.locator(":scope > li").first
    category.get_by_role("button", name="添加信息", exact=True).click()
    page.keyboard.type("预算: 说明")
    category.get_by_text("粘贴多条").click()
    category.locator("textarea").fill("1. 第一条\n（2）第二条\n\n")
    category.get_by_role("button", name="加入清单").click()
    category.get_by_role("button", name="下移信息第 1 项").click()
    category.get_by_role("button", name="删除信息第 3 项").click()
    save(details)
    assert preview.data.read_text(encoding="utf-8") == before.replace(
        """\
      - {title: 机构职能信息, full_text: true}
      - {title: 领导成员及分工信息, full_text: true}
      - {title: 内设机构信息, full_text: true}
""",
        """\
      - {title: 领导成员及分工信息, full_text: true}
      - {title: 机构职能信息, full_text: true}
      - {title: "预算: 说明", full_text: false}
      - {title: 第一条, full_text: true}
      - {title: 第二条, full_text: true}
""",
    )
    details.locator("summary").first.focus()
    page.evaluate("document.activeElement.blur()")
    page.locator("article li", has_text="第二条").first.wait_for(timeout=90_000)
    page.locator(".edit-bar").get_by_text("撤销").click()
    wait(lambda: preview.data.read_text(encoding="utf-8") == before, "undone")


def test_a_category_is_only_counted(page: Page, preview: Served) -> None:
    """Where not all are listed, their number is filled in; fewer than are listed are refused at their place."""
    details = form(page, preview, "2023/1-overview.html", "主动公开的信息")
    count = details.get_by_label("条数").first
    count.fill("2")
    save(details, "有 1 处要改，没有保存")
    assert "“概况信息”写明 2 条，列出的却有 3 条" in details.locator(".edit-fault-note").inner_text()
    assert count.get_attribute("aria-invalid") == "true"
    assert count.evaluate("control => control === document.activeElement")
    count.fill("12")
    save(details)
    assert "    count: 12\n" in preview.data.read_text(encoding="utf-8")


def test_the_fee_and_the_day(page: Page, preview: Served) -> None:
    """The fee is in the sixth section, day and state on the first page; the reader's sentence stands at the field."""
    details = form(page, preview, "2023/6-other.html", "信息处理费")
    details.get_by_label("信息处理费").fill("十元")
    save(details, "没有保存")
    assert "请只写阿拉伯数字" in details.locator(".edit-fault-note").inner_text() or "应为" in details.inner_text()
    details.get_by_label("信息处理费").fill("12.5")
    save(details)
    assert "processing_fee: 12.5       #" in preview.data.read_text(encoding="utf-8")
    details = form(page, preview, "2023/index.html", "公布日期和状态")
    details.get_by_label("公布日期").fill("2024-01-20")
    save(details)
    text = preview.data.read_text(encoding="utf-8")
    assert "\nstatus: published          # draft 草稿，published 已公布\npublished_on: 2024-01-20\n" in text


def test_names_contact_and_footer(page: Page, preview: Served) -> None:
    """The agency's names on the first page, contact and site in the footer, where readers see them."""
    agency = preview.folder / "data" / "agency.yml"
    details = form(page, preview, "2023/6-other.html", "页脚的机关信息")
    details.get_by_label("电话").fill("027-00000000")
    details.get_by_label("地址（可以不填）", exact=True).fill("某路 1 号")
    save(details)
    assert 'contact:\n  address: 某路 1 号\n  telephone: "027-00000000"\n' in agency.read_text(encoding="utf-8")
    page.evaluate("document.activeElement.blur()")
    details.locator("summary").first.click()
    page.evaluate("document.activeElement.blur()")
    details = form(page, preview, "index.html", "机关名称")
    details.get_by_role("button", name="删除名称第 1 项").click()
    save(details, "没有保存")
    assert "没有记载 2023 年度使用的名称" in details.locator(".edit-fault-note").inner_text()
    details.get_by_role("button", name="还原").click()
    wait(lambda: details.locator(".edit-rows > li").count() == 2, "as it was")
    details.get_by_role("button", name="添加名称").click()
    page.keyboard.type("武昌区某某中心")
    details.get_by_label("起始年度").nth(2).fill("2026")
    details.get_by_label("截止年度").nth(1).fill("2025")
    save(details)
    assert "from: 2025, to: 2025}" in agency.read_text(encoding="utf-8")


def test_what_is_typed_while_the_form_is_renewed_stays(page: Page, preview: Served) -> None:
    """After a rebuild forms are filled anew; what somebody has begun to type by then is not overwritten."""
    details = form(page, preview, "2023/6-other.html", "信息处理费")
    held: list[Route] = []
    page.route("**/_edit/facts/2023", lambda route: held.append(route))  # noqa: PLW0108  # it marks its handlers
    edit(preview.data, "carried_out:                    [0,", "carried_out:                    [4,")
    page.evaluate("document.activeElement.blur()")
    while not held:
        page.wait_for_timeout(50)
    fee = details.get_by_label("信息处理费")
    fee.fill("3")
    for route in held:
        route.continue_()
    page.wait_for_timeout(500)
    assert fee.input_value() == "3"


def test_a_remark_is_written_at_its_cell(page: Page, preview: Served) -> None:
    """The cell that was looked at last is offered; another is chosen by its words; the page shows what is said."""
    page.goto(preview.address + "2023/3-requests.html")
    cell(page, RECEIVED).click()
    details = page.locator("details.edit-facts", has=page.locator("summary", has_text="表中数字的说明"))
    details.locator("summary").first.click()
    which = details.get_by_label("哪一格")
    which.fill("没有的格")
    details.get_by_role("button", name="添加说明").click()
    details.get_by_text("没有这一格").wait_for()
    which.fill("第三部分的表：一、本年新收政府信息公开申请数量，自然人")
    details.get_by_role("button", name="添加说明").click()
    page.keyboard.insert_text("原件在数字旁边注有说明。")
    save(details)
    assert f"{RECEIVED}: 原件在数字旁边注有说明。" in preview.data.read_text(encoding="utf-8")
    page.reload()
    page.locator("article", has_text="原件在数字旁边注有说明。").wait_for(timeout=90_000)
    details.locator("summary").first.click()
    details.get_by_role("button", name="删除“第三部分的表：一、本年新收政府信息公开申请数量，自然人”的说明").click()
    save(details)
    assert "remarks" not in preview.data.read_text(encoding="utf-8")


def test_every_group_of_fields_has_its_place(page: Page, preview: Served) -> None:
    """No page is looked for in vain: each group that the program declares is somewhere a form."""
    found = set()
    for path, title in PAGES.items():
        page.goto(preview.address + path)
        page.locator("details[data-fact] > summary", has_text=title).wait_for()
        if path.startswith("2023"):
            page.locator("details.edit-words").first.wait_for()  # They come last.
        found |= set(page.locator("details[data-fact]").evaluate_all("all => all.map(one => one.dataset.fact)"))
    forms = {"agency": None, "profile": None, "2023": package_forms().editions[2021]}
    assert found == {group.id for file, form in forms.items() for group in groups_of(file, form)}


def test_local_requirements(page: Page, preview: Served) -> None:
    """The profile on the page that tells how reports are checked."""
    profile = preview.folder / "data" / "profile.yml"
    details = form(page, preview, "check.html", "本地要求")
    details.get_by_label("公布期限").fill("01-15")
    save(details)
    assert "deadline: 01-15" in profile.read_text(encoding="utf-8")


def test_a_change_by_others_is_told(page: Page, preview: Served) -> None:
    """What another program changed meanwhile is not overwritten without a word."""
    details = form(page, preview, "2023/6-other.html", "信息处理费")
    details.get_by_label("信息处理费").fill("3")
    edit(preview.data, "processing_fee: 0", "processing_fee: 8")
    save(details, "“信息处理费”在别处改过，没有保存。")
    assert "processing_fee: 8" in preview.data.read_text(encoding="utf-8")
    details.get_by_role("button", name="写入这里填的").click()
    details.locator(".edit-form-status").get_by_text("已保存").wait_for()
    assert "processing_fee: 3" in preview.data.read_text(encoding="utf-8")


PAGES = {
    "2023/1-overview.html": "主动公开的信息",
    "2023/index.html": "公布日期和状态",
    "index.html": "机关名称",
    "check.html": "本地要求",
    "2023/6-other.html": "页脚的机关信息",
    "2023/3-requests.html": "表中数字的说明",
}


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow-dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_in_forms(browser: Browser, preview: Served, path: str, size: dict[str, int]) -> None:
    """Open forms have names for all that can be filled in, contrast, room to touch, and fit the window."""
    if not AXE.is_file():
        pytest.skip("没有 axe-core，无障碍检查没有做；可用 npm --prefix tests/html ci 安装")
    page = opened(browser, size, "dark" if size is NARROW else "light")
    form(page, preview, path, PAGES[path])
    assert lasting_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.context.close()


def test_facts_of_a_frozen_year_are_shut(page: Page, preview: Served) -> None:
    """What is published can be looked at and not typed into; `test_correcting` opens it."""
    edit(preview.data, "processing_fee", f"digest: {'0' * 64}\nprocessing_fee")
    details = form(page, preview, "2023/6-other.html", "信息处理费")
    assert details.get_by_label("信息处理费").is_disabled()
    details.get_by_text("已经定稿公布，只能查看").wait_for()
