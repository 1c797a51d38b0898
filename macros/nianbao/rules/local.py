"""Rules of the local profile: what a district, city or superior office asks for beyond the national form."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from nianbao.model.report import FEE, ITEMS, plain, total
from nianbao.rules import slips
from nianbao.rules.rule import Confirmed, Fault, Inapplicable, NeedsReview, Reads, Rule
from nianbao.rules.wording import subject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.profile import Requirement
    from nianbao.model.report import Report
    from nianbao.prose.passages import PageText
    from nianbao.rules.rule import Case, Outcome

_NONE_ASKED = "本地要求里没有这一项"
_NONE_THIS_YEAR = "本地要求对本年度没有这一项"

# As word processors count: a Chinese character or mark is one, so is a run of letters or of digits.
_COUNTED = re.compile(r"[A-Za-z]+|[0-9][0-9.,]*|[^\sA-Za-z0-9]")
_NIL = re.compile("没有|未|无|零")


def _asked(
    case: Case, requirements: tuple[Requirement, ...]
) -> Iterator[tuple[Requirement, str, PageText] | Inapplicable]:
    """Yield the requirements for the year, with the number and the page of the section; why, where there are none."""
    asked = [requirement for requirement in requirements if requirement.holds_for(case.report.year)]
    if not asked:
        yield Inapplicable(_NONE_THIS_YEAR if requirements else _NONE_ASKED)
    for requirement in asked:
        section = case.report.form.section(requirement.section)
        page = case.pages.named(requirement.section) if case.pages is not None else None
        if section is not None and page is not None:
            yield requirement, section.number, page


def _headings(case: Case) -> Iterator[Outcome]:
    for asked in _asked(case, case.profile.headings):
        if isinstance(asked, Inapplicable):
            yield asked
            continue
        requirement, number, page = asked
        if any(word in heading.text for word in requirement.words for heading in page.headings if heading.level > 1):
            yield Confirmed()
            continue
        wanted = requirement.words[0]
        message = f"第{number}部分没有“{wanted}”这个标题；本地要求（{case.profile.name}）应有，没有发生的写明没有"
        yield Fault(place=page.page.place(0), message=message, subject=subject(page.page, wanted))


def _topics(case: Case) -> Iterator[Outcome]:
    for asked in _asked(case, case.profile.topics):
        if isinstance(asked, Inapplicable):
            yield asked
            continue
        requirement, number, page = asked
        if any(word in passage.text for word in requirement.words for passage in page.reported):
            yield Confirmed()
            continue
        wanted = "”或“".join(requirement.words)
        message = f"第{number}部分没有写到“{wanted}”；本地要求（{case.profile.name}）应写到，请补上"
        yield Fault(place=page.page.place(0), message=message, subject=subject(page.page, requirement.words[0]))


def _figures(case: Case) -> Iterator[Outcome]:
    for asked in _asked(case, case.profile.figures):
        if isinstance(asked, Inapplicable):
            yield asked
            continue
        requirement, number, page = asked
        path = requirement.wanted
        if f"figure {path}" in page.page.calls:
            yield Confirmed()
            continue
        written = _written(case.report, path)
        if written is None:
            message = f"本年的格式和数据里没有 {path} 这个数；请改正本地要求，或写明要求的年度"
            yield NeedsReview(place=requirement.place, message=message, subject=path)
        elif not written:
            continue  # What is unknown cannot be asked for.
        elif any(_stands(form, page.text) for form in written):
            yield Confirmed()
        else:
            label = requirement.label or path
            message = (
                f"第{number}部分没有写明“{label}”，数据里是 {written[0]}；本地要求（{case.profile.name}）应写明，"
                f'请用 {{{{ figure("{path}") }}}}'
            )
            yield Fault(place=page.page.place(0), message=message, subject=subject(page.page, path))


def _written(report: Report, path: str) -> tuple[str, ...] | None:
    """Return how the figure at *path* may stand in the text, nothing where it is unknown, None where there is none."""
    table, _, rest = path.partition(".")
    if path == ITEMS:
        return () if report.item_count is None else _counts(report.item_count)
    if path == "items.full_text_rate":
        rate = report.full_text_rate
        return () if rate is None or rate.value is None else (rate.in_words, rate.in_words.replace("%", "％"))
    if table == ITEMS:
        count = total(category.count for category in report.categories if category.name == rest)
        return () if count is None else _counts(int(count))
    if path == FEE:
        return () if report.processing_fee is None else (f"{plain(report.processing_fee)}元",)
    if report.form.find(path) is None:
        return None
    value = report.figure(path)
    return () if value is None else (f"{plain(value)}{report.form.unit(path)}",)


def _counts(count: int) -> tuple[str, ...]:
    return (f"{count}条", *(f"信息{count}{unit}" for unit in "件篇项份"))


def _stands(written: str, text: str) -> bool:
    """Say whether *text* has the figure, or, where it is nil, words that say so."""
    if written[0] == "0" and not written[1].isdigit() and written[1] != "." and _NIL.search(text):
        return True
    return re.search(rf"(?<![0-9.]){re.escape(written)}", re.sub(r"(?<=[0-9]) (?=\D)", "", text)) is not None


def _lengths(case: Case) -> Iterator[Outcome]:
    for asked in _asked(case, case.profile.lengths):
        if isinstance(asked, Inapplicable):
            yield asked
            continue
        requirement, number, page = asked
        length = sum(1 for _ in _COUNTED.finditer(page.text))
        if length <= int(requirement.wanted):
            yield Confirmed()
            continue
        message = (
            f"第{number}部分有 {length} 字（标点计入，标题、表格和清单不计），"
            f"本地要求（{case.profile.name}）不超过 {requirement.wanted} 字；请精简"
        )
        yield Fault(place=page.page.place(0), message=message, subject=subject(page.page))


def _in_time(case: Case) -> Iterator[Outcome]:
    day, deadline = case.report.published_on, case.profile.deadline
    if deadline is None:
        yield Inapplicable("本地没有另定公布期限")
    elif case.report.status == "draft":
        yield Inapplicable("还没有公布")
    elif day is None:
        yield Inapplicable("不知道公布日期")
    else:
        last = dt.date(case.report.year + 1, *deadline)
        if day <= last:
            yield Confirmed()
            return
        message = (
            f"公布日期是 {day}，本地要求（{case.profile.name}）不迟于 {last} 公布；"
            "请核对日期，确实逾期的在 late_reason 写明原因"
        )
        yield Fault(
            place=case.report.place("published_on"),
            message=message,
            subject="published_on",
            reason=case.report.late_reason,
        )


def _typing(case: Case) -> Iterator[Outcome]:
    if case.profile.typing:
        yield from slips.local(case)
    else:
        yield Inapplicable(_NONE_ASKED)


def _totals(case: Case) -> Iterator[Outcome]:
    first = case.profile.totals_from
    if not first or case.report.year < first:
        yield Inapplicable(_NONE_THIS_YEAR if first else _NONE_ASKED)
        return
    for table in case.report.form.tables:
        cells = [case.report.cells[table.id][total.position] for total in table.totals]
        missing = [cell for cell in cells if not cell.entered]
        yield Confirmed(len(cells) - len(missing))
        if missing:
            message = (
                f"“{table.caption}”有 {len(missing)} 处合计没有照原件录入，第一处是 {missing[0].address}；"
                f"本地要求（{case.profile.name}）应当录入，写在一行的最后，或者写 total 一行"
            )
            yield Fault(place=missing[0].place, message=message, subject=table.id)


_PROFILE = "本地要求，由本机关登记并写明依据"

RULES = (
    Rule(
        code="L-01",
        hard=False,
        statement="本地要求的标题都有。",
        basis=_PROFILE,
        check=_headings,
        reads=Reads.PROFILE | Reads.PAGES,
    ),
    Rule(
        code="L-02",
        hard=False,
        statement="本地要求写到的内容都写到。",
        basis=_PROFILE,
        check=_topics,
        reads=Reads.PROFILE | Reads.PAGES,
    ),
    Rule(
        code="L-03",
        hard=False,
        statement="本地要求写明的数都写明。",
        basis=_PROFILE,
        check=_figures,
        reads=Reads.PROFILE | Reads.PAGES,
    ),
    Rule(
        code="L-04",
        hard=False,
        statement="各部分不超过本地要求的字数（标点计入，标题、表格和清单不计）。",
        basis=_PROFILE,
        check=_lengths,
        reads=Reads.PROFILE | Reads.PAGES,
    ),
    Rule(
        code="L-05",
        hard=False,
        statement="公布日期不迟于本地要求的期限；迟延公布的写明原因。",
        basis=f"{_PROFILE}；早于《中华人民共和国政府信息公开条例》第四十九条的期限",
        check=_in_time,
        reads=Reads.PROFILE,
    ),
    Rule(
        code="L-06",
        hard=False,
        statement="没有本地要求列出的错字。",
        basis=_PROFILE,
        check=_typing,
        reads=Reads.PROFILE | Reads.PAGES,
    ),
    Rule(
        code="L-07",
        hard=False,
        statement="本地要求照原件录入的合计都已录入。",
        basis=f"{_PROFILE}；第四部分和第三部分的各行，只有合计能够核对",
        check=_totals,
        reads=Reads.PROFILE,
    ),
)
