"""The site of a superior: its files with the cells of all bodies are made without DuckDB, alike, and read back."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from typing import TYPE_CHECKING

import duckdb
import pytest
from building import copy_program, copy_project, nianbao
from crawling import expected
from lxml import html
from nianbao.members.rollup import known_addresses
from nianbao.model.dataset import read_dataset
from nianbao.verifying.crawl import crawl

if TYPE_CHECKING:
    from pathlib import Path

YEAR = 2024
BODIES = ("east", "west")
FILES = (f"downloads/members-{YEAR}.csv", f"downloads/members-{YEAR}.parquet")
PAGE = "# 各单位 {#members}\n\n{{ member_reports() }}\n"


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the portal of the examples as that of a superior of two bodies, built where DuckDB is not installed."""
    folder = tmp_path_factory.mktemp("superior")
    copy_program(folder)
    (folder / "macros/duckdb.py").write_text("raise ModuleNotFoundError(name='duckdb')\n", encoding="utf-8")
    project = copy_project(folder) / "examples"
    form = read_dataset(project, project / "data").reports[YEAR].form
    addresses = list(known_addresses(form))
    parts = project / f"data/rollup/{YEAR}.csv"
    parts.parent.mkdir()
    with parts.open("w", encoding="utf-8", newline="") as file:
        rows = ((address, body, at) for at, address in enumerate(addresses) for body in BODIES)
        csv.writer(file).writerows([("cell", "body", "value"), *rows])
    record = {
        "included": BODIES,
        "missing": {},
        "parts": hashlib.sha256(parts.read_bytes()).hexdigest(),
        "reports": {},
        "cells": {address: {"value": str(2 * at)} for at, address in enumerate(addresses)},
    }
    parts.with_suffix(".json").write_text(json.dumps(record), encoding="utf-8")
    names = "".join(
        f"  - {{id: {body}, names: [{{name: 示例市{body}局, from: 2019}}], kind: department, from: 2019}}\n"
        for body in BODIES
    )
    (project / "data/members.yml").write_text(f"members:\n{names}", encoding="utf-8")
    (project / "docs/members.md").write_text(PAGE, encoding="utf-8")
    done = nianbao("build", folder=project, fresh=True)
    assert done.code == 0, done.printed
    return project


def test_the_cells_of_all_bodies_are_files_of_the_site(portal: Path) -> None:
    """Pages link them, lists have their sizes and digests, programs find them, and DuckDB adds them up."""
    site = portal / "site"
    parquet = site / FILES[1]
    figures = json.loads((portal / f"data/rollup/{YEAR}.json").read_text(encoding="utf-8"))["cells"]
    asked = "SELECT address, sum(value) FROM read_parquet(?) GROUP BY address"
    sums = dict(duckdb.connect().execute(asked, [str(parquet)]).fetchall())
    assert sums.keys() > figures.keys() - {"processing_fee"}
    for address in figures.keys() & sums.keys():
        assert str(int(sums[address])) == figures[address]["value"], address
    for page in ("members.html", "downloads.html"):
        links = html.parse(site / page).xpath("//main//a/@href")
        assert set(FILES) <= set(links), page
    listed = (site / "downloads/SHA256SUMS").read_text(encoding="utf-8")
    for path in FILES:
        digest = hashlib.sha256((site / path).read_bytes()).hexdigest()
        assert f"{digest}  {path.removeprefix('downloads/')}\n" in listed
    (linked,) = html.parse(site / f"{YEAR}/index.html").xpath("//script[@type='application/ld+json']/text()")
    *_, dataset = json.loads(linked)["@graph"]
    assert [one["contentUrl"] for one in dataset["distribution"]] == [f"../{path}" for path in FILES]
    assert len(dataset["description"]) >= 50
    assert "members" not in html.tostring(html.parse(site / "2023/index.html").xpath("//head")[0], encoding="unicode")


def test_they_are_read_back(portal: Path, tmp_path: Path) -> None:
    """The site agrees with its data; a file that was altered or is gone is told, by its list and by its data."""
    site = shutil.copytree(portal / "site", tmp_path / "site")
    wanted = expected(portal)
    assert crawl(site, wanted).findings == []
    content = (site / FILES[1]).read_bytes()
    (site / FILES[1]).write_bytes(content[:200] + b"\0" + content[201:])
    told = [str(finding) for finding in crawl(site, wanted).findings]
    assert any(f"所列的校验值不是 {FILES[1]} 的" in line for line in told), told
    assert f"网站的 {FILES[1]}:1:1: 这个文件不是这次由数据生成的" in told
    (site / FILES[1]).unlink()
    told = [str(finding) for finding in crawl(site, wanted).findings]
    assert f"网站的 {FILES[1]}:1:1: 缺少这个文件" in told
    assert any(f"{FILES[1]}”指向的页面或文件不存在" in line for line in told), told


def test_they_are_the_same_without_what_earlier_builds_have_left(portal: Path) -> None:
    """A build that makes all anew writes the same bytes."""
    before = [(portal / "site" / path).read_bytes() for path in FILES]
    shutil.rmtree(portal / ".cache")
    done = nianbao("build", folder=portal)
    assert done.code == 0, done.printed
    assert [(portal / "site" / path).read_bytes() for path in FILES] == before
