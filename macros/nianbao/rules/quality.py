"""Rules for the quality of the text: what must not be left in it, and what section 6 has to say."""

from __future__ import annotations

import datetime as dt
import re
from functools import partial
from typing import TYPE_CHECKING

from nianbao.model.report import plain
from nianbao.prose.passages import PROMPT, has_prompts
from nianbao.reading.findings import shown
from nianbao.rules import punctuation, slips, years
from nianbao.rules.rule import Confirmed, Fault, Inapplicable, NeedsReview, Reads, Rule
from nianbao.rules.wording import STILL_PROMPTS, Found, in_pages, is_nil, near, subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.prose.passages import PageText, Passage
    from nianbao.rules.rule import Case, Outcome

# The rule for prompts that nobody has replaced yet, which are more work to do than mistakes.
UNWRITTEN = "Q-10"
# What stands for a word or a figure that is still to come. Beside letters or in addresses it is something else.
_BLANK = re.compile(r"(?<![A-Za-z/._@-])(?:[XxＸｘ×○□]{2,}|[_＿]{2,})(?![A-Za-z0-9/._@-])")
_COUNTED_BLANK = re.compile(
    r"\s?(?:[年月日件条次个项份期元市区县局省镇乡人号街路]|万元|单位|机关|部门|街道|中心|委员会|%|％)"
)
_BEFORE_BLANK = re.compile(r"(?:[0-9]|[共计约第为是]|收到|公开|答复|办理)\s?$")
_PLACEHOLDER = re.compile(
    r"[（(【〔\[]\s*(?:文字描述|待(?:补充|填写?|定|核实|完善)|请(?:填写?|补充|输入|说明|描述|写明|在此)|此处(?:填写?|补充|插入|写)"
    r"|填写(?!说明|指南|样例|实例|范例)|输入|示例文字|样例文字)[^（(【〔\[）)】〕\]]{0,40}[）)】〕\]]"
    r"|(?<![A-Za-z])(?:TODO|FIXME|TBD|todo|tbd)(?![A-Za-z])"
    r"|^\s*(?:待补充|待填写?|待定|待完善|略)[。.]?\s*$"
    r"|[（(]\s*[）)](?=\s?[件条次个项份元])|(?:[*＊]{2,}|[?？]+)(?=\s?[件条次份])"
    # What those who read a draft wrote for one another.
    r"|[【\[](?:批注|修订|审阅)[^】\]]{0,5}[:：]|(?<![报提呈送])请(?:各位)?(?:领导|局长|主任|科长|处长)(?:审定|审阅|审示|审核|斧正)[。！!）)]*\s*$"
    r"|[（(](?:送审|讨论|审核|报批|修改)稿[）)]\s*$"
)
_PROMPT = re.compile(rf"^{re.escape(PROMPT)}")

_IDENTITY = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{16}[0-9Xx](?![0-9A-Za-z])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_MOBILE = re.compile(
    r"(?<![0-9A-Za-z-])1[3-9][0-9](?:[0-9]{8}|-[0-9]{4}-[0-9]{4}| [0-9]{4} [0-9]{4})(?![0-9A-Za-z]|-[0-9])"
)
_FULL_DIGITS = {0xFF10 + digit: str(digit) for digit in range(10)} | {0xFF38: "X", 0xFF58: "x"}
# What the number is, by the words before it.
_CODE = re.compile(r"代码|编号|单号|账号|文号|索引号|流水号|受理号|回执")
_OFFICE = re.compile(r"热线|咨询|监督|举报|值班|办公|服务|投诉|工作机构|传真")
_PERSON = re.compile(r"申请人|当事人|原告|姓名|先生|女士|身份证|本人|联系人|法定代表人|手机")
_CONTEXT = 16

_FEE = re.compile(r"信息处理费|处理费用?")
_CHARGE = re.compile(r"收费|收取|费用|缴费")
_OTHER_FEES = re.compile(r"行政事业性收费")
_FEES_SINCE = 2021


def _placeholders(case: Case) -> Iterator[Outcome]:
    yield from in_pages(case, partial(_blanks, draft=case.report.status == "draft"), notes=True)


