"""Work done by a real Dask cluster of two workers on this machine, whatever happens to them."""

from __future__ import annotations

import os
import shutil
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
from projects import everything
from waiting import until

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


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


# In the order in which an office runs them; each has work for the workers, once what is known of bodies is gone.
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("collect", "--on", "2024-01-20", "../收件"),
    ("board", "2023", "--on", "2024-02-01", "--out", "报送情况"),
    ("cells", "2023"),
    ("rollup", "2023"),
    ("check", "members"),
    ("import", "--batch", "输出", "../收件"),
)


def test_what_many_bodies_need_is_done_though_a_worker_is_killed(scheduler: str, tmp_path: Path) -> None:
    """Each command tells and writes what it does by this machine alone, though a worker ends while it is at work."""
    inbox.write_inbox(tmp_path, 4, planted=False)
    alone, cluster = tmp_path / "alone", tmp_path / "cluster"
    for portal in (alone, cluster):
        inbox.write_portal(portal, 4)
    for command in COMMANDS:
        expected = run_in(alone, command)
        with Client(scheduler, set_as_default=False) as client:  # type: ignore[no-untyped-call]
            found = run_in(cluster, (*command, "--scheduler", scheduler), client)
        assert found == expected, command
        assert found[0] == int(command[0] == "import"), found  # Parts of one report are refused there.
        written = [outputs(portal) for portal in (alone, cluster)]
        assert written[0] == written[1], command
        for portal in (alone, cluster):
            shutil.rmtree(portal / ".cache/members", ignore_errors=True)
    assert len(list(cluster.glob("来件/*/2023/1"))) == 4
    assert list(cluster.glob("输出/*/data/2023.yml"))
    assert not list(cluster.glob("**/.zip*"))


def outputs(portal: Path) -> dict[str, bytes]:
    """Return every file of *portal* but its caches, and the steps of its editor, which tell the time."""
    return {
        name: content for name, content in everything(portal).items() if not name.startswith((".cache/", ".edits/"))
    }


def until_busy(client: Client) -> str:
    """Wait until a worker has something to do, and return it."""
    busy: list[str] = []

    def begun() -> bool:
        busy[:] = [worker for worker, tasks in client.processing().items() if tasks]  # type: ignore[no-untyped-call]
        return bool(busy)

    until(begun)
    return busy[0]


def run_in(portal: Path, command: Sequence[str], client: Client | None = None) -> tuple[int, list[str], str]:
    """Run a command in *portal*, and kill a worker of *client* that has begun; return its code and what it told."""
    pids = client.run(os.getpid) if client is not None else {}
    line: list[str | Path] = [Path(sys.executable).parent / "nianbao", *command]
    with subprocess.Popen(line, cwd=portal, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        if client is not None:
            worker = until_busy(client)
            assert running.poll() is None
            os.kill(pids[worker], signal.SIGKILL)
        told, errors = running.communicate(timeout=300)
    if client is not None:
        client.wait_for_workers(2, timeout=60)
    return running.returncode, sorted(told.splitlines()), errors
