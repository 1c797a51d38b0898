"""Sentences kept aside from those who teach the rules, with a report of their own to be held against.

A file has under ``report`` the figures of two years, ``current`` and ``previous``, by the labels of the form, or the
name of the file beside it that has them, and under ``sentences`` entries with ``text``, ``section``, ``verdict``, and
``why`` where it is wrong, or right and still to be doubted. ``superior`` is who the body of an area is under, where
that is not a city: it tells whether 全市 is that area. ``names`` are those of the bodies that the sentences are of,
where they call themselves by their kind.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import yaml
from nianbao.data_files.data_layout import Contents, table_texts
from nianbao.model.dataset import package_forms, read_dataset
from nianbao.rules.rule import Fault, NeedsReview
from saying import said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nianbao.model.agency import Agency
    from nianbao.model.dataset import Dataset
    from nianbao.model.form import Form

# What is found in typed figures that are right is nothing about the sentence.
TYPED = "X-09"
# A sentence stands in the section that it names, in the first under a heading that says nothing of its subject.
PLACES = {1: "总体", 2: "二", 3: "三", 4: "四", 5: "五", 6: "六"}
# The government above one of a county.
_CITY = "示例市人民政府"
_FORMAT = 2021
_ORDINAL = re.compile(r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|[0-9]+\.)|[“”、]|（[^（）]*）$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A sentence in a *section*, *right* or not, *why* where it is wrong or in doubt.

    *found* is ``error``, ``doubt`` or ``silent``.
    """

    text: str
    section: int
    right: bool
    why: str
    found: str
    messages: tuple[str, ...]


def entries(path: Path, folder: Path, examples: Path, scope: str) -> Iterator[Entry]:
    """Yield what is told of each sentence of *path* in a report of *scope*.

    The data are written into *folder*; the body is that of *examples*.
    """
    held = yaml.safe_load(path.read_text(encoding="utf-8"))
    report = held["report"]
    if isinstance(report, str):
        report = yaml.safe_load(path.with_name(report).read_text(encoding="utf-8"))["report"]
    dataset = _dataset(report, folder, examples)
    if held.get("names"):
        dataset = replace(dataset, agency=_named(dataset.agency, held["names"]))
    if scope == "area":  # Reports of areas are those of governments.
        assert dataset.agency is not None
        dataset = replace(
            dataset, agency=replace(dataset.agency, kind="government", superior=held.get("superior", _CITY))
        )
    for each in held["sentences"]:
        yield _entry(each, dataset, scope)


def _named(agency: Agency | None, names: list[str]) -> Agency | None:
    """Return *agency* with all of *names* at once."""
    return (
        None if agency is None else replace(agency, names=tuple(replace(agency.names[0], text=name) for name in names))
    )


def _entry(each: dict[str, Any], dataset: Dataset, scope: str) -> Entry:
    found = said(dataset, max(dataset.reports), PLACES[each["section"]], each["text"], scope=scope)
    outcomes = [outcome for code, outcome in found if code != TYPED]
    faults = [outcome.message for outcome in outcomes if isinstance(outcome, Fault)]
    doubts = [outcome.message for outcome in outcomes if isinstance(outcome, NeedsReview)]
    return Entry(
        text=each["text"],
        section=each["section"],
        right=each["verdict"] == "right",
        why=each.get("why", ""),
        found="error" if faults else "doubt" if doubts else "silent",
        messages=(*faults, *doubts),
    )


def _dataset(report: dict[str, Any], folder: Path, examples: Path) -> Dataset:
    """Return a portal whose years have the figures of *report*."""
    data = folder / "data"
    data.mkdir()
    for name in ("agency.yml", "profile.yml"):
        shutil.copy(examples / "data" / name, data / name)
    form = package_forms().editions[_FORMAT]
    assert form is not None
    for figures in report.values():
        year = figures["年份"]
        tables = "\n".join(table_texts(form, Contents(figures=_figures(form, figures))))
        head = f"year: {year}\nformat: {_FORMAT}\nstatus: draft\nprocessing_fee: 不详\nitems: 不详\n\n"
        (data / f"{year}.yml").write_text(f"{head}{tables}", encoding="utf-8")
    dataset = read_dataset(folder, data)
    assert not dataset.findings, dataset.findings
    return dataset


def _figures(form: Form, held: dict[str, Any]) -> dict[str, str]:
    """Return the typed figures of *form* by address, each found by the labels of its row and its column."""
    by_labels = dict(_flat(held))
    found: dict[str, str] = {}
    for table in form.tables:
        for block, row, column in table.grid:
            if row.total or column.total:
                continue
            above = next((group.words for group in block.columns.walk() if column in group.children), "")
            labels = _label(row.words if row.path else above), _label(column.words)
            found[table.address(row.path, column.path)] = by_labels[labels]
    return found


def _flat(held: dict[str, Any], above: str = "") -> Iterator[tuple[tuple[str, str], str]]:
    for label, value in held.items():
        if isinstance(value, dict):
            yield from _flat(value, _label(label))
        else:
            yield (above, _label(label)), str(value)


def _label(text: str) -> str:
    return _ORDINAL.sub("", text)
