"""Rules for publication: in time, without gaps, unchanged or openly corrected afterwards, with the site's tags."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import TYPE_CHECKING

from nianbao.model.agency import SITE, SITE_TAGS
from nianbao.model.kinds import KINDS, due_by
from nianbao.model.report import FEE
from nianbao.pages.text import date
from nianbao.reading.numbers import OPEN
from nianbao.rules.rule import Confirmed, Fault, Inapplicable, NeedsReview, Reads, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.kinds import Kind
    from nianbao.model.report import Report
    from nianbao.rules.rule import Case, Outcome

# The regulation as it stands; reports of earlier years had another date.
_SINCE = 2019

# The macro that lists the files of a report; the build makes them and fails where it cannot.
_DOWNLOADS = "download_list"

# What the tags of every page tell machines of the site, as an editor writes it.
_EXAMPLES = {"name": "某某市人民政府门户网站", "domain": "www.example.gov.cn", "id_code": '"1234567890"'}

_DRAFT, _UNKNOWN = "草稿，尚未公布", "公布日期没有登记"
_TRANSCRIBED = "照原件录入的旧报告，公布日期没有登记"


def _in_time(case: Case) -> Iterator[Outcome]:
    report, day = case.report, case.report.published_on
    if report.status == "draft":
        yield Inapplicable(_DRAFT)
    elif report.year < _SINCE:
        yield Inapplicable("适用修订以前的条例")
    elif day is None and report.transcribed:
        yield Inapplicable(_TRANSCRIBED)
    elif day is None:
        message = (
            "状态是已公布，没有登记公布日期，不能核对是否按期；请查对原件，知道的在 published_on 写上，如 2024-01-31"
        )
        yield NeedsReview(place=report.place("status"), message=message, subject="published_on")
    else:
        yield _by_the_deadline(report, day, KINDS[case.agency.kind])
        due = due_by(case.agency.kind, case.profile.deadline, report.year)
        if report.late_reason and day <= due:
            message = f"公布日期{date(day)}没有超过期限，却写了迟延公布的原因；请删去 late_reason，或改正日期"
            yield Fault(place=report.place("late_reason"), message=message, subject="late_reason")


def _by_the_deadline(report: Report, day: dt.date, kind: Kind) -> Outcome:
    deadline = kind.due(report.year)
    if day <= deadline:
        return Confirmed()
    message = (
        f"公布日期是{date(day)}，{kind.basis}是{date(deadline)}，晚了 {(day - deadline).days} 天；"
        "日期写错的请改正，确实迟延的在 late_reason 写明原因，向社会公布"
    )
    return Fault(place=report.place("published_on"), message=message, subject="published_on", reason=report.late_reason)


def _filled_in(case: Case) -> Iterator[Outcome]:
    report, advice = case.report, f"没有发生的填 0；其余都没有发生的，运行 nianbao fill {case.report.year} --zero"
    outcome = NeedsReview if report.status == "draft" else Fault
    for section in report.form.sections:
        table = report.form.table(section.table) if section.table else None
        if table is None:
            continue
        waiting = report.open_cells(table.id)
        if not waiting:
            yield Confirmed()
            continue
        message = f"第{section.number}部分还有 {len(waiting)} 格待填；{advice}"
        yield outcome(place=waiting[0].place, message=message, subject=table.id)
    if report.fee_gap == OPEN:
        message = f"信息处理费待填；{advice}"
        yield outcome(place=report.place(FEE), message=message, subject=FEE)
    else:
        yield Confirmed()
    # A new year begins with empty lists, which nothing tells from a year in which nothing was published.
    if report.status == "draft" and report.item_count == 0:
        message = (
            "主动公开的信息一条也没有列出，报告里写作 0 条；"
            "请在 items 里列出，没有全部列出的写 count；确实没有公开的不用改"
        )
        yield NeedsReview(place=report.place("items"), message=message, subject="items")


def _after_the_year(case: Case) -> Iterator[Outcome]:
    report, day = case.report, case.report.published_on
    if day is None:
        yield Inapplicable(_DRAFT if report.status == "draft" else _UNKNOWN)
    elif day > dt.date(report.year, 12, 31):
        yield Confirmed()
    else:
        message = f"公布日期是{date(day)}，{report.year}年度那时还没有结束，全年的数字不可能已经统计；请查对原件后改正"
        yield Fault(place=report.place("published_on"), message=message, subject="published_on")


def _unchanged(case: Case) -> Iterator[Outcome]:
    report = case.report
    if report.corrections and not report.digest:
        message = "登记了更正，却没有定稿的摘要（digest），不知道更正以前公布的是什么；请从版本库恢复 digest 一行"
        yield Fault(place=report.place("corrections"), message=message, subject="digest")
    elif case.changes is None:
        yield Inapplicable("没有页面可以对照" if report.digest else "没有定稿")
    else:
        yield from case.changes
        if not case.changes:
            yield Confirmed()


def _no_gap(case: Case) -> Iterator[Outcome]:
    year = case.report.year
    earlier = [other for other in case.years if other < year]
    if not earlier:
        yield Inapplicable("是现有的第一个年度")
    elif earlier[-1] == year - 1:
        yield Confirmed()
    else:
        gap = f"{year - 1}年" if earlier[-1] == year - 2 else f"{earlier[-1] + 1}年至{year - 1}年"
        message = f"没有{gap}的数据，{year}年的前面是{earlier[-1]}年；各年度的报告都应当能够查到，请补录"
        yield Fault(place=case.report.place("year"), message=message, subject="year")


def _downloads(case: Case) -> Iterator[Outcome]:
    preface = case.pages.preface if case.pages is not None else None
    if preface is None:
        return
    if _DOWNLOADS in preface.page.calls:
        yield Confirmed()
        return
    message = f"年度首页没有列出可以下载的文件；请加上 {{{{ {_DOWNLOADS}() }}}}，单独成行"
    yield Fault(place=preface.page.place(0), message=message, subject=preface.page.name)


def _in_order(case: Case) -> Iterator[Outcome]:
    report = case.report
    if not report.corrections:
        yield Inapplicable("没有更正")
        return
    first = [("第一次公布", report.published_on, None)] if report.published_on else []
    corrections = [
        (f"第 {number} 次更正", correction.day, correction) for number, correction in enumerate(report.corrections, 1)
    ]
    for (before, earlier, _), (now, later, correction) in pairwise([*first, *corrections]):
        if correction is None or earlier <= later:
            yield Confirmed()
            continue
        message = f"{now}的日期是{date(later)}，早于{before}的{date(earlier)}；请查对后改正写错的一个"
        number = report.corrections.index(correction) + 1
        yield Fault(place=correction.place, message=message, subject=f"corrections.{number}")


def _on_record(case: Case) -> Iterator[Outcome]:
    report = case.report
    if report.status == "draft":
        yield Inapplicable(_DRAFT)
    elif report.digest:
        yield Confirmed()
    elif report.corrections:
        yield Inapplicable("登记了更正而没有摘要，由规则 P-03 指出")
    elif report.transcribed:
        yield Inapplicable("照原件录入的旧报告，公布的内容以原件为准")
    else:
        message = (
            "状态是已公布，没有定稿，公布的内容没有留下记录，以后改动或者撤下都查不出来；"
            f"内容确定以后，请运行 nianbao freeze {report.year}，"
            "用 --published 写明公布日期，日期无从查考的用 --date-unknown"
        )
        yield Fault(place=report.place("status"), message=message, subject="digest")


def _tags(case: Case) -> Iterator[Outcome]:
    """Yield one outcome for each tag of the site, with the newest report alone: all years share the site.

    Of the other obligatory tags, the title, the source and the column are always known, and P-01 asks for the date.
    """
    if case.report.year != case.newest:
        yield Inapplicable("网站信息各年度共用，只随最近的年度核对")
    else:
        for tag, key in SITE_TAGS.items():
            if key in case.agency.site:
                yield Confirmed()
                continue
            message = (
                f"没有登记{SITE[key]}，各页缺少标签 {tag}；"
                f"请向网站的主办单位问明，在 site 里写上 {key}，如 {key}: {_EXAMPLES[key]}"
            )
            yield Fault(place=case.agency.site_place, message=message, subject=f"site.{key}")


def _deadlines() -> str:
    """Return by when bodies of each kind must publish, in words."""
    days: dict[tuple[int, int], list[str]] = {}
    for kind in KINDS.values():
        days.setdefault(kind.deadline, []).append(kind.title)
    return "，".join(f"{'、'.join(titles)}不晚于下一年的{month}月{day}日" for (month, day), titles in days.items())


_ARTICLE = "《中华人民共和国政府信息公开条例》第四十九条"

RULES = (
    Rule(
        code="P-01",
        hard=False,
        statement=f"按期公布：{_deadlines()}；迟延公布的写明原因。",
        basis=_ARTICLE,
        check=_in_time,
        reads=Reads.AGENCY | Reads.PROFILE,
    ),
    Rule(
        code="P-02",
        hard=True,
        statement="公布日期在报告的年度结束以后。",
        basis=f"{_ARTICLE}：公布的是上一年度的报告；政府网站检查指标对伪造发稿日期单项否决（国办秘函〔2019〕19号）",
        check=_after_the_year,
    ),
    Rule(
        code="P-03",
        hard=True,
        statement="公布以后内容没有变动，或者变动已登记更正并在页面上说明。",
        basis="年度报告评议把发布后擅自变动列为问题；《政府网站发展指引》（国办发〔2017〕47号）要求修改过的内容标明",
        check=_unchanged,
        reads=Reads.CHANGES,
        waivable=False,
    ),
    Rule(
        code="P-05",
        hard=False,
        statement="各年度的报告前后相接，没有缺年。",
        basis="政府信息公开平台规范（国办公开办函〔2019〕61号）的年报栏目；年度报告评议把年份不全列为问题",
        check=_no_gap,
        reads=Reads.YEARS,
    ),
    Rule(
        code="P-06",
        hard=True,
        statement="年度首页列出报告的下载文件。",
        basis="《中华人民共和国政府信息公开条例》第二十四条：公开平台具备信息检索、查阅、下载等功能",
        check=_downloads,
        reads=Reads.PAGES,
    ),
    Rule(
        code="P-07",
        hard=True,
        statement="各次更正的日期依次在后，都不早于公布日期。",
        basis="政府网站检查指标对伪造发稿日期单项否决（国办秘函〔2019〕19号）",
        check=_in_order,
    ),
    Rule(
        code="P-10",
        hard=False,
        statement="各页都有网站名称、网站域名和网站标识码的标签。",
        basis=(
            "《政府网站发展指引》（国办发〔2017〕47号）附件《网页设计规范》的网页标签；"
            "各标签是否必选没有对照过原件，所以只作提醒"
        ),
        check=_tags,
        reads=Reads.AGENCY | Reads.NEWEST,
        # A waiver stands in the file of a year, and the year that is judged changes with the next report.
        waivable=False,
    ),
    Rule(
        code="P-11",
        hard=False,
        statement="公布的报告已经定稿，公布了什么有记录可查。",
        basis=(
            f"{_ARTICLE}规定公布报告，第五十条规定报告的内容；"
            "年度报告评议把发布后擅自变动列为问题，留有记录才能发现；怎样留存没有规定，所以只作提醒"
        ),
        check=_on_record,
    ),
    Rule(
        code="P-12",
        hard=True,
        statement="各部分的数都已填写，没有留下“待填”。",
        basis="没有填写不等于没有发生",
        check=_filled_in,
        waivable=False,
    ),
)
