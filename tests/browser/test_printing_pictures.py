"""Charts and pictures as a browser draws and prints them."""

from __future__ import annotations

import io
import itertools
import unicodedata
from typing import TYPE_CHECKING

import pypdf
import pytest
from agencies import write_agencies
from browsing import NARROW, WIDE, opened, with_bars
from building import ROOT
from nianbao.comparison.macros import comparison_macros
from nianbao.comparison.topics import TITLES
from nianbao.model.dataset import read_dataset
from nianbao.pages.session import Session
from nianbao.picture.html import SOURCE

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

# Texts of drawings that stand out of them, or over one another.
_ASTRAY = """() => [...document.querySelectorAll("svg[role=img]")].flatMap(drawing => {
  const frame = drawing.getBoundingClientRect();
  const boxes = [...drawing.querySelectorAll("text")].map(text => [text.textContent, text.getBoundingClientRect()]);
  const out = boxes.filter(([_, box]) => box.left < frame.left - 1 || box.right > frame.right + 1
    || box.top < frame.top - 1 || box.bottom > frame.bottom + 1);
  const over = boxes.filter(([_, one], index) => boxes.slice(index + 1).some(([_, other]) =>
    Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1
    && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 0.6 * Math.min(one.height, other.height)));
  return [...out, ...over].map(([words]) => words);
})"""


