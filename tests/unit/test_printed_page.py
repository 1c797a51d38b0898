"""Data against the printed page: totals typed twice, cells that cannot be read, and what is judged all the same."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from building import ROOT
from nianbao.comparison.changes import change_table
from nianbao.comparison.series import Line, Years
from nianbao.exports.json_report import report_facts
from nianbao.exports.tidy import tidy_rows
from nianbao.lifecycle.differences import differences
from nianbao.lifecycle.record import Record, decoded
from nianbao.lifecycle.snapshot import take
from nianbao.model.dataset import read_dataset
from nianbao.pages.figures import figure
from nianbao.pages.lists import item_list, key_figures
from nianbao.picture.html import render as render_picture
from nianbao.picture.model import year_picture
from nianbao.picture.poster import poster
from nianbao.prose.passages import YearText
from nianbao.prose.reading import PageReader
from nianbao.reading.numbers import BLANK, GAPS, UNKNOWN
from nianbao.rules.checking import check
from nianbao.rules.macros import exception_line
from nianbao.tables.html import render_table
from nianbao.tables.notes import EMPTY, EMPTY_AS_ZERO, EMPTY_TOTAL, note_texts

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.model.dataset import Dataset
    from nianbao.model.report import Report

Edit = tuple[str, str, str]


def read(folder: Path, *edits: Edit) -> Dataset:
    """Return the examples with *edits*, each a file of data/, what stands there and what does then."""
    shutil.copytree(ROOT / "examples" / "data", folder / "data")
    for name, old, new in edits:
        path = folder / "data" / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{name} has no {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return read_dataset(folder, folder / "data")


def told(dataset: Dataset, year: int) -> list[str]:
    """Return mistakes of the data, and the rule, level and subject of what is found in *year*."""
    findings = check(dataset, {}, years={year}).findings()
    return [*map(str, dataset.findings), *(f"{one.rule} {one.level} {one.subject}" for one in findings)]


def notes(report: Report, id_: str) -> tuple[str, ...]:
    """Return the notes below a table, which its page shows too."""
    table = report.form.table(id_)
    assert table is not None
    texts = note_texts(table, report.cells[id_])
    html = render_table(report, table).striptags().replace(" ", "")
    assert all(text.replace(" ", "") in html for text in texts)
    return texts


DIRECT, REVIEW = (
    ("2025.yml", "direct:               [0, 0, 0, 0]"),
    ("2025.yml", "reconsideration:        [2, 0, 1, 0]"),
)
CASES = {
    "a total that agrees (B15)": ((*REVIEW, "reconsideration: [2, 0, 1, 0, 3]"), []),
    "a total that cannot be read": ((*REVIEW, "reconsideration: [2, 0, 1, 0, 不详]"), []),
    "a total of another group": (
        (*REVIEW, "reconsideration: [2, 0, 1, 0, 1]"),
        ["T4-02 error review.reconsideration.total"],
    ),
    "totals beside a cell that cannot be read, in the column of totals (B8)": (
        ("2019.yml", "1, 44]", "1, 45]"),
        ["T3-03 error requests.results.total.total", "T3-02 error requests.carried_out.total"],
    ),
    "the total of what is carried out, where a cell cannot be read (B9)": (
        (
            "2019.yml",
            "carried_out:                    [ 2,  1,   0,   0,   0,   0]",
            "carried_out: [不详, 1, 0, 0, 0, 0, 4]",
        ),
        ["T3-02 error requests.carried_out.total", "T3-05 error requests.carried_in.total"],
    ),
    "a pending case beside a printed total of 0 (B10)": (
        ("2025.yml", "after_reconsideration: [1, 0, 0, 0]", "after_reconsideration: [不详, 不详, 不详, 不详, 0]"),
        ["T4-04 warning review.litigation.after_reconsideration.total"],
    ),
}


@pytest.mark.parametrize(("edit", "expected"), CASES.values(), ids=CASES)
def test_totals_are_judged_beside_what_cannot_be_read(edit: Edit, expected: list[str], tmp_path: Path) -> None:
    """A total that was typed is judged with its parts, its column, its row and the year before and after."""
    plain = read(tmp_path / "plain")
    edited = read(tmp_path / "edited", edit)
    new = [line for year in (2019, 2020, 2025) for line in told(edited, year) if line not in told(plain, year)]
    doubts = ("T3-01 ", "T4-01 ", "P-03 ", "W-01 ")
    assert [line for line in new if not line.startswith(doubts)] == expected


def test_a_total_that_agrees_is_counted(tmp_path: Path) -> None:
    """What was typed twice alike is confirmed, and told apart from what was only computed."""
    counts = []
    for folder, edits in (("one", []), ("two", [(*REVIEW, "reconsideration: [2, 0, 1, 0, 3]")])):
        results = check(read(tmp_path / folder, *edits), {}, years={2025}).results[2025]
        counts.append(next((one.confirmed, one.entered) for one in results if one.rule.code == "T4-02"))
    assert counts == [(3, 0), (3, 1)]


def test_a_printed_total_is_the_figure_of_its_group(tmp_path: Path) -> None:
    """Where parts cannot be added up, the group has the original's total wherever it is quoted (B5)."""
    report = read(tmp_path, (*REVIEW, "reconsideration: [2, 不详, 0, 0, 3]")).reports[2025]
    assert {figure(report, path) for path in ("review.reconsideration", "review.reconsideration.total")} == {"3"}
    assert "“行政复议”：有分项不详，这里用原件印出的合计3" in key_figures(report)
    picture = year_picture(report, None, {2021: report.form})
    assert "3" in [key.text for key in picture.keys if key.path == "review.reconsideration"]
    assert "行政复议3件、行政诉讼1件" in "".join(picture.sentences)
    series = Years.of(report, forms={2021: report.form}).series(Line(addresses=("review.reconsideration",)))
    assert series is not None
    assert [point.text for point in series.points] == ["3"]


