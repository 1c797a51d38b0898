"""What a year's file becomes: figures as typed, totals computed, groups, unknown cells."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from building import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.dataset import Dataset
    from nianbao.model.form import Table
    from nianbao.model.report import Report
    from nianbao.reading.numbers import Number

YEARS = (2019, 2020, 2021, 2022, 2023, 2024, 2025)
COLUMNS = (
    "natural_person",
    "organizations.commercial",
    "organizations.research",
    "organizations.public_welfare",
    "organizations.legal_service",
    "organizations.other",
)


def raw(year: int) -> dict[str, Any]:
    """Return the example data of *year* as PyYAML loads it."""
    text = (ROOT / "examples" / "data" / f"{year}.yml").read_text(encoding="utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    return data


def lines(node: dict[str, Any], above: str = "") -> Iterator[tuple[str, list[int | str]]]:
    """Yield the typed figures of each list below *node* by its keys joined by dots, without printed totals."""
    for key, value in node.items():
        if key == "total":
            continue
        path = f"{above}.{key}".removeprefix(".")
        if isinstance(value, dict):
            yield from lines(value, path)
        else:
            yield path, value[: len(COLUMNS)]


def added(figures: list[int | str]) -> int | None:
    """Return the sum of *figures*, None where one is no number."""
    numbers = [figure for figure in figures if isinstance(figure, int)]
    return sum(numbers) if len(numbers) == len(figures) else None


def table(report: Report, name: str) -> Table:
    """Return a table of the form of *report*."""
    found = report.form.table(name)
    assert found is not None
    return found


def value(report: Report, name: str, path: str) -> Number | None:
    """Return the figure that a page gets for *path*, which may name groups."""
    found = table(report, name).find(path)
    assert found is not None
    return report.sum(table(report, name), *found[1:])


def test_the_example_data_are_without_fault(examples: Dataset) -> None:
    """All seven example years are read, and nothing is found."""
    assert (examples.findings, tuple(examples.reports)) == ((), YEARS)


def test_this_repository_has_data_without_fault(own: Dataset) -> None:
    """The data that this repository publishes are read, and nothing is found."""
    assert own.findings == ()
    assert set(own.reports) == set(own.years)
    assert 2023 in own.years


@pytest.mark.parametrize("year", YEARS)
def test_row_totals_of_requests(examples: Dataset, year: int) -> None:
    """总计 of a row is the sum of its six typed figures, unknown where one is."""
    cells = examples.reports[year].cells["requests"]
    typed = dict(lines(raw(year)["requests"]))
    assert {row: cells[row, "total"].value for row in typed} == {row: added(line) for row, line in typed.items()}


@pytest.mark.parametrize("year", YEARS)
def test_column_totals_of_results(examples: Dataset, year: int) -> None:
    """（七）总计 of a column is the sum of all results above it; its own 总计 is the sum of all."""
    cells = examples.reports[year].cells["requests"]
    typed = [line for _, line in lines(raw(year)["requests"]["results"])]
    expected = {column: added([line[index] for line in typed]) for index, column in enumerate(COLUMNS)}
    expected["total"] = added([figure for line in typed for figure in line])
    assert {column: cells["results.total", column].value for column in expected} == expected


@pytest.mark.parametrize("year", YEARS)
def test_totals_of_review(examples: Dataset, year: int) -> None:
    """总计 of each group of review is the sum of its four typed figures."""
    cells = examples.reports[year].cells["review"]
    typed = dict(lines(raw(year)["review"]))
    assert {group: cells["", f"{group}.total"].value for group in typed} == {
        group: added(line) for group, line in typed.items()
    }


@pytest.mark.parametrize("year", YEARS)
def test_typed_figures_keep_their_order(examples: Dataset, year: int) -> None:
    """The figures of a row stand in the form's columns from left to right."""
    cells = examples.reports[year].cells["requests"]
    typed = dict(lines(raw(year)["requests"]))
    assert {row: [cells[row, column].text for column in COLUMNS] for row in typed} == {
        row: [str(figure) for figure in line] for row, line in typed.items()
    }


