"""Bodies are looked at once: again only when something of them has changed, and whatever ends a run in the middle."""

from __future__ import annotations

import datetime as dt
import errno
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

import county
import pytest
from nianbao.command import survey as surveying
from nianbao.command.board import board_of
from nianbao.command.judging import judge_project
from nianbao.command.workers import LIMITS, guarded
from nianbao.members.bodies import TABLES
from nianbao.members.register import read_register
from nianbao.model.project import project_at
from nianbao.reading.findings import Findings
from nianbao.running.processes import Processes
from projects import edit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from nianbao.members.board import Standing
    from nianbao.model.project import Project
    from nianbao.rules.results import ProjectResult

DAY = dt.date(2024, 2, 5)
COUNT = 8


@pytest.fixture
def portal(tmp_path: Path) -> Path:
    """Return a county with nothing wrong in it."""
    portal = county.write_county(tmp_path, COUNT)
    path = portal / "data/members.yml"
    path.write_text(path.read_text(encoding="utf-8").partition("returned")[0], encoding="utf-8")
    return portal


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return a file that has the folder of each body that is looked at, a line each."""
    log = tmp_path / "log"
    real = guarded

    def logged(project: Project, check: Callable[[Project], ProjectResult]) -> ProjectResult:
        with log.open("a", encoding="utf-8") as file:
            file.write(f"{project.data.name}\n")
        return real(project, check)

    monkeypatch.setattr(surveying, "guarded", logged)
    return log


def standings(portal: Path) -> Sequence[Standing]:
    """Return how far the bodies of the county in *portal* are."""
    register = read_register(portal / "data/members.yml", "data/members.yml", Findings())
    assert register is not None
    return board_of(register, project_at(portal), county.YEAR, DAY, Processes(2, LIMITS)).standings


def names(log: Path) -> list[str]:
    """Return what *log* has, and empty it."""
    lines = sorted(log.read_text(encoding="utf-8").split()) if log.exists() else []
    log.unlink(missing_ok=True)
    return lines


def test_only_what_has_changed_is_looked_at_again(portal: Path, looked_at: Path) -> None:
    """A figure of the same length, a page, an entry of the register: each counts; a line before it does not."""
    first = standings(portal)
    assert len(names(looked_at)) == COUNT
    assert standings(portal) == first
    assert names(looked_at) == []
    data = portal / f"members/agency00003/{county.YEAR}.yml"
    was = data.stat()
    edit(data, f"published_on: {county.YEAR + 1}-01-18", f"published_on: {county.YEAR + 1}-02-03")
    os.utime(data, ns=(was.st_atime_ns, was.st_mtime_ns))
    changed = standings(portal)
    assert names(looked_at) == ["agency00003"]
    assert [one.member.id for one in changed if one.late] == ["agency00003"]
    page = portal / f"members/agency00004/docs/{county.YEAR}/5-improvement.md"
    page.parent.mkdir(parents=True)
    page.write_text("# 五、存在的主要问题及改进情况\n", encoding="utf-8")
    register = portal / "data/members.yml"
    text = register.read_text(encoding="utf-8")
    register.write_text(f"# 一行\n{text}".replace("第5局", "第五局"), encoding="utf-8")
    told = standings(portal)
    assert names(looked_at) == ["agency00004", "agency00005"]
    assert [one.name for one in told][5] == "示例市示例区第五局"


def test_what_is_behind_a_link_is_always_looked_at(portal: Path, looked_at: Path, tmp_path: Path) -> None:
    """Nobody can tell whether it has changed."""
    (tmp_path / "elsewhere").mkdir()
    (portal / "members/agency00002/docs").symlink_to(tmp_path / "elsewhere")
    standings(portal)
    names(looked_at)
    standings(portal)
    assert names(looked_at) == ["agency00002"]


def test_what_ends_a_process_is_told_and_tried_again(
    portal: Path, looked_at: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A body whose check is ended is failing with the reason; the next run looks at it, and at no other, again."""
    real = judge_project

    def ended(project: Project) -> object:
        if project.data.name == "agency00006":
            os.kill(os.getpid(), signal.SIGKILL)
        return real(project)

    monkeypatch.setattr(surveying, "judge_project", ended)
    told = standings(portal)
    assert [one.state for one in told] == ["submitted"] * 6 + ["failing", "submitted"]
    assert "被系统中止" in told[6].errors[0]
    names(looked_at)
    monkeypatch.setattr(surveying, "judge_project", real)
    assert {one.state for one in standings(portal)} == {"submitted"}
    assert names(looked_at) == ["agency00006"]


