"""Rendered pages: what must not reach the public although nothing failed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from macros.reading.findings import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from macros.pages.session import Session

# Elements that a browser loads without being asked; links may lead anywhere.
_LOADED = re.compile(
    r"<(?:script|img|iframe|link|source|video|audio|embed|object|track)\b[^>]*?"
    r"\b(?:src|href|data|srcset|poster)\s*=\s*[\"']?\s*(?P<address>(?:https?:)?//[^\s\"'>]+)",
    re.IGNORECASE,
)


def problems(content: str, page: str, session: Session) -> Iterator[Finding]:
    """Yield what is wrong with the HTML *content* of *page*: loads from other sites, paths of this machine."""
    for match in _LOADED.finditer(content):
        place = session.find(page, match["address"])
        yield Finding(place, f"不能从其他网站载入“{match['address']}”；请把文件放进 docs，或改成链接")
    if str(session.root.resolve()) in content:
        yield Finding(Place(session.file(page)), "页面里有本机的文件路径；请删去显示它的宏或变量")
