"""Programs run in processes that have their imports already: one process imports them and forks one for each run.

A run is a process of its own with its own folder, environment, arguments, input and output; only the time that
Python needs to load the engine and the package is spent once. What is to show the loading itself, or code that
was edited, is run by `building` in a new Python.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import resource
import runpy
import signal
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

# What builds and commands load; a program that needs more loads the rest itself.
MODULES = (
    "mkdocs.commands.build",
    "mkdocs.commands.serve",
    "material.plugins.search.plugin",
    "mkdocs_macros.plugin",
    "nianbao.command.main",
    "nianbao.command.build",
    "nianbao.command.check",
    "nianbao.engines.build",
    "nianbao.engines.environment",
)
MAIN = "nianbao.command.main"
# How much longer than its work a run may take by the clock.
_PATIENCE = 20


class Forker:
    """A process that forks one for each run, with the package of *folder*."""

    def __init__(self, folder: Path) -> None:
        environment = os.environ | {"PYTHONPATH": str(folder)}
        self._process = subprocess.Popen(
            [sys.executable, __file__],
            env=environment | {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        atexit.register(self.end)

    def run(  # what a run is
        self, module: str, arguments: tuple[str, ...], folder: Path, environment: dict[str, str], work: int = 0
    ) -> tuple[int, str]:
        """Run *module* as a program in *folder*; return its exit code and what it printed.

        Where its processes, those that it starts too, take more than so many seconds of *work* of a processor, if
        these are limited, the code is -SIGXCPU, however it ended; one that waits is ended by SIGALRM after `_PATIENCE`
        times as long by the clock, which on a busy machine proves less.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with tempfile.NamedTemporaryFile() as output:
            request = [module, arguments, str(folder), environment, output.name, work]
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            code = int(self._process.stdout.readline())
            return code, output.read().decode()

    def end(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def _answer() -> None:
    """Fork a process for each line of the input, and print its exit code; in such a process run what the line says."""
    for module in MODULES:
        importlib.import_module(module)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _run(*json.loads(line))
            return
        _, status, used = os.wait4(child, 0)
        work = json.loads(line)[-1]
        late = work and used.ru_utime + used.ru_stime > work  # of its own children, too
        sys.stdout.write(f"{-signal.SIGXCPU if late else os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _run(  # noqa: PLR0913, PLR0917  # what a run is
    module: str, arguments: list[str], folder: str, environment: dict[str, str], output: str, work: int
) -> None:
    signal.alarm(work * _PATIENCE)
    if work:
        resource.setrlimit(resource.RLIMIT_CPU, (work + 1, resource.RLIM_INFINITY))  # each process for itself
    with Path(output).open("wb") as printed, Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
        os.dup2(printed.fileno(), 1)
        os.dup2(printed.fileno(), 2)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[:1] = [folder, environment["PYTHONPATH"]]
    sys.argv[:] = [module, *arguments]
    warnings.resetwarnings()
    if module == MAIN:
        warnings.simplefilter("error")
        main: Any = sys.modules[MAIN].main
        main(arguments)
    else:
        warnings.simplefilter("default")
        runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _answer()
