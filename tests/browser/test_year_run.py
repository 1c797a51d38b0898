"""A year from an empty folder to the packed site as an officer goes it: all in the browser, no file opened by hand."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import time
import urllib.request
import zipfile
from typing import TYPE_CHECKING

import pytest
from axe import AXE, lasting_violations
from browsing import NARROW, WIDE, opened
from building import NIANBAO, ROOT
from editing import cell, wait
from nianbao.command.export import export
from previews import PATIENCE
from projects import example_project, run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser

YEAR = 2025
BUILDING = 400_000  # milliseconds; a bound on hanging, not a measure

# What does not stay 0. Of what was applied for and carried in all is granted, but for one that is typed wrongly first.
FIGURES = {
    "disclosure.normative_documents.issued": "1",
    "disclosure.normative_documents.in_force": "11",
    "disclosure.licensing.decisions": "1402",
    "disclosure.penalties.decisions": "4688",
    "disclosure.coercion.decisions": "51",
    "disclosure.administrative_fees.amount": "430.5",
    "requests.received.natural_person": "3",
    "requests.received.organizations.commercial": "1",
    "requests.carried_in.natural_person": "5",
    "requests.carried_in.organizations.commercial": "1",
    "requests.results.granted.natural_person": "7",
    "requests.results.granted.organizations.commercial": "2",
}
WRONG, RIGHT = "requests.results.granted.natural_person", "8"

# For each page what is written in place of its prompts, in their order.
WORDS = {
    "index": ["对本报告有疑问的，请与本机关办公室联系；报告的电子版可以在本页下载。"],
    "1-overview": [
        "本年围绕市容管理和商户经营公开政府信息，按季度更新办事指南，重要文件发布时附上解读。",
        "申请集中在占道经营许可和拆迁补偿两类事项；答复前由法制科逐件审核。",
        "每件公文拟稿时认定公开属性，发文前完成保密审查；文件清理的结果在专栏标注效力。",
        "网站专栏按月检查栏目更新，查阅点设在区政务服务大厅。",
        "配有专职人员负责政府信息公开工作，全年开展业务培训，没有发生责任追究的情形。",
    ],
    "2-disclosure": ["上表各项由业务科室逐季汇总，年底与执法办案平台核对。"],
    "3-requests": ["本年申请都在法定期限内办结，没有不予公开、无法提供和不予处理的情形。"],
    "4-review": ["本年没有因政府信息公开引起的行政复议和行政诉讼。"],
    "5-improvement": [
        "对上一年报告提出的问题，逐项落实了措施：",
        """\
