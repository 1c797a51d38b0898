"""What the site of a superior offers of all its bodies: the roll-ups that readers may see, their cells as files."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from nianbao.cache.cache import report_digests
from nianbao.exports.columns import COLUMNS, Column
from nianbao.exports.formats import Made
from nianbao.exports.parquet import write_parquet
from nianbao.exports.texts import file_name, inert
from nianbao.members.register import FILE, read_register
from nianbao.members.rollup_record import DamagedError, read_rollup_record
from nianbao.model.project import path_from
from nianbao.model.report import plain
from nianbao.pages.session import AuthorError, UnavailableError
from nianbao.reading.findings import Findings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from nianbao.cache.cache import Cache
    from nianbao.members.register import Register
    from nianbao.members.rollup_record import RollupRecord
    from nianbao.model.report import Report
    from nianbao.pages.session import Session
    from nianbao.reading.numbers import Number

_COMMON = {column.name: column for column in COLUMNS}
# The columns of the files, which tell less of a cell than those of its body's own site.
CELL_COLUMNS = (
    Column(name="agency", title="单位标识", description="名册里的标识，不随名称改变。"),
    Column(name="name", title="单位", description="单位这一年度的名称。"),
    *(_COMMON[name] for name in ("year", "format", "address", "value")),
)
# The files by the ends of their names.
CELL_FORMATS = {"csv": "CSV", "parquet": "Parquet"}
CELL_MEDIA_TYPES = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}


class CellRow(NamedTuple):
    """A cell of a body; the fields are those of `CELL_COLUMNS`."""

    agency: str
    name: str
    year: int
    format: int
    address: str
    value: Number | None


@dataclass(slots=True)
class _Read:
    """What was read for the pages and files of a site, each once: the register, and by year what was rolled up."""

    register: Register | None = None
    added: dict[int, RollupRecord | None] = field(default_factory=dict)


def _read(session: Session) -> _Read:
    return session.memo.once(_Read, _Read)


def rolled_up(session: Session, years: Iterable[int]) -> Iterator[tuple[RollupRecord, Report]]:
    """Yield the roll-ups of *years* with their reports, where there are any. Raises AuthorError for a damaged one."""
    known = _read(session).added
    for year in years:
        if year not in known:
            try:
                known[year] = read_rollup_record(session.data, year)
            except DamagedError as error:
                message = f"data/rollup/{year}.json 已经损坏；请再运行一次 nianbao rollup {year}，或从版本库恢复"
                raise AuthorError(message) from error
        added, report = known[year], session.dataset.reports.get(year)
        if added is not None and report is not None:
            yield added, report


def register_of(session: Session) -> Register:
    """Return the register. Raises AuthorError where there is none, UnavailableError where it is at fault."""
    known = _read(session)
    if known.register is None:
        findings, path = Findings(), session.data / FILE
        if not path.is_file():
            message = f"没有名册 data/{FILE}；请先用 nianbao members --from 名单.xlsx 写出"
            raise AuthorError(message)
        known.register = read_register(path, path_from(path, session.root), findings)
        if known.register is None:
            raise UnavailableError(findings.sorted())
    return known.register


def has_cells(session: Session, year: int) -> bool:
    """Say whether the site offers the cells of all bodies for *year*."""
    return bool(_with_names(session, (year,)))


def cells_name(year: int, suffix: str) -> str:
    """Return the name of the file with the cells of all bodies for *year*."""
    return f"members-{year}.{suffix}"


def cells_kept_as(report: Report, suffix: str) -> str:
    """Return under which name readers keep the file that goes with the *report* of the area."""
    return file_name(f"{report.agency_name}{report.year}年各单位各格的数据", suffix)


def cells_of_bodies(session: Session, cache: Cache) -> Iterator[tuple[Made, str]]:
    """Yield the cells of all bodies as files, with their formats, for the years that readers may see, newest first.

    The same roll-up gives the same bytes. A record or a register at fault has no files: the pages that show it tell
    why.
    """
    for added, report, names in _with_names(session, session.shown_years()):
        source = (added.digest, report_digests(session)[added.year], sorted(names.items()))
        rows = _Rows(added, report, names)
        writers = {
            "csv": partial(write_csv, rows=rows),
            "parquet": partial(write_parquet, rows=rows, columns=CELL_COLUMNS),
        }
        for suffix, make in writers.items():
            made = Made(
                name=cells_name(added.year, suffix),
                title=f"{added.year}年各单位各格的数据",
                kept_as=cells_kept_as(report, suffix),
                content=cache.content(f"members-{suffix}", source, make),
            )
            yield made, CELL_FORMATS[suffix]


def _with_names(session: Session, years: Iterable[int]) -> list[tuple[RollupRecord, Report, Mapping[str, str]]]:
    """Return the roll-ups of *years* with their reports and the names of bodies by id, none where one is at fault."""
    try:
        return [
            (added, report, {member.id: member.name(added.year) for member in register_of(session).members})
            for added, report in rolled_up(session, years)
        ]
    except (AuthorError, UnavailableError):
        return []


@dataclass(frozen=True, slots=True)
class _Rows:
    """Every cell of every included body, one body after the other in the order of the roll-up."""

    added: RollupRecord
    report: Report
    names: Mapping[str, str]

    def __iter__(self) -> Iterator[CellRow]:
        year, form = self.added.year, self.report.form
        for id_ in self.added.included:
            name = self.names.get(id_, id_)
            for address, value in self.added.figures(form, id_).items():
                yield CellRow(id_, name, year, form.format, address, value)


def write_csv(file: BinaryIO, rows: Iterable[CellRow]) -> None:
    """Write *rows* as CSV, by RFC 4180 with a byte order mark; unknown figures are empty."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(column.name for column in CELL_COLUMNS)
    for row in rows:
        value = "" if row.value is None else plain(row.value)
        writer.writerow((row.agency, inert(row.name), row.year, row.format, row.address, value))
    text.detach()
