"""A report before it is published or corrected: its data, its pages and what stands against it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

from nianbao.lifecycle.archive import Archive
from nianbao.model.dataset import drafts_of, read_dataset
from nianbao.model.project import WrongUseError
from nianbao.pages.lists import year_pages
from nianbao.prose.reading import PageReader
from nianbao.reading.disk import read_bytes, reason
from nianbao.reading.encoding import decoded
from nianbao.reading.findings import Finding, Place
from nianbao.reading.refusal import refuse
from nianbao.reading.source import MAXIMUM_BYTES
from nianbao.rules.checking import check

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.model.dataset import Dataset
    from nianbao.model.project import Project
    from nianbao.model.report import Report
    from nianbao.prose.passages import YearText
    from nianbao.rules.rule import Fault


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A *report* among those of its agency, with the bytes of its data *file* from which it was read."""

    project: Project
    dataset: Dataset
    report: Report
    file: bytes

    @property
    def text(self) -> str:
        """The text of the data file."""
        return decoded(self.file)[0]

    def encoded(self, text: str) -> bytes:
        """Return *text* as it is to stand in the data file, whose encoding and line ends stay."""
        return decoded(self.file)[1].encoded(text)

    @property
    def folder(self) -> Path:
        """Where the pages lie."""
        return self.project.docs / str(self.report.year)

    @cached_property
    def archive(self) -> Archive:
        """The records of all years."""
        return Archive(self.project.data, self.dataset.reports)

    def become(self, report: Report) -> Subject:
        """Return the same with another state of the report."""
        reports = MappingProxyType({**self.dataset.reports, report.year: report})
        dataset = replace(self.dataset, reports=reports, drafts=drafts_of(reports))
        return replace(self, dataset=dataset, report=report)


def read_subject(project: Project, year: int) -> Subject:
    """Return the report of *year*. Raises WrongUseError where there is none, RefusedError where data are at fault."""
    path = project.data / f"{year}.yml"
    if not path.is_file():
        message = f"没有 {year} 年的数据（{project.named(path)}）；新的年度先运行 nianbao new {year}"
        raise WrongUseError(message)
    try:
        file = read_bytes(path, MAXIMUM_BYTES)
    except OSError as error:
        told = Finding(Place(project.named(path)), f"文件无法读取（{reason(error)}）；请检查文件和权限")
        refuse("数据有误，没有写入任何内容", (told,))
    dataset = read_dataset(project.root, project.data)
    report = dataset.reports.get(year)
    if dataset.findings or report is None:
        refuse("数据有误，没有写入任何内容", dataset.findings)
    return Subject(project=project, dataset=dataset, report=report, file=file)


def read_pages(subject: Subject) -> YearText:
    """Return what the pages say. Raises RefusedError where some are missing or at fault."""
    names = year_pages(subject.report.form)
    missing = [subject.folder / name for name in names if not (subject.folder / name).is_file()]
    if missing:
        places = [Place(subject.project.named(path)) for path in missing]
        refuse("页面不全，没有写入任何内容", tuple(Finding(place, "缺少此页面；请补上") for place in places))
    reader = _reader(subject)
    pages = reader.year(subject.report)
    if reader.findings or pages is None:
        refuse("页面有误，没有写入任何内容", reader.findings)
    return pages


def judge(subject: Subject, pages: YearText, changes: tuple[Fault, ...] | None = None) -> int:
    """Raise RefusedError where a rule stops publication; return how many lesser findings there are."""
    report = subject.report
    texts = {report.year: pages}
    previous = subject.dataset.reports.get(report.year - 1)
    before = _reader(subject).year(previous) if previous is not None else None
    if before is not None:
        texts[report.year - 1] = before
    checked = check(subject.dataset, texts, changes=lambda *_: changes, years=[report.year])
    errors = checked.errors()
    if errors:
        refuse(f"{report.year} 年的报告有错误，没有写入任何内容", errors)
    return len(checked.findings())


def _reader(subject: Subject) -> PageReader:
    return PageReader(subject.dataset, subject.project.root, subject.project.data, subject.project.docs)
