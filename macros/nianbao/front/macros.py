"""The macros that lead to reports: the front page with the newest and the years before it, the head of a report."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from nianbao.downloads.downloads import open_downloads
from nianbao.downloads.macros import READ
from nianbao.lifecycle.numbers import NUMBER_TITLE, number_of
from nianbao.pages import lists
from nianbao.pages.lists import FULL_TEXT_PAGE, PICTURE_PAGE, publication_notes
from nianbao.pages.text import date, markdown
from nianbao.picture.html import key_list
from nianbao.picture.model import keys_of
from nianbao.tables.scrolling import body, head, scrolling_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from nianbao.exports.formats import Download
    from nianbao.model.report import Report
    from nianbao.pages.session import Session

# What says in five figures what happened; see `nianbao.pages.lists.key_figure_names`.
_TOLD = ("items", "requests.received", "requests.results.total", "review.reconsideration", "review.litigation")


def front_macros(session: Session) -> dict[str, Callable[..., Any]]:
    """Return the macros by name, bound to *session*."""

    def report_list() -> Markup | str:
        """Return the newest report and the years before it."""
        return reports(session)

    def report_heading() -> str:
        """Return the title of the report as the heading of the page, what is known of it, and ways to read it."""
        report = session.report()
        links = Markup('<div class="report-links">\n{}\n</div>').format(report_links(session, report))
        number = number_of(session, report)
        notes = [f"{NUMBER_TITLE}：{number}"] if number else []
        return f"{lists.report_heading(report, *notes)}\n\n{links}"

    return {"report_list": report_list, "report_heading": report_heading}


def reports(session: Session) -> Markup | str:
    """Return the newest report with five figures, then a table of the others, newest first; no line is blank."""
    years = session.shown_years()
    if not years:
        return "还没有公布的年度报告。"
    newest = session.dataset.reports.get(years[0])
    others = years if newest is None else years[1:]
    parts = [_newest(session, newest)] if newest is not None else []
    return Markup("\n").join([*parts, *([_others(session, others)] if others else [])])


def _newest(session: Session, report: Report) -> Markup:
    page = session.address(f"{report.year}/index.html")
    told = {report.form.current(path) for path in _TOLD}
    keys = keys_of(report, session.previous(report), session.dataset.forms)
    # Outside the folders of years a figure names its year, for it to be read back.
    marked = (replace(key, path=f"{report.year}:{key.path}") for key in keys if key.path in told)
    return Markup("\n").join(
        [
            Markup('<section class="newest-report" aria-labelledby="newest-report">'),
            Markup('<h2 id="newest-report"><a href="{}">{}</a></h2>').format(page, markdown(report.title)),
            Markup('<p class="report-notes">{}</p>').format(markdown("；".join(publication_notes(report)))),
            key_list(marked),
            Markup('<div class="report-links">\n{}\n</div>').format(report_links(session, report)),
            Markup("</section>"),
        ]
    )


def report_links(session: Session, report: Report) -> Markup:
    """Return links to what people read of *report*: the full text, the picture, Word and PDF with their sizes."""
    pages = ((FULL_TEXT_PAGE, "阅读全文"), (PICTURE_PAGE, "一图读懂"))
    links = [
        Markup('<a href="{}">{}</a>').format(session.address(f"{report.year}/{page.removesuffix('.md')}.html"), words)
        for page, words in pages
    ]
    return Markup("\n").join(
        [*links, *(_file(session, item, f"下载 {item.format}") for item in _files(session, report))]
    )


def _files(session: Session, report: Report) -> Sequence[Download]:
    return [item for item in open_downloads(session).year(report).files if item.kind in READ]


def _file(session: Session, item: Download, words: str) -> Markup:
    return Markup('<a href="{}" download="{}">{}（<span data-search-exclude>{}</span>）</a>').format(
        session.address(item.path), markdown(item.kept_as), words, item.size
    )


def _others(session: Session, years: Sequence[int]) -> Markup:
    """Return a table of the reports of *years*. What is the same in all of them has no column."""
    known = [report for year in years if (report := session.dataset.reports.get(year)) is not None]
    columns = {
        "公布日期": any(report.published_on or report.status == "draft" for report in known),
        "更正": any(report.corrections for report in known),
        "文件": bool(known),
    }
    shown = [name for name, told in columns.items() if told]
    rows = (_row(session, year, shown) for year in years)
    caption = "以前年度的报告" if len(years) < len(session.shown_years()) else "历年报告"
    return scrolling_table(
        caption, [head(("年度报告", *shown)), body(rows)], kind="data report-list", caption_id="reports.caption"
    )


def _row(session: Session, year: int, columns: Sequence[str]) -> Markup:
    report = session.dataset.reports.get(year)
    if report is None:
        fault = (
            Markup('<td colspan="{}">数据有误，暂不能显示</td>').format(len(columns))
            if columns
            else "：数据有误，暂不能显示"
        )
        return Markup('<tr>\n<th scope="row">{}年</th>\n{}\n</tr>').format(year, fault)
    page = session.address(f"{year}/index.html")
    cells = Markup("\n").join(
        Markup('<td data-head="{}">{}</td>').format(name, text)
        for name, text in _facts(session, report, page)
        if name in columns
    )
    return Markup('<tr>\n<th scope="row"><a href="{}">{}</a></th>\n{}\n</tr>').format(
        page, markdown(report.title), cells
    )


def _facts(session: Session, report: Report, page: str) -> Iterator[tuple[str, Markup | str]]:
    """Yield what is known of *report* by the name of its column."""
    draft = report.status == "draft"
    yield "公布日期", "尚未公布（草稿）" if draft else date(report.published_on) if report.published_on else "不详"
    corrected = Markup("、").join(date(correction.day) for correction in report.corrections)
    yield "更正", Markup('<a href="{}#corrections">{}</a>').format(page, corrected) if corrected else "无"
    yield "文件", Markup("\n").join(_file(session, item, item.format) for item in _files(session, report)) or "—"
