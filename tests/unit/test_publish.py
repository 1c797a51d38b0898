"""The published folder is whole at every moment: publishing processes are killed, watched and hindered."""

from __future__ import annotations

import errno
import os
import random
import resource
import shutil
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest
from nianbao.data_files.exchanging import ExchangeUnknownError, exchange
from nianbao.publishing import output, replacing
from nianbao.publishing.output import BY_TWO_NAMES, FILE_BY_FILE, IN_ONE_STEP, OutputError, Staging

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PAGES = tuple(f"{year}/{page}.html" for year in (2022, 2023) for page in range(4))
FILES = ("index.html", "404.html", "assets/main.css", "sitemap.xml", *PAGES)
HIDDEN = (".git/HEAD", ".git/objects/ab/cd", ".well-known/security.txt")
KILLS = 150

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="需要能派生和终止进程的系统")


def staging(folder: Path) -> Staging:
    """Return a staging for the site in *folder*."""
    return Staging.beside(folder / "site", folder / "project", ())


def make(site: Path, version: str, extra: tuple[str, ...] = ()) -> None:
    """Write a site whose every file tells its *version*."""
    for name in (*FILES, *extra):
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(version, encoding="utf-8")


def hide(site: Path) -> None:
    """Put hidden files into *site*, as a version control or a certificate does."""
    for name in HIDDEN:
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(name, encoding="utf-8")


def publish(folder: Path, version: str) -> str:
    """Publish a *version* and return how."""
    new = staging(folder)
    make(new.path, version)
    return new.publish()


