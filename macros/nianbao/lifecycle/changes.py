"""What has changed in a report since it was published, at the place where the change stands."""

from __future__ import annotations

import functools
import posixpath
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import yaml

from nianbao.lifecycle.archive import Archive, withdrawn
from nianbao.lifecycle.article import DRAWN, Block, PlacedBlock, article
from nianbao.lifecycle.differences import (
    CORRECTIONS,
    FACT,
    FIGURE,
    FILE,
    FORM,
    SHOWN,
    WORDS,
    changed_spans,
    differences,
)
from nianbao.lifecycle.snapshot import OLD, take
from nianbao.reading.findings import Findings, Place, shown
from nianbao.reading.nodes import place as place_of
from nianbao.reading.values import open_file
from nianbao.rules.rule import Fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from nianbao.lifecycle.differences import Difference
    from nianbao.lifecycle.snapshot import Snapshot
    from nianbao.model.dataset import Dataset
    from nianbao.model.report import Report
    from nianbao.prose.passages import PageText, YearText

DISPLAY = "correction_list"

# How many characters a message shows around changed words.
_AROUND = 12
_LONGEST = 60


def published_changes(
    data: Path, docs: Path, dataset: Dataset
) -> Callable[[Report, YearText], tuple[Fault, ...] | None]:
    """Return a function that tells what has changed in a report of *dataset* since it was published.

    It returns None for a report that is not frozen. *data* and *docs* are the folders of the agency.
    """
    return functools.partial(_faults, Archive(data, dataset.reports), docs, dataset.years)


def _faults(
    archive: Archive, docs: Path, years: tuple[int, ...], report: Report, pages: YearText
) -> tuple[Fault, ...] | None:
    lost = withdrawn(archive.data, report)
    lost = (*lost, *archive.missed(report, years))
    if not report.digest:
        return (*archive.records(report)[1], *lost) or None
    records, broken = archive.records(report)
    if broken:
        return (*broken, *lost)
    old = records[-1].report.schema == OLD
    places = Places(report=report, pages=pages, data=archive.data, old=old)
    changes = tuple(_fault(change, places) for change in unrecorded(records[-1].report, docs, report, pages))
    return (*lost, *withdrawal(report), *changes, *display(report, pages))


def unrecorded(published: Snapshot, docs: Path, report: Report, pages: YearText) -> tuple[Difference, ...]:
    """Return what differs from what was last *published*; totals that follow from their parts do not.

    What has become of the status is told by those who read the records.
    """
    current = take(report, pages, docs / str(report.year))
    found = differences(published, current, report.form)
    silent = {"status"}
    if not pages.complete:  # A page that cannot be read tells neither its words nor what it shows from elsewhere.
        silent |= published.pages.keys() - current.pages.keys()
        silent |= {name for name in published.files.keys() - current.files.keys() if name.startswith("../")}
    return tuple(change for change in found if not change.derived and change.key not in silent)


def withdrawal(report: Report) -> tuple[Fault, ...]:
    """Return a fault where a frozen report has been made a draft again."""
    if report.status == "published":
        return ()
    message = "已定稿的年度改成了草稿，网站上就没有这一年了；请把状态改回 published"
    return (Fault(place=report.place("status"), message=message, subject="status"),)


def display(report: Report, pages: YearText) -> tuple[Fault, ...]:
    """Return a fault where a report was corrected and no page tells it."""
    called = any(call.split(" ")[0] == DISPLAY for text in pages for call in text.page.calls)
    if called or not report.corrections or not pages.complete:
        return ()
    index = pages.preface
    place = report.place("corrections") if index is None else index.page.place(0)
    message = f"本年度的报告公布后更正过，页面上却没有更正记录；请在 index.md 里单独加一行 {{{{ {DISPLAY}() }}}}"
    return (Fault(place=place, message=message, subject="index.md" if index else "corrections"),)


def _fault(change: Difference, places: Places) -> Fault:
    advice = f'；请恢复原样，确需更正的运行 nianbao correct {places.report.year} --reason "原因"'
    subject = change.key
    if change.kind == WORDS:
        subject = f"{change.key}：{_cut(change.old if change.new is None else change.new, change.start)}"
    elif change.kind == SHOWN:
        subject = f"{change.key}：{change.what}"
    return Fault(place=places.of(change), message=f"公布后{describe(change)}{advice}", subject=subject)


