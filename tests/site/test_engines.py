"""The same source under MkDocs, ProperDocs and Zensical gives readers the same site.

What differs is listed here, and in CONTRIBUTING.md with its reason; everything else is compared to the letter.
"""

from __future__ import annotations

import html
import json
import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup
from building import copy_project, nianbao
from nianbao.exports.archives import SUMS

if TYPE_CHECKING:
    from pathlib import Path

# Names of files that are an engine's own: themes have programs and styles, indexes and site maps have forms.
OWN_FILES = re.compile(r"assets/(?!nianbao|reading).*|search\.json|search/search_index\.json|sitemap\.xml(\.gz)?")
INDEXES = ("search/search_index.json", "search.json")
ADDRESS = "https://a.example/b/"


@dataclass(frozen=True)
class Pair:
    """A site that MkDocs has built and the one that *engine* has built from the same source at *project*."""

    engine: str
    part: str
    first: Path
    other: Path
    project: Path


@pytest.fixture(scope="module")
def addressed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the real portal as the command builds it with MkDocs for an address."""
    return built(copy_project(tmp_path_factory.mktemp("mkdocs")), "mkdocs", "--site-url", ADDRESS)


def built(folder: Path, engine: str, *options: str) -> Path:
    """Return the site that the command builds in *folder* with *engine*, by one word on the command line."""
    result = nianbao("build", "--engine", engine, *options, folder=folder)
    assert result.code == 0, result.printed
    return folder / "site"


@pytest.fixture(
    scope="module", params=[(part, engine) for part in ("real", "example") for engine in ("properdocs", "zensical")]
)
def pair(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, addressed: Path, example_site: Path
) -> Pair:
    """Return the sites to compare: the real portal for an address, the example for none."""
    part, engine = request.param
    folder = copy_project(tmp_path_factory.mktemp(f"{engine}-{part}"))
    if part == "real":
        return Pair(engine, part, addressed, built(folder, engine, "--site-url", ADDRESS), folder)
    return Pair(engine, part, example_site, built(folder / "examples", engine), folder / "examples")


def files(site: Path) -> dict[str, Path]:
    """Return the files of *site* that are no engine's own, by name."""
    found = {path.relative_to(site).as_posix(): path for path in sorted(site.rglob("*")) if path.is_file()}
    return {name: path for name, path in found.items() if not OWN_FILES.fullmatch(name)}


def test_same_files(pair: Pair) -> None:
    """The sites have the same pages, downloads and files of this project under the same names."""
    assert files(pair.other).keys() == files(pair.first).keys()
    assert len(files(pair.first)) > 20


def test_same_bytes_beside_the_pages(pair: Pair) -> None:
    """Downloads, feeds, lists of digests and our own styles and programs are the same to the byte."""
    compared = 0
    for name, path in files(pair.first).items():
        if not name.endswith(".html") and name != SUMS:  # It lists engines' own files too.
            assert files(pair.other)[name].read_bytes() == path.read_bytes(), name
            compared += 1
    assert compared > 10


def page(path: Path) -> BeautifulSoup:
    """Return a page without what is known to differ between the engines."""
    soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    for element in soup.select("a#__skip, .md-skip, meta[name=generator], link[href*='assets/stylesheets/']"):
        element.decompose()
    for element in soup.select("[data-search-exclude]"):
        del element["data-search-exclude"]
    for element in soup.select("[data-index]"):
        assert str(element["data-index"]).endswith(INDEXES)
        del element["data-index"]
        for name in ("data-figures", "data-words", "data-program"):
            element[name] = str(element[name]).removeprefix("./")
    for element in soup.select(".md-overlay, .md-dialog"):
        element.attrs = {"class": element["class"]}
    for frame in soup.select("div.highlight"):
        frame.unwrap()
    for code in soup.select("pre"):
        code.string = re.sub(r"\s+", "", code.get_text())
    for element in soup.select("[href], [src], [data-root]"):
        for name in {"href", "src", "data-root"} & element.attrs.keys():
            element[name] = same_address(str(element[name]))
    return soup


def same_address(address: str) -> str:
    """Return a relative *address* in its shortest form; ``./a.html`` is ``a.html``."""
    path, mark, fragment = address.partition("#")
    return address if ":" in path else (posixpath.normpath(path) if path else "") + mark + fragment


def lines(element: Any) -> list[str]:  # noqa: ANN401  # a tag of an untyped library
    """Return the markup of *element* as lines without blanks around them."""
    return [line.strip() for line in str(element).split("\n") if line.strip()]


def test_same_pages(pair: Pair) -> None:
    """Every page is the same to the letter: head, menu, text, tables, figures, links, order, footer."""
    tables = figures = 0
    for name, path in files(pair.first).items():
        if not name.endswith(".html"):
            continue
        first, other = page(path), page(files(pair.other)[name])
        assert lines(other.body) == lines(first.body), name
        heads = [sorted(lines(soup.head)) for soup in (first, other)]
        assert heads[1] == heads[0], name
        tables += len(first.select("table"))
        figures += len(first.select("td[id]"))
    assert tables > 6
    assert figures == (400 if pair.part == "real" else 2392)


def index(site: Path) -> dict[str, tuple[str, str]]:
    """Return title and plain text of every entry of the search index of *site*, by its address."""
    read = next(site / name for name in INDEXES if (site / name).is_file())
    content = json.loads(read.read_text(encoding="utf-8"))
    entries: list[dict[str, str]] = content.get("docs", content.get("items"))
    return {entry["location"]: (plain(entry["title"]), plain(entry["text"])) for entry in entries}


def plain(html: str) -> str:
    """Return the words of *html*."""
    return re.sub(r"\s+", "", BeautifulSoup(html, "html.parser").get_text())


def test_search_finds_the_same(pair: Pair) -> None:
    """Each engine's own index leads from the same words to the same places."""
    first = index(pair.first)
    assert index(pair.other) == first
    assert len(first) > 20


def test_same_site_map(pair: Pair) -> None:
    """Both list the same addresses and dates, below the site's address; without one there is no list, or none in it."""
    maps = [site / "sitemap.xml" for site in (pair.first, pair.other)]
    # Zensical escapes slashes, which readers of XML undo.
    texts = [html.unescape(path.read_text(encoding="utf-8")) if path.exists() else "" for path in maps]
    assert re.findall("<lastmod>.*?<", texts[1]) == re.findall("<lastmod>.*?<", texts[0])
    listed = [sorted(re.findall("<loc>(.*?)</loc>", text)) for text in texts]
    assert listed[1] == listed[0]
    assert bool(listed[0]) == (pair.part == "real")
    assert all(address.startswith(ADDRESS) for address in listed[0])


def test_nothing_of_drafts(pair: Pair) -> None:
    """No engine builds pages of drafts or tells of them."""
    if pair.part == "example":
        assert not (pair.other / "2025").exists()
        for path in (pair.other / "index.html", *(pair.other / name for name in INDEXES)):
            if path.exists():
                assert "2025/" not in path.read_text(encoding="utf-8")
                assert "2025年政府信息公开工作年度报告" not in path.read_text(encoding="utf-8")


def test_nothing_left_in_the_project(pair: Pair) -> None:
    """No engine leaves files in the project but the site and the cache of downloads."""
    assert [path.name for path in pair.project.glob(".*")] == [".cache"]
    assert [path.name for path in pair.project.glob(".cache/*")] == ["nianbao"]
