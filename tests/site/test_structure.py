"""Pages as trees and as tags: both say the same of a sound page, and the tags tell what the tree hides."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from lxml.etree import tostring
from nianbao.html.page_reader import read_page
from nianbao.html.structure import Structure
from nianbao.reading.html import parse_document, parse_fragment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGE = "<!doctype html>\n<html><head><title>a</title></head><body>\n{}\n</body></html>"


class _Tags(HTMLParser):
    """The start tags that the tokenizer of the standard library finds, with line and column."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, int, int]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a tag."""
        line, offset = self.getpos()
        assert attrs is not None
        self.found.append((tag, line, offset + 1))


@pytest.fixture(scope="module")
def pages(real_site: Path, example_site: Path) -> list[str]:
    """Return every page of both sites."""
    found = [path.read_text(encoding="utf-8") for site in (real_site, example_site) for path in site.rglob("*.html")]
    assert len(found) > 50
    return found


def tags(structure: Structure) -> Iterator[tuple[str, int, int]]:
    """Yield the start tags in their order, with line and column."""
    found = sorted((offset, tag) for tag, offsets in structure.starts.items() for offset in offsets)
    return ((tag, *structure.place(offset)) for offset, tag in found)


def test_tags_are_those_of_the_standard_tokenizer(pages: list[str]) -> None:
    """Names and places of all tags of both sites are as html.parser tells them."""
    for page in pages:
        assert list(tags(Structure(page))) == _Tags(page).found


def test_a_sound_page_has_an_element_for_each_tag(pages: list[str]) -> None:
    """Where nothing is faulty libxml2 adds, drops and moves nothing, so that elements have the places of their tags."""
    for page in pages:
        structure = Structure(page)
        assert structure.faults == []
        assert [element.tag for element in parse_document(page.encode()).iter()] == [
            name for name, *_ in tags(structure)
        ]


@pytest.mark.parametrize(
    "html",
    [
        "<!-- <p> --><p>a</p>",
        "<script>if (a<b) { '<p>' }</script><style>a::after { content: '</p>' }</style>",
        "<p title='a > b \"c\"' lang=zh hidden>1 < 2 & 3 > 2</p>",
        "<P>a</P\n><IMG ALT='' SRC=a.png>",
        '<svg><lineargradient id="a"/><use href="#a"/></svg><math><mi>a</mi></math>',
        "<?php a ?><p>a</p><x-y>a</x-y>",
    ],
)
def test_sound_tags(html: str) -> None:
    """Comments, scripts, quotes, capitals, drawings and names with a hyphen are no faults."""
    page = PAGE.format(html)
    assert Structure(page).faults == []
    assert list(tags(Structure(page))) == _Tags(page).found


@pytest.mark.parametrize(
    ("html", "told"),
    [
        ('<p title="a>b</p>', ["3:1 <p 没有写完，缺少引号或 >", "3:14 多了 </p>，前面没有 <p>"]),
        ("<p>a</p", ["2:36 <body> 没有结束标签"]),
        ("<p>a<p>b</p>", ["3:1 <p> 没有结束标签", "3:5 段落 <p> 里不能放 <p>"]),
        ("<ul><li>a<li>b</li></ul>", ["3:5 <li> 没有结束标签", "3:10 <li> 不能放在 <li> 里"]),
        ("<div>a", ["3:1 <div> 没有结束标签"]),
        ("<script>a", ["2:36 <body> 没有结束标签", "2:1 <html> 没有结束标签", "3:1 <script> 没有结束标签"]),
    ],
)
def test_what_the_tree_hides_is_told(html: str, told: list[str]) -> None:
    """What libxml2 closes, drops or takes for text without a word is told with line and column."""
    found = [f"{fault.line}:{fault.column} {fault.text}" for fault in read_page(PAGE.format(html)).faults]
    assert sorted(found) == sorted(told)


@pytest.mark.parametrize("text", ["", " ", "<!-- a -->"])
def test_nothing_is_an_empty_tree(text: str) -> None:
    """A file without content is read as a page without content."""
    assert tostring(parse_document(text.encode())) == b"<html/>"
    told = {fault.text for fault in read_page(text).faults}
    assert told == {"开头缺少 <!doctype html>", "缺少 <title>"}


def test_a_fragment_is_the_content_of_a_body() -> None:
    """Text, elements and what follows them are kept in their order; comments and control characters are not."""
    body = parse_fragment("甲<!-- a --><b>乙</b>丙 &amp; &lt;<p>丁</p>")
    assert tostring(body, encoding="unicode") == "<body>甲<b>乙</b>丙 &amp; &lt;<p>丁</p></body>"
    assert tostring(parse_fragment("")) == b"<body/>"
    assert parse_fragment("a\x00b").text == "a\ufffdb"
