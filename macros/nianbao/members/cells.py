"""The cells of all bodies as one data set of Parquet files, in folders by year and region.

DuckDB, Spark, Trino and ClickHouse read such folders as one table and know the columns year and region by their names
(Hive partitioning). Each file holds some bodies, and is written where they are read: nothing grows with their number.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from nianbao.exports.parquet import parquet_file
from nianbao.exports.tidy import tidy_rows
from nianbao.members.sources import report_of
from nianbao.model.agency import read_agency
from nianbao.reading.findings import Findings
from nianbao.running.crew import Failure, each

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from nianbao.exports.tidy import TidyRow
    from nianbao.members.sources import Source
    from nianbao.running.crew import Crew

# Bodies of a file: enough to be read fast, few enough to be held.
_CHUNK = 200
# How such folders name a value that is not there.
_NO_REGION = "__HIVE_DEFAULT_PARTITION__"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """How many *bodies* with how many *cells* were written into which *files*, and by id why others were *left_out*."""

    bodies: int
    cells: int
    left_out: tuple[tuple[str, str], ...]
    files: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chunk:
    """Some *sources* of a *year*, whose cells go into files of this *name* below *folder*."""

    sources: tuple[Source, ...]
    year: int
    folder: Path
    name: str


def write_cells(sources: Sequence[Source], year: int, folder: Path, crew: Crew) -> Written:
    """Write the cells of all reports of *year* below *folder*, in place of what stands there of that year.

    Drafts and reports that cannot be read are left out. Raises OSError where the folder cannot be written, and
    RuntimeError for an error of ours; then what stands there stays.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made, old = folder / f".year={year}.new", folder / f".year={year}.old"
    for left in (made, old):
        shutil.rmtree(left, ignore_errors=True)
    made.mkdir()
    starts = range(0, len(sources), _CHUNK)
    chunks = [
        _Chunk(sources=tuple(sources[start : start + _CHUNK]), year=year, folder=made, name=f"{start:07}")
        for start in starts
    ]
    bodies, cells, left_out, files = 0, 0, [], set()
    for chunk, answer in each(crew, _write, chunks, parts=_singles):
        if isinstance(answer, OSError):
            raise answer
        if isinstance(answer, Failure):
            if answer.trace:
                raise RuntimeError(answer.trace)
            left_out.append((chunk.sources[0].member.id, "读取时程序意外结束，或者用时太久；请单独检查"))
            continue
        bodies += answer.bodies
        cells += answer.cells
        left_out += answer.left_out
        files |= {*answer.files}
    # A process that was ended may have written some of its files; its bodies stand in others.
    for path in made.glob("*/*"):
        if path not in files:
            path.unlink()
    standing = folder / f"year={year}"
    if standing.exists():
        standing.rename(old)
    made.rename(standing)
    shutil.rmtree(old, ignore_errors=True)
    order = {source.member.id: number for number, source in enumerate(sources)}
    return Written(bodies=bodies, cells=cells, left_out=tuple(sorted(left_out, key=lambda pair: order[pair[0]])))


def _singles(chunk: _Chunk) -> Sequence[_Chunk]:
    """Return the bodies of *chunk* one by one, of which there are several: one of them has failed."""
    if len(chunk.sources) == 1:
        return ()
    return [
        _Chunk(sources=(source,), year=chunk.year, folder=chunk.folder, name=f"{chunk.name}-{number:03}")
        for number, source in enumerate(chunk.sources)
    ]


def _write(chunk: _Chunk) -> Written | OSError:
    """Write the files of *chunk*, one a region; return what was written, or what the disk says against it."""
    regions: dict[str, list[TidyRow]] = defaultdict(list)
    left_out, bodies, cells = [], 0, 0
    for source in chunk.sources:
        why, region, rows = _read(source, chunk.year)
        if why:
            left_out.append((source.member.id, why))
            continue
        regions[region] += rows
        bodies += 1
        cells += len(rows)
    files = []
    try:
        for region, rows in regions.items():
            folder = chunk.folder / f"region={region if region.isalnum() else quote(region, safe=' ')}"
            folder.mkdir(exist_ok=True)
            files.append(folder / f"{chunk.name}.parquet")
            files[-1].write_bytes(parquet_file(rows))
    except OSError as error:
        return error
    return Written(bodies=bodies, cells=cells, left_out=tuple(left_out), files=tuple(files))


def _read(source: Source, year: int) -> tuple[str, str, list[TidyRow]]:
    """Return why the report of *source* is left out, or nothing, its region and its cells."""
    if source.project is None:
        return source.note, "", []
    report = report_of(source, year)
    agency = read_agency(source.project.data / "agency.yml", "agency.yml", Findings())
    if report is None or agency is None:
        return "数据有错误，读不出来；请先运行 nianbao check", "", []
    if report.status == "draft":
        return "还是草稿", "", []
    if source.receipt is not None and source.receipt.asked:
        return f"有 {source.receipt.asked} 格读不准，还没有答复", "", []
    rows = [row for table in report.form.tables for row in tidy_rows(source.member.id, report, table)]
    return "", agency.region or _NO_REGION, rows
