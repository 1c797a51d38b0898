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
_CHINESE = (
    "[\u2014\u2018\u2019\u201c\u201d\u2026\u3001-\u303f\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff01-\uffef\U00020000-\U0003134f]"
)
_BREAK = re.compile(rf"(?<={_CHINESE})[ ]?\n[ ]*|[ ]?\n[ ]*(?={_CHINESE})")
_PREFORMATTED = {"pre", "code", "script", "style", "textarea"}


class JoiningTreeprocessor(Treeprocessor):
    """Takes line breaks beside Chinese characters out of the text of elements."""

    def run(self, root: Element) -> None:
        """Change the tree in place."""
        for element in root.iter():
            if element.tag in _PREFORMATTED:
                continue
            if element.text:
                element.text = _BREAK.sub("", element.text)
            for child in element:
                if child.tail and child.tag != "br":
                    child.tail = _BREAK.sub("", child.tail)


class JoiningExtension(Extension):
    """Registers the processor after inline patterns, when text is final."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  # Python-Markdown's name
        """Register."""
        md.treeprocessors.register(JoiningTreeprocessor(md), "joining", 5)


def makeExtension(**options: Any) -> JoiningExtension:  # noqa: N802, ANN401  # Python-Markdown's name
    """Return the extension."""
    return JoiningExtension(**options)
