"""What a record holds of a report, how it is bound to others, and the number that paper carries."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from nianbao.command.correct import correct
from nianbao.command.freeze import freeze
from nianbao.lifecycle.article import Block, addresses, blocks, plain, typed_at
from nianbao.lifecycle.record import Record, check_number, decoded
from nianbao.lifecycle.snapshot import NOT_RECORDED, digest, reduced, take
from nianbao.model.dataset import read_dataset
from nianbao.model.report import Category, Item, Report, Waiver
from nianbao.prose.passages import YearText
from nianbao.prose.tree import grow
from nianbao.reading.check_numbers import read_number
from nianbao.reading.findings import Place
from projects import changed, edit, example_project, findings, project_in, run, show_corrections

if TYPE_CHECKING:
    from pathlib import Path

DAY = dt.date(2025, 3, 5)


@pytest.fixture(scope="module")
def frozen_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a portal whose 2022 and 2024 are frozen in this order, the second corrected once."""
    folder = tmp_path_factory.mktemp("frozen")
    project = example_project(folder)
    show_corrections(project, 2024)
    assert run(freeze, "2022", "--published", "2023-01-18", project=project).code == 0
    assert run(freeze, "2024", "--published", "2025-01-21", project=project).code == 0
    edit(project / "data" / "2024.yml", "penalties:              [4875]", "penalties:              [4876]")
    assert run(correct, "2024", "--reason", "件数有误。", "--on", "2025-03-05", project=project).code == 0
    return folder


@pytest.fixture
def frozen(frozen_once: Path, tmp_path: Path) -> Path:
    """Return a copy of that portal."""
    shutil.copytree(frozen_once, tmp_path, dirs_exist_ok=True)
    return tmp_path / "examples"


def record(project: Path, name: str) -> Record:
    """Return the record called *name*."""
    return decoded((project / "data" / "published" / f"{name}.json").read_bytes())


def test_each_field_of_a_report_is_recorded_or_named_as_not(frozen: Path, tmp_path: Path) -> None:
    """Whoever adds a field says here what another value of it is, or why readers see nothing of it."""
    portal = project_in(frozen)
    report = read_dataset(portal.root, portal.data).reports[2024]
    pages = YearText(year=2024, form=report.form, pages={})
    place = Place("x")
    cleared: dict[str, Any] = {"value": 99, "gap": "", "printed": None, "written": ""}
    other: dict[str, Any] = {
        "year": 2023,
        "agency_name": "另一个机关",
        "form": dataclasses.replace(report.form, format=2019),
        "status": "draft",
        "published_on": None,
        "processing_fee": 7,
        "categories": (Category(name="甲", items=(Item(title="乙", full_text=True),)),),
        "cells": {
            table: {key: cell._replace(**cleared) for key, cell in cells.items()}
            for table, cells in report.cells.items()
        },
        "waivers": (Waiver(rule="P-01", subject="x", reason="y", place=place),),
        "corrections": (),
        "blanks_are_zero": not report.blanks_are_zero,
        "items_unknown": not report.items_unknown,
        "late_reason": "机构调整。",
    }
    assert other.keys() | NOT_RECORDED.keys() == {field.name for field in dataclasses.fields(Report)}
    before = take(report, pages, tmp_path).document()
    for name, value in other.items():
        assert take(dataclasses.replace(report, **{name: value}), pages, tmp_path).document() != before, name


def test_records_are_bound_to_those_before_and_of_other_years(frozen: Path) -> None:
    """Each holds the digest of the one before it, and of the last ones of other frozen years."""
    data = (frozen / "data" / "2024.yml").read_text(encoding="utf-8")
    digests = re.findall("digest: ([0-9a-f]{64})", data)
    (other,) = re.findall("digest: ([0-9a-f]{64})", (frozen / "data" / "2022.yml").read_text(encoding="utf-8"))
    first, second = record(frozen, "2024-1"), record(frozen, "2024-2")
    assert (first.previous, first.others) == ("", {2022: other})
    assert (second.previous, second.others) == (digests[0], {2022: other})
    assert second.report.corrections == ((DAY, "件数有误。"),)
    assert record(frozen, "2022-1").others == {}
    assert changed(frozen, 2022) == changed(frozen, 2024) == []


@pytest.mark.parametrize("name", ["2024-1", "2024-2"])
def test_line_ends_of_a_record_do_not_count(frozen: Path, name: str) -> None:
    """Version control may give the file other ends of lines."""
    path = frozen / "data" / "published" / f"{name}.json"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert changed(frozen, 2024) == []


def test_what_others_know_of_a_year_cannot_go(frozen: Path) -> None:
    """Digest and record taken out together: the record of another year knows of them."""
    path = frozen / "data" / "2022.yml"
    digest = record(frozen, "2024-2").others[2022]
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"digest: [0-9a-f]{64} .*\n", "", text), encoding="utf-8")
    (frozen / "data" / "published" / "2022-1.json").unlink()
    told = (
        f"data/2022.yml:6:9: P-03 2024年的记录里记着2022年公布过的内容（摘要 {digest[:12]}…），"
        "现在2022年没有这个记录：定稿或更正的记录被删去或改写了；请从版本库恢复2022年的数据文件和 published 里的记录"
    )
    assert changed(frozen, 2022) == [told]
    done = run(freeze, "2022", "--published", "2023-01-18", project=frozen)
    assert done.code == 1
    assert "2024年的记录里记着2022年公布过的内容" in done.printed


def test_a_year_that_is_gone_is_told(frozen: Path) -> None:
    """Data, pages and record of a year taken out together."""
    (frozen / "data" / "2022.yml").unlink()
    shutil.rmtree(frozen / "docs" / "2022")
    (frozen / "data" / "published" / "2022-1.json").unlink()
    (told,) = changed(frozen, 2024)
    assert "本年的记录里记着2022年已经公布，现在没有2022年的数据；请从版本库恢复" in told


