"""Files as editors and offices save them: with a mark, with line ends of two characters, in GB18030; and damaged."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from building import ROOT
from hypothesis import given
from hypothesis import strategies as st
from nianbao.command.correct import correct
from nianbao.command.fill import fill
from nianbao.command.freeze import freeze
from nianbao.command.new import new
from nianbao.command.upgrade import upgrade
from nianbao.model.configuration import read_configuration
from nianbao.model.dataset import read_dataset
from nianbao.pages.sources import read_page
from nianbao.reading.encoding import Encoding, EncodingError, decoded
from nianbao.reading.findings import Findings
from projects import changed, edit, example_project, run, show_corrections

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WAYS = {
    "a mark": Encoding("utf-8-sig", "\n"),
    "line ends of Windows": Encoding("utf-8", "\r\n"),
    "a mark and line ends of Windows": Encoding("utf-8-sig", "\r\n"),
    "GB18030": Encoding("gb18030", "\n"),
    "GB18030 and line ends of Windows": Encoding("gb18030", "\r\n"),
    "line ends of the first Macintosh": Encoding("utf-8", "\r"),
}


def sources(project: Path) -> Iterator[Path]:
    """Yield the data files and pages of *project*."""
    yield from (*project.glob("data/*.yml"), *project.glob("docs/**/*.md"))


def saved(project: Path, way: Encoding) -> Path:
    """Save all data and pages of *project*, which are plain UTF-8, in another *way*."""
    for path in sources(project):
        path.write_bytes(way.encoded(path.read_bytes().decode()))
    return project


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the example project with a new year and a place for corrections, to be copied."""
    project = example_project(tmp_path_factory.mktemp("plain"))
    assert run(new, "2026", project=project).code == 0
    show_corrections(project, 2024)
    return project


def used(project: Path) -> None:
    """Fill, freeze and correct in *project*."""
    assert run(fill, "2026", "--zero", project=project).code == 0
    done = run(freeze, "2024", "--published", "2025-01-21", project=project)
    assert done.code == 0, done.printed
    path = project / "data/2024.yml"
    text, way = decoded(path.read_bytes())
    assert text.count("[4875]") == 1
    path.write_bytes(way.encoded(text.replace("[4875]", "[4876]")))
    done = run(correct, "2024", "--reason", "行政处罚的件数有误。", "--on", "2025-03-05", project=project)
    assert done.code == 0, done.printed