def test_totals_that_disagree_are_named_and_told_beside_the_other_figure(tmp_path: Path) -> None:
    """The note of a group's total names the group (B3), and cards say why they have another number (B4)."""
    report = read(
        tmp_path, (*REVIEW, "reconsideration: [2, 0, 1, 0, 1]"), (*DIRECT, "direct: [0, 0, 0, 0, 2]")
    ).reports[2025]
    assert notes(report, "review") == (
        "注：“行政复议”的“总计”按原件记为 1，各分项相加为 3。",
        "注：“未经复议直接起诉”的“总计”按原件记为 2，各分项相加为 0。",
    )
    cards = key_figures(report)
    assert "“行政复议”：原件印出的合计是1，各分项相加为3，这里用后一个数" in cards
    assert "“未经复议直接起诉”：原件印出的合计是2，各分项相加为0，这里用后一个数" in cards


def test_a_total_that_cannot_be_read_stays_so(tmp_path: Path) -> None:
    """The page has it as the original does, figures are reckoned from the parts, and the note says both (B13)."""
    report = read(tmp_path, (*REVIEW, "reconsideration: [2, 0, 1, 0, 不详]")).reports[2025]
    assert report.cells["review"]["", "reconsideration.total"].text == "不详"
    assert figure(report, "review.reconsideration") == "3"
    assert "注：“行政复议”的“总计”原件无法辨认，各分项相加为 3。" in notes(report, "review")


BLANKS: Edit = ("2025.yml", "reconsideration:        [2, 0, 1, 0]", "reconsideration: [2, 空白, 1, 空白, 空白]")
ZERO: Edit = ("2025.yml", "processing_fee:", "blanks_are_zero: true\nprocessing_fee:")


def test_an_empty_cell_is_neither_0_nor_unread(tmp_path: Path) -> None:
    """It is printed empty with a note of its own, and what it is a part of is not known (B14)."""
    report = read(tmp_path, BLANKS).reports[2025]
    cells = report.cells["review"]
    assert [cells["", f"reconsideration.{column}"].text for column in ("corrected", "total")] == ["", ""]
    assert figure(report, "review.reconsideration.corrected") == figure(report, "review.reconsideration") == "空白"
    assert notes(report, "review") == tuple(f"注：{note}" for note in (EMPTY, EMPTY_TOTAL))
    table = report.form.table("review")
    assert table is not None
    rows = {row.address: (row.value, row.status, row.computed) for row in tidy_rows("", report, table)}
    assert rows["review.reconsideration.corrected"] == (None, "blank", None)
    assert rows["review.reconsideration.total"] == (None, "blank", None)
    assert rows["review.reconsideration.upheld"] == (2, "typed", None)


