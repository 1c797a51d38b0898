"""The macros that set years side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from nianbao.comparison.changes import change_table
from nianbao.comparison.charts import charts
from nianbao.comparison.series import Years
from nianbao.comparison.table import table
from nianbao.comparison.topics import topics
from nianbao.pages.lists import section_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from nianbao.model.report import Report
    from nianbao.pages.session import Session


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
            f"{_years(report.year for report in years.reports.values() if report.form is form)}按{form.basis}规定的格式"
            for form in reversed(years.editions)
            if any(report.form is form for report in years.reports.values())
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
