"""The macros that set years side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from nianbao.comparison.changes import change_table
from nianbao.comparison.charts import WEAK, charts
from nianbao.comparison.series import NO_REPORT, NOT_COUNTED, Point, Years
from nianbao.comparison.topics import topics
from nianbao.model.rates import FEW, NO_RATE
from nianbao.pages.lists import section_page
from nianbao.reading.numbers import BLANK, OPEN, UNKNOWN
from nianbao.tables.scrolling import body, head, scrolling_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from nianbao.comparison.series import RatePoint, RateSeries, Series
    from nianbao.comparison.topics import Topic
    from nianbao.model.report import Report
    from nianbao.pages.session import Session


# More years than stand beside one another on an upright sheet.
_MANY = 10

_MEANINGS = {
    OPEN: "这一年的报告还没有填写这个数",
    UNKNOWN: "原件无法辨认，或者有分项无法辨认，不按0计",
    BLANK: "原件此格空白，或者有分项空白，不按0计",
    NOT_COUNTED: "这一年的报告格式不统计此项",
    NO_REPORT: "本站没有这一年的报告，不按0计",
    NO_RATE: "分母为0，没有比率",
}


def table(topic: Topic, heads: Sequence[Markup], series: Sequence[Series], rates: Sequence[RateSeries]) -> Markup:
    """Return the table of *topic* in a region that scrolls by keyboard, and its notes; *heads* stand over the years."""
    unit = _common_unit(series)
    units = Markup('<span class="table-unit">（单位：{}）</span>').format(unit) if unit else ""
    rows = (row for one in series for row in _row(_label(one, unit), one.line.part, one.points))
    region = scrolling_table(
        Markup("{} {}").format(topic.title, units),
        [head(("项目", *heads), apart=True), body(rows), *([_rates(rates, len(heads) + 1)] if rates else [])],
        id_=f"comparison-{topic.id}",
        kind="comparison many-years" if len(heads) > _MANY else "comparison",
        caption_id=f"comparison-{topic.id}-caption",
    )
    return Markup("\n").join([region, *_notes(topic, series, rates)])


def _common_unit(series: Sequence[Series]) -> str:
    units = {one.unit for one in series}
    return units.pop() if len(units) == 1 else ""


def _label(one: Series, unit: str) -> str:
    return one.label if unit or not one.unit else f"{one.label}（{one.unit}）"


def _row(label: str, part: bool, points: Sequence[Point | RatePoint]) -> Iterator[Markup]:  # noqa: FBT001  # a column
    yield Markup('<tr>\n<th scope="row"{}>{}</th>').format(Markup(' class="part"') if part else "", label)
    for point in points:
        weak = WEAK if getattr(point, "small", False) else ""
        gap = Markup(' class="gap"') if point.gap else ""
        source = point.mark if isinstance(point, Point) else ""
        yield Markup("<td{}{} data-search-exclude>{}{}</td>").format(gap, source, point.text, weak)
    yield Markup("</tr>")


def _rates(rates: Sequence[RateSeries], width: int) -> Markup:
    title = Markup('<tr>\n<th scope="rowgroup" colspan="{}" class="rates">比率</th>\n</tr>').format(width)
    return body([title, *(row for one in rates for row in _row(one.label, False, one.points))])  # noqa: FBT003  # as above


def _notes(topic: Topic, series: Sequence[Series], rates: Sequence[RateSeries]) -> Iterator[Markup]:
    """Yield what a reader must know: how years were joined, what the words for gaps mean, which rates say little."""
    notes = list(dict.fromkeys(note for one in series for note in one.notes))
    if rates:
        notes.append(topic.remark)
    shown = {point.text for one in series for point in one.points}
    shown |= {point.text for one in rates for point in one.points}
    notes += [f"“{word}”表示{meaning}。" for word, meaning in _MEANINGS.items() if word in shown]
    if any(point.small for one in rates for point in one.points):
        notes.append(f"“{WEAK}”表示分母不足{FEW}，差一件比率就会有较大变化，不宜用来比较。")
    if notes:
        yield Markup('<div class="table-notes">')
        yield from (Markup("<p>注：{}</p>").format(note) for note in notes)
        yield Markup("</div>")


def comparison_macros(session: Session) -> dict[str, Callable[..., Any]]:
    """Return the macros by name, bound to *session*."""
    words = _Words(session)
    return {macro.__name__: macro for macro in (words.compared_years, words.comparison, words.year_changes)}


@dataclass(frozen=True, slots=True)
class _Words:
    """The macros."""

    session: Session

    def compared_years(self) -> str:
        """Return which years the page compares, in which editions of the form."""
        years = self._shown()
        if not years.reports:
            return "还没有公布的年度报告。"
        if len(years.reports) == 1:
            (year,) = years.reports
            return (
                f"本站目前有{year}年一年的报告，下面先列出这一年的数。\n"
                "以后每公布一年的报告，各表增加一列，并画出变化图。"
            )
        notices = "，".join(
            f"{_years(used)}按{form.basis}规定的格式"
            for form in reversed(years.editions)
            if (used := [year for year, report in years.reports.items() if report.form.format == form.format])
        )
        missing = [str(year) for year in years.all if year not in years.reports]
        gap = f"\n{'、'.join(missing)}年没有报告，表和图里空出，不按0计。" if missing else ""
        return f"下面比较{len(years.reports)}年的报告：{notices}。{gap}"

    def comparison(self, topic: str) -> Markup:
        """Return the charts and the table of a topic for all years."""
        years = self._shown()
        if not years.reports:
            return Markup("")
        found = next(one for one in topics(years.editions) if one.id == topic)
        series = [one for one in (years.series(line) for line in found.lines) if one is not None]
        rates = [one for one in (years.rate(share) for share in found.shares) if one is not None]
        heads = [self._head(years, year, found.table) for year in years.all]
        return Markup("\n").join([*charts(found, series, rates), table(found, heads, series, rates)])

    def year_changes(self, table: str) -> Markup | str:
        """Return what changed in a statutory table since last year; nothing for the first year.

        They are no part of the report as published: the full text leaves out sections of this class.
        """
        report = self.session.report()
        before = self.session.previous(report)
        if before is None:
            return ""
        return change_table(Years.of(before, report, forms=self.session.dataset.forms), str(table))

    def _shown(self) -> Years:
        return Years.of(*self._reports().values(), forms=self.session.dataset.forms)

    def _reports(self) -> dict[int, Report]:
        """Return the reports that readers may see, by rising year."""
        reports = self.session.dataset.reports
        return {year: reports[year] for year in sorted(self.session.shown_years()) if year in reports}

    def _head(self, years: Years, year: int, id_: str) -> Markup:
        """Return the head of a column: the year, as a link to the table that its figures come from."""
        report = years.reports.get(year)
        section = next((part for part in report.form.sections if part.table == id_), None) if report else None
        if report is None or section is None:
            return Markup("{}年").format(year)
        page = section_page(report.form, section).removesuffix(".md")
        address = self.session.address(f"{year}/{page}.html")
        draft = "（草稿）" if report.status == "draft" else ""
        return Markup('<a href="{}#{}">{}年{}</a>').format(address, id_, year, draft)


def _years(years: Iterable[int]) -> str:
    """Return rising *years* as 2019年至2021年、2023年."""
    runs: list[list[int]] = []
    for year in years:
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return "、".join(f"{run[0]}年至{run[-1]}年" if len(run) > 1 else f"{run[0]}年" for run in runs)
