"""Why a command does nothing."""

from __future__ import annotations

from nianbao.reading.legible import one_line


class RefusedError(Exception):
    """The command leaves everything as it is; the text and its *lines* say why and what to do, in Chinese."""

    def __init__(self, message: str, lines: tuple[str, ...] = ()) -> None:
        super().__init__("\n".join(map(one_line, (message, *lines))))


class HinderedError(RefusedError):
    """Not what was asked is in the way but the system, or another command: the same may be carried out later."""
