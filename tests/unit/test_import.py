"""`nianbao import`: every cell read or asked, answers taken, hand edits kept, nothing published of the originals."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
from typing import TYPE_CHECKING

import html5lib
import pytest
from building import ROOT
from lxml import html
from nianbao.command.importing import import_
from nianbao.data_files import writing
from nianbao.importing.folder import FOLDER
from nianbao.importing.importing import Way, import_report
from nianbao.importing.originals import opened
from nianbao.model.dataset import read_dataset
from nianbao.model.project import find_projects
from nianbao.reading.refusal import RefusedError
from printed import printed_2023, printed_text
from projects import edit, everything, findings, project_in, run

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.model.dataset import Dataset
    from nianbao.model.report import Report

TEXT = "某中心2023.txt"
GRANTED = "requests.results.granted"


def portal_of(source: Path, folder: Path) -> Path:
    """Make a portal of the body of the portal *source*, without any year."""
    (folder / "data").mkdir(parents=True)
    (folder / "docs").mkdir()
    pages = (path.relative_to(source).as_posix() for path in (source / "docs").glob("*.md"))
    for name in ("mkdocs.yml", "data/agency.yml", *pages):
        shutil.copy(source / name, folder / name)
    return folder


@pytest.fixture
def portal(tmp_path: Path) -> Path:
    """Return a portal of this repository's body without a year."""
    return portal_of(ROOT, tmp_path / "portal")


@pytest.fixture
def text(own: Dataset, portal: Path) -> Path:
    """Return the 2023 report as the text of its printed page, beside the portal."""
    path = portal.parent / TEXT
    path.write_text(printed_2023(own.reports[2023]), encoding="utf-8")
    return path


def report_of(portal: Path, year: int = 2023) -> Report:
    """Return the report that was written."""
    return read_dataset(portal, portal / "data").reports[year]


def answer(portal: Path, words: str, year: int = 2023) -> None:
    """Write *words* as the answer to the first question that has none."""
    edit(portal / FOLDER / str(year) / "问题.yml", "    答复:\n", f"    答复: {words}\n")


def same_values(one: Report, other: Report) -> bool:
    """Say whether two reports have the same figures, items and fee."""
    cells = [
        (cell.address, cell.value, other.cells[table][position].value)
        for table, known in one.cells.items()
        for position, cell in known.items()
    ]
    assert [cell for cell in cells if cell[1] != cell[2]] == []
    return (one.categories, one.processing_fee) == (other.categories, other.processing_fee)


def test_the_report_of_2023(own: Dataset, portal: Path, text: Path) -> None:
    """193 figures are read and one row is asked; with the answer the data are those of this repository."""
    done = run(import_, str(text), "--year", "2023", project=portal)
    assert done.code == 3
    for told in (
        "第二部分：读出 10 格，全部读出",
        "第三部分：读出 168 格，1 处要问（7 格）",
        "第四部分：读出 15 格，全部读出",
        "六个部分的文字都找到；公开的信息 9 条；信息处理费 0 元；文字里 9 处数改成了宏",
        "与格式不同：第四部分的序号印作“三”",
        "照原件录入会查出 S-05：第一部分缺少“政府信息管理”",
        "这一行有 6 个数，格式是 7 列：0 0 0 0 0 0（提议：全部 0）",
        "  docs/2023/1-overview.md:1:1: 错误 S-05 第一部分缺少“政府信息管理”",
    ):
        assert told in done.printed
    before = report_of(portal)
    assert (before.status, before.transcribed) == ("draft", True)
    assert {cell.address for cell in before.cells["requests"].values() if cell.gap} == {
        f"{GRANTED}.{column}"
        for column in ("natural_person", *(f"organizations.{one}" for one in
                       ("commercial", "research", "public_welfare", "legal_service", "other")))
    }  # fmt: skip
    answer(portal, "照提议")
    done = run(import_, "2023", project=portal)
    assert done.code == 0
    assert "采用了 1 处答复" in done.printed
    assert same_values(own.reports[2023], report_of(portal))
    page = (portal / "docs/2023/1-overview.md").read_text(encoding="utf-8")
    assert '主动公开政府信息{{ figure("items") }}条。\n其中，概况信息{{ figure("items.概况信息") }}条' in page
    assert '新收政府信息公开申请{{ figure("requests.received") }}件' in (portal / "docs/2023/3-requests.md").read_text(
        encoding="utf-8"
    )
    assert "录入说明：原件本部分的序号印为“三”" in (portal / "docs/2023/4-review.md").read_text(encoding="utf-8")


