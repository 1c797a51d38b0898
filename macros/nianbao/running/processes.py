"""Processes of this machine that do tasks, each within limits of time and memory."""

from __future__ import annotations

import contextlib
import math
import multiprocessing
import os
import signal
import sys
import threading
import time
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any

from nianbao.running.crew import Failure, attempt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from nianbao.running.crew import Limits

if sys.platform != "win32":
    import resource

# How long a process that is told to end has for what it has started itself.
_GRACE = 3.0


def cores() -> int:
    """Return how many cores this process may use, which in a container can be fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(slots=True, kw_only=True)
class _Worker:
    """A process with its end of the *pipe*; at the task of a *number*, as it was *given*, until the *deadline*."""

    process: BaseProcess
    pipe: Connection
    number: int | None = None
    given: tuple[Callable[[Any], Any], object] | None = None
    again: bool = False
    deadline: float = 0.0


class Processes:
    """A crew of up to *count* processes; one that takes more than its *limits* is ended, and another begun.

    Where a process is ended from outside, as by a system without memory, its task is given to another once.
    """

    def __init__(self, count: int, limits: Limits) -> None:
        self._count = max(1, count)
        self._limits = limits
        # Where processes can be forked they have the program loaded already.
        self._context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
        self._workers: list[_Worker] = []

    @property
    def free(self) -> bool:
        """Whether a process has nothing to do, or another can be started."""
        return len(self._workers) < self._count or any(worker.number is None for worker in self._workers)

    def give(self, number: int, work: Callable[[Any], Any], task: object) -> None:
        """Let a free process do *task*."""
        self._give(number, (work, task), again=False)

    def _give(self, number: int, given: tuple[Callable[[Any], Any], object], *, again: bool) -> None:
        worker = next((worker for worker in self._workers if worker.number is None), None) or self._start()
        worker.number, worker.given, worker.again = number, given, again
        worker.deadline = time.monotonic() + self._limits.seconds
        with contextlib.suppress(OSError):  # That it has ended is seen when its answer is waited for.
            worker.pipe.send(given)

    def done(self) -> Sequence[tuple[int, Any]]:
        """Return what is done, after waiting for the first of it; who is late is ended."""
        found: list[tuple[int, Any]] = []
        while not found:
            found += self._looked()
        return found

    def _looked(self) -> Iterator[tuple[int, Any]]:
        busy = [worker for worker in self._workers if worker.number is not None]
        first = min(worker.deadline for worker in busy)
        ready = wait([worker.pipe for worker in busy], timeout=max(0.0, first - time.monotonic()))
        for worker in busy:
            number, given = worker.number, worker.given
            if number is None or given is None:
                continue
            if worker.pipe in ready:
                answer = self._answer(worker)
                if isinstance(answer, Failure) and answer.kind == "ended" and not worker.again:
                    self._give(number, given, again=True)
                else:
                    yield number, answer
            elif time.monotonic() >= worker.deadline:
                yield number, _too_slow(self._limits.seconds)
                self._end(worker)

    def end(self) -> None:
        """End all processes, whatever they are at."""
        for worker in list(self._workers):
            self._end(worker)

    def _answer(self, worker: _Worker) -> object:
        try:
            answer: object = worker.pipe.recv()
        except (EOFError, OSError):
            worker.process.join()
            code = worker.process.exitcode or 0
            self._end(worker)
            late = sys.platform != "win32" and code == -signal.SIGXCPU
            return _too_slow(self._limits.work) if late else Failure(kind="ended", detail=str(code))
        worker.number = worker.given = None
        return answer

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        forked = self._context.get_start_method() == "fork"
        # A process that was forked would keep the others from seeing that this one has ended.
        inherited = [ours, *(worker.pipe for worker in self._workers)] if forked else []
        process = self._context.Process(target=_serve, args=(theirs, inherited, self._limits), daemon=True)  # type: ignore[attr-defined]  # of every context
        process.start()
        theirs.close()
        worker = _Worker(process=process, pipe=ours)
        self._workers.append(worker)
        return worker

    def _end(self, worker: _Worker) -> None:
        """End a process; one at work is asked first, so that it can end what it has started."""
        self._workers.remove(worker)
        if worker.number is not None:
            worker.process.terminate()
            worker.process.join(_GRACE)
        worker.process.kill()
        worker.process.join()
        worker.process.close()
        worker.pipe.close()


def _too_slow(seconds: int) -> Failure:
    return Failure(kind="slow", detail=str(seconds))


def _serve(pipe: Connection, inherited: Iterable[Connection], limits: Limits) -> None:
    """Do tasks until the other end is closed, or the process at that end is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Who reads the results tells of an interrupt.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(1))
    for other in inherited:
        other.close()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if sys.platform != "win32":
        _limit(resource.RLIMIT_CORE, 0)
        _limit(resource.RLIMIT_DATA, limits.memory)
    with contextlib.suppress(EOFError, OSError):
        while True:
            work, task = pipe.recv()
            if sys.platform != "win32":
                used = resource.getrusage(resource.RUSAGE_SELF)
                _limit(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime) + limits.work)
            pipe.send(attempt(work, task))


def _end_with_parent() -> None:
    """End this process when the one that has started it is gone: whoever is called next must not meet it at work."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(_GRACE)
        os._exit(1)


def _limit(kind: int, most: int) -> None:
    """Lower a limit of this process to *most*, where it is not lower already."""
    if sys.platform != "win32":
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
