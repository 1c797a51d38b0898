"""Mistakes in data files: each is found, at its place, and told in words that say what to do.

A folder in bad_data is a test: its files replace those of this repository's data/, those named in
removed.txt are deleted, and expected.txt holds every message of the run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from building import ROOT, copy_project
from conftest import read
from nianbao.command.judging import check_project
from nianbao.model.project import find_projects

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BAD = ROOT / "tests" / "bad_data"
NOTES = ("expected.txt", "removed.txt")


def project(folder: Path, case: Path) -> Path:
    """Return *folder* with a copy of data/ that has the files of *case*."""
    shutil.copytree(ROOT / "data", folder / "data")
    shutil.copytree(case, folder / "data", dirs_exist_ok=True, ignore=shutil.ignore_patterns(*NOTES))
    removed = case / "removed.txt"
    for name in removed.read_text(encoding="utf-8").split() if removed.exists() else ():
        path = folder / "data" / name
        path.rmdir() if path.is_dir() else path.unlink()
    return folder


def with_year(folder: Path, content: bytes) -> Path:
    """Return *folder* with a copy of data/ whose 2023.yml is *content*."""
    shutil.copytree(ROOT / "data", folder / "data")
    (folder / "data" / "2023.yml").write_bytes(content)
    return folder


@pytest.mark.parametrize(
    "case", sorted(path for path in BAD.iterdir() if path.is_dir()), ids=lambda case: str(case.name)
)
def test_each_mistake_is_told_at_its_place(case: Path, tmp_path: Path, golden: Callable[[Path, str], str]) -> None:
    """Each folder of bad data yields exactly the messages in its expected.txt, in order of place."""
    findings = read(project(tmp_path, case)).findings
    told = "".join(f"{finding}\n" for finding in findings)
    assert told == golden(case / "expected.txt", told)
    assert told


def test_a_faulty_year_has_no_report_and_hinders_no_other(tmp_path: Path) -> None:
    """A mistake in one year's file leaves the other years readable."""
    shutil.copytree(ROOT / "examples" / "data", tmp_path / "data")
    shutil.copytree(ROOT / "data" / "formats", tmp_path / "data" / "formats")
    (tmp_path / "data" / "2022.yml").write_text("", encoding="utf-8")
    dataset = read(tmp_path)
    assert [str(finding) for finding in dataset.findings] == ["data/2022.yml:1:1: 文件是空的；请按同类文件填写"]
    assert dataset.years == (2019, 2020, 2021, 2022, 2023, 2024, 2025)
    assert list(dataset.reports) == [2019, 2020, 2021, 2023, 2024, 2025]


def test_a_published_year_cannot_be_withdrawn(tmp_path: Path) -> None:
    """Where what was published is kept and the data of its year are gone, that is told at what is kept."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    (tmp_path / "data" / "published").mkdir()
    for name in ("2023-1.json", "2022-1.json", "2022-2.json"):
        (tmp_path / "data" / "published" / name).write_text("{}", encoding="utf-8")
    (finding,) = read(tmp_path).findings
    assert str(finding) == (
        "data/published/2022-1.json:1:1: 2022 年的报告已经公布，却没有 data/2022.yml；"
        "已公布的年度不能撤下，请从版本库恢复"
    )


# A composer that recurses in C ends the process, so another process reads these.
@pytest.mark.parametrize(
    ("level", "column"), [("[", 61), ("{a: ", 241), ("- ", 121), ("? ", 121)], ids=["list", "mapping", "item", "key"]
)
def test_deep_nesting_is_refused_and_the_process_lives(level: str, column: int, tmp_path: Path) -> None:
    """A hundred thousand levels of any kind are one finding, at the first level too many."""
    root = with_year(tmp_path, level.encode() * 100_000)
    program = (
        "import pathlib, sys; from conftest import read; "
        "sys.stdout.buffer.write(chr(10).join(map(str, read(pathlib.Path(sys.argv[1])).findings)).encode())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, root],
        env=os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT / "macros"), str(ROOT / "tests")))},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout.decode()) == (
        0,
        f"data/2023.yml:1:{column}: 嵌套超过 60 层；请检查括号和缩进",
    )


def test_aliases_are_refused_without_being_unfolded(tmp_path: Path) -> None:
    """Aliases that would unfold to 2 to the 60th values are told at once, and nothing else is."""
    lines = ["a0: &a0 [0, 0]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 61))]
    findings = read(with_year(tmp_path, "\n".join(lines).encode())).findings
    assert {finding.message for finding in findings} == {
        "不能使用锚点（&）；请删去，文字以 & 开头时请加双引号",
        "不能使用别名（*）；请直接写出内容，文字以 * 开头时请加双引号",
    }
    assert len(findings) == 20


def test_a_file_beyond_the_limit_is_not_read(tmp_path: Path) -> None:
    """A file of one byte more than a million is refused for its size."""
    findings = read(with_year(tmp_path, b"#" * 1_000_001)).findings
    assert [str(finding) for finding in findings] == [
        "data/2023.yml:1:1: 文件超过 1000000 字节，不是数据文件；请检查是否放错了文件"
    ]


def test_a_file_at_the_limit_is_read(tmp_path: Path) -> None:
    """A million bytes are no mistake of their own."""
    data = (ROOT / "data" / "2023.yml").read_bytes()
    padding = b"#" * (1_000_000 - len(data))
    assert read(with_year(tmp_path, data + padding)).findings == ()


def test_a_folder_in_the_place_of_a_file_is_told(tmp_path: Path) -> None:
    """What cannot be opened is a finding that says why, not a traceback."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    (tmp_path / "data" / "agency.yml").unlink()
    (tmp_path / "data" / "agency.yml").mkdir()
    assert [str(finding) for finding in read(tmp_path).findings] == [
        "data/agency.yml:1:1: 文件无法读取（这是文件夹，不是文件）；请检查文件和权限"
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="这个系统没有命名管道")
@pytest.mark.parametrize("path", ["data/2023.yml", "docs/2023/4-review.md"])
def test_a_pipe_in_the_place_of_a_file_is_told(tmp_path: Path, path: str) -> None:
    """Nobody waits for what a pipe never says."""
    copy_project(tmp_path)
    (tmp_path / path).unlink()
    os.mkfifo(tmp_path / path)
    (opened,) = find_projects([tmp_path], tmp_path)
    assert f"{path}:1:1: 文件无法读取（这不是普通文件）；请检查文件和权限" in map(str, check_project(opened).findings)
