# ruff: noqa: ANN401 -- the host passes a server of MkDocs or of ProperDocs, which share no types.
"""The editor in the preview: stands before the host's server, adds itself to its pages and answers what they ask.

Nothing of it is in a built site: pages get it as they are served, where the host itself puts its reloading script,
whose place our own takes. What a page is, is unchanged; a page asked for by another name than this machine's gets
nothing of the editor.
"""

from __future__ import annotations

import functools
import html
import json
import logging
import re
import secrets
from http import HTTPStatus
from importlib import resources
from typing import TYPE_CHECKING, Any

from nianbao.editing.answers import LARGEST, answer
from nianbao.engines.local_requests import is_from_our_page, is_loopback, is_ours
from nianbao.metadata.policy import POLICY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from nianbao.editing.desk import Desk

    Start = Callable[..., Any]

PREFIX = "_edit/"
# The host's script at the end of each page, with the number of the build that the page is of.
_RELOADING = re.compile(
    rb"<script>\s*var livereload = function.*?\nlivereload\((?P<build>[0-9]+), [0-9]+\);\s*</script>", re.DOTALL
)
_KINDS = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
_FILE = re.compile(r"browser/(?P<name>[a-z]+(?P<kind>\.js|\.css))")
_HEADERS = [
    ("X-Frame-Options", "DENY"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "same-origin"),
]
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
        self._desk = desk
        self._port = port
        self._token = secrets.token_urlsafe(32)
        self._delay = server.build_delay

    def built(self) -> None:
        """Take note that a build has begun: the next change that is not ours is shown as soon as the host does."""
        self._server.build_delay = self._delay

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        """Answer a request."""
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "ignore")
        mount = self._server.mount_path
        if path.startswith(mount + PREFIX):
            return self._ours(environ, start_response, path.removeprefix(mount + PREFIX))
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return _said(start_response, HTTPStatus.METHOD_NOT_ALLOWED, {"message": "不能这样访问"})
        if not is_ours(environ, self._port):
            return self._inner(environ, start_response)  # type: ignore[no-any-return]  # of an untyped server
        return self._page(environ, start_response)

    def _ours(  # noqa: PLR0911  # one return for each reason to refuse
        self, environ: dict[str, Any], start_response: Start, path: str
    ) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        found = _FILE.fullmatch(path)
        if found is not None and method == "GET" and is_ours(environ, self._port):
            content = _file(found["name"])
            if content is None:
                return _said(start_response, HTTPStatus.NOT_FOUND, {"message": "没有这个文件"})
            return _sent(start_response, HTTPStatus.OK, _KINDS[found["kind"]], content)
        if not is_from_our_page(environ, self._port, self._token):
            return _said(
                start_response, HTTPStatus.FORBIDDEN, {"message": "预览已重新启动，或请求来自别处；请刷新页面"}
            )
        content = b""
        if method != "GET":
            if environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != "application/json":
                return _said(start_response, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, {"message": "只接受 JSON"})
            length = environ.get("CONTENT_LENGTH") or ""
            if not length.isdigit() or int(length) > LARGEST:
                return _said(start_response, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"message": "内容太大"})
            content = environ["wsgi.input"].read(int(length))
            self._server.build_delay = _QUIET
        try:
            given = answer(self._desk, method, path, content)
        except Exception:
            log.exception("编辑时程序出错")
            return _said(
                start_response,
                HTTPStatus.INTERNAL_SERVER_ERROR,
                {"message": "程序出错；请把终端里的出错信息告诉维护人员"},
            )
        return _said(start_response, HTTPStatus(given.status), given.body)

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
            content = content[: found.start()] + self._tags(int(found["build"])) + content[found.end() :]
        kept = [(name, value) for name, value in headers if name.lower() not in {"content-length", "content-type"}]
        own = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(content))), *_HEADERS]
        if found is not None:
            own.append(("Content-Security-Policy", f"{POLICY}; frame-ancestors 'none'"))
        start_response(status, [*kept, *own])
        return [content]

    def _tags(self, build: int) -> bytes:
        base = html.escape(self._server.mount_path + PREFIX)
        return (
            f'<link rel="stylesheet" href="{base}browser/editor.css">'
            f'<script type="module" src="{base}browser/editor.js" id="nianbao-editor" data-token="{self._token}"'
            f' data-base="{base}" data-root="{html.escape(self._server.mount_path)}" data-build="{build}"></script>'
        ).encode()


@functools.cache
def _file(name: str) -> bytes | None:
    path = resources.files("nianbao.editing") / "browser" / name
    return path.read_bytes() if path.is_file() else None


def _said(start_response: Start, status: HTTPStatus, body: dict[str, Any]) -> Iterable[bytes]:
    return _sent(
        start_response, status, "application/json; charset=utf-8", json.dumps(body, ensure_ascii=False).encode()
    )


def _sent(start_response: Start, status: HTTPStatus, kind: str, content: bytes) -> Iterable[bytes]:
    headers = [("Content-Type", kind), ("Content-Length", str(len(content))), *_HEADERS]
    start_response(f"{status.value} {status.phrase}", headers)
    return [content]
