"""The numbers that Word sets before paragraphs by itself: ECMA-376 Part 1, 17.9."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lxml.etree import _Element as Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "〇一二三四五六七八九"
_LEVELS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    start: int
    format: str
    text: str


class Numbering:
    """Counts the paragraphs of one document, in their order; *part* is the root of numbering.xml, None without one."""

    def __init__(self, part: Element | None) -> None:
        self._levels: dict[str, tuple[str, Mapping[int, _Level]]] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        if part is None:
            return
        abstract = {each.get(f"{W}abstractNumId"): _levels(each) for each in part.iter(f"{W}abstractNum")}
        for number in part.iter(f"{W}num"):
            link = number.find(f"{W}abstractNumId")
            name = None if link is None else link.get(f"{W}val")
            levels = dict(abstract.get(name, {}))
            restarted = False
            for override in number.iter(f"{W}lvlOverride"):
                restarted = True
                at = _integer(override.get(f"{W}ilvl"), 0)
                start = override.find(f"{W}startOverride")
                levels.update(_levels(override))
                if start is not None and at in levels:
                    first = _integer(start.get(f"{W}val"), 1)
                    levels[at] = _Level(start=first, format=levels[at].format, text=levels[at].text)
            own = number.get(f"{W}numId", "")
            # Numbers of one definition count on, unless one of them starts anew.
            self._levels[own] = (f"num {own}" if restarted else f"abstract {name}", levels)

    def next(self, number: str, level: int) -> str:
        """Return what stands before the next paragraph of the list *number*; empty where it has a bullet or nothing."""
        key, levels = self._levels.get(number, ("", {}))
        if level not in levels:
            return ""
        counts = self._counts[key]
        counts[level] = counts.get(level, levels[level].start - 1) + 1
        for deeper in range(level + 1, _LEVELS):
            counts.pop(deeper, None)
        if levels[level].format in {"bullet", "none"}:
            return ""

        def shown(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            if at not in levels:
                return ""
            return _written(counts.get(at, levels[at].start), levels[at].format)

        return re.sub(r"%([1-9])", shown, levels[level].text)


def _levels(element: Element) -> dict[int, _Level]:
    return {
        _integer(level.get(f"{W}ilvl"), 0): _Level(
            start=_integer(_value(level, "start"), 1),
            format=_value(level, "numFmt") or "decimal",
            text=_value(level, "lvlText") or "",
        )
        for level in element.iter(f"{W}lvl")
    }


def _value(element: Element, name: str) -> str | None:
    found = element.find(f"{W}{name}")
    return None if found is None else found.get(f"{W}val")


def _integer(text: str | None, default: int) -> int:
    return int(text) if text is not None and re.fullmatch("[0-9]{1,6}", text) else default


def _chinese(number: int) -> str:
    """Return *number*, below 100, as it is counted; higher ones digit by digit."""
    if not 0 < number < 100:  # noqa: PLR2004  # no list of a report goes further
        return "".join(_DIGITS[int(digit)] for digit in str(number))
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else _DIGITS[tens]) + ("十" if tens else "") + (_DIGITS[ones] if ones else "")  # noqa: PLR2004


def _digitwise(number: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(number))


def _letter(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


def _roman(number: int) -> str:
    written = ""
    for value, sign in _ROMAN:
        count, number = divmod(number, value)
        written += sign * count
    return written


_WRITTEN: Mapping[str, Callable[[int], str]] = {
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "ideographDigital": _digitwise,
    "japaneseDigitalTenThousand": _digitwise,
    "lowerLetter": _letter,
    "upperLetter": lambda number: _letter(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "decimalZero": lambda number: f"{number:02}",
}


def _written(number: int, format_: str) -> str:
    return _WRITTEN.get(format_, str)(number)
