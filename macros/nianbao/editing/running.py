"""Runs the commands of the desk, one at a time, each in a process of its own; what one prints goes into a file.

The preview lives on meanwhile, and any page can ask how far the command is.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nianbao.installation import PACKAGE
from nianbao.reading.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from nianbao.editing.commands import Command

Json = dict[str, Any]

# Exit codes of `nianbao`: see `nianbao.command.main`.
_WORDS = {0: "done", 3: "asks"}
# So much of what a command has printed is shown, from its end.
_SHOWN = 40_000
# From here on a command advises what to type next; on the desk the path tells that.
_ADVICE = "接下来："


@dataclass(slots=True)
class _Job:
    number: int
    command: Command
    year: str
    process: subprocess.Popen[bytes]
    files: tuple[Path, ...]
    begun: float
    ended: float = 0
    stopped: bool = False


class Runner:
    """Runs commands in *folder*; the last one's output stands in *log*, a file that need not exist yet."""

    def __init__(self, folder: Path, log: Path) -> None:
        self._folder = folder
        self._log = log
        self._lock = threading.Lock()
        self._job: _Job | None = None

    def start(self, command: Command, year: str, arguments: Sequence[str], files: Sequence[Path] = ()) -> Json:
        """Start *command* with its *arguments* and return its state; *files* are removed once it has read them.

        Raises RefusedError while another is running.
        """
        with self._lock:
            if self._job is not None and self._job.process.poll() is None:
                message = f"“{self._job.command.title}”还在进行；请等它结束"
                raise RefusedError(message)
            self._log.parent.mkdir(parents=True, exist_ok=True)
            with self._log.open("wb") as printed:
                process = subprocess.Popen(  # noqa: S603  # this program itself, and no shell
                    [sys.executable, "-P", "-m", "nianbao", *arguments],
                    cwd=self._folder,
                    env=_environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=printed,
                    stderr=subprocess.STDOUT,
                )
            number = self._job.number + 1 if self._job is not None else 1
            self._job = _Job(number, command, year, process, tuple(files), time.monotonic())
        return self.state()

    def stop(self) -> Json:
        """End the command that is running, which leaves files old or new."""
        with self._lock:
            if self._job is not None and self._job.process.poll() is None:
                self._job.stopped = True
                self._job.process.terminate()
        return self.state()

    def state(self) -> Json:
        """Return how far the last command is, empty where there was none.

        ``result`` is empty while it runs, then ``done``, ``asks`` (an import has questions), ``refused``, ``stopped``.
        """
        with self._lock:
            job = self._job
            if job is None:
                return {}
            code = job.process.poll()
            if code is not None and not job.ended:
                job.ended = time.monotonic()
                if code in _WORDS:
                    for path in job.files:
                        with contextlib.suppress(OSError):
                            path.unlink()
            result = "" if code is None else "stopped" if job.stopped else _WORDS.get(code, "refused")
            return {
                "number": job.number,
                "command": job.command.id,
                "title": job.command.title,
                "step": job.command.step or "prepare",
                "year": job.year,
                "shows": job.command.shows,
                "result": result,
                "seconds": round((job.ended or time.monotonic()) - job.begun),
                "text": self._printed(),
            }

    def _printed(self) -> str:
        with contextlib.suppress(OSError):
            text = self._log.read_bytes()[-_SHOWN:].decode("utf-8", "replace").replace("\r\n", "\n")
            return text.partition(f"\n{_ADVICE}")[0].strip("\n")
        return ""


def _environment() -> dict[str, str]:
    paths = [str(PACKAGE.parent), os.environ.get("PYTHONPATH", "")]
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "PYTHONUTF8": "1",
        "PYTHONUNBUFFERED": "1",
    }
