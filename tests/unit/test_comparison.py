"""Years side by side: what is joined across the editions of the form, what is not, and what readers are told."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest
from agencies import write_agencies
from bs4 import BeautifulSoup
from building import ROOT
from nianbao.comparison.changes import Change
from nianbao.comparison.macros import comparison_macros
from nianbao.comparison.series import Line, Share, Years
from nianbao.comparison.topics import TITLES, topics
from nianbao.model.dataset import Dataset, read_dataset
from nianbao.model.rates import Rate, percent
from nianbao.pages.session import Session
from nianbao.reading.numbers import BLANK, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bs4 import Tag
    from nianbao.comparison.series import Series
    from nianbao.model.report import Cell


def years_of(dataset: Dataset, *chosen: int) -> Years:
    """Return the reports of the *chosen* years, or all of them, to compare."""
    reports = {year: report for year, report in dataset.reports.items() if not chosen or year in chosen}
    return Years(reports=MappingProxyType(reports), forms=dataset.forms)


def texts(years: Years, *addresses: str) -> list[str]:
    """Return the texts of a series by year."""
    return [point.text for point in series(years, *addresses).points]


def series(years: Years, *addresses: str) -> Series:
    """Return the series of *addresses*, which there must be."""
    found = years.series(Line(addresses=addresses))
    assert found is not None
    return found


def test_equal_rows_are_joined_across_the_editions(examples: Dataset) -> None:
    """New requests run through from 2019 to 2025: the row is the same in both editions."""
    years = years_of(examples)
    assert texts(years, "requests.received") == ["44", "53", "47", "66", "77", "86", "71"]
    assert texts(years, "review.reconsideration.corrected") == ["0", "1", "0", "1", "0", "1", "0"]


def test_documents_made_and_issued_are_joined_with_a_note(examples: Dataset) -> None:
    """新制作 of 2019 and 2020 continues as 制发, and a note says that the words differ."""
    one = series(years_of(examples), "disclosure.normative_documents.issued")
    assert [point.text for point in one.points] == ["2", "1", "1", "1", "0", "2", "1"]
    assert [note for note in one.notes if "本年新制作数量" in note and "本年制发件数" in note]


@pytest.mark.parametrize(
    ("address", "expected", "word"),
    [
        (
            "disclosure.normative_documents.in_force",
            ["无此项", "无此项", "11", "12", "9", "10", "11"],
            "对外公开总数量",
        ),
        ("disclosure.administrative_fees.amount", ["无此项", "无此项", "412.36"], "收费金额"),
    ],
)
def test_what_counts_otherwise_is_not_joined(examples: Dataset, address: str, expected: list[str], word: str) -> None:
    """Documents in force are not those published, and money is not items: the years before are gaps with a note."""
    one = series(years_of(examples), address)
    assert [point.text for point in one.points][: len(expected)] == expected
    assert [note for note in one.notes if word in note and "不能比较" in note]


def test_decisions_are_joined_with_care_and_old_rows_end(examples: Dataset) -> None:
    """Decisions run through with a note; 其他对外管理服务事项 ends with the edition that has it."""
    years = years_of(examples)
    one = series(years, "disclosure.licensing.decisions")
    assert [point.text for point in one.points][:3] == ["1036", "962", "1124"]
    assert one.notes
    assert texts(years, "disclosure.other_services.decisions") == ["415", "438", *["无此项"] * 5]


def test_three_rows_are_added_to_continue_the_old_one(examples: Dataset) -> None:
    """其他处理 of 2021 and later is the sum of its three rows; these do not reach back."""
    years = years_of(examples)
    rows = [texts(years, f"requests.results.otherwise.{row}") for row in ("not_corrected", "fee_not_paid", "other")]
    assert [row[:2] for row in rows] == [["无此项", "无此项"]] * 3
    sums = [str(sum(map(int, figures))) for figures in list(zip(*rows, strict=True))[2:]]
    assert texts(years, "requests.results.otherwise") == ["2", "2", *sums]


def test_notes_are_told_only_where_editions_meet(examples: Dataset) -> None:
    """Among years of one edition nothing is joined across, so nothing is to be said of it."""
    for chosen in ((2019, 2020), (2021, 2022, 2023)):
        years = years_of(examples, *chosen)
        found = [years.series(line) for topic in topics(years.editions) for line in topic.lines]
        notes = [note for one in found if one is not None for note in one.notes]
        assert not [note for note in notes if "年格式" in note]


def test_without_a_crosswalk_nothing_is_joined(examples: Dataset) -> None:
    """An edition that does not say how it continues the one before is not compared with it, not even equal rows."""
    forms = {number: replace(form, earlier=None) for number, form in examples.forms.items()}
    reports = {year: replace(one, form=forms[one.form.format]) for year, one in examples.reports.items()}
    years = Years(reports=MappingProxyType(reports), forms=MappingProxyType(forms))
    assert texts(years, "requests.received")[:3] == ["无此项", "无此项", "47"]


def test_unknown_and_missing_are_gaps(examples: Dataset) -> None:
    """An unreadable part leaves the sum unknown; a year without a report is a gap. Neither is 0."""
    years = years_of(examples, 2019, 2020, 2023)
    assert texts(years, "requests.results.refused") == ["不详", "13", "无报告", "无报告", "14"]
    assert [point.value for point in series(years, "requests.results.refused").points][2:4] == [None, None]


def test_totals_of_an_original_are_told(examples: Dataset) -> None:
    """Where an original prints a total of its own, a note says so and which figure is compared."""
    notes = series(years_of(examples), "requests.received").notes
    assert notes == ("2020年“本年新收政府信息公开申请数量”：原件印出的合计是54，各分项相加为53，这里用后一个数。",)


@pytest.mark.parametrize(
    ("part", "whole", "text", "small"),
    [
        (0, 0, "—", False),
        (0, 30, "0%", False),
        (2, 3, "66.7%", True),
        (29, 29, "100%", True),
        (1, 30, "3.3%", False),
        (1, 16, "6.3%", True),  # 6.25 is rounded up.
    ],
)
def test_rates(part: int, whole: int, text: str, small: bool) -> None:  # noqa: FBT001  # a column of the table above
    """A rate of nothing is a dash, one of fewer than 30 says little, halves are rounded up."""
    rate = Rate(part=part, whole=whole)
    assert (rate.text, rate.small) == (text, small)


def test_percentages_are_exact() -> None:
    """Per cent have one decimal, nothing and all have none, and a minus is no hyphen."""
    values = ("1/3", "-1/3", "11/25", "1", "0", "-1/10000", "1999/2000", "0.1245")
    assert [percent(Fraction(value)) for value in values] == [
        "33.3%",
        "−33.3%",
        "44.0%",
        "100%",
        "0%",
        "0.0%",
        "100.0%",
        "12.5%",
    ]


def test_rates_of_the_examples(examples: Dataset) -> None:
    """The rate of disclosure of 2024 is 48 of 84; with an unknown part the rate is unknown."""
    years = years_of(examples)
    total = ("requests.results.total",)
    granted = ("requests.results.granted", "requests.results.partly_granted")
    disclosed = years.rate(Share(label="", part=granted, whole=total))
    refused = years.rate(Share(label="", part=("requests.results.refused",), whole=total))
    assert disclosed is not None
    assert refused is not None
    assert disclosed.points[5].rate == Rate(part=48, whole=84)
    assert (refused.points[0].rate, refused.points[0].text) == (None, "不详")


@pytest.mark.parametrize(
    ("before", "now", "text", "rate", "small"),
    [
        (47, 66, "增加19", "+40.4%", False),
        (4, 3, "减少1", "−25.0%", True),
        (0, 5, "增加5", "—", False),
        (0, 0, "持平", "—", False),
        (30, 30, "持平", "0%", False),
        (1, 2, "增加1", "+100%", True),
        (1, 0, "减少1", "−100%", True),
        (None, 5, "—", "—", False),
        (5, None, "—", "—", False),
    ],
)
def test_changes(before: int | None, now: int | None, text: str, rate: str, small: bool) -> None:  # noqa: FBT001  # as above
    """A change is told in words and per cent; from nothing, or from what is not known, there is no rate."""
    change = Change(before=before, now=now)
    assert (change.text, change.rate, change.small) == (text, rate, small)


def rows_of(table: Tag) -> dict[str, list[str]]:
    """Return the figures of a table by the words of its row."""
    found = {}
    for row in table.select("tbody tr"):
        head = row.select_one("th")
        assert head is not None
        if row.select("td"):
            found[head.get_text()] = [cell.get_text() for cell in row.select("td")]
    return found


# Few and many years


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Return a portal of twenty years."""
    forms = read_dataset(ROOT, ROOT / "data").forms
    folder = tmp_path_factory.mktemp("long")
    write_agencies(folder, forms, 1, range(2019, 2039))
    dataset = read_dataset(ROOT, folder / "agency00000")
    assert dataset.findings == ()
    return dataset


