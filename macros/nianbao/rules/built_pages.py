"""What would be refused of pages once they are built, told before: links that lead nowhere, HTML that is not in order.

The HTML is judged by the reader of built pages. What engines and macros bring with them is known here by its ids; of an
anchor that only a macro knows which makes files, a person is told.
"""

from __future__ import annotations

import posixpath
import re
from bisect import bisect_right
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import unquote

from markdown.extensions.toc import slugify, unique

from nianbao.html.page_reader import read_page
from nianbao.pages.attachments import attachments
from nianbao.pages.completeness import COLUMN_PAGE
from nianbao.pages.lists import FULL_TEXT_PAGE, section_page, year_pages
from nianbao.pages.session import AuthorError, UnavailableError, front_matter
from nianbao.prose.marks import HERE, MARK, OPEN
from nianbao.prose.tree import Drawn, Element, Text
from nianbao.reading.addresses import is_absolute
from nianbao.reading.findings import Finding, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from nianbao.prose.markup import Address
    from nianbao.prose.passages import PageText
    from nianbao.prose.reading import PageReader

_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_ID = re.compile(r"""\bid="([^"]+)"|\{:? *#([^\s}]+)""")
_TAG = re.compile(r"</?[a-z0-9]+", re.IGNORECASE)
# The ids that people link to of what macros draw for which more than the report is needed.
_IDS = {"report_heading": frozenset({"report"}), "correction_list": frozenset({"corrections"})}
_DRAWN_HEADINGS = frozenset({"report_heading", "year_picture"})
_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))

# A page as the theme makes it, as far as it matters to ids.
_BEFORE = (
    '<!doctype html>\n<html><head><title>a</title></head><body><nav id="site-nav"></nav><i id="search"></i>'
    '<i id="search-words"></i><i id="search-status"></i><main>\n'
)
_AFTER = "\n</main></body></html>"
_TWICE = re.compile("id“(.*)”用了两次")
_BRACES = "有没有展开的模板"
# So many characters of an address are told, in one line; it may be a paragraph.
_LONGEST = 200


def refused_by_engines(
    reader: PageReader, pages: Collection[str], site_url: str, left_out: Callable[[str], bool]
) -> Iterator[Finding]:
    """Yield what is wrong with links and HTML of the *pages* that *reader* has read, all those below docs.

    Those that it has found faults in may lead anywhere: what stands on them is not known. Whole addresses that begin
    with *site_url*, if the site has one, are those of its own pages. A page or file that is *left_out* by its path
    stands in no site.
    """
    yield from _Judge(reader, pages, site_url, left_out).findings()


