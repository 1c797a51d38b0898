"""Bytes of a page or a text file to characters."""

from __future__ import annotations

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decoded(data: bytes) -> str | None:
    """Return the text that *data* is in UTF-8, strictly, or else in GB18030; None where it is neither.

    A mark at the beginning, and the zero bytes that UTF-16 has between ASCII characters, decide before. What a page
    declares of itself is not asked: it is wrong more often than the bytes are.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data.removeprefix(mark), encoding)
    if b"\0" in data:
        # Digits and line ends tell the order of bytes: one half of each is zero.
        even, odd = data[::2].count(0), data[1::2].count(0)
        return _strictly(data, "utf-16-le" if odd > even else "utf-16-be") if even != odd else None
    text = _strictly(data, "utf-8")
    return _strictly(data, "gb18030") if text is None else text


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None
