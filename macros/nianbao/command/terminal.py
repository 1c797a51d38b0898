"""What commands print: in the encoding of the terminal where that holds Chinese, and nothing that could harm it."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from nianbao.reading.legible import lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")

_CHINESE = "中华人民共和国政府信息公开工作年度报告错误提醒待核"
_NO_CHINESE = (
    "nianbao: this terminal's encoding ({}) has no Chinese characters, which are shown by their codes; "
    "use a UTF-8 or GB18030 locale, such as LC_ALL=C.UTF-8"
)


def set_up() -> None:
    """Let standard output and errors keep an encoding that holds Chinese, and never fail on a character.

    What is no terminal gets UTF-8 instead of any other; a terminal gets codes, and a line in English that says why.
    Streams that were closed, as by schedulers, lead nowhere, so that no file takes their place.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  # for as long as we run
    for stream in (sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):  # A test may have put another in its place.
            continue
        if holds(_CHINESE, stream.encoding):
            stream.reconfigure(errors="replace")
        elif not stream.isatty():
            stream.reconfigure(encoding="utf-8", errors="replace")
        else:
            stream.reconfigure(errors="backslashreplace")
            if stream is sys.stderr:
                stream.write(f"{_NO_CHINESE.format(stream.encoding)}\n")


def holds(text: str, encoding: str) -> bool:
    """Say whether *encoding* has all characters of *text*."""
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def tell(text: str = "", *, err: bool = False) -> None:
    """Print lines of *text*, which may quote anything, on standard output or with *err* on that of errors."""
    click.echo(lines(text), err=err)


def tell_machine(text: str) -> None:
    """Print *text* for another program: in UTF-8 whatever the locale, and as it is."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="strict")
    click.echo(text, color=True)


def progress(done: Iterable[T], whole: int, title: str, size: Callable[[T], int] = lambda _: 1) -> Iterator[T]:
    """Yield what is *done*; beside several, a terminal shows how much that is of the *whole*, each of a *size*.

    It is shown on that of errors: what is printed is the same, and a file gets none of it.
    """
    if whole == 1 or not sys.stderr.isatty():
        yield from done
        return
    with click.progressbar(length=whole, label=title, file=sys.stderr) as bar:
        for one in done:
            bar.update(size(one))
            yield one


def marks() -> tuple[str, str]:
    """Return the signs of a step that went well and of one that did not, as the terminal can show them."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return ("✓", "✗") if holds("✓✗", encoding) else ("√", "×")  # Those of GBK.
