"""Portals damaged by chance, in a bounded time; `tests/benchmarks/fuzz.py` goes on for as long as one likes.

The folders of fuzz_cases hold what was once found: their files replace those of the portal.
"""

from __future__ import annotations

import os
import shutil
import signal
from typing import TYPE_CHECKING

import pytest
from building import ROOT
from forked import Forker
from fuzzing import CASES, Fuzzer, replaced, template, useless

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_ROUNDS, _BUILT = 30, 4  # About a minute: of the portals that are accepted one in so many is built.


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a portal of few years, built."""
    return template(tmp_path_factory.mktemp("template") / "portal")


def test_damaged_portals(original: Path, tmp_path: Path) -> None:
    """No traceback, nothing without end, places that are there; what check accepts is built as it was judged."""
    fuzzer = Fuzzer(original, tmp_path, seed=1)
    for number in range(_ROUNDS):
        fuzzer.round(number, _BUILT)
    tally = fuzzer.tally
    assert tally.faults == []
    assert tally.refused
    assert tally.built, tally


@pytest.mark.parametrize("case", sorted(CASES.iterdir()), ids=lambda case: str(case.name))
def test_what_was_found_stays_mended(original: Path, tmp_path: Path, case: Path) -> None:
    """What a search has found once."""
    portal = tmp_path / "portal"
    shutil.copytree(original, portal, ignore=shutil.ignore_patterns("site"))
    files = [path for path in sorted(case.rglob("*")) if path.is_file()]
    replaced(portal, ((path.relative_to(case).as_posix(), path.read_bytes()) for path in files))
    assert Fuzzer(original, tmp_path, seed=1).examine(portal, "mkdocs") == []


def put(old: str, new: str) -> Callable[[Path], None]:
    """Return what changes the first page of a site."""

    def change(site: Path) -> None:
        text = (site / "index.html").read_text(encoding="utf-8")
        assert old in text
        (site / "index.html").write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


@pytest.mark.parametrize(
    "change",
    [
        put("</article>", "<p>没有检查过。</p></article>"),
        put("</footer>", "<script>a()</script></footer>"),
        put("<footer ", '<footer onclick="a()" '),
        put("</footer>", '<a href="javascript:a()">甲</a></footer>'),
        put("</head>", '<link rel="stylesheet" href="https://a.example/a.css"></head>'),
        put("<title>", "<title>另一个"),
        lambda site: (site / "other.html").write_text("<title>a</title><article>甲</article>", encoding="utf-8"),
        lambda site: (site / "a.png").symlink_to("/etc/passwd"),
    ],
)
def test_what_was_not_seen_is_found(original: Path, tmp_path: Path, change: Callable[[Path], None]) -> None:
    """The search would find what stands in a site and was judged by nobody."""
    portal = tmp_path / "portal"
    shutil.copytree(original, portal)
    fuzzer = Fuzzer(original, tmp_path, seed=1)
    assert list(fuzzer.unseen(portal)) == []
    change(portal / "site")
    assert list(fuzzer.unseen(portal)) != []


def test_findings_of_no_use_are_found(original: Path) -> None:
    """A finding without Chinese, place or with paths of the machine is of no use."""
    good = {"file": "mkdocs.yml", "line": 1, "column": 1, "place": "", "message": "应为文字"}
    assert useless(good, original) == ""
    bad = (
        {"message": "bad"},
        {"line": 900},
        {"column": 900},
        {"message": f"见 {original}"},
        {"message": "见\nTraceback"},
    )
    assert all(useless(good | one, original) for one in bad)


@pytest.mark.parametrize(
    "program",
    [
        "while True: pass",
        "import subprocess, sys; subprocess.run([sys.executable, '-c', 'while True: pass'])",
        (
            "import subprocess, sys\nfor _ in range(4): subprocess.run([sys.executable, '-c', 'import time\\n"
            "while time.process_time() < .9: pass'])"
        ),
    ],
    ids=["itself", "a child", "children in turn"],
)
def test_work_without_end_is_told_by_the_processor(tmp_path: Path, program: str) -> None:
    """Work without end is ended, whoever of a run does it; a run that waits for longer is none."""
    forker = Forker(ROOT / "macros")
    (tmp_path / "working.py").write_text(program, encoding="utf-8")
    (tmp_path / "waiting.py").write_text("import time; time.sleep(4)", encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(ROOT / "macros")}
    try:
        assert forker.run("working", (), tmp_path, environment, work=2)[0] == -signal.SIGXCPU
        assert forker.run("waiting", (), tmp_path, environment, work=2) == (0, "")
    finally:
        forker.end()
