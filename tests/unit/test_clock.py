"""Clocks that cannot be right are told before anything is done."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from nianbao.command import correct as command
from nianbao.command import main as program
from nianbao.command.correct import correct
from nianbao.engines import settings
from nianbao.model.project import WrongUseError
from nianbao.reading.clock import ahead, behind, today
from projects import edit, everything, example_project, run

if TYPE_CHECKING:
    from pathlib import Path


def test_a_clock_that_may_be_right() -> None:
    """Today is neither before the program nor years behind the newest report."""
    assert behind(today()) == ""
    assert ahead(today(), today().year - 1, "--on") == ""
    assert ahead(dt.date(2027, 12, 31), 2025, "--on") == ""


def test_a_clock_of_the_past_ends_every_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as one that starts at nothing, in the command and in the engines."""
    for module in (program, settings):
        monkeypatch.setattr(module, "today", lambda: dt.date(1975, 6, 1))
    with pytest.raises(WrongUseError, match="本机的时钟是 1975-06-01，比这个程序还早；请校准时钟再运行"):
        program.nianbao.main(args=["check"], standalone_mode=False)


def test_a_correction_by_a_clock_of_the_future_is_told_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would keep later corrections from being recorded; whoever means the day writes it."""
    project = example_project(tmp_path)
    edit(project / "docs" / "2024" / "index.md", "。", "。。")
    before = everything(project)
    monkeypatch.setattr(command, "today", lambda: dt.date(2099, 6, 1))
    done = run(correct, "2024", "--reason", "笔误。", project=project)
    assert done.code == 2
    assert "本机的时钟是 2099-06-01，比最新的 2025 年的报告晚了 74 年" in done.printed
    assert "用 --on 2099-06-01 写明" in done.printed
    assert everything(project) == before
    assert "时钟" not in run(correct, "2024", "--reason", "笔误。", "--on", "2099-06-01", project=project).printed
