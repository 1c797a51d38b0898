"""What a file that was sent says of itself: whose report it is, of which year, and whether it is a draft."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.importing.documents import document_facts
from nianbao.importing.reading import read_original
from nianbao.importing.sheets import sheet_facts
from nianbao.importing.words.sections import spelled_lines
from nianbao.importing.words.title import find_title, other_names, period_year
from nianbao.reading.refusal import RefusedError

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.importing.original import Original

_LOOKED_AT = 12  # lines, as for the title
_SUBJECT = "政府信息"
# The first row of the table on requests, which every report has once.
_FIRST_ROW = "本年新收政府信息公开申请数量"
_DRAFT = re.compile("草稿|送审稿|征求意见稿|讨论稿")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a file says: *name* or *id* of the body, empty where it does not tell, *year* or None, and first *lines*.

    *others* are bodies whose reports follow in the same file. *whole* is our own JSON file, which has all of a report;
    *words* and *tables* say which of the two a file has. *refused* is why it cannot be read.
    """

    digest: str = ""
    id: str = ""
    name: str = ""
    year: int | None = None
    draft: bool = False
    whole: bool = False
    words: bool = False
    tables: bool = False
    lines: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    refused: str = ""


def identity_of(path: Path) -> Identity:
    """Return what the file at *path* says of itself; why it cannot be read is part of it."""
    try:
        original = read_original(path)
        if original.document is not None:
            return _of_document(original)
        return _of_table(original, path) if original.readings else _of_words(original)
    except RefusedError as error:
        return Identity(refused=" ".join(str(error).split()))


def _of_document(original: Original) -> Identity:
    document = original.document or {}
    try:
        facts = document_facts(original)
        id_ = str(document["agency"]["id"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        message = "JSON 文件里的内容不是本程序导出的样子；请重新导出一份，或者送别的文件"
        raise RefusedError(message) from error
    draft = document.get("status") == "draft"
    return Identity(
        digest=original.digest,
        id=id_,
        name=facts.name,
        year=facts.year,
        draft=draft,
        whole=True,
        words=True,
        tables=True,
    )


def _of_table(original: Original, path: Path) -> Identity:
    """Return what a CSV file says, each line of which names body and year."""
    row = next(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")), {})
    year = row.get("year", "")
    return Identity(
        digest=original.digest,
        id=row.get("agency", ""),
        year=int(year) if re.fullmatch("[0-9]{4}", year) else None,
        draft=bool(_DRAFT.search(row.get("report", ""))),
        tables=True,
    )


def _of_words(original: Original) -> Identity:
    paragraphs = spelled_lines(original)
    title = find_title(paragraphs)
    facts = sheet_facts(original)
    lines = tuple("".join(line.text.split())[:200] for line in paragraphs[:_LOOKED_AT])
    told = title.year if title is not None else None
    words = any(_SUBJECT in line.text.replace(" ", "") for line in paragraphs)
    return Identity(
        digest=original.digest,
        name=(title.name if title is not None else "") or facts.name,
        year=told or facts.year or period_year(paragraphs),
        draft=any(_DRAFT.search(line) for line in lines),
        words=words,
        # A text file has its tables among its lines.
        tables=bool(original.tables) or (words and original.kind in {"文本", "PDF"}),
        lines=lines,
        others=other_names(paragraphs, title) if title is not None and _reports(original) > 1 else (),
    )


def _reports(original: Original) -> int:
    """Return how many reports a file has by their tables on requests."""
    texts = [line.text for line in spelled_lines(original)]
    texts += [cell.text for table in original.tables for cell in table.cells]
    return sum(_FIRST_ROW in "".join(text.split()) for text in texts)
