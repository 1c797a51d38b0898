"""Tasks done by processes: what ends one, or takes too long, is told of that task alone."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from itertools import pairwise

from nianbao.running.crew import each
from nianbao.running.processes import Processes


def squared(task: int) -> int:
    """Return the square of *task*; 3 kills its process, 5 sleeps, 7 takes all memory."""
    if task == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    if task == 5:
        time.sleep(60)
    return task**2 if task != 7 else len(bytearray(50_000_000_000))


def test_what_ends_a_process_harms_no_other_task() -> None:
    """A killed process, one that sleeps and one without memory are told; the others have their results."""
    done = dict(each(Processes(2, 3), squared, range(12), lambda _, why: why))
    assert {task: result for task, result in done.items() if task not in {3, 5, 7}} == {
        task: task**2 for task in range(12) if task not in {3, 5, 7}
    }
    assert "意外结束" in str(done[3])
    assert "超过了 3 秒" in str(done[5])
    assert "意外结束" in str(done[7])
    assert multiprocessing.active_children() == []


def stamped(task: tuple[str, int]) -> tuple[float, float]:
    """Return when *task* began and ended; the later ones of a folder are quicker."""
    begun = time.monotonic()
    time.sleep(0.09 - 0.03 * task[1])
    return begun, time.monotonic()


def test_tasks_with_the_same_key_run_in_turn() -> None:
    """Of one folder one task at a time is under way, in order, whatever processes are free."""
    tasks = [(folder, number) for number in range(3) for folder in "ab"]
    times = dict(each(Processes(4, 30), stamped, tasks, lambda *_: (0.0, 0.0), lambda task: task[0]))
    for folder in "ab":
        own = [times[folder, number] for number in range(3)]
        assert all(before[1] <= after[0] for before, after in pairwise(own))
