"""Tasks handed to a crew, whoever that is: one interface for this machine and for a cluster."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

from nianbao.reading.disk import failure

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence

Task = TypeVar("Task")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one task may take: seconds of *work*, *seconds* in all, bytes of *memory* beside the program's own."""

    work: int = 120
    seconds: int = 120
    memory: int = 1_500_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a task has no result.

    It took more *seconds* than it may (slow) or more memory, its process was *ended* by the system or by a fault of a
    library, a *disk* was full or refused it, or an *error* of the program was raised, of which *trace* tells. *detail*
    is a number or a name for each, of a disk what to tell.
    """

    kind: Literal["slow", "memory", "ended", "disk", "error"]
    detail: str = ""
    trace: str = ""


class Crew(Protocol):
    """Who does tasks, each known by a number; what ends one of them harms no other."""

    @property
    def free(self) -> bool:
        """Whether another task can be given."""

    def give(self, number: int, work: Callable[[Any], Any], task: object) -> None:
        """Have ``work(task)`` done; both must be such that another process can load them."""

    def done(self) -> Sequence[tuple[int, Any]]:
        """Wait until something is done and return it: numbers with results, or with a `Failure`."""

    def end(self) -> None:
        """End all that is under way."""


def each(
    crew: Crew,
    work: Callable[[Task], Result],
    tasks: Sequence[Task],
    *,
    alone: Callable[[Task], Hashable] = lambda _: None,
    parts: Callable[[Task], Sequence[Task]] = lambda _: (),
) -> Iterator[tuple[Task, Result | Failure]]:
    """Yield *tasks* with what *work* gives for each, as they are done; the *crew* is ended at the end.

    Of tasks for which *alone* gives the same, but for None, one at a time is under way, in their order. A task that
    fails and has *parts* is given again as these.
    """
    waiting = dict(enumerate(tasks))
    under_way: dict[int, Task] = {}
    given = len(waiting)
    try:
        while waiting or under_way:
            taken = {alone(task) for task in under_way.values()} - {None}
            for number, task in list(waiting.items()):
                if not crew.free:
                    break
                if alone(task) not in taken:
                    crew.give(number, work, task)
                    under_way[number] = waiting.pop(number)
                    taken |= {alone(task)} - {None}
            for number, result in crew.done():
                task = under_way.pop(number)
                smaller = parts(task) if isinstance(result, Failure) else ()
                if smaller:
                    waiting = {**dict(enumerate(smaller, given)), **waiting}
                    given += len(smaller)
                else:
                    yield task, result
    finally:
        crew.end()


def attempt(work: Callable[[Task], Result], task: Task) -> Result | Failure:
    """Return what *work* gives for *task*, or why it gives nothing."""
    try:
        return work(task)
    except MemoryError:
        return Failure(kind="memory")
    except OSError as error:
        told = failure(error)
        return _raised(error) if told is None else Failure(kind="disk", detail=told)
    except Exception as error:  # noqa: BLE001  # it is told where the results are waited for
        return _raised(error)


def _raised(error: Exception) -> Failure:
    return Failure(kind="error", detail=f"{type(error).__name__}：{error}", trace=traceback.format_exc())
