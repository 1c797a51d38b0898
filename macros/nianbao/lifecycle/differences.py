"""What differs between two snapshots of a year: figures, facts, words and files, each with old and new."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, TypeAlias

from nianbao.lifecycle.article import FRONT, plain, typed_at
from nianbao.lifecycle.labels import cell_labels
from nianbao.lifecycle.snapshot import APPROVALS, BLANKS_ARE_ZERO, FIGURE_MARK, LATE_REASON, OLD, REMARKS, reduced
from nianbao.lifecycle.snapshot import FORM as FORM_NAME
from nianbao.model.report import STATUSES
from nianbao.pages.lists import approval_text
from nianbao.prose.macros import MACROS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nianbao.lifecycle.article import Block
    from nianbao.lifecycle.snapshot import Snapshot, Words
    from nianbao.model.form import Form
    from nianbao.model.report import Category

Pieces: TypeAlias = tuple[tuple[str, bool], ...]

CORRECTIONS = "corrections"
FIGURE, FACT, FORM, WORDS, SHOWN, FILE = "figure", "fact", "form", "words", "shown", "file"

# So many pairs of passages are compared for likeness; beyond that, old and new are told apart.
_PAIRS = 400
# Less likeness than this is no change of a passage but another passage.
_ALIKE = 0.4

# In longer texts the differences are not told one by one, and those less than so far apart are told together.
_COMPARED, _APART = 1500, 4

_TOKEN = re.compile(r"[0-9A-Za-z.]+|.", re.DOTALL)
_BLANKS = re.compile(r"\s+")
_GAP = re.compile(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])")
_SUFFIX = re.compile(r"[#\[].*")
_UNBROKEN = re.compile(r"[0-9A-Za-z.]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A difference of one *kind*. *old* is None for what was added, *new* for what was taken away.

    *key* is the address of a cell, a key of the data file or the name of a page or file; *what* is
    how readers call it. In a page *index* counts its passages, among corrections these, and *start* is the first
    character that differs. A *derived* figure is a total whose parts have changed.
    """

    kind: str
    key: str
    what: str
    old: str | None
    new: str | None
    index: int = 0
    start: int = 0
    derived: bool = False

    @property
    def states(self) -> tuple[Pieces | None, Pieces | None]:
        """How it was and is, as texts each with whether readers see it marked as changed; None for what is not there.

        Words are marked and nothing else.
        """
        old, new, words = self.old, self.new, self.kind == WORDS
        if words and old is not None and new is not None:
            spans = changed_spans(old, new)
            return _pieces(old, (span[:2] for span in spans)), _pieces(new, (span[2:] for span in spans))
        return None if old is None else ((old, words),), None if new is None else ((new, words),)


