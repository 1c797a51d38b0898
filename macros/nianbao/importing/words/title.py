"""Whose report of which year an original is, and when it was published, as its title, preface and signature say."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.importing.words.spelling import han
from nianbao.prose import numerals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.importing.original import Paragraph

_FIXED = r"政府信息(?:与政务)?公开(?:工作)?年度(?:工作)?报告"
_YEAR = "[0-9]{4}|[二〇○零一三四五六七八九]{4}"
_TITLE = re.compile(
    rf"(?:草稿（[^）]{{0,20}}）)?(?P<name>.*?)(?:关于)?(?P<year>{_YEAR})?年?度?(?P<fixed>{_FIXED})(?:（草稿）)?$"
)
_BODY = re.compile(
    "[\u4e00-\u9fff（）]{1,38}"
    "(?:局|委|办|会|府|心|院|队|所|站|厅|部|社|处|署|公司|学|校|行|道|镇|乡|团|委员会|办公室|馆|台|库|室|中队|支队|总队)"
)
_PERIOD = re.compile(r"([0-9]{4})年1月1日(?:起|开始)?[，,]?(?:至|到|止|—|－|-|~|～)")
_LINES, _LOOKED_AT = 4, 12
_DIGITS = {character: str(index % 10) for index, character in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0"}

_DAY = r"(?P<year>[0-9]{4})(?:年|[-/.])(?P<month>[0-9]{1,2})(?:月|[-/.])(?P<day>[0-9]{1,2})日?"
_CHINESE_DAY = re.compile(
    "(?P<year>[二〇○零一三四五六七八九]{4})年(?P<month>[一二三四五六七八九十]{1,2})月(?P<day>[一二三四五六七八九十]{1,3})日"
)
_PUBLISHED = re.compile(rf"(?:发布|公开|公布|发文|成文|生成)(?:时间|日期)[：:]?{_DAY}")
_SIGNED = re.compile(rf"{_DAY}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """The title of a report: *name* of the body and *year*, None where it does not tell, from *start* up to *end*."""

    name: str
    year: int | None
    start: int
    end: int


def find_title(lines: Sequence[Paragraph]) -> Title | None:
    """Return the title among *lines*, of which it may take several."""
    found: list[Title] = []
    for start in range(min(len(lines), _LOOKED_AT)):
        for end in range(start + 1, min(start + _LINES, len(lines)) + 1):
            words = "".join(line.text.replace(" ", "") for line in lines[start:end]).strip("《》")
            match = _TITLE.fullmatch(words)
            if match is None:
                continue
            name = match["name"]
            if name and not is_body(name):
                continue
            year = match["year"]
            found.append(Title(name=name, year=_year(year) if year else None, start=start, end=end))
    # The fullest says most; of the same the first.
    return max(found, key=lambda title: (bool(title.name) + (title.year is not None), -title.start), default=None)


def other_names(lines: Sequence[Paragraph], title: Title) -> tuple[str, ...]:
    """Return the names of other bodies whose titles, with a year and on a line of their own, follow *title*."""
    found: dict[str, None] = {}
    for line in lines[title.end :]:
        match = _TITLE.fullmatch(line.text.replace(" ", "").strip("《》"))
        if match is not None and match["year"] and is_body(match["name"]) and not same_body(match["name"], title.name):
            found[match["name"]] = None
    return tuple(found)


def is_body(text: str) -> bool:
    """Say whether *text* reads as the name of a public body."""
    return _BODY.fullmatch(text) is not None


def period_year(lines: Sequence[Paragraph]) -> int | None:
    """Return the year whose first day *lines* name as the beginning of the statistics, or None."""
    years = {int(match[1]) for line in lines for match in _PERIOD.finditer(line.text)}
    return years.pop() if len(years) == 1 else None


def published_day(text: str) -> dt.date | None:
    """Return the day on which *text*, a line beside the title on a web page, says that the report was published."""
    match = _PUBLISHED.search(text.replace(" ", ""))
    return None if match is None else _day(*map(int, match.groups()))


def signed_day(text: str) -> dt.date | None:
    """Return the day that *text* is, as it stands below a report, or None where it is anything else."""
    words = text.replace(" ", "")
    match = _SIGNED.fullmatch(words)
    if match is not None:
        return _day(*map(int, match.groups()))
    chinese = _CHINESE_DAY.fullmatch(words)
    if chinese is None:
        return None
    return _day(_year(chinese["year"]), numerals.chinese(chinese["month"]) or 0, numerals.chinese(chinese["day"]) or 0)


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _year(written: str) -> int:
    return int("".join(_DIGITS.get(character, character) for character in written))


def same_body(one: str, other: str) -> bool:
    """Say whether two names of bodies are the same but for blanks and signs."""
    return han(one) == han(other)
