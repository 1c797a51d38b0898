"""`nianbao verify`: sites, ZIPs and folders, records kept elsewhere, numbers, and ZIPs that nobody should open."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import re
import shutil
import stat
import zipfile
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest
from building import copy_project, nianbao
from nianbao.lifecycle.site_record import read_site_record
from nianbao.model.project import WrongUseError
from nianbao.proving import sources
from nianbao.proving.downloads import differences
from nianbao.proving.proving import prove
from nianbao.proving.sources import UnreadableError, open_source
from nianbao.publishing.sums import write_sums
from projects import edit

if TYPE_CHECKING:
    from collections.abc import Callable

    from nianbao.lifecycle.record import Record

YEARS = "2019、2020、2021、2022、2023、2024年与公布的记录相符"
OLD = Path(__file__).resolve().parents[1] / "portals" / "0.1.0"


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the portal of the examples with its site; nothing changes it."""
    project = copy_project(tmp_path_factory.mktemp("portal")) / "examples"
    done = nianbao("build", folder=project)
    assert done.code == 0, done.printed
    return project


@pytest.fixture
def site(portal: Path, tmp_path: Path) -> Path:
    """Return a copy of the site."""
    return shutil.copytree(portal / "site", tmp_path / "site")


def zipped(site: Path, path: Path, above: str = "") -> Path:
    """Return a ZIP of *site* as people make one."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(site.rglob("*")):
            archive.write(file, f"{above}{file.relative_to(site).as_posix()}")
    return path


def test_a_site_is_what_was_published(portal: Path, tmp_path: Path) -> None:
    """As a folder, as a ZIP with or without a folder in it, as a copy that is called otherwise."""
    alone = tmp_path / "alone"
    shutil.copytree(portal / "site", alone)
    for path in (alone, zipped(alone, tmp_path / "a.zip"), zipped(alone, tmp_path / "b.zip", "网站/")):
        done = nianbao("verify", str(path), folder=tmp_path)
        assert (done.code, YEARS in done.printed) == (0, True), done.printed
        assert "：54 个页面，48 个文件。" in done.printed


def test_the_folder_of_a_year_and_the_zip_of_downloads_are_proved(portal: Path) -> None:
    """The first by pages and files, the second by its files alone, which it says."""
    year = nianbao("verify", "site/2021", folder=portal)
    assert (year.code, "2021年与公布的记录相符：9 个页面，8 个文件。" in year.printed) == (0, True), year.printed
    files = nianbao("verify", "site/downloads/slqcgj-all-years.zip", folder=portal)
    assert files.code == 0, files.printed
    assert "2021年在这里没有网页，只核对了下载文件" in files.printed
    assert f"{YEARS}：0 个页面，48 个文件。" in files.printed


def test_a_record_kept_elsewhere_proves_a_site_without_one(portal: Path, site: Path, tmp_path: Path) -> None:
    """The superior's copy, or the record of the portal; another year's is told."""
    kept = shutil.copy(site / "2021/downloads/slqcgj-2021-record.json", tmp_path / "kept.json")
    own = portal / "data" / "published" / "2021-1.json"
    for record in (kept, own):
        assert nianbao("verify", "site/2021", "--record", str(record), folder=tmp_path).code == 0
    (site / "2021/downloads/slqcgj-2021-record.json").unlink()
    done = nianbao("verify", "site/2021", "--record", str(kept), folder=tmp_path)
    assert done.code == 1
    assert done.printed.startswith("2021/downloads:1:1: 没有这一年公布的记录\n")
    assert "有 1 处与公布的不符" in done.printed


def test_a_number_from_paper_is_compared(portal: Path) -> None:
    """As it is typed; another one is told, and what is none is wrong use."""
    number = read_site_record((portal / "site/2021/downloads/slqcgj-2021-record.json").read_bytes()).last.number
    assert nianbao("verify", "--number", number.lower().replace("-", " "), folder=portal).code == 0
    other = ("2" if number[0] != "2" else "3") + number[1:]
    done = nianbao("verify", "--number", other, folder=portal)
    assert done.code == 1
    assert f"校验号 {other} 不是这里任何一个年度的" in done.printed
    assert nianbao("verify", "--number", "12", folder=portal).code == 2


def test_the_number_stands_on_page_and_in_files(portal: Path) -> None:
    """Page, full text, JSON; Word and PDF are read by the command itself."""
    number = read_site_record((portal / "site/2021/downloads/slqcgj-2021-record.json").read_bytes()).last.number
    for page in ("index.html", "full.html"):
        text = (portal / "site/2021" / page).read_text(encoding="utf-8").replace("&#45;", "-")
        assert f"校验号：{number}" in text
    document = json.loads((portal / "site/2021/downloads/slqcgj-2021.json").read_bytes())
    assert document["check_number"] == number


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nothing"], "请写网站的文件夹、一个年度的文件夹，或网站的 ZIP"),
        (["docs"], "这里没有公布的记录"),
        (["mkdocs.yml"], "不是文件夹，也不是完好的 ZIP"),
        (["site", "--record", "mkdocs.yml"], "不是公布的记录，或者已经损坏"),
        (["site", "--record", "nothing"], "没有记录文件 nothing"),
    ],
)
def test_wrong_use_is_told(portal: Path, arguments: list[str], told: str) -> None:
    """What is no site, ZIP or record."""
    done = nianbao("verify", *arguments, folder=portal)
    assert (done.code, told in done.printed) == (2, True), done.printed


def hostile(path: Path, name: str, content: bytes = b"x", *, link: bool = False, twice: bool = False) -> Path:
    """Return a ZIP with a file called *name*."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo(name)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = (stat.S_IFLNK if link else stat.S_IFREG) << 16
        archive.writestr(entry, content)
        if twice:
            archive.writestr(zipfile.ZipInfo("b.html"), content)
    return path


