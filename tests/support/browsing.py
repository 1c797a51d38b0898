"""The browser of the system, and the built sites on a port of this machine."""

from __future__ import annotations

import contextlib
import functools
import http.server
import shutil
import threading
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
# Milliseconds: a machine may be busy with other tests; nothing waits longer than it has to.
_PATIENCE = 40_000
_ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")


def chromium() -> str | None:
    """Return where the browser is installed, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextlib.contextmanager
def started() -> Iterator[Browser]:
    """Start the browser without a window; skip the test where there is none."""
    path = chromium()
    if path is None:
        pytest.skip("这台机器上没有 Chromium，浏览器里的测试没有做；Debian 上可用 apt install chromium 安装")
    expect.set_options(timeout=_PATIENCE)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=list(_ARGUMENTS))
        yield browser
        browser.close()


@contextlib.contextmanager
def set_to(browser: Browser, setting: str) -> Iterator[Browser]:
    """Start another browser of the kind of *browser*, with a *setting* of its user, such as ``minimumFontSize=24``."""
    arguments = [*_ARGUMENTS, f"--blink-settings={setting}"]
    other = browser.browser_type.launch(executable_path=chromium(), args=arguments)
    yield other
    other.close()


@contextlib.contextmanager
def with_bars(browser: Browser) -> Iterator[Browser]:
    """Start another browser of the kind of *browser* whose scroll bars take room, as those of a mouse do."""
    hidden = ["--hide-scrollbars"]
    other = browser.browser_type.launch(executable_path=chromium(), args=list(_ARGUMENTS), ignore_default_args=hidden)
    yield other
    other.close()


def opened(browser: Browser, size: dict[str, int], scheme: str = "light", *, script: bool = True) -> Page:
    """Return an empty page of *size*, in a context of its own."""
    context = browser.new_context(viewport=size, color_scheme=scheme, java_script_enabled=script)  # type: ignore[arg-type]  # plain literals
    context.set_default_timeout(_PATIENCE)
    return context.new_page()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's name
        """Say nothing."""


@contextlib.contextmanager
def serving(folder: Path, handler: type[QuietHandler] = QuietHandler) -> Iterator[str]:
    """Serve *folder* on a free port of this machine; yield its address."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=folder))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
