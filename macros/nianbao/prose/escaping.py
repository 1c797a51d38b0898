"""Words written into a page so that it shows just them, whatever Markdown, HTML or macros would make of them."""

from __future__ import annotations

import re

# Characters that Markdown, HTML or a macro would take for more than themselves within a line.
_MEANING = re.compile(r"[\\`*_{}\[\]<>#&|~$^]")
# What stands before a mark that would begin an item, a rule, a heading or a definition.
_LEADING = re.compile(r"(?=[-+=:])|[0-9]+(?=[.)](?:\s|$))")


def within_line(text: str) -> str:
    """Return *text* as a part of a line that shows just it."""
    return _MEANING.sub(lambda found: _reference(found[0]), text)


def line_start(text: str) -> str:
    """Return *text*, which begins with no blank, as the beginning of a line of a paragraph that shows just it."""
    leading = _LEADING.match(text)
    if leading is None:
        return within_line(text)
    at = leading.end()
    return text[:at] + _reference(text[at]) + within_line(text[at + 1 :])


def _reference(character: str) -> str:
    return f"&#{ord(character)};"
