"""Tidy data as CSV."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from nianbao.exports.columns import COLUMNS
from nianbao.exports.texts import inert
from nianbao.model.report import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nianbao.exports.tidy import TidyRow


def csv_file(rows: Iterable[TidyRow]) -> bytes:
    """Return *rows* as CSV by RFC 4180, with a byte order mark, by which Excel in China knows UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(column.name for column in COLUMNS)
    names = [column.name for column in COLUMNS]
    writer.writerows([_written(getattr(row, name)) for name in names] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _written(value: object) -> str:
    if value is None:
        return ""
    return inert(value) if isinstance(value, str) else plain(value)  # type: ignore[arg-type]  # a number
