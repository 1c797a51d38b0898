"""Scripts that the theme writes into its pages, moved into files of their own.

A server can then forbid scripts in pages altogether (Content-Security-Policy: script-src 'self'), without a
list of hashes that every new version of the theme would make wrong.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# A script without attributes; those with a type are data, such as the theme's settings, and those with src are files.
_INLINE = re.compile(r"<script>(?P<code>.*?)</script>", re.DOTALL)

# How a page reaches the files of the theme: relative to itself, or from the root where it is shown at any address.
_BASE = re.compile(r"<(?:link|script)\b[^>]*?\s(?:href|src)=\"?(?P<base>[^\"\s>]*?)assets/")

# Where the theme has its own scripts, so that servers keep them alike.
_FOLDER = "assets/javascripts"


def separate_scripts(site: Path) -> None:
    """Move every script that stands in a page of *site* into a file whose name is made from its content."""
    for path in sorted(site.rglob("*.html")):
        page = path.read_bytes().decode()
        separated = _separated(page, site)
        if separated != page:
            path.write_bytes(separated.encode())


def _separated(page: str, site: Path) -> str:
    found = _BASE.search(page)
    if found is None:  # A page of its own making, without the theme.
        return page
    return _INLINE.sub(lambda script: _tag(site, found["base"], script["code"]), page)


def _tag(site: Path, base: str, code: str) -> str:
    """Return the element that loads *code* at the same point of the page; write the file where it is not there."""
    name = f"{_FOLDER}/page.{hashlib.sha256(code.encode()).hexdigest()[:8]}.min.js"
    path = site / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(code.encode())
    return f'<script src="{base}{name}"></script>'
