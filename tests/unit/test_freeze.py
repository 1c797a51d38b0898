"""`nianbao freeze`: what is refused, what is written, and what counts as a change afterwards."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from nianbao.command.export import export
from nianbao.command.freeze import freeze
from nianbao.command.upgrade import upgrade
from nianbao.lifecycle.freezing import freeze as freeze_year
from nianbao.lifecycle.freezing import record
from nianbao.lifecycle.judging import read_subject
from nianbao.lifecycle.record import decoded
from nianbao.model.dataset import read_dataset
from nianbao.model.project import WrongUseError
from nianbao.pages.lists import publication_notes
from nianbao.reading.refusal import RefusedError
from projects import (
    changed,
    edit,
    everything,
    example_project,
    findings,
    project_in,
    run,
    show_corrections,
    without_digest,
)

if TYPE_CHECKING:
    from pathlib import Path

    import click

# What a written file must read back as it was meant, beside what `freeze` itself changes.
READ_BACK: dict[str, object] = {
    "show_approvals": True,
    "transcribed": True,
    "agency_name": "别的机关",
    "approvals": ("",),
}

TAIL = '；请恢复原样，确需更正的运行 nianbao correct 2024 --reason "原因"'


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a copy of the example project."""
    return example_project(tmp_path)


@pytest.fixture(scope="module")
def frozen_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project whose 2024 is frozen, to be copied."""
    folder = tmp_path_factory.mktemp("frozen")
    (example_project(folder) / "docs" / "2024" / "annex.txt").write_text("附件\n", encoding="utf-8")
    assert run(freeze, "2024", "--published", "2025-01-21", project=folder / "examples").code == 0
    return folder


@pytest.fixture
def frozen(frozen_once: Path, tmp_path: Path) -> Path:
    """Return a copy of the example project whose 2024 is frozen and has an annex."""
    shutil.copytree(frozen_once, tmp_path, dirs_exist_ok=True)
    return tmp_path / "examples"


def test_freezing_records_date_and_digest_and_nothing_else(project: Path) -> None:
    """The data file gets its digest, every other line stays; the digest is the SHA-256 of the snapshot."""
    before = everything(project)
    done = run(freeze, "2024", "--published", "2025-01-21", project=project)
    assert done.code == 0
    after = everything(project)
    assert set(after) - set(before) == {"data/published/2024-1.json"}
    assert {name for name in before if before[name] != after[name]} == {"data/2024.yml"}
    text = after["data/2024.yml"].decode()
    assert without_digest(text).encode() == before["data/2024.yml"]
    digest = hashlib.sha256(after["data/published/2024-1.json"]).hexdigest()
    assert f"\npublished_on: 2025-01-21   # 公布日期\ndigest: {digest} # 定稿内容的摘要" in text
    assert digest in done.printed
    assert not [finding for finding in findings(project, 2024) if finding.level == "error"]


def test_a_draft_becomes_published(project: Path) -> None:
    """Status and date are written where they belong; the remark beside the status stays in its column."""
    old = (project / "data" / "2025.yml").read_text(encoding="utf-8")
    freeze_year(project_in(project), 2025, dt.date(2026, 1, 20), dt.date(2026, 1, 20))
    new = (project / "data" / "2025.yml").read_text(encoding="utf-8")
    head = "status: published          # draft 草稿，published 已公布\npublished_on: 2026-01-20   # 公布日期\ndigest: "
    assert head in new
    expected = old.replace("status: draft              #", "status: published          #")
    lines = [line for line in new.splitlines() if not line.startswith(("published_on:", "digest:"))]
    assert lines == expected.splitlines()


def test_freezing_again_changes_nothing(frozen: Path) -> None:
    """The same date and content: the command says so and touches no file."""
    before, times = everything(frozen), [path.stat().st_mtime_ns for path in sorted(frozen.rglob("*"))]
    done = run(freeze, "2024", "--published", "2025-01-21", project=frozen)
    assert done.code == 0
    assert "已经定稿" in done.printed
    assert everything(frozen) == before
    assert [path.stat().st_mtime_ns for path in sorted(frozen.rglob("*"))] == times


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("｛｛ year() ｝｝", "“｛｛”会照样公布"),
        ("![图](https://a.example/b.png)", "不能从其他网站载入“https://a.example/b.png”"),
        ("[附件](file:///C:/a.docx)", "链接“file:///C:/a.docx”指向编写人电脑里的文件"),
    ],
)
def test_what_no_build_publishes_is_not_frozen(project: Path, words: str, told: str) -> None:
    """What would keep the pages from readers is told before they count as published, at its place."""
    page = project / "docs" / "2024" / "1-overview.md"
    page.write_text(f"{page.read_text(encoding='utf-8')}\n{words}\n", encoding="utf-8")
    before = everything(project)
    line = page.read_text(encoding="utf-8").count("\n")
    done = run(freeze, "2024", "--published", "2025-01-21", project=project)
    assert (done.code, everything(project)) == (1, before)
    assert f"docs/2024/1-overview.md:{line}:" in done.printed
    assert told in done.printed


def test_what_systems_leave_behind_is_no_part_of_a_report(frozen: Path) -> None:
    """Files that programs put into a folder by themselves are no change after publication."""
    for name in ("Thumbs.db", "desktop.ini", "1-overview.md.bak", "~$a.docx", "a.md~", ".DS_Store"):
        (frozen / "docs" / "2024" / name).write_text("x", encoding="utf-8")
    assert changed(frozen, 2024) == []


def test_another_date_or_content_is_refused_and_told(frozen: Path) -> None:
    """What was published is not published again: each difference is told with its place."""
    before = everything(frozen)
    done = run(freeze, "2024", "--published", "2025-01-22", project=frozen)
    assert done.code == 1
    assert "定稿时登记的公布日期是 2025-01-21，命令里写的是 2025-01-22" in done.printed
    done = run(freeze, "2024", "--date-unknown", project=frozen)
    assert (done.code, everything(frozen)) == (1, before)
    edit(frozen / "data" / "2024.yml", "penalties:              [4875]", "penalties:              [4876]")
    before = everything(frozen)
    done = run(freeze, "2024", "--published", "2025-01-21", project=frozen)
    assert (done.code, everything(frozen)) == (1, before)
    assert "公布后“第二部分的表：行政处罚，本年处理决定数量”由 4875 改为 4876" in done.printed
    assert "nianbao correct 2024" in done.printed


def test_hard_findings_are_all_shown_and_nothing_is_written(project: Path) -> None:
    """Two rules are broken: both are told, with the place that a waiver names."""
    edit(project / "data" / "2024.yml", "carried_out:                    [ 5,", "carried_out:                    [ 4,")
    edit(project / "docs" / "2024" / "4-review.md", "# 四、政府信息公开行政复议、行政诉讼情况", "# 四、复议和诉讼")
    before = everything(project)
    done = run(freeze, "2024", "--published", "2025-01-21", project=project)
    assert (done.code, everything(project)) == (1, before)
    assert "T3-02" in done.printed
    assert "〔requests.carried_out.natural_person〕" in done.printed
    assert "S-01" in done.printed


@pytest.mark.parametrize("reason", ["", "late_reason: 机构调整，迟延公布。\n"])
def test_a_late_report_is_published(project: Path, reason: str) -> None:
    """A day after the deadline is no wall: its reason is asked for, and where it is given nothing is left to say."""
    edit(project / "data" / "2025.yml", "# 二、主动公开", f"{reason}# 二、主动公开")
    opened, day = project_in(project), dt.date(2026, 2, 3)
    assert freeze_year(opened, 2025, day, day).digest
    told = {(finding.rule, finding.level) for finding in findings(project, 2025) if finding.rule in {"P-01", "L-05"}}
    assert told == (set() if reason else {("L-05", "warning"), ("P-01", "warning")})
    snapshot = json.loads((project / "data" / "published" / "2025-1.json").read_bytes())["report"]
    assert snapshot.get("late_reason", "") == ("机构调整，迟延公布。" if reason else "")
    notes = publication_notes(read_dataset(opened.root, opened.data).reports[2025])
    assert notes[:-1] == ("公布日期：2026年2月3日", *(["迟延公布的原因：机构调整，迟延公布"] if reason else []))


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("data/2024.yml", "penalties:              [4875]", "penalties:              [4875,]]", "data/2024.yml:"),
        ("data/agency.yml", "kind: department", "kind: office", "data/agency.yml:"),
        ("docs/2024/4-review.md", '{{ statutory_table("review") }}', "{{ table() }}", "docs/2024/4-review.md:"),
    ],
)
def test_data_and_pages_at_fault_are_refused(project: Path, file: str, old: str, new: str, told: str) -> None:
    """What cannot be read cannot be published."""
    edit(project / file, old, new)
    before = everything(project)
    done = run(freeze, "2024", "--published", "2025-01-21", project=project)
    assert (done.code, everything(project)) == (1, before)
    assert told in done.printed


def test_missing_pages_are_refused(project: Path) -> None:
    """Every page of the year must be there, also the full text."""
    (project / "docs" / "2024" / "full.md").unlink()
    done = run(freeze, "2024", "--published", "2025-01-21", project=project)
    assert done.code == 1
    assert "docs/2024/full.md:1:1: 缺少此页面" in done.printed


def test_another_project_is_named_by_an_option(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command works on the project in the current folder, or on the one that is named."""
    monkeypatch.chdir(project.parent)
    done = CliRunner().invoke(freeze, ["2024", "--published", "2025-01-21", "--project", "examples"])
    assert done.exit_code == 0
    assert "写入 examples/data/2024.yml、examples/data/published/2024-1.json" in done.output
    done = CliRunner().invoke(freeze, ["2024", "--published", "2025-01-21", "--project", "nowhere"])
    assert isinstance(done.exception, WrongUseError)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["2025"], "请用 --published 写明公布日期"),
        (["2024", "--published", "2025-01-21", "--date-unknown"], "请用 --published 写明公布日期"),
        (["2024", "--published", "2025-02-30"], "--published 的日期 2025-02-30 不存在"),
        (["2024", "--published", "2025-1-21"], "应写作 2024-01-31 的样子"),
        (["2024", "--published", "２０２５-01-21"], "应写作 2024-01-31 的样子"),
        (["2024", "--published", "2024-12-31"], "不在 2024 年度结束以后"),
        (["2024", "--published", "9999-01-01"], "在一年以后"),
        (["24", "--date-unknown"], "年度应为四位数的年份"),
        (["2030", "--date-unknown"], "没有 2030 年的数据"),
    ],
)
def test_wrong_use(project: Path, arguments: list[str], told: str) -> None:
    """What the command cannot work on is told in Chinese, and nothing is written."""
    before = everything(project)
    done = run(freeze, *arguments, project=project)
    assert (done.code, everything(project)) == (2, before)
    assert told in done.printed


