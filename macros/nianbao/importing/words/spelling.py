"""Words of originals as they are to be read: characters as they were meant, blanks where print has none taken out."""

from __future__ import annotations

import re
import unicodedata

from nianbao.reading.characters import restored
from nianbao.reading.patterns import lazy_pattern

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff"
_WIDE = f"{_HAN}\u2014\u2018\u2019\u201c\u201d\u2026\u3001-\u3020\uff01-\uff5e"
_BLANK = re.compile(r"\s+")
# Typesetting: blanks beside a figure, and in text that was set line by line also between Chinese characters.
_BESIDE_FIGURES = lazy_pattern(rf"(?<=[{_WIDE}]) (?=[0-9])|(?<=[0-9%]) (?=[{_WIDE}])")
_BEHIND_MARKS = lazy_pattern("(?<=[\u3001-\u3003\u3008-\u3011\uff01-\uff0f\uff1a-\uff1f]) ")
_BETWEEN = lazy_pattern(rf"(?<=[{_WIDE}]) (?=[{_WIDE}])")
# The end of a sentence, or of a part of one.
FINISHED = re.compile(r"[。！？；：][”’」』）)]*$")
_NO_HAN = lazy_pattern(f"[^{_HAN}]+")


def spelled(text: str, *, typeset: bool) -> str:
    """Return *text* as one line; *typeset* tells that blanks between Chinese characters are the typesetter's."""
    line = _BLANK.sub(" ", restored(text)).strip()
    for blanks in (_BESIDE_FIGURES, _BEHIND_MARKS):
        line = blanks.sub("", line)
    return _BETWEEN.sub("", line) if typeset else line


def han(text: str) -> str:
    """Return the Chinese characters of *text*, by which labels and titles are compared."""
    return _NO_HAN.sub("", unicodedata.normalize("NFKC", text))
