"""Lists that pages show: years, sections, published items, names, key figures. All are Markdown or HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from nianbao.pages.figures import figure
from nianbao.pages.text import date, markdown
from nianbao.reading.numbers import GAPS
from nianbao.tables.notes import remarks

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from nianbao.model.agency import Agency
    from nianbao.model.form import Form, Section
    from nianbao.model.report import Report

FULL_TEXT_PAGE = "full.md"
PICTURE_PAGE = "picture.md"

LATE_TITLE = "迟延公布的原因"

# What a reader looks for first, in the words of a summary: the form has longer ones, and names of an earlier edition
# are found in it by `Form.current`.
_KEY_FIGURES = {
    "items": "主动公开政府信息",
    "requests.received": "新收政府信息公开申请",
    "requests.carried_in": "上年结转申请",
    "requests.results.total": "本年办理申请",
    "requests.carried_out": "结转下年度申请",
    "review.reconsideration": "行政复议",
    "review.litigation": "行政诉讼",
    "processing_fee": "收取信息处理费",
}
_UNITS = {"items": "条", "processing_fee": "元"}


def key_figure_names(form: Form) -> Iterator[tuple[str, str, str]]:
    """Yield path, words and unit of each figure of *form* that a reader looks for first."""
    for known, words in _KEY_FIGURES.items():
        path = form.current(known)
        if known not in _UNITS and form.find(path) is None:
            continue
        unit = _UNITS[known] if known in _UNITS else form.unit(path)
        yield path, words, unit


def section_page(form: Form, section: Section) -> str:
    """Return the file name of a section's page within its year."""
    return f"{form.sections.index(section) + 1}-{section.id}.md"


def section_at(form: Form, page: str) -> Section | None:
    """Return the section that has the file *page*, or None."""
    return next((section for section in form.sections if section_page(form, section) == page), None)


def section_address(year: int, form: Form, section: Section) -> str:
    """Return where the page of a section of *year* stands, as an address below the site."""
    return f"{year}/{section_page(form, section).removesuffix('.md')}.html"


def report_heading(report: Report, *notes: str) -> str:
    """Return the title of the report as the heading of a page, and what is known of its publication, with *notes*."""
    known = markdown("；".join([*publication_notes(report), *notes]))
    return f"# {markdown(report.title)} {{: #report }}\n\n{known}\n{{: .report-notes }}"


def publication_notes(report: Report) -> tuple[str, ...]:
    """Return what is known of the publication of *report*: day, draft, why it was late, approvals, corrections."""
    known = [f"公布日期：{date(report.published_on)}"] if report.published_on else []
    if report.status == "draft":
        known = ["草稿，尚未公布"]
    known += [f"{LATE_TITLE}：{report.late_reason.rstrip('。')}"] if report.late_reason else []
    approvals = approval_text((one.role, one.by, one.day) for one in report.shown_approvals)
    known += [f"审签：{approvals}"] if approvals else []
    known += [f"{date(correction.day)}更正" for correction in report.corrections]
    return (*known, f"格式：{report.form.basis}")


def approval_text(approvals: Iterable[tuple[str, str, dt.date]]) -> str:
    """Return *approvals*, each with role, name or post and day, as one line."""
    return "、".join(f"{role} {by} {date(day)}" for role, by, day in approvals)


def year_pages(form: Form) -> tuple[str, ...]:
    """Return the file names of the pages that a year has."""
    return ("index.md", *(section_page(form, section) for section in form.sections), FULL_TEXT_PAGE, PICTURE_PAGE)


def section_list(report: Report) -> str:
    """Return links to the six sections, the full text and the picture of the year."""
    lines = [
        f"- [{markdown(section.heading)}]({section_page(report.form, section)})" for section in report.form.sections
    ]
    others = (f"- [全文（便于通读和打印）]({FULL_TEXT_PAGE})", f"- [一图读懂（一页）]({PICTURE_PAGE})")
    return "\n".join([*lines, *others])


def item_list(report: Report) -> Markup | str:
    """Return the published items by category, each category with its count, numbered through."""
    if report.items_unknown:
        return "本年度主动公开的信息条数不详。"
    return Markup("\n").join(_items(report)) if report.categories else "本年度没有主动公开的信息。"


def _items(report: Report) -> Iterator[Markup]:
    number = 1
    for category in report.categories:
        count = f"{category.count_text}条" if category.count is not None else f"条数{category.count_text}"
        yield Markup('<p class="item-category">{}（{}）</p>').format(markdown(category.name), count)
        if not category.items and not category.whole:
            continue
        yield Markup('<ol start="{}">').format(number)
        yield from (Markup("<li>{}</li>").format(markdown(item.title)) for item in category.items)
        yield Markup("</ol>")
        if not category.whole:
            yield Markup("<p>这一类只列出其中{}条。</p>").format(len(category.items))
        number += len(category.items)


def key_figures(report: Report) -> Markup:
    """Return the figures that a reader looks for first."""
    terms = Markup("\n").join(
        Markup(
            '<div><dt>{}</dt><dd data-search-exclude><span class="number" data-figure="{}">{}</span> {}</dd></div>'
        ).format(label, path, text, "" if text in GAPS else unit)
        for path, label, unit in key_figure_names(report.form)
        for text in (figure(report, path),)
    )
    listed = Markup('<dl class="key-figures">\n{}\n</dl>').format(terms)
    notes = key_figure_notes(report)
    paragraphs = Markup("\n").join(Markup("<p>{}</p>").format(note) for note in notes)
    return listed + Markup('\n<div class="table-notes">\n{}\n</div>').format(paragraphs) if notes else listed


def key_figure_notes(report: Report) -> tuple[str, ...]:
    """Return where a key figure is not the sum of its parts, or not what the table shows."""
    named = ((path, label) for path, label, _ in key_figure_names(report.form))
    return tuple(f"注：{remark}。" for path, label in named for remark in remarks(report, path, label))


def agency_names(agency: Agency) -> str:
    """Return the names that reports carry, with the years known to carry them."""
    lines = []
    for name in agency.names:
        if name.last is None:
            years = f"{name.first}年度起"
        elif name.last == name.first:
            years = f"{name.first}年度"
        else:
            years = f"{name.first}年度至{name.last}年度"
        lines.append(f"- {markdown(name.text)}（{years}）")
    return "\n".join(lines)
