"""A preview gives back what it knows of years that are as they were: its pages are those of a preview begun anew."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from building import program
from previews import served
from projects import example_project

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from previews import Served

_PATIENCE = 300  # seconds; a bound on hanging, not a measure
YEARS = (2022, 2023, 2024, 2025)
_BEGUN_ANEW = """
import logging, sys
from mkdocs.commands.build import build
from mkdocs.config import load_config
address, site = sys.argv[1:]
config = load_config(site_dir=site)
config.plugins.on_startup(command="serve", dirty=False)
config.site_url = address
logging.disable(logging.CRITICAL)
build(config, serve_url=address)
"""


@pytest.fixture
def portal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a portal of four years, two of whose pages show what is of other years or of all."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))  # The host serves from a folder there.
    project = example_project(tmp_path)
    for path in (*(project / "data").glob("20*.yml"), *(project / "docs").glob("20*")):
        if int(path.stem) not in YEARS:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    append(project, "docs/2024/6-other.md", '\n{{ comparison("requests") }}\n\n{{ exception_list() }}\n')
    append(project, "docs/2025/6-other.md", '\n三年前新收{{ figure("requests.received", -3) }}件。\n')
    return project


def append(project: Path, file: str, text: str) -> None:
    """Write *text* behind what *file* says."""
    with (project / file).open("a", encoding="utf-8") as opened:
        opened.write(text)


def replaced(old: str, new: str) -> Callable[[str], str]:
    """Return what replaces *old*, which must be there, by *new*."""

    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


def builds(preview: Served) -> int:
    """Return how many builds there have been, the first with them; 0 while one is under way.

    The host says in how many seconds it built, but says nothing when two builds took the same; it does say these two.
    """
    text = preview.terminal
    done = text.count("Reloading browsers")
    return done + 1 if text.count("Detected file changes") == done else 0


def content(path: Path) -> bytes:
    """Return what the file at *path* holds; nothing where a build has begun, which takes all away."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def wait_until_seen(preview: Served, site: Path, shown: dict[str, str]) -> None:
    """Return once the pages of *site* are those of a build that is done, and say what they are to say."""
    paths = {site / (f"{page}index.html" if page.endswith("/") else page): words for page, words in shown.items()}
    end = time.monotonic() + _PATIENCE
    while not builds(preview) or not all(words.encode() in content(path) for path, words in paths.items()):
        assert time.monotonic() < end, f"{shown}:\n{preview.terminal[-3000:]}"
        time.sleep(0.1)


def differing(preview: Served, site: Path, folder: Path) -> set[str]:
    """Return the files of *site*, that of *preview*, that are not those of a preview begun anew in *folder*."""
    environment = os.environ | {"PYTHONPATH": str(program(preview.folder)), "NO_MKDOCS_2_WARNING": "1"}
    command = [sys.executable, "-c", _BEGUN_ANEW, preview.address, str(folder)]
    subprocess.run(command, cwd=preview.folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    here, there = (
        {path.relative_to(root).as_posix(): content(path) for path in root.rglob("*") if path.is_file()}
        for root in (site, folder)
    )
    shutil.rmtree(folder)
    return {name for name in here.keys() | there.keys() if here.get(name) != there.get(name)}


def edit(path: Path, change: Callable[[str], str]) -> None:
    """Write what *change* makes of the text at *path*."""
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


def test_every_page_is_as_in_a_preview_begun_anew(portal: Path, tmp_path: Path) -> None:
    """Whatever is changed, and changed back: data of a year, words, titles, the body, settings, files, years."""
    data, docs = portal / "data", portal / "docs"
    before = {path: path.read_text(encoding="utf-8") for path in (*data.glob("*.yml"), *docs.rglob("*.md"))}

    def figure() -> None:
        edit(data / "2022.yml", replaced("[49, 13", "[48, 13"))

    def faulty() -> None:
        edit(
            data / "2023.yml", replaced("received:                       [58", "received:                       [五八")
        )
        edit(docs / "2024/5-improvement.md", lambda text: f"{text}\n新写的一段话。\n")
        edit(docs / "2022/6-other.md", lambda text: f"---\ntitle: 另起的标题\n---\n{text}")

    def back() -> None:
        for path, text in before.items():
            path.write_text(text, encoding="utf-8")

    def common() -> None:
        edit(data / "agency.yml", replaced("综合执法局, from", "行政执法局, from"))
        edit(docs / "index.md", replaced("本栏目为合成示例", "本栏目全是示例"))
        edit(portal / "mkdocs.yml", replaced("本站是合成示例", "本站只是示例"))
        (docs / "2024/附图.txt").write_text("一", encoding="utf-8")

    def status() -> None:
        edit(data / "2024.yml", replaced("status: published", "status: draft"))
        edit(data / "2024.yml", replaced("published_on:", "# published_on:"))

    def away() -> None:
        (data / "2022.yml").unlink()
        shutil.rmtree(docs / "2022")

    steps: tuple[tuple[Callable[[], None], dict[str, str]], ...] = (
        (figure, {"2022/3-requests.html": ">48<", "2025/6-other.html": "三年前新收65件"}),
        (
            faulty,
            {
                "2023/3-requests.html": "实际为“五八”",
                "2024/full.html": "新写的一段话",
                "2022/1-overview.html": "另起的标题",
            },
        ),
        (back, {"2023/3-requests.html": ">58<", "2025/6-other.html": "三年前新收66件"}),
        (
            common,
            {
                "2024/": "市管理和行政执法局",
                "index.html": "本栏目全是示例",
                "2022/": "本站只是示例",
                "2024/附图.txt": "一",
            },
        ),
        (status, {"2024/": "草稿：本年度报告尚未公布"}),
        (away, {"2025/6-other.html": "没有 2022 年"}),
    )
    with served(portal) as preview:
        (site,) = (tmp_path / "temporary").glob("mkdocs_*")
        for change, shown in steps:
            change()
            wait_until_seen(preview, site, shown)
            found, before_it = None, 0
            # Files written together may be seen one by one.
            while found is None or not before_it or builds(preview) != before_it:
                before_it = builds(preview)
                found = differing(preview, site, tmp_path / "anew")
            assert not found, change.__name__
    assert "Traceback" not in preview.terminal
