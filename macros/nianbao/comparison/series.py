"""A figure through the years: joined across editions of the form where these count the same, with gaps elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Self

from markupsafe import Markup

from nianbao.model.rates import Rate
from nianbao.model.report import FEE, plain, total
from nianbao.reading.numbers import first_gap
from nianbao.tables.notes import remarks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nianbao.model.form import Form, Heading
    from nianbao.model.report import Report
    from nianbao.reading.numbers import Number


def trace(editions: Sequence[Form], address: str) -> tuple[dict[int, str], list[str]]:
    """Return where each of *editions*, newest first, has the figure that the newest with it has at *address*.

    An edition that does not count the same is left out. Also returned are the notes on the way back.
    """
    having = [form for form in editions if form.find(address) is not None]
    if not having:
        return {}, []
    found = {having[0].format: address}
    notes = []
    for newer, older in pairwise(editions[editions.index(having[0]) :]):
        if newer.earlier is None or newer.earlier.format != older.format:
            break  # Nothing says that they count the same.
        link = newer.earlier.link(found[newer.format])
        if link is not None:
            notes.append(link.note)
        before = newer.earlier_address(found[newer.format])
        if not before or older.find(before) is None:
            break
        found[older.format] = before
    return found, notes


def below(editions: Sequence[Form], address: str) -> Mapping[str, Heading]:
    """Return what *editions*, newest first, count below *address*: headings by their addresses, newest first.

    What only an older edition counts stands there by its address in that edition.
    """
    tables = {form.format: address for form in editions if form.table(address) is not None}
    where = tables or trace(editions, address)[0]
    found: dict[str, Heading] = {}
    for newer, form in zip((None, *editions[:-1]), editions, strict=True):
        for own, heading in form.below(where.get(form.format, "")).items():
            if newer is None or newer.continuing(own) is None:
                found.setdefault(own, heading)
    return found


NOT_COUNTED = "无此项"
NO_REPORT = "无报告"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What to follow through the years: the sum of the figures at *addresses*, called *label* or as the form does.

    *part* tells that it is among what the line before counts, *charted* whether it is worth a chart.
    """

    addresses: tuple[str, ...]
    label: str = ""
    part: bool = False
    charted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A rate to follow: the share of the figures at *part* in those at *whole*."""

    label: str
    part: tuple[str, ...]
    whole: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One year of a series: its *value*, or the word for why there is none in *gap*.

    *source* is the address of the figure in the year's own form, empty for sums and where there is none.
    """

    year: int
    value: Number | None
    gap: str = ""
    source: str = ""

    @property
    def text(self) -> str:
        """The value as digits, or why there is none."""
        return self.gap if self.value is None else plain(self.value)

    def unit(self, unit: str) -> str:
        """Return *unit* where there is a value that it belongs to."""
        return "" if self.value is None else unit

    @property
    def mark(self) -> Markup:
        """The attribute by which the figure of a built page is held against the data; see `nianbao.publishing`."""
        return Markup(' data-figure="{}:{}"').format(self.year, self.source) if self.source else Markup("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A figure through the years. *unit* is empty where figures carry none, *notes* say what a reader must know."""

    line: Line
    label: str
    unit: str
    points: tuple[Point, ...]
    notes: tuple[str, ...]

    @property
    def known(self) -> tuple[Number, ...]:
        """The figures that there are."""
        return tuple(point.value for point in self.points if point.value is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RatePoint:
    """One year of a rate; *rate* is None where a figure is missing, and *gap* says why."""

    year: int
    rate: Rate | None
    gap: str = ""

    @property
    def text(self) -> str:
        """The rate in per cent, a dash where there is nothing to rate, or why there is none."""
        return self.gap if self.rate is None else self.rate.text

    @property
    def small(self) -> bool:
        """Whether the rate is of so few that it says little."""
        return self.rate is not None and self.rate.small


@dataclass(frozen=True, slots=True, kw_only=True)
class RateSeries:
    """A rate through the years."""

    label: str
    points: tuple[RatePoint, ...]


@dataclass(frozen=True, kw_only=True)
class Years:
    """What is compared: *reports* by year, rising, and the *forms* by edition.

    Years without a report between others are gaps.
    """

    reports: Mapping[int, Report]
    forms: Mapping[int, Form]

    @property
    def all(self) -> tuple[int, ...]:
        """Every year from the first to the last, also those without a report."""
        return tuple(range(min(self.reports), max(self.reports) + 1)) if self.reports else ()

    @classmethod
    def of(cls, *reports: Report, forms: Mapping[int, Form]) -> Self:
        """Return *reports*, by rising year, to compare."""
        return cls(reports=MappingProxyType({report.year: report for report in reports}), forms=forms)

    @property
    def editions(self) -> tuple[Form, ...]:
        """The editions from the newest that a report uses to the oldest."""
        used = [report.form.format for report in self.reports.values()]
        between = [form for form in self.forms.values() if used and min(used) <= form.format <= max(used)]
        return tuple(sorted(between, key=lambda form: -form.format))

    def series(self, line: Line) -> Series | None:
        """Return *line* through the years, or None where no edition in use counts it."""
        traces = [self._trace(address) for address in line.addresses]
        found = {
            form.format: tuple(where[form.format] for where, _ in traces)
            for form in self.editions
            if all(form.format in where for where, _ in traces)
        }
        if not found:
            return None
        first = next(form for form in self.editions if form.format in found)
        label = line.label or first.words(line.addresses[0])
        unit = "元" if line.addresses == (FEE,) else first.unit(line.addresses[0])
        notes = tuple(dict.fromkeys(note for _, found in traces for note in found))
        points = tuple(self._point(year, found) for year in self.all)
        printed = tuple(self._printed(label, found))
        return Series(line=line, label=label, unit=unit, points=points, notes=(*notes, *printed))

    def rate(self, share: Share) -> RateSeries | None:
        """Return *share* through the years, or None where no edition in use counts it."""
        part, whole = self.series(Line(addresses=share.part)), self.series(Line(addresses=share.whole))
        if part is None or whole is None:
            return None
        points = (_rated(one, other) for one, other in zip(part.points, whole.points, strict=True))
        return RateSeries(label=share.label, points=tuple(points))

    def _trace(self, address: str) -> tuple[Mapping[int, str], Sequence[str]]:
        """Return where each edition has *address*; what is no cell of a table is in all of them."""
        if address == FEE:
            return {form.format: FEE for form in self.editions}, ()
        return trace(self.editions, address)

    def _point(self, year: int, found: Mapping[int, tuple[str, ...]]) -> Point:
        report = self.reports.get(year)
        if report is None:
            return Point(year=year, value=None, gap=NO_REPORT)
        addresses = found.get(report.form.format)
        if addresses is None or not all(address == FEE or report.form.find(address) for address in addresses):
            return Point(year=year, value=None, gap=NOT_COUNTED)
        value = total(_figure(report, address) for address in addresses)
        source = addresses[0] if len(addresses) == 1 else ""
        gap = "" if value is not None else first_gap(map(report.gap, addresses))
        return Point(year=year, value=value, gap=gap, source=source)

    def _printed(self, label: str, found: Mapping[int, tuple[str, ...]]) -> list[str]:
        """Return where an original prints a total of its own, or its table otherwise, and what is compared."""
        notes = []
        for year, report in self.reports.items():
            for address in found.get(report.form.format, ()):
                notes += [f"{year}年{remark}。" for remark in remarks(report, address, label)]
                table = report.form.table(address.partition(".")[0])
                if table is not None and report.form.find(address) is None:
                    notes += [f"{year}年的报告没有“{label}”这个数：{note}" for note in table.notes]
        return notes


def _figure(report: Report, address: str) -> Number | None:
    return report.processing_fee if address == FEE else report.figure(address)


def _rated(part: Point, whole: Point) -> RatePoint:
    if part.value is None or whole.value is None:
        return RatePoint(year=part.year, rate=None, gap=part.gap or whole.gap)
    return RatePoint(year=part.year, rate=Rate(part=part.value, whole=whole.value))