def test_an_error_of_ours_shows_its_trace(
    portal: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The body is failing, the others are not, and the terminal has the trace."""
    real = judge_project

    def wrong(project: Project) -> object:
        if project.data.name == "agency00006":
            raise ZeroDivisionError
        return real(project)

    monkeypatch.setattr(surveying, "judge_project", wrong)
    assert [one.member.id for one in standings(portal) if one.state == "failing"] == ["agency00006"]
    assert "agency00006：Traceback" in capsys.readouterr().err


def test_a_run_that_ended_in_the_middle_is_gone_on_with(portal: Path, looked_at: Path) -> None:
    """What was looked at before it ended is not looked at again, and the board is the same."""
    expected = standings(portal)
    names(looked_at)
    cache = portal / ".cache/members" / str(county.YEAR)
    files = sorted(cache.iterdir(), key=lambda path: path.stat().st_mtime_ns)
    for path in files[3 * len(TABLES) + 2 :]:  # Behind the third body and two files of the fourth.
        path.unlink()
    (cache / f".{'0' * 64}.{'0' * 16}").write_bytes(b"PAR1")
    assert standings(portal) == expected
    assert len(names(looked_at)) == COUNT - 3
    files[0].write_bytes(b"PAR1 damaged")
    assert standings(portal) == expected
    assert len(names(looked_at)) == 1


def others_content(files: Sequence[Path]) -> None:
    """Give each file the content of another."""
    contents = [path.read_bytes() for path in files]
    for path, content in zip(files, contents[1:] + contents[:1], strict=True):
        path.write_bytes(content)


def others_name(files: Sequence[Path]) -> None:
    """Let each content stand for another body: under its key, with its own size, digest and seal."""
    contents = {path: path.read_bytes() for path in files}
    for path, other in zip(files, [*files[1:], files[0]], strict=True):
        path.unlink()
        path.with_name(f"{path.name.split('.')[0]}.{other.name.partition('.')[2]}").write_bytes(contents[other])


def bits(files: Sequence[Path]) -> None:
    """Let each file keep its size, and one of its bytes be another."""
    for path in files:
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)


def halves(files: Sequence[Path]) -> None:
    """Cut each file."""
    for path in files:
        os.truncate(path, path.stat().st_size // 2)


def pipes(files: Sequence[Path]) -> None:
    """Put a pipe in the place of each file, which nobody writes into."""
    for path in files:
        path.unlink()
        os.mkfifo(path)


def links(files: Sequence[Path]) -> None:
    """Put in the place of each file a link to one without end."""
    for path in files:
        path.unlink()
        path.symlink_to("/dev/zero")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows 没有命名管道和 /dev/zero")
@pytest.mark.parametrize("damage", [others_content, others_name, bits, halves, pipes, links])
def test_what_was_put_into_the_cache_is_made_anew_in_silence(
    portal: Path, looked_at: Path, capfd: pytest.CaptureFixture[str], damage: Callable[[Sequence[Path]], None]
) -> None:
    """Whatever lies there that is not what this program has written for the body, the board is the same."""
    expected = standings(portal)
    files = sorted((portal / ".cache/members" / str(county.YEAR)).iterdir())
    assert len(files) == COUNT * len(TABLES)
    names(looked_at)
    capfd.readouterr()
    damage(files)
    assert standings(portal) == expected
    assert len(names(looked_at)) == COUNT
    assert standings(portal) == expected
    assert names(looked_at) == []
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("other", ["user_secret", "_program"])
def test_what_another_program_or_user_has_kept_does_not_count(
    portal: Path, looked_at: Path, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    """A portal may be sent with its cache, and a program may be another than last year's."""
    with monkeypatch.context() as patched:
        patched.setattr(f"nianbao.cache.cache.{other}", lambda: b"other")
        expected = standings(portal)
    assert len(names(looked_at)) == COUNT
    assert standings(portal) == expected
    assert len(names(looked_at)) == COUNT


@pytest.mark.parametrize("command", ["board", "rollup", "cells"])
def test_without_duckdb_it_is_told_what_to_install(portal: Path, command: str) -> None:
    """No body is looked at before that."""
    (portal / f"data/{county.YEAR}.yml").write_bytes((portal / f"members/agency00000/{county.YEAR}.yml").read_bytes())
    edit(portal / f"data/{county.YEAR}.yml", "status: published ", "status: draft ")
    edit(portal / f"data/{county.YEAR}.yml", f"published_on: {county.YEAR + 1}-01-18   # 公布日期\n", "")
    hidden = "import sys; sys.modules['duckdb'] = None; from nianbao.command.main import main; main()"
    line = [sys.executable, "-c", hidden, command, str(county.YEAR)]
    done = subprocess.run(line, cwd=portal, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "pip install" in done.stderr
    assert "duckdb" in done.stderr
    assert not (portal / ".cache").exists()


def test_a_portal_that_may_not_be_written_has_a_board(portal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is kept, and nothing else is different."""
    expected = standings(portal)
    shutil.rmtree(portal / ".cache")

    def read_only(dir: Path) -> object:  # noqa: A002  # the name is given
        raise PermissionError(errno.EROFS, "", str(dir))

    monkeypatch.setattr(tempfile, "TemporaryFile", read_only)
    assert standings(portal) == expected
    assert not list((portal / ".cache/members").glob("*/*"))