@pytest.mark.parametrize("year", YEARS)
def test_every_cell_of_the_form_has_a_value(examples: Dataset, year: int) -> None:
    """A report has exactly the cells of its form, and knows which are computed."""
    report = examples.reports[year]
    for found in report.form.tables:
        cells = report.cells[found.id]
        assert set(cells) == {(row.path, column.path) for _, row, column in found.grid}
        assert {key for key, cell in cells.items() if cell.computed} == {
            (row.path, column.path) for _, row, column in found.grid if row.total or column.total
        }


def test_figures_know_where_they_are_typed(examples: Dataset) -> None:
    """The place of a cell is that of its figure in the file; a total has that of its first part."""
    text = (ROOT / "examples" / "data" / "2024.yml").read_text(encoding="utf-8").splitlines()
    cells = examples.reports[2024].cells["requests"]
    for column, figure in (("natural_person", "66"), ("organizations.commercial", "16"), ("total", "66")):
        place = cells["received", column].place
        assert place.file == "examples/data/2024.yml"
        assert text[place.line - 1].lstrip().startswith("received:")
        assert text[place.line - 1][place.column - 1 :].startswith(figure)


@pytest.mark.parametrize(
    ("year", "name", "path", "expected"),
    [
        # A row, with and without a column.
        (2024, "requests", "received", 86),
        (2024, "requests", "received.total", 86),
        (2024, "requests", "received.natural_person", 66),
        (2024, "requests", "received.organizations", 20),
        (2024, "requests", "received.organizations.commercial", 16),
        # A group of rows is the sum of its rows, never of its own total besides.
        (2024, "requests", "results", 84),
        (2024, "requests", "results.total", 84),
        (2024, "requests", "results.total.total", 84),
        (2024, "requests", "results.natural_person", 64),
        (2024, "requests", "results.refused", 16),
        (2024, "requests", "results.refused.total", 16),
        (2024, "requests", "results.refused.organizations", 4),
        (2024, "requests", "results.refused.third_party_rights.organizations.commercial", 2),
        (2024, "requests", "results.otherwise", 2),
        (2024, "requests", "carried_out", 6),
        # Columns stand in groups where the table has a single row.
        (2024, "review", "reconsideration", 6),
        (2024, "review", "reconsideration.total", 6),
        (2024, "review", "reconsideration.upheld", 4),
        (2024, "review", "litigation", 3),
        (2024, "review", "litigation.direct", 1),
        (2024, "review", "litigation.direct.upheld", 1),
        # The only column need not be named.
        (2024, "disclosure", "licensing", 1463),
        (2024, "disclosure", "licensing.decisions", 1463),
        (2024, "disclosure", "administrative_fees", Decimal("436.92")),
        (2024, "disclosure", "normative_documents.in_force", 10),
        (2020, "disclosure", "licensing.decisions", 962),
        # （六）其他处理 is one row in the older form, three in the newer.
        (2020, "requests", "results.otherwise", 2),
    ],
)
def test_a_path_finds_rows_columns_and_groups(
    examples: Dataset, year: int, name: str, path: str, expected: Number
) -> None:
    """A path names a row and then a column, each a leaf or a group; a column left out means 总计."""
    assert value(examples.reports[year], name, path) == expected


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("requests", ""),
        ("requests", "receive"),
        ("requests", "received.commercial"),
        ("requests", "received.natural_person.total"),
        ("requests", "natural_person"),
        ("disclosure", "normative_documents"),  # three columns and no total
        ("disclosure", "licensing.issued"),  # a column of another block
        ("review", ""),
        ("review", "upheld"),
        ("review", "reconsideration.upheld.total"),
    ],
)
def test_a_path_that_is_not_in_the_form_finds_nothing(examples: Dataset, name: str, path: str) -> None:
    """What the form does not have is not guessed."""
    assert table(examples.reports[2024], name).find(path) is None


def test_an_unknown_figure_is_not_zero(examples: Dataset) -> None:
    """不详 in one cell makes every sum over it unknown, and no other."""
    report = examples.reports[2019]
    unknown = {cell.address for cells in report.cells.values() for cell in cells.values() if cell.value is None}
    assert unknown == {
        "requests.results.refused.internal_affairs.organizations.commercial",
        "requests.results.refused.internal_affairs.total",
        "requests.results.total.organizations.commercial",
        "requests.results.total.total",
    }
    assert value(report, "requests", "results.refused") is None
    assert value(report, "requests", "results.refused.organizations") is None
    assert value(report, "requests", "results") is None
    assert value(report, "requests", "results.refused.natural_person") == 6
    assert value(report, "requests", "results.unavailable") == 6
    cells = report.cells["requests"]
    assert cells["results.refused.internal_affairs", "organizations.commercial"].text == "不详"


