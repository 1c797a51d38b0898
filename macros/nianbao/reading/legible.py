"""Names and quoted words for a terminal: nothing in them moves its cursor, turns text around or forges a line."""

from __future__ import annotations

import re

# Control characters, those of direction, separators of lines, and halves of pairs, which stand for bytes that are no
# text in the names of files.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_LINE_ENDS = re.compile(r"\s*[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]\s*")
_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}
_BYTES = range(0xDC80, 0xDD00)  # How Python keeps bytes of names that are no text: PEP 383.


def visible(text: str) -> str:
    r"""Return *text* with such characters written by their codes, as programmers write them: ``\x1b``, ``\u202e``."""
    return _UNSAFE.sub(lambda found: _code(found[0]), text)


def one_line(text: str) -> str:
    """Return the words of *text* on one line, other such characters written by their codes."""
    return visible(_LINE_ENDS.sub(" ", text))


def lines(text: str) -> str:
    """Return *text*, of several lines, with such characters written by their codes."""
    return "\n".join(map(visible, text.split("\n")))


def _code(character: str) -> str:
    number = ord(character)
    if number in _BYTES:
        return f"\\x{number - 0xDC00:02x}"
    return _SHORT.get(character) or (f"\\x{number:02x}" if number <= 0xFF else f"\\u{number:04x}")  # noqa: PLR2004  # one byte


def squeezed(text: str) -> str:
    """Return *text* without blanks and line breaks, in which engines and formats differ."""
    return "".join(text.split())
