"""A Markdown extension: sentences written on lines of their own are joined without a space.

A browser shows a line break as a space. Between Chinese characters that is a gap which print never has.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from markdown import Markdown

# Han characters with their extensions, Chinese punctuation and full-width forms.
CHINESE = (
    "\u2014\u2018\u2019\u201c\u201d\u2026\u3001-\u303f\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff01-\uffef\U00020000-\U0003134f"
)
_BREAK = re.compile(rf"(?<=[{CHINESE}])[ ]?\n[ ]*|[ ]?\n[ ]*(?=[{CHINESE}])")
PREFORMATTED = {"pre", "code", "script", "style", "textarea"}


def joined(text: str) -> str:
    """Return *text* without the line breaks beside Chinese characters."""
    return _BREAK.sub("", text)


class ChineseLineBreaks(Treeprocessor):
    """Takes line breaks beside Chinese characters out of the text of elements."""

    def run(self, root: Element) -> None:
        """Change the tree in place."""
        for element in root.iter():
            if element.tag in PREFORMATTED:
                continue
            if element.text:
                element.text = joined(element.text)
            for child in element:
                if child.tail and child.tag != "br":
                    child.tail = joined(child.tail)


class ChineseLineBreaksExtension(Extension):
    """Registers the processor after inline patterns, when text is final."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  # Python-Markdown's name
        """Register."""
        md.treeprocessors.register(ChineseLineBreaks(md), "chinese_line_breaks", 5)


def makeExtension(**options: Any) -> ChineseLineBreaksExtension:  # noqa: N802, ANN401  # Python-Markdown's name
    """Return the extension."""
    return ChineseLineBreaksExtension(**options)
