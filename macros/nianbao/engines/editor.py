# ruff: noqa: ANN401 -- the host passes a server of MkDocs or of ProperDocs, which share no types.
"""The editor in the preview: stands before the host's server, adds itself to its pages and answers what they ask.

Nothing of it is in a built site: pages get it as they are served, where the host itself puts its reloading script,
whose place our own takes. What a page is, is unchanged; a page asked for by another name than this machine's gets
nothing of the editor.
"""

from __future__ import annotations

import logging
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from nianbao.engines.local_application import ALONE, HEADERS, PREFIX, LocalApplication, said
from nianbao.engines.local_requests import is_loopback, is_ours
from nianbao.metadata.policy import POLICY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from nianbao.editing.desk import Desk

    Start = Callable[..., Any]

# The host's script at the end of each page, with the number of the build that the page is of.
_RELOADING = re.compile(
    rb"<script>\s*var livereload = function.*?\nlivereload\((?P<build>[0-9]+), [0-9]+\);\s*</script>", re.DOTALL
)
# After a save of ours the host waits so long for the next one before it builds, in seconds.
_QUIET = 1.0

log = logging.getLogger("mkdocs.plugins.nianbao")


def attach(server: Any, desk: Desk) -> Editor | None:
    """Put the editor of *desk* before the application of *server*; return it, or None where others can reach that."""
    host, port = server.server_address[:2]
    if not is_loopback(str(host)):
        log.warning("预览向其他机器开放（%s），页面里的编辑已关闭；在本机编辑请不要用 --dev-addr 指定别的地址", host)
        return None
    editor = Editor(server, desk, int(port))
    server.set_app(editor)
    return editor


class Editor:
    """The application (PEP 3333) that stands before that of *server*, for the pages of one start."""

    def __init__(self, server: Any, desk: Desk, port: int) -> None:
        self._server = server
        self._inner = server.get_app()
        self._port = port
        self._own = LocalApplication(desk, server.mount_path, port, self._wait)
        self._delay = server.build_delay

    def built(self) -> None:
        """Take note that a build has begun: the next change that is not ours is shown as soon as the host does."""
        self._server.build_delay = self._delay

    def _wait(self) -> None:
        self._server.build_delay = _QUIET

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        """Answer a request."""
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "ignore")
        mount = self._server.mount_path
        if "\0" in path:  # No system has such a file, and the host shows a traceback.
            return said(start_response, HTTPStatus.NOT_FOUND, "没有这个地址")
        if path.startswith(mount + PREFIX):
            return self._own(environ, start_response, path.removeprefix(mount + PREFIX))
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return said(start_response, HTTPStatus.METHOD_NOT_ALLOWED, "不能这样访问")
        if path == f"/{PREFIX}":  # What the command opens knows nothing of the address of the site.
            start_response("302 Found", [("Location", mount + PREFIX)])
            return []
        if not is_ours(environ, self._port):
            return self._inner(environ, start_response)  # type: ignore[no-any-return]  # of an untyped server
        return self._page(environ, start_response)

    def _page(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        """Return what the host answers, and in a page of HTML the editor in place of the host's script."""
        told: list[Any] = []
        result = self._inner(environ, lambda status, headers, *_: told.append((status, headers)))
        status, headers = told[0]
        kind = next((value for name, value in headers if name.lower() == "content-type"), "")
        if not kind.startswith("text/html"):
            start_response(status, headers)
            return result  # type: ignore[no-any-return]  # of an untyped server
        try:
            content = b"".join(result)
        finally:
            getattr(result, "close", lambda: None)()
        found = None
        for found in _RELOADING.finditer(content):  # noqa: B007  # the last is the host's
            pass
        if found is not None:
            tags = self._own.style() + self._own.tags(int(found["build"]), "editor")
            content = content[: found.start()] + tags.encode() + content[found.end() :]
        kept = [(name, value) for name, value in headers if name.lower() not in {"content-length", "content-type"}]
        own = [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Length", str(len(content))),
            ALONE,
            *HEADERS,
        ]
        if found is not None:
            own.append(("Content-Security-Policy", f"{POLICY}; frame-ancestors 'none'"))
        start_response(status, [*kept, *own])
        return [content]
