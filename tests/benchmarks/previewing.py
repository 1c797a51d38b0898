"""From saving a file to seeing the change in `mkdocs serve`.

Beside the seconds that a user waits stand those that the processor works for the preview meanwhile: they
are the same on a busy machine, and tell as well where a save sets off more than one rebuild.
"""

from __future__ import annotations

import os
import re
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flattening import environment

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST = 120.0
# The host waits for a moment of quiet after each build; a second rebuild would have begun by then.
_QUIET = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """From saving to seeing: *seconds* by the clock, *work* in seconds of the processor till all is quiet again."""

    seconds: float
    work: float

    @classmethod
    def median(cls, waits: Sequence[Wait]) -> Wait:
        """Return the median of *waits*."""
        return cls(
            seconds=statistics.median(wait.seconds for wait in waits),
            work=statistics.median(wait.work for wait in waits),
        )


def save_and_see(project: Path, saves: int) -> Wait:
    """Return the median wait from saving a figure to the page that shows it.

    Where *project* has data, the figure is one of them; else it is typed in the page itself.
    """
    year = max(path.name for path in (project / "docs").glob("20*"))
    data = project / "data" / f"{year}.yml"
    source = data if data.exists() else project / "docs" / year / "6-other.md"
    original = source.read_text(encoding="utf-8")
    port = _free_port()
    address = f"http://127.0.0.1:{port}/{year}/6-other.html"
    command = [
        sys.executable,
        "-m",
        "mkdocs",
        "serve",
        "-q",
        "-a",
        f"127.0.0.1:{port}",
        "-f",
        str(project / "mkdocs.yml"),
    ]
    watched = [] if source == data else ["-w", str(project / "docs")]
    process = subprocess.Popen([*command, *watched], cwd=project, env=environment(), stderr=subprocess.DEVNULL)
    try:
        _wait(address, "信息处理费")
        waits = []
        for number in range(saves):
            figure = 7001 + number
            text = _with(original, figure)
            time.sleep(_QUIET)
            worked, start = _work(process), time.perf_counter()
            source.write_text(text, encoding="utf-8")
            _wait(address, str(figure))
            seconds = time.perf_counter() - start
            time.sleep(_QUIET)
            waits.append(Wait(seconds=seconds, work=_work(process) - worked))
        return Wait.median(waits)
    finally:
        process.terminate()
        process.wait(timeout=30)
        source.write_text(original, encoding="utf-8")


def _with(text: str, figure: int) -> str:
    """Return the data, or the page, with *figure* as the fee for processing information."""
    data, found = re.subn(r"^(processing_fee:\s*)\S+", rf"\g<1>{figure}", text, flags=re.MULTILINE)
    return data if found else f"{text}\n本年{figure}元。\n"


def _work(process: subprocess.Popen[bytes]) -> float:
    """Return the seconds that *process* has worked, as Linux tells them in ``/proc``."""
    told = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def _wait(address: str, words: str) -> None:
    end = time.monotonic() + _LONGEST
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=_LONGEST) as answer:  # noqa: S310  # always http
                if words in answer.read().decode():
                    return
        except OSError:
            pass
        time.sleep(0.01)
    message = f"{address} does not show {words}"
    raise RuntimeError(message)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
