"""Reads the variants of a form: a portal's files that say only how some reports print an edition otherwise.

A variant of the edition of 2021 is ``data/forms/2021-本局.yml``::

    format: 2021
    note: 本局2021年度的报告把“（六）其他处理”印作一行。
    changes:
      - {merge: requests.results.otherwise}

Headings are named by the addresses that they have on the page. What comes of it is a `Form` like any other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

from nianbao.model.form import Heading
from nianbao.reading.fields import IDENTIFIER, TEXT, YEAR, Field, Fields, Items
from nianbao.reading.findings import shown
from nianbao.reading.values import Reader, nearest, open_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    import yaml

    from nianbao.model.form import Block, Form, Table
    from nianbao.reading.findings import Findings

_FORMAT = Field("format", "格式", YEAR, "按哪一年的规定格式改动")
_NOTE = Field("note", "说明", TEXT, "与规定格式有什么不同，在改动过的表下面公开")
_CHANGES = Field("changes", "改动", Items(Fields("改动")))

_LABEL = Field("label", "文字", TEXT)
_ID = Field("id", "标识", IDENTIFIER)

_RENAME = Fields("改动", (Field("rename", "改文字的标题", TEXT), _LABEL))
_MERGE = Fields("改动", (Field("merge", "合印成一个数的标题", TEXT),), (_LABEL,))
_JOIN = Fields("改动", (Field("join", "合印的几行或几列", Items(TEXT)), _ID, _LABEL))
_AFTER = Fields("改动", (Field("after", "新的行或列之前的标题", TEXT), _ID, _LABEL))
_BEFORE = Fields("改动", (Field("before", "新的行或列之后的标题", TEXT), _ID, _LABEL))
_REMOVE = Fields("改动", (Field("remove", "没有印的标题", TEXT),))


# The column of a row whose figures are printed as one, and how few columns or rows may be.
_MERGED, _FEWEST = "merged", 2

T = TypeVar("T")


class _ChangeError(Exception):
    """A change cannot be made; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spot:
    """What an address names in a *table*: the table itself, or in a *block* its caption, its corner or a *heading*.

    *side* is ``table``, ``caption``, ``corner``, ``rows`` or ``columns``.
    """

    table: Table
    side: str
    block: Block | None = None
    heading: Heading | None = None

    @property
    def label(self) -> str:
        """The words that the form prints there."""
        if self.heading is not None:
            return self.heading.label
        if self.block is None:
            return self.table.caption
        return self.block.caption if self.side == "caption" else self.block.corner

    @property
    def root(self) -> Heading:
        """The root of the headings among which the heading stands."""
        if self.block is None:
            raise LookupError(self.side)
        return self.block.rows if self.side == "rows" else self.block.columns


def read_variant(path: Path, name: str, editions: Mapping[int, Form | None], findings: Findings) -> Form | None:
    """Return the variant in the file at *path*, called *name*, or None after recording what is wrong with it.

    *editions* are the forms that it may be a variant of; nothing is recorded of one whose own file is at fault.
    """
    before = len(findings)
    root = open_file(path, name, findings)
    if root is None:
        return None
    reader = Reader(name, findings)
    nodes = reader.mapping(root, "表格样式", required={field.name: field.title for field in (_FORMAT, _NOTE, _CHANGES)})
    number = _FORMAT.kind.read(reader, nodes["format"], _FORMAT.title) if "format" in nodes else None
    note = _NOTE.kind.read(reader, nodes["note"], _NOTE.title) if "note" in nodes else None
    first, _, variant = path.stem.partition("-")
    if number is not None and first != str(number):
        reader.fault(nodes["format"], f"格式 {number} 与文件名 {path.name} 不一致；请改正其一")
    if number is not None and number not in editions:
        known = "、".join(map(str, sorted(editions)))
        reader.fault(nodes["format"], f"没有 {number} 年的格式文件；现有的格式是 {known}")
    written = reader.sequence(nodes["changes"], _CHANGES.title) if "changes" in nodes else ()
    form = editions.get(number) if number is not None else None
    if form is None or note is None or len(findings) > before:
        return None
    changed = form
    for node in written:
        changed = _changed(changed, form, node, reader)
    if len(findings) == before and changed.tables == form.tables:
        reader.fault(nodes["changes"], f"没有与 {form.format} 年格式不同之处；请写明改动，没有改动的删去这个文件")
    if len(findings) > before:
        return None
    return replace(changed, variant=variant, tables=tuple(_noted(table, form, note) for table in changed.tables))


