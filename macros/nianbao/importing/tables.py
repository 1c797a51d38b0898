"""Figures of a form from the tables of an original: headings first, then rows by their labels."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from nianbao.importing.answers import Unused
from nianbao.importing.labels import best, normalised, similarity
from nianbao.importing.lines import Line, Printed
from nianbao.importing.original import PAGE_NUMBER, Paragraph, Table
from nianbao.importing.values import is_blank, is_figure, printed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nianbao.importing.original import Cell, Content
    from nianbao.model.form import Block, Form, Heading
    from nianbao.model.form import Table as FormTable

_WAY = "表格"
# A word over a column is at least so like its label in the form.
_HEADING = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class _Cell:
    """A cell of a grid with its place; *row* and *column* are those of the grid, which can join several tables."""

    text: str
    row: int
    column: int
    rows: int
    columns: int
    place: str

    @property
    def until(self) -> int:
        """The first column to its right."""
        return self.column + self.columns

    def over(self, columns: Iterable[int]) -> bool:
        """Say whether the cell covers any of *columns*."""
        return any(self.column <= column < self.until for column in columns)


@dataclass(frozen=True)
class _Grid:
    """A table of the original, with those that continue it on later pages."""

    cells: tuple[_Cell, ...]
    place: str
    height: int
    width: int

    @cached_property
    def rows(self) -> tuple[tuple[_Cell, ...], ...]:
        """The cells that each row covers, from left to right."""
        rows: list[list[_Cell]] = [[] for _ in range(self.height)]
        for cell in self.cells:
            for row in range(cell.row, min(cell.row + cell.rows, self.height)):
                rows[row].append(cell)
        return tuple(tuple(sorted(row, key=lambda cell: cell.column)) for row in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A row of the form: its table, its block, its heading."""

    table: FormTable
    block: Block
    heading: Heading


@dataclass(frozen=True)
class _FormLabels:
    """What a form prints, arranged for searching."""

    form: Form

    @cached_property
    def blocks(self) -> tuple[tuple[FormTable, Block], ...]:
        """Every block with its table."""
        return tuple((table, block) for table in self.form.tables for block in table.blocks)

    @cached_property
    def rows(self) -> Mapping[str, tuple[_Place, ...]]:
        """The rows by label, groups of rows too."""
        rows: dict[str, list[_Place]] = defaultdict(list)
        for table, block in self.blocks:
            for heading in block.rows.walk():
                if heading.label and heading.path:
                    rows[heading.label].append(_Place(table=table, block=block, heading=heading))
        return {label: tuple(places) for label, places in rows.items()}

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """What stands over columns: their labels, those of their groups, and the corners."""
        labels = [
            label
            for _, block in self.blocks
            for label in (*(heading.label for heading in block.columns.walk()), block.corner)
        ]
        return tuple(dict.fromkeys(filter(None, labels)))

    def over_columns(self, text: str) -> bool:
        """Say whether *text* is a label over columns."""
        return bool(normalised(text)) and any(similarity(text, label) >= _HEADING for label in self.columns)

    def only_column(self, text: str) -> bool:
        """Say whether *text* is the label of a column that is the only one of its block."""
        only = [block.columns.leaves[0].label for _, block in self.blocks if len(block.columns.leaves) == 1]
        return any(similarity(text, label) >= _HEADING for label in only)

    def part_of_heading(self, text: str) -> bool:
        """Say whether *text* may be a piece of a label over columns."""
        piece = normalised(text)
        return bool(piece) and any(piece in normalised(label) for label in self.columns)


def lines_of_tables(form: Form, contents: Sequence[Content], *, certain: bool) -> Iterator[Line | Unused]:
    """Yield the lines of *form* that the tables among *contents* print, and what in them fits nowhere.

    *certain* tells that a cell in which nothing was read is empty.
    """
    labels = _FormLabels(form)
    before: _Heads | None = None
    for grid in _grids(contents):
        rows, before = _rows_of(labels, grid, before)
        yield from _read_rows(labels, grid, rows, certain=certain)


