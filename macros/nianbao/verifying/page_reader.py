"""A page of the built site, read once: what it links to, what it shows, and what is wrong with its HTML.

The checks are of structure and strict: elements must be closed, ids unique, references answered, tables whole.
A parser that repairs what it reads, as browsers have, would hide just that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import NamedTuple

from nianbao.reading.values import MACRO_MARKS
from nianbao.verifying import html_rules as html
from nianbao.verifying.table_reader import TableReader

# Zensical 0.0.73 labels this switch of its menu also where it has left the switch out (toc.integrate).
_UNUSED_SWITCH = "__toc"

# What a browser fetches without being asked, and what it follows when a reader asks.
_LOADED = {"src", "srcset", "poster", "data"}
_LOADING_LINKS = frozenset(
    [
        "stylesheet",
        "icon",
        "shortcut",
        "preload",
        "prefetch",
        "modulepreload",
        "manifest",
        "apple-touch-icon",
        "mask-icon",
        "dns-prefetch",
        "preconnect",
        "prerender",
    ]
)
_STYLED = re.compile(r"(?:url\(\s*[\"']?|@import\s+[\"'])([^\"')]+)")
_TRACES = re.compile(r"Traceback \(most recent call last\)|Macro (?:Rendering|Syntax) Error")

_DIGEST = re.compile(r"[0-9a-f]{64}")
_SIZE = re.compile(r"[0-9.]+ (?:B|KB|MB)")


class Mark(NamedTuple):
    """A *text* of a page with its line and column, counted from 1."""

    text: str
    line: int
    column: int


class Link(NamedTuple):
    """An *address* that a page names; *loaded* is one that browsers fetch unasked."""

    address: str
    line: int
    column: int
    loaded: bool = False


class Claim(NamedTuple):
    """What a row of a table says of the file at *address*: its SHA-256 *digest*, and its *size* as text or empty."""

    address: str
    digest: str
    size: str
    line: int
    column: int


@dataclass(slots=True)
class PageRead:
    """What one page holds. *words* are those of its article, *cards* what stands in place of mistakes."""

    ids: set[str] = field(default_factory=set)
    links: list[Link] = field(default_factory=list)
    tables: dict[str, dict[str, str]] = field(default_factory=dict)
    figures: list[tuple[str, Mark]] = field(default_factory=list)
    cards: list[str] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    faults: list[Mark] = field(default_factory=list)
    words: str = ""
    title: str = ""


def read_page(text: str) -> PageRead:
    """Return what the page *text*, its HTML, holds."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.finished()


def styled_addresses(css: str) -> list[str]:
    """Return the addresses that a style sheet loads."""
    return [address.strip() for address in _STYLED.findall(css)]


