"""The statutory tables as HTML: markup as reviewed, headers that can be trusted, text that stays text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import html5lib
import pytest
from bs4 import BeautifulSoup, Tag
from building import ROOT
from nianbao.tables.html import render_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from nianbao.model.dataset import Dataset
    from nianbao.model.form import Heading, Table
    from nianbao.model.report import Report

GOLDEN = ROOT / "tests" / "golden"
TABLES = ("disclosure", "requests", "review")
EXAMPLE_YEARS = (2019, 2020, 2021, 2022, 2023, 2024, 2025)


def table(report: Report, name: str) -> Table:
    """Return a table of the form of *report*."""
    found = report.form.table(name)
    assert found is not None
    return found


def parse(html: str) -> BeautifulSoup:
    """Return *html* as a tree; html.parser moves nothing, so faults of nesting stay visible."""
    return BeautifulSoup(html, "html.parser")


def words(tag: Tag, name: str) -> list[str]:
    """Return the words of an attribute that holds several."""
    found = tag.get(name)
    return found.split() if isinstance(found, str) else list(found or ())


def span(tag: Tag, name: str) -> int:
    """Return a rowspan or colspan."""
    return int(str(tag.get(name, "1")))


class Stand(NamedTuple):
    """A cell and the rectangle of the grid that it covers; *part* tells which body it stands in."""

    tag: Tag
    part: int
    rows: range
    columns: range


def stands(html: str) -> Iterator[Stand]:
    """Walk the grid as HTML defines it: each cell goes to the first free column of its row."""
    taken: set[tuple[int, int]] = set()
    number = 0
    parts = parse(html).select("thead, tbody")
    # A head belongs to the only body below it; a body without one brings its own headings.
    for part, group in enumerate(parts):
        for row in group.find_all("tr", recursive=False):
            column = 0
            for cell in row.find_all(["th", "td"], recursive=False):
                while (number, column) in taken:
                    column += 1
                rows = range(number, number + span(cell, "rowspan"))
                columns = range(column, column + span(cell, "colspan"))
                for place in ((y, x) for y in rows for x in columns):
                    assert place not in taken, f"two cells at {place}"
                    taken.add(place)
                yield Stand(cell, 0 if parts[0].name == "thead" else part, rows, columns)
            number += 1


@pytest.fixture(params=[*(("examples", year) for year in EXAMPLE_YEARS), ("own", 2023)], ids=lambda p: f"{p[0]}-{p[1]}")
def report(request: pytest.FixtureRequest, examples: Dataset, own: Dataset) -> Report:
    """Return each example report and the first real one."""
    dataset, year = request.param
    return {"examples": examples, "own": own}[dataset].reports[year]


@pytest.fixture(params=TABLES)
def html(report: Report, request: pytest.FixtureRequest) -> str:
    """Return each table of each report as HTML."""
    return render_table(report, table(report, request.param))


@pytest.mark.parametrize(
    ("file", "source"),
    [
        ("2019-disclosure", ("examples", 2020)),  # amounts and changes
        ("2019-requests", ("examples", 2019)),  # an unknown figure and totals printed otherwise
        ("2019-review", ("examples", 2020)),
        ("2021-disclosure", ("examples", 2024)),
        ("2021-requests", ("examples", 2024)),
        ("2021-review", ("examples", 2024)),
        ("2021-requests-of-zeros", ("own", 2023)),
    ],
)
def test_markup_is_as_reviewed(
    examples: Dataset, own: Dataset, golden: Callable[[Path, str], str], file: str, source: tuple[str, int]
) -> None:
    """Each table of each form has the markup of its golden file."""
    dataset, year = source
    report = {"examples": examples, "own": own}[dataset].reports[year]
    actual = f"{render_table(report, table(report, file.split('-')[1]))}\n"
    assert actual == golden(GOLDEN / f"{file}.html", actual)


def test_ids_are_unique_in_a_page(report: Report) -> None:
    """No id occurs twice when all three tables stand in one page, as in the full text."""
    page = "".join(render_table(report, table(report, name)) for name in TABLES)
    ids = [str(tag["id"]) for tag in parse(page).select("[id]")]
    assert sorted(ids) == sorted(set(ids))


def test_headers_are_exactly_the_headings_that_cover_a_cell(html: str) -> None:
    """The headers of a figure are the headings above it in its own part and to its left, and no others."""
    cells = list(stands(html))
    heads = [cell for cell in cells if cell.tag.name == "th"]
    named = {str(cell.tag["id"]): sorted(words(cell.tag, "headers")) for cell in cells if cell.tag.name == "td"}
    covering = {
        str(cell.tag["id"]): sorted(
            str(head.tag["id"])
            for head in heads
            if head.part == cell.part
            and (
                (head.rows.stop <= cell.rows.start and set(cell.columns) <= set(head.columns))
                or (head.columns.stop <= cell.columns.start and set(cell.rows) <= set(head.rows))
            )
        )
        for cell in cells
        if cell.tag.name == "td"
    }
    assert named == covering
    assert all(named.values())


def test_scopes_tell_groups_from_single_headings(html: str) -> None:
    """A heading beside figures is of a row, any other of a column; one over further headings is of a group."""
    cells = list(stands(html))
    figures = {row for cell in cells if cell.tag.name == "td" for row in cell.rows}
    heads = [cell for cell in cells if cell.tag.name == "th"]
    beside = [head for head in heads if figures & set(head.rows)]
    above = [head for head in heads if not figures & set(head.rows)]
    wanted = {str(head.tag["id"]): "rowgroup" if len(head.rows) > 1 else "row" for head in beside} | {
        str(head.tag["id"]): "colgroup"
        if any(
            other.part == head.part and other.rows.start >= head.rows.stop and set(other.columns) <= set(head.columns)
            for other in above
        )
        else "col"
        for head in above
    }
    assert {str(head.tag["id"]): head.tag["scope"] for head in heads} == wanted


def test_rows_fill_the_grid(html: str) -> None:
    """With spans counted, every row is as wide as the columns declared, without gap or overlap."""
    declared = sum(span(column, "span") for column in parse(html).select("colgroup > col"))
    covered: dict[int, list[int]] = {}
    for cell in stands(html):
        for row in cell.rows:
            covered.setdefault(row, []).extend(cell.columns)
    assert len(covered) == len(parse(html).select("tr"))
    assert {row: sorted(columns) for row, columns in covered.items()} == {row: list(range(declared)) for row in covered}


def test_html_is_valid(html: str) -> None:
    """A strict parser finds no fault in the fragment, standing in a page as the host puts it."""
    parser = html5lib.HTMLParser(strict=True, tree=html5lib.getTreeBuilder("etree"))
    parser.parse(f"<!DOCTYPE html><html><head><title>-</title></head><body>{html}</body></html>")
    assert parser.errors == []


def test_markdown_passes_the_lines_through(html: str) -> None:
    """No line is blank or begins with a space, which would end the block or make it code."""
    lines = html.split("\n")
    assert [line for line in lines if line != line.lstrip() or not line] == []


def test_the_region_can_be_reached_and_has_a_name(html: str) -> None:
    """A wide table scrolls in a region that the keyboard reaches, named by the caption of its table."""
    page = parse(html)
    (region,) = page.select(".statutory-table")
    assert (region["role"], region["tabindex"]) == ("region", "0")
    assert [caption["id"] for caption in page.select("table > caption")] == [region["aria-labelledby"]]


def test_every_figure_is_shown(report: Report) -> None:
    """Each cell of the report stands in the table once, by its address, with its own text; 0 is 0."""
    for name in TABLES:
        page = parse(render_table(report, table(report, name)))
        shown = {}
        for td in page.select("td"):
            for mark in td.select(".table-mark"):
                mark.extract()
            shown[str(td["id"])] = td.get_text()
        assert shown == {cell.address: cell.text for cell in report.cells[name].values()}


def test_lines_for_narrow_screens_have_every_figure(report: Report) -> None:
    """Beside a wide table each figure stands once more, its total in the line that opens; a narrow one has no lines."""
    for name in TABLES:
        page = parse(render_table(report, table(report, name)))
        for one in page.select(".line-group [data-figure]"):
            one.decompose()
        shown = {str(one["data-figure"]).removeprefix("cell:"): one.get_text() for one in page.select("[data-figure]")}
        cells = report.cells[name].values()
        wide = name != "disclosure"
        assert shown == ({cell.address: cell.text for cell in cells} if wide else {})
        totals = [str(one["data-figure"]) for one in page.select("summary [data-figure]")]
        assert all(each.endswith(".total") for each in totals)
        assert bool(totals) is wide


def test_groups_of_lines_tell_what_they_come_to(examples: Dataset) -> None:
    """Beside a group stands the sum of its lines; none where a line is unknown, or the group has a total of its own."""
    found = {}
    for year in (2019, 2024):
        report = examples.reports[year]
        page = parse("".join(render_table(report, table(report, name)) for name in ("requests", "review")))
        sums = page.select(".line-group [data-figure]")
        found[year] = {str(one["data-figure"]).removeprefix("requests.results."): one.get_text() for one in sums}
        for heading in page.select(".line-group:has([data-figure])"):
            lines = [line.select_one("summary .number") for line in heading.find_next_siblings() if line.name]
            ends = [at for at, line in enumerate(lines) if line is None]
            figures = [int(line.get_text()) for line in lines[: ends[0] if ends else None] if line]
            (own,) = heading.select("[data-figure]")
            assert int(own.get_text()) == sum(figures)
    assert found == {
        2019: {"unavailable": "6", "not_processed": "3"},
        2024: {"refused": "16", "unavailable": "12", "not_processed": "6", "otherwise": "2"},
    }


def test_zero_is_a_figure(own: Dataset) -> None:
    """A report in which nothing happened shows 175 zeros and no note."""
    report = own.reports[2023]
    page = parse(render_table(report, table(report, "requests")))
    assert [td.get_text() for td in page.select("td")] == ["0"] * 175
    assert page.select(".table-notes, .unknown, .table-mark") == []


def test_totals_are_marked(examples: Dataset) -> None:
    """The cells of 总计 are marked as totals, and no others."""
    report = examples.reports[2024]
    page = parse(render_table(report, table(report, "requests")))
    marked = {str(td["id"]) for td in page.select("td.total")}
    assert marked == {cell.address for cell in report.cells["requests"].values() if cell.computed}
    assert len(marked) == 25 + 6


def test_unknown_figures_and_other_totals_are_explained(examples: Dataset) -> None:
    """不详 is shown as such; each total printed otherwise has a mark, and a note that links back to it."""
    report = examples.reports[2019]
    page = parse(render_table(report, table(report, "requests")))
    assert {str(mark.parent["id"]) for mark in page.select("td > .unknown") if mark.parent} == {
        "requests.results.refused.internal_affairs.organizations.commercial"
    }
    assert [note.get_text() for note in page.select(".table-notes p")] == [
        "注：标“不详”的，原件无法辨认，不按 0 计；含有它的合计不能核算。",
        "注：“5.属于三类内部事务信息”的“总计”按原件记为 2，有分项不详，不能核算。",
        "注：“（七）总计”的“商业企业”按原件记为 9，有分项不详，不能核算。",
        "注：“（七）总计”的“总计”按原件记为 44，有分项不详，不能核算。",
    ]


def test_a_total_that_does_not_add_up_is_explained(examples: Dataset) -> None:
    """The note gives the total as printed and as added up."""
    report = examples.reports[2020]
    page = parse(render_table(report, table(report, "requests")))
    assert [note.get_text() for note in page.select(".table-notes p")] == [
        "注：“一、本年新收政府信息公开申请数量”的“总计”按原件记为 54，各分项相加为 53。"
    ]


def test_links_within_the_table_have_their_ends(html: str) -> None:
    """Every link leads to an id of the same table."""
    page = parse(html)
    ids = {str(tag["id"]) for tag in page.select("[id]")}
    assert {str(link["href"]).removeprefix("#") for link in page.select("a")} <= ids


def relabelled(heading: Heading, label: str) -> Heading:
    """Return *heading* and all below it with *label*, where they have one."""
    return replace(
        heading,
        label=label if heading.label else "",
        children=tuple(relabelled(child, label) for child in heading.children),
    )


@pytest.mark.parametrize("name", TABLES)
def test_text_stays_text(examples: Dataset, name: str) -> None:
    """Markup in any label, caption, corner, unit or figure is shown, not obeyed."""
    evil = "<b>&\"'{{ 1 }}"
    report = examples.reports[2019]
    found = table(report, name)
    changed = replace(
        found,
        caption=evil,
        blocks=tuple(
            replace(
                block,
                caption=evil if block.caption else "",
                corner=evil,
                columns=relabelled(block.columns, evil),
                rows=relabelled(block.rows, evil),
            )
            for block in found.blocks
        ),
    )
    cells = {key: cell._replace(written=evil) for key, cell in report.cells[name].items()}
    html = render_table(replace(report, cells={**report.cells, name: cells}), changed)
    page = parse(html)
    assert page.select("b") == []
    assert {th.get_text() for th in page.select("th")} == {evil}
    caption = page.caption
    assert caption is not None
    assert caption.get_text().startswith(evil)
    assert {td.get_text() for td in page.select("td") if not td.select(".table-mark, .unknown")} == {evil}
    assert len(page.select("td")) == len(parse(render_table(report, found)).select("td"))
