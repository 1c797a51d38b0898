"""The picture of a year in the built pages: where it stands, and the figures that it shares with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

if TYPE_CHECKING:
    from pathlib import Path

    from bs4 import Tag


def soup(path: Path) -> BeautifulSoup:
    """Return a page parsed."""
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def figures(page: Tag, selector: str) -> list[str]:
    """Return the texts of the elements that *selector* finds."""
    return [element.get_text() for element in page.select(selector)]


@pytest.mark.parametrize(("site", "years"), [("real_site", [2023]), ("example_site", [*range(2019, 2025)])])
def test_every_published_year_has_its_picture(request: pytest.FixtureRequest, site: str, years: list[int]) -> None:
    """Page and file stand with each published year and no draft; the page shows the key figures of the first page."""
    folder: Path = request.getfixturevalue(site)
    assert sorted(int(path.parent.name) for path in folder.glob("*/picture.html")) == years
    assert sorted(int(path.parent.name) for path in folder.glob("*/picture.svg")) == years
    for year in years:
        page, first = soup(folder / f"{year}/picture.html"), soup(folder / f"{year}/index.html")
        assert figures(page, ".picture-keys .number") == figures(first, ".key-figures .number")
        assert len(page.select(".picture-keys .number")) == 8
        assert page.select_one('a[href="picture.svg"]')
        assert first.select_one('article a[href="picture.html"]')
        table = page.select_one(".picture-table")
        assert table is not None
        assert len(table.select('th[scope="row"]')) == 5
        review = soup(folder / f"{year}/4-review.html")
        totals = figures(table, "tbody tr:last-child td")
        assert totals[0] == figures(review, '[id="review.reconsideration.total"]')[0]


@pytest.mark.usefixtures("chinese_fonts")
def test_every_picture_can_be_passed_on(example_site: Path) -> None:
    """Where there are Chinese fonts the picture is there in pixels too: as high as what it shows, at most A4."""
    for year in range(2019, 2025):
        image = (example_site / f"{year}/picture.png").read_bytes()
        assert image[:8] == b"\x89PNG\r\n\x1a\n"
        width, height = (int.from_bytes(image[at : at + 4], "big") for at in (16, 20))
        assert 0.9 < height / width < 1.42
        assert width > 1000
        assert len(image) > 100_000
        link = soup(example_site / f"{year}/picture.html").select_one('a[href="picture.png"]')
        assert link is not None


def test_the_picture_stands_after_the_sections_in_the_menu(example_site: Path) -> None:
    """The menu of a year names the six sections, the full text and the picture, in this order."""
    page = soup(example_site / "2024/picture.html")
    links = [link.get_text(strip=True) for link in page.select("nav a") if "年" not in link.get_text()]
    start = links.index("一、总体情况")
    assert links[start + 5 : start + 8] == ["六、其他需要报告的事项", "全文", "一图读懂"]
