"""The last sites are kept, bounded, and one of them is put back in one step, whatever ends the process."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from typing import TYPE_CHECKING

import pytest
from building import ROOT
from killing import MOST_STEPS, killed_at
from nianbao.command.rollback import rollback, sites
from nianbao.data_files.exchanging import ExchangeUnknownError
from nianbao.publishing import output
from nianbao.publishing.keeping import MOST, kept_sites
from nianbao.publishing.output import BY_TWO_NAMES, FILE_BY_FILE, IN_ONE_STEP, Staging
from nianbao.publishing.putting_back import put_back
from projects import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FILES = ("index.html", "404.html", "2023/1.html", "assets/main.css", ".well-known/security.txt")
KILLS = 60

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="需要能派生和终止进程的系统")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a project, with a site of version 0."""
    (tmp_path / "data").mkdir()
    (tmp_path / "docs").mkdir()
    (tmp_path / "mkdocs.yml").write_text("site_name: 年报\n", encoding="utf-8")
    publish(tmp_path, "0")
    return tmp_path


def staging(folder: Path) -> Staging:
    """Return a staging for the site in *folder*."""
    return Staging.beside(folder / "site", folder, (folder / "data",))


def make(site: Path, version: str) -> None:
    """Write a site whose every file tells its *version*; the hidden file is only in the first."""
    for name in FILES if version == "0" else FILES[:-1]:
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(version, encoding="utf-8")


def publish(folder: Path, version: str) -> str:
    """Publish a *version*, keep the one before it, and return how."""
    new = staging(folder)
    make(new.path, version)
    return new.publish(keeping=True)


def version_of(site: Path) -> str:
    """Return the one version that all files of *site* have, after checking that it is whole."""
    found = {(site / name).read_text(encoding="utf-8") for name in FILES[:-1]}
    assert len(found) == 1
    return found.pop()


def kept(folder: Path) -> list[str]:
    """Return the versions that are kept, the last one first."""
    return [version_of(site.path) for site in kept_sites(folder / "site")]


def test_the_last_sites_are_kept_and_no_more(folder: Path) -> None:
    """The oldest goes when there are too many; no one else may look into them, and hidden files are not among them."""
    for version in range(1, MOST + 3):
        assert publish(folder, str(version)) == IN_ONE_STEP
    assert kept(folder) == [str(version) for version in range(MOST + 1, 1, -1)]
    assert (folder / ".site.kept").stat().st_mode & 0o777 == 0o700
    assert not [*(folder / ".site.kept").rglob(".*")]
    assert (folder / "site/.well-known/security.txt").read_text(encoding="utf-8") == "0"


def unknown(*_: object) -> None:
    """Stand for a system without the call."""
    raise ExchangeUnknownError


