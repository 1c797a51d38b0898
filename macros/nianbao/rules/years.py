"""Years that were left standing from an earlier report."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.prose.passages import is_prompt
from nianbao.reading.findings import shown
from nianbao.reading.patterns import lazy_pattern
from nianbao.rules.points import BEFORE, SECTION, parts
from nianbao.rules.rule import Fault
from nianbao.rules.wording import CHINESE, outcomes_on, quotes_out, subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nianbao.prose.passages import PageText, Passage, Sentence
    from nianbao.rules.rule import Case, Outcome

_YEAR = re.compile(r"(?<![0-9])(?P<year>(?:19|20)[0-9]{2})年")
_SELF = r"(?:本|我)(?:局|委|办|厅|院|单位|机关|部门|中心|街道|镇|乡|县|区|市)|全[局委县区市镇]|中心"

# A year, the body that reports, and what it counted: 2022年，本局共收到申请5件. Nothing else may stand between.
_SUBJECT = lazy_pattern(
    rf"[，,]?(?:{_SELF}|[{CHINESE}]{{3,30}}(?:局|委员会|办公室|中心|政府|厅|院|办事处))?[，,]?(?:通过[^，。；]{{2,20}})?"
    r"(?:全年|共计?|累计|总共|一共|新|主动|依法|及时|实际|合计)*"
)
_ACT = r"(?P<act>收到|受理|新收|收办|办理|办结|答复|公开|发布|公布|制发|废止|作出|接到|收取|开展|组织|召开|举办)"
_COUNTED = re.compile(
    rf"(?<![0-9])(?P<year>20[0-9]{{2}})年度?(?P<lead>[^。；：0-9]{{0,40}}?){_ACT}(?P<what>[^。；，0-9]{{0,24}}?)"
    r"(?P<number>[0-9]+(?:\.[0-9]+)?)(?:余|多)?(?:件|条|次|篇|个|份|期|起|宗|场|人次|万?元|项)"
)
_NIL = re.compile(
    r"(?<![0-9])(?P<year>20[0-9]{2})年度?(?P<lead>[^。；：0-9]{0,40}?)(?P<act>(?:未|没有)(?:收到|发生|受理|收取))"
    r"(?P<what>[^。；，]{0,20}?)(?:公开申请|行政复议|行政诉讼|处理费)"
)
# What may stand before such a year in its sentence, and what beside it makes it another thing.
_OPENING = re.compile(rf"(?:^|[，,：:]|[一二三四五六七八九十]是|[0-9][.、]|[）)])\s*(?:{_SELF})?\s*$")
_BEFORE = 12
# A call of a macro with the years to add: figure("requests.received", -1).
_CALL, _OFFSET = 200, re.compile(r",\s*(?:offset\s*=\s*)?[+-]?\s*[1-9]")
_OTHER_MATTER = re.compile(r"决算|预算|结转|遗留|未审结|未办结|结余|规划|计划|要点|修订|施行|印发")
# Who judges a year looks back at it.
_LACK = re.compile("问题|不足|不够|欠缺|薄弱|整改")
_COMPARED = re.compile(
    r"上一?年|去年|往年|历年|同期|同比|相比|对比|比(?![例如重])|较(?![好为大多强高])|增长|增加|增至|增幅|减少|减至|下降|上升"
    r"|持平|回顾|以来|此前|截至|截止|分别|本年|今年|当年|连续|累计"
)
_CARRIED = re.compile(r"上一?年度?结转")
_LOOKS_BACK = re.compile(r"上一?年|去年|往年|历年|近年|回顾|沿革|对比|比较")
_PROBLEMS = re.compile("问题|不足|整改|改进")

_POINTS = re.compile(r"(?<![0-9])(?P<year>20[0-9]{2})年度?[^。；《》，]{0,12}?政务公开(?:重点)?(?:工作)?要点")
_UNFINISHED = re.compile(r"未完成|遗留|结转|延续|继续|上一?年|去年|往年|历年|此前|回顾|以来")
_WORKED = re.compile(
    rf"^(?P<year>20[0-9]{{2}})年度?[，,]?(?:{_SELF})(?:在[^。；]{{2,40}}领导下|坚持|认真|深入|严格|贯彻|始终|全面|积极|围绕|持续"
    r"|不断|对照|高度重视)"
)
_INTENDED = re.compile(
    r"^(?P<year>20[0-9]{2})年度?[，,]?[^。；，0-9]{0,14}[，,]?将(?:进一步|继续|着力|重点|从以下|从以上|不断|持续|加大|加强)"
)
_OWN_YEAR = re.compile(r"(?:今年|本年度?|当年)[（(](?P<year>20[0-9]{2})年?(?:度)?[）)]")
_LAST_YEAR = re.compile(r"(?:去年|上一?年度?)[（(](?P<year>20[0-9]{2})年?(?:度)?[）)]")
_PRESENTED = re.compile(
    r"现(?:公布|发布|将|就)[^。；《》，]{0,40}?(?P<year>20[0-9]{2})年度?政府信息公开(?:工作)?(?:年度)?(?:报告|情况)"
)
_HEADING = re.compile(
    r"(?<![0-9])(?P<year>20[0-9]{2})年度?(?:主动公开|依申请公开|政府信息|政务公开工作情况|工作情况|总体|基本情况)"
)

# The congresses of the Party by the first report year after each: what is said to be studied is the latest.
_CONGRESSES = (("十八大", "十九大", 2018), ("十九大", "二十大", 2023), ("十九届", "二十届", 2023))
_STUDIED = r"(?:学习|贯彻|落实)[^。；]{{0,24}}?党的{}(?!以来)"


def governing(case: Case) -> Iterator[Outcome]:
    """Yield statistics that a typed year other than the report's governs."""
    yield from _in_pages(case, _governing)


