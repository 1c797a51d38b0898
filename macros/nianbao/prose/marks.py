"""Marks that travel through Jinja and Markdown, so that rendered characters know where they were typed.

A mark is a private-use character, an offset in digits and a closing private-use character. Such
characters have no meaning and no shape; those that a page itself contains are replaced beforehand.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import jinja2

OPEN, CLOSE, HERE, _END = "\ue000", "\ue001", "\ue002", "\ue003"
MARK = re.compile(f"([{OPEN}{CLOSE}{HERE}])([0-9]*){_END}")

_PRIVATE = re.compile("[\ue000-\uf8ff]")

# What begins a line in Markdown and must stay at its beginning.
_LEADING = re.compile(r"[ \t]*(?:(?:#{1,6}|[-*+]|[0-9]{1,3}[.)]|>|:)[ \t]+)*")
# Lines that are markup as a whole: attributes, rules, fences, HTML, link definitions.
_MARKUP = re.compile(r"[ \t]*(?:\{[^{%]|[-=*_|: \t]+$|```|~~~|<|\[[^\]]*\]:|$)")
# Where a cell of a table begins: the row itself must begin and end with its bars, or it is none.
_CELL = re.compile(r"\|[ \t]*(?=[^\s|])")


def around(text: str) -> str:
    """Return what a macro gave, between marks."""
    return f"{OPEN}{_END}{text}{CLOSE}{_END}"


def without_private(source: str) -> str:
    """Return *source* with characters that could be taken for marks replaced, at the same length."""
    return _PRIVATE.sub("\ufffd", source)


def marked(environment: jinja2.Environment, source: str, start: int) -> str:
    """Return the template *source* with marks in its literal text, which begins at offset *start* of its file."""
    parts: list[str] = []
    position = 0
    for _, kind, value in environment.lex(source):
        found = source.find(value, position)
        position = found if found >= 0 else position  # Jinja may strip blanks beside a tag.
        beginning = not position or source[position - 1] == "\n"
        parts.append(_mark_lines(value, start + position, beginning=beginning) if kind == "data" else value)
        position += len(value)
    return "".join(parts)


def _mark_lines(text: str, offset: int, *, beginning: bool) -> str:
    """Return literal *text* with a mark behind what leads each line; *beginning* says that a line begins it."""
    lines = []
    for number, line in enumerate(text.split("\n")):
        whole = beginning or number > 0
        lead = _LEADING.match(line) if whole else None
        end = lead.end() if lead else 0
        if whole and _MARKUP.match(line, end):
            lines.append(line)
        else:
            lines.append(line[:end] + _mark_cells(line[end:], offset + end, row=whole and line.startswith("|", end)))
        offset += len(line) + 1
    return "\n".join(lines)


def _mark_cells(text: str, offset: int, *, row: bool) -> str:
    """Return *text* with marks behind its bars and, unless it is a *row* of a table, one before it."""

    def mark(at: int) -> str:
        return f"{HERE}{offset + at}{_END}"

    return ("" if row else mark(0)) + _CELL.sub(lambda bar: bar[0] + mark(bar.end()), text)
