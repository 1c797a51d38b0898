"""Rendered pages: what must not reach the public although nothing failed."""

from __future__ import annotations

import html
import re
from collections import Counter
from typing import TYPE_CHECKING

from nianbao.reading.findings import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from nianbao.pages.session import Session

_CARD = 'class="finding-card"'  # A card quotes what is wrong.

# Braces of a macro that was not seen as one: one missing, a blank between two, or typed in full width.
_BRACES = re.compile(r"\{\{|\{ ?[a-z_]+\([^{}\n<]*\) ?\}|\}\}|\{%|%\}|\{ \{|\} \}|｛｛|｝｝|\{#[^\n<]{0,8}|#\}")
_MACROS = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
_REFERENCE = re.compile(r"&#?[0-9A-Za-z]{1,9};")
_QUOTED = re.compile(r"<(pre|code|script|style)\b.*?</\1>", re.DOTALL | re.IGNORECASE)

_ID = re.compile(r'<[a-z][^>]*\sid="([^"]+)"')
_MAYBE_ID = re.compile(r'id="(?=([^"]+)")')  # Nothing of the value is passed over, which may say so itself.


def problems(content: str, page: str, session: Session) -> Iterator[Finding]:
    """Yield what is wrong with the HTML *content* of *page*: ids used twice, macros left over, paths of a machine."""
    for repeated in _repeated(content):
        yield Finding(session.find(page, f"#{repeated}"), f"标题的地址 {repeated} 用了两次；请改成不同的")
    references = [each for each in dict.fromkeys(_references(content)) if _is_typed(each, page, session)]
    left = _brace(content, references)
    if left is not None:
        typed = left if left in content else next(iter(references), left)
        place = session.find(page, typed, outside=_MACROS)
        advice = "宏写作 {{ 名称() }}，用半角符号，两个大括号之间不留空格"
        if "#" in left:
            advice = "只给编辑看的说明写作 {## 说明 ##}"
        yield Finding(place, f"“{left.strip()}”会照样公布；{advice}")
    if str(session.root.resolve()) in content:
        yield Finding(Place(session.file(page)), "页面里有本机的文件路径；请删去")


def _repeated(content: str) -> list[str]:
    """Return the ids that stand twice in *content*."""
    maybe = _MAYBE_ID.findall(content)
    if len(set(maybe)) == len(maybe):
        return []  # The rule; to find the elements of all ids takes ten times as long.
    return sorted(id_ for id_, count in Counter(_ID.findall(content)).items() if count > 1)


def _references(content: str) -> list[str]:
    """Return the references to characters in *content* that stand for braces."""
    return [found for found in _REFERENCE.findall(content) if html.unescape(found) in "{}｛｝"]


def _is_typed(reference: str, page: str, session: Session) -> bool:
    """Say whether a *reference* stands in the text of *page* itself; macros write data so, which may hold any sign."""
    return session.find(page, reference, outside=_MACROS) != Place(session.file(page))


def _brace(content: str, references: Collection[str]) -> str | None:
    """Return the first braces in *content*, as themselves or as *references*, that readers would see, or None."""
    if _CARD in content or not (references or any(brace in content for brace in "{}｛｝")):
        return None
    shown = _QUOTED.sub("", content)
    left = _BRACES.search(html.unescape(shown) if references else shown)
    return left.group() if left else None