def stale(case: Case) -> Iterator[Outcome]:
    """Yield other words that were true of an earlier year."""
    yield from _in_pages(case, _stale)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A *passage* under its *heading*. *past* tells that it speaks of the year before."""

    passage: Passage
    heading: str
    past: bool


def _in_pages(case: Case, look: Callable[[Case, Spot], Iterator[Fault]]) -> Iterator[Outcome]:
    for page in case.pages or ():
        spots = (spot for spot in _spots(case, page) if any(spot.passage.typed))
        yield from outcomes_on(page, (fault for spot in spots for fault in look(case, spot)))


def _spots(case: Case, page: PageText) -> Iterator[Spot]:
    year = case.report.year
    past: set[int] = set()
    if case.pages is not None and case.pages.named(SECTION) is page:
        past = {id(line.passage) for role, line in parts(page, year).sentences if role == BEFORE}
    heading = ""
    for passage in page.reported:
        heading = passage.text if passage.level else heading
        back = _LOOKS_BACK.search(heading) is not None
        if passage.kind != "td" and not is_prompt(passage):
            yield Spot(passage=passage, heading=heading, past=id(passage) in past or back)


def _governing(case: Case, spot: Spot) -> Iterator[Fault]:
    sentences = spot.passage.sentences
    if spot.past or spot.passage.level:
        return
    for number, sentence in enumerate(sentences):
        beside = [sentences[other].text for other in (number - 1, number + 1) if 0 <= other < len(sentences)]
        text = quotes_out(sentence.text)
        if not _alone(case, text, beside):
            continue
        for pattern in (_COUNTED, _NIL):
            for match in pattern.finditer(text):
                if _governs(case, sentence, text, match, beside):
                    yield _fault(case, sentence, match, "统计数字应当是本年的，请核对年份和数字")


def _alone(case: Case, text: str, beside: list[str]) -> bool:
    """Say whether *text* speaks of one year, not the report's, and compares it with none, nor do those *beside* it."""
    years = {found["year"] for found in _YEAR.finditer(text)}
    if len(years) != 1 or str(case.report.year) in years or _LACK.search(text):
        return False
    return not any(_COMPARED.search(_CARRIED.sub("", words)) for words in (text, *beside))


def _governs(case: Case, sentence: Sentence, text: str, match: re.Match[str], beside: list[str]) -> bool:
    """Say whether the year in *match* is wrong beyond doubt: typed, with nothing between it and what was counted."""
    year = f"{case.report.year}年"
    return (
        _typed(sentence, match)
        and _OPENING.search(text, max(match.start() - _BEFORE, 0), match.start()) is not None
        and _SUBJECT.fullmatch(match["lead"]) is not None
        and not match["what"].startswith("的")
        and not _OTHER_MATTER.search(match[0])
        and not _of_another_year(sentence, match)
        and not any(year in words and match["act"] in words for words in beside)
    )


