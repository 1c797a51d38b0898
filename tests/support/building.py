"""Real builds for tests: copies of the project, and the engines run as a user runs them."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import forked

ROOT = Path(__file__).resolve().parents[2]
NIANBAO = "import sys; from nianbao.command.main import main; main(sys.argv[1:])"
PARTS = ("data", "docs", "examples")
# The administrator may read everything; so may not who is called with this.
_POWERS = "-dac_override,-dac_read_search"
WITHOUT_POWERS = () if os.getuid() else ("setpriv", "--bounding-set", _POWERS, "--inh-caps", _POWERS)


@dataclass(frozen=True)
class Result:
    """What a run left: its exit code and all it printed."""

    code: int
    printed: str


def copy_project(folder: Path) -> Path:
    """Copy both portals to *folder*, without caches and earlier sites."""
    ignore = shutil.ignore_patterns("site", ".cache", ".site.*")
    for name in PARTS:
        shutil.copytree(ROOT / name, folder / name, ignore=ignore)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    return folder


def copy_program(folder: Path) -> Path:
    """Copy the package below *folder*, where a test may change it: what runs in *folder* is this copy then."""
    shutil.copytree(ROOT / "macros", folder / "macros", ignore=shutil.ignore_patterns("__pycache__"))
    return folder / "macros" / "nianbao"


def run(engine: str, *arguments: str, folder: Path, fresh: bool = False) -> Result:
    """Run *engine* in *folder*, in a new Python where it is *fresh*."""
    environment = _environment(folder) | {
        "NO_MKDOCS_2_WARNING": "1",
        "DISABLE_MKDOCS_2_WARNING": "true",
        "PYTHONWARNINGS": "default",
    }
    if not fresh:
        return Result(*_forker().run(engine, arguments, folder, environment))
    return _result([sys.executable, "-m", engine, *arguments], folder, environment)


def nianbao(*arguments: str, folder: Path, fresh: bool = False, work: int = 0) -> Result:
    """Run the command in *folder*, in a new Python where it is *fresh*, else for so many seconds of *work* at most."""
    if not fresh:
        return Result(*_forker().run(forked.MAIN, arguments, folder, _environment(folder), work))
    return _result([sys.executable, "-W", "error", "-c", NIANBAO, *arguments], folder, _environment(folder))


def without_powers(*arguments: str, folder: Path) -> Result:
    """Run the command in *folder* as one whom the system may forbid to read."""
    done = subprocess.run(
        [*WITHOUT_POWERS, sys.executable, "-W", "error", "-c", NIANBAO, *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT / "macros")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert "Traceback" not in done.stdout, done.stdout
    return Result(done.returncode, done.stdout)


@functools.cache
def _forker() -> forked.Forker:
    return forked.Forker(ROOT / "macros")


def _environment(folder: Path) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(program(folder))}


def _result(command: list[str], folder: Path, environment: dict[str, str]) -> Result:
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return Result(done.returncode, done.stdout)


def program(folder: Path) -> Path:
    """Return where the package lies that runs in *folder*: a copy below it, or the one of this repository."""
    return (folder if (folder / "macros").is_dir() else ROOT) / "macros"


def built(folder: Path, part: str) -> Path:
    """Return the site that MkDocs builds from *part* of a copy of the project in *folder*."""
    project = copy_project(folder) / part
    result = run("mkdocs", "build", folder=project, fresh=True)
    if result.code:
        message = f"mkdocs build failed:\n{result.printed}"
        raise RuntimeError(message)
    return project / "site"
