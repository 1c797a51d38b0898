"""What a process that builds again and again takes from the build before: nothing that has been written since."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from mkdocs.config import load_config
from nianbao.command.freeze import freeze
from nianbao.engines import settings
from nianbao.engines.environment import judge_session, open_session
from projects import example_project, run

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.pages.session import Session


def opened(project: Path) -> Session:
    """Return the session of a preview of *project*."""
    config = load_config(str(project / "mkdocs.yml"))
    settings.apply(config)
    return open_session(config, lambda: "index.md", drafts=True)


def rewrite(path: Path, old: str, new: str) -> None:
    """Replace *old* in the file by *new*, as long, and give the file its old time, as a copy can have it."""
    status = path.stat()
    text = path.read_text(encoding="utf-8")
    assert old in text
    assert len(old.encode()) == len(new.encode())
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a copy of the example project in which 2021, with a file in a folder beside its pages, is frozen."""
    project = example_project(tmp_path)
    (project / "docs/2021/annexes").mkdir()
    (project / "docs/2021/annexes/list.txt").write_text("1", encoding="utf-8")
    assert run(freeze, "2021", "--published", "2022-01-30", project=project).code == 0
    return project


def test_data_with_an_old_time_are_read(project: Path) -> None:
    """A data file that has the size and the time of the one that was read is read all the same."""
    before = opened(project).dataset.reports[2020].processing_fee
    rewrite(project / "data/2020.yml", f"processing_fee: {before} ", f"processing_fee: {int(before or 0) + 1} ")
    assert opened(project).dataset.reports[2020].processing_fee != before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [("6-other.md", "。", "；"), ("annexes/list.txt", "1", "2")],
    ids=["a page", "a file in a folder beside the pages"],
)
def test_what_was_published_is_judged_after_every_change(project: Path, file: str, old: str, new: str) -> None:
    """What has changed in a frozen year is told, and no longer once it is as it was."""
    path = project / "docs/2021" / file
    shutil.copy2(path, project / "kept")

    def told() -> int:
        checked = judge_session(opened(project)).checked
        return sum(finding.rule == "P-03" for finding in checked.findings([2021]))

    assert not told()
    rewrite(path, old, new)
    assert told()
    shutil.copy2(project / "kept", path)
    assert not told()
