"""Years side by side in the built pages: figures, scales, and what is not compared."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

import openpyxl
from bs4 import BeautifulSoup
from nianbao.comparison.topics import TITLES

if TYPE_CHECKING:
    from pathlib import Path

    from bs4 import Tag


def soup(path: Path) -> BeautifulSoup:
    """Return a page parsed."""
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def rows_of(table: Tag) -> dict[str, list[str]]:
    """Return the figures of a table by the words of its row."""
    found = {}
    for row in table.select("tbody tr"):
        head = row.select_one("th")
        assert head is not None
        if row.select("td"):
            found[head.get_text()] = [cell.get_text() for cell in row.select("td")]
    return found


def test_compared_figures_are_those_of_the_year_pages(example_site: Path) -> None:
    """What the comparison shows of requests, reviews and decisions stands in the statutory tables of each year."""
    page = soup(example_site / "compare.html")
    checked = 0
    for id_, rows in {
        "comparison-requests": {
            "上年结转政府信息公开申请数量": "3-requests.html requests.carried_in.total",
            "自然人": "3-requests.html requests.received.natural_person",
            "本年度办理结果总计": "3-requests.html requests.results.total.total",
            "结转下年度继续办理": "3-requests.html requests.carried_out.total",
        },
        "comparison-refusals": {
            "属于行政执法案卷": "3-requests.html requests.results.refused.enforcement_files.total",
        },
        "comparison-reconsideration": {"结果维持": "4-review.html review.reconsideration.upheld"},
        "comparison-decisions": {"行政处罚": "2-disclosure.html disclosure.penalties.decisions"},
    }.items():
        table = page.select_one(f"#{id_}")
        assert table is not None
        years = [head.get_text()[:4] for head in table.select("thead th")[1:]]
        assert years == ["2019", "2020", "2021", "2022", "2023", "2024"]
        figures = rows_of(table)
        for label, place in rows.items():
            name, address = place.split()
            for year, figure in zip(years, figures[label], strict=True):
                cell = soup(example_site / year / name).select_one(f'[id="{address}"]')
                assert cell is not None
                assert cell.get_text().removesuffix("注") == figure, (year, address)
                checked += 1
    assert checked == 42


def test_every_table_of_the_comparison_has_heads_and_a_name(example_site: Path) -> None:
    """Each table has a caption, heads of columns that lead to the year, heads of rows, and as many figures as years."""
    tables = soup(example_site / "compare.html").select("table.comparison")
    assert [table["id"] for table in tables] == [f"comparison-{id_}" for id_ in TITLES]
    for table in tables:
        assert table.select_one("caption")
        heads = table.select('thead th[scope="col"]')
        assert len(heads) == 6 + 1
        assert all(head.select_one("a") for head in heads[1:])
        for row in table.select("tbody tr"):
            assert len(row.select("td")) in ({0} if row.select('[scope="rowgroup"]') else {6})
            assert len(row.select("th")) == 1


def test_the_comparison_is_a_file_too(example_site: Path) -> None:
    """CSV and Excel hold every row of every table as the page shows it, and the charts of a topic are one drawing."""
    folder = example_site / "downloads"
    with (folder / "slqcgj-comparison.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["主题", "项目", "单位", *(f"{year}年" for year in range(2019, 2025)), "说明"]
    notes = {row[1]: row[-1] for row in rows}
    assert notes["本年新收政府信息公开申请数量"].endswith("原件印出的合计是54，各分项相加为53，这里用后一个数。")
    assert notes["复议纠错率"].endswith("各年的分母不足30，不宜用来比较。")
    assert notes["予以公开的比重"] == "比率是各项结果占办理结果总计的比重。"
    assert notes["自然人"] == ""
    shown = [
        figures
        for table in soup(example_site / "compare.html").select("table.comparison")
        for figures in rows_of(table).values()
    ]
    assert [[cell.removesuffix("*") for cell in figures] for figures in shown] == [row[3:-1] for row in rows[1:]]
    sheet = openpyxl.load_workbook(folder / "slqcgj-comparison.xlsx")["历年比较"]
    numbers = set()
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row, 1):
            cell = sheet.cell(number, column)
            if cell.number_format == "0.0%":
                assert f"{cell.value:.1%}" == f"{float(text.rstrip('%')):.1f}%"
            else:
                assert ("" if cell.value is None else str(cell.value)) == text
            numbers |= {text} if cell.data_type == "n" else set()
        lines = max(-(-len(words.encode("gbk")) // width) for words, width in ((row[1], 44), (row[-1], 60)))
        assert (sheet.row_dimensions[number].height or 0) > 13 * lines, row
    assert {"53", "436.92", "50.0%"} < numbers
    assert not {"不详", "无此项"} & numbers
    assert sheet.oddHeader is not None
    assert "示例市示例区城市管理和综合执法局历年比较" in str(
        sheet.oddHeader.right.text if sheet.oddHeader.right else ""
    )
    drawing = (example_site / "compare/requests.svg").read_text(encoding="utf-8")
    assert "示例市示例区城市管理和综合执法局" in drawing
    assert drawing.count('class="chart-bar"') == 24
    assert "本站是合成示例" in drawing


def test_what_is_said_of_scales_is_so(example_site: Path) -> None:
    """Charts that are said to have one scale have one; where a rate stands beside them, it is left out."""
    page = soup(example_site / "compare.html")
    told = 0
    for region in page.select(".year-charts"):
        charts = [{text.get_text() for text in chart.select(".chart-mark")} for chart in region.select("svg")]
        counts = [marks for marks in charts if not any("%" in mark for mark in marks)]
        note = region.find_next_sibling("p")
        assert note is not None
        if "用同一刻度" in note.get_text():
            told += 1
            assert all(marks == counts[0] for marks in counts)
            assert note.get_text().startswith("除比率的图以外，") == (len(counts) < len(charts))
    assert told >= 3


def test_one_year_has_sentences_and_no_charts(real_site: Path) -> None:
    """With one report the page says that it grows, tells the year's figures in sentences, and draws nothing."""
    article = soup(real_site / "compare.html").select_one("article")
    assert article is not None
    assert "有了第二年的报告，这里就列表比较并画变化图。" in article.get_text()
    assert not article.select("svg, table")
    assert article.get_text().count("2023年各项都是0。") == len(TITLES)


