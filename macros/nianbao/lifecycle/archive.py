"""The folder data/published: one record for each publication and each correction of a year.

``2023-1.json`` is what was first published, ``2023-2.json`` what stands since the first correction; a freeze that
was taken back before its day of publication keeps its number, and the next one follows.
The data file of the year names each by its digest, and each holds the digest of the one before it and those of
the last records of other years, so that none can be taken out or rewritten by itself. A record that the data file
does not name was left by a command that was killed; then the new data file still waits in `staged`.
"""

from __future__ import annotations

import re
from itertools import accumulate, zip_longest
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import TYPE_CHECKING

from nianbao.lifecycle.differences import differences
from nianbao.lifecycle.record import decoded
from nianbao.lifecycle.snapshot import OLD, digest
from nianbao.reading.disk import read_bytes, reason
from nianbao.reading.findings import shown
from nianbao.rules.rule import Fault

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from nianbao.lifecycle.record import Record
    from nianbao.model.report import Report
    from nianbao.reading.findings import Place

FOLDER = "published"

# So many characters of a digest are told.
_SHORT = 12
# The snapshots of the longest reports take a tenth of it.
_MOST = 5_000_000


def snapshot_path(data: Path, year: int, number: int) -> Path:
    """Return where snapshot *number* of *year* lies, counted from 1."""
    return data / FOLDER / f"{year}-{number}.json"


def staged(data: Path, year: int) -> Path:
    """Return where a new data file of *year* waits until it takes its place."""
    return data / f".{year}.new" / f"{year}.yml"


def claimed(report: Report) -> tuple[tuple[str, Place], ...]:
    """Return the digests that the data file names, with their places, in the order of the records."""
    reopened = tuple((reopening.digest, reopening.place) for reopening in report.reopened)
    if not report.digest:
        return reopened
    first = (report.digest, report.place("digest"))
    corrected = (
        (digest_, correction.place)
        for correction in report.corrections
        for digest_ in (*correction.earlier, correction.digest)
    )
    return *reopened, first, *corrected


def settled(report: Report) -> tuple[int, ...]:
    """Return which records, counted from 0, hold what was first published and what stood after each correction.

    A correction has several records where changes were recorded one after the other on one day.
    """
    steps = (1 + len(correction.earlier) for correction in report.corrections)
    return tuple(accumulate(steps, initial=len(report.reopened)))


def reopenings(report: Report) -> tuple[tuple[dt.date, str, str], ...]:
    """Return day, reason and digest of each freeze that was taken back, as records hold them."""
    return tuple((reopening.day, reopening.reason, reopening.digest) for reopening in report.reopened)


class Archive:
    """The records of the *reports* of one portal, each read once; *data* is its folder of data files."""

    def __init__(self, data: Path, reports: Mapping[int, Report]) -> None:
        self.data = data
        self.reports = reports
        self._read: dict[int, tuple[tuple[Record, ...], tuple[Fault, ...]]] = {}

    def records(self, report: Report) -> tuple[tuple[Record, ...], tuple[Fault, ...]]:
        """Return the records of *report*, the first one first, and what is wrong with them; either is empty."""
        if self.reports.get(report.year) is not report:
            return read_records(self.data, report)
        if report.year not in self._read:
            self._read[report.year] = read_records(self.data, report)
        return self._read[report.year]

    def latest(self, but: int) -> Mapping[int, str]:
        """Return the digests of the last records of all frozen years but one."""
        frozen = {year: claimed(report) for year, report in sorted(self.reports.items()) if report.digest}
        return MappingProxyType({year: named[-1][0] for year, named in frozen.items() if year != but})

    def missed(self, report: Report, years: Collection[int]) -> Iterator[Fault]:
        """Yield what records of other years name and *report* has no more; *years* are all that have a data file.

        A year that is gone altogether is told with the first one whose records name it.
        """
        told: set[str] = set()
        for year in sorted(self.reports):
            for record in self.records(self.reports[year])[0]:
                named = record.others.get(report.year, "")
                if named and named not in told and not self._knows(report, named):
                    told.add(named)
                    message = (
                        f"{year}年的记录里记着{report.year}年公布过的内容（摘要 {named[:_SHORT]}…），"
                        f"现在{report.year}年没有这个记录：定稿或更正的记录被删去或改写了；"
                        f"请从版本库恢复{report.year}年的数据文件和 {FOLDER} 里的记录"
                    )
                    place = report.place("digest" if report.digest else "status")
                    yield Fault(place=place, message=message, subject=f"{year}：{named[:_SHORT]}")
        for year in sorted({year for record in self.records(report)[0] for year in record.others} - set(years)):
            namers = (
                other
                for other in sorted(self.reports)
                if any(year in record.others for record in self.records(self.reports[other])[0])
            )
            if next(namers, None) == report.year:
                message = f"本年的记录里记着{year}年已经公布，现在没有{year}年的数据；请从版本库恢复"
                yield Fault(place=report.place("digest"), message=message, subject=str(year))

    def _knows(self, report: Report, named: str) -> bool:
        return any(digest_ == named for digest_, _ in claimed(report)) or any(
            record.replaced == named for record in self.records(report)[0]
        )


