"""What the macros of pages give that need nothing but reports. The guide for editors shows each with an example."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from nianbao.pages import lists
from nianbao.pages.figures import figure as figure_of
from nianbao.pages.lists import section_page
from nianbao.pages.session import AuthorError, Session, UnavailableError
from nianbao.pages.text import date, markdown
from nianbao.tables.html import render_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from nianbao.model.form import Table
    from nianbao.model.report import Report
    from nianbao.pages.session import Session


_FURTHEST = 100  # years
_HEADING = re.compile(r"^(#{1,5})(?=\s)", re.MULTILINE)
_UNDERLINED = re.compile(r"^(?P<text>[^\s#>*+-].*)\n(?P<line>=+|-+)[ \t]*$", re.MULTILINE)
_FENCE = re.compile(r"^(```+|~~~+).*?^\1", re.MULTILINE | re.DOTALL)


# What is drawn beside the statutory tables and is no part of the report as published.
_BESIDE = re.compile(r'<section class="beside-report">.*?</section>', re.DOTALL)


def full_text(session: Session) -> str:
    """Return the Markdown of the six sections, macros rendered, every heading one level down.

    Raises UnavailableError where the engine has not rendered one of them yet.
    """
    form = session.report().form
    pages = [f"{session.year()}/{section_page(form, section)}" for section in form.sections]
    missing = tuple(session.missing_page(page) for page in pages if page not in session.rendered)
    if missing:
        raise UnavailableError(missing)
    return "\n\n".join(lower_headings(_BESIDE.sub("", session.rendered[page])) for page in pages)


def lower_headings(markdown: str) -> str:
    """Return *markdown* with every heading one level down, code blocks left alone."""
    parts = []
    end = 0
    for fence in _FENCE.finditer(markdown):
        parts.append(_lower(markdown[end : fence.start()]))
        parts.append(fence.group())
        end = fence.end()
    return "".join([*parts, _lower(markdown[end:])])


def _lower(markdown: str) -> str:
    marked = _UNDERLINED.sub(lambda found: f"{'#' if found['line'][0] == '=' else '##'} {found['text']}", markdown)
    return _HEADING.sub(r"#\1", marked)


def table_reference(report: Report, table: Table) -> str:
    """Return who published the report, the report, and the table in it; a row, a column and a figure can follow."""
    published = f"（{date(report.published_on)}公布）" if report.published_on else ""
    return f"{report.agency_name}：《{report.title}》{published}，“{table.caption}”表"


def table_citation(report: Report, table: Table) -> Markup:
    """Return the reference of *table*, folded; the script of the pages adds the choice of a figure to it.

    The address stands as a link within the page, which a reader without the script can follow and copy.
    """
    return Markup(
        '<details class="citation" data-table="{id}" data-search-exclude>\n'
        "<summary>引用本表或其中的数</summary>\n"
        '<p class="citation__text" data-reference="{reference}">{reference}，<a href="#{id}">本表地址</a>。</p>\n'
        "</details>"
    ).format(id=table.id, reference=markdown(table_reference(report, table)))


def page_macros(session: Session) -> dict[str, Callable[..., Any]]:
    """Return the macros by name, bound to *session*; the table of all is `nianbao.prose.macros.MACROS`."""
    words = _Words(session)
    macros = (
        *(words.year, words.agency, words.figure, words.statutory_table, words.item_list),
        *(words.key_figures, words.section_list, words.agency_names, words.full_text, words.cells_file),
    )
    return {macro.__name__: macro for macro in macros}


class _Words:
    """The macros. *offset* counts years from the page's own: -1 is the year before."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def year(self, offset: int = 0) -> int:
        """Return the year of the page."""
        return self._session.year() + _whole(offset)

    def agency(self, offset: int = 0) -> str:
        """Return the name that the agency's report carries; outside the years, the name that it has now."""
        offset = _whole(offset)
        named = self._session.in_year or offset
        return markdown(self._session.report(offset).agency_name if named else self._session.agency().newest_name)

    def figure(self, path: str, offset: int = 0) -> str:
        """Return a figure of the report, as digits."""
        return figure_of(self._session.report(_whole(offset)), str(path))

    def statutory_table(self, table: str) -> Markup:
        """Return a statutory table."""
        report = self._session.report()
        found = next(one for one in report.form.tables if one.id == table)
        return Markup("\n").join([Markup(render_table(report, found)), table_citation(report, found)])  # noqa: S704  # drawn by our own code

    def item_list(self) -> str:
        """Return the published items by category."""
        return lists.item_list(self._session.report())

    def key_figures(self) -> Markup:
        """Return the key figures of the year."""
        return lists.key_figures(self._session.report())

    def section_list(self) -> str:
        """Return links to the pages of the year."""
        return lists.section_list(self._session.report())

    def agency_names(self) -> str:
        """Return the agency's names with their years."""
        return lists.agency_names(self._session.agency())

    def cells_file(self) -> str:
        """Return the name of the file that holds the cells of all years."""
        return self._session.agency().cells_file

    def full_text(self) -> str:
        """Return the whole report."""
        return full_text(self._session)


def _whole(offset: object) -> int:
    if isinstance(offset, int) and not isinstance(offset, bool) and abs(offset) <= _FURTHEST:
        return offset
    message = f"年度的偏移应为整数，如 -1 表示上一年，实际为“{offset}”"
    raise AuthorError(message)