def test_a_day_of_the_data_file_need_not_be_given(project: Path) -> None:
    """Without an option the day counts that the data file has."""
    assert "（公布日期 2025-01-21）" in run(freeze, "2024", project=project).printed


def test_a_year_ahead_is_the_most(project: Path) -> None:
    """The day of publication may be to come, but not in another year than the next."""
    opened = project_in(project)
    with pytest.raises(WrongUseError, match="今天是 2025-01-19"):
        freeze_year(opened, 2025, dt.date(2026, 1, 20), dt.date(2025, 1, 19))
    assert freeze_year(opened, 2025, dt.date(2026, 1, 20), dt.date(2025, 1, 20)).digest


def test_a_date_in_the_data_must_be_the_given_one(project: Path) -> None:
    """A date that is recorded already is not replaced in silence."""
    done = run(freeze, "2024", "--published", "2025-01-20", project=project)
    assert done.code == 1
    assert "data/2024.yml:7:15: 登记的公布日期是 2025-01-21，命令里写的是 2025-01-20" in done.printed
    assert run(freeze, "2024", "--date-unknown", project=project).code == 1


def test_an_archived_report_of_unknown_date(project: Path) -> None:
    """Without a date none is invented; the snapshot says so."""
    edit(project / "data" / "2024.yml", "published_on: 2025-01-21   # 公布日期\n", "")
    done = run(freeze, "2024", "--date-unknown", project=project)
    assert done.code == 0
    assert "published_on:" not in (project / "data" / "2024.yml").read_text(encoding="utf-8")
    snapshot = json.loads((project / "data" / "published" / "2024-1.json").read_bytes())
    assert snapshot["report"]["published_on"] is None
    assert run(freeze, "2024", "--date-unknown", project=project).code == 0