def test_the_proposed_waivers_let_the_check_pass(portal: Path, text: Path) -> None:
    """What the original is the cause of stands as a comment; with its marks taken out nothing is an error."""
    run(import_, str(text), "--year", "2023", project=portal)
    answer(portal, "全部 0")
    assert "错误 1 处" in run(import_, "2023", project=portal).printed
    data = portal / "data/2023.yml"
    lines = data.read_text(encoding="utf-8").split("\n")
    start = lines.index("# waivers:")
    data.write_text("\n".join([*lines[:start], *(line.removeprefix("# ") for line in lines[start:])]), encoding="utf-8")
    errors = [str(finding) for finding in findings(portal, 2023) if finding.level == "error"]
    assert errors == []
    assert [waiver.rule for waiver in report_of(portal).waivers] == ["S-05"]


def test_the_same_files_and_answers_give_the_same_bytes(portal: Path, text: Path) -> None:
    """A second run changes no file; every reading has its place and the digest of the original is kept."""
    run(import_, str(text), "--year", "2023", project=portal)
    before = everything(portal)
    assert run(import_, "2023", project=portal).code == 3
    assert everything(portal) == before
    record = json.loads(before[f"{FOLDER}/2023/读数.json"])
    assert len(record["读数"]) == 193
    assert all(re.fullmatch("第[0-9]+行", one["位置"]) and one["原文"] == "0" for one in record["读数"])
    assert before[f"{FOLDER}/2023/原件/{TEXT}"] == text.read_bytes()


def test_hand_edits_stay(portal: Path, text: Path) -> None:
    """A figure and a page that a person has changed stay and are told; comments stay as well."""
    run(import_, str(text), "--year", "2023", project=portal)
    data, page = portal / "data/2023.yml", portal / "docs/2023/6-other.md"
    edit(data, "licensing:           [0]", "licensing:           [12]")
    edit(data, "year: 2023", "year: 2023 # 人工加的话")
    page.write_text(page.read_text(encoding="utf-8") + "\n人工加的一段。\n", encoding="utf-8")
    answer(portal, "照提议")
    for _ in range(3):
        done = run(import_, "2023", project=portal)
        assert done.code == 0
        assert "人工改过，保留：disclosure.licensing.decisions 人工改为 12，原件 0" in done.printed
        assert "人工改过，保留：docs/2023/6-other.md" in done.printed
    written = data.read_text(encoding="utf-8")
    assert "licensing:           [12]" in written
    assert "year: 2023 # 人工加的话" in written
    assert (
        "granted:                    [   0" in written or "granted:                    [0, 0, 0, 0, 0, 0, 0]" in written
    )
    assert page.read_text(encoding="utf-8").endswith("人工加的一段。\n")
    assert report_of(portal).figure(f"{GRANTED}.total") == 0


def test_what_both_have_changed_is_asked(portal: Path, text: Path) -> None:
    """A cell and a page that differ from what was read before, in both places, wait for an answer; nothing is lost."""
    run(import_, str(text), "--year", "2023", project=portal)
    answer(portal, "照提议")
    run(import_, "2023", project=portal)
    edit(portal / "data/2023.yml", "licensing:           [0]", "licensing:           [12]")
    edit(portal / "docs/2023/6-other.md", "没有提案办理公开事宜", "没有提案")
    edit(text, "行政许可 0", "行政许可 15")
    edit(text, "我中心没有提案办理公开事宜", "我中心没有建议和提案")
    done = run(import_, str(text), "--year", "2023", project=portal)
    assert done.code == 3
    assert "这一格人工改为 12，上次读到 0，这次读到 15；现在保留人工的" in done.printed
    assert "页面 6-other.md 人工改过，这次读到的文字也不同" in done.printed
    assert report_of(portal).figure("disclosure.licensing") == 12
    assert "没有提案。" in (portal / "docs/2023/6-other.md").read_text(encoding="utf-8")
    read = portal / FOLDER / "2023/页面/6-other.md"
    assert "没有建议和提案" in read.read_text(encoding="utf-8")
    assert run(import_, "2023", project=portal).code == 3
    answer(portal, "15")
    answer(portal, "用读到的")
    assert run(import_, "2023", project=portal).code == 0
    assert report_of(portal).figure("disclosure.licensing") == 15
    assert "没有建议和提案" in (portal / "docs/2023/6-other.md").read_text(encoding="utf-8")
    kept = [path.name for path in (portal / FOLDER / "2023/原件").iterdir()]
    assert sorted(kept) == sorted({TEXT, *(name for name in kept if name.endswith(f"-{TEXT}"))})
    assert len(kept) == 2


