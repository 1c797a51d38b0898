"""Patterns that are compiled when first used: classes of Chinese characters take long, and most builds use few."""

from __future__ import annotations

import re
from typing import Any, cast


class _Pattern:
    """Becomes the pattern *text* when its methods are asked for."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever a pattern has
        found = getattr(re.compile(self._text), name)
        setattr(self, name, found)  # The next time it is found at once.
        return found


def lazy_pattern(text: str) -> re.Pattern[str]:
    """Return what `re.compile` gives of *text*; what is wrong with it is told at its first use."""
    return cast("re.Pattern[str]", _Pattern(text))
