"""Commands on a year in real processes that are killed: before every step on the disk, and at any time."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import shutil
import signal
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pytest
from killing import MOST_STEPS, killed_at
from nianbao.command import publish as publishing_command
from nianbao.command import reopen as reopening_command
from nianbao.command.correct import correct
from nianbao.command.freeze import freeze
from nianbao.command.new import new
from nianbao.command.publish import publish
from nianbao.command.reopen import reopen
from projects import changed, edit, everything, example_project, findings, run, show_corrections

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import click

DELAYS = 8

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that can be forked and killed")


@dataclass(frozen=True)
class Life:
    """A *command* with its *arguments*, and the data file of the *year* that it changes."""

    command: click.Command
    year: int
    arguments: tuple[str, ...]

    def run(self, project: Path) -> int:
        """Run it here and return its exit code."""
        return run(self.command, str(self.year), *self.arguments, project=project).code


NEW = Life(new, 2026, ())
FREEZE = Life(freeze, 2024, ("--published", "2025-01-21"))
CORRECT = Life(correct, 2024, ("--reason", "件数有误。", "--on", "2025-03-05"))
REOPEN = Life(reopen, 2024, ("--reason", "领导要求补充。"))
PUBLISH = Life(publish, 2024, ("--on", "2025-01-26"))
LIVES = [pytest.param(life, id=str(life.command.name)) for life in (NEW, FREEZE, REOPEN, PUBLISH, CORRECT)]
# Those that are refused once they have been carried out; the others say that there is nothing to do.
ONCE = (NEW, REOPEN)


@pytest.fixture(autouse=True)
def before_publication(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what is taken back or put off have its day still to come."""
    for command in (reopening_command, publishing_command):
        monkeypatch.setattr(command, "today", lambda: dt.date(2025, 1, 10))


@pytest.fixture(scope="module")
def starts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return, for each command, a project on which it can run."""
    plain = tmp_path_factory.mktemp("plain")
    project = example_project(plain)
    frozen = tmp_path_factory.mktemp("frozen")
    shutil.copytree(plain, frozen, dirs_exist_ok=True)
    project = frozen / "examples"
    show_corrections(project, 2024)
    assert FREEZE.run(project) == 0
    waiting = tmp_path_factory.mktemp("waiting")
    shutil.copytree(frozen, waiting, dirs_exist_ok=True)
    edit(project / "data" / "2024.yml", "penalties:              [4875]", "penalties:              [4876]")
    return {"new": plain, "freeze": plain, "reopen": waiting, "publish": waiting, "correct": frozen}


@pytest.fixture
def start(starts: dict[str, Path], tmp_path: Path) -> Callable[[Life], Path]:
    """Return a function that gives a fresh project for a command."""

    def fresh(life: Life) -> Path:
        folder = tmp_path / "project"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(starts[str(life.command.name)], folder)
        return folder / "examples"

    return fresh


def visible(project: Path) -> dict[str, bytes]:
    """Return all files but those whose names, or whose folders' names, begin with a dot."""
    parts = ((name, content) for name, content in everything(project).items())
    return {name: content for name, content in parts if not any(part.startswith(".") for part in name.split("/"))}


def check_state(life: Life, project: Path, before: dict[str, bytes], after: dict[str, bytes]) -> None:
    """Assert that what a killed command left is harmless, and that the next run ends as one that was not killed."""
    now = visible(project)
    name = f"data/{life.year}.yml"
    assert now.get(name) in {before.get(name), after.get(name)}
    assert all(now.get(other) == before[other] for other in before if other != name)
    assert all(now[other] == after[other] for other in now if other not in before)
    if life is not NEW:
        done = now[name] == after[name]
        # Not yet done, a freeze has changed nothing for readers, and a correction left the change to be told.
        found = findings(project, life.year)
        assert any(finding.rule == "P-03" for finding in found) == (life is CORRECT and not done)
        assert all(finding.rule for finding in found)
    complete = life in ONCE and (now == after if life is NEW else now[name] == after[name])
    assert life.run(project) == (1 if complete else 0)
    assert visible(project) == after
    if life is not NEW or not complete:
        assert everything(project) == after


@pytest.mark.parametrize("life", LIVES)
def test_killed_before_any_step(life: Life, start: Callable[[Life], Path]) -> None:
    """Whichever step is the last, data are old or new and a further run succeeds."""
    project = start(life)
    before = everything(project)
    assert life.run(project) == 0
    after = everything(project)
    for step in range(1, MOST_STEPS):
        project = start(life)
        if not killed_at(step, partial(life.run, project)):
            assert everything(project) == after
            assert step > 8
            return
        check_state(life, project, before, after)
    pytest.fail("the command never came to its end")


