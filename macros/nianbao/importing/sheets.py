"""What sheets say beside the tables: title, fee, date and published items, as the template lays them out."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nianbao.exports.template_words import BESIDE, CATEGORY, DAY, FEE, FULL_TEXT, HELP, NO, OTHER, TITLE, YES
from nianbao.importing.answers import Unused
from nianbao.importing.original import Paragraph, Table
from nianbao.importing.words.items import Listed, Published
from nianbao.importing.words.spelling import spelled
from nianbao.importing.words.title import find_title
from nianbao.reading import numbers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nianbao.importing.original import Original

_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?: 00:00:00)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What an original tells beside tables and words; *places* are those of the sheets that told anything."""

    name: str = ""
    year: int | None = None
    fee: str = ""
    published_on: dt.date | None = None
    items: Published | None = None
    places: frozenset[str] = frozenset()


def sheet_facts(original: Original) -> Facts:
    """Return what the sheets of *original* tell beside their tables."""
    name, year, fee, day = "", None, "", None
    items: Published | None = None
    places: set[str] = set()
    for table in original.tables if original.kind == "表格" else ():
        rows = _rows(table)
        for row in rows:
            texts = [text for _, text in sorted(row.items()) if text]
            title = find_title([Paragraph(text=text, place="") for text in texts[:1]])
            if title is not None and title.year is not None:
                name, year = name or title.name, year or title.year
            following = texts[1] if len(texts) > 1 else ""
            if texts[:1] == [FEE] and numbers.parse(following, "money") is not None:
                fee = following
                places.add(table.place)
            elif texts[:1] == [DAY] and (match := _DAY.fullmatch(following)):
                day = dt.date(*map(int, match.groups()))
                places.add(table.place)
        found = _items(rows)
        if found is not None:
            items = found
            places.add(table.place)
    return Facts(name=name, year=year, fee=fee, published_on=day, items=items, places=frozenset(places))


def without_aids(original: Original) -> tuple[Original, tuple[Unused, ...]]:
    """Return *original* without the sheets of the template that hold no figures of the form's own, and these."""
    aids = tuple(
        content
        for content in original.contents
        if isinstance(content, Table) and content.place in {f"工作表“{name}”" for name in (OTHER, BESIDE, HELP)}
    )
    kept = tuple(content for content in original.contents if content not in aids)
    told = (
        Unused(raw="", place=aid.place, why="填报表里对照和说明用的，不读") for aid in aids if OTHER not in aid.place
    )
    return replace(original, contents=kept), tuple(told)


def _rows(table: Table) -> list[Mapping[int, str]]:
    rows: dict[int, dict[int, str]] = defaultdict(dict)
    for cell in table.cells:
        rows[cell.row][cell.column] = spelled(cell.text, typeset=False)
    return [rows[row] for row in sorted(rows)]


def _items(rows: list[Mapping[int, str]]) -> Published | None:
    """Return the items listed below the headings of the template, None where there are none."""
    heads = ((at, {text: column for column, text in row.items()}) for at, row in enumerate(rows))
    found = next(((at, head) for at, head in heads if {CATEGORY, TITLE, FULL_TEXT} <= set(head)), None)
    if found is None:
        return None
    at, head = found
    listed = list(_entries(rows[at + 1 :], head))
    if not listed:
        return None
    categories: dict[str, list[str]] = defaultdict(list)
    for category, title, _ in listed:
        categories[category].append(title)
    return Published(
        count=len(listed),
        categories=tuple(Listed(name=name, count=len(own), titles=tuple(own)) for name, own in categories.items()),
        raw=f"工作表里列出 {len(listed)} 条",
        full_text=True if all(full in {YES, NO} for _, _, full in listed) else None,
        without=frozenset(title for _, title, full in listed if full == NO),
    )


def _entries(rows: list[Mapping[int, str]], head: Mapping[str, int]) -> Iterator[tuple[str, str, str]]:
    """Yield category, title and whether there is a full text; a category holds for the rows below it."""
    category = ""
    for row in rows:
        category = row.get(head[CATEGORY], "") or category
        title = row.get(head[TITLE], "")
        if category and title:
            yield category, title, row.get(head[FULL_TEXT], "")