def drawn(dataset: Dataset, topic: str, *chosen: int) -> BeautifulSoup:
    """Return what the macro makes of *topic* for the *chosen* years, or all."""
    reports = {year: report for year, report in dataset.reports.items() if not chosen or year in chosen}
    dataset = replace(dataset, reports=MappingProxyType(reports), years=tuple(reports))
    session = Session(dataset=dataset, root=ROOT, data=ROOT, docs=ROOT / "docs", drafts=True, page=lambda: "compare.md")
    return BeautifulSoup(str(comparison_macros(session)["comparison"](topic)), "html.parser")


# Topics of the example whose figures are all below ten: their tables say it all.
SMALL = {"reasons", "reconsideration", "litigation"}


def test_few_cases_are_not_drawn(examples: Dataset) -> None:
    """A figure that never reaches ten has no chart: a sentence says so, and it stands in the table."""
    page = drawn(examples, "outcomes")
    titles = " ".join(title.get_text() for title in page.select("svg title"))
    assert "予以公开" in titles
    assert "不予处理" not in titles
    note = page.select(".chart-note")[1].get_text()
    assert note == "不画图的各项见下表：各年都不到10。"
    assert rows_of(page.select("table")[0])["不予处理"][-2:] == ["6", "5"]


def test_what_changed_is_said_in_a_sentence(examples: Dataset) -> None:
    """Above the charts stands what changed between the last two years; what did not is counted or named."""
    words = drawn(examples, "requests", 2023, 2024).select("p")[0].get_text()
    assert words.startswith("2024年与2023年相比：本年新收政府信息公开申请数量由77增加到86件；自然人由58增加到66件；")
    assert "上年结转政府信息公开申请数量由5减少到4件" in words
    words = drawn(examples, "litigation", 2023, 2024).select("p")[0].get_text()
    assert words == ("2024年与2023年相比：未经复议直接起诉由2减少到1件；复议后起诉由1增加到2件；另外5项没有变化。")
    assert drawn(examples, "outcomes", 2019, 2020).select("p")[0].get_text().endswith("；不予公开不能比较。")


