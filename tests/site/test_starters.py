"""The files to double-click: the environment set up from a folder, without network; what is missing is said plainly."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import sysconfig
import urllib.request
from typing import TYPE_CHECKING

import pytest
from building import ROOT
from editing import wait
from previews import PATIENCE

if TYPE_CHECKING:
    from pathlib import Path

OFFLINE = ROOT / "deploy" / "offline"
TOOLS = ("sh", "dirname", "cat", "cksum", "ls", "rm", "printf")
INSTALLING = "第一次打开，正在安装"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="年报.cmd 没有在 Windows 上试过")


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the wheel of this repository."""
    folder = tmp_path_factory.mktemp("wheels")
    pip = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check"]
    made = [*pip, "wheel", "--no-deps", "--no-index", "--no-build-isolation", "-w", str(folder), str(ROOT)]
    subprocess.run(made, check=True, capture_output=True)
    return folder


@pytest.fixture
def folder(tmp_path: Path, wheels: Path) -> Path:
    """Return what is copied to a machine without network."""
    folder = tmp_path / "年报 2025 $HOME"
    folder.mkdir()
    for name in ("年报.sh", "年报.desktop"):
        shutil.copy(OFFLINE / name, folder)
    shutil.copytree(wheels, folder / "wheels")
    (folder / "requirements.txt").write_text("", encoding="utf-8")
    return folder


def start(script: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the script to its end."""
    known = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        ["sh", str(script)],
        cwd="/",
        env=known | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE * 3,
    )


def without_python(folder: Path) -> str:
    """Return a PATH on which there is no Python."""
    folder.mkdir(exist_ok=True)
    for name in TOOLS:
        found = shutil.which(name)
        if found is not None and not (folder / name).exists():
            (folder / name).symlink_to(found)
    return str(folder)


def test_what_is_missing_is_said(folder: Path, tmp_path: Path) -> None:
    """Without the wheels, without Python: what to do, and nothing is left behind."""
    script = folder / "年报.sh"
    (folder / "wheels").rename(folder / "others")
    done = start(script)
    assert (done.returncode, (folder / ".venv").exists()) == (1, False)
    assert "缺少 requirements.txt 或 wheels 里的安装包" in done.stdout
    (folder / "others").rename(folder / "wheels")
    done = start(script, PATH=without_python(tmp_path / "bin"))
    assert (done.returncode, (folder / ".venv").exists()) == (1, False)
    assert "没有 Python 3.11 或更新的版本" in done.stdout
    (folder / "requirements.txt").write_text(f"click==8.4.0 --hash=sha256:{'0' * 64}\n", encoding="utf-8")
    done = start(script)
    assert (done.returncode, (folder / ".venv" / "made_from").exists()) == (1, False)
    assert "没有装好，原因见上面" in done.stdout


@pytest.mark.skipif(shutil.which("flock") is None, reason="这台机器上没有 flock，它在 util-linux 里")
def test_a_second_double_click_waits_for_the_first(folder: Path) -> None:
    """Two windows at once: one sets up, the other waits and begins nothing anew, and both go on from there."""
    script = ["sh", str(folder / "年报.sh")]
    both = [
        subprocess.Popen(script, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=PATIENCE * 3)[0] for process in both]
    assert sum(INSTALLING in one for one in said) == 1, said
    assert sum("另一个窗口正在安装" in one for one in said) == 1, said
    assert not [one for one in said if "没有装好" in one]


def test_a_double_click_opens_the_desk(folder: Path, tmp_path: Path) -> None:
    """What Exec says sets up the environment once, and opens the desk; in another place it is set up anew."""
    script = folder / "年报.sh"
    first = start(script)  # The folder has the program alone and not what that needs.
    assert INSTALLING in first.stdout
    assert "没有打开，原因见上面" in first.stdout
    assert (folder / ".venv" / "made_from").is_file()

    entry = (folder / "年报.desktop").read_text(encoding="utf-8").split("\n")
    line = next(line.removeprefix("Exec=") for line in entry if line.startswith("Exec="))
    # The two rounds of the Desktop Entry Specification; shlex leaves the backslash before a dollar.
    words = [word.replace("\\$", "$") for word in shlex.split(line.replace("\\\\", "\\"))]
    assert words[-1] == "%k"
    browser = tmp_path / "browser"
    browser.write_text(f"#!/bin/sh\necho \"$1\" > '{tmp_path}/opened.txt'\n", encoding="utf-8")
    browser.chmod(0o755)
    desktop = folder / "年报.desktop"
    # The file as GLib names it, its address, and the folder in words as libfm takes it apart.
    for place in ([str(desktop)], [f"file://{desktop}"], str(folder).split(" ")):
        with (tmp_path / "terminal.txt").open("w", encoding="utf-8") as terminal:
            process = subprocess.Popen(
                [*words[:-1], *place],
                cwd="/",
                env=os.environ | {"BROWSER": f"{browser} %s", "PYTHONPATH": sysconfig.get_paths()["purelib"]},
                stdin=subprocess.DEVNULL,
                stdout=terminal,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            opened = tmp_path / "opened.txt"
            wait(lambda: opened.exists() and opened.read_text(encoding="utf-8"), "a browser")  # noqa: B023  # within the turn
            address = opened.read_text(encoding="utf-8").strip()
            page = urllib.request.urlopen(address, timeout=PATIENCE).read()  # noqa: S310  # loopback
            assert b"browser/beginning.js" in page
            opened.unlink()
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(timeout=PATIENCE)
        assert INSTALLING not in (tmp_path / "terminal.txt").read_text(encoding="utf-8")

    folder.rename(tmp_path / "moved")
    done = start(tmp_path / "moved" / "年报.sh", PATH=without_python(tmp_path / "bin"))
    assert "没有 Python 3.11 或更新的版本" in done.stdout


def test_the_one_for_windows_leads_nowhere_else_and_says_all() -> None:
    """It cannot be run here: it is ASCII with the ends of lines that cmd wants, and its labels and words are there."""
    content = (OFFLINE / "年报.cmd").read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n")
    text = content.decode("ascii")
    labels = set(re.findall(r"^:(\w+)", text, re.MULTILINE))
    assert set(re.findall(r"\b(?:goto |call :)(\w+)", text)) <= labels
    words = (OFFLINE / "年报.txt").read_text(encoding="utf-8").splitlines()
    assert {line.partition(".")[0] for line in words} == set(re.findall(r"said=(\d)", text))
    assert all(line.endswith(("。", "……")) for line in words)
