"""Processes beside this one: how many, how they begin, and what they may take."""

from __future__ import annotations

import math
import multiprocessing
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext

if sys.platform != "win32":
    import resource


def cores() -> int:
    """Return how many cores this process may use, which in a container can be fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def context() -> BaseContext:
    """Return how processes begin: where they can be forked they have the program loaded already."""
    return multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


def limit_memory(most: int) -> None:
    """Let this process take no more than *most* bytes of memory, where the system can, and leave no image of it."""
    if sys.platform != "win32":
        _limit(resource.RLIMIT_CORE, 0)
        _limit(resource.RLIMIT_DATA, most)


def limit_work(seconds: int) -> None:
    """Let this process work for so many *seconds* from now, where the system can."""
    if sys.platform != "win32":
        used = resource.getrusage(resource.RUSAGE_SELF)
        _limit(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime) + seconds)


def _limit(kind: int, most: int) -> None:
    """Lower a limit of this process to *most*, where it is not lower already."""
    if sys.platform != "win32":
        _, hard = resource.getrlimit(kind)
        resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
