"""`nianbao correct`: what is recorded, what is refused, and what readers then see."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import shutil
from collections import Counter
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from counting import calls
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nianbao.command.correct import correct
from nianbao.command.freeze import freeze
from nianbao.data_files.entries import with_correction
from nianbao.lifecycle.article import Block
from nianbao.lifecycle.correcting import correct as correct_year
from nianbao.lifecycle.differences import changed_spans, differences
from nianbao.lifecycle.macros import recorded_corrections
from nianbao.lifecycle.record import decoded
from nianbao.lifecycle.site_record import read_site_record, site_record
from nianbao.lifecycle.snapshot import OLD, Words
from nianbao.model.dataset import read_dataset
from nianbao.model.project import WrongUseError
from nianbao.reading.refusal import RefusedError
from nianbao.reading.source import unseen
from projects import changed, edit, everything, example_project, findings, project_in, run, show_corrections

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.lifecycle.snapshot import Snapshot
    from nianbao.model.dataset import Dataset

REASON = "行政处罚的件数统计有误。"
DAY = dt.date(2025, 3, 5)


@pytest.fixture(scope="module")
def frozen_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project whose 2024 is frozen and shows its corrections, to be copied."""
    folder = tmp_path_factory.mktemp("frozen")
    project = example_project(folder)
    show_corrections(project, 2024)
    assert run(freeze, "2024", "--published", "2025-01-21", project=project).code == 0
    return folder


@pytest.fixture
def frozen(frozen_once: Path, tmp_path: Path) -> Path:
    """Return a copy of a project whose 2024 is frozen and shows its corrections."""
    shutil.copytree(frozen_once, tmp_path, dirs_exist_ok=True)
    return tmp_path / "examples"


def penalties(project: Path, old: int, new: int) -> None:
    """Change the number of penalties."""
    edit(project / "data" / "2024.yml", f"penalties:              [{old}]", f"penalties:              [{new}]")


