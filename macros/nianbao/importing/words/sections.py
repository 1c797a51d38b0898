"""The words of an original, sorted: title, preface, the sections of the form, and what belongs to none of them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from types import MappingProxyType
from typing import TYPE_CHECKING

from nianbao.importing.answers import Unused
from nianbao.importing.original import Paragraph, Picture, Table
from nianbao.importing.words.items import Published, find_items
from nianbao.importing.words.paragraphs import joined, usual_width
from nianbao.importing.words.spelling import han, spelled
from nianbao.importing.words.table_words import TABLE, TableWords
from nianbao.importing.words.title import find_title, is_body, period_year, published_day, same_body, signed_day

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from nianbao.importing.original import Original
    from nianbao.model.form import Form, Section

# Kinds whose text a page has cut into lines.
_CUT = ("PDF", "文本")
_NUMBER = re.compile(r"(?:第)?(?P<number>[一二三四五六七八九十]{1,2})(?:、|[.．,，]|部分[：:]?)")
_SUB = re.compile(r"[（(](?P<number>[一二三四五六七八九十]{1,3})[）)]、?")
_HEADING = re.compile(r"(?P<words>[^。：:，,；;0-9]{2,24})(?:[。：:]|$)")
# How like a title a line must be that has a number before it, and how much longer than it may be.
_LIKE, _LONGER = 0.75, 6
_FURNITURE = re.compile(
    r"扫一扫|扫描二维码|分享到|打印本页|关闭窗口|责任编辑|浏览次数|点击数|上一篇|下一篇|相关链接|版权所有|网站标识码"
    r"|ICP备|公网安备|网站地图|当前位置|字号[：:]|字体[：:]|来源[：:]|发布机构[：:]|索引号|(?:发布|公开)(?:时间|日期)[：:]"
)
_ATTACHED = re.compile(r"附件[：:0-9]")
_PAGE_NUMBER = re.compile(
    r"[-—–－·]\s?[0-9]{1,3}\s?[-—–－·]|第\s?[0-9]{1,3}\s?页(?:\s?[,，/]?\s?共\s?[0-9]{1,3}\s?页)?"
)
_REPEATED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A paragraph, or with *heading* a heading of a part, as the original has it at *place*."""

    text: str
    place: str
    heading: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the words of an original say.

    *sections* has the paragraphs of each section of the form that was found, by its id, *after* those behind its
    table; *numbers* and *titles* what is printed there in place of the form's own. *published_on* is the day beside
    the title or below the report.
    """

    name: str
    year: int | None
    preface: tuple[Words, ...]
    sections: Mapping[str, tuple[Words, ...]]
    after: Mapping[str, tuple[Words, ...]]
    numbers: Mapping[str, str]
    titles: Mapping[str, str]
    items: Published | None
    published_on: dt.date | None
    unused: tuple[Unused, ...]

    @property
    def found(self) -> int:
        """How many sections were found."""
        return len(self.sections)


def read_words(original: Original, form: Form) -> Told:
    """Return what *original* says in words, in the sections of *form*."""
    pictures = (content for content in original.contents if isinstance(content, Picture))
    unused = [Unused(raw="图片", place=picture.place, why="图片没有读入") for picture in pictures]
    lines = _without_furniture(spelled_lines(original), unused)
    starts = _starts(lines, form)
    words = TableWords(form)
    first = min((start.line for start in starts), default=len(lines))
    before, published = _published(lines[:first], unused)
    title = find_title(before)
    preface = [line for line in before[title.end :] if line.text != TABLE] if title is not None else []
    unused += (
        Unused(raw=line.text, place=line.place, why="标题前面的文字")
        for line in (before[: title.start] if title is not None else before)
        if line.text != TABLE
    )
    ends = [*(start.line for start in starts[1:]), len(lines)][: len(starts)]
    parts: dict[str, Sequence[Paragraph]] = {}
    behind: dict[str, Sequence[Paragraph]] = {}
    for start, end in zip(starts, ends, strict=True):
        part = [*start.rest, *lines[start.line + start.taken : end]]
        if start.section.table:
            cut = words.cut(part)
            part, behind[start.section.id] = list(cut.before), cut.after
            unused += (Unused(raw=line.text, place=line.place, why="表格里的文字，格式里没有") for line in cut.odd)
        parts[start.section.id] = [line for line in part if line.text != TABLE]
    name = title.name if title is not None else ""
    signature = _Signature(name)
    if starts:
        last = starts[-1].section.id
        latest = behind if behind.get(last) else parts
        latest[last], own = signature.cut(latest[last])
        unused += own
    prose = [*preface, *(line for part in (*parts.values(), *behind.values()) for line in part)]
    usual = usual_width(prose) if _is_cut(original) else None
    sections = {id_: tuple(_parts(joined(part, usual))) for id_, part in parts.items()}
    after = {id_: tuple(_parts(joined(part, usual))) for id_, part in behind.items()}
    beginning = joined(preface, usual)
    texts = [text.text for section in form.sections[:2] for text in sections.get(section.id, ())]
    return Told(
        name=name or signature.name,
        year=title.year if title is not None and title.year is not None else period_year([*beginning, *lines]),
        preface=tuple(_parts(beginning)),
        sections=MappingProxyType(sections),
        after=MappingProxyType(after),
        numbers=MappingProxyType({start.section.id: start.number for start in starts if start.number}),
        titles=MappingProxyType({start.section.id: start.title for start in starts if start.title}),
        items=find_items(texts),
        published_on=published or signature.day,
        unused=tuple(unused),
    )


def _is_cut(original: Original) -> bool:
    return original.kind in _CUT


def spelled_lines(original: Original) -> list[Paragraph]:
    """Return the lines of *original*, one for each table; breaks within its paragraphs end lines, too."""
    lines: list[Paragraph] = []
    for content in original.contents:
        if isinstance(content, Paragraph):
            texts = (spelled(line, typeset=_is_cut(original)) for line in content.text.split("\n"))
            lines += (replace(content, text=text) for text in texts if text)
        elif isinstance(content, Table):
            lines.append(Paragraph(text=TABLE, place=content.place, page=content.page))
    return lines


def _without_furniture(lines: Sequence[Paragraph], unused: list[Unused]) -> list[Paragraph]:
    """Return *lines* without those that pages repeat, page numbers and what websites add around an article."""
    pages: Counter[str] = Counter()
    for text in {(line.text, line.page) for line in lines if line.page is not None}:
        pages[text[0]] += 1
    kept = []
    for line in lines:
        on_pages = line.page is not None and bool(han(line.text)) and pages[line.text] >= _REPEATED
        if _PAGE_NUMBER.fullmatch(line.text):
            unused.append(Unused(raw=line.text, place=line.place, why="页码"))
        elif on_pages and not _SUB.match(line.text) and len(han(line.text)) > 1 and _is_header(line.text):
            unused.append(Unused(raw=line.text, place=line.place, why="各页重复的文字"))
        elif _FURNITURE.search(line.text) and len(line.text) <= _LONGEST_FURNITURE and not published_day(line.text):
            unused.append(Unused(raw=line.text, place=line.place, why="网页或版面上的文字"))
        elif _ATTACHED.match(line.text):
            unused.append(Unused(raw=line.text, place=line.place, why="附件没有读入，要公布的另放进 docs 并加链接"))
        else:
            kept.append(line)
    return kept


_LONGEST_FURNITURE = 60


def _is_header(text: str) -> bool:
    return "报告" in text or is_body(text)


def _published(lines: Sequence[Paragraph], unused: list[Unused]) -> tuple[list[Paragraph], dt.date | None]:
    """Return *lines* above the first section without those that say when the report was published, and that day."""
    kept: list[Paragraph] = []
    day: dt.date | None = None
    for line in lines:
        found = published_day(line.text)
        if found is None:
            kept.append(line)
            continue
        day = day or found
        unused.append(Unused(raw=line.text, place=line.place, why="发布信息，日期已另记"))
    return kept, day


@dataclass(frozen=True, slots=True, kw_only=True)
class _Start:
    """Where *section* begins: at *line*, whose heading takes so many lines, with the *rest* of the heading's line.

    *number* and *title* are what is printed in place of the form's own, empty where it is the same or none.
    """

    section: Section
    line: int
    taken: int = 1
    rest: tuple[Paragraph, ...] = ()
    number: str = ""
    title: str = ""
    score: float = 1.0


def _starts(lines: Sequence[Paragraph], form: Form) -> tuple[_Start, ...]:
    """Return where the sections begin, in their order; a table of contents stands before and is passed over."""
    candidates = [start for line in range(len(lines)) if (start := _start(lines, line, form)) is not None]
    order = {section.id: index for index, section in enumerate(form.sections)}
    found: list[_Start] = []
    # The longest chain of sections in their order; of equal ones that which begins last.
    best: dict[int, tuple[float, int]] = {}
    for index in range(len(candidates) - 1, -1, -1):
        own = candidates[index]
        after = [
            later
            for later in range(index + 1, len(candidates))
            if order[candidates[later].section.id] > order[own.section.id]
        ]
        follower = max(after, key=lambda later: (best[later][0], later), default=-1)
        best[index] = (own.score + (best[follower][0] if follower >= 0 else 0), follower)
    at = max(best, key=lambda index: (best[index][0], index), default=-1)
    while at >= 0:
        found.append(candidates[at])
        at = best[at][1]
    return tuple(found)


def _start(lines: Sequence[Paragraph], at: int, form: Form) -> _Start | None:
    """Return the section whose heading stands at the line *at*, or None."""
    line = lines[at]
    text = line.text
    number = _NUMBER.match(text)
    if _SUB.match(text):
        return None
    words = text[number.end() :] if number is not None else text
    for section in form.sections:
        wanted = _letters(section.title)
        ahead = re.match(r"[.。：:\s]*(.*)$", _after(words, wanted)) if _letters(words).startswith(wanted) else None
        if ahead is not None and (number is not None or not ahead[1]):
            whole = not ahead[1] or _after(words, wanted)[:1] in set("。：: ")
            if whole:
                rest = (replace(line, text=ahead[1]),) if ahead[1] else ()
                return _Start(section=section, line=at, rest=rest, number=_other(number, section))
        following = lines[at + 1].text if at + 1 < len(lines) else ""
        if number is not None and all(halves := (_letters(words), _letters(following))) and "".join(halves) == wanted:
            return _Start(section=section, line=at, taken=2, number=_other(number, section))
    if number is None and not line.level:
        return None
    return _alike(words, at, form, number)


def _alike(words: str, at: int, form: Form, number: re.Match[str] | None) -> _Start | None:
    """Return the section whose title *words* nearly are."""
    printed = han(words)
    scores = [
        (SequenceMatcher(None, printed, han(section.title), autojunk=False).ratio(), section)
        for section in form.sections
        if printed and len(printed) <= len(han(section.title)) + _LONGER
    ]
    score, section = max(scores, key=lambda pair: pair[0], default=(0.0, None))
    if section is None or score < _LIKE:
        return None
    return _Start(section=section, line=at, number=_other(number, section), title=words.strip("。 "), score=score)


def _other(number: re.Match[str] | None, section: Section) -> str:
    """Return the printed number where it is not that of *section*."""
    return number["number"] if number is not None and number["number"] != section.number else ""


def _letters(text: str) -> str:
    """Return characters, letters and digits of *text*, by which a whole title is told: nothing beside it is lost."""
    return "".join(filter(str.isalnum, text))


def _after(words: str, wanted: str) -> str:
    """Return what stands in *words* behind the letters *wanted*, with which they begin."""
    missing = len(wanted)
    for position, character in enumerate(words):
        missing -= bool(_letters(character))
        if not missing:
            return words[position + 1 :]
    return ""


class _Signature:
    """Who signed the report and when: the last lines of its last section."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.day: dt.date | None = None

    def cut(self, lines: Sequence[Paragraph]) -> tuple[list[Paragraph], list[Unused]]:
        """Return *lines* without the signature, and that."""
        kept, unused = list(lines), []
        while kept:
            line = kept[-1]
            day = signed_day(line.text)
            signed = same_body(line.text, self.name) if self.name else is_body(line.text.replace(" ", ""))
            if day is None and not (signed and (self.day is not None or self.name)):
                break
            if day is None:
                self.name = self.name or line.text.replace(" ", "")
            self.day = self.day or day
            unused.append(Unused(raw=line.text, place=line.place, why="落款"))
            kept.pop()
        return kept, unused[::-1]


def _parts(paragraphs: Sequence[Paragraph]) -> Iterator[Words]:
    """Yield *paragraphs*, their headings apart, also those that run into the text: （一）主动公开情况。2023年…."""
    for paragraph in paragraphs:
        sub = _SUB.match(paragraph.text)
        if paragraph.level and sub is None:
            yield Words(text=paragraph.text, place=paragraph.place, heading=True)
            continue
        if sub is None:
            yield Words(text=paragraph.text, place=paragraph.place)
            continue
        words = paragraph.text[sub.end() :].strip()
        heading = _HEADING.match(words)
        if heading is None:
            yield Words(text=f"（{sub['number']}）{words}", place=paragraph.place)
            continue
        yield Words(text=f"（{sub['number']}）{heading['words'].strip()}", place=paragraph.place, heading=True)
        rest = words[heading.end() :].strip()
        if rest:
            yield Words(text=rest, place=paragraph.place)
