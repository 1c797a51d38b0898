"""Tasks handed to a crew, whoever that is: one interface for this machine and for a cluster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence

Task = TypeVar("Task")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Failure:
    """That a task has no result, and *why*, in Chinese."""

    why: str


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
    failed: Callable[[Task, str], Result],
    alone: Callable[[Task], Hashable] = lambda _: None,
) -> Iterator[tuple[Task, Result]]:
    """Yield *tasks* with what *work* gives for each, as they are done; the *crew* is ended at the end.

    *failed* makes the result of a task that has ended its process, or has taken too long. Of tasks for which *alone*
    gives the same, but for None, one at a time is under way, in their order.
    """
    waiting = dict(enumerate(tasks))
    busy: dict[int, Hashable] = {}
    try:
        while waiting or busy:
            taken = {key for key in busy.values() if key is not None}
            for number, task in list(waiting.items()):
                if not crew.free:
                    break
                key = alone(task)
                if key not in taken:
                    crew.give(number, work, waiting.pop(number))
                    busy[number] = key
                    taken |= {key} - {None}
            for number, result in crew.done():
                del busy[number]
                task = tasks[number]
                yield task, failed(task, result.why) if isinstance(result, Failure) else result
    finally:
        crew.end()
