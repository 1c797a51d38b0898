"""Contents that are kept in files: whatever happens to the files, what is read is what was told of it, or nothing."""

from __future__ import annotations

import operator
import os
import shutil
import subprocess
import sys
import time
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

import pytest
from building import ROOT
from nianbao.cache.cache import Cache, OtherContentError, digest_of
from nianbao.cache.secret import user_secret
from projects import edit

if TYPE_CHECKING:
    from pathlib import Path

WORDS = "政府信息公开".encode() * 40_000


class Maker:
    """Writes *content* in parts, and counts how often it was asked to."""

    def __init__(self, content: bytes = WORDS) -> None:
        self.content = content
        self.asked = 0

    def __call__(self, file: BinaryIO) -> None:
        """Write the content."""
        self.asked += 1
        file.writelines(self.content[start : start + 1000] for start in range(0, len(self.content), 1000))


def test_what_is_kept_is_made_once(tmp_path: Path) -> None:
    """A later build finds the content with its size and digest; it is the same however it is read."""
    maker = Maker()
    for _ in range(2):
        content = Cache(tmp_path).content("a", 1, maker)
        assert (content.size, content.digest) == (len(WORDS), digest_of(WORDS))
        assert content.read() == WORDS
        content.write(tmp_path / "written")
        assert (tmp_path / "written").read_bytes() == WORDS
    assert maker.asked == 1
    assert Cache(tmp_path).find("a", 1) == WORDS


@pytest.mark.parametrize(("kind", "source"), [("b", ("x", 1)), ("a", ("x", 2))])
def test_keys_hold_what_contents_depend_on(tmp_path: Path, kind: str, source: object) -> None:
    """Another kind or another source never finds the content of the first."""
    cache = Cache(tmp_path)
    assert cache.content("a", ("x", 1), Maker(b"first")).read() == b"first"
    assert cache.find(kind, source) is None
    assert cache.content(kind, source, Maker(b"other")).read() == b"other"
    assert cache.find(kind, source) == b"other"
    assert cache.find("a", ("x", 1)) == b"first"


@pytest.mark.parametrize("damage", [lambda path: path.unlink(), lambda path: path.write_bytes(b"\0" * len(WORDS))])
def test_what_is_lost_is_made_again(tmp_path: Path, damage: object) -> None:
    """A file that was removed or damaged after its content was told is made again, and kept."""
    assert callable(damage)
    maker = Maker()
    content = Cache(tmp_path).content("a", 1, maker)
    (path,) = tmp_path.iterdir()
    damage(path)
    assert content.read() == WORDS
    assert path.read_bytes() == WORDS
    damage(path)
    content.write(tmp_path / "written")
    assert (tmp_path / "written").read_bytes() == WORDS
    assert maker.asked == 3


def test_no_other_content_is_ever_read(tmp_path: Path) -> None:
    """What was made again and differs from what was told stops the program, and nothing is written."""
    maker = Maker()
    content = Cache(tmp_path).content("a", 1, maker)
    maker.content = b"other"
    assert content.read() == WORDS
    (path,) = tmp_path.iterdir()
    path.unlink()
    with pytest.raises(OtherContentError):
        content.write(tmp_path / "written")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["file/below", "a" * 300], ids=["no folder", "none that can be looked at"])
def test_contents_need_no_folder(tmp_path: Path, name: str) -> None:
    """Where nothing can be written, contents are held, and are none the less right."""
    (tmp_path / "file").touch()
    cache = Cache(tmp_path / name)
    maker = Maker()
    content = cache.content("a", 1, maker)
    asked = maker.asked
    assert content.read() == content.read() == WORDS
    assert content.digest == digest_of(WORDS)
    assert maker.asked == asked
    assert cache.find("a", 1) is None
    cache.prune()


def test_builds_do_not_write_into_each_other(tmp_path: Path) -> None:
    """While one build writes a content, another writes the same: both give it whole."""
    inner: list[bytes] = []

    def slowly(file: BinaryIO) -> None:
        file.write(WORDS[:1000])
        inner.append(Cache(tmp_path).content("a", 1, Maker()).read())
        file.write(WORDS[1000:])

    assert Cache(tmp_path).content("a", 1, slowly).read() == WORDS
    assert inner == [WORDS]
    (path,) = tmp_path.iterdir()
    assert path.read_bytes() == WORDS


