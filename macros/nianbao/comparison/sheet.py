"""The charts of a topic as one file of SVG, to be saved and passed on: whose figures, of which years, from where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from nianbao.charts import svg
from nianbao.charts.panel import draw, size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.charts.panel import Panel
    from nianbao.charts.svg import Attribute

SOURCE = "数取自各年公布的政府信息公开工作年度报告。"

_MARGIN, _BETWEEN, _HEAD, _FOOT = 24.0, 22.0, 66.0, 38.0
_ROW = 1000.0
_INK, _QUIET = "#1d2733", "#4a5562"
# What the style sheet of the pages says of charts, in one look: a file follows no page.
_STYLE = (
    f"text{{font-family:{svg.FONTS};font-size:12px;fill:{_INK}}}"
    ".chart-title{font-size:13px;font-weight:700}"
    ".chart-value,.chart-gap,.chart-year{text-anchor:middle}"
    f".chart-gap,.chart-year,.chart-mark{{fill:{_QUIET}}}.chart-gap{{font-size:11px}}.chart-mark{{text-anchor:end}}"
    ".chart-value,.chart-gap{paint-order:stroke;stroke:#fff;stroke-width:3px;stroke-linejoin:round}"
    ".chart-grid{stroke:#c9d1d9}.chart-base{stroke:#5b6673}"
    ".chart-bar,.chart-dot{fill:#1f6fb2}.chart-line,.chart-dot{stroke:#1f6fb2;stroke-width:2}.chart-dot-weak{fill:#fff}"
)


def sheet(agency: str, title: str, panels: Sequence[Panel], notice: str = "") -> bytes:
    """Return *panels*, of which there are some, in rows under the name of the *agency* and the *title*.

    The *notice* of the site, that it is an example for instance, stands below.
    """
    parts: list[Markup] = []
    x, y, tallest, widest = _MARGIN, _HEAD, 0.0, 0.0
    for panel in panels:
        across, down = size(panel)
        name = svg.wrapped(panel.name, svg.LABEL, across - 2)
        head = len(name) * svg.LABEL * svg.LINE + 6
        if x > _MARGIN and x + across > _ROW:
            x, y, tallest = _MARGIN, y + tallest + _BETWEEN, 0.0
        place: dict[str, Attribute] = {"transform": f"translate({x:g} {y:g})"}
        heading = (
            svg.text(line, 0, svg.LABEL * (1.2 + number * svg.LINE), "chart-title") for number, line in enumerate(name)
        )
        drawing = svg.element("g", {"transform": f"translate(0 {head:g})"}, draw(panel))
        parts.append(svg.element("g", place, *heading, drawing))
        x += across + _BETWEEN
        tallest, widest = max(tallest, head + down), max(widest, x)
    width, height = widest + _MARGIN - _BETWEEN, y + tallest + _FOOT + (20 if notice else 0)
    first, last = panels[0].marks[0].year, panels[0].marks[-1].year
    foot = [SOURCE, *([notice] if notice else [])]
    lines = [
        svg.element("text", {"x": _MARGIN, "y": 22}, agency),
        svg.element(
            "text", {"x": _MARGIN, "y": 48, "style": "font-size:18px;font-weight:700"}, f"{title}，{first}年至{last}年"
        ),
        *parts,
        *(
            svg.element("text", {"x": _MARGIN, "y": height - 14 - 20 * (len(foot) - 1 - number)}, words)
            for number, words in enumerate(foot)
        ),
    ]
    attributes: dict[str, Attribute] = {
        "xmlns": svg.NAMESPACE,
        "viewBox": f"0 0 {width:g} {height:g}",
        "width": f"{width:g}",
        "height": f"{height:g}",
        "font-size": 16,
    }
    ground = svg.element("rect", {"width": "100%", "height": "100%", "fill": "#fff"})
    style = svg.element("style", {}, Markup(_STYLE))  # noqa: S704  # ours alone
    return f"{svg.element('svg', attributes, style, ground, *lines)}\n".encode()
