"""Foreign files handled in processes of their own, within limits of time and memory: none takes the program with it."""

from __future__ import annotations

import contextlib
import signal
import sys
import time
import traceback
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from nianbao.reading.processes import context, cores, limit_memory, limit_work

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

Task = TypeVar("Task")
Result = TypeVar("Result")

# How long a process that is told to end has for what it has started itself.
_GRACE = 3.0
_AGAIN = "请用原来的程序打开，另存为新文件（文字用 .docx，表格用 .xlsx）再导入"
_SLOW = "超过 {} 秒还没有读完；" + _AGAIN
_MEMORY = f"读这个文件要用的内存太多；{_AGAIN}"
_CRASHED = f"读这个文件时读取程序意外结束，文件可能坏了，或者要用的内存太多；{_AGAIN}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one task may take: *seconds* on the clock, bytes of *memory* with the program's own.

    A report takes a second, or ten where LibreOffice begins first; the largest take 200 MB.
    """

    seconds: int = 120
    memory: int = 2_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A task that came to no result, and why, with what is to be done; *trace* is what an error of ours has left."""

    reason: str
    trace: str = ""


def results(
    work: Callable[[Task], Result],
    tasks: Sequence[Task],
    limits: Limits,
    apart: Callable[[Task], Hashable] = lambda _: None,
) -> Iterator[tuple[Task, Result | Failed]]:
    """Yield each of *tasks* with what *work* makes of it, as it is done by as many processes as there are cores.

    Tasks that *apart* gives the same key, other than None, are done in turn.
    """
    pool = _Pool(work, min(cores(), len(tasks)), limits)
    waiting = list(tasks)
    try:
        while waiting or pool.tasks:
            under_way = {apart(task) for task in pool.tasks} - {None}
            for task in list(waiting):
                key = apart(task)
                if pool.free and key not in under_way:
                    waiting.remove(task)
                    pool.give(task)
                    under_way |= {key} - {None}
            yield from pool.done()
    finally:
        pool.end()


@dataclass(slots=True, kw_only=True)
class _Worker(Generic[Task]):
    """A process with its end of the *pipe*; at a *task* until the *deadline*."""

    process: BaseProcess
    pipe: Connection
    task: Task | None = None
    deadline: float = 0.0


class _Pool(Generic[Task, Result]):
    """Processes that do tasks; one that takes too long, or falls, is replaced by another."""

    def __init__(self, work: Callable[[Task], Result], count: int, limits: Limits) -> None:
        self._work = work
        self._limits = limits
        self._context = context()
        self._workers: list[_Worker[Task]] = []
        for _ in range(count):
            self._workers.append(self._start())

    def _start(self) -> _Worker[Task]:
        here, there = self._context.Pipe()
        forked = self._context.get_start_method() == "fork"
        # A process that was forked would keep the others from seeing that this one has ended.
        inherited = [here, *(worker.pipe for worker in self._workers)] if forked else []
        arguments = (there, inherited, self._work, self._limits)
        process = self._context.Process(target=_serve, args=arguments, daemon=True)  # type: ignore[attr-defined]  # of every context
        process.start()
        there.close()
        return _Worker(process=process, pipe=here)

    @property
    def tasks(self) -> list[Task]:
        """The tasks under way."""
        return [worker.task for worker in self._workers if worker.task is not None]

    @property
    def free(self) -> bool:
        """Whether a process has nothing to do."""
        return len(self.tasks) < len(self._workers)

    def give(self, task: Task) -> None:
        """Let a free process do *task*."""
        worker = next(worker for worker in self._workers if worker.task is None)
        worker.task, worker.deadline = task, time.monotonic() + self._limits.seconds
        with contextlib.suppress(OSError):  # That it has ended is seen when its answer is waited for.
            worker.pipe.send(task)

    def done(self) -> Iterator[tuple[Task, Result | Failed]]:
        """Yield what is done, after waiting for the first of it; who is late is ended."""
        busy = [worker for worker in self._workers if worker.task is not None]
        next_deadline = min(worker.deadline for worker in busy)
        ready = wait([worker.pipe for worker in busy], timeout=max(0.0, next_deadline - time.monotonic()))
        for worker in busy:
            task = worker.task
            if task is None:
                continue
            if worker.pipe in ready:
                yield task, self._answer(worker)
            elif time.monotonic() >= worker.deadline:
                self._replace(worker)
                yield task, Failed(reason=_SLOW.format(self._limits.seconds))

    def _answer(self, worker: _Worker[Task]) -> Result | Failed:
        try:
            answer: Result | Failed = worker.pipe.recv()
        except (EOFError, OSError):
            worker.process.join()
            late = sys.platform != "win32" and worker.process.exitcode == -signal.SIGXCPU
            self._replace(worker)
            return Failed(reason=_SLOW.format(self._limits.seconds) if late else _CRASHED)
        worker.task = None
        return answer

    def _replace(self, worker: _Worker[Task]) -> None:
        self._workers.remove(worker)
        _end(worker)
        self._workers.append(self._start())

    def end(self) -> None:
        """End all processes."""
        for worker in self._workers:
            _end(worker)


def _end(worker: _Worker[Any]) -> None:
    """End a process; it is asked first, so that it can end what it has started."""
    if worker.task is not None:
        worker.process.terminate()
        worker.process.join(_GRACE)
    worker.process.kill()
    worker.process.join()
    worker.pipe.close()


def _serve(pipe: Connection, inherited: Iterable[Connection], work: Callable[[Task], Result], limits: Limits) -> None:
    """Do tasks until the other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Who waits for the results tells of an interrupt.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(1))
    for other in inherited:
        other.close()
    limit_memory(limits.memory)
    with contextlib.suppress(EOFError, OSError):
        while True:
            task: Task = pipe.recv()
            limit_work(limits.seconds)
            answer = _done(work, task)
            pipe.send(answer)


def _done(work: Callable[[Task], Result], task: Task) -> Result | Failed:
    try:
        return work(task)
    except MemoryError:
        return Failed(reason=_MEMORY)
    except Exception as error:  # noqa: BLE001  # it is told where the results are waited for
        return Failed(reason=f"{type(error).__name__}：{error}", trace="".join(traceback.format_exception(error)))