def data(project: Path) -> Any:  # noqa: ANN401  # a YAML document
    """Return the data file of 2024 as YAML reads it."""
    return yaml.load((project / "data" / "2024.yml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506  # makes texts only


def test_a_correction_is_recorded_with_day_reason_and_digest(frozen: Path) -> None:
    """The data file gets one more entry, a snapshot of what stands now lies beside the first; all is well again."""
    penalties(frozen, 4875, 4876)
    assert len(changed(frozen, 2024)) == 2
    before = everything(frozen)
    done = run(correct, "2024", "--reason", REASON, "--on", "2025-03-05", project=frozen)
    assert done.code == 0
    assert "“第二部分的表：行政处罚，本年处理决定数量”由 4875 改为 4876" in done.printed
    after = everything(frozen)
    assert set(after) - set(before) == {"data/published/2024-2.json"}
    assert {name for name in before if before[name] != after[name]} == {"data/2024.yml"}
    digest = hashlib.sha256(after["data/published/2024-2.json"]).hexdigest()
    entry = f'  - on: 2025-03-05\n    reason: "{REASON}"\n    digest: {digest}\n'
    head = "corrections:               # 公布后的更正，由 nianbao correct 写入\n"
    assert after["data/2024.yml"].decode().replace(head + entry, "") == before["data/2024.yml"].decode()
    assert changed(frozen, 2024) == []
    assert not [finding for finding in findings(frozen, 2024) if finding.level == "error"]


def test_a_second_correction_follows_the_first(frozen: Path) -> None:
    """Entries are added in order; snapshots of before stay as they are; each change is against the last state."""
    penalties(frozen, 4875, 4876)
    assert run(correct, "2024", "--reason", REASON, "--on", "2025-03-05", project=frozen).code == 0
    first = everything(frozen)
    edit(frozen / "docs" / "2024" / "6-other.md", "每月更新", "按季更新")
    assert len(changed(frozen, 2024)) == 1
    done = run(correct, "2024", "--reason", "更新的频次写错。", "--on", "2025-03-06", project=frozen)
    assert done.code == 0
    assert "由 4875" not in done.printed
    second = everything(frozen)
    assert all(first[name] == second[name] for name in first if name.startswith("data/published/"))
    entries = data(frozen)["corrections"]
    assert [entry["reason"] for entry in entries] == [REASON, "更新的频次写错。"]
    content = second["data/published/2024-3.json"]
    assert entries[1]["digest"] == hashlib.sha256(content).hexdigest()
    assert json.loads(content)["report"]["cells"]["disclosure.penalties.decisions"] == "4876"
    assert changed(frozen, 2024) == []
    penalties(frozen, 4876, 4875)
    assert len(changed(frozen, 2024)) == 2  # Back to the first state is a change as well.


def test_changes_of_one_day_are_one_correction(frozen: Path) -> None:
    """One entry, one heading, one line of the feed; no record is written over, and each step stays in the chain."""
    opened = project_in(frozen)
    for index, reason in enumerate((REASON, "更新的频次写错。", "更新的频次写错。")):
        penalties(frozen, 4875 + index, 4876 + index)
        done = run(correct, "2024", "--reason", reason, "--on", "2025-03-05", project=frozen)
        assert (done.code, "并入 2025-03-05 已经登记的更正" in done.printed) == (0, index > 0), done.printed
    contents = (everything(frozen)[f"data/published/2024-{number}.json"] for number in (2, 3, 4))
    digests = [hashlib.sha256(content).hexdigest() for content in contents]
    assert data(frozen)["corrections"] == [
        {"on": "2025-03-05", "reason": f"{REASON}更新的频次写错。", "digest": digests[2], "earlier": digests[:2]}
    ]
    assert changed(frozen, 2024) == []
    report = read_dataset(opened.root, opened.data).reports[2024]
    ((correction, found),) = recorded_corrections(opened.data, report)
    assert (correction.day, correction.reason) == (DAY, f"{REASON}更新的频次写错。")
    figures = [(one.what[-8:], one.old, one.new) for one in found if one.kind == "figure"]
    assert figures == [("本年处理决定数量", "4875", "4878")]
    record = read_site_record(site_record("x", report, opened.data))
    assert [len(one.report.corrections) for one in record.records] == [0, 1, 1, 1]
    before = everything(frozen)
    done = run(correct, "2024", "--reason", "更新的频次写错。", "--on", "2025-03-05", project=frozen)
    assert (done.code, "已经登记过" in done.printed, everything(frozen)) == (0, True, before)
    edit(frozen / "data" / "2024.yml", f"earlier: [{digests[0]}, ", "earlier: [")
    assert any("登记的摘要不符" in line for line in changed(frozen, 2024))


@pytest.mark.parametrize("day", ["2025-03-05", "2025-03-08"])
def test_a_wrong_reason_or_day_is_corrected_for_all_to_see(frozen: Path, day: str) -> None:
    """What was written first and what is right stand side by side, also where both are of one day."""
    opened, path = project_in(frozen), frozen / "data" / "2024.yml"
    penalties(frozen, 4875, 4876)
    assert run(correct, "2024", "--reason", REASON, "--on", "2025-03-05", project=frozen).code == 0
    right = "行政处罚的宗数统计有误。"
    edit(path, REASON, right)
    if day != "2025-03-05":
        edit(path, "- on: 2025-03-05", "- on: 2025-03-04")
    told = changed(frozen, 2024)
    assert any(f"由 {REASON} 改为 {right}" in line for line in told)
    assert all(re.match(r"data/2024.yml:\d+:5: P-03 公布后“第 1 次更正的", line) for line in told)
    done = run(correct, "2024", "--reason", "原因写错。", "--on", day, project=frozen)
    assert done.code == 0, done.printed
    assert changed(frozen, 2024) == []
    report = read_dataset(opened.root, opened.data).reports[2024]
    *_, (correction, found) = recorded_corrections(opened.data, report)
    days = [] if day == "2025-03-05" else [("第 1 次更正的日期", "2025-03-05", "2025-03-04")]
    shown = [(one.what, one.old, one.new) for one in found if one.key == "corrections"]
    assert correction.reason == ("原因写错。" if days else f"{right}原因写错。")
    assert shown == [*days, ("第 1 次更正的原因", REASON, right if days else correction.reason)]
    assert read_site_record(site_record("x", report, opened.data)).last.number


def test_without_changes_nothing_is_recorded(frozen: Path) -> None:
    """There is nothing to correct; a correction that is recorded already is said to be."""
    before = everything(frozen)
    done = run(correct, "2024", "--reason", REASON, project=frozen)
    assert (done.code, everything(frozen)) == (1, before)
    assert "没有要登记的更正" in done.printed
    penalties(frozen, 4875, 4876)
    assert run(correct, "2024", "--reason", REASON, "--on", "2025-03-05", project=frozen).code == 0
    before = everything(frozen)
    done = run(correct, "2024", "--reason", REASON, "--on", "2025-03-05", project=frozen)
    assert (done.code, everything(frozen)) == (0, before)
    assert "已经登记过" in done.printed
    assert run(correct, "2024", "--reason", REASON, "--on", "2025-03-06", project=frozen).code == 1


def test_a_report_that_is_not_frozen_has_nothing_to_correct(frozen: Path) -> None:
    """The command says what comes first."""
    done = run(correct, "2023", "--reason", REASON, project=frozen)
    assert done.code == 1
    assert "2023 年还没有定稿" in done.printed
    assert "nianbao freeze 2023" in done.printed


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["2024"], "请用 --reason 写明更正的原因"),
        (["2024", "--reason", " "], "更正原因是空的"),
        (["2024", "--reason", "一行\n两行"], "更正原因有多行"),
        (["2024", "--reason", "零宽\u200b空格"], "看不见的字符"),
        (["2024", "--reason", "按{{ year() }}年口径"], "更正原因不能含有“{{”"),
        (["2024", "--reason", "坏的\udcff字节"], "不是 UTF-8 编码"),
        (["2024", "--reason", REASON, "--on", "2025-02-29"], "--on 的日期 2025-02-29 不存在"),
        (["2024", "--reason", REASON, "--on", "2025-01-20"], "早于公布日期 2025-01-21"),
        (["2024", "--reason", REASON, "--on", "9999-12-31"], "还没有到"),
        (["2030", "--reason", REASON], "没有 2030 年的数据"),
        (["二〇二四", "--reason", REASON], "年度应为四位数的年份"),
    ],
)
def test_wrong_use(frozen: Path, arguments: list[str], told: str) -> None:
    """What the command cannot work on is told in Chinese, and nothing is written."""
    penalties(frozen, 4875, 4876)
    before = everything(frozen)
    done = run(correct, *arguments, project=frozen)
    assert (done.code, everything(frozen)) == (2, before)
    assert told in done.printed


