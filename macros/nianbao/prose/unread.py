"""Text of a report's pages that readers would see and no rule would read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from nianbao.pages.lists import FULL_TEXT_PAGE, PICTURE_PAGE
from nianbao.pages.session import FRONT_MATTER, front_matter
from nianbao.prose.tree import Element, Text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from nianbao.prose.passages import PageText
    from nianbao.prose.tree import Run

# These show what macros draw and nothing else.
_DRAWN_PAGES = frozenset({FULL_TEXT_PAGE, PICTURE_PAGE})

_UNDERLINED = re.compile(r"^(?![#>|])[^\s].*\n(?P<line>=+|-+)[ \t]*$", re.MULTILINE)


# As Markdown takes the address of a link that stands apart from it: any word behind a name in brackets and a colon.
_DEFINED = re.compile(r"^(?:[ \t>*+-]|[0-9]{1,9}[.)] )*+\[(?P<name>[^\[\]\n]*)\]:\s*[^\s]+", re.MULTILINE)


class Unread(NamedTuple):
    """What stands at the offset *at* of a page's source, in Chinese."""

    at: int
    message: str


def unread(text: PageText) -> Iterator[Unread]:
    """Yield what no rule reads on the page *text* of a report."""
    source, drawn = text.page.source, text.page.name in _DRAWN_PAGES
    front = FRONT_MATTER.match(source)
    start = front.end() if front else 0
    above = front_matter(source)
    for key in ("title", "description"):
        named = drawn and key == "title" and not re.search("[0-9０-９]", str(above.get(key)))
        if key in above and not named:
            what = "请删去，名称取自本页的大标题" if not drawn else "请删去，或只写“全文”这样的名称"
            yield Unread(max(source.find(key, 0, start), 0), f"页首的 {key} 会公开，却没有规则核对；{what}")
    for line in _UNDERLINED.finditer(source, start):
        what = "标题写作 # 或 ## 开头，分隔线前空一行"
        yield Unread(line.start("line"), f"“{line['line'][:3]}”会把上一行变成标题；{what}")
    yield from _code(text.tree, source)
    if drawn:
        for passage in text.passages:
            at = next((index for index, typed in enumerate(passage.typed) if typed), None)
            if at is not None:
                said = "这一页全部由宏画出，写在这里的文字没有规则核对；请移到六个部分的页面里"
                yield Unread(passage.offsets[at], said)


def definitions(source: str, known: Collection[str]) -> Iterator[Unread]:
    """Yield the lines of *source* that Markdown takes for addresses of links, those *known* by name, which none has."""
    folded = source.lower()
    for found in _DEFINED.finditer(source):
        name = found["name"].lower()
        if name.strip() not in known:
            continue
        if name.startswith("^"):
            yield Unread(
                found.start("name") - 1, "页面没有脚注，这一行读者看不到；请写成正文，如“注：……”，并删去前面的注号"
            )
        elif folded.count(f"[{name}]") == folded.count(f"[{name}]:"):
            said = "这一行会当作链接的地址，读者看不到；要公布的请写成正文，如“注：……”，只给编辑看的写作 {## 说明 ##}"
            yield Unread(found.start("name") - 1, said)


def _code(element: Element, source: str) -> Iterator[Unread]:
    """Yield the blocks of code below *element*."""
    for child in element.elements():
        if child.tag != "pre":
            yield from _code(child, source)
            continue
        at = next((run.offset for run in _runs(child)), 0)
        begin = source.rfind("\n", 0, at) + 1
        if source[begin:at].strip():
            begin = at
        if source[begin : begin + 1] in {" ", "\t"}:
            yield Unread(begin, "行首空了四格或用了制表符，这段文字会显示成代码，没有规则核对；请删去行首的空格")
        else:
            yield Unread(begin, "代码块里的文字没有规则核对；请删去 ``` 这样的行，直接写文字")


def _runs(element: Element) -> Iterator[Run]:
    for child in element.children:
        if isinstance(child, Text):
            yield from child.runs
        elif isinstance(child, Element):
            yield from _runs(child)