@pytest.mark.parametrize(
    ("name", "link", "told"),
    [
        ("../a.html", False, "指向外面"),
        ("a/../../b.html", False, "指向外面"),
        ("/etc/a.html", False, "指向外面"),
        ("C:/a.html", False, "指向外面"),
        ("a\\b.html", False, "指向外面"),
        ("a\nb.html", False, "里面的“a\\nb.html”指向外面，或名称里有控制符"),
        ("a.html", True, "是链接或特殊文件"),
    ],
)
def test_a_zip_that_reaches_out_is_refused(tmp_path: Path, name: str, link: bool, told: str) -> None:  # noqa: FBT001  # a case
    """Nothing of it is read."""
    path = hostile(tmp_path / "a.zip", name, link=link)
    with pytest.raises(WrongUseError, match="不能打开") as error:
        open_source(path)
    assert told in str(error.value)


def test_a_zip_that_swells_or_repeats_is_refused(tmp_path: Path) -> None:
    """A bomb, two files of one name, and one whose size is a lie."""
    with pytest.raises(WrongUseError, match="展开后大得不合常理"):
        open_source(hostile(tmp_path / "bomb.zip", "a.html", b"0" * 50_000_000))
    twice = hostile(tmp_path / "twice.zip", "a.html", twice=True)
    twice.write_bytes(twice.read_bytes().replace(b"b.html", b"a.html"))
    with pytest.raises(WrongUseError, match="有两个"):
        open_source(twice)
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"PK\x03\x04" + b"x" * 100)
    with pytest.raises(WrongUseError, match="完好的 ZIP"):
        open_source(broken)


@pytest.mark.parametrize(
    ("limit", "most", "told"),
    [
        ("_MOST_FILES", 0, "里面的文件多于 0 个"),
        ("_LARGEST_WHOLE", 999, "里面的文件太大"),
        ("_LARGEST_FILE", 999, "展开后大得不合常理"),
    ],
)
def test_limits_of_a_zip_and_of_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, most: int, told: str
) -> None:
    """A ZIP within the limits is opened, and refused where one is less; a folder is told so, or its file is."""
    path = hostile(tmp_path / "a.zip", "a.html", b"0" * 1000)
    (tmp_path / "site").mkdir()
    (tmp_path / "site/a.html").write_bytes(b"0" * 1000)
    assert open_source(path).read("a.html") == open_source(tmp_path / "site").read("a.html")
    monkeypatch.setattr(sources, limit, most)
    with pytest.raises(WrongUseError, match=told):
        open_source(path)
    if limit != "_LARGEST_WHOLE":
        with pytest.raises((WrongUseError, UnreadableError), match=r"多于 0 个|超过 999 字节"):
            open_source(tmp_path / "site").read("a.html")


