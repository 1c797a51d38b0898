"""The printed form: sections and tables that a notice prescribes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from nianbao.reading.findings import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What holds of the figures at and below the address *here*, with a *note* for readers.

    *there* is the address in the edition before that they continue, empty where they continue none.
    """

    here: str
    there: str
    note: str
    place: Place

    def covers(self, address: str) -> bool:
        """Say whether *address* is *here* or below it."""
        return address == self.here or address.startswith(f"{self.here}.")

    def translated(self, address: str) -> str:
        """Return the address in the edition before that *address*, which is covered, continues; empty for none."""
        return self.there + address.removeprefix(self.here) if self.there else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crosswalk:
    """The way back to the edition called *format*. What no link covers continues what has the same address."""

    format: int
    links: tuple[Link, ...]
    place: Place

    def link(self, address: str) -> Link | None:
        """Return the link that covers *address*, or None."""
        return next((link for link in self.links if link.covers(address)), None)


_ORDINAL = re.compile(r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|[0-9]+\.)")
_REMARK = re.compile(r"（[^（）]*）$")


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A row or column heading. Headings form trees; a heading without children is a leaf.

    *path* joins the ids from the top by dots and is unique among the rows, or among the columns,
    of a block. *kind* and *unit* belong to leaves of columns: ``count``, ``change``, ``money`` or
    ``amount`` (see `nianbao.reading.numbers`). A *total* leaf is the sum of the other leaves below
    its parent; what an original prints there may be typed as a second entry.
    """

    path: str
    label: str
    children: tuple[Heading, ...] = ()
    total: bool = False
    kind: str = ""
    unit: str = ""

    @cached_property
    def leaves(self) -> tuple[Heading, ...]:
        """The leaves below, in order; a leaf is its own."""
        if not self.children:
            return (self,)
        return tuple(chain.from_iterable(child.leaves for child in self.children))

    @cached_property
    def parts(self) -> tuple[Heading, ...]:
        """The leaves whose sum this heading stands for: all below it that are no totals, or itself."""
        return tuple(leaf for leaf in self.leaves if not leaf.total) if self.children else (self,)

    @cached_property
    def chains(self) -> dict[str, tuple[Heading, ...]]:
        """By the path of each leaf below, the headings over it and itself, without those that have no name."""
        own = (self,) if self.path else ()
        if not self.children:
            return {self.path: own}
        return {path: (*own, *chain) for child in self.children for path, chain in child.chains.items()}

    @cached_property
    def depth(self) -> int:
        """How many levels of headings stand below this one."""
        return 1 + max(child.depth for child in self.children) if self.children else 0

    @property
    def key(self) -> str:
        """The last id of the path, as data files write it."""
        return self.path.rpartition(".")[2]

    @property
    def words(self) -> str:
        """The label without the number before it and the remark behind it."""
        return _REMARK.sub("", _ORDINAL.sub("", self.label))

    def walk(self) -> Iterator[Heading]:
        """Yield this heading and all below it, each before its children."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, kw_only=True)