def _grids(contents: Sequence[Content]) -> Iterator[_Grid]:
    """Yield the tables, each joined with those that go on on the next page in as many columns."""
    joined: list[Table] = []
    for content in contents:
        if isinstance(content, Table):
            before = joined[-1] if joined else None
            follows = before is not None and before.page is not None and content.page == before.page + 1
            if before is not None and not (follows and _width(before) == _width(content)):
                yield _grid(joined)
                joined = []
            joined.append(content)
        elif not (isinstance(content, Paragraph) and PAGE_NUMBER.fullmatch(content.text)) and joined:
            yield _grid(joined)
            joined = []
    if joined:
        yield _grid(joined)


def _width(table: Table) -> int:
    return max((cell.column + cell.columns for cell in table.cells), default=0)


def _grid(tables: Sequence[Table]) -> _Grid:
    cells: list[_Cell] = []
    offset = 0
    for table in tables:
        cells.extend(_moved(table, cell, offset) for cell in table.cells)
        offset += max((cell.row + cell.rows for cell in table.cells), default=0)
    return _Grid(
        cells=tuple(cells),
        place=tables[0].place,
        height=offset,
        width=max((_width(table) for table in tables), default=0),
    )


def _moved(table: Table, cell: Cell, offset: int) -> _Cell:
    return _Cell(cell.text, cell.row + offset, cell.column, cell.rows, cell.columns, table.where(cell))


@dataclass(frozen=True, eq=False)
class _Heads:
    """The rows of *grid* from *first* up to *until*, which hold the words over the columns."""

    labels: _FormLabels
    grid: _Grid
    first: int
    until: int
    _found: dict[int, Mapping[str, frozenset[int]]] = field(default_factory=dict)

    @cached_property
    def stacks(self) -> Mapping[int, tuple[_Cell, ...]]:
        """The cells with words over each column of the grid, from top to bottom."""
        stacks: dict[int, dict[_Cell, None]] = {column: {} for column in range(self.grid.width)}
        for row in range(self.first, self.until):
            for cell in self.grid.rows[row]:
                for column in range(cell.column, min(cell.until, self.grid.width)):
                    if normalised(cell.text):
                        stacks[column][cell] = None
        return {column: tuple(stack) for column, stack in stacks.items()}

    def columns(self, block: Block) -> Mapping[str, frozenset[int]]:
        """Return the columns of the grid under each leaf of *block*, by its path; one that is not found has none."""
        if id(block) not in self._found:
            self._found[id(block)] = self._columns(block)
        return self._found[id(block)]

    def _columns(self, block: Block) -> Mapping[str, frozenset[int]]:
        by_label: dict[str, dict[_Cell, set[int]]] = defaultdict(lambda: defaultdict(set))
        for column, label in self._named(block).items():
            by_label[label][self.stacks[column][-1]].add(column)
        parents = _parents(block)
        found: dict[str, set[int]] = defaultdict(set)
        for label, heads in by_label.items():
            leaves = [leaf for leaf in block.columns.leaves if leaf.label == label]
            meant = [leaves[0] if len(leaves) == 1 else self._by_group(own, leaves, parents) for own in heads.values()]
            if None in meant and len(heads) == len(leaves):
                # No group tells them apart, but they are as many as in the form.
                meant = list(leaves)
            for leaf, own in zip(meant, heads.values(), strict=True):
                if leaf is not None:
                    found[leaf.path].update(own)
        return {path: frozenset(columns) for path, columns in found.items()}

    def _named(self, block: Block) -> Mapping[int, str]:
        """Return the label of a leaf of *block* over each column of the grid that has one, from left to right."""
        labels = [leaf.label for leaf in block.columns.leaves]
        named = {}
        for column, stack in self.stacks.items():
            scores = []
            for start in range(len(stack)):
                text = "".join(cell.text for cell in stack[start:])
                label = best(text, labels)
                if label is not None and similarity(text, label) >= _HEADING:
                    scores.append((similarity(text, label), start, label))
            if scores:
                named[column] = max(scores)[2]
        return named

    def _by_group(
        self, columns: Iterable[int], leaves: Sequence[Heading], parents: Mapping[str, str]
    ) -> Heading | None:
        """Return the one of *leaves*, which share a label, whose group alone stands over *columns*."""
        found = {leaf.path: leaf for column in columns if (leaf := self._leaf(column, leaves, parents)) is not None}
        return next(iter(found.values())) if len(found) == 1 else None

    def _leaf(self, column: int, leaves: Sequence[Heading], parents: Mapping[str, str]) -> Heading | None:
        stack = [cell.text for cell in self.stacks[column]]
        texts = ["".join(stack[start:until]) for start in range(len(stack)) for until in range(start + 1, len(stack))]
        scores = sorted(
            (
                (max((similarity(text, parents[leaf.path]) for text in texts), default=0.0), at)
                for at, leaf in enumerate(leaves)
            ),
            reverse=True,
        )
        certain = scores[0][0] >= _HEADING and (len(scores) == 1 or scores[0][0] > scores[1][0])
        return leaves[scores[0][1]] if certain else None


