"""The folder data/published: one snapshot for each publication and each correction of a year.

``2023-1.json`` is what was first published, ``2023-2.json`` what stands since the first correction.
The data file of the year names each by its digest. A snapshot that it does not name was left by a
command that was killed; then the new data file still waits in `staged`.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from nianbao.lifecycle.snapshot import decoded, digest
from nianbao.reading.disk import read_bytes, reason
from nianbao.rules.rule import Fault

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.lifecycle.snapshot import Snapshot
    from nianbao.model.report import Report
    from nianbao.reading.findings import Place

FOLDER = "published"

# The snapshots of the longest reports take a tenth of it.
_MOST = 5_000_000


def snapshot_path(data: Path, year: int, number: int) -> Path:
    """Return where snapshot *number* of *year* lies, counted from 1."""
    return data / FOLDER / f"{year}-{number}.json"


def staged(data: Path, year: int) -> Path:
    """Return where a new data file of *year* waits until it takes its place."""
    return data / f".{year}.new" / f"{year}.yml"


def claimed(report: Report) -> tuple[tuple[str, Place], ...]:
    """Return the digests that the data file names, with their places."""
    if not report.digest:
        return ()
    first = (report.digest, report.place("digest"))
    return first, *((correction.digest, correction.place) for correction in report.corrections)


def read_snapshots(data: Path, report: Report) -> tuple[tuple[Snapshot, ...], tuple[Fault, ...]]:
    """Return the snapshots of *report*, and what is wrong with them; either is empty."""
    snapshots: list[Snapshot] = []
    faults: list[Fault] = []
    for number, (named, place) in enumerate(claimed(report), 1):
        path = snapshot_path(data, report.year, number)
        name = message_name(report, path)
        problem = ""
        try:
            content = read_bytes(path, _MOST)
            if digest(content) != named:
                problem = f"{name} 的内容与 {place} 登记的摘要不符，已经被改动；请从版本库恢复原样"
            else:
                snapshots.append(decoded(content))
        except FileNotFoundError:
            problem = f"缺少 {name}，它记着公布的内容；请从版本库恢复"
        except OSError as error:
            problem = f"{name} 无法读取（{reason(error)}）；请检查文件和权限"
        except ValueError:
            problem = f"{name} 不是本程序能读的内容；请换用写入它的程序版本，或从版本库恢复"
        if problem:
            faults.append(Fault(place=place, message=problem, subject=name))
    return (() if faults else tuple(snapshots)), tuple(faults)


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
    if staged(data, report.year).exists():
        return ()  # A command was killed before the data file changed; the next one clears up.
    faults = []
    for path in unclaimed(data, report):
        name = message_name(report, path)
        number = int(path.stem.rpartition("-")[2])
        lost = "digest 一行" if number == 1 else f"corrections 的第 {number - 1} 项"
        message = f"{name} 记着公布过的内容，本文件里却没有它的摘要；请从版本库恢复 {lost}，公布和更正的记录不能删去"
        faults.append(
            Fault(place=report.place("corrections" if number > 1 else "status"), message=message, subject=name)
        )
    return tuple(faults)


def message_name(report: Report, path: Path) -> str:
    """Return how messages call the snapshot at *path*."""
    return (PurePosixPath(report.file).parent / FOLDER / path.name).as_posix()