def test_two_names_keep_the_old_site_as_well(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that cannot exchange two folders keeps the same."""
    monkeypatch.setattr(output, "exchange", unknown)
    assert publish(folder, "1") == BY_TWO_NAMES
    assert kept(folder) == ["0"]


def mounted(*_: object) -> None:
    """Stand for a folder that cannot be replaced."""
    raise OSError(16, "busy")


def test_a_mounted_folder_is_put_back_file_by_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was kept comes back; what it replaces is not kept, and the command says so."""
    publish(folder, "1")
    monkeypatch.setattr(output, "exchange", mounted)
    done = run(rollback, project=folder)
    assert done.code == 0
    assert FILE_BY_FILE in done.printed
    assert "换下的网站没有留下" in done.printed
    assert version_of(folder / "site") == "0"
    assert kept(folder) == []


def test_a_site_is_put_back_and_forth(folder: Path) -> None:
    """The last one, or that of a number; what it replaces is kept in turn."""
    publish(folder, "1")
    publish(folder, "2")
    listed = run(sites, project=folder)
    assert listed.code == 0
    assert [line.split()[0] for line in listed.printed.splitlines()[:3]] == ["现在", "1", "2"]
    for number, version, left in (("1", "1", ["2", "0"]), ("1", "2", ["1", "0"]), ("2", "0", ["2", "1"])):
        done = run(rollback, number, project=folder)
        assert done.code == 0, done.printed
        assert version_of(folder / "site") == version
        assert kept(folder) == left
    assert (folder / "site/.well-known/security.txt").read_text(encoding="utf-8") == "0"


def test_what_there_is_not_cannot_be_put_back(folder: Path) -> None:
    """No kept site, a number too many, and no site at all."""
    assert run(rollback, project=folder).code == 2
    publish(folder, "1")
    for number in ("0", "2", "x", "²"):
        done = run(rollback, number, project=folder)
        assert (done.code, done.printed) == (2, f"序号应为 1 至 1，见 nianbao sites，实际为“{number}”")
    assert version_of(folder / "site") == "1"
    done = run(sites, "--out", "nowhere", project=folder)
    assert done.code == 1
    assert "还没有生成网站" in done.printed


def test_what_was_published_is_not_withdrawn_by_mistake(folder: Path) -> None:
    """A frozen year that the kept site lacks stops the command, unless it is told to go on; its number is listed."""
    record = next((ROOT / "examples/data/published").glob("2023-*.json"))
    new = staging(folder)
    make(new.path, "1")
    (new.path / "2023/downloads").mkdir()
    (new.path / "2023/downloads/a-2023-record.json").write_bytes(record.read_bytes())
    new.publish(keeping=True)
    assert "校验号 2023年 " in run(sites, project=folder).printed.splitlines()[0]
    done = run(rollback, project=folder)
    assert done.code == 1
    assert "公布过的内容有 1 处要撤下或改回，没有换" in done.printed
    assert version_of(folder / "site") == "1"
    assert kept(folder) == ["0"]
    assert run(rollback, "--anyway", project=folder).code == 0
    assert version_of(folder / "site") == "0"


def in_a_process(act: Callable[[], object]) -> int:
    """Run *act* in a process of its own and return its number."""
    child = os.fork()
    if child:
        return child
    try:
        act()
        os._exit(0)
    finally:
        os._exit(70)


def test_a_kill_leaves_a_whole_site(folder: Path) -> None:
    """Whenever the process dies, the site is one of the two, and the one to put back is not lost."""
    publish(folder, "1")
    chance, seen = random.Random(7), set()  # noqa: S311  # no secret
    for _ in range(KILLS):
        before = version_of(folder / "site")
        child = in_a_process(lambda: put_back(kept_sites(folder / "site")[0], staging(folder)))
        time.sleep(chance.uniform(0, 0.02))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        staging(folder).remove()
        now = version_of(folder / "site")
        seen.add(now != before)
        assert now in {"0", "1"}
        others = {version for version in kept(folder) if version != now}
        if not others:  # Killed after the exchange, before the replaced site was moved to those kept.
            publish(folder, "1" if now == "0" else "0")
    assert seen == {False, True}


def test_a_command_that_is_killed_can_be_run_again(folder: Path) -> None:
    """Whichever step on the disk is its last, the site is whole, is listed, and the next run puts the other back."""
    for step in range(1, MOST_STEPS):
        shutil.rmtree(folder / "site")
        shutil.rmtree(folder / ".site.kept", ignore_errors=True)
        publish(folder, "0")
        publish(folder, "1")
        if not killed_at(step, lambda: run(rollback, project=folder).code):
            assert (version_of(folder / "site"), kept(folder)) == ("0", ["1"])
            assert step > len(FILES)
            return
        now = version_of(folder / "site")
        assert "0" in {now, *kept(folder)}
        assert run(sites, project=folder).code == 0
        if now == "1":
            done = run(rollback, project=folder)
            assert done.code == 0, done.printed
        assert version_of(folder / "site") == "0"
        staging(folder).remove()  # As the next build does.
        assert not (folder / ".site.building").exists()
    pytest.fail("the command never came to its end")
