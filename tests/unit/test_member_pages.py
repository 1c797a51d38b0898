"""The pages of a superior: all bodies, rates with their denominators, figures with their parts, all of it as files."""

from __future__ import annotations

import csv
import io
import shutil
from decimal import Decimal
from typing import TYPE_CHECKING

import county
import duckdb
import pytest
from agencies import write_agencies
from columnar import parquet_rows
from lxml import html
from nianbao.beginning.new_year import make_year
from nianbao.command.rollup import rollup
from nianbao.downloads.downloads import open_downloads
from nianbao.downloads.macros import export_macros
from nianbao.engines.environment import judge_session
from nianbao.exports.parquet import write_parquet
from nianbao.members import macros
from nianbao.members.macros import member_macros
from nianbao.members.published import CELL_COLUMNS, CellRow
from nianbao.model.dataset import package_forms, read_dataset
from nianbao.model.project import project_at
from nianbao.pages.session import AuthorError, Session
from nianbao.rules.judging import remember
from projects import edit, run

if TYPE_CHECKING:
    from pathlib import Path

COUNT = 24


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a county that was rolled up, one of whose bodies has a site and one few requests."""
    portal = county.write_county(tmp_path_factory.mktemp("county"), COUNT)
    county.plant(portal)
    edit(portal / "data/members.yml", "{id: agency00023, ", "{id: agency00023, site: https://a.example.org/x, ")
    path = portal / f"members/agency00022/{county.YEAR}.yml"
    lines = path.read_text(encoding="utf-8").split("\n")
    at = next(number for number, line in enumerate(lines) if line.startswith("requests:"))
    until = next(number for number, line in enumerate(lines) if line.startswith("review:"))
    for number in range(at, until):
        head, bracket, tail = lines[number].partition("[")
        if bracket:
            counts = "1, 0, 0, 0, 0, 0" if head.strip() in {"received:", "granted:"} else "0, 0, 0, 0, 0, 0"
            lines[number] = f"{head}[{counts}]{tail.partition(']')[2]}"
    path.write_text("\n".join(lines), encoding="utf-8")
    make_year(project_at(portal), county.YEAR)
    assert run(rollup, str(county.YEAR), project=portal).code == 0
    return portal


def session(portal: Path, page: str = "members.md") -> Session:
    """Return the session of a preview of *portal* at *page*."""
    data = portal / "data"
    return Session(
        dataset=read_dataset(portal, data),
        root=portal,
        data=data,
        docs=portal / "docs",
        drafts=True,
        page=lambda: page,
    )


def test_all_bodies_with_their_reports(portal: Path) -> None:
    """Each body stands in its place with its link; what was wrong with a report is not told to the public."""
    tree = html.fromstring(f"<div>{member_macros(session(portal))['member_reports']()}</div>")
    rows = {
        row.findtext("th"): [cell.text_content() for cell in row.findall("td")] for row in tree.findall(".//tbody/tr")
    }
    assert len(rows) == COUNT
    assert rows["示例市示例区第0局"][-1] == "未报送"
    assert rows["示例市示例区第12局"][-1] == "未汇总"
    assert rows["示例市示例区第23局"][-1] == "已汇总"
    assert tree.xpath("//td/a/@href") == ["https://a.example.org/x/2023/"]
    assert "汇总了7/24个单位的报告" in tree.text_content()
    assert "错" not in tree.text_content()


def test_rates_stand_beside_their_denominators(portal: Path) -> None:
    """A rate of few cases is marked and explained; bodies keep the order of the register."""
    tree = html.fromstring(f"<div>{member_macros(session(portal))['member_rates']()}</div>")
    rows = {
        row.findtext("th"): [cell.text_content() for cell in row.findall("td")] for row in tree.findall(".//tbody/tr")
    }
    assert rows["示例市示例区第22局"] == ["1", "1", "1", "100%*"]
    assert not rows["示例市示例区第23局"][-1].endswith("*")
    assert list(rows) == sorted(rows, key=lambda name: int(name.removeprefix("示例市示例区第").removesuffix("局")))
    assert "分母不足30" in tree.text_content()
    assert "不是名次" in tree.text_content()


def test_parts_add_up_to_the_figure_of_the_area(portal: Path) -> None:
    """In each table the rows of bodies, and adjustments, add up to the last row, which is read back by its mark."""
    opened = session(portal)
    report = opened.dataset.reports[county.YEAR]
    for table in report.form.tables:
        tree = html.fromstring(f"<div>{member_macros(opened)['member_parts'](table.id)}</div>")
        assert len(tree.findall(".//details")) == sum(len(block.rows.leaves) for block in table.blocks)
        for found in tree.findall(".//table"):
            *bodies, last = (row.findall("td") for row in found.findall(".//tbody/tr"))
            for column, cell in enumerate(last):
                address = cell.get("data-figure").removeprefix(f"{county.YEAR}:")
                parts = [float(row[column].text) for row in bodies]
                assert round(sum(parts), 6) == float(report.cell(address).known or 0)  # type: ignore[union-attr]  # it is there
    with pytest.raises(AuthorError, match="没有“applications”这张表；可用的是 disclosure、requests、review"):
        member_macros(opened)["member_parts"]("applications")


def test_parts_of_many_bodies_are_those_of_their_classes(portal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a list of all bodies would be too long a class is a part, and all of it is a file away."""
    opened = session(portal)
    monkeypatch.setattr(macros, "MOST_PARTS", 6)
    tree = html.fromstring(f"<div>{member_macros(opened)['member_parts']('requests')}</div>")
    assert tree.xpath("//p/a/@href") == ["downloads/members-2023.csv", "downloads/members-2023.parquet"]
    first = tree.findall(".//table")[0]
    assert [row.findtext("th") for row in first.findall(".//tr")] == ["分类", "没有分类的单位（7个单位）", "本级报告"]
    (part, whole) = ([cell.text for cell in row.findall("td")] for row in first.findall(".//tbody/tr"))
    assert part == whole


