"""Labels as they are printed, compared with those of a form."""

from __future__ import annotations

import functools
import re
import unicodedata
from typing import TYPE_CHECKING

from nianbao.reading.characters import RADICALS

if TYPE_CHECKING:
    from collections.abc import Iterable

# Below this two labels are not the same; a rival within the margin makes it doubtful which one is meant.
_ALIKE = 0.72
_MARGIN = 0.12
# What a number that contradicts takes from the likeness.
_CONTRADICTION = 0.15

# A label is no longer; longer text is prose, of which nothing is remembered.
_LONGEST = 300

_NUMBER = re.compile(r"\s*(?:[(（]?\s*([一二三四五六七八九十]+)\s*[)）、.．]|([0-9]{1,2})\s*[.．、](?![0-9]))")
_REMARK = re.compile(r"\([^()]*\)\s*$")
_OUT = re.compile(r"[^0-9A-Za-z\u3400-\u9fff]")


def normalised(text: str) -> str:
    """Return *text* without blanks, punctuation and what cannot be seen; radicals become characters."""
    return _normalised(text) if len(text) <= _LONGEST else _OUT.sub("", plain(text))


@functools.lru_cache(maxsize=65536)
def _normalised(text: str) -> str:
    return _OUT.sub("", plain(text))


def plain(text: str) -> str:
    """Return *text* with the widths and radicals of characters made common; raised and circled digits stay apart."""
    parts = _MARKS.split(text.translate(_TO_CHARACTERS))
    return "".join(part if at % 2 else unicodedata.normalize("NFKC", part) for at, part in enumerate(parts))


# Digits that mark a note or count points: beside a figure they are no part of it.
_MARKS = re.compile("([\u00b2\u00b3\u00b9\u2070-\u2089\u2460-\u2473\u24ea-\u24ff\u2776-\u2793]+)")


_TO_CHARACTERS = str.maketrans(dict(RADICALS))


@functools.lru_cache(maxsize=65536)
def number_of(text: str) -> str:
    """Return the number before a label, empty where there is none."""
    found = _NUMBER.match(plain(text))
    return "" if found is None else found[1] or found[2]


@functools.lru_cache(maxsize=65536)
def _words(text: str) -> str:
    """Return a label normalised, without the number before it and the remark behind it."""
    words = _NUMBER.sub("", plain(text), count=1)
    return normalised(_REMARK.sub("", words)) or normalised(words)


def similarity(one: str, other: str) -> float:
    """Return how alike two labels are, from 0 to 1: 2·LCS / (a + b), with number and remark and without."""
    return _similarity(one, other) if len(one) <= _LONGEST else 0.0


@functools.lru_cache(maxsize=262144)
def _similarity(one: str, other: str) -> float:
    score = max(_ratio(normalised(one), normalised(other)), _ratio(_words(one), _words(other)))
    numbers = number_of(one), number_of(other)
    return score - _CONTRADICTION if all(numbers) and numbers[0] != numbers[1] else score


def best(text: str, labels: Iterable[str]) -> str | None:
    """Return the one of *labels* that *text* means, None where it means none or could mean two."""
    if len(text) > _LONGEST or not normalised(text):
        return None
    scores = sorted(((similarity(text, label), label) for label in dict.fromkeys(labels)), reverse=True)
    if not scores or scores[0][0] < _ALIKE:
        return None
    if len(scores) > 1 and scores[0][0] < 1 and scores[0][0] - scores[1][0] < _MARGIN:
        return None
    return scores[0][1] if len(scores) == 1 or scores[0][0] > scores[1][0] else None


def alike(text: str, label: str) -> bool:
    """Say whether *text* is like *label*, whatever else it may be like."""
    return bool(normalised(text)) and similarity(text, label) >= _ALIKE


def _ratio(one: str, other: str) -> float:
    return 2 * common(one, other) / (len(one) + len(other)) if one and other else 0.0


def common(one: str, other: str) -> int:
    """Return the length of the longest common subsequence: Hyyrö's algorithm, a bit for each character of *one*."""
    places: dict[str, int] = {}
    for at, character in enumerate(one):
        places[character] = places.get(character, 0) | 1 << at
    whole = (1 << len(one)) - 1
    row = whole
    for character in other:
        found = row & places.get(character, 0)
        row = ((row + found) | (row - found)) & whole
    return len(one) - row.bit_count()
