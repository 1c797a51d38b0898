"""Tasks done by processes: what ends one, or takes too long, is told of that task alone."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from building import ROOT
from nianbao.running.crew import Failure, Limits, each
from nianbao.running.processes import Processes

if TYPE_CHECKING:
    from collections.abc import Callable


def squared(task: int) -> int:
    """Return the square of *task*; 3 kills its process, 5 sleeps, 7 takes all memory, 9 is an error."""
    if task == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    if task == 5:
        time.sleep(60)
    if task == 7:
        return len(bytearray(50_000_000_000))
    return task**2 if task != 9 else task // 0


def test_what_ends_a_process_harms_no_other_task() -> None:
    """A killed process, one that sleeps and one without memory are told; the others have their results."""
    limits = Limits(work=30, seconds=3)
    done = dict(each(Processes(2, limits), squared, range(12)))
    assert {task: result for task, result in done.items() if task not in {3, 5, 7, 9}} == {
        task: task**2 for task in range(12) if task not in {3, 5, 7, 9}
    }
    assert done[3] == Failure(kind="ended", detail="-9")
    assert done[5] == Failure(kind="slow", detail="3")
    assert done[7] == Failure(kind="memory")
    assert isinstance(done[9], Failure)
    assert (done[9].kind, done[9].detail) == ("error", "ZeroDivisionError：integer division or modulo by zero")
    assert "in squared" in done[9].trace
    assert multiprocessing.active_children() == []


def test_a_task_that_fails_is_given_again_in_its_parts() -> None:
    """Of many that were handed over at once, the one at fault is found, and the others have their results."""

    def halves(task: range) -> list[range]:
        return [task[: len(task) // 2], task[len(task) // 2 :]] if len(task) > 1 else []

    done = dict(each(Processes(2, Limits()), all_squared, [range(1, 5), range(10, 12)], parts=halves))
    assert done.pop(range(3, 4)) == Failure(kind="ended", detail="-9")
    found = [number for numbers in done.values() if not isinstance(numbers, Failure) for number in numbers]
    assert sorted(found) == [1, 4, 16, 100, 121]


def all_squared(tasks: range) -> list[int]:
    """Return the squares of *tasks*."""
    return [squared(task) for task in tasks]


def stamped(task: tuple[str, float]) -> tuple[float, float]:
    """Return when a task of so many seconds began and ended."""
    begun = time.monotonic()
    time.sleep(task[1])
    return begun, time.monotonic()


def test_tasks_with_the_same_key_run_in_turn() -> None:
    """Of one folder one task at a time is under way, in order, whatever processes are free."""
    tasks = [(folder, seconds) for seconds in (0.05, 0.04, 0.03) for folder in "ab"]
    times = dict(each(Processes(4, Limits()), stamped, tasks, alone=lambda task: task[0]))
    for folder in "ab":
        own = [times[task] for task in tasks if task[0] == folder]
        assert all(
            not isinstance(before, Failure) and not isinstance(after, Failure) and before[1] <= after[0]
            for before, after in pairwise(own)
        )


def ended_once(mark: Path) -> str:
    """Return a word, but for the first time, when the process is killed."""
    try:
        mark.touch(exist_ok=False)
    except FileExistsError:
        return "done"
    os.kill(os.getpid(), signal.SIGKILL)
    return "never"


def test_a_task_whose_process_was_killed_from_outside_is_done_all_the_same(tmp_path: Path) -> None:
    """It is given to another process once, also where the killed one had nothing to do yet."""
    marks = [tmp_path / str(number) for number in range(5)]
    assert dict(each(Processes(2, Limits()), ended_once, marks)) == dict.fromkeys(marks, "done")
    crew = Processes(1, Limits())
    done = each(crew, squared, [1, 2])
    assert next(done) == (1, 1)
    (idle,) = multiprocessing.active_children()
    assert idle.pid is not None
    os.kill(idle.pid, signal.SIGKILL)
    idle.join()
    assert list(done) == [(2, 4)]


def test_a_refusing_disk_is_told_as_such(tmp_path: Path) -> None:
    """A file that may not grow is a fault of the disk; one that is not there, of the program."""
    tasks = [tmp_path / "full", tmp_path / "none/file"]
    done = dict(each(Processes(1, Limits()), written_beyond_limit, tasks))
    full, none = (done[task] for task in tasks)
    assert full == Failure(kind="disk", detail="文件超过了允许的大小；请腾出空间再运行")
    assert isinstance(none, Failure)
    assert none.kind == "error"


def written_beyond_limit(path: Path) -> int:
    """Write more into a file than this process may."""
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    return path.write_bytes(b"0" * 100)


ORPHANS = """
import os, pathlib, sys, time
from nianbao.running.crew import Limits, each
from nianbao.running.processes import Processes

def work(path):
    path.write_text(str(os.getpid()))
    time.sleep(600)

list(each(Processes(2, Limits()), work, [pathlib.Path(name) for name in sys.argv[1:]]))
"""


def test_processes_end_with_the_one_that_started_them(tmp_path: Path) -> None:
    """Killed, it leaves nobody at work who would hold up, or write beside, the run that follows."""
    files = [tmp_path / "one", tmp_path / "two"]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "macros")}
    with subprocess.Popen([sys.executable, "-c", ORPHANS, *files], env=environment) as running:
        until(lambda: all(file.exists() and file.read_text() for file in files))
        running.kill()
    workers = [Path("/proc", file.read_text()) for file in files]
    until(lambda: not any(_alive(worker) for worker in workers))


def _alive(process: Path) -> bool:
    """Say whether a *process* runs; one that has ended may wait for somebody to take note of that."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def until(true: Callable[[], bool]) -> None:
    """Wait for a state for 40 seconds at most."""
    last = time.monotonic() + 40
    while not true():
        assert time.monotonic() < last
        time.sleep(0.02)
