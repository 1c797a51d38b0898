"""What differs between two snapshots of a year: figures, facts, words and files, each with old and new."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.lifecycle.labels import cell_labels
from nianbao.lifecycle.snapshot import BLANKS_ARE_ZERO, FORM, REMARKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nianbao.lifecycle.snapshot import Snapshot, Words
    from nianbao.model.form import Form
    from nianbao.model.report import Category

FIGURE, FACT, WORDS, SHOWN, FILE = "figure", "fact", "words", "shown", "file"

# So many pairs of passages are compared for likeness; beyond that, old and new are told apart.
_PAIRS = 400
# Less likeness than this is no change of a passage but another passage.
_ALIKE = 0.4

# In longer texts the differences are not told one by one, and those less than so far apart are told together.
_COMPARED, _APART = 1500, 4

_TOKEN = re.compile(r"[0-9A-Za-z.]+|.", re.DOTALL)
_BLANKS = re.compile(r"\s+")
_GAP = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")
_UNBROKEN = re.compile(r"[0-9A-Za-z.]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A difference of one *kind*. *old* is None for what was added, *new* for what was taken away.

    *key* is the address of a cell, a key of the data file or the name of a page or file; *what* is
    how readers call it. In a page, *index* counts its passages and *start* is the first character
    that differs. A *derived* figure is a total whose parts have changed.
    """

    kind: str
    key: str
    what: str
    old: str | None
    new: str | None
    index: int = 0
    start: int = 0
    derived: bool = False


def differences(old: Snapshot, new: Snapshot, form: Form) -> tuple[Difference, ...]:
    """Return all differences between *old* and *new*, whose figures *form* names."""
    return (
        *_facts(old, new),
        *_figures(old, new, form),
        *_remarks(old, new, form),
        *_known(old, new),
        *_items(old.categories, new.categories),
        *_pages(old, new),
        *_shown(old, new, form),
        *_files(old.files, new.files),
    )


def _facts(old: Snapshot, new: Snapshot) -> Iterator[Difference]:
    days = [snapshot.published_on.isoformat() if snapshot.published_on else None for snapshot in (old, new)]
    meanings = ["没有发生" if snapshot.blanks_are_zero else None for snapshot in (old, new)]
    pairs: tuple[tuple[str, str, str | None, str | None], ...] = (
        ("agency_name", "机关名称", old.agency, new.agency),
        ("format", "格式", f"{old.format}年格式", f"{new.format}年格式"),
        (FORM, "表格样式", old.form or None, new.form or None),
        ("published_on", "公布日期", days[0], days[1]),
        ("processing_fee", "信息处理费（元）", old.processing_fee, new.processing_fee),
        (BLANKS_ARE_ZERO, "空白的含义", meanings[0], meanings[1]),
    )
    for key, what, before, after in pairs:
        if before != after:
            yield Difference(kind=FACT, key=key, what=what, old=before, new=after)


def _figures(old: Snapshot, new: Snapshot, form: Form) -> Iterator[Difference]:
    labels = cell_labels(form)
    addresses = [*labels, *(address for address in (*old.cells, *new.cells) if address not in labels)]
    changed = [address for address in dict.fromkeys(addresses) if old.cells.get(address) != new.cells.get(address)]
    totals = {
        table.address(added.row.path, added.column.path): [table.address(*part) for part in added.parts]
        for table in form.tables
        for added in table.totals
    }
    for address in changed:
        yield Difference(
            kind=FIGURE,
            key=address,
            what=labels.get(address, address),
            old=old.cells.get(address),
            new=new.cells.get(address),
            derived=any(part in changed for part in totals.get(address, ())),
        )


def _remarks(old: Snapshot, new: Snapshot, form: Form) -> Iterator[Difference]:
    labels = cell_labels(form)
    for address in dict.fromkeys((*old.remarks, *new.remarks)):
        before, after = old.remarks.get(address), new.remarks.get(address)
        if before != after:
            what = f"{labels.get(address, address)}的说明"
            yield Difference(kind=FACT, key=REMARKS, what=what, old=before, new=after)