def test_corrections_stand_in_order(frozen: Path) -> None:
    """A correction is not dated before the one before it."""
    penalties(frozen, 4875, 4876)
    opened = project_in(frozen)
    correct_year(opened, 2024, REASON, DAY, DAY)
    penalties(frozen, 4876, 4877)
    with pytest.raises(WrongUseError, match="早于上一次更正的日期 2025-03-05"):
        correct_year(opened, 2024, REASON, DAY - dt.timedelta(days=1), DAY)


def test_hard_findings_stop_a_correction(frozen: Path) -> None:
    """A correction must not bring a new fault; all are shown."""
    edit(frozen / "data" / "2024.yml", "carried_out:                    [ 5,", "carried_out:                    [ 4,")
    before = everything(frozen)
    done = run(correct, "2024", "--reason", REASON, project=frozen)
    assert (done.code, everything(frozen)) == (1, before)
    assert "T3-02" in done.printed
    assert "P-03" not in done.printed


def test_a_page_must_show_the_corrections(frozen: Path) -> None:
    """Without the list in a page readers would not learn of the correction, neither now nor later."""
    index = frozen / "docs" / "2024" / "index.md"
    edit(index, "{{ correction_list() }}\n\n", "")
    assert changed(frozen, 2024) == []
    penalties(frozen, 4875, 4876)
    before = everything(frozen)
    done = run(correct, "2024", "--reason", REASON, project=frozen)
    assert (done.code, everything(frozen)) == (1, before)
    assert "docs/2024/index.md:1:1: P-03 本年度的报告公布后更正过，页面上却没有更正记录" in done.printed
    show_corrections(frozen, 2024)
    assert run(correct, "2024", "--reason", REASON, project=frozen).code == 0
    edit(index, "{{ correction_list() }}\n\n", "")
    assert ["页面上却没有更正记录" in line for line in changed(frozen, 2024)] == [True]