def test_leftovers_go_with_the_next_run_that_is_refused(start: Callable[[Life], Path]) -> None:
    """Killed before its last step, a freeze leaves a snapshot; a later run that stops at an error takes it away."""
    for step in range(1, MOST_STEPS):
        project = start(FREEZE)
        assert killed_at(step, partial(FREEZE.run, project))
        if (project / "data" / "published" / "2024-1.json").exists():
            break
    edit(project / "docs" / "2024" / "6-other.md", "{{ figure(", "{{ figur(")
    assert changed(project, 2024) == []
    assert FREEZE.run(project) == 1
    assert not [name for name in everything(project) if "published" in name or "/." in name]
    edit(project / "docs" / "2024" / "6-other.md", "{{ figur(", "{{ figure(")
    assert FREEZE.run(project) == 0


@pytest.mark.parametrize("life", LIVES)
def test_killed_at_any_time(life: Life, start: Callable[[Life], Path]) -> None:
    """A separate process is killed after delays that spread over its whole run."""
    project = start(life)
    before = everything(project)
    began = time.monotonic()
    assert os.waitpid(_program(life, project), 0)[1] == 0
    whole = time.monotonic() - began
    after = everything(project)
    assert after != before
    for number in range(DELAYS):
        project = start(life)
        process = _program(life, project)
        time.sleep(whole * (0.5 + 0.5 * number / DELAYS))
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        check_state(life, project, before, after)


def _program(life: Life, project: Path) -> int:
    """Run *life* in a process of its own, whose number is returned."""
    child = os.fork()
    if not child:
        try:
            os._exit(life.run(project))
        finally:
            os._exit(70)
    return child


@pytest.mark.parametrize("life", LIVES)
def test_ctrl_c_leaves_everything_as_it_was(
    life: Life, start: Callable[[Life], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Interrupted between its steps, a command takes away what it has written, or has ended already."""
    project = start(life)
    before = everything(project)
    assert life.run(project) == 0
    after = everything(project)
    for step in range(1, MOST_STEPS):
        project = start(life)
        taken = 0

        def interrupted(descriptor: int, number: int = step) -> None:
            nonlocal taken
            taken += 1
            if taken == number:
                raise KeyboardInterrupt
            os.fdatasync(descriptor)

        with monkeypatch.context() as patched:
            patched.setattr(os, "fsync", interrupted)
            code = run(life.command, str(life.year), *life.arguments, project=project).code
        if taken < step:
            assert step > 3
            return
        assert code == 1
        assert everything(project) in (before, after)
    pytest.fail("the command never came to its end")


@pytest.mark.parametrize("life", LIVES)
def test_a_full_disk_leaves_everything_as_it_was(
    life: Life, start: Callable[[Life], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error of the file system is told in Chinese, without a traceback."""
    project = start(life)
    before = everything(project)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    done = run(life.command, str(life.year), *life.arguments, project=project)
    assert (done.code, everything(project)) == (1, before)
    assert "不能读写（磁盘已满）" in done.printed
    assert "原有的文件没有变" in done.printed


@pytest.mark.parametrize("life", LIVES)
def test_one_command_at_a_time(life: Life, start: Callable[[Life], Path]) -> None:
    """A second command does not begin while another one changes the same data."""
    project = start(life)
    before = everything(project)
    handle = os.open(project / "data", os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        done = run(life.command, str(life.year), *life.arguments, project=project)
        assert (done.code, everything(project)) == (1, before)
        assert "另一个 nianbao 命令" in done.printed
    finally:
        os.close(handle)
    assert life.run(project) == 0


def test_an_edit_at_the_last_moment_is_not_lost(start: Callable[[Life], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """An editor that saves while the command runs wins; the command writes nothing."""
    project = start(FREEZE)
    path = project / "data" / "2024.yml"
    before = everything(project)
    fsync = os.fsync

    def edited(descriptor: int) -> None:
        path.write_bytes(before["data/2024.yml"] + b"# saved\n")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", edited)
    done = run(freeze, "2024", *FREEZE.arguments, project=project)
    assert done.code == 1
    assert "在命令运行时被改动" in done.printed
    assert everything(project) == {**before, "data/2024.yml": before["data/2024.yml"] + b"# saved\n"}
