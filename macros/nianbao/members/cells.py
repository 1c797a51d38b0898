"""The cells of all bodies as one data set of Parquet files, in folders by year and region.

DuckDB, Spark, Trino and ClickHouse read such folders as one table and know the columns year and region by their names
(Hive partitioning).
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.members.answers import Answers


def write_cells(known: Answers, folder: Path) -> int:
    """Write the cells of all bodies below *folder*, in place of what stands there of the year; return how many.

    Raises RefusedError or OSError where the folder cannot be written; then what stands there stays.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made, old = folder / f".year={known.year}.new", folder / f".year={known.year}.old"
    for left in (made, old):
        shutil.rmtree(left, ignore_errors=True)
    made.mkdir()
    cells = known.write_cells(made)
    standing = folder / f"year={known.year}"
    if standing.exists():
        standing.rename(old)
    made.rename(standing)
    shutil.rmtree(old, ignore_errors=True)
    return cells
