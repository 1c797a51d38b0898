"""One year's report: facts typed, totals computed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from nianbao.model.rates import Rate
from nianbao.reading.findings import Place
from nianbao.reading.numbers import BLANK, OPEN, UNKNOWN, first_gap

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from nianbao.model.form import Form, Heading, Table
    from nianbao.reading.numbers import Number

# The figures of a year that stand in no table, by their addresses, which are keys of its file as well.
FEE, ITEMS = "processing_fee", "items"
STATUSES = {"draft": "草稿", "published": "已公布"}


class Cell(NamedTuple):
    """A cell of a statutory table.

    *value* is None where the original cannot be read, or where such a cell is among the parts.
    *written* is how an amount with its own unit stands in the form (采购总金额).
    A total that the original prints may be typed beside the computed one, at *printed_place*: it *agrees* with
    it, or is *printed* because it does not or because the parts cannot be added up. *gap* is the word that was
    typed in place of a figure, *missing* the word for why there is no value: that of the cell, or of its parts.
    *remark* is what the original says at the cell beside its figure, or what readers must know of it.
    *place* is where the figure, or the first of its parts, is typed.
    """

    address: str
    unit: str
    value: Number | None
    place: Place
    computed: bool = False
    written: str = ""
    printed: Number | None = None
    printed_place: Place | None = None
    agrees: bool = False
    gap: str = ""
    missing: str = ""
    remark: str = ""

    @property
    def known(self) -> Number | None:
        """The figure; the original's own total where it cannot be added up."""
        return self.printed if self.value is None else self.value

    @property
    def entered(self) -> bool:
        """Whether a computed total was typed as well."""
        return self.printed_place is not None

    @property
    def text(self) -> str:
        """What the published table shows: the original's own total where it prints another, nothing where it has."""
        if self.printed is not None:
            return plain(self.printed)
        if self.gap == BLANK:
            return ""
        if self.value is None or self.gap:
            return OPEN if self.missing == OPEN else UNKNOWN
        return self.written or plain(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A piece of information published on the body's own initiative (《条例》第二十条)."""

    title: str
    full_text: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """Published items of one kind.

    *stated* is how many the body says there are, or 不详, and empty where all are listed.
    """

    name: str
    items: tuple[Item, ...]
    stated: str = ""

    @property
    def count(self) -> int | None:
        """How many items there are, None where that is unknown."""
        return None if self.stated == UNKNOWN else int(self.stated or len(self.items))

    @property
    def count_text(self) -> str:
        """How many items there are as digits, or 不详."""
        return self.stated or str(len(self.items))

    @property
    def whole(self) -> bool:
        """Whether all items are listed."""
        return self.count == len(self.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A finding of *rule* about *subject* that is let stand, for a *reason* that the public reads."""

    rule: str
    subject: str
    reason: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """An approval before publication (审签): the *role*, who gave it *by* name or post, the *day*, and of what.

    *number* is the check number of the content as it was typed. Readers see approvals where the office wants it.
    """

    role: str
    by: str
    day: dt.date
    number: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopening:
    """That a freeze was taken back before its day of publication: the day, the reason, and the *digest* of what was."""

    day: dt.date
    reason: str
    digest: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A change after publication: its day, its reason and the *digest* of what has stood since.

    *earlier* are the digests of what stood for a while on the same day.
    """

    day: dt.date
    reason: str
    digest: str
    place: Place
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Report:
    """The facts of one year. *cells* holds every cell of each table by row and column path.

    *file* is how messages call the data file, *places* tells where its keys stand. *digest* names
    what was published, and is empty until the report is frozen; *reopened* are the freezes before it that were
    taken back. *blanks_are_zero* says that the original means 0 by cells that it leaves empty,
    *items_unknown* that nothing is known of what was published. *fee_gap* is the word for why there is no fee.
    *late_reason* is why it was published late, for the public to read.
    A *transcribed* report was copied from an old original: what it says is not for its editor to change.
    """

    file: str
    year: int
    agency_name: str
    form: Form
    status: str
    published_on: dt.date | None
    processing_fee: Number | None
    categories: tuple[Category, ...]
    cells: Mapping[str, Mapping[tuple[str, str], Cell]]
    places: Mapping[str, Place]
    waivers: tuple[Waiver, ...] = ()
    digest: str = ""
    corrections: tuple[Correction, ...] = ()
    blanks_are_zero: bool = False
    fee_gap: str = ""
    items_unknown: bool = False
    transcribed: bool = False
    approvals: tuple[Approval, ...] = ()
    reopened: tuple[Reopening, ...] = ()
    late_reason: str = ""
    show_approvals: bool = False

    @property
    def shown_approvals(self) -> tuple[Approval, ...]:
        """The approvals that readers see."""
        return self.approvals if self.show_approvals else ()

    @property
    def title(self) -> str:
        """Agency, year and the fixed name of the report."""
        return f"{self.agency_name}{self.year}年政府信息公开工作年度报告"

    def place(self, key: str) -> Place:
        """Return where the value of a top-level *key* stands, or the start of the file where it does not."""
        return self.places.get(key, Place(self.file))

    @property
    def items(self) -> tuple[Item, ...]:
        """All published items, in the order of their categories."""
        return tuple(item for category in self.categories for item in category.items)

    @property
    def item_count(self) -> int | None:
        """How many items were published, None where that is unknown."""
        counts = [category.count for category in self.categories]
        known = [count for count in counts if count is not None]
        return sum(known) if len(known) == len(counts) and not self.items_unknown else None

    @property
    def items_whole(self) -> bool:
        """Whether all published items are listed."""
        return not self.items_unknown and all(category.whole for category in self.categories)

    @property
    def full_text_rate(self) -> Rate | None:
        """The share of published items with a full text, None where not all of them are listed."""
        items = self.items
        return Rate(part=sum(item.full_text for item in items), whole=len(items)) if self.items_whole else None

    @property
    def remarks(self) -> Mapping[str, str]:
        """What is said of single cells, by their addresses."""
        cells = (cell for cells in self.cells.values() for cell in cells.values())
        return MappingProxyType({cell.address: cell.remark for cell in cells if cell.remark})

    def cell(self, address: str) -> Cell | None:
        """Return the cell at *address*, or None where it names a group or nothing of the form."""
        found = self.form.find(address)
        return None if found is None else self.cells[found[0].id].get((found[1].path, found[2].path))

    def continued(self, previous: Report, address: str) -> Cell | None:
        """Return the cell of the *previous* report that the one at *address* continues, or None."""
        form, before = self.form, previous.form
        if form.format != before.format:
            address = form.earlier_address(address) if form.earlier and form.earlier.format == before.format else ""
        return previous.cell(address)

    def figure(self, address: str) -> Number | None:
        """Return the figure at *address*, a group standing for its sum; None where unknown or not in the form.

        What cannot be added up is known from the original's own totals.
        """
        found = self.form.find(address)
        if found is None:
            return None
        cell = self.cells[found[0].id].get((found[1].path, found[2].path))
        if cell is not None:
            return cell.known
        added = self.sum(*found)
        totals = self.totals(address)
        return total(cell.known for cell in totals) if added is None and totals else added

    def gap(self, address: str) -> str:
        """Return the word for why the figure at *address* is not known; see `nianbao.reading.numbers.first_gap`."""
        if address == FEE:
            return self.fee_gap or UNKNOWN
        found = self.form.find(address)
        if found is None:
            return UNKNOWN
        table, row, column = found
        cells = self.cells[table.id]
        return first_gap(cells[part.path, leaf.path].missing for part in row.parts for leaf in column.parts) or UNKNOWN

    def open_cells(self, table: str) -> tuple[Cell, ...]:
        """Return the cells of *table* that wait to be filled in."""
        return tuple(cell for cell in self.cells[table].values() if cell.gap == OPEN)

    def totals(self, address: str) -> tuple[Cell, ...]:
        """Return the totals that make up the figure at *address*: its own, or those of the groups just below it."""
        own = self.cell(self.form.total(address))
        if own is not None:
            return (own,) if own.computed else ()
        below = self.form.below(address)
        cells = [self.cell(self.form.total(group)) for group, heading in below.items() if heading.children]
        found = tuple(cell for cell in cells if cell is not None and cell.computed)
        return found if len(found) == len(below) else ()

    def sum(self, table: Table, row: Heading, column: Heading) -> Number | None:
        """Return the figure of a row and a column, each a leaf or a group; None where it is unknown."""
        cells = self.cells[table.id]
        return total(cells[part.path, leaf.path].value for part in row.parts for leaf in column.parts)


def total(values: Iterable[Number | None]) -> Number | None:
    """Return the sum of *values*; one unknown part makes it unknown."""
    result: Number = 0
    for value in values:
        if value is None:
            return None
        result += value
    return result


def plain(value: Number) -> str:
    """Return *value* as digits, without an exponent and without grouping."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)
