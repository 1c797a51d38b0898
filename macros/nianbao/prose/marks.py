"""Marks that travel through Markdown, so that rendered characters know where they were typed.

A mark is a private-use character, a number in digits and a closing private-use character. Such
characters have no meaning and no shape; those that a page itself contains are replaced beforehand.
"""

from __future__ import annotations

import re

# Typed text from an offset; words of a macro that was typed at an offset, and their end; what the macro of a
# number draws in a block of its own, and the end of it.
HERE, OPEN, CLOSE, DRAWN, END = "\ue002", "\ue000", "\ue001", "\ue004", "\ue005"
_STOP = "\ue003"
MARK = re.compile(f"([{HERE}{OPEN}{CLOSE}{DRAWN}{END}])([0-9]*){_STOP}")

_PRIVATE = re.compile("[\ue000-\uf8ff]")

# What begins a line in Markdown and must stay at its beginning; headings and quotations need no blank behind it.
_LEADING = re.compile(r"[ \t]*(?:[#>][ \t]*|(?:[-*+]|[0-9]+[.)]|:)[ \t]+)*")
# Lines that are markup as a whole: attributes, rules, fences, HTML, link definitions.
_MARKUP = re.compile(r"[ \t]*(?:\{[^{%]|[-=*_|: \t]+$|```|~~~|<|\[[^\]]*\]:|$)")
# Where a cell of a table begins: the row itself must begin and end with its bars, or it is none.
_CELL = re.compile(r"\|[ \t]*(?=[^\s|])")


def words(text: str, start: int) -> str:
    """Return what a macro that was typed at *start* gave for its sentence, between marks."""
    return f"{OPEN}{start}{_STOP}{text}{CLOSE}{_STOP}"


def drawn(number: int, text: str) -> str:
    """Return what the macro *number* of a page drew in a block of its own, between marks in blocks of their own."""
    return f"\n\n{DRAWN}{number}{_STOP}\n\n{text}\n\n{END}{number}{_STOP}\n\n"


def without_private(source: str) -> str:
    """Return *source* with characters that could be taken for marks replaced, at the same length."""
    return _PRIVATE.sub("\ufffd", source)


def typed(text: str, start: int, *, beginning: bool) -> str:
    """Return literal *text* from the offset *start* with a mark behind what leads each line.

    *beginning* says that a line begins it.
    """
    lines = []
    at = start
    for number, line in enumerate(text.split("\n")):
        whole = beginning or number > 0
        lead = _LEADING.match(line) if whole else None
        end = lead.end() if lead else 0
        if whole and _MARKUP.match(line, end):
            lines.append(line)
        else:
            lines.append(line[:end] + _mark_cells(line[end:], at + end, row=whole and line.startswith("|", end)))
        at += len(line) + 1
    return "\n".join(lines)


def _mark_cells(text: str, start: int, *, row: bool) -> str:
    """Return *text* with marks behind its bars and, unless it is a *row* of a table, one before it."""

    def mark(at: int) -> str:
        return f"{HERE}{start + at}{_STOP}"

    return ("" if row else mark(0)) + _CELL.sub(lambda bar: bar[0] + mark(bar.end()), text)
