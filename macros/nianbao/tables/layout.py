"""Where each heading and figure of a table stands: rows, columns and spans, computed from the form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nianbao.model.form import Block, Heading, Table
    from nianbao.model.report import Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A heading cell. *scope* is that of HTML: ``col``, ``colgroup``, ``row`` or ``rowgroup``."""

    id: str
    label: str
    scope: str
    column: int
    colspan: int
    rowspan: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """A figure with the ids of all headings it stands under. *columns* counts grid columns."""

    cell: Cell
    headers: tuple[str, ...]
    column: int
    colspan: int
    total: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the grid. *header* tells rows of column headings from rows of figures."""

    cells: tuple[Head | Data, ...]
    header: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A laid-out table: *width* grid columns, of which *stub* hold row headings."""

    width: int
    stub: int
    blocks: tuple[tuple[Row, ...], ...]


def lay_out(table: Table, cells: Mapping[tuple[str, str], Cell]) -> Grid:
    """Return *table* with *cells* as a grid. Columns are numbered from 0."""
    stub = max(block.rows.depth for block in table.blocks)
    width = stub + max(len(block.columns.leaves) for block in table.blocks)
    return Grid(
        width=width,
        stub=stub,
        blocks=tuple(
            (*_header(table, block, stub, width), *_body(table, block, cells, stub, width)) for block in table.blocks
        ),
    )


def _header(table: Table, block: Block, stub: int, width: int) -> Iterator[Row]:
    """Yield the caption row of the block, if it has one, and the rows of its column headings."""
    if not block.headed:
        return
    if block.caption:
        id_ = table.block_address(block)
        caption = Head(id=id_, label=block.caption, scope="colgroup", column=0, colspan=width, rowspan=1)
        yield Row(cells=(caption,), header=True)
    columns = block.heads
    depth = columns.depth + (1 if columns.label else 0)
    rows: list[list[Head]] = [[] for _ in range(depth)]
    if stub:
        rows[0].append(
            Head(id=table.corner_address(block), label=block.corner, scope="col", column=0, colspan=stub, rowspan=depth)
        )
    # Headings still to be placed: level, first grid column, and the column where their row of siblings ends.
    pending = [(0, stub, width, [columns] if columns.label else list(columns.children))]
    while pending:
        level, column, end, headings = pending.pop(0)
        for heading in headings:
            span = end - column if heading is headings[-1] else len(heading.leaves)  # The last takes what is left.
            rows[level].append(_column_head(table, block, heading, (column, span, depth - level)))
            if heading.children:
                pending.append((level + 1, column, column + span, list(heading.children)))
            column += span
    yield from (Row(cells=tuple(sorted(row, key=lambda head: head.column)), header=True) for row in rows)


def _column_head(table: Table, block: Block, heading: Heading, position: tuple[int, int, int]) -> Head:
    """Return the cell of *heading* at *position*: column, columns spanned, rows left below."""
    column, span, rows_left = position
    return Head(
        id=table.column_address(block, heading),
        label=heading.label,
        scope="colgroup" if heading.children else "col",
        column=column,
        colspan=span,
        rowspan=1 if heading.children else rows_left,
    )


def _body(table: Table, block: Block, cells: Mapping[tuple[str, str], Cell], stub: int, width: int) -> Iterator[Row]:
    """Yield the rows of figures; a row heading stands in the first row it spans."""
    columns = _columns(table, block, stub, width)
    above = block.rows.chains
    shown: set[str] = set()
    for row in block.rows.leaves:
        chain = above[row.path]
        line: list[Head | Data] = []
        for level, heading in enumerate(chain):
            if heading.path not in shown:
                shown.add(heading.path)
                line.append(_row_head(table, heading, level, stub))
        row_ids = tuple(table.address(heading.path, "") for heading in chain)
        for leaf, column, span, column_ids in columns:
            line.append(
                Data(
                    cell=cells[row.path, leaf.path],
                    headers=(*row_ids, *column_ids),
                    column=column,
                    colspan=span,
                    total=row.total or leaf.total,
                )
            )
        yield Row(cells=tuple(line), header=False)


def _row_head(table: Table, heading: Heading, level: int, stub: int) -> Head:
    return Head(
        id=table.address(heading.path, ""),
        label=heading.label,
        scope="rowgroup" if heading.children else "row",
        column=level,
        colspan=1 if heading.children else stub - level,
        rowspan=len(heading.leaves),
    )


def _columns(
    table: Table, block: Block, stub: int, width: int
) -> tuple[tuple[Heading, int, int, tuple[str, ...]], ...]:
    """Return each leaf column with its position, span and the ids of the headings above it."""
    above = block.columns.chains
    top = ([table.block_address(block)] if block.caption else []) + (
        [table.column_address(block, block.heads)] if block.heads.label else []
    )
    if block.printed is not None:  # A figure of its own columns stands under all that are printed.
        top += [table.column_address(block, heading) for heading in block.printed.walk() if heading.path]
        above = {}
    leaves = block.columns.leaves
    return tuple(
        (
            leaf,
            stub + index,
            width - stub - index if index == len(leaves) - 1 else 1,
            (*top, *(table.column_address(block, heading) for heading in above.get(leaf.path, ()))),
        )
        for index, leaf in enumerate(leaves)
    )
