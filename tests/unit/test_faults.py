"""Faults of the machine while many bodies are at work: what is told of them, and that the next run makes all good."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import inbox
import pytest
from building import without_powers
from killing import MOST_STEPS, killed_at
from nianbao.command.collect import collect
from nianbao.importing.gathering import gather
from nianbao.members.intake import Came, sort
from nianbao.members.receipts import receipts_of
from nianbao.members.register import read_register
from nianbao.members.taking import Task, take
from nianbao.reading.findings import Findings
from nianbao.running.crew import Limits
from nianbao.running.processes import Processes
from projects import edit, everything, run

if TYPE_CHECKING:
    from pathlib import Path

COUNT = 5
IN_TIME = "2024-01-20"
unix = pytest.mark.skipif(sys.platform == "win32", reason="there no process is forked, and folders are not closed")


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the portal of a county and what five bodies send, each in a format of its own."""
    folder = tmp_path_factory.mktemp("faults")
    inbox.write_portal(folder / "county", COUNT)
    inbox.write_inbox(folder, COUNT, planted=False)
    return folder


@pytest.fixture(scope="module")
def taken(sent: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy in which everything is taken in."""
    folder = tmp_path_factory.mktemp("taken") / "all"
    shutil.copytree(sent, folder)
    assert run(collect, "../收件", "--on", IN_TIME, project=folder / "county").code == 0
    return folder


@pytest.fixture
def own(taken: Path, tmp_path: Path) -> Path:
    """Return a copy of that, which a test may change."""
    shutil.copytree(taken, tmp_path / "all")
    return tmp_path / "all"


def outputs(folder: Path) -> dict[str, bytes]:
    """Return every file below *folder* but those of a cache."""
    return {name: content for name, content in everything(folder).items() if ".cache/" not in name}


def file_of(folder: Path, format_: str) -> Path:
    """Return the one file that was sent in a format."""
    (file,) = (folder / "收件").glob(f"*.{format_}")
    return file


def task_of(folder: Path, file: Path, come: int) -> Task:
    """Return the task of taking in *file* into the county in *folder*."""
    register = read_register(folder / "county/data/members.yml", "", Findings())
    assert register is not None
    gathered = gather([file], folder / "unpacked")
    came = Came(gathered=gathered, sites={}, year=None, answers={})
    (submission,) = sort(came, register, Processes(1, Limits())).submissions
    at = dt.datetime(2024, 1, 20, tzinfo=dt.UTC)
    return Task(portal=folder / "county", submission=submission, at=at, come=come)


def other_version(file: Path, folder: Path, title: str) -> Path:
    """Write the report in *file*, JSON, with another sentence below *folder*, and return it."""
    folder.mkdir()
    shutil.copy(file, folder)
    edit(folder / file.name, "按类别重新整理目录", f"按类别{title}重新整理目录")
    return folder / file.name


@unix
def test_what_cannot_be_read_of_one_body_harms_no_other(own: Path) -> None:
    """Its receipts, what it sent, its folder: each is told where it lies, nothing is taken for damaged or missing."""
    portal = own / "county"
    first, second = (body for body in inbox.bodies(COUNT) if body.format in {"docx", "sheets"})
    before = outputs(own)
    closed = [
        (portal / "来件" / first.id, f"来件/{first.id} 无法读取（没有权限）"),
        (portal / "来件" / first.id / "2023/1/来件.json", "不能读写"),
        (own / "收件" / second.name, f"{second.name}：无法读取（没有权限）；请检查文件和权限"),
    ]
    for path, told in closed:
        mode = path.stat().st_mode
        path.chmod(0)
        collected = without_powers("collect", "../收件", "--on", IN_TIME, folder=portal)
        board = without_powers("board", str(inbox.YEAR), "--on", "2024-02-05", folder=portal)
        path.chmod(mode)
        assert (collected.code, board.code) == (1, 0), collected.printed
        assert told in collected.printed
        assert f"另有 {COUNT - 1} 份以前已经收过" in collected.printed
        inside = path.is_relative_to(portal)
        assert f"待核实 {int(inside)}/{COUNT}，草稿 0/{COUNT}，已报送 {COUNT - inside}/{COUNT}" in board.printed
        assert ("没有权限" in board.printed) is inside
    assert outputs(own) == before


@unix
def test_what_an_ended_run_has_written_is_no_edit_by_hand(own: Path, tmp_path: Path) -> None:
    """Wherever the second version was ended: the first stays known, and a third is read as if it had never come."""
    file = file_of(own, "json")
    second, third = (
        task_of(own, other_version(file, tmp_path / title, title), come)
        for come, title in enumerate(("一一", "再次"), 1)
    )
    shutil.copytree(own, tmp_path / "expected")
    take(replace(third, portal=tmp_path / "expected/county"))
    expected = outputs(tmp_path / "expected")
    for step in range(1, MOST_STEPS, 4):
        folder = tmp_path / str(step)
        shutil.copytree(own, folder)
        ended = replace(second, portal=folder / "county")
        if not killed_at(step, lambda: int(bool(take(ended).failed))):  # noqa: B023  # done at once
            break
        version = f"county/来件/{second.submission.member.id}/{inbox.YEAR}"
        if (folder / version / "2").exists():
            break
        assert not take(replace(third, portal=folder / "county")).failed
        found = outputs(folder)
        # Files that came are kept beside one another.
        assert {name: found[name] for name in expected} == expected, step
        assert {name.rpartition("-")[2] for name in found.keys() - expected.keys()} <= {file.name}
    assert step > 40


def test_versions_that_were_moved_away_leave_the_others_alone(own: Path, tmp_path: Path) -> None:
    """A new version never takes the number of one that is there."""
    portal, file = own / "county", file_of(own, "json")
    (body,) = (one.id for one in inbox.bodies(COUNT) if one.format == "json")
    versions = portal / "来件" / body / str(inbox.YEAR)
    for number, title in enumerate(("一一", "再次", "每月"), 1):
        answer = take(task_of(own, other_version(file, tmp_path / title, title), number))
        assert answer.receipt is not None, answer.failed
        assert answer.receipt.number == number + 1
        if number == 2:
            (versions / "2").rename(tmp_path / "aside")
    assert [one.number for one in receipts_of(portal, body, inbox.YEAR)] == [1, 3, 4]
