"""One line for each step of a long command: what is under way, on a terminal, and then what came of it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Self

import click

if TYPE_CHECKING:
    from types import TracebackType

_CLEAR = "\r\x1b[2K"


class Progress:
    """Tells steps on standard output. A step that does not end has failed."""

    def __init__(self) -> None:
        self._live = sys.stdout.isatty()
        self._step = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, KeyboardInterrupt) and self._step:
            self.end("已中断", good=False)
        self.fail()

    def begin(self, step: str, doing: str) -> None:
        """Begin *step*."""
        self._step = step
        if self._live:
            click.echo(f"… {step}  {doing}", nl=False)

    def end(self, confirmed: str, *, good: bool = True) -> None:
        """End the step with what it has confirmed, or with what is not good."""
        self._write(click.style("✓", fg="green") if good else click.style("✗", fg="red"), confirmed)

    def fail(self) -> None:
        """End the step, if one is under way, without success."""
        if self._step:
            self.end("没有通过", good=False)

    def _write(self, mark: str, words: str) -> None:
        click.echo(f"{_CLEAR if self._live else ''}{mark} {self._step}  {words}")
        self._step = ""