def _of_another_year(sentence: Sentence, match: re.Match[str]) -> bool:
    """Say whether the figure in *match* comes from a macro that was asked for another year's."""
    passage, index = sentence.passage, sentence.start + match.end() - 1
    while index > sentence.start + match.start() and passage.typed[index]:
        index -= 1  # The unit behind the figure is typed.
    offset = passage.offsets[index]
    call = passage.page.source[offset : offset + _CALL].partition("}}")[0]
    return not passage.typed[index] and _OFFSET.search(call) is not None


def _stale(case: Case, spot: Spot) -> Iterator[Fault]:
    year = case.report.year
    if spot.past:
        return
    if spot.passage.level:
        yield from _heading(case, spot.passage)
        return
    for sentence in spot.passage.sentences:
        text = sentence.text
        found = (
            (_points(case, text), "请核对是否应为本年的要点"),
            (_first(_WORKED, text, lambda match: int(match["year"]) < year), "请核对年份"),
            (_first(_OWN_YEAR, text, lambda match: int(match["year"]) != year), "请改正年份"),
            (_first(_LAST_YEAR, text, lambda match: int(match["year"]) != year - 1), f"上年是 {year - 1} 年，请改正"),
            (_first(_PRESENTED, text, lambda match: int(match["year"]) != year), "请改正年份"),
        )
        for match, advice in found:
            if match is not None and _typed(sentence, match):
                yield _fault(case, sentence, match, advice)
        match = _first(_INTENDED, text, lambda match: int(match["year"]) <= year)
        if match is not None:  # A year from a macro is no better here: what is intended lies ahead.
            yield _fault(case, sentence, match, "打算应当是以后的，请核对年份")
        yield from _congresses(case, sentence)


def _first(pattern: re.Pattern[str], text: str, wrong: Callable[[re.Match[str]], bool]) -> re.Match[str] | None:
    return next((match for match in pattern.finditer(text) if wrong(match)), None)


def _points(case: Case, text: str) -> re.Match[str] | None:
    """Return an earlier year's list of main points, unless the sentence says that it looks back."""
    year = case.report.year
    if _UNFINISHED.search(text) or f"{year}年" in text:
        return None
    return _first(_POINTS, text, lambda match: int(match["year"]) < year)


def _heading(case: Case, passage: Passage) -> Iterator[Fault]:
    match = None if _PROBLEMS.search(passage.text) else _HEADING.search(passage.text)
    if match is not None and int(match["year"]) < case.report.year and passage.is_typed(*match.span("year")):
        message = f"标题{shown(passage.text)}里是 {match['year']} 年，本报告的年度是 {case.report.year} 年；请核对年份"
        place = passage.place(match.start())
        yield Fault(place=place, message=message, subject=subject(passage.page, passage.text))


def _congresses(case: Case, sentence: Sentence) -> Iterator[Fault]:
    for congress, later, since in _CONGRESSES:
        if case.report.year < since or congress not in sentence.text or later in sentence.text:
            continue
        match = re.search(_STUDIED.format(congress), quotes_out(sentence.text))
        if match is not None:
            words = sentence.text[match.start() : match.end()]
            place = sentence.passage.place(sentence.start + match.start())
            message = f"{shown(words)}：{case.report.year} 年已有党的{later}；请核对是否沿用了往年的文字"
            yield Fault(place=place, message=message, subject=subject(sentence.passage.page, words))


def _typed(sentence: Sentence, match: re.Match[str]) -> bool:
    """Say whether the year in *match* was typed: one that a macro counts from the report's is meant."""
    return sentence.passage.is_typed(sentence.start + match.start("year"), sentence.start + match.end("year"))


def _fault(case: Case, sentence: Sentence, match: re.Match[str], advice: str) -> Fault:
    passage, start = sentence.passage, sentence.start + match.start()
    words = passage.text[start : sentence.start + match.end()]
    message = f"{shown(words)}写的是 {match['year']} 年，本报告的年度是 {case.report.year} 年；{advice}"
    return Fault(place=passage.place(start), message=message, subject=subject(passage.page, words))