def test_items_that_a_person_has_changed(portal: Path, text: Path) -> None:
    """They stay; where the original has changed as well they wait for an answer, and comments stay either way."""
    run(import_, str(text), "--year", "2023", project=portal)
    answer(portal, "照提议")
    data = portal / "data/2023.yml"
    edit(data, "{title: 城市留言板网址, full_text: true}", "{title: 城市留言板, full_text: true}  # 人工")
    assert "人工改过，保留：主动公开的信息\n" in run(import_, "2023", project=portal).printed
    content = text.read_text(encoding="utf-8").replace("微邻里", "新邻里")
    text.write_text(content, encoding="utf-8")
    done = run(import_, str(text), "--year", "2023", project=portal)
    assert done.code == 3
    assert "主动公开的信息人工改过，这次读到的也不同" in done.printed
    assert [item.title for item in report_of(portal).items][6:] == [
        "城市留言板",
        "武汉市民热线（12345）",
        "武昌微邻里公众号",
    ]
    answer(portal, "用读到的")
    assert run(import_, "2023", project=portal).code == 0
    assert [item.title for item in report_of(portal).items][6:] == [
        "城市留言板网址",
        "武汉市民热线（12345）",
        "武昌新邻里公众号",
    ]
    assert "# 人工" in data.read_text(encoding="utf-8")


def test_text_and_tables_in_files_of_their_own(own: Dataset, portal: Path, text: Path) -> None:
    """The words come from the one that has them, the figures from the other."""
    whole = text.read_text(encoding="utf-8").split("\n\n")
    start, end = whole.index("第二十条第（一）项"), whole.index("三、收到和处理政府信息公开申请情况")
    tables = text.with_name("表.txt")
    tables.write_text("\n\n".join(whole[start:end]), encoding="utf-8")
    text.write_text("\n\n".join([*whole[:start], *whole[end:]]), encoding="utf-8")
    done = run(import_, str(text), str(tables), "--year", "2023", project=portal)
    assert done.code == 3
    assert "第二部分：读出 10 格，全部读出" in done.printed
    assert "六个部分的文字都找到" in done.printed
    for _ in range(2):  # The row of six figures, and section 4, which figures before it no longer prove.
        answer(portal, "照提议")
    assert run(import_, "2023", project=portal).code == 0
    assert same_values(own.reports[2023], report_of(portal))


def test_a_download_that_was_tampered_with(portal: Path) -> None:
    """JSON that is none of ours, or no longer so, is refused with what to do and no traceback."""
    file = portal.parent / "数据.json"
    head = '{"title": "a", "agency": {"id": "a", "name": "b"}, "year": 2023, "format": 2021, "sections": %s,'
    cell = '{"address": "requests.received.natural_person", "value": 1, "status": "typed"}'
    for sections in ("1", '[{"id": "overview"}]', '[{"id": "overview", "text": [3], "heading": "a"}]'):
        file.write_text(head % sections + f'"tables": [{{"cells": [{cell}]}}], "items": 5}}', encoding="utf-8")
        done = run(import_, str(file), project=portal)
        assert done.code == 1
        assert "请重新导出一份" in done.printed


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("0, 0, 0", "14:9: 答复应有 7 个数，实际有 3 个；请写 7 个数，用逗号隔开"),
        ("随便", "答复应有 7 个数，实际有 1 个"),
        ("全部 一", "答复“自然人”应为 0 或正整数，实际为“一”；请只写阿拉伯数字"),
        ("[0, 0, 0, 0, 0, 0, -1]", "答复“予以公开”应为 0 或正整数，实际为“-1”；数量不能是负数"),
        ("99999999 0 0 0 0 0 0", "超过上限 9999999"),
    ],
)
def test_an_answer_that_cannot_be_taken(portal: Path, text: Path, words: str, message: str) -> None:
    """It is told with its place and what to write; nothing is written."""
    run(import_, str(text), "--year", "2023", project=portal)
    answer(portal, words)
    before = everything(portal)
    done = run(import_, "2023", project=portal)
    assert done.code == 1
    assert f"{FOLDER}/2023/问题.yml:" in done.printed
    assert message in done.printed
    assert everything(portal) == before


