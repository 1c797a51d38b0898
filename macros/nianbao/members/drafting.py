"""The sums of an area written into the draft of its report; what a person typed there stays.

What was added up is kept in data/rollup/<year>.json, its parts in <year>.csv, and both are written before the draft:
a run that ends in between is made good by the next, because the record still knows what stood in the draft. The
record names the other files by their digests and takes its place first, so that old or new stands there at any moment.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nianbao.cache.cache import digest_of
from nianbao.data_files import writing
from nianbao.data_files.cells import written_cells
from nianbao.data_files.patching import parsed, plain
from nianbao.editing.desk import Change, Desk
from nianbao.members.rollup import record, signed, whole_figures
from nianbao.members.rollup_record import FOLDER, page_of
from nianbao.model.report import FEE, ITEMS
from nianbao.reading.disk import reason
from nianbao.reading.numbers import OPEN, UNKNOWN
from nianbao.reading.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from nianbao.data_files.patching import Plain
    from nianbao.members.answers import Totals
    from nianbao.members.rollup import Rollup
    from nianbao.model.form import Form
    from nianbao.model.project import Project

_REMARKS = "remarks"
# Remarks that a roll-up has written, and writes anew; others are a person's.
_OURS = re.compile(r"由 [0-9]+/[0-9]+ 个单位的报告汇总(?:；已调整 .*)?|已调整 .*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Last:
    """What the last roll-up wrote by address, *values*, and what it may have found there, *older*.

    *items* are what it wrote or may have found of published items.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    older: Mapping[str, str] = field(default_factory=dict)
    items: tuple[object, ...] = ()

    def wrote(self, address: str, text: str) -> bool:
        """Say whether *text* may stand at *address* because a roll-up wrote it there."""
        return text in {self.values.get(address), self.older.get(address)}


@contextlib.contextmanager
def locked(project: Project) -> Iterator[None]:
    """Keep other roll-ups from *project* meanwhile: what one has read must still stand when it writes.

    Raises RefusedError where another is under way.
    """
    folder = project.data / FOLDER
    folder.mkdir(exist_ok=True)
    with writing.exclusively(folder):
        yield


def path_of(project: Project, year: int) -> Path:
    """Return where the record of a roll-up lies."""
    return project.data / FOLDER / f"{year}.json"