def test_a_report_may_say_that_its_empty_cells_are_0(tmp_path: Path) -> None:
    """Then sums and rules count them so, readers are told, and the cell stays empty."""
    report = read(tmp_path, BLANKS, ZERO).reports[2025]
    assert report.cells["review"]["", "reconsideration.corrected"].text == ""
    assert (figure(report, "review.reconsideration.corrected"), figure(report, "review.reconsideration")) == ("0", "3")
    assert notes(report, "review") == tuple(f"注：{note}" for note in (EMPTY_AS_ZERO, EMPTY_TOTAL))
    table = report.form.table("review")
    assert table is not None
    rows = {row.address: (row.value, row.status, row.computed) for row in tidy_rows("", report, table)}
    assert rows["review.reconsideration.corrected"] == (0, "blank", None)
    assert rows["review.reconsideration.total"] == (None, "blank", 3)


def test_many_empty_cells_are_one_doubt(tmp_path: Path) -> None:
    """All empty cells of a table are told in one line, which a waiver of the table lets stand."""
    text = (ROOT / "examples" / "data" / "2025.yml").read_text(encoding="utf-8")
    rows = [row for row in re.findall(r"\[[ 0-9,]+\]", text) if row.count(",") == 5]
    dataset = read(tmp_path, *(("2025.yml", row, f"[{', '.join(['空白'] * 6)}]") for row in rows))
    assert [line for line in told(dataset, 2025) if line.startswith("T3")] == ["T3-01 uncertain requests"]


def test_what_blanks_mean_is_part_of_what_was_published(tmp_path: Path) -> None:
    """To say later that blanks were 0 changes the report, and is told as a change."""
    reports = [read(tmp_path / name, *edits).reports[2025] for name, edits in (("a", (BLANKS,)), ("b", (BLANKS, ZERO)))]
    pages = YearText(year=2025, form=reports[0].form, pages={})
    old, new = (decoded(Record(report=take(report, pages, tmp_path)).encoded()).report for report in reports)
    changes = {(one.key, one.old, one.new) for one in differences(old, new, reports[0].form)}
    assert changes == {("blanks_are_zero", None, "没有发生")}
    assert old.cells["review.reconsideration.corrected"] == "空白"


ITEMS = re.compile(r"^items:\n(?:[ #].*\n)+", re.MULTILINE)


def with_items(folder: Path, items: str) -> Dataset:
    """Return the examples with *items* as those of 2025, written as the data file has them."""
    shutil.copytree(ROOT / "examples" / "data", folder / "data")
    path = folder / "data" / "2025.yml"
    text, count = ITEMS.subn(items, path.read_text(encoding="utf-8"))
    assert count == 1
    path.write_text(text, encoding="utf-8")
    return read_dataset(folder, folder / "data")


COUNTED = """items:
  - category: 概况信息
    count: 1688
    entries:
      - {title: 机构职能, full_text: true}
  - {category: 财政信息, count: 2, entries: []}
"""


def test_items_are_counted_without_titles(tmp_path: Path) -> None:
    """A count is the figure wherever items are counted; a share of what is not listed is not known."""
    report = with_items(tmp_path, COUNTED).reports[2025]
    paths = ("items", "items.概况信息", "items.财政信息", "items.full_text_rate")
    assert [figure(report, path) for path in paths] == ["1690", "1688", "2", "不详"]
    listed = item_list(report)
    assert "概况信息（1688条）" in listed
    assert "这一类只列出其中1条" in listed
    assert "财政信息（2条）" in listed
    assert year_picture(report, None, {2021: report.form}).items == "按类别：概况信息1688条、财政信息2条。"
    assert "主动公开政府信息1690条。" in year_picture(report, None, {2021: report.form}).sentences
    items = report_facts("", report, "")["items"]
    assert [(item["category"], item["count"]) for item in items] == [("概况信息", 1688), ("财政信息", 2)]


@pytest.mark.parametrize(
    "items",
    ["items: 不详\n", "items:\n  - {category: 概况信息, count: 不详, entries: []}\n"],
    ids=["all", "a category"],
)
def test_unknown_items_are_never_0(items: str, tmp_path: Path) -> None:
    """Where an original does not tell, no page or file says that there are none (B7)."""
    report = with_items(tmp_path, items).reports[2025]
    assert figure(report, "items") == "不详"
    assert "不详</span> </dd>" in key_figures(report)
    picture = year_picture(report, None, {2021: report.form})
    words = (item_list(report), picture.items, *picture.sentences)
    assert not [text for text in words if "没有主动公开" in text or "0条" in text]
    assert "不详" in item_list(report)
    assert "不详" in picture.items


def test_a_count_below_what_is_listed_is_told(tmp_path: Path) -> None:
    """More titles than items cannot be."""
    items = COUNTED.replace("count: 1688", "count: 1").replace("full_text: true}", "full_text: true}\n" + EXTRA)
    dataset = with_items(tmp_path, items)
    assert [finding.message for finding in dataset.findings] == [
        "“概况信息”写明 1 条，列出的却有 2 条；请改正，全部列出的不写 count"
    ]


