"""`nianbao reopen` and `nianbao publish`: what is frozen and not yet published, taken back or put off."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from typing import TYPE_CHECKING

import pytest
from nianbao.command import freeze as freezing_command
from nianbao.command import publish as publishing_command
from nianbao.command import reopen as reopening_command
from nianbao.command.freeze import freeze
from nianbao.command.publish import publish
from nianbao.command.reopen import reopen
from nianbao.lifecycle.archive import claimed
from nianbao.lifecycle.awaiting import publish as publish_year
from nianbao.lifecycle.awaiting import reopen as reopen_year
from nianbao.lifecycle.correcting import correct as correct_year
from nianbao.lifecycle.freezing import freeze as freeze_year
from nianbao.lifecycle.record import decoded
from nianbao.lifecycle.site_record import RecordError, read_site_record, site_record
from nianbao.lifecycle.snapshot import digest
from nianbao.model.dataset import read_dataset
from nianbao.publishing.standing import taken_away_or_altered
from nianbao.reading.refusal import RefusedError
from projects import changed, edit, everything, example_project, findings, project_in, run

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.model.report import Report

TODAY, PLANNED, LATER = dt.date(2026, 1, 10), dt.date(2026, 1, 20), dt.date(2026, 1, 26)
WHY = "领导要求补充第五部分。"


@pytest.fixture(scope="module")
def frozen_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project whose 2025 is frozen and waits for its day, to be copied."""
    folder = tmp_path_factory.mktemp("frozen")
    freeze_year(project_in(example_project(folder)), 2025, PLANNED, TODAY)
    return folder


