"""The new data file of a year beside the old one, until a command has made all that goes with it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from nianbao.data_files.writing import sync, take_place, write_new
from nianbao.lifecycle.archive import staged, unclaimed

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.model.report import Report


def stage(data: Path, year: int, content: bytes) -> Path:
    """Write the *content* of a new data file of *year* where it waits for `exchange`, and return its path."""
    path = staged(data, year)
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)  # It may be a second name of the data file itself.
    write_new(path, content)
    sync(path.parent)
    sync(data)
    return path


def exchange(data: Path, year: int, old: bytes) -> None:
    """Put the staged data file in place of the *old* one in a single step: before it nothing has changed.

    Raises RefusedError where the file is no longer *old*.
    """
    path = staged(data, year)
    take_place(path, (data / f"{year}.yml").resolve(), old)
    with contextlib.suppress(OSError):
        path.parent.rmdir()


def tidy(data: Path, report: Report) -> None:
    """Remove what a command has left that ended before the data file of *report* was exchanged."""
    path = staged(data, report.year)
    if path.exists():
        for snapshot in unclaimed(data, report):
            snapshot.unlink()
        path.unlink()  # Last: it is what tells that the snapshots are leftovers.
    with contextlib.suppress(OSError):
        path.parent.rmdir()
    for leftover in data.glob(f"published/.{report.year}-*.json.new"):
        leftover.unlink()