def _blanks(text: str, *, draft: bool) -> Iterator[Found]:
    """Yield what is not filled in; in a draft a prompt of a new page is no mistake yet."""
    if _PROMPT.match(text):
        words = text[:20]
        message = f"提示还没有改写：{shown(text.removeprefix(PROMPT))}；请写上本年的情况，不需要的删去"
        yield Found(start=0, end=len(PROMPT), message=message, unsure=draft, words=words)
        return
    for match in _PLACEHOLDER.finditer(text):
        message = f"“{near(text, match)}”是还没有填写的内容；请填写或删去"
        yield Found(start=match.start(), end=match.end(), message=message, words=near(text, match))
    for match in _BLANK.finditer(text):
        words = near(text, match)
        line = match[0][0] in "_＿"
        if (
            line
            or _COUNTED_BLANK.match(text, match.end())
            or _BEFORE_BLANK.search(text[max(match.start() - 4, 0) : match.start()])
        ):
            message = f"“{words}”里的“{match[0]}”是还没有填写的内容；请填写"
            yield Found(start=match.start(), end=match.end(), message=message, words=words)
        elif not text[match.start() - 1 : match.start()].isdigit():
            message = f"“{words}”里有“{match[0]}”；请核对是没有填写，还是隐去的姓名、名称"
            yield Found(start=match.start(), end=match.end(), message=message, unsure=True, words=words)


def _personal(case: Case) -> Iterator[Outcome]:
    published = {re.sub("[^0-9]", "", value) for value in case.agency.contact.values()}

    def look(text: str) -> Iterator[Found]:
        text = text.translate(_FULL_DIGITS)
        for match in _IDENTITY.finditer(text):
            if _is_identity(match[0]) and not _CODE.search(_before(text, match)):
                masked = f"{match[0][:4]}…{match[0][-2:]}"
                message = f"有公民身份号码（{masked}）；个人信息不得公开，请删去或者隐去"
                yield Found(start=match.start(), end=match.end(), message=message, words=masked)
        for match in _MOBILE.finditer(text):
            digits = re.sub("[^0-9]", "", match[0])
            before = _before(text, match)
            if digits in published or _CODE.search(before):
                continue
            office = _OFFICE.search(before) is not None and _PERSON.search(before) is None
            masked = f"{digits[:3]}…{digits[-2:]}"
            message = (
                f"有手机号码（{masked}）；请核对是否个人的号码，本机关对外的电话请写在 agency.yml 的 contact 里"
                if office
                else f"有个人的手机号码（{masked}）；个人信息不得公开，请删去或者隐去"
            )
            yield Found(start=match.start(), end=match.end(), message=message, unsure=office, words=masked)

    yield from in_pages(case, look, notes=True)


def _before(text: str, match: re.Match[str]) -> str:
    return text[max(match.start() - _CONTEXT, 0) : match.start()]


def _is_identity(number: str) -> bool:
    """Say whether *number* has the check digit and the day of birth of an identity number."""
    added = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    try:
        born = dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return _CHECKS[added % 11] == number[-1].upper() and 1900 <= born.year < 2100  # noqa: PLR2004  # who may be alive


def _last(case: Case) -> PageText | None:
    return case.pages.section(case.report.form.sections[-1]) if case.pages is not None else None


def _fee_stated(case: Case) -> Iterator[Outcome]:
    page = _last(case)
    if page is None:
        return
    if case.report.year < _FEES_SINCE:
        yield Inapplicable(f"《政府信息公开信息处理费管理办法》自 {_FEES_SINCE} 年起施行")
        return
    if has_prompts(page):
        yield Inapplicable(STILL_PROMPTS)
        return
    text = _OTHER_FEES.sub("", "\n".join(_said(page)))
    if _FEE.search(text):
        yield Confirmed()
    elif _CHARGE.search(text):
        message = "第六部分说到收费，没有写出“信息处理费”；请核对是否已经报告收取信息处理费情况，没有收取也要写明"
        yield NeedsReview(place=page.page.place(0), message=message, subject=subject(page.page, "信息处理费"))
    else:
        message = '第六部分没有报告收取信息处理费情况；没有收取也要写明，金额请写 {{ figure("processing_fee") }}'
        if case.report.transcribed:
            message = "第六部分没有报告收取信息处理费情况；请查对原件，原件确实没有的写明豁免"
        yield Fault(place=page.page.place(0), message=message, subject=subject(page.page, "信息处理费"))


