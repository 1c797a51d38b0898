"""A file of an office as an original: its kind recognised, its contents read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nianbao.cache.cache import digest_of
from nianbao.importing.original import Original
from nianbao.importing.page_pictures import page_pictures
from nianbao.importing.readers.characters import decoded
from nianbao.importing.readers.downloads import read_csv, read_json
from nianbao.importing.readers.html import page_of_archive, read_html
from nianbao.importing.readers.office import as_docx
from nianbao.importing.readers.opendocument import read_opendocument
from nianbao.importing.readers.pdf import read_pdf
from nianbao.importing.readers.sheet import read_sheets
from nianbao.importing.readers.text import read_text
from nianbao.importing.readers.word import read_word
from nianbao.importing.recognition import recognise
from nianbao.reading.disk import reason, size_of
from nianbao.reading.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from nianbao.importing.original import Content

# The largest report with pictures that was seen takes 20 MB.
_MAXIMUM_BYTES = 100_000_000
# A page with its pictures written into it has 20 MB; text alone is far shorter.
_TEXTUAL = frozenset({"html", "text", "json", "csv"})
_MAXIMUM_TEXT = 30_000_000
# The longest report that was seen has 200 kB of text; a table in text is matched with the form word by word.
_MAXIMUM_PLAIN = 3_000_000
_TOO_LONG = "文件里的文字太多，不像一份年度报告；请检查是否选错了文件"


def read_original(path: Path) -> Original:
    """Return the file at *path* as it was read.

    Raises RefusedError where it cannot be read or is no report: why, and what to do, in Chinese.
    """
    data = _bytes(path)
    digest = digest_of(data)
    kind = recognise(data)
    if kind in _TEXTUAL and len(data) > (_MAXIMUM_PLAIN if kind == "text" else _MAXIMUM_TEXT):
        raise RefusedError(_TOO_LONG)
    if kind in {"json", "csv"}:
        given = read_json(_text(data)) if kind == "json" else read_csv(_text(data))
        return Original(
            name=path.name,
            kind="原数据",
            digest=digest,
            contents=(),
            readings=given.readings,
            format=given.format,
            document=given.document,
            data=data,
        )
    if kind == "pdf":
        pages = read_pdf(data)
        return Original(
            name=path.name,
            kind="PDF",
            digest=digest,
            contents=pages.contents,
            pages=pages.count,
            unruled=pages.unruled,
            data=data,
        )
    name, contents = _READERS[kind](data)
    return Original(name=path.name, kind=name, digest=digest, contents=contents, data=data)


def read_shown(path: Path) -> Original:
    """Return the file at *path* as it was read, with pictures of its pages where it has any. Raises as the reading."""
    original = read_original(path)
    return replace(original, pictures=tuple(page_pictures(original.data))) if original.kind == "PDF" else original


def _text(data: bytes) -> str:
    """Return the text of a file that was recognised by it."""
    return decoded(data) or ""


# By the kind that is recognised: what people call it, and its contents.
_READERS: Mapping[str, Callable[[bytes], tuple[str, tuple[Content, ...]]]] = {
    "docx": lambda data: ("Word", read_word(data)),
    "doc": lambda data: ("Word", read_word(as_docx(data, "doc"))),
    "rtf": lambda data: ("Word", read_word(as_docx(data, "rtf"))),
    "odt": lambda data: ("Word", read_word(as_docx(data, "odt"))),
    "xlsx": lambda data: ("表格", read_sheets(data, "xlsx")),
    "xls": lambda data: ("表格", read_sheets(data, "xls")),
    "ods": lambda data: ("表格", read_opendocument(data)),
    "html": lambda data: ("网页", read_html(_text(data))),
    "mht": lambda data: ("网页", read_html(page_of_archive(data))),
    "text": lambda data: ("文本", read_text(_text(data))),
}


def _bytes(path: Path) -> bytes:
    try:
        size = size_of(path)
        if size > _MAXIMUM_BYTES:
            message = f"文件有 {size // 1_000_000} MB，不像一份年度报告；请检查是否选错了文件"
            raise RefusedError(message)
        data = path.read_bytes()
    except OSError as error:
        message = f"文件无法读取（{reason(error)}）；请检查文件和权限"
        raise RefusedError(message) from error
    if not data:
        message = "文件是空的；请检查是否选错了文件"
        raise RefusedError(message)
    return data
