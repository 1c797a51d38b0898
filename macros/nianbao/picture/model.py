"""What the picture of a year shows, the same in the page and in the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.charts.bars import Bar
from nianbao.comparison.changes import change_of
from nianbao.comparison.series import NOT_COUNTED, Years
from nianbao.comparison.topics import result_groups, topics
from nianbao.model.rates import FEW, Rate
from nianbao.model.report import FEE, ITEMS, plain
from nianbao.pages.figures import figure
from nianbao.pages.lists import key_figure_names, key_figure_notes, publication_notes
from nianbao.picture.sentences import sentences
from nianbao.reading.numbers import GAPS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nianbao.model.form import Form
    from nianbao.model.report import Report
    from nianbao.reading.numbers import Number

# What the picture tells of sections 4 and 2, by the ids of topics.
_CASES = ("reconsideration", "litigation")
_DISCLOSURE = ("documents", "decisions", "fees")


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A figure that a reader looks for first, named *path* by macros; *change* is that since last year, if known."""

    path: str
    label: str
    text: str
    unit: str
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """Reconsiderations or lawsuits: how many, and how they ended, each figure with its unit where it has one."""

    label: str
    total: tuple[str, str]
    outcomes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, kw_only=True)
class YearPicture:
    """The picture. *results* is empty where nothing was dealt with; *few* tells that shares say little.

    *cases* is empty where the report has no table of section 4. *counted* tells the figures of section 2 in sentences,
    but those that its table has not as the national form prints them.
    """

    year: int
    agency: str
    title: str
    notes: tuple[str, ...]
    keys: tuple[Key, ...]
    results: tuple[Bar, ...]
    few: bool
    cases: tuple[Cases, ...]
    items: str
    counted: tuple[str, ...]
    sentences: tuple[str, ...]


def year_picture(report: Report, previous: Report | None, forms: Mapping[int, Form]) -> YearPicture:
    """Return the picture of *report*; *previous* is the report of the year before, if readers may see one."""
    alone = Years.of(report, forms=forms)
    both = Years.of(previous, report, forms=forms) if previous is not None else None
    done = report.figure(report.form.current("requests.results.total"))
    return YearPicture(
        year=report.year,
        agency=report.agency_name,
        title=f"{report.year}年政府信息公开工作年度报告",
        notes=publication_notes(report),
        keys=tuple(_keys(report, both)),
        results=() if done == 0 else tuple(_results(report, done)),
        few=done is not None and 0 < done < FEW,
        cases=tuple(_cases(alone)),
        items=_items(report),
        counted=tuple(_counted(alone)),
        sentences=(
            *sentences(report, change_of(both, report.form.current("requests.received")) if both is not None else None),
            *key_figure_notes(report),
        ),
    )


def keys_of(report: Report, previous: Report | None, forms: Mapping[int, Form]) -> tuple[Key, ...]:
    """Return what a reader looks for first in *report*, beside the report of the year before if there is one."""
    return tuple(_keys(report, Years.of(previous, report, forms=forms) if previous is not None else None))


def _keys(report: Report, both: Years | None) -> Iterator[Key]:
    for path, label, unit in key_figure_names(report.form):
        change = change_of(both, path) if both is not None and path != ITEMS else None
        words = ""
        if change is not None and change.before is not None and change.now is not None:
            words = "与上年持平" if change.before == change.now else f"比上年{change.text}{unit}"
        text = figure(report, path)
        yield Key(path=path, label=label, text=text, unit="" if text in GAPS else unit, change=words)


def _items(report: Report) -> str:
    """Return how many items were published of each category."""
    if report.items_unknown:
        return "本年主动公开的信息条数不详。"
    words = "、".join(
        f"{category.name}{'条数' if category.count is None else ''}{category.count_text}"
        f"{'' if category.count is None else '条'}"
        for category in report.categories
    )
    return f"按类别：{words}。" if words else "本年没有主动公开的信息。"


def _results(report: Report, done: Number | None) -> Iterator[Bar]:
    """Yield the groups of results with their shares in all that was *done*."""
    for group, label in result_groups(report.form).items():
        value = report.figure(group)
        share = f" {Rate(part=value, whole=done).text}" if value is not None and done else ""
        yield Bar(label=label, value=value, text=report.gap(group) if value is None else f"{plain(value)}件{share}")


def _cases(alone: Years) -> Iterator[Cases]:
    for topic in topics(alone.editions):
        if topic.id in _CASES:
            found = [one for one in map(alone.series, topic.lines) if one is not None and not one.line.part]
            *outcomes, total = found
            if all(one.points[0].gap == NOT_COUNTED for one in found):
                continue
            yield Cases(
                label=topic.title,
                total=(total.points[0].text, total.points[0].unit(total.unit)),
                outcomes=tuple((one.label, one.points[0].text, one.points[0].unit(one.unit)) for one in outcomes),
            )


def _counted(alone: Years) -> Iterator[str]:
    """Yield the figures of section 2: a sentence for each row of several columns, one for all rows of one column."""
    lines = [line for topic in topics(alone.editions) if topic.id in _DISCLOSURE for line in topic.lines]
    known = [one for one in map(alone.series, lines) if one is not None and FEE not in one.line.addresses]
    found = [one for one in known if one.points[0].gap != NOT_COUNTED]
    rows: dict[str, list[str]] = {}
    for one in found:
        row, _, column = one.label.partition("：")
        text, unit = one.points[0].text, one.points[0].unit(one.unit)
        rows.setdefault(row if column else "", []).append(f"{column or row}{text}{unit}")
    if found and all(one.points[0].value == 0 for one in found):
        *names, last = dict.fromkeys(one.label.partition("：")[0] for one in found)
        yield f"{'、'.join(names)}和{last}均为0。"
        return
    yield from (f"{row}{'：' if row else ''}{'、'.join(figures)}。" for row, figures in rows.items())
