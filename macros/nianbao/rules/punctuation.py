"""Punctuation: full and half width, stray blanks, pairs, and numbers of documents."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nianbao.reading.patterns import lazy_pattern
from nianbao.rules.wording import CHINESE, Found, around, in_pages, near

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.rules.rule import Case, Outcome

_FULL = {",": "，", ":": "：", ";": "；", "!": "！", "?": "？", ".": "。", "(": "（", ")": "）"}

# Half-width marks in Chinese text. A colon may stand between digits, a full stop in addresses and lists.
_HALF = lazy_pattern(
    rf"(?<=[{CHINESE}0-9%）》”])[,;](?=[{CHINESE}《“（])"
    rf"|(?<=[{CHINESE}）》”]):(?=[{CHINESE}0-9《“（])"
    rf"|(?<=[{CHINESE}）》”])[!?](?=[{CHINESE}]|$)"
    rf"|(?<=[{CHINESE}])(?<![一二三四五六七八九十])\.(?=[{CHINESE}]|$)(?!中国|公司|政务|公益|网络)"
)
_QUOTES = lazy_pattern(rf'"[{CHINESE}《][^"]{{0,60}}"')
_DOUBLED = re.compile(r"[，。；：、,;]{2,}")

# Beside a blank that belongs there stand the number of an article, or the name of what follows (邮编：).
_BLANK = lazy_pattern(rf"(?<=[{CHINESE}，；、。])[ \u3000\u00a0]+(?=[{CHINESE}])(?![{CHINESE}]{{1,8}}[：:])")
_BEFORE_MARK = lazy_pattern(rf"(?<=[{CHINESE}0-9%）》”])[ \u3000\u00a0]+(?=[，。；：、）》”])")
_ARTICLE = re.compile(r"第[一二三四五六七八九十百零0-9]{1,6}[条章节款项编]$|部分$")

_BRACKETS = re.compile(r"[()（）]")
_LIST_MARK = re.compile(r"(?:^|[。；：，、\s])[0-9一二三四五六七八九十a-zA-Z①-⑩]{1,3}$")

# Marks that come in pairs, full and half-width brackets alike: their width is told apart from their number.
_PAIRS = {"《": "》", "「": "」", "『": "』", "“": "”", "‘": "’", "（": "）", "〔": "〕", "【": "】"}
_CLOSES = {close: mark for mark, close in _PAIRS.items()}
_PAIRED = re.compile("[" + "".join((*_PAIRS, *_CLOSES)) + "()]")

_NUMBER = lazy_pattern(
    rf"(?P<office>[{CHINESE}])(?P<open>[\[［【（(〔])(?P<year>(?:19|20)[0-9]{{2}})(?P<close>[\]］】）)〕])"
    r"(?P<zeros>第?0*)(?P<number>[0-9]{1,4})号"
)
_NUMBER_AHEAD = lazy_pattern(
    rf"(?P<office>[{CHINESE}])(?P<year>(?:19|20)[0-9]{{2}})[\[［【（(〔](?P<number>[0-9]{{1,4}})[\]］】）)〕]号"
)
# How much of a text before a number names its office; those of S-12 are the notices of the form.
_BEFORE = 12
_NOTICES = re.compile("国办公开办?函$")


def marks(case: Case) -> Iterator[Outcome]:
    """Yield marks of mixed width and stray blanks."""
    yield from in_pages(case, _marks)


def pairs(case: Case) -> Iterator[Outcome]:
    """Yield marks without their partner, and numbers of documents in another form."""
    yield from in_pages(case, _pairs)


def _marks(text: str) -> Iterator[Found]:
    for match in _HALF.finditer(text):
        message = f"“{near(text, match)}”里的“{match[0]}”是半角标点；请改为“{_FULL[match[0]]}”"
        yield Found(start=match.start(), end=match.end(), message=message, words=near(text, match))
    for match in _QUOTES.finditer(text):
        message = f"{match[0]} 用了半角引号；请改为“{match[0][1:-1]}”"
        yield Found(start=match.start(), end=match.end(), message=message)
    for match in _DOUBLED.finditer(text):
        message = f"“{near(text, match)}”的标点“{match[0]}”重复；请只留一个"
        yield Found(start=match.start(), end=match.end(), message=message, words=near(text, match))
    yield from _blanks(text)
    yield from _widths(text)


def _blanks(text: str) -> Iterator[Found]:
    for pattern in (_BLANK, _BEFORE_MARK):
        for match in pattern.finditer(text):
            if pattern is _BLANK and _ARTICLE.search(text, max(match.start() - _BEFORE, 0), match.start()):
                continue
            words = around(text, match.start(), match.end() + (pattern is _BEFORE_MARK))
            message = f"“{words}”中间有多余的空格；请删去"
            yield Found(start=match.start(), end=match.end(), message=message, words=words)


def _widths(text: str) -> Iterator[Found]:
    """Yield pairs of brackets of two widths, and half-width pairs around Chinese words."""
    unclosed: list[int] = []
    for match in _BRACKETS.finditer(text):
        if match[0] in "(（":
            unclosed.append(match.start())
        elif unclosed:
            start, end = unclosed.pop(), match.end()
            inside = text[start + 1 : end - 1]
            words = text[start:end] if len(inside) <= _BEFORE else f"{text[start : start + _BEFORE]}…{text[end - 1]}"
            if (text[start] == "(") != (match[0] == ")"):
                message = f"括号“{words}”一半是全角、一半是半角；请都用全角“（）”"
            elif text[start] == "(" and re.search(f"[{CHINESE}]", inside):
                message = f"括号“{words}”是半角；中文里请用全角“（）”"
            else:
                continue
            yield Found(start=start, end=end, message=message, words=words)


def _pairs(text: str) -> Iterator[Found]:
    unclosed: dict[str, list[int]] = {}
    for match in _PAIRED.finditer(text):
        mark, start = match[0].translate({0x28: "（", 0x29: "）"}), match.start()
        if mark in _PAIRS:
            unclosed.setdefault(mark, []).append(start)
        elif unclosed.get(_CLOSES[mark]):
            unclosed[_CLOSES[mark]].pop()
        elif not _is_apostrophe(text, start) and not (
            mark == "）" and _LIST_MARK.search(text[max(start - 6, 0) : start])
        ):
            words = around(text, start, start + 1, after=8)
            message = f"「{words}」里的 {match[0]} 前面没有配对的 {_CLOSES[mark]}；请补上或删去"
            yield Found(start=start, end=start + 1, message=message, words=words)
    for mark, starts in unclosed.items():
        for start in starts:
            words = around(text, start, start + 1, after=8)
            message = f"「{words}」里的 {text[start]} 后面没有配对的 {_PAIRS[mark]}；请补上或删去"
            yield Found(start=start, end=start + 1, message=message, words=words)
    yield from _numbers(text)


def _is_apostrophe(text: str, start: int) -> bool:
    return text[start] == "’" and start > 0 and text[start - 1].isascii() and text[start - 1].isalpha()


def _numbers(text: str) -> Iterator[Found]:
    for match in _NUMBER.finditer(text):
        right = match["open"] == "〔" and match["close"] == "〕" and not match["zeros"]
        if not right and not _NOTICES.search(text, max(match.start() - _BEFORE, 0), match.end("office")):
            yield _number(match)
    for match in _NUMBER_AHEAD.finditer(text):
        yield _number(match)


def _number(match: re.Match[str]) -> Found:
    start = match.end("office")
    words = match[0][1:]
    message = f"文号“{words}”应写作“〔{match['year']}〕{match['number']}号”；请改正"
    return Found(start=start, end=match.end(), message=message)
