"""What the editor answers to pages of its own: its files, the page of the desk, JSON, files dropped and files made.

It stands before the server of a preview, see `nianbao.engines.editor`, or alone where there is no portal yet, see
`nianbao.engines.beginning`. Only this machine is answered, and only pages that know the token of this start are read
to and written for. What a browser asks for by an address alone, such as a file to save, has a ticket in its address.
"""

from __future__ import annotations

import functools
import hmac
import html
import json
import logging
import re
import secrets
from http import HTTPStatus
from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from nianbao.editing.answers import LARGEST, answer
from nianbao.editing.desk import Desk
from nianbao.editing.inbox import LARGEST as LARGEST_FILE
from nianbao.editing.results import is_page, result
from nianbao.engines.local_requests import is_from_our_page, is_ours
from nianbao.metadata.policy import POLICY
from nianbao.reading.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from nianbao.editing.beginning import Beginning

    Start = Callable[..., Any]

PREFIX = "_edit/"
HEADERS = [
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "same-origin"),
]
ALONE = ("X-Frame-Options", "DENY")
_KINDS = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
_FILE = re.compile(r"browser/(?P<name>[a-z]+(?P<kind>\.js|\.css))")
_DROPPED, _MADE = "files/", "made/"
# The page of a review is shown within the desk: it has styles and pictures of its own, and nothing that runs.
_REVIEW_POLICY = (
    "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
)
_PAGE = """\
<!doctype html>
<html lang="zh-CN">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>工作台</title>
    <link rel="stylesheet" href="{base}browser/editor.css">
    <link rel="stylesheet" href="{base}browser/desk.css">
    <link rel="icon" href="data:,">
  </head>
  <body class="desk md-typeset">
    <main id="desk"><h1>工作台</h1><p role="status">正在读取…</p></main>
    {script}
  </body>
</html>
"""

log = logging.getLogger("mkdocs.plugins.nianbao")