def test_broken_records_stop_a_correction(frozen: Path) -> None:
    """What was published must be known to say what changed."""
    penalties(frozen, 4875, 4876)
    (frozen / "data" / "published" / "2024-1.json").unlink()
    before = everything(frozen)
    done = run(correct, "2024", "--reason", REASON, project=frozen)
    assert (done.code, everything(frozen)) == (1, before)
    assert "缺少 data/published/2024-1.json" in done.printed


def test_a_removed_correction_is_told(frozen: Path) -> None:
    """The record of a correction cannot be taken out of the data file in silence."""
    path = frozen / "data" / "2024.yml"
    before = path.read_text(encoding="utf-8")
    penalties(frozen, 4875, 4876)
    assert run(correct, "2024", "--reason", REASON, project=frozen).code == 0
    path.write_text(before, encoding="utf-8")
    (line,) = changed(frozen, 2024)
    assert (
        "data/published/2024-2.json 记着公布过的内容，本文件里却没有它的摘要；请从版本库恢复 corrections 的第 1 项"
        in line
    )
    with pytest.raises(RefusedError):
        correct_year(project_in(frozen), 2024, REASON, DAY, DAY)


@pytest.mark.parametrize("entries", ["corrections: []\n", "corrections: [{on: 2025-03-05, reason: 甲, digest: %s}]\n"])
def test_a_layout_that_cannot_be_edited_is_refused(frozen: Path, entries: str) -> None:
    """Where an entry cannot be added for sure, nothing is written."""
    penalties(frozen, 4875, 4876)
    if "%s" in entries:
        assert run(correct, "2024", "--reason", "甲", "--on", "2025-03-05", project=frozen).code == 0
        digest = data(frozen)["corrections"][0]["digest"]
        entry = f'  - on: 2025-03-05\n    reason: "甲"\n    digest: {digest}\n'
        edit(
            frozen / "data" / "2024.yml",
            "corrections:               # 公布后的更正，由 nianbao correct 写入\n" + entry,
            entries % digest,
        )
        penalties(frozen, 4876, 4877)
    else:
        edit(frozen / "data" / "2024.yml", "processing_fee:", f"{entries}processing_fee:")
    before = everything(frozen)
    done = run(correct, "2024", "--reason", REASON, project=frozen)
    assert (done.code, everything(frozen)) == (1, before)
    assert "不能由程序改写" in done.printed


REASONS = st.text(min_size=1, max_size=80).filter(
    lambda text: text.strip() and len(text.splitlines()) == 1 and unseen(text) is None and text.isprintable()
)


@settings(suppress_health_check=[HealthCheck.filter_too_much], deadline=None)
@given(reasons=st.lists(REASONS, min_size=1, max_size=4))
def test_any_reason_reads_back_as_it_was_given(reasons: list[str]) -> None:
    """Quotes, backslashes, colons and whatever YAML might take for itself stay what they are."""
    text = f"status: published\ndigest: {'a' * 64} # 说明\nitems:\n  - 1 # 最后\n"
    for reason in reasons:
        text = with_correction(text, DAY, reason.strip(), "b" * 64)
    read = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  # makes texts only
    assert [entry["reason"] for entry in read["corrections"]] == [reason.strip() for reason in reasons]
    assert read["items"] == ["1"]


def test_comments_between_corrections_stay(frozen: Path) -> None:
    """An editor's own remarks and layout are kept when an entry is added."""
    penalties(frozen, 4875, 4876)
    assert run(correct, "2024", "--reason", REASON, "--on", "2025-03-05", project=frozen).code == 0
    path = frozen / "data" / "2024.yml"
    edit(path, "  - on: 2025-03-05\n", "  # 电话告知了来信人\n  - on: 2025-03-05   # 星期三\n")
    old = path.read_text(encoding="utf-8")
    penalties(frozen, 4876, 4877)
    assert run(correct, "2024", "--reason", "又一次。", "--on", "2025-03-06", project=frozen).code == 0
    new = path.read_text(encoding="utf-8").replace("[4877]", "[4876]").splitlines()
    start = new.index("  - on: 2025-03-06")
    assert new[:start] + new[start + 3 :] == old.splitlines()


