"""A Markdown extension: raw HTML that is in order passes by the parser of HTML, which takes half of Markdown's time.

Tables and drawings of macros are large, and the parser is written in Python. Of a page it has one thing to
say: where blocks of raw HTML begin and end. For a page of plain, well-nested tags one expression tells the
same, and what Markdown gets is the same to the letter. A page with anything else is left to the parser whole.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from markdown.extensions import Extension
from markdown.preprocessors import HtmlBlockPreprocessor, Preprocessor

if TYPE_CHECKING:
    from markdown import Markdown

# After fenced code (25), which may quote HTML, and just before the parser of HTML (20).
_PRIORITY = 22

# Left out are elements whose text is no markup to a parser; which ones is not the same in all versions of
# Python. Titles, which drawings have, may stay: in order they read the same either way.
_TEXT = "iframe|noembed|noframes|noscript|plaintext|script|style|textarea|xmp"
_NAME = rf"(?!(?:{_TEXT})[ \n/>])[a-z][a-z0-9]*+"
_ATTRIBUTES = r'(?:[ \n]++[A-Za-z_][-A-Za-z0-9_.:]*+(?:="[^"]*+")?+)*+[ \n]*+'
_REFERENCE = "#(?:[0-9]++|[xX][0-9A-Fa-f]++);"

# An element without others inside is taken at once: of tables most are such. What begins like markup and has
# no name here is something else.
_MARKUP = re.compile(
    rf"</(?P<closed>{_NAME})>"
    rf"|<(?P<opened>{_NAME}){_ATTRIBUTES}(?:/(?P<empty>>)|>(?:[^<&]*+</(?P<whole>(?P=opened))>)?+)"
    rf"|<[A-Za-z/!?]|&(?=#)(?!{_REFERENCE})"
)

# Elements that have no end tag.
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")
)
# As the parser knows a blank line after a block.
_BLANK = re.compile(" *\n *\n")


class PassingPreprocessor(Preprocessor):
    """Puts blocks of raw HTML aside as the parser of HTML would, where that is certain."""

    def run(self, lines: list[str]) -> list[str]:
        """Return *lines* with placeholders in place of blocks, or as they are."""
        if HtmlBlockPreprocessor not in map(type, self.md.preprocessors):
            return lines  # Another extension has put a parser of its own in its place.
        source = "\n".join(lines)
        found = self._blocks(source)
        if not found:
            return lines
        parts: list[str] = []
        last = 0
        for start, end in found:
            # All line breaks are those that the parser adds.
            block = source[start:end] + ("\n" if _BLANK.match(source, end) else "")
            parts += (source[last:start], "\n", self.md.htmlStash.store(block), "\n\n")
            last = end
        parts.append(source[last:])
        return "".join(parts).split("\n")

    def _blocks(self, source: str) -> list[tuple[int, int]]:
        """Return where blocks begin and end in *source*, or none where anything is out of the ordinary."""
        found = []
        open_: list[str] = []
        start = 0
        for match in _MARKUP.finditer(source):
            closed, opened, empty, whole = match.groups()
            if not open_:
                name = opened or closed
                if name and not self.md.is_block_level(name):
                    continue  # Inline, in a paragraph.
                start = match.start()
                if not opened or empty or opened in _VOID or source[start - 1 : start] not in {"", "\n"}:
                    return []
            if opened is None:
                if closed is None or closed != open_.pop():
                    return []
            elif not (empty or whole or opened in _VOID):
                open_.append(opened)
            if not open_:
                if not source.startswith("\n", match.end()):
                    return []
                found.append((start, match.end()))
        return [] if open_ else found


class PassingExtension(Extension):
    """Registers the preprocessor."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  # Python-Markdown's name
        """Register."""
        md.preprocessors.register(PassingPreprocessor(md), "passing", _PRIORITY)


def makeExtension(**options: Any) -> PassingExtension:  # noqa: N802, ANN401  # Python-Markdown's name
    """Return the extension."""
    return PassingExtension(**options)