def _said(page: PageText) -> Iterator[str]:
    """Yield what *page* says; a heading says something only where something stands below it."""
    passages = page.reported
    for number, passage in enumerate(passages):
        below = passages[number + 1] if number + 1 < len(passages) else None
        if not passage.level or (below is not None and not below.level):
            yield passage.text


def _not_nil(case: Case) -> Iterator[Outcome]:
    page, fee = _last(case), case.report.processing_fee
    if page is None or fee is None:
        return
    if not fee:
        yield Inapplicable("没有收取信息处理费")
        return
    below = [passage for heading, passage in _headed(page) if _FEE.search(heading)]
    passages = list(page.body) if all(is_nil(passage.text) for passage in page.body) else below
    nil = passages[0] if passages and all(is_nil(passage.text) for passage in passages) else None
    if nil is None:
        yield Confirmed()
        return
    message = (
        f"第六部分写的是{shown(nil.text)}，数据里的信息处理费是 {plain(fee)} 元"
        f"（{case.report.place('processing_fee')}）；请写明收取情况，或改正数据"
    )
    yield Fault(place=nil.place(), message=message, subject=subject(page.page, nil.text))


def _headed(page: PageText) -> Iterator[tuple[str, Passage]]:
    """Yield the passages of *page* with the heading above each."""
    heading = ""
    for passage in page.reported:
        if passage.level:
            heading = passage.text if passage.level > 1 else ""
        else:
            yield heading, passage


_NOTICE = "国办公开办函〔2021〕30号所附格式"

RULES = (
    Rule(
        code="Q-02",
        hard=True,
        statement="统计数字前写明的年份是本报告的年度。",
        basis="公开的报告中有沿用上年文字而年份未改的；统计期限是报告年度的1月1日至12月31日",
        check=years.governing,
        reads=Reads.PAGES,
    ),
    Rule(
        code="Q-16",
        hard=False,
        statement="要点、计划、“今年”“去年”和标题里的年份不是从往年报告沿用的。",
        basis="公开的报告中有沿用上年文字而年份未改的",
        check=years.stale,
        reads=Reads.PAGES,
    ),
    Rule(
        code="Q-06",
        hard=False,
        statement="没有常见的错别字和重复的字词，法规和文件的名称正确。",
        basis="政府网站检查把严重表述错误列为单项否决，错别字应当避免（国办秘函〔2019〕19号）；字词表由本系统列出",
        check=slips.national,
        reads=Reads.PROFILE | Reads.PAGES,
    ),
    Rule(
        code="Q-07",
        hard=False,
        statement="标点和括号用全角，中文之间没有多余的空格。",
        basis="GB/T 15834—2011《标点符号用法》；从其他文件复制的文字常有残留的空格和半角标点",
        check=punctuation.marks,
        reads=Reads.PAGES,
    ),
    Rule(
        code=UNWRITTEN,
        hard=True,
        statement="没有留下待填写的内容和提示。",
        basis=f"{_NOTICE}里的“（文字描述）”等应当由编制机关填写",
        check=_placeholders,
        reads=Reads.PAGES,
    ),
    Rule(
        code="Q-11",
        hard=True,
        statement="没有公民身份号码、个人手机号码等个人信息。",
        basis="《中华人民共和国个人信息保护法》；《中华人民共和国政府信息公开条例》第十五条",
        check=_personal,
        reads=Reads.AGENCY | Reads.PAGES,
    ),
    Rule(
        code="Q-13",
        hard=True,
        statement="第六部分报告收取信息处理费情况，没有收取也写明。",
        basis=f"{_NOTICE}：收取信息处理费情况在第六部分报告",
        check=_fee_stated,
        reads=Reads.PAGES,
    ),
    Rule(
        code="Q-14",
        hard=True,
        statement="收取了信息处理费的，第六部分不写“无”。",
        basis=f"{_NOTICE}：收取信息处理费情况在第六部分报告",
        check=_not_nil,
        reads=Reads.PAGES,
    ),
    Rule(
        code="Q-15",
        hard=False,
        statement="书名号、引号、括号成对，文号写作〔年份〕号数的形式。",
        basis="GB/T 15834—2011《标点符号用法》；《党政机关公文格式》（GB/T 9704—2012）",
        check=punctuation.pairs,
        reads=Reads.PAGES,
    ),
)
