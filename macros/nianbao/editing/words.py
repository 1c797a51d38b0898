"""The words of a page as people fill them in: paragraphs and lists in boxes, figures from the data as tokens.

A token is ⟦新收申请＝86⟧: what stands before the mark of equality names the call of a macro in the page, what stands
behind it is its value and not read back. A paragraph that stays keeps its bytes; a changed one is written a sentence
a line. Headings, tables and whatever is drawn stand between the boxes and cannot be typed into; below a heading that
has nothing there is an empty box.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from nianbao.lifecycle.labels import cell_labels
from nianbao.pages.chinese_line_breaks import joined
from nianbao.pages.session import FRONT_MATTER
from nianbao.prose.macros import MACROS
from nianbao.prose.passages import sentence_spans
from nianbao.prose.template import COMMENT_START, Call, parse
from nianbao.reading.source import unseen
from nianbao.reading.values import macro_mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from nianbao.model.form import Form

_BLOCK = re.compile(r"(?:^[^\n]*\S[^\n]*(?:\n|\Z))+", re.MULTILINE)
# What begins a block that is no paragraph and no list.
_FIXED = re.compile(r"#|\||<|```|~~~|>|\{ *[.#:]|:::|\[\^|    |\t")
_HEADING = re.compile(r"(#{1,6}) +(.*?)(?: *\{[^{}]*\})?\n?\Z")
_ITEM = re.compile(r"(?:[-*+]|[0-9]{1,3}[.)]) +")
_ATTRIBUTES = re.compile(r"\n(\{[^{}\n]*\}\n?)\Z")
_SENTENCE = re.compile(r"[^。！？]*[。！？]+[”’）》】]*|[^。！？]+")
_TOKEN = re.compile(r"⟦([^⟦⟧＝]*)(?:＝([^⟦⟧]*))?⟧")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A call of a macro from *start* to *end* of a page: what people call it, and its *value*."""

    start: int
    end: int
    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Box:
    """What stands from *start* to *end* of a page: *shown* as people read it, below the words of a *heading*.

    One that is *fixed* is shown only. *tokens* are where each call starts and ends, its name and its value.
    """

    start: int
    end: int
    heading: str
    shown: str
    fixed: bool
    tokens: tuple[Token, ...] = ()

    @property
    def calls(self) -> Mapping[str, Token]:
        """The tokens by name."""
        return {token.name: token for token in self.tokens}

    def sentence_at(self, source: str, offset: int) -> str:
        """Return the sentence of what is shown in which *offset* of the page *source* stands."""
        within = next((token.start for token in self.tokens if token.start < offset < token.end), offset)
        position = len(_shown(source, self.start, within, self.tokens))
        spans = (span for span in sentence_spans(self.shown) if span[1] > position and self.shown[slice(*span)].strip())
        return next((self.shown[slice(*span)].strip() for span in spans), self.shown.split("\n")[-1])


def boxes(source: str, naming: Callable[[Call], tuple[str, str]]) -> tuple[Box, ...]:
    """Return the boxes of the page *source*. *naming* gives name and value of a call within a sentence."""
    front = FRONT_MATTER.match(source)
    start = front.end() if front else 0
    calls = [part for part in parse(source[start:], start).parts if isinstance(part, Call)]
    found: list[Box] = []
    heading, level = "", 0
    for block in _BLOCK.finditer(source, start):
        title = _HEADING.match(block[0])
        if title and heading and level >= len(title[1]):
            found.append(_empty(found[-1].end, heading))
        heading, level = (title[2], len(title[1])) if title else (heading, 0)
        found.append(_box(source, block, heading, calls, naming))
    if level:
        found.append(_empty(found[-1].end, heading))
    return tuple(found)


def _empty(position: int, heading: str) -> Box:
    return Box(start=position, end=position, heading=heading, shown="", fixed=False)


def _box(
    source: str,
    block: re.Match[str],
    heading: str,
    calls: Sequence[Call],
    naming: Callable[[Call], tuple[str, str]],
) -> Box:
    attributes = _ATTRIBUTES.search(block[0])
    start, end = block.start(), block.start() + attributes.start(1) if attributes else block.end()
    inner = [call for call in calls if start <= call.start < end]
    alone = any(MACROS[call.name].alone for call in inner)
    if alone or COMMENT_START in block[0] or _FIXED.match(block[0]) is not None:
        return Box(start=start, end=end, heading=heading, shown=source[start:end].strip("\n"), fixed=True)
    names: dict[str, str] = {}
    tokens = []
    for call in inner:
        written = source[call.start : call.end]
        name, value = naming(call)
        while names.setdefault(name, written) != written:
            name += "′"
        tokens.append(Token(start=call.start, end=call.end, name=name, value=value))
    shown = _shown(source, start, end, tokens)
    return Box(start=start, end=end, heading=heading, shown=shown, fixed=False, tokens=tuple(tokens))


def _shown(source: str, start: int, end: int, tokens: Sequence[Token]) -> str:
    """Return what people read of *source* from *start* to *end*."""
    parts, position = [], start
    for token in tokens:
        if token.end <= end:
            parts += [source[position : token.start], f"⟦{token.name}＝{token.value}⟧"]
            position = token.end
    text = "".join([*parts, source[position:end]])
    return "\n".join(unit for unit, _ in _units(text))


