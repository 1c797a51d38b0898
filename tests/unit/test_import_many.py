"""Many reports at once: one portal a body, a table of what became of each, and nothing that stops the others."""

from __future__ import annotations

import csv
import datetime as dt
import io
import multiprocessing
import time
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import html5lib
import pytest
from nianbao.command.importing import import_
from nianbao.data_files.writing import exclusively
from nianbao.importing import gathering, many
from nianbao.importing.gathering import gather, report_files
from nianbao.importing.many import Row, import_many, worst_first
from nianbao.importing.summary import csv_file, html_file, text_lines
from nianbao.model.dataset import read_dataset
from nianbao.model.project import WrongUseError
from nianbao.reading.refusal import RefusedError
from nianbao.running.crew import Limits
from nianbao.running.processes import Processes
from printed import printed_2023
from projects import run

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.model.dataset import Dataset

TODAY = dt.date(2026, 6, 1)


def text_of(own: Dataset, body: str, year: int) -> str:
    """Return a report of *body* for *year* as the text of its page."""
    printed = printed_2023(replace(own.reports[2023], agency_name=body))
    return printed.replace("政府信息公开工作", f"{year}年政府信息公开工作", 1)


@pytest.fixture
def folder(own: Dataset, tmp_path: Path) -> Path:
    """Return a folder of five files: two bodies, one of them with two years, and two that cannot be read."""
    made = tmp_path / "各单位"
    (made / "甲").mkdir(parents=True)
    (made / "乙").mkdir()
    for body, year in (("甲市水务局", 2022), ("甲市水务局", 2023), ("甲市乙区人民政府", 2023)):
        (made / body[:1] / f"{body}{year}.txt").write_text(text_of(own, body, year), encoding="utf-8")
    (made / "乙" / "坏.docx").write_bytes(b"PK\x03\x04 damaged")
    (made / "乙" / "工作总结.txt").write_text("本年工作总结。\n", encoding="utf-8")
    (made / "~$临时.docx").write_bytes(b"")
    return made


def test_a_folder_of_reports(own: Dataset, folder: Path, tmp_path: Path) -> None:
    """Each body has its portal, the table tells the worst first, in three forms."""
    done = run(import_, str(folder), "--batch", "输出", project=tmp_path)
    assert done.code == 1
    assert "5 份报告：全部读出 0 份，要问 3 份，拒绝 2 份；共读出 579 格" in done.printed
    out = tmp_path / "输出"
    assert sorted(path.name for path in out.iterdir()) == sorted(
        ["汇总.csv", "汇总.html", "甲市水务局", "甲市乙区人民政府"]
    )
    waterworks = read_dataset(out, out / "甲市水务局/data")
    assert sorted(waterworks.reports) == [2022, 2023]
    assert waterworks.reports[2023].cells["review"] == own.reports[2023].cells["review"] or all(
        cell.value == 0 for cell in waterworks.reports[2023].cells["review"].values()
    )
    agency = read_dataset(out, out / "甲市乙区人民政府/data").agency
    assert agency is not None
    assert agency.kind == "government"
    rows = list(csv.DictReader(io.StringIO((out / "汇总.csv").read_text(encoding="utf-8-sig"), newline="")))
    assert [(row["机关"], row["年度"], row["读出"], row["要问"], row["拒绝"]) for row in rows] == [
        ("", "", "", "", "是"),
        ("", "", "", "", "是"),
        ("甲市乙区人民政府", "2023", "193", "7", ""),
        ("甲市水务局", "2022", "193", "7", ""),
        ("甲市水务局", "2023", "193", "7", ""),
    ]
    assert {row["文件"] for row in rows[:2]} == {"坏.docx", "工作总结.txt"}
    assert all(row["原因"] for row in rows)
    html5lib.HTMLParser(strict=True).parse((out / "汇总.html").read_bytes())
    assert multiprocessing.active_children() == []