class Block:
    """A part of a table with columns of its own.

    The roots of *rows* and *columns* carry no id; the label of the root of *columns* stands over
    all columns (申请人情况) and is empty where the form prints none. A block without row headings
    has a single row whose path is empty. One that is not *headed* goes on below the block before, under
    its headings. *printed* are the headings of columns over figures that have columns of their own.
    """

    id: str
    caption: str
    corner: str
    columns: Heading
    rows: Heading
    headed: bool = True
    printed: Heading | None = None

    @property
    def heads(self) -> Heading:
        """The headings of columns that stand over the figures."""
        return self.printed or self.columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A 勾稽关系 that the form prints: in every column the *left* rows add up to the *right* rows."""

    text: str
    left: tuple[str, ...]
    right: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A cell that is the sum of other cells, its *parts*; these and its *position* are row and column path."""

    block: Block
    row: Heading
    column: Heading
    address: str
    position: tuple[str, str]
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A typed cell: its *address*, its *position* by row and column path, and its *column*."""

    address: str
    position: tuple[str, str]
    column: Heading


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a data file writes in one list: the figures of *slots*, or of *whole*, which has the printed totals too.

    All figures of a *total* line are totals.
    """

    label: str
    slots: tuple[Slot, ...]
    whole: tuple[Slot, ...]
    total: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What a data file writes as a mapping: *below* has lines and groups by key, *labels* the words of the form.

    *totals* are the lines that may be left out: what the original prints in rows that are computed.
    """

    label: str
    below: Mapping[str, Line | Group]
    labels: Mapping[str, str]
    totals: Mapping[str, Line]


@dataclass(frozen=True, kw_only=True)
class Table:
    """One statutory table. *typed_by* says whether a data line is a row or a group of columns.

    *notes* are what readers must know of a table that is not printed as the notice has it.
    """

    id: str
    caption: str
    typed_by: str
    maximum: int
    blocks: tuple[Block, ...]
    identities: tuple[Identity, ...] = ()
    notes: tuple[str, ...] = ()

    def address(self, row: str, column: str) -> str:
        """Return the address of a cell, the same in data, macros, HTML ids and downloads."""
        return ".".join(filter(None, (self.id, row, column)))

    def block_address(self, block: Block) -> str:
        """Return the address of the caption of *block*, that of the table where blocks have none."""
        return self.address(block.id, "")

    def corner_address(self, block: Block) -> str:
        """Return the address of the heading over the row headings of *block*."""
        return f"{self.block_address(block)}.corner"

    def column_address(self, block: Block, column: Heading) -> str:
        """Return the address of a heading of columns, which no cell has: tables without rows name cells by column."""
        return ".".join(filter(None, (self.block_address(block), "columns", column.path)))

    @cached_property
    def grid(self) -> tuple[tuple[Block, Heading, Heading], ...]:
        """Every cell of the table as block, row leaf and column leaf, in reading order."""
        return tuple(
            (block, row, column)
            for block in self.blocks
            for row in block.rows.leaves
            for column in block.columns.leaves
        )

    @cached_property
    def totals(self) -> tuple[Total, ...]:
        """Every computed cell: first those of a row's own columns, then those of the rows that are totals."""
        across = (
            self._total(block, row, column, ((row.path, part.path) for part in group.parts))
            for block in self.blocks
            for row in block.rows.parts
            for group in block.columns.walk()
            for column in group.children
            if column.total
        )
        down = (
            self._total(block, row, column, ((part.path, column.path) for part in group.parts))
            for block in self.blocks
            for group in block.rows.walk()
            for row in group.children
            if row.total
            for column in block.columns.leaves
        )
        return (*across, *down)

    def _total(self, block: Block, row: Heading, column: Heading, parts: Iterable[tuple[str, str]]) -> Total:
        return Total(
            block=block,
            row=row,
            column=column,
            address=self.address(row.path, column.path),
            position=(row.path, column.path),
            parts=tuple(parts),
        )

    @property
    def roots(self) -> tuple[Heading, ...]:
        """What the lines of the data are, block by block: the rows, or the columns where these are typed in groups."""
        return tuple(block.rows if self.typed_by == "row" else block.columns for block in self.blocks)

    @cached_property
    def groups(self) -> tuple[Heading, ...]:
        """The headings of columns that stand right above leaves, in order."""
        headings = (heading for block in self.blocks for heading in block.columns.walk())
        return tuple(heading for heading in headings if heading.path and heading.depth == 1)

    @cached_property
    def typed(self) -> Group:
        """What is typed of the table, nested in the data as the headings are in the form."""
        roots = zip(self.blocks, self.roots, strict=True)
        return self._group(self.caption, [(block, heading) for block, root in roots for heading in root.children])

    def _group(self, label: str, headings: Iterable[tuple[Block, Heading]]) -> Group:
        listed = tuple(headings)
        typed = {heading.key: (block, heading) for block, heading in listed if not heading.total}
        rows = [(block, heading) for block, heading in listed if heading.total and self.typed_by == "row"]
        return Group(
            label=label,
            below=MappingProxyType({key: self._typed(block, heading) for key, (block, heading) in typed.items()}),
            labels=MappingProxyType({key: heading.label for key, (_, heading) in typed.items()}),
            totals=MappingProxyType({row.key: self._line(row, row, block.columns) for block, row in rows}),
        )

    def _typed(self, block: Block, heading: Heading) -> Line | Group:
        if self.typed_by == "row" and not heading.children:
            return self._line(heading, heading, block.columns)
        if self.typed_by == "group" and not any(column.children for column in heading.children):
            return self._line(heading, block.rows, heading)
        return self._group(heading.label, [(block, below) for below in heading.children])

    def _line(self, named: Heading, row: Heading, columns: Heading) -> Line:
        whole = tuple(
            Slot(address=self.address(row.path, column.path), position=(row.path, column.path), column=column)
            for column in columns.leaves
        )
        slots = tuple(slot for slot in whole if not slot.column.total)
        return Line(label=named.label, slots=slots, whole=whole, total=row.total)

    @cached_property
    def units(self) -> tuple[str, ...]:
        """The units of the cells, each once."""
        return tuple(dict.fromkeys(column.unit for _, _, column in self.grid if column.unit))

    def find(self, path: str) -> tuple[Block, Heading, Heading] | None:
        """Return block, row heading and column heading of *path*, or None.

        A path names a row and then a column; a column left out means 总计, or the only column.
        Where a row and a column share a name, as in ``results.total``, the row is meant.
        """
        return self.named.get(path)

    @property
    def cell_addresses(self) -> Mapping[str, str]:
        """The address of every cell by each path below the table that names it."""
        return {
            path: self.address(row.path, column.path)
            for path, (_, row, column) in self.named.items()
            if not row.children and not column.children
        }

    @cached_property
    def named(self) -> Mapping[str, tuple[Block, Heading, Heading]]:
        """Block, row heading and column heading by every path that names them."""
        named: dict[str, tuple[Block, Heading, Heading]] = {}
        for block in self.blocks:
            leaves = block.columns.leaves
            default = leaves[0].path if len(leaves) == 1 else "total"
            for row in block.rows.walk():
                if not row.path and row.children:
                    continue
                for column in block.columns.walk():
                    if not column.path:
                        continue
                    whole = ".".join(filter(None, (row.path, column.path)))
                    for path in (whole, row.path) if column.path == default else (whole,):
                        if path not in named or len(row.path) > len(named[path][1].path):
                            named[path] = block, row, column
        return MappingProxyType(named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One of the six sections, with the number and title that the notice prescribes."""

    id: str
    number: str
    title: str
    table: str = ""
    parts: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """Number and title as printed."""
        return f"{self.number}、{self.title}"


@dataclass(frozen=True, kw_only=True)
class Form:
    """One edition of the form: 《政府信息公开条例》第五十条, with the notice in *basis*.

    *earlier* tells how its figures continue those of the edition before, and is None where that is not known.
    *former* pairs addresses of earlier editions with those here that continue them, where these differ.
    *variant* is the name of a portal's own way of printing the edition, empty for the edition itself.
    """

    format: int
    name: str
    basis: str
    first_year: int
    last_year: int | None
    sections: tuple[Section, ...]
    tables: tuple[Table, ...]
    earlier: Crosswalk | None = None
    former: tuple[tuple[str, str], ...] = ()
    variant: str = ""

    @property
    def id(self) -> str:
        """The name of the form's file, by which a report says that it uses it."""
        return "-".join(filter(None, (str(self.format), self.variant)))

    def holds_for(self, year: int) -> bool:
        """Say whether reports of *year* use this form."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)

    def table(self, id: str) -> Table | None:  # noqa: A002  # the field's own word
        """Return the table called *id*, or None."""
        return next((table for table in self.tables if table.id == id), None)

    def section(self, id: str) -> Section | None:  # noqa: A002  # the field's own word
        """Return the section called *id*, or None."""
        return next((section for section in self.sections if section.id == id), None)

    def section_of(self, table: str) -> Section | None:
        """Return the section that has the table called *table*, or None."""
        return next((section for section in self.sections if section.table == table), None)

    @cached_property
    def cell_addresses(self) -> Mapping[str, str]:
        """The address of every cell by each path that names it; see `Table.find`."""
        return MappingProxyType(
            {f"{table.id}.{path}": address for table in self.tables for path, address in table.cell_addresses.items()}
        )

    def find(self, address: str) -> tuple[Table, Heading, Heading] | None:
        """Return table, row heading and column heading of *address*, or None; see `Table.find`."""
        return self._named.get(address)

    @cached_property
    def _named(self) -> Mapping[str, tuple[Table, Heading, Heading]]:
        """Table, row heading and column heading by every address that names them."""
        return MappingProxyType(
            {
                f"{table.id}.{path}": (table, row, column)
                for table in self.tables
                for path, (_, row, column) in table.named.items()
            }
        )

    def current(self, address: str) -> str:
        """Return what is here the *address* of a figure that an earlier edition, or this one, has at *address*."""
        return self._moved.get(address, address)

    @cached_property
    def _moved(self) -> Mapping[str, str]:
        """The address here of each figure that has another one in an earlier edition."""
        # A variant may print one figure in place of a group and its total.
        moved = {whole: address for address in self._named if (whole := f"{address}.total") not in self._named}
        for there, here in reversed(self.former):  # Of several that lead to one, the first counts.
            moved |= {there + address.removeprefix(here): address for address in self._named if _within(address, here)}
        return MappingProxyType(moved)

    def origin(self, address: str) -> str:
        """Return the address that the earliest edition has for what is here at *address*; `current` leads back."""
        found = [
            (len(here), there + address.removeprefix(here)) for there, here in self.former if _within(address, here)
        ]
        # Of all editions that name it as closely, the earliest stands last.
        return max(reversed(found), key=lambda each: each[0])[1] if found else address

    def continuing(self, address: str) -> str | None:
        """Return the address of the figure that continues what the edition before has at *address*, or None."""
        if self.earlier is None:
            return None
        links = self.earlier.links
        moved = (link.here + address.removeprefix(link.there) for link in links if _within(address, link.there))
        kept = () if self.earlier.link(address) else (address,)
        return next((found for found in (*moved, *kept) if self.find(found) is not None), None)

    def earlier_address(self, address: str) -> str:
        """Return the address in the edition before of what *address* continues, empty where it continues nothing."""
        link = self.earlier.link(address) if self.earlier is not None else None
        return "" if self.earlier is None else link.translated(address) if link is not None else address

    def heading(self, address: str) -> Heading | None:
        """Return the heading that names the figure at *address*: its row, or its column where that is no total."""
        found = self.find(address)
        if found is None:
            return None
        _, row, column = found
        return row if row.path and column.total else column

    def label(self, address: str) -> str:
        """Return what the form prints for the figure at *address*, or *address* where it has none."""
        heading = self.heading(address)
        return address if heading is None else heading.label

    def words(self, address: str) -> str:
        """Return what the form calls the figure at *address*, see `Heading.words`, or *address* where it has none."""
        heading = self.heading(address)
        return address if heading is None else heading.words

    def unit(self, address: str) -> str:
        """Return the unit of the figure at *address*, empty where it has none."""
        found = self.find(address)
        return "" if found is None else found[2].leaves[0].unit

    def below(self, address: str) -> Mapping[str, Heading]:
        """Return what the figure at *address*, or the table so called, is the sum of: headings by their addresses."""
        table, heading = self.table(address), self.heading(address)
        roots = table.roots if table is not None else (heading,) if heading is not None else ()
        children = (child for root in roots for child in root.children)
        return {f"{address}.{child.key}": child for child in children if not child.total}

    def across(self, address: str) -> tuple[str, ...]:
        """Return the addresses of the columns of the row at *address* but for totals; groups stand for their sums."""
        id_, _, path = address.partition(".")
        table = self.table(id_)
        found = table.find(path) if table is not None else None
        columns = found[0].columns.children if found is not None else ()
        return tuple(f"{address}.{column.path}" for column in columns if not column.total)

    def total(self, address: str) -> str:
        """Return the address of the total that the form prints of the group at *address*, or *address* itself."""
        heading = self.heading(address)
        totals = [child for child in heading.children if child.total] if heading is not None else []
        return f"{address}.{totals[0].key}" if totals else address


def _within(address: str, group: str) -> bool:
    """Say whether *address* is *group*, which may be empty for none, or below it."""
    return bool(group) and (address == group or address.startswith(f"{group}."))
