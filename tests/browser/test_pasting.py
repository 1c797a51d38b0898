"""The clipboard of spreadsheets and word processors, into cells of a real preview and out of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from browsing import WIDE, opened
from editing import CARRIED, RECEIVED, REQUESTS, cell, figure, focused, show, wait
from previews import real_portal, served

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
    """Return a window that shows the table of requests; the data file is as it was in the beginning, after it."""
    before = preview.data.read_bytes()
    page = opened(browser, WIDE)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    show(page, preview)
    yield page
    page.context.close()
    if preview.data.read_bytes() != before:
        preview.data.write_bytes(before)
    assert errors == []


def paste(page: Page, text: str, html: str = "") -> None:
    """Put *text* and *html* on the clipboard, as another program does, and press the keys."""
    page.evaluate(
        """([text, html]) => {
          const kinds = { 'text/plain': new Blob([text], { type: 'text/plain' }) };
          if (html) kinds['text/html'] = new Blob([html], { type: 'text/html' });
          return navigator.clipboard.write([new ClipboardItem(kinds)]);
        }""",
        [text, html],
    )
    page.keyboard.press("Control+v")


def agree(page: Page, *words: str) -> None:
    """Look at what pasting will do, which says *words*, and agree."""
    dialog = page.get_by_role("dialog")
    for said in words:
        assert said in dialog.inner_text()
    dialog.get_by_role("button", name="粘贴", exact=True).click()
    dialog.wait_for(state="detached")


def test_rows_of_a_spreadsheet(page: Page, preview: Served) -> None:
    """Tabs and CR LF, a line feed too many, thousands marks, blanks that clear nothing: from the active cell on."""
    cell(page, "requests.received.organizations.commercial").click()
    paste(page, "1,234\t\t３\r\n4\t5\t6\r\n")
    agree(page, "将改写 5 格", "1 格是空的，保持原样")
    wait(lambda: figure(preview, "received") == ["0", "1234", "0", "3", "0", "0"], "the first row")
    assert figure(preview, "carried_in") == ["0", "4", "5", "6", "0", "0"]
    assert figure(preview, "granted") == ["0"] * 6  # No third row.
    assert focused(page) == "requests.received.organizations.commercial"
    page.keyboard.press("Control+z")
    wait(lambda: figure(preview, "received") == ["0"] * 6, "one step")
    assert figure(preview, "carried_in") == ["0"] * 6


def test_whole_rows_with_totals(page: Page, preview: Served) -> None:
    """Totals that come along are compared with the computed ones and not written; what cannot be read is not either."""
    cell(page, RECEIVED).click()
    paste(page, "1\t2\t0\t0\t0\t0\t4\n七\t0\t0\t0\t0\t0\t0")
    dialog = page.get_by_role("dialog")
    assert "粘贴的合计 4 ≠ 计算的 3" in dialog.inner_text()
    assert "应为 0 或正整数，实际为“七”" in dialog.inner_text()
    agree(page, "将改写 2 格", "9 格与现在相同", "1 格读不懂", "合计 2 个由程序计算，只作核对，1 个不同")
    wait(lambda: figure(preview, "received") == ["1", "2", "0", "0", "0", "0"], "the row")
    wait(lambda: cell(page, CARRIED).input_value() == "七", "what cannot be read stays in the page")
    assert figure(preview, "carried_in")[0] == "0"


def test_one_figure_is_simply_pasted(page: Page, preview: Served) -> None:
    """A single cell of a spreadsheet is text with a line feed; no dialog asks."""
    cell(page, RECEIVED).click()
    paste(page, "1,024\r\n", "<table><tr><td>1,024</td></tr></table>")
    assert cell(page, RECEIVED).input_value() == "1,024"
    page.keyboard.press("Enter")
    wait(lambda: figure(preview, "received")[0] == "1024", "written")


LABELS = """三、本年度办理结果\t（一）予以公开\t\t7\t0\t0\t0\t0\t0\t7
\t（二）部分公开（区分处理的，只计这一情形，不计其他情形）\t\t1\t\t\t\t\t\t1
\t（三）不予公开\t1.属于国家秘密\t0\t2\t0\t0\t0\t0\t2
\t\t2.其他法律行政法规禁止公开\t/\t-\t—\t0\t0\t0\t0
"""


def test_rows_with_their_labels_find_their_places(page: Page, preview: Served) -> None:
    """Rows that bring their labels go to the rows of the form, from wherever they are pasted."""
    cell(page, "requests.carried_out.organizations.other").click()
    paste(page, LABELS)
    agree(page, "将改写 3 格", "都相同")
    wait(lambda: figure(preview, "granted")[0] == "7", "the first row")
    assert figure(preview, "partly_granted") == ["1", "0", "0", "0", "0", "0"]
    assert figure(preview, "state_secrets") == ["0", "2", "0", "0", "0", "0"]
    assert figure(preview, "forbidden_by_law") == ["0"] * 6
    assert figure(preview, "carried_out") == ["0"] * 6


def whole_table(page: Page, preview: Served) -> str:
    """Return the table as HTML, as a browser or a word processor copies it, with other figures."""
    html = str(
        page.evaluate(
            """async (address) => new DOMParser().parseFromString(await (await fetch(address)).text(), 'text/html')
            .getElementById('requests').outerHTML""",
            preview.address + REQUESTS,
        )
    )
    counter = iter(range(1, 10_000))
    html = re.sub(
        r'(<td[^>]*(?<!class="total" data-search-exclude="")>)[^<]*', lambda td: f"{td[1]}{next(counter)}", html
    )
    return re.sub(r" (?:id|headers|class|scope)=\"[^\"]*\"", "", html).replace("<td", '<td class="xl65" width="64"')


def test_a_whole_table_of_a_word_processor(page: Page, preview: Served) -> None:
    """The whole form with its merged heads, as HTML: heads are passed over and every figure finds its cell."""
    cell(page, "requests.carried_out.natural_person").click()
    paste(
        page,
        "unread",
        f"<html><body><!--StartFragment--><p>x</p>{whole_table(page, preview)}<!--EndFragment--></body></html>",
    )
    dialog = page.get_by_role("dialog")
    assert "在表外" not in dialog.inner_text()
    agree(page, "将改写 144 格")
    wait(lambda: figure(preview, "received") == ["1", "2", "3", "4", "5", "6"], "the first row")
    assert figure(preview, "carried_in") == ["7", "8", "9", "10", "11", "12"]
    assert figure(preview, "carried_out") == [str(number) for number in range(139, 145)]


def test_what_is_selected_is_copied(page: Page, preview: Served) -> None:
    """Shift and arrows select; the copy is tabs and line feeds, totals as they are computed, and goes in again."""
    cell(page, RECEIVED).click()
    paste(page, "1\t2\t3\t4\t5\t6\n7\t8\t9\t1\t2\t3")
    agree(page)
    wait(lambda: cell(page, "requests.carried_in.organizations.other").input_value() == "3", "pasted")
    cell(page, "requests.carried_in.organizations.legal_service").click()
    for key in ("ArrowRight", "ArrowRight", "ArrowUp"):
        page.keyboard.press(f"Shift+{key}")
    assert page.locator("td.edit-chosen").count() == 6
    page.keyboard.press("Control+c")
    assert page.evaluate("navigator.clipboard.readText()") == "5\t6\t21\n2\t3\t30"
    cell(page, "requests.results.granted.natural_person").click()
    page.keyboard.press("Control+v")
    agree(page)
    wait(lambda: figure(preview, "granted")[:3] == ["5", "6", "21"], "pasted again")


def test_a_selection_is_cleared_to_waiting(page: Page, preview: Served) -> None:
    """Delete leaves cells to be filled in; it does not make them 0."""
    cell(page, RECEIVED).click()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Delete")
    wait(lambda: figure(preview, "received")[:3] == ["待填", "待填", "0"], "cleared")