def test_a_zip_of_reports(folder: Path, tmp_path: Path) -> None:
    """A ZIP gives the same as its folder; names that lead elsewhere stay inside."""
    archive = tmp_path / "各单位.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in sorted(folder.rglob("*.txt")):
            packed.write(path, f"../../{path.relative_to(folder).as_posix()}")
    unpacked = tmp_path / "unpacked"
    files = [path for report in report_files([archive], unpacked) for path in report]
    assert sorted(path.name for path in files) == sorted(path.name for path in folder.rglob("*.txt"))
    assert all(path.resolve().is_relative_to(unpacked) for path in files)


@pytest.mark.parametrize("codec", ["gb18030", "utf-8"])
@pytest.mark.parametrize("name", ["某局/年报.txt", "一.txt", "水.docx", "report.txt"])
def test_names_in_a_zip_that_does_not_say_its_encoding(name: str, codec: str) -> None:
    """Packers of Chinese Windows write GBK, those of other systems UTF-8."""
    entry = zipfile.ZipInfo(name.encode(codec).decode("cp437"))
    entry.flag_bits = 0
    assert gathering._name(entry) == name  # noqa: SLF001  # no library writes such names


def test_a_zip_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sizes are added up before anything is unpacked."""
    monkeypatch.setattr(gathering, "_MOST_BYTES", 1000)
    archive = tmp_path / "大.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.txt", "0" * 2000)
    with pytest.raises(RefusedError, match="解开以后太大"):
        report_files([archive], tmp_path / "unpacked")
    assert not (tmp_path / "unpacked").exists()


def test_nothing_to_import(tmp_path: Path) -> None:
    """An empty folder and one that is not there are wrong use."""
    (tmp_path / "空").mkdir()
    with pytest.raises(WrongUseError, match="没有可以导入的文件"):
        report_files([tmp_path / "空"], tmp_path)
    assert run(import_, "没有", "--batch", "输出", project=tmp_path).code == 2


def _asleep(_task: object) -> None:
    time.sleep(600)


def test_who_takes_too_long_is_ended(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report that is never read is told to be too slow, and all processes are gone."""
    monkeypatch.setattr(many, "_row", _asleep)
    reports = report_files([folder], tmp_path)[:3]
    rows = list(import_many(reports, tmp_path / "输出", None, TODAY, Processes(2, Limits(seconds=1))))
    assert len(rows) == len(reports)
    assert all(row.refused and "超过 1 秒还没有读完" in row.reason for row in rows)
    assert multiprocessing.active_children() == []


def _at_fault(task: object) -> None:
    message = f"a fault of the program in {type(task).__name__}"
    raise ArithmeticError(message)


