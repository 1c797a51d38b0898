"""`nianbao export`: which files it writes, what it refuses, and that nothing is left halfway."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from nianbao.command.export import export
from nianbao.command.main import main
from nianbao.exports.formats import FORMATS
from projects import edit, everything, example_project, run

if TYPE_CHECKING:
    from collections.abc import Iterator

CSV = [f"slqcgj-2024-{table}.csv" for table in ("disclosure", "requests", "review")]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a copy of the example project."""
    return example_project(tmp_path)


def test_the_files_are_those_of_the_site(project: Path, example_site: Path) -> None:
    """What is exported is what the site offers, byte for byte; a second run has nothing to write."""
    done = run(export, "2024", "--format", "csv, json,xlsx,docx", "--out", "out", project=project)
    assert done.code == 0, done.printed
    written = everything(project / "out")
    assert sorted(written) == sorted([*CSV, *(f"slqcgj-2024.{suffix}" for suffix in ("json", "xlsx", "docx"))])
    for name, content in written.items():
        assert content == (example_site / "2024/downloads" / name).read_bytes(), name
    assert done.printed.splitlines()[0] == "已导出 2024 年的 6 个文件："
    again = run(export, "2024", "--format", "csv,json,xlsx,docx", "--out", "out", project=project)
    assert again.printed == "另有 6 个文件已经在那里，内容相同，没有写入。\n"
    assert everything(project / "out") == written


def test_without_formats_all_that_can_be_made_is_exported(project: Path, example_site: Path) -> None:
    """All kinds are exported that the site offers; what is not frozen has no record."""
    done = run(export, "2024", "--out", "out", project=project)
    assert done.code == 0, done.printed
    offered = everything(example_site / "2024/downloads")
    assert offered.pop("slqcgj-2024-record.json")
    assert everything(project / "out") == offered


@pytest.mark.usefixtures("chinese_fonts")
def test_a_sign_without_a_font_stops_only_the_pdf(project: Path) -> None:
    """A sign that no font has keeps a PDF from being exported that was asked for; without formats it is told."""
    heading = "# 六、其他需要报告的事项 {#section-6}"
    edit(project / "docs/2024/6-other.md", heading, f"{heading}\n\n\U00013000。")
    done = run(export, "2024", "--format", "docx,pdf", "--out", "out", project=project)
    assert done.code == 1
    assert "没有导出 PDF：docs/2024/6-other.md:3:1: “\U00013000”（U+13000）在本机的字体里没有字形" in done.printed
    assert not (project / "out").exists()
    done = run(export, "2024", "--out", "out", project=project)
    assert done.code == 0
    assert "没有导出 PDF：" in done.printed
    assert {path.suffix for path in (project / "out").iterdir()} == {".docx", ".xlsx", ".csv", ".json"}


def test_drafts_can_be_exported(project: Path) -> None:
    """A draft is exported as what it is, and the command says so."""
    done = run(export, "2025", "--format", "csv", "--out", "out", project=project)
    assert done.code == 0
    assert "这份报告是草稿" in done.printed
    assert all("草稿".encode() in content for content in everything(project / "out").values())


def test_foreign_files_are_not_overwritten(project: Path) -> None:
    """Files with other content stop the command before anything is written; --replace replaces them."""
    (project / "out").mkdir()
    (project / "out" / CSV[1]).write_text("mine", encoding="utf-8")
    (project / "out" / "other.txt").write_text("mine", encoding="utf-8")
    before = everything(project / "out")
    done = run(export, "2024", "--format", "csv", "--out", "out", project=project)
    assert done.code == 1
    assert done.printed.endswith(f"没有导出任何文件；换一个文件夹，或用 --replace 替换：\n{CSV[1]}\n")
    assert everything(project / "out") == before
    done = run(export, "2024", "--format", "csv", "--out", "out", "--replace", project=project)
    assert done.code == 0
    assert sorted(everything(project / "out")) == sorted([*CSV, "other.txt"])
    assert b"mine" not in everything(project / "out")[CSV[1]]


def test_folders_are_never_replaced(project: Path) -> None:
    """A folder in the place of a file stays, also with --replace."""
    (project / "out" / CSV[0] / "inside").mkdir(parents=True)
    done = run(export, "2024", "--format", "csv", "--out", "out", "--replace", project=project)
    assert done.code == 1
    assert [path.name for path in (project / "out").iterdir()] == [CSV[0]]


