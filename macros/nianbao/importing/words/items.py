"""Information that a body published on its own initiative, as sentences of the first sections list it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_COUNT = re.compile(r"主动公开(?:各类)?(?:政府)?(?:信息?)?(?:共|共计|总计|总数)?(?P<count>[0-9]{1,7})[条件]")
_AMONG = re.compile(r"^[^。；]{0,6}?[，。；,]?其中[，,：:]?")
_PART = re.compile(r"(?:^|[，、,；和及])(?P<name>[^，。、；,0-9]{2,30}?)(?P<count>[0-9]{1,7})[条件]")
_LISTED = re.compile(r"信息(?:包括|如下|具体包括|主要包括|有)[：:](?=1[.．、])")
_CATEGORY = re.compile(r"(?P<name>[^（）。，；：]{2,30})（(?P<count>[0-9]{1,5})条）")
_TITLE = re.compile(r"《[^《》]*(?:《[^《》]*》[^《》]*)*》")
_RATE = re.compile(r"全文电子化率(?:达|达到|为|是)?(?:了|到)?(?P<rate>[0-9]{1,3}(?:\.[0-9]+)?)%")
# No title has these.
_SENTENCE = re.compile("[。；]")
_PREFIX = "公开"
# The category of what the words do not sort.
ALL = "主动公开的信息"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A category of published items: its *name*, how many there are, None where unknown, and the *titles* listed."""

    name: str
    count: int | None
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What was published: *count* in all, by *categories* where these add up to it, else in one.

    *full_text* says whether the items have their full text on the web, all but those *without*, and is None where
    the words do not tell. *raw* is the sentence with the number.
    """

    count: int
    categories: tuple[Listed, ...]
    raw: str
    full_text: bool | None = None
    without: frozenset[str] = frozenset()


def find_items(texts: Iterable[str]) -> Published | None:
    """Return what *texts*, the paragraphs of the first sections, say was published; None where they give no number.

    Titles are taken only where they are as many as the sentence says.
    """
    texts = tuple(texts)
    below = _below_categories(texts)
    if below:
        count = sum(category.count or 0 for category in below)
        return Published(count=count, categories=below, raw=f"逐条列出 {count} 条", full_text=_full_text(texts))
    found = next(((text, match) for text in texts if (match := _COUNT.search(text))), None)
    if found is None:
        return None
    text, match = found
    count = int(match["count"])
    categories = _categories(text[match.end() :], count)
    titles = next((listed for listed in map(_titles, texts) if len(listed) == count), ())
    position, whole = 0, []
    for name, number in categories or ((ALL, count),):
        whole.append(Listed(name=name, count=number, titles=titles[position : position + number]))
        position += number
    raw = next(part for part in re.split("(?<=。)", text[match.start() :]) if part)
    return Published(count=count, categories=tuple(whole), raw=raw, full_text=_full_text(texts))


def counted(count: int) -> Published:
    """Return what is known where the words give but the number of all."""
    return Published(count=count, categories=(Listed(name=ALL, count=count),), raw=f"{count} 条")


def _below_categories(texts: Sequence[str]) -> tuple[Listed, ...]:
    """Return the categories that stand in lines of their own, 概况信息（2条）, each above its numbered titles.

    Numbers run on through all of them; there are none where a line is missing, unless the category says so.
    """
    categories: list[Listed] = []
    number, position = 1, 0
    while position < len(texts):
        head = _CATEGORY.fullmatch(texts[position])
        position += 1
        if head is None:
            continue
        titles: list[str] = []
        while len(titles) < int(head["count"]) and position < len(texts):
            title = re.fullmatch(rf"{number}[.．、](?P<title>.+)", texts[position])
            if title is None:
                break
            if _SENTENCE.search(title["title"]):
                return ()
            titles.append(title["title"])
            number, position = number + 1, position + 1
        if len(titles) < int(head["count"]):
            partly = position < len(texts) and texts[position] == f"这一类只列出其中{len(titles)}条。"
            if not partly and titles:
                return ()
            position += partly
        categories.append(Listed(name=head["name"], count=int(head["count"]), titles=tuple(titles)))
    return tuple(categories) if sum(category.count or 0 for category in categories) else ()


def _categories(text: str, count: int) -> tuple[tuple[str, int], ...]:
    """Return categories and numbers that *text* gives behind the number of all; none unless they add up to *count*."""
    among = _AMONG.match(text)
    if among is None:
        return ()
    listed = re.split("[。；]", text[among.end() :], maxsplit=1)[0]
    parts = [(match["name"], int(match["count"])) for match in _PART.finditer(listed)]
    unique = len({name for name, _ in parts}) == len(parts)
    return tuple(parts) if unique and sum(number for _, number in parts) == count else ()


def _titles(text: str) -> tuple[str, ...]:
    """Return the titles that *text* lists behind 包括：1., those in title marks each for itself."""
    match = _LISTED.search(text)
    if match is None:
        return ()
    entries = list(_entries(text[match.end() :]))
    plain = [entry for entry in entries if not _TITLE.search(entry)]
    short = bool(plain) and all(entry.startswith(_PREFIX) for entry in plain)
    titles: list[str] = []
    for entry in entries:
        named = _TITLE.findall(entry)
        titles += named or [entry.removeprefix(_PREFIX) if short else entry]
    fit = len(set(titles)) == len(titles) and all(titles) and not any(map(_SENTENCE.search, titles))
    return tuple(titles) if fit else ()


def _entries(text: str) -> Iterator[str]:
    """Yield the entries of a list whose numbers run on from 1."""
    number = 1
    while text:
        begin = re.match(rf"{number}[.．、]", text)
        if begin is None:
            return
        number += 1
        following = re.search(rf"(?<![0-9]){number}[.．、](?![0-9])", text)
        end = following.start() if following is not None else len(text)
        entry = text[begin.end() : end]
        yield re.split("[。；]", entry, maxsplit=1)[0] if following is None else entry.strip("；。，、 ")
        text = text[end:]


def _full_text(texts: Iterable[str]) -> bool | None:
    rates = {float(match["rate"]) for text in texts for match in _RATE.finditer(text)}
    return {100.0: True, 0.0: False}.get(rates.pop()) if len(rates) == 1 else None
