"""Requests to a preview with headers as they are given, and those that our own pages send."""

from __future__ import annotations

import http.client
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from previews import Served

PAGE = "/2023/3-requests.html"


def asked(
    preview: Served, method: str, path: str, headers: dict[str, str], body: bytes | None = None
) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and content of an answer; headers stand as they are given, also that of the host."""
    connection = http.client.HTTPConnection("127.0.0.1", preview.port, timeout=60)
    try:
        connection.putrequest(method, path, skip_host=True)
        for name, value in {"Host": f"127.0.0.1:{preview.port}", **headers}.items():
            connection.putheader(name, value)
        if body is not None and "Content-Length" not in headers:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def token_of(preview: Served) -> str:
    """Return the token of a start, which all pages of it carry."""
    _, _, content = asked(preview, "GET", "/_edit/", {})
    found = re.search(rb'data-token="([^"]+)"', content)
    assert found is not None
    return found[1].decode()


def own(preview: Served, **more: str) -> dict[str, str]:
    """Return the headers that our own page sends."""
    return {
        "Origin": f"http://127.0.0.1:{preview.port}",
        "Sec-Fetch-Site": "same-origin",
        "Content-Type": "application/json",
        "X-Nianbao-Token": token_of(preview),
        **{name.replace("_", "-"): value for name, value in more.items()},
    }