def _units(text: str) -> Iterator[tuple[str, str]]:
    """Yield each paragraph or item of *text* as one line, with the lines that it is written in."""
    lines: list[str] = []
    for line in text.strip("\n").split("\n"):
        if lines and _ITEM.match(line):
            yield _joined(lines)
            lines = []
        lines.append(line)
    yield _joined(lines)


def _joined(lines: list[str]) -> tuple[str, str]:
    text = "\n".join(lines)
    return joined(text).replace("\n", " "), text


def spoken(shown: str) -> str:
    """Return *shown* as readers will see it: tokens as their values, links as their words."""
    return _LINK.sub(r"\1", _TOKEN.sub(lambda token: token[2] or "", shown))


class WordsError(Exception):
    """What was typed cannot be written; the text says why, in Chinese."""


def rewritten(source: str, box: Box, text: str, figures: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return what is to stand in place of *box* of the page *source* so that it says *text*.

    *figures* are calls by the names of tokens that may be put in besides those of the box. Raises WordsError where
    the text may not be written.
    """
    written = source[box.start : box.end]
    if text == box.shown:
        return written
    calls = dict(figures) | {name: source[token.start : token.end] for name, token in box.calls.items()}
    for name in box.calls:
        written = written.replace(calls[name], f"⟦{name}⟧")
    kept = {bare(unit): lines for unit, lines in _units(written)}
    units = [unit.strip() for unit in text.split("\n") if unit.strip()]
    for unit in units:
        _judge(unit, calls.keys())
    lines = [kept.get(bare(unit)) or _sentences(bare(unit)) for unit in units]
    apart = "\n" if all(map(_ITEM.match, units)) else "\n\n"
    gap = "" if box.end > box.start else "\n" if source[: box.start].endswith("\n") else "\n\n"
    said = (gap if units else "") + apart.join(lines) + ("\n" if units else "")
    return _TOKEN.sub(lambda token: calls[token[1]], said)


def bare(words: str) -> str:
    """Return *words* without the values of their tokens, which are the data's and change with these."""
    return _TOKEN.sub(lambda token: f"⟦{token[1]}⟧", words)


def _judge(unit: str, known: AbstractSet[str]) -> None:
    for token in _TOKEN.finditer(unit):
        if token[1] not in known:
            message = f"“{token[0]}”不是数据里的数；请从原文里复制完整的⟦…⟧，用“插入”选一个，或删去它"
            raise WordsError(message)
    rest = _TOKEN.sub("", unit)
    if "⟦" in rest or "⟧" in rest:
        message = "⟦ 和 ⟧ 没有配对；请恢复完整的⟦…⟧，或整个删去"
        raise WordsError(message)
    problem = unseen(rest)
    if problem is not None:
        message = f"不能使用{problem}"
        raise WordsError(message)
    mark = macro_mark(rest)
    if mark is not None:
        raise WordsError(mark)


def _sentences(unit: str) -> str:
    """Return *unit* a sentence a line; an item of a list stays in one line."""
    return unit if _ITEM.match(unit) else "\n".join(found[0].strip() for found in _SENTENCE.finditer(unit))


def token_name(call: Call, form: Form) -> str:
    """Return what people call a *call* of a macro within a sentence of a report in *form*."""
    before = {0: "", -1: "上年"}.get(offset_of(call), f"{offset_of(call)}年")
    match call.name:
        case "year":
            return f"{before}年度"
        case "agency":
            return f"{before}机关名称"
        case "figure":
            return before + _figure_name(str(call.argument), form)
    return call.words


def offset_of(call: Call) -> int:
    """Return how many years from that of its page a *call* asks for."""
    numbers = (value for value in (*call.args, *call.keywords.values()) if isinstance(value, int))
    return next(numbers, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A figure that may be put in: its *name*, which no other has, its *address*, and its *path* for ``figure``."""

    name: str
    address: str
    path: str


def named_figures(form: Form) -> list[Named]:
    """Return all figures of *form* that may be put in; a total goes by the shorter path that pages write."""
    counted = [Named(name=name, address=path, path=path) for path, name in _COUNTED.items()]
    return counted + [
        Named(name=name, address=address, path=_shorter(address, form)) for address, name in cell_labels(form).items()
    ]


def _shorter(address: str, form: Form) -> str:
    found = form.find(address)
    if found is None or not found[2].total or not found[1].path:
        return address
    table, row, column = found
    path = table.address(row.path, "")
    return path if form.find(path) == (table, row, column) else address


_COUNTED = {"items": "主动公开条数", "items.full_text_rate": "全文电子化率", "processing_fee": "信息处理费"}


def _figure_name(path: str, form: Form) -> str:
    if path in _COUNTED:
        return _COUNTED[path]
    if path.startswith("items."):
        return f"{path.removeprefix('items.')}条数"
    found = form.find(path)
    if found is None:
        return path
    _, row, column = found
    return "，".join(filter(None, (row.words, "" if column.total and row.path else column.words)))