def interrupted(monkeypatch: pytest.MonkeyPatch, name: str) -> Iterator[None]:
    """Let the system fail where a file called *name* takes its place."""
    replace = Path.replace

    def failing(path: Path, target: Path) -> Path:
        if path.parent.name.startswith(".nianbao") and target.name == name:
            raise OSError(28, "No space left on device", str(target))
        return replace(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", failing)
        yield


def test_the_set_is_whole_or_nothing(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the last file cannot be put, the ones before are taken back and what was there is as it was."""
    (project / "out").mkdir()
    (project / "out" / CSV[0]).write_text("mine", encoding="utf-8")
    before = everything(project / "out")
    for _ in interrupted(monkeypatch, CSV[2]):
        done = run(export, "2024", "--format", "csv", "--out", "out", "--replace", project=project)
    assert done.code == 1
    assert "没有导出任何文件" in done.printed
    assert everything(project / "out") == before


def test_what_killed_exports_have_left_is_cleared(project: Path) -> None:
    """The next export removes it; what may still be at work, or keeps files that were replaced, stays."""
    out = project / "out"
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    for name in (f"{ended.pid}/a.csv", f"{os.getpid()}/a.csv", "x/a.csv"):
        (out / f".nianbao.{name}").parent.mkdir(parents=True)
        (out / f".nianbao.{name}").write_text("a", encoding="utf-8")
    assert run(export, "2024", "--format", "csv", "--out", "out", project=project).code == 0
    assert not (out / f".nianbao.{ended.pid}").exists()
    assert (out / ".nianbao.x/a.csv").exists()
    (out / f".nianbao.{ended.pid}").mkdir()
    (out / f".nianbao.{ended.pid}/a.csv.old").write_text("a", encoding="utf-8")
    assert run(export, "2023", "--format", "csv", "--out", "out", project=project).code == 0
    assert (out / f".nianbao.{ended.pid}/a.csv.old").exists()


def test_a_folder_that_cannot_be_made_is_told(project: Path) -> None:
    """A folder below a file gives one Chinese sentence."""
    (project / "file").write_text("mine", encoding="utf-8")
    done = run(export, "2024", "--format", "csv", "--out", "file/out", project=project)
    assert done.code == 1
    assert "请检查权限和磁盘，没有导出任何文件" in done.printed


def test_a_published_report_with_errors_is_not_exported(project: Path) -> None:
    """What keeps a report from the site keeps it from being exported, with every place."""
    edit(project / "docs/2024/4-review.md", "# 四、", "# 三、")
    done = run(export, "2024", "--out", "out", project=project)
    assert done.code == 1
    assert "2024 年的报告有错误，没有导出任何文件（1 处）：" in done.printed
    assert "docs/2024/4-review.md:1:3: S-01" in done.printed
    assert not (project / "out").exists()


def test_pages_at_fault_are_told(project: Path) -> None:
    """A mistake in a page of the year stops the command; one in another year does not."""
    edit(project / "docs/2021/1-overview.md", "{{ figure(", "{{ figur(")
    assert run(export, "2024", "--format", "csv", "--out", "out", project=project).code == 0
    edit(project / "docs/2024/1-overview.md", "{{ figure(", "{{ figur(")
    done = run(export, "2024", "--format", "json", "--out", "two", project=project)
    assert done.code == 1
    assert "没有“figur”这个宏" in done.printed
    assert not (project / "two").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("2024",), "缺少 --out；请写明放文件的文件夹，如 --out 导出"),
        (("2024", "--format", "doc,xlsx,ppt", "--out", "out"), "没有“doc、ppt”这种格式；可用的是 "),
        (("2024", "--format", "", "--out", "out"), "没有“”这种格式"),
        (("24", "--out", "out"), "年度应为四位数的年份，如 2024，实际为“24”"),
        (("2031", "--out", "out"), "没有 2031 年的数据（data/2031.yml）"),
    ],
)
def test_wrong_use_is_told_in_chinese(project: Path, arguments: tuple[str, ...], message: str) -> None:
    """A wrong call has the exit code 2 and writes nothing."""
    done = run(export, *arguments, project=project)
    assert done.code == 2
    assert message in done.printed
    assert not (project / "out").exists()


def test_help_is_chinese_and_names_every_format(capsys: pytest.CaptureFixture[str]) -> None:
    """The help lists the formats that there are."""
    text = CliRunner().invoke(export, ["--help"]).output
    assert ",".join(kind.id for kind in FORMATS) in text.replace("\n", "").replace(" ", "")
    assert "required" not in text
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "export" in capsys.readouterr().out


def test_the_cache_is_shared_with_builds(project: Path) -> None:
    """The command keeps what it made where builds look for it, and removes nothing."""
    assert run(export, "2024", "--format", "xlsx", "--out", "out", project=project).code == 0
    (kept,) = (project / ".cache/nianbao").iterdir()
    assert kept.name.split(".")[2] == hashlib.sha256((project / "out/slqcgj-2024.xlsx").read_bytes()).hexdigest()
    assert run(export, "2023", "--format", "xlsx", "--out", "out", project=project).code == 0
    assert kept.exists()