def _known(old: Snapshot, new: Snapshot) -> Iterator[Difference]:
    if old.items_unknown != new.items_unknown:
        yield _item("主动公开的信息", *("不详" if one.items_unknown else None for one in (old, new)))


def _items(old: Sequence[Category], new: Sequence[Category]) -> Iterator[Difference]:
    """Yield published items that were added, taken away, renamed, moved or given another state."""
    stated = [{category.name: category.count_text for category in one if category.stated} for one in (old, new)]
    for name in dict.fromkeys([*stated[0], *stated[1]]):
        if stated[0].get(name) != stated[1].get(name):
            yield _item(f"主动公开的{name}的条数", stated[0].get(name), stated[1].get(name))
    before = {item.title: (category.name, item) for category in old for item in category.items}
    after = {item.title: (category.name, item) for category in new for item in category.items}
    for title in [title for title in before if title in after]:
        (category, item), (new_category, new_item) = before[title], after[title]
        if category != new_category:
            yield _item(f"{title}的类别", category, new_category)
        if item.full_text != new_item.full_text:
            states = ["有" if full_text else "没有" for full_text in (item.full_text, new_item.full_text)]
            yield _item(f"{title}的电子化全文", *states)
    names = dict.fromkeys([category.name for category in (*old, *new)])
    for name in names:
        gone = [title for title, (category, _) in before.items() if category == name and title not in after]
        come = [title for title, (category, _) in after.items() if category == name and title not in before]
        if len(gone) == len(come):
            yield from (_item(f"主动公开的{name}", *pair) for pair in zip(gone, come, strict=True))
        else:
            yield from (_item(f"主动公开的{name}", title, None) for title in gone)
            yield from (_item(f"主动公开的{name}", None, title) for title in come)


def _item(what: str, old: str | None, new: str | None) -> Difference:
    return Difference(kind=FACT, key="items", what=what, old=old, new=new)


def _pages(old: Snapshot, new: Snapshot) -> Iterator[Difference]:
    for name in dict.fromkeys([*old.pages, *new.pages]):
        before, after = old.pages.get(name), new.pages.get(name)
        if before is None or after is None:
            texts = [None if page is None else "\n".join(text for _, text in page.passages) for page in (before, after)]
            yield Difference(kind=WORDS, key=name, what=f"页面 {name}", old=texts[0], new=texts[1])
        else:
            yield from _words(name, before, after)


def _words(name: str, before: Words, after: Words) -> Iterator[Difference]:
    """Yield what differs between two states of the page called *name*; blanks and markup are no difference."""
    old, new = [text for _, text in before.passages], [text for _, text in after.passages]
    headings, new_headings = _headings(before, name), _headings(after, name)
    same = difflib.SequenceMatcher(None, [_even(text) for text in old], [_even(text) for text in new])
    for tag, first, last, new_first, new_last in same.get_opcodes():
        if tag == "equal":
            continue
        pairs = _paired(old[first:last], new[new_first:new_last])
        for gone, come in pairs:
            text = None if gone is None else old[first + gone]
            other = None if come is None else new[new_first + come]
            yield Difference(
                kind=WORDS,
                key=name,
                what=new_headings[new_first + come] if come is not None else headings[first + (gone or 0)],
                old=text,
                new=other,
                index=new_first + (come or 0),
                start=0 if text is None or other is None else changed_span(text, other)[0],
            )


def _headings(page: Words, otherwise: str) -> list[str]:
    """Return for every passage the heading under which it stands, itself included."""
    headings = []
    heading = otherwise
    for kind, text in page.passages:
        heading = text if kind.startswith("h") else heading
        headings.append(heading)
    return headings


