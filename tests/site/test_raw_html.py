"""Blocks of raw HTML that pass by the parser of HTML: pages are the same to the byte, with it or without."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import markdown
import pytest
from building import copy_program, run
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown.preprocessors import HtmlBlockPreprocessor
from nianbao.pages.raw_html import PassingPreprocessor
from projects import edit

if TYPE_CHECKING:
    from pathlib import Path

# As the host has them, whose own come first.
EXTENSIONS = ("toc", "tables", "fenced_code", "attr_list", "nianbao.pages.chinese_line_breaks")
PASSING = "nianbao.pages.raw_html"

# What no page in Markdown makes.
MADE_OTHERWISE = {"404.html", "latest/index.html"}

# Writes down what the host gives to Markdown: a plugin, for a portal may have no program of its own.
PLUGIN = """
import pathlib
from mkdocs.plugins import BasePlugin, event_priority

class Writing(BasePlugin):
    @event_priority(-200)
    def on_page_markdown(self, markdown, page, **_):
        path = pathlib.Path(__file__).parent / "written" / page.file.src_uri
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(markdown.encode())
        return markdown
"""
INSTALLED = {
    "METADATA": "Metadata-Version: 2.1\nName: writing\nVersion: 1.0\n",
    "entry_points.txt": "[mkdocs.plugins]\nwriting = writing:Writing\n",
}


def converted(source: str, *extensions: str) -> tuple[str, list[str], list[Any]]:
    """Return the HTML of *source*, what the parser of HTML left of it, and the blocks it put aside."""
    md = markdown.Markdown(extensions=[*EXTENSIONS, *extensions])
    lines = source.split("\n")
    for preprocessor in md.preprocessors:
        lines = preprocessor.run(lines)
    put_aside = list(md.htmlStash.rawHtmlBlocks)
    return md.reset().convert(source), lines, put_aside


def passed(source: str) -> tuple[int, int]:
    """Return how many blocks of *source* pass by the parser, and how many it puts aside itself."""
    md = markdown.Markdown(extensions=[*EXTENSIONS, PASSING])
    counts = {}
    lines = source.split("\n")
    for preprocessor in md.preprocessors:
        before = md.htmlStash.html_counter
        lines = preprocessor.run(lines)
        counts[type(preprocessor)] = md.htmlStash.html_counter - before
    return counts[PassingPreprocessor], counts[HtmlBlockPreprocessor]


def alike(source: str) -> None:
    """Assert that the extension changes nothing about *source*."""
    assert converted(source, PASSING) == converted(source)


@pytest.mark.parametrize("site", ["real_site", "example_site"])
def test_pages_are_the_same(site: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """All pages of both portals are the same with the extension, and no block is left to the parser."""
    built: Path = request.getfixturevalue(site)
    root = built.parent if site == "real_site" else built.parent.parent
    shutil.copytree(root, tmp_path / "project", ignore=shutil.ignore_patterns("site"))  # with downloads kept
    project = tmp_path / "project" / built.parent.relative_to(root)
    # No portal may name a plugin of its own: a copy of the program lets this one.
    edit(copy_program(project) / "model/allowed_settings.py", '"macros": {},', '"macros": {}, "writing": {},')
    (project / "writing.py").write_text(PLUGIN, encoding="utf-8")
    (project / "writing-1.0.dist-info").mkdir()
    for name, text in INSTALLED.items():
        (project / "writing-1.0.dist-info" / name).write_text(text, encoding="utf-8")
    config = (project / "mkdocs.yml").read_text(encoding="utf-8")
    assert "  - macros\n" in config
    (project / "mkdocs.yml").write_text(config.replace("  - macros\n", "  - macros\n  - writing\n"), encoding="utf-8")
    result = run("mkdocs", "build", folder=project, fresh=True)
    assert result.code == 0, result.printed
    written = sorted((project / "written").rglob("*.md"))
    names = {path.relative_to(built).as_posix() for path in built.rglob("*.html")} - MADE_OTHERWISE
    assert {path.relative_to(project / "written").with_suffix(".html").as_posix() for path in written} == names
    pages = [path.read_bytes().decode() for path in written]
    for page in pages:
        alike(page)
    counts = [passed(page) for page in pages]
    assert sum(count for count, _ in counts) > len(pages)
    assert sum(left for _, left in counts) == 0


TABLE = '<table class="a">\n<tr><td title="1 < 2 > 0">1 &lt; 2&#46;</td><td/></tr>\n</table>'


@pytest.mark.parametrize(
    ("source", "count"),
    [
        (TABLE, 1),
        (f"甲\n\n{TABLE}\n\n乙", 1),
        (f"甲\n{TABLE}\n乙", 1),
        (f"{TABLE}\n{TABLE}\n\n{TABLE}", 3),
        ("<div>\n\n甲<br>\n\n</div>", 1),
        ("<p>甲</p>", 1),
        (f"{TABLE}\n\n甲 <b>乙</b> & 丙 < 丁 &copy; <img src='a.png'> 戊".replace("'", '"'), 1),
        (f"```html\n<div>\n```\n\n{TABLE}", 1),
        ("<div><svg><title>甲</title></svg></div>", 1),
        ("<DIV>甲</DIV>", 0),
        (f"{TABLE} 甲", 0),
        (f"- {TABLE}", 0),
        (f"  {TABLE}", 0),
        (f"甲 {TABLE}", 0),
        ("<div>\n\n甲", 0),
        (f"{TABLE}\n\n<div>\n\n甲", 0),
        ("<div><b>甲</div>", 0),
        ("<div><p>甲<div>乙</p></div>\n\n丙</div>", 0),
        ("<div><span>甲</div></span>", 0),
        (f"甲</div>\n\n{TABLE}", 0),
        (f"{TABLE}\n\n&#x; 甲", 0),
        (f"<!-- 甲\n\n{TABLE}\n\n-->", 0),
        (f"<? 甲\n\n{TABLE}\n\n?>", 0),
        (f'<b title="甲\n\n{TABLE}\n\n">乙</b>', 0),
        (f"<script>\n\n{TABLE}\n\n</script>", 0),
        ("<div><style>a > b</style></div>", 0),
        ("<div><b title='甲'>乙</b></div>", 0),
        ("<div><b title=甲>乙</b></div>", 0),
        ("<hr>", 0),
        ("<hr></hr>", 0),
        ("<div />", 0),
        ("[甲]: <https://a.example/>\n\n<div>甲</div>", 0),
    ],
)
def test_what_passes(source: str, count: int) -> None:
    """Plain and well-nested blocks pass; a page with anything else is left to the parser."""
    alike(source)
    assert passed(source)[0] == count


PIECES = (
    *(
        "\n",
        "\n\n",
        "\n \n",
        " ",
        "    ",
        "\t",
        "\r\n",
        "\r",
        "\u3000",
        "\x0c",
        "- ",
        "> ",
        "1. ",
        "# ",
        "```\n",
        "~~~\n",
    ),
    *(
        "甲",
        "a",
        "`",
        "``",
        "*",
        "**",
        "_",
        "[甲](a.md)",
        "[甲]: ",
        ": ",
        "{: .a }",
        "{#a}",
        "|",
        "---",
        "\\",
        "\x02",
        "\x03",
    ),
    *(
        "<div>",
        "</div>",
        '<div class="a">',
        "<p>",
        "</p>",
        "<table>",
        "</table>",
        "<tr>",
        "</tr>",
        "<td>甲</td>",
        "<td/>",
    ),
    *(
        "<b>",
        "</b>",
        "<b>甲</b>",
        "<br>",
        "<br/>",
        "</br>",
        "<hr>",
        "<hr />",
        "</hr>",
        '<img src="a">',
        "<div/>",
        "<DIV>",
    ),
    *(
        "<",
        ">",
        "</",
        "</ div>",
        "</div >",
        "<div\n>",
        "<div ",
        '<b title="',
        "<b title='",
        '"',
        "'",
        "=",
        "/",
        "<>",
        "</>",
    ),
    *(
        '<b title="<div>">',
        '<b title="\n\n">',
        "<b title='>'>",
        "<b a=b>",
        '<b a="1"b="2">',
        "<b a = 'c'>",
        '<b a="`">',
    ),
    *(
        "&",
        "&lt;",
        "&lt",
        "&#46;",
        "&#46",
        "&#x2e;",
        "&#x",
        "&#",
        "&;",
        "<https://a.example/>",
        "<a@b.example>",
        "<a:b>",
    ),
    *("<!--", "-->", "<!-- 甲 -->", "<!", "<!doctype html>", "<![CDATA[", "]]>", "<?", "?>", "<?a?>", "<甲>", "<1>"),
    *(
        "<script>",
        "</script>",
        "<style>",
        "</style>",
        "<textarea>",
        "</textarea>",
        "<title>",
        "</title>",
        "<pre>",
        "</pre>",
    ),
    *("<svg>", "</svg>", "<linearGradient>", "<svg:a>", "<a-b>", "<div markdown>", '<div markdown="1">', "wzxhzdk:0"),
)

ATTRIBUTES = st.sampled_from(["", "", ' class="a b"', ' hidden data-a="<>\n\'&"'])


def element(names: list[str], inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return a strategy for elements in order."""
    return st.builds(
        lambda name, attributes, parts: f"<{name}{attributes}>{''.join(parts)}</{name}>",
        st.sampled_from(names),
        ATTRIBUTES,
        st.lists(inner, max_size=3),
    )


