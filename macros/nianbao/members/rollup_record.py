"""The record of a roll-up read back: what each body has added to the figures of its area."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from nianbao.cache.cache import digest_of
from nianbao.data_files.writing import waiting_for
from nianbao.model.report import plain, total
from nianbao.reading.disk import read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from nianbao.model.form import Form
    from nianbao.reading.numbers import Number

FOLDER = "rollup"
# Below docs: the page of each body.
PAGES = "members"
_MOST_BYTES = 200_000_000
_NUMBER = re.compile(r"-?[0-9]{1,20}(?:\.[0-9]{1,6})?")


class DamagedError(Exception):
    """The record of a roll-up cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RollupRecord:
    """The roll-up of a *year*: *included* bodies by id, and *missing* ones with the reason.

    *parts* has by address what each body adds, None where it does not know; a body that adds nothing is left out.
    *adjusted* has by address how much a figure is adjusted, and why; *reports* are the
    digests of the reports that are shown, by body. *digest* is that of the whole record.
    """

    year: int
    included: tuple[str, ...]
    missing: Mapping[str, str]
    parts: Mapping[str, Mapping[str, Number | None]]
    adjusted: Mapping[str, tuple[tuple[str, str], ...]]
    reports: Mapping[str, str]
    digest: str

    @property
    def coverage(self) -> str:
        """How many of all bodies the figures hold, as n/N."""
        return f"{len(self.included)}/{len(self.included) + len(self.missing)}"

    def figures(self, form: Form, body: str) -> Mapping[str, Number | None]:
        """Return all figures of an included *body* by address, totals as well."""
        found: dict[str, Number | None] = {}
        for table in form.tables:
            for _, row, column in table.grid:
                address = table.address(row.path, column.path)
                if address in self.parts:
                    found[address] = self.parts[address].get(body, 0)
            for one in table.totals:
                found[one.address] = total(found.get(table.address(*part)) for part in one.parts)
        return found


def read_rollup_record(data: Path, year: int) -> RollupRecord | None:
    """Return the roll-up of *year* below the folder *data*, None where there is none. Raises DamagedError."""
    path = data / FOLDER / f"{year}.json"
    if not path.is_file():
        return None
    try:
        written = read_bytes(path, _MOST_BYTES)
        content = json.loads(written)
        return RollupRecord(
            year=year,
            included=tuple(str(id_) for id_ in content["included"]),
            missing={str(id_): str(why) for id_, why in content["missing"].items()},
            parts=_parts(_named(path.with_suffix(".csv"), content["parts"]), content["cells"]),
            adjusted={
                str(address): tuple((str(one["by"]), str(one["reason"])) for one in cell["adjustments"])
                for address, cell in content["cells"].items()
                if "adjustments" in cell
            },
            reports={str(id_): str(digest) for id_, digest in content["reports"].items()},
            digest=digest_of(written),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DamagedError from error


def page_of(docs: Path, body: str) -> Path:
    """Return where below *docs* the page of a *body* is."""
    return docs / PAGES / f"{body}.md"


def report_of(data: Path, added: RollupRecord, body: str) -> str:
    """Return the report of a *body* as HTML. Raises DamagedError where it is not what was written by the roll-up."""
    return _named(data / FOLDER / str(added.year) / f"{body}.html", added.reports.get(body, "")).decode()


def _named(path: Path, digest: str) -> bytes:
    """Return the file of a *digest* that is at *path*, or waits for that place since a run of the command has ended.

    Raises DamagedError where there is none.
    """
    for place in (path, waiting_for(path)):
        with contextlib.suppress(OSError):
            content = read_bytes(place, _MOST_BYTES)
            if digest_of(content) == digest:
                return content
    raise DamagedError


def _parts(file: bytes, cells: Iterable[str]) -> Mapping[str, Mapping[str, Number | None]]:
    """Return by cell and body the parts that *file* lists. Raises ValueError where it lists something else."""
    parts: dict[str, dict[str, Number | None]] = {str(address): {} for address in cells}
    for row in csv.DictReader(io.StringIO(file.decode(), newline="")):
        if row["cell"] in parts:
            parts[row["cell"]][row["body"]] = _number(row["value"])
    return parts


def _number(text: str) -> Number | None:
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    return Decimal(text) if "." in text else int(text)


def shown(value: Number | None) -> str:
    """Return a figure as tables show it."""
    return "不详" if value is None else plain(value)