def differences(old: Snapshot, new: Snapshot, form: Form) -> tuple[Difference, ...]:
    """Return all differences between *old* and *new*, whose figures *form* names.

    Where one of them is of the kind `OLD`, the other is compared as far as that kind goes.
    """
    if OLD in {old.schema, new.schema}:
        old, new = reduced(old), reduced(new)
    return (
        *_facts(old, new),
        *_figures(old, new, form),
        *_forms(old, new, form),
        *_remarks(old, new, form),
        *_known(old, new),
        *_items(old.categories, new.categories),
        *_waivers(old, new),
        *_corrections(old, new),
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
        ("status", "状态", STATUSES.get(old.status, old.status), STATUSES.get(new.status, new.status)),
        (FORM_NAME, "表格样式", old.form or None, new.form or None),
        ("published_on", "公布日期", days[0], days[1]),
        (APPROVALS, "审签", approval_text(old.approvals) or None, approval_text(new.approvals) or None),
        (LATE_REASON, "迟延公布的原因", old.late_reason or None, new.late_reason or None),
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


def _forms(old: Snapshot, new: Snapshot, form: Form) -> Iterator[Difference]:
    """Yield labels of tables that are others now, and figures that stand in another order."""
    names = cell_labels(form)
    for table in dict.fromkeys([*old.labels, *new.labels]):
        before, after = old.labels.get(table, ()), new.labels.get(table, ())
        what = f"{next(iter(before or after), table)}的表样"
        told = False
        for tag, first, last, new_first, new_last in difflib.SequenceMatcher(None, before, after).get_opcodes():
            pairs = zip_longest(before[first:last], after[new_first:new_last]) if tag != "equal" else ()
            for gone, come in pairs:
                told = True
                yield Difference(kind=FORM, key=table, what=what, old=_label(gone, names), new=_label(come, names))
        if not told and before != after:
            yield Difference(kind=FORM, key=table, what=what, old="原来的次序", new="另一种次序")


def _label(label: str | None, names: Mapping[str, str]) -> str | None:
    """Return a label as it is printed, or the figure in whose place there is none."""
    if label is None or not label.startswith(FIGURE_MARK):
        return label
    address = label.removeprefix(FIGURE_MARK)
    return f"（{names.get(address, address)}的数）"


def _waivers(old: Snapshot, new: Snapshot) -> Iterator[Difference]:
    before, after = ({(rule, place): why for rule, place, why in one.waivers} for one in (old, new))
    for rule, place in dict.fromkeys([*before, *after]):
        pair = before.get((rule, place)), after.get((rule, place))
        if pair[0] != pair[1]:
            what = f"照原样公布的问题（{rule}，{place}）"
            yield Difference(kind=FACT, key="waivers", what=what, old=pair[0], new=pair[1])


def _corrections(old: Snapshot, new: Snapshot) -> Iterator[Difference]:
    """Yield corrections with another day or reason, and those that were added or taken back."""
    yield from amendments(old, new)
    known = min(len(old.corrections), len(new.corrections))
    for corrections, added in ((old.corrections, False), (new.corrections, True)):
        for index, (day, reason) in enumerate(corrections[known:], known):
            said = f"{day.isoformat()} {reason}"
            states = (None, said) if added else (said, None)
            yield _correction(index, "", *states)


def amendments(old: Snapshot, new: Snapshot) -> Iterator[Difference]:
    """Yield corrections whose day or reason has become another one."""
    for index, (before, after) in enumerate(zip(old.corrections, new.corrections, strict=False)):
        if before[0] != after[0]:
            yield _correction(index, "的日期", before[0].isoformat(), after[0].isoformat())
        if before[1] != after[1]:
            yield _correction(index, "的原因", before[1], after[1])


def _correction(index: int, part: str, old: str | None, new: str | None) -> Difference:
    what = f"第 {index + 1} 次更正{part}"
    return Difference(kind=FACT, key=CORRECTIONS, what=what, old=old, new=new, index=index)


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
    yield from _order(old, new)
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


def _order(old: Sequence[Category], new: Sequence[Category]) -> Iterator[Difference]:
    """Yield categories, and items of a category, that are the same in another order."""
    lists = [{"": [category.name for category in one]} for one in (old, new)]
    for one, named in zip((old, new), lists, strict=True):
        named |= {category.name: [item.title for item in category.items] for category in one}
    for name in lists[0].keys() & lists[1].keys():
        before, after = lists[0][name], lists[1][name]
        if before != after and sorted(before) == sorted(after):
            moved = [(gone, come) for gone, come in zip(before, after, strict=True) if gone != come]
            what = f"主动公开的{name}的次序" if name else "主动公开信息各类的次序"
            yield _item(what, "、".join(gone for gone, _ in moved), "、".join(come for _, come in moved))


def _item(what: str, old: str | None, new: str | None) -> Difference:
    return Difference(kind=FACT, key="items", what=what, old=old, new=new)


def _pages(old: Snapshot, new: Snapshot) -> Iterator[Difference]:
    for name in dict.fromkeys([*old.pages, *new.pages]):
        before, after = old.pages.get(name), new.pages.get(name)
        if before is None or after is None:
            said = [None if page is None else page.said for page in (before, after)]
            texts = [None if one is None else "\n".join(plain(block.text) for block in one) for one in said]
            yield Difference(kind=WORDS, key=name, what=f"页面 {name}", old=texts[0], new=texts[1])
        else:
            yield from word_differences(name, before, after, old.schema)


def word_differences(name: str, before: Words, after: Words, schema: int) -> Iterator[Difference]:
    """Yield what differs between two states of the page called *name*; blanks are no difference."""
    old, new = before.said, after.said
    headings, new_headings = _headings(old, name), _headings(new, name)
    keys, new_keys = ([_key(block, schema) for block in one] for one in (old, new))
    for tag, first, last, new_first, new_last in difflib.SequenceMatcher(None, keys, new_keys).get_opcodes():
        if tag == "equal":
            continue
        pairs = _paired(
            [plain(block.text) for block in old[first:last]], [plain(block.text) for block in new[new_first:new_last]]
        )
        for gone, come in pairs:
            text, other = _told(
                None if gone is None else old[first + gone], None if come is None else new[new_first + come]
            )
            if gone is not None and come is not None and old[first + gone] == new[new_first + come]:
                continue  # One of several that stand side by side is as it was.
            yield Difference(
                kind=WORDS,
                key=name,
                what=new_headings[new_first + come] if come is not None else headings[first + (gone or 0)],
                old=text,
                new=other,
                index=new_first + (come or 0),
                start=_start(text, other, None if come is None else new[new_first + come]),
            )


def _key(block: Block, schema: int) -> str:
    """Return what must be equal of a *block*; those of the kind `OLD` are compared by their words alone."""
    text = _even(block.text)
    return text if schema == OLD else f"{block.kind}\n{text}"


def _told(old: Block | None, new: Block | None) -> tuple[str | None, str | None]:
    """Return two states of a block for readers: their words, their markup where only that differs, or their kinds."""
    if old is None or new is None:
        states = (
            None if block is None else plain(block.text) or block.text or _kind(block.kind) for block in (old, new)
        )
        return next(states), next(states)
    if _even(plain(old.text)) != _even(plain(new.text)):
        return plain(old.text), plain(new.text)
    if old.text != new.text:
        return old.text, new.text
    if old.kind == new.kind:
        return old.text, new.text
    kinds = [_kind(old.kind), _kind(new.kind)]
    if kinds[0] == kinds[1]:
        kinds = [old.kind, new.kind]
    return f"{old.text}（{kinds[0]}）", f"{new.text}（{kinds[1]}）"


_KINDS = {
    "p": "段落",
    "ul": "列表",
    "ol": "编号的列表",
    "li": "一项",
    "td": "表格的一格",
    "th": "表头",
    "note": "录入说明",
    "blockquote": "引文",
    "hr": "分隔线",
    FRONT: "页首",
    **{f"h{level}": f"{level}级标题" for level in range(1, 7)},
}


def _kind(kind: str) -> str:
    """Return what a block of this *kind* is for readers, with its address."""
    parts = kind.split(" ")
    named = "，".join(dict.fromkeys(_KINDS[word] for part in parts if (word := _SUFFIX.sub("", part)) in _KINDS))
    return "，".join(filter(None, [named, *(found for part in parts for found in _SUFFIX.findall(part))]))


def _start(old: str | None, new: str | None, block: Block | None) -> int:
    """Return where in the text of *block* two states begin to differ, markup included."""
    if old is None or new is None or block is None:
        return 0
    start = changed_span(old, new)[0]
    return start if new == block.text else typed_at(block.text, start)


def _headings(said: Sequence[Block], otherwise: str) -> list[str]:
    """Return for every block the heading under which it stands, itself included."""
    headings = []
    heading = otherwise
    for kind, text in said:
        heading = plain(text) if kind.split(" ")[-1].startswith("h") and kind != "hr" else heading
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


def _pieces(text: str, spans: Iterable[tuple[int, int]]) -> Pieces:
    pieces: list[tuple[str, bool]] = []
    position = 0
    for start, end in spans:
        pieces += [(text[position:start], False), (text[start:end], True)]
        position = end
    pieces.append((text[position:], False))
    return tuple(piece for piece in pieces if piece[0])


def _even(text: str) -> str:
    """Return *text* without the blanks that make no difference to readers of Chinese."""
    return _GAP.sub("", _BLANKS.sub(" ", text))


def _shown(old: Snapshot, new: Snapshot, form: Form) -> Iterator[Difference]:
    """Yield tables and lists that no page shows any more, that a page shows now, or that stand elsewhere on it."""
    captions = {f"statutory_table {table.id}": f"{table.caption}的表" for table in form.tables}
    captions["item_list"] = "主动公开信息的清单"
    if old.schema == OLD:  # It does not tell where.
        before, after = ({call: name for name, page in one.pages.items() for call in page.shows} for one in (old, new))
        for call in sorted(before.keys() ^ after.keys()):
            yield _drawing(before.get(call) or after[call], call, captions, (call in before, call in after))
        return
    for name in [name for name in old.pages if name in new.pages]:
        page, other = old.pages[name], new.pages[name]
        lost, more = Counter(page.shows) - Counter(other.shows), Counter(other.shows) - Counter(page.shows)
        for call in (*lost, *more):
            yield _drawing(name, call, captions, (call in lost, call in more))
        if not lost and not more and page.said == other.said and page.blocks != other.blocks:
            calls = [call for call, again in zip(page.shows, other.shows, strict=True) if call != again]
            what = _caption(calls[0] if calls else page.shows[0], captions)
            yield Difference(kind=SHOWN, key=name, what=what, old="原来的位置", new="页面上的另一处")


def _drawing(name: str, call: str, captions: Mapping[str, str], shown: tuple[bool, bool]) -> Difference:
    states = ["列在页面上" if one else "没有列在页面上" for one in shown]
    return Difference(kind=SHOWN, key=name, what=_caption(call, captions), old=states[0], new=states[1])


def _caption(call: str, captions: Mapping[str, str]) -> str:
    name = call.split(" ", maxsplit=1)[0]
    return captions.get(call) or (MACROS[name].meaning.partition("，")[0] if name in MACROS else call)


def _files(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Difference]:
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            sums = [None if sum_ is None else f"SHA-256 {sum_}" for sum_ in (old.get(name), new.get(name))]
            yield Difference(kind=FILE, key=name, what=f"文件 {name}", old=sums[0], new=sums[1])
