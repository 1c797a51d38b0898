"""The tags of a page as Markdown leaves them: which of them the lists of `nianbao.pages.allowed` refuse, and where.

Tags are judged as they stand in the text and not in a tree: parsers, browsers among them, differ in what they make of
a tag that is not in order, so one that is not in order is refused.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from nianbao.pages.allowed import attributes_of, problems, shown_otherwise
from nianbao.prose.marks import DRAWN, HERE, MARK, OPEN

if TYPE_CHECKING:
    from collections.abc import Iterator

# Quantifiers give nothing back, so that a tag without end takes no longer than another.
_TOKEN = re.compile(
    rf"""{MARK.pattern}
    | </(?P<end>[a-zA-Z][a-zA-Z0-9]*+)[ \n]*+>
    | <(?P<start>[a-zA-Z][a-zA-Z0-9]*+)
       (?P<attributes>(?:[ \n]++[a-zA-Z_][-\w:.]*+(?:[ ]?=[ ]?(?:"[^"]*+"|'[^']*+'|[^\s"'=<>`]++))?+)*+)[ \n]*+/?>
    | <(?P<other>[a-zA-Z/!?][^\s>]{{0,20}})""",
    re.VERBOSE,
)
# Elements whose content is no text: one finding is enough for them.
_WHOLE = {
    name: re.compile(rf"</{name}\s*>", re.IGNORECASE)
    for name in ("script", "style", "svg", "math", "iframe", "textarea", "title", "template", "noscript", "form")
}

# A tag in the text of a link; of a picture readers see, or hear, what it is called.
_TAG = re.compile("<(?P<written>[^>]*)>")

# So many are told of a page.
_TOLD = 100


class Refused(NamedTuple):
    """What is wrong at the offset *at* of the source, in Chinese."""

    at: int
    message: str


class Address(NamedTuple):
    """An address that was typed at the offset *at* of the source, in *raw* HTML or as Markdown has it."""

    at: int
    text: str
    raw: bool


class Markup(NamedTuple):
    """What was *refused* of a page, and the *addresses* that its links and pictures name, with their offsets."""

    refused: tuple[Refused, ...]
    addresses: tuple[Address, ...]


def judge(html: str, source: str, start: int) -> Markup:
    """Judge the marked *html* of a page whose *source* begins, below what stands above the text, at *start*.

    What macros have drawn is passed over: it is the program's own.
    """
    reader = _Reader(html, source, start)
    return Markup(tuple(islice(reader.read(), _TOLD)), tuple(reader.addresses))


class _Reader:
    def __init__(self, html: str, source: str, start: int) -> None:
        self.addresses: list[Address] = []
        self._html = html
        self._source = source
        self._folded = source.lower()
        self._start = start
        self._offset = start  # Where what is being read was typed, or somewhere before it.
        self._found: dict[str, int] = {}
        self._left_open: set[str] = set()

    def read(self) -> Iterator[Refused]:
        """Yield what is refused in the order of the page."""
        position, drawn = 0, False
        link: tuple[str, int] | None = None
        while (token := _TOKEN.search(self._html, position)) is not None:
            position = token.end()
            if token[1]:
                drawn = token[1] in {DRAWN, OPEN}
                self._offset = int(token[2]) if token[1] in {HERE, OPEN} else self._offset
            elif drawn:
                continue
            elif token["other"]:
                yield self._odd(token["other"])
                if token["other"].startswith("!--"):
                    end = self._html.find("-->", token.end("other"))
                    position = len(self._html) if end < 0 else end
            elif token["end"]:
                if token["end"].lower() == "a" and link is not None:
                    yield from self._ended(*link, token.start())
                    link = None
            else:
                name = token["start"].lower()
                attributes = attributes_of(MARK.sub("", token["attributes"]))
                refused = [Refused(self._place(*about), message) for about, message in problems(name, attributes)]
                yield from refused
                self.addresses += [self._address(attributes[key]) for key in ("href", "src") if key in attributes]
                if name == "a":
                    link = attributes.get("href", ""), position
                position = self._behind(name, position)

    def _behind(self, name: str, position: int) -> int:
        """Return where what follows the start tag of *name* up to *position* is text of the page again."""
        if name not in _WHOLE or name in self._left_open:
            return position
        closing = _WHOLE[name].search(self._html, position)
        if closing is None:  # And none further on: to look again from each tag would take minutes.
            self._left_open.add(name)
            return position
        return closing.end()

    def _ended(self, address: str, begin: int, end: int) -> Iterator[Refused]:
        """Yield what is wrong with a link whose text stands from *begin* up to *end*."""
        text = _TAG.sub(lambda tag: attributes_of(tag["written"]).get("alt", ""), MARK.sub("", self._html[begin:end]))
        message = shown_otherwise(text, address)
        if message is not None:
            yield Refused(self._place(address), message)

    def _address(self, text: str) -> Address:
        at = self._place(text)
        return Address(at, text, raw=self._source[at - 1 : at] in {'"', "'", "="})

    def _odd(self, written: str) -> Refused:
        if written.startswith("!--"):
            message = "注释会留在公开网页的源代码里，谁都看得到；请删去，只给编辑看的说明写作 {## 说明 ##}"
            return Refused(self._place("<!--"), message)
        where = self._place(f"<{written[:8]}")
        if written.startswith(("!", "?")):
            return Refused(where, f"HTML 的写法有误，有不能识别的 <{written[:8]}；请改正或删去")
        return Refused(where, f"<{written} 没有写完或写法有误；标签写在一行里，属性之间空一格，值用双引号")

    def _place(self, *about: str) -> int:
        """Return where the first text of *about* that is there was typed: behind what was read last, or before it.

        Of one tag several things may be wrong.
        """
        folded = [words.lower() for words in about if words]
        for words in folded:
            at = self._folded.find(words, max(self._offset, self._found.get(words, -1) + 1))
            if at >= 0:
                self._found[words] = at
                return at
        return max(self._offset, *(self._found.get(words, 0) for words in folded), 0)
