"""Addresses of the web, as people write them."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, urlsplit

# What no address holds unescaped; browsers and servers do not agree on what a backslash means.
_UNFIT = re.compile(r"[\s<>\"\\]")
# Names of the reader's machine and of networks of one office: without a dot, and those of RFC 1918 and RFC 3927.
_OF_A_NETWORK = re.compile(
    r"[\w-]*|localhost\..*|127\..*|10\..*|192\.168\..*|172\.(?:1[6-9]|2[0-9]|3[01])\..*|169\.254\..*|0x.*|0\..*"
    r"|.*\.(?:local|lan|internal|intranet)",
    re.IGNORECASE,
)
# What begins with a scheme or a host, and is nothing below the site's own address.
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


def is_absolute(address: str) -> bool:
    """Say whether *address* names its scheme or host, and so nothing of the site in which it stands."""
    return _ABSOLUTE.match(address) is not None


def is_of_a_network(host: str) -> bool:
    """Say whether *host*, without port, is one that the public cannot reach."""
    return _OF_A_NETWORK.fullmatch(host) is not None


def web_address(text: str) -> SplitResult | None:
    """Return the parts of *text* where it is a whole address of http or https without a name or password, or None."""
    try:
        parts = urlsplit(text)
        named = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return None
    fit = named and parts.scheme in {"http", "https"} and "@" not in parts.netloc and not _UNFIT.search(text)
    return parts if fit else None


def site_address(text: str) -> str | None:
    """Return the address of a site as machines write it, with a slash at its end, or None where *text* is none.

    Scheme and host are in lower case, a Chinese host by its code (RFC 5891), other characters of the path by theirs,
    and so are those that XML or HTML would have to escape.
    """
    parts = web_address(text)
    if parts is None or parts.query or parts.fragment or text.endswith(("?", "#")):
        return None
    written = machine_address(text)
    return f"{written.rstrip('/')}/" if written is not None else None


def machine_address(text: str) -> str | None:
    """Return an address of the web as machines write it, see `site_address`, or None where *text* is none.

    A query stays; what stands behind # is for browsers, and is left out.
    """
    parts = web_address(text)
    if parts is None:
        return None
    try:
        host = (parts.hostname or "").encode("idna").decode()
    except UnicodeError:  # A label that is empty or too long.
        return None
    host = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port is not None else ""
    path = quote(parts.path, safe="/%:@!$()*+,;=~")
    query = f"?{quote(parts.query, safe='/%:@!$()*+,;=~&?')}" if parts.query else ""
    return f"{parts.scheme}://{host}{port}{path}{query}"