def _parents(block: Block) -> Mapping[str, str]:
    """Return the label right above each leaf of the columns of *block*, by the path of the leaf."""
    return {child.path: heading.label for heading in block.columns.walk() for child in heading.children}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A row below headings: its *label*, perhaps from several cells, its *figures* from left to right.

    *inner* tells that words stand right of figures, *merged* that a figure belongs to two rows.
    """

    label: str
    tried: tuple[str, ...]
    figures: tuple[_Cell, ...]
    place: str
    text: str
    inner: bool = False
    merged: bool = False

    @property
    def empty(self) -> bool:
        """Say whether nothing is printed where figures are to stand."""
        return all(is_blank(cell.text) for cell in self.figures)


def _rows_of(
    labels: _FormLabels, grid: _Grid, before: _Heads | None
) -> tuple[list[tuple[_Row, _Heads | None]], _Heads | None]:
    """Return the rows of *grid* below their headings, and the last headings; *before* are those of the table before."""
    heads = before
    rows: list[tuple[_Row, _Heads | None]] = []
    at = 0
    while at < grid.height:
        until = _head_rows(labels, grid, at)
        if until > at:
            heads, at = _Heads(labels, grid, at, until), until
            continue
        found = _row(labels, grid, at)
        if found is not None:
            rows.append((found, heads))
        at += 1
    return rows, heads


def _read_rows(
    labels: _FormLabels, grid: _Grid, rows: Sequence[tuple[_Row, _Heads | None]], *, certain: bool
) -> Iterator[Line | Unused]:
    # Without headings of its own, nothing but labels of rows can tell that the table goes on from one before.
    if all(
        (heads is None or heads.grid is not grid) and _meant(labels, row, heads, grid) is None for row, heads in rows
    ):
        if any(not row.empty for row, _ in rows):
            yield Unused(raw=rows[0][0].text[:80], place=grid.place, why="这张表不是格式里的表")
        return
    joined = list(_whole_rows(labels, rows))
    places = [_meant(labels, row, heads, grid) for row, heads in joined]
    for at, ((row, heads), place) in enumerate(zip(joined, places, strict=True)):
        if place is not None:
            near = [other for other in (at - 1, at + 1) if 0 <= other < len(joined)]
            stray = row.empty and any(places[other] is None and not joined[other][0].empty for other in near)
            yield _line(row, place, heads, grid, certain=certain, stray=stray)
        elif not row.empty:
            yield Unused(raw=row.text, place=row.place, why="格式里没有这一行，或者上面没有格式的列标题")


def _whole_rows(
    labels: _FormLabels, rows: Sequence[tuple[_Row, _Heads | None]]
) -> Iterator[tuple[_Row, _Heads | None]]:
    """Yield *rows*, those that a page cut in two as one."""
    at = 0
    while at < len(rows):
        row, heads = rows[at]
        at += 1
        if at < len(rows) and rows[at][1] is heads:
            joined = _joined(labels, row, rows[at][0])
            if joined is not None:
                row = joined
                at += 1
        yield row, heads


def _head_rows(labels: _FormLabels, grid: _Grid, row: int) -> int:
    """Return the row behind the headings that begin in *row*; *row* itself where none do."""
    until = row
    certain = False
    while until < grid.height:
        own = [cell.text for cell in grid.rows[until] if cell.row == until and not is_blank(cell.text)]
        if not own or any(is_figure(text) for text in own):
            break
        matched = sum(labels.over_columns(text) for text in own)
        alone = len(own) == 1 and until == row and labels.only_column(own[0])
        if (matched >= 2 and 2 * matched >= len(own)) or alone:  # noqa: PLR2004  # a label of a row can be one of a column
            certain = True
        elif not all(labels.part_of_heading(text) for text in own) or (len(own) == 1 and not certain):
            break
        until += 1
    return until if certain or _stacked(labels, grid, row, until) else row


def _stacked(labels: _FormLabels, grid: _Grid, first: int, until: int) -> bool:
    """Say whether rows from *first* up to *until* hold labels over columns of which every row has but a piece."""
    stacks = _Heads(labels, grid, first, until).stacks.values()
    whole = {text for stack in stacks if labels.over_columns(text := "".join(cell.text for cell in stack))}
    return len(whole) >= 2  # noqa: PLR2004  # a label of a row can be one of a column


def _row(labels: _FormLabels, grid: _Grid, row: int) -> _Row | None:
    """Return what *row* of the grid says, None where it has no figures and no room for any."""
    cells = grid.rows[row]
    own = [cell for cell in cells if cell.row == row]
    # A cell that begins above and holds no words was meant for that row and for this one.
    figures = [cell for cell in cells if _stands_for_figure(labels, cell)]
    words = [cell for cell in own if not _stands_for_figure(labels, cell)]
    above = [cell for cell in cells if cell.row < row and not _stands_for_figure(labels, cell)]
    first_word = max((cell.column for cell in (words or above)), default=-1)
    right = [cell for cell in figures if cell.column > first_word]
    inner = any(
        not is_blank(cell.text)
        for cell in figures
        if min((w.column for w in words), default=0) < cell.column < first_word
    )
    if not right and not figures:
        return None
    tried = [words[-1].text, "".join(cell.text for cell in words)] if words else [above[-1].text] if above else [""]
    return _Row(
        label=tried[0],
        tried=tuple(dict.fromkeys(tried)),
        figures=tuple(figures if inner else right),
        place=next((cell.place for cell in own), grid.place),
        text=" ".join(printed(cell.text) for cell in own if not is_blank(cell.text)),
        inner=inner,
        merged=any(cell.rows > 1 and not is_blank(cell.text) for cell in right),
    )


def _stands_for_figure(labels: _FormLabels, cell: _Cell) -> bool:
    return is_figure(cell.text) and (is_blank(cell.text) or best(cell.text, labels.rows) is None)


def _joined(labels: _FormLabels, row: _Row, following: _Row) -> _Row | None:
    """Return two rows as the one that a page cut, None where they are two."""
    if not (row.label and following.label) or row.empty == following.empty:
        return None
    text = row.label + following.label
    label = best(text, labels.rows)
    if label is None:
        return None
    likeness = similarity(text, label)
    own = [best(each.label, labels.rows) for each in (row, following)]
    halves = zip((row, following), own, strict=True)
    if any(each not in {None, label} and similarity(half.label, each or "") >= likeness for half, each in halves):
        return None
    alone = max(similarity(row.label, label), similarity(following.label, label))
    # A number alone in one half leaves the other as like as the whole.
    if likeness < alone or (likeness == alone and None not in own):
        return None
    filled = following if row.empty else row
    return replace(filled, label=text, tried=(text,), place=row.place, text=f"{row.text} {following.text}".strip())


def _meant(labels: _FormLabels, row: _Row, heads: _Heads | None, grid: _Grid) -> _Place | None:
    """Return the row of the form that *row* of *grid* is, under *heads*; None where it is none."""
    own = heads is not None and heads.grid is grid
    for text in row.tried:
        label = best(text, labels.rows)
        if label is None:
            continue
        for place in labels.rows[label]:
            # Below no headings of its own, only a row whose sum can prove it.
            if (heads is not None and heads.columns(place.block)) if own else _summed(place.block):
                return place
    if heads is None or (row.label and best(row.label, labels.rows) is not None):
        return None
    for table, block in labels.blocks:
        count = len(block.columns.leaves)
        whole = block.rows.leaves[0].path == "" and len(heads.columns(block)) == count
        # Below the headings of a page before, its figures are as many and their sums must prove them.
        if whole and (own or len(_fitting(row.figures, count)) == count):
            return _Place(table=table, block=block, heading=block.rows.leaves[0])
    return None


def _summed(block: Block) -> bool:
    return any(column.total for column in block.columns.leaves)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Under:
    """The *columns* of the grid under the headings of *leaves*; headings that are *own* stand in the same grid.

    Headings of a table before tell the order of columns, but not where they stand in this one.
    """

    leaves: tuple[Heading, ...]
    columns: Mapping[str, frozenset[int]]
    own: bool

    @property
    def known(self) -> bool:
        """Say whether every leaf has a heading."""
        return len(self.columns) == len(self.leaves)

    @property
    def order(self) -> tuple[Heading, ...]:
        """The leaves from left to right, in the order of the form where not all are known."""
        if not self.known:
            return self.leaves
        return tuple(sorted(self.leaves, key=lambda leaf: min(self.columns[leaf.path])))

    def doubt(self, figures: Sequence[_Cell]) -> str:
        """Return why *figures*, as many as leaves, cannot be told apart by the headings; empty where they can."""
        if not self.columns:
            return "上面没有格式的列标题，不能确定每个数是哪一列的"
        # A total is known by its sum; of the others one can be missing where the figures stand below the headings.
        if sum(not leaf.total and leaf.path not in self.columns for leaf in self.leaves) > self.own:
            return "有几列的标题认不出，不能确定每个数是哪一列的"
        if not self.own:
            places = [min(self.columns[leaf.path]) for leaf in self.leaves if leaf.path in self.columns]
            in_order = self.known or places == sorted(places)
            return "" if in_order else "上面列标题的次序和格式不同，不能确定每个数是哪一列的"
        # Where one heading is not known, the others must leave it its place in the form.
        beneath = all(
            cell.over(self.columns[leaf.path])
            for cell, leaf in zip(figures, self.order, strict=True)
            if leaf.path in self.columns
        )
        return "" if beneath else "数没有对齐上面的列标题，不能确定每个数是哪一列的"


def _line(row: _Row, place: _Place, heads: _Heads | None, grid: _Grid, *, certain: bool, stray: bool) -> Line:  # noqa: PLR0913  # what a row is judged by
    leaves = place.block.columns.leaves
    columns = heads.columns(place.block) if heads is not None else {}
    under = _Under(leaves=leaves, columns=columns, own=heads is not None and heads.grid is grid)
    figures = _fitting(row.figures, len(leaves))
    if row.inner or (not place.heading.path and row.label and not is_figure(row.label)):
        doubt = "数的中间有文字，不能确定每个数是哪一列的"
    elif len(figures) != len(leaves):
        doubt = f"这一行有 {len(figures)} 个数，格式是 {len(leaves)} 列"
    elif row.merged:
        doubt = "有一格和上下的行合并了，不能确定是哪一行的"
    elif stray:
        doubt = "这一行空着，紧挨着的一行有数而没有格式里的标签，不能确定是不是这一行的"
    else:
        doubt = under.doubt(figures)
    cells = [Printed(raw=cell.text, place=cell.place) for cell in figures]
    if len(cells) == len(leaves):
        by_leaf = {leaf.path: cell for leaf, cell in zip(under.order, cells, strict=True)}
        cells = [by_leaf[leaf.path] for leaf in leaves]
    return Line(
        table=place.table,
        block=place.block,
        heading=place.heading,
        cells=tuple(cells),
        place=row.place,
        way=_WAY,
        doubt=doubt,
        proved=under.known and under.own,
        certain=certain,
    )


def _fitting(figures: Sequence[_Cell], count: int) -> tuple[_Cell, ...]:
    """Return *figures* without blank ones at the edges that are more than *count*."""
    kept = list(figures)
    while len(kept) > count and is_blank(kept[-1].text):
        kept.pop()
    while len(kept) > count and is_blank(kept[0].text):
        kept.pop(0)
    return tuple(kept)
