"""`nianbao new`: what a new year begins with, and that nothing is ever overwritten."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from building import ROOT
from nianbao.beginning import new_year
from nianbao.beginning.new_data import data_text
from nianbao.beginning.new_pages import page_texts
from nianbao.beginning.promises import Promises, promises
from nianbao.command.new import new
from nianbao.data_files.entries import quoted
from nianbao.lifecycle import staging
from nianbao.model.dataset import read_dataset
from nianbao.model.profile import Profile
from nianbao.pages.figures import figure
from nianbao.pages.lists import year_pages
from nianbao.prose.reading import PageReader
from nianbao.reading.refusal import RefusedError
from projects import edit, everything, example_project, findings, project_in, run

if TYPE_CHECKING:
    from nianbao.model.dataset import Dataset
    from nianbao.prose.passages import YearText

FILES = [
    "data/2026.yml",
    *(f"docs/2026/{name}" for name in ("index.md", "full.md", "picture.md", "1-overview.md", "2-disclosure.md")),
]
FILES += [f"docs/2026/{name}" for name in ("3-requests.md", "4-review.md", "5-improvement.md", "6-other.md")]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a copy of the example project."""
    return example_project(tmp_path)


def dataset_of(project: Path) -> Dataset:
    """Return what the data of *project* say."""
    opened = project_in(project)
    return read_dataset(opened.root, opened.data)


def pages_of(project: Path, year: int) -> YearText:
    """Return what the pages of *year* say, all of them without a mistake."""
    opened, dataset = project_in(project), dataset_of(project)
    reader = PageReader(dataset, opened.root, opened.data, opened.docs)
    pages = reader.year(dataset.reports[year])
    assert reader.findings == ()
    assert pages is not None
    return pages


def test_a_year_is_made_and_nothing_else_is_touched(project: Path) -> None:
    """Ten files are new, all others as they were; the command names each and says what to do next."""
    before = everything(project)
    done = run(new, "2026", project=project)
    assert done.code == 0
    after = everything(project)
    assert set(after) - set(before) == set(FILES)
    assert all(after[name] == before[name] for name in before)
    assert all(f"  {name}\n" in done.printed for name in FILES)
    assert "nianbao freeze 2026 --published" in done.printed
    assert not list((project / "docs").glob(".*"))
    assert not [finding for finding in findings(project, 2026) if not finding.rule]


def test_figures_are_nothing_or_follow_from_last_year(project: Path) -> None:
    """Carried in is what was carried out, in force stays in force, all else waits; the report is a draft."""
    assert run(new, "2026", project=project).code == 0
    dataset = dataset_of(project)
    assert dataset.findings == ()
    report, last = dataset.reports[2026], dataset.reports[2025]
    assert (report.status, report.processing_fee, report.published_on) == ("draft", None, None)
    assert figure(report, "processing_fee") == "待填"
    assert report.form is dataset.forms[2021]
    follows = {}
    for (row, column), cell in last.cells["requests"].items():
        if row == "carried_out":
            follows["requests", "carried_in", column] = cell.value
    for (row, column), cell in last.cells["disclosure"].items():
        if column == "in_force":
            follows["disclosure", row, column] = cell.value
    assert set(follows.values()) > {0}
    for table, cells in report.cells.items():
        for (row, column), cell in cells.items():
            expected = follows.get((table, row, column))
            if not cell.computed:
                assert (cell.value, cell.gap) == (expected, "待填" if expected is None else ""), cell.address
    assert [category.name for category in report.categories] == [category.name for category in last.categories]
    assert report.items == ()


