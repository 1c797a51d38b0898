"""HTML of pages as a tree that is well-formed whatever the HTML was: a start for making blocks of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

VOID = frozenset({"br", "img", "hr", "input", "wbr", "source", "col", "embed", "track", "area", "base", "link", "meta"})
HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
BLOCKS = HEADINGS | {"p", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "table", "div", "section"}
BLOCKS |= {"article", "aside", "header", "footer", "main", "nav", "figure", "figcaption", "details", "summary", "hr"}
BLOCKS |= {"address", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "colgroup", "fieldset", "form"}

# What a new element ends of those still open, up to the element that holds them.
_NOTHING: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
_PARAGRAPH = (frozenset({"p"}), BLOCKS - {"p"})
_TERM = (frozenset({"dt", "dd"}), frozenset({"dl"}))
_CELL = (frozenset({"td", "th"}), frozenset({"tr", "table"}))
_ROW = (frozenset({"tr", "td", "th", "caption", "colgroup"}), frozenset({"table"}))
_ROWS = (_ROW[0] | {"thead", "tbody", "tfoot"}, _ROW[1])
_ENDS = {"li": (frozenset({"li"}), frozenset({"ul", "ol"})), "dt": _TERM, "dd": _TERM, "td": _CELL, "th": _CELL}
_ENDS |= {"tr": _ROW, "thead": _ROWS, "tbody": _ROWS, "tfoot": _ROWS}

# Browsers, too, nest no deeper than about so; what lies deeper stays at this depth.
_DEEPEST = 200


@dataclass(slots=True)
class Element:
    """An element with its children: elements and text."""

    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    @property
    def classes(self) -> frozenset[str]:
        """The names in ``class``."""
        return frozenset(self.attributes.get("class", "").split())

    def elements(self) -> Iterator[Element]:
        """Yield the children that are elements."""
        yield from (child for child in self.children if isinstance(child, Element))

    def text(self) -> str:
        """Return all text below."""
        return "".join(child if isinstance(child, str) else child.text() for child in self.children)


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._end(*_ENDS.get(tag, _PARAGRAPH if tag in BLOCKS else _NOTHING))
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in VOID and len(self._open) < _DEEPEST:
            self._open.append(element)

    def _end(self, ended: frozenset[str], within: frozenset[str]) -> None:
        """Close up to the outermost open element of *ended* that no element of *within* stands inside."""
        for index in range(len(self._open) - 1, 0, -1):
            tag = self._open[index].tag
            if tag in within:
                return
            if tag in ended:
                del self._open[index:]

    def handle_endtag(self, tag: str) -> None:
        for index in range(len(self._open) - 1, 0, -1):
            if self._open[index].tag == tag:
                del self._open[index:]
                return

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def parse(html: str) -> Element:
    """Return the nameless root of the tree of *html*. Raises AssertionError where a declaration is none."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    return builder.root
