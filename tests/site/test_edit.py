"""`nianbao edit`: a free port, the browser, one instance a portal, a clean end."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from typing import TYPE_CHECKING

import pytest
from building import NIANBAO, ROOT, nianbao
from nianbao.engines.serving import free_port
from previews import PATIENCE, real_portal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def portal(tmp_path: Path) -> Path:
    """Return a copy of the real portal."""
    return real_portal(tmp_path)


@pytest.fixture
def start(portal: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Return a function that starts the command; its browser writes the address into ``opened.txt``."""
    browser = portal / "browser"
    browser.write_text(f"#!/bin/sh\necho \"$1\" >> '{portal}/opened.txt'\n", encoding="utf-8")
    browser.chmod(0o755)
    environment = os.environ | {"PYTHONPATH": str(ROOT / "macros"), "BROWSER": f"{browser} %s", "PYTHONUNBUFFERED": "1"}
    started = []

    def begin(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", NIANBAO, "edit", *arguments],
            cwd=portal.parent,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def opened(portal: Path, times: int = 1) -> list[str]:
    """Return the addresses that the browser was given, once there are so many."""
    end = time.monotonic() + PATIENCE
    path = portal / "opened.txt"
    while time.monotonic() < end:
        lines = path.read_text(encoding="utf-8").split() if path.exists() else []
        if len(lines) >= times:
            return lines
        time.sleep(0.1)
    pytest.fail("no browser was opened")


@pytest.mark.parametrize(("engine", "ending"), [("mkdocs", signal.SIGINT), ("properdocs", signal.SIGTERM)])
def test_one_instance_from_start_to_end(
    portal: Path, start: Callable[..., subprocess.Popen[str]], engine: str, ending: signal.Signals
) -> None:
    """It opens the desk when the pages are there; a second call opens the same; told to end it leaves nothing."""
    process = start(str(portal), "--engine", engine)
    address = opened(portal)[0]
    assert re.fullmatch(r"http://127\.0\.0\.1:[0-9]+/_edit/", address)
    desk = urllib.request.urlopen(address, timeout=PATIENCE).read()  # noqa: S310  # loopback
    assert b"browser/desk.js" in desk
    page = urllib.request.urlopen(f"{address[: -len('_edit/')]}2023/3-requests.html", timeout=PATIENCE).read()  # noqa: S310  # loopback
    assert b"nianbao-editor" in page
    second = start(str(portal))
    printed, _ = second.communicate(timeout=PATIENCE)
    assert (second.returncode, printed) == (0, f"这个项目的预览已经打开：{address}\n")
    assert opened(portal, 2) == [address, address]
    process.send_signal(ending)
    printed, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, printed
    assert printed.endswith("预览已结束；填好的都已保存。\n")
    assert "Traceback" not in printed
    assert "Warning:" not in printed  # What the host says to programs is no matter of who writes a report.
    assert not (portal / "site").exists()
    third = start(str(portal), "--no-browser")
    assert third.stdout is not None
    assert f"打开 {address}" in third.stdout.readline()
    third.send_signal(signal.SIGINT)


def test_settings_that_cannot_be_read_are_waited_for(portal: Path, start: Callable[..., subprocess.Popen[str]]) -> None:
    """What is wrong with mkdocs.yml at the start is told in our words; once it is mended the preview begins."""
    settings = portal / "mkdocs.yml"
    whole = settings.read_text(encoding="utf-8")
    settings.write_text(f"{whole}extra: [\n", encoding="utf-8")
    process = start(str(portal), "--no-browser")
    assert process.stdout is not None
    assert process.stdout.readline() == "暂不能预览，改正以后自动开始：\n"
    assert re.search(r"mkdocs\.yml:\d+:\d+: YAML 格式有误", process.stdout.readline())
    settings.write_text(whole, encoding="utf-8")
    assert "预览就绪后在浏览器里打开" in process.stdout.readline()
    process.send_signal(signal.SIGINT)


def test_a_port_in_use_is_passed_over() -> None:
    """Where another program listens, another port is taken."""
    first = free_port()
    with socket.create_server(("127.0.0.1", first)):
        assert free_port() != first


def test_where_it_cannot_be_done_it_says_how(portal: Path, tmp_path: Path) -> None:
    """Zensical's preview and folders without a portal: what to do instead, exit code 2."""
    result = nianbao("edit", "--engine", "zensical", folder=portal)
    assert result.code == 2
    assert "nianbao build --engine zensical" in result.printed
    other = tmp_path / "other"
    other.mkdir()
    (other / "letter.txt").write_text("x", encoding="utf-8")
    for folder, advice in ((other, "里有别的内容，而没有 mkdocs.yml"), (other / "a" / "b", "请检查路径")):
        result = nianbao("edit", str(folder), folder=portal)
        assert result.code == 2
        assert advice in result.printed