def test_the_data_file_reads_like_the_others(project: Path) -> None:
    """The first line names the schema; every row of the form stands in a line of its own with its label."""
    assert run(new, "2026", project=project).code == 0
    text = (project / "data" / "2026.yml").read_text(encoding="utf-8")
    lines = text.splitlines()
    assert lines[0] == "# yaml-language-server: $schema=../.cache/nianbao/schemas/2021.json"
    assert "year: 2026\nformat: 2021\nstatus: draft              # draft 草稿" in text
    for old in (project / "data" / "2025.yml").read_text(encoding="utf-8").splitlines():
        row = re.fullmatch(r"( +)([a-z_0-9]+): +(\[.*\])? +# (.*)", old)
        if row is not None:
            remark = rf"{re.escape(row[4])}(（已按2025年报告的.*预填，请核对）)?"
            expected = re.compile(rf"{row[1]}{row[2]}: +{'.*' if row[3] else ''} +# {remark}")
            assert any(expected.fullmatch(line) for line in lines), old
    columns = {line.index("# ") for line in lines if re.match(r"  +[a-z_]+: +\[ .*# ", line)}
    assert len(columns) == 1


def test_pages_have_the_headings_of_the_form_and_prompts(project: Path) -> None:
    """Titles and ids are those of other years; the five parts stand in section 1; no prose of last year is left."""
    assert run(new, "2026", project=project).code == 0
    pages = pages_of(project, 2026)
    form = pages.form
    for section in form.sections:
        page = pages.section(section)
        assert page is not None
        assert page.headings[0].text == section.heading
        assert any(passage.text.startswith("〔提示〕") for passage in page.body)
    overview = (project / "docs" / "2026" / "1-overview.md").read_text(encoding="utf-8")
    assert overview.startswith("# 一、总体情况 {#section-1}\n")
    parts = [f"（{number}）{part}" for number, part in zip("一二三四五", form.sections[0].parts, strict=True)]
    overview_page = pages.section(form.sections[0])
    assert overview_page is not None
    assert [heading.text for heading in overview_page.headings[1:]] == parts
    assert re.findall(r"\{#(section-1-[0-9])\}", overview) == [f"section-1-{number}" for number in range(1, 6)]
    assert next(line for line in overview_page.text.splitlines() if "申请" in line).startswith(
        "2026年新收政府信息公开申请待填件，其中自然人待填件、法人或其他组织待填件；上年结转3件。"
    )
    calls = [call for page in pages for call in page.page.calls]
    assert {"statutory_table disclosure", "statutory_table requests", "statutory_table review"} < set(calls)
    assert {"report_heading", "item_list", "key_figures", "section_list", "correction_list"} < set(calls)


def test_last_years_promises_are_listed(project: Path) -> None:
    """Problems and measures of 2025 stand in section 5 as prompts; those that 2025 itself looked back on do not."""
    assert run(new, "2026", project=project).code == 0
    page = pages_of(project, 2026).pages["5-improvement.md"]
    items = [passage.text for passage in page.passages if passage.kind == "li"]
    assert len(items) == 4
    assert items[0] == "〔提示〕2025年的问题：执法数据虽已分列，但缺少与往年可比的口径说明，使用者容易误读增减。"
    assert items[2].startswith("〔提示〕2025年的措施：为每张数据表加写统计口径和变动说明")
    assert not any("检索不全面" in item for item in items)


def test_promises_of_the_first_report(own: Dataset, root: Path) -> None:
    """Headings of other wording are understood: 本年存在的主要问题, 下一步改进措施."""
    pages = PageReader(own, root, root / "data", root / "docs").year(own.reports[2023])
    found = promises(pages)
    assert found.problems == ("信息公开的业务培训有待加强。",)
    assert len(found.measures) == 3


def test_a_section_without_headings_is_listed_whole(project: Path) -> None:
    """Where problems and measures are not told apart, every paragraph is handed on."""
    path = project / "docs" / "2025" / "5-improvement.md"
    path.write_text("# 五、存在的主要问题及改进情况 {#section-5}\n\n一是培训少。\n\n二是解读少。\n", encoding="utf-8")
    assert promises(pages_of(project, 2025)).problems == ("一是培训少。", "二是解读少。")