def test_snapshots_hold_no_machine_and_no_moment(frozen_once: Path, tmp_path: Path) -> None:
    """The same report gives the same bytes in another folder, and reads back as it was written."""
    project = example_project(tmp_path)
    (project / "docs" / "2024" / "annex.txt").write_text("附件\n", encoding="utf-8")
    (project / "docs" / "2024" / ".DS_Store").write_bytes(b"left by a system")
    (project / "docs" / "2024" / "1-overview.md~").write_bytes(b"left by an editor")
    assert run(freeze, "2024", "--published", "2025-01-21", project=project).code == 0
    content = (project / "data" / "published" / "2024-1.json").read_bytes()
    assert content == (frozen_once / "examples" / "data" / "published" / "2024-1.json").read_bytes()
    assert decoded(content).encoded() == content
    document = json.loads(content)["report"]
    assert document["agency"] == "示例市示例区城市管理和综合执法局"
    assert document["cells"]["requests.received.natural_person"] == "66"
    assert document["files"] == {"annex.txt": hashlib.sha256("附件\n".encode()).hexdigest()}
    assert ["h1#section-1", "一、总体情况"] in document["pages"]["1-overview.md"]
    assert document["pages"]["full.md"] == [
        ["front", "search: {'exclude': True}"],
        ["front", "title: 全文"],
        ["front", "whole_report: True"],
        ["drawn", "report_heading"],
        ["drawn", "full_text"],
    ]
    assert ["drawn", "year_picture"] in document["pages"]["picture.md"]
    assert document["labels"]["disclosure"][:3] == ["主动公开政府信息情况", "（单位：件、万元）", "第二十条第（一）项"]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("docs/2024/1-overview.md", '{{ figure("requests.received") }}', "86"),
        ("docs/2024/1-overview.md", "没有超期答复", "没有{## 编辑的说明 ##}超期答复"),
        ("docs/2024/1-overview.md", "共收到申请", "共收到\n申请"),
        ("docs/2024/5-improvement.md", "2. 废止文件", "3. 废止文件"),
        ("docs/2024/1-overview.md", "{#section-1-1}", "{#section-1-1 lang=zh}"),
        ("data/2024.yml", "# 二、主动公开政府信息情况", "# 第二部分"),
        ("data/2024.yml", "[4875]", "[ 4875 ]"),
    ],
)
def test_no_change_for_readers_is_no_change(frozen: Path, file: str, old: str, new: str) -> None:
    """Ways of writing, comments, a macro for a figure: readers see the same."""
    edit(frozen / file, old, new)
    assert changed(frozen, 2024) == []
    assert run(freeze, "2024", "--published", "2025-01-21", project=frozen).code == 0


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (
            "data/2024.yml",
            "penalties:              [4875]",
            "penalties:              [4876]",
            [
                "data/2024.yml:44:28: P-03 公布后“第二部分的表：行政处罚，本年处理决定数量”由 4875 改为 4876",
                (
                    "docs/2024/1-overview.md:10:59: P-03 公布后“（一）主动公开”里的"
                    "“…许可1463件，行政处罚4875件，较上年的1527件和…”改成了“…许可1463件，行政处罚4876件，较上年的1527件和…”"
                ),
            ],
        ),
        (
            "data/2024.yml",
            "processing_fee: 300 ",
            "processing_fee: 400 ",
            [
                "data/2024.yml:9:17: P-03 公布后“信息处理费（元）”由 300 改为 400",
                (
                    "docs/2024/6-other.md:5:49: P-03 公布后“（一）信息处理费”里的"
                    "“…计收，全年收取信息处理费300元，已全额缴入国库。其余…”改成了“…计收，全年收取信息处理费400元，已全额缴入国库。其余…”"
                ),
            ],
        ),
        (
            "data/2024.yml",
            "published_on: 2025-01-21",
            "published_on: 2025-01-20",
            ["data/2024.yml:7:15: P-03 公布后“公布日期”由 2025-01-21 改为 2025-01-20"],
        ),
        (
            "data/2024.yml",
            "published_on: 2025-01-21   # 公布日期\n",
            "",
            ["data/2024.yml:6:9: P-03 公布后“公布日期”删去了 2025-01-21"],
        ),
        (
            "data/2024.yml",
            "{title: 机构职能信息, full_text: true}",
            "{title: 机构职能和内设机构信息, full_text: true}",
            ["data/2024.yml:15:17: P-03 公布后“主动公开的概况信息”由 机构职能信息 改为 机构职能和内设机构信息"],
        ),
        (
            "data/2024.yml",
            "{title: 机构职能信息, full_text: true}",
            "{title: 机构职能信息, full_text: false}",
            [
                "data/2024.yml:13:3: P-03 公布后“机构职能信息的电子化全文”由 有 改为 没有",
                "docs/2024/1-overview.md:9:155: P-03 公布后“（一）主动公开”里的“…信息1条，全文电子化率为90%。",
            ],
        ),
        (
            "data/2024.yml",
            "[66, 16,   0,   1,   3,   0]",
            "[66, 16,   0,   1,   3,   0, 87]",
            ["data/2024.yml:54:64: P-03 公布后“第三部分的表：一、本年新收政府信息公开申请数量，总计”由 86 改为 87"],
        ),
        (
            "docs/2024/1-overview.md",
            "没有超期答复。",
            "没有超期答复。\n\n另外增加一段。",
            ["docs/2024/1-overview.md:19:1: P-03 公布后“（二）依申请公开”增加了“另外增加一段。”"],
        ),
        (
            "docs/2024/6-other.md",
            "户外广告和店招设置的许可结果按街道分列，每月更新。",
            "",
            ["docs/2024/6-other.md:12:10: P-03 公布后“（三）重点领域”删去了“户外广告和店招设置的许可结果按街道分列，"],
        ),
        (
            "docs/2024/4-review.md",
            '{{ statutory_table("review") }}',
            "",
            [
                (
                    "docs/2024/4-review.md:1:1: P-03 公布后“政府信息公开行政复议、行政诉讼情况的表”"
                    "由 列在页面上 改为 没有列在页面上"
                )
            ],
        ),
        (
            "data/agency.yml",
            "{name: 示例市示例区城市管理和综合执法局, from: 2022}",
            "{name: 示例市示例区城市管理执法局, from: 2022}",
            [
                "data/2024.yml:6:9: P-03 公布后“机关名称”由 示例市示例区城市管理和综合执法局 改为 示例市",
                "docs/2024/index.md:5:8: P-03 公布后“index.md”里的",
            ],
        ),
    ],
)
def test_every_change_is_told_with_its_place(frozen: Path, file: str, old: str, new: str, told: list[str]) -> None:
    """A changed figure, fact, word or table is an error with its old and new state, once for each."""
    edit(frozen / file, old, new)
    found = changed(frozen, 2024)
    assert len(found) == len(told)
    for line, expected in zip(found, told, strict=True):
        assert line.startswith(expected)
        assert line.endswith(TAIL)