EXTRA = "      - {title: 办公地址, full_text: true}"


def test_counts_are_part_of_what_was_published(tmp_path: Path) -> None:
    """A count that changes is told as a change, and read back from what was kept."""
    old, new = (
        with_items(tmp_path / name, items).reports[2025]
        for name, items in (("a", COUNTED), ("b", COUNTED.replace("1688", "1689")))
    )
    pages = YearText(year=2025, form=old.form, pages={})
    kept = [decoded(Record(report=take(report, pages, tmp_path)).encoded()).report for report in (old, new)]
    assert kept[0].categories == old.categories
    changes = {(one.what, one.old, one.new) for one in differences(kept[0], kept[1], old.form)}
    assert changes == {("主动公开的概况信息的条数", "1688", "1689")}


def pages_found(folder: Path, year: int, **edits: tuple[str, str]) -> tuple[list[str], str]:
    """Return rule and level of what is found in *year* of the examples with *edits*, and the public list of it.

    An edit is what stands in a file and what does then; the file is ``data`` or a page by its number.
    """
    for part in ("data", "docs"):
        shutil.copytree(ROOT / "examples" / part, folder / part)
    files = {"data": folder / "data" / f"{year}.yml"}
    files |= {f"page_{path.name[0]}": path for path in (folder / "docs" / str(year)).glob("[1-6]-*.md")}
    for name, (old, new) in edits.items():
        text = files[name].read_text(encoding="utf-8")
        assert old in text
        files[name].write_text(text.replace(old, new, 1), encoding="utf-8")
    dataset = read_dataset(folder, folder / "data")
    reader = PageReader(dataset, folder, folder / "data", folder / "docs")
    texts = {one: read_ for one in (year - 1, year) if (read_ := reader.year(dataset.reports[one])) is not None}
    results = check(dataset, texts, years={year}).results[year]
    lines = [exception_line(year, one.finding, "") for result in results for one in result.waived]
    findings = [f"{one.rule} {one.level}" for result in results for one in result.findings]
    return [*map(str, dataset.findings), *findings], "".join(lines)


def test_a_transcribed_report_is_not_told_to_change_what_was_printed(tmp_path: Path) -> None:
    """No advice on macros in its words; no day of publication and no digest is nothing to be reminded of."""
    typed = ('共收到申请{{ figure("requests.received") }}件', "共收到申请86件")
    told_ = {}
    for name, line in (("plain", ""), ("transcribed", "transcribed: true\n")):
        text = (ROOT / "examples" / "data" / "2024.yml").read_text(encoding="utf-8")
        found = re.search(r"published_on: .*\ndigest: .*\n", text)
        assert found is not None
        told_[name], _ = pages_found(tmp_path / name, 2024, data=(found.group(), line), page_1=typed)
    assert set(told_["plain"]) - set(told_["transcribed"]) == {"X-09 warning", "P-01 uncertain", "P-11 warning"}
    assert set(told_["transcribed"]) <= set(told_["plain"])


def test_what_the_public_reads_of_a_waived_finding_has_no_macro(tmp_path: Path) -> None:
    """Advice to an editor goes, also where it does not begin with 请 (B1)."""
    waiver = "waivers:\n  - {rule: Q-13, place: 6-other.md：信息处理费, reason: 原件如此}\nprocessing_fee:"
    page = (ROOT / "examples" / "docs" / "2025" / "6-other.md").read_text(encoding="utf-8")
    found, words = pages_found(tmp_path, 2025, data=("processing_fee:", waiver), page_6=(page, NOTHING_TOLD))
    assert not [line for line in found if line.startswith(("W-", "Q-13"))]
    assert "第六部分没有报告收取信息处理费情况" in words
    assert "figure" not in words


def test_a_table_cannot_be_waived_away(tmp_path: Path) -> None:
    """What check accepts is built: a sentence in place of a table is a variant of the form and no waiver (B2)."""
    page = (ROOT / "examples" / "docs" / "2025" / "4-review.md").read_text(encoding="utf-8")
    sentence = "# 四、政府信息公开行政复议、行政诉讼情况 {#section-4}\n\n本年度行政复议3件。\n"
    waiver = (
        "transcribed: true\nwaivers:\n  - {rule: S-09, place: 4-review.md：review, reason: 原件如此}\nprocessing_fee:"
    )
    found, _ = pages_found(tmp_path, 2025, data=("processing_fee:", waiver), page_4=(page, sentence))
    assert {"S-09 error", "W-01 error"} <= set(found)


