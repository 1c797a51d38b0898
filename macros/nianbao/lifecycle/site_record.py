"""The record that a site carries for each frozen year: the whole chain as one file, by which the site is proved."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from nianbao.lifecycle.archive import claimed, snapshot_path
from nianbao.lifecycle.record import Record, decoded
from nianbao.lifecycle.snapshot import OLD, digest, encoded
from nianbao.reading.clock import BEIJING

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.model.report import Report

_SCHEMA = 1

# How the name of such a file ends; it stands among the downloads of its year.
SUFFIX = "-record.json"

# A record of a report of the largest size that a portal may have, with many corrections.
MAXIMUM = 64_000_000


class RecordError(ValueError):
    """What should be the record of a site is none, or its parts do not fit; the text says so in Chinese."""


@dataclass(frozen=True, kw_only=True)
class SiteRecord:
    """The *records* of one year, the first one first, with their *digests*, and the id and name of the *agency*.

    Of what was frozen and taken back before its day of publication it holds the digests alone.
    """

    agency: str
    year: int
    records: tuple[Record, ...]
    digests: tuple[str, ...]

    @property
    def last(self) -> Record:
        """What is published now."""
        return self.records[-1]


def site_record(agency: str, report: Report, data: Path) -> bytes:
    """Return the record of *report*, which is frozen, for the site; *data* is the folder of data files.

    Raises OSError or ValueError where a record of the portal cannot be read.
    """
    numbers = range(len(report.reopened) + 1, len(claimed(report)) + 1)
    texts = [snapshot_path(data, report.year, number).read_bytes() for number in numbers]
    return encoded(
        {
            "schema": _SCHEMA,
            "agency": agency,
            "year": report.year,
            "check_number": decoded(texts[-1]).number or None,
            "records": [json.loads(text) for text in texts],
        }
    )


def site_records(site: Path, year: str = "[12][0-9][0-9][0-9]") -> list[Path]:
    """Return the records of the folder *site*, of one *year* or all."""
    return sorted(site.glob(f"{year}/downloads/*{SUFFIX}"))


def public_on(site: Path, year: int) -> dt.date | None:
    """Return the day of publication of the report of *year* that the *site* has, None where it has none.

    A record without a day, or one that cannot be read, is of a report that counts as published long ago.
    """
    for path in site_records(site, str(year)):
        try:
            content = path.read_bytes() if path.stat().st_size <= MAXIMUM else b""
            return read_site_record(content).last.report.published_on or dt.date.min
        except (OSError, RecordError):
            return dt.date.min
    return None


def read_site_record(content: bytes) -> SiteRecord:
    """Return the record that *content* writes down. Raises RecordError where it is none, or its chain is broken.

    The record of a portal for one publication, such as ``2023-1.json``, is read as well.
    """
    try:
        document: dict[str, Any] = json.loads(content)
        single = "records" not in document
        texts = [encoded(one) for one in ([document] if single else document["records"])]
        records = tuple(map(decoded, texts))
        digests = tuple(map(digest, texts))
        year = records[-1].report.year if single else int(document["year"])
        agency = "" if single else str(document["agency"])
        schema = _SCHEMA if single else document["schema"]
        number = None if single else document["check_number"]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        message = "不是公布的记录，或者已经损坏"
        raise RecordError(message) from error
    if schema != _SCHEMA:
        message = f"是程序的另一版写的（schema {schema}）；请换用写入它的版本"
        raise RecordError(message)
    found = SiteRecord(agency=agency, year=year, records=records, digests=digests)
    _fitting(found, whole=not single)
    if not single and number != (found.last.number or None):
        message = "里面写的校验号不是由内容算出的：内容或校验号被改写了"
        raise RecordError(message)
    return found


def _fitting(found: SiteRecord, *, whole: bool) -> None:
    """Raise RecordError where the parts of a record do not follow one another."""
    if any(record.report.year != found.year for record in found.records):
        message = "混有另一个年度的记录"
        raise RecordError(message)
    for number, record in enumerate(found.records):
        taken_back = record.reopened[-1][2] if record.reopened else ""
        before = found.digests[number - 1] if number else taken_back
        if whole and record.report.schema != OLD and record.previous != before:
            message = f"里的第 {number + 1} 个记录不接在前一个后面：记录被删去、调换或改写了"
            raise RecordError(message)
    if len({record.reopened for record in found.records if record.report.schema != OLD}) > 1:
        message = "里的各个记录所记的撤回定稿不一致：记录被改写了"
        raise RecordError(message)
    for (_, old), (number, new) in pairwise(enumerate(found.records)):
        known = old.report.corrections
        if OLD not in {old.report.schema, new.report.schema} and len(new.report.corrections) < len(known):
            message = f"里的第 {number + 1} 个记录少了以前登记的更正"
            raise RecordError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A built site at *path*: *built* is when, by Chinese time; *numbers* are the check numbers of its frozen years."""

    path: Path
    built: dt.datetime
    numbers: dict[int, str]


def read_site(path: Path) -> Site:
    """Return the site at *path*. A record that cannot be read has no number. Raises OSError where it is no site."""
    built = dt.datetime.fromtimestamp((path / "404.html").stat().st_mtime, BEIJING)
    numbers = {}
    for record in reversed(site_records(path)):
        with contextlib.suppress(RecordError):
            numbers[int(record.relative_to(path).parts[0])] = read_site_record(record.read_bytes()).last.number
    return Site(path=path, built=built, numbers=numbers)
