"""Filling in: what an officer says is nothing, in every cell that still waits to be filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.data_files import writing
from nianbao.data_files.entries import LayoutError
from nianbao.data_files.patching import with_words
from nianbao.lifecycle import staging
from nianbao.lifecycle.freezing import layout_refused
from nianbao.lifecycle.judging import read_subject
from nianbao.model.report import FEE
from nianbao.model.report_reader import read_report
from nianbao.reading.findings import Findings
from nianbao.reading.numbers import NOTHING, OPEN
from nianbao.reading.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.lifecycle.judging import Subject
    from nianbao.model.project import Project
    from nianbao.model.report import Report
    from nianbao.reading.findings import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """The *file* that was written, and how many figures of each part were set to 0."""

    file: str
    counts: tuple[tuple[str, int], ...]


def open_parts(report: Report) -> tuple[tuple[str, int], ...]:
    """Return the parts of *report* in which figures wait to be filled in, and how many."""
    counts = [
        (f"第{section.number}部分", len(report.open_cells(section.table)))
        for section in report.form.sections
        if section.table
    ]
    counts.append(("信息处理费", int(report.fee_gap == OPEN)))
    return tuple((part, count) for part, count in counts if count)


def fill_with_zeros(project: Project, year: int) -> Filled:
    """Set all figures of *year* that wait to be filled in to 0. Raises RefusedError where that cannot be."""
    with writing.exclusively(project.data):
        subject = read_subject(project, year)
        report, path = subject.report, project.data / f"{year}.yml"
        staging.tidy(project.data, report)
        if report.status != "draft" or report.digest:
            message = f"{subject.report.file} 不是草稿；已公布的年度不能这样填写，没有写入任何内容"
            raise RefusedError(message)
        counts = open_parts(report)
        if counts:
            _write(subject, _filled(subject))
    return Filled(file=project.named(path), counts=counts)


def _write(subject: Subject, text: str) -> None:
    """Write *text* in one step, if it reads as the report without anything left to fill in."""
    project, report = subject.project, subject.report
    try:
        path = staging.stage(project.data, report.year, subject.encoded(text))
        read = read_report(path, report.file, subject.dataset.forms_by_name, subject.dataset.agency, Findings())
        if read is None or open_parts(read):
            raise layout_refused(subject, "各表的数")
        staging.exchange(project.data, report.year, subject.file)
    finally:
        staging.tidy(project.data, report)


def _filled(subject: Subject) -> str:
    try:
        return with_words(subject.text, OPEN, _places(subject.report))
    except LayoutError:
        raise layout_refused(subject, "各表的数") from None


def _places(report: Report) -> Iterator[tuple[Place, str]]:
    """Yield where figures wait to be filled in, and how nothing is written there."""
    for table in report.form.tables:
        for cell in report.open_cells(table.id):
            found = report.form.find(cell.address)
            if found is not None:
                yield cell.place, NOTHING[found[2].kind]
    if report.fee_gap == OPEN:
        yield report.place(FEE), NOTHING["money"]