def _noted(table: Table, form: Form, note: str) -> Table:
    return table if table == form.table(table.id) else replace(table, notes=(*table.notes, f"{note.rstrip('。')}。"))


def _changed(form: Form, original: Form, node: yaml.Node, reader: Reader) -> Form:
    """Return *form* with the change that *node* writes, or as it is after recording why it cannot be made."""
    pairs = node.value if isinstance(node.value, list) and node.tag.endswith(":map") else []
    keys = [key.value for key, _ in pairs]
    found = next(((fields, make) for key, (fields, make) in _KINDS.items() if key in keys), None)
    if found is None:
        reader.fault(node, f"改动里应有 {'、'.join(_KINDS)} 之一，写明改哪里；请补上")
        return form
    fields, make = found
    own = {field.name for field in fields.all}
    other = next((key for key, _ in pairs if key.value in _KINDS and key.value not in own), None)
    if other is not None:
        first = fields.required[0].name
        reader.fault(other, f"一条改动只写一件事，这里既有 {first}，又有 {other.value}；请分成两条，各以 - 开头")
        return form
    before = len(reader.findings)
    record = fields.open(node, reader)
    values = {field.name: record.read(field) for field in fields.all}
    if len(reader.findings) > before:
        return form
    try:
        return make(form, original, values)
    except _ChangeError as error:
        reader.fault(record.nodes[str(fields.required[0].name)], str(error))
        return form


_Values = dict[str, Any]


def _rename(form: Form, _: Form, values: _Values) -> Form:
    address, label = values["rename"], values["label"]
    spot = _spot(form, address)
    if spot.label == label:
        message = f"{address} 的文字本来就是“{label}”；请改成原件的文字，或删去这一条"
        raise _ChangeError(message)
    if spot.side == "table":
        return _with(form, replace(spot.table, caption=label))
    if spot.heading is None:
        return _blocks(form, spot, lambda block: replace(block, **{spot.side: label}))
    path = spot.heading.path

    def relabelled(root: Heading) -> Heading:
        children = tuple(map(relabelled, root.children))
        return replace(root, children=children, label=label if root.path == path else root.label)

    def change(block: Block) -> Block:
        if spot.side == "rows":
            return replace(block, rows=relabelled(block.rows))
        printed = None if block.printed is None else relabelled(block.printed)
        return replace(block, columns=relabelled(block.columns), printed=printed)

    return _blocks(form, spot, change)


def _merge(form: Form, _: Form, values: _Values) -> Form:
    address, label = values["merge"], values["label"]
    spot = _spot(form, address)
    block, heading = spot.block, spot.heading
    if block is None or heading is None:
        message = f"{address} 不是行或列，不能合印成一个数；请写行或列的地址"
        raise _ChangeError(message)
    if not heading.path:  # Of all columns the total is left.
        columns = _only(block.columns, address)
        return _blocks(form, spot, lambda one: replace(one, columns=columns))
    if not heading.children:
        return _merge_row(form, spot, label, address)
    leaf = replace(heading, children=(), label=label or heading.label)
    if spot.side == "columns":
        kind, unit = _common(heading.leaves, address)
        leaf = replace(leaf, kind=kind, unit=unit)
    return _edited(form, spot, {heading.path: (leaf,)})


def _merge_row(form: Form, spot: _Spot, label: str | None, address: str) -> Form:
    """Return *form* with one figure in place of all those of a row, which becomes a block of its own."""
    block, row = spot.block, spot.heading
    if block is None or row is None or spot.side != "rows" or row not in block.rows.children:
        message = f"{address} 没有分项，也不是最上一级的行；能合印的是有分项的行、列，或最上一级的一行里的各列"
        raise _ChangeError(message)
    if len(block.columns.leaves) == 1:
        message = f"{address} 一行只有一个数，没有可以合印的；请删去这一条"
        raise _ChangeError(message)
    rows, index = block.rows.children, block.rows.children.index(row)
    merged = replace(row, label=label or row.label)
    parts = (
        (rows[:index], block.columns, block.printed),
        ((merged,), _only(block.columns, address), block.heads),
        (rows[index + 1 :], block.columns, block.printed),
    )
    pieces = [
        replace(block, rows=replace(block.rows, children=children), columns=columns, printed=printed)
        for children, columns, printed in parts
        if children
    ]
    whole = [replace(piece, headed=block.headed and piece is pieces[0]) for piece in pieces]
    blocks = chain.from_iterable(whole if one is block else (one,) for one in spot.table.blocks)
    return _with(form, replace(spot.table, blocks=tuple(blocks)))


