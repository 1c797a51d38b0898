"""Many agencies judged in processes of their own, each within limits: what fails is one finding of that agency."""

from __future__ import annotations

import contextlib
import signal
import sys
import time
import traceback
from collections import deque
from dataclasses import dataclass, replace
from multiprocessing.connection import wait
from pickle import dumps
from typing import TYPE_CHECKING

from nianbao.command import judging
from nianbao.command.judging import ProjectResult, RuleResult
from nianbao.reading.disk import failure
from nianbao.reading.findings import Finding, Place
from nianbao.reading.processes import context, limit_memory, limit_work

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from nianbao.model.project import Project

# Projects that a process is handed at once: enough that handing over counts for little.
_CHUNK = 32

# Chunks under way for each process. What is done waits in memory for those before it.
_AHEAD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one agency may take: seconds of work, seconds in all, bytes of memory beside the program's own, of results.

    The largest agencies take some seconds and 100 MB.
    """

    work: int = 60
    seconds: int = 300
    memory: int = 1_500_000_000
    results: int = 8_000_000


_LIMITS = Limits()


def check_many(
    projects: Sequence[Project], processes: int, limits: Limits = _LIMITS
) -> Generator[ProjectResult, None, None]:
    """Yield the result of each of *projects* in their order, the same for any number of *processes*."""
    run = _Run(projects, processes, limits)
    try:
        for number in range(len(projects)):
            yield run.result(number)
    finally:
        run.stop()


@dataclass(slots=True)
class _Worker:
    """A process at the *numbers* of projects that it was handed, the first of which it judges since *begun*.

    *rules* are the results of rules that it has sent, which it names by their place there afterwards.
    """

    process: BaseProcess
    connection: Connection
    numbers: deque[int]
    begun: float
    rules: list[RuleResult]


class _Run:
    def __init__(self, projects: Sequence[Project], processes: int, limits: Limits) -> None:
        self._projects = projects
        self._limits = limits
        self._most = processes
        size = max(1, min(_CHUNK, len(projects) // (processes * _AHEAD)))
        starts = range(0, len(projects), size)
        self._waiting = deque(deque(range(start, min(start + size, len(projects)))) for start in starts)
        self._furthest = size * processes * _AHEAD
        self._workers: list[_Worker] = []
        self._results: dict[int, ProjectResult] = {}
        self._known: dict[RuleResult, RuleResult] = {}  # Most reports give the same.
        self._context = context()

    def result(self, number: int) -> ProjectResult:
        """Return the result of the project of a *number*; those before it were asked for."""
        while number not in self._results:
            self._hand_out(number)
            ready = wait([worker.connection for worker in self._workers], timeout=1)
            for worker in [worker for worker in self._workers if worker.connection in ready]:
                self._receive(worker)
            for worker in list(self._workers):
                if worker.numbers and time.monotonic() - worker.begun > self._limits.seconds:
                    worker.process.kill()
                    self._failed(worker, self._too_slow(self._limits.seconds))
        return self._results.pop(number)

    def stop(self) -> None:
        """End all processes, whatever they are at."""
        for worker in self._workers:
            self._end(worker)

    def _hand_out(self, number: int) -> None:
        """Give work to processes that have none, but not too far ahead of the project of this *number*."""
        for worker in self._workers:
            if not worker.numbers and self._has_work(number):
                self._give(worker, self._waiting.popleft())
        while len(self._workers) < self._most and self._has_work(number):
            self._start(self._waiting.popleft())

    def _has_work(self, number: int) -> bool:
        return bool(self._waiting) and self._waiting[0][0] < number + self._furthest

    def _start(self, numbers: deque[int]) -> None:
        ours, theirs = self._context.Pipe()
        forked = self._context.get_start_method() == "fork"
        # A process that was forked would keep the others from seeing that this one has ended.
        inherited = [ours, *(worker.connection for worker in self._workers)] if forked else []
        process = self._context.Process(target=_work, args=(theirs, inherited, self._limits), daemon=True)  # type: ignore[attr-defined]  # of every context
        process.start()
        theirs.close()
        worker = _Worker(process, ours, numbers, 0, [])
        self._workers.append(worker)
        self._give(worker, numbers)

    def _give(self, worker: _Worker, numbers: deque[int]) -> None:
        worker.numbers, worker.begun = numbers, time.monotonic()
        with contextlib.suppress(OSError):  # That it has ended is seen when its answer is waited for.
            worker.connection.send([self._projects[number] for number in numbers])

    def _receive(self, worker: _Worker) -> None:
        try:
            result, years, rules = worker.connection.recv()
        except (EOFError, OSError):
            worker.process.join()
            self._failed(worker, self._why(worker.process.exitcode or 0))
            return
        worker.rules += (self._known.setdefault(rule, rule) for rule in rules)
        known = {year: tuple(worker.rules[place] for place in places) for year, places in years.items()}
        self._results[worker.numbers.popleft()] = replace(result, years=known)
        worker.begun = time.monotonic()

    def _failed(self, worker: _Worker, why: str) -> None:
        """Take what ended the process of *worker* for the result of its project, and leave the others to another."""
        self._end(worker)
        self._workers.remove(worker)
        if worker.numbers:
            number = worker.numbers.popleft()
            self._results[number] = failed(self._projects[number], why)
        if worker.numbers:
            self._waiting.appendleft(worker.numbers)

    def _end(self, worker: _Worker) -> None:
        worker.process.kill()
        worker.process.join()
        worker.process.close()
        worker.connection.close()

    def _why(self, code: int) -> str:
        if sys.platform != "win32" and code == -signal.SIGXCPU:
            return self._too_slow(self._limits.work)
        return f"检查到一半被系统中止（{code}），没有检查完；请看其中有没有过大的文件，移走后再检查"

    def _too_slow(self, seconds: int) -> str:
        return f"检查超过 {seconds} 秒，没有检查完；请看其中有没有过大或嵌套太深的文件，移走后再检查"


def failed(project: Project, why: str, trace: str = "") -> ProjectResult:
    """Return the result of a *project* that could not be judged, for *why*; *trace* is what an error of ours left."""
    return ProjectResult(
        agency="", data=project.data.as_posix(), findings=(Finding(Place(_shown(project)), why),), trace=trace
    )


def _shown(project: Project) -> str:
    """Return how messages call the data of *project*."""
    try:
        return project.data.resolve().relative_to(project.root.resolve()).as_posix()
    except (ValueError, OSError, RuntimeError):
        return project.data.as_posix().encode("utf-8", "replace").decode()


def _work(connection: Connection, inherited: Iterable[Connection], limits: Limits) -> None:
    """Judge the projects that come, until there is nobody any more who sends them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Who reads the results tells of an interrupt.
    for other in inherited:
        other.close()
    limit_memory(limits.memory)
    places: dict[RuleResult, int] = {}
    with contextlib.suppress(EOFError, OSError):
        while True:
            for project in connection.recv():
                limit_work(limits.work)
                connection.send_bytes(_answer(project, places, limits))


