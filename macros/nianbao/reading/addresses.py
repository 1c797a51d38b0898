"""Addresses of the web, as people write them."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

# What no address holds unescaped; browsers and servers do not agree on what a backslash means.
_UNFIT = re.compile(r"[\s<>\"\\]")


def web_address(text: str) -> SplitResult | None:
    """Return the parts of *text* where it is a whole address of http or https without a name or password, or None."""
    try:
        parts = urlsplit(text)
        named = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return None
    fit = named and parts.scheme in {"http", "https"} and "@" not in parts.netloc and not _UNFIT.search(text)
    return parts if fit else None
