"""Pictures of the pages of a PDF, for people to compare with what was read of them."""

from __future__ import annotations

import math
import struct
import zlib
from typing import TYPE_CHECKING

import pypdfium2

if TYPE_CHECKING:
    from collections.abc import Iterator

# Dots for each point: enough to read small figures, some 40 KB a page.
_SCALE = 1.6
# A report has a dozen pages; a sheet of A3 at that scale has 2.5 million dots.
_MOST, _MOST_DOTS = 60, 6_000_000


def page_pictures(pdf: bytes) -> Iterator[bytes]:
    """Yield the pages of *pdf* as PNG in shades of grey, the first sixty."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        for number in range(min(len(document), _MOST)):
            page = document[number]
            scale = min(_SCALE, math.sqrt(_MOST_DOTS / max(1.0, page.get_width() * page.get_height())))
            bitmap = page.render(scale=scale, grayscale=True)
            rows = bytes(bitmap.buffer)
            yield _png(rows, bitmap.width, bitmap.height, bitmap.stride)
            bitmap.close()
            page.close()
    finally:
        document.close()


def _png(rows: bytes, width: int, height: int, stride: int) -> bytes:
    """Return a PNG of bytes of grey, a row every *stride* bytes."""
    lines = b"".join(b"\0" + rows[row * stride : row * stride + width] for row in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    )
