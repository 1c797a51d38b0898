"""Rules for what a report says of itself: its parts, its period, what it is based on, how its body can be reached."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nianbao.prose.numerals import arabic_or_chinese
from nianbao.rules.rule import Confirmed, Fault, Reads, Rule
from nianbao.rules.wording import subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.prose.passages import PageText, Passage
    from nianbao.rules.rule import Case, Outcome

_PERIOD = re.compile(
    r"(?P<from_year>[0-9]{4}) *年 *1 *月 *1 *日(?:起|开始)?[，,]? *(?:(?:至|到|止|—|－|-|~|～) *)+"
    r"(?:(?P<to_year>[0-9]{4}) *年 *|(?:同|当|本)年 *)?(?P<month>[0-9]{1,2}) *月 *(?P<day>[0-9]{1,2}) *日"
)
_NOTICE = re.compile(
    r"国办公开(?P<office>办)?函 *(?P<bracket>[〔\[［【（(]) *(?P<year>[0-9]{4}) *[〕\]］】）)] *(?P<number>[0-9]+) *号"
)
# Some write numbers apart from Chinese, which changes nothing of what they say.
_BESIDE_DIGITS = re.compile(r"(?<=[0-9]) +(?=[^\x00-\x7f])|(?<=[^\x00-\x7f]) +(?=[0-9])")
_NOTICES = {(2021, 30), (2019, 60), (2019, 61)}
_PARTS_STATED = re.compile(r"(?P<number>[0-9]+|[一二两三四五六七八九十]+)个部分")
_REGULATION = "《中华人民共和国政府信息公开条例》"
_WHERE_PERIOD = ("统计", "期限", "报告期", "数据", "时间")


def _preface(case: Case) -> PageText | None:
    return case.pages.preface if case.pages is not None else None


def _parts_stated(case: Case) -> Iterator[Outcome]:
    preface = _preface(case)
    wanted = len(case.report.form.sections)
    for passage in preface.body if preface is not None else ():
        for match in _PARTS_STATED.finditer(passage.text):
            if arabic_or_chinese(match["number"]) == wanted:
                yield Confirmed()
                continue
            message = f"文字说报告有“{match.group()}”，规定格式是 {wanted} 个部分；请改正"
            named = subject(passage.page, match.group())
            yield Fault(place=passage.place(match.start()), message=message, subject=named)


def _periods(case: Case) -> Iterator[tuple[PageText, Passage, re.Match[str]]]:
    """Yield each statistics period that the pages state: a whole sentence must speak of one."""
    for page in case.pages or ():
        for passage in page.body:
            for sentence in passage.sentences:
                match = _PERIOD.search(passage.text, sentence.start, sentence.end)
                if match is not None and any(word in sentence.text for word in _WHERE_PERIOD):
                    yield page, passage, match


def _period_stated(case: Case) -> Iterator[Outcome]:
    preface = _preface(case)
    if preface is None:
        return
    if next(_periods(case), None) is not None:
        yield Confirmed()
        return
    message = f"没有写明统计期限；请写明数据自{case.report.year}年1月1日至{case.report.year}年12月31日"
    yield Fault(place=preface.page.place(0), message=message, subject=subject(preface.page, "统计期限"))


def _period_right(case: Case) -> Iterator[Outcome]:
    year = str(case.report.year)
    for page, passage, match in _periods(case):
        end = match["to_year"] or match["from_year"]
        if (match["from_year"], end, match["month"], match["day"]) == (year, year, "12", "31"):
            yield Confirmed()
            continue
        message = f"统计期限写的是“{match.group()}”，应为{year}年1月1日至{year}年12月31日；请改正"
        yield Fault(place=passage.place(match.start()), message=message, subject=subject(page.page, match.group()))


def _contact(case: Case) -> Iterator[Outcome]:
    if case.agency.contact:
        yield Confirmed()
        return
    message = "没有联系方式；知道的话，请在 agency.yml 的 contact 里写上地址、邮政编码、电话或电子邮箱"
    yield Fault(place=case.agency.names_place, message=message, subject="contact")


def _basis_stated(case: Case) -> Iterator[Outcome]:
    preface = _preface(case)
    if preface is None:
        return
    for wanted in (_REGULATION, case.report.form.basis):
        if wanted in _BESIDE_DIGITS.sub("", preface.text):
            yield Confirmed()
            continue
        message = f"年度首页没有写明编制依据“{wanted}”；请补上"
        yield Fault(place=preface.page.place(0), message=message, subject=subject(preface.page, wanted))


def _citations(case: Case) -> Iterator[Outcome]:
    for page in case.pages or ():
        for passage in page.body:
            for match in _NOTICE.finditer(passage.text):
                problem = _wrong_notice(match, case)
                if problem is None:
                    yield Confirmed()
                    continue
                message = f"“{match.group()}”{problem}；请改正"
                yield Fault(
                    place=passage.place(match.start()), message=message, subject=subject(page.page, match.group())
                )


def _wrong_notice(match: re.Match[str], case: Case) -> str | None:
    if match["office"] is None:
        return "应为“国办公开办函”"
    if match["bracket"] != "〔":
        return "的年份应当用六角括号〔〕"
    if (int(match["year"]), int(match["number"])) not in _NOTICES:
        return f"与本年度的格式不符，应为{case.report.form.basis}"
    if int(match["number"]) == 60 and case.report.form.format != 2019:  # noqa: PLR2004  # the notice of the 2019 form
        return f"是已经停用的格式，应为{case.report.form.basis}"
    return None


_NOTICE_2021 = "国办公开办函〔2021〕30号"

RULES = (
    Rule(
        code="S-04",
        hard=False,
        statement="前言所说的部分数目与报告一致。",
        basis="报告前言的通行写法",
        check=_parts_stated,
        reads=Reads.PAGES,
    ),
    Rule(
        code="S-06",
        hard=False,
        statement="年度首页或正文写明统计期限。",
        basis="报告前言的通行写法；DB51/T 2660—2019 2.1",
        check=_period_stated,
        reads=Reads.PAGES,
    ),
    Rule(
        code="S-07",
        hard=False,
        statement="报告有联系方式。",
        basis="报告前言的通行写法；《政府网站发展指引》（国办发〔2017〕47号）",
        check=_contact,
        reads=Reads.AGENCY,
    ),
    Rule(
        code="S-08",
        hard=False,
        statement="年度首页写明编制依据：条例的全称和规定格式的文号。",
        basis="报告前言的通行写法",
        check=_basis_stated,
        reads=Reads.PAGES,
    ),
    Rule(
        code="S-12",
        hard=False,
        statement="引用的国办通知名称、括号和文号正确，并与年度相符。",
        basis=f"{_NOTICE_2021}、国办公开办函〔2019〕60号",
        check=_citations,
        reads=Reads.PAGES,
    ),
    Rule(
        code="S-14",
        hard=True,
        statement="写明的统计期限是本年度1月1日至12月31日。",
        basis="报告前言的通行写法；DB51/T 2660—2019 2.1",
        check=_period_right,
        reads=Reads.PAGES,
    ),
)
