"""What kind of file it is, told by its content and never by its name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nianbao.importing.readers.characters import decoded
from nianbao.importing.readers.packages import Package
from nianbao.reading.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

# Kinds of files by what they are: docx, xlsx, ods, doc, xls, rtf, odt, pdf, html, mht, json, csv, text.
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS: Mapping[str, str] = {"WordDocument": "doc", "Workbook": "xls", "Book": "xls"}
_PARTS: Mapping[str, str] = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsx"}
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")
_TAGS = re.compile(r"<(?:!doctype html|html|head|body|table|div|p|tr|meta)\b", re.IGNORECASE)

LOCKED = "文件有密码；请用密码打开，另存一份不带密码的再导入"
PICTURE = "这是一张图片，不能从中读数；请提供 Word、Excel 或文字版 PDF"
UNKNOWN = "认不出这是什么文件；请提供 Word、Excel、PDF、网页或文本文件"


def recognise(data: bytes) -> str:
    """Return the kind of file that *data* is. Raises RefusedError where it is of none that can be read."""
    head = data[:1024].lstrip()
    if data.startswith(b"PK\x03\x04"):
        return _package(data)
    if data.startswith(_COMPOUND):
        return _compound(data)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if head.startswith(b"{\\rtf"):
        return "rtf"
    if data.startswith(_PICTURES) or data[8:12] == b"WEBP":
        raise RefusedError(PICTURE)
    text = decoded(data)
    if text is None or "\0" in text:
        raise RefusedError(UNKNOWN)
    return _textual(text)


def _textual(text: str) -> str:
    start = text.lstrip("\ufeff \t\r\n")
    if start.startswith("{") and '"tables"' in start and '"agency"' in start:
        return "json"
    if start.startswith("agency,report,year,format,table,address,"):
        return "csv"
    if start.startswith("MIME-Version:") or "multipart/related" in start[:1000]:
        return "mht"
    if start.startswith("<?xml") and not _TAGS.search(start[:100_000]):
        raise RefusedError(UNKNOWN)
    return "html" if start.startswith("<") and _TAGS.search(start[:100_000]) else "text"


def _package(data: bytes) -> str:
    package = Package(data)
    for part, kind in _PARTS.items():
        if part in package.names:
            return kind
    if "mimetype" in package.names:
        type_ = package.read("mimetype").decode("ascii", "replace").strip()
        if type_.startswith("application/vnd.oasis.opendocument.spreadsheet"):
            return "ods"
        if type_.startswith("application/vnd.oasis.opendocument.text"):
            return "odt"
    raise RefusedError(UNKNOWN)


def _compound(data: bytes) -> str:
    names = {name: data.find(name.encode("utf-16-le") + b"\0\0") >= 0 for name in ("EncryptedPackage", *_STREAMS)}
    if names["EncryptedPackage"]:
        raise RefusedError(LOCKED)
    for name, kind in _STREAMS.items():
        if names[name]:
            return kind
    raise RefusedError(UNKNOWN)