INSIDE = st.recursive(
    st.sampled_from(["甲", "甲\n乙", "&lt;", "<br>", '<img alt="<p>">', "<td>甲</td>", "\n\n", "<title>甲</title>"]),
    lambda inner: element(["div", "table", "p", "span", "b", "svg"], inner),
    max_leaves=4,
)
# Pages in order, and pages with one break of it, which must be left whole.
BLOCK = element(["div", "table", "p", "section"], INSIDE)
PARAGRAPH = st.sampled_from(["甲", "甲 <b>乙</b>\n丙", "# 甲 {: #a }", "- 甲\n- 乙", "```\n<p>\n```", "    甲", "甲\n"])
WELL = st.lists(st.one_of(BLOCK, BLOCK, PARAGRAPH), min_size=1, max_size=5).map("\n\n".join)
ODD = st.lists(st.sampled_from(PIECES), max_size=3).map("".join)
SOURCES = st.builds(
    lambda before, odd, after: before + odd + after, st.one_of(WELL, ODD), st.one_of(ODD, WELL), st.one_of(WELL, ODD)
)


@settings(max_examples=400, deadline=None)
@given(SOURCES)
def test_odd_pages_are_the_same(source: str) -> None:
    """Whatever a page has, Markdown makes the same of it."""
    try:
        expected = converted(source)
    except AssertionError:  # So ends the parser of HTML where a declaration is no declaration.
        with pytest.raises(AssertionError):
            converted(source, PASSING)
    else:
        assert converted(source, PASSING) == expected


@settings(max_examples=100, deadline=None)
@given(WELL)
def test_pages_in_order_are_the_same(source: str) -> None:
    """Blocks in order are the same, and none of them is left to the parser."""
    alike(source)
    assert passed(source)[1] == 0


def test_other_parsers_stay() -> None:
    """Where another extension has put a parser of its own, blocks are left to it."""
    source = f'<div markdown="1">\n\n**甲**\n\n</div>\n\n{TABLE}'
    md = markdown.Markdown(extensions=["md_in_html", PASSING])
    assert md.convert(source) == markdown.markdown(source, extensions=["md_in_html"])
    assert "<strong>" in md.reset().convert(source)
    assert isinstance(md.preprocessors["passing"], PassingPreprocessor)
