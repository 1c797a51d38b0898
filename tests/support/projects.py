"""What the tests of new, freeze and correct share: a copy of the example project, and commands run on it."""

from __future__ import annotations

import contextlib
import re
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from building import ROOT, Result
from click.testing import CliRunner
from nianbao.lifecycle.archive import FOLDER
from nianbao.lifecycle.changes import published_changes
from nianbao.model.dataset import read_dataset
from nianbao.model.project import WrongUseError, project_at
from nianbao.rules.judging import judge_dataset

if TYPE_CHECKING:
    from pathlib import Path

    import click
    from nianbao.model.project import Project
    from nianbao.reading.findings import Finding

CORRECTIONS = "{{ correction_list() }}\n\n"


def example_project(folder: Path) -> Path:
    """Copy the example project to *folder*; return where its mkdocs.yml lies.

    No year of the copy is frozen.
    """
    ignore = shutil.ignore_patterns("site", ".cache", ".site.*")
    shutil.copytree(ROOT / "examples", folder / "examples", ignore=ignore)
    return thawed(folder / "examples")


def thawed(project: Path) -> Path:
    """Take what freezing wrote out of *project*, and return it."""
    shutil.rmtree(project / "data" / FOLDER)
    for path in (project / "data").glob("20*.yml"):
        path.write_text(without_digest(path.read_text(encoding="utf-8")), encoding="utf-8")
    return project


def project_in(project: Path) -> Project:
    """Return the project of *project*, with messages that name files from there."""
    return project_at(project)


def run(command: click.Command, *arguments: str, project: Path) -> Result:
    """Run *command* in *project*; wrong use has the exit code that `nianbao.command.main` gives it."""
    with contextlib.chdir(project):
        done = CliRunner().invoke(command, arguments)
    if isinstance(done.exception, WrongUseError):
        return Result(2, str(done.exception))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Result(done.exit_code, done.output)


def everything(folder: Path) -> dict[str, bytes]:
    """Return the content of every file below *folder*, hidden ones as well."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def edit(path: Path, old: str, new: str) -> None:
    """Replace *old*, which must be there, once."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path.name} has no {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def show_corrections(project: Path, year: int) -> None:
    """Put the list of corrections into the page of *year* where it is not there."""
    path = project / "docs" / str(year) / "index.md"
    if CORRECTIONS not in path.read_text(encoding="utf-8"):
        edit(path, "{{ key_figures() }}", CORRECTIONS + "{{ key_figures() }}")


def findings(project: Path, year: int) -> list[Finding]:
    """Return all that is found in *year* with what has changed since publication."""
    opened = project_in(project)
    dataset = read_dataset(opened.root, opened.data)
    changes = published_changes(opened.data, opened.docs, dataset)
    judged = judge_dataset(dataset, replace(opened, years=frozenset({year})), changes)
    return [*dataset.findings, *judged.mistakes, *judged.checked.findings()]


def changed(project: Path, year: int) -> list[str]:
    """Return what the rule on changes after publication finds in *year*."""
    return [str(finding) for finding in findings(project, year) if finding.rule == "P-03"]


def without_digest(text: str) -> str:
    """Return the text of a data file without its line with the digest."""
    return re.sub(r"digest: [0-9a-f]{64} .*\n", "", text)