NOTHING_TOLD = "# 六、其他需要报告的事项 {#section-6}\n\n无。\n"


def test_a_comparison_says_that_a_group_is_printed_otherwise(tmp_path: Path) -> None:
    """The series of a group has the note that one of a row has (B6)."""
    dataset = read(tmp_path, (*REVIEW, "reconsideration: [2, 0, 1, 0, 1]"))
    years = Years.of(dataset.reports[2024], dataset.reports[2025], forms=dataset.forms)
    series = years.series(Line(addresses=("review.reconsideration",)))
    assert series is not None
    assert series.notes == ("2025年“行政复议”：原件印出的合计是1，各分项相加为3，这里用后一个数。",)


def test_a_wrong_total_of_an_old_original_is_said_once(tmp_path: Path) -> None:
    """Typed as it is printed it is a doubt, told at its place and to the public; no waiver is needed, one may be."""
    wrong = (*REVIEW, "reconsideration: [2, 0, 1, 0, 1]")
    transcribed: Edit = ("2025.yml", "processing_fee:", "transcribed: true\nprocessing_fee:")
    waiver = "{rule: T4-02, place: review.reconsideration.total, reason: 原件如此}"
    waived: Edit = ("2025.yml", "processing_fee:", f"waivers: [{waiver}]\nprocessing_fee:")
    found = []
    for name, edits in (("own", [wrong]), ("old", [wrong, transcribed]), ("waived", [wrong, waived, transcribed])):
        dataset = read(tmp_path / name, *edits)
        result = next(one for one in check(dataset, {}, years={2025}).results[2025] if one.rule.code == "T4-02")
        found.append((result.state, [one.level for one in result.findings]))
        assert "按原件记为 1" in notes(dataset.reports[2025], "review")[0]
        assert not [line for line in told(dataset, 2025) if line.startswith("W-")]
    assert found == [("failed", ["error"]), ("uncertain", ["uncertain"]), ("waived", [])]


def all_typed_as(folder: Path, word: str) -> Dataset:
    """Return the examples with *word* in place of every figure of the tables of 2025."""
    shutil.copytree(ROOT / "examples" / "data", folder / "data")
    path = folder / "data" / "2025.yml"
    facts, disclosure, tables = path.read_text(encoding="utf-8").partition("\ndisclosure:")
    lists = re.compile(r"\[[-0-9., ]+\]")
    tables = lists.sub(lambda found: re.sub(r"[0-9.]+", word, found[0]), tables)
    facts = re.sub(r"processing_fee: +[0-9.]+", f"processing_fee: {UNKNOWN if word == BLANK else word}", facts)
    path.write_text(f"{facts}{disclosure}{tables}", encoding="utf-8")
    dataset = read_dataset(folder, folder / "data")
    assert not dataset.findings
    return dataset


@pytest.mark.parametrize("word", GAPS)
def test_words_in_place_of_figures_have_no_unit(word: str, tmp_path: Path) -> None:
    """Neither on cards nor in the picture, its file, its table or the comparison; no heading stands over nothing."""
    dataset = all_typed_as(tmp_path, word)
    report = replace(dataset.reports[2025], items_unknown=True, categories=())
    picture = year_picture(report, dataset.reports[2024], dataset.forms)
    drawn = [render_picture(picture, pixels=False), poster(picture).decode(), str(key_figures(report))]
    drawn += [str(change_table(Years.of(dataset.reports[2024], report, forms=dataset.forms), "review"))]
    texts = [re.sub(r"\s+", "", re.sub(r"<[^>]*>", "", text)) for text in drawn]
    assert word in texts[0]
    assert not [found for text in texts for found in re.findall(rf"{word}(?:件|条|元|万元|项)", text)]
    assert picture.sentences == ()
    assert not [text for text in texts if "数据说明了什么" in text]


def test_what_waits_has_a_status_of_its_own(tmp_path: Path) -> None:
    """The downloads of a draft tell 待填 from 不详, totals too."""
    statuses = {}
    for word in GAPS:
        report = all_typed_as(tmp_path / word, word).reports[2025]
        tables = report.form.tables
        statuses[word] = {row.status for table in tables for row in tidy_rows("a", report, table)}
        assert {row.value for table in tables for row in tidy_rows("a", report, table)} == {None}
    assert statuses == {"待填": {"pending"}, "不详": {"unknown"}, "空白": {"blank", "unknown"}}
