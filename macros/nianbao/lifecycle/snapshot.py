"""What was published: all that a reader could notice of a year, as one canonical JSON document."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import unicodedata
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag

from nianbao.lifecycle.article import DRAWN, FRONT, Block, addresses, article, plain
from nianbao.model.report import Category, Item
from nianbao.model.report import plain as digits
from nianbao.pages.lists import FULL_TEXT_PAGE, PICTURE_PAGE
from nianbao.prose.macros import MACROS
from nianbao.reading.addresses import is_absolute
from nianbao.reading.numbers import BLANK, UNKNOWN
from nianbao.tables.layout import Head, lay_out
from nianbao.tables.notes import units_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from nianbao.model.form import Table
    from nianbao.model.report import Report
    from nianbao.prose.passages import YearText

# Snapshots of the kind 1 hold plain passages and the tables that pages show; 0.1.0 wrote them.
OLD, SCHEMA = 1, 2
BLANKS_ARE_ZERO = "blanks_are_zero"
ITEMS_UNKNOWN = "items_unknown"
REMARKS = "remarks"
LATE_REASON = "late_reason"
APPROVALS = "approvals"
FORM = "form"

# How the list of labels names the place of a figure.
FIGURE_MARK = "@"

# What editors and systems leave behind; the site does not publish it either.
_LEFTOVERS = ("Thumbs.db", "desktop.ini")

# Fields of a report that are no part of what was published, each with the reason.
NOT_RECORDED: Mapping[str, str] = MappingProxyType(
    {
        "file": "where the data file lies",
        "places": "where its keys stand",
        "digest": "names the record itself",
        "fee_gap": "part of processing_fee",
        "approvals": "are the office's own; shown_approvals are recorded",
        "show_approvals": "says whether they are shown",
        "reopened": "stands in the record, beside what is published",
        "transcribed": "says how the data were typed in; readers see none of it",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a page says and shows, as blocks (see `nianbao.lifecycle.article`)."""

    blocks: tuple[Block, ...]

    @property
    def said(self) -> tuple[Block, ...]:
        """The blocks that an author has written."""
        return tuple(block for block in self.blocks if block.kind != DRAWN)

    @property
    def shows(self) -> tuple[str, ...]:
        """The calls of the macros that draw on the page, in their order."""
        return tuple(block.text for block in self.blocks if block.kind == DRAWN)


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """All that a reader could notice of one year, without anything of the program, of machines or of when it was made.

    *cells* holds every figure as printed, by its address; *labels* for each table its caption, unit and all labels
    with the places of figures between them, in reading order; *files* the SHA-256 of whatever lies beside the pages,
    or is linked or shown by them from elsewhere; *waivers* rule, place and reason; *corrections* those so far.
    *form* is the form's name where it is not the edition itself, *remarks* what is said of single cells,
    *late_reason* why it was published late, *approvals* role, name and day of those that readers see. These,
    *blanks_are_zero* and *items_unknown* are written down only where it is so: what was published before had no word
    for them. Those of the *schema* `OLD` know neither labels nor waivers, corrections or status.
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
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    waivers: tuple[tuple[str, str, str], ...] = ()
    corrections: tuple[tuple[dt.date, str], ...] = ()
    status: str = "published"
    schema: int = SCHEMA
    form: str = ""
    remarks: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    late_reason: str = ""
    approvals: tuple[tuple[str, str, dt.date], ...] = ()

    def document(self) -> dict[str, Any]:
        """Return the one way to write this down."""
        return {
            "year": self.year,
            "agency": self.agency,
            "format": self.format,
            "status": self.status,
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
            "labels": {table: list(labels) for table, labels in self.labels.items()},
            "pages": {name: [list(block) for block in page.blocks] for name, page in self.pages.items()},
            "files": dict(self.files),
            "waivers": [list(waiver) for waiver in self.waivers],
            "corrections": [{"on": day.isoformat(), "reason": reason} for day, reason in self.corrections],
            **({BLANKS_ARE_ZERO: True} if self.blanks_are_zero else {}),
            **({ITEMS_UNKNOWN: True} if self.items_unknown else {}),
            **({FORM: self.form} if self.form else {}),
            **({REMARKS: dict(self.remarks)} if self.remarks else {}),
            **({LATE_REASON: self.late_reason} if self.late_reason else {}),
            **(
                {APPROVALS: [[role, by, day.isoformat()] for role, by, day in self.approvals]} if self.approvals else {}
            ),
        }


def encoded(document: Mapping[str, Any]) -> bytes:
    """Return the one way to write *document* down."""
    return (json.dumps(document, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def digest(content: bytes) -> str:
    """Return the SHA-256 of *content*, in which the ends of lines do not count: version control changes them."""
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()


def take(report: Report, pages: YearText, folder: Path) -> Snapshot:
    """Return what is published of *report*, whose pages and other files lie in *folder*, below that of all pages."""
    texts = {text.page.name: text for text in (*pages, *([pages.full] if pages.full is not None else []))}
    words = {
        name: Words(blocks=tuple(placed.block for placed in article(text, report.year))) for name, text in texts.items()
    }
    named = {address for page in words.values() for address in addresses(page.blocks)}
    return Snapshot(
        year=report.year,
        agency=report.agency_name,
        format=report.form.format,
        status=report.status,
        published_on=report.published_on,
        processing_fee=report.fee_gap or UNKNOWN if report.processing_fee is None else digits(report.processing_fee),
        categories=report.categories,
        cells=MappingProxyType(
            {cell.address: cell.text or BLANK for cells in report.cells.values() for cell in cells.values()}
        ),
        labels=MappingProxyType({table.id: tuple(_labels(report, table)) for table in report.form.tables}),
        pages=MappingProxyType(words),
        files=MappingProxyType({**dict(_files(folder)), **dict(_linked(named, folder))}),
        waivers=tuple((waiver.rule, waiver.subject, waiver.reason) for waiver in report.waivers),
        corrections=tuple((correction.day, correction.reason) for correction in report.corrections),
        blanks_are_zero=report.blanks_are_zero,
        items_unknown=report.items_unknown,
        form=report.form.id if report.form.variant else "",
        remarks=report.remarks,
        late_reason=report.late_reason,
        approvals=tuple((approval.role, approval.by, approval.day) for approval in report.shown_approvals),
    )


def _labels(report: Report, table: Table) -> Iterator[str]:
    yield from filter(None, (table.caption, units_text(table)))
    for rows in lay_out(table, report.cells[table.id]).blocks:
        for row in rows:
            for cell in row.cells:
                yield cell.label if isinstance(cell, Head) else f"{FIGURE_MARK}{cell.cell.address}"


def _files(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield name and SHA-256 of the files in *folder* that are no pages of the report."""
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        page = len(parts) == 1 and path.suffix == ".md"
        hidden = any(part.startswith((".", "~$")) for part in parts) or path.name.endswith(("~", ".bak"))
        if page or hidden or path.name in _LEFTOVERS or not path.is_file():
            continue
        yield file_name("/".join(parts)), _digest(path)


