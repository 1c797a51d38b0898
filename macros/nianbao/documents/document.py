"""The whole report as one document, from the pages of its sections: what Word, PDF and JSON say in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nianbao.documents.blocks import Heading, StatutoryTable
from nianbao.documents.reading import read_blocks, table_mark
from nianbao.lifecycle.macros import recorded_corrections
from nianbao.pages.lists import publication_notes, section_page
from nianbao.pages.macros import page_macros
from nianbao.pages.session import AuthorError, UnavailableError
from nianbao.prose.engine import PageEngine
from nianbao.prose.rendering import DRAWN
from nianbao.reading.findings import Finding
from nianbao.tables.layout import lay_out
from nianbao.tables.notes import note_texts, units_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from nianbao.documents.blocks import Block
    from nianbao.lifecycle.differences import Difference
    from nianbao.model.form import Section, Table
    from nianbao.model.report import Report
    from nianbao.pages.session import Session

# Macros whose words belong to the report. A statutory table is carried as a table; whatever else pages show,
# such as lists of links and pictures of figures, belongs to the site.
_CARRIED = ("year", "agency", "figure", "item_list", "agency_names")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSection:
    """One of the six sections with the number and title of the form, and what its page says below the title."""

    id: str
    number: str
    title: str
    blocks: tuple[Block, ...]

    @property
    def heading(self) -> str:
        """Number and title as printed."""
        return f"{self.number}、{self.title}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentCorrection:
    """A correction after publication: its day, its reason, and what it changed."""

    day: dt.date
    reason: str
    changes: tuple[Difference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A report as it is published. *notes* say what is known of its publication and its form.

    *published_on* is None where the day is not known; *status* is ``draft`` or ``published``; *notice* is
    what the site tells on every page, and empty for most.
    """

    title: str
    agency: str
    year: int
    status: str
    published_on: dt.date | None
    notes: tuple[str, ...]
    sections: tuple[DocumentSection, ...]
    corrections: tuple[DocumentCorrection, ...]
    notice: str = ""

    @property
    def draft(self) -> bool:
        """Whether every page must say that this is a draft."""
        return self.status == "draft"

    @property
    def last_day(self) -> dt.date | None:
        """The day of what stands here: that of the last correction, or of publication; None where unknown."""
        return self.corrections[-1].day if self.corrections else self.published_on


def read_document(session: Session, report: Report) -> Document:
    """Return the document of *report*, whose pages lie in the documents of *session*.

    Raises UnavailableError with everything that is wrong with the pages or with the record of corrections.
    """
    engine = PageEngine(
        session.dataset,
        session.root,
        session.data,
        session.docs,
        macros=_macros,
        extensions=("nianbao.pages.chinese_line_breaks",),
    )
    engine.session.drafts = report.status == "draft"
    sections = [_section(engine, report, section) for section in report.form.sections]
    found = list(engine.session.findings.sorted())
    try:
        corrections = recorded_corrections(session.data, report)
    except AuthorError as error:
        found.append(Finding(report.place("corrections"), str(error)))
        corrections = ()
    if found:
        raise UnavailableError(tuple(found))
    return Document(
        title=report.title,
        agency=report.agency_name,
        year=report.year,
        status=report.status,
        published_on=report.published_on,
        notes=publication_notes(report),
        sections=tuple(section for section in sections if section is not None),
        corrections=tuple(
            DocumentCorrection(day=correction.day, reason=correction.reason, changes=changes)
            for correction, changes in corrections
        ),
        notice=session.notice,
    )


def _macros(session: Session) -> Mapping[str, Callable[..., Any]]:
    """Return all macros of pages by name; those whose output is no part of a document give nothing."""
    known = page_macros(session)

    def statutory_table(table: str) -> str:
        """Return a mark in the place of a statutory table."""
        tables = session.report().form.tables
        for number, found in enumerate(tables):
            if found.id == str(table):
                return table_mark(number)
        return str(known["statutory_table"](table))  # Tells what is wrong.

    carried = {name: known[name] for name in _CARRIED}
    return dict.fromkeys((*DRAWN, *known), _nothing) | carried | {"statutory_table": statutory_table}


def _nothing(*_args: object, **_keywords: object) -> str:
    return ""


def _section(engine: PageEngine, report: Report, section: Section) -> DocumentSection | None:
    """Return *section*, or None after recording in the session of *engine* why there is none."""
    path = f"{report.year}/{section_page(report.form, section)}"
    if not (engine.session.docs / path).is_file():
        engine.session.findings.extend((engine.session.missing_page(path),))
        return None
    rendered = engine.render(path)
    if rendered is None:
        return None
    tables = report.form.tables
    found = engine.convert(
        path, rendered[1], lambda html: read_blocks(html, lambda number: _table(report, tables[number]))
    )
    if found is None:
        return None
    title = next((block for block in found if isinstance(block, Heading) and block.level == 1), None)
    return DocumentSection(
        id=section.id,
        number=section.number,
        title=section.title,
        blocks=tuple(block for block in found if block is not title),
    )


def _table(report: Report, table: Table) -> StatutoryTable:
    cells = report.cells[table.id]
    return StatutoryTable(
        id=table.id,
        caption=table.caption,
        unit=units_text(table),
        grid=lay_out(table, cells),
        notes=note_texts(table, cells),
    )
