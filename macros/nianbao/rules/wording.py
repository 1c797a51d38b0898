"""What the rules that read words have in common: where they look, what they skip, how they name a place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.prose.passages import is_prompt
from nianbao.rules.rule import Confirmed, Fault, NeedsReview

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from nianbao.prose.passages import Page, PageText, Passage
    from nianbao.rules.rule import Case, Outcome

CHINESE = "\u3400-\u9fff"
PREVIOUS_PAGES_MISSING = "没有上年的页面"
STILL_PROMPTS = "本部分还有没有改写的提示"

# How much is quoted, and names a place for waivers: a line.
LONGEST = 40
# So many findings of one rule are told for a page one by one; a page can hold a million slips.
_TOLD = 20

_QUOTED = re.compile(r"《[^《》]*》|“[^“”]*”|「[^「」]*」|『[^『』]*』")
_MARKS = re.compile("[，。；：！？]")
_LIST_ITEM = re.compile(r"[ ]{0,3}(?:[0-9]{1,3}[.)]|[-*+])[ \t]+")
_NIL = re.compile(
    r"(?:本年度?|[0-9]{4}年度?|本[局委办厅院]|本?中心|本单位|本机关|我[局委办厅院]|我单位|[，,])*"
    r"(?:暂?无|(?:暂时?|目前)?没有|不存在|未发现)"
    r"(?:其他|其它|存在的?|发现|明显|主要|需要|须要|应当|报告的?|说明的?|事项|情况|问题|内容)*[。.]?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a rule found in a text from *start* up to *end*.

    *words* name the place for waivers where the text itself must not be repeated.
    """

    start: int
    end: int
    message: str
    unsure: bool = False
    words: str = ""


def subject(page: Page, words: str = "") -> str:
    """Return the stable name of *words* on *page*, or of the page; blanks at the ends would be lost in a waiver."""
    return f"{page.name}：{words.strip()}" if words else page.name


def quotes_out(text: str) -> str:
    """Return *text* with titles of documents and quotations blanked out, at the same length."""
    return _QUOTED.sub(lambda match: match[0][0] + "\0" * (len(match[0]) - 2) + match[0][-1], text)


def around(text: str, start: int, end: int, before: int = 6, after: int = 6) -> str:
    """Return the words from *start* up to *end* with some of those beside them in the same clause."""
    left = _MARKS.split(text[max(start - before, 0) : start])[-1]
    return (left + text[start:end] + _MARKS.split(text[end : end + after])[0]).strip()


def near(text: str, match: re.Match[str]) -> str:
    """Return the words of *match* with some of those beside them in *text*."""
    return around(text, match.start(), match.end())


def is_nil(text: str) -> bool:
    """Say whether *text* says that there is nothing, and nothing else."""
    return _NIL.fullmatch(text.strip()) is not None


def starts_item(passage: Passage) -> bool:
    """Say whether *passage* begins an item of a list that is no list within another."""
    offset = passage.offsets[0] if passage.offsets else 0
    line = passage.page.source.rfind("\n", 0, offset) + 1
    lead = _LIST_ITEM.match(passage.page.source, line)
    return passage.kind == "li" and lead is not None and lead.end() == offset


def in_pages(
    case: Case, look: Callable[[str], Iterable[Found]], *, notes: bool = False, titles: bool = True
) -> Iterator[Outcome]:
    """Yield what *look* finds in the typed words of the pages, those of pictures too, and in the *titles* of items.

    *notes* of those who typed a report in, and prompts, are read too where that is asked for.
    """
    for page in case.pages or ():
        yield from outcomes_on(page, _found(page, look, notes=notes))
    for title in dict.fromkeys(item.title for item in case.report.items) if titles else ():
        for found in look(title):
            words = found.words or title[found.start : found.end]
            place = case.report.place("items")
            make = NeedsReview if found.unsure else Fault
            yield make(place=place, message=f"公开信息的标题里，{found.message}", subject=f"items：{words}")


def outcomes_on(page: PageText, outcomes: Iterable[Fault | NeedsReview]) -> Iterator[Outcome]:
    """Yield what a rule found on *page*: the first *outcomes* and how many more, or that there were none."""
    number, last = 0, None
    for number, last in enumerate(outcomes, 1):
        if number <= _TOLD:
            yield last
    if last is None:
        yield Confirmed()
    elif number > _TOLD:
        message = f"本页还有 {number - _TOLD} 处同类问题；请先改正前面的，再检查一次"
        yield Fault(place=last.place, message=message, subject=subject(page.page))


def _found(page: PageText, look: Callable[[str], Iterable[Found]], *, notes: bool) -> Iterator[Fault | NeedsReview]:
    for passage in (*(page.passages if notes else page.reported), *page.pictures):
        if is_prompt(passage) and not notes:
            continue
        for found in look(passage.text):
            if any(passage.typed[found.start : found.end]):
                words = found.words or passage.text[found.start : found.end]
                make = NeedsReview if found.unsure else Fault
                place = passage.place(found.start)
                yield make(place=place, message=found.message, subject=subject(page.page, words))