def test_what_a_promise_says_is_shown_as_it_is(project: Path) -> None:
    """Characters that Markdown or HTML would read are words when they come from last year's words.

    Marks of macros cannot come from there: what shows them is refused.
    """
    path = project / "docs" / "2025" / "5-improvement.md"
    wild = "一是{ x }、*星号*、&lt;b&gt;、[链接](x)、`码`、_下_、#井、&amp;amp;。"
    edit(
        path,
        "1. 执法数据虽已分列，但缺少与往年可比的口径说明，使用者容易误读增减。",
        f"1. {wild.replace('*', '&#42;').replace('`', '&#96;').replace('[', '&#91;').replace('_', '&#95;')}",
    )
    words = promises(pages_of(project, 2025)).problems[0]
    assert words == "一是{ x }、*星号*、<b>、[链接](x)、`码`、_下_、#井、&amp;。"
    assert run(new, "2026", project=project).code == 0
    assert f"〔提示〕2025年的问题：{words}" in pages_of(project, 2026).pages["5-improvement.md"].text


@pytest.mark.parametrize("name", ['类别"引号"', "no", "带: 冒号 # 井号", "{ year() }", "- 横线", "'单引号", "x.y"])
def test_odd_categories_survive(project: Path, name: str) -> None:
    """A category of last year keeps its name whatever YAML might read in it; marks of macros are refused as data."""
    edit(project / "data" / "2025.yml", "category: 政策解读信息", f"category: {quoted(name)}")
    edit(project / "docs" / "2025" / "1-overview.md", '{{ figure("items.政策解读信息") }}', "1")
    assert run(new, "2026", project=project).code == 0
    assert [category.name for category in dataset_of(project).reports[2026].categories][-1] == name
    pages_of(project, 2026)


def test_another_edition_of_the_form(project: Path) -> None:
    """2021 follows 2020 in the new form: carried requests are handed on, figures of other meaning are not."""
    for year in range(2021, 2026):
        (project / "data" / f"{year}.yml").unlink()
        shutil.rmtree(project / "docs" / str(year))
    assert run(new, "2021", project=project).code == 0
    dataset = dataset_of(project)
    assert dataset.findings == ()
    report = dataset.reports[2021]
    assert report.form.format == 2021
    assert report.cells["requests"]["carried_in", "natural_person"].value == 3
    assert report.cells["disclosure"]["normative_documents", "in_force"].text == "待填"
    pages_of(project, 2021)


def test_the_earlier_form(project: Path) -> None:
    """2020 follows 2019: the items of last year are those before and their change."""
    for year in range(2020, 2026):
        (project / "data" / f"{year}.yml").unlink()
        shutil.rmtree(project / "docs" / str(year))
    assert run(new, "2020", project=project).code == 0
    dataset = dataset_of(project)
    assert dataset.findings == ()
    cells = dataset.reports[2020].cells
    assert cells["disclosure"]["licensing", "previous_items"].value == 10
    assert cells["disclosure"]["penalties", "previous_items"].value == 198
    assert cells["disclosure"]["government_procurement", "amount"].text == "待填"
    assert cells["requests"]["carried_in", "natural_person"].value == 2
    assert "2020年收取信息处理费待填元。" in pages_of(project, 2020).pages["6-other.md"].text


def test_an_unknown_figure_stays_unknown(project: Path) -> None:
    """What last year does not know cannot follow from it."""
    edit(
        project / "data" / "2025.yml", "carried_out:                    [ 2,", "carried_out:                    [不详,"
    )
    assert run(new, "2026", project=project).code == 0
    cells = dataset_of(project).reports[2026].cells["requests"]
    assert (cells["carried_in", "natural_person"].text, cells["carried_in", "organizations.commercial"].value) == (
        "不详",
        1,
    )


