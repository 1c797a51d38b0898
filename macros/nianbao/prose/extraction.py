"""From the tree of a page to passages of plain text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from nianbao.pages.chinese_line_breaks import CHINESE
from nianbao.prose.passages import Page, PageText, Passage
from nianbao.prose.tree import Drawn, Element, Text
from nianbao.reading.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable

_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_CELLS = frozenset({"td", "th", "dt", "dd", "caption"})
_BLOCKS = _HEADINGS | _CELLS | {"p", "li", "div", "blockquote", "ol", "ul", "table", "tr", "section", "figcaption"}
_SILENT = frozenset({"script", "style", "pre", "template"})

# As the site shows them: no gap beside a Chinese character where a line ends.
_IS_CHINESE = lazy_pattern(f"[{CHINESE}]")
_BLANK = re.compile(r"\s+")


class _Around(NamedTuple):
    """What a passage takes over from the elements around it."""

    kind: str = "p"
    classes: frozenset[str] = frozenset()

    def inside(self, element: Element) -> _Around:
        """Return what holds within *element*."""
        kind = self.kind
        if element.tag in _HEADINGS:
            kind = element.tag
        elif kind not in _HEADINGS and element.tag == "li":
            kind = "li"
        elif kind == "p" and element.tag in _CELLS:
            kind = "td"
        return _Around(kind, self.classes | element.classes)


class _Extractor:
    """Collects the passages of one page."""

    def __init__(self, page: Page) -> None:
        self.passages: list[Passage] = []
        self.pictures: list[Passage] = []
        self._page = page
        self._characters: list[tuple[str, int, bool]] = []
        self._offset = 0  # Where the text that was read last ends.

    def read(self, element: Element, around: _Around) -> None:
        """Take in what *element* holds; what macros have drawn from data is no prose."""
        if element.tag in _SILENT:
            return
        for child in element.children:
            if isinstance(child, Text):
                self._add(child)
            elif isinstance(child, Drawn):
                self._finish(around)
            elif child.tag in _BLOCKS:
                self._finish(around)
                inside = around.inside(child)
                self.read(child, inside)
                self._finish(inside)
            else:
                if child.tag == "img":
                    self._add_picture(child.attributes.get("alt", ""), around.inside(child))
                self.read(child, around.inside(child))

    def finish(self) -> None:
        """Take in the text behind the last block."""
        self._finish(_Around())

    def _add(self, text: Text) -> None:
        for run in text.runs:
            step = 1 if run.typed else 0
            self._characters += (
                (character, run.offset + index * step, run.typed) for index, character in enumerate(run.text)
            )
            self._offset = run.offset + step * len(run.text)

    def _add_picture(self, text: str, around: _Around) -> None:
        """Take in the *text* of a picture; it stands so in the source where neither macros nor references are in it."""
        if not text:
            return
        at = self._page.source.find(text, self._offset)
        found = at >= 0
        self.pictures.append(
            Passage(
                page=self._page,
                kind="img",
                classes=around.classes,
                text=text,
                offsets=tuple(range(at, at + len(text))) if found else (self._offset,) * len(text),
                typed=(found,) * len(text),
            )
        )

    def _finish(self, around: _Around) -> None:
        text = "".join(character for character, _, _ in self._characters)
        kept = [self._characters[index] for index in _kept(text)]
        self._characters = []
        if kept:
            self.passages.append(
                Passage(
                    page=self._page,
                    kind=around.kind,
                    classes=around.classes,
                    text="".join(character if character != "\n" else " " for character, _, _ in kept),
                    offsets=tuple(offset for _, offset, _ in kept),
                    typed=tuple(typed for _, _, typed in kept),
                )
            )


def page_text(root: Element, page: Page) -> PageText:
    """Return *page*, whose tree has this *root*, with its passages and the texts of its pictures."""
    extractor = _Extractor(page)
    extractor.read(root, _Around())
    extractor.finish()
    return PageText(page=page, tree=root, passages=tuple(extractor.passages), pictures=tuple(extractor.pictures))


def _kept(text: str) -> Iterable[int]:
    """Return the indices of *text* that a reader sees: no blanks at the ends, no breaks beside Chinese."""
    dropped: set[int] = set()
    for blank in _BLANK.finditer(text):
        before, line_feed, _ = blank.group().partition("\n")
        start, end = blank.start() + len(before.rstrip(" \t")), blank.end()
        if line_feed and (_IS_CHINESE.match(text[start - 1 : start]) or _IS_CHINESE.match(text[end : end + 1])):
            dropped.update(range(start, end))
    first, last = len(text) - len(text.lstrip()), len(text.rstrip())
    return [index for index in range(first, last) if index not in dropped]
