"""The words in which reports tell their figures: what each means for a figure beside it.

A clause is read as a figure of the tables only where every word of it stands here: whatever is not
known might make the figure something else. The words are data, in
`nianbao.rules.text.words`; `nianbao.rules.text.statements` joins them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.prose.numerals import Numeral, numerals
from nianbao.rules.text.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# What an unknown run of characters is called.
UNKNOWN = "?"
# Kinds that say what a figure is of.
MEANINGFUL = frozenset(
    "noun row group item col topic out doc act fee publish info category decide site".split()  # noqa: SIM905  # shorter
)

# Units of what is counted or paid, and of time; figures of anything else are words that are not known.
_COUNTING = frozenset("件起宗例份条项部封批篇场期%倍元") | {"", "件次", "万元", "亿元", "个百分点", "百分点"}
_TIMES = frozenset("天日年月时") | {"个月", "个工作日", "工作日"}

_YEAR = "[0-9]{4}年度?"
_LAST = f"上一?年度?|去年度?|{_YEAR}"
_NEXT = f"下一?年度?|次年度?|明年|翌年|{_YEAR}"
_CARRY = "结转|转入|转接|遗留|顺延|延续|结余|跨年"
_GO_ON = "(?:继续|接续|再)?(?:办理|处理|答复|办结)?"

# Expressions with years in them. Each names a kind and value; years in a group must fit the report.
_EXPRESSIONS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    (
        "whole",
        "",
        re.compile(rf"(?:自|从)?(?P<this>{_YEAR})?1月1日起?[至到—–~～-]+(?P<same>{_YEAR})?12月31日(?:止|期间)?"),
    ),
    ("fill", "", re.compile(rf"(?:截至|截止|至|到)?(?P<this>{_YEAR})?(?:12月31日|12月底|年底|年末)(?:止)?")),
    ("join", "", re.compile("加上(?!一?年)")),
    ("fill", "", re.compile("两段合计")),
    ("out", "pending", re.compile("(?:留待|结转|转入|结转到|转到)?下一?年度?(?:继续)?审理")),
    (
        "row",
        "carried_in",
        re.compile(
            rf"(?P<last>{_LAST})(?:年?末|底)?(?:尚未办结|未办结|未办理完毕|办理未结)?的?(?:{_CARRY})"
            rf"(?:到|至|入)?(?:(?P<this>本年度?|今年|{_YEAR}))?{_GO_ON}(?!下|次|明|[0-9]{{4}}年)"
        ),
    ),
    ("row", "carried_in", re.compile(rf"结转(?:自|的)?(?P<last>{_LAST})(?:的)?(?!末)")),
    (
        "row",
        "carried_out",
        re.compile(rf"(?:{_CARRY}|转到|转至|转|延期|延至|留待|推迟)(?:到|至|入|于)?(?P<next>{_NEXT}){_GO_ON}"),
    ),
    ("row", "carried_out", re.compile(rf"(?P<next>{_NEXT})结转")),
    (
        "period",
        "",
        re.compile(
            rf"(?:{_YEAR})?(?:[0-9]{{1,2}}[-—–~～至到、])?(?:1[0-2]|0?[1-9])月(?:份|底|初|[上中下]旬|[0-9]{{1,2}}日)?"
        ),
    ),
    ("period", "", re.compile("[一二三四五六七八九十]{1,2}(?:[至到][一二三四五六七八九十]{1,2})?月(?:份|底|初)?")),
)
_PLAIN_YEAR = re.compile(r"([0-9]{4})年度?")
_EXPRESSION_STARTS = frozenset("0123456789一二三四五六七八九十自从截至到留结转下上去次明翌顺延推遗跨年加两")
_SELF = re.compile(
    "[我本](?:局|委|办|厅|院|校|镇|乡|街道|街|中心|单位|机关|部门|支队|大队|总队|所|站|馆|处|室|部|会|街道办|办公室|行政机关)|全局|全委"
)
_AREA = re.compile("[全我本][省市区县州盟旗]")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a clause from *start* up to *end*, its *kind* and *value*; *numeral* where it is a number."""

    kind: str
    value: str
    start: int
    end: int
    numeral: Numeral | None = None


