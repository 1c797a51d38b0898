"""The printed form: sections and tables that a notice prescribes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A row or column heading. Headings form trees; a heading without children is a leaf.

    *path* joins the ids from the top by dots and is unique among the rows, or among the columns,
    of a block. *kind* and *unit* belong to leaves of columns: ``count``, ``change``, ``money`` or
    ``amount`` (see `macros.reading.numbers`). A *total* leaf is the sum of the other leaves below
    its parent and is never typed.
    """

    path: str
    label: str
    children: tuple[Heading, ...] = ()
    total: bool = False
    kind: str = ""
    unit: str = ""

    @property
    def leaves(self) -> tuple[Heading, ...]:
        """The leaves below, in order; a leaf is its own."""
        if not self.children:
            return (self,)
        return tuple(chain.from_iterable(child.leaves for child in self.children))

    @property
    def parts(self) -> tuple[Heading, ...]:
        """The leaves whose sum this heading stands for: all below it that are no totals."""
        return tuple(leaf for leaf in self.leaves if not leaf.total)

    @property
    def depth(self) -> int:
        """How many levels of headings stand below this one."""
        return 1 + max(child.depth for child in self.children) if self.children else 0

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
    has a single row whose path is empty.
    """

    id: str
    caption: str
    corner: str
    columns: Heading
    rows: Heading


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """A 勾稽关系 that the form prints: in every column the *left* rows add up to the *right* rows."""

    text: str
    left: tuple[str, ...]
    right: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A cell that is the sum of other cells, its *parts*, which are named by row and column path."""

    block: Block
    row: Heading
    column: Heading
    parts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Table:
    """One statutory table. *typed_by* says whether a data line is a row or a group of columns."""

    id: str
    caption: str
    typed_by: str
    maximum: int
    blocks: tuple[Block, ...]
    identities: tuple[Identity, ...] = ()

    def address(self, row: str, column: str) -> str:
        """Return the address of a cell, the same in data, macros, HTML ids and downloads."""
        return ".".join(filter(None, (self.id, row, column)))

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
            Total(block=block, row=row, column=column, parts=tuple((row.path, part.path) for part in group.parts))
            for block in self.blocks
            for row in block.rows.parts
            for group in block.columns.walk()
            for column in group.children
            if column.total
        )
        down = (
            Total(block=block, row=row, column=column, parts=tuple((part.path, column.path) for part in group.parts))
            for block in self.blocks
            for group in block.rows.walk()
            for row in group.children
            if row.total
            for column in block.columns.leaves
        )
        return (*across, *down)

    @cached_property
    def units(self) -> tuple[str, ...]:
        """The units of the cells, each once."""
        return tuple(dict.fromkeys(column.unit for _, _, column in self.grid if column.unit))

    def find(self, path: str) -> tuple[Block, Heading, Heading] | None:
        """Return block, row heading and column heading of *path*, or None.

        A path names a row and then a column; a column left out means 总计, or the only column.
        Where a row and a column share a name, as in ``results.total``, the row is meant.
        """
        found: tuple[Block, Heading, Heading] | None = None
        if path.endswith("."):
            return None
        for block in self.blocks:
            columns = {column.path: column for column in block.columns.walk() if column.path}
            leaves = block.columns.leaves
            default = leaves[0].path if len(leaves) == 1 else "total"
            for row in block.rows.walk():
                named = not row.path or path == row.path or path.startswith(f"{row.path}.")
                column = columns.get(path[len(row.path) :].removeprefix(".") or default)
                if not named or column is None or (not row.path and row.children):
                    continue
                if found is None or len(row.path) > len(found[1].path):
                    found = block, row, column
        return found


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
    """One edition of the form: 《政府信息公开条例》第五十条, with the notice in *basis*."""

    format: int
    name: str
    basis: str
    first_year: int
    last_year: int | None
    sections: tuple[Section, ...]
    tables: tuple[Table, ...]

    def holds_for(self, year: int) -> bool:
        """Say whether reports of *year* use this form."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)

    def table(self, id: str) -> Table | None:  # noqa: A002  # the field's own word
        """Return the table called *id*, or None."""
        return next((table for table in self.tables if table.id == id), None)
