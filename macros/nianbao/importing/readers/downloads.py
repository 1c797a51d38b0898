"""Downloads of this program, JSON and CSV: figures by address, exactly as they were published."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from nianbao.importing.answers import Reading
from nianbao.importing.readers.packages import DAMAGED
from nianbao.reading import numbers
from nianbao.reading.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

WAY = "原数据"

_BLANK, _UNKNOWN, _COMPUTED = "blank", "unknown", "computed"
_STRANGE = "文件里的数据不是本程序导出的样子；请重新导出一份，或者导入别的文件"


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """The *readings* of a download in the form called *format*, and the whole *document* of a JSON file.

    Values are plain numbers: signs and units are those of the form.
    """

    readings: tuple[Reading, ...]
    format: int
    document: Mapping[str, Any] | None = None


def read_json(text: str) -> Download:
    """Return what a JSON download tells. Raises RefusedError where it is damaged or none of ours."""
    try:
        document = json.loads(text, parse_float=Decimal, parse_int=int)
    except (ValueError, RecursionError) as error:
        raise RefusedError(DAMAGED) from error
    try:
        rows = [cell for table in document["tables"] for cell in table["cells"]]
        readings = tuple(_readings((str(row["address"]), row["value"], str(row["status"])) for row in rows))
        return Download(readings=readings, format=int(document["format"]), document=document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RefusedError(_STRANGE) from error


def read_csv(text: str) -> Download:
    """Return what a CSV download, one table, tells. Raises RefusedError where it is none of ours."""
    try:
        rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))
        found = ((row["address"], row["value"] or None, row["status"]) for row in rows)
        return Download(readings=tuple(_readings(found)), format=int(rows[0]["format"]))
    except (KeyError, TypeError, ValueError, IndexError, csv.Error) as error:
        raise RefusedError(_STRANGE) from error


def _readings(rows: Iterator[tuple[str, object, str]]) -> Iterator[Reading]:
    """Yield the cells but for totals that are computed: these say nothing that the others do not."""
    for at, (address, value, status) in enumerate(rows, 1):
        if status == _COMPUTED:
            continue
        written = {_BLANK: numbers.BLANK, _UNKNOWN: numbers.UNKNOWN}.get(status)
        if written is None:
            written = str(value)
            if not re.fullmatch(r"-?[0-9]{1,20}(\.[0-9]{1,6})?", written):
                raise ValueError(written)
        yield Reading(address=address, value=written, raw=written, place=f"{address}（第{at}格）", way=WAY)
