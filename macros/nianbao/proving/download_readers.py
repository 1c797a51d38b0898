"""What the downloads of a year say, kind by kind, as values: files that others may have written, or damaged.

Whatever the bytes are, a reader returns values of the types it names or raises `DamagedError`.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from lxml import etree

from nianbao.reading.archives import UNPACKING_ERRORS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_X = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

# A part of an office document beyond this is no part of a report.
_MAXIMUM = 60_000_000
_SECONDS = 60

_Kind = TypeVar("_Kind")


class NotReadError(Exception):
    """Nothing on this machine reads a kind of file; the text says what is missing, in Chinese."""


class DamagedError(Exception):
    """A file is none of its kind, or not as the program writes it; the text says where, for us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonReport:
    """What the JSON of a year says: *facts* by their names there, texts of *cells* by address, what it *says*."""

    facts: dict[str, object]
    agency: str
    late_reason: object
    cells: dict[str, str]
    corrections: tuple[tuple[str, str], ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WordText:
    """What a Word document says: its *paragraphs*, and for each table the texts of the cells that have any."""

    paragraphs: tuple[str, ...]
    tables: tuple[tuple[str, ...], ...]


def read_json(content: bytes) -> JsonReport:
    """Return what the JSON of a year says. Raises DamagedError."""
    document = _json(content)
    names = ("check_number", "year", "format", "status", "published_on")
    cells = (cell for table in _all(document, "tables") for cell in _all(table, "cells"))
    sections = _all(document, "sections")
    passages = ([_text(section, "heading"), *_texts(_all(section, "text"))] for section in sections)
    return JsonReport(
        facts={name: _of(document, name, object) for name in names},
        agency=_text(_of(document, "agency", dict), "name"),
        late_reason=document.get("late_reason", "") if isinstance(document, dict) else "",
        cells={_text(cell, "address"): _text(cell, "text") for cell in cells},
        corrections=tuple((_text(one, "on"), _text(one, "reason")) for one in _all(document, "corrections")),
        texts=tuple(text for section in passages for text in section),
    )


def _texts(passages: list[Any]) -> Iterator[str]:
    return (_text(passage, "text") for passage in passages)


def read_package(content: bytes) -> str:
    """Return the title of a data package. Raises DamagedError."""
    return _text(_json(content), "title")


def _json(content: bytes) -> object:
    try:
        document: object = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise DamagedError(str(error)) from error
    return document


def _of(value: object, key: str, kind: type[_Kind]) -> _Kind:
    """Return what an object of JSON has under *key*, which is of a *kind*. Raises DamagedError."""
    if not isinstance(value, dict) or key not in value or not isinstance(value[key], kind):
        raise DamagedError(key)
    found: _Kind = value[key]
    return found


def _all(value: object, key: str) -> list[Any]:
    return _of(value, key, list)


def _text(value: object, key: str) -> str:
    return _of(value, key, str)


def read_csv(content: bytes) -> list[tuple[str, str, str]]:
    """Return table, address and value of each row. Raises DamagedError."""
    try:
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error) as error:
        raise DamagedError(str(error)) from error
    return [(_text(row, "table"), _text(row, "address"), _text(row, "value")) for row in rows]


def read_excel(content: bytes) -> list[list[list[str]]]:
    """Return the sheets of a workbook, each as rows of texts. Raises DamagedError."""
    with _package(content) as archive:
        strings: list[str] = []
        if "xl/sharedStrings.xml" in archive.namelist():
            items = _xml(archive, "xl/sharedStrings.xml").iter(f"{_X}si")
            strings += ("".join(node.text or "" for node in item.iter(f"{_X}t")) for item in items)
        names = sorted(name for name in archive.namelist() if re.fullmatch(r"xl/worksheets/sheet[0-9]+\.xml", name))
        return [
            [[_cell(cell, strings) for cell in row.iter(f"{_X}c")] for row in _xml(archive, name).iter(f"{_X}row")]
            for name in names
        ]


def _cell(cell: Element, strings: list[str]) -> str:
    value = cell.find(f"{_X}v")
    text = "" if value is None else value.text or ""
    if cell.get("t") == "s" and text:
        if not re.fullmatch("[0-9]{1,9}", text, re.ASCII) or int(text) >= len(strings):
            raise DamagedError(text)
        return strings[int(text)]
    if cell.get("t") == "inlineStr":
        return "".join(node.text or "" for node in cell.iter(f"{_X}t"))
    return text


def read_word(content: bytes) -> WordText:
    """Return what a Word document says. Raises DamagedError."""
    with _package(content) as archive:
        root = _xml(archive, "word/document.xml")
    cells = ([_runs(cell) for cell in table.iter(f"{_W}tc")] for table in root.iter(f"{_W}tbl"))
    return WordText(
        paragraphs=tuple(_runs(paragraph) for paragraph in root.iter(f"{_W}p")),
        tables=tuple(tuple(filter(None, table)) for table in cells),
    )


def _runs(paragraph: Element) -> str:
    nodes = paragraph.iter(f"{_W}t", f"{_W}br", f"{_W}tab")
    return "".join((node.text or "") if node.tag == f"{_W}t" else "\n" for node in nodes)


def read_pdf(content: bytes) -> list[str]:
    """Return the text of each page of a PDF. Raises DamagedError, and NotReadError where no program reads it."""
    program = shutil.which("pdftotext")
    if program is None:
        message = "本机没有 pdftotext（poppler-utils），没有核对 PDF 的文字"
        raise NotReadError(message)
    command = [program, "-enc", "UTF-8", "-", "-"]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=_SECONDS, check=True)  # noqa: S603  # no shell, and the file comes by the pipe
    except subprocess.SubprocessError as error:
        raise DamagedError(str(error)) from error
    return done.stdout.decode("utf-8", "replace").split("\f")


@contextmanager
def _package(content: bytes) -> Iterator[zipfile.ZipFile]:
    """Open the ZIP that an office document is. Raises DamagedError."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield archive
    except UNPACKING_ERRORS as error:
        raise DamagedError(str(error)) from error


def _xml(archive: zipfile.ZipFile, name: str) -> Element:
    """Return the root of the part *name*, which loads nothing from elsewhere. Raises DamagedError."""
    if name not in archive.namelist() or archive.getinfo(name).file_size > _MAXIMUM:
        raise DamagedError(name)
    parser = etree.XMLParser(no_network=True, resolve_entities=False, load_dtd=False, huge_tree=False)
    with archive.open(name) as file:
        try:
            root: Element | None = etree.fromstring(file.read(_MAXIMUM), parser)
        except etree.XMLSyntaxError as error:
            raise DamagedError(name) from error
    if root is None:
        raise DamagedError(name)
    return root