def test_a_zip_that_lies_is_not_believed(tmp_path: Path) -> None:
    """A locked file is refused, and one that is not as large as the ZIP says is not read."""
    content = hostile(tmp_path / "a.zip", "a.html", b"0" * 1000).read_bytes()
    entry = content.rfind(b"PK\x01\x02")
    locked, larger = bytearray(content), bytearray(content)
    locked[entry + 8] |= 1
    larger[entry + 24 : entry + 28] = (2000).to_bytes(4, "little")
    (tmp_path / "locked.zip").write_bytes(locked)
    (tmp_path / "larger.zip").write_bytes(larger)
    with pytest.raises(WrongUseError, match="加了密码"):
        open_source(tmp_path / "locked.zip")
    with pytest.raises(UnreadableError, match="与 ZIP 里写的大小不同"):
        open_source(tmp_path / "larger.zip").read("a.html")


def test_a_damaged_file_of_a_zip_is_told(site: Path, tmp_path: Path) -> None:
    """A page whose bytes are not those of its checksum."""
    path = zipped(site, tmp_path / "a.zip")
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo("2021/6-other.html")
        start = entry.header_offset + 30 + len(entry.filename.encode()) + entry.compress_size // 2
    content = bytearray(path.read_bytes())
    content[start] ^= 0xFF
    path.write_bytes(content)
    done = nianbao("verify", str(path), folder=tmp_path)
    assert done.code == 1
    assert "2021/6-other.html:1:1: 不能读取（在 ZIP 里已经损坏，或加了密码）" in done.printed


def test_links_in_a_folder_are_not_followed(site: Path, tmp_path: Path) -> None:
    """A page that is a link to a file elsewhere is told, and its own place counts as empty."""
    page = site / "2021" / "6-other.html"
    shutil.move(page, tmp_path / "elsewhere.html")
    page.symlink_to(tmp_path / "elsewhere.html")
    done = nianbao("verify", "site", folder=tmp_path)
    assert done.code == 1
    assert "2021/6-other.html:1:1: 是指向别处的链接或特殊文件，没有读" in done.printed
    assert "2021/6-other.html:1:1: 公布过的页面没有了" in done.printed


def test_a_damaged_record_is_told_and_not_believed(site: Path, tmp_path: Path) -> None:
    """Parts that do not fit, deep nesting, another year's record."""
    path = site / "2021/downloads/slqcgj-2021-record.json"
    other = (site / "2022/downloads/slqcgj-2022-record.json").read_bytes()
    for content, told in (
        (b"{", "不是公布的记录，或者已经损坏"),
        (b"[" * 100_000, "不是公布的记录，或者已经损坏"),
        (other, "是2022年的记录，不是2021年的"),
        (path.read_bytes().replace(b'"previous": null', b'"previous": "' + b"0" * 64 + b'"'), "不接在前一个后面"),
    ):
        path.write_bytes(content)
        done = nianbao("verify", "site", folder=tmp_path)
        assert done.code == 1
        assert told in done.printed


def test_a_site_of_an_old_record_is_proved_as_far_as_it_goes(tmp_path: Path) -> None:
    """A frozen year of 0.1.0 whose record was not renewed: words and figures, no number."""
    project = shutil.copytree(OLD, tmp_path / "portal")
    assert nianbao("upgrade", folder=project).code == 0
    shutil.copy(OLD / "data/published/2019-1.json", project / "data/published/2019-1.json")
    text = (project / "data/2019.yml").read_text(encoding="utf-8")
    old = "ad807851e755860b4430ecfe0f4d07f1edf8bf322be85a640849151426a98ed6"
    (named,) = (line.split()[1] for line in text.splitlines() if line.startswith("digest:"))
    edit(project / "data/2019.yml", named, old)
    built = nianbao("build", folder=project)
    assert built.code == 0, built.printed
    done = nianbao("verify", folder=project)
    assert (done.code, "2019年的记录是早先的版本写的" in done.printed) == (0, True), done.printed
    edit(project / "site/2019/6-other.html", "。</p>", "！</p>")
    assert nianbao("verify", folder=project).code == 1