def test_other_files_of_the_year_count(frozen: Path) -> None:
    """Attachments are published with the report: changed, added and removed ones are told."""
    folder = frozen / "docs" / "2024"
    (folder / "annex.txt").write_text("另一个附件\n", encoding="utf-8")
    assert changed(frozen, 2024) == [f"docs/2024/annex.txt:1:1: P-03 公布后替换了文件 annex.txt{TAIL}"]
    (folder / "annex.txt").unlink()
    assert changed(frozen, 2024) == [f"docs/2024/annex.txt:1:1: P-03 公布后删去了文件 annex.txt{TAIL}"]
    (folder / "annex.txt").write_text("附件\n", encoding="utf-8")
    (folder / "files").mkdir()
    (folder / "files" / "more.txt").write_text("又一个\n", encoding="utf-8")
    assert changed(frozen, 2024) == [f"docs/2024/files/more.txt:1:1: P-03 公布后增加了文件 files/more.txt{TAIL}"]


def test_a_removed_page_is_told(frozen: Path) -> None:
    """A page that is gone is one change."""
    (frozen / "docs" / "2024" / "6-other.md").unlink()
    (line,) = changed(frozen, 2024)
    assert line.startswith("docs/2024/6-other.md:1:1: P-03 公布后“页面 6-other.md”删去了“六、其他需要报告的事项")