@pytest.mark.parametrize(("words", "gap"), [("不详", "不详"), ("空白", "空白"), ("1 2 3 4 5 6 21", "")])
def test_other_answers(portal: Path, text: Path, words: str, gap: str) -> None:
    """Words for what is no number, and figures with their total, go into the data as they are."""
    run(import_, str(text), "--year", "2023", project=portal)
    answer(portal, words)
    run(import_, "2023", project=portal)
    cell = report_of(portal).cell(f"{GRANTED}.natural_person")
    assert cell is not None
    assert (cell.gap, cell.value) == (gap, None if gap else 1)


def test_refusals_say_what_to_do(portal: Path, text: Path) -> None:
    """No year, another body, a published year, no such year, no file: each leaves all as it was."""
    before = everything(portal)
    for arguments, code, message in (
        ((str(text),), 1, "请加上 --year，如 --year 2023"),
        (("2023",), 1, "没有导入过 2023 年的报告；请写明要导入的文件"),
        ((), 2, "缺少要导入的文件"),
        (("没有.docx",), 2, "没有 没有.docx 这个文件"),
        ((str(portal),), 2, "是文件夹"),
        ((str(text), "--year", "2019"), 1, "2019 年度应当用 2019 年的格式"),
    ):
        done = run(import_, *arguments, project=portal)
        assert (done.code, message in done.printed) == (code, True), done.printed
    other = text.with_name("别的机关.txt")
    other.write_text(
        text.read_text(encoding="utf-8").replace("武昌区社会管理网格化服务中心", "某市某区水务局"), encoding="utf-8"
    )
    done = run(import_, str(other), "--year", "2023", project=portal)
    assert done.code == 1
    assert "标题里的机关是“某市某区水务局”，这个项目的机关是“武昌区社会管理网格化服务中心”" in done.printed
    assert everything(portal) == before


def test_figures_of_the_text_read_the_same_as_macros(examples: Dataset, tmp_path: Path) -> None:
    """A figure with thousands apart, and one that the data do not have, stay as they were typed."""
    portal = portal_of(ROOT / "examples", tmp_path / "portal")
    file = tmp_path / "报告.txt"
    report = examples.reports[2024]
    penalties = report.figure("disclosure.penalties")
    prose = {"disclosure": (f"2024年作出行政处罚决定{penalties:,}件、行政强制决定48件，行政许可决定7件。",)}
    file.write_text(printed_text(report, prose), encoding="utf-8")
    run(import_, str(file), "--year", "2024", project=portal)
    page = (portal / "docs/2024/2-disclosure.md").read_text(encoding="utf-8")
    coercion = '{{ figure("disclosure.coercion.decisions") }}'
    assert f"行政处罚决定{penalties:,}件、行政强制决定{coercion}件，行政许可决定7件。" in page


def test_an_old_form_in_a_later_year(examples: Dataset, tmp_path: Path) -> None:
    """An archive may use the form of years before: it is entered as it is, and told; a new report is refused."""
    portal = portal_of(ROOT / "examples", tmp_path / "portal")
    file = tmp_path / "旧格式.txt"
    file.write_text(printed_text(examples.reports[2019], {}), encoding="utf-8")
    done = run(import_, str(file), "--year", "2021", project=portal)
    assert "与格式不同：原件用的是 2019 年的格式，照原件录入" in done.printed
    report = report_of(portal, 2021)
    assert (report.form.format, report.year, report.transcribed) == (2019, 2021, True)
    with pytest.raises(RefusedError, match=r"文件用的是 2019 年的格式，2021 年度应当用 2021 年的格式"):
        import_report(project_in(portal), opened([file]), 2021, dt.date(2022, 1, 5), way=Way.BEGUN)


