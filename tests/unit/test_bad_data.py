"""Mistakes in data files: each is found, at its place, and told in words that say what to do.

The files in bad_data/cases hold the cases by subject: edits to good files, and every message of the run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import yaml
from building import ROOT, copy_project
from conftest import read
from nianbao.command.judging import check_project
from nianbao.model.dataset import FORMS
from nianbao.model.project import OWN_FORMS, find_projects

if TYPE_CHECKING:
    from pathlib import Path

BAD = ROOT / "tests" / "bad_data"
GOOD = ("2023.yml", "agency.yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """In *file* of data/, *old*, which stands there once, becomes *new*; without *old* the whole becomes *new*.

    With *copy* the file is first made from that one of bad_data, with *line_ends* they are its line ends in the
    end, and *encoding* is what it is written in; a surrogate such as U+DCC4 is the byte C4 by itself.
    """

    file: str
    old: str = ""
    new: str = ""
    copy: str = ""
    line_ends: str = "\n"
    encoding: str = "utf-8"

    def apply(self, data: Path) -> None:
        """Change the file in the folder *data*."""
        path = data / self.file
        text = self.new
        if self.old or self.copy or self.line_ends != "\n" or self.encoding != "utf-8":
            text = (BAD / self.copy if self.copy else path).read_text(encoding="utf-8")
            assert not self.old or text.count(self.old) == 1, f"{self.file} has not one {self.old!r}"
            text = text.replace(self.old, self.new, 1)
        path.write_bytes(text.replace("\n", self.line_ends).encode(self.encoding, "surrogateescape"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A mistake: what is *removed* from data/, the *edits*, and the *messages*, one a line.

    *line* is where its messages begin in *source*, from zero.
    """

    name: str
    removed: tuple[str, ...]
    edits: tuple[Edit, ...]
    messages: str
    source: Path
    line: int

    def project(self, folder: Path) -> Path:
        """Return *folder* with good data that has the mistake."""
        data = good_data(folder) / "data"
        for name in self.removed:
            path = data / name
            path.rmdir() if path.is_dir() else path.unlink()
        for edit in self.edits:
            edit.apply(data)
        return folder

    def accept(self, messages: str) -> None:
        """Write *messages* in the place of those of the case."""
        lines = self.source.read_text(encoding="utf-8").split("\n")
        lines[self.line : self.line + self.messages.count("\n")] = [f"    {line}" for line in messages.splitlines()]
        self.source.write_text("\n".join(lines), encoding="utf-8")


def cases() -> list[Case]:
    """Return the cases of all files; the last of a file first, so that accepting one moves no other."""
    found = []
    for source in sorted((BAD / "cases").glob("*.yml")):
        loader = yaml.SafeLoader(source.read_text(encoding="utf-8"))
        document = loader.get_single_node()
        assert document is not None, f"{source} is empty"
        entries = loader.construct_document(document)
        for entry, node in reversed(list(zip(entries, document.value, strict=True))):
            (line,) = (value.start_mark.line + 1 for key, value in node.value if key.value == "messages")
            edits = tuple(Edit(**edit) for edit in entry.get("edits", ()))
            removed = tuple(entry.get("removed", ()))
            case = Case(
                name=entry["name"], removed=removed, edits=edits, messages=entry["messages"], source=source, line=line
            )
            found.append(case)
    return found


def good_data(folder: Path) -> Path:
    """Return *folder* with data in which nothing is found, and forms of its own that may be changed."""
    shutil.copytree(FORMS, folder / "data" / OWN_FORMS)
    for name in GOOD:
        shutil.copy(BAD / name, folder / "data")
    return folder


def with_year(folder: Path, content: bytes) -> Path:
    """Return *folder* with good data, but for 2023.yml, which is *content*."""
    (good_data(folder) / "data" / "2023.yml").write_bytes(content)
    return folder


def test_the_good_data_have_no_mistake(tmp_path: Path) -> None:
    """What the cases edit is right before they do."""
    assert read(good_data(tmp_path)).findings == ()


CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.name))
def test_each_mistake_is_told_at_its_place(case: Case, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Each case yields exactly its messages, in order of place."""
    findings = read(case.project(tmp_path)).findings
    told = "".join(f"{finding}\n" for finding in findings)
    assert told
    if request.config.getoption("--rewrite-golden"):
        case.accept(told)
    else:
        assert told == case.messages


def test_names_of_cases_are_their_own() -> None:
    """No two cases have one name."""
    names = [case.name for case in CASES]
    assert len(names) == len(set(names))


def test_a_figure_of_5000_digits_is_told_in_short(tmp_path: Path) -> None:
    """A figure too long to be read as a number is told with its first digits."""
    year = (BAD / "2023.yml").read_bytes()
    (finding,) = read(with_year(tmp_path, year.replace(b"received: [0,", b"received: [" + b"9" * 5000 + b","))).findings
    assert str(finding) == (
        f"data/2023.yml:21:14: “一、本年新收政府信息公开申请数量”的“自然人”应为 0 或正整数，实际为“{'9' * 40}…”；"
        "请核对是否多录了数字"
    )


def test_a_faulty_year_has_no_report_and_hinders_no_other(tmp_path: Path) -> None:
    """A mistake in one year's file leaves the other years readable."""
    shutil.copytree(ROOT / "examples" / "data", tmp_path / "data")
    (tmp_path / "data" / "2022.yml").write_text("", encoding="utf-8")
    dataset = read(tmp_path)
    assert [str(finding) for finding in dataset.findings] == ["data/2022.yml:1:1: 文件是空的；请按同类文件填写"]
    assert dataset.years == (2019, 2020, 2021, 2022, 2023, 2024, 2025)
    assert list(dataset.reports) == [2019, 2020, 2021, 2023, 2024, 2025]


def test_a_published_year_cannot_be_withdrawn(tmp_path: Path) -> None:
    """Where what was published is kept and the data of its year are gone, that is told at what is kept."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    (tmp_path / "data" / "published").mkdir()
    for name in ("2023-1.json", "2022-1.json", "2022-2.json"):
        (tmp_path / "data" / "published" / name).write_text("{}", encoding="utf-8")
    (finding,) = read(tmp_path).findings
    assert str(finding) == (
        "data/published/2022-1.json:1:1: 2022 年的报告已经公布，却没有 data/2022.yml；"
        "已公布的年度不能撤下，请从版本库恢复"
    )


# A composer that recurses in C ends the process, so another process reads these.
@pytest.mark.parametrize(
    ("level", "column"), [("[", 61), ("{a: ", 241), ("- ", 121), ("? ", 121)], ids=["list", "mapping", "item", "key"]
)
def test_deep_nesting_is_refused_and_the_process_lives(level: str, column: int, tmp_path: Path) -> None:
    """A hundred thousand levels of any kind are one finding, at the first level too many."""
    root = with_year(tmp_path, level.encode() * 100_000)
    program = (
        "import pathlib, sys; from nianbao.model.dataset import read_dataset; root = pathlib.Path(sys.argv[1]); "
        "found = read_dataset(root, root / 'data').findings; "
        "sys.stdout.buffer.write(chr(10).join(map(str, found)).encode())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, root],
        env=os.environ | {"PYTHONPATH": str(ROOT / "macros")},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout.decode()) == (
        0,
        f"data/2023.yml:1:{column}: 嵌套超过 60 层；请检查括号和缩进",
    )


def test_aliases_are_refused_without_being_unfolded(tmp_path: Path) -> None:
    """Aliases that would unfold to 2 to the 60th values are told at once, and nothing else is."""
    lines = ["a0: &a0 [0, 0]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 61))]
    findings = read(with_year(tmp_path, "\n".join(lines).encode())).findings
    assert {finding.message for finding in findings} == {
        "不能使用锚点（&）；请删去，文字以 & 开头时请加双引号",
        "不能使用别名（*）；请直接写出内容，文字以 * 开头时请加双引号",
    }
    assert len(findings) == 20


def test_a_file_beyond_the_limit_is_not_read(tmp_path: Path) -> None:
    """A file of one byte more than a million is refused for its size."""
    findings = read(with_year(tmp_path, b"#" * 1_000_001)).findings
    assert [str(finding) for finding in findings] == [
        "data/2023.yml:1:1: 文件超过 1000000 字节，不是数据文件；请检查是否放错了文件"
    ]


def test_a_file_at_the_limit_is_read(tmp_path: Path) -> None:
    """A million bytes are no mistake of their own."""
    data = (ROOT / "data" / "2023.yml").read_bytes()
    padding = b"#" * (1_000_000 - len(data))
    assert read(with_year(tmp_path, data + padding)).findings == ()


def test_a_folder_in_the_place_of_a_file_is_told(tmp_path: Path) -> None:
    """What cannot be opened is a finding that says why, not a traceback."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    (tmp_path / "data" / "agency.yml").unlink()
    (tmp_path / "data" / "agency.yml").mkdir()
    assert [str(finding) for finding in read(tmp_path).findings] == [
        "data/agency.yml:1:1: 文件无法读取（这是文件夹，不是文件）；请检查文件和权限"
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="这个系统没有命名管道")
@pytest.mark.parametrize("path", ["data/2023.yml", "docs/2023/4-review.md"])
def test_a_pipe_in_the_place_of_a_file_is_told(tmp_path: Path, path: str) -> None:
    """Nobody waits for what a pipe never says."""
    copy_project(tmp_path)
    (tmp_path / path).unlink()
    os.mkfifo(tmp_path / path)
    (opened,) = find_projects([tmp_path], tmp_path)
    assert f"{path}:1:1: 文件无法读取（这不是普通文件）；请检查文件和权限" in map(str, check_project(opened).findings)
