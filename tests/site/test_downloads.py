"""The downloads of the built sites, and the cache that keeps them from being made again."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from multiprocessing import get_context
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import duckdb
import frictionless
import pytest
from bs4 import BeautifulSoup, Tag
from building import ROOT
from nianbao.cache.cache import FOLDER, digest_of
from nianbao.engines.environment import judge_session
from nianbao.exports.formats import FORMATS
from nianbao.model.dataset import read_dataset
from nianbao.model.project import project_at
from nianbao.pages.memo import Memo
from nianbao.pages.session import Session
from nianbao.publishing.additions import download_files
from nianbao.rules.judging import remember

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(params=["real", "example"])
def site(request: pytest.FixtureRequest, real_site: Path, example_site: Path) -> Path:
    """Each of the two sites."""
    return real_site if request.param == "real" else example_site


def offered(site: Path) -> set[str]:
    """Return the paths of all files below the folders of downloads."""
    return {path.relative_to(site).as_posix() for path in site.rglob("downloads/*") if path.is_file()}


def links(page: Path, site: Path) -> dict[str, Tag]:
    """Return the links of *page* that offer a file, by path below the site."""
    here = f"https://site.invalid/{page.relative_to(site).as_posix()}"
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    found = soup.select("article a[download]")
    return {urljoin(here, str(link["href"])).removeprefix("https://site.invalid/"): link for link in found}


def test_every_year_lists_its_downloads(site: Path) -> None:
    """The first page of a year offers every file of its folder, with format, size and Chinese name."""
    years = sorted(site.glob("20*"))
    assert years
    for year in years:
        found = links(year / "index.html", site)
        assert set(found) == {path for path in offered(site) if path.startswith(f"{year.name}/")}
        assert {path.rpartition(".")[2] for path in found} | {"pdf"} == {"docx", "pdf", "xlsx", "csv", "json"}
        for path, link in found.items():
            content = (site / path).read_bytes()
            row = link.find_parent("tr")
            assert row is not None
            cells = [cell.get_text() for cell in row.select("td")]
            assert cells[0] in {kind.title for kind in FORMATS}
            assert re.fullmatch(rf"{round(len(content) / 1024)} KB", cells[1])
            if not path.endswith("datapackage.json"):
                assert f"{year.name}年政府信息公开工作年度报告" in str(link["download"])


@pytest.mark.usefixtures("chinese_fonts")
def test_every_year_has_a_pdf(site: Path) -> None:
    """Where there are Chinese fonts, each year is offered as PDF."""
    years = sorted(site.glob("20*"))
    assert [len(list(year.glob("downloads/*.pdf"))) for year in years] == [1] * len(years)


def test_page_of_all_downloads_lists_every_file(site: Path) -> None:
    """The column page and the page 数据下载 offer every file of every year and those of all years."""
    for page in ("index.html", "downloads.html"):
        assert set(links(site / page, site)) == offered(site)


def test_digests_are_right_and_complete(site: Path) -> None:
    """`sha256sum --check` finds every file named in SHA256SUMS whole, and no download is left out of it."""
    folder = site / "downloads"
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    named = {line.split("  ")[1] for line in (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()}
    there = {os.path.relpath(site / path, folder) for path in offered(site)}
    assert named == there - {"SHA256SUMS"}


def test_digests_inside_the_zip_can_be_checked(example_site: Path, tmp_path: Path) -> None:
    """Unpacked, the ZIP of all years checks itself; it has six years and no draft."""
    with zipfile.ZipFile(example_site / "downloads/slqcgj-all-years.zip") as archive:
        archive.extractall(tmp_path)
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=tmp_path, check=True)
    assert sorted(path.name for path in tmp_path.glob("[0-9]*")) == [str(year) for year in range(2019, 2025)]


def test_data_packages_are_valid(site: Path) -> None:
    """Frictionless finds each data package valid: metadata, digests, sizes and every value of the CSV files."""
    packages = sorted(site.glob("*/downloads/datapackage.json"))
    assert packages
    for path in packages:
        report = frictionless.validate(str(path))
        assert report.valid, report.flatten(["type", "message"])
        assert [task.stats["rows"] for task in report.tasks] in ([10, 175, 15], [22, 161, 15])


@pytest.mark.parametrize(("name", "agency"), [("real_site", "wghfwzx"), ("example_site", "slqcgj")])
def test_the_line_of_the_guide_reads_the_parquet_file(
    name: str, agency: str, request: pytest.FixtureRequest, root: Path
) -> None:
    """The one line that the page gives for DuckDB runs where the file lies, and gives the figures of the model."""
    site: Path = request.getfixturevalue(name)
    page = BeautifulSoup((site / "downloads.html").read_text(encoding="utf-8"), "html.parser")
    (line,) = [code.get_text().strip() for code in page.select("pre code")]
    assert "\n" not in line
    assert f"'{agency}-cells.parquet'" in line
    with contextlib.chdir(site / "downloads"):
        found = dict(duckdb.connect().execute(line).fetchall())
    data = root / "data" if name == "real_site" else root / "examples/data"
    dataset = read_dataset(root, data)
    cells = {year: report.cells["requests"]["received", "total"] for year, report in dataset.reports.items()}
    shown = {year: cell.value if cell.printed is None else cell.printed for year, cell in cells.items()}
    assert found == {year: value for year, value in shown.items() if dataset.reports[year].status == "published"}


def example_session(root: Path, *, drafts: bool = False) -> Session:
    """Return a session over the example that keeps its cache in *root*."""
    project = project_at(ROOT / "examples")
    session = Session(
        dataset=read_dataset(project.root, project.data),
        root=root,
        data=project.data,
        docs=project.docs,
        drafts=drafts,
        page=lambda: "index.md",
        notice=project.notice,
    )
    remember(session, judge_session(session))
    return session


def test_the_same_data_give_the_same_bytes(example_site: Path, tmp_path: Path) -> None:
    """Another process without a cache makes every file as the build made it, byte for byte."""
    made = {item.path: item.content.read() for item in download_files(example_session(tmp_path))}
    assert set(made) == offered(example_site)
    assert [path for path, content in made.items() if (example_site / path).read_bytes() != content] == []


def entries(root: Path) -> dict[str, int]:
    """Return the entries of the cache below *root* with the times at which they were written."""
    return {path.name: path.stat().st_mtime_ns for path in (root / FOLDER).iterdir()}


def test_unchanged_years_are_not_made_again(tmp_path: Path) -> None:
    """A second build writes nothing; what it does not use is gone, so that the cache stays bounded."""
    first = {item.path: item.content.digest for item in download_files(example_session(tmp_path))}
    before = entries(tmp_path)
    assert len(before) in {6 * 8 + 5, 6 * 7 + 4}  # Without fonts there is no PDF, and nothing to keep of them.
    assert {item.path: item.content.digest for item in download_files(example_session(tmp_path))} == first
    assert entries(tmp_path) == before
    list(download_files(example_session(tmp_path, drafts=True)))
    kept = set(entries(tmp_path)) & set(before)
    assert len(kept) == len(before) - 4  # The years; ZIP, Parquet file and comparison have one more.
    assert len(entries(tmp_path)) > len(kept)
    list(download_files(example_session(tmp_path)))
    assert set(entries(tmp_path)) == set(before)


# Makes the additions to the site of the real portal, and prints which of the libraries that write files it loaded.
_WRITING = """
import sys
from pathlib import Path
from nianbao.model.dataset import read_dataset
from nianbao.engines.environment import judge_session
from nianbao.pages.session import Session
from nianbao.publishing.additions import additions
from nianbao.rules.judging import remember
root, cache = Path.cwd(), Path(sys.argv[1])
dataset = read_dataset(root, root / "data")
session = Session(
    dataset=dataset, root=cache, data=root / "data", docs=root / "docs", drafts=False, page=lambda: "index.md"
)
remember(session, judge_session(session))
print(sum(addition.content.size for addition in additions(session)))
print(*sorted({"docx", "lxml", "typst", "xlsxwriter"} & set(sys.modules)))
"""


def test_libraries_are_loaded_only_where_something_is_made(tmp_path: Path) -> None:
    """Where all files are found as they were, those that write Word, PDF and Excel are not even loaded."""
    first, second = (
        subprocess.run(
            [sys.executable, "-c", _WRITING, str(tmp_path)], cwd=ROOT, check=True, capture_output=True, text=True
        ).stdout.splitlines()
        for _ in range(2)
    )
    assert set(first[1].split()) - {"typst"} == {"docx", "lxml", "xlsxwriter"}
    assert second == [first[0], "lxml"]  # Which reads pages.


def test_words_follow_the_pages(tmp_path: Path) -> None:
    """A page that is changed changes the files of its year and of no other."""
    shutil.copytree(ROOT / "examples" / "docs", tmp_path / "docs")

    def digests() -> dict[str, str]:
        session = replace(example_session(tmp_path), docs=tmp_path / "docs", memo=Memo())
        remember(session, judge_session(session))
        return {item.path: item.content.digest for item in download_files(session) if item.path.endswith(".json")}

    first = digests()
    page = tmp_path / "docs" / "2023" / "6-other.md"
    text = page.read_text(encoding="utf-8")
    seen = [first]
    for words in ("另有一事。", "另有两事。"):
        page.write_text(f"{text}\n{words}\n", encoding="utf-8")
        seen.append(digests())
        changed = {path for path in first if seen[-1][path] != seen[-2][path]}
        assert {path for path in changed if path.startswith("20")} == {"2023/downloads/slqcgj-2023.json"}


@pytest.mark.parametrize("damage", [b"", b"\0" * 100, None])
def test_damaged_entries_are_made_again(tmp_path: Path, damage: bytes | None) -> None:
    """Entries that are empty, cut off or of other content are not used but made anew."""
    first = {item.path: item.content.digest for item in download_files(example_session(tmp_path))}
    for path in (tmp_path / FOLDER).iterdir():
        content = path.read_bytes()
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]) if damage is None else damage)
    again = list(download_files(example_session(tmp_path)))
    assert {item.path: digest_of(item.content.read()) for item in again} == first
    for path in (tmp_path / FOLDER).iterdir():
        assert path.name.split(".")[2] == digest_of(path.read_bytes())


def test_a_build_needs_no_cache(tmp_path: Path) -> None:
    """Where the folder cannot be made, everything is made all the same."""
    (tmp_path / FOLDER.parts[0]).write_text("in the way", encoding="utf-8")
    made = list(download_files(example_session(tmp_path)))
    assert len(made) > 6 * 6
    assert all(digest_of(item.content.read()) == item.content.digest for item in made)


def fill(root: Path, number: int) -> list[str]:
    """Make all downloads in a process of its own; return their digests."""
    return [digest_of(item.content.read()) for item in download_files(example_session(root, drafts=number % 2 == 0))]


def test_builds_may_share_the_cache(tmp_path: Path) -> None:
    """Builds at the same time, with and without drafts, each remove what the others use, and all come out right."""
    alone = {number: fill(tmp_path / f"alone{number}", number) for number in (0, 1)}
    with get_context("spawn").Pool(2) as pool:
        together = pool.starmap(fill, [(tmp_path / "shared", number) for number in range(4)])
    assert together == [alone[number % 2] for number in range(4)]
