"""Real builds for tests: copies of the project, and the engines run as a user runs them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NIANBAO = "import sys; from nianbao.command.main import main; main(sys.argv[1:])"
PARTS = ("data", "docs", "macros", "theme", "examples")


@dataclass(frozen=True)
class Result:
    """What a run left: its exit code and all it printed."""

    code: int
    printed: str


def copy_project(folder: Path) -> Path:
    """Copy what a build needs to *folder*, without caches and earlier sites."""
    ignore = shutil.ignore_patterns("__pycache__", "site", ".cache", ".site.*")
    for name in PARTS:
        shutil.copytree(ROOT / name, folder / name, ignore=ignore)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    return folder


def run(engine: str, *arguments: str, folder: Path) -> Result:
    """Run *engine* in *folder* with the package of that folder."""
    environment = os.environ | {
        "PYTHONPATH": str(_package_folder(folder)),
        "NO_MKDOCS_2_WARNING": "1",
        "DISABLE_MKDOCS_2_WARNING": "true",
        "PYTHONWARNINGS": "default",
    }
    done = subprocess.run(
        [sys.executable, "-m", engine, *arguments],
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


def nianbao(*arguments: str, folder: Path) -> Result:
    """Run the command in *folder* with the package of that folder, or of the project that it belongs to."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", NIANBAO, *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(_package_folder(folder))},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return Result(done.returncode, done.stdout)


def _package_folder(folder: Path) -> Path:
    return (folder if (folder / "macros").is_dir() else folder.resolve().parent) / "macros"


def built(folder: Path, part: str) -> Path:
    """Return the site that MkDocs builds from *part* of a copy of the project in *folder*."""
    project = copy_project(folder) / part
    result = run("mkdocs", "build", folder=project)
    if result.code:
        message = f"mkdocs build failed:\n{result.printed}"
        raise RuntimeError(message)
    return project / "site"
