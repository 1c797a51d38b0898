"""A built page against the record of what was published."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from lxml.html import HtmlElement, tostring
from markupsafe import escape

from nianbao.html.table_reader import read_table
from nianbao.lifecycle.article import DRAWN, FRONT, Block, PlacedBlock, blocks, plain
from nianbao.lifecycle.changes import describe
from nianbao.lifecycle.differences import word_differences
from nianbao.lifecycle.macros import CORRECTIONS_TITLE, corrections_preface
from nianbao.lifecycle.numbers import NUMBER_TITLE
from nianbao.lifecycle.snapshot import FIGURE_MARK, OLD, SCHEMA, Words, reduced
from nianbao.pages.allowed import problems
from nianbao.pages.lists import FULL_TEXT_PAGE, PICTURE_PAGE
from nianbao.pages.text import date
from nianbao.prose.tree import NestedError, grow
from nianbao.reading.findings import shown
from nianbao.reading.html import parse_document
from nianbao.reading.legible import squeezed
from nianbao.reading.numbers import BLANK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.lifecycle.record import Record

_HEADING = re.compile(r"h([1-6])(.*)")

# What a macro draws, by something of it that is always there.
_TRACES = {
    "report_heading": "//h1[@id='report']",
    "key_figures": "//dl[contains(@class, 'key-figures')]",
    "section_list": "//a[contains(@href, 'full.html')]",
    "download_list": "//table[contains(@class, 'downloads')]",
    "year_picture": "//article//*[contains(@class, 'report-notes') or self::svg]",
}


@dataclass(frozen=True)
class PageProof:
    """The page *name* of a year, such as ``index.md``, as it was recorded in *record*."""

    record: Record
    name: str

    def differences(self, html: bytes) -> Iterator[str]:
        """Yield in words how the built page *html* differs."""
        try:
            root = parse_document(html)
            article = next(iter(root.iter("article")), None)
            if article is None:
                yield "没有正文（article）"
                return
            # The article itself is the theme's, and would make all within it something drawn.
            tree = next(grow(str(tostring(article, encoding="unicode", with_tail=False)), ()).elements())
        except (NestedError, ValueError, StopIteration):
            yield "不能读出正文"
            return
        year = self.record.report.year
        found = list(blocks(tree, f"{year}/{self.name.removesuffix('.md')}.html"))
        yield from self._elements(article)
        yield from self._words(found)
        yield from self._title(root)
        yield from self._tables(article)
        yield from self._figures(article)
        yield from self._drawn(root, found)

    @staticmethod
    def _elements(article: HtmlElement) -> Iterator[str]:
        """Yield elements and attributes that no page of the program has, such as what hides or runs."""
        for element in article.iter():
            if isinstance(element.tag, str):
                for problem in problems(element.tag, dict(element.attrib), drawn=True):
                    yield f"正文里有程序不会写的内容：{problem.message}"

    @property
    def _expected(self) -> tuple[Block, ...]:
        report = self.record.report
        names = [self.name]
        lower = 0
        if self.name == FULL_TEXT_PAGE:
            names += [name for name in sorted(report.pages) if re.match(r"[0-9]+-", name)]
            lower = 1
        found: list[Block] = []
        for name in names:
            page = report.pages.get(name, Words(blocks=()))
            step = lower if name != self.name else 0
            found += [_lowered(block, step) for block in page.blocks if block.kind != FRONT]
        return tuple(found)

    def _words(self, found: list[PlacedBlock]) -> Iterator[str]:
        old = self.record.report.schema == OLD
        expected = [block for block in self._expected if block.kind != DRAWN]
        written = [placed.block for placed in found if not placed.drawn]
        named = {(_kind(block.kind), block.text) for block in expected if block.kind == _kind(block.kind)}
        # Headings without an address of their own have been given one.
        written = [
            Block(_kind(block.kind), block.text) if (_kind(block.kind), block.text) in named else block
            for block in written
        ]
        if old:
            written = list(_reduced(self.record, tuple(written)))
        keys, new_keys = ([(block.text if old else tuple(block)) for block in one] for one in (expected, written))
        kept: list[Block] = []
        for tag, _, _, first, last in difflib.SequenceMatcher(None, keys, new_keys, autojunk=False).get_opcodes():
            part = written[first:last]
            kept += part if tag != "insert" else [block for block in part if plain(block.text) not in self._own]
        before, after = Words(blocks=tuple(expected)), Words(blocks=tuple(kept))
        for change in word_differences(self.name, before, after, self.record.report.schema):
            yield describe(change)

    @cached_property
    def _own(self) -> frozenset[str]:
        """What macros of this page write as plainly as an author would: names of sections, items, corrections."""
        report = self.record.report
        shows = {block.text for block in self._expected if block.kind == DRAWN}
        if report.schema == OLD:  # It knows of tables and lists alone.
            shows |= {"report_heading", "section_list", "year_picture"}
        found: set[str] = set()
        if "report_heading" in shows:
            found.add(f"{report.agency}{report.year}年政府信息公开工作年度报告")
        if "section_list" in shows:
            said = [block for page in report.pages.values() for block in page.said]
            found |= {plain(block.text) for block in said if block.kind.startswith("h1")}
            found |= {"全文（便于通读和打印）", "一图读懂（一页）"}
        if "item_list" in shows:
            found |= {item.title for category in report.categories for item in category.items}
            found |= {f"这一类只列出其中{len(category.items)}条。" for category in report.categories}
            found |= {"本年度没有主动公开的信息。", "本年度主动公开的信息条数不详。"}
        if "year_picture" in shows:
            found.add(f"一图读懂{report.year}年政府信息公开工作年度报告")
        if report.corrections and self.name in {"index.md", FULL_TEXT_PAGE}:
            found |= {CORRECTIONS_TITLE, corrections_preface(len(report.corrections))}
            found |= {f"{date(day)}更正" for day, _ in report.corrections}
            found |= {_even(f"更正原因：{reason}") for _, reason in report.corrections}
        return frozenset(found)

    def _title(self, root: HtmlElement) -> Iterator[str]:
        page = self.record.report.pages.get(self.name, Words(blocks=()))
        said = [block.text.removeprefix("title: ") for block in page.blocks if block.text.startswith("title: ")]
        said += [plain(block.text) for block in page.said if block.kind.startswith("h1")]
        title = squeezed("".join(root.xpath("string(//head/title)")))
        if said and not title.startswith(squeezed(said[0])):
            yield f"网页的名称是{shown(title)}，公布的是{shown(said[0])}"

    def _tables(self, article: HtmlElement) -> Iterator[str]:
        report = self.record.report
        shows = [block.text for block in self._expected if block.kind == DRAWN]
        for call in shows:
            name, _, id_ = call.partition(" ")
            if name != "statutory_table":
                continue
            table = next((one for one in article.iter("table") if one.get("id") == id_), None)
            if table is None:
                yield f"没有列出表 {id_}"
                continue
            figures, _ = read_table(table)
            cells = {address: text for address, text in report.cells.items() if address.startswith(f"{id_}.")}
            for address in sorted(cells.keys() | figures.keys()):
                published, there = cells.get(address), figures.get(address)
                if published != (there or BLANK if there is not None else None):
                    yield f"数 {address} 是{_said(there)}，公布的是{_said(published)}"
            labels = report.labels.get(id_)
            if labels is not None:
                yield from _label_differences(id_, _printed(labels), _labels(table))

    def _figures(self, article: HtmlElement) -> Iterator[str]:
        """Yield figures outside tables that name a cell and are not what was published."""
        for element in article.iter():
            address = element.get("data-figure", "").removeprefix(f"{self.record.report.year}:")
            published = self.record.report.cells.get(address)
            there = "".join(element.itertext()).strip()
            if published is not None and published != (there or BLANK):
                yield f"数 {address} 是{_said(there)}，公布的是{_said(published)}"

    def _drawn(self, root: HtmlElement, found: list[PlacedBlock]) -> Iterator[str]:
        page = self.record.report.pages.get(self.name, Words(blocks=()))
        words = {plain(placed.block.text) for placed in found}
        for call in page.shows:
            trace = _TRACES.get(call)
            if trace is not None and not root.xpath(trace):
                yield f"没有 {call} 画出的内容"
        if "item_list" in page.shows:
            items = [item.title for category in self.record.report.categories for item in category.items]
            listed = {squeezed(text) for text in words}
            yield from (f"没有列出主动公开的信息{shown(item)}" for item in items if squeezed(item) not in listed)
        if self.name == "index.md":
            whole = squeezed("".join(words))
            for day, reason in self.record.report.corrections:
                if not all(squeezed(text) in whole for text in (f"{date(day)}更正", f"更正原因：{reason}")):
                    yield f"没有列出{date(day)}的更正，或原因不是{shown(reason)}"
        number = self.record.number
        if number and "report_heading" in page.shows and self.name != PICTURE_PAGE:
            notes = "".join("".join(one.itertext()) for one in root.xpath("//p[contains(@class, 'report-notes')]"))
            if f"{NUMBER_TITLE}：{number}" not in notes:
                yield f"没有写校验号 {number}，或写的是另一个"


def _reduced(record: Record, written: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return the blocks that are *written* as far as records of the kind `OLD` know them."""
    name = "index.md"
    whole = replace(record.report, schema=SCHEMA, pages={name: Words(blocks=written)})
    return reduced(whole).pages.get(name, Words(blocks=())).said


