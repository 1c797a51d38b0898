"""The poster in pixels, by the typesetter that makes the PDF: no browser is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typst

if TYPE_CHECKING:
    from nianbao.documents.fonts import FontSet

_PAGE = b"""\
#set page(width: 210mm, height: auto, margin: 0pt)
#image(bytes(sys.inputs.drawing), format: "svg", width: 100%)
"""
# Wide enough for any telephone, and a quarter of a megabyte.
_PER_INCH = 144.0


def pixels(drawing: bytes, fonts: FontSet) -> bytes:
    """Return *drawing*, a sheet as wide as A4 in SVG, as PNG set with *fonts*."""
    return typst.compile(
        _PAGE, font_paths=fonts.source, format="png", ppi=_PER_INCH, sys_inputs={"drawing": drawing.decode()}
    )
