"""From marked HTML to passages of plain text."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser
from typing import TYPE_CHECKING, NamedTuple

from nianbao.prose.marks import CLOSE, HERE, MARK, OPEN
from nianbao.prose.passages import Page, Passage
from nianbao.reading.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable

_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_CELLS = frozenset({"td", "th", "dt", "dd", "caption"})
_BLOCKS = _HEADINGS | _CELLS | {"p", "li", "div", "blockquote", "ol", "ul", "table", "tr", "section", "figcaption"}
_SILENT = frozenset({"script", "style", "pre", "template"})
_VOID = frozenset({"br", "img", "hr", "input", "wbr", "source", "col"})

# Browsers, too, nest no deeper than about so.
_DEEPEST = 500

# As the site shows them: no gap beside a Chinese character where a line ends.
_CHINESE = (
    "\u2014\u2018\u2019\u201c\u201d\u2026\u3001-\u303f\u3400-\u9fff\uf900-\ufaff\uff01-\uffef\U00020000-\U0003134f"
)
_IS_CHINESE = lazy_pattern(f"[{_CHINESE}]")
_BLANK = re.compile(r"\s+")


class _Element(NamedTuple):
    """An open element with what it takes over from those around it, so that none need be asked again."""

    tag: str
    classes: frozenset[str] = frozenset()
    kind: str = "p"
    silent: bool = False

    def child(self, tag: str, classes: frozenset[str]) -> _Element:
        """Return the element *tag* within this one."""
        kind = self.kind
        if tag in _HEADINGS:
            kind = tag
        elif kind not in _HEADINGS and tag == "li":
            kind = "li"
        elif kind == "p" and tag in _CELLS:
            kind = "td"
        return _Element(tag, self.classes | classes, kind, self.silent or tag in _SILENT)


class Extractor(HTMLParser):
    """Collects the passages of one page."""

    def __init__(self, page: Page) -> None:
        super().__init__(convert_charrefs=True)
        self.passages: list[Passage] = []
        self._page = page
        self._open = [_Element("")]
        self._tags: Counter[str] = Counter()
        self._characters: list[tuple[str, int, bool]] = []
        self._offset = 0
        self._macro = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a passage where a block begins."""
        if tag in _BLOCKS:
            self._finish()
        if tag == "br":
            self._characters.append(("\n", self._offset, not self._macro))
        if tag not in _VOID and len(self._open) < _DEEPEST:
            self._open.append(self._open[-1].child(tag, frozenset((dict(attrs).get("class") or "").split())))
            self._tags[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        """End a passage where a block ends."""
        if tag in _BLOCKS:
            self._finish()
        while self._tags[tag]:
            closed = self._open.pop().tag
            self._tags[closed] -= 1
            if closed == tag:
                break

    def handle_data(self, data: str) -> None:
        """Add text, and take its marks out."""
        silent = self._open[-1].silent
        position = 0
        for mark in MARK.finditer(data):
            self._add(data[position : mark.start()], silent=silent)
            position = mark.end()
            self._macro = mark[1] == OPEN or (self._macro and mark[1] not in {CLOSE, HERE})
            if mark[1] == HERE:
                self._offset = int(mark[2])
        self._add(data[position:], silent=silent)

    def _add(self, text: str, *, silent: bool) -> None:
        for character in text:
            if not silent:
                self._characters.append((character, self._offset, not self._macro))
            if not self._macro:
                self._offset += 1

    def _finish(self) -> None:
        text = "".join(character for character, _, _ in self._characters)
        kept = [self._characters[index] for index in _kept(text)]
        self._characters = []
        if not kept:
            return
        self.passages.append(
            Passage(
                page=self._page,
                kind=self._open[-1].kind,
                classes=self._open[-1].classes,
                text="".join(character if character != "\n" else " " for character, _, _ in kept),
                offsets=tuple(offset for _, offset, _ in kept),
                typed=tuple(typed for _, _, typed in kept),
            )
        )


def passages(html: str, page: Page) -> tuple[Passage, ...]:
    """Return the passages of marked *html*."""
    extractor = Extractor(page)
    extractor.feed(html)
    extractor.close()
    extractor._finish()  # noqa: SLF001  # text behind the last block
    return tuple(extractor.passages)


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
