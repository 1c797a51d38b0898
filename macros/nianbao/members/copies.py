"""Bodies whose reports say the same in the same words (雷同), found among all pairs in bounded time.

A sample of the runs of characters of each report is entered into an index, so that only bodies with words in common
are compared. Of a run that many have, the first `_OWNERS` are kept: what all copy from one model is still found
with these, and the work grows with the words, not with the pairs.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

from nianbao.rules.likeness import own_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_RUN = 8
# One run in so many is kept, chosen by its characters alone, so that both sides choose the same.
_SAMPLE = 4
_FEW = 20
_OWNERS = 20
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


def copies(runs: Mapping[str, frozenset[int]], limit: int) -> tuple[Copy, ...]:
    """Return the pairs of bodies with more than *limit* per cent of their words in common, most alike first."""
    owners: defaultdict[int, list[str]] = defaultdict(list)
    found = []
    for body, own in runs.items():
        common = Counter(other for run in own for other in owners.get(run, ()))
        for other, count in common.items():
            fewer = min(len(own), len(runs[other]))
            if fewer >= _FEW and 100 * count > limit * fewer:
                found.append(Copy(other, body, 100 * count // fewer))
        for run in own:
            if len(owners[run]) < _OWNERS:
                owners[run].append(body)
    return tuple(sorted(found, key=lambda copy: (-copy.share, copy)))
