"""Many agencies: the same results in the same order on any number of cores, and an end that is clean."""

from __future__ import annotations

import multiprocessing
import os
import re
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from agencies import YEARS, write_agencies
from building import ROOT
from nianbao.command.judging import ProjectFailedError, check_projects
from nianbao.model import dataset, form_reader
from nianbao.model.dataset import FORMS, package_forms
from nianbao.model.project import find_projects

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.model.form import Form
    from nianbao.model.project import Project
    from nianbao.reading.findings import Findings

COUNT = 40


def folder_of(root: Path, count: int, *, pages: bool = False) -> Path:
    """Return a folder below *root* with synthetic agencies, and the forms beside it."""
    forms = {number: form for number, form in package_forms().editions.items() if form}
    write_agencies(root / "agencies", forms, count, pages=pages)
    return root / "agencies"


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, ...]:
    """Return the projects of synthetic agencies, three of them with mistakes."""
    folder = folder_of(tmp_path_factory.mktemp("many"), COUNT)
    (folder / "agency00003/2021.yml").write_bytes(b"\xff")
    (folder / "agency00017/agency.yml").unlink()
    text = (folder / "agency00039/2022.yml").read_text(encoding="utf-8")
    (folder / "agency00039/2022.yml").write_text(text.replace("carried_in:", "carried_on:"), encoding="utf-8")
    return find_projects([folder], folder)


def test_synthetic_agencies_are_in_order(tmp_path: Path) -> None:
    """What the benchmark checks has nothing to be found but that nobody has frozen it, with pages and without."""
    for pages in (False, True):
        folder = folder_of(tmp_path / str(pages), 2, pages=pages)
        for result in check_projects(find_projects([folder], folder), processes=1):
            assert {finding.rule for finding in result.findings} == {"P-11"}
            assert tuple(result.years) == YEARS


def test_results_do_not_depend_on_processes(projects: tuple[Project, ...]) -> None:
    """One process or several give the same, in the order of the projects."""
    alone = list(check_projects(projects, processes=1))
    assert [result.data for result in alone] == [project.data.as_posix() for project in projects]
    wrong = [any(finding.level == "error" for finding in result.findings) for result in alone]
    assert wrong == [number in {3, 17, 39} for number in range(COUNT)]
    for processes in (2, 3, 2 * COUNT):
        assert list(check_projects(projects, processes)) == alone
    assert list(check_projects(projects)) == alone
    assert list(check_projects(projects[:1])) == alone[:1]
    assert list(check_projects(())) == []


def test_forms_are_read_once(projects: tuple[Project, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """All agencies share the forms of the program."""
    read: list[Path] = []
    read_form = form_reader.read_form

    def counted(path: Path, name: str, findings: Findings) -> Form | None:
        read.append(path)
        return read_form(path, name, findings)

    monkeypatch.setattr(dataset, "read_form", counted)
    package_forms.cache_clear()
    assert len(list(check_projects(projects, processes=1))) == COUNT
    assert read == sorted(FORMS.glob("*.yml"))


@pytest.mark.parametrize("processes", [1, 2])
def test_an_error_of_the_program_names_the_agency(projects: tuple[Project, ...], processes: int) -> None:
    """What fails is told with the folder, and the cause with it; nothing is left running."""
    impossible = replace(projects[1], data=projects[1].data / "\0")  # No system has such a file.
    with pytest.raises(ProjectFailedError, match=r"^检查 .*agency00001.* 时程序出错$") as failed:
        list(check_projects((projects[0], impossible, *projects[2:]), processes))
    assert "null" in str(failed.value.__cause__)
    assert multiprocessing.active_children() == []


def test_who_stops_reading_stops_the_work(projects: tuple[Project, ...]) -> None:
    """A reader that has seen enough leaves no process behind."""
    results = check_projects(projects, processes=2)
    next(results)
    assert multiprocessing.active_children()
    results.close()
    assert multiprocessing.active_children() == []


@pytest.mark.skipif(sys.platform == "win32", reason="there interrupts are not signals to a group of processes")
def test_an_interrupt_ends_without_tracebacks(projects: tuple[Project, ...]) -> None:
    """An interrupt of the terminal reaches all processes; none but the first says a word."""
    program = """
import os, pathlib, signal, sys
from nianbao.command.judging import check_projects
from nianbao.model.project import find_projects
folder = pathlib.Path(sys.argv[1])
try:
    for result in check_projects(find_projects([folder], folder), processes=2):
        os.killpg(0, signal.SIGINT)
except KeyboardInterrupt:
    print("ended")
"""
    done = subprocess.run(
        [sys.executable, "-c", program, projects[0].data.parent],
        env=os.environ | {"PYTHONPATH": str(ROOT / "macros")},
        capture_output=True,
        text=True,
        start_new_session=True,
        check=True,
        timeout=120,  # A run that waits for what never comes would hold up all tests.
    )
    assert (done.stdout, done.stderr) == ("ended\n", "")


def test_benchmark_runs() -> None:
    """The benchmark prints its ratios; what they are is not asserted."""
    program = ROOT / "tests/benchmarks/check_speed.py"
    done = subprocess.run(
        [sys.executable, program, "--reports", "50", "--rounds", "1"], capture_output=True, text=True, check=True
    )
    ratio = r"[0-9]+\.[0-9]{2}"
    assert re.search(rf"^reading and judging / parsing: {ratio}$", done.stdout, re.MULTILINE)
    assert re.search(
        rf"^time a report, 50 / 5 reports: -?{ratio}; without the start -?{ratio}$", done.stdout, re.MULTILINE
    )
    if hasattr(os, "wait4"):
        assert re.search(rf"^peak memory, 50 / 5 reports: {ratio}$", done.stdout, re.MULTILINE)