def test_changes_stand_below_the_tables_of_later_years_only(example_site: Path, real_site: Path) -> None:
    """A first year has no changes; a later one has them beside the statutory table, which stays as it is."""
    for name, table in (("2-disclosure", "disclosure"), ("3-requests", "requests"), ("4-review", "review")):
        for first in (real_site / "2023", example_site / "2019"):
            assert not soup(first / f"{name}.html").select("table.changes")
        later = soup(example_site / "2024" / f"{name}.html")
        assert [found["id"] for found in later.select("article table")] == [table, f"{table}.changes"]
    requests = soup(example_site / "2024/3-requests.html").select_one("table.changes")
    assert requests is not None
    assert [head.get_text() for head in requests.select("thead th")] == ["项目", "2023年", "2024年", "增减", "增减幅度"]
    assert rows_of(requests)["本年新收政府信息公开申请数量（件）"] == ["77", "86", "增加9", "+11.7%"]


def test_every_row_of_changes_says_what_it_counts(example_site: Path) -> None:
    """Reconsideration and litigation have outcomes of the same names: no two rows of a table are called alike."""
    for name in ("2-disclosure", "3-requests", "4-review"):
        labels = [label.get_text() for label in soup(example_site / f"2024/{name}.html").select(".changes tbody th")]
        assert len(labels) > 9
        assert len(set(labels)) == len(labels)
    assert labels[0] == "行政复议：结果维持（件）"
    assert "行政诉讼：结果维持（件）" in labels


def test_changes_across_the_editions_leave_out_what_cannot_be_compared(example_site: Path) -> None:
    """From 2020 to 2021 decisions are compared, documents in force and fees are named as not comparable."""
    page = soup(example_site / "2021/2-disclosure.html")
    changes = page.select_one("table.changes")
    assert changes is not None
    rows = rows_of(changes)
    assert rows["行政许可（件）"] == ["962", "1124", "增加162", "+16.8%"]
    assert not [label for label in rows if "现行有效" in label or "收费" in label]
    notes = " ".join(note.get_text() for note in page.select(".table-notes p"))
    assert re.search("没有列入：[^。]*现行有效件数[^。]*本年收费金额", notes)


def test_the_full_text_is_the_report_as_published(example_site: Path) -> None:
    """Changes are no part of the report: the full text has its three tables and no other."""
    page = soup(example_site / "2024/full.html")
    assert [table["id"] for table in page.select("article table")] == ["disclosure", "requests", "review"]
