"""What was typed outlasts a preview that hangs, ends or cannot write, a page loaded again, a tab that is closed."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from building import program
from editing import CARRIED, RECEIVED, cell, figure, show, wait
from playwright.sync_api import expect
from previews import real_portal, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page
    from previews import Served

pytestmark = pytest.mark.browser

WRITTEN = "这一句还没有保存。"


@pytest.fixture
def preview(tmp_path: Path) -> Iterator[Served]:
    """Return a preview of the real portal."""
    with served(real_portal(tmp_path)) as preview:
        yield preview


def typed(page: Page, address: str, text: str) -> None:
    """Type *text* into a cell, and go on."""
    cell(page, address).click()
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def written(page: Page) -> None:
    """Write a sentence into the first paragraph, without saving it."""
    details = page.locator("details.edit-words").first
    details.locator("summary").click()
    details.locator("textarea").press("Control+End")
    page.keyboard.insert_text(WRITTEN)


def started_anew(preview: Served) -> subprocess.Popen[bytes]:
    """Start a preview of the same folder at the same address, as who finds that it has ended does."""
    command = [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", f"127.0.0.1:{preview.port}"]
    environment = os.environ | {"PYTHONPATH": str(program(preview.folder)), "NO_MKDOCS_2_WARNING": "1"}
    return subprocess.Popen(
        command, cwd=preview.folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
    )


def test_a_preview_that_ended_is_found_again(page: Page, preview: Served) -> None:
    """Killed, it takes no figure and no sentence; started anew, it gets both from the page as it stands."""
    source = preview.folder / "docs" / "2023" / "3-requests.md"
    show(page, preview)
    written(page)
    count = page.locator("details.edit-words").count()
    preview.process.send_signal(signal.SIGKILL)
    preview.process.wait()
    typed(page, RECEIVED, "41")
    page.locator(".edit-status", has_text="预览没有回应").wait_for()
    assert figure(preview, "received")[0] == "0"
    anew = started_anew(preview)
    try:
        wait(lambda: figure(preview, "received")[0] == "41", "the figure is sent again")
        page.locator("article > p", has_text="新收政府信息公开申请41件").wait_for()
        assert page.locator("details.edit-words textarea").first.input_value().endswith(WRITTEN)
        assert page.locator("details.edit-words").count() == count, "a figure in it has changed, not the paragraph"
        page.locator("details.edit-words").first.get_by_role("button", name="保存").click()
        wait(lambda: WRITTEN in source.read_text(encoding="utf-8"), "the sentence is saved without loading the page")
    finally:
        anew.terminate()
        anew.wait()


def test_a_tab_closed_while_the_preview_hangs_has_sent_all(page: Page, preview: Served) -> None:
    """One figure is on its way, the next waits for it, a third is being typed: all are written in the end."""
    show(page, preview)
    other = page.context.new_page()  # The browser stays.
    page.bring_to_front()
    preview.process.send_signal(signal.SIGSTOP)
    typed(page, RECEIVED, "41")
    typed(page, CARRIED, "5")
    cell(page, "requests.carried_out.natural_person").click()
    page.keyboard.type("46")
    page.close(run_before_unload=False)
    preview.process.send_signal(signal.SIGCONT)
    for key, text in (("received", "41"), ("carried_in", "5"), ("carried_out", "46")):
        wait(lambda key=key, text=text: figure(preview, key)[0] == text, key)  # type: ignore[misc]  # defaults bind them
    other.close()


@pytest.mark.skipif(sys.platform != "linux", reason="limits of another process are set on Linux alone")
def test_a_disk_that_takes_no_more_is_told(page: Page, preview: Served) -> None:
    """What cannot be written stays in the cell with the reason, and is sent again with the next figure."""
    show(page, preview)
    before = preview.data.read_bytes()
    limit = resource.prlimit(preview.process.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    typed(page, RECEIVED, "41")
    page.locator(f'[id="note:{RECEIVED}"]').get_by_text("没有写入：不能读写（文件超过了允许的大小）").wait_for()
    assert preview.data.read_bytes() == before
    resource.prlimit(preview.process.pid, resource.RLIMIT_FSIZE, limit)
    typed(page, CARRIED, "5")
    wait(lambda: figure(preview, "received")[0] == "41", "sent with the next one")
    assert figure(preview, "carried_in")[0] == "5"


def test_words_outlast_another_load(page: Page, preview: Served) -> None:
    """A paragraph is as it was typed, also where the file has been changed meanwhile: then saving tells it."""
    source = preview.folder / "docs" / "2023" / "3-requests.md"
    area, status = (page.locator("details.edit-words").first.locator(one) for one in ("textarea", ".edit-form-status"))
    show(page, preview)
    written(page)
    page.reload()
    expect(status).to_have_text("上次没有保存的文字放回了这里")
    assert area.input_value().endswith(WRITTEN)
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace("中心新收", "中心共新收"), encoding="utf-8")
    page.reload()
    expect(status).to_have_text("上次没有保存的文字放回了这里")
    page.locator("details.edit-words").first.get_by_role("button", name="保存").click()
    status.get_by_text("这一段在别处改过，没有保存").wait_for()
    status.get_by_role("button", name="写入这里写的").click()
    wait(lambda: WRITTEN in source.read_text(encoding="utf-8"), "saved on demand")
    page.reload()
    expect(area).to_be_attached()
    assert "放回了" not in status.inner_text()
