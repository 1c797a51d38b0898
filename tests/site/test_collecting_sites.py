"""A site as it is built, behind the nginx that is shipped, is a source of its superior, however it is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import inbox
import pytest
from nianbao.command.board import board
from nianbao.command.collect import collect
from nianbao.model.dataset import read_dataset
from nianbao.model.report import plain
from projects import run
from serving import nginx, served

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from nianbao.model.dataset import Dataset
    from nianbao.model.report import Cell

YEAR = 2024
NAMED = (
    "",
    f"{YEAR}/",
    "2019/index.html",
    f"{YEAR}/downloads/slqcgj-{YEAR}.json",
    f"{YEAR}/downloads/datapackage.json",
)


def figures(cells: Mapping[tuple[str, str], Cell]) -> dict[str, str]:
    """Return the figures of *cells* by address."""
    return {cell.address: plain(cell.value) for cell in cells.values() if cell.value is not None}


@pytest.mark.skipif(nginx() is None, reason="nginx is not installed")
def test_a_built_site_is_taken_in_and_compared(example_site: Path, examples: Dataset, tmp_path: Path) -> None:
    """Every figure of the report comes, from root, page, JSON and Data Package; the draft of 2025 is not there yet."""
    (tmp_path / "nginx").mkdir()
    with served(example_site, tmp_path / "nginx") as address:
        for at, named in enumerate(NAMED):
            portal = tmp_path / f"superior{at}"
            inbox.write_portal(portal, 1)
            member = f"{{id: slqcgj, names: [{{name: 示例市示例区城市管理局, from: 2019}}], site: '{address}{named}', "
            text = f"members:\n  - {member}kind: department, from: 2019}}\n"
            (portal / "data/members.yml").write_text(text, encoding="utf-8")
            told = run(collect, "--sites", "--year", str(YEAR), project=portal)
            assert (told.code, "收下 1 份报告。" in told.printed) == (0, True), told.printed
            report = read_dataset(portal, portal / "members/slqcgj/data").reports[YEAR]
            for table, cells in examples.reports[YEAR].cells.items():
                assert figures(report.cells[table]) == figures(cells)
            assert "网站已公布 1/1" in run(board, str(YEAR), "--sites", project=portal).printed
        told = run(collect, "--sites", "--year", "2025", project=portal)
        assert (told.code, "服务器回答 404" in told.printed) == (0, True), told.printed