def read_records(data: Path, report: Report) -> tuple[tuple[Record, ...], tuple[Fault, ...]]:
    """Return the records of *report*, the first one first, and what is wrong with them; either is empty."""
    records: list[Record] = []
    faults: list[Fault] = []
    named = claimed(report)
    for number, (digest_, place) in enumerate(named, 1):
        path = snapshot_path(data, report.year, number)
        name = message_name(report, path)
        problem = ""
        try:
            content = _content(read_bytes(path, _MOST), digest_)
            if content is None:
                problem = f"{name} 的内容与 {place} 登记的摘要不符，已经被改动；请从版本库恢复原样"
            else:
                record = decoded(content)
                records.append(record)
                problem = _unchained(record, name, number, report)
        except FileNotFoundError:
            problem = f"缺少 {name}，它记着公布的内容；请从版本库恢复"
        except OSError as error:
            problem = f"{name} 无法读取（{reason(error)}）；请检查文件和权限"
        except ValueError:
            problem = f"{name} 不是本程序能读的内容；请换用写入它的程序版本，或从版本库恢复"
        if problem:
            faults.append(Fault(place=place, message=problem, subject=name))
    return (() if faults else tuple(records)), tuple(faults)


def _content(content: bytes, named: str) -> bytes | None:
    """Return the *content* that is *named* by its digest, or None where it is another.

    A command that renewed a record and was killed has put the old one into the new one, before the data file
    named that.
    """
    if digest(content) == named:
        return content
    try:
        earlier = decoded(content).earlier.encode()
    except ValueError:
        return None
    return earlier if earlier and digest(earlier) == named else None


def _unchained(record: Record, name: str, number: int, report: Report) -> str:
    """Return what is wrong with a *record* called *name* as link *number* of the chain of *report*."""
    if record.report.schema == OLD:
        return ""  # Records of that kind hold nothing of others.
    if record.report.year != report.year:
        return f"{name} 是{record.report.year}年的记录，不是{report.year}年的；请从版本库恢复"
    if record.earlier and _contradicts(record, report):
        return f"{name} 与它所换下的早先的记录不一致，已经被改写；请从版本库恢复"
    if record.previous != (claimed(report)[number - 2][0] if number > 1 else ""):
        return f"{name} 不接在前一个记录后面：记录被删去、调换或改写了；请从版本库恢复各个记录和数据文件"
    return _rewritten(record, name, number, report)


def _rewritten(record: Record, name: str, number: int, report: Report) -> str:
    """Return which freeze that was taken back *record* knows with another day or reason."""
    pairs = enumerate(zip_longest(record.reopened, reopenings(report)[: number - 1]), 1)
    for position, (recorded, written) in pairs:
        if recorded != written:
            states = ("没有" if one is None else f"{one[0]} {shown(one[1])}" for one in (recorded, written))
            return (
                f"{name} 记着第 {position} 次撤回定稿是 {next(states)}，现在写的是 {next(states)}"
                "；撤回的日期和原因不能改写，请恢复原样"
            )
    day = record.report.published_on
    if number <= len(report.reopened) and (day is None or report.reopened[number - 1].day >= day):
        known = "公布日期不详" if day is None else f"公布日期是 {day}"
        return (
            f"{name} 的{known}，{report.reopened[number - 1].day} 已经公布，不能撤回定稿；请从版本库恢复本年的数据文件"
        )
    return ""


def _contradicts(record: Record, report: Report) -> bool:
    """Say whether a *record* differs from the one of the kind `OLD` in whose place it stands."""
    try:
        old = decoded(record.earlier.encode()).report
    except ValueError:
        return True
    return old.schema != OLD or bool(differences(old, record.report, report.form))


def unclaimed(data: Path, report: Report) -> tuple[Path, ...]:
    """Return the snapshots of the year that its data file does not name."""
    known = len(claimed(report))
    found = {
        int(match[1]): path
        for path in (data / FOLDER).glob(f"{report.year}-*.json")
        if (match := re.fullmatch(rf"{report.year}-([1-9][0-9]{{0,5}})\.json", path.name))
    }
    return tuple(found[number] for number in sorted(found) if number > known)


def withdrawn(data: Path, report: Report) -> tuple[Fault, ...]:
    """Return a fault for each snapshot whose digest has been taken out of the data file."""
    faults = []
    waiting = _waiting(data, report.year)
    for path in unclaimed(data, report):
        if waiting and path.is_file() and path.stat().st_size <= _MOST and digest(path.read_bytes()) in waiting:
            continue  # A command was killed before the data file changed; the next one clears up.
        name = message_name(report, path)
        number = int(path.stem.rpartition("-")[2])
        lost = "digest 一行" if number == 1 else f"corrections 的第 {number - 1} 项"
        message = f"{name} 记着公布过的内容，本文件里却没有它的摘要；请从版本库恢复 {lost}，公布和更正的记录不能删去"
        faults.append(
            Fault(place=report.place("corrections" if number > 1 else "status"), message=message, subject=name)
        )
    return tuple(faults)


def _waiting(data: Path, year: int) -> str:
    """Return the text of the data file that a killed command has left: what it does not name is no leftover of it."""
    try:
        return staged(data, year).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def message_name(report: Report, path: Path) -> str:
    """Return how messages call the snapshot at *path*."""
    return (PurePosixPath(report.file).parent / FOLDER / path.name).as_posix()
