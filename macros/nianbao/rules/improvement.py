"""Rules for section 5: problems are told, each has a remedy, and last year's are followed up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nianbao.prose.passages import has_prompts
from nianbao.reading.findings import shown
from nianbao.rules.likeness import alike, names_of, normalised
from nianbao.rules.points import BEFORE, PROBLEMS, REMEDIES, SECTION, about_before, parts
from nianbao.rules.rule import Confirmed, Fault, Inapplicable, NeedsReview, Reads, Rule
from nianbao.rules.wording import PREVIOUS_PAGES_MISSING, STILL_PROMPTS, is_nil, subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.prose.passages import PageText, YearText
    from nianbao.rules.points import Parts, Point
    from nianbao.rules.rule import Case, Outcome

_SHORTEST = 50
# Problems of fewer characters are alike by chance; more of them than this, or longer ones, no report has.
_FEW, _MOST, _LONGEST = 8, 30, 400
_INTENT = re.compile(
    r"下一?步|今后|接下来|改进|措施|整改|采取|为此|计划|打算|将(?:进一步|继续|加强|加大|着力|从|以|重点|不断|持续)"
)
# Words that every such report uses say nothing of what it is about.
_USUAL = re.compile(
    r"政府信息公开|信息公开|政务公开|公开|信息|政府|工作|问题|存在|不足|不够|有待|进一步|加强|提高|完善|部分|个别|方面|仍然|需要|尚未"
)


def _page(pages: YearText | None) -> PageText | None:
    """Return section 5 of *pages*, or None."""
    return pages.named(SECTION) if pages is not None else None


def _written(page: PageText) -> str:
    return "".join(passage.text for passage in page.body)


def _says_nothing(page: PageText) -> bool:
    return all(is_nil(passage.text) for passage in page.body)


def _length(page: PageText) -> int:
    """Return how many letters and digits *page* has: no blanks, no punctuation."""
    return sum(character.isalnum() for character in _written(page))


def _not_empty(case: Case) -> Iterator[Outcome]:
    page = _page(case.pages)
    if page is None:
        return
    if has_prompts(page):
        yield Inapplicable(STILL_PROMPTS)
    elif not _says_nothing(page):
        yield Confirmed()
    else:
        written = _written(page)
        found = f"只写了{shown(written)}" if written else "没有内容"
        message = f"第五部分{found}；应当写明存在的主要问题及改进情况"
        place = page.body[0].place() if page.body else page.page.place(0)
        yield Fault(place=place, message=message, subject=subject(page.page))


def _long_enough(case: Case) -> Iterator[Outcome]:
    page = _page(case.pages)
    if page is None:
        return
    if has_prompts(page) or _says_nothing(page):
        yield Inapplicable(STILL_PROMPTS if has_prompts(page) else "第五部分没有内容")
        return
    length = _length(page)
    if length >= _SHORTEST:
        yield Confirmed()
        return
    message = f"第五部分只有 {length} 字（不计标点），不足 {_SHORTEST} 字；请写明具体问题和改进措施"
    yield Fault(place=page.body[0].place(), message=message, subject=subject(page.page))


def _remedies(case: Case) -> Iterator[Outcome]:
    page = _page(case.pages)
    if page is None or has_prompts(page):
        return
    taken = parts(page, case.report.year)
    problems, remedies = taken.points(PROBLEMS), taken.points(REMEDIES)
    if not problems.points or all(is_nil(point.text) for point in problems.points):
        return
    first = problems.points[0]
    if not remedies.points:
        headings = "".join(heading.text for heading in page.headings if heading.level > 1)
        if _INTENT.search(_written(page)) or _INTENT.search(headings):
            return
        message = "写了存在的问题，没有写改进措施；请逐个问题写明措施"
    elif problems.counted and remedies.counted and len(remedies.points) < len(problems.points):
        message = (
            f"存在的问题有 {len(problems.points)} 个，改进措施只有 {len(remedies.points)} 条；"
            "每个问题都应当有改进措施，请补上"
        )
        first = remedies.points[0]
    else:
        if problems.counted and remedies.counted:
            yield Confirmed(len(problems.points))
        return
    yield Fault(place=first.passage.place(first.start), message=message, subject=subject(page.page, "改进措施"))


def _both_years(case: Case) -> tuple[Parts, Parts] | None:
    page, before = _page(case.pages), _page(case.previous_pages)
    if page is None or before is None:
        return None
    return parts(page, case.report.year), parts(before, case.report.year - 1)


def _worth_comparing(taken: Parts) -> tuple[Point, ...]:
    return tuple(point for point in taken.points(PROBLEMS).points[:_MOST] if not is_nil(point.text))


def _not_copied(case: Case) -> Iterator[Outcome]:
    both = _both_years(case)
    if both is None:
        yield Inapplicable(PREVIOUS_PAGES_MISSING)
        return
    names = names_of(case.agency)
    old = [(point, normalised(point.text[:_LONGEST], names)) for point in _worth_comparing(both[1])]
    for point in _worth_comparing(both[0]):
        text = normalised(point.text[:_LONGEST], names)
        share, other = max(
            ((min(alike(text, words), alike(words, text)), before) for before, words in old),
            key=lambda found: found[0],
            default=(0, None),
        )
        if other is None or len(text) < _FEW:
            continue
        if share <= case.profile.similarity:
            yield Confirmed()
            continue
        message = (
            f"问题{shown(point.text)}与上年报告的问题有 {share}% 相同（{other.passage.place(other.start)}）；"
            "请写本年的问题，没有解决的写明进展"
        )
        words = subject(point.passage.page, point.text[:20])
        yield Fault(place=point.passage.place(point.start), message=message, subject=words)


def _followed_up(case: Case) -> Iterator[Outcome]:
    both = _both_years(case)
    if both is None:
        yield Inapplicable(PREVIOUS_PAGES_MISSING)
        return
    own, before = both
    page = own.page
    problems = _worth_comparing(before)
    if not problems or has_prompts(page) or _says_nothing(page):
        return  # Whether there is anything at all is told by.
    answer = own.text(BEFORE)
    year = case.report.year
    headings = "".join(heading.text for heading in page.headings)
    mentioned = about_before(headings + _written(page), year)
    other = own.text(BEFORE, REMEDIES, "")
    left = [point for point in problems if not _answers(answer or other, point)]
    if answer or mentioned or not left:
        yield Confirmed(len(problems) - len(left))
        for point in left:
            message = (
                f"上年的问题{shown(point.text)}（{point.passage.place(point.start)}）"
                "在本年的第五部分没有找到对应的改进情况；请核对是否已经说明"
            )
            yield NeedsReview(place=page.page.place(0), message=message, subject=subject(page.page, point.text[:20]))
        return
    place = problems[0].passage.place(problems[0].start)
    message = f"没有说明上年报告所列的 {len(problems)} 个问题（{place}）改进得怎样；请补上"
    yield Fault(place=page.page.place(0), message=message, subject=subject(page.page, "上年问题"))


def _answers(answer: str, problem: Point) -> bool:
    """Say whether *answer* may speak of *problem*: it has at least two characters in a row of what that is about."""
    about = _USUAL.sub(" ", problem.text[:_LONGEST])
    pairs = {about[start : start + 2] for start in range(len(about) - 1)}
    telling = {pair for pair in pairs if pair.isalnum()}
    return not telling or any(pair in answer for pair in telling)


_NOTICE = "国办公开办函〔2021〕30号"
_ARTICLE_50 = "《中华人民共和国政府信息公开条例》第五十条第一款第（四）项"

RULES = (
    Rule(
        code="Q-05",
        hard=True,
        statement="第五部分写有存在的主要问题及改进情况，不是空的，也不只写“无”。",
        basis=f"{_ARTICLE_50}；{_NOTICE}",
        check=_not_empty,
        reads=Reads.PAGES,
    ),
    Rule(
        code="Q-17",
        hard=False,
        statement=f"第五部分不少于 {_SHORTEST} 字（不计标点）。",
        basis="评议中的经验：过短的说不清问题和措施",
        check=_long_enough,
        reads=Reads.PAGES,
    ),
    Rule(
        code="Q-18",
        hard=False,
        statement="每个问题都有改进措施，逐条列出的措施不少于问题。",
        basis="各地编制年度报告的要求：逐条提出改进措施",
        check=_remedies,
        reads=Reads.PAGES,
    ),
    Rule(
        code="Q-19",
        hard=False,
        statement="存在的问题不照抄上年报告。",
        basis=f"{_NOTICE}：内容雷同的，依照条例第四十七条追究",
        check=_not_copied,
        reads=Reads.AGENCY | Reads.PROFILE | Reads.PAGES | Reads.PREVIOUS_PAGES,
    ),
    Rule(
        code="Q-20",
        hard=False,
        statement="上年报告所列的问题，本年报告说明改进情况。",
        basis="第五部分的通行写法：先说明上年问题的改进情况，再写本年的问题",
        check=_followed_up,
        reads=Reads.PAGES | Reads.PREVIOUS_PAGES,
    ),
)
