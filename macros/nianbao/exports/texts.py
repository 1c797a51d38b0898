"""Words that downloads share, and text made safe for where it goes."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from nianbao.documents.blocks import clean
from nianbao.model.report import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nianbao.model.report import Report
    from nianbao.reading.numbers import Number

DRAFT = "草稿"
DRAFT_NOTICE = "草稿，尚未公布，仅供预览"

# What makes a spreadsheet take text for a formula; some take the full-width signs for the same.
_FORMULA = re.compile("[=+@\t\r\n\\-\uff1d\uff0b\uff20\uff0d]")

# Signs that file names cannot have under Windows, and what looks most like them.
_FILE_NAME = str.maketrans('\\/:*?"<>|', "＼／：＊？”＜＞｜")
_LONGEST_NAME = 60


def report_name(report: Report) -> str:
    """Return the title of *report*; that of a draft says so."""
    return f"{report.title}（{DRAFT}）" if report.status == "draft" else report.title


def notices(report: Report, notice: str) -> tuple[str, ...]:
    """Return what readers of *report* must know first: the *notice* of the site, if it has one, and that of a draft."""
    return tuple(filter(None, (notice, DRAFT_NOTICE if report.status == "draft" else "")))


def inert(text: str) -> str:
    """Return *text* so that a spreadsheet which opens a CSV file runs no part of it: a quote before formula signs."""
    return f"'{text}" if _FORMULA.match(text) else text


def csv_text(rows: Iterable[Iterable[Number | str | None]]) -> bytes:
    """Return *rows* as CSV by RFC 4180, with a byte order mark, by which Excel in China knows UTF-8; text is inert."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(map(_written, row) for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _written(value: Number | str | None) -> str:
    if value is None:
        return ""
    return inert(value) if isinstance(value, str) else plain(value)


def file_name(stem: str, suffix: str) -> str:
    """Return a name under which any system can keep a file; a very long *stem* is cut."""
    name = " ".join(clean(stem).split()).translate(_FILE_NAME)
    return f"{name[:_LONGEST_NAME].rstrip('. ')}.{suffix}"