def test_a_year_is_not_changed_by_reading_it(portal: Path) -> None:
    """The command writes nothing."""
    before = {path: path.stat().st_mtime_ns for path in (portal / "site").rglob("*")}
    assert nianbao("verify", folder=portal).code == 0
    assert {path: path.stat().st_mtime_ns for path in (portal / "site").rglob("*")} == before


# A digit, a link or a style in a file of each kind, none of which a record holds.
CHANGED = {
    "2022/index.html": (b"<article", b"<p>x</p><article"),
    "2023/index.html": (b'data-figure="items">', b'data-figure="items">1'),
    "2024/3-requests.html": (b"</head>", b"<style>tr{display:none}</style></head>"),
    "2024/downloads/datapackage.json": (b"2435", b"2436"),
    "2024/downloads/slqcgj-2024-record.json": (b"a77d3318", b"a77d3319"),
    "2024/downloads/slqcgj-2024-requests.csv": ("自然人".encode(), "自然入".encode()),
    "2024/downloads/slqcgj-2024.json": (b'"processing_fee": 300', b'"processing_fee": 301'),
    "2024/index.html": (b'"datePublished":"2025-01-21"', b'"datePublished":"2025-06-21"'),
    "2024/picture.png": (b"IEND", b"IENX"),
    "2024/picture.svg": (b">86<", b">87<"),
    "assets/nianbao.css": (b":root", b"td{display:none}:root"),
    "assets/nianbao.js": (b'"use strict"', b'"use strict";alert(1)'),
    "compare.html": (b"86", b"87"),
    "compare/requests.svg": (b">86<", b">87<"),
    "downloads/slqcgj-cells.parquet": (b"PAR1", b"PAR2"),
    "downloads/slqcgj-comparison.csv": (b",77,86", b",77,87"),
    "feed.xml": (b"2024", b"2025"),
    "index.html": (b"2024/index.html", b"2019/index.html"),
    "search/figures.json": (b'"1463"', b'"1464"'),
}


def test_a_change_in_any_file_is_told_by_the_list(site: Path) -> None:
    """Whatever a file is, and whether a record holds it or not."""
    for name, (old, new) in CHANGED.items():
        content = (site / name).read_bytes()
        assert old in content, name
        (site / name).write_bytes(content.replace(old, new, 1))
    found = [str(finding) for finding in prove(open_source(site), None).findings]
    assert found == [f"{name}:1:1: 与生成网站时不同（校验值不是 SHA256SUMS 里的）" for name in CHANGED]


def test_files_beside_those_of_a_site_are_told(site: Path, tmp_path: Path) -> None:
    """One that is gone, one more, an old compressed one; not those of a server that compress what is there."""
    (site / "index.html.gz").write_bytes(gzip.compress((site / "index.html").read_bytes()))
    (site / "assets/nianbao.css").write_bytes((site / "assets/nianbao.css").read_bytes().replace(b"\n", b"\r\n"))
    assert nianbao("verify", "site", folder=tmp_path).code == 0
    (site / "check.html.gz").write_bytes(gzip.compress(b"old"))
    (site / "more.html").write_text("x", encoding="utf-8")
    (site / "latest/index.html").unlink()
    done = nianbao("verify", "site", folder=tmp_path)
    assert done.code == 1
    assert done.printed.splitlines()[:3] == [
        "latest/index.html:1:1: 没有了，生成网站时的 SHA256SUMS 里有",
        "check.html.gz:1:1: 压缩的不是现在的 check.html，服务器会把它发给读者；请删去或重新压缩",
        "more.html:1:1: 是多出的文件，生成网站时没有；不是本单位放的请删去",
    ]