def test_totals_printed_otherwise_are_kept(examples: Dataset) -> None:
    """A total that the original prints is what the table shows; the computed one stays beside it."""
    printed = {
        (year, cell.address): (cell.value, cell.printed, cell.text)
        for year in YEARS
        for cells in examples.reports[year].cells.values()
        for cell in cells.values()
        if cell.printed is not None
    }
    assert printed == {
        (2019, "requests.results.refused.internal_affairs.total"): (None, 2, "2"),
        (2019, "requests.results.total.organizations.commercial"): (None, 9, "9"),
        (2019, "requests.results.total.total"): (None, 44, "44"),
        (2020, "requests.received.total"): (53, 54, "54"),
    }
    assert value(examples.reports[2020], "requests", "received") == 53


def test_amounts_are_numbers_of_yuan_and_keep_their_writing(examples: Dataset) -> None:
    """采购总金额 is comparable whichever unit it was written in, and shown as it was written."""
    key = ("government_procurement", "amount")
    in_yuan, in_ten_thousands = (examples.reports[year].cells["disclosure"][key] for year in (2019, 2020))
    assert (in_yuan.value, in_yuan.text) == (251_000, "251000元")
    assert (in_ten_thousands.value, in_ten_thousands.text) == (368_000, "36.8万元")


def test_changes_are_signed_and_keep_their_sign(examples: Dataset) -> None:
    """本年增/减 is a number with a sign, shown with it; no change is 0."""
    cells = examples.reports[2020].cells["disclosure"]
    assert {row: (cells[row, "change"].value, cells[row, "change"].text) for row in ("licensing", "penalties")} == {
        "licensing": (1, "+1"),
        "penalties": (-5, "-5"),
    }
    assert (cells["coercion", "change"].value, cells["coercion", "change"].text) == (0, "0")


def test_money_keeps_its_decimals(examples: Dataset) -> None:
    """A fee is exact, in 万元, and shown with the decimals it was typed with."""
    cell = examples.reports[2024].cells["disclosure"]["administrative_fees", "amount"]
    assert (cell.value, cell.text, cell.unit) == (Decimal("436.92"), "436.92", "万元")


def test_a_report_carries_the_name_of_its_year(examples: Dataset) -> None:
    """The title has the name that the agency bore in the year reported on."""
    assert examples.reports[2021].title == "示例市示例区城市管理局2021年政府信息公开工作年度报告"
    assert examples.reports[2022].title == "示例市示例区城市管理和综合执法局2022年政府信息公开工作年度报告"


def test_a_draft_has_no_date(examples: Dataset) -> None:
    """The last example year is a draft; the one before was published on a day."""
    draft, published = examples.reports[2025], examples.reports[2024]
    assert (draft.status, draft.published_on) == ("draft", None)
    assert (published.status, published.published_on) == ("published", date(2025, 1, 21))
    assert published.processing_fee == 300


@pytest.mark.parametrize("year", YEARS)
def test_published_items_keep_their_categories_and_order(examples: Dataset, year: int) -> None:
    """Items are listed as typed, each under its category, each with or without its full text."""
    report = examples.reports[year]
    assert [
        (category.name, item.title, item.full_text) for category in report.categories for item in category.items
    ] == [
        (group["category"], entry["title"], entry["full_text"])
        for group in raw(year)["items"]
        for entry in group["entries"]
    ]
    assert len(report.items) == sum(len(group["entries"]) for group in raw(year)["items"])


def test_the_first_report_of_2023(own: Dataset) -> None:
    """The report of 2023 lists nine items and nothing else: every figure is 0, and none is unknown."""
    report = own.reports[2023]
    assert report.title == "武昌区社会管理网格化服务中心2023年政府信息公开工作年度报告"
    assert [(category.name, len(category.items)) for category in report.categories] == [
        ("概况信息", 3),
        ("财政信息", 2),
        ("其他对外管理服务事项信息", 4),
    ]
    assert {cell.text for cells in report.cells.values() for cell in cells.values()} == {"0"}
    assert sum(len(cells) for cells in report.cells.values()) == 200