def version_of(site: Path) -> str:
    """Return the one version that all files of *site* have, after checking that it is whole."""
    found = {name: (site / name).read_text(encoding="utf-8") for name in FILES}
    assert len(set(found.values())) == 1, found
    for name in HIDDEN:
        assert (site / name).read_text(encoding="utf-8") == name
    expected = {*FILES, *HIDDEN}
    assert {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()} == expected
    return found["index.html"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a site in it."""
    make(tmp_path / "site", "old")
    hide(tmp_path / "site")
    (tmp_path / "site").chmod(0o775)
    return tmp_path


def leftovers(folder: Path) -> list[str]:
    """Return what a build has left beside the site."""
    return [path.name for path in folder.iterdir() if path.name != "site"]


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


def test_one_step(folder: Path) -> None:
    """On Linux the folders are exchanged; hidden files stay and nothing is left beside the site."""
    assert publish(folder, "new") == IN_ONE_STEP
    assert version_of(folder / "site") == "new"
    assert (folder / "site").stat().st_mode & 0o777 == 0o775
    assert leftovers(folder) == []


@pytest.mark.parametrize("mounted", [False, True])
def test_no_old_compressed_file_survives(folder: Path, monkeypatch: pytest.MonkeyPatch, *, mounted: bool) -> None:
    """A server would send the old one to its readers in place of the page beside it."""
    for name in ("index.html.gz", "2023/1.html.gz", "2017/gone.html.gz"):
        (folder / "site" / name).parent.mkdir(exist_ok=True)
        (folder / "site" / name).write_text("old", encoding="utf-8")
    if mounted:

        def busy(one: Path, _other: Path) -> None:
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(one))

        monkeypatch.setattr(output, "exchange", busy)
    assert publish(folder, "new") == (FILE_BY_FILE if mounted else IN_ONE_STEP)
    assert version_of(folder / "site") == "new"
    assert not [*(folder / "site").rglob("*.gz")]


@pytest.mark.parametrize("mounted", [False, True])
def test_a_web_server_can_read_what_is_published(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, mounted: bool
) -> None:
    """A process that lets nobody else read its new files publishes a site for all; hidden files stay as they are."""
    if mounted:

        def busy(one: Path, _other: Path) -> None:
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(one))

        monkeypatch.setattr(output, "exchange", busy)
    (folder / "site" / HIDDEN[0]).chmod(0o600)
    before = os.umask(0o077)
    try:
        new = staging(folder)
        make(new.path, "new", ("2030/deep/new.html",))
        new.publish()
    finally:
        os.umask(before)
    site = folder / "site"
    for name in (*FILES, "2030/deep/new.html"):
        assert (site / name).stat().st_mode & 0o444 == 0o444
        assert all(path.stat().st_mode & 0o555 == 0o555 for path in (site / name).parents if path.is_relative_to(site))
    assert (site / HIDDEN[0]).stat().st_mode & 0o777 == 0o600


def test_first_site(tmp_path: Path) -> None:
    """Where there was none, the site appears whole."""
    assert publish(tmp_path, "new") == IN_ONE_STEP
    assert (tmp_path / "site/index.html").read_text(encoding="utf-8") == "new"
    assert leftovers(tmp_path) == []


def test_killed_at_any_moment(folder: Path) -> None:
    """A process that publishes again and again is killed at random; each time the site is whole, old or new."""

    def for_ever() -> None:
        number = int(version_of(folder / "site").removeprefix("old") or 0)
        while True:
            number += 1
            publish(folder, str(number))

    source = random.Random(2023)  # noqa: S311  # moments, not secrets
    before, kills, changes, half = "old", 0, 0, 0
    # Until many had published something and many died with a build half done, however busy the machine is.
    while kills < KILLS or changes <= KILLS // 4 or half <= KILLS // 4:
        assert kills < 20 * KILLS
        kills += 1
        child = in_a_process(for_ever)
        time.sleep(source.uniform(0, 0.04))
        os.kill(child, signal.SIGKILL)
        assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
        version = version_of(folder / "site")
        changes += version != before
        before = version
        half += bool(leftovers(folder))
    publish(folder, "last")
    assert version_of(folder / "site") == "last"
    assert leftovers(folder) == []


STEPS = ("rename", "replace", "link", "unlink", "mkdir", "rmdir", "open")


def killed_at(step: int, act: Callable[[], object]) -> bool:
    """Run *act* in a process that kills itself before its call number *step* to the system; say if it got there."""

    def deadly() -> None:
        taken = 0

        def wrapped(function: Callable[..., object]) -> Callable[..., object]:
            def call(*arguments: object, **keywords: object) -> object:
                nonlocal taken
                taken += 1
                if taken == step:
                    os.kill(os.getpid(), signal.SIGKILL)
                return function(*arguments, **keywords)

            return call

        for name in STEPS:
            setattr(os, name, wrapped(getattr(os, name)))
        setattr(output, "exchange", wrapped(vars(output)["exchange"]))  # noqa: B010  # imported there, not exported
        act()

    _, status = os.waitpid(in_a_process(deadly), 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


@pytest.mark.parametrize("exchanging", [True, False])
def test_killed_before_every_step(folder: Path, monkeypatch: pytest.MonkeyPatch, *, exchanging: bool) -> None:
    """Killed before any of its steps, a build leaves the old site or the new one, after the next build at the latest.

    Where the system cannot exchange folders there is a moment between two renames; the next build, even one that
    fails, puts the old site back.
    """

    def unknown(_one: Path, _other: Path) -> None:
        raise ExchangeUnknownError

    if not exchanging:
        monkeypatch.setattr(output, "exchange", unknown)
    new = staging(folder)
    make(new.path, "new")
    assert new.publish() == (IN_ONE_STEP if exchanging else BY_TWO_NAMES)
    versions, gone = set(), 0
    for step in range(1, 1000):
        if not killed_at(step, lambda: publish(folder, "newer")):
            break
        if exchanging:
            assert (folder / "site").is_dir()
        gone += not (folder / "site").exists()
        staging(folder).remove()  # A build that fails.
        versions.add(version_of(folder / "site"))
        publish(folder, "new")
    else:
        pytest.fail("the build never ended")
    assert versions == {"new", "newer"}
    assert gone == (0 if exchanging else 1)
    assert step > len(HIDDEN)


def test_readers_meanwhile(folder: Path) -> None:
    """While sites are published one after the other no file is missing, and a folder once opened is of one version."""

    def many() -> None:
        for number in range(60):
            publish(folder, str(number))

    child = in_a_process(many)
    read = 0
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        for name in ("index.html", "2022/3.html", ".well-known/security.txt", ".git/objects/ab/cd"):
            assert (folder / "site" / name).read_text(encoding="utf-8")
            read += 1
    assert read > 100
    assert version_of(folder / "site") == "59"


def test_two_builds_at_once(folder: Path) -> None:
    """A second build for the same folder is refused while the first is under way, and possible after it."""
    first = staging(folder)
    make(first.path, "first")
    with pytest.raises(OutputError, match=r"另一个命令正在生成 .*/site；请等它结束"):
        staging(folder)
    first.publish()
    assert version_of(folder / "site") == "first"
    publish(folder, "second")
    assert version_of(folder / "site") == "second"


def test_many_builds_at_once(folder: Path) -> None:
    """Of many builds that start together each publishes its whole site or is refused."""

    def eager(number: int) -> None:
        for turn in range(20):
            try:
                publish(folder, f"{number}-{turn}")
            except OutputError as error:
                if "另一个命令正在生成" not in str(error):
                    raise
        publish_patiently(folder, f"{number}-last")

    children = [in_a_process(lambda number=number: eager(number)) for number in range(4)]  # type: ignore[misc]
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4
    assert version_of(folder / "site").endswith("-last")
    assert leftovers(folder) == []


def publish_patiently(folder: Path, version: str) -> None:
    """Publish, waiting for others."""
    while True:
        try:
            publish(folder, version)
        except OutputError:
            time.sleep(0.01)
        else:
            return


def test_exchange_refused(tmp_path: Path) -> None:
    """What cannot be exchanged stays, and the system's reason is kept."""
    (tmp_path / "one").mkdir()
    with pytest.raises(FileNotFoundError):
        exchange(tmp_path / "one", tmp_path / "two")
    assert (tmp_path / "one").is_dir()


@pytest.fixture
def volume(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder whose site is a file system of its own, of one megabyte, as a container mounts volumes.

    Who may not mount gets what the system answers: a busy folder, little room, and files of a megabyte at most.
    """
    site = tmp_path / "site"
    site.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(site)]
    if not subprocess.run(mount, capture_output=True, check=False).returncode:
        yield tmp_path
        subprocess.run(["umount", "-l", str(site)], check=True)
        return

    def busy(one: Path, _other: Path) -> None:
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(one))

    usage = shutil.disk_usage

    def small(path: Path) -> object:
        used = sum(each.stat().st_size for each in path.rglob("*") if each.is_file())
        return usage(path)._replace(total=1_000_000, used=used, free=max(0, 1_000_000 - used))

    monkeypatch.setattr(output, "exchange", busy)
    monkeypatch.setattr(shutil, "disk_usage", small)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
    yield tmp_path
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_mounted_volume(volume: Path) -> None:
    """A mounted folder gets the new files and loses the old ones; hidden files stay, and the message says so."""
    make(volume / "site", "old", ("2017/gone.html", "assets/gone.css"))
    hide(volume / "site")
    assert publish(volume, "new") == FILE_BY_FILE
    assert version_of(volume / "site") == "new"
    assert not (volume / "site/2017").exists()
    assert leftovers(volume) == []


def test_mounted_volume_that_is_full(volume: Path) -> None:
    """Where a mounted folder is full the message says so, and every page is one that was whole."""
    make(volume / "site", "old")
    new = staging(volume)
    make(new.path, "new")
    large = new.path / "assets/large.pdf"
    for part in range(3):
        large.with_name(f"large-{part}.pdf").write_bytes(bytes(900_000))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    if soft != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, hard))
    with pytest.raises(OutputError, match=r"磁盘已满|文件超过了允许的大小"):
        new.publish()
    assert {(volume / "site" / page).read_text(encoding="utf-8") for page in PAGES} == {"old"}


def test_a_mounted_volume_is_asked_for_room_first(volume: Path) -> None:
    """Where the new site does not fit, nothing of the old one is touched, and the message says how much is wanting."""
    make(volume / "site", "old")
    new = staging(volume)
    make(new.path, "new")
    for part in range(3):
        (new.path / f"assets/a-{part}.pdf").write_bytes(bytes(900_000))
    with pytest.raises(OutputError, match=r"磁盘已满，还差 3 MB）；原来的网站没有变，请腾出空间再生成一次"):
        new.publish()
    assert version_of_old(volume / "site") == "old"
    assert not [*(volume / "site").rglob("*.pdf")]


def version_of_old(site: Path) -> str:
    """Return the one version that all files of *site* have."""
    (version,) = {(site / name).read_text(encoding="utf-8") for name in FILES}
    return version


def test_order_of_single_files(tmp_path: Path) -> None:
    """Killed while it replaces single files, a build has written no page before everything that pages load."""
    make(tmp_path / "site", "old", ("gone.html", "assets/gone.css"))
    steps = 0
    for step in range(1, 1000):
        shutil.rmtree(tmp_path / "new", ignore_errors=True)
        make(tmp_path / "new", "new", ("assets/new.css",))
        shutil.rmtree(tmp_path / "site")
        make(tmp_path / "site", "old", ("gone.html", "assets/gone.css"))
        if not killed_at(step, lambda: replacing.replace_contents(tmp_path / "new", tmp_path / "site")):
            break
        site = {
            path.relative_to(tmp_path / "site").as_posix(): path.read_text(encoding="utf-8")
            for path in (tmp_path / "site").rglob("*")
            if path.is_file() and path.name != ".new-file"
        }
        pages = [site[page] for page in PAGES]
        assert set(site.values()) <= {"old", "new"}
        if "new" in pages:
            assert site["assets/new.css"] == site["assets/main.css"] == "new"
        if site["index.html"] == "new":
            assert set(pages) == {"new"}
        if site["sitemap.xml"] == "new":
            assert site["index.html"] == "new"
        if "assets/gone.css" not in site:
            assert "gone.html" not in site
            assert set(pages) == {"new"}
        steps += 1
    assert steps > len(FILES)


def test_folder_without_permission(folder: Path) -> None:
    """Where nothing can be written beside the site the message says so, and the site stays."""

    def as_nobody() -> None:
        os.setuid(65534)
        with pytest.raises(OutputError, match="没有权限"):
            staging(folder)

    if os.getuid():
        folder.chmod(0o500)
        with pytest.raises(OutputError, match="没有权限"):
            staging(folder)
        folder.chmod(0o700)
    else:
        for parent in (folder, *folder.parents[:3]):  # Processes of tests have a folder each.
            parent.chmod(0o755)
        assert os.waitpid(in_a_process(as_nobody), 0)[1] == 0
    assert version_of(folder / "site") == "old"