def _only(columns: Heading, address: str) -> Heading:
    """Return *columns* with one in place of all: the total where there is one, or else one that joins them."""
    kind, unit = _common(columns.leaves, address)
    whole = next((child for child in columns.children if child.total), None)
    label = "、".join(leaf.label for leaf in columns.parts)
    one = replace(whole, total=False) if whole else Heading(path=_MERGED, label=label, kind=kind, unit=unit)
    return replace(columns, children=(one,))


def _common(leaves: Sequence[Heading], address: str) -> tuple[str, str]:
    """Return kind and unit of *leaves*, which are to become one figure."""
    found = {(leaf.kind, leaf.unit) for leaf in leaves}
    if len(found) > 1:
        message = f"{address} 的各列单位或写法不同，不能合成一个数；请分开写"
        raise _ChangeError(message)
    return found.pop()


def _join(form: Form, original: Form, values: _Values) -> Form:
    addresses = values["join"]
    spots = [_spot(form, address) for address in addresses]
    leaves = tuple(one.heading for one in spots if one.heading and not one.heading.children and not one.heading.total)
    if len(leaves) < max(_FEWEST, len(spots)):
        message = "合印的应是几行或几列，各自没有分项，也不是合计；请写出它们的地址，至少两个"
        raise _ChangeError(message)
    first = spots[0]
    parent = next(one for one in first.root.walk() if leaves[0] in one.children)
    start = parent.children.index(leaves[0])
    if parent.children[start : start + len(leaves)] != leaves:
        message = "合印的各行（列）应当相邻，同属一组，按印出的次序写；请改正"
        raise _ChangeError(message)
    kind, unit = _common(leaves, addresses[0]) if first.side == "columns" else ("", "")
    path = _new_path(form, original, first, values["id"])
    one = Heading(path=path, label=values["label"], kind=kind, unit=unit)
    return _edited(form, first, {leaf.path: () for leaf in leaves[1:]} | {leaves[0].path: (one,)})


def _add(form: Form, original: Form, values: _Values) -> Form:
    address = values.get("after") or values["before"]
    spot = _spot(form, address)
    beside = spot.heading
    if beside is None or not beside.path:
        message = f"{address} 不是行或列；请写新的一行或一列紧挨着的那一行或那一列的地址"
        raise _ChangeError(message)
    leaf = beside.leaves[0]
    path = _new_path(form, original, spot, values["id"])
    one = Heading(path=path, label=values["label"], kind=leaf.kind, unit=leaf.unit)
    if spot.side == "rows" and spot.block is not None and spot.block.printed is not None:
        return _with(form, _beside_merged(spot.table, spot.block, one, after="after" in values))
    return _edited(form, spot, {beside.path: (beside, one) if "after" in values else (one, beside)})


def _beside_merged(table: Table, merged: Block, row: Heading, *, after: bool) -> Table:
    """Return *table* with *row* beside the one of *merged*, which has one figure: the new row has all its columns."""
    index = table.blocks.index(merged)
    number = index + 1 if after else index - 1
    neighbour = table.blocks[number] if 0 <= number < len(table.blocks) else None
    if neighbour is not None and neighbour.id == merged.id and neighbour.printed is None:
        children = (row, *neighbour.rows.children) if after else (*neighbour.rows.children, row)
        joined = replace(neighbour, rows=replace(neighbour.rows, children=children))
        return replace(table, blocks=tuple(joined if one is neighbour else one for one in table.blocks))
    rows = replace(merged.rows, children=(row,))
    piece = replace(merged, rows=rows, columns=merged.heads, printed=None, headed=not after and merged.headed)
    below = replace(merged, headed=after and merged.headed)
    pieces = (below, piece) if after else (piece, below)
    return replace(table, blocks=(*table.blocks[:index], *pieces, *table.blocks[index + 1 :]))


def _remove(form: Form, _: Form, values: _Values) -> Form:
    address = values["remove"]
    spot = _spot(form, address)
    if spot.side == "table":
        sections = tuple(replace(one, table="") if one.table == spot.table.id else one for one in form.sections)
        tables = tuple(table for table in form.tables if table.id != spot.table.id)
        if not tables:
            message = f"只剩 {address} 这一张表，不能再去掉；请至少留一张"
            raise _ChangeError(message)
        return replace(form, sections=sections, tables=tables)
    if spot.side == "caption" and spot.block is not None:
        blocks = tuple(block for block in spot.table.blocks if block.id != spot.block.id)
        return _with(form, replace(spot.table, blocks=_left(blocks, address)))
    if spot.heading is None or not spot.heading.path:
        message = f"{address} 不能去掉；请写行、列、一块或一张表的地址，文字不同的用 rename"
        raise _ChangeError(message)
    return _edited(form, spot, {spot.heading.path: ()})


