"""What is drawn on a page of a PDF: characters, strokes and pictures, turned so that the text runs upright.

Places are in points (1/72 inch) from left to right and from top to bottom.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import pypdfium2.raw as pdfium

from nianbao.importing.original import OBJECT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pypdfium2 import PdfMatrix, PdfObject, PdfPage

# A filled box or path this thin is drawn for a line.
_THIN = 3.0
# A line may lean so much, in points over its whole length.
_LEANING = 1.0
# Text that is turned further from an axis, in degrees, is a watermark.
_ASKEW = 5.0
# Shorter strokes are parts of characters, dashes or corners.
_SHORT = 2.0
_NESTED = 15
# What a page of a report can hold; beyond this it is a map, a plan, or made to take long.
_MOST_OBJECTS = 100_000
_MOST_CHARACTERS = 50_000

_PRIVATE = range(0xE000, 0xF900)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: *x0* and *y0* are its left and upper edges."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def height(self) -> float:
        """How high it is."""
        return self.y1 - self.y0

    @property
    def width(self) -> float:
        """How wide it is."""
        return self.x1 - self.x0

    @property
    def middle(self) -> tuple[float, float]:
        """Its centre."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character with the room that its font gives it."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Marks:
    """What a page shows. *strokes* are boxes as thin as lines; *crowded* tells that there was more than is read."""

    glyphs: tuple[Glyph, ...]
    strokes: tuple[Box, ...]
    pictures: tuple[Box, ...]
    unmapped: int
    crowded: bool = False


def marks_of(page: PdfPage) -> Marks:
    """Return what *page* shows, without text that is invisible, as recognition of scans draws it, or a watermark."""
    text = page.get_textpage()
    raws, angles, unmapped = [], Counter[int](), 0
    count = text.count_chars()
    for at in range(min(count, _MOST_CHARACTERS)):
        code = pdfium.FPDFText_GetUnicode(text, at)
        if pdfium.FPDFText_IsGenerated(text, at) == 1 or code in {0xA, 0xD} or not _visible(text, at):
            continue
        box = _character_box(text, at)
        angle = math.degrees(pdfium.FPDFText_GetCharAngle(text, at))
        if box is None or abs((angle + 45) % 90 - 45) > _ASKEW:
            continue
        unknown = code in {0, 0xFFFD, 0xFFFE, 0xFFFF} or code in _PRIVATE
        unknown = unknown or pdfium.FPDFText_HasUnicodeMapError(text, at) == 1
        unmapped += unknown
        raws.append((OBJECT if unknown else chr(code), box))
        angles[round(angle / 90) % 4] += 1
    turn = _TURNS[angles.most_common(1)[0][0] if angles else 0]
    glyphs = tuple(Glyph(character, _turned(box, turn)) for character, box in raws)
    strokes: list[Box] = []
    pictures: list[Box] = []
    objects = 0
    kinds = [pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE]
    for found in page.get_objects(filter=kinds, max_depth=_NESTED):
        objects += 1
        if objects > _MOST_OBJECTS:
            break
        matrix = _matrix(found)
        if found.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            corners = [matrix.on_point(x, y) for x, y in ((0, 0), (1, 0), (0, 1), (1, 1))]
            pictures.append(_turned(_bounds(corners), turn))
        else:
            strokes.extend(_turned(box, turn) for box in _strokes(found, matrix))
    crowded = count > _MOST_CHARACTERS or objects > _MOST_OBJECTS
    return Marks(glyphs, tuple(strokes), tuple(pictures), unmapped, crowded)


# From the page's own places, where y grows upwards, to those in which text runs upright, by how many quarters of a
# turn the text is turned clockwise, as PDFium counts.
_TURNS: tuple[Callable[[float, float], tuple[float, float]], ...] = (
    lambda x, y: (x, -y),
    lambda x, y: (-y, -x),
    lambda x, y: (-x, y),
    lambda x, y: (y, x),
)


def _turned(box: Box, turn: Callable[[float, float], tuple[float, float]]) -> Box:
    return _bounds([turn(box.x0, box.y0), turn(box.x1, box.y1)])


def _bounds(points: Iterable[tuple[float, float]]) -> Box:
    xs, ys = zip(*points, strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


def _visible(text: object, at: int) -> bool:
    found = pdfium.FPDFText_GetTextObject(text, at)
    modes = {pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP}
    return not found or pdfium.FPDFTextObj_GetTextRenderMode(found) not in modes


def _character_box(text: object, at: int) -> Box | None:
    """Return the room of a character with its side bearings; None where it has none."""
    rectangle = pdfium.FS_RECTF()
    if not pdfium.FPDFText_GetLooseCharBox(text, at, ctypes.byref(rectangle)):
        return None
    box = _bounds([(rectangle.left, rectangle.bottom), (rectangle.right, rectangle.top)])
    return box if math.isfinite(sum((box.x0, box.y0, box.x1, box.y1))) and box.height > 0 else None


def _matrix(found: PdfObject) -> PdfMatrix:
    """Return the way from the places of *found* to those of the page, through the forms that hold it."""
    matrix = found.get_matrix()
    container = found.container
    while container is not None:
        matrix = matrix.multiply(container.get_matrix())
        container = container.container
    return matrix


def _strokes(path: PdfObject, matrix: PdfMatrix) -> Iterator[Box]:
    """Yield the lines along an axis that *path* draws: its own where it is stroked, thin shapes where it is filled."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not pdfium.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke)):
        return
    for outline in _outlines(path, matrix):
        if stroke.value:
            for one, other in pairwise(outline):
                box = _bounds([one, other])
                if min(box.width, box.height) <= _LEANING and max(box.width, box.height) >= _SHORT:
                    yield box
        elif fill.value and len(outline) > 1:
            box = _bounds(outline)
            if min(box.width, box.height) <= _THIN and max(box.width, box.height) >= _SHORT:
                yield box


def _outlines(path: PdfObject, matrix: PdfMatrix) -> Iterator[list[tuple[float, float]]]:
    """Yield the points of each part of *path*; a curve is no line."""
    points: list[tuple[float, float]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for at in range(min(pdfium.FPDFPath_CountSegments(path), _MOST_OBJECTS)):
        segment = pdfium.FPDFPath_GetPathSegment(path, at)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if not pdfium.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y)):
            continue
        if kind != pdfium.FPDF_SEGMENT_LINETO:
            if points:
                yield points
            points = []
        points.append(matrix.on_point(x.value, y.value))
        if pdfium.FPDFPathSegment_GetClose(segment) and points:
            yield [*points, points[0]]
            points = []
    if points:
        yield points
