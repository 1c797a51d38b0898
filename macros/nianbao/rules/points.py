"""Section 5 taken apart: last year's problems, this year's problems, remedies, and the points of each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.prose.numerals import TO_TEN
from nianbao.prose.passages import is_prompt
from nianbao.rules.wording import starts_item

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.prose.passages import PageText, Passage, Sentence

SECTION = "improvement"

# What a part of section 5 is about.
BEFORE, PROBLEMS, REMEDIES = "before", "problems", "remedies"

_LACK = r"(?:问题|不足|短板|差距|薄弱环节)"
_HEADING_LACK = re.compile(_LACK)
_HEADING_REMEDY = re.compile(r"改进|措施|整改|下一?步|打算|努力方向|今后|对策|计划|安排")
_REMEDY = re.compile(
    r"(?:[一二三四五六七八九十][、是]|[（(][一二三四五六七八九十]+[）)]|[0-9]+[.．、])?"
    r"(?:下一步|今后|接下来|针对(?:以上|上述|这些|存在|这一|该)|为此|为解决|改进(?:措施|情况|方向)|整改措施|下一?年度?)"
)
_PROBLEM = re.compile(rf"(?:存在|主要|还有|仍有)[^。；：，]{{0,24}}?{_LACK}")
# By so many characters a sentence has told what it is about.
_OPENING = 80
_NO_PROBLEM = re.compile(r"针对|改进|解决|整改|没有|未")

# A paragraph that does what a heading does: （二）存在的主要问题.
_TITLE = re.compile(
    r"(?:[（(]?[一二三四五六七八九十]{1,2}[）)、])?(?:上一?年|去年|本年|目前|存在|主要|改进|整改|下一?步|今后)[^，。；：]{0,16}"
    r"(?:问题|不足|措施|情况|打算|方向|计划|安排)[：:。]?"
)

_COUNTED = re.compile(r"(?:^|(?<=[：:；。，、\s]))(?P<number>[一二三四五六七八九十])是(?!否)")
_NUMBERED = re.compile(
    r"(?P<dot>[0-9]{1,2}[.．、](?![0-9]))|(?P<bracket>[（(][0-9一二三四五六七八九十]{1,3}[）)])"
    r"|(?P<ordinal>第[一二三四五六七八九十][，、])"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A problem or a remedy: its *text*, and the passage and index where it begins."""

    text: str
    passage: Passage
    start: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """The points of a part. *counted* tells that they are numbered, so that their number is known."""

    points: tuple[Point, ...]
    counted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The sentences of section 5, each with the role of the part that it stands in, or none."""

    page: PageText
    sentences: tuple[tuple[str, Sentence], ...]

    def text(self, *roles: str) -> str:
        """Return the words of the parts with one of *roles*."""
        return "".join(sentence.text for role, sentence in self.sentences if role in roles)

    def points(self, role: str) -> Points:
        """Return the points of the parts with *role*."""
        return _points([sentence for own, sentence in self.sentences if own == role])


def parts(page: PageText, year: int) -> Parts:
    """Take the page of section 5 in the report of *year* apart, by its headings and by how sentences begin."""
    return Parts(page=page, sentences=tuple(_roles(page, year)))


def about_before(heading: str, year: int) -> bool:
    """Say whether *heading* speaks of the year before *year*."""
    return re.search(rf"上一?年|去年|往年|{year - 1}年", heading) is not None


def _roles(page: PageText, year: int) -> Iterator[tuple[str, Sentence]]:
    headed = role = ""
    for passage in page.reported:
        if passage.level:
            headed = role = _heading_role(passage.text, year) if passage.level > 1 else ""
            continue
        if passage.kind == "p" and _TITLE.fullmatch(passage.text):
            headed = role = _heading_role(passage.text, year)
            continue
        for sentence in () if is_prompt(passage) else passage.sentences:
            if not headed:
                role = _opening_role(sentence.text, year) or role
            yield role, sentence


def _heading_role(text: str, year: int) -> str:
    lack, remedy = _HEADING_LACK.search(text), _HEADING_REMEDY.search(text)
    if about_before(text, year):
        return BEFORE
    if lack and remedy:
        return ""  # Problems with their remedies: sentences tell which is which.
    return PROBLEMS if lack else REMEDIES if remedy or f"{year + 1}年" in text else ""


def _opening_role(text: str, year: int) -> str:
    opening = text[:_OPENING]
    if re.match(rf"(?:针对|对于|关于|根据)?(?:上一?年度?|去年|{year - 1}年度?)[^。；]{{0,30}}{_LACK}", opening):
        return BEFORE
    if _REMEDY.match(opening) or opening.startswith(f"{year + 1}年"):
        return REMEDIES
    match = _PROBLEM.search(opening)
    return PROBLEMS if match and not _NO_PROBLEM.search(opening[: match.end()]) else ""


def _points(sentences: list[Sentence]) -> Points:
    if not sentences:
        return Points(points=(), counted=False)
    listed = _listed(sentences)
    running = [
        (sentence.passage, sentence.start + match.start(), match["number"])
        for sentence in sentences
        for match in _COUNTED.finditer(sentence.text)
    ]
    if listed and (len(listed) > 1 or not running):
        return Points(points=listed, counted=True)
    if running and "".join(number for _, _, number in running) == TO_TEN[: len(running)]:
        return Points(points=_filled([place[:2] for place in running], sentences), counted=len(running) > 1)
    return Points(points=(_point(sentences),), counted=False)


def _point(sentences: list[Sentence]) -> Point:
    first = sentences[0]
    return Point(text="".join(sentence.text for sentence in sentences), passage=first.passage, start=first.start)


def _listed(sentences: list[Sentence]) -> tuple[Point, ...]:
    """Return the points that begin as items of a list, or as passages numbered as the first of them is."""
    groups: list[list[Sentence]] = []
    manner = ""
    for number, sentence in enumerate(sentences):
        begins = number == 0 or sentences[number - 1].passage is not sentence.passage
        own = _manner(sentence) if begins else ""
        manner = manner or own
        if own and own == manner:
            groups.append([])
        if groups:
            groups[-1].append(sentence)
    return tuple(_point(group) for group in groups)


def _manner(sentence: Sentence) -> str:
    """Return how a passage that begins with *sentence* is numbered, or nothing."""
    if starts_item(sentence.passage):
        return "list"
    match = _NUMBERED.match(sentence.text)
    return (match.lastgroup or "") if match else ""


def _filled(places: list[tuple[Passage, int]], sentences: list[Sentence]) -> tuple[Point, ...]:
    """Return the points that begin with 一是, 二是 … at *places*, each with its text up to the next."""
    ends = {id(sentence.passage): sentence.end for sentence in sentences}
    points = []
    for number, (passage, start) in enumerate(places):
        following = places[number + 1] if number + 1 < len(places) else None
        end = following[1] if following is not None and following[0] is passage else ends[id(passage)]
        points.append(Point(text=passage.text[start:end], passage=passage, start=start))
    return tuple(points)
