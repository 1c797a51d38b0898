"""Many agencies: the same results in the same order on any number of cores, and an end that is clean."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from agencies import YEARS, write_agencies
from building import ROOT
from nianbao.command import judging
from nianbao.command.workers import LIMITS, check_many, judged
from nianbao.model import dataset, form_reader
from nianbao.model.dataset import FORMS, package_forms
from nianbao.model.project import find_projects
from nianbao.reading.findings import Finding, Place
from nianbao.running.crew import Limits
from nianbao.running.processes import Processes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nianbao.model.form import Form
    from nianbao.model.project import Project
    from nianbao.reading.findings import Findings
    from nianbao.rules.results import ProjectResult

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
        for result in map(judged, find_projects([folder], folder)):
            assert {finding.rule for finding in result.findings} == {"P-11"}
            assert tuple(result.years) == YEARS


def test_results_do_not_depend_on_processes(projects: tuple[Project, ...]) -> None:
    """One process or several give the same, in the order of the projects."""
    alone = list(map(judged, projects))
    assert [result.data for result in alone] == [project.data.as_posix() for project in projects]
    wrong = [any(finding.level == "error" for finding in result.findings) for result in alone]
    assert wrong == [number in {3, 17, 39} for number in range(COUNT)]
    for processes in (1, 2, 3, 2 * COUNT):
        assert list(check_many(projects, Processes(processes, LIMITS))) == alone
    assert list(check_many(projects[:1], Processes(1, LIMITS))) == alone[:1]
    assert list(check_many((), Processes(1, LIMITS))) == []


def test_forms_are_read_once(projects: tuple[Project, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """All agencies share the forms of the program."""
    read: list[Path] = []
    read_form = form_reader.read_form

    def counted(path: Path, name: str, findings: Findings) -> Form | None:
        read.append(path)
        return read_form(path, name, findings)

    monkeypatch.setattr(dataset, "read_form", counted)
    package_forms.cache_clear()
    assert len(list(map(judged, projects))) == COUNT
    assert read == sorted(FORMS.glob("*.yml"))


@pytest.mark.parametrize("processes", [1, 2])
def test_an_error_of_the_program_is_told_of_the_agency(projects: tuple[Project, ...], processes: int) -> None:
    """What fails is one finding of its agency, with what the error has left; all others are judged."""
    impossible = replace(projects[1], data=projects[1].data / "\0")  # No system has such a file.
    results = list(check_many((projects[0], impossible, *projects[2:]), Processes(processes, LIMITS)))
    assert [result.trace != "" for result in results] == [number == 1 for number in range(COUNT)]
    assert "Traceback" in results[1].trace
    assert "null" in results[1].trace
    (told,) = results[1].findings
    assert told.message.startswith("检查时程序出错")
    assert results[2:] == list(map(judged, projects[2:]))
    assert multiprocessing.active_children() == []


def _work_for_ever() -> None:
    while True:
        pass


def _recurse() -> None:
    _recurse()


# What a hostile agency makes the program do within which limits, and what is told of it.
HOSTILE: dict[str, tuple[Callable[[], object], Limits, str]] = {
    "works for ever": (_work_for_ever, Limits(work=3), "检查超过 3 秒，没有检查完"),
    "waits for ever": (lambda: time.sleep(600), Limits(seconds=3), "检查超过 3 秒，没有检查完"),
    "takes all memory": (lambda: bytearray(3_000_000_000), Limits(), "检查要用的内存太多"),
    "is killed": (lambda: os.kill(os.getpid(), signal.SIGKILL), Limits(), "检查到一半被系统中止（-9）"),
    "recurses": (_recurse, Limits(), "检查时程序出错"),
}


def with_one(monkeypatch: pytest.MonkeyPatch, data: Path, done: Callable[[ProjectResult], ProjectResult]) -> None:
    """Let *done* change the result of the project with this folder of *data*, also in processes that are forked."""
    check_project = judging.check_project

    def other(project: Project) -> ProjectResult:
        result = check_project(project)
        return done(result) if project.data == data else result

    monkeypatch.setattr(judging, "check_project", other)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere processes are not forked and not limited")
@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("processes", [1, 2])
def test_one_agency_cannot_stop_the_others(
    projects: tuple[Project, ...], monkeypatch: pytest.MonkeyPatch, processes: int, name: str
) -> None:
    """An agency that takes too much is told with one finding, and all others as if it were not there."""
    expected = list(map(judged, projects))
    action, limits, told = HOSTILE[name]

    def done(result: ProjectResult) -> ProjectResult:
        action()
        return result

    with_one(monkeypatch, projects[5].data, done)
    results = list(check_many(projects, Processes(processes, limits)))
    (finding,) = results[5].findings
    assert finding.message.startswith(told)
    assert finding.place.file.endswith("agency00005")
    assert results[:5] + results[6:] == expected[:5] + expected[6:]
    assert multiprocessing.active_children() == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere processes are not forked")
def test_an_agency_with_endless_findings_tells_one(
    projects: tuple[Project, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What one agency may send back is limited, too."""
    expected = list(map(judged, projects))
    endless = tuple(Finding(Place("a", number), f"{number:0100}") for number in range(100_000))
    for number in (0, 5):
        with_one(monkeypatch, projects[number].data, lambda result: replace(result, findings=endless))
    results = list(check_many(projects, Processes(2, LIMITS)))
    for number in (0, 5):
        (finding,) = results[number].findings
        assert finding.message.startswith("查出的问题太多（100000 处）")
    assert results[1:5] + results[6:] == expected[1:5] + expected[6:]


def test_who_stops_reading_stops_the_work(projects: tuple[Project, ...]) -> None:
    """A reader that has seen enough leaves no process behind."""
    results = check_many(projects, Processes(2, LIMITS))
    next(results)
    assert multiprocessing.active_children()
    results.close()
    assert multiprocessing.active_children() == []


@pytest.mark.skipif(sys.platform == "win32", reason="there interrupts are not signals to a group of processes")
def test_an_interrupt_ends_without_tracebacks(projects: tuple[Project, ...]) -> None:
    """An interrupt of the terminal reaches all processes; none but the first says a word."""
    program = """
import os, pathlib, signal, sys
from nianbao.command.workers import LIMITS, check_many
from nianbao.model.project import find_projects
from nianbao.running.processes import Processes
folder = pathlib.Path(sys.argv[1])
try:
    for result in check_many(find_projects([folder], folder), Processes(2, LIMITS)):
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
