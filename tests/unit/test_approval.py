"""Approval before publication: what the sheet says, and that approvals of other content do not count."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import TYPE_CHECKING

import docx
import pytest
from nianbao.command.check import check
from nianbao.command.export import export
from nianbao.command.freeze import freeze
from nianbao.lifecycle.freezing import freeze as freeze_year
from nianbao.model.dataset import read_dataset
from nianbao.pages.lists import publication_notes
from nianbao.reading.refusal import RefusedError
from projects import changed, edit, everything, example_project, project_in, run

if TYPE_CHECKING:
    from pathlib import Path

    from docx.document import Document as WordDocument

NUMBER = re.compile(r"(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}")
DAY = dt.date(2026, 1, 20)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a copy of the example project, whose 2025 is a draft."""
    return example_project(tmp_path)


def sheet(project: Path, year: int = 2025) -> WordDocument:
    """Return the sheet of *year* as python-docx reads it."""
    done = run(export, str(year), "--format", "approval", "--out", "out", "--replace", project=project)
    assert done.code == 0, done.printed
    return docx.Document(io.BytesIO((project / f"out/slqcgj-{year}-approval.docx").read_bytes()))


def rows(word: WordDocument) -> dict[str, list[str]]:
    """Return the cells of all tables of the sheet by the first of their row; the last table's rows come last."""
    return {line.cells[0].text: [cell.text for cell in line.cells[1:]] for table in word.tables for line in table.rows}


def number_of(project: Path, year: int = 2025) -> str:
    """Return the check number that `nianbao check` tells."""
    found = NUMBER.search(run(check, str(year), project=project).printed)
    assert found is not None
    return found[0]


def approve(project: Path, number: str, role: str = "签发") -> None:
    """Write an approval of the content with *number* into the data of 2025."""
    entry = f"  - {{role: {role}, by: 张三（局长）, on: 2026-01-19, number: {number}}}\n"
    path = project / "data/2025.yml"
    text = path.read_text(encoding="utf-8")
    head = "" if "\napprovals:\n" in text else "\napprovals:\n"
    path.write_text(f"{text}{head}{entry}", encoding="utf-8")


def demand(project: Path, *roles: str) -> None:
    """Demand the approval of *roles* in the profile."""
    with (project / "data/profile.yml").open("a", encoding="utf-8") as file:
        file.write("\napprovals:\n" + "".join(f"  - {{role: {role}, from: 2025}}\n" for role in roles))


def refused(project: Path) -> str:
    """Return why 2025 cannot be frozen, after checking that nothing was written."""
    before = everything(project / "data")
    with pytest.raises(RefusedError) as error:
        freeze_year(project_in(project), 2025, DAY, DAY)
    assert everything(project / "data") == before
    return str(error.value)


def test_the_sheet_tells_what_is_to_be_published(project: Path) -> None:
    """Body, year, check number, counts, findings with their places, secrecy review and lines to sign."""
    word, number = sheet(project), number_of(project)
    found = rows(word)
    text = "\n".join(paragraph.text for paragraph in word.paragraphs)
    title, year = "示例市示例区城市管理和综合执法局", "2025年政府信息公开工作年度报告审签单"
    assert "".join(text.split()).startswith(
        f"本站是合成示例，机构、数字和文字均为虚构，不对应任何真实机关。{title}{year}校验号：{number}一、审签"
    )
    assert "本报告现为草稿，公布日期未登记。" in text
    assert "经办" in word.tables[0].rows[1].cells[0].text  # Before anything else: on the first page.
    assert re.search(r"用\d+条规则核对，证实[1-9]\d*处.*；错误0处，待核0处，提醒3处；照原样公布0处。", text)
    places = [line.cells[3].text for table in word.tables for line in table.rows if len(line.cells) == 4]
    assert "docs/2025/2-disclosure.md:3:65" in places
    assert "《中华人民共和国政府信息公开条例》第十七条" in text
    assert [role for role in found if role in {"经办", "审核", "保密审查", "签发"}] == [
        "经办",
        "审核",
        "保密审查",
        "签发",
    ]
    assert f"本单只对校验号为{number}的内容有效" in text


def test_figures_stand_beside_those_of_last_year(project: Path) -> None:
    """What has changed is told and set in bold; what has not is neither."""
    word = sheet(project)
    assert rows(word)["本年新收政府信息公开申请数量（件）"] == ["86", "71", "减少15"]
    lines = {line.cells[0].text: line for table in word.tables for line in table.rows}
    for label, bold in (("本年新收政府信息公开申请数量（件）", True), ("规章：本年制发件数（件）", False)):
        runs = [run_ for cell in lines[label].cells for part in cell.paragraphs for run_ in part.runs]
        assert {bool(run_.bold) for run_ in runs} == {bold}, label


