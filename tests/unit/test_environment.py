"""What a process that builds again and again takes from the build before: nothing that has been written since."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from nianbao.command.freeze import freeze
from nianbao.engines.environment import open_checked, open_session
from projects import example_project, run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


@dataclass
class Environment:
    """What an engine offers to define_env."""

    project_dir: str
    conf: Mapping[str, Any]
    page: Any = None
    variables: dict[str, Any] = field(default_factory=dict)

    def macro(self, v: Callable[..., Any], name: str = "") -> Callable[..., Any]:
        """Keep the macro under its name, as engines do."""
        self.variables[name or v.__name__] = v
        return v


def environment(project: Path) -> Environment:
    """Return what the engine offers in *project*."""
    return Environment(project_dir=str(project), conf={"extra": {"formats": "../data/formats", "drafts": True}})


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
    before = open_session(environment(project)).dataset.reports[2020].processing_fee
    rewrite(project / "data/2020.yml", f"processing_fee: {before} ", f"processing_fee: {int(before or 0) + 1} ")
    assert open_session(environment(project)).dataset.reports[2020].processing_fee != before


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
        checked = open_checked(open_session(environment(project)))()
        return sum(finding.rule == "P-03" for finding in checked.findings([2021]))

    assert not told()
    rewrite(path, old, new)
    assert told()
    shutil.copy2(project / "kept", path)
    assert not told()
