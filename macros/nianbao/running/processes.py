"""Processes of this machine that do tasks, each within limits of time and memory."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import time
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any

from nianbao.running.crew import Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

if sys.platform != "win32":
    import resource

_MEMORY = 1_500_000_000  # Bytes that a process may take beside the program's own.
_SLOW = "超过了 {} 秒，没有做完；请单独处理这个文件，或换一种格式"
_CRASHED = "处理时程序意外结束；请单独处理这个文件，并把它发给维护人员"


def cores() -> int:
    """Return how many cores this process may use, which in a container can be fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def limit(kind: int, most: int) -> None:
    """Lower a limit of this process to *most*, where it is not lower already; some systems have none."""
    if sys.platform != "win32":
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


@dataclass(slots=True, kw_only=True)
class _Worker:
    """A process with its end of the *pipe*; at the task of a *number* until the *deadline*."""

    process: BaseProcess
    pipe: Connection
    number: int | None = None
    deadline: float = 0.0


class Processes:
    """A crew of up to *count* processes; one that takes more than so many *seconds* is ended."""

    def __init__(self, count: int, seconds: float) -> None:
        self._count = count
        self._seconds = seconds
        # Where processes can be forked they have the program loaded already.
        self._context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
        self._workers: list[_Worker] = []

    @property
    def free(self) -> bool:
        """Whether a process has nothing to do, or another can be started."""
        return len(self._workers) < self._count or any(worker.number is None for worker in self._workers)

    def give(self, number: int, work: Callable[[Any], Any], task: object) -> None:
        """Let a free process do *task*."""
        worker = next((worker for worker in self._workers if worker.number is None), None) or self._start()
        worker.number, worker.deadline = number, time.monotonic() + self._seconds
        with contextlib.suppress(OSError):  # That it has ended is seen when its answer is waited for.
            worker.pipe.send((work, task))

    def done(self) -> Sequence[tuple[int, Any]]:
        """Return what is done, after waiting for the first of it; who is late is ended."""
        busy = [worker for worker in self._workers if worker.number is not None]
        first = min(worker.deadline for worker in busy)
        ready = wait([worker.pipe for worker in busy], timeout=max(0.0, first - time.monotonic()))
        found: list[tuple[int, Any]] = []
        for worker in busy:
            number = worker.number
            if number is None:
                continue
            if time.monotonic() >= worker.deadline:
                found.append((number, Failure(_SLOW.format(self._seconds))))
                self._end(worker)
            elif worker.pipe in ready:
                try:
                    found.append((number, worker.pipe.recv()))
                    worker.number = None
                except (EOFError, OSError):
                    found.append((number, Failure(_CRASHED)))
                    self._end(worker)
        return found

    def end(self) -> None:
        """End all processes, whatever they are at."""
        for worker in list(self._workers):
            self._end(worker)

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        forked = self._context.get_start_method() == "fork"
        # A process that was forked would keep the others from seeing that this one has ended.
        inherited = [ours, *(worker.pipe for worker in self._workers)] if forked else []
        process = self._context.Process(target=_serve, args=(theirs, inherited), daemon=True)  # type: ignore[attr-defined]  # of every context
        process.start()
        theirs.close()
        worker = _Worker(process=process, pipe=ours)
        self._workers.append(worker)
        return worker

    def _end(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.process.kill()
        worker.process.join()
        worker.process.close()
        worker.pipe.close()


def _serve(pipe: Connection, inherited: Iterable[Connection]) -> None:
    """Do tasks until the other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Who reads the results tells of an interrupt.
    for other in inherited:
        other.close()
    if sys.platform != "win32":
        limit(resource.RLIMIT_CORE, 0)
        limit(resource.RLIMIT_DATA, _MEMORY)
    with contextlib.suppress(EOFError, OSError):
        while True:
            work, task = pipe.recv()
            pipe.send(work(task))