def test_a_list_kept_elsewhere_proves_one_that_was_rewritten(portal: Path, site: Path, tmp_path: Path) -> None:
    """A style and the list of the site were changed together; what is no list is told."""
    style = site / "assets/nianbao.css"
    style.write_text("td { display: none }", encoding="utf-8")
    write_sums(site)
    assert nianbao("verify", "site", folder=tmp_path).code == 0
    kept = str(portal / "site" / "SHA256SUMS")
    done = nianbao("verify", "site", "--sums", kept, folder=tmp_path)
    assert done.code == 1
    assert done.printed.startswith("assets/nianbao.css:1:1: 与生成网站时不同")
    (site / "SHA256SUMS").write_text("abc\n", encoding="utf-8")
    done = nianbao("verify", "site", folder=tmp_path)
    assert (done.code, "SHA256SUMS:1:1: 不是校验值的清单，或者已经损坏" in done.printed) == (1, True)
    assert nianbao("verify", "site", "--sums", "site/SHA256SUMS", folder=tmp_path).code == 2
    (site / "SHA256SUMS").unlink()
    done = nianbao("verify", "site", folder=tmp_path)
    assert (done.code, "没有 SHA256SUMS，样式、程序" in done.printed) == (0, True)


@pytest.fixture(scope="module")
def published(portal: Path) -> Record:
    """Return the record of 2024."""
    return read_site_record((portal / "site/2024/downloads/slqcgj-2024-record.json").read_bytes()).last


def changed_report(record: Record, **changes: object) -> Record:
    """Return *record* as if something else had been published."""
    return replace(record, report=replace(record.report, **changes))  # type: ignore[arg-type]  # fields by name


ROW = re.compile(rb"(?m)^.*,requests\.received\.natural_person,.*\r?\n")
MORE = MappingProxyType({"requests.received.others": "1"})

# The end of a file's name, what is changed in it or in what was published, and what is told.
DOWNLOADS: dict[str, tuple[str, Callable[[bytes], bytes], dict[str, object], str]] = {
    "kind": (".exe", bytes, {}, "不是程序生成的下载文件"),
    "late-in-json": (".json", bytes, {"late_reason": "雨"}, "迟延公布的原因与公布的不同，公布的是“雨”"),
    "agency-in-json": (
        ".json",
        bytes,
        {"agency": "另一机关"},
        "机关名称是“示例市示例区城市管理和综合执法局”，公布的是“另一机关”",
    ),
    "day-in-json": (
        ".json",
        bytes,
        {"published_on": dt.date(2025, 1, 22)},
        "公布日期是 2025-01-21，公布的是 2025-01-22",
    ),
    "cell-in-json": (".json", bytes, {"cells": MORE}, "数 requests.received.others 是 None，公布的是 1"),
    "correction-in-json": (
        ".json",
        bytes,
        {"corrections": ((dt.date(2025, 2, 1), "雨"),)},
        "更正的日期或原因与公布的不同",
    ),
    "correction-in-word": (
        ".docx",
        bytes,
        {"corrections": ((dt.date(2025, 2, 1), "雨"),)},
        "没有印 2025-02-01 更正的原因“雨”",
    ),
    "row-gone-from-csv": (
        "-requests.csv",
        lambda csv: ROW.sub(b"", csv),
        {},
        "没有数 requests.received.natural_person",
    ),
    "row-of-its-own-in-csv": (
        "-requests.csv",
        lambda csv: csv.replace(b"requests.received.natural_person", b"requests.received.nobody"),
        {},
        "公布的没有数 requests.received.nobody",
    ),
    "cell-gone-from-excel": (".xlsx", bytes, {"cells": MORE}, "没有数 requests.received.others"),
    "year-of-a-package": (
        "datapackage.json",
        lambda json: json.replace("2024年政府".encode(), "2023年政府".encode()),
        {},
        "所写的名称“示例市示例区城市管理和综合执法局2023年政府信息公开工作年度报告”不是这一年的报告",
    ),
}


@pytest.mark.parametrize("kind", DOWNLOADS)
def test_what_a_download_says_is_compared(portal: Path, published: Record, kind: str) -> None:
    """Each comparison by its own words; unchanged files are what was published."""
    end, change, other, told = DOWNLOADS[kind]
    folder = portal / "site/2024/downloads"
    name = next((path.name for path in folder.iterdir() if path.name in {end, f"slqcgj-2024{end}"}), end)
    content = (folder / name).read_bytes() if name != end or end[0] != "." else b""
    if "cells" in other:
        other = {"cells": MappingProxyType({**published.report.cells, **MORE})}
    if name != ".exe":
        assert list(differences(published, name, content)) == []
    assert told in list(differences(changed_report(published, **other), name, change(content)))