def test_one_year_is_a_sentence(examples: Dataset, long: Dataset) -> None:
    """A single year has neither table nor chart: its figures stand in a sentence, and nothing but 0 in a short one."""
    page = drawn(examples, "reconsideration", 2024)
    assert not page.select("table, svg")
    assert page.get_text() == "2024年结果维持4件，结果纠正1件，其他结果1件，尚未审结0件，行政复议总计6件。"
    report = long.reports[2024]
    nil = replace(report, cells=MappingProxyType({**report.cells, "review": _nil(report.cells["review"])}))
    page = drawn(replace(long, reports=MappingProxyType({2024: nil})), "reconsideration", 2024)
    assert page.get_text() == "2024年各项都是0。"


def test_gaps_of_one_year_stand_behind_its_figures(examples: Dataset, long: Dataset) -> None:
    """What is unknown is named or counted once, not figure by figure, and is no nought."""
    page = drawn(examples, "outcomes", 2019)
    assert page.get_text().endswith("，办理结果总计44件；不予公开不详，不按0计。")
    report = long.reports[2024]
    for text, gap in (("空白", BLANK), ("不详", UNKNOWN)):
        empty = {at: cell._replace(value=None, gap=gap, missing=gap) for at, cell in report.cells["review"].items()}
        left = replace(report, cells=MappingProxyType({**report.cells, "review": MappingProxyType(empty)}))
        page = drawn(replace(long, reports=MappingProxyType({2024: left})), "reconsideration", 2024)
        assert page.get_text() == f"2024年各项都是{text}，不按0计。"


