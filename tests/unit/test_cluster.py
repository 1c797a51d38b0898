"""Work done by a real Dask cluster of two workers on this machine, whatever happens to them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import inbox
import pytest
from agencies import write_agencies
from distributed import Client
from nianbao.command.workers import LIMITS, check_many
from nianbao.model.dataset import package_forms
from nianbao.model.project import WrongUseError, find_projects
from nianbao.running.choosing import crew_of
from nianbao.running.crew import Failure, Limits, each
from nianbao.running.processes import Processes

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run a scheduler and two workers of one thread each, as an office would; return the address."""
    folder = tmp_path_factory.mktemp("cluster")
    file = folder / "scheduler.json"
    dask: list[str | Path] = [
        sys.executable,
        "-m",
        "distributed.cli.dask_scheduler",
        "--scheduler-file",
        file,
        "--host",
        "127.0.0.1",
    ]
    dask += ["--port", "0", "--no-dashboard", "--no-show"]
    worker: list[str | Path] = [
        sys.executable,
        "-m",
        "distributed.cli.dask_worker",
        "--scheduler-file",
        file,
        "--nthreads",
        "1",
    ]
    worker += ["--nworkers", "2", "--no-dashboard", "--local-directory", folder, "--host", "127.0.0.1"]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with (folder / "log").open("wb") as log:
        started = [subprocess.Popen(line, stderr=log, stdout=log, env=environment) for line in (dask, worker)]
        try:
            while not file.exists() or not file.read_bytes().strip():
                assert started[0].poll() is None, (folder / "log").read_text()
                time.sleep(0.1)
            with Client(scheduler_file=str(file), set_as_default=False) as client:  # type: ignore[no-untyped-call]
                client.wait_for_workers(2, timeout=60)
                address: str = client.scheduler.address
            yield address
        finally:
            for process in reversed(started):
                process.terminate()
            for process in started:
                process.wait(30)


def squared(task: int) -> int:
    """Return the square of *task*; 3 always kills its process, 5 sleeps, 9 is an error."""
    time.sleep(0.05)
    if task == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    if task == 5:
        time.sleep(600)
    return task**2 if task != 9 else task // 0


def test_what_ends_a_worker_harms_no_other_task(scheduler: str) -> None:
    """A task that kills its worker and one that never ends are told; the others have their results."""
    with crew_of(scheduler, Limits(seconds=25)) as crew:
        done = dict(each(crew, squared, range(12)))
    assert {task: result for task, result in done.items() if task not in {3, 5, 9}} == {
        task: task**2 for task in range(12) if task not in {3, 5, 9}
    }
    assert done[3] in {Failure(kind="ended", detail="KilledWorker"), Failure(kind="slow", detail="25")}
    assert done[5] == Failure(kind="slow", detail="25")
    assert isinstance(done[9], Failure)
    assert (done[9].kind, done[9].detail) == ("error", "ZeroDivisionError：integer division or modulo by zero")


def test_a_check_ends_right_when_a_worker_is_killed_in_the_middle(scheduler: str, tmp_path: Path) -> None:
    """The results are those of this machine's own processes, in the same order."""
    forms = {number: form for number, form in package_forms().editions.items() if form}
    write_agencies(tmp_path / "agencies", forms, 60, pages=True)
    projects = find_projects([tmp_path / "agencies"], tmp_path)
    expected = list(check_many(projects, Processes(2, LIMITS)))
    with crew_of(scheduler, LIMITS) as crew, Client(scheduler, set_as_default=False) as client:  # type: ignore[no-untyped-call]
        found = []
        for number, result in enumerate(check_many(projects, crew)):
            if number == 5:
                workers = client.run(os.getpid)
                os.kill(next(iter(workers.values())), signal.SIGKILL)
            found.append(result)
    assert found == expected


def test_the_command_takes_a_cluster(scheduler: str, tmp_path: Path) -> None:
    """`nianbao check --scheduler` tells what it tells without one; a scheduler that is not there is wrong use."""
    forms = {number: form for number, form in package_forms().editions.items() if form}
    write_agencies(tmp_path / "agencies", forms, 3)
    (tmp_path / "agencies/agency00001/2021.yml").write_bytes(b"\xff")
    line: list[str | Path] = [Path(sys.executable).parent / "nianbao", "check", "agencies", "--format", "json"]
    told = [
        subprocess.run([*line, *more], cwd=tmp_path, capture_output=True, text=True, check=False)
        for more in ([], ["--scheduler", scheduler])
    ]
    assert [done.returncode for done in told] == [1, 1]
    assert told[0].stdout == told[1].stdout
    assert "agency00001" in told[0].stdout
    assert told[1].stderr == ""
    with pytest.raises(WrongUseError, match="没有 Dask 调度器应答"), crew_of("tcp://127.0.0.1:9", LIMITS):
        pass


def test_many_bodies_by_a_cluster_one_of_whose_workers_is_killed(scheduler: str, tmp_path: Path) -> None:
    """What was sent is taken in and rolled up as by this machine alone, though a worker ends while it is at work."""
    portals = []
    inbox.write_inbox(tmp_path, 12, planted=False)
    for name, more in (("alone", []), ("cluster", ["--scheduler", scheduler])):
        portal = tmp_path / name
        inbox.write_portal(portal, 12)
        line: list[str | Path] = [Path(sys.executable).parent / "nianbao"]
        collecting = subprocess.Popen(
            [*line, "collect", "--on", "2024-01-20", tmp_path / "收件", *more], cwd=portal, stdout=subprocess.PIPE
        )
        if more:
            with Client(scheduler, set_as_default=False) as client:  # type: ignore[no-untyped-call]
                while not list(portal.glob("来件/*/*/*/来件.json")):
                    assert collecting.poll() is None
                    time.sleep(0.05)
                os.kill(next(iter(client.run(os.getpid).values())), signal.SIGKILL)
        told, _ = collecting.communicate(timeout=300)
        assert collecting.returncode == 0, told.decode()
        assert "收下 12 份报告。" in told.decode()
        added = subprocess.run([*line, "rollup", "2023", *more], cwd=portal, capture_output=True, check=False)
        assert added.returncode == 0, added.stderr.decode()
        portals.append((portal, sorted(told.decode().splitlines()), added.stdout))
    (alone, *expected), (cluster, *found) = portals
    assert found == expected
    for path in ("data/2023.yml", "data/rollup/2023.csv"):
        assert (cluster / path).read_bytes() == (alone / path).read_bytes()
    assert not list(cluster.glob(".zip-*"))
