"""A page as a tree of elements whose text knows where it was typed: what rules, records and files are read from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from nianbao.prose.marks import DRAWN, END, HERE, MARK, OPEN
from nianbao.reading.html import parse_fragment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lxml.html import HtmlElement

    from nianbao.prose.template import Call

# No page needs as many levels; browsers show some more.
_DEEPEST = 200


class NestedError(ValueError):
    """The HTML of a page nests deeper than anything can show."""


class Run(NamedTuple):
    """Characters of a page. Typed ones stand one after another from *offset*, those of a macro came from there."""

    text: str
    offset: int
    typed: bool


@dataclass(frozen=True, slots=True)
class Text:
    """Text between two tags, as *runs* of characters."""

    runs: tuple[Run, ...]

    @property
    def text(self) -> str:
        """The characters."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Element:
    """An element with its *children*."""

    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: tuple[Node, ...] = ()

    @property
    def classes(self) -> frozenset[str]:
        """The names in ``class``."""
        return frozenset(self.attributes.get("class", "").split())

    def elements(self) -> Iterator[Element]:
        """Yield the children that are elements."""
        yield from (child for child in self.children if isinstance(child, Element))

    def text(self) -> str:
        """Return all text below."""
        return "".join(child.text if isinstance(child, Text) else child.text() for child in self.children)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a macro has drawn in a block of its own; it has *children* only where its words belong to the report."""

    call: Call
    children: tuple[Node, ...] = ()

    def text(self) -> str:
        """Return all text below."""
        return "".join(child.text if isinstance(child, Text) else child.text() for child in self.children)


Node = Text | Element | Drawn


def grow(html: str, calls: Sequence[Call]) -> Element:
    """Return the tree of marked *html*; *calls* are those whose numbers its marks carry. Its root has no name.

    Raises NestedError where it nests too deep.
    """
    return Element("", children=_Growth(calls).children(parse_fragment(html)))


class _Mark(NamedTuple):
    """Where what the macro of a *number* has drawn begins or ends, until it is gathered."""

    begins: bool
    number: int


class _Growth:
    """Reads a document from its beginning to its end; the place of text follows from the marks before it."""

    def __init__(self, calls: Sequence[Call]) -> None:
        self._calls = calls
        self._offset = 0
        self._typed = True
        self._depth = 0

    def children(self, parent: HtmlElement) -> tuple[Node, ...]:
        """Return the children of *parent*, what a macro drew gathered below a node of its own."""
        return self._gathered(self._nodes(parent))

    def _nodes(self, parent: HtmlElement) -> list[Node | _Mark]:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise NestedError
        nodes = [*self._read(parent.text or "")]
        for element in parent:
            nodes += self._element(element)
            nodes += self._read(element.tail or "")
        self._depth -= 1
        return nodes

    def _element(self, element: HtmlElement) -> list[Node | _Mark]:
        tag = str(element.tag)
        if tag == "br":
            return [Element(tag, children=(Text((Run("\n", self._offset, self._typed),)),))]
        nodes = self._nodes(element)
        marks = [node for node in nodes if isinstance(node, _Mark)]
        if tag == "p" and marks and not any(isinstance(node, Element) for node in nodes):
            return [*marks]  # A mark in a block of its own has become a paragraph.
        attributes = {str(name): MARK.sub("", str(value)) for name, value in element.attrib.items()}
        return [Element(tag, attributes, self._gathered(nodes))]

    def _read(self, text: str) -> Iterator[Node | _Mark]:
        """Yield *text* and the marks of drawings in it."""
        runs: list[Run] = []
        position = 0
        for mark in MARK.finditer(text):
            runs += self._run(text[position : mark.start()])
            position = mark.end()
            kind, number = mark[1], int(mark[2] or 0)
            if kind in {DRAWN, END}:
                if runs:
                    yield Text(tuple(runs))
                runs = []
                yield _Mark(kind == DRAWN, number)
                continue
            self._typed = kind != OPEN
            if kind in {HERE, OPEN}:
                self._offset = number
        runs += self._run(text[position:])
        if runs:
            yield Text(tuple(runs))

    def _run(self, text: str) -> Iterator[Run]:
        if text:
            yield Run(text, self._offset, self._typed)
            self._offset += len(text) if self._typed else 0

    def _gathered(self, nodes: list[Node | _Mark]) -> tuple[Node, ...]:
        """Return *nodes* with those between the marks of a drawing below it."""
        found: list[Node] = []
        inside: list[Node] = []
        drawn: Call | None = None
        for node in nodes:
            if not isinstance(node, _Mark):
                (found if drawn is None else inside).append(node)
            elif node.begins:
                drawn = self._calls[node.number]
            elif drawn is not None:
                found.append(Drawn(drawn, tuple(inside)))
                drawn, inside = None, []
        return (*found, *([] if drawn is None else [Drawn(drawn, tuple(inside))]))
