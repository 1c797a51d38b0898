"""The canonical article: what readers notice of a page, block by block, from its source or from the built page alike.

Line ends, blanks beside Chinese and the way in which the source is written are no part of it; words, their order,
headings and their addresses, links and where they lead, pictures, emphasis and notes are.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, unquote, urldefrag

from nianbao.pages.allowed import CLASSES
from nianbao.pages.session import front_matter
from nianbao.prose.passages import TRANSCRIPTION
from nianbao.prose.tree import Drawn, Element, Text
from nianbao.reading.addresses import is_absolute

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from nianbao.prose.passages import PageText
    from nianbao.prose.tree import Node

# The kind of a block that says what a macro draws there, by its call, and of what stands above a page.
DRAWN, FRONT = "drawn", "front"

# It draws nothing until a report is corrected, and then a rule asks for it: where it stands is no content.
_SILENT_CALLS = frozenset({"correction_list"})

_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_CELLS = frozenset({"td", "th"})
# What shows where a block stands: a paragraph in an item of a list is no other than the item.
_CONTAINERS = frozenset({"blockquote", "ul", "ol", "dl", "figure", "table"})
_NAMED = _HEADINGS | {"li", "caption", "pre", "dt", "dd", "figcaption"}
_PASSED = frozenset({"p", "div", "section", "article", "thead", "tbody", "tfoot", "tr", "colgroup", "col", "hr"})
_BLOCKS = _HEADINGS | _CELLS | _CONTAINERS | _NAMED | _PASSED | {"nav", "details", "summary", "svg"}
_UNHEARD = frozenset({"script", "style", "template", "colgroup", "col"})

# Inline elements that look alike are told alike; the rest is told by its name.
_LOOKS = {"strong": "粗体", "b": "粗体", "em": "斜体", "i": "斜体", "del": "删除线", "s": "删除线", "code": "代码"}
_LINK, _PICTURE, _BREAK, _BRACKETS = "链接", "图", "换行", {"⟦": "左括号", "⟧": "右括号"}

# Marks of markup within a text; those that are typed are written so that none can be taken for one.
OPENING, DIVIDING, CLOSING = "⟦", "｜", "⟧"  # the full-width bar is meant
_MARKED = re.compile(f"{OPENING}([^{OPENING}{CLOSING}{DIVIDING}]*)(?:{DIVIDING}([^{OPENING}{CLOSING}]*))?{CLOSING}")

_MARK = re.compile(f"{OPENING}[^{OPENING}{CLOSING}{DIVIDING}]*{DIVIDING}|{CLOSING}")

_BLANK = re.compile(r"\s+")

_DRAWN_TAGS = frozenset({"nav", "details", "svg"})


class Block(NamedTuple):
    """A part of a page: its *kind*, such as ``h2#sections``, ``ul li`` or ``drawn``, and its *text* with its markup."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class PlacedBlock:
    """A *block* with the offset in the source of each of its characters; *drawn* is what no author can have typed."""

    block: Block
    offsets: tuple[int, ...]
    drawn: bool = False


def article(text: PageText, year: int) -> Iterator[PlacedBlock]:
    """Yield what readers notice of a page of *year* as it is written."""
    for key, value in sorted(front_matter(text.page.source).items(), key=str):
        said = f"{key}: {value}"
        yield PlacedBlock(Block(FRONT, said), (0,) * len(said))
    yield from blocks(text.tree, f"{year}/{text.page.name}")


def blocks(root: Element, page: str) -> Iterator[PlacedBlock]:
    """Yield what readers notice below *root*; *page* is its path below the site, from which its links start."""
    writer = _Writer(page)
    writer.read(root.children, _Around())
    writer.finish(_Around())
    yield from writer.found


def plain(text: str) -> str:
    """Return the *text* of a block without its markup."""
    while (shorter := _MARKED.sub(_unmarked, text)) != text:
        text = shorter
    return text


