"""How a table is quoted: whose it is, of which report, and where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from nianbao.pages.text import date, markdown

if TYPE_CHECKING:
    from nianbao.model.form import Table
    from nianbao.model.report import Report


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
