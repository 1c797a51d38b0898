"""Faults of the machine while many bodies are at work: what is told of them, and that the next run makes all good."""

from __future__ import annotations

import datetime as dt
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import county
import inbox
import pytest
from building import without_powers
from killing import MOST_STEPS, killed_at
from nianbao.command import survey as surveying
from nianbao.command import workers
from nianbao.command.board import board, board_of
from nianbao.command.cells import cells
from nianbao.command.collect import collect
from nianbao.command.new import new
from nianbao.command.rollup import rollup
from nianbao.command.survey import survey
from nianbao.command.workers import LIMITS
from nianbao.data_files import writing
from nianbao.importing.gathering import gather
from nianbao.members.drafting import locked
from nianbao.members.intake import Came, sort
from nianbao.members.receipts import receipts_of
from nianbao.members.receiving import Task, take
from nianbao.members.register import read_register
from nianbao.members.rollup_record import read_rollup_record, report_of
from nianbao.model.project import project_at
from nianbao.reading.findings import Findings
from nianbao.reading.refusal import RefusedError
from nianbao.running.crew import Limits
from nianbao.running.processes import Processes
from projects import edit, everything, run
from waiting import until

if TYPE_CHECKING:
    from collections.abc import Callable

    from nianbao.members.board import Standing
    from nianbao.members.register import Register
    from nianbao.members.rollup_record import RollupRecord
    from nianbao.model.project import Project
    from nianbao.rules.results import ProjectResult

DAY = dt.date(2024, 2, 5)
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
    """Return every file below *folder* but those of a cache, and the steps of the preview, which tell the time."""
    hidden = (".cache/", ".edits/")
    return {name: content for name, content in everything(folder).items() if not any(one in name for one in hidden)}


def file_of(folder: Path, format_: str) -> Path:
    """Return the one file that was sent in a format."""
    (file,) = (folder / "收件").glob(f"*.{format_}")
    return file


def task_of(folder: Path, file: Path, come: int) -> Task:
    """Return the task of taking in *file* into the county in *folder*."""
    register = register_of(folder / "county")
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


@pytest.fixture
def portal(tmp_path: Path) -> Path:
    """Return a county of four bodies whose reports lie in folders, with a draft of its own."""
    portal = county.write_county(tmp_path, 4)
    edit(portal / "data/members.yml", county.RETURNED_LINE, "")
    assert run(new, str(county.YEAR), project=portal).code == 0
    return portal


NIANBAO = Path(sys.executable).parent / "nianbao"
YEAR = str(county.YEAR)
COMMANDS = {
    "cells": (cells, (YEAR, "--out", "单元格")),
    "board": (board, (YEAR, "--on", "2024-02-05", "--out", "报送情况")),
    "rollup": (rollup, (YEAR, "--pages")),
}


@unix
@pytest.mark.parametrize("name", COMMANDS)
def test_a_run_killed_at_any_step_is_made_good_by_the_next(portal: Path, name: str) -> None:
    """What stood there stands until the new is whole, and the next run ends as if the first had never been."""
    command, arguments = COMMANDS[name]
    before, shown = standing_before(portal, name), [site_shows(portal)]
    assert run(command, *arguments, project=portal).code == 0
    after = outputs(portal)
    shown.append(site_shows(portal))
    assert any(before[path] != after.get(path) for path in before)
    assert run(command, *arguments, project=portal).code == 0
    settled = outputs(portal)
    for step in range(1, MOST_STEPS, 3 if name == "rollup" else 1):
        put_back(portal, before)
        killed = killed_at(step, lambda: run(command, *arguments, project=portal).code)
        found = outputs(portal)
        # The draft is written in two steps, figures first.
        whole = before.keys() - {f"data/{YEAR}.yml"}
        assert all(found.get(path) in {before[path], after.get(path)} for path in whole), step
        assert site_shows(portal) in shown, step
        for _ in range(2):  # The record of a roll-up tells what stood there before.
            assert run(command, *arguments, project=portal).code == 0
        assert outputs(portal) == settled, step
        if not killed:
            break
    assert 5 < step < MOST_STEPS - 1


def site_shows(portal: Path) -> tuple[RollupRecord, list[str]] | None:
    """Return what the site would show of the roll-up, and the reports of bodies; None where there is none."""
    added = read_rollup_record(portal / "data", county.YEAR)
    if added is None:
        return None
    return added, [report_of(portal / "data", added, body) for body in added.reports]


def standing_before(portal: Path, name: str) -> dict[str, bytes]:
    """Return the files that stand there after a run of a command, and after something has changed since."""
    command, arguments = COMMANDS[name]
    assert run(command, *arguments, project=portal).code == 0
    path = portal / f"members/agency00002/{YEAR}.yml"
    edit(path, "status: published ", "status: draft ")
    edit(path, f"published_on: {county.YEAR + 1}-01-18   # 公布日期\n", "")
    assert run(board, YEAR, project=portal).code == 0  # So that the bodies are looked at.
    return outputs(portal)


def put_back(portal: Path, files: dict[str, bytes]) -> None:
    """Let *portal* hold these files again; those that are as they were are not touched."""
    found = outputs(portal)
    for name in found.keys() - files.keys():
        (portal / name).unlink()
    for name, content in files.items():
        if found.get(name) != content:
            (portal / name).parent.mkdir(parents=True, exist_ok=True)
            (portal / name).write_bytes(content)