class _Reader(HTMLParser):
    """Keeps the open elements, and passes on what each page part needs."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = PageRead()
        self._open: list[tuple[str, int, int, str]] = []  # Name, line, column and class of each open element.
        self._counts: dict[str, int] = {}
        self._references: list[tuple[str, str, int, int]] = []
        self._tables: list[TableReader] = []
        self._words: list[str] = []
        self._skipped = 0  # Depth of elements whose words are not the article's.
        self._quoted = 0  # Depth of code, where braces are meant.
        self._figure: tuple[str, int, list[str], int, int] | None = None
        self._card = 0
        self._row: dict[str, str] = {}  # What the row under way says of a file.
        self._doctype = False

    # What the parser calls.

    def handle_decl(self, decl: str) -> None:
        self._doctype = decl.lower() == "doctype html"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line, column = self.getpos()
        column += 1
        named = {name: value or "" for name, value in attrs}
        if len(named) != len(attrs):
            self._fault(f"<{tag}> 的同一个属性写了两次")
        drawing = self._counts.get("svg", 0) or self._counts.get("math", 0)
        if not drawing:
            self._check_place(tag)
        self._note(tag, named, line, column)
        if tag in html.VOID and not drawing:
            return
        classes = named.get("class", "")
        self._open.append((tag, line, column, classes))
        self._counts[tag] = self._counts.get(tag, 0) + 1
        self._enter(tag, named, classes, line, column)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        drawing = self._counts.get("svg", 0) or self._counts.get("math", 0)
        self.handle_starttag(tag, attrs)
        if drawing:
            self.handle_endtag(tag)
        elif tag not in html.VOID:
            self._fault(f"<{tag}/> 没有结束标签")
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in html.VOID and not self._counts.get("svg", 0):
            self._fault(f"多了 </{tag}>")
            return
        if not self._counts.get(tag, 0):
            self._fault(f"多了 </{tag}>，前面没有 <{tag}>")
            return
        while self._open:
            name, line, column, classes = self._open.pop()
            self._counts[name] -= 1
            self._leave(name, classes)
            if name == tag:
                return
            self.page.faults.append(Mark(f"<{name}> 没有结束标签", line, column))

    def handle_data(self, data: str) -> None:
        if self._figure is not None:
            self._figure[2].append(data)
        if _SIZE.fullmatch(data.strip()):
            self._row["size"] = data.strip()
        if self._tables:
            self._tables[-1].data(data)
        name = self._open[-1][0] if self._open else ""
        if name == "title" and not self._counts.get("svg", 0):
            self.page.title += data
        if name == "style":
            self._links_of_style(data)
        if name not in {"script", "style"} and data.strip():
            self._read_words(data)

    def _read_words(self, data: str) -> None:
        """Keep the words that readers see, and tell those that they should not."""
        if self._card:
            self.page.cards[-1] += data
        if not self._counts.get("pre", 0) and not self._counts.get("code", 0):
            found = MACRO_MARKS.search(data)
            if found is not None:
                self._fault(f"有没有展开的模板“{data.strip()[:40]}”")
        trace = _TRACES.search(data)
        if trace is not None:
            self._fault(f"页面里有程序的出错信息“{trace.group()}”")
        if self._counts.get("article", 0) and not self._skipped:
            self._words.append(data)

    # What is kept of an element.

    def _note(self, tag: str, named: dict[str, str], line: int, column: int) -> None:
        """Keep ids, references and addresses of an element."""
        if "id" in named:
            if named["id"] in self.page.ids:
                self._fault(f"id“{named['id']}”用了两次")
            if not named["id"] or any(character.isspace() for character in named["id"]):
                self._fault(f"id“{named['id']}”是空的或有空格")
            self.page.ids.add(named["id"])
        for name in html.REFERENCES & named.keys():
            words = (word for word in named[name].split() if word != _UNUSED_SWITCH)
            self._references.extend((tag, word, line, column) for word in words)
        if tag == "img" and "alt" not in named:
            self._fault("图片没有 alt 说明")
        if tag == "base":
            self._fault("<base> 会改变全部相对地址")
        self._note_addresses(tag, named, line, column)

    def _note_addresses(self, tag: str, named: dict[str, str], line: int, column: int) -> None:
        """Keep what an element loads and where it leads."""
        if tag == "meta" and named.get("http-equiv", "").lower() == "refresh":
            address = named.get("content", "").partition("=")[2].strip("\"' ")
            self.page.links.append(Link(address, line, column))
        if "style" in named:
            self._links_of_style(named["style"])
        for name in _LOADED & named.keys():
            parts = named[name].split(",") if name == "srcset" else [named[name]]
            self.page.links.extend(Link(part.split()[0], line, column, loaded=True) for part in parts if part.split())
        for name in ("href", "xlink:href", "data-index"):  # The last is what the search of the theme reads.
            if name not in named:
                continue
            loaded = tag in {"use", "image"} or (
                tag == "link" and bool(_LOADING_LINKS & {*named.get("rel", "").split()})
            )
            self.page.links.append(Link(named[name].strip(), line, column, loaded=loaded))

    def _links_of_style(self, css: str) -> None:
        line, column = self.getpos()
        self.page.links.extend(Link(address, line, column + 1, loaded=True) for address in styled_addresses(css))

    def _check_place(self, tag: str) -> None:
        """Tell an element that cannot stand where it does."""
        if tag not in html.KNOWN and "-" not in tag:
            self._fault(f"没有 <{tag}> 这种元素")
        parent = self._open[-1][0] if self._open else ""
        if tag in html.PARENTS and parent not in html.PARENTS[tag]:
            self._fault(f"<{tag}> 不能放在 <{parent}> 里")
        if parent in html.CHILDREN and tag not in html.CHILDREN[parent]:
            self._fault(f"<{parent}> 里不能放 <{tag}>")
        if tag in html.BLOCKS and self._counts.get("p", 0):
            self._fault(f"段落 <p> 里不能放 <{tag}>")
        if tag in html.ALONE and self._counts.get(tag, 0):
            self._fault(f"<{tag}> 里不能再放 <{tag}>")

    def _enter(self, tag: str, named: dict[str, str], classes: str, line: int, column: int) -> None:
        if tag == "table":
            self._tables.append(TableReader(named.get("id", ""), line, column))
        elif self._tables:
            self._tables[-1].enter(tag, named, classes, line, column)
        if "data-figure" in named and self._figure is None:
            self._figure = (named["data-figure"], len(self._open), [], line, column)
        if tag == "tr":
            self._row = {}
        elif tag == "a" and "href" in named:
            self._row["address"] = named["href"]
        elif tag == "code" and _DIGEST.fullmatch(named.get("title", "")) and "address" in self._row:
            size = self._row.get("size", "")
            self.page.claims.append(Claim(self._row["address"], named["title"], size, line, column))
        if _skips(tag, classes):
            self._skipped += 1
        if "finding-card" in classes or "finding-inline" in classes:
            self._card += 1
            self.page.cards.append(named.get("title", ""))
        if tag == "li" and self._card:
            self.page.cards.append("")

    def _leave(self, tag: str, classes: str) -> None:
        if self._figure is not None and len(self._open) < self._figure[1]:
            path, _, parts, line, column = self._figure
            self.page.figures.append((path, Mark("".join(parts).strip(), line, column)))
            self._figure = None
        if self._tables:
            if tag == "table":
                table = self._tables.pop()
                self.page.faults.extend(Mark(*fault) for fault in table.faults())
                if table.id:
                    self.page.tables[table.id] = table.figures
            else:
                self._tables[-1].leave(tag, classes)
        if _skips(tag, classes):
            self._skipped -= 1
        if "finding-card" in classes or "finding-inline" in classes:
            self._card -= 1

    def _fault(self, message: str) -> None:
        line, column = self.getpos()
        self.page.faults.append(Mark(message, line, column + 1))

    def finished(self) -> PageRead:
        """Return the page after telling what is left open or leads nowhere."""
        page = self.page
        page.faults.extend(Mark(f"<{name}> 没有结束标签", line, column) for name, line, column, _ in self._open)
        page.faults.extend(
            Mark(f"<{tag}> 所指的 id“{word}”不存在", line, column)
            for tag, word, line, column in self._references
            if word not in page.ids
        )
        if not self._doctype:
            page.faults.append(Mark("开头缺少 <!doctype html>", 1, 1))
        if not page.title.strip():
            page.faults.append(Mark("缺少 <title>", 1, 1))
        page.words = "".join("".join(self._words).split())
        page.title = " ".join(page.title.split())
        return page


def _skips(tag: str, classes: str) -> bool:
    """Say whether the words of an element are none of the article."""
    return tag in {"script", "style"} or (tag == "a" and "headerlink" in classes)
