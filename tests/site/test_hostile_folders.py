"""Folders of many agencies in which some are hostile: each is told with what is wrong, and the others are judged."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from building import copy_project, nianbao

if TYPE_CHECKING:
    from collections.abc import Iterator

# Ways to spoil the portal in a folder, and what is told of it.
HOSTILE = {
    "settings-of-a-number": ("mkdocs.yml", "extra: 3\n", "缺少 theme"),
    "settings-that-inherit-a-number": ("mkdocs.yml", "INHERIT: 5\n", "不能写 INHERIT"),
    "settings-that-are-a-list": ("mkdocs.yml", "- a\n", "应为若干“项目: 内容”"),
    "settings-that-are-no-text": ("mkdocs.yml", b"\xff\xfe\0", "不是 UTF-8 或 GB18030 编码"),
    "settings-in-brackets": ("mkdocs.yml", "[" * 300_000, "嵌套超过 60 层"),
    "settings-of-a-day": ("mkdocs.yml", "site_name: 2024-13-01\ntheme: {name: material}\n", "缺少 plugins.search"),
    "page-in-brackets": ("docs/2023/6-other.md", "# 六\n\n{{ '['*300000 }}\n", "页面里只能写宏"),
    "page-of-brackets": ("docs/2023/6-other.md", "# 六\n\n{{ " + "[" * 200_000 + " }}\n", "docs/2023/6-other.md"),
    "page-of-links": ("docs/2023/6-other.md", "# 六\n\n" + "- [a, b]\n" * 30_000, "docs/2023/6-other.md"),
    "page-too-long": ("docs/2023/6-other.md", "字\n" * 200_000, "文件超过"),
    "full-text-in-a-section": ("docs/2023/6-other.md", "# 六\n\n{{ full_text() }}\n", "docs/2023/6-other.md"),
    "page-that-links-to-itself": ("docs/2023/6-other.md", None, "链接互相指向"),
    "page-that-is-a-pipe": ("docs/2023/6-other.md", "pipe", "这不是普通文件"),
    "page-beside-that-is-a-pipe": ("docs/more.md", "pipe", "这不是普通文件"),
    "data-that-are-a-pipe": ("data/2023.yml", "pipe", "这不是普通文件"),
    "settings-that-are-a-pipe": ("mkdocs.yml", "pipe", "这不是普通文件"),
    "attachment-that-is-a-pipe": ("docs/a.pdf", "pipe", "这不是普通文件"),
    "snapshot-that-is-a-pipe": ("data/published/2023-1.json", "pipe", "P-03"),
    "snapshot-without-end": ("data/published/2023-1.json", "zero", "P-03"),
    "snapshot-too-large": ("data/published/2023-1.json", "large", "P-03"),
    "form-that-is-a-pipe": ("data/forms/2030.yml", "pipe", "这不是普通文件"),
}


def spoil(path: Path, content: object) -> None:
    """Put *content*, or a special file that it names, in the place of the file at *path*."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    match content:
        case None:
            path.symlink_to(path.name)
        case "pipe":
            os.mkfifo(path)
        case "zero":
            path.symlink_to("/dev/zero")
        case "large":
            with path.open("wb") as file:
                file.truncate(20_000_000_000)
        case bytes():
            path.write_bytes(content)
        case _:
            path.write_text(str(content), encoding="utf-8")


@pytest.fixture(scope="module")
def bodies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Yield a folder with a portal for each way to spoil it, a sound one, and folders that lead nowhere or round."""
    template = copy_project(tmp_path_factory.mktemp("template"))
    shutil.rmtree(template / "examples")
    folder = tmp_path_factory.mktemp("bodies")
    for name, (path, content, _) in HOSTILE.items():
        shutil.copytree(template, folder / name)
        spoil(folder / name / path, content)
    shutil.copytree(template, folder / "sound")
    (folder / "round").mkdir()
    (folder / "round/up").symlink_to("..")
    (folder / "itself").symlink_to("itself")
    deep = folder / "deep"
    deep.mkdir()
    with contextlib.chdir(deep):  # More levels than a search within a search can go.
        for _ in range(600):
            Path("a").mkdir()
            os.chdir("a")
    yield folder
    subprocess.run(["rm", "-rf", deep], check=True)  # Nor can pytest clear them up.


def test_every_body_is_told(bodies: Path) -> None:
    """All are judged in one run; each that is spoiled is told at its own place, and the sound one has no mistake."""
    done = nianbao("check", ".", folder=bodies)
    assert done.code == 1
    assert "Traceback" not in done.printed
    mistakes = [line for line in done.printed.splitlines() if " 错误 " in line]
    of_bodies = {name: [line for line in mistakes if line.startswith(f"{name}/")] for name in HOSTILE}
    missed = {name: lines for name, lines in of_bodies.items() if not any(HOSTILE[name][2] in line for line in lines)}
    assert missed == {}
    assert not [line for line in done.printed.splitlines() if line.startswith("sound/") and " 错误 " in line]


@pytest.mark.parametrize("path", ["/dev/null", "a" * 300, "/".join(["a" * 200] * 30)], ids=len)
def test_paths_that_are_none(tmp_path: Path, path: str) -> None:
    """A device, names that the system refuses are told, with no traceback."""
    done = nianbao("check", path, folder=tmp_path)
    assert done.code == 2, done.printed
    assert "Traceback" not in done.printed


@pytest.mark.parametrize(
    ("content", "told"), [("pipe", "这不是普通文件"), ("zero", "这不是普通文件"), ("large", "大小")]
)
def test_a_snapshot_that_is_named(tmp_path: Path, content: str, told: str) -> None:
    """A snapshot that the data file names is not opened where it is no file, or too large for one."""
    folder = copy_project(tmp_path) / "examples"
    path = next((folder / "data/published").glob("2023-*.json"))
    spoil(path, content)
    done = nianbao("check", "2023", folder=folder)
    assert done.code == 1
    assert any(path.name in line and told in line for line in done.printed.splitlines()), done.printed