def typed_at(text: str, index: int) -> int:
    """Return where in the *text* of a block the character stands that is number *index* without markup."""
    shown = 0
    position = 0
    while position < len(text):
        mark = _MARK.match(text, position)
        if mark is not None:
            position = mark.end()
        elif shown == index:
            break
        else:
            shown += 1
            position += 1
    return position


def _unmarked(mark: re.Match[str]) -> str:
    if mark[2] is None:
        return {_BREAK: " ", **dict.fromkeys(_BRACKETS.values(), "□")}.get(mark[1], "")
    return mark[2]


def addresses(found: Iterable[Block]) -> Iterator[str]:
    """Yield where links lead and pictures lie, as paths below the site where they lie there."""
    for block in found:
        for mark in re.finditer(f"{OPENING}(?:{_LINK}|{_PICTURE})：([^{OPENING}{CLOSING}{DIVIDING}]*)", block.text):
            yield mark[1] if is_absolute(mark[1]) else unquote(mark[1])


def resolved(address: str, page: str) -> str:
    """Return where *address* leads from *page*: a path below the site, or the address itself where it leads out."""
    address = address.strip()
    if is_absolute(address):
        return address
    path, fragment = urldefrag(address)
    path, _, query = path.partition("?")
    path = unquote(path)
    target = posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) if path else page
    if path.endswith("/") or target == ".":
        target = posixpath.join(target, "index.html").removeprefix("./")
    target = re.sub(r"\.md\Z", ".html", target)
    return target + (f"?{query}" if query else "") + (f"#{unquote(fragment)}" if fragment else "")


@dataclass(frozen=True, slots=True)
class _Around:
    """What a block takes over from the elements around it."""

    path: tuple[str, ...] = ()
    note: bool = False
    drawn: bool = False

    def inside(self, element: Element) -> _Around:
        """Return what holds within *element*."""
        tag, told = element.tag, _told(element.attributes)
        step: tuple[str, ...] = ()
        if tag in _CONTAINERS | _NAMED | _CELLS:
            step = (f"{tag}{told}",)
        elif told:
            step = (told,)
        return _Around(
            (*self.path, *step),
            self.note or TRANSCRIPTION in element.classes,
            self.drawn or tag in _DRAWN_TAGS or _is_drawn(element.attributes),
        )

    @property
    def kind(self) -> str:
        """How a block is called that stands here."""
        return " ".join([*(["note"] if self.note else []), *(self.path or ("p",))])


def _told(attributes: Mapping[str, str]) -> str:
    """Return the attributes of a block that readers notice: where links find it, words of a tip, numbers, spans."""
    told = [f"#{attributes['id']}"] if attributes.get("id") else []
    told += [f"[{name}={attributes[name]}]" for name in ("start", "title", "colspan", "rowspan") if name in attributes]
    # No author can write these (`nianbao.pages.allowed`); somebody has put them into a built page.
    told += [f"[{name}={attributes[name]}]" for name in ("hidden", "style") if _is_hiding(name, attributes)]
    return "".join(told)


def _is_hiding(name: str, attributes: Mapping[str, str]) -> bool:
    return name in attributes and not attributes[name].startswith("text-align:")


def _is_drawn(attributes: Mapping[str, str]) -> bool:
    """Say whether a macro or the theme drew an element with *attributes*, and no author wrote it."""
    own = CLASSES.fullmatch(attributes.get("class", "")) is None
    return own or any(name == "role" or name.startswith(("data-", "aria-")) for name in attributes)


