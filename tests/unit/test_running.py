"""Tasks done by processes: what ends one, or takes too long, is told of that task alone."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from itertools import pairwise

from nianbao.running.crew import Failure, Limits, each
from nianbao.running.processes import Processes


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
