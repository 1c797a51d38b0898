"""`nianbao freeze --tag`: the record is committed and tagged in a real repository of Git."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from nianbao.command.freeze import freeze
from projects import edit, everything, example_project, run

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let Git know no settings but those of the test."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.setenv("GNUPGHOME", str(tmp_path / "keys"))


def git(folder: Path, *arguments: str) -> str:
    """Return what Git says in *folder*."""
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True
    )  # Git itself
    return done.stdout


@pytest.fixture
def portal(tmp_path: Path) -> Path:
    """Return a portal in a repository."""
    project = example_project(tmp_path)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "config", "user.name", "示例")
    git(tmp_path, "config", "user.email", "example@example.org")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "示例")
    return project


def test_the_record_is_committed_and_tagged(portal: Path) -> None:
    """Data file and record alone; the tag is annotated and tells the check number."""
    (portal / "other.txt").write_text("x", encoding="utf-8")
    git(portal, "add", "other.txt")
    done = run(freeze, "2024", "--published", "2025-01-21", "--tag", project=portal)
    assert done.code == 0, done.printed
    assert git(portal, "cat-file", "-t", "nianbao/slqcgj/2024-1") == "tag\n"
    (number,) = (line.removeprefix("校验号 ") for line in done.printed.splitlines() if line.startswith("校验号"))
    assert f"2024年政府信息公开工作年度报告定稿，校验号 {number}" in git(
        portal, "cat-file", "-p", "nianbao/slqcgj/2024-1"
    )
    files = git(portal, "show", "--name-only", "--format=", "nianbao/slqcgj/2024-1^{commit}").split()
    assert files == ["examples/data/2024.yml", "examples/data/published/2024-1.json"]
    assert git(portal, "status", "--porcelain") == "A  examples/other.txt\n"
    assert "打上标签 nianbao/slqcgj/2024-1；请推送到另一处保存：git push origin nianbao/slqcgj/2024-1" in done.printed


def test_without_a_repository_nothing_is_written(tmp_path: Path) -> None:
    """It is told before anything is frozen."""
    project = example_project(tmp_path)
    before = everything(project)
    done = run(freeze, "2024", "--published", "2025-01-21", "--tag", project=project)
    assert (done.code, everything(project)) == (1, before)
    assert "不在 git 的版本库里，不能打标签" in done.printed


def test_a_tag_that_cannot_be_signed_is_told(portal: Path) -> None:
    """The report is frozen; what Git says stands there, with what to do."""
    done = run(freeze, "2024", "--published", "2025-01-21", "--tag", "--sign", project=portal)
    assert done.code == 1
    assert (
        "已经定稿，但是不能打标签 nianbao/slqcgj/2024-1；没有签名用的密钥时，请设置 user.signingkey，或去掉 --sign"
        in done.printed
    )
    assert "git：" in done.printed
    assert git(portal, "tag", "--list") == ""


def test_a_tag_that_is_there_is_not_moved(portal: Path) -> None:
    """Another report was frozen under this name."""
    git(portal, "tag", "--annotate", "nianbao/slqcgj/2024-1", "--message", "x")
    done = run(freeze, "2024", "--published", "2025-01-21", "--tag", project=portal)
    assert done.code == 1
    assert "已经有标签 nianbao/slqcgj/2024-1" in done.printed


def test_signing_needs_a_tag(portal: Path) -> None:
    """Wrong use is told."""
    done = run(freeze, "2024", "--published", "2025-01-21", "--sign", project=portal)
    assert (done.code, done.printed) == (2, "--sign 要与 --tag 一起用")


def test_a_commit_that_is_refused_is_told(portal: Path) -> None:
    """A hook of the repository says no."""
    hook = portal.parent / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho no >&2\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    edit(portal / "docs" / "2024" / "6-other.md", "每月更新", "按月更新")
    done = run(freeze, "2024", "--published", "2025-01-21", "--tag", project=portal)
    assert done.code == 1
    assert "已经定稿，但是不能提交定稿的记录" in done.printed
    assert "git：no" in done.printed
