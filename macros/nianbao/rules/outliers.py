"""A rule for figures of section 3 far from those of the years around them, of which the report says not a word.

A row that is wrong in two places, or a digit too many that was carried into the totals, keeps every sum. Only other
years show it. (Section 2 is compared with the year before by T2-07; section 4 counts too few cases.)

Figures of public bodies do jump: powers are handed over, campaigns are run. So a figure is only doubted where

- three other years at least, of the same edition of the form, have it: fewer make no series;
- those lie within a factor of two of each other (`_STEADY`): a series that jumps by itself tells nothing;
- it lies beyond the highest or lowest of them by a factor of three (`_FAR`). Where the logarithms of the years are
  independent and normal, that happens by chance to fewer than 1 in 1000 figures up to a standard deviation of
  0.3, with which two of three years lie within a third of their mean;
- it is apart from the nearest of them by thirty cases (`_APART`): small counts jump by chance alone, and noughts
  are no outliers beside them;
- no sentence of the report that names it gives a reason, or says that it rose or fell.

What is left is a doubt, which a waiver lets stand with the reason for it.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from nianbao.model.report import plain
from nianbao.rules.figures import cell_name, same_form
from nianbao.rules.rule import Confirmed, Inapplicable, NeedsReview, Reads, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.form import Heading
    from nianbao.model.report import Cell, Report
    from nianbao.prose.passages import PageText
    from nianbao.reading.numbers import Number
    from nianbao.rules.rule import Case, Outcome

TABLE = "requests"
_LEAST_YEARS, _STEADY, _FAR = 3, 2, 3
_APART = 30
# The years on either side that are looked at.
_AROUND = 4
_WORD = re.compile("因|由于|原因|系|受|主要|划转|划入|划出|调整|改革|口径|专项|[增减]|上升|下降|降低|提高|回落")


def _far_from_others(case: Case) -> Iterator[Outcome]:
    around, pages = _around(case), tuple(case.pages or ())
    if len(around) < _LEAST_YEARS:
        yield Inapplicable(f"同一格式的其他年度不足 {_LEAST_YEARS} 个")
        return
    held = 0
    for _, row, column in case.table(TABLE).grid:
        position = row.path, column.path
        cell = case.report.cells[TABLE][position]
        if cell.computed or cell.value is None:
            continue
        others = [(report.year, value) for report in around if (value := _value(report, position)) is not None]
        far = len(others) >= _LEAST_YEARS and _is_far(cell.value, [value for _, value in others])
        if not far or _explained(pages, row):
            held += 1
        else:
            yield _doubt(case, position, cell, others)
    yield Confirmed(held)


def _around(case: Case) -> list[Report]:
    """Return the reports of the years around this one that use the same form."""
    near = (report for year, report in sorted(case.reports.items()) if 0 < abs(year - case.report.year) <= _AROUND)
    return [report for report in near if same_form(report, case.report)]


def _value(report: Report, position: tuple[str, str]) -> Number | None:
    cell = report.cells[TABLE].get(position)
    return None if cell is None else cell.value


def _is_far(value: Number, others: list[Number]) -> bool:
    """Say whether *value* lies far beyond a steady series of *others*."""
    low, high = Decimal(min(others)), Decimal(max(others))
    if not low or high > _STEADY * low:
        return False
    beyond = value > _FAR * high or value * _FAR < low
    return beyond and min(abs(value - low), abs(value - high)) >= _APART


def _explained(pages: tuple[PageText, ...], row: Heading) -> bool:
    """Say whether a sentence of the report names the row and gives a reason, or says which way it went."""
    name = row.words.partition("（")[0]
    for page in pages:
        for passage in page.reported:
            if passage.kind == "td" or name not in passage.text:
                continue
            if any(name in sentence.text and _WORD.search(sentence.text) for sentence in passage.sentences):
                return True
    return False


def _doubt(case: Case, position: tuple[str, str], cell: Cell, others: list[tuple[int, Number]]) -> NeedsReview:
    shown = "、".join(f"{year} 年 {plain(value)}" for year, value in others)
    message = (
        f"“{cell_name(case.table(TABLE), *position)}”本年是 {plain(cell.value or 0)}，其他年度是 {shown}，相差很大，"
        "文字中也没有说明；请核对是否多打、少打了数字，确实如此的在文字中说明原因"
    )
    return NeedsReview(place=cell.place, message=message, subject=cell.address)


RULES: tuple[Rule, ...] = (
    Rule(
        code="T3-10",
        hard=False,
        statement="第三部分的各数与其他年度相差不到三倍，或者文字中说明了原因。",
        basis="各年度的数字应当可以比较；相差很大的多为录入错误（据此推断）",
        check=_far_from_others,
        reads=Reads.REPORTS | Reads.PAGES,
    ),
)
