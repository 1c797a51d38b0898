"""A program that runs from elsewhere than its folder, as after a move, is told and goes on."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from building import ROOT, nianbao
from nianbao.installation import PACKAGE, other_program


@pytest.mark.parametrize("own", [".venv", "macros/nianbao"])
def test_another_program_is_told(tmp_path: Path, own: str) -> None:
    """Where a folder has an environment or a clone of its own and another one runs, both are named."""
    (tmp_path / own).mkdir(parents=True)
    told = other_program(tmp_path)
    assert told.startswith(f"注意：运行的是 {sys.prefix if own == '.venv' else PACKAGE} 里的 nianbao")
    assert f"不是这个文件夹里的（{tmp_path / own}）" in told
    assert "请删去 .venv，按说明重新安装" in told


def test_the_folders_own_program_is_not(tmp_path: Path) -> None:
    """The program of the folder itself, also by a link, and a folder without one, are nothing to tell."""
    assert other_program(tmp_path) == ""
    assert other_program(ROOT) == ""
    (tmp_path / ".venv").symlink_to(Path(sys.prefix))
    assert other_program(tmp_path) == ""


def test_a_command_goes_on(tmp_path: Path) -> None:
    """The note stands before what the command does."""
    portal = shutil.copytree(ROOT / "tests/portals/0.1.0", tmp_path / "portal")
    (portal / ".venv").mkdir()
    done = nianbao("upgrade", folder=portal)
    assert done.code == 0
    assert done.printed.startswith("注意：运行的是 ")
    assert "已改的文件：" in done.printed