TEXTS = st.text(alphabet="甲乙丙，。01299 ab", max_size=30)


@given(old=TEXTS, new=TEXTS)
def test_marked_spans_turn_the_old_text_into_the_new(old: str, new: str) -> None:
    """What is outside the spans is the same in both; replacing the spans gives the new text."""
    built, position = "", 0
    for start, end, new_start, new_end in changed_spans(old, new):
        built += old[position:start] + new[new_start:new_end]
        position = end
    assert built + old[position:] == new


PASSAGES = st.lists(st.tuples(st.sampled_from(["p", "li", "h2"]), TEXTS.filter(str.strip)), max_size=8).map(tuple)


@given(old=PASSAGES, new=PASSAGES)
def test_every_passage_is_kept_changed_added_or_taken_away(
    snapshot: Snapshot, own: Dataset, old: tuple[tuple[str, str], ...], new: tuple[tuple[str, str], ...]
) -> None:
    """Whatever happened to a page, the differences account for each of its passages, old and new."""
    states = [
        replace(snapshot, schema=OLD, pages={"index.md": Words(blocks=tuple(map(Block._make, passages)))})
        for passages in (old, new)
    ]
    found = differences(states[0], states[1], own.forms[2021])
    gone = Counter(change.old for change in found if change.old is not None)
    come = Counter(change.new for change in found if change.new is not None)
    even = [Counter(_even(text) for _, text in passages) for passages in (old, new)]
    kept = even[0] - Counter(map(_even, gone.elements()))
    assert kept == even[1] - Counter(map(_even, come.elements()))
    assert differences(states[0], states[0], own.forms[2021]) == ()
    for change in found:
        assert change.new is None or new[change.index][1] == change.new


def _even(text: str) -> str:
    return re.sub(r"(?<=[^\x00-\x7f]) | (?=[^\x00-\x7f])", "", re.sub(r"\s+", " ", text))


@pytest.fixture(scope="module")
def snapshot(frozen_once: Path) -> Snapshot:
    """Return the snapshot of a frozen report."""
    return decoded((frozen_once / "examples" / "data" / "published" / "2024-1.json").read_bytes()).report


def test_large_pages_are_compared_with_little_work(snapshot: Snapshot, own: Dataset) -> None:
    """Twice as many paragraphs, rewritten as a whole or one of them, take twice the work; a megabyte is no trouble."""

    def compared(length: int) -> None:
        many = tuple(("p", f"第{number}段，原来的文字。") for number in range(length))
        other = tuple(("p", f"改写的第{number}段文字。") for number in range(length))
        one, same = (("p", "公开" * (length * 8)),), tuple(("li", "无") for _ in range(length))
        for old, new in (
            (many, other),
            (one, (("p", "公开" * (length * 8 - 1) + "信息"),)),
            (same, same[1:]),
            (many, many[:-1]),
        ):
            pages = [{"index.md": Words(blocks=tuple(map(Block._make, passages)))} for passages in (old, new)]
            before, after = (replace(snapshot, pages=page) for page in pages)
            assert differences(before, after, own.forms[2021])

    once, twice = (calls(partial(compared, length)) for length in (2_000, 4_000))
    assert twice < 2.2 * once
    compared(30_000)


def test_the_list_needs_whole_records(frozen: Path) -> None:
    """Where the earlier state is lost nothing is shown by halves: the rule says what is missing."""
    penalties(frozen, 4875, 4876)
    assert run(correct, "2024", "--reason", REASON, project=frozen).code == 0
    (frozen / "data" / "published" / "2024-1.json").unlink()
    (told,) = changed(frozen, 2024)
    assert "缺少 data/published/2024-1.json，它记着公布的内容；请从版本库恢复" in told
