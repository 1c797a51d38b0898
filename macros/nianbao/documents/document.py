"""The whole report as one document, from the pages of its sections: what Word, PDF and JSON say in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.documents.blocks import SIGNATURE, Heading, Paragraph, Run, StatutoryTable
from nianbao.documents.reading import read_blocks
from nianbao.lifecycle.numbers import NUMBER_TITLE
from nianbao.pages.lists import publication_notes
from nianbao.pages.text import date
from nianbao.tables.layout import lay_out
from nianbao.tables.notes import note_texts, units_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from nianbao.documents.blocks import Block
    from nianbao.lifecycle.differences import Difference
    from nianbao.model.form import Section
    from nianbao.model.report import Correction, Report
    from nianbao.prose.passages import PageText, YearText


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
    what the site tells on every page, and empty for most; *number* is the check number of what stands here;
    a paper that goes with the report and is not the report itself is not *signed*.
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
    number: str = ""
    signed: bool = True

    @property
    def draft(self) -> bool:
        """Whether every page must say that this is a draft."""
        return self.status == "draft"

    @property
    def signature(self) -> tuple[Paragraph, ...]:
        """Who reports, and the day of publication where it is known (落款); nothing in a draft."""
        if self.draft or not self.signed:
            return ()
        lines = [self.agency, *([date(self.published_on)] if self.published_on else [])]
        return tuple(Paragraph(runs=(Run(text=line),), kind=SIGNATURE) for line in lines)

    @property
    def body(self) -> Iterator[Block]:
        """The sections, each under its heading."""
        for section in self.sections:
            yield Heading(level=1, runs=(Run(text=section.heading),))
            yield from section.blocks

    @property
    def last_day(self) -> dt.date | None:
        """The day of what stands here: that of the last correction, or of publication; None where unknown."""
        return self.corrections[-1].day if self.corrections else self.published_on


def read_document(
    pages: YearText,
    report: Report,
    corrections: Sequence[tuple[Correction, Sequence[Difference]]],
    notice: str = "",
    number: str = "",
) -> Document:
    """Return the document of *report* with its *pages*, which must all be there.

    *corrections* are those after publication with what each changed, *notice* is what the site tells on every page,
    *number* the check number.
    """
    sections = []
    for section in report.form.sections:
        page = pages.section(section)
        if page is not None:
            sections.append(_section(page, report, section))
    return Document(
        title=report.title,
        agency=report.agency_name,
        year=report.year,
        status=report.status,
        published_on=report.published_on,
        notes=(*publication_notes(report), *([f"{NUMBER_TITLE}：{number}"] if number else [])),
        sections=tuple(sections),
        corrections=tuple(
            DocumentCorrection(day=correction.day, reason=correction.reason, changes=tuple(changes))
            for correction, changes in corrections
        ),
        notice=notice,
        number=number,
    )


def _section(page: PageText, report: Report, section: Section) -> DocumentSection:
    return DocumentSection(
        id=section.id, number=section.number, title=section.title, blocks=section_blocks(page, report)
    )


def section_blocks(page: PageText, report: Report) -> tuple[Block, ...]:
    """Return what *page* of a section of *report* says below its title."""
    found = read_blocks(page.tree, lambda id_: table_block(report, id_))
    title = next((block for block in found if isinstance(block, Heading) and block.level == 1), None)
    return tuple(block for block in found if block is not title)


def table_block(report: Report, id_: str) -> StatutoryTable:
    """Return the table *id_* of the form with the cells of *report*."""
    table = next(table for table in report.form.tables if table.id == id_)
    cells = report.cells[table.id]
    return StatutoryTable(
        id=table.id,
        caption=table.caption,
        unit=units_text(table),
        grid=lay_out(table, cells),
        notes=note_texts(table, cells),
    )
