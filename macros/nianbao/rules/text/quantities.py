"""What a figure in the prose may be of: cells or sums of them, the fee, the items; with the words for messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.model.report import FEE, ITEMS, plain, total

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nianbao.model.form import Heading, Table
    from nianbao.model.report import Report
    from nianbao.reading.findings import Place
    from nianbao.reading.numbers import Number

# Rows whose printed labels are sentences.
_SHORT = {
    "requests.received": "本年新收",
    "requests.carried_in": "上年结转",
    "requests.results": "办理结果",
    "requests.results.total": "办理结果",
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """The sum of the figures at *paths*: addresses of this or any earlier edition of the form; see `Form.current`."""

    paths: tuple[str, ...]

    @property
    def call(self) -> str:
        """The only path, empty where there is more than one."""
        return self.paths[0] if len(self.paths) == 1 else ""

    @property
    def money(self) -> bool:
        """Whether this is an amount of money."""
        return self.paths[0] == FEE or self.paths[0].endswith(".amount")

    def value(self, report: Report) -> Number | None:
        """Return the figure in *report*, None where it is unknown or its form has no such cell."""
        return total(_value(report, path) for path in self.paths)

    def least(self, report: Report) -> Number:
        """Return what the known parts of the figure add up to: it cannot be less."""
        return sum(_least(report, path) for path in self.paths)

    def printed(self, report: Report) -> Number | None:
        """Return the total that an archived original prints instead, if it does."""
        if not self.call:
            return None
        found = _found(report, self.call)
        if found is None:
            return None
        cell = report.cells[found[0].id].get((found[1].path, found[2].path))
        return None if cell is None else cell.printed

    def place(self, report: Report) -> Place:
        """Return where the figure, or the first of its parts, is typed."""
        found = _found(report, self.paths[0])
        if found is None:
            return report.place(self.paths[0].partition(".")[0])
        table, row, column = found
        cells = report.cells[table.id]
        return (cells.get((row.path, column.path)) or cells[row.parts[0].path, column.parts[0].path]).place

    def name(self, report: Report) -> str:
        """Return what messages call the figure."""
        return "与".join(_name(report, path) for path in self.paths) + ("之和" if len(self.paths) > 1 else "")

    def unit(self, report: Report) -> str:
        """Return the unit of the figure in the data."""
        if self.paths[0] == FEE:
            return "元"
        found = _found(report, self.paths[0])
        return "条" if found is None else found[2].leaves[0].unit

    def told(self, report: Report) -> str:
        """Return name and figure as messages tell them; of a figure that cannot be read, what its parts come to."""
        if self.value(report) is not None:
            return f"{self.name(report)}是 {self.shown(report)}"
        return (
            f"{self.name(report)}可以辨认的已有 {plain(self.least(report))} {self.unit(report)}（{self.place(report)}）"
        )

    def shown(self, report: Report) -> str:
        """Return the figure of *report* as messages show it, with its unit and its place."""
        value = self.value(report)
        written = "不详" if value is None else plain(value)
        return f"{written} {self.unit(report)}（{self.place(report)}）"


RECEIVED, CARRIED_IN, CARRIED_OUT = (
    Quantity((f"requests.{row}",)) for row in ("received", "carried_in", "carried_out")
)
ANSWERED = Quantity(("requests.results.total",))
BOTH = Quantity((*RECEIVED.paths, *CARRIED_IN.paths))


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a figure is of: one of *options*, the likeliest first; *row*, *topics* and *doc* hold for what follows.

    An uncertain meaning only confirms, unless it is *doubtful*: then a person must look at what differs, or
    *likely*: then at what differs by a slip of the pen.
    A *loose* figure may leave out what was carried in, and one not above *within* may be a part of that.
    """

    options: tuple[Quantity, ...]
    certain: bool = True
    doubtful: bool = False
    likely: bool = False
    loose: bool = False
    within: Quantity | None = None
    row: str = ""
    topics: tuple[str, ...] = ()
    doc: str = ""


def _value(report: Report, path: str) -> Number | None:
    if path == FEE:
        return report.processing_fee
    first, _, rest = path.partition(".")
    if first == ITEMS:
        chosen = [category for category in report.categories if not rest or category.name == rest]
        return total(category.count for category in chosen) if chosen else None
    return report.figure(report.form.current(path))


def _found(report: Report, path: str) -> tuple[Table, Heading, Heading] | None:
    """Return table, row heading and column heading of *path* in the form of *report*, or None."""
    return report.form.find(report.form.current(path))


def _least(report: Report, path: str) -> Number:
    value = _value(report, path)
    if value is not None:
        return value
    found = _found(report, path)
    if found is None or any(leaf.kind not in {"count", "money"} for leaf in found[2].leaves):
        return 0  # Changes may be negative.
    table, row, column = found
    parts = {added.position: added.parts for added in table.totals}
    typed = (cell for one in row.parts for other in column.parts for cell in _typed(parts, (one.path, other.path)))
    return sum(report.cells[table.id][cell].value or 0 for cell in typed)


def _typed(
    parts: Mapping[tuple[str, str], tuple[tuple[str, str], ...]], cell: tuple[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield the typed cells that a cell is the sum of, or the cell itself."""
    if cell not in parts:
        yield cell
    for part in parts.get(cell, ()):
        yield from _typed(parts, part)


def _name(report: Report, path: str) -> str:
    if path == FEE:
        return "信息处理费"
    first, _, rest = path.partition(".")
    if first == ITEMS:
        return rest or "逐条列出的信息"
    found = _found(report, path)
    if found is None:
        return path
    table, row, column = found
    columns = [above.words for block in table.blocks for above in block.columns.walk() if _is_above(above, column)]
    if not row.path:
        return "".join(columns)  # 行政诉讼、未经复议直接起诉、总计
    name = _SHORT.get(report.form.origin(f"{table.id}.{row.path}")) or row.words
    return f"{name}{column.words}"


def _is_above(heading: Heading, column: Heading) -> bool:
    """Say whether *heading* is *column*, or one above it."""
    return bool(heading.path) and f"{column.path}.".startswith(f"{heading.path}.")
