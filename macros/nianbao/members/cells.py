"""The cells of all bodies as one data set of Parquet files, in folders by year and region.

DuckDB, Spark, Trino and ClickHouse read such folders as one table and know the columns year and region by their names
(Hive partitioning).
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from nianbao.data_files import writing

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.members.answers import Answers


def write_cells(known: Answers, folder: Path) -> int:
    """Write the cells of all bodies below *folder*, in place of what stands there of the year; return how many.

    Raises RefusedError or OSError where the folder cannot be written; then what stands there stays.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made, standing = folder / f".year={known.year}.new", folder / f"year={known.year}"
    with writing.exclusively(folder):
        writing.recover_folder(standing)
        shutil.rmtree(made, ignore_errors=True)  # Left by a run that was killed.
        made.mkdir()
        try:
            cells = known.write_cells(made)
            writing.replace_folder(made, standing)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    return cells