class _Judge:
    def __init__(
        self, reader: PageReader, pages: Collection[str], site_url: str, left_out: Callable[[str], bool]
    ) -> None:
        self._site_url = site_url
        self._left_out = left_out
        self._reader = reader
        self._session = reader.session
        self._pages = pages
        self._files = frozenset(attachments(reader.session))
        self._drafts = tuple(f"{year}/" for year in reader.session.dataset.drafts)
        reports = reader.session.dataset.reports.values()  # Their headings have rules of their own.
        self._statutory = {f"{report.year}/{name}" for report in reports for name in year_pages(report.form)}
        self._own: dict[str, tuple[frozenset[str], bool]] = {}

    def findings(self) -> Iterator[Finding]:
        for page, text in self._reader.pages.items():
            if not page.isprintable():
                continue  # A name that is no text is refused, and so is the page.
            if page not in self._statutory:
                yield from _heading(text)
            yield from self._html(page, text)
            yield from self._repeated(page, text)
            if page.endswith(f"/{FULL_TEXT_PAGE}"):
                yield from self._joined(posixpath.dirname(page))
            for address in self._reader.addresses[page]:
                found = self._link(page, address)
                if found is not None:
                    message, level = found
                    yield Finding(text.page.place(address.at), message, level=level)

    def _html(self, page: str, text: PageText) -> Iterator[Finding]:
        """Yield what is wrong with the elements of *page*, where they were typed."""
        html = self._reader.html[page]
        whole = f"{_BEFORE}{html}{_AFTER}"
        faults = [fault for fault in read_page(whole).faults if not _told(fault.text, html)]
        if not faults:
            return
        lines = [0, *(found.end() for found in re.finditer("\n", whole))]
        found = [mark for mark in MARK.finditer(html) if mark[1] in {HERE, OPEN}]
        starts, offsets = [mark.start() for mark in found], [int(mark[2]) for mark in found]
        for fault in faults:
            at = lines[fault.line - 1] + fault.column - 1 - len(_BEFORE)
            number = bisect_right(starts, at) - 1
            before = offsets[number] if number >= 0 else 0
            typed = before
            if (tag := _TAG.match(html, at)) is not None:
                earlier = html[starts[number] if number >= 0 else 0 : at].count(tag.group())
                found_tags = re.finditer(re.escape(tag.group()), text.page.source[before:])
                typed += next((one.start() for one in islice(found_tags, earlier, None)), 0)
            yield Finding(text.page.place(typed), f"{fault.text}；请改正这里的 HTML")

    def _repeated(self, page: str, text: PageText) -> Iterator[Finding]:
        """Yield the macros of *page* that draw again, with the same ids, what has been drawn."""
        nodes = list(_drawn(text.tree))
        often = Counter(node.call.name for node in nodes)
        drawn: dict[str, set[str]] = {}
        for node in nodes:
            name = node.call.name
            if often[name] > 1:
                ids = self._drawn_ids(page, node)[0] or {f"{node.call.args}{node.call.keywords}"}
                if ids & drawn.setdefault(name, set()):
                    yield Finding(text.page.place(node.call.start), f"宏 {name} 在这一页画了两次同样的内容；请删去一处")
                drawn[name] |= ids

    def _joined(self, folder: str) -> Iterator[Finding]:
        """Yield the ids of the sections in *folder* that stand in two of them, and so twice in the full text."""
        report = self._session.dataset.reports.get(int(folder)) if _YEAR.fullmatch(folder) else None
        names = [section_page(report.form, section) for section in report.form.sections] if report is not None else []
        pages = [f"{folder}/{name}" for name in names if f"{folder}/{name}" in self._reader.pages]
        found: dict[str, PageText] = {}
        for page in pages:
            text = self._reader.pages[page]
            for id_ in sorted(set(_typed_ids(text.tree))):
                other = found.setdefault(id_, text)
                if other is not text:
                    yield _in_both(id_, text, other.page.file)
        added = {id_: text for id_, text in found.items() if not id_.startswith("section-")}
        for page in pages if added else ():  # Seldom, so that tables are seldom drawn for it.
            text = self._reader.pages[page]
            for node in _drawn(text.tree):
                for id_ in sorted(self._drawn_ids(page, node)[0] & added.keys()):
                    if added[id_] is not text:
                        yield _in_both(id_, added[id_], text.page.file)

    def _link(self, page: str, address: Address) -> tuple[str, str] | None:
        """Return what is wrong with the *address* on *page*, and how much it weighs, or None."""
        written, below, raw = address.text.strip(), page, address.raw
        if self._site_url and written.startswith(self._site_url):  # Engines leave it as it is, as in raw HTML.
            written, below, raw = written.removeprefix(self._site_url) or "index.html", "", True
        if not written or is_absolute(written):
            return None
        path, _, fragment = written.partition("#")
        path = unquote(path.partition("?")[0])
        if path.startswith("/"):
            return f"链接{shown(written, _LONGEST)}从网站的根写起，网站换了位置就会断；请改成相对地址", "error"
        target = posixpath.normpath(posixpath.join(posixpath.dirname(below), path)) if path else below
        source = self._source(target, path, raw=raw) if path else below or COLUMN_PAGE
        if source is not None and path and self._left_out(source):
            return f"链接{shown(written, _LONGEST)}指向的是不放进网站的文件；请改正，或把文件改名", "error"
        if source is None and raw and not path.endswith(".md"):
            return f"这里的 HTML 链接{shown(written, _LONGEST)}要在生成网站时才知道是否指向文件；请看一遍", "uncertain"
        if source is None or (source.startswith(self._drafts) and not page.startswith(self._drafts)):
            return f"链接{shown(written, _LONGEST)}指向的页面或文件不存在；请改正", "error"
        return self._anchor(source, unquote(fragment), written) if source not in self._files else None

    def _anchor(self, source: str, anchor: str, written: str) -> tuple[str, str] | None:
        """Return what is wrong with the *anchor* on the page *source* to which a link leads, or None."""
        known, whole = self._ids(source) if anchor not in {"", "top"} else (frozenset({anchor}), True)
        if anchor in known:
            return None
        if whole:
            return f"链接{shown(written, _LONGEST)}指向的标题或锚点不存在；请改正", "error"
        return f"链接{shown(written, _LONGEST)}指向宏画出的内容，要在生成网站时才知道有没有；请看一遍", "uncertain"

    def _source(self, target: str, path: str, *, raw: bool) -> str | None:
        """Return the page or file below docs that *target*, a path below the site or docs, is, or None."""
        if target in self._files and not path.endswith("/"):
            return target
        if not raw:  # Engines make addresses of pages of it, and know no others.
            return target if target in self._pages and not path.endswith("/") else None
        if path.endswith("/") or target == ".":
            target = posixpath.normpath(posixpath.join(target, "index.html"))
        names = (f"{target.removesuffix('.html')}.md", f"{target.removesuffix('index.html')}README.md")
        return next((name for name in names if target.endswith(".html") and name in self._pages), None)

    def _ids(self, page: str) -> tuple[frozenset[str], bool]:
        """Return the ids on *page* that are known, and whether these are all."""
        if page not in self._own:
            text = self._reader.pages.get(page)
            if text is None:  # It has mistakes of its own.
                return frozenset(), False
            self._own[page] = frozenset(), False  # Of a page that is part of itself.
            found = {*_typed_ids(text.tree)}
            drawn = [self._drawn_ids(page, node) for node in _drawn(text.tree)]
            own = found.union(*(ids for ids, _ in drawn))
            own |= _made_ids(text.tree, own)
            self._own[page] = frozenset(own), all(whole for _, whole in drawn)
        return self._own[page]

    def _drawn_ids(self, page: str, node: Drawn) -> tuple[frozenset[str], bool]:
        """Return the ids that a macro of *page* draws, and whether these are all that it could."""
        folder = posixpath.dirname(page)
        report = self._session.dataset.reports.get(int(folder)) if _YEAR.fullmatch(folder) else None
        if page.endswith(f"/{FULL_TEXT_PAGE}") and node.call.name == "full_text" and report is not None:
            sections = [f"{folder}/{section_page(report.form, section)}" for section in report.form.sections]
            parts = [self._ids(section) for section in sections]
            return frozenset().union(*(ids for ids, _ in parts)), all(whole for _, whole in parts)
        function = self._reader.functions.get(node.call.name)
        if function is None:
            return _IDS.get(node.call.name, frozenset()), False
        return self._called(page, node, function)

    def _called(self, page: str, node: Drawn, function: Callable[..., object]) -> tuple[frozenset[str], bool]:
        try:
            with self._reader.at(page):
                drawn = str(function(*node.call.args, **node.call.keywords))
        except (AuthorError, UnavailableError):
            return frozenset(), False
        return frozenset(one or other for one, other in _ID.findall(drawn)), True


