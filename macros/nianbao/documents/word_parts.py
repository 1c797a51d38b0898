"""The parts of a Word file that are alike in all: styles, fonts, settings, pages, numbering, page numbers."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import OxmlElement, parse_xml

from nianbao.documents import typography as page

if TYPE_CHECKING:
    from collections.abc import Mapping

FANG, KAI, HEI, SONG, TITLE = "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体", "方正小标宋简体"

# The font that Word takes where the named one is not installed: it knows one, of at most 31 characters.
_ALTERNATIVES = {FANG: "仿宋", KAI: "楷体", TITLE: "宋体", HEI: "SimHei", SONG: "SimSun"}
_PANOSE = {
    FANG: "02010609030101010101",
    KAI: "02010609030101010101",
    TITLE: "03000509000000000000",
    HEI: "02010609060101010101",
    SONG: "02010600030101010101",
}

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


def _fonts(name: str) -> str:
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}"/>'


# So much closer than their size stand the 28 characters of a line, in twentieths of a point. A grid of characters
# would say the same, but LibreOffice gives each character two of its cells where it is wider than one.
_CLOSER = int((page.TEXT_WIDTH / 25.4 * 72 / page.CHARACTERS - page.BODY) * 20) - 1


def _run(name: str, size: float, more: str = "") -> str:
    spacing = f'<w:spacing w:val="{_CLOSER if size == page.BODY else 0}"/>'
    return f'<w:rPr>{_fonts(name)}{more}{spacing}<w:sz w:val="{size * 2:g}"/><w:szCs w:val="{size * 2:g}"/></w:rPr>'


_NORMAL, LAST_HEADING = "a", 6
_INDENT = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'
_NO_INDENT = '<w:ind w:firstLineChars="0" w:firstLine="0"/>'
_OFF_GRID = '<w:snapToGrid w:val="0"/>'


def _style(names: tuple[str, str], paragraph: str, run: str, *, next_: str = "") -> str:
    """Return a style of paragraphs by its id and name; names in English are those that Word knows and translates."""
    id_, name = names
    first = id_ == _NORMAL
    base = "" if first else f'<w:basedOn w:val="{_NORMAL}"/>'
    follow = f'<w:next w:val="{next_}"/>' if next_ else ""
    default = ' w:default="1"' if first else ""
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{id_}"><w:name w:val="{name}"/>{base}{follow}<w:qFormat/>'
        f"<w:pPr>{paragraph}</w:pPr>{run}</w:style>"
    )


def _heading(level: int, font: str, more: str = "") -> str:
    """Return the style of a heading, which the navigator lists and which never ends a page."""
    paragraph = f'<w:keepNext/><w:keepLines/>{_INDENT}<w:jc w:val="left"/><w:outlineLvl w:val="{level - 1}"/>'
    return _style((str(level), f"heading {level}"), paragraph, _run(font, page.BODY, more), next_=_NORMAL)


def _styles() -> str:
    """Return all styles."""
    centred = f'{_NO_INDENT}<w:jc w:val="center"/>'
    title = f'<w:keepNext/>{_OFF_GRID}<w:spacing w:line="{page.TITLE_PITCH * 20}" w:lineRule="exact"/>{centred}'
    subtitle = f'<w:spacing w:before="{twips(2)}" w:after="{twips(10.2)}"/>{centred}'
    caption = f'<w:keepNext/>{_OFF_GRID}<w:spacing w:before="120" w:after="60"/>{centred}'
    remark = f'{_OFF_GRID}<w:spacing w:before="60" w:after="60" w:line="320" w:lineRule="exact"/>'
    remark += '<w:ind w:firstLineChars="200" w:firstLine="480"/>'
    quotation = '<w:ind w:left="640" w:firstLineChars="200" w:firstLine="640"/>'
    table = (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:tblPr>'
        '<w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style>'
    )
    language = '<w:lang w:val="zh-CN" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
    return (
        f'<w:styles {nsdecls("w")}><w:docDefaults><w:rPrDefault><w:rPr>{_fonts(FANG)}<w:kern w:val="2"/>'
        f'<w:sz w:val="32"/><w:szCs w:val="32"/>{language}</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>{table}'
        + _style((_NORMAL, "Normal"), f'{_INDENT}<w:jc w:val="both"/>', _run(FANG, page.BODY))
        + _style(("Title", "Title"), title, _run(TITLE, page.TITLE))
        + _style(("Subtitle", "Subtitle"), subtitle, _run(KAI, page.BODY))
        + _heading(1, HEI)
        + _heading(2, KAI)
        + "".join(_heading(level, FANG, "<w:b/>") for level in range(3, LAST_HEADING + 1))
        + _style(("Category", "类别"), "<w:keepNext/>", _run(FANG, page.BODY, "<w:b/>"))
        + _style(("Quote", "Quote"), quotation, _run(KAI, page.BODY))
        + _style(("Remark", "说明"), remark, _run(KAI, page.NOTE))
        + _style(("Code", "代码"), f'{_OFF_GRID}{_NO_INDENT}<w:jc w:val="left"/>', _run(SONG, page.CODE))
        + _style(("Caption", "caption"), caption, _run(HEI, page.CAPTION))
        + _style(("Cell", "表格"), f"<w:widowControl/>{_OFF_GRID}{centred}", _run(SONG, page.CODE))
        + _style(("Header", "header"), f"{_OFF_GRID}{centred}", _run(HEI, page.CAPTION))
        + _style(("Footer", "footer"), f"{_OFF_GRID}{_NO_INDENT}", _run(SONG, page.PAGE_NUMBER))
        + "</w:styles>"
    )


def _font_table() -> str:
    """Return the table of fonts: named, not shipped, each with the one to take in its place."""
    listed = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:panose1 w:val="{_PANOSE[name]}"/>'
        f'<w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="default"/></w:font>'
        for name, other in _ALTERNATIVES.items()
    )
    return f"<w:fonts {nsdecls('w')}>{listed}</w:fonts>"


def _settings() -> str:
    """Return the settings: pages differ left and right, text is Chinese."""
    mode = '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    return (
        f'<w:settings {nsdecls("w")}><w:zoom w:percent="100"/>'
        '<w:defaultTabStop w:val="420"/><w:evenAndOddHeaders/><w:drawingGridVerticalSpacing w:val="579"/>'
        '<w:characterSpacingControl w:val="compressPunctuation"/>'
        f"<w:compat><w:balanceSingleByteDoubleByteWidth/><w:useFELayout/>{mode}</w:compat>"
        '<w:themeFontLang w:val="zh-CN" w:eastAsia="zh-CN"/></w:settings>'
    )


def _section() -> str:
    """Return what describes the pages: A4, margins and a grid of 22 lines."""
    edges = {
        "top": page.TOP,
        "right": page.RIGHT,
        "bottom": page.BOTTOM,
        "left": page.LEFT,
        "header": page.TOP - 15,
        "footer": page.BOTTOM - page.NUMBER_BELOW - 3,
        "gutter": 0,
    }
    margins = " ".join(f'w:{name}="{twips(width)}"' for name, width in edges.items())
    pitch = int(twips(page.TEXT_HEIGHT) / page.LINES)
    return (
        f'<w:sectPr><w:pgSz w:w="{twips(page.PAGE_WIDTH)}" w:h="{twips(page.PAGE_HEIGHT)}"/><w:pgMar {margins}/>'
        f'<w:docGrid w:type="lines" w:linePitch="{pitch}"/></w:sectPr>'
    )


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def template() -> bytes:
    """Return a Word file without text, for the library to open and to fill."""
    names = {"styles": _styles(), "fontTable": _font_table(), "settings": _settings()}
    names["numbering"] = f"<w:numbering {nsdecls('w')}/>"
    types = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_WORD}.{kind}+xml"/>'
        for name, kind in {"document": "document.main", **{name: name for name in names}}.items()
    )
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATIONS}/{name}" Target="{name}.xml"/>'
        for number, name in enumerate(names, 1)
    )
    files = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{relations}"><Relationship Id="rId1" '
        f'Type="{_RELATIONS}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {nsdecls('w', 'r')}><w:body>{_section()}</w:body></w:document>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{relations}">{links}</Relationships>',
        **{f"word/{name}.xml": xml for name, xml in names.items()},
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, xml in files.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{xml}')
    return buffer.getvalue()


def page_number(side: str) -> Any:  # noqa: ANN401  # lxml
    """Return the paragraph of the page number, one character from the outer edge: *side* is left or right."""

    def run(*children: Any) -> Any:  # noqa: ANN401  # lxml
        return element("r", None, *children)

    def text(words: str) -> Any:  # noqa: ANN401  # lxml
        made = element("t")
        made.text = words
        made.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        return made

    code = element("instrText")
    code.text = "PAGE"
    indent = element("ind", {f"{side}Chars": 100, side: page.PAGE_NUMBER * 20, "firstLineChars": 0, "firstLine": 0})
    return element(
        "p",
        None,
        element("pPr", None, element("pStyle", {"val": "Footer"}), indent, element("jc", {"val": side})),
        run(text("— ")),
        run(element("fldChar", {"fldCharType": "begin"})),
        run(code),
        run(element("fldChar", {"fldCharType": "separate"})),
        run(text("1")),
        run(element("fldChar", {"fldCharType": "end"})),
        run(text(" —")),
    )


def draft_mark(number: int) -> Any:  # noqa: ANN401  # lxml
    """Return the paragraph that says 草稿 above the text and across the page; *number* keeps shapes apart."""
    shape = (
        "position:absolute;margin-left:0;margin-top:0;width:330pt;height:165pt;rotation:315;z-index:-251658752;"
        "mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
        "mso-position-vertical:center;mso-position-vertical-relative:margin"
    )
    return parse_xml(
        f'<w:p {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:o="urn:schemas-microsoft-com:office:office">'
        f'<w:pPr><w:pStyle w:val="Header"/></w:pPr><w:r><w:t>{page.DRAFT_WORDS}</w:t></w:r><w:r><w:pict>'
        '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" '
        'path="m@7,l@8,m@5,21600l@6,21600e">'
        '<v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/>'
        '<v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/>'
        '<v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/>'
        '<v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/><v:f eqn="sum @6 0 @5"/></v:formulas>'
        '<v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" '
        'o:connectangles="270,180,90,0"/><v:textpath on="t" fitshape="t"/></v:shapetype>'
        f'<v:shape id="draft{number}" o:spid="_x0000_s{2048 + number}" type="#_x0000_t136" alt="{page.DRAFT_MARK}" '
        f'style="{shape}" fillcolor="#e3e3e3" stroked="f">'
        f'<v:textpath style="font-family:&quot;{HEI}&quot;;font-size:1pt" '
        f'string="{page.DRAFT_MARK}"/></v:shape></w:pict></w:r></w:p>'
    )


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