@unix
@pytest.mark.parametrize("name", COMMANDS)
def test_a_full_disk_leaves_what_stands_there(portal: Path, name: str) -> None:
    """The refusal is in Chinese, nothing is half written or left over, and with room the command does its work."""
    command, arguments = COMMANDS[name]
    before = standing_before(portal, name)
    line: list[str | Path] = ["bash", "-c", 'ulimit -f 1; exec "$0" "$@"', NIANBAO, name, *arguments]
    full = subprocess.run(line, cwd=portal, capture_output=True, text=True, check=False)
    assert full.returncode == 1, full.stdout
    assert "文件超过了允许的大小" in full.stderr
    assert "Traceback" not in full.stderr
    assert outputs(portal) == before
    assert run(command, *arguments, project=portal).code == 0
    assert outputs(portal) != before


@unix
def test_collecting_goes_on_where_it_was_killed_or_interrupted(sent: Path, taken: Path, tmp_path: Path) -> None:
    """Whoever is called next finds nobody at work, takes the rest and ends with the same files."""
    shutil.copytree(sent, tmp_path / "all")
    portal = tmp_path / "all/county"
    for number, code in ((signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 130)):
        line: list[str | Path] = [NIANBAO, "collect", "../收件", "--on", IN_TIME]
        had = len(list(portal.glob("来件/*/*/*/来件.json")))
        with subprocess.Popen(line, cwd=portal, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
            while len(list(portal.glob("来件/*/*/*/来件.json"))) <= had:
                assert running.poll() is None
                time.sleep(0.01)
            running.send_signal(number)
            _, told = running.communicate(timeout=100)
        assert running.returncode == code
        assert told.decode().strip() in {"", "已中断。"}
        until(lambda: not _locked(portal / "data"))
    done = run(collect, "../收件", "--on", IN_TIME, project=portal)
    assert done.code == 0, done.printed
    assert outputs(tmp_path / "all") == outputs(taken)


def _locked(folder: Path) -> bool:
    try:
        with writing.exclusively(folder):
            return False
    except RefusedError:
        return True


def test_two_runs_at_once_leave_each_other_alone(portal: Path) -> None:
    """What one reads the other does not remove, though its register is another; two roll-ups go one after the other."""
    first, project = register_of(portal), project_at(portal)
    edit(portal / "data/members.yml", "第2局", "第二局")
    with survey(first, project, county.YEAR, Processes(2, LIMITS)) as known:
        assert run(board, YEAR, project=portal).code == 0
        assert [one.name for one in known.standings(DAY)][2] == "示例市示例区第2局"
    with locked(project):
        told = run(rollup, YEAR, project=portal)
    assert (told.code, told.printed) == (1, "另一个 nianbao 命令正在改动 rollup；请等它结束后再运行\n")


@unix
def test_a_folder_that_was_gone_for_a_moment_is_looked_at_again(
    portal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was seen without it is not kept: every file is there again as it was."""
    body = portal / "members/agency00001"
    real = workers.guarded

    def gone(project: Project, check: Callable[[Project], ProjectResult]) -> ProjectResult:
        if project.data.name == body.name:
            project.data.rename(tmp_path / "away")
        return real(project, check)

    monkeypatch.setattr(surveying, "guarded", gone)
    assert [one.state for one in standings(portal)] != ["submitted"] * 4
    monkeypatch.undo()
    (tmp_path / "away").rename(body)
    assert [one.state for one in standings(portal)] == ["submitted"] * 4


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" + b"\0" * 400 + b"PAR1"], ids=["empty", "short", "zeros"])
def test_files_of_the_cache_damaged_while_they_are_read_are_made_anew(portal: Path, content: bytes) -> None:
    """The command ends with what to do, which helps."""

    def damaged() -> None:
        with survey(register_of(portal), project_at(portal), county.YEAR, Processes(2, LIMITS)) as known:
            for path in (portal / ".cache/members" / YEAR).iterdir():
                path.write_bytes(content)
            list(known.standings(DAY))

    with pytest.raises(RefusedError, match="再运行一次"):
        damaged()
    assert [one.state for one in standings(portal)] == ["submitted"] * 4


def register_of(portal: Path) -> Register:
    """Return the register of the county in *portal*."""
    register = read_register(portal / "data/members.yml", "", Findings())
    assert register is not None
    return register


def standings(portal: Path) -> tuple[Standing, ...]:
    """Return how far the bodies of the county in *portal* are."""
    return board_of(register_of(portal), project_at(portal), county.YEAR, DAY, Processes(2, LIMITS)).standings


@unix
def test_a_batch_that_was_killed_leaves_nothing_and_is_done_again(sent: Path, tmp_path: Path) -> None:
    """The next run has the same portals as one that was never disturbed; two at once are refused."""
    line: list[str | Path] = [NIANBAO, "import", "--batch", "输出", sent / "收件"]
    for name in ("expected", "killed"):
        (tmp_path / name).mkdir()
    first = subprocess.run(line, cwd=tmp_path / "expected", capture_output=True, text=True, check=False)
    out = tmp_path / "killed/输出"
    with subprocess.Popen(line, cwd=out.parent, stdout=subprocess.DEVNULL) as running:
        until(lambda: bool(list(out.glob("*/data/agency.yml"))))
        running.kill()
    assert running.returncode == -signal.SIGKILL
    until(lambda: not _locked(out / ".zip"))
    with writing.exclusively(out / ".zip"):
        at_once = subprocess.run(line, cwd=out.parent, capture_output=True, text=True, check=False)
    assert (at_once.returncode, at_once.stderr) == (1, "另一个 nianbao 命令正在改动 .zip；请等它结束后再运行\n")
    again = subprocess.run(line, cwd=out.parent, capture_output=True, text=True, check=False)
    assert (again.returncode, again.stderr) == (first.returncode, "")
    assert outputs(out) == outputs(tmp_path / "expected/输出")
    assert not (out / ".zip").exists()