@pytest.mark.parametrize("path", ["compare.html", "2024/picture.html"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_texts_of_charts_stand_apart_and_inside(
    browser: Browser, example: str, path: str, size: dict[str, int]
) -> None:
    """In the fonts of this machine no text of a chart is cut or lies over another, and none is too small to read."""
    page = opened(browser, size, script=True)
    page.goto(example + path)
    assert page.locator("svg[role=img] text").count() > 10
    assert page.evaluate(_ASTRAY) == []
    heights = page.evaluate(
        '() => [...document.querySelectorAll("svg[role=img] text")].map(text => text.getBoundingClientRect().height)'
    )
    assert min(heights) > 12
    page.context.close()


# How far what a table is called stands out of what scrolls, on the right.
_OVER = """name =>
  name.getBoundingClientRect().right - name.closest(".statutory-table").getBoundingClientRect().right"""


def many_years(folder: Path, topic: str) -> str:
    """Return what the comparison shows of *topic* through twenty years."""
    write_agencies(folder, read_dataset(ROOT, ROOT / "data").forms, 1, range(2019, 2039))
    dataset = read_dataset(ROOT, folder / "agency00000")
    session = Session(dataset=dataset, root=ROOT, data=ROOT, docs=ROOT, drafts=False, page=lambda: "compare.md")
    return str(comparison_macros(session)["comparison"](topic))


# Of each region that scrolls: how far what it is called, and the newest year in it, stand out of it.
_OUTSIDE = """() => [...document.querySelectorAll(".newest-last")].map(region => {
  const frame = region.getBoundingClientRect();
  const newest = [...region.querySelectorAll("thead th, .chart-year")].pop();
  return [...region.querySelectorAll("caption, .chart-name"), newest].map(part => {
    const box = part.getBoundingClientRect();
    return Math.max(frame.left - box.left, box.right - frame.right);
  });
})"""


@pytest.mark.parametrize("width", [320, NARROW["width"]])
def test_the_newest_year_is_in_sight_on_a_telephone(browser: Browser, example: str, tmp_path: Path, width: int) -> None:
    """Tables and charts wider than the screen begin at their end, with their names in sight; the page does not grow."""
    page = opened(browser, {"width": width, "height": 844})
    page.goto(f"{example}compare.html")
    for drawn in ("", many_years(tmp_path, "decisions")):
        page.evaluate("drawn => { if (drawn) document.querySelector('article').innerHTML = drawn }", drawn)
        outside = page.evaluate(_OUTSIDE)
        assert len(outside) >= (2 if drawn else len(TITLES))
        assert max(itertools.chain(*outside)) <= 1
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.querySelector('.chart').getBoundingClientRect().left < -200")
    page.context.close()


def test_names_are_whole_beside_the_bars_of_a_mouse(browser: Browser, example: str) -> None:
    """Enlarged to four times on a desk, the names of tables and charts stand in what scrolls, bars and all."""
    with with_bars(browser) as other:
        page = opened(other, {"width": 320, "height": 700})
        page.goto(f"{example}compare.html")
        assert page.evaluate("innerWidth - document.documentElement.clientWidth") > 5
        assert max(itertools.chain(*page.evaluate(_OUTSIDE))) <= 1
        for path in ("2024/2-disclosure.html", "2024/3-requests.html", "2024/4-review.html"):
            page.goto(example + path)
            captions = page.locator(".statutory-table caption")
            assert max(caption.evaluate(_OVER) for caption in captions.all() if caption.is_visible()) <= 1


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("width", [320, NARROW["width"]])
def test_the_next_chart_is_seen_to_be_there(browser: Browser, example: str, width: int, large: bool) -> None:  # noqa: FBT001  # a parameter
    """On a telephone charts stand in a row of which the edge of the second is in sight, in large type too."""
    page = opened(browser, {"width": width, "height": 844})
    page.goto(f"{example}compare.html")
    if large:
        page.get_by_role("button", name="大字版").click()
    rows = page.evaluate(
        """() => [...document.querySelectorAll(".year-charts:not(.newest-last)")].map(row => {
          const edges = [...row.querySelectorAll("svg")].map(chart => chart.getBoundingClientRect());
          return [row.getBoundingClientRect().right, edges[0].right, edges[1] ? edges[1].left : null];
        })"""
    )
    together = [row for row in rows if row[2] is not None]
    assert len(together) > 2
    assert all(end < start < right for right, end, start in together)
    page.context.close()


def test_years_that_fit_begin_at_the_left(browser: Browser, example: str) -> None:
    """On a wide screen tables and charts of few years stand at the edge where text begins."""
    page = opened(browser, WIDE)
    page.goto(f"{example}compare.html")
    gaps = page.evaluate(
        """() => [...document.querySelectorAll(".statutory-table, .year-charts")].map(region =>
          region.firstElementChild.getBoundingClientRect().left - region.getBoundingClientRect().left)"""
    )
    assert len(gaps) > len(TITLES)
    assert all(0 <= gap <= 3 for gap in gaps)  # Charts leave room for the edge of what has the focus.
    page.context.close()


def test_charts_are_there_without_scripts(browser: Browser, example: str) -> None:
    """With scripts off the charts and tables of the comparison are drawn all the same."""
    page = opened(browser, WIDE, script=False)
    page.goto(f"{example}compare.html")
    assert page.locator("svg.year-chart rect.chart-bar").count() > 80
    assert page.locator("table.comparison td").count() > 300
    page.context.close()


def test_tables_of_many_years_print_whole(browser: Browser, example: str, tmp_path: Path) -> None:
    """Twenty years are printed on sheets that lie, and no column stands out of them."""
    drawn = many_years(tmp_path, "decisions")
    page = opened(browser, {"width": 1047, "height": 718})  # What margins of 10 mm leave of A4.
    page.goto(f"{example}compare.html")
    page.evaluate("drawn => { document.querySelector('article').innerHTML = drawn }", drawn)
    sheet = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages[0]
    assert float(sheet.mediabox.width) > float(sheet.mediabox.height)
    page.emulate_media(media="print")
    assert page.locator("table.comparison thead th").count() == 21
    saved = page.locator(".chart-note > a")
    assert saved.count() > 0
    assert not any(link.is_visible() for link in saved.all()), "nobody saves a chart from paper"
    assert page.evaluate("document.querySelector('table.comparison').getBoundingClientRect().right <= innerWidth")
    page.context.close()


def test_headings_print_with_what_they_head(browser: Browser, example: str) -> None:
    """No sheet of paper ends with a heading."""
    page = opened(browser, WIDE)
    page.goto(f"{example}2024/full.html")
    heads = {text.strip("# \n") for text in page.locator("h2, h3").all_text_contents()}
    sheets = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4"))).pages
    lines = [[line.strip() for line in sheet.extract_text().splitlines() if line.strip()] for sheet in sheets]
    assert heads & {line for sheet in lines for line in sheet}
    assert not heads & {sheet[-1] for sheet in lines if sheet}
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("site", "path"),
    [("real", "2023/picture.html"), ("example", "2024/picture.html"), ("example", "2019/picture.html")],
)
def test_the_picture_prints_on_one_page(
    request: pytest.FixtureRequest, browser: Browser, site: str, path: str, scheme: str
) -> None:
    """Printed as a reader prints it, the picture is one sheet of A4 upright, from its heading to its last line."""
    page = opened(browser, WIDE, scheme)
    page.goto(request.getfixturevalue(site) + path)
    sheets = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
    assert len(sheets) == 1
    across, down = float(sheets[0].mediabox.width), float(sheets[0].mediabox.height)
    assert (round(across / 72 * 25.4), round(down / 72 * 25.4)) == (210, 297)
    words = unicodedata.normalize("NFKC", "".join(sheets[0].extract_text().split()))  # Radicals stand for some.
    assert "一图读懂" in words
    assert SOURCE.partition("，")[2] in words
    page.context.close()


@pytest.mark.parametrize(("site", "year"), [("real_site", 2023), ("example_site", 2024), ("example_site", 2019)])
def test_the_file_holds_all_its_text(request: pytest.FixtureRequest, browser: Browser, site: str, year: int) -> None:
    """Opened by itself, no text of the file stands out of the sheet or over another."""
    folder: Path = request.getfixturevalue(site)
    page = opened(browser, WIDE)
    page.set_content((folder / f"{year}/picture.svg").read_text(encoding="utf-8").partition("?>")[2])
    page.evaluate('document.querySelector("svg").setAttribute("role", "img")')
    assert page.locator("svg text").count() > 20
    assert page.evaluate(_ASTRAY) == []
    page.context.close()


def test_charts_of_a_row_share_their_base_line(browser: Browser, example: str) -> None:
    """Beside each other columns begin at one height, also where a title takes two lines and its neighbour's one."""
    page = opened(browser, WIDE)
    page.goto(f"{example}compare.html")
    page.evaluate("for (const name of document.querySelectorAll('.chart-name')) name.append('，其中由本机关受理的')")
    rows: dict[int, list[tuple[float, float]]] = {}
    for chart in page.locator(".chart").all():
        base, box = chart.locator(".chart-base").bounding_box(), chart.bounding_box()
        assert base is not None
        assert box is not None
        rows.setdefault(round(box["y"] + box["height"]), []).append((base["y"], box["height"]))
    assert any(len({height for _, height in row}) > 1 for row in rows.values()), "no titles of unequal length"
    for row in rows.values():
        assert max(y for y, _ in row) - min(y for y, _ in row) < 1
    page.context.close()


def test_a_broken_table_has_no_border_below_its_last_row(browser: Browser, example: str) -> None:
    """On paper the border belongs to the cells: a table's own goes on to the end of a page that it does not fill."""
    page = opened(browser, WIDE)
    page.emulate_media(media="print")
    page.goto(f"{example}check.html")
    sides = "element => ['Top', 'Right', 'Bottom', 'Left'].map(side => getComputedStyle(element)[`border${side}Width`])"
    table = page.locator("table.rule-results").first
    assert table.evaluate(sides) == ["0px"] * 4
    assert table.locator("thead th").first.evaluate(sides) == ["1px"] * 4
    assert table.locator("tbody th").first.evaluate(sides) == ["0px", "1px", "1px", "1px"]
    page.context.close()
