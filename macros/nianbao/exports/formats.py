"""The kinds of downloads: what each is called, and how it is made for one report."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, BinaryIO

from nianbao.cache.cache import canonical, digest_of, held, report_digests
from nianbao.documents.document import read_document
from nianbao.documents.fonts import FontError
from nianbao.exports.comma_separated import csv_file, csv_name, package_file
from nianbao.exports.json_report import json_file, report_document
from nianbao.exports.printable import files_of, unprintable
from nianbao.exports.texts import file_name, report_name
from nianbao.exports.tidy import tidy_rows
from nianbao.lifecycle.macros import recorded_corrections
from nianbao.lifecycle.numbers import number_of
from nianbao.lifecycle.site_record import SUFFIX, site_record
from nianbao.model.configuration import FILE
from nianbao.pages.lists import section_page
from nianbao.pages.session import AuthorError, UnavailableError
from nianbao.reading.findings import Finding
from nianbao.rules.judging import judged_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from nianbao.cache.cache import Cache, Content
    from nianbao.documents.document import Document
    from nianbao.documents.fonts import FontSet
    from nianbao.model.form import Table
    from nianbao.model.report import Report
    from nianbao.pages.session import Session


# Where downloads stand, below the site and below each year.
FOLDER_NAME = "downloads"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFormat:
    """A kind of download: its *id* for commands, its *title* in Chinese, and what makes its files for a report.

    *make* raises UnavailableError where pages are at fault, and NotMadeError where this machine lacks something.
    """

    id: str
    title: str
    suffix: str
    media_type: str
    make: Callable[[Material], Iterable[Made]]


class NotMadeError(Exception):
    """A kind of download cannot be made on this machine; the text says what to do, in Chinese."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A file of a kind: its ASCII *name*, what it holds as *title*, and under which name readers keep it."""

    name: str
    title: str
    kept_as: str
    content: Content


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file of the site at *path*, of the kind with the id *kind* or of none.

    *title* says what it holds, *format* in what form, *kept_as* is the name that readers keep it under.
    """

    kind: str
    path: str
    title: str
    format: str
    kept_as: str
    content: Content

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def size(self) -> str:
        """How large the file is, for readers."""
        return size_text(self.content.size)


def size_text(count: int) -> str:
    """Return a *count* of bytes in the largest unit that it fills."""
    kilobyte, megabyte = 1024, 1024 * 1024
    if count < kilobyte:
        return f"{count} B"
    return f"{count / kilobyte:.0f} KB" if count < megabyte else f"{count / megabyte:.1f} MB"


def download(path: str, made: Made, *, kind: str = "", format: str) -> Download:  # noqa: A002  # the field's own word
    """Return *made* as a file of the site at *path*."""
    return Download(
        kind=kind,
        path=path,
        title=made.title,
        format=format,
        kept_as=made.kept_as,
        content=made.content,
    )


@dataclass(kw_only=True)
class Material:
    """What the files of one *report* are made from, read when it is first asked for; *fonts* finds those for PDF."""

    session: Session
    agency: str
    report: Report
    cache: Cache
    fonts: Callable[[], FontSet]

    @property
    def stem(self) -> str:
        """How the names of files begin."""
        return f"{self.agency}-{self.report.year}"

    @cached_property
    def name(self) -> str:
        """The name of the report for readers."""
        return report_name(self.report)

    @cached_property
    def document(self) -> Document:
        """What the pages say. Raises UnavailableError where they are at fault."""
        judged, report = judged_of(self.session), self.report
        pages = judged.texts.get(report.year)
        wanted = {section_page(report.form, section) for section in report.form.sections}
        if pages is None or not pages.complete or not wanted <= pages.pages.keys():
            raise UnavailableError(judged.mistakes)
        try:
            corrections = recorded_corrections(self.session.data, report)
        except AuthorError as error:
            raise UnavailableError((Finding(report.place("corrections"), str(error)),)) from error
        return read_document(pages, report, corrections, self.notice, number_of(self.session, report))

    def unprintable(self) -> Iterator[str]:
        """Yield what keeps the PDF from being made, with its places; nothing where there are no fonts at all."""
        session, year = self.session, self.report.year
        with contextlib.suppress(FontError):
            fonts, pages = self.fonts(), judged_of(session).texts[year]
            files = files_of(session.data, session.root, year, session.root / FILE)
            yield from map(str, unprintable(self.document, pages, self.report, files, fonts))

    @cached_property
    def words(self) -> str:
        """The digest of the document."""
        return digest_of(canonical(self.document))

    @property
    def notice(self) -> str:
        """What the site tells on every page."""
        return self.session.notice

    @property
    def facts(self) -> tuple[str, str]:
        """The agency, and the digest of the report."""
        return self.agency, report_digests(self.session)[self.report.year]

    @cached_property
    def tables(self) -> Mapping[str, Content]:
        """The CSV files by the id of their table."""
        return {table.id: self._table(table) for table in self.report.form.tables}

    def _table(self, table: Table) -> Content:
        def make(file: BinaryIO) -> None:
            file.write(csv_file(tidy_rows(self.agency, self.report, table)))

        return self.cache.content("csv", (self.facts, table.id), make)


# The libraries that write files are loaded where one is made: most builds find all files as they were.
def _word(material: Material) -> Iterable[Made]:
    def make(file: BinaryIO) -> None:
        from nianbao.documents.word import word_file

        file.write(word_file(material.document))

    yield _whole(material, "docx", "报告全文", material.cache.content("docx", material.words, make))


def _pdf(material: Material) -> Iterable[Made]:
    try:
        fonts = material.fonts()

        def make(file: BinaryIO) -> None:
            from nianbao.documents.pdf import pdf_file

            file.write(pdf_file(material.document, fonts))

        content = material.cache.content("pdf", (material.words, fonts.key), make)
    except FontError as error:
        raise NotMadeError("；".join(material.unprintable()) or str(error)) from error
    yield _whole(material, "pdf", "报告全文", content)


def _excel(material: Material) -> Iterable[Made]:
    def make(file: BinaryIO) -> None:
        from nianbao.exports.excel import excel_file

        file.write(excel_file(material.agency, material.report, material.notice))

    content = material.cache.content("xlsx", (material.facts, material.notice), make)
    yield _whole(material, "xlsx", "三张法定表格和数据", content)


def _csv(material: Material) -> Iterable[Made]:
    for table in material.report.form.tables:
        yield Made(
            name=csv_name(material.agency, material.report, table),
            title=table.caption,
            kept_as=file_name(f"{material.name}（{table.caption}）", "csv"),
            content=material.tables[table.id],
        )


def _json(material: Material) -> Iterable[Made]:
    def make(file: BinaryIO) -> None:
        file.write(json_file(report_document(material.agency, material.report, material.document)))

    content = material.cache.content("json", (material.facts, material.words), make)
    yield _whole(material, "json", "报告全文和数据", content)


def _package(material: Material) -> Iterable[Made]:
    def make(file: BinaryIO) -> None:
        file.write(package_file(material.agency, material.report, material.tables, material.notice))

    digests = [content.digest for content in material.tables.values()]
    yield Made(
        name="datapackage.json",
        title="CSV 文件的说明",
        kept_as="datapackage.json",
        content=material.cache.content("package", (material.facts, digests, material.notice), make),
    )


def _record(material: Material) -> Iterable[Made]:
    """Yield the record of a frozen report, by which the site and the files are proved."""
    if not material.report.digest:
        return
    try:
        content = site_record(material.agency, material.report, material.session.data)
    except (OSError, ValueError) as error:  # What is wrong with a record is told by rule P-03.
        message = "公布的记录有误，见 nianbao check"
        raise NotMadeError(message) from error
    yield Made(
        name=f"{material.stem}{SUFFIX}",
        title="公布的记录",
        kept_as=file_name(f"{material.name}（公布的记录）", "json"),
        content=held(content),
    )


def _whole(material: Material, suffix: str, title: str, content: Content) -> Made:
    return Made(
        name=f"{material.stem}.{suffix}", title=title, kept_as=file_name(material.name, suffix), content=content
    )


FORMATS = (
    ExportFormat(
        id="docx",
        title="Word",
        suffix="docx",
        media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        make=_word,
    ),
    ExportFormat(id="pdf", title="PDF", suffix="pdf", media_type="application/pdf", make=_pdf),
    ExportFormat(
        id="xlsx",
        title="Excel",
        suffix="xlsx",
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        make=_excel,
    ),
    ExportFormat(id="csv", title="CSV", suffix="csv", media_type="text/csv", make=_csv),
    ExportFormat(id="json", title="JSON", suffix="json", media_type="application/json", make=_json),
    ExportFormat(id="package", title="Data Package", suffix="json", media_type="application/json", make=_package),
    ExportFormat(id="record", title="记录", suffix="json", media_type="application/json", make=_record),
)