def test_each_body_has_a_page_with_what_was_rolled_up(tmp_path: Path) -> None:
    """A page a body, its words as words, no link or address of its own; what was altered since is told, not shown."""
    portal = county.write_county(tmp_path, 3)
    edit(portal / "data/members.yml", county.RETURNED_LINE, "")
    data = portal / "members/agency00001"
    forms = {number: form for number, form in package_forms().editions.items() if form is not None}
    write_agencies(tmp_path / "more", forms, 2, (county.YEAR,), pages=True)
    shutil.move(tmp_path / "more/agency00001/docs", data / "docs")
    words = "窗口&lt;script&gt;alert(1)&lt;/script&gt;逐项核对[目录](https://example.org/x)。\n"
    page = data / f"docs/{county.YEAR}/5-improvement.md"
    page.write_text(page.read_text(encoding="utf-8") + f"\n{words}", encoding="utf-8")
    make_year(project_at(portal), county.YEAR)
    (portal / "docs/members").mkdir()
    (portal / "docs/members/agency00002.md").write_text("# 自己写的\n", encoding="utf-8")
    told = run(rollup, str(county.YEAR), "--pages", project=portal)
    assert (told.code, told.printed.splitlines()[0]) == (0, "在 docs/members 里新写了 3 个页面。")
    index = (portal / "docs/members/index.md").read_text(encoding="utf-8")
    assert all(macro in index for macro in ("member_reports()", "member_rates()", 'member_parts("review")'))
    assert (portal / "docs/members/agency00002.md").read_text(encoding="utf-8") == "# 自己写的\n"
    assert '{{ member_report("agency00001") }}' in (portal / "docs/members/agency00001.md").read_text(encoding="utf-8")
    macros = member_macros(session(portal, "members/agency00001.md"))
    shown = str(macros["member_report"]("agency00001"))
    tree = html.fromstring(f"<div>{shown}</div>")
    assert "窗口<script>alert(1)</script>逐项核对目录。" in tree.text_content()
    requests = tree.find(".//table[@class='statutory statutory-requests']")
    assert requests is not None
    assert [len(requests.findall(part)) for part in ("colgroup", "thead", "tbody")] == [1, 1, 1]
    assert {cell.get("class") for cell in requests.findall("tbody/tr/th")} == {None, "level-2", "level-3"}
    assert not tree.xpath("//table//@id[not(contains(., 'caption'))]")
    assert not tree.xpath("//a | //script | //td[@id] | //img")
    assert tree.findtext(".//h2") == "一、总体情况"
    assert not [line for line in shown.split("\n") if not line.strip()]
    figure = read_dataset(portal, data).reports[county.YEAR].figure("requests.received.natural_person")
    assert str(figure) in [cell.text for cell in tree.findall(".//td")]
    links = html.fromstring(f"<div>{macros['member_reports']()}</div>").xpath("//td/a/@href")
    assert links == ["agency00000.html", "agency00001.html", "agency00002.html"]
    with pytest.raises(AuthorError, match="名册里没有 agency00009 这个单位"):
        macros["member_report"]("agency00009")
    path = portal / f"data/rollup/{county.YEAR}/agency00001.html"
    path.write_text(path.read_text(encoding="utf-8").replace("窗口", "窗户"), encoding="utf-8")
    with pytest.raises(AuthorError, match=f"请再运行一次 nianbao rollup {county.YEAR}"):
        macros["member_report"]("agency00001")
    (data / f"{county.YEAR}.yml").unlink()
    assert run(rollup, str(county.YEAR), project=portal).code == 0
    assert not path.exists()
    assert "未报送" in str(member_macros(session(portal))["member_report"]("agency00001"))


