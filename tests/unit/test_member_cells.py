"""The cells of all bodies as a data set that DuckDB reads as one table, whatever the bodies are like."""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import county
import duckdb
import pytest
from click.testing import CliRunner
from nianbao.beginning.new_year import make_year
from nianbao.command.main import nianbao
from nianbao.model.project import project_at

if TYPE_CHECKING:
    from pathlib import Path

COUNT = 26
# The figures of an area: what is unknown somewhere is unknown, as in the roll-up.
SUMS = """
    SELECT address, CASE WHEN count(*) = count(value) THEN sum(value) END AS value, count(*) AS bodies
    FROM read_parquet('{}/*/*/*.parquet', hive_partitioning = true)
    WHERE year = {} AND status <> 'computed' GROUP BY address
"""

REGIONS = "SELECT region, count(DISTINCT agency) FROM '{}/year=2023/*/*.parquet' GROUP BY ALL"


@pytest.fixture
def portal(tmp_path: Path) -> Path:
    """Return a county with what is wrong in it; two regions, one of which cannot be a file name as it is."""
    portal = county.write_county(tmp_path, COUNT)
    county.plant(portal)
    for number in (23, 24):
        path = portal / f"members/agency{number:05}/agency.yml"
        text = path.read_text(encoding="utf-8")
        assert "region:" not in text
        path.write_text(f"{text}\nregion: 示例/二区\n", encoding="utf-8")
    return portal


def cells(portal: Path, year: int = county.YEAR) -> str:
    """Write the cells of the county in *portal*, and return what is told."""
    line = ["cells", str(year), "--out", str(portal / "cells"), "--project", str(portal)]
    result = CliRunner().invoke(nianbao, line)
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


def answer(question: str) -> list[tuple[Any, ...]]:
    """Return the rows that answer a *question* in SQL."""
    return duckdb.connect().execute(question).fetchall()


def test_sums_by_duckdb_are_those_of_the_roll_up(portal: Path) -> None:
    """The same bodies give the same figures in both, cell by cell; who is not in it is told with the reason."""
    told = cells(portal)
    assert "没有写入 agency00000：没有 members/agency00000 这个文件夹" in told
    assert "没有写入 agency00005：还是草稿" in told
    make_year(project_at(portal), county.YEAR)
    assert CliRunner().invoke(nianbao, ["rollup", str(county.YEAR), "--project", str(portal)]).exit_code == 0
    record = json.loads((portal / f"data/rollup/{county.YEAR}.json").read_text(encoding="utf-8"))
    ids = ", ".join(f"'{id_}'" for id_ in record["included"])
    question = SUMS.format(portal / "cells", county.YEAR).replace("WHERE", f"WHERE agency IN ({ids}) AND")
    found = {address: value for address, value, bodies in answer(question)}
    assert {address: str(found[address]).rstrip("0").rstrip(".") or "0" for address in record["cells"]} == {
        address: cell["value"].removesuffix("元").removeprefix("+") for address, cell in record["cells"].items()
    }


def test_regions_are_folders_and_a_second_run_replaces_a_year(portal: Path) -> None:
    """Any name of a region is read back as it is; a body that has gone is gone from the files, other years stay."""
    cells(portal)
    other = portal / "cells/year=2019/region=示例/0000000.parquet"
    other.parent.mkdir(parents=True)
    other.write_bytes(next((portal / "cells/year=2023").glob("*/*.parquet")).read_bytes())
    regions = REGIONS.format(portal / "cells")
    before = dict(answer(regions))
    assert before["示例/二区"] == 2
    (portal / f"members/agency00023/{county.YEAR}.yml").unlink()
    assert "没有写入 agency00023" in cells(portal)
    assert dict(answer(regions)) == {**before, "示例/二区": 1}
    assert other.exists()
    assert sorted(path.name for path in (portal / "cells").iterdir()) == ["year=2019", "year=2023"]


def test_a_full_disk_leaves_what_stands(portal: Path) -> None:
    """Where the files cannot be written, it is told, and those of the last run are as they were."""
    cells(portal)
    before = {path: path.read_bytes() for path in (portal / "cells").rglob("*.parquet")}

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))  # A file of cells is larger.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    line = [sys.executable, "-m", "nianbao", "cells", str(county.YEAR), "--out", str(portal / "cells")]
    done = subprocess.run(line, cwd=portal, preexec_fn=full, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert "文件超过了允许的大小" in done.stderr
    assert "Traceback" not in done.stderr
    assert {path: path.read_bytes() for path in (portal / "cells").rglob("*.parquet")} == before
