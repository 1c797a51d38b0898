"""What the macros of pages give that need nothing but reports. The guide for editors shows each with an example."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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


def page_macros(session: Session) -> dict[str, Callable[..., Any]]:
    """Return the macros by name, bound to *session*; the table of all is `nianbao.prose.macros.MACROS`."""
    words = _Words(session)
    macros = (
        *(words.year, words.agency, words.figure, words.report_heading, words.statutory_table, words.item_list),
        *(words.key_figures, words.section_list, words.report_list, words.agency_names, words.full_text),
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
        """Return the name that the agency's report carries."""
        return markdown(self._session.report(_whole(offset)).agency_name)

    def report_heading(self) -> str:
        """Return the title of the report as the heading of the page."""
        return lists.report_heading(self._session.report())

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

    def report_list(self) -> str:
        """Return links to all reports, newest first."""
        return lists.report_list(self._session)

    def agency_names(self) -> str:
        """Return the agency's names with their years."""
        agency = self._session.dataset.agency
        if agency is None:
            raise UnavailableError(self._session.dataset.findings)
        return lists.agency_names(agency)

    def full_text(self) -> str:
        """Return the whole report."""
        return full_text_of(self._session)


def _whole(offset: object) -> int:
    if isinstance(offset, int) and not isinstance(offset, bool):
        return offset
    message = f"年度的偏移应为整数，如 -1 表示上一年，实际为“{offset}”"
    raise AuthorError(message)
