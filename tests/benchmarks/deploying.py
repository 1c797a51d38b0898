"""The other way: each year a site of its own, deployed with mike."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import yaml
from flattening import environment

# What its console script runs.
_MIKE = "import sys; from mike.driver import main; sys.exit(main())"


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """What so many *deployments* take: *seconds* of the processor."""

    deployments: int
    seconds: float


def deploy_years(floor: Path, folder: Path) -> Apart:
    """Deploy each year of the pages in *floor* as a version of its own, from a repository in *folder*.

    The pages have their macros rendered already, so that this is the least that the other way can take.
    """
    folder.mkdir()
    _run(folder, "git", "init", "-q", "-b", "main")
    _run(folder, "git", "config", "user.name", "benchmark")
    _run(folder, "git", "config", "user.email", "benchmark@example.org")
    _run(folder, "git", "commit", "-q", "--allow-empty", "-m", "start")
    config = yaml.safe_load((floor / "mkdocs.yml").read_text(encoding="utf-8"))
    config.pop("nav")
    config["validation"] = {"links": {"not_found": "ignore"}}
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    years = sorted(path for path in (floor / "docs").glob("20*") if path.is_dir())
    before = os.times()
    for year in years:
        shutil.rmtree(folder / "docs", ignore_errors=True)
        shutil.copytree(year, folder / "docs")
        _run(folder, sys.executable, "-c", _MIKE, "deploy", year.name)
    after = os.times()
    seconds = (after.children_user - before.children_user) + (after.children_system - before.children_system)
    return Apart(deployments=len(years), seconds=seconds)


def _run(folder: Path, *command: str) -> None:
    quiet = subprocess.DEVNULL
    beside = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"  # mike starts the host by name.
    subprocess.run(command, cwd=folder, env=environment() | {"PATH": beside}, check=True, stdout=quiet, stderr=quiet)
