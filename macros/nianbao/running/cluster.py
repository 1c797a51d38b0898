"""Workers of a Dask cluster that do tasks; Dask starts them again where one ends, and takes its tasks elsewhere.

The workers must have the same program, and see the same files at the same paths.
"""

from __future__ import annotations

import contextlib
import os
import time
from concurrent.futures import CancelledError
from pathlib import Path
from typing import TYPE_CHECKING, Any

from distributed import Client, KilledWorker, wait

from nianbao.model.project import WrongUseError
from nianbao.running.crew import Failure, attempt

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from distributed import Future

    from nianbao.running.crew import Limits

# Seconds for the scheduler to answer, for the first worker to come, and between looks at who is late.
_ANSWER, _ARRIVAL, _LOOK = 10, 30, 1.0


class Cluster:
    """A crew of the workers that the scheduler at an *address* has; a task that takes too many seconds is given up.

    Raises WrongUseError where nobody answers, or where there are no workers.
    """

    def __init__(self, address: str, limits: Limits) -> None:
        try:
            self._client = Client(address, timeout=_ANSWER, set_as_default=False)  # type: ignore[no-untyped-call]
        except (OSError, ValueError) as error:
            message = f"--scheduler：{address} 没有 Dask 调度器应答；请写明它的地址，如 tcp://10.0.0.8:8786"
            raise WrongUseError(message) from error
        self._seconds = limits.seconds
        self._under_way: dict[Future[Any], tuple[int, float]] = {}
        try:
            self._client.wait_for_workers(1, timeout=_ARRIVAL)
        except TimeoutError as error:
            self._client.close()  # type: ignore[no-untyped-call]
            message = f"--scheduler：{address} 的调度器没有工作进程；请先在各台机器上运行 dask worker {address}"
            raise WrongUseError(message) from error

    @property
    def free(self) -> bool:
        """Whether a worker has a thread with nothing to do, so that what is given begins at once."""
        threads: int = sum(self._client.nthreads().values())  # type: ignore[no-untyped-call]
        return len(self._under_way) < max(1, threads)

    def give(self, number: int, work: Callable[[Any], Any], task: object) -> None:
        """Have ``work(task)`` done by a worker."""
        future = self._client.submit(_attempt_in, Path.cwd(), work, task, pure=False)
        self._under_way[future] = number, time.monotonic() + self._seconds

    def done(self) -> Sequence[tuple[int, Any]]:
        """Wait until something is done and return it; a worker that is late is started again."""
        while True:
            with contextlib.suppress(TimeoutError), self._client.as_current():
                wait(list(self._under_way), timeout=_LOOK, return_when="FIRST_COMPLETED")  # type: ignore[no-untyped-call]
            ended = [future for future in self._under_way if future.done()]  # type: ignore[no-untyped-call]
            found = [(self._under_way.pop(future)[0], _result(future)) for future in ended]
            found += self._late()
            if found:
                return found

    def _late(self) -> list[tuple[int, Any]]:
        """Give up what is late, and have its workers started again: a thread cannot be ended by itself."""
        now = time.monotonic()
        late = [future for future, (_, deadline) in self._under_way.items() if now > deadline]
        if not late:
            return []
        keys = {future.key for future in late}
        holders = [worker for worker, busy in self._client.processing().items() if keys & set(busy)]  # type: ignore[no-untyped-call]
        self._client.cancel(late, force=True)  # type: ignore[no-untyped-call]
        self._client.restart_workers(holders, raise_for_error=False)
        why = Failure(kind="slow", detail=str(self._seconds))
        return [(self._under_way.pop(future)[0], why) for future in late]

    def end(self) -> None:
        """Give up all that is under way; the workers stay with their scheduler."""
        self._client.cancel(list(self._under_way), force=True)  # type: ignore[no-untyped-call]
        self._under_way.clear()

    def close(self) -> None:
        """Leave the scheduler."""
        self._client.close()  # type: ignore[no-untyped-call]


def _attempt_in(folder: Path, work: Callable[[Any], Any], task: object) -> object:
    """Return what ``work(task)`` gives where paths start in *folder*, as with who asked for it."""
    os.chdir(folder)
    return attempt(work, task)


def _result(future: Future[Any]) -> object:
    """Return what a task gave; a task whose workers have ended again and again has nothing."""
    try:
        return future.result()
    except (KilledWorker, CancelledError) as error:
        return Failure(kind="ended", detail=type(error).__name__)