def _in_both(id_: str, text: PageText, other: str) -> Finding:
    """Return that the page *text* and the file *other* have the same id."""
    typed = re.search(rf"""(?:#|\bid\s*=\s*["']?){re.escape(id_)}""", text.page.source)
    return Finding(
        text.page.place(typed.start() if typed else 0),
        f"标题的地址 {id_} 在 {other} 里也有，全文里会重复；请改成不同的",
    )


def _typed_ids(element: Element | Drawn) -> Iterator[str]:
    for child in element.children:
        if isinstance(child, Element) and "id" in child.attributes:
            yield child.attributes["id"]
        if not isinstance(child, Text):
            yield from _typed_ids(child)


def _drawn(element: Element | Drawn) -> Iterator[Drawn]:
    for child in element.children:
        if isinstance(child, Drawn):
            yield child
        elif isinstance(child, Element):
            yield from _drawn(child)


def _made_ids(tree: Element, taken: set[str]) -> set[str]:
    """Return the ids that headings get which have none, *taken* ones left out."""
    used = set(taken)
    for heading in _without_id(tree):
        unique(slugify(heading, "-"), used)
    return used - taken


def _without_id(element: Element | Drawn) -> Iterator[str]:
    for child in element.children:
        if isinstance(child, Element) and child.tag in _HEADINGS and "id" not in child.attributes:
            yield child.text()
        elif not isinstance(child, Text):
            yield from _without_id(child)


def _told(fault: str, html: str) -> bool:
    """Say whether a *fault* is told already by who looks at the ids and the braces of a page."""
    twice = _TWICE.fullmatch(fault)
    return fault.startswith(_BRACES) or (twice is not None and html.count(f'id="{twice[1]}"') > 1)


def _heading(text: PageText) -> Iterator[Finding]:
    """Yield that a page does not begin with its heading, from which engines take its title."""
    first = next((node for node in text.tree.children if isinstance(node, Drawn) or _words(node)), None)
    drawn = isinstance(first, Drawn) and first.call.name in _DRAWN_HEADINGS
    if drawn or (isinstance(first, Element) and first.tag == "h1"):
        return
    if "title" in front_matter(text.page.source) and any(passage.kind == "h1" for passage in text.passages):
        return
    at = text.passages[0].place() if text.passages else text.page.place(0)
    yield Finding(at, "页面应以大标题开始，网页的名称取自大标题；请在最前面写一行 # 标题")


def _words(node: Text | Element) -> str:
    return (node.text if isinstance(node, Text) else node.text()).strip()