_KINDS: Mapping[str, tuple[Fields, Callable[[Form, Form, _Values], Form]]] = {
    "rename": (_RENAME, _rename),
    "merge": (_MERGE, _merge),
    "join": (_JOIN, _join),
    "after": (_AFTER, _add),
    "before": (_BEFORE, _add),
    "remove": (_REMOVE, _remove),
}


def _spot(form: Form, address: str) -> _Spot:
    """Return what *address* names in *form*. Raises _ChangeError for what is no heading of it."""
    spots = dict(_spots(form))
    if address not in spots:
        where = f"{form.format} 年格式里没有{shown(address)}这个标题{nearest(address, spots)}"
        message = f"{where}；行写作 requests.received，列写作 requests.columns.natural_person，见网页上标题的地址"
        raise _ChangeError(message)
    return spots[address]


def _spots(form: Form) -> Iterator[tuple[str, _Spot]]:
    """Yield all that can be changed in *form* by its address."""
    for table in form.tables:
        yield table.id, _Spot(table=table, side="table")
        for block in table.blocks:
            if block.id:
                yield table.block_address(block), _Spot(table=table, side="caption", block=block)
            if block.corner:
                yield table.corner_address(block), _Spot(table=table, side="corner", block=block)
            for heading in block.heads.walk():
                yield (
                    table.column_address(block, heading),
                    _Spot(table=table, side="columns", block=block, heading=heading),
                )
            for heading in block.rows.walk():
                if heading.path:
                    yield table.address(heading.path, ""), _Spot(table=table, side="rows", block=block, heading=heading)


def _with(form: Form, table: Table) -> Form:
    """Return *form* with *table* in place of the one of its name, whose identities still have all their rows."""
    rows = {row.path for block in table.blocks for row in block.rows.leaves}
    kept = tuple(one for one in table.identities if rows.issuperset((*one.left, *one.right)))
    whole = replace(table, identities=kept)
    return replace(form, tables=tuple(whole if one.id == table.id else one for one in form.tables))


def _blocks(form: Form, spot: _Spot, change: Callable[[Block], Block]) -> Form:
    """Return *form* with *change* made to the block of *spot*, all its pieces."""
    own = spot.block.id if spot.block is not None else ""
    return _with(form, replace(spot.table, blocks=tuple(change(b) if b.id == own else b for b in spot.table.blocks)))


def _edited(form: Form, spot: _Spot, instead: Mapping[str, Sequence[Heading]]) -> Form:
    """Return *form* with other headings *instead* of some, by their paths, on the side and in the block of *spot*."""
    where = spot.table.block_address(spot.block) if spot.block is not None else spot.table.id

    def change(block: Block) -> Block:
        if spot.side == "rows":
            return replace(block, rows=_tree(block.rows, instead, where))
        printed = None if block.printed is None else _tree(block.printed, instead, where)
        return replace(block, columns=_tree(block.columns, instead, where), printed=printed)

    return _blocks(form, spot, change)


def _tree(root: Heading, instead: Mapping[str, Sequence[Heading]], where: str) -> Heading:
    """Return the tree of *root*, which stands *where*, with other headings *instead* of some."""
    if not root.children:
        return root
    found = (instead.get(child.path, (_tree(child, instead, where),)) for child in root.children)
    children = tuple(chain.from_iterable(found))
    return replace(root, children=_left(children, f"“{root.label}”" if root.path else where))


def _left(kept: tuple[T, ...], what: str) -> tuple[T, ...]:
    """Return what is *kept* of something. Raises _ChangeError where nothing is."""
    if not kept:
        message = f"这样改以后，{what} 里就什么也没有了；请改为去掉整个 {what}"
        raise _ChangeError(message)
    return kept


def _new_path(form: Form, original: Form, spot: _Spot, id_: str) -> str:
    """Return the path of a new heading called *id_* beside that of *spot*. Raises _ChangeError where it is taken."""
    above = spot.heading.path.rpartition(".")[0] if spot.heading is not None else ""
    path = ".".join(filter(None, (above, id_)))
    headings = (
        heading.path
        for table in (*form.tables, *original.tables)
        if table.id == spot.table.id
        for block in table.blocks
        for root in (block.rows, block.columns)
        for heading in root.walk()
    )
    if path in headings:
        message = f"标识 {path} 在 {form.format} 年格式里已经用了；请换一个，历年比较才不会接错"
        raise _ChangeError(message)
    return path
