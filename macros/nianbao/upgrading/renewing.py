"""Records of an earlier kind, written anew in the kind of today with the old one inside, where that loses nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nianbao.data_files import writing
from nianbao.lifecycle import archive, staging
from nianbao.lifecycle.changes import published_changes
from nianbao.lifecycle.freezing import last_record, record
from nianbao.lifecycle.judging import Subject, read_pages, read_subject
from nianbao.lifecycle.record import Record, decoded
from nianbao.lifecycle.snapshot import OLD, digest, take
from nianbao.reading.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.dataset import Dataset
    from nianbao.model.project import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """What has become of the record of a *year*: the *files* that were written, or why it was *left* as it is."""

    year: int
    files: tuple[str, ...] = ()
    left: str = ""


def waiting(project: Project, dataset: Dataset) -> tuple[int, ...]:
    """Return the frozen years whose last record is of an earlier kind."""
    records = {year: archive.read_records(project.data, report)[0] for year, report in dataset.reports.items()}
    return tuple(sorted(year for year, found in records.items() if found and found[-1].report.schema == OLD))


def renew(project: Project, dataset: Dataset) -> Iterator[Renewal]:
    """Write the last records of the frozen years of *dataset* anew, and yield what has become of each.

    Only the last: what stood before a correction cannot be read any more, so that earlier records stay and are read
    as they are. Nothing is lost, because the new record holds the old one to the letter, and is written only where
    the report says what that has recorded.
    """
    for year in waiting(project, dataset):
        with writing.exclusively(project.data):
            try:
                yield Renewal(year=year, files=_renewed(project, year))
            except RefusedError as error:
                yield Renewal(year=year, left=str(error).partition("\n")[0].rstrip("：）"))


def _renewed(project: Project, year: int) -> tuple[str, ...]:
    """Return the files that were written. Raises RefusedError where the report is not what was recorded."""
    subject = read_subject(project, year)
    report = subject.report
    staging.tidy(project.data, report)
    pages = read_pages(subject)
    if published_changes(project.data, project.docs, subject.dataset)(report, pages):
        message = "内容与记录的不一致"
        raise RefusedError(message)
    claimed = archive.claimed(report)
    path = archive.snapshot_path(project.data, year, len(claimed))
    old = _text(path.read_bytes())
    content = Record(
        report=take(report, pages, subject.folder),
        previous=claimed[-2][0] if len(claimed) > 1 else "",
        others=subject.archive.latest(but=year),
        earlier=old,
    ).encoded()
    before, after = claimed[-1][0], digest(content)
    text = subject.text
    if text.count(before) != 1:
        message = "数据文件里的摘要写了两次"
        raise RefusedError(message)
    if report.corrections:
        last = replace(report.corrections[-1], digest=after)
        expected = replace(report, corrections=(*report.corrections[:-1], last))
    else:
        expected = replace(report, digest=after)
    record(subject, text.replace(before, after), expected, content)
    _whole(project, year)
    return tuple(project.named(written) for written in (project.data / f"{year}.yml", path))


def _text(content: bytes) -> str:
    """Return the text of a record of the kind `OLD`, which a command that was killed may have put into a new one."""
    text = content.replace(b"\r\n", b"\n").decode()
    return decoded(content).earlier or text


def _whole(project: Project, year: int) -> None:
    """Raise LookupError where what was written does not read back: the program is at fault."""
    again: Subject = read_subject(project, year)
    if last_record(again) is None:
        raise LookupError(year)
