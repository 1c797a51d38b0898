"""Processes that kill themselves before one of their steps on the disk."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# Each changes what is on the disk, or makes sure of it.
STEPS = ("replace", "rename", "link", "unlink", "mkdir", "rmdir", "fsync")
# More than any command needs.
MOST_STEPS = 80


def killed_at(step: int, act: Callable[[], int]) -> bool:
    """Run *act* in a process that kills itself before its step number *step*; say whether it got so far.

    One that did not has ended, and with 0.
    """
    child = os.fork()
    if not child:
        try:
            _die_before(step)
            os._exit(act())
        finally:
            os._exit(70)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def _die_before(step: int) -> None:
    taken = 0

    def deadly(function: Callable[..., object]) -> Callable[..., object]:
        def act(*arguments: object, **keywords: object) -> object:
            nonlocal taken
            taken += 1
            if taken == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*arguments, **keywords)

        return act

    for name in STEPS:
        setattr(os, name, deadly(getattr(os, name)))
