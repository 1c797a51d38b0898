"""What originals print beside a figure: taken with the address of the cell, shown wherever the cell is, kept."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from building import ROOT
from markupsafe import escape
from nianbao.comparison.series import Line, Years
from nianbao.exports.comma_separated import csv_file
from nianbao.exports.json_report import report_facts
from nianbao.exports.tidy import tidy_rows
from nianbao.lifecycle.changes import describe
from nianbao.lifecycle.differences import differences
from nianbao.lifecycle.snapshot import SCHEMA, encoded, read_snapshot, take
from nianbao.model.dataset import read_dataset
from nianbao.pages.figures import figure
from nianbao.pages.lists import key_figures
from nianbao.prose.passages import YearText
from nianbao.rules.checking import check
from nianbao.tables.html import render_table
from nianbao.tables.notes import note_texts

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.model.dataset import Dataset
    from nianbao.model.report import Report

ROW = "normative_documents:    [1, 0, 11]"
ISSUED = "disclosure.normative_documents.issued"


def read(folder: Path, *edits: tuple[str, str], year: int = 2025) -> Dataset:
    """Return the examples with *edits* to the file of *year*: what stands there and what does then."""
    shutil.copytree(ROOT / "examples" / "data", folder / "data")
    path = folder / "data" / f"{year}.yml"
    text = path.read_text(encoding="utf-8")
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return read_dataset(folder, folder / "data")


def remarked(folder: Path, remarks: dict[str, str], *edits: tuple[str, str], year: int = 2025) -> Dataset:
    """Return the examples with *remarks* on cells of *year*, and *edits* as in `read`."""
    lines = "".join(f"  {address}: {json.dumps(words, ensure_ascii=False)}\n" for address, words in remarks.items())
    return read(folder, ("processing_fee:", f"remarks:\n{lines}processing_fee:"), *edits, year=year)


def report_of(dataset: Dataset, year: int = 2025) -> Report:
    """Return the report of *year*, of which nothing was found."""
    assert not dataset.findings, list(map(str, dataset.findings))
    return dataset.reports[year]


def test_a_remark_stands_below_the_table_and_its_figure_stays_a_figure(tmp_path: Path) -> None:
    """The cell has its number and a mark, the note says the rest, escaped, in pages, documents and downloads."""
    words = "其中修订<b>16</b>件。"
    report = report_of(remarked(tmp_path, {ISSUED: words}))
    assert figure(report, ISSUED) == "1"
    table = report.form.table("disclosure")
    assert table is not None
    note = "“行政规范性文件”的“本年制发件数”：其中修订<b>16</b>件。"
    assert note_texts(table, report.cells[table.id]) == (f"注：{note}",)
    html = str(render_table(report, table))
    assert f'>1<a class="table-mark" href="#{ISSUED}.note"' in html
    assert html.count(f'id="{ISSUED}.note"') == 1
    assert str(escape("其中修订<b>16</b>件。")) in html
    assert "<b>16" not in html
    rows = csv.DictReader(io.StringIO(csv_file(tidy_rows("a", report, table)).decode("utf-8-sig")))
    assert {row["address"]: (row["value"], row["remark"]) for row in rows if row["remark"]} == {
        ISSUED: ("1", "其中修订<b>16</b>件")
    }
    cells = report_facts("a", report, "")["tables"][0]["cells"]
    assert {cell["address"]: cell["remark"] for cell in cells if cell["remark"]} == {ISSUED: "其中修订<b>16</b>件"}


def test_a_remark_on_a_total_goes_with_what_is_printed_there(tmp_path: Path) -> None:
    """One note says both, cards and the comparison say it of the figure that they show; a short address will do."""
    edit = ("reconsideration:        [2, 0, 1, 0]", "reconsideration: [2, 0, 1, 0, 1]")
    dataset = remarked(tmp_path, {"review.reconsideration.total": "原件改过笔", "requests.received": "含信函<1>"}, edit)
    report = report_of(dataset)
    table = report.form.table("review")
    assert table is not None
    assert note_texts(table, report.cells["review"]) == (
        "注：“行政复议”的“总计”按原件记为 1，各分项相加为 3；原件改过笔。",
    )
    assert str(render_table(report, table)).count('id="review.reconsideration.total.note"') == 1
    assert report.remarks == {"review.reconsideration.total": "原件改过笔", "requests.received.total": "含信函<1>"}
    assert "含信函&lt;1&gt;" in key_figures(report)
    years = Years.of(dataset.reports[2024], report, forms=dataset.forms)
    series = years.series(Line(addresses=("requests.received",)))
    assert series is not None
    assert any(note.endswith("：含信函<1>。") and note.startswith("2025年") for note in series.notes)


def test_an_empty_cell_may_have_a_remark(tmp_path: Path) -> None:
    """It stays empty, with the mark and both notes."""
    report = report_of(remarked(tmp_path, {ISSUED: "原件划去"}, (ROW, "normative_documents: [空白, 0, 13]")))
    table = report.form.table("disclosure")
    assert table is not None
    assert [note.startswith("注：空白的格") for note in note_texts(table, report.cells[table.id])] == [True, False]
    assert f'"{ISSUED}" headers=' in str(render_table(report, table)).replace("id=", "")


def test_remarks_are_part_of_what_was_published(tmp_path: Path) -> None:
    """They are kept, and a later change is told; rules see the figure alone."""
    pages = [{}, {ISSUED: "其中修订1件"}, {ISSUED: "其中修订2件"}]
    datasets = [
        remarked(tmp_path / str(number), words) if words else read(tmp_path / "0") for number, words in enumerate(pages)
    ]
    rules = [[str(one) for one in check(dataset, {}, years={2025}).findings()] for dataset in datasets]
    assert [re.sub(":[0-9]+:", ":", line) for line in rules[1]] == [re.sub(":[0-9]+:", ":", line) for line in rules[0]]
    reports = [report_of(dataset) for dataset in datasets]
    kept = [
        read_snapshot(
            json.loads(
                encoded(take(report, YearText(year=2025, form=report.form, pages={}), tmp_path / "none").document())
            ),
            SCHEMA,
        )
        for report in reports
    ]
    assert kept[1].remarks == {ISSUED: "其中修订1件"}
    form = reports[0].form
    told = [[describe(one) for one in differences(old, new, form)] for old, new in pairwise(kept)]
    name = "第二部分的表：行政规范性文件，本年制发件数的说明"
    assert told == [[f"“{name}”增加了 其中修订1件"], [f"“{name}”由 其中修订1件 改为 其中修订2件"]]


@pytest.mark.parametrize(
    ("remarks", "expected"),
    [
        ({"disclosure.normative_documents": "多列"}, "对单元格的说明里没有“disclosure.normative_documents”这一项"),
        (
            {"requests.received": "一", "requests.received.total": "二"},
            "说的是同一格 requests.received.total；请合并成一条",
        ),
        ({ISSUED: ""}, "的说明是空的"),
        ({ISSUED: "{{ 宏 }}"}, "不能含有“{{”"),
    ],
)
def test_what_is_no_remark_is_told(remarks: dict[str, str], expected: str, tmp_path: Path) -> None:
    """At its own place in the file."""
    found = remarked(tmp_path, remarks).findings
    assert [expected in finding.message for finding in found] == [True]
    assert found[0].place.line > 1


@pytest.mark.parametrize("written", ["22（其中修订16件）", "22 (其中修订16件)"])
def test_advice_on_words_in_a_cell_works(written: str, tmp_path: Path) -> None:
    """The message gives the figure and the line for the remark; followed, they are in order."""
    found = read(tmp_path / "before", (ROW, f"normative_documents: [{written}, 0, 13]")).findings
    assert ["请只写 22，" in finding.message for finding in found] == [True]
    address, _, words = found[0].message.partition("写在 remarks 里：")[2].partition(": ")
    report = report_of(remarked(tmp_path / "after", {address: words}, (ROW, "normative_documents: [22, 0, 13]")))
    assert (report.remarks, figure(report, ISSUED)) == ({ISSUED: "其中修订16件"}, "22")


def test_advice_on_a_unit_in_a_cell_names_the_figure_only_where_units_agree(tmp_path: Path) -> None:
    """43.788万元 is 43.788 there; 437880元 is not."""
    fees = re.search(r"administrative_fees: .*\]", (ROOT / "examples/data/2025.yml").read_text(encoding="utf-8"))
    assert fees is not None
    told = []
    for number, written in enumerate(("43.788万元", "437880元")):
        edit = (fees.group(), f"administrative_fees: [{written}]")
        told += [finding.message for finding in read(tmp_path / str(number), edit).findings]
    assert ["请只写 43.788，不写单位" in told[0], "请只写 以万元为单位的数，不写单位" in told[1]] == [True, True]


def test_advice_on_an_amount_without_a_unit_works(tmp_path: Path) -> None:
    """The unit that it is taken for stands in the figure, and the remark says that it was not printed."""
    text = (ROOT / "examples/data/2019.yml").read_text(encoding="utf-8")
    row = re.search(r"government_procurement: .*\]", text)
    assert row is not None
    found = read(tmp_path / "before", (row.group(), "government_procurement: [3, 256146]"), year=2019).findings
    assert ["写上单位元或万元，原件没有印单位的，在 remarks 里说明" in finding.message for finding in found] == [True]
    address = "disclosure.government_procurement.amount"
    edit = (row.group(), "government_procurement: [3, 256146元]")
    report = report_of(
        remarked(tmp_path / "after", {address: "原件印作 256146，没有单位，按元计"}, edit, year=2019), 2019
    )
    assert (figure(report, address), report.figure(address)) == ("256146", 256146)
