"""Elements of SVG, escaped, with classes in a page and with plain attributes in a file of its own."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Mapping

# Fonts that readers' machines have: a file follows no page, and carries none.
FONTS = (
    "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC','Noto Sans SC','Source Han Sans SC',"
    "'WenQuanYi Micro Hei',sans-serif"
)
NAMESPACE = "http://www.w3.org/2000/svg"

# Sizes of type in units of the drawing, of which 16 are one em of the page around it.
LABEL, SMALL, LEAST = 13, 12, 11
LINE = 1.35

# A character of Chinese is as wide as it is high; digits and letters are about as wide as this.
_NARROW = 0.6
_LAST_NARROW = 0x2E7F

Attribute = str | float | int | Decimal


def classes(role: str) -> dict[str, Attribute]:
    """Return the look of a *role* in a page: a class, for the style sheet to follow light, dark and print."""
    return {"class": f"chart-{role}"}


def element(name: str, attributes: Mapping[str, Attribute], *content: str | Markup) -> Markup:
    """Return an element. Numbers are written with two decimals at most, an empty attribute not at all."""
    # Put together as text: there are thousands, and Markup.format takes five times as long.
    written = "".join(f' {key}="{escape(_text(value))}"' for key, value in attributes.items() if value != "")
    inside = "".join(escape(part) for part in content)
    return Markup(f"<{name}{written}>{inside}</{name}>")  # noqa: S704  # names are ours, the rest is escaped


def _text(value: Attribute) -> str:
    if isinstance(value, str):
        return value
    rounded = f"{value:.2f}"
    return rounded.rstrip("0").rstrip(".") if "." in rounded else rounded


def text(words: str, x: float, y: float, class_: str, **more: Attribute) -> Markup:
    """Return a line of text whose anchor, baseline and look come from its class."""
    return element("text", {"x": x, "y": y, "class": class_, **more}, words)


def width(words: str, size: float) -> float:
    """Return about how wide *words* are in type of *size*, rather too wide than too narrow."""
    return sum(size * (_NARROW if ord(character) <= _LAST_NARROW else 1) for character in words)


def wrapped(words: str, size: float, room: float) -> tuple[str, ...]:
    """Return *words* in lines no wider than *room*; closing marks never begin a line."""
    lines = [""]
    for character in words:
        if lines[-1] and width(lines[-1] + character, size) > room and character not in "，。、；：）”》·%":
            lines.append("")
        lines[-1] += character
    return tuple(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What a drawing is called: its *id* in the page, a *title* and a *description* in sentences."""

    id: str
    title: str
    description: str


def picture(naming: Naming, size: tuple[float, float], content: Markup, class_: str) -> Markup:
    """Return a drawing of *size* that is one image to assistive techniques.

    Its size is in em, so that larger type of the page makes a larger drawing.
    """
    across, down = size
    attributes: dict[str, Attribute] = {
        "xmlns": NAMESPACE,
        "class": class_,
        "width": f"{_text(across / 16)}em",
        "height": f"{_text(down / 16)}em",
        "viewBox": f"0 0 {_text(across)} {_text(down)}",
        "role": "img",
        "aria-labelledby": f"{naming.id}-title {naming.id}-text",
    }
    title = element("title", {"id": f"{naming.id}-title"}, naming.title)
    description = element("desc", {"id": f"{naming.id}-text"}, naming.description)
    return element("svg", attributes, title, description, content)