1. 检索范围已经扩大到公文系统、办案平台和档案室，检索人签字备查，没有再发生答复失实。
2. 解读材料增加了流程图和实例，发布前请商户试读，商户反映容易看懂。
3. 结案环节已经加设公开属性选项，历史案卷按计划完成补填。""",
        "部分办事指南更新不及时，商户按旧指南准备材料，多跑了路。",
        "建立办事指南每季度核对的制度，由窗口人员提出修改意见，第二季度前全部核对一遍。",
    ],
    "6-other": ["信息处理费按照国务院办公厅的规定收取，没有其他需要报告的事项。"],
}


class Run:
    """An officer at the browser; tells each step and the seconds that it took."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.desk = address
        self.site = address.removesuffix("_edit/")
        self.steps: list[tuple[str, float]] = []

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Measure a step."""
        begun = time.monotonic()
        yield
        self.steps.append((name, time.monotonic() - begun))
        sys.stdout.write(f"{len(self.steps):>2}  {self.steps[-1][1]:>6.1f} s  {name}\n")

    def settle(self) -> None:
        """Wait until the preview was built after all that was saved: pages are not exchanged any more then."""
        now = time.monotonic() * 1000  # As the host counts its builds.
        page = f"{self.site}livereload/0/1"
        wait(lambda: int(urllib.request.urlopen(page, timeout=PATIENCE).read()) > now, "a build")  # noqa: S310  # loopback

    def open_desk(self) -> None:
        """Go to the desk by its address."""
        self.page.goto(self.desk)
        self.page.locator(".desk-strip li").first.wait_for()

    def card(self, step: str) -> Locator:
        """Return the part of the desk of a *step*."""
        return self.page.locator(f"#{step}")

    def command(
        self, step: str, name: str, told: str = "做完了", timeout: float = PATIENCE * 1000, **said: str
    ) -> None:
        """Press the button *name*, fill in what it asks by the names of the blanks, and wait for what is told."""
        form = self.form(step, name)
        for blank, text in said.items():
            control = form.get_by_label(blank).first
            if control.evaluate("element => element.tagName") == "SELECT":
                control.select_option(text)
            else:
                control.fill(text)
        form.get_by_role("button", name=name, exact=True).press("Enter")
        self.page.locator(".desk-job__status", has_text=f"{name}：{told}").wait_for(timeout=timeout)

    def form(self, step: str, name: str) -> Locator:
        """Open the form of a command by the keys, and return it."""
        card = self.card(step)
        card.get_by_role("button", name=name, exact=True).first.press("Enter")
        return card.get_by_role("form", name=name)

    def point(self, step: str, words: str) -> None:
        """Follow the link of an open point."""
        self.card(step).get_by_role("link", name=re.compile(words)).first.click()

    def save(self, details: Locator, said: str = "已保存") -> None:
        """Save a form or a paragraph of a page."""
        details.get_by_role("button", name="保存", exact=True).click()
        details.locator(".edit-form-status").get_by_text(said).wait_for()

    def fact(self, title: str) -> Locator:
        """Open a form of a page."""
        details = self.page.locator("details.edit-facts", has=self.page.locator("summary", has_text=title)).first
        details.locator("summary").first.click()
        return details

    def write(self, texts: list[str]) -> None:
        """Write *texts* in place of the prompts of the page."""
        self.page.locator("details.edit-words").first.wait_for()
        for text in texts:
            wait(
                lambda: self.page.evaluate(
                    """() => {
                      for (const one of document.querySelectorAll("[data-next]")) one.removeAttribute("data-next");
                      const all = Array.from(document.querySelectorAll("details.edit-words"));
                      const next = all.find((one) => {
                        const said = one.querySelector("textarea").value;
                        return said === "" || said.includes("〔提示〕");
                      });
                      if (next) next.setAttribute("data-next", "");
                      return Boolean(next);
                    }"""
                ),
                "a prompt",
            )
            details = self.page.locator("details[data-next]")
            details.locator("summary").click()
            details.locator("textarea").fill(text)
            self.save(details)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the report of the year before in Word."""
    folder = tmp_path_factory.mktemp("original")
    done = run(export, str(YEAR - 1), "--format", "docx", "--out", str(folder), project=example_project(folder))
    assert done.code == 0, done.printed
    return next(folder.glob("*.docx"))


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Start `nianbao edit` in an empty folder, as the file to double-click does, and yield where the desk is."""
    environment = os.environ | {
        "PYTHONPATH": str(ROOT / "macros"),
        "PYTHONUNBUFFERED": "1",
        "NO_MKDOCS_2_WARNING": "1",
        "DISABLE_MKDOCS_2_WARNING": "true",
    }
    with (tmp_path / "terminal.txt").open("wb") as terminal:
        process = subprocess.Popen(
            [sys.executable, "-c", NIANBAO, "edit", str(tmp_path / "年报"), "--no-browser"],
            cwd=tmp_path,
            env=environment,
            stdout=terminal,
            stderr=subprocess.STDOUT,
        )
        printed = tmp_path / "terminal.txt"
        try:
            wait(lambda: "http" in printed.read_text(encoding="utf-8"), "the address")
            found = re.search(r"http://\S+/_edit/", printed.read_text(encoding="utf-8"))
            assert found is not None
            yield found[0]
            assert "Traceback" not in printed.read_text(encoding="utf-8")
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)


def pasted(page: Page, first: str) -> str:
    """Return the rows of the table of *first* as a spreadsheet copies them, from that cell on; totals are left out."""
    rows = page.evaluate(
        """first => {
          const rows = Array.from(document.getElementById(first).closest("table").querySelectorAll("tr"));
          const from = rows.indexOf(document.getElementById(first).closest("tr"));
          const typed = (one) => (one.querySelector("input") ? one.id : "");
          return rows.slice(from).map((row) => Array.from(row.querySelectorAll("td[id]")).map(typed));
        }""",
        first,
    )
    lines = ["\t".join(FIGURES.get(address, "0") if address else "" for address in row) for row in rows if row]
    return "".join(f"{line}\r\n" for line in lines)


def test_a_year_from_an_empty_folder_to_the_packed_site(  # noqa: PLR0915  # a year has many steps
    browser: Browser, address: str, original: Path, tmp_path: Path
) -> None:
    """Import, new year, figures, items, words, findings, approval, freezing, building, hand-over: pages alone."""
    page = opened(browser, WIDE)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    officer = Run(page, address)
    sys.stdout.write("\n")

    with officer.step("新建项目，读入上年的 Word"):
        page.goto(address)
        page.get_by_label("固定标识").fill("chengguan")
        page.get_by_label("机关类别").select_option("department")
        page.get_by_label("往年的报告").set_input_files(original)
        page.get_by_role("button", name="建立", exact=True).click()
        page.locator("#prepare").wait_for(timeout=PATIENCE * 2000)
    with officer.step("答复导入的问题，核对"):
        questions = page.locator("#questions")
        questions.get_by_label("是", exact=True).check()
        questions.get_by_role("button", name="保存答复，再读一次").click()
        page.locator(".desk-job__status", has_text="答复导入的问题：做完了").wait_for(timeout=PATIENCE * 1000)
        questions.get_by_text("核对：原件和读到的内容").click()
        page.frame_locator("iframe").get_by_role("region", name="读到的内容").wait_for()
    with officer.step("定稿上年的报告"):
        officer.command("freeze", "定稿", 公布日期="2025-01-21")
    with officer.step("开始新的年度"):
        officer.command("prepare", "开始新的年度")
        page.get_by_role("heading", name=f"{YEAR}年报告", level=1).wait_for()
    with officer.step("粘贴第三部分的表"):
        officer.point("figures", "第三部分的表：138 格待填")
        first = "requests.received.natural_person"
        cell(page, first).click()
        page.evaluate("text => navigator.clipboard.writeText(text)", pasted(page, first))
        page.keyboard.press("Control+v")
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("button", name="粘贴", exact=True).click()
        dialog.wait_for(state="detached")
        page.locator(".edit-status", has_text="已保存").wait_for()
    with officer.step("逐格填写第二、第四部分的表"):
        for words in ("第二部分的表", "第四部分的表"):
            officer.open_desk()
            officer.point("figures", words)
            page.locator("input.edit-cell").first.wait_for()
            waiting = page.locator("td.edit-waiting input.edit-cell:visible")
            for where in waiting.evaluate_all("all => all.map((one) => one.dataset.address)"):
                cell(page, where).click()
                page.keyboard.type(FIGURES.get(where, "0"))
                page.keyboard.press("Tab")
            if words == "第二部分的表":
                cell(page, "disclosure.normative_documents.in_force").click()
                page.keyboard.type("11")
                page.keyboard.press("Enter")
            page.get_by_text("没有待填的格").or_(page.get_by_text(re.compile("待填 (?:13|1) 格"))).first.wait_for()
    with officer.step("信息处理费"):
        officer.open_desk()
        officer.point("figures", "信息处理费待填")
        details = officer.fact("信息处理费")
        details.get_by_label("信息处理费").fill("0")
        officer.save(details)
    with officer.step("主动公开的信息"):
        officer.settle()
        officer.open_desk()
        officer.point("figures", "主动公开的信息还没有列出")
        details = officer.fact("主动公开的信息")
        category = details.locator(".edit-rows").first.locator(":scope > li").first
        category.get_by_text("粘贴多条").click()
        category.locator("textarea").fill("1. 机构职能\n2. 办事指南\n")
        category.get_by_role("button", name="加入清单").click()
        officer.save(details)
    with officer.step("文字"):
        for name, texts in WORDS.items():
            officer.settle()
            page.goto(f"{officer.site}{YEAR}/{name}.html")
            officer.write(texts)
    with officer.step("改正查出的错误"):
        officer.settle()
        officer.open_desk()
        findings = officer.card("check").locator("#findings")
        if not findings.locator("details").evaluate("one => one.open"):
            findings.locator("summary").click()
        findings.get_by_role("link", name=re.compile("^错误")).first.click()
        cell(page, WRONG).click()
        page.keyboard.type(RIGHT)
        page.keyboard.press("Enter")
        officer.settle()
        officer.open_desk()
        officer.command("check", "全部检查一遍")
        assert "没有错误" in officer.card("check").locator("pre").inner_text()
        assert officer.card("check").locator(".desk-word").inner_text() == "已完成"
    with officer.step("审签"):
        officer.command("approval", "生成审签单")
        with page.expect_download() as got:
            officer.card("deliver").get_by_role("link", name=re.compile("approval.docx")).click()
        assert zipfile.is_zipfile(got.value.path())
        card = officer.card("approval")
        form = officer.form("approval", "登记审签")
        form.get_by_label("环节").select_option("签发")
        form.get_by_label("姓名或职务").fill("某局长")
        form.get_by_label("审签日期").fill("2026-01-19")
        form.get_by_role("button", name="登记审签", exact=True).press("Enter")
        card.get_by_text("签发：某局长，2026年1月19日").wait_for()
    with officer.step("定稿"):
        officer.command("freeze", "定稿", 公布日期="2026-01-20")
        officer.card("freeze").get_by_text("公布日期：2026年1月20日").wait_for()
    with officer.step("生成网站并打包"):
        officer.command("build", "生成网站并打包", timeout=BUILDING)
    with officer.step("下载网站"):
        officer.card("deliver").get_by_text("网站已打包").wait_for()
        with page.expect_download() as got:
            officer.card("deliver").get_by_role("link", name="site.zip").click()
        packed = zipfile.ZipFile(got.value.path())
    with packed:
        names = packed.namelist()
        assert {"README.html", f"site/{YEAR}/full.html"} <= {*names}
        assert f"{RIGHT}</td>" in packed.read(f"site/{YEAR}/3-requests.html").decode()
        assert not [name for name in names if b"_edit/" in packed.read(name) or b"nianbao-editor" in packed.read(name)]
    assert all(one.inner_text() == "已完成" for one in page.locator(".desk-strip li a span").all())
    assert errors == []
    assert [*(tmp_path / "年报" / "导入").glob("待读/*")] == []
    seconds = sum(taken for _, taken in officer.steps)
    sys.stdout.write(f"    {seconds:>6.1f} s  {len(officer.steps)} 步\n")
    for size, scheme in ((WIDE, "light"), (NARROW, "dark")):
        if AXE.is_file():
            other = opened(browser, size, scheme)
            other.goto(address)
            other.locator(".desk-strip li").first.wait_for()
            assert lasting_violations(other) == []
            assert other.evaluate("document.documentElement.scrollWidth <= innerWidth")
            other.context.close()
    page.context.close()