def test_the_first_report_has_none_to_compare_with(project: Path) -> None:
    """A report without one before it says so."""
    text = "\n".join(paragraph.text for paragraph in sheet(project, 2019).paragraphs)
    assert "没有2018年的报告，不作对照" in text


def test_waivers_stand_with_their_reasons(project: Path) -> None:
    """What is published as it is stands on the sheet with the reason that the public reads."""
    word = sheet(project, 2020)
    reasons = [
        line.cells[2].text for table in word.tables for line in table.rows if table.rows[0].cells[-1].text == "理由"
    ]
    text = (project / "data/2020.yml").read_text(encoding="utf-8")
    assert len(reasons) > 1
    assert all(reason in text for reason in reasons[1:])


def test_the_number_that_was_approved_is_published(project: Path) -> None:
    """An approval changes no content: the number on the sheet is that under which the report is frozen."""
    number = number_of(project)
    approve(project, number.lower().replace("-", " "))
    assert rows(sheet(project))["签发"][1:] == ["张三（局长）", "2026年1月19日"]
    assert freeze_year(project_in(project), 2025, DAY, DAY).number == number


def test_approvals_that_are_demanded_are_all_asked_for(project: Path) -> None:
    """Each missing one is told at once, and what it tells to write is what is accepted."""
    demand(project, "保密审查", "签发")
    told = refused(project)
    assert "审签不全，没有写入任何内容（2 处）" in told
    assert all(f"缺少“{role}”的审签（示例区年度报告编制要求）" in told for role in ("保密审查", "签发"))
    for role, entry in re.findall(r"缺少“(.+?)”.*写一行 - (\{.*\})", told):
        line = entry.replace("姓名或职务", "局长").replace("日期", "2026-01-19")
        head = "\napprovals:\n" if role == "保密审查" else ""
        with (project / "data/2025.yml").open("a", encoding="utf-8") as file:
            file.write(f"{head}  - {line}\n")
    assert freeze_year(project_in(project), 2025, DAY, DAY).files


def test_years_before_the_demand_need_no_approval(project: Path) -> None:
    """A demand from 2025 on leaves 2024 alone."""
    demand(project, "签发")
    assert run(freeze, "2024", "--published", "2025-01-21", project=project).code == 0


def test_an_approval_of_other_content_is_refused(project: Path) -> None:
    """A word that changes after the approval takes it away, and so does what is no number."""
    approve(project, number_of(project))
    before = number_of(project)
    edit(project / "docs/2025/6-other.md", "。\n", "，今后继续改进。\n")
    now = number_of(project)
    assert now != before
    told = refused(project)
    assert re.search(rf"data/2025.yml:\d+:\d+: 签发：审签的是校验号 {before} 的内容，现在的内容是 {now}", told)
    assert rows(sheet(project))["签发"][1] == ""
    approve(project, "第1号", role="审核")
    assert "校验号应为四组字母和数字，如 2345-6789-ABCD-EFGH，实际为“第1号”；请照审签单抄写" in refused(project)


def test_the_public_is_not_shown_who_approved(project: Path) -> None:
    """No file that the site offers has the name."""
    approve(project, number_of(project))
    done = run(export, "2025", "--format", "docx,xlsx,csv,json", "--out", "all", project=project)
    assert done.code == 0, done.printed
    written = everything(project / "all")
    assert written
    assert not [name for name in written if "approval" in name]
    assert "张三".encode() not in written["slqcgj-2025.json"]


def test_who_approved_is_shown_where_the_office_wants_it(project: Path) -> None:
    """One line of the data shows the approvals; they are recorded then, and the check number stays as approved."""
    number = number_of(project)
    approve(project, number)
    with (project / "data/2025.yml").open("a", encoding="utf-8") as file:
        file.write("show_approvals: true\n")
    assert number_of(project) == number
    assert freeze_year(project_in(project), 2025, DAY, DAY).number == number
    opened = project_in(project)
    notes = publication_notes(read_dataset(opened.root, opened.data).reports[2025])
    assert "审签：签发 张三（局长） 2026年1月19日" in notes
    assert changed(project, 2025) == []
    edit(project / "data/2025.yml", "show_approvals: true\n", "")
    assert "公布后“审签”删去了 签发 张三（局长） 2026年1月19日" in changed(project, 2025)[0]
