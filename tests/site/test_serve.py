"""`mkdocs serve`: mistakes show in the page and the terminal, the server lives, pages heal."""

from __future__ import annotations

import base64
import hashlib
import html
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from building import copy_program, program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PATIENCE = 60  # seconds until a change must have been seen; a bound on hanging, not a measure


class Preview:
    """A running `mkdocs serve` over a copy of the project."""

    def __init__(self, folder: Path, address: str, process: subprocess.Popen[bytes]) -> None:
        self.folder = folder
        self.address = address
        self.process = process

    @property
    def terminal(self) -> str:
        """What the server has printed."""
        return (self.folder / "terminal.txt").read_text(encoding="utf-8")

    def page(self, path: str) -> str:
        """Return a page as a reader gets it."""
        with urllib.request.urlopen(f"{self.address}{path}", timeout=PATIENCE) as answer:  # noqa: S310  # loopback
            text: str = answer.read().decode("utf-8")
            return text

    def answer(self, path: str, host: str) -> tuple[int, str]:
        """Return the status and the text of what is answered to a reader who asks *host*."""
        connection = http.client.HTTPConnection(self.address.split("/")[2], timeout=PATIENCE)
        connection.putrequest("GET", f"/{path}", skip_host=True)
        if host:
            connection.putheader("Host", host)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8")

    def told(self, words: str) -> str:
        """Return what the terminal says once *words* stand there."""
        end = time.monotonic() + PATIENCE
        while words not in self.terminal:
            assert time.monotonic() < end, self.terminal
            assert self.process.poll() is None, f"server died:\n{self.terminal}"
            time.sleep(0.2)
        return self.terminal

    def wait(self, path: str, condition: Callable[[str], bool]) -> str:
        """Return the page once *condition* holds; fail when it never does or the server has died."""
        end = time.monotonic() + PATIENCE
        text = ""
        while time.monotonic() < end:
            assert self.process.poll() is None, f"server died:\n{self.terminal}"
            try:
                text = self.page(path)
            except urllib.error.HTTPError as error:
                text = error.read().decode("utf-8")
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                text = ""
            if text and condition(text):
                return text
            time.sleep(0.2)
        pytest.fail(f"{path} never became as expected; it reads:\n{text[-3000:]}\nterminal:\n{self.terminal[-3000:]}")

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace *old* by *new* in *file*."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