def test_the_reason_of_a_correction_is_not_rewritten(frozen: Path) -> None:
    """The record knows day and reason."""
    edit(frozen / "data" / "2024.yml", "件数有误。", "件数有更新。")
    (told,) = changed(frozen, 2024)
    assert "P-03 公布后“第 1 次更正的原因”由 件数有误。 改为 件数有更新。；请恢复原样" in told


def test_a_correction_is_not_rewritten_together_with_its_record(frozen: Path) -> None:
    """A record that follows another than the one that stands is told."""
    text = (frozen / "data" / "published" / "2024-2.json").read_text(encoding="utf-8")
    forged = dataclasses.replace(record(frozen, "2024-2"), previous="0" * 64).encoded()
    (frozen / "data" / "published" / "2024-2.json").write_bytes(forged)
    edit(frozen / "data" / "2024.yml", digest(text.encode()), digest(forged))
    (told,) = changed(frozen, 2024)
    assert "data/published/2024-2.json 不接在前一个记录后面：记录被删去、调换或改写了" in told


def test_a_draft_has_the_number_under_which_it_is_published(frozen: Path) -> None:
    """Who approves a draft sees the number that stands on the site later; a correction gives another."""
    first, second = record(frozen, "2024-1"), record(frozen, "2024-2")
    draft = dataclasses.replace(first.report, status="draft", published_on=None)
    assert check_number(draft, "") == first.number
    assert second.number != first.number
    assert check_number(second.report, "") != second.number  # It stands for the records before it, too.
    assert check_number(dataclasses.replace(second.report, corrections=()), "") != second.number
    assert re.fullmatch("([2-9A-HJ-NP-Z]{4}-){3}[2-9A-HJ-NP-Z]{4}", first.number)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("klda-444m-r5ye-fpbn", "KLDA-444M-R5YE-FPBN"),
        (" KLDA 444M R5YE FPBN ", "KLDA-444M-R5YE-FPBN"),
        ("ＫＬＤＡ－４４４Ｍ－Ｒ５ＹＥ－ＦＰＢＮ", "KLDA-444M-R5YE-FPBN"),  # typed in full width
        ("KLDA444MR5YEFPBN", "KLDA-444M-R5YE-FPBN"),
        ("KLDA-444M-R5YE-FPB", None),
        ("KLDA-444M-R5YE-FPB0", None),
        ("", None),
    ],
)
def test_a_number_is_read_as_people_type_it(typed: str, read: str | None) -> None:
    """Cases, dashes, blanks and full width do not matter; what no number holds is none."""
    assert read_number(typed) == read


def canonical(html: str) -> list[tuple[str, ...]]:
    """Return kind and text of the blocks of *html*, a page of 2024."""
    return [tuple(placed.block) for placed in blocks(grow(html, ()), "2024/1-overview.html")]


def test_an_article_is_what_readers_notice() -> None:
    """Words with their markup, addresses as paths below the site, items, cells, notes."""
    html = (
        '<h2 id="a">标 题<a class="headerlink" href="#a">#</a></h2>\n'
        '<p>见<a href="../2023/2-disclosure.md#x">上\n年</a>'
        "和"
        '<a href="https://www.example.gov.cn/a">网站</a>，<strong>共</strong> <em>12</em> 件 of 3<br>。</p>'
        '<p class="transcription">注</p><ul><li><p>一</p><ol start="3"><li>二</li></ol></li></ul>'
        '<table><tr><th>甲</th><td></td></tr></table><p><img src="a.png" alt="图"></p>'
    )
    assert canonical(html) == [
        ("h2#a", "标题"),
        (
            "p",
            (
                "见⟦链接：2023/2-disclosure.html#x｜上年⟧和⟦链接：https://www.example.gov.cn/a｜网站⟧，"
                "⟦粗体｜共⟧⟦斜体｜12⟧件of 3⟦换行⟧。"
            ),
        ),
        ("note p", "注"),
        ("ul li", "一"),
        ("ul li ol[start=3] li", "二"),
        ("table tr th", "甲"),
        ("table td", ""),
        ("p", "⟦图：2024/a.png｜图⟧"),
    ]
    found = list(addresses(placed.block for placed in blocks(grow(html, ()), "2024/1-overview.html")))
    assert found == ["2023/2-disclosure.html#x", "https://www.example.gov.cn/a", "2024/a.png"]


@pytest.mark.parametrize("typed", ["⟦链接：a｜b⟧", "⟧⟦", "a｜b"])
def test_no_words_pass_for_markup(typed: str) -> None:
    """What is typed like a mark is no mark."""
    ((_, text),) = canonical(f"<p>{typed}</p>")
    assert list(addresses([Block("p", text)])) == []
    assert plain(text) == re.sub("[⟦⟧]", "□", typed)


def test_text_without_markup_and_back() -> None:
    """Words are shown without markup; a place in them is found in the whole."""
    text = "见⟦链接：a｜⟦粗体｜上年⟧⟧。"
    assert plain(text) == "见上年。"
    assert [text[typed_at(text, index)] for index in range(4)] == list("见上年。")


def test_records_of_the_kind_before_are_compared_as_far_as_they_go(frozen: Path) -> None:
    """Passages without markup, statutory tables and lists."""
    old = reduced(record(frozen, "2024-1").report)
    kinds = {block.kind for page in old.pages.values() for block in page.blocks}
    assert kinds <= {"h1", "h2", "h3", "p", "li", "td", "drawn"}
    assert "full.md" not in old.pages
    assert not [finding for finding in findings(frozen, 2024) if finding.level == "error"]