def test_a_fault_of_the_program_shows_its_trace(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a row like any refusal, and where it came from stands in the terminal."""
    monkeypatch.setattr(many, "_row", _at_fault)
    done = run(import_, str(folder), "--batch", "输出", project=tmp_path)
    assert done.code == 1
    assert "程序出错（ArithmeticError：a fault of the program in _Task）" in done.printed
    assert "Traceback" in done.printed
    assert "in _at_fault" in done.printed


def test_files_of_one_name_are_one_report_and_a_year_comes_once(own: Dataset, tmp_path: Path) -> None:
    """Text and tables in files of the same name are read together; two reports of one year are refused."""
    folder = tmp_path / "单位"
    folder.mkdir()
    text = text_of(own, "甲市水务局", 2023)
    (folder / "甲.txt").write_text(text, encoding="utf-8")
    (folder / "甲.html").write_text("<p>甲市水务局2023年政府信息公开工作年度报告</p>", encoding="utf-8")
    assert len(report_files([folder], tmp_path)) == 1
    (folder / "又一份.txt").write_text(text, encoding="utf-8")
    rows = list(import_many(report_files([folder], tmp_path), tmp_path / "输出", None, TODAY, Processes(2, Limits())))
    assert [row.refused for row in rows] == [True, True]
    assert all("同一机关同一年度的报告有几份" in row.reason for row in rows)


def test_each_report_has_one_row_where_no_portal_can_be_made(own: Dataset, tmp_path: Path) -> None:
    """Of a body with two reports of one year and one of another, each is told once, while others write there."""
    for name, year in (("一", 2023), ("二", 2023), ("三", 2022)):
        (tmp_path / f"{name}.txt").write_text(text_of(own, "甲市水务局", year), encoding="utf-8")
    reports = report_files(sorted(tmp_path.glob("*.txt")), tmp_path)
    out = tmp_path / "输出"
    out.mkdir()
    with exclusively(out):
        rows = list(import_many(reports, out, None, TODAY, Processes(2, Limits())))
    told = {row.files: row.reason.partition("；")[0].partition("（")[0] for row in rows}
    assert told == {
        "一.txt": "同一机关同一年度的报告有几份",
        "二.txt": "同一机关同一年度的报告有几份",
        "三.txt": "另一个 nianbao 命令正在改动 输出",
    }
    assert len(rows) == len(reports)


def test_the_table_is_safe_and_sorted() -> None:
    """Refused ones first, then those with most to ask; no cell becomes a formula or markup."""
    rows = [
        Row(files="c", body="丙", year=2023, read=200),
        Row(files="b", body="乙", year=2023, read=193, asked=7, questions=1, reason="第1行 一问"),
        Row(files="=HYPERLINK(1)", refused=True, reason="<script>"),
    ]
    rows.sort(key=worst_first)
    assert [row.files for row in rows] == ["=HYPERLINK(1)", "b", "c"]
    assert b"'=HYPERLINK(1)" in csv_file(rows)
    assert "'＝HYPERLINK(1)".encode() in csv_file([Row(files="＝HYPERLINK(1)", refused=True)])
    assert b"<script>" not in html_file(rows)
    assert list(text_lines(rows)) == [
        "拒绝  =HYPERLINK(1)（=HYPERLINK(1)）：<script>",
        "要问  乙 2023年：7 格，第一处：第1行 一问",
        "3 份报告：全部读出 1 份，要问 1 份，拒绝 1 份；共读出 393 格。",
    ]


@pytest.mark.parametrize(
    ("limit", "most"),
    [("_MOST_FILES", 2), ("_MOST_BYTES", 25), ("_MOST_OF_ONE", 9)],
    ids=["files", "bytes", "bytes of one"],
)
def test_limits_of_a_zip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, most: int) -> None:
    """A ZIP of three files of ten bytes is opened, and refused where the limit of files, of bytes or of one is less."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for number in range(3):
            archive.writestr(f"{number}.txt", b"0" * 10)
    assert len(gather([tmp_path / "a.zip"], tmp_path / "opened").found) == 3
    monkeypatch.setattr(gathering, limit, most)
    gathered = gather([tmp_path / "a.zip"], tmp_path / "unpacked")
    assert gathered.found == ()
    assert [why.partition("（")[0] for _, why in gathered.refused] == ["解开以后太大"]


def test_limits_are_of_all_archives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one ZIP has unpacked the next one may not."""
    for name in ("a", "b"):
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            archive.writestr("1.txt", b"0" * 10)
    for limit, most in (("_MOST_FILES", 1), ("_MOST_BYTES", 15)):
        monkeypatch.undo()
        monkeypatch.setattr(gathering, limit, most)
        gathered = gather([tmp_path / "a.zip", tmp_path / "b.zip"], tmp_path / limit)
        assert [one.shown for one in gathered.found] == ["a.zip/a.zip/1.txt"]
        assert [shown for shown, _ in gathered.refused] == ["b.zip/b.zip"]


def test_a_locked_zip_is_told_as_such(tmp_path: Path) -> None:
    """Who sent it can take the password away."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("1.txt", b"0")
    content = bytearray((tmp_path / "a.zip").read_bytes())
    content[content.rfind(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "a.zip").write_bytes(content)
    assert gather([tmp_path / "a.zip"], tmp_path / "unpacked").refused == (("a.zip", "ZIP 有密码；请解开"),)