def test_all_cells_of_all_bodies_as_csv_and_parquet(portal: Path, tmp_path: Path) -> None:
    """Both files have every cell of every included body; DuckDB adds them up to the area's figures, to the last digit.

    They are linked, listed with their sizes, and among the digests of all files.
    """
    opened = session(portal)
    remember(opened, judge_session(opened))
    downloads = open_downloads(opened)
    files = {one.name: one for one in downloads.bodies()}
    assert list(files) == ["members-2023.csv", "members-2023.parquet"]
    text = files["members-2023.csv"].content.read().decode("utf-8-sig")
    parquet = files["members-2023.parquet"].content.read()
    assert parquet_rows(parquet) == [
        {**row, **{name: Decimal(row[name]) for name in ("year", "format", "value")}}
        for row in csv.DictReader(io.StringIO(text, newline=""))
    ]
    (tmp_path / "cells.parquet").write_bytes(parquet)
    asked = "SELECT address, CASE WHEN count(*) = count(value) THEN sum(value) END, count(*)"
    asked += " FROM read_parquet(?) GROUP BY address"
    sums = duckdb.connect().execute(asked, [str(tmp_path / "cells.parquet")]).fetchall()
    report = opened.dataset.reports[county.YEAR]
    cells = [cell for cells in report.cells.values() for cell in cells.values()]
    assert sorted(sums) == sorted((cell.address, cell.known, 7) for cell in cells)
    links = html.fromstring(f"<div>{member_macros(opened)['member_reports']()}</div>").xpath("//p/a/@href")
    listed = html.fromstring(f"<div>{export_macros(opened)['all_downloads']()}</div>")
    (table,) = listed.xpath("//table[caption[@id='downloads-bodies.caption']]")
    assert table.xpath(".//a/@href") == links == [f"downloads/{name}" for name in files]
    sizes = [row.findall("td")[-1].text for row in table.findall(".//tbody/tr")]
    assert sizes == [one.size for one in files.values()]
    sums_file = next(one for one in downloads.all_years() if one.name == "SHA256SUMS").content.read().decode()
    assert all(f"{one.content.digest}  {one.name}\n" in sums_file for one in files.values())


def test_an_unknown_figure_of_a_body_is_unknown_in_its_row(tmp_path: Path) -> None:
    """What one body does not know has no value in either file, and makes the sum unknown as in the roll-up."""
    portal = county.write_county(tmp_path, 3)
    edit(portal / "data/members.yml", county.RETURNED_LINE, "")
    path = portal / f"members/agency00002/{county.YEAR}.yml"
    text = path.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.strip().startswith(county.RECEIVED))
    first = line[line.index("[") + 1 : line.index(",")]
    path.write_text(text.replace(line, line.replace(f"[{first},", "[不详,")), encoding="utf-8")
    make_year(project_at(portal), county.YEAR)
    run(rollup, str(county.YEAR), project=portal)
    _, parquet = open_downloads(session(portal)).bodies()
    values = {(row["agency"], row["address"]): row["value"] for row in parquet_rows(parquet.content.read())}
    address = "requests.received.natural_person"
    assert values["agency00002", address] is None
    assert values["agency00002", "requests.received.total"] is None
    assert values["agency00001", address] is not None


def test_the_files_of_a_large_county_are_the_same_in_every_build(tmp_path: Path) -> None:
    """Of many rows there are several groups, which DuckDB reads as one table; the bytes depend on the rows alone."""
    rows = [CellRow(f"agency{at:05}", "示例局", 2023, 2021, "requests.received.total", at) for at in range(250_001)]
    first, second = io.BytesIO(), io.BytesIO()
    for file in (first, second):
        write_parquet(file, iter(rows), CELL_COLUMNS)
    assert first.getvalue() == second.getvalue()
    (tmp_path / "a.parquet").write_bytes(first.getvalue())
    asked = "SELECT count(*), sum(value), count(DISTINCT agency) FROM read_parquet(?)"
    found = duckdb.connect().execute(asked, [str(tmp_path / "a.parquet")]).fetchone()
    assert found == (250_001, 250_000 * 250_001 // 2, 100_000 + 150_001)


def test_a_page_without_a_roll_up_says_so(portal: Path, tmp_path: Path) -> None:
    """Nothing was rolled up: it is said; a damaged record is told with what to do, and makes no file."""
    bare = county.write_county(tmp_path, 2)
    assert member_macros(session(bare))["member_reports"]() == "还没有汇总。"
    make_year(project_at(bare), county.YEAR)
    (bare / "data/rollup").mkdir()
    (bare / "data/rollup/2023.json").write_text("{", encoding="utf-8")
    with pytest.raises(AuthorError, match="已经损坏"):
        member_macros(session(bare))["member_rates"]()
    assert open_downloads(session(bare)).bodies() == ()
    assert "7/24" in member_macros(session(portal, "2023/members.md"))["member_rates"]()