def _index(words: Mapping[str, Mapping[str, str]]) -> dict[str, list[tuple[str, str, str]]]:
    """Return words with kind and value by first character, longest first."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for kind, values in words.items():
        for value, text in values.items():
            for word in text.split():
                found.setdefault(word[0], []).append((word, kind, value))
    return {first: sorted(entries, key=lambda entry: -len(entry[0])) for first, entries in found.items()}


_BY_FIRST = _index(WORDS)


class Vocabulary:
    """The words of one report: those of all reports, its years, its body's names and its categories of items."""

    def __init__(self, year: int, names: Iterable[str], categories: Iterable[str], *, area: bool) -> None:
        self._year = year
        self._area = area
        own: dict[str, list[tuple[str, str, str]]] = {}
        for name in names:
            for length in range(2, len(name) + 1):
                tail = name[-length:]
                own.setdefault(tail[0], []).append((tail, "self", ""))
        for category in categories:
            own.setdefault(category[0], []).append((category, "category", category))
        self._own = {first: sorted(set(entries), key=lambda entry: -len(entry[0])) for first, entries in own.items()}

    def tokens(self, text: str) -> tuple[Token, ...]:
        """Return *text* as words; what is unknown becomes one token for each run."""
        numbers = {numeral.start: numeral for numeral in numerals(text)}
        found: list[Token] = []
        position = 0
        while position < len(text):
            choices = (self._expression(text, position), self._word(text, position, numbers))
            token = max(filter(None, choices), key=lambda choice: choice.end, default=None)
            if token is None:
                if found and found[-1].kind == UNKNOWN:
                    found[-1] = Token(UNKNOWN, "", found[-1].start, position + 1)
                else:
                    found.append(Token(UNKNOWN, "", position, position + 1))
                position += 1
            else:
                found.append(token)
                position = token.end
        return tuple(found)

    def _expression(self, text: str, position: int) -> Token | None:
        if text[position] not in _EXPRESSION_STARTS:
            return None
        for kind, value, pattern in _EXPRESSIONS:
            match = pattern.match(text, position)
            if match and match.end() > position and self._fits(match.groupdict()):
                return Token(kind, value, position, match.end())
        plain = _PLAIN_YEAR.match(text, position)
        if plain:
            offset = int(plain[1]) - self._year
            return Token("year" if offset else "whole", str(offset), position, plain.end())
        return None

    def _fits(self, groups: dict[str, str | None]) -> bool:
        """Say whether the years that an expression names are those that it means."""
        meant = {"last": self._year - 1, "this": self._year, "same": self._year, "next": self._year + 1}
        return all(
            text is None or not text[0].isdigit() or int(text[:4]) == meant[name] for name, text in groups.items()
        )

    def _word(self, text: str, position: int, numbers: Mapping[int, Numeral]) -> Token | None:
        """Return the longest word at *position*, or the number; words like 三类内部事务信息 go before numbers."""
        best: tuple[str, str, str] | None = None
        for index in (self._own, _BY_FIRST):
            for entry in index.get(text[position], ()):
                if (best is None or len(entry[0]) > len(best[0])) and text.startswith(entry[0], position):
                    best = entry
                    break
        numeral = numbers.get(position)
        if numeral is not None and (best is None or position + len(best[0]) < numeral.end or numeral.digits):
            kind = "num" if numeral.unit in _COUNTING else "period" if numeral.unit in _TIMES else UNKNOWN
            return Token(kind, numeral.unit, numeral.start, numeral.end, numeral if kind == "num" else None)
        pronoun = (_AREA if self._area else _SELF).match(text, position)
        if pronoun and (best is None or pronoun.end() - position >= len(best[0])):
            return Token("self", "", position, pronoun.end())
        if self._area and best is None and _SELF.match(text, position):
            best = (text[position : position + 2], "body", "")
        return None if best is None else Token(best[1], best[2], position, position + len(best[0]))
