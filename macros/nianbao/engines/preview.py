# ruff: noqa: ANN401 -- the host passes objects of MkDocs or of ProperDocs, which share no types.
"""The server of a preview: what it watches, whom it answers, and what it shows while the portal cannot be built."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import logging
import os
import stat
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from markupsafe import Markup
from watchdog.observers.polling import PollingObserverVFS

from nianbao.metadata.policy import POLICY
from nianbao.model.configuration import FILE, read_configuration
from nianbao.model.project import path_from
from nianbao.pages import cards
from nianbao.reading.findings import Finding, Findings, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

log = logging.getLogger("mkdocs.plugins.nianbao")

_INTERVAL = 0.5  # seconds between two looks at the files, as the host's own observer

_PAGE = """\
<!doctype html>
<html lang="zh">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="refresh" content="2">
    <title>暂不能预览</title>
  </head>
  <body>
    <main>
      <h1>暂不能预览</h1>
      {card}
      <p>改正并保存以后，此页自动恢复。</p>
    </main>
  </body>
</html>
"""


def guard(server: Any, config: Any) -> None:
    """Let *server*, which is not yet at work, see and survive whatever happens to the files of *config*."""
    settings = Path(str(config.config_file_path))
    sources = [Path(config.docs_dir), settings, settings.parent / config.extra["data"]]
    _watch(server, [Path(config.docs_dir), settings], sources)
    builder = _Builder(server.builder, settings)
    server.builder = builder
    host, _ = config.dev_addr
    server.set_app(_guarded(server.get_app(), builder, _hosts(host)))


def unfit(settings: Path) -> tuple[Finding, ...]:
    """Return what keeps the portal of the file *settings* from being built at all."""
    findings = Findings()
    name = path_from(settings, settings.parent)
    configuration = read_configuration(settings, name, findings)
    docs = configuration.folder / configuration.docs
    if not docs.is_dir():
        findings.add(Place(name), f"没有存放页面的文件夹 {configuration.docs}；请恢复它，或检查 {FILE}")
    findings.extend(configuration.unfit)
    return findings.sorted()


def wait_until_fit(settings: Path, tell: Callable[[str], object] = log.error) -> None:
    """Return at once where the portal of the file *settings* can be previewed; else *tell* why not, and wait.

    Once that is mended the program begins anew: what the host has read by now is out of date.
    """
    told: tuple[Finding, ...] = ()
    while failed := unfit(settings):
        if failed != told:
            tell("\n".join(["暂不能预览，改正以后自动开始：", *map(str, failed)]))
        told = failed
        time.sleep(_INTERVAL)
    if told:
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606  # this program itself


def _watch(server: Any, already: Iterable[Path], sources: Collection[Path]) -> None:
    """Let *server* watch *sources* with an observer that does not end where one of them is taken away for a time.

    Version control and programs that keep folders alike do so, and the host's own observer would see nothing more.
    """
    roots = {os.path.abspath(source) for source in sources}  # noqa: PTH100  # as the host, links not followed

    def status(path: str) -> os.stat_result:
        try:
            return os.stat(path)  # noqa: PTH116  # what the library calls
        except (FileNotFoundError, NotADirectoryError):
            if path not in roots:
                raise
            return os.stat_result((stat.S_IFDIR, *[0] * 9))  # An empty folder: what was in it has gone.

    for path in already:
        server.unwatch(str(path))
    server.observer = PollingObserverVFS(stat=status, listdir=os.scandir, polling_interval=_INTERVAL)
    for path in sources:
        server.watch(str(path))


class _Builder:
    """The host's builder, which would leave the server without an answer where it fails; *failed* holds the reasons."""

    def __init__(self, build: Callable[[], None], settings: Path) -> None:
        self._build = build
        self._settings = settings
        self.failed: tuple[Finding, ...] = ()

    def __call__(self) -> None:
        """Build, or tell what is wrong."""
        failed = unfit(self._settings)
        if not failed:
            try:
                self._build()
            except (Exception, SystemExit) as error:
                if not isinstance(error, SystemExit):  # What the host refuses it has told.
                    log.exception("生成预览时程序出错")
                failed = (Finding(Place(FILE), f"不能生成预览，原因见终端：{error}"),)
        if failed:
            log.error("\n".join(["暂不能预览，改正以后自动恢复：", *map(str, failed)]))
        self.failed = failed


def _hosts(host: str) -> Callable[[str], bool]:
    """Return what says whether a preview that is served at *host* answers to the name of a host.

    A page of another site could else read drafts: its own name would lead to this machine (DNS rebinding). Served to
    a network, the preview answers to all numbers, which no site can take for its name.
    """
    known = {"localhost", "127.0.0.1", "::1", host.strip("[]").lower()}
    open_ = _number(host) is not None and not int(_number(host) or 0)

    def answers(name: str) -> bool:
        return name in known or (open_ and _number(name) is not None)

    return answers


def _number(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None


def _guarded(app: Any, builder: _Builder, answers: Callable[[str], bool]) -> Callable[[Any, Any], Iterable[bytes]]:
    """Return *app* behind the question for the host, with what keeps the portal from being built in its place."""

    def guarded(environ: Any, start_response: Any) -> Iterable[bytes]:
        name = _named(environ.get("HTTP_HOST", ""))
        if name is None or not answers(name):
            text = f"预览只在本机看，不答复“{environ.get('HTTP_HOST', '')}”；请打开 http://127.0.0.1 开头的地址。\n"
            start_response("403 Forbidden", [("Content-Type", "text/plain; charset=utf-8")])
            return [text.encode("utf-8", "replace")]
        if builder.failed and not environ["PATH_INFO"].startswith("/livereload/"):
            page = Markup(_PAGE).format(card=cards.card(builder.failed, "这些地方有误"))  # noqa: S704  # our own text
            start_response("503 Service Unavailable", [("Content-Type", "text/html; charset=utf-8"), _policy(b"")])
            return [page.encode()]
        return _with_policy(app, environ, start_response)

    return guarded


def _named(host: str) -> str | None:
    """Return the name in a header *host*, without its port, or None where it is none."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _with_policy(app: Any, environ: Any, start_response: Any) -> Iterable[bytes]:
    """Return what *app* answers; of the programs in a page only the one that the host has added last may run."""
    kept: list[Any] = []
    answer = app(environ, lambda *started: kept.append(started))
    ((status, headers, *rest),) = kept
    if dict(headers).get("Content-Type", "").startswith("text/html"):
        body = b"".join(answer)
        script = body[body.rfind(b"<script>") + len(b"<script>") : body.rfind(b"</script>")]
        headers = [*headers, _policy(script)]
        answer = [body]
    start_response(status, headers, *rest)
    return list(answer) if isinstance(answer, list) else answer


def _policy(script: bytes) -> tuple[str, str]:
    digest = base64.b64encode(hashlib.sha256(script).digest()).decode()
    return "Content-Security-Policy", POLICY.replace("script-src 'self'", f"script-src 'self' 'sha256-{digest}'")