class _RefusedError(Exception):
    """A request is refused with a *status* of HTTP; the text says why."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


class LocalApplication:
    """Answers (PEP 3333) what is asked below *mount* and `PREFIX` on *port* about *place*, from one start to its end.

    *began* is called before something is written.
    """

    def __init__(
        self, place: Desk | Beginning, mount: str, port: int, began: Callable[[], None] = lambda: None
    ) -> None:
        self._place = place
        self._root = mount
        self._base = mount + PREFIX
        self._port = port
        self._began = began
        self._token = secrets.token_urlsafe(32)
        self._ticket = secrets.token_urlsafe(32)

    def __call__(self, environ: dict[str, Any], start_response: Start, path: str) -> Iterable[bytes]:
        """Answer a request for *path*, which is below the prefix."""
        method = environ["REQUEST_METHOD"]
        try:
            if method == "GET" and is_ours(environ, self._port):
                found = self._by_address(environ, start_response, path)
                if found is not None:
                    return found
            content = self._content(environ, dropped=path.startswith(_DROPPED))
            if path.startswith(_DROPPED):
                return self._dropped(start_response, method, path.removeprefix(_DROPPED), content)
            given = answer(self._place, method, path, content)
        except _RefusedError as error:
            return said(start_response, error.status, str(error))
        except Exception:
            log.exception("编辑时程序出错")
            return said(start_response, HTTPStatus.INTERNAL_SERVER_ERROR, "程序出错；请把终端里的出错信息告诉维护人员")
        return _json(start_response, HTTPStatus(given.status), given.body)

    def _by_address(self, environ: dict[str, Any], start_response: Start, path: str) -> Iterable[bytes] | None:
        """Answer what a browser asks for by an address alone; None where it is none of that."""
        found = _FILE.fullmatch(path)
        if not path:
            return self._desk(start_response)
        if found is not None:
            content = _file(found["name"])
            if content is None:
                raise _RefusedError(HTTPStatus.NOT_FOUND, "没有这个文件")
            return sent(start_response, HTTPStatus.OK, _KINDS[found["kind"]], content)
        if path.startswith(_MADE):
            return self._made(environ, start_response, path.removeprefix(_MADE))
        return None

    def _content(self, environ: dict[str, Any], *, dropped: bool) -> bytes:
        """Return what our own page sends: JSON, or a file that was *dropped*. Raises _RefusedError where it is not."""
        if not is_from_our_page(environ, self._port, self._token):
            raise _RefusedError(HTTPStatus.FORBIDDEN, "预览已重新启动，或请求来自别处；请刷新页面")
        if environ["REQUEST_METHOD"] == "GET":
            return b""
        kind, most = ("application/octet-stream", LARGEST_FILE) if dropped else ("application/json", LARGEST)
        if environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != kind:
            raise _RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "只接受 JSON")
        length = environ.get("CONTENT_LENGTH") or ""
        if not length.isdigit() or int(length) > most:
            raise _RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"内容太大，超过 {most // 1_000_000} MB")
        content: bytes = environ["wsgi.input"].read(int(length))
        if len(content) != int(length):
            raise _RefusedError(HTTPStatus.BAD_REQUEST, "没有收全；请再试一次")
        self._began()
        return content

    def tags(self, build: int, script: str) -> str:
        """Return what loads the *script* into a page that is of the build of this number."""
        return (
            f'<script type="module" src="{html.escape(self._base)}browser/{script}.js" id="nianbao-editor"'
            f' data-token="{self._token}" data-ticket="{self._ticket}" data-base="{html.escape(self._base)}"'
            f' data-root="{html.escape(self._root)}" data-build="{build}"></script>'
        )

    def style(self) -> str:
        """Return what loads the styles of the editor into a page."""
        return f'<link rel="stylesheet" href="{html.escape(self._base)}browser/editor.css">'

    def _desk(self, start_response: Start) -> Iterable[bytes]:
        script = self.tags(0, "desk" if isinstance(self._place, Desk) else "beginning")
        content = _PAGE.format(base=html.escape(self._base), script=script).encode()
        policy = f"{POLICY}; frame-src 'self'; frame-ancestors 'none'"
        headers = [ALONE, ("Content-Security-Policy", policy)]
        return sent(start_response, HTTPStatus.OK, "text/html; charset=utf-8", content, headers)

    def _dropped(self, start_response: Start, method: str, name: str, content: bytes) -> Iterable[bytes]:
        if method != "PUT":
            raise _RefusedError(HTTPStatus.METHOD_NOT_ALLOWED, "不能这样访问")
        try:
            self._place.inbox.take(name, content)
        except RefusedError as error:
            raise _RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from None
        return _json(start_response, HTTPStatus.OK, {"name": name})

    def _made(self, environ: dict[str, Any], start_response: Start, path: str) -> Iterable[bytes]:
        """Send a file that a command has made: to be saved, or a page to be looked at."""
        ticket, _, name = path.partition("/")
        own = environ.get("HTTP_SEC_FETCH_SITE", "same-origin") in {"same-origin", "none"}
        if not own or not hmac.compare_digest(ticket.encode(), self._ticket.encode()):
            raise _RefusedError(HTTPStatus.FORBIDDEN, "这个地址已经失效；请从工作台重新打开")
        found = result(self._place.project, name) if isinstance(self._place, Desk) else None
        if found is None:
            raise _RefusedError(HTTPStatus.NOT_FOUND, "没有这个文件")
        content = found.read_bytes()
        if is_page(name):
            headers = [("Content-Security-Policy", _REVIEW_POLICY)]
            return sent(start_response, HTTPStatus.OK, "text/html; charset=utf-8", content, headers)
        kept_as = f"attachment; filename*=UTF-8''{quote(found.name)}"
        headers = [ALONE, ("Content-Disposition", kept_as), ("Content-Security-Policy", "sandbox")]
        return sent(start_response, HTTPStatus.OK, "application/octet-stream", content, headers)


@functools.cache
def _file(name: str) -> bytes | None:
    path = resources.files("nianbao.editing") / "browser" / name
    return path.read_bytes() if path.is_file() else None


def said(start_response: Start, status: HTTPStatus, message: str) -> Iterable[bytes]:
    """Answer with a sentence for people."""
    return _json(start_response, status, {"message": message})


def _json(start_response: Start, status: HTTPStatus, body: dict[str, Any]) -> Iterable[bytes]:
    content = json.dumps(body, ensure_ascii=False).encode()
    return sent(start_response, status, "application/json; charset=utf-8", content, [ALONE])


def sent(
    start_response: Start,
    status: HTTPStatus,
    kind: str,
    content: bytes,
    more: Iterable[tuple[str, str]] = (ALONE,),
) -> Iterable[bytes]:
    """Answer with *content*."""
    headers = [("Content-Type", kind), ("Content-Length", str(len(content))), *HEADERS, *more]
    start_response(f"{status.value} {status.phrase}", headers)
    return [content]