def last_rollup(project: Project, year: int) -> Last:
    """Return the last roll-up, an empty one where there was none or its record is damaged."""
    try:
        content = json.loads(path_of(project, year).read_text(encoding="utf-8"))
        cells = {**content["cells"], FEE: content["fee"]}
        return Last(
            values={str(address): str(cell["value"]) for address, cell in cells.items()},
            older={str(address): str(cell["before"]) for address, cell in cells.items() if "before" in cell},
            items=(_listed(content.get("items")), content.get("items_before")),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Last()


def write_rollup(project: Project, form: Form, made: Rollup, before: Last, totals: Totals) -> Mapping[str, str]:
    """Write the sums, their parts and what they hold; return by address what was typed by hand, which stays.

    Raises RefusedError where the draft cannot be written; then it is as it was.
    """
    data = plain(parsed((project.data / f"{made.year}.yml").read_text(encoding="utf-8")))
    if not isinstance(data, dict):
        message = f"{made.year}.yml 不是数据文件；请先运行 nianbao check {made.year}"
        raise RefusedError(message)
    here = _here(project, form, made.year) | {FEE: str(data.get(FEE, OPEN))}
    free = {address: text for address, text in here.items() if text == OPEN or before.wrote(address, text)}
    items = data.get(ITEMS, [])
    ours = items in ([], UNKNOWN, OPEN, *before.items) or _empty(items)
    _write_record(project, made, totals, free, items if ours else None)
    desk = Desk(project, lambda: dt.datetime.now(dt.UTC))
    wanted = [Change(where=a, old=free[a], new=one.text) for a, one in made.sums.items() if a in free]
    _done(desk.write_cells(made.year, wanted))
    facts: dict[str, Plain] = {_REMARKS: _said(form, made, data)}
    if FEE in free:
        facts[FEE] = made.fee.text
    if ours:
        facts[ITEMS] = _listed(made.items)
    changes = [Change(where=name, old=data.get(name), new=new) for name, new in facts.items() if data.get(name) != new]
    _done(desk.write_facts(str(made.year), changes))
    return {
        one.address: here[one.address]
        for one in made.figures
        if one.address in here and one.address not in free and here[one.address] != one.text
    }


def _write_record(project: Project, made: Rollup, totals: Totals, olds: Mapping[str, str], items: Plain | None) -> None:
    """Write what is added up, and what stands in the draft until the sums do: *olds* by address, and *items*.

    Raises RefusedError where it cannot be written.
    """
    path = path_of(project, made.year)
    try:
        _settle(path)
        with writing.decided_by(path) as beside:
            reports = dict(_reports(project, made, totals, beside))
            parts = _parts(beside(path.with_suffix(".csv")), totals)
            text = record(made, olds, items, parts, reports)
            writing.write_new(beside(path), text.encode())
        for left in path.with_suffix("").glob("*.html"):
            if left.stem not in reports:
                left.unlink()
    except OSError as error:
        message = f"不能写入 data/{FOLDER}（{reason(error)}）；请检查权限和磁盘，草稿没有变"
        raise RefusedError(message) from error


def _settle(record: Path) -> None:
    """Put in their places the files that *record* names and that a run has left waiting, before others wait there."""
    try:
        content = json.loads(record.read_bytes())
        named = {content["parts"], *content["reports"].values()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        named = set()
    for left in (*record.parent.glob(f".{record.stem}.*.new"), *record.with_suffix("").glob(".*.html.new")):
        writing.settle(left.with_name(left.name[1:].removesuffix(".new")), lambda found: digest_of(found) in named)


def _reports(
    project: Project, made: Rollup, totals: Totals, beside: Callable[[Path], Path]
) -> Iterator[tuple[str, str]]:
    """Write the reports of the bodies that have a page in the portal, and yield their digests by id."""
    folder = path_of(project, made.year).with_suffix("")
    wanted = {id_ for id_ in made.included if page_of(project.docs, id_).is_file()}
    if wanted:
        folder.mkdir(exist_ok=True)
    for id_, html in totals.reports():
        if id_ in wanted:
            content = html.encode()
            writing.write_new(beside(folder / f"{id_}.html"), content)
            yield id_, digest_of(content)


def _parts(path: Path, totals: Totals) -> str:
    """Write the parts of all figures to *path*, and return the digest of the file."""
    totals.write_parts(path)
    with path.open("r+b") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    return digest


def _here(project: Project, form: Form, year: int) -> dict[str, str]:
    root = parsed((project.data / f"{year}.yml").read_text(encoding="utf-8"))
    return {address: one.text for address, one in written_cells(root, form).items()}


def _done(answer: Mapping[str, object]) -> None:
    """Raise RefusedError where what the desk answers tells that something could not be written."""
    faults = answer["faults"]
    told = [f"{a}：{fault}" for a, fault in faults.items()] if isinstance(faults, dict) else []
    if isinstance(faults, list):
        told = [str(fault.get("message", fault)) if isinstance(fault, dict) else str(fault) for fault in faults]
    if told:
        raise RefusedError(told[0], tuple(told[1:]))


def _said(form: Form, made: Rollup, data: Mapping[str, Plain]) -> Plain:
    """Return what is said beside figures: what a person has written there stays."""
    said = data.get(_REMARKS, {})
    own = {a: text for a, text in said.items() if not _ours(text)} if isinstance(said, dict) else {}
    return {**own, **{address: text for address, text in _remarks(form, made) if address not in own}}


def _ours(text: Plain) -> bool:
    return isinstance(text, str) and _OURS.fullmatch(text) is not None


def _empty(items: Plain) -> bool:
    """Say whether *items* are categories of the year before, in which nothing is listed yet."""
    return isinstance(items, list) and all(
        isinstance(one, dict) and one.get("entries") == [] and "count" not in one for one in items
    )


def _listed(items: Mapping[str, int | None] | None) -> Plain:
    """Return counts by category as a data file writes them."""
    if items is None:
        return UNKNOWN
    return [
        {"category": name, "entries": [], "count": UNKNOWN if count is None else str(count)}
        for name, count in items.items()
    ]


def _remarks(form: Form, made: Rollup) -> Iterator[tuple[str, str]]:
    """Yield what is said beside figures: how many bodies they hold, and by how much they were adjusted, why."""
    whole = set(whole_figures(form))
    for table in form.tables:
        for _, row, column in table.grid:
            address = table.address(row.path, column.path)
            one = made.sums.get(address)
            parts = [f"由 {made.coverage} 个单位的报告汇总"] if address in whole else []
            if one is not None and one.adjustments:
                parts.append("已调整 " + "，".join(f"{signed(item)}（{item.reason}）" for item in one.adjustments))
            if parts:
                yield address, "；".join(parts)