def _linked(named: Iterable[str], folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the files outside *folder* that pages link to or show, by their path as seen from it."""
    for address in sorted(named):
        path = urldefrag(address)[0]
        if is_absolute(address) or path.endswith(".html") or path.startswith(("..", f"{folder.name}/")):
            continue
        file = folder.parent / path
        if file.is_file() and not file.is_symlink():
            yield file_name(f"../{path}"), _digest(file)


def file_name(path: str) -> str:
    """Return how a snapshot calls the file at *path*: some systems take characters apart that others do not."""
    return unicodedata.normalize("NFC", path.encode("utf-8", "backslashreplace").decode())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def reduced(snapshot: Snapshot) -> Snapshot:
    """Return *snapshot* as far as those of the kind `OLD` know it, to be compared with one."""
    if snapshot.schema == OLD:
        return snapshot
    pages = {name: Words(blocks=tuple(_reduced(page))) for name, page in snapshot.pages.items()}
    return replace(
        snapshot,
        schema=OLD,
        processing_fee=UNKNOWN if not snapshot.processing_fee[0].isdigit() else snapshot.processing_fee,
        pages=MappingProxyType(
            {name: page for name, page in pages.items() if page.blocks and name not in {FULL_TEXT_PAGE, PICTURE_PAGE}}
        ),
        files=MappingProxyType({name: sum_ for name, sum_ in snapshot.files.items() if not name.startswith("../")}),
        labels=MappingProxyType({}),
        waivers=(),
        corrections=(),
        status="published",
    )


def _reduced(page: Words) -> Iterator[Block]:
    shown = {call for call in page.shows if MACROS[call.split(" ")[0]].recorded}
    for block in page.said:
        kinds = block.kind.split(" ")
        text = plain(block.text)
        if text and not {FRONT, "note"} & set(kinds) and not kinds[-1].startswith("pre"):
            yield Block(kinds[-1].partition("#")[0].partition("[")[0], text)
    yield from (Block(DRAWN, call) for call in sorted(shown))


def read_snapshot(document: Mapping[str, Any], schema: int) -> Snapshot:
    """Return the snapshot that *document* of the kind *schema* writes down.

    Raises KeyError, TypeError, AttributeError or ValueError where it is none.
    """
    day = document["published_on"]
    old = schema == OLD
    return Snapshot(
        schema=schema,
        year=int(document["year"]),
        agency=str(document["agency"]),
        format=int(document["format"]),
        status="published" if old else str(document["status"]),
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
        labels=MappingProxyType(
            {} if old else {str(table): tuple(map(str, labels)) for table, labels in document["labels"].items()}
        ),
        pages=MappingProxyType(
            {
                str(name): Words(blocks=tuple(_old_blocks(page) if old else _blocks(page)))
                for name, page in document["pages"].items()
                if not old or name != FULL_TEXT_PAGE
            }
        ),
        files=MappingProxyType(_texts(document["files"])),
        waivers=() if old else tuple((str(rule), str(place), str(why)) for rule, place, why in document["waivers"]),
        corrections=()
        if old
        else tuple((dt.date.fromisoformat(one["on"]), str(one["reason"])) for one in document["corrections"]),
        blanks_are_zero=bool(document.get(BLANKS_ARE_ZERO)),
        items_unknown=bool(document.get(ITEMS_UNKNOWN)),
        form=str(document.get(FORM, "")),
        remarks=MappingProxyType(_texts(document.get(REMARKS, {}))),
        late_reason=str(document.get(LATE_REASON, "")),
        approvals=tuple(
            (str(role), str(by), dt.date.fromisoformat(on)) for role, by, on in document.get(APPROVALS, ())
        ),
    )


def _blocks(page: Iterable[Any]) -> Iterator[Block]:
    yield from (Block(str(kind), str(text)) for kind, text in page)


def _old_blocks(page: Mapping[str, Any]) -> Iterator[Block]:
    yield from _blocks(page["passages"])
    yield from (Block(DRAWN, str(call)) for call in page["shows"])


def _texts(mapping: Mapping[str, Any]) -> dict[str, str]:
    return {str(name): str(text) for name, text in mapping.items()}
