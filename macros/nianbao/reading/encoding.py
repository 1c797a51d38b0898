"""How a text stands in its file: encoding, byte order mark and line ends, to be read and to be written back as it was.

Office software in China writes UTF-8 with a mark, line ends of two characters, and GB18030, which has GBK in it.
Nothing in a file names its encoding. UTF-8 proves itself: text in another encoding hardly ever is UTF-8 by chance.
What is not UTF-8 is taken for GB18030 only where it is whole and made of common characters, and where not most of it
is UTF-8: then it is a UTF-8 file with bytes that are damaged, which is told.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from nianbao.reading.findings import position

_GB18030 = "gb18030"
# So many of a hundred characters of a Chinese text, at least, are in GB 2312, which has all common ones.
_COMMON = 90
# Characters of several bytes, and single bytes that are none of ASCII.
_UTF_8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")
_LINE_END = re.compile(r"\r\n|\r|\n")


class EncodingError(Exception):
    """The byte *value* at *line* and *column*, both from 1, is no part of a text in UTF-8 or GB18030."""

    def __init__(self, value: int, line: int, column: int) -> None:
        super().__init__(f"0x{value:02X}")
        self.value, self.line, self.column = value, line, column


@dataclass(frozen=True, slots=True)
class Encoding:
    """The *codec* by the name that Python has for it, and the *line_end*; this is empty where a file has several."""

    codec: str = "utf-8"
    line_end: str = "\n"

    def encoded(self, text: str) -> bytes:
        """Return *text*, whose lines end in line feeds, as it is to stand in the file."""
        whole = text if self.line_end in {"", "\n"} else text.replace("\n", self.line_end)
        return whole.encode(self.codec)


def decoded(data: bytes) -> tuple[str, Encoding]:
    """Return the text that *data* is, with line feeds as line ends, and how it stood there.

    Raises EncodingError for anything but UTF-8 and GB18030.
    """
    text, codec = _text(data)
    if "\r" not in text:
        return text, Encoding(codec)
    ends = set(_LINE_END.findall(text))
    return _LINE_END.sub("\n", text), Encoding(codec, ends.pop() if len(ends) == 1 else "")


def _text(data: bytes) -> tuple[str, str]:
    mark = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    codec = "utf-8-sig" if mark else "utf-8"
    try:
        return data[mark:].decode(), codec
    except UnicodeDecodeError as error:
        offset = mark + error.start
    if codec == "utf-8" and _may_be_gb18030(data):
        try:
            return data.decode(_GB18030), _GB18030
        except UnicodeDecodeError as error:
            raise _error(data, error.start, _GB18030) from None
    raise _error(data, offset, codec)


def _may_be_gb18030(data: bytes) -> bool:
    """Say whether *data*, which is no UTF-8, reads like Chinese text in GB18030, apart from single damaged bytes."""
    high = len(_HIGH.findall(data))
    if 2 * sum(map(len, _UTF_8.findall(data))) > high:
        return False
    characters = [one for one in data.decode(_GB18030, "ignore") if not one.isascii()]
    common = sum(map(is_common, characters))
    return bool(characters) and 100 * common >= _COMMON * len(characters)


def is_common(character: str) -> bool:
    """Say whether *character* is one of GB 2312, which most Chinese texts keep to and every Chinese font has."""
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _error(data: bytes, offset: int, codec: str) -> EncodingError:
    before = _LINE_END.sub("\n", data[:offset].decode(codec, "replace"))
    return EncodingError(data[offset], *position(before, len(before)))