def _even(text: str) -> str:
    """Return *text* as an article has it, without blanks beside Chinese."""
    (placed,) = blocks(grow(f"<p>{escape(text)}</p>", ()), "")
    return placed.block.text


def _lowered(block: Block, step: int) -> Block:
    heading = _HEADING.fullmatch(block.kind)
    return Block(f"h{int(heading[1]) + step}{heading[2]}", block.text) if heading and step else block


def _kind(kind: str) -> str:
    """Return the *kind* of a heading without its address."""
    return kind.partition("#")[0] if _HEADING.fullmatch(kind) else kind


def _printed(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Return *labels* as a built table has them: caption and unit stand together."""
    first = next((index for index, label in enumerate(labels) if label.startswith(FIGURE_MARK)), len(labels))
    heads = 2 if first > 1 and labels[1].startswith("（单位") else 1
    return (squeezed("".join(labels[:heads])), *map(squeezed, labels[heads:]))


def _labels(table: HtmlElement) -> tuple[str, ...]:
    cells = table.iter("caption", "th", "td")
    return tuple(
        f"{FIGURE_MARK}{cell.get('id')}" if cell.tag == "td" else squeezed("".join(cell.itertext())) for cell in cells
    )


def _label_differences(id_: str, old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[str]:
    for tag, first, last, new_first, new_last in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            there, published = "、".join(new[new_first:new_last]), "、".join(old[first:last])
            yield f"表 {id_} 的表样是{_said(there)}，公布的是{_said(published)}"


def _said(text: str | None) -> str:
    return shown(text) if text else "没有"
