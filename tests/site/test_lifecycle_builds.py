"""Builds of a project with a new year, and with one that was changed after it was frozen."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from building import copy_project
from building import run as build
from nianbao.command.freeze import freeze
from nianbao.command.main import main
from nianbao.command.new import new
from projects import edit, everything, run, without_digest

if TYPE_CHECKING:
    from pathlib import Path


def checked(project: Path) -> object:
    """Run `nianbao check` in *project* and return its exit code."""
    with contextlib.chdir(project), pytest.raises(SystemExit) as ended:
        main(["check"])
    return ended.value.code


def test_check_and_build_fail_until_the_change_is_undone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A changed frozen year stops both, with what changed; so does one that was made a draft again."""
    project = copy_project(tmp_path) / "examples"
    assert run(freeze, "2024", "--published", "2025-01-21", project=project).code == 0
    path = project / "data" / "2024.yml"
    text = path.read_text(encoding="utf-8")
    assert build("mkdocs", "build", folder=project).code == 0
    assert checked(project) == 0
    site = everything(project / "site")
    edit(path, "penalties:              [4875]", "penalties:              [4876]")
    told = "data/2024.yml:44:28: P-03 公布后“第二部分的表：行政处罚，本年处理决定数量”由 4875 改为 4876"
    done = build("mkdocs", "build", folder=project)
    assert (done.code, everything(project / "site")) == (1, site)
    assert told in done.printed
    capsys.readouterr()
    assert checked(project) == 1
    assert told.partition("公布后")[2] in capsys.readouterr().out
    day = "published_on: 2025-01-21   # 公布日期\n"
    path.write_text(text.replace("status: published ", "status: draft ").replace(day, ""), encoding="utf-8")
    done = build("mkdocs", "build", folder=project)
    assert (done.code, everything(project / "site")) == (1, site)
    assert "已定稿的年度改成了草稿" in done.printed
    path.write_text(without_digest(path.read_text(encoding="utf-8")), encoding="utf-8")
    done = build("mkdocs", "build", folder=project)
    assert (done.code, everything(project / "site")) == (1, site)
    assert "记着公布过的内容，本文件里却没有它的摘要" in done.printed
    path.write_text(text, encoding="utf-8")
    assert build("mkdocs", "build", folder=project).code == 0


def test_a_build_passes_with_a_new_year(tmp_path: Path) -> None:
    """The draft's pages have no mistake, and the site is built without them."""
    project = copy_project(tmp_path) / "examples"
    assert run(new, "2026", project=project).code == 0
    done = build("mkdocs", "build", folder=project)
    assert done.code == 0, done.printed
    assert not (project / "site" / "2026").exists()
