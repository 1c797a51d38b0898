"""The downloads of one site, each made when it is first asked for."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from nianbao.cache.cache import FOLDER, Cache, held, report_digests
from nianbao.comparison.series import Years
from nianbao.documents.fonts import cached_fonts
from nianbao.exports.archives import SUMS, sums_file, write_zip
from nianbao.exports.comparison_file import comparison_csv
from nianbao.exports.formats import FOLDER_NAME, FORMATS, Download, Made, Material, NotMadeError, download
from nianbao.exports.json_report import json_file
from nianbao.exports.json_schema import report_json_schema
from nianbao.exports.parquet import parquet_file
from nianbao.exports.texts import file_name
from nianbao.exports.tidy import tidy_rows
from nianbao.members.published import cells_of_bodies
from nianbao.pages.session import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from nianbao.cache.cache import Content
    from nianbao.documents.fonts import FontSet
    from nianbao.exports.formats import ExportFormat
    from nianbao.model.agency import Agency
    from nianbao.model.report import Report
    from nianbao.pages.session import Session


SUMS_PATH = f"{FOLDER_NAME}/{SUMS}"


@dataclass(frozen=True, slots=True, kw_only=True)
class YearDownloads:
    """The *files* of one year, and in Chinese why *missing* ones could not be made, by the id of their kind."""

    files: tuple[Download, ...]
    missing: dict[str, str]


class Downloads:
    """The downloads of the site of *session*; *fonts* finds the fonts of PDF files, on this machine without it."""

    def __init__(self, session: Session, cache: Cache, fonts: Callable[[], FontSet] | None = None) -> None:
        self._session = session
        self._cache = cache
        self._fonts = functools.cache(fonts or partial(cached_fonts, cache))
        self._years: dict[int, YearDownloads] = {}
        self._all: tuple[Download, ...] | None = None
        self._bodies: tuple[Download, ...] | None = None

    @property
    def agency(self) -> str:
        """The id of the body that reports."""
        agency = self._session.dataset.agency
        return agency.id if agency is not None else ""

    def reports(self) -> Iterator[Report]:
        """Yield the reports that readers may see, newest first."""
        reports = self._session.dataset.reports
        return (reports[year] for year in self._session.shown_years() if year in reports)

    def year(self, report: Report) -> YearDownloads:
        """Return the downloads of *report*."""
        if report.year not in self._years:
            self._years[report.year] = self.made(report, FORMATS)
        return self._years[report.year]

    def made(self, report: Report, kinds: Sequence[ExportFormat]) -> YearDownloads:
        """Return the downloads of *report* of these *kinds*."""
        material = Material(
            session=self._session, agency=self.agency, report=report, cache=self._cache, fonts=self._fonts
        )
        files: list[Download] = []
        missing: dict[str, str] = {}
        for kind in kinds:
            try:
                made = list(kind.make(material))
            except UnavailableError as error:
                missing[kind.id] = "页面有误，改正后才能生成：" + "；".join(map(str, error.findings))
                continue
            except NotMadeError as error:
                missing[kind.id] = str(error)
                continue
            folder = f"{report.year}/{FOLDER_NAME}"
            files += (download(f"{folder}/{file.name}", file, kind=kind.id, format=kind.title) for file in made)
        return YearDownloads(files=tuple(files), missing=missing)

    def all_years(self) -> tuple[Download, ...]:
        """Return the files that hold all years, what describes them, and the digests of all."""
        if self._all is None:
            self._all = tuple(self._make_all())
        return self._all

    def bodies(self) -> tuple[Download, ...]:
        """Return the files with the cells of all bodies that a superior has added up, newest first."""
        if self._bodies is None:
            self._bodies = tuple(
                download(f"{FOLDER_NAME}/{made.name}", made, format=format_)
                for made, format_ in cells_of_bodies(self._session, self._cache)
            )
        return self._bodies

    def _make_all(self) -> Iterator[Download]:
        reports = list(self.reports())
        agency = self._session.dataset.agency
        if agency is None:
            return
        yearly = [item for report in reports for item in self.year(report).files]
        common = list(self._common(agency, reports, yearly)) if reports else []
        yield from common
        digests = {f"../{item.path}": item.content.digest for item in yearly}
        digests |= {item.name: item.content.digest for item in (*common, *self.bodies())}
        sums = Made(name=SUMS, title="全部文件的校验值", kept_as=SUMS, content=held(sums_file(digests)))
        yield download(SUMS_PATH, sums, format="SHA-256")

    def _common(self, agency: Agency, reports: Sequence[Report], yearly: Sequence[Download]) -> Iterator[Download]:
        schema = Made(
            name="report.schema.json",
            title="年度 JSON 文件的说明",
            kept_as="report.schema.json",
            content=held(json_file(report_json_schema(self._session.dataset.forms.values()))),
        )
        cells = Made(
            name=agency.cells_file,
            title="历年各表的全部数据",
            kept_as=agency.cells_file,
            content=self._cells(reports),
        )
        inside = {item.path: item.content for item in yearly}
        compared = self._comparison(reports) if len(reports) > 1 else ()
        inside |= {f"{FOLDER_NAME}/{made.name}": made.content for made in (schema, cells, *compared)}
        digests = [(path, content.digest) for path, content in inside.items()]
        bundle = Made(
            name=f"{agency.id}-all-years.zip",
            title="历年报告和数据的全部文件",
            kept_as=file_name(f"{reports[0].agency_name}历年政府信息公开工作年度报告", "zip"),
            content=self._cache.content("zip", digests, lambda file: write_zip(file, inside)),
        )
        listed = (
            (bundle, "ZIP"),
            *zip(compared, ("Excel", "CSV"), strict=False),
            (cells, "Parquet"),
            (schema, "JSON Schema"),
        )
        for made, format_ in listed:
            yield download(f"{FOLDER_NAME}/{made.name}", made, format=format_)

    def _comparison(self, reports: Sequence[Report]) -> tuple[Made, Made]:
        years = Years.of(*reversed(reports), forms=self._session.dataset.forms)
        digests = report_digests(self._session)
        source = (self._session.notice, [digests[report.year] for report in reports])

        def excel(file: BinaryIO) -> None:
            from nianbao.exports.comparison_excel import comparison_excel  # slow to load, seldom made

            file.write(comparison_excel(years, self._session.notice))

        def text(file: BinaryIO) -> None:
            file.write(comparison_csv(years))

        made = (
            Made(
                name=f"{self.agency}-comparison.{suffix}",
                title="历年比较",
                kept_as=file_name(f"{reports[0].agency_name}政府信息公开工作历年比较", suffix),
                content=self._cache.content(f"comparison-{suffix}", source, make),
            )
            for suffix, make in (("xlsx", excel), ("csv", text))
        )
        return next(made), next(made)

    def _cells(self, reports: Sequence[Report]) -> Content:
        def make(file: BinaryIO) -> None:
            rows = (
                row
                for report in reversed(reports)
                for table in report.form.tables
                for row in tidy_rows(self.agency, report, table)
            )
            file.write(parquet_file(rows))

        digests = report_digests(self._session)
        return self._cache.content("parquet", (self.agency, [digests[report.year] for report in reports]), make)

    def remarks(self) -> Iterator[str]:
        """Yield, each once, why downloads of some kinds are missing."""
        told: set[str] = set()
        titles = {kind.id: kind.title for kind in FORMATS}
        for report in self.reports():
            for kind, reason in self.year(report).missing.items():
                if reason not in told:
                    told.add(reason)
                    yield f"没有生成 {titles[kind]}：{reason}"

    def finish(self) -> None:
        """Forget what earlier builds have left and this one has not used."""
        self._cache.prune()


def open_downloads(session: Session) -> Downloads:
    """Return the downloads of *session*, the same whenever it is asked for."""
    return session.memo.once(Downloads, lambda: Downloads(session, Cache(session.root / FOLDER)))
