"""HTML as a tree of lxml: what libxml2 makes of it, in which elements that were left open are closed."""

from __future__ import annotations

from lxml.etree import fromstring
from lxml.html import Element, HtmlElement, HTMLParser


def parse_document(content: bytes) -> HtmlElement:
    """Return the ``html`` element of a document in UTF-8, without comments; it is empty where there is nothing."""
    return _parsed(content)


def parse_fragment(text: str) -> HtmlElement:
    """Return a ``body`` element that holds *text*, HTML of which a page has a part."""
    body = _parsed(f"<!doctype html><html><body>{text}</body></html>".encode()).find("body")
    return Element("body") if body is None else body


def _parsed(content: bytes) -> HtmlElement:
    # A parser remembers the faults of the last document, so each has its own. The text of a document is no
    # address to load from: nothing outside is read.
    parser = HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True)
    root = fromstring(content, parser)
    return Element("html") if root is None else root
