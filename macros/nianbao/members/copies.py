"""Bodies whose reports say the same in the same words (雷同), found among all pairs in bounded time.

A sample of the runs of characters of each report is kept, and only bodies with runs in common are compared, see
`nianbao.members.answers`. Of a run that many have, the first `OWNERS` are: what all copy from one model is still
found with these, and the work grows with the words, not with the pairs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

from nianbao.rules.likeness import own_words

if TYPE_CHECKING:
    from collections.abc import Iterable

_RUN = 8
# One run in so many is kept, chosen by its characters alone, so that both sides choose the same.
_SAMPLE = 4
# Bodies with fewer are not compared; so many of those that have a run stand for all of them.
FEW = 20
OWNERS = 20
_MOST = 100_000

# A macro, a statement of a template, the id or class of a heading.
_MACRO = re.compile(r"\{\{.{0,500}?\}\}|\{%.{0,500}?%\}|\{[ :]*[#.][^{}\n]{0,100}\}", re.DOTALL)
_SENTENCE = re.compile(r"[^。；！？\n]+")


@dataclass(frozen=True, slots=True, order=True)
class Copy:
    """Two bodies, by id, and how many of the words of the one that has fewer stand in the other too, in per cent."""

    body: str
    other: str
    share: int


def runs_of(pages: Iterable[str], names: Iterable[str]) -> frozenset[int]:
    """Return the sample of runs in the Markdown of *pages*; *names* of the body count for nothing."""
    text = _MACRO.sub("", "\n".join(pages)[:_MOST])
    kept = tuple(sorted(names, key=len, reverse=True))
    runs: set[int] = set()
    for sentence in _SENTENCE.findall(text):
        words = own_words(sentence, kept).encode("utf-32-le")
        size = 4 * _RUN
        runs.update(crc32(words[start : start + size]) for start in range(0, len(words) - size + 1, 4))
    return frozenset(run for run in runs if run % _SAMPLE == 0)
