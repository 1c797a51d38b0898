"""The macros that set years side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from nianbao.cache.cache import held
from nianbao.comparison.changes import change_table
from nianbao.comparison.charts import WEAK, charts, drawn
from nianbao.comparison.series import NO_REPORT, NOT_COUNTED, Point, Years
from nianbao.comparison.sheet import sheet
from nianbao.comparison.topics import comparison_of, comparisons
from nianbao.model.rates import FEW, NO_RATE
from nianbao.pages.lists import section_address
from nianbao.reading.numbers import BLANK, OPEN, UNKNOWN
from nianbao.tables.scrolling import body, head, scrolling_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from nianbao.cache.cache import Content
    from nianbao.comparison.series import RatePoint, RateSeries, Series
    from nianbao.comparison.topics import Comparison, Topic
    from nianbao.pages.session import Session


# More years than stand beside one another on an upright sheet.
_MANY = 10
# As many years stand beside the names of rows on a telephone.
_FEW = 3
# More rows than these are counted and not named.
_NAMED = 3

_MEANINGS = {
    OPEN: "这一年的报告还没有填写这个数",
    UNKNOWN: "原件无法辨认，或者有分项无法辨认，不按0计",
    BLANK: "原件此格空白，或者有分项空白，不按0计",
    NOT_COUNTED: "这一年报告的表里没有此项",
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
        newest_last=len(heads) > _FEW,
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
    title = Markup('<tr>\n<th scope="rowgroup" colspan="{}" class="rates"><span>比率</span></th>\n</tr>').format(width)
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


def shown_years(session: Session) -> Years:
    """Return the reports that readers may see, by rising year."""
    reports = session.dataset.reports
    found = (reports[year] for year in sorted(session.shown_years()) if year in reports)
    return Years.of(*found, forms=session.dataset.forms)


def single_year(found: Comparison) -> str:
    """Return the figures of the only year of *found* in a sentence."""
    points = [(one, one.points[0]) for one in found.series]
    (year,) = found.years.reports
    if all(point.value == 0 for _, point in points):
        return f"{year}年各项都是0。"
    said = "，".join(f"{one.label}{point.text}{one.unit}" for one, point in points if point.value is not None)
    gaps: dict[str, list[str]] = {}
    for one, point in points:
        if point.value is None:
            gaps.setdefault(point.text, []).append(one.label)
    if not said and len(gaps) == 1:
        return f"{year}年各项都是{next(iter(gaps))}，不按0计。"
    parts = [said] if said else []
    parts += [f"{_named(labels)}{text}" for text, labels in gaps.items()]
    return f"{year}年{'；'.join(parts)}{'，不按0计' if gaps else ''}。"


def _named(labels: Sequence[str]) -> str:
    """Return *labels*, or how many there are besides those that were named."""
    return "、".join(labels) if len(labels) <= _NAMED else f"另外{len(labels)}项"


def latest_change(found: Comparison) -> str:
    """Return in a sentence what changed of *found* from the last year but one with a report to the last."""
    *_, before, now = sorted(found.years.reports)
    changed, alike, unknown = [], [], []
    for one in found.series:
        old, new = (next(point for point in one.points if point.year == year) for year in (before, now))
        if old.value is None or new.value is None:
            unknown.append(one.label)
        elif old.value == new.value:
            alike.append(one.label)
        else:
            way = "增加到" if new.value > old.value else "减少到"
            changed.append(f"{one.label}由{old.text}{way}{new.text}{one.unit}")
    parts = changed or ["各项没有变化"]
    parts += [
        f"{_named(labels)}{words}"
        for labels, words in ((alike if changed else [], "没有变化"), (unknown, "不能比较"))
        if labels
    ]
    return f"{now}年与{before}年相比：{'；'.join(parts)}。"


def sheet_path(topic: Topic) -> str:
    """Return where below the site the charts of *topic* stand as a file."""
    return f"compare/{topic.id}.svg"


def sheet_files(session: Session) -> Iterator[tuple[str, Content]]:
    """Yield path below the site and content of the charts of every topic that has some."""
    years = shown_years(session)
    agency = session.dataset.agency
    for one in comparisons(years) if years.reports and agency is not None else ():
        found = drawn(one.topic, one.series, one.rates)
        if found.panels:
            name = years.reports[max(years.reports)].agency_name
            yield sheet_path(one.topic), held(sheet(name, one.topic.title, found.panels, session.notice))


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
            return f"本站目前有{year}年一年的报告，下面是这一年的数。\n有了第二年的报告，这里就列表比较并画变化图。"
        notices = "，".join(
            f"{_years(used)}按{form.basis}规定的格式"
            for form in reversed(years.editions)
            if (used := [year for year, report in years.reports.items() if report.form.format == form.format])
        )
        missing = [str(year) for year in years.all if year not in years.reports]
        gap = f"\n{'、'.join(missing)}年没有报告，表和图里空出，不按0计。" if missing else ""
        return f"下面比较{len(years.reports)}年的报告：{notices}。{gap}"

    def comparison(self, topic: str) -> Markup:
        """Return what changed of a topic, its charts and its table; of one year alone a sentence."""
        years = self._shown()
        if not years.reports:
            return Markup("")
        found = comparison_of(topic, years)
        if len(years.reports) == 1:
            return Markup("<p>{}</p>").format(single_year(found))
        heads = [self._head(years, year, found.topic.table) for year in years.all]
        address = self.session.address(sheet_path(found.topic))
        return Markup("\n").join(
            [
                Markup("<p>{}</p>").format(latest_change(found)),
                *charts(found.topic, drawn(found.topic, found.series, found.rates), address),
                table(found.topic, heads, found.series, found.rates),
            ]
        )

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
        return shown_years(self.session)

    def _head(self, years: Years, year: int, id_: str) -> Markup:
        """Return the head of a column: the year, as a link to the table that its figures come from."""
        report = years.reports.get(year)
        section = report.form.section_of(id_) if report else None
        if report is None or section is None:
            return Markup("{}年").format(year)
        address = self.session.address(section_address(year, report.form, section))
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