def test_the_first_year_begins_at_nothing(project: Path) -> None:
    """Without a year before, all cells wait to be filled in, and the command says so."""
    for year in range(2019, 2026):
        (project / "data" / f"{year}.yml").unlink()
        shutil.rmtree(project / "docs" / str(year))
    done = run(new, "2024", project=project)
    assert done.code == 0
    assert "没有 2023 年的数据，结转和现行有效件数也要填写" in done.printed
    report = dataset_of(project).reports[2024]
    assert {cell.text for cells in report.cells.values() for cell in cells.values()} == {"待填"}
    assert report.categories == ()
    assert "〔提示〕逐条写明上一年报告提出的问题怎样改进" in pages_of(project, 2024).pages["5-improvement.md"].text


@pytest.mark.parametrize("year", [2019, 2021])
def test_every_edition_of_the_form_is_written(own: Dataset, year: int) -> None:
    """Each form gives a file with its tables, and a page for each section."""
    form = own.forms[year]
    text = data_text(form, year, "x.json", None)
    assert all(f"\n{table.id}:\n" in text for table in form.tables)
    texts = page_texts(form, year, None, Promises(), Profile())
    assert set(texts) == set(year_pages(form))


def test_local_headings_are_added(project: Path) -> None:
    """A heading that local requirements ask for stands in its section, numbered on; one that is there is not."""
    edit(project / "data" / "profile.yml", "headings:\n", "headings:\n  - {section: other, text: 建议提案|提案}\n")
    assert run(new, "2026", project=project).code == 0
    text = (project / "docs" / "2026" / "6-other.md").read_text(encoding="utf-8")
    assert re.findall("## .*", text) == ["## （一）信息处理费 {#section-6-1}", "## （二）建议提案 {#section-6-2}"]


@pytest.mark.parametrize("name", FILES)
def test_no_file_is_ever_overwritten(project: Path, name: str) -> None:
    """One file that is there stops the command, which names it and makes nothing."""
    path = project / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("别人写的\n", encoding="utf-8")
    before = everything(project)
    done = run(new, "2026", project=project)
    assert (done.code, everything(project)) == (1, before)
    assert f"\n{name}\n" in done.printed


def test_the_same_year_is_not_made_twice(project: Path) -> None:
    """A second run leaves what the first has made."""
    assert run(new, "2026", project=project).code == 0
    before = everything(project)
    done = run(new, "2026", project=project)
    assert (done.code, everything(project)) == (1, before)
    assert all(f"\n{name}\n" in done.printed for name in FILES)


@pytest.mark.parametrize(
    ("old", "new_", "told"),
    [
        (
            "from: 2022}",
            "from: 2022, to: 2024}\n  - {name: 现名, from: 2027}",
            "  - {name: 该年度使用的名称, from: 2026, to: 2026}",
        ),
        (
            "from: 2022}",
            "from: 2022, to: 2025}",
            (
                "沿用“示例市示例区城市管理和综合执法局”的，不加新行，"
                '把 {name: "示例市示例区城市管理和综合执法局", from: 2022, to: 2025} 里的 to: 2025 删去'
            ),
        ),
    ],
)
def test_a_year_without_a_name_is_refused(project: Path, old: str, new_: str, told: str) -> None:
    """The file of the agency is not edited; the command says what to add."""
    if "2027" in new_:
        (project / "data" / "2025.yml").unlink()
    edit(project / "data" / "agency.yml", old, new_)
    before = everything(project)
    done = run(new, "2026", project=project)
    assert (done.code, everything(project)) == (1, before)
    assert "data/agency.yml:" in done.printed
    assert told in done.printed


@pytest.mark.parametrize(
    ("year", "code", "told"),
    [
        ("2010", 1, "没有适用于 2010 年度的格式"),
        ("1899", 2, "年度应为四位数的年份"),
        ("26", 2, "年度应为四位数的年份"),
    ],
)
def test_years_that_cannot_be_made(project: Path, year: str, code: int, told: str) -> None:
    """There is no form for some years, and no such year for others."""
    edit(project / "data" / "agency.yml", "from: 2019", "from: 2008")
    before = everything(project)
    done = run(new, year, project=project)
    assert (done.code, everything(project)) == (code, before)
    assert told in done.printed