def _paired(old: Sequence[str], new: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """Return indices of passages that became others, and with None those that were taken away or added."""
    if not old or not new:
        return [*((index, None) for index in range(len(old))), *((None, index) for index in range(len(new)))]
    if len(old) == len(new) == 1:
        return [(0, 0)]
    alike: dict[tuple[int, int], float] = {}
    if len(old) * len(new) <= _PAIRS:
        alike = {(i, j): _likeness(text, other) for i, text in enumerate(old) for j, other in enumerate(new)}
    best = max(alike, key=lambda pair: alike[pair], default=None)
    if best is None or alike[best] < _ALIKE:
        return [*((index, None) for index in range(len(old))), *((None, index) for index in range(len(new)))]
    i, j = best
    behind = [
        (None if gone is None else gone + i + 1, None if come is None else come + j + 1)
        for gone, come in _paired(old[i + 1 :], new[j + 1 :])
    ]
    return [*_paired(old[:i], new[:j]), best, *behind]


def _likeness(old: str, new: str) -> float:
    """Return how much of two texts their common beginning and end make up, from 0 to 1."""
    start, end, new_end = changed_span(old, new)
    return 1 - (end - start + new_end - start) / max(1, len(old) + len(new))


def changed_span(old: str, new: str) -> tuple[int, int, int]:
    """Return where *old* and *new* begin to differ, and where the difference ends in each; numbers stay whole."""
    shortest = min(len(old), len(new))
    start = next((index for index in range(shortest) if old[index] != new[index]), shortest)
    back = 0
    while back < shortest - start and old[-1 - back] == new[-1 - back]:
        back += 1
    while start and _UNBROKEN.match(old[start - 1]):
        start -= 1
    while back and _UNBROKEN.match(old[len(old) - back]):
        back -= 1
    return start, len(old) - back, len(new) - back


def changed_spans(old: str, new: str) -> tuple[tuple[int, int, int, int], ...]:
    """Return start and end of every part of *old* that differs, each with those of what stands in *new* instead."""
    start, end, new_end = changed_span(old, new)
    tokens, new_tokens = _TOKEN.findall(old[start:end]), _TOKEN.findall(new[start:new_end])
    if max(len(tokens), len(new_tokens)) > _COMPARED:
        return ((start, end, start, new_end),)
    spans: list[tuple[int, int, int, int]] = []
    position, new_position = start, start
    for tag, first, last, new_first, new_last in difflib.SequenceMatcher(
        None, tokens, new_tokens, autojunk=False
    ).get_opcodes():
        lengths = len("".join(tokens[first:last])), len("".join(new_tokens[new_first:new_last]))
        if tag != "equal":
            before = spans.pop() if spans and position - spans[-1][1] < _APART else None
            begin, new_begin = (before[0], before[2]) if before else (position, new_position)
            spans.append((begin, position + lengths[0], new_begin, new_position + lengths[1]))
        position, new_position = position + lengths[0], new_position + lengths[1]
    return tuple(spans)


def _even(text: str) -> str:
    """Return *text* without the blanks that make no difference to readers of Chinese."""
    return _GAP.sub("", _BLANKS.sub(" ", text))


def _shown(old: Snapshot, new: Snapshot, form: Form) -> Iterator[Difference]:
    """Yield tables and lists that no page shows any more, or that a page shows now."""
    captions = {f"statutory_table {table.id}": f"{table.caption}的表" for table in form.tables}
    captions["item_list"] = "主动公开信息的清单"
    before = {call: name for name, page in old.pages.items() for call in page.shows}
    after = {call: name for name, page in new.pages.items() for call in page.shows}
    for call in sorted(before.keys() ^ after.keys()):
        name = before.get(call) or after[call]
        states = ["列在页面上" if call in shown else "没有列在页面上" for shown in (before, after)]
        yield Difference(kind=SHOWN, key=name, what=captions.get(call, call), old=states[0], new=states[1])


def _files(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Difference]:
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            sums = [None if sum_ is None else f"SHA-256 {sum_}" for sum_ in (old.get(name), new.get(name))]
            yield Difference(kind=FILE, key=name, what=f"文件 {name}", old=sums[0], new=sums[1])
