"""`nianbao fill`: what still waits to be filled in is told, and set to 0 when an officer says that it is nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from nianbao.command.fill import fill
from nianbao.command.freeze import freeze
from nianbao.command.new import new
from nianbao.model.dataset import read_dataset
from projects import edit, everything, example_project, findings, project_in, run

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.model.report import Report


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a copy of the example project with a new year."""
    folder = example_project(tmp_path)
    assert run(new, "2026", project=folder).code == 0
    return folder


def report_of(project: Path) -> Report:
    """Return what the data of the new year say."""
    opened = project_in(project)
    return read_dataset(opened.root, opened.data).reports[2026]


def test_what_waits_is_told_by_section_and_nothing_is_written(project: Path) -> None:
    """Without a word on zeros the command only counts, as the check does."""
    before = everything(project)
    done = run(fill, "2026", project=project)
    assert (done.code, everything(project)) == (0, before)
    assert "2026 年还有待填的：第二部分 8 格，第三部分 138 格，第四部分 12 格，信息处理费 1 格。" in done.printed
    told = [finding.message for finding in findings(project, 2026) if finding.rule == "P-12"]
    assert [message.partition("；")[0] for message in told] == [
        "信息处理费待填",
        "主动公开的信息一条也没有列出，报告里写作 0 条",
        "第二部分还有 8 格待填",
        "第三部分还有 138 格待填",
        "第四部分还有 12 格待填",
    ]


def test_the_rest_becomes_0_and_what_was_filled_in_stays(project: Path) -> None:
    """Every word goes, every other figure and all comments stay where they are; a second time there is nothing."""
    path = project / "data" / "2026.yml"
    text = path.read_text(encoding="utf-8")
    edited = re.sub(r"(granted: +\[)待填", r"\g<1>   7", text, count=1)
    path.write_text(edited, encoding="utf-8")
    done = run(fill, "2026", "--zero", project=project)
    assert done.code == 0, done.printed
    expected = edited.replace("待填，", "KEEP").replace("待填]", "   0]").replace("待填,", "   0,")
    expected = expected.replace("processing_fee: 待填", "processing_fee:    0").replace("KEEP", "待填，")
    assert path.read_text(encoding="utf-8") == expected
    report = report_of(project)
    assert report.cells["requests"]["results.granted", "natural_person"].value == 7
    assert report.cells["requests"]["carried_in", "natural_person"].value == 2
    assert (report.processing_fee, report.fee_gap) == (0, "")
    assert [finding.subject for finding in findings(project, 2026) if finding.rule == "P-12"] == ["items"]
    assert "没有待填的格" in run(fill, "2026", "--zero", project=project).printed


def test_the_earlier_form_has_its_own_way_to_write_nothing(tmp_path: Path) -> None:
    """An amount of nothing has its unit."""
    project = example_project(tmp_path)
    path = project / "data" / "2020.yml"
    edit(path, "published_on:", "# published_on:")
    edit(path, "status: published", "status: draft")
    edit(path, "[11, 36.8万元]", "[11, 待填]")
    assert run(fill, "2020", "--zero", project=project).code == 0
    assert "[11,  0元]" in path.read_text(encoding="utf-8")


def test_a_published_year_is_not_filled_in(project: Path) -> None:
    """What is published is corrected, not filled in."""
    before = everything(project)
    done = run(fill, "2024", "--zero", project=project)
    assert (done.code, everything(project)) == (1, before)
    assert "不是草稿" in done.printed


def test_what_waits_is_not_frozen(project: Path) -> None:
    """Freezing refuses a year with anything left, by section."""
    before = everything(project)
    done = run(freeze, "2026", "--published", "2026-11-01", project=project)
    assert done.code in {1, 2}
    done = run(freeze, "2026", "--date-unknown", project=project)
    assert (done.code, everything(project)) == (1, before)
    assert "P-12 第三部分还有 138 格待填" in done.printed


def test_a_total_is_left_out_and_not_left_open(project: Path) -> None:
    """A total that nobody has typed is no cell to fill in."""
    edit(project / "data" / "2026.yml", "reconsideration:         [待填,", "reconsideration:         [待填, 待填,")
    opened = project_in(project)
    told = [finding.message for finding in read_dataset(opened.root, opened.data).findings]
    assert told == ["“行政复议”的“总计”是合计，可以不填；请删去“待填”"]