@pytest.fixture(scope="module")
def expected(plain: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return what the commands make of the sources of the plain project."""
    project = shutil.copytree(plain, tmp_path_factory.mktemp("used") / "portal")
    used(project)
    return {path.relative_to(project).as_posix(): path.read_text(encoding="utf-8") for path in sources(project)}


@pytest.mark.parametrize("name", WAYS)
def test_commands_write_files_back_as_they_were(
    name: str, plain: Path, expected: dict[str, str], tmp_path: Path
) -> None:
    """Every command reads them, writes the same as in plain files, and keeps their way; no word has changed for it."""
    way = WAYS[name]
    project = saved(shutil.copytree(plain, tmp_path / "portal"), way)
    used(project)
    found = {path.relative_to(project).as_posix(): decoded(path.read_bytes()) for path in sources(project)}
    assert {path: text for path, (text, _) in found.items()} == expected
    assert {kept for _, kept in found.values()} == {way}
    assert changed(project, 2024) == []


@pytest.mark.parametrize("name", WAYS)
def test_an_upgrade_keeps_the_way_of_a_file(name: str, tmp_path: Path) -> None:
    """Data and settings of an old portal are rewritten as they were saved."""
    old = ROOT / "tests/portals/0.1.0"
    results = []
    for folder, way in (("plain", Encoding()), ("saved", WAYS[name])):
        portal = shutil.copytree(old, tmp_path / folder)
        for path in (portal / "data/2019.yml", portal / "data/agency.yml"):
            path.write_bytes(way.encoded(path.read_bytes().decode()))
        assert run(upgrade, project=portal).code == 0
        results.append([decoded((portal / f"data/{name}.yml").read_bytes()) for name in ("2019", "agency")])
    assert [text for text, _ in results[0]] == [text for text, _ in results[1]]
    assert {way for _, way in results[1]} == {WAYS[name]}
    assert "$schema=../.cache" in results[1][0][0]


@pytest.mark.parametrize("name", WAYS)
def test_places_are_those_of_the_characters(name: str, plain: Path, tmp_path: Path) -> None:
    """Line and column of a mistake are what an editor shows, whatever the bytes."""
    project = shutil.copytree(plain, tmp_path / "portal")
    edit(project / "data/2025.yml", "entries:\n      - {title: ", "entries:\n      - {title: 机构\u200b")
    page = project / "docs/2025/4-review.md"
    edit(page, "行政复议", "行政\u200b复议")

    def places() -> list[str]:
        found = Findings()
        assert read_page(page, page.name, found) is None
        return [str(one.place) for one in (*read_dataset(project, project / "data").findings, *found.sorted())]

    expected = places()
    assert len(expected) == 2
    saved(project, WAYS[name])
    assert places() == expected


DAMAGED = {
    "in UTF-8": ("a: 政府信息公开\nb: 工作年度".encode() + b"\xc4\xfa" + "报告\n".encode(), (2, 8, 0xC4)),
    "in letters": (b"year: 2023\nstatus: dr\xc4ft\n", (2, 11, 0xC4)),
    "behind a mark": (b"\xef\xbb\xbfyear: 2023\r\nstatus: \xff\r\n", (2, 9, 0xFF)),
    "in GB18030": ("年度: 政府信息公开\n工作: 年度报告".encode("gb18030") + b"\xff\n", (2, 9, 0xFF)),
    "among signs of two bytes": ("a: é·é·é".encode() + b"\xc4\xfa\n", (1, 9, 0xC4)),
    "of UTF-16": ("year: 2023\n".encode("utf-16"), (1, 1, 0xFF)),
    "of Latin": ("prénom: 2023\n".encode("latin-1"), (1, 3, 0xE9)),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_byte_is_told_with_its_place(name: str, tmp_path: Path) -> None:
    """Neither as mojibake nor as a whole file that cannot be read, in data and in pages."""
    data, place = DAMAGED[name]
    with pytest.raises(EncodingError) as caught:
        decoded(data)
    assert (caught.value.line, caught.value.column, caught.value.value) == place
    path = tmp_path / "page.md"
    path.write_bytes(data)
    told = Findings()
    assert read_page(path, "page.md", told) is None
    (finding,) = told.sorted()
    assert (finding.place.line, finding.place.column) == place[:2]
    assert f"不是 UTF-8 或 GB18030 编码，此处的字节是 0x{place[2]:02X}；" in finding.message


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\r")),
    st.sampled_from(sorted(WAYS)),
)
def test_utf_8_is_never_taken_for_anything_else(text: str, name: str) -> None:
    """Whatever is written in UTF-8 comes back, with its mark and line ends."""
    way = WAYS[name]
    if way.codec == "gb18030" or (way.codec == "utf-8" and text.startswith("\ufeff")):
        return
    read, kept = decoded(way.encoded(text))
    assert read == text
    assert kept.encoded(read) == way.encoded(text)


def test_line_ends_of_several_kinds_are_told(tmp_path: Path) -> None:
    """They could not be written back as they were."""
    project = example_project(tmp_path)
    path = project / "data/2025.yml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n", 3))
    dataset = read_dataset(project, project / "data")
    assert [str(one) for one in dataset.findings] == [
        "data/2025.yml:1:1: 换行符有好几种；请在编辑器里统一成一种（LF 或 CRLF）后保存"
    ]


def test_settings_must_be_what_the_host_reads(tmp_path: Path) -> None:
    """The host reads mkdocs.yml by itself, with a mark and any line ends, but in UTF-8 alone."""
    path = tmp_path / "mkdocs.yml"
    told = []
    for way in WAYS.values():
        path.write_bytes(way.encoded("site_name: 政府信息公开年报\nplugins: [nianbao]\n"))
        found = Findings()
        read_configuration(path, "mkdocs.yml", found)
        told.append([one.message for one in found.sorted()])
    saying = "不是 UTF-8 编码，生成网站的程序读不了；请把这个文件另存为 UTF-8"
    assert told == [[saying] if way.codec == "gb18030" else [] for way in WAYS.values()]
