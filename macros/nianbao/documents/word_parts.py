"""The parts of a Word file that are alike in all: styles, fonts, settings, pages, numbering, page numbers.

Their XML lies in the folder word_xml: the files of a Word file without text, and paragraphs. `${...}` in it stands for
a value of `nianbao.documents.typography`.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement, parse_xml
from lxml import etree

from nianbao.documents import typography as page

if TYPE_CHECKING:
    from collections.abc import Mapping

_XML = Path(__file__).with_name("word_xml")
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

SONG = "宋体"
LAST_HEADING = 6

_TWIPS_A_MM = 1440 / 25.4


def twips(millimetres: float) -> int:
    """Return a length as Word counts it: twentieths of a point."""
    return round(millimetres * _TWIPS_A_MM)


def element(tag: str, attributes: Mapping[str, object] | None = None, *children: Any) -> Any:  # noqa: ANN401  # lxml
    """Return an element of WordprocessingML: *tag* and attributes are named without ``w:``."""
    made = OxmlElement(f"w:{tag}")
    for name, value in (attributes or {}).items():
        made.set(qn(f"w:{name}"), str(value))
    made.extend(children)
    return made


# So much closer than their size stand the 28 characters of a line, in twentieths of a point. A grid of characters
# would say the same, but LibreOffice gives each character two of its cells where it is wider than one.
_CLOSER = int((page.TEXT_WIDTH / 25.4 * 72 / page.CHARACTERS - page.BODY) * 20) - 1

_LENGTHS = {
    "page_width": page.PAGE_WIDTH,
    "page_height": page.PAGE_HEIGHT,
    "top": page.TOP,
    "right": page.RIGHT,
    "bottom": page.BOTTOM,
    "left": page.LEFT,
    "header": page.TOP - 15,
    "footer": page.BOTTOM - page.NUMBER_BELOW - 3,
}
_SIZES = {
    "body": page.BODY,
    "title": page.TITLE,
    "caption": page.CAPTION,
    "note": page.NOTE,
    "code": page.CODE,
    "page_number": page.PAGE_NUMBER,
}


def template() -> bytes:
    """Return a Word file without text, for the library to open and to fill."""
    values = {
        **{name: twips(length) for name, length in _LENGTHS.items()},
        **{name: f"{size * 2:g}" for name, size in _SIZES.items()},  # Word counts half points.
        "closer": _CLOSER,
        "title_pitch": page.TITLE_PITCH * 20,
        "line_pitch": int(twips(page.TEXT_HEIGHT) / page.LINES),
    }
    folder = _XML / "package"
    # Blanks between elements are for those who read the files here.
    parser = etree.XMLParser(remove_blank_text=True, resolve_entities=False, no_network=True)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            root = etree.fromstring(_filled(path, values), parser)
            xml = _DECLARATION + etree.tostring(root, encoding="unicode")
            archive.writestr(path.relative_to(folder).as_posix(), xml)
    return buffer.getvalue()


def page_number(side: str) -> Any:  # noqa: ANN401  # lxml
    """Return the paragraph of the page number, one character from the outer edge: *side* is left or right."""
    paragraph = parse_xml(_filled(_XML / "page_number.xml", {"side": side}))
    indent = paragraph.find(f".//{qn('w:ind')}")
    for name, value in {f"{side}Chars": 100, side: page.PAGE_NUMBER * 20, "firstLineChars": 0, "firstLine": 0}.items():
        indent.set(qn(f"w:{name}"), str(value))
    return paragraph


def draft_mark(number: int) -> Any:  # noqa: ANN401  # lxml
    """Return the paragraph that says 草稿 above the text and across the page; *number* keeps shapes apart."""
    values = {"words": page.DRAFT_WORDS, "mark": page.DRAFT_MARK, "number": number, "shape": 2048 + number}
    return parse_xml(_filled(_XML / "draft_mark.xml", values))


def _filled(path: Path, values: Mapping[str, object]) -> bytes:
    """Return the XML at *path* with *values* in their places. Raises KeyError for a place that has none."""
    escaped = {name: escape(str(value), {'"': "&quot;"}) for name, value in values.items()}
    return Template(path.read_text(encoding="utf-8")).substitute(escaped).encode()


MOST_LEVELS = 9


class Numbering:
    """The lists of a document: each begins at its own number."""

    def __init__(self) -> None:
        self._lists: list[tuple[bool, int, int]] = []

    def add(self, *, ordered: bool, start: int, level: int) -> int:
        """Return the number by which the paragraphs of a new list name it."""
        self._lists.append((ordered, start, level))
        return len(self._lists)

    def write(self, root: Any) -> None:  # noqa: ANN401  # lxml
        """Write the definitions of all lists into *root*."""
        root.extend([self._kind(0, (page.BULLET.rstrip(),)), self._kind(1, page.NUMBERED)])
        for number, (ordered, start, level) in enumerate(self._lists, 1):
            override = element("lvlOverride", {"ilvl": level}, element("startOverride", {"val": start}))
            kind = element("abstractNumId", {"val": int(ordered)})
            root.append(element("num", {"numId": number}, kind, *([override] if ordered else [])))

    def _kind(self, id_: int, marks: tuple[str, ...]) -> Any:  # noqa: ANN401  # lxml
        kind = element("abstractNum", {"abstractNumId": id_}, element("multiLevelType", {"val": "multilevel"}))
        for level in range(MOST_LEVELS):
            text = marks[level % len(marks)]
            indent = element("ind", {"left": 0, "firstLineChars": 200, "firstLine": 640})
            kind.append(
                element(
                    "lvl",
                    {"ilvl": level},
                    element("start", {"val": 1}),
                    element("numFmt", {"val": "decimal" if id_ else "bullet"}),
                    element("suff", {"val": "nothing" if id_ else "space"}),
                    element("lvlText", {"val": text.replace("N", f"%{level + 1}")}),
                    element("lvlJc", {"val": "left"}),
                    element("pPr", None, indent),
                )
            )
        return kind