def _answer(project: Project, places: dict[RuleResult, int], limits: Limits) -> bytes:
    """Return the result of *project*, the places of what its rules gave, and of this what was not sent before."""
    result = judged(project)
    before = len(places)
    years = {
        year: tuple(places.setdefault(rule, len(places)) for rule in rules) for year, rules in result.years.items()
    }
    answer = dumps((replace(result, years={}), years, list(places)[before:]))
    if len(answer) <= limits.results:
        return answer
    for rule in list(places)[before:]:
        del places[rule]
    why = f"查出的问题太多（{len(result.findings)} 处），没有列出；请单独检查 {_shown(project)}"
    return dumps((failed(project, why), {}, []))


def judged(project: Project) -> ProjectResult:
    """Return the result of *project*; an error is told in it."""
    try:
        return judging.check_with_schemas(project)
    except MemoryError:
        return failed(project, "检查要用的内存太多，没有检查完；请看其中有没有过大或嵌套太深的文件，移走后再检查")
    except Exception as error:  # noqa: BLE001  # whatever happens at one agency, the others are told
        told = failure(error) if isinstance(error, OSError) else None
        if told is not None:
            return failed(project, told)
        why = "检查时程序出错，没有检查完；请把终端里的出错信息告诉维护人员"
        return failed(project, why, "".join(traceback.format_exception(error)))