def test_a_page_that_cannot_be_rendered_is_no_change(frozen: Path) -> None:
    """Its own mistake is told; that it says nothing now is no change of what was published."""
    edit(frozen / "docs" / "2024" / "6-other.md", "{{ figure(", "{{ figur(")
    assert changed(frozen, 2024) == []
    assert [finding.place.file for finding in findings(frozen, 2024) if not finding.rule] == ["docs/2024/6-other.md"]


def test_records_that_were_meddled_with_are_told(frozen: Path) -> None:
    """A snapshot altered, missing or no longer named, a report made a draft again: each is an error of its own."""
    data, snapshot = frozen / "data" / "2024.yml", frozen / "data" / "published" / "2024-1.json"
    text, content = data.read_text(encoding="utf-8"), snapshot.read_bytes()
    snapshot.write_bytes(content.replace(b"4875", b"4874"))
    (line,) = changed(frozen, 2024)
    assert line.startswith(
        "data/2024.yml:8:9: P-03 data/published/2024-1.json 的内容与 data/2024.yml:8:9 登记的摘要不符"
    )
    snapshot.unlink()
    (line,) = changed(frozen, 2024)
    assert line.startswith("data/2024.yml:8:9: P-03 缺少 data/published/2024-1.json")
    assert run(freeze, "2024", "--published", "2025-01-21", project=frozen).code == 1
    snapshot.write_bytes(content)
    data.write_text(without_digest(text), encoding="utf-8")
    (line,) = changed(frozen, 2024)
    assert line.startswith(
        "data/2024.yml:6:9: P-03 data/published/2024-1.json 记着公布过的内容，本文件里却没有它的摘要"
    )
    before = everything(frozen)
    done = run(freeze, "2024", "--published", "2025-01-21", project=frozen)
    assert (done.code, everything(frozen)) == (1, before)
    assert "没有它的摘要" in done.printed
    draft = text.replace("status: published ", "status: draft ").replace("published_on: 2025-01-21   # 公布日期\n", "")
    data.write_text(draft, encoding="utf-8")
    assert any("已定稿的年度改成了草稿" in line for line in changed(frozen, 2024))