@pytest.mark.parametrize("topic", TITLES)
def test_charts_show_the_figures_of_their_table(examples: Dataset, topic: str) -> None:
    """Each chart has a column for every figure above 0 and writes every figure of its row of the table."""
    page = drawn(examples, topic)
    table = page.select_one("table")
    assert table is not None
    rows = {re.sub("（(件|项|元|万元)）$", "", label): figures for label, figures in rows_of(table).items()}
    charts = page.select("svg")
    assert bool(charts) is (topic not in SMALL)
    for chart in charts:
        title, description = chart.select_one("title"), chart.select_one("desc")
        assert title is not None
        assert description is not None
        label = re.sub("（(件|项|元|万元)）$", "", title.get_text().rpartition("，")[0])
        figures = rows[label]
        written = [text.get_text() for text in chart.select(".chart-value, .chart-gap")]
        assert written == figures, label
        marks = chart.select("rect.chart-bar, circle")
        known = [figure for figure in figures if re.match(r"[0-9]", figure)]
        rate = bool(chart.select("circle"))
        assert len(marks) == len(known if rate else [figure for figure in known if float(figure)])
        assert (
            description.get_text()
            == "".join(
                f"{'，' if number else ''}{year}年{figure}"
                for number, (year, figure) in enumerate(zip(range(2019, 2026), figures, strict=True))
            )
            + "。"
        )
    assert len({element["id"] for element in page.select("[id]")}) == len(page.select("[id]"))


def test_columns_are_as_high_as_their_figures(examples: Dataset) -> None:
    """The heights of columns are to each other as the figures, also between charts of one scale."""
    page = drawn(examples, "outcomes")
    ratios = []
    for chart in page.select("svg"):
        figures = [float(text.get_text()) for text in chart.select(".chart-value") if text.get_text().isdigit()]
        heights = [float(str(bar["height"])) for bar in chart.select("rect.chart-bar")]
        columns = [figure for figure in figures if figure]
        ratios += [height / figure for height, figure in zip(heights, columns, strict=True) if columns]
    assert len(ratios) > 24
    assert max(ratios) < min(ratios) * 1.01  # Heights are written with two decimals.


def test_two_years_are_enough_for_a_chart(examples: Dataset) -> None:
    """With two years there are two columns; with one there is no chart."""
    assert len(drawn(examples, "requests", 2023, 2024).select("svg")[0].select("rect.chart-bar")) == 2
    assert not drawn(examples, "requests", 2024).select("svg")


def test_twenty_years_fit(long: Dataset) -> None:
    """Twenty years have twenty columns whose figures do not touch, and a table with a head for each year."""
    page = drawn(long, "decisions")
    for chart in page.select("svg"):
        values = chart.select(".chart-value, .chart-gap")
        assert len(values) == len(chart.select(".chart-year")) == 20
        for one, other in pairwise(values):
            room = float(str(other["x"])) - float(str(one["x"]))
            assert room > 0.6 * 12 * max(len(one.get_text()), len(other.get_text())) * 0.95
    assert len(page.select("thead th")) == 21


def test_figures_that_are_always_nil_are_said_to_be(long: Dataset) -> None:
    """Where nothing is above 0 a sentence says so, and nothing is drawn."""
    page = drawn(long, "litigation", 2024, 2025)
    assert page.select(".chart-note")[-1].get_text() == "不画图的各项见下表：各年都不到10，或者已知的各年都是0。"
    nil = {
        year: replace(report, cells=MappingProxyType({**report.cells, "review": _nil(report.cells["review"])}))
        for year, report in long.reports.items()
    }
    page = drawn(replace(long, reports=MappingProxyType(nil)), "litigation")
    assert not page.select("svg")
    assert "不画图的各项见下表：已知的各年都是0。" in page.get_text()


def _nil(cells: Mapping[tuple[str, str], Cell]) -> Mapping[tuple[str, str], Cell]:
    """Return *cells* with nothing in them."""
    return MappingProxyType({position: cell._replace(value=0) for position, cell in cells.items()})