def test_last_year_must_be_whole(project: Path) -> None:
    """A year that is at fault, or has no pages, cannot be continued."""
    shutil.move(project / "docs" / "2025", project / "away")
    before = everything(project)
    done = run(new, "2026", project=project)
    assert (done.code, everything(project)) == (1, before)
    assert "缺少 2025 年的页面（docs/2025）" in done.printed
    shutil.move(project / "away", project / "docs" / "2025")
    edit(project / "docs" / "2025" / "6-other.md", "{{ figure(", "{{ figur(")
    done = run(new, "2026", project=project)
    assert done.code == 1
    assert "docs/2025/6-other.md:5:23: 没有“figur”这个宏；是否应为 figure" in done.printed
    edit(project / "data" / "2025.yml", "carried_out:                    [ 2,", "carried_out:                    [ -2,")
    done = run(new, "2026", project=project)
    assert done.code == 1
    assert "data/2025.yml:" in done.printed


def test_a_fault_of_another_year_does_not_matter(project: Path) -> None:
    """A new year needs the one before and no other."""
    edit(project / "data" / "2022.yml", "status: published", "status: publish")
    assert run(new, "2026", project=project).code == 0


def test_the_real_project_goes_on(tmp_path: Path) -> None:
    """2024 of the real agency has no recorded name yet; with one it is made from 2023."""
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("2024.yml"))
    shutil.copytree(ROOT / "docs", tmp_path / "docs", ignore=shutil.ignore_patterns("2024"))
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    done = run(new, "2024", project=tmp_path)
    assert done.code == 1
    assert "  - {name: 该年度使用的名称, from: 2024, to: 2024}" in done.printed
    edit(tmp_path / "data" / "agency.yml", "from: 2023, to: 2023}", "from: 2023, to: 2024}")
    assert run(new, "2024", project=tmp_path).code == 0
    assert dataset_of(tmp_path).findings == ()
    items = [
        line for line in pages_of(tmp_path, 2024).pages["5-improvement.md"].text.splitlines() if "2023年的" in line
    ]
    assert len(items) == 4


def test_a_failure_removes_what_was_made(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the last step fails, the pages go again; an empty folder that was there may go with them."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "data/2026.yml")

    monkeypatch.setattr(new_year, "_make_data", full)
    before = everything(project)
    with pytest.raises(RefusedError, match="磁盘已满"):
        new_year.make_year(project_in(project), 2026)
    assert everything(project) == before
    assert not (project / "docs" / "2026").exists()


@pytest.mark.parametrize("name", ["data/2026.yml", "docs/2026/note.md"])
def test_a_race_is_lost_without_harm(project: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Someone else makes a file at the last moment: theirs stays, ours go."""
    stage = staging.stage

    def staged(data: Path, year: int, content: bytes) -> Path:
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_text("别人写的\n", encoding="utf-8")
        return stage(data, year, content)

    monkeypatch.setattr(staging, "stage", staged)
    before = everything(project)
    with pytest.raises(RefusedError, match="已经有下列文件"):
        new_year.make_year(project_in(project), 2026)
    assert everything(project) == {**before, name: "别人写的\n".encode()}


def test_file_systems_without_hard_links(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is claimed in another way, with the same result."""

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    new_year.make_year(project_in(project), 2026)
    assert 2026 in dataset_of(project).reports
    assert not (project / "data" / ".2026.new").exists()


def test_an_empty_folder_is_filled(project: Path) -> None:
    """A folder without files has nothing to overwrite."""
    (project / "docs" / "2026").mkdir()
    assert run(new, "2026", project=project).code == 0
