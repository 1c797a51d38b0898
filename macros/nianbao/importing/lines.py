"""Lines of a form as an original prints them, judged: each cell is certain, or it is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.importing.answers import Question, Reading
from nianbao.importing.values import EMPTY, is_blank, printed_row, value_of
from nianbao.reading import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nianbao.importing.values import Value
    from nianbao.model.form import Block, Heading, Table


_UNPLACED = "这些数不能确定是哪一列的"
_MOVED = "这一行有空着的格，不能确定其余的数没有错位；请照原件核对"


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """What stands in a cell, and where."""

    raw: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A printed row of *block*, which is a row of the form, *heading*, or stands for all rows below that heading.

    *cells* has what is printed for each leaf of the columns, in the order of the form, where there is no *doubt*;
    with a doubt, which says in Chinese what is wrong with the whole row, it has whatever figures were found.
    *place* is where the row stands, *way* how it was read. Where *proved* is not true, the row's sums must prove it.
    Blank cells are *certain* where the kind of original cannot hide what stands in them. Figures that could belong
    to another row are not *proposed*.
    """

    table: Table
    block: Block
    heading: Heading
    cells: tuple[Printed, ...]
    place: str
    way: str
    doubt: str = ""
    proved: bool = True
    certain: bool = True
    proposed: bool = True

    @property
    def raw(self) -> str:
        """The figures as they are printed, in one line."""
        return printed_row(cell.raw for cell in self.cells)

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses of all cells that the row is to give."""
        return tuple(
            self.table.address(row.path, column.path)
            for row in self.heading.leaves
            for column in self.block.columns.leaves
        )

    @property
    def label(self) -> str:
        """What the form calls the row, or its table where that has no rows."""
        return self.heading.label or self.table.caption


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    column: Heading
    address: str
    cell: Printed
    value: Value


def judged(line: Line) -> Iterator[Reading | Question]:
    """Yield a reading or a question for every cell of *line*."""
    if line.doubt or line.heading.children:
        yield _whole(line)
        return
    cells = [
        _Judged(
            column=column,
            address=line.table.address(line.heading.path, column.path),
            cell=cell,
            value=value_of(cell.raw, column),
        )
        for column, cell in zip(line.block.columns.leaves, line.cells, strict=True)
    ]
    found = [each for group in _groups(line.block.columns, cells) for each in _group(line, group)]
    moved = [each for each in found if isinstance(each, Question) and each.reason == _MOVED]
    if moved and sum(isinstance(each, Question) for each in found) > 1:
        # A figure that was lost has moved all behind it, and their sums can fit by chance.
        yield _asked(line, cells, f"“{line.label}”", _MOVED)
        return
    yield from found


def _whole(line: Line) -> Question:
    """Return the one question of a row that cannot be read; nothing but zeros makes a proposal for any number."""
    addresses = line.addresses
    columns = line.block.columns.leaves * len(line.heading.leaves)
    values = [value_of(cell.raw, column).likely for cell, column in zip(line.cells, columns, strict=False)]
    zeros = bool(line.cells) and all(cell.raw.strip() in {"0", "０"} for cell in line.cells)
    proposal: tuple[str, ...] = ()
    if not line.proposed:
        pass
    elif zeros:
        proposal = tuple(numbers.NOTHING[column.kind] for column in columns)
    elif len(line.cells) == len(addresses) and all(values) and not line.heading.children:
        proposal = tuple(values)
    doubt = line.doubt or f"只印了一行，格式里它下面有 {len(line.heading.leaves)} 行"
    return Question(
        text=f"“{line.label}”：{doubt}",
        raw=line.raw,
        place=line.place,
        addresses=addresses,
        proposal=proposal,
        reason=doubt,
    )


def _groups(columns: Heading, cells: list[_Judged]) -> Iterator[list[_Judged]]:
    """Yield the cells that one total sums up, with the total; all that belong to none together."""
    by_path = {cell.column.path: cell for cell in cells}
    rest = dict(by_path)
    for heading in columns.walk():
        if any(child.total for child in heading.children):
            leaves = [leaf.path for leaf in heading.leaves]
            yield [by_path[path] for path in leaves]
            for path in leaves:
                rest.pop(path, None)
    if rest:
        yield list(rest.values())


def _group(line: Line, cells: list[_Judged]) -> Iterator[Reading | Question]:
    totals = [cell for cell in cells if cell.column.total]
    parts = [cell for cell in cells if not cell.column.total]
    if not totals and not line.proved:
        yield _asked(line, cells, f"“{line.label}”", _UNPLACED)
        return
    amounts = [counted(cell.value.likely) for cell in parts]
    stated = counted(totals[0].value.likely) if totals else None
    shown_total = bool(totals) and not is_blank(totals[0].cell.raw)
    known = all(number is not None for number in amounts)
    fits = shown_total and known and stated is not None and sum(number or 0 for number in amounts) == stated
    if totals and shown_total and known and stated is not None and not fits:
        # One of them is wrong, and no one but a person can say which.
        said = f"各项之和是 {sum(number or 0 for number in amounts)}，总计印的是 {stated}；请照原件核对"
        yield _asked(line, cells, f"“{line.label}”", said)
        return
    blanks = [cell for cell in cells if is_blank(cell.cell.raw)]
    doubtful = [cell for cell in cells if cell.value.doubt]
    if not line.proved and not fits:
        yield _asked(line, cells, f"“{line.label}”", _UNPLACED)
        return
    if len(blanks) not in {0, len(cells)} and (doubtful or not fits):
        # Nothing proves that the figures beside an empty cell were not moved.
        yield _asked(line, cells, f"“{line.label}”", _MOVED)
        return
    for doubt in dict.fromkeys(cell.value.doubt for cell in doubtful):
        alike = [cell for cell in doubtful if cell.value.doubt == doubt]
        yield _asked(line, alike, f"“{line.label}”的{_names(alike)}", doubt)
    unseen = [] if line.certain or fits else blanks
    if unseen:
        yield _asked(line, unseen, f"“{line.label}”的{_names(unseen)}", EMPTY)
    for cell in cells:
        if not cell.value.doubt and cell not in unseen:
            place = cell.cell.place
            yield Reading(address=cell.address, value=cell.value.value, raw=cell.cell.raw, place=place, way=line.way)


def _asked(line: Line, cells: list[_Judged], subject: str, reason: str) -> Question:
    proposal = tuple(cell.value.likely for cell in cells)
    return Question(
        text=f"{subject}：{reason}",
        reason=reason,
        raw=printed_row(cell.cell.raw for cell in cells),
        place=line.place if len(cells) > 1 else cells[0].cell.place,
        addresses=tuple(cell.address for cell in cells),
        proposal=proposal if all(proposal) else (),
    )


def _names(cells: list[_Judged]) -> str:
    return "".join(f"“{cell.column.words}”" for cell in cells)


def counted(text: str) -> int | None:
    """Return the count that *text* writes, 0 for a blank, None where it writes none."""
    if text == numbers.BLANK:
        return 0
    number = numbers.parse(text, "count") if text else None
    return number if isinstance(number, int) else None


def sums_fit(block: Block, raws: Mapping[str, str]) -> bool:
    """Say whether every total of *block* is the sum of its parts in *raws*, printed figures by path of column."""
    for heading in block.columns.walk():
        totals = [child for child in heading.children if child.total]
        if not totals:
            continue
        parts = [counted(value_of(raws[leaf.path], leaf).value) for leaf in heading.parts]
        stated = counted(value_of(raws[totals[0].path], totals[0]).value)
        if stated is None or any(part is None for part in parts) or sum(part or 0 for part in parts) != stated:
            return False
    return True
