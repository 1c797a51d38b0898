"""From marked HTML to passages of plain text."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from macros.prose.marks import CLOSE, HERE, MARK, OPEN
from macros.prose.passages import Page, Passage

if TYPE_CHECKING:
    from collections.abc import Iterable

_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))
_CELLS = frozenset({"td", "th", "dt", "dd", "caption"})
_BLOCKS = _HEADINGS | _CELLS | {"p", "li", "div", "blockquote", "ol", "ul", "table", "tr", "section", "figcaption"}
_SILENT = frozenset({"script", "style", "pre", "template"})
_VOID = frozenset({"br", "img", "hr", "input", "wbr", "source", "col"})

# As the site shows them: no gap beside a Chinese character where a line ends.
_CHINESE = (
    "\u2014\u2018\u2019\u201c\u201d\u2026\u3001-\u303f"
    "\u3400-\u9fff\uf900-\ufaff\uff01-\uffef\U00020000-\U0003134f"
)
_BREAK = re.compile(rf"(?<=[{_CHINESE}])[ \t]*\n\s*|[ \t]*\n\s*(?=[{_CHINESE}])")


class Extractor(HTMLParser):
    """Collects the passages of one page."""

    def __init__(self, page: Page) -> None:
        super().__init__(convert_charrefs=True)
        self.passages: list[Passage] = []
        self._page = page
        self._open: list[tuple[str, frozenset[str]]] = []
        self._characters: list[tuple[str, int, bool]] = []
        self._offset = 0
        self._macro = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a passage where a block begins."""
        if tag in _BLOCKS:
            self._finish()
        if tag == "br":
            self._characters.append(("\n", self._offset, not self._macro))
        if tag not in _VOID:
            self._open.append((tag, frozenset((dict(attrs).get("class") or "").split())))

    def handle_endtag(self, tag: str) -> None:
        """End a passage where a block ends."""
        if tag in _BLOCKS:
            self._finish()
        while any(name == tag for name, _ in self._open):
            if self._open.pop()[0] == tag:
                break

    def handle_data(self, data: str) -> None:
        """Add text, and take its marks out."""
        silent = any(tag in _SILENT for tag, _ in self._open)
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
        tags = [tag for tag, _ in self._open]
        kind = next((tag for tag in reversed(tags) if tag in _HEADINGS), None)
        kind = kind or ("li" if "li" in tags else "td" if _CELLS & set(tags) else "p")
        self.passages.append(
            Passage(
                page=self._page,
                kind=kind,
                classes=frozenset().union(*(classes for _, classes in self._open)),
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
    dropped = {index for match in _BREAK.finditer(text) for index in range(*match.span())}
    first, last = len(text) - len(text.lstrip()), len(text.rstrip())
    return [index for index in range(first, last) if index not in dropped]