@pytest.fixture
def frozen(frozen_once: Path, tmp_path: Path) -> Path:
    """Return a copy of a project whose 2025 is frozen and waits for its day."""
    shutil.copytree(frozen_once, tmp_path, dirs_exist_ok=True)
    return tmp_path / "examples"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands see the day on which the report was frozen."""
    for command in (freezing_command, reopening_command, publishing_command):
        monkeypatch.setattr(command, "today", lambda: TODAY)


def report(project: Path) -> Report:
    """Return the report of 2025."""
    opened = project_in(project)
    dataset = read_dataset(opened.root, opened.data)
    assert not dataset.findings
    return dataset.reports[2025]


def record(project: Path, number: int) -> bytes:
    """Return a record of 2025."""
    return (project / "data" / "published" / f"2025-{number}.json").read_bytes()


def site_of(project: Path, folder: Path) -> Path:
    """Return a site in *folder* that carries the record of 2025 as it is now."""
    path = folder / "2025" / "downloads" / "x-2025-record.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(site_record("x", report(project), project_in(project).data))
    return folder


@pytest.mark.usefixtures("clock")
def test_a_freeze_is_taken_back_and_done_anew(frozen: Path) -> None:
    """The whole way by commands: what is kept, what readers get, and that no content is published unseen."""
    before, first = everything(frozen), digest(record(frozen, 1))
    done = run(reopen, "2025", "--reason", WHY, project=frozen)
    assert done.code == 0, done.printed
    after = everything(frozen)
    assert {name for name in before if before[name] != after[name]} == {"data/2025.yml"}
    assert len(after) == len(before)
    text = after["data/2025.yml"].decode()
    remark = "# 公布前撤回的定稿，由 nianbao reopen 写入"
    assert (
        f'\nreopened:                  {remark}\n  - on: 2026-01-10\n    reason: "{WHY}"\n    digest: {first}\n' in text
    )
    assert "\nstatus: draft              #" in text
    assert not re.search(r"^(published_on|digest):", text, re.MULTILINE)
    assert not [finding for finding in findings(frozen, 2025) if finding.level == "error"]
    assert run(reopen, "2025", "--reason", WHY, project=frozen).code == 1
    page = frozen / "docs" / "2025" / "6-other.md"
    page.write_text(page.read_text(encoding="utf-8").replace("。\n", "，补充说明。\n", 1), encoding="utf-8")
    done = run(freeze, "2025", "--on", "2026-01-26", project=frozen)
    assert done.code == 0, done.printed
    assert "还没有公布：2026-01-26 以前可以撤回" in done.printed
    assert record(frozen, 1) == before["data/published/2025-1.json"]
    second = decoded(record(frozen, 2))
    assert second.previous == first
    assert second.reopened == ((TODAY, WHY, first),)
    assert [named for named, _ in claimed(report(frozen))] == [first, digest(record(frozen, 2))]
    assert not [finding for finding in findings(frozen, 2025) if finding.level == "error"]
    on_site = json.loads(site_record("x", report(frozen), project_in(frozen).data))
    assert len(on_site["records"]) == 1, "what was taken back is not published"
    assert on_site["records"][0]["report"]["published_on"] == "2026-01-26"


def test_the_same_content_keeps_its_check_number(frozen: Path) -> None:
    """An approval of content that was taken back and frozen again as it was holds."""
    project = project_in(frozen)
    number = decoded(record(frozen, 1)).number
    assert reopen_year(project, 2025, WHY, TODAY, project.site).number == number
    assert freeze_year(project, 2025, LATER, TODAY).number == number
    assert freeze_year(project, 2025, LATER, TODAY).already


@pytest.mark.usefixtures("clock")
def test_another_day_is_recorded_and_the_freeze_before_it_kept(frozen: Path) -> None:
    """Put off, put off again, published early: content and number stay, each day stands in the chain."""
    number, ledger = decoded(record(frozen, 1)).number, "data/2025.yml"
    assert "已经登记过" in run(publish, "2025", "--on", str(PLANNED), project=frozen).printed
    before = everything(frozen)
    done = run(publish, "2025", "--on", str(LATER), project=frozen)
    assert (done.code, number in done.printed) == (0, True)
    after = everything(frozen)
    assert {name for name in before if before[name] != after[name]} == {ledger}
    assert f"\npublished_on: {LATER}   # 公布日期\ndigest: {digest(record(frozen, 2))} #" in after[ledger].decode()
    assert run(publish, "2025", project=frozen).code == 0
    last = decoded(record(frozen, 3))
    assert (last.number, last.report.published_on) == (number, TODAY)
    assert [reason for _, reason, _ in last.reopened] == [
        "公布日期由 2026-01-20 改为 2026-01-26，内容没有变动。",
        "公布日期由 2026-01-26 改为 2026-01-10，内容没有变动。",
    ]
    assert not [finding for finding in findings(frozen, 2025) if finding.level == "error"]
    done = run(reopen, "2025", "--reason", WHY, project=frozen)
    assert (done.code, "2025 年已经公布（公布日期 2026-01-10）" in done.printed) == (1, True)


def test_from_its_day_on_there_are_corrections_alone(frozen: Path) -> None:
    """Neither taken back nor given another day; before that day there is nothing to correct."""
    project = project_in(frozen)
    edit(frozen / "docs" / "2025" / "index.md", "{{ key_figures() }}", "{{ key_figures() }} ")
    assert changed(frozen, 2025) == []
    before = everything(frozen)
    for day in (PLANNED, LATER):
        with pytest.raises(RefusedError, match=r"已经公布（公布日期 2026-01-20）.*nianbao correct 2025"):
            reopen_year(project, 2025, WHY, day, project.site)
        with pytest.raises(RefusedError, match="已经公布（公布日期 2026-01-20）"):
            publish_year(project, 2025, LATER, day, project.site)
    with pytest.raises(RefusedError, match=r"还没有公布（公布日期 2026-01-20），改动不是更正.*nianbao reopen 2025"):
        correct_year(project, 2025, WHY, TODAY, TODAY)
    assert everything(frozen) == before


def test_a_standing_site_counts_as_published_from_its_day_on(frozen: Path, tmp_path: Path) -> None:
    """Whatever the data say, what stands there with a day that has come is held to; before, it is not."""
    project, site = project_in(frozen), site_of(frozen, tmp_path / "site")
    empty = tmp_path / "empty"
    empty.mkdir()
    assert taken_away_or_altered(site, empty, TODAY) == ()
    assert taken_away_or_altered(site, empty, PLANNED)
    publish_year(project, 2025, LATER, TODAY, site)
    new = site_of(frozen, tmp_path / "new")
    assert taken_away_or_altered(site, new, TODAY) == ()
    assert taken_away_or_altered(site, new, PLANNED)
    with pytest.raises(RefusedError, match=r"网站 .* 上 2025 年的报告已经公布（公布日期 2026-01-20）"):
        reopen_year(project, 2025, WHY, PLANNED, site)
    (next(site.rglob("*-record.json"))).write_text("{", encoding="utf-8")
    with pytest.raises(RefusedError, match="已经公布"):
        reopen_year(project, 2025, WHY, TODAY, site)


def test_publishing_what_has_changed_is_refused(frozen: Path) -> None:
    """A day is recorded of the content that was frozen and of no other."""
    project = project_in(frozen)
    page = frozen / "docs" / "2025" / "6-other.md"
    page.write_text(f"{page.read_text(encoding='utf-8')}\n另有一句。\n", encoding="utf-8")
    for day in (PLANNED, LATER):
        with pytest.raises(RefusedError, match=r"docs/2025/6-other.md:\d+:1: 公布后.*增加了“另有一句。”"):
            publish_year(project, 2025, day, TODAY, project.site)
    assert reopen_year(project, 2025, WHY, TODAY, project.site).day == PLANNED


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            WHY,
            "另一个原因。",
            "记着第 1 次撤回定稿是 2026-01-10 “领导要求补充第五部分。”，现在写的是 2026-01-10 “另一个",
        ),
        ("on: 2026-01-10", "on: 2026-01-11", "撤回的日期和原因不能改写"),
        ("on: 2026-01-10", "on: 2026-01-20", "的公布日期是 2026-01-20，2026-01-20 已经公布，不能撤回定稿"),
        ("reopened:", "# reopened:", "登记的摘要不符"),
    ],
)
def test_what_was_taken_back_is_not_rewritten(frozen: Path, old: str, new: str, told: str) -> None:
    """Day and reason of a freeze that was taken back stand in the record after it."""
    project = project_in(frozen)
    reopen_year(project, 2025, WHY, TODAY, project.site)
    freeze_year(project, 2025, LATER, TODAY)
    path = frozen / "data" / "2025.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    if old == "reopened:":
        text = re.sub(r"reopened:.*\n(  .*\n)+", "", text)
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert any(told in line for line in changed(frozen, 2025)), changed(frozen, 2025)


def test_a_draft_does_not_lose_what_was_taken_back(frozen: Path) -> None:
    """The record of a freeze that was taken back is missed, and its change told, while the report is a draft."""
    project = project_in(frozen)
    reopen_year(project, 2025, WHY, TODAY, project.site)
    assert changed(frozen, 2025) == []
    path = frozen / "data" / "published" / "2025-1.json"
    content = path.read_bytes()
    path.write_bytes(content.replace(b"2025", b"2024", 1))
    assert "已经被改动" in changed(frozen, 2025)[0]
    path.unlink()
    assert "缺少 data/published/2025-1.json" in changed(frozen, 2025)[0]
    path.write_bytes(content)
    data = frozen / "data" / "2025.yml"
    data.write_text(re.sub(r"reopened:.*\n(  .*\n)+", "", data.read_text(encoding="utf-8")), encoding="utf-8")
    assert "data/published/2025-1.json 记着公布过的内容，本文件里却没有它的摘要" in changed(frozen, 2025)[0]


def test_a_record_of_a_site_knows_what_went_before(frozen: Path) -> None:
    """The first record on a site must follow what it says was taken back."""
    project = project_in(frozen)
    reopen_year(project, 2025, WHY, TODAY, project.site)
    freeze_year(project, 2025, LATER, TODAY)
    content = site_record("x", report(frozen), project.data)
    assert read_site_record(content).last.reopened[0][1] == WHY
    document = json.loads(content)
    document["records"][0]["reopened"][0]["digest"] = "0" * 64
    with pytest.raises(RecordError, match="不接在前一个后面"):
        read_site_record(json.dumps(document).encode())


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(
    ("command", "arguments", "code", "told"),
    [
        (reopen, ("2025",), 2, "请用 --reason 写明撤回的原因"),
        (reopen, ("2025", "--reason", " "), 2, "撤回定稿原因是空的"),
        (reopen, ("2030", "--reason", WHY), 2, "没有 2030 年的数据"),
        (reopen, ("2024", "--reason", WHY), 1, "2024 年还没有定稿；定稿运行 nianbao freeze 2024"),
        (publish, ("2024",), 1, "2024 年还没有定稿"),
        (publish, ("2025", "--on", "2025-12-31"), 2, "不在 2025 年度结束以后"),
        (publish, ("2025", "--on", "2027-01-20"), 2, "在一年以后"),
        (publish, ("2025", "--on", "20日"), 2, "应写作 2024-01-31 的样子"),
        (freeze, ("2025", "--published", "2026-01-21"), 1, "nianbao publish 2025 --on 日期"),
    ],
)
def test_wrong_use(frozen: Path, command: object, arguments: tuple[str, ...], code: int, told: str) -> None:
    """What cannot be is told in Chinese, and nothing is written."""
    before = everything(frozen)
    done = run(command, *arguments, project=frozen)  # type: ignore[arg-type]  # one of three commands
    assert (done.code, everything(frozen)) == (code, before)
    assert told in done.printed
