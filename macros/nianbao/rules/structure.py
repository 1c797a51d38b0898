"""Rules for the structure of a report: title, sections and their parts, numbers of headings, tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nianbao.model.kinds import KINDS
from nianbao.prose.numerals import TO_TEN, arabic_or_chinese
from nianbao.reading.findings import shown
from nianbao.rules.rule import Confirmed, Fault, Inapplicable, NeedsReview, Reads, Rule
from nianbao.rules.wording import subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.form import Section
    from nianbao.prose.passages import PageText
    from nianbao.rules.rule import Case, Outcome

_NUMBERED = re.compile(rf"[（(](?P<number>[{TO_TEN}]+)[）)]")
_ARABIC = re.compile(r"(?P<number>[0-9]{1,2})[.．、](?![0-9])")

# The words by which each part of section 1 is known, in whatever form its heading is cast.
_PARTS = {
    "主动公开": ("主动公开",),
    "依申请公开": ("依申请公开", "申请公开"),
    "政府信息管理": ("信息管理",),
    "政府信息公开平台建设": ("平台建设",),
    "监督保障": ("监督保障", "保障监督"),
}
_RESULTS = {"工作考核": ("考核",), "社会评议": ("评议",), "责任追究结果": ("责任追究", "追责", "问责", "追究")}

# Columns that the 2021 form has done away with.
_OLD_COLUMNS = ("本年新制作数量", "本年新公开数量", "对外公开总数量", "上一年项目数量")


def _sections(case: Case) -> Iterator[tuple[Section, PageText]]:
    for section in case.report.form.sections:
        page = case.pages.section(section) if case.pages is not None else None
        if page is not None:  # A page that is not there is told with the set of pages.
            yield section, page


def _titles(case: Case) -> Iterator[Outcome]:
    for section, page in _sections(case):
        first = next((heading for heading in page.headings if heading.level == 1), None)
        expected = section.heading
        if first is None:
            message = f"缺少大标题；第一行应为“# {expected}”"
            yield Fault(place=page.page.place(0), message=message, subject=subject(page.page))
        elif first.text != expected:
            message = f"大标题应为“{expected}”，实际为{shown(first.text)}；请照格式改正"
            yield Fault(place=first.place(), message=message, subject=subject(page.page))
        else:
            yield Confirmed()


def _report_title(case: Case) -> Iterator[Outcome]:
    preface = case.pages.preface if case.pages is not None else None
    if preface is None:
        return
    first = next((heading for heading in preface.headings if heading.level == 1), None)
    if first is None and "report_heading" in preface.page.calls:
        yield Confirmed()
    elif first is None or first.text != case.report.title:
        found = shown(first.text) if first is not None else "没有大标题"
        message = f"报告的标题应为“{case.report.title}”，实际为{found}；请改用 {{{{ report_heading() }}}}"
        place = first.place() if first is not None else preface.page.place(0)
        yield Fault(place=place, message=message, subject=subject(preface.page))
    else:
        yield Confirmed()


def _numbers(case: Case) -> Iterator[Outcome]:
    for page in case.pages or ():
        for pattern in (_NUMBERED, _ARABIC):
            yield from _sequence(page, pattern)


def _sequence(page: PageText, pattern: re.Pattern[str]) -> Iterator[Outcome]:
    """Yield headings of one kind of number that repeat or skip one; a higher heading starts them anew."""
    expected: dict[int, tuple[int, ...]] = {}
    for heading in page.headings:
        for level in [level for level in expected if level > heading.level]:
            del expected[level]
        match = pattern.match(heading.text)
        if match is None:
            continue
        number = arabic_or_chinese(match["number"])
        allowed = expected.get(heading.level, (1,))
        wanted = allowed[-1]
        expected[heading.level] = (number + 1,)
        if number in allowed:
            yield Confirmed()
        else:
            if number < wanted:  # Whether the next ones go on from here or were numbered rightly, one fault is told.
                expected[heading.level] = (number + 1, wanted + 1)
            problem = "重复" if number < wanted else "跳号"
            right = TO_TEN[wanted - 1] if pattern is _NUMBERED and wanted <= len(TO_TEN) else str(wanted)
            message = f"标题{shown(heading.text)}的序号{problem}，此处应为“{right}”；请改正"
            yield Fault(place=heading.place(), message=message, subject=subject(page.page, heading.text))


def _five_parts(case: Case) -> Iterator[Outcome]:
    section, page = next(_sections(case), (None, None))
    if section is None or page is None:
        return
    if not section.parts:
        yield Inapplicable(f"{case.report.form.format} 年格式没有规定第一部分的分项")
        return
    headings = [heading.text for heading in page.headings if heading.level > 1]
    openings = [passage.text[:20] for passage in page.body]
    for part in section.parts:
        words = _PARTS.get(part, (part,))
        if any(word in text for word in words for text in (*headings, *openings)):
            yield Confirmed()
            continue
        message = f"第一部分缺少“{part}”；规定格式的五项是{'、'.join(section.parts)}；请补上"
        yield Fault(place=page.page.place(0), message=message, subject=subject(page.page, part))


def _government_results(case: Case) -> Iterator[Outcome]:
    if not KINDS[case.agency.kind].governs:
        yield Inapplicable("只对各级人民政府有此要求")
        return
    _, page = next(_sections(case), (None, None))
    if page is None:
        return
    for wanted, words in _RESULTS.items():
        if any(word in page.text for word in words):
            yield Confirmed()
            continue
        message = f"第一部分没有报告{wanted}；人民政府的报告应当包括工作考核、社会评议和责任追究结果情况；请补上"
        yield Fault(place=page.page.place(0), message=message, subject=subject(page.page, wanted))


def _tables(case: Case) -> Iterator[Outcome]:
    for section, page in _sections(case):
        others = (part for part in case.report.form.sections if part.table and part.table != section.table)
        for part in others:
            if f"statutory_table {part.table}" in page.page.calls:
                call = f"{{{{ statutory_table('{part.table}') }}}}"
                message = f"本页放了“{part.heading}”的法定表格；请从本页删去 {call}"
                yield Fault(place=page.page.place(0), message=message, subject=subject(page.page, part.table))
        if not section.table:
            continue
        count = page.page.calls.count(f"statutory_table {section.table}")
        if count == 1:
            yield Confirmed()
            continue
        problem = "没有法定表格" if not count else f"把法定表格放了 {count} 次"
        message = f"本页{problem}；请保留一处 {{{{ statutory_table('{section.table}') }}}}"
        if not count and case.report.transcribed:
            message += f"，原件没有印这张表的，请在表格样式（data/forms）里写 remove: {section.table}"
        yield Fault(place=page.page.place(0), message=message, subject=subject(page.page, section.table))


def _prescribed(case: Case) -> Iterator[Outcome]:
    report, form = case.report, case.report.form
    if form.variant:
        problem = f"表格按本站登记的样式“{form.id}”印出，与规定的格式不同"
    elif not form.holds_for(report.year):
        problem = f"{report.year} 年度的报告用的是 {form.format} 年格式，不是该年度规定的格式"
    else:
        yield Confirmed()
        return
    message = f"{problem}；请查对原件，原件确实如此的不用改"
    yield NeedsReview(place=report.place("form"), message=message, subject="form")


def _old_phrases(case: Case) -> Iterator[Outcome]:
    if case.report.form.format < 2021:  # noqa: PLR2004  # the form without these columns
        yield Inapplicable("本年度的格式仍有这些项目")
        return
    for page in case.pages or ():
        for passage in page.body:
            for word in _OLD_COLUMNS:
                start = passage.text.find(word)
                if start >= 0:
                    message = f"“{word}”是 2019 年格式的项目，本年度的格式已经没有；请改用现在的项目"
                    yield Fault(place=passage.place(start), message=message, subject=subject(page.page, word))
        yield Confirmed()


_NOTICE_2021 = "国办公开办函〔2021〕30号"
_ARTICLE_50 = "《中华人民共和国政府信息公开条例》第五十条"

RULES = (
    Rule(
        code="S-01",
        hard=True,
        statement="六个部分的标题和序号与规定格式一字不差。",
        basis=f"{_ARTICLE_50}；{_NOTICE_2021}、国办公开办函〔2019〕60号所附格式",
        check=_titles,
        reads=Reads.PAGES,
    ),
    Rule(
        code="S-02",
        hard=True,
        statement="标题由机关全称、年份和“政府信息公开工作年度报告”组成。",
        basis="报告名称的通行写法；年份与文件夹一致",
        check=_report_title,
        reads=Reads.PAGES,
    ),
    Rule(
        code="S-03",
        hard=True,
        statement="同级标题的序号从一起、不重复、不跳号。",
        basis=f"{_NOTICE_2021}所附格式；公开的报告中常见“三”写了两次",
        check=_numbers,
        reads=Reads.PAGES,
    ),
    Rule(
        code="S-05",
        hard=True,
        statement="第一部分包括主动公开、依申请公开、政府信息管理、政府信息公开平台建设、监督保障五项。",
        basis=f"{_NOTICE_2021}",
        check=_five_parts,
        reads=Reads.PAGES,
    ),
    Rule(
        code="S-09",
        hard=True,
        statement="第二、三、四部分各有一张法定表格，由数据生成，标题、项目和单位照规定格式。",
        basis=f"{_NOTICE_2021}、国办公开办函〔2019〕60号所附格式",
        check=_tables,
        reads=Reads.PAGES,
        waivable=False,  # The built site lacks what its pages lead to.
    ),
    Rule(
        code="S-10",
        hard=False,
        statement="文字不再使用已经取消的统计项目。",
        basis=f"{_NOTICE_2021}修订了国办公开办函〔2019〕60号所附格式",
        check=_old_phrases,
        reads=Reads.PAGES,
    ),
    Rule(
        code="S-13",
        hard=True,
        statement="人民政府的报告包括工作考核、社会评议和责任追究结果情况。",
        basis=f"{_ARTICLE_50}第一款第（四）项",
        check=_government_results,
        reads=Reads.AGENCY | Reads.PAGES,
    ),
    Rule(
        code="S-15",
        hard=False,
        statement="表格是该年度规定的格式，照样印出。",
        basis=f"{_NOTICE_2021}、国办公开办函〔2019〕60号",
        check=_prescribed,
    ),
)