def test_what_another_command_left_hides_no_withdrawal(frozen: Path) -> None:
    """A killed `new` leaves a data file that names no record: a digest that was taken out is told all the same."""
    data = frozen / "data"
    edit(data / "2024.yml", next(re.finditer(r"digest: .*\n", (data / "2024.yml").read_text(encoding="utf-8")))[0], "")
    told = changed(frozen, 2024)
    assert len(told) == 1
    assert "published/2024-1.json 记着公布过的内容，本文件里却没有它的摘要" in told[0]
    (data / ".2024.new").mkdir()
    for left in (b"", b"year: 2024\nstatus: draft\n", b"\xff"):
        (data / ".2024.new" / "2024.yml").write_bytes(left)
        assert changed(frozen, 2024) == told


@pytest.mark.parametrize("head", ["status: |\n  published\n", "status: >-\n  published\n"])
def test_a_layout_that_cannot_be_edited_is_refused(project: Path, head: str) -> None:
    """Where a line cannot be replaced for sure, nothing is written."""
    path = project / "data" / "2024.yml"
    edit(path, "status: published          # draft 草稿，published 已公布\n", head)
    before = everything(project)
    done = run(freeze, "2024", "--published", "2025-01-21", project=project)
    assert (done.code, everything(project)) == (1, before)
    assert "不能由程序改写" in done.printed


