"""Lines as a page cut them, joined to the paragraphs that were written."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from nianbao.importing.words.spelling import FINISHED
from nianbao.reading.numbers import width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.importing.original import Paragraph

NUMBERED = re.compile(r"(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)])")
# An item of a list, or the category above it, where the line before leaves room.
_ITEM = re.compile(r"[0-9]{1,3}[.．、](?![0-9])")
_LISTED = re.compile(rf"{_ITEM.pattern}|[^（）。，；：]{{2,30}}（[0-9]{{1,5}}条）$")
# A line is full up to so many columns less than the usual: an indent of two characters, a mark that was moved on.
_ROOM = 6
# Where so many lines are full, a page has cut them: a share, and at least so many.
_SHARE, _LEAST = 0.25, 3
_ENDLESS = 1_000_000


def joined(lines: Sequence[Paragraph], usual: int | None) -> tuple[Paragraph, ...]:
    """Return *lines* as paragraphs; *usual* is how wide a line is cut, None where lines are paragraphs already."""
    if usual is None:
        return tuple(lines)
    paragraphs: list[Paragraph] = []
    ended, short = True, True
    for line in lines:
        listed = _LISTED.match(line.text) is not None and (short or bool(_ITEM.match(paragraphs[-1].text)))
        if ended or listed or line.level or NUMBERED.match(line.text):
            paragraphs.append(line)
        else:
            before = paragraphs[-1]
            seam = " " if before.text[-1:].isascii() and line.text[:1].isascii() and before.text[-1:].isalpha() else ""
            paragraphs[-1] = replace(before, text=f"{before.text}{seam}{line.text}")
        ended = _ends(line, usual)
        short = width(line.text) < usual - _ROOM
    return tuple(paragraphs)


def _ends(line: Paragraph, usual: int) -> bool:
    """Say whether a paragraph ends with *line*: a heading, or a short line that is finished or an item of a list."""
    if line.level:
        return True
    short = width(line.text) < usual - _ROOM
    heads = (NUMBERED, _LISTED)
    return short and (bool(FINISHED.search(line.text)) or any(head.match(line.text) for head in heads))


def usual_width(lines: Sequence[Paragraph]) -> int:
    """Return how many columns the full ones of *lines* take, or more than any where they were not cut at a width.

    Where a page has cut a line is chance, so that few of the full ones end a sentence; short paragraphs all do.
    """
    widths = sorted(((width(line.text), not FINISHED.search(line.text)) for line in lines), reverse=True)
    best, most = 0, 0
    for wide in dict.fromkeys(wide for wide, _ in widths):
        count = sum(cut for each, cut in widths if wide - _ROOM <= each <= wide)
        if count > most:
            best, most = wide, count
    return best if most >= max(_LEAST, _SHARE * len(widths)) else _ENDLESS
