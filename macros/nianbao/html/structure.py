"""The HTML of a page as it is written: elements left open or out of place, and where each begins.

This is the one thing that is not read from the tree of `nianbao.reading.html`: libxml2, like browsers, closes what was
left open and drops what cannot stand or is written twice, mostly without a word in its log, and knows no columns.
So the tags are judged as they stand in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import NamedTuple

from nianbao.pages import allowed


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_VOID = _names("area base br col embed hr img input link meta source track wbr")
_BLOCKS = _names(
    "address article aside blockquote details div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr main "
    "nav ol p pre section table ul"
)
_KNOWN = (
    _VOID
    | _BLOCKS
    | _names(
        "a abbr audio b bdi bdo body button canvas caption cite code colgroup data datalist dd del dfn dialog dt em "
        "figcaption head hgroup html i iframe ins kbd label legend li map mark math menu meter noscript object "
        "optgroup option output picture progress q rp rt ruby s samp script search select slot small span strong "
        "style sub summary sup svg tbody td template textarea tfoot th thead time title tr u var video"
    )
)
# Elements that stand only in these.
_PARENTS = {
    "li": _names("ul ol menu"),
    "dt": _names("dl div"),
    "dd": _names("dl div"),
    "tr": _names("thead tbody tfoot table"),
    "td": _names("tr"),
    "th": _names("tr"),
    "thead": _names("table"),
    "tbody": _names("table"),
    "tfoot": _names("table"),
    "caption": _names("table"),
    "colgroup": _names("table"),
    "col": _names("colgroup"),
    "figcaption": _names("figure"),
    "summary": _names("details"),
    "option": _names("select optgroup datalist"),
}
# Elements that have no other children.
_CHILDREN = {
    "ul": _names("li script template"),
    "ol": _names("li script template"),
    "dl": _names("dt dd div script template"),
    "table": _names("caption colgroup thead tbody tfoot tr script template"),
    "thead": _names("tr"),
    "tbody": _names("tr"),
    "tfoot": _names("tr"),
    "tr": _names("td th"),
}
# Elements that cannot stand, however deep, in another of their own kind.
_ALONE = _names("a button form label")


class Mark(NamedTuple):
    """A *text* of a page with its line and column, counted from 1."""

    text: str
    line: int
    column: int


# What may stand between texts. Quantifiers give nothing back, so that a tag without end takes no longer than another.
_TOKEN = re.compile(
    r"""<(?:
      !--.*?(?:-->|\Z)
    | !(?P<declaration>[^>]*)>
    | [?][^>]*>
    | /(?P<end>[a-zA-Z][^\s/>]*)[^>]*>
    | (?P<start>[a-zA-Z][^\s/>]*+)(?P<attributes>(?:[^"'>]++|"[^"]*+"|'[^']*+')*+)>
    | (?P<broken>/?[a-zA-Z][^\s/>]*)
    )""",
    re.DOTALL | re.VERBOSE,
)
_ATTRIBUTE = re.compile(r"""([^\s"'>/=]+)(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?""")
# Elements whose content is no HTML, and where it ends.
_RAW = {tag: re.compile(f"</{tag}(?=[\\s/>])", re.IGNORECASE) for tag in ("script", "style")}


def refused_of(content: str) -> list[str]:
    """Return what the HTML *content* of a page must not hold or leaves open, in its order, each once."""
    whole = f"<!doctype html><article>{content}</article>"
    faults = [mark.text for mark in Structure(whole).faults]
    for token in _TOKEN.finditer(content):
        attributes = allowed.attributes_of(token["attributes"] or "")
        found = (
            allowed.address_problem(attributes[name], loaded=name == "src")
            for name in ("href", "src")
            if name in attributes
        )
        faults += filter(None, found)
    return list(dict.fromkeys(faults))


class Structure:
    """What is wrong with the tags of a *page* is in *faults*; *starts* has the offset of each start tag by its name."""

    def __init__(self, page: str) -> None:
        self.faults: list[Mark] = []
        self.starts: dict[str, list[int]] = {}
        self._line_ends = [found.start() for found in re.finditer("\n", page)]
        self._open: list[tuple[str, int]] = []
        self._counts: dict[str, int] = {}  # How many elements of a name are open.
        self._read(page)
        for name, offset in self._open:
            self._fault(offset, f"<{name}> 没有结束标签")

    def place(self, offset: int) -> tuple[int, int]:
        """Return line and column, counted from 1, of an *offset* in the page."""
        line = bisect_left(self._line_ends, offset)
        return line + 1, offset - (self._line_ends[line - 1] if line else -1)

    def _read(self, page: str) -> None:
        doctype = False
        position = 0
        while (token := _TOKEN.search(page, position)) is not None:
            offset, position = token.span()
            start, end, declaration, broken = token.group("start", "end", "declaration", "broken")
            if start:
                tag = start.lower()
                self._start(tag, token["attributes"], offset)
                if tag in _RAW:
                    closing = _RAW[tag].search(page, position)
                    position = len(page) if closing is None else closing.start()
            elif end:
                self._end(end.lower(), offset)
            elif broken:
                self._fault(offset, f"<{broken} 没有写完，缺少引号或 >")
            elif self._counts.get("article"):
                self._fault(offset, "正文里有注释，谁都能在源代码里看到；请删去")
            elif declaration:
                doctype = declaration.lower() == "doctype html"
        if not doctype:
            self.faults.append(Mark("开头缺少 <!doctype html>", 1, 1))

    def _start(self, tag: str, attributes: str, offset: int) -> None:
        self.starts.setdefault(tag, []).append(offset)
        names = [name.lower() for name in _ATTRIBUTE.findall(attributes)]
        if len({*names}) != len(names):
            self._fault(offset, f"<{tag}> 的同一个属性写了两次")
        if self._counts.get("article"):
            for problem in allowed.problems(tag, allowed.attributes_of(attributes), drawn=True):
                self._fault(offset, problem.message)
        closed = attributes.endswith("/")
        if self._counts.get("svg") or self._counts.get("math"):
            if closed:
                return
        else:
            self._check_place(tag, offset)
            if tag in _VOID:
                return
            if closed:
                self._fault(offset, f"<{tag}/> 没有结束标签")
                return
        self._open.append((tag, offset))
        self._counts[tag] = self._counts.get(tag, 0) + 1

    def _end(self, tag: str, offset: int) -> None:
        if tag in _VOID and not self._counts.get("svg"):
            self._fault(offset, f"多了 </{tag}>")
            return
        if not self._counts.get(tag):
            self._fault(offset, f"多了 </{tag}>，前面没有 <{tag}>")
            return
        while self._open:
            name, start = self._open.pop()
            self._counts[name] -= 1
            if name == tag:
                return
            self._fault(start, f"<{name}> 没有结束标签")

    def _check_place(self, tag: str, offset: int) -> None:
        """Tell an element that cannot stand where it does."""
        if tag not in _KNOWN and "-" not in tag:
            self._fault(offset, f"没有 <{tag}> 这种元素")
        parent = self._open[-1][0] if self._open else ""
        if tag in _PARENTS and parent not in _PARENTS[tag]:
            self._fault(offset, f"<{tag}> 不能放在 <{parent}> 里")
        if parent in _CHILDREN and tag not in _CHILDREN[parent]:
            self._fault(offset, f"<{parent}> 里不能放 <{tag}>")
        if tag in _BLOCKS and self._counts.get("p"):
            self._fault(offset, f"段落 <p> 里不能放 <{tag}>")
        if tag in _ALONE and self._counts.get(tag):
            self._fault(offset, f"<{tag}> 里不能再放 <{tag}>")

    def _fault(self, offset: int, message: str) -> None:
        self.faults.append(Mark(message, *self.place(offset)))