def test_quotes_and_missing_ends_of_line_are_edited(project: Path) -> None:
    """Other ways to write the same lines are no hindrance."""
    path = project / "data" / "2024.yml"
    text = path.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith(("status:", "published_on:"))]
    path.write_text("\n".join([*lines, 'status: "published"#不是说明'.removesuffix("#不是说明")]), encoding="utf-8")
    assert run(freeze, "2024", "--published", "2025-01-21", project=project).code == 0
    new = path.read_text(encoding="utf-8").splitlines()
    assert new[-3:-1] == ["status: published", "published_on: 2025-01-21   # 公布日期"]
    assert new[: len(lines)] == lines


def test_the_file_keeps_its_mode_and_a_link_stays_a_link(project: Path, tmp_path: Path) -> None:
    """The data file may be a link to elsewhere; what it leads to is replaced."""
    path, elsewhere = project / "data" / "2024.yml", tmp_path / "elsewhere.yml"
    path.rename(elsewhere)
    elsewhere.chmod(0o640)
    path.symlink_to(elsewhere)
    assert run(freeze, "2024", "--published", "2025-01-21", project=project).code == 0
    assert path.is_symlink()
    assert "digest: " in elsewhere.read_text(encoding="utf-8")
    assert elsewhere.stat().st_mode & 0o777 == 0o640


def test_next_years_pages_are_held_to_what_they_quote(frozen: Path) -> None:
    """A frozen page that quotes last year's figure changes when that figure does."""
    freeze_year(project_in(frozen), 2025, dt.date(2026, 1, 20), dt.date(2026, 1, 20))
    show_corrections(frozen, 2025)
    edit(frozen / "data" / "2024.yml", "penalties:              [4875]", "penalties:              [4876]")
    assert any("4875件" in line and "4876件" in line for line in changed(frozen, 2025))


@pytest.mark.parametrize("command", [freeze, export, upgrade])
def test_a_file_too_large_is_not_read(tmp_path: Path, command: click.Command) -> None:
    """A data file of 20 GB is told by its size; commands that would read it whole do not."""
    project = example_project(tmp_path)
    with (project / "data/2023.yml").open("wb") as file:
        file.truncate(20_000_000_000)
    arguments = {"freeze": ["2023", "--published", "2024-01-31"], "export": ["2023", "--out", "out"], "upgrade": []}[
        str(command.name)
    ]
    done = run(command, *arguments, project=project)
    assert "data/2023.yml" in done.printed
    assert done.code == (0 if command is upgrade else 1)


@pytest.mark.parametrize("field", READ_BACK)
def test_a_file_that_reads_otherwise_is_not_written(field: str, project: Path) -> None:
    """Whatever the text of a data file would lose of its report, nothing is written."""
    subject = read_subject(project_in(project), 2024)
    before = everything(project)
    meant = replace(subject.report, **{field: READ_BACK[field]})  # type: ignore[arg-type]  # one of several fields
    with pytest.raises(RefusedError, match="排列方式"):
        record(subject, subject.text, meant, None)
    assert everything(project) == before
    record(subject, subject.text, subject.report, None)
