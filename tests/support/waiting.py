"""Tests that wait for a state of another process."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_PATIENCE = 40  # seconds


def until(true: Callable[[], bool]) -> None:
    """Wait until something is *true*, for 40 seconds at most."""
    last = time.monotonic() + _PATIENCE
    while not true():
        assert time.monotonic() < last
        time.sleep(0.02)
