"""The cells of all years as one Parquet file, which engines for analysis read as it is.

Written here, because the libraries that do it weigh 30 to 170 MB and are not built for every machine of an office,
and this file needs little of the format: in each group of rows one page a column, plain values.
Sources: the format's parquet.thrift and its Encodings.md, and the compact protocol of Thrift.
"""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, islice
from typing import TYPE_CHECKING

from nianbao.exports.columns import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any, BinaryIO

    from nianbao.exports.columns import Column

# Twelve digits before the point, six behind it: more than any figure of a form has. Decimal numbers
# and not binary ones, because sums of 万元 must be exact; engines add them up in 38 digits.
_PRECISION, _SCALE = 18, 6
_DECIMAL_SIZE = 8  # Bytes, which hold 18 digits.

_MAGIC = b"PAR1"
_VERSION = 2
# Rows of a group.
_GROUP = 100_000
_PLAIN, _RLE = 0, 3  # Encoding
_GZIP = 2  # CompressionCodec


# A value of Thrift: the type by which a field or a list announces it, and its bytes.
@dataclass(frozen=True, slots=True)
class _Value:
    type: int
    content: bytes


def _varint(number: int) -> bytes:
    """Return *number*, which is not negative, in groups of seven bits, the lowest first."""
    made = bytearray()
    while number > 0x7F:  # noqa: PLR2004  # seven bits
        made.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*made, number])


def _byte(number: int) -> _Value:
    return _Value(3, bytes([number]))


def _i32(number: int) -> _Value:
    return _Value(5, _varint(number << 1))  # Zigzag; nothing here is negative.


def _i64(number: int) -> _Value:
    return _Value(6, _varint(number << 1))


def _text(text: str) -> _Value:
    content = text.encode()
    return _Value(8, _varint(len(content)) + content)


def _list(values: Sequence[_Value]) -> _Value:
    """Return a list of at least one value."""
    count, kind = len(values), values[0].type
    head = bytes([count << 4 | kind]) if count < 15 else bytes([0xF0 | kind]) + _varint(count)  # noqa: PLR2004  # four bits
    return _Value(9, head + b"".join(value.content for value in values))


def _struct(fields: Mapping[int, _Value]) -> _Value:
    """Return a structure of *fields* by their numbers, which rise by less than 16."""
    content = bytearray()
    before = 0
    for number, value in fields.items():
        content.append(number - before << 4 | value.type)
        content += value.content
        before = number
    return _Value(12, bytes(content) + b"\0")


_TRUE, _EMPTY = _Value(1, b""), _struct({})


@dataclass(frozen=True, slots=True)
class _Type:
    """A type of Parquet: its number, what its schema says beyond that, and how *plain* writes one value."""

    number: int
    schema: Mapping[int, _Value]
    plain: Callable[[Any], bytes]


def _plain_text(text: str) -> bytes:
    content = text.encode()
    return struct.pack("<I", len(content)) + content


def _plain_integer(number: int) -> bytes:
    """Return a number of 16 bits in the 32 that Parquet gives it. Raises OverflowError where it has more."""
    number.to_bytes(2, "little", signed=True)
    return number.to_bytes(4, "little", signed=True)


def _plain_whole(number: int) -> bytes:
    """Return a number of 64 bits. Raises OverflowError where it has more."""
    return number.to_bytes(8, "little", signed=True)


def _plain_decimal(number: Decimal | int) -> bytes:
    """Return a figure as a count of the smallest fraction. Raises ValueError where it would not be exact."""
    scaled = Decimal(number).scaleb(_SCALE)
    if scaled != int(scaled) or abs(scaled) >= 10**_PRECISION:
        message = f"{number} has more than {_PRECISION - _SCALE} digits before or {_SCALE} behind the point"
        raise ValueError(message)
    return int(scaled).to_bytes(_DECIMAL_SIZE, "big", signed=True)


# By field of SchemaElement: 2 length, 6 type of older readers, 7 scale, 8 precision, 10 logical type.
_TYPES = {
    "string": _Type(6, {6: _i32(0), 10: _struct({1: _EMPTY})}, _plain_text),
    "integer": _Type(1, {6: _i32(16), 10: _struct({10: _struct({1: _byte(16), 2: _TRUE})})}, _plain_integer),
    "whole": _Type(2, {}, _plain_whole),
    "number": _Type(
        7,
        {
            2: _i32(_DECIMAL_SIZE),
            6: _i32(5),
            7: _i32(_SCALE),
            8: _i32(_PRECISION),
            10: _struct({5: _struct({1: _i32(_SCALE), 2: _i32(_PRECISION)})}),
        },
        _plain_decimal,
    ),
}