@contextmanager
def preview(folder: Path) -> Iterator[Preview]:
    """Serve *folder*, and stop the server in the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    environment = os.environ | {"PYTHONPATH": str(program(folder)), "PYTHONDONTWRITEBYTECODE": "1"}
    with (folder / "terminal.txt").open("wb") as terminal:
        process = subprocess.Popen(
            [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", address],
            cwd=folder,
            env=environment,
            stdout=terminal,
            stderr=subprocess.STDOUT,
        )
        try:
            yield Preview(folder, f"http://{address}/", process)
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)


@pytest.fixture
def copy(tmp_path: Path, root: Path) -> Path:
    """Return a copy of the project."""
    for name in ("data", "docs"):
        shutil.copytree(root / name, tmp_path / name)
    shutil.copy(root / "mkdocs.yml", tmp_path)
    return tmp_path


REQUESTS = "2023/3-requests.html"
OVERVIEW = "2023/1-overview.html"
CSV = "2023/downloads/wghfwzx-2023-requests.csv"


def test_data_and_pages_reload_and_heal(copy: Path) -> None:
    """Data and a page are seen on save; mistakes in each are shown and go away."""
    with preview(copy) as server:
        assert "finding-card" not in server.wait(REQUESTS, lambda page: "<table" in page)

        server.edit("data/2023.yml", "granted:                      [0,", "granted:                      [7,")
        server.edit("data/2023.yml", "received:                       [0,", "received:                       [7,")
        server.wait(REQUESTS, lambda page: "新收政府信息公开申请7件" in page)
        assert ",自然人,7,件,typed," in server.wait(CSV, lambda file: "本年新收" in file)

        server.edit("data/2023.yml", "received:                       [7,", "received:                       [七,")
        broken = server.wait(REQUESTS, lambda page: "finding-card" in page)
        message = "data/2023.yml:46:36 “一、本年新收政府信息公开申请数量”的“自然人”应为 0 或正整数，实际为“七”"
        assert message in broken
        assert "Traceback" not in broken
        assert message.replace(":36 ", ":36: ") in server.terminal

        server.edit("data/2023.yml", "[七,", "[8,")
        server.wait(REQUESTS, lambda page: "“自然人”一列不平" in page)
        server.edit("data/2023.yml", "[8,", "[7,")
        server.wait(REQUESTS, lambda page: "新收政府信息公开申请7件" in page and "finding-card" not in page)

        server.edit("data/2023.yml", "\nrequests:", "\nrequests: [")
        server.wait(REQUESTS, lambda page: "YAML 格式有误" in page)
        server.edit("data/2023.yml", "\nrequests: [", "\nrequests:")
        server.wait(REQUESTS, lambda page: "新收政府信息公开申请7件" in page)

        server.edit("docs/2023/1-overview.md", "{{ agency() }}", "{{ agncy() }}")
        broken = server.wait(OVERVIEW, lambda page: "finding-card" in page)
        assert "docs/2023/1-overview.md:3:18 没有“agncy”这个宏；是否应为 agency" in broken
        server.edit("docs/2023/1-overview.md", "{{ agncy() }}", "{{ agency( }}")
        server.wait(OVERVIEW, lambda page: "圆括号没有配对" in page)
        server.edit("docs/2023/1-overview.md", "{{ agency( }}", "{{ agency() }}")
        server.wait(OVERVIEW, lambda page: "finding-card" not in page and "网格化服务中心" in page)


def test_starts_with_mistakes(copy: Path) -> None:
    """A preview of data and pages that are all wrong starts, says so and heals."""
    data = (copy / "data/2023.yml").read_bytes()
    page = (copy / "docs/2023/4-review.md").read_bytes()
    (copy / "data/2023.yml").write_bytes(b"")
    (copy / "docs/2023/4-review.md").write_bytes(b"\xff")
    with preview(copy) as server:
        assert "文件是空的" in server.wait(REQUESTS, lambda text: "finding-card" in text)
        assert "不是 UTF-8 或 GB18030 编码" in server.page("2023/4-review.html")
        assert "数据有误，暂不能显示" in server.page("")
        (copy / "data/2023.yml").write_bytes(data)
        (copy / "docs/2023/4-review.md").write_bytes(page)
        server.wait("2023/4-review.html", lambda text: "finding-card" not in text and "<table" in text)
        server.wait(REQUESTS, lambda text: "finding-card" not in text and "<table" in text)


def test_a_bug_is_told_in_the_terminal_only(copy: Path) -> None:
    """An error of our own code shows its traceback in the terminal, a card in the page, and no path."""
    lists = copy_program(copy) / "pages" / "lists.py"
    head = "def key_figures(report: Report) -> Markup:"
    text = lists.read_text(encoding="utf-8")
    assert head in text
    lists.write_text(text.replace(head, f"{head}\n    raise RuntimeError('planted')\n"), encoding="utf-8")
    with preview(copy) as server:
        broken = server.wait("2023/", lambda page: "程序出错" in page)
        assert "planted" not in broken
        assert str(copy) not in broken
        assert "RuntimeError: planted" in server.terminal


def test_findings_of_rules_show_in_the_preview(copy: Path) -> None:
    """What rules find stands above the page that it is about and in the terminal; drafts show lesser findings too."""
    with preview(copy) as server:
        assert "finding-card" not in server.wait(REQUESTS, lambda page: "<table" in page)
        server.edit("docs/2023/4-review.md", "# 四、", "# 三、")
        broken = server.wait("2023/4-review.html", lambda page: "finding-card" in page)
        assert "docs/2023/4-review.md:1:3 错误 S-01 大标题应为“四、政府信息公开行政复议、行政诉讼情况”" in broken
        assert "S-01" in server.page("2023/")
        assert "S-01" not in server.page(REQUESTS)
        assert "docs/2023/4-review.md:1:3: S-01 大标题应为" in server.terminal
        server.edit("data/2023.yml", "status: published", "status: draft")
        draft = server.wait("2023/", lambda page: "提醒 S-06 没有写明统计期限" in page)
        assert "（草稿）.xlsx" in html.unescape(draft)
        assert "工作年度报告（草稿）,2023," in server.wait(CSV, lambda file: "草稿" in file)
        assert "三、收到和处理政府信息公开申请情况" in draft
        assert "3 requests" not in draft  # A notice above the heading would hide the title from the host.
        server.edit("docs/2023/4-review.md", "# 三、", "# 四、")
        server.edit("data/2023.yml", "status: draft", "status: published")
        server.wait("2023/", lambda page: "finding-card" not in page)


@pytest.mark.usefixtures("chinese_fonts")
def test_a_missing_pdf_shows_in_the_preview(copy: Path) -> None:
    """A character that no font has is told at its page, in the list of downloads and in the terminal, until it goes."""
    with preview(copy) as server:
        assert "finding-card" not in server.wait("2023/6-other.html", lambda page: "重点领域" in page)
        server.edit("docs/2023/6-other.md", "建议提案。", "建议提案\U00013000。")
        words = "“\U00013000”（U+13000）在本机的字体里没有字形，2023 年的 PDF 不能生成"
        sought = re.escape(words)
        told = server.wait("2023/6-other.html", lambda page: "finding-card" in page)
        assert re.search(f"docs/2023/6-other.md:9:[0-9]+ 提醒 {sought}", told)
        assert words in server.page("2023/")
        assert re.search(f"docs/2023/6-other.md:9:[0-9]+: {sought}", server.terminal)
        server.edit("docs/2023/6-other.md", "\U00013000", "")
        server.wait("2023/6-other.html", lambda page: "finding-card" not in page)
        assert "finding-card" not in server.page("2023/")


def test_folders_may_go_and_come_back(copy: Path) -> None:
    """Version control and programs that keep folders alike take them away for a time: later saves are still seen."""
    with preview(copy) as server:
        server.wait(REQUESTS, lambda page: "<table" in page and "finding-card" not in page)
        for folder, gone in (("data", "缺少此文件"), ("docs", "没有存放页面的文件夹 docs")):
            (copy / folder).rename(copy / "away")
            server.wait(REQUESTS, lambda page, gone=gone: gone in page)  # type: ignore[misc]  # a default binds it
            (copy / "away").rename(copy / folder)
            server.wait(REQUESTS, lambda page: "<table" in page and "finding-card" not in page)
        server.edit("data/2023.yml", "granted:                      [0,", "granted:                      [7,")
        server.edit("data/2023.yml", "received:                       [0,", "received:                       [7,")
        server.wait(REQUESTS, lambda page: "新收政府信息公开申请7件" in page)
        server.edit("docs/2023/1-overview.md", "{{ agency() }}", "{{ agncy() }}")
        server.wait(OVERVIEW, lambda page: "没有“agncy”这个宏" in page)
        shutil.copytree(copy / "docs", copy / "restored")
        shutil.rmtree(copy / "docs")
        (copy / "restored").rename(copy / "docs")
        server.edit("docs/2023/1-overview.md", "{{ agncy() }}", "{{ agency() }}")
        server.wait(OVERVIEW, lambda page: "finding-card" not in page and "网格化服务中心" in page)


def test_settings_may_break(copy: Path) -> None:
    """Every page tells what is wrong with mkdocs.yml, with its place; once it is mended the pages are back."""
    with preview(copy) as server:
        server.wait(REQUESTS, lambda page: "<table" in page)
        whole = (copy / "mkdocs.yml").read_text(encoding="utf-8")
        for added, told in (
            ("a: [\n", "YAML 格式有误"),
            ("INHERIT: 5\n", "mkdocs.yml:12:10 不能写 INHERIT"),
            ("nav: 5\n", "mkdocs.yml:12:6 不能写 nav"),
        ):
            (copy / "mkdocs.yml").write_text(whole + added, encoding="utf-8")
            page = server.wait(REQUESTS, lambda page, told=told: told in page)  # type: ignore[misc]  # as above
            assert "Traceback" not in page
            assert str(copy) not in page
            (copy / "mkdocs.yml").write_text(whole, encoding="utf-8")
            server.wait(REQUESTS, lambda page: "<table" in page)
        (copy / "mkdocs.yml").unlink()
        server.wait(REQUESTS, lambda page: "缺少此文件" in page)
        (copy / "mkdocs.yml").write_text(whole, encoding="utf-8")
        server.wait(REQUESTS, lambda page: "<table" in page)
    assert "Traceback" not in server.terminal


def test_a_start_that_fails_waits(copy: Path) -> None:
    """Settings that keep a site from being built are told; the preview begins when they are mended."""
    whole = (copy / "mkdocs.yml").read_text(encoding="utf-8")
    (copy / "mkdocs.yml").write_text(f"{whole}use_directory_urls: true\n", encoding="utf-8")
    with preview(copy) as server:
        server.told("mkdocs.yml:12:21: use_directory_urls 由 nianbao 设定为 false")
        time.sleep(1)  # A second look tells it no second time.
        (copy / "mkdocs.yml").write_text(whole, encoding="utf-8")
        server.wait(REQUESTS, lambda page: "<table" in page)
        assert server.terminal.count("use_directory_urls") == 1


def test_only_this_machine_is_answered(copy: Path) -> None:
    """A page of another site that leads its own name to this machine reads nothing."""
    with preview(copy) as server:
        server.wait(REQUESTS, lambda page: "<table" in page)
        port = server.address.rstrip("/").rpartition(":")[2]
        for host in ("localhost", f"localhost:{port}", f"127.0.0.1:{port}", "127.0.0.1", f"[::1]:{port}", "LOCALHOST"):
            assert server.answer(REQUESTS, host)[0] == 200, host
        for host in (
            "",
            "evil.example",
            f"evil.example:{port}",
            "127.0.0.1.evil.example",
            "192.168.0.7",
            "[",
            "a@b",
            "\xff",
        ):
            status, text = server.answer(REQUESTS, host)
            assert status == 403, host
            assert "请打开 http://127.0.0.1 开头的地址" in text
            assert "<table" not in text
            assert server.answer("livereload/1/1", host)[0] == 403
        for path in ("%00", "2023/%00.html", "a" * 300, "_edit/made/%00"):
            assert server.answer(path, f"localhost:{port}")[0] == 404, path
        assert "Traceback" not in server.terminal


def test_refused_html_is_not_shown_live(copy: Path) -> None:
    """What the check refuses stands nowhere in the pages, which say where it was typed; no other program may run."""
    with preview(copy) as server:
        server.wait(REQUESTS, lambda page: "<table" in page)
        page = copy / "docs/2023/6-other.md"
        text = page.read_text(encoding="utf-8")
        for refused in (
            "<script>planted()</script>",
            '<img src="x.png" alt="" onerror="planted()">',
            '<b style="position:fixed">planted</b>',
            "[planted](javascript:planted())",
            "<iframe srcdoc='planted'></iframe>",
            '<svg onload="planted()"></svg>',
            "{{ agncy() }} <script>planted()</script>",
            '{{ figure("nothing") }}\n\n<img src=x onerror=planted()>',
        ):
            page.write_text(f"{text}\n{refused}\n", encoding="utf-8")
            shown = server.wait("2023/6-other.html", lambda shown: "finding-card" in shown)
            live = re.sub(r"<[^<>]*finding-card.*?</div>", "", shown, flags=re.DOTALL)
            assert "planted" not in live, refused
            assert "docs/2023/6-other.md:" in shown
            full = server.page("2023/full.html")
            assert not re.search("<script>planted|<[a-z]+ [^>]*(?:planted|srcdoc)", full), refused
            page.write_text(text, encoding="utf-8")
            server.wait("2023/6-other.html", lambda shown: "finding-card" not in shown)
        with urllib.request.urlopen(f"{server.address}{REQUESTS}", timeout=PATIENCE) as answer:  # noqa: S310  # loopback
            policies = answer.headers.get_all("Content-Security-Policy")
            body = answer.read()
        assert policies
        inline = re.findall(
            rb"<script>(.*?)</script>", body, re.DOTALL
        )  # None where the editor brings a file of its own.
        digests = [base64.b64encode(hashlib.sha256(script).digest()).decode() for script in inline]
        for policy in policies:
            assert "script-src 'self'" in policy
            assert "unsafe" not in policy
            assert all(f"'sha256-{digest}'" in policy for digest in digests)