def describe(change: Difference) -> str:
    """Return *change* in words, with what was published and what stands now."""
    if change.kind == FILE:
        verb = "增加了" if change.old is None else "删去了" if change.new is None else "替换了"
        return f"{verb}{change.what}"
    words = change.kind == WORDS
    if change.old is None or change.new is None:
        verb, text = ("增加", change.new) if change.old is None else ("删去", change.old)
        return f"“{change.what}”{verb}了{shown(text or '', _LONGEST) if words else f' {text}'}"
    if not words:
        return f"“{change.what}”由 {change.old} 改为 {change.new}"
    spans = changed_spans(change.old, change.new)
    start, end, new_start, new_end = spans[0]
    old, new = _around(change.old, start, end), _around(change.new, new_start, new_end)
    return f"“{change.what}”里的{old}改成了{new}{f'等 {len(spans)} 处' if len(spans) > 1 else ''}"


def _around(text: str, start: int, end: int) -> str:
    """Return the words of *text* from *start* to *end*, quoted with what stands beside them."""
    first, last = max(0, start - _AROUND), min(len(text), end + _AROUND)
    return f"{'“…' if first else '“'}{shown(text[first:last], _LONGEST)[1:-1]}{'…”' if last < len(text) else '”'}"


def _cut(text: str | None, start: int) -> str:
    return shown((text or "")[max(0, start - _AROUND) :], _AROUND * 2)[1:-1].removesuffix("…")


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where the current state of a change stands in the *data* file of a *report* or in its *pages*.

    *old* says that changes count by the passages of a record of the kind `OLD`.
    """

    report: Report
    pages: YearText
    data: Path
    old: bool = False

    def of(self, change: Difference) -> Place:
        """Return where the current state of *change* stands, or where it would."""
        if change.kind == FIGURE:
            return self._figures.get(change.key, Place(self.report.file))
        if change.kind == FACT:
            return self._fact(change)
        if change.kind == FORM:
            return self.report.place("format")
        page = self._texts.get(change.key)
        if page is None:
            return Place(posixpath.normpath(self._folder / change.key))
        said = self._said(page)
        if change.kind == SHOWN or not said:
            return page.page.place(0)
        block, start = (said[change.index], change.start) if change.index < len(said) else (said[-1], -1)
        offsets = block.offsets or (0,)
        return page.page.place(offsets[min(start, len(offsets) - 1)])

    def _fact(self, change: Difference) -> Place:
        if change.key == CORRECTIONS and change.index < len(self.report.corrections):
            return self.report.corrections[change.index].place
        titles = self._titles if change.key == "items" else {}
        return titles.get(change.new or "", self.report.places.get(change.key, self.report.place("status")))

    @property
    def _texts(self) -> Mapping[str, PageText]:
        full = self.pages.full
        return self.pages.pages if full is None else {**self.pages.pages, full.page.name: full}

    def _said(self, page: PageText) -> tuple[PlacedBlock, ...]:
        """Return the blocks of *page* by which differences count; those of the kind `OLD` count passages."""
        if self.old:
            passages = (passage for passage in page.reported)
            return tuple(PlacedBlock(Block(one.kind, one.text), one.offsets) for one in passages)
        return tuple(placed for placed in article(page, self.report.year) if placed.block.kind != DRAWN)

    @property
    def _folder(self) -> PurePosixPath:
        files = (PurePosixPath(text.page.file).parent for text in self.pages)
        return next(files, PurePosixPath(f"docs/{self.report.year}"))

    @cached_property
    def _figures(self) -> Mapping[str, Place]:
        cells = (cell for cells in self.report.cells.values() for cell in cells.values())
        return {cell.address: (cell.printed_place or cell.place) if cell.computed else cell.place for cell in cells}

    @cached_property
    def _titles(self) -> Mapping[str, Place]:
        """Where each title and category of the published items is written."""
        root = open_file(self.data / f"{self.report.year}.yml", self.report.file, Findings())
        places: dict[str, Place] = {}
        waiting = [root] if root is not None else []
        while waiting:
            node = waiting.pop()
            if isinstance(node, yaml.SequenceNode):
                waiting.extend(node.value)
            elif isinstance(node, yaml.MappingNode):
                for key, value in node.value:
                    waiting.append(value)
                    if key.value in {"title", "category"} and isinstance(value, yaml.ScalarNode):
                        places[str(value.value).strip()] = place_of(value, self.report.file)
        return places