def parquet_file(rows: Iterable[object], columns: Sequence[Column] = COLUMNS) -> bytes:
    """Return *rows* as Parquet, see `write_parquet`."""
    file = io.BytesIO()
    write_parquet(file, rows, columns)
    return file.getvalue()


def write_parquet(file: BinaryIO, rows: Iterable[object], columns: Sequence[Column] = COLUMNS) -> None:
    """Write *rows*, which have the names of *columns* as attributes, as Parquet; figures are decimal numbers.

    No more than a group of them is held at once. Raises ValueError or OverflowError for a figure that is not exact in
    its type, TypeError for a gap in a column that has none.
    """
    offset = file.write(_MAGIC)
    groups: list[_Value] = []
    total = 0
    waiting = iter(rows)
    while (listed := list(islice(waiting, _GROUP))) or not groups:
        chunks, size = [], 0
        for column in columns:
            values = [getattr(row, column.name) for row in listed]
            page, raw = _page(column, values)
            chunks.append(_chunk(column, len(values), offset=offset, raw=raw, packed=len(page)))
            offset += file.write(page)
            size += raw
        groups.append(_struct({1: _list(chunks), 2: _i64(size), 3: _i64(len(listed))}))
        total += len(listed)
    footer = _struct(
        {
            1: _i32(_VERSION),
            2: _list([_struct({4: _text("cells"), 5: _i32(len(columns))}), *map(_schema, columns)]),
            3: _i64(total),
            4: _list(groups),
            5: _list([_struct({1: _text(column.name), 2: _text(column.title)}) for column in columns]),
            6: _text("nianbao"),
        }
    ).content
    file.write(footer + struct.pack("<I", len(footer)) + _MAGIC)


def _schema(column: Column) -> _Value:
    """Return a SchemaElement: the type, whether there are gaps, the name."""
    type_ = _TYPES[column.type]
    fields = {1: _i32(type_.number), 3: _i32(int(column.optional)), 4: _text(column.name), **type_.schema}
    return _struct(dict(sorted(fields.items())))


def _page(column: Column, values: Sequence[Any]) -> tuple[bytes, int]:
    """Return the one page of a column with its head, and how long it is before it is packed."""
    content = b"".join(_TYPES[column.type].plain(value) for value in values if value is not None)
    if column.optional:
        # Runs of values that are there, or are not, each with its length.
        runs = ((len(list(run)), there) for there, run in groupby(value is not None for value in values))
        levels = b"".join(_varint(count << 1) + bytes([there]) for count, there in runs)
        content = struct.pack("<I", len(levels)) + levels + content
    elif None in values:
        message = f"{column.name} has a gap"
        raise TypeError(message)
    packed = _gzip(content)
    head = _struct(
        {
            1: _i32(0),  # A page of data
            2: _i32(len(content)),
            3: _i32(len(packed)),
            5: _struct({1: _i32(len(values)), 2: _i32(_PLAIN), 3: _i32(_RLE), 4: _i32(_RLE)}),
        }
    ).content
    return head + packed, len(head) + len(content)


def _gzip(content: bytes) -> bytes:
    """Return *content* packed as gzip, with a head that tells neither time nor system, as that of Python does."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    body = packer.compress(content) + packer.flush()
    return b"\x1f\x8b\x08\0\0\0\0\0\x02\xff" + body + struct.pack("<II", zlib.crc32(content), len(content))


def _chunk(column: Column, count: int, *, offset: int, raw: int, packed: int) -> _Value:
    """Return a ColumnChunk of one page at *offset*, of so many bytes before and after it is packed."""
    facts = {
        1: _i32(_TYPES[column.type].number),
        2: _list([_i32(_PLAIN), _i32(_RLE)]),
        3: _list([_text(column.name)]),
        4: _i32(_GZIP),
        5: _i64(count),
        6: _i64(raw),
        7: _i64(packed),
        9: _i64(offset),
    }
    return _struct({2: _i64(offset), 3: _struct(facts)})
