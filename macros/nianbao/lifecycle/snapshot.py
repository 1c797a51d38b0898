"""What was published: the facts and words of a year as one canonical JSON document, and its digest."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import unicodedata
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from nianbao.model.report import Category, Item, plain
from nianbao.pages.lists import FULL_TEXT_PAGE
from nianbao.prose.macros import MACROS
from nianbao.reading.numbers import BLANK, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from nianbao.model.report import Report
    from nianbao.prose.passages import PageText, YearText

SCHEMA = 1
BLANKS_ARE_ZERO = "blanks_are_zero"
ITEMS_UNKNOWN = "items_unknown"
REMARKS = "remarks"
FORM = "form"

# What editors and systems leave behind; the site does not publish it either.
_LEFTOVERS = ("Thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a page says: the kind and the text of each passage, and the tables and lists that it *shows*."""

    passages: tuple[tuple[str, str], ...]
    shows: tuple[str, ...]

    @property
    def any(self) -> bool:
        """Whether the page says anything of its own; the picture of a year is drawn from the data alone."""
        return bool(self.passages or self.shows)


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The published facts and words of one year, without anything of markup, of machines or of the time of making.

    *cells* holds every figure as printed, by its address; *files* the SHA-256 of whatever lies beside the pages.
    *form* is the form's name where it is not the edition itself, *remarks* what is said of single cells. These,
    *blanks_are_zero* and *items_unknown* are written down only where it is so: what was published before had
    no word for them.
    """

    year: int
    agency: str
    format: int
    published_on: dt.date | None
    processing_fee: str
    categories: tuple[Category, ...]
    cells: Mapping[str, str]
    pages: Mapping[str, Words]
    files: Mapping[str, str]
    blanks_are_zero: bool = False
    items_unknown: bool = False
    form: str = ""
    remarks: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def encoded(self) -> bytes:
        """Return the one way to write this down."""
        document = {
            "schema": SCHEMA,
            "year": self.year,
            "agency": self.agency,
            "format": self.format,
            "published_on": self.published_on.isoformat() if self.published_on else None,
            "processing_fee": self.processing_fee,
            "items": [
                {
                    "category": category.name,
                    "entries": [{"title": item.title, "full_text": item.full_text} for item in category.items],
                    **({"count": category.stated} if category.stated else {}),
                }
                for category in self.categories
            ],
            "cells": dict(self.cells),
            "pages": {
                name: {"passages": [list(passage) for passage in page.passages], "shows": list(page.shows)}
                for name, page in self.pages.items()
            },
            "files": dict(self.files),
            **({BLANKS_ARE_ZERO: True} if self.blanks_are_zero else {}),
            **({ITEMS_UNKNOWN: True} if self.items_unknown else {}),
            **({FORM: self.form} if self.form else {}),
            **({REMARKS: dict(self.remarks)} if self.remarks else {}),
        }
        return (json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def digest(content: bytes) -> str:
    """Return the SHA-256 by which data files name a snapshot."""
    return hashlib.sha256(content).hexdigest()


def take(report: Report, pages: YearText, folder: Path) -> Snapshot:
    """Return what is published of *report*, whose pages and other files lie in *folder*."""
    return Snapshot(
        year=report.year,
        agency=report.agency_name,
        format=report.form.format,
        published_on=report.published_on,
        processing_fee=UNKNOWN if report.processing_fee is None else plain(report.processing_fee),
        categories=report.categories,
        cells=MappingProxyType(
            {cell.address: cell.text or BLANK for cells in report.cells.values() for cell in cells.values()}
        ),
        pages=MappingProxyType({text.page.name: words for text in pages if (words := _words(text)).any}),
        files=MappingProxyType(dict(_files(folder))),
        blanks_are_zero=report.blanks_are_zero,
        items_unknown=report.items_unknown,
        form=report.form.id if report.form.variant else "",
        remarks=report.remarks,
    )


def _words(text: PageText) -> Words:
    shows = {call for call in text.page.calls if MACROS[call.split(" ")[0]].recorded}
    return Words(
        passages=tuple((passage.kind, passage.text) for passage in text.reported),
        shows=tuple(sorted(shows)),
    )


def _files(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield name and SHA-256 of the files in *folder* that are no pages of the report."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        page = len(parts) == 1 and path.suffix == ".md"
        hidden = any(part.startswith((".", "~$")) for part in parts) or path.name.endswith(("~", ".bak"))
        if page or hidden or path.name in _LEFTOVERS or not path.is_file():
            continue
        name = "/".join(parts).encode("utf-8", "backslashreplace").decode()
        with path.open("rb") as file:
            yield unicodedata.normalize("NFC", name), hashlib.file_digest(file, "sha256").hexdigest()


def decoded(content: bytes) -> Snapshot:
    """Return the snapshot that *content* writes down. Raises ValueError where it is none that can be read."""
    try:
        document: dict[str, Any] = json.loads(content)
        if document["schema"] != SCHEMA:
            message = f"schema {document['schema']}"
            raise ValueError(message)
        return _snapshot(document)
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(str(error)) from error


def _snapshot(document: Mapping[str, Any]) -> Snapshot:
    day = document["published_on"]
    return Snapshot(
        year=int(document["year"]),
        agency=str(document["agency"]),
        format=int(document["format"]),
        published_on=None if day is None else dt.date.fromisoformat(day),
        processing_fee=str(document["processing_fee"]),
        categories=tuple(
            Category(
                name=str(category["category"]),
                items=tuple(
                    Item(title=str(item["title"]), full_text=bool(item["full_text"])) for item in category["entries"]
                ),
                stated=str(category.get("count", "")),
            )
            for category in document["items"]
        ),
        cells=MappingProxyType(_texts(document["cells"])),
        pages=MappingProxyType(
            {
                str(name): Words(
                    passages=tuple((str(kind), str(text)) for kind, text in page["passages"]),
                    shows=tuple(map(str, page["shows"])),
                )
                for name, page in document["pages"].items()
                if name != FULL_TEXT_PAGE
            }
        ),
        files=MappingProxyType(_texts(document["files"])),
        blanks_are_zero=bool(document.get(BLANKS_ARE_ZERO)),
        items_unknown=bool(document.get(ITEMS_UNKNOWN)),
        form=str(document.get(FORM, "")),
        remarks=MappingProxyType(_texts(document.get(REMARKS, {}))),
    )


def _texts(mapping: Mapping[str, Any]) -> dict[str, str]:
    return {str(name): str(text) for name, text in mapping.items()}
