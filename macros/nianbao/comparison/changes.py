"""What changed since last year: the rows that matter of each statutory table, beside the year before."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from markupsafe import Markup

from nianbao.comparison.charts import COUNTED
from nianbao.comparison.series import NOT_COUNTED, Line, Years
from nianbao.comparison.topics import topics
from nianbao.model.rates import FEW, NO_RATE, percent
from nianbao.model.report import FEE, plain
from nianbao.tables.scrolling import body, head, scrolling_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.comparison.series import Series
    from nianbao.reading.numbers import Number

# The topics whose lines are set beside the year before, by statutory table.
_TOPICS = {
    "disclosure": ("documents", "decisions", "fees"),
    "requests": ("requests", "outcomes"),
    "review": ("reconsideration", "litigation"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """From *before* to *now*, either None where it is unknown."""

    before: Number | None
    now: Number | None

    @property
    def text(self) -> str:
        """The difference in words: 增加6, 减少3, 持平."""
        if self.before is None or self.now is None:
            return NO_RATE
        difference = self.now - self.before
        if not difference:
            return "持平"
        return f"增加{plain(difference)}" if difference > 0 else f"减少{plain(-difference)}"

    @property
    def rate(self) -> str:
        """The difference in per cent of *before*: ``+12.5%``; a dash where there is no such rate."""
        if not self.before or self.now is None:
            return NO_RATE
        change = Fraction(self.now - self.before) / Fraction(self.before)
        return f"+{percent(change)}" if change > 0 else percent(change)

    @property
    def small(self) -> bool:
        """Whether the rate is of so few that it says little."""
        return self.rate != NO_RATE and self.before is not None and self.before < FEW


def tables() -> tuple[str, ...]:
    """Return the statutory tables that changes can be shown for."""
    return tuple(_TOPICS)


def change_of(years: Years, address: str) -> Change | None:
    """Return the change of the figure at *address* between two *years*; None where they do not both count it."""
    one = years.series(Line(addresses=(address,)))
    if one is None or any(point.gap == NOT_COUNTED for point in one.points):
        return None
    before, now = one.points
    return Change(before=before.value, now=now.value)


def compared(years: Years, table: str) -> tuple[list[Series], list[Series]]:
    """Return the lines of *table* that both of two *years* count alike, and those that only the later counts.

    Where two topics call a line alike, as reconsideration and litigation do, its label names the topic as well.
    """
    wanted = {topic.id: topic for topic in topics(years.editions)}
    both, later = [], []
    seen = set()
    found = [(wanted[id_].title, line, years.series(line)) for id_ in _TOPICS[table] for line in wanted[id_].lines]
    names = Counter(one.label for _, _, one in found if one is not None)
    for title, line, one in found:
        if one is None or line.addresses in seen or line.addresses == (FEE,):
            continue
        seen.add(line.addresses)
        named = replace(one, label=f"{title}：{one.label}") if names[one.label] > 1 else one
        before, now = one.points
        if NOT_COUNTED not in (before.text, now.text):
            both.append(named)
        elif now.text != NOT_COUNTED:
            later.append(named)
    return both, later


def change_table(years: Years, table: str) -> Markup:
    """Return the changes of *table* between the two *years*, with what cannot be compared and why."""
    both, later = compared(years, table)
    before, now = years.all
    # Where nothing has a rate, none is a column.
    rated = any(_rate(one) != NO_RATE for one in both)
    heads = ("项目", f"{before}年", f"{now}年", "增减", *(["增减幅度"] if rated else []))
    region = scrolling_table(
        "与上年比较",
        [head(heads, apart=True), body(cell for one in both for cell in _row(one, rated=rated))],
        id_=f"{table}.changes",
        kind="changes",
        caption_id=f"{table}.changes.caption",
    )
    lines = [Markup('<section class="beside-report">'), region, *_notes(both, later), Markup("</section>")]
    return Markup("\n").join(lines)


def _change(one: Series) -> Change:
    before, now = one.points
    return Change(before=before.value, now=now.value)


def _rate(one: Series) -> str:
    """Return the change of *one* in per cent; a dash where it cannot be told, or is of so few that it says little."""
    change = _change(one)
    return NO_RATE if change.small and one.unit in COUNTED else change.rate


def _row(one: Series, *, rated: bool) -> Iterator[Markup]:
    before, now = one.points
    part = Markup(' class="part"') if one.line.part else ""
    yield Markup('<tr>\n<th scope="row"{}>{}{}</th>').format(part, one.label, f"（{one.unit}）" if one.unit else "")
    cells = [(before.mark, before.text), (now.mark, now.text), ("", _change(one).text)]
    for mark, text in [*cells, ("", _rate(one))] if rated else cells:
        yield Markup("<td{} data-search-exclude>{}</td>").format(mark, text)
    yield Markup("</tr>")


def _notes(both: Sequence[Series], later: Sequence[Series]) -> Iterator[Markup]:
    notes = ["本表由程序按两年报告的数据计算，不属于法定表格。"]
    notes += dict.fromkeys(note for one in (*both, *later) for note in one.notes)
    if later:
        names = "、".join(one.label for one in later)
        notes.append(f"上年的格式没有可比的数，没有列入：{names}。")
    if any(_change(one).text == NO_RATE for one in both):
        notes.append(f"“{NO_RATE}”表示有一年的数不详或者空白，不能计算。")
    if any(_rate(one) != NO_RATE for one in both) and any(_rate(one) == NO_RATE for one in both):
        notes.append(f"上年的数不足{FEW}的，差一件幅度就有较大变化，不计算幅度。")
    yield Markup('<div class="table-notes">')
    yield from (Markup("<p>注：{}</p>").format(note) for note in notes)
    yield Markup("</div>")
