"""Undo and the state of a year where a portal has frozen years beside a draft, in a real preview."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
from editing import RECEIVED, cell, wait
from nianbao.model.dataset import read_dataset
from playwright.sync_api import expect
from previews import example_portal, served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page
    from previews import Served

pytestmark = pytest.mark.browser

DRAFT, FROZEN = "2025/3-requests.html", "2024/3-requests.html"


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Served]:
    """Return a preview of the examples, whose years are frozen but for the last."""
    with served(example_portal(tmp_path)) as preview:
        yield preview


def press(page: Page, keys: list[str], condition: Callable[[], bool], what: str) -> None:
    """Press *keys* until *condition* holds: a page that is just being shown anew after a build hears none.

    Where no step is left a key does nothing, so that to press again does no harm.
    """
    for _ in range(20):
        for key in keys:
            page.keyboard.press(key)
        end = time.monotonic() + 3
        while time.monotonic() < end:
            if condition():
                return
            time.sleep(0.02)
    pytest.fail(f"never: {what}")


def test_a_step_is_undone_where_it_was_made_or_after_a_question(page: Page, preview: Served) -> None:
    """The page of a frozen year has no undo; one of no year asks about the year that the step is in."""
    data = preview.folder / "data" / "2025.yml"
    before = data.read_bytes()
    page.goto(preview.address + DRAFT)
    for figure in ("55", "56"):
        cell(page, RECEIVED).click()
        page.keyboard.type(figure)
        page.keyboard.press("Enter")
        wait(lambda figure=figure: f"received:                       [{figure}" in data.read_text("utf-8"), figure)  # type: ignore[misc]  # a default binds it
    after = data.read_bytes()

    page.goto(preview.address + FROZEN)
    bar, dialog = page.locator(".edit-bar"), page.get_by_role("dialog")
    bar.get_by_text("已经定稿公布，只能查看").wait_for()
    expect(bar.get_by_role("button", name="撤销")).to_be_hidden()
    cell(page, RECEIVED).click()
    page.keyboard.press("Control+z")

    page.goto(preview.address)
    bar.get_by_role("button", name="撤销").click()
    dialog.get_by_text("要撤销的这一步在2025年的报告里：2025年").wait_for()
    assert data.read_bytes() == after, "nothing is undone on the page of the frozen year, nor before the answer"
    dialog.get_by_role("button", name="取消").click()
    dialog.wait_for(state="detached")
    assert data.read_bytes() == after
    bar.get_by_role("button", name="撤销").click()
    dialog.get_by_role("button", name="撤销").click()
    bar.get_by_text("已撤销").wait_for()

    page.goto(preview.address + DRAFT)
    expect(bar.get_by_role("button", name="撤销")).to_be_enabled()  # The page knows what there is to undo.
    cell(page, RECEIVED).click()
    press(page, ["Control+z"], lambda: data.read_bytes() == before, "undone where it was made")
    # At once: they wait for one another.
    press(page, ["Control+y", "Control+y"], lambda: data.read_bytes() == after, "both made again")


def test_the_form_of_a_draft_leads_to_the_step_that_publishes(page: Page, preview: Served) -> None:
    """A draft's form tells the state and offers no other; its link goes to the step of the desk."""
    page.goto(f"{preview.address}2025/index.html")
    details = page.locator("details.edit-facts", has=page.locator("summary", has_text="公布日期和状态"))
    details.locator("summary").first.click()
    expect(details.get_by_label("状态")).to_have_count(0)
    expect(details.get_by_label("公布日期")).to_have_count(0)
    details.get_by_text("草稿；公布的日期和内容在工作台的“定稿”一步登记").wait_for()
    details.get_by_role("link", name="去定稿").click()
    expect(page.locator("#step-freeze")).to_be_in_viewport()
    expect(page).to_have_title("工作台　2025年　示例市示例区城市管理和综合执法局")


def test_an_error_that_an_original_has_may_stand_with_a_reason(page: Page, tmp_path: Path) -> None:
    """The desk writes the waiver, with a reason; where no error is left that may stand it offers none."""
    portal = example_portal(tmp_path)
    words, data = portal / "docs" / "2025" / "3-requests.md", portal / "data" / "2025.yml"
    words.write_text(words.read_text("utf-8") + "\n2025年共新收政府信息公开申请99件。\n", "utf-8")
    with served(portal) as preview:
        page.goto(f"{preview.address}_edit/?year=2025")
        check = page.locator("#check")
        check.get_by_role("button", name="照原样公布").click()
        form = check.get_by_role("form", name="照原样公布")
        errors = form.get_by_label("哪一处").locator("option")
        expect(errors).to_have_text(["（请选择）", re.compile("X-01　文字说“新收政府信息公开申请99件”，表中.*71 件")])
        form.get_by_label("哪一处").select_option(index=1)
        submit = form.get_by_role("button", name="照原样公布")
        before = data.read_bytes()
        submit.click()
        form.get_by_role("alert").get_by_text("理由").wait_for()
        assert data.read_bytes() == before, "without a reason nothing is written"
        form.get_by_label("理由").fill("原件如此，多计28件")
        submit.click()
        page.get_by_role("status").get_by_text("登记了一处照原样公布的问题").wait_for()
        expect(check.get_by_role("button", name="照原样公布")).to_have_count(0)
    report = read_dataset(portal, portal / "data").reports[2025]
    told = [(one.rule, one.reason) for one in report.waivers]
    assert told == [("X-01", "原件如此，多计28件")]