def test_pruning_leaves_what_is_used_and_what_is_written(tmp_path: Path) -> None:
    """What was not asked for goes, as does what a build has left half written; what one is writing stays."""
    Cache(tmp_path).keep("a", 1, b"old")
    Cache(tmp_path).keep("b", 1, b"found")
    Cache(tmp_path).keep("c", 1, b"offered")
    cache = Cache(tmp_path)
    assert cache.find("b", 1) == b"found"
    content = cache.content("c", 1, Maker())
    cache.keep("d", 1, b"new")
    left, writing = tmp_path / f".{'a' * 64}.{'1' * 16}", tmp_path / f".{'b' * 64}.{'2' * 16}"
    others = tmp_path / "报告.docx"
    for path in (left, writing, others):
        path.touch()
    os.utime(left, times=(time.time() - 86400,) * 2)
    cache.prune()
    assert sorted(path.read_bytes() for path in tmp_path.iterdir()) == [b"", b"", b"found", b"new", b"offered"]
    assert writing.exists()
    assert others.exists()
    assert content.read() == b"offered"


def test_what_others_have_put_there_does_not_count(tmp_path: Path) -> None:
    """A content with the right name, size and digest is not used unless it was sealed with the user's secret."""
    forged = b"false"
    Cache(tmp_path, b"secret of another").content("a", 1, Maker(forged)).read()
    (path,) = tmp_path.iterdir()
    assert Cache(tmp_path, b"secret of another").find("a", 1) == forged
    assert Cache(tmp_path).find("a", 1) is None
    assert Cache(tmp_path).content("a", 1, Maker(b"true")).read() == b"true"
    own = next(other for other in tmp_path.iterdir() if other != path)
    key = own.name.partition(".")[0]
    seal = own.name.rpartition(".")[2]
    path.rename(tmp_path / f"{key}.{len(forged)}.{digest_of(forged)}.{seal}")
    assert Cache(tmp_path).content("a", 1, Maker(b"true")).read() == b"true"
    assert Cache(tmp_path).find("a", 1) == b"true"


def test_a_pipe_in_the_place_of_a_content_is_not_opened(tmp_path: Path) -> None:
    """Whoever puts a pipe there does not hold the build up."""
    Cache(tmp_path).keep("a", 1, b"")
    (path,) = tmp_path.iterdir()
    path.unlink()
    os.mkfifo(path)
    assert Cache(tmp_path).find("a", 1) is None
    maker = Maker(b"")
    assert Cache(tmp_path).content("a", 1, maker).read() == b""
    assert maker.asked == 1


@pytest.mark.parametrize("damage", ["none", "readable", "short", "link"])
def test_a_secret_is_the_users_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str) -> None:
    """It is made once and kept; one that others could know, or that is damaged, is replaced."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    path = tmp_path / "state/nianbao/cache-secret"
    first = user_secret.__wrapped__()
    assert path.read_bytes() == first
    assert path.stat().st_mode & 0o777 == 0o600
    match damage:
        case "readable":
            path.chmod(0o644)
        case "short":
            path.write_bytes(b"")
        case "link":
            path.rename(tmp_path / "elsewhere")
            path.symlink_to(tmp_path / "elsewhere")
    second = user_secret.__wrapped__()
    assert (second == first) is (damage == "none")
    assert path.read_bytes() == second
    assert [*path.parent.iterdir()] == [path]


def test_without_a_place_for_it_a_secret_is_of_the_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing fails, and nothing that was kept earlier counts."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert user_secret.__wrapped__() != user_secret.__wrapped__()


def test_of_several_contents_the_one_that_holds_is_found(tmp_path: Path) -> None:
    """A key may have contents for several states of what else they depend on; those kept later are found as well."""
    cache = Cache(tmp_path)
    for word in (b"one", b"two"):
        assert cache.find("a", 1, partial(operator.eq, word)) is None
        cache.keep("a", 1, word)
        assert cache.find("a", 1, partial(operator.eq, word)) == word


def test_another_program_finds_nothing(tmp_path: Path) -> None:
    """What one version of the program has kept is not used by another."""
    shutil.copytree(ROOT / "macros/nianbao", tmp_path / "nianbao", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "nianbao/__init__.py").write_text("", encoding="utf-8")

    def found() -> str:
        code = (
            "from pathlib import Path; from nianbao.cache.cache import Cache; cache = Cache(Path('kept'));"
            "print(cache.find('a', 1)); cache.keep('a', 1, b'x')"
        )
        environment = os.environ | {"PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True, check=True
        )
        return done.stdout.strip()

    assert [found(), found()] == ["None", "b'x'"]
    edit(tmp_path / "nianbao/rules/quality.py", '"""', '"""Other: ')
    assert found() == "None"
