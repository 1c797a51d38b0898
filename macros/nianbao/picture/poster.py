"""The picture of a year as one sheet of A4 at most in SVG: text that can be selected, fonts of the reader's machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nianbao.charts import svg
from nianbao.charts.bars import Style, draw_bars
from nianbao.model.rates import FEW
from nianbao.picture.html import HEADINGS, NO_RESULTS, NO_TABLE, SOURCE

if TYPE_CHECKING:
    from markupsafe import Markup

    from nianbao.charts.svg import Attribute
    from nianbao.picture.model import YearPicture

# The width of A4 in units of a quarter of a millimetre, and the sheet in millimetres.
_WIDTH, _A4 = 840.0, (210, 297)
_BELOW = 24.0
_MARGIN = 48.0
_ROOM = _WIDTH - 2 * _MARGIN
_BLUE, _BAR, _PALE, _INK, _QUIET, _LINE = "#0b4f8a", "#1f6fb2", "#eef3f8", "#1d2733", "#4a5562", "#8a94a0"
_WARNING = "#fdf1d0"
_BODY = 16.0

_LOOKS: dict[str, dict[str, Attribute]] = {
    "label": {"text-anchor": "end", "font-size": _BODY, "fill": _INK},
    "amount": {"font-size": _BODY, "fill": _INK},
    "bar": {"fill": _BAR},
    "base": {"stroke": _LINE, "stroke-width": 1},
}
_STYLE = Style(across=_ROOM, pitch=28.0, size=_BODY, look=_LOOKS.__getitem__)


@dataclass(slots=True)
class _Sheet:
    """What was drawn so far, down to *y*."""

    y: float = 0.0
    parts: list[Markup] = field(default_factory=list)

    def write(self, words: str, x: float, y: float, **look: Attribute) -> None:
        """Draw a line of text; underscores in the names of *look* stand for hyphens."""
        attributes: dict[str, Attribute] = {"font-size": _BODY, "fill": _INK}
        attributes |= {name.replace("_", "-"): value for name, value in look.items()}
        self.parts.append(svg.element("text", {"x": x, "y": y, **attributes}, words))

    def box(self, x: float, y: float, across: float, down: float, fill: str) -> None:
        """Draw a filled rectangle."""
        self.parts.append(svg.element("rect", {"x": x, "y": y, "width": across, "height": down, "fill": fill}))

    def band(self, y: float, down: float, fill: str) -> None:
        """Draw a rectangle from edge to edge, also of a sheet that is made wider for what is long."""
        self.box(-_WIDTH, y, 3 * _WIDTH, down, fill)

    def paragraph(self, words: str, x: float, room: float, size: float = _BODY) -> None:
        """Draw *words* in as many lines as they need, and go on below."""
        for line in svg.wrapped(words, size, room):
            self.y += size * 1.5
            self.write(line, x, self.y, font_size=size)

    def heading(self, id_: str) -> None:
        """Draw the heading of a part."""
        self.y += 42
        self.box(_MARGIN, self.y - 18, 6, 22, _BLUE)
        self.write(HEADINGS[id_], _MARGIN + 16, self.y, font_size=20, fill=_BLUE, font_weight=700)
        self.y += 6


def poster(picture: YearPicture, notice: str = "") -> bytes:
    """Return *picture* as a file of SVG, below the *notice* of the site.

    What would not fit one sheet is made smaller as a whole.
    """
    sheet = _Sheet()
    _warn(sheet, notice)
    _head(sheet, picture)
    _keys(sheet, picture)
    if picture.sentences:
        sheet.heading("findings")
    for sentence in picture.sentences:
        sheet.write("·", _MARGIN + 4, sheet.y + _BODY * 1.5, fill=_BLUE, font_weight=700)
        sheet.paragraph(sentence, _MARGIN + 20, _ROOM - 20)
    _results(sheet, picture)
    _cases(sheet, picture)
    _disclosure(sheet, picture)
    sheet.y += 16
    sheet.paragraph(SOURCE, _MARGIN, _ROOM, 13)
    return _file(picture, sheet)


def _file(picture: YearPicture, sheet: _Sheet) -> bytes:
    """Return the whole file: as high as what it shows, and in the shape of A4 where that is longer."""
    down = sheet.y + _BELOW
    across = max(_WIDTH, down * _A4[0] / _A4[1])
    left = (_WIDTH - across) / 2
    root: dict[str, Attribute] = {
        "xmlns": svg.NAMESPACE,
        "xml:lang": "zh-CN",
        "width": f"{_A4[0]}mm",
        "height": f"{_A4[0] * down / across:.2f}mm",
        "viewBox": f"{left:.2f} 0 {across:.2f} {down:.2f}",
        "aria-labelledby": "picture-title picture-text",
    }
    drawing = svg.element(
        "svg",
        root,
        svg.element("title", {"id": "picture-title"}, f"一图读懂{picture.agency}{picture.title}"),
        svg.element("desc", {"id": "picture-text"}, "".join(picture.sentences)),
        svg.element("rect", {"x": f"{left:.2f}", "width": f"{across:.2f}", "height": f"{down:.2f}", "fill": "#fff"}),
        svg.element("g", {"font-family": svg.FONTS}, *sheet.parts),
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{drawing}\n'.encode()


def _warn(sheet: _Sheet, notice: str) -> None:
    """Draw *notice* above everything else."""
    if not notice:
        return
    lines = svg.wrapped(notice, 14, _ROOM)
    sheet.band(0, 16 + 20 * len(lines), _WARNING)
    for line in lines:
        sheet.y += 20
        sheet.write(line, _MARGIN, sheet.y + 3, font_size=14)
    sheet.y += 16


def _head(sheet: _Sheet, picture: YearPicture) -> None:
    names = svg.wrapped(picture.agency, 24, _ROOM)
    notes = svg.wrapped("；".join(picture.notes), 14, _ROOM)
    sheet.band(sheet.y, 98 + 34 * len(names) + 20 * len(notes), _BLUE)
    sheet.y += 20
    for name in names:
        sheet.y += 34
        sheet.write(name, _MARGIN, sheet.y, font_size=24, fill="#fff")
    sheet.y += 42
    sheet.write(f"一图读懂{picture.title}", _MARGIN, sheet.y, font_size=31, fill="#fff", font_weight=700)
    sheet.y += 10
    for note in notes:
        sheet.y += 20
        sheet.write(note, _MARGIN, sheet.y, font_size=14, fill="#fff")
    sheet.y += 26


def _keys(sheet: _Sheet, picture: YearPicture) -> None:
    gap, columns, down = 10.0, 4, 84.0
    across = (_ROOM - gap * (columns - 1)) / columns
    sheet.y += 14
    for number, key in enumerate(picture.keys):
        x = _MARGIN + (across + gap) * (number % columns)
        y = sheet.y + (down + gap) * (number // columns)
        sheet.box(x, y, across, down, _PALE)
        sheet.write(key.label, x + 12, y + 22, font_size=14, fill=_QUIET)
        size = min(30.0, 30 * (across - 50) / max(svg.width(key.text, 30), 1))
        sheet.write(key.text, x + 12, y + 54, font_size=size, fill=_BLUE, font_weight=700)
        sheet.write(key.unit, x + 18 + svg.width(key.text, size), y + 54, font_size=14)
        if key.change:
            sheet.write(key.change, x + 12, y + 75, font_size=13, fill=_QUIET)
    rows = -(-len(picture.keys) // columns)
    sheet.y += (down + gap) * rows - gap


def _results(sheet: _Sheet, picture: YearPicture) -> None:
    sheet.heading("results")
    if not picture.results:
        sheet.paragraph(NO_RESULTS, _MARGIN, _ROOM)
        return
    drawing, height = draw_bars(picture.results, _STYLE)
    sheet.y += 8
    sheet.parts.append(svg.element("g", {"transform": f"translate({_MARGIN:g} {sheet.y:g})"}, drawing))
    sheet.y += height
    if picture.few:
        sheet.paragraph(f"办理结果总计不足{FEW}件，比重仅供参考。", _MARGIN, _ROOM, 13)


def _cases(sheet: _Sheet, picture: YearPicture) -> None:
    sheet.heading("cases")
    if not picture.cases:
        sheet.paragraph(NO_TABLE, _MARGIN, _ROOM)
    for one in picture.cases:
        outcomes = "、".join(map("".join, one.outcomes))
        sheet.paragraph(f"{one.label}{''.join(one.total)}：{outcomes}。", _MARGIN, _ROOM)


def _disclosure(sheet: _Sheet, picture: YearPicture) -> None:
    sheet.heading("disclosure")
    sheet.paragraph(picture.items, _MARGIN, _ROOM)
    for sentence in picture.counted:
        sheet.paragraph(sentence, _MARGIN, _ROOM)