def test_a_published_year_is_left_alone(text: Path, tmp_path: Path) -> None:
    """What is published changes by corrections only."""
    portal = tmp_path / "published"
    shutil.copytree(ROOT / "data", portal / "data")
    shutil.copytree(ROOT / "docs", portal / "docs")
    shutil.copy(ROOT / "mkdocs.yml", portal)
    before = everything(portal)
    done = run(import_, str(text), "--year", "2023", project=portal)
    assert done.code == 1
    assert "已经公布，不能再导入；公布后的更改请改好后运行 nianbao correct 2023" in done.printed
    assert everything(portal) == before


def test_a_year_that_is_still_to_be_published_waits_for_its_figures(portal: Path, text: Path) -> None:
    """Before its last day a report is no archive: what is not read is still to be filled in."""
    done = import_report(project_in(portal), opened([text]), 2023, dt.date(2024, 2, 1))
    assert len(done.open) == 1
    report = report_of(portal)
    assert (report.transcribed, len(report.open_cells("requests"))) == (False, 6)


def test_a_failing_disk_leaves_what_can_be_run_again(portal: Path, text: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever file cannot be written, the next run ends as if nothing had happened."""
    whole = portal.parent / "whole"
    shutil.copytree(portal, whole)
    import_report(project_in(whole), opened([text]), 2023, dt.date(2026, 1, 1))
    put, fails = writing.put, list(range(13))
    for failing in fails:
        broken = portal.parent / f"broken-{failing}"
        shutil.copytree(portal, broken)
        count = iter(range(100))

        def failing_put(path: Path, content: bytes, at: int = failing, number: object = count) -> None:
            if next(number) == at:  # type: ignore[call-overload]  # an iterator
                raise OSError(28, os.strerror(28), str(path))
            put(path, content)

        monkeypatch.setattr(writing, "put", failing_put)
        with pytest.raises(RefusedError, match="不能读写"):
            import_report(project_in(broken), opened([text]), 2023, dt.date(2026, 1, 1))
        monkeypatch.setattr(writing, "put", put)
        assert len(import_report(project_in(broken), opened([text]), 2023, dt.date(2026, 1, 1)).open) == 1
        assert everything(broken) == everything(whole)


def test_the_page_to_check_by(portal: Path, text: Path) -> None:
    """It is valid HTML without a script; each figure has its place, asked cells say so by word and colour."""
    text.write_text(text.read_text(encoding="utf-8") + "<script>alert(1)</script>{{ x }}\n", encoding="utf-8")
    run(import_, str(text), "--year", "2023", project=portal)
    content = (portal / FOLDER / "2023/核对.html").read_bytes()
    parser = html5lib.HTMLParser(strict=True)
    parser.parse(content)
    page = html.document_fromstring(content)
    assert not page.xpath("//script|//link|//iframe|//@onclick|//@src")
    assert "<script>alert(1)</script>" in page.text_content()
    figures = page.xpath("//td[contains(@class, 'figure')]")
    assert len(figures) == 10 + 175 + 15
    asked = page.xpath("//td[@class='figure asked']")
    assert len(asked) == 7
    assert all("要问" in cell.text_content() and "第" in cell.text_content() for cell in asked)
    links = page.xpath("//td//a/@href")
    assert len(links) == 200
    assert {link[1:] for link in links} <= set(page.xpath("//@id"))
    # The total of the row that is asked, and of the columns that it stands in, cannot be added up yet.
    assert len(page.xpath("//td[span[@class='good']]")) == 34 - 1 - 7


def test_nothing_of_an_import_is_a_page(portal: Path, text: Path) -> None:
    """The folder of imports is no agency, no page and no attachment: nothing in it is judged or published."""
    run(import_, str(text), "--year", "2023", project=portal)
    answer(portal, "照提议")
    run(import_, "2023", project=portal)
    assert [project.data for project in find_projects([portal], portal)] == [portal / "data"]
    assert [str(finding) for finding in findings(portal, 2023) if FOLDER in str(finding.place)] == []
    assert not (portal / "docs" / FOLDER).exists()
