"""A page of the built site, read once: what it links to, what it shows, and what is wrong with its HTML.

The checks are strict: elements must be closed, ids unique, references answered, tables whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from lxml.etree import XPath

from nianbao.html.structure import Mark, Structure
from nianbao.html.table_reader import read_table
from nianbao.reading.html import parse_document
from nianbao.reading.values import MACRO_MARKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

# Zensical 0.0.73 labels this switch of its menu also where it has left the switch out (toc.integrate).
_UNUSED_SWITCH = "__toc"

# Attributes that name other elements of the page.
_REFERENCES = {"for", "list", "headers", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns"}
# Attributes that name what a browser fetches without being asked, and what it follows when a reader asks.
_ADDRESSES = {"src", "srcset", "poster", "data", "style", "href", "xlink:href", "data-index", "content"}
_LOADING_LINKS = frozenset(
    [
        *("stylesheet", "icon", "shortcut", "apple-touch-icon", "mask-icon", "manifest"),
        *("preload", "prefetch", "modulepreload", "dns-prefetch", "preconnect", "prerender"),
    ]
)
_STYLED = re.compile(r"(?:url\(\s*[\"']?|@import\s+[\"'])([^\"')]+)")
_TRACES = re.compile(r"Traceback \(most recent call last\)|Macro (?:Rendering|Syntax) Error")

_SIZE = re.compile(r"[0-9.]+ (?:B|KB|MB)")

_TEXTS = XPath("//text()[not(parent::script or parent::style)]")
_TITLES = XPath("//title[not(ancestor::svg)]")
_CARDS = XPath("//*[contains(@class, 'finding-card') or contains(@class, 'finding-inline')]")
_FIGURES = XPath("//*[@data-figure and not(ancestor::*/@data-figure)]")
_FILES = XPath("descendant::a[@download and @href]")


class Link(NamedTuple):
    """An *address* that a page names; *loaded* is one that browsers fetch unasked."""

    address: str
    line: int
    column: int
    loaded: bool = False


class Claim(NamedTuple):
    """The *size* that a page says the file at *address* has, as text."""

    address: str
    size: str
    line: int
    column: int


@dataclass(slots=True)
class PageRead:
    """What one page holds. *article* is the element of that name, *cards* what stands in place of mistakes.

    *policy* is what the page lets browsers load, as Content-Security-Policy, or empty.
    """

    ids: set[str] = field(default_factory=set)
    links: list[Link] = field(default_factory=list)
    tables: dict[str, dict[str, str]] = field(default_factory=dict)
    figures: list[tuple[str, Mark]] = field(default_factory=list)
    cards: list[str] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    faults: list[Mark] = field(default_factory=list)
    article: HtmlElement | None = None
    title: str = ""
    policy: str = ""


def read_page(text: str) -> PageRead:
    """Return what the page *text*, its HTML, holds; faults in the order of the page."""
    structure = Structure(text)
    page = _Tree(parse_document(text.encode()), structure).read()
    page.faults = sorted([*structure.faults, *page.faults], key=lambda fault: (fault.line, fault.column))
    return page


def styled_addresses(css: str) -> list[str]:
    """Return the addresses that a style sheet loads."""
    return [address.strip() for address in _STYLED.findall(css)]


class _Tree:
    """The elements of a page in their order, each with the offset of the tag by which it was opened."""

    def __init__(self, root: HtmlElement, structure: Structure) -> None:
        self._root = root
        self._page = PageRead()
        self._place = structure.place
        self._references: list[tuple[HtmlElement, list[str]]] = []
        waiting = {tag: iter(offsets) for tag, offsets in structure.starts.items()}
        # What libxml2 has added of itself stands at the beginning.
        self._offsets = {element: next(waiting.get(element.tag, iter(())), 0) for element in root.iter()}

    def read(self) -> PageRead:
        """Return the page after telling what leads nowhere."""
        page = self._page
        for element in self._offsets:
            self._read_element(element)
        for element, words in self._references:
            for word in () if page.ids.issuperset(words) else words:
                if word not in page.ids and word != _UNUSED_SWITCH:
                    self._fault(element, f"<{element.tag}> 所指的 id“{word}”不存在")
        self._read_words()
        page.figures = [(found.get("data-figure"), self._mark(found, _text(found))) for found in _FIGURES(self._root)]
        page.claims = list(self._claims())
        page.cards = list(self._cards())
        return page

    def _read_element(self, element: HtmlElement) -> None:
        for name, value in element.items():
            if name == "id":
                self._note_id(element, value)
            elif name in _REFERENCES:
                self._references.append((element, value.split()))
            elif name in _ADDRESSES:
                self._page.links += self._links(element, name, value)
        match element.tag:
            case "table":
                self._read_table(element)
            case "style":
                self._page.links += self._links(element, "style", element.text or "")
            case "img" if "alt" not in element.attrib:
                self._fault(element, "图片没有 alt 说明")
            case "meta" if element.get("http-equiv", "").lower() == "content-security-policy":
                self._page.policy = element.get("content", "")
            case "base":
                self._fault(element, "<base> 会改变全部相对地址")

    def _note_id(self, element: HtmlElement, id_: str) -> None:
        if id_ in self._page.ids:
            self._fault(element, f"id“{id_}”用了两次")
        if id_.split() != [id_]:
            self._fault(element, f"id“{id_}”是空的或有空格")
        self._page.ids.add(id_)

    def _links(self, element: HtmlElement, name: str, value: str) -> Iterator[Link]:
        """Yield what an element loads, or where it leads, by the attribute *name*."""
        place = self._place(self._offsets[element])
        match name:
            case "content":
                if element.get("http-equiv", "").lower() == "refresh":
                    yield Link(value.partition("=")[2].strip("\"' "), *place)
            case "style":
                yield from (Link(address, *place, loaded=True) for address in styled_addresses(value))
            case "href" | "xlink:href" | "data-index":  # The last is what the search of the theme reads.
                kinds = {*element.get("rel", "").split()} & _LOADING_LINKS if element.tag == "link" else ()
                yield Link(value.strip(), *place, loaded=element.tag in {"use", "image"} or bool(kinds))
            case _:
                parts = value.split(",") if name == "srcset" else [value]
                yield from (Link(part.split()[0], *place, loaded=True) for part in parts if part.split())

    def _read_table(self, table: HtmlElement) -> None:
        figures, faults = read_table(table)
        for element, message in faults:
            self._fault(element, message)
        if table.get("id"):
            self._page.tables[table.get("id")] = figures

    def _read_words(self) -> None:
        """Keep the words that readers see, and tell those that they should not."""
        page = self._page
        page.title = " ".join("".join(title.text or "" for title in _TITLES(self._root)).split())
        if not page.title:
            page.faults.append(Mark("缺少 <title>", 1, 1))
        page.article = next(self._root.iter("article"), None)
        whole = "".join(self._root.itertext())
        if MACRO_MARKS.search(whole) is None and _TRACES.search(whole) is None:
            return
        for text in _TEXTS(self._root):
            holder = text.getparent()
            element = holder.getparent() if text.is_tail else holder
            quoted = any(above.tag in {"pre", "code"} for above in (element, *element.iterancestors()))
            if not quoted and MACRO_MARKS.search(text):
                self._fault(element, f"有没有展开的模板“{text.strip()[:40]}”")
            trace = _TRACES.search(text)
            if trace is not None:
                self._fault(element, f"页面里有程序的出错信息“{trace.group()}”")

    def _claims(self) -> Iterator[Claim]:
        """Yield what links to files say of them, or the rows of tables that have one such link."""
        for link in _FILES(self._root):
            row = next(link.iterancestors("tr"), link)
            said = row if len(_FILES(row)) <= 1 else link
            texts = (text.strip() for text in said.itertext())
            size = next((text for text in texts if _SIZE.fullmatch(text)), "")
            if size:
                yield Claim(link.get("href"), size, *self._place(self._offsets[link]))

    def _cards(self) -> Iterator[str]:
        """Yield what cards say, in the place of what could not be made: each item of a list by itself."""
        for card in _CARDS(self._root):
            items = list(card.iter("li"))
            yield from map(_text, items) if items else [card.get("title", "") + _text(card)]

    def _mark(self, element: HtmlElement, text: str) -> Mark:
        return Mark(text, *self._place(self._offsets[element]))

    def _fault(self, element: HtmlElement, message: str) -> None:
        self._page.faults.append(self._mark(element, message))


def _text(element: HtmlElement) -> str:
    return "".join(element.itertext()).strip()
