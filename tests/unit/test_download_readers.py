"""Downloads that others have damaged: every reader gives values, or one named error and no other."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from random import Random
from typing import TYPE_CHECKING

import pytest
from nianbao.importing.gathering import gather
from nianbao.importing.readers.packages import Package
from nianbao.model.project import WrongUseError
from nianbao.proving.download_readers import (
    DamagedError,
    NotReadError,
    read_csv,
    read_excel,
    read_json,
    read_package,
    read_pdf,
    read_word,
)
from nianbao.proving.sources import UnreadableError, open_source
from nianbao.reading.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Reader = Callable[[bytes], object]


def packed(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a ZIP of *parts*, the same whenever it is made: names of tests are made of it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return buffer.getvalue()


X = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
SHEET = b"<worksheet %s><row><c t='s'><v>0</v></c><c><v>1</v></c></row></worksheet>" % X
STRINGS = b"<sst %s><si><t>a</t></si></sst>" % X
EXCEL = packed({"xl/sharedStrings.xml": STRINGS, "xl/worksheets/sheet1.xml": SHEET})
W = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
WORD = packed({"word/document.xml": b"<w:document %s><w:p><w:t>a</w:t></w:p></w:document>" % W})
JSON = {
    "check_number": "1",
    "year": 2021,
    "format": 2021,
    "status": "published",
    "published_on": None,
    "title": "a",
    "agency": {"name": "a"},
    "tables": [{"cells": [{"address": "a.b", "text": "1"}]}],
    "corrections": [{"on": "2024-01-01", "reason": "a"}],
    "sections": [{"heading": "a", "text": [{"text": "b"}]}],
}
CSV = b"table,address,value\na,a.b,1\n"
SOUND: dict[Reader, bytes] = {
    read_json: json.dumps(JSON).encode(),
    read_package: b'{"title": "a"}',
    read_csv: CSV,
    read_excel: EXCEL,
    read_word: WORD,
}


def test_sound_files_are_read() -> None:
    """Each gives what it says."""
    assert read_json(SOUND[read_json]).cells == {"a.b": "1"}
    assert read_json(SOUND[read_json]).texts == ("a", "b")
    assert read_package(SOUND[read_package]) == "a"
    assert read_csv(CSV) == [("a", "a.b", "1")]
    assert read_excel(EXCEL) == [[["a", "1"]]]
    assert read_word(WORD).paragraphs == ("a",)


@pytest.mark.parametrize(
    ("reader", "content"),
    [
        *((read_json, json.dumps(JSON | {key: value}).encode()) for key in JSON for value in (5, [5], {"a": 5})),
        *((read_json, content) for content in (b"", b"[]", b"[" * 100_000, b"\xff", b'"a"', b"null")),
        *((read_package, content) for content in (b"{}", b'{"title": 5}', b"[]")),
        *((read_csv, content) for content in (b"a,b\n1,2\n", b"\xff", b"table,address,value\na\n")),
        (read_excel, packed({"xl/worksheets/sheet1.xml": SHEET})),
        (read_excel, packed({"xl/worksheets/sheet1.xml": SHEET.replace(b"<v>0</v>", b"<v>x</v>")})),
        (read_excel, packed({"xl/worksheets/sheet1.xml": b""})),
        (read_excel, packed({"xl/worksheets/sheet1.xml": b"<!--a-->"})),
        *((read_word, packed({name: b"<a"})) for name in ("word/document.xml", "other.xml")),
        *((reader, content) for reader in (read_excel, read_word) for content in (b"", b"PK", EXCEL[:60])),
    ],
)
def test_one_error_is_raised(reader: Reader, content: bytes) -> None:
    """What is not of the kind, or has other types than ours, is damaged; facts may be of any type, and are compared."""
    try:
        reader(content)
    except DamagedError:
        return
    assert reader is read_json
    assert content != b""


@pytest.mark.parametrize("reader", SOUND, ids=lambda reader: str(reader.__name__))
def test_chance_finds_no_other(reader: Reader) -> None:
    """Bytes changed, cut and doubled by chance raise that error or none."""
    random = Random(1)  # noqa: S311  # the same each time
    for _ in range(400):
        content = bytearray(SOUND[reader])
        for _ in range(random.randint(1, 4)):
            at = random.randint(0, len(content))
            content[at : at + random.choice([0, 1, 1, 20])] = random.randbytes(random.choice([0, 1, 1, 4]))
        try:
            reader(bytes(content))
        except DamagedError:
            continue


_CENTRAL = b"PK\x01\x02"
_TEXT = b"".join(b"<a>%d</a>" % number for number in range(200))


def damaged(at: int, written: bytes, method: int = zipfile.ZIP_STORED) -> bytes:
    """Return a Word document whose only part is packed by *method*, with bytes of its entry in the list *written* anew.

    A negative place is counted from the middle of the packed part instead.
    """
    content = bytearray(packed({"word/document.xml": _TEXT}, method))
    start = content.rfind(_CENTRAL) + at if at >= 0 else content.rfind(_CENTRAL) // 2
    content[start : start + len(written)] = written
    return bytes(content)


@pytest.mark.parametrize(
    "content",
    [
        damaged(8, b"\x01"),  # a password
        damaged(10, b"\x63"),  # an unknown way of packing
        damaged(20, b"\x00\xff\x00\x00\x00\xff\x00\x00"),  # sizes beyond the end
        damaged(42, b"\xf0\xff\xff\x7f"),  # a part behind the end
        damaged(42, struct.pack("<I", len(damaged(0, b"")) - 10)),  # a header that ends too soon
        *(damaged(-1, b"\xff" * 40, method) for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)),
    ],
    ids=["locked", "unknown", "too large", "behind", "short", "deflated", "bzip2", "lzma"],
)
def test_damaged_packages(content: bytes, tmp_path: Path) -> None:
    """However a ZIP is packed and damaged, all who read one say so: proving, verify and the import."""
    with pytest.raises(DamagedError):
        read_word(content)
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises((WrongUseError, UnreadableError)):
        open_source(tmp_path / "a.zip").read("word/document.xml")
    with pytest.raises(RefusedError):
        Package(content).read("word/document.xml")
    assert [name for name, _ in gather([tmp_path / "a.zip"], tmp_path / "unpacked").refused] == ["a.zip"]


@pytest.mark.parametrize("number", [b"-1", b"9" * 5000, "１".encode()])
def test_texts_that_a_workbook_has_not(number: bytes) -> None:
    """The number of a text is one in digits, and of a text that is there."""
    sheet = SHEET.replace(b"<v>0</v>", b"<v>%s</v>" % number)
    with pytest.raises(DamagedError):
        read_excel(packed({"xl/sharedStrings.xml": STRINGS, "xl/worksheets/sheet1.xml": sheet}))


def test_parts_too_large_are_not_unpacked() -> None:
    """A part of more than 60 MB is no part of a report, however small it is packed."""
    text = b"<w:document %s><w:p><w:t>%s</w:t></w:p></w:document>" % (W, b"a" * 60_000_000)
    with pytest.raises(DamagedError, match=r"^word/document\.xml$"):
        read_word(packed({"word/document.xml": text}))


def test_a_pdf_that_is_none() -> None:
    """What the program for PDF refuses is damaged; without the program nothing is said of the file."""
    with pytest.raises((DamagedError, NotReadError)):
        read_pdf(b"%PDF-1.7 nothing")