@dataclass(slots=True)
class _Writer:
    """Collects the blocks of one page."""

    page: str
    found: list[PlacedBlock] = field(default_factory=list)
    _characters: list[tuple[str, int]] = field(default_factory=list)
    _offset: int = 0

    def read(self, nodes: Iterable[Node], around: _Around) -> None:
        """Take in *nodes*."""
        for node in nodes:
            if isinstance(node, Text):
                self._add_text(node)
            elif isinstance(node, Drawn):
                self.finish(around)
                if node.call.name not in _SILENT_CALLS:
                    self.found.append(PlacedBlock(Block(DRAWN, node.call.words), (node.call.start,)))
            elif node.tag in _UNHEARD or "headerlink" in node.classes:
                continue
            elif node.tag in _BLOCKS:
                self._read_block(node, around)
            else:
                self._read_inline(node, around)

    def finish(self, around: _Around, *, always: bool = False) -> None:
        """End a block; an empty one is kept only where it has a place of its own, as a cell has."""
        text, offsets = _tidied(self._characters)
        self._characters = []
        if text or always:
            self.found.append(PlacedBlock(Block(around.kind, text), offsets, around.drawn))

    def _read_block(self, element: Element, around: _Around) -> None:
        self.finish(around)
        inside = around.inside(element)
        if element.tag in _CELLS:
            self._read_cell(element, inside)
        elif element.tag == "tr":
            cells = [child for child in element.elements() if child.tag in _CELLS]
            for number, cell in enumerate(cells):
                place = _Around((*inside.path, *(() if number else ("tr",))), inside.note, inside.drawn)
                self._read_cell(cell, place.inside(cell))
        else:
            self.read(element.children, inside)
            if element.tag == "hr":
                self.found.append(PlacedBlock(Block("hr", ""), (self._offset,), inside.drawn))
            self.finish(inside)

    def _read_cell(self, cell: Element, inside: _Around) -> None:
        before = len(self.found)
        self.read(cell.children, inside)
        self.finish(inside, always=len(self.found) == before)

    def _read_inline(self, element: Element, around: _Around) -> None:
        """Take in an *element* within a line, with what it makes of its words."""
        tag, attributes = element.tag, element.attributes
        if tag == "br":
            self._mark(f"{OPENING}{_BREAK}{CLOSING}")
            return
        told = _told(attributes)
        if tag == "img":
            alternative = _escaped(attributes.get("alt", ""))
            address = _in_mark(resolved(attributes.get("src", ""), self.page))
            self._mark(f"{OPENING}{_PICTURE}：{address}{told}{DIVIDING}{alternative}{CLOSING}")
            return
        if tag == "a" and "href" in attributes:
            name = f"{_LINK}：{_in_mark(resolved(attributes['href'], self.page))}"
        else:
            name = "" if tag in {"a", "span"} else _LOOKS.get(tag, tag)
        if not name + told:
            self.read(element.children, around.inside(element))
            return
        self._mark(f"{OPENING}{name}{told}{DIVIDING}")
        self.read(element.children, around)
        self._mark(CLOSING)

    def _add_text(self, text: Text) -> None:
        for run in text.runs:
            for index, character in enumerate(run.text):
                self._offset = run.offset + (index if run.typed else 0)
                for written in _escaped(character):
                    self._characters.append((written, self._offset))

    def _mark(self, mark: str) -> None:
        self._characters += ((character, self._offset) for character in mark)


def _escaped(text: str) -> str:
    return re.sub(f"[{OPENING}{CLOSING}]", lambda found: f"{OPENING}{_BRACKETS[found[0]]}{CLOSING}", text)


def _in_mark(address: str) -> str:
    """Return *address* so that it neither ends its mark nor loses its blanks."""
    special = rf"[\s{OPENING}{CLOSING}{DIVIDING}{'' if is_absolute(address) else '%'}]"
    return re.sub(special, lambda found: quote(found[0], safe=""), address)


def _tidied(characters: list[tuple[str, int]]) -> tuple[str, tuple[int, ...]]:
    """Return text and offsets without the blanks that readers of Chinese do not notice."""
    text = "".join(character for character, _ in characters)
    dropped: set[int] = set()
    spaces: set[int] = set()
    for blank in _BLANK.finditer(text):
        start, end = blank.span()
        beside = start == 0 or end == len(text) or not (text[start - 1].isascii() and text[end].isascii())
        dropped.update(range(start if beside else start + 1, end))
        if not beside:
            spaces.add(start)
    kept = [index for index in range(len(text)) if index not in dropped]
    return (
        "".join(" " if index in spaces else text[index] for index in kept),
        tuple(characters[index][1] for index in kept),
    )
