"""Which requests to a server on this machine come from its own pages, and which from elsewhere.

Any page of the web can make a browser send requests to 127.0.0.1, and a name of its own can be made to lead there
(DNS rebinding). So the name that was asked for must be this machine's, and what is sent must come from this origin.
"""

from __future__ import annotations

import hmac
import ipaddress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMES = ("127.0.0.1", "localhost", "[::1]")
TOKEN = "HTTP_X_NIANBAO_TOKEN"  # noqa: S105  # the name of a header


def is_loopback(host: str) -> bool:
    """Say whether a server bound to *host* can be reached from this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def hosts(port: int) -> frozenset[str]:
    """Return what the header ``Host`` of a request to this machine can be."""
    return frozenset(f"{name}:{port}" for name in _NAMES) | (frozenset(_NAMES) if port == 80 else frozenset())  # noqa: PLR2004  # of HTTP


def is_ours(environ: Mapping[str, Any], port: int) -> bool:
    """Say whether the name that the request *environ* (PEP 3333) asks for is this machine's."""
    return environ.get("HTTP_HOST", "") in hosts(port)


def is_from_our_page(environ: Mapping[str, Any], port: int, token: str) -> bool:
    """Say whether the request *environ* was sent by a page of this server that knows the *token* of this start."""
    host = environ.get("HTTP_HOST", "")
    origin = environ.get("HTTP_ORIGIN", "" if environ["REQUEST_METHOD"] == "GET" else "missing")
    site = environ.get("HTTP_SEC_FETCH_SITE", "same-origin")
    return (
        is_ours(environ, port)
        and origin in {"", f"http://{host}"}
        and site == "same-origin"
        and hmac.compare_digest(environ.get(TOKEN, "").encode(), token.encode())
    )
