"""The macros that pages may call. CONTRIBUTING.md shows each with an example."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import pass_context
from markupsafe import Markup

from nianbao.pages import lists
from nianbao.pages.citation import table_citation
from nianbao.pages.figures import figure as figure_of
from nianbao.pages.full_text import full_text as full_text_of
from nianbao.pages.session import AuthorError, Session, UnavailableError
from nianbao.pages.text import markdown
from nianbao.tables.html import render_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2.runtime import Context

    from nianbao.model.form import Table
    from nianbao.model.report import Report


def page_macros(session: Session, draw: Callable[[Report, Table], str] = render_table) -> dict[str, Callable[..., Any]]:
    """Return the macros by name, bound to *session* and guarded; *draw* makes statutory tables."""
    words = Words(session, draw)
    inline = (words.year, words.agency, words.figure)
    block = (
        words.report_heading,
        words.statutory_table,
        words.item_list,
        words.key_figures,
        words.section_list,
        words.report_list,
        words.agency_names,
        words.full_text,
    )
    guarded = [session.guard(macro, block=False) for macro in inline]
    guarded += [session.guard(macro, block=True) for macro in block]
    return {macro.__name__: macro for macro in guarded}


class Words:
    """The macros. *offset* counts years from the page's own: -1 is the year before."""

    def __init__(self, session: Session, draw: Callable[[Report, Table], str]) -> None:
        self._session = session
        self._draw = draw

    def year(self, offset: int = 0) -> int:
        """Return the year of the page."""
        return self._session.year() + _whole(offset)

    def agency(self, offset: int = 0) -> str:
        """Return the name that the agency's report carries."""
        return markdown(self._session.report(_whole(offset)).agency_name)

    def report_heading(self) -> str:
        """Return the title of the report as the heading of the page."""
        return lists.report_heading(self._session.report())

    def figure(self, path: str, offset: int = 0) -> str:
        """Return a figure of the report, as digits."""
        return figure_of(self._session.report(_whole(offset)), str(path))

    def statutory_table(self, table: str) -> str:
        """Return a statutory table."""
        report = self._session.report()
        found = report.form.table(str(table))
        if found is None:
            known = "、".join(table.id for table in report.form.tables)
            message = f"没有“{table}”这张表；可用的是 {known}"
            raise AuthorError(message, str(table))
        return Markup("\n").join([Markup(self._draw(report, found)), table_citation(report, found)])  # noqa: S704  # drawn by our own code

    def item_list(self) -> str:
        """Return the published items by category."""
        return lists.item_list(self._session.report())

    def key_figures(self) -> Markup:
        """Return the key figures of the year."""
        return lists.key_figures(self._session.report())

    def section_list(self) -> str:
        """Return links to the pages of the year."""
        return lists.section_list(self._session.report())

    def report_list(self) -> str:
        """Return links to all reports, newest first."""
        return lists.report_list(self._session)

    def agency_names(self) -> str:
        """Return the agency's names with their years."""
        agency = self._session.dataset.agency
        if agency is None:
            raise UnavailableError(self._session.dataset.findings)
        return lists.agency_names(agency)

    @pass_context
    def full_text(self, context: Context) -> str:
        """Return the whole report."""
        return full_text_of(self._session, context)


def _whole(offset: object) -> int:
    if isinstance(offset, int) and not isinstance(offset, bool):
        return offset
    message = f"年度的偏移应为整数，如 -1 表示上一年，实际为“{offset}”"
    raise AuthorError(message)
