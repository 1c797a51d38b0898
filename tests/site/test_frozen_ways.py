"""Ways to change what is frozen: each is told by check, by the build beside the site that stands, or by verify.

The ways stand in frozen_ways.yml with every message; what nobody can tell is there too, as the guide names it.
"""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from building import ROOT, nianbao
from nianbao.command.correct import correct
from nianbao.command.freeze import freeze
from nianbao.lifecycle.archive import claimed
from nianbao.lifecycle.changes import published_changes
from nianbao.lifecycle.record import Record, decoded
from nianbao.lifecycle.site_record import read_site_record, site_record
from nianbao.lifecycle.snapshot import digest
from nianbao.model.dataset import read_dataset
from nianbao.proving.proving import prove
from nianbao.proving.sources import open_source
from nianbao.publishing.standing import taken_away_or_altered
from nianbao.reading.clock import today
from nianbao.rules.judging import judge_dataset
from projects import edit, example_project, project_in, run, show_corrections, without_digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

WAYS = Path(__file__).with_name("frozen_ways.yml")
YEARS = {2021: "2022-01-30", 2022: "2023-01-18", 2023: "2024-01-24", 2024: "2025-01-21"}
REASONS = (("原因甲。", "2025-03-05"), ("原因乙。", "2025-04-05"))

WORDS = """
## （三）对照 {#section-6-3}

见[附件](附件.txt)和[网站](https://www.example.gov.cn/a)，查阅**不收费**，第 2 次编制。

![示意图](图.png)

![共用的图](../images/共用.png)

本段只为对照。

甲段先说。

乙段后说。

3. 第三项
4. 第四项

| 名称 | 数量 |
| --- | --- |
| 甲 | 1 |
| 乙 | 2 |

<table><tr><td>丙</td><td></td></tr></table>

原件此处有印章。
{ .transcription }
"""
PICTURE = (
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000{}"
    "0000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
ONE, OTHER = (bytes.fromhex(PICTURE.format(check)) for check in ("1f15c489", "1f15c488"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way to change a portal, or the site that it has published; *line* is where its messages begin."""

    kind: str
    name: str
    told: str
    edits: tuple[dict[str, str], ...]
    actions: tuple[str, ...]
    guide: str
    messages: str
    line: int

    def carry_out(self, portal: Path) -> None:
        """Change *portal*."""
        for change in self.edits:
            path = portal / change["file"]
            if "copy" in change and not path.exists():
                path.parent.mkdir(exist_ok=True)
                shutil.copy(ROOT / "macros" / "nianbao" / change["copy"], path)
            edit(path, change["old"], change["new"])
        for name in self.actions:
            ACTIONS[name](portal)


def ways() -> list[Way]:
    """Return the ways, the last one first, so that accepting the messages of one moves no other."""
    loader = yaml.SafeLoader(WAYS.read_text(encoding="utf-8"))
    document = loader.get_single_node()
    assert document is not None
    found = []
    for entry, node in zip(loader.construct_document(document), document.value, strict=True):
        (line,) = (value.start_mark.line + 1 for key, value in node.value if key.value == "messages")
        found.append(
            Way(
                kind=entry["kind"],
                name=entry["way"],
                told=entry["told"],
                edits=tuple(entry.get("edits", ())),
                actions=tuple(entry.get("do", ())),
                guide=entry.get("guide", ""),
                messages=entry["messages"],
                line=line,
            )
        )
    return found[::-1]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a portal of four frozen years, the last corrected twice, that has built its site."""
    folder = tmp_path_factory.mktemp("published")
    portal = example_project(folder)
    for year in (2019, 2020, 2025):
        (portal / "data" / f"{year}.yml").unlink()
        shutil.rmtree(portal / "docs" / str(year))
    first = portal / "docs" / "2021" / "3-requests.md"
    first.write_text(re.sub(r".*, -1\) }}.*\n", "", first.read_text(encoding="utf-8")), encoding="utf-8")
    page = portal / "docs" / "2023" / "6-other.md"
    page.write_text(page.read_text(encoding="utf-8") + WORDS, encoding="utf-8")
    (page.parent / "图.png").write_bytes(ONE)
    (portal / "docs" / "images").mkdir()
    (portal / "docs" / "images" / "共用.png").write_bytes(ONE)
    (page.parent / "附件.txt").write_text("附件的内容\n", encoding="utf-8")
    show_corrections(portal, 2024)
    for year, day in YEARS.items():
        done = run(freeze, str(year), "--published", day, project=portal)
        assert done.code == 0, done.printed
    for number, (reason, day) in enumerate(REASONS):
        edit(portal / "data" / "2024.yml", f"[{4875 + number}]", f"[{4876 + number}]")
        done = run(correct, "2024", "--reason", reason, "--on", day, project=portal)
        assert done.code == 0, done.printed
    built = nianbao("build", folder=portal)
    assert built.code == 0, built.printed
    shutil.rmtree(portal / ".cache", ignore_errors=True)
    return portal


@pytest.fixture
def portal(published: Path, tmp_path: Path) -> Path:
    """Return a copy of that portal; its site is copied where a way changes it."""
    return shutil.copytree(published, tmp_path / "portal", ignore=shutil.ignore_patterns("site"))


def of_year(portal: Path, year: int) -> list[Path]:
    """Return the records of *year*."""
    return sorted((portal / "data" / "published").glob(f"{year}-*.json"))


def take_digest(portal: Path, year: int) -> None:
    """Take out of the data file what freezing and correcting wrote."""
    path = portal / "data" / f"{year}.yml"
    text = without_digest(path.read_text(encoding="utf-8"))
    path.write_text(re.sub(r"corrections: .*\n(?:  .*\n)+", "", text), encoding="utf-8")


def take_records(portal: Path, year: int) -> None:
    """Take out the records."""
    for path in of_year(portal, year):
        path.unlink()


def rename(portal: Path, year: int, before: str, after: str) -> None:
    """Let the data file name another record."""
    edit(portal / "data" / f"{year}.yml", before, after)


def rewrite(portal: Path, year: int, *changes: tuple[str, str]) -> None:
    """Freeze and correct a year anew after *changes* of its data file."""
    take_digest(portal, year)
    take_records(portal, year)
    for old, new in changes:
        edit(portal / "data" / f"{year}.yml", old, new)
    done = run(freeze, str(year), "--published", YEARS[year], project=portal)
    assert done.code == 0, done.printed


def forge(portal: Path, name: str, change: Callable[[Record], Record]) -> None:
    """Change a record and let the data file name it, and records after it follow it."""
    year, number = map(int, name.split("-"))
    before = ""
    for path in of_year(portal, year)[number - 1 :]:
        content = path.read_bytes()
        record = decoded(content)
        record = change(record) if path.stem == name else replace(record, previous=before)
        forged = record.encoded()
        path.write_bytes(forged)
        rename(portal, year, digest(content), digest(forged))
        before = digest(forged)


def with_reason(record: Record) -> Record:
    """Return *record* with another reason for its last correction."""
    *earlier, (day, _) = record.report.corrections
    return replace(record, report=replace(record.report, corrections=(*earlier, (day, "原因丙。"))))


def with_figure(record: Record) -> Record:
    """Return *record* with another number of penalties."""
    cells = {**record.report.cells, "disclosure.penalties.decisions": "4000"}
    return replace(record, report=replace(record.report, cells=cells))


def entries(portal: Path) -> tuple[str, list[str]]:
    """Return the data file of 2024 and the entries of its corrections."""
    text = (portal / "data" / "2024.yml").read_text(encoding="utf-8")
    return text, re.findall(r"  - on: .*\n    reason: .*\n    digest: .*\n", text)


def withdraw_entry(portal: Path) -> None:
    """Take the last correction out of the data file, and the figure back."""
    text, (_, last) = entries(portal)
    (portal / "data" / "2024.yml").write_text(text.replace(last, "").replace("[4877]", "[4876]"), encoding="utf-8")


def withdraw(portal: Path) -> None:
    """Take the last correction back with its record."""
    withdraw_entry(portal)
    of_year(portal, 2024)[-1].unlink()


def fold(portal: Path) -> None:
    """Make one correction of two."""
    text, (first, last) = entries(portal)
    _, second, third = of_year(portal, 2024)
    record = decoded(third.read_bytes())
    one = replace(
        record,
        previous=decoded(second.read_bytes()).previous,
        report=replace(record.report, corrections=record.report.corrections[1:]),
    )
    third.unlink()
    content = one.encoded()
    second.write_bytes(content)
    last_named = re.sub("digest: .*", f"digest: {digest(content)}", last)
    (portal / "data" / "2024.yml").write_text(text.replace(first + last, last_named), encoding="utf-8")


def swap_corrections(portal: Path) -> None:
    """Exchange two corrections, entries and records."""
    text, (first, last) = entries(portal)
    (portal / "data" / "2024.yml").write_text(text.replace(first + last, last + first), encoding="utf-8")
    _, second, third = of_year(portal, 2024)
    contents = second.read_bytes(), third.read_bytes()
    third.write_bytes(contents[0])
    second.write_bytes(contents[1])


def forge_reopening(portal: Path) -> None:
    """Make a draft of 2023, as if its freeze had been taken back the day before it was published."""
    path = portal / "data" / "2023.yml"
    text = path.read_text(encoding="utf-8").replace("status: published ", "status: draft ")
    text = re.sub(r"published_on: .*\n", "", text)
    entry = r"reopened: [{on: 2024-01-23, reason: 补充。, digest: \1}]\n"
    path.write_text(re.sub(r"digest: ([0-9a-f]{64}).*\n", entry, text), encoding="utf-8")


def draft(portal: Path) -> None:
    """Make a draft of 2024, with nothing that says it was published."""
    take_digest(portal, 2024)
    take_records(portal, 2024)
    edit(portal / "data" / "2024.yml", "status: published ", "status: draft ")
    edit(portal / "data" / "2024.yml", "published_on: 2025-01-21", "# 2025-01-21")


def remove(portal: Path, year: int) -> None:
    """Take a year out as a whole."""
    (portal / "data" / f"{year}.yml").unlink()
    shutil.rmtree(portal / "docs" / str(year))
    take_records(portal, year)


def rewrite_all(portal: Path) -> None:
    """Freeze all years anew, each as if nothing had been before."""
    for year in YEARS:
        take_digest(portal, year)
        take_records(portal, year)
    edit(portal / "data" / "2022.yml", "licensing:              [", "licensing:              [1")
    for year, day in YEARS.items():
        done = run(freeze, str(year), "--published", day, project=portal)
        assert done.code == 0, done.printed


def exchange(portal: Path) -> None:
    """Exchange the records of two years."""
    one, other = of_year(portal, 2022)[0], of_year(portal, 2023)[0]
    contents = one.read_bytes(), other.read_bytes()
    rename(portal, 2022, digest(contents[0]), digest(contents[1]))
    rename(portal, 2023, digest(contents[1]), digest(contents[0]))
    one.write_bytes(contents[1])
    other.write_bytes(contents[0])


def roll_back(portal: Path) -> None:
    """Let the last record be the one before it."""
    _, second, third = of_year(portal, 2024)
    before = digest(third.read_bytes())
    third.write_bytes(second.read_bytes())
    path = portal / "data" / "2024.yml"
    text = path.read_text(encoding="utf-8").replace(before, digest(second.read_bytes())).replace("[4877]", "[4876]")
    path.write_text(text, encoding="utf-8")


def nothing_frozen(portal: Path) -> None:
    """Take all digests and records out."""
    for year in YEARS:
        take_digest(portal, year)
        take_records(portal, year)


def swap_page(portal: Path) -> None:
    """Add a page to a frozen year."""
    (portal / "docs" / "2023" / "7-more.md").write_text("# 七、另一部分\n\n另有内容。\n", encoding="utf-8")


def each(paths: Iterable[Path], change: Callable[[Path], None]) -> None:
    """Make the same *change* to each of *paths*."""
    for path in list(paths):
        change(path)


def rewrite_reason(portal: Path) -> None:
    """Give the last correction another reason, in data file and record."""
    forge(portal, "2024-3", with_reason)
    edit(portal / "data" / "2024.yml", "原因乙。", "原因丙。")


def crlf(path: Path) -> None:
    """Give a file other ends of lines."""
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def repacked(path: Path, part: str, old: str, new: str) -> None:
    """Replace *old* once in a *part* of an office document."""
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    assert old.encode() in contents[part], f"{part} has no {old}"
    contents[part] = contents[part].replace(old.encode(), new.encode(), 1)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in contents.items():
            archive.writestr(name, content)


def downloads(portal: Path, year: int = 2023) -> Path:
    """Return the folder of the downloads of *year* in the site."""
    return portal / "site" / str(year) / "downloads"


def shorten(portal: Path) -> None:
    """Take the last correction out of the record of the site."""
    path = downloads(portal, 2024) / "slqcgj-2024-record.json"
    document = json.loads(path.read_bytes())
    del document["records"][-1]
    document["check_number"] = decoded(json.dumps(document["records"][-1]).encode()).number
    path.write_text(json.dumps(document), encoding="utf-8")


def rewritten_site(portal: Path) -> None:
    """Freeze the newest report anew as another one, and put its record into the site that stands."""
    rewrite(portal, 2024, ("[4877]", "[4900]"))
    report = read_dataset(portal, portal / "data").reports[2024]
    (downloads(portal, 2024) / "slqcgj-2024-record.json").write_bytes(site_record("slqcgj", report, portal / "data"))


def rewrite_of_known(portal: Path) -> None:
    """Write a record of 2023 anew that another year's record knows, as the command would not."""
    path = of_year(portal, 2023)[0]
    content = path.read_bytes()
    edit(portal / "data" / "2023.yml", "[5217]", "[5218]")
    forged = content.replace(b'"5217"', b'"5218"').replace("处罚决定5217件".encode(), "处罚决定5218件".encode())
    path.write_bytes(forged)
    rename(portal, 2023, digest(content), digest(forged))


def first_group(portal: Path) -> str:
    """Return the first characters of the check number of 2023."""
    return decoded(of_year(portal, 2023)[0].read_bytes()).number[:4]


ACTIONS: dict[str, Callable[[Path], Any]] = {
    "picture": lambda portal: (portal / "docs/2023/图.png").write_bytes(OTHER),
    "common_picture": lambda portal: (portal / "docs/images/共用.png").write_bytes(OTHER),
    "attachment": lambda portal: (portal / "docs/2023/附件.txt").unlink(),
    "no_page": lambda portal: (portal / "docs/2023/5-improvement.md").unlink(),
    "more_page": swap_page,
    "no_digest_2023": lambda portal: take_digest(portal, 2023),
    "no_digest_2024": lambda portal: take_digest(portal, 2024),
    "no_record_2023": lambda portal: take_records(portal, 2023),
    "no_record_2024": lambda portal: take_records(portal, 2024),
    "edit_record_2023": lambda portal: edit(of_year(portal, 2023)[0], '"5217"', '"5218"'),
    "rewrite_2023": rewrite_of_known,
    "rewrite_2024": lambda portal: rewrite(portal, 2024, ("[4877]", "[4900]")),
    "rewrite_all": rewrite_all,
    "nothing_frozen": nothing_frozen,
    "exchange": exchange,
    "roll_back": roll_back,
    "rewrite_reason": rewrite_reason,
    "edit_before": lambda portal: edit(of_year(portal, 2024)[0], '"4875"', '"4000"'),
    "rewrite_before": lambda portal: forge(portal, "2024-1", with_figure),
    "withdraw": withdraw,
    "withdraw_entry": withdraw_entry,
    "fold": fold,
    "swap_corrections": swap_corrections,
    "draft_2024": draft,
    "forge_reopening": forge_reopening,
    "remove_2023": lambda portal: remove(portal, 2023),
    "remove_2024": lambda portal: remove(portal, 2024),
    "other_agency": lambda portal: edit(portal / "data/agency.yml", "id: slqcgj", "id: other"),
    "site_number": lambda portal: edit(portal / "site/2023/index.html", first_group(portal), "2222"),
    "site_no_page": lambda portal: (portal / "site/2023/5-improvement.html").unlink(),
    "site_more_page": lambda portal: shutil.copy(portal / "site/2023/full.html", portal / "site/2023/more.html"),
    "site_picture": lambda portal: (portal / "site/images/共用.png").write_bytes(OTHER),
    "site_excel": lambda portal: repacked(
        downloads(portal) / "slqcgj-2023.xlsx", "xl/worksheets/sheet1.xml", "<v>5217</v>", "<v>5218</v>"
    ),
    "site_excel_label": lambda portal: repacked(
        downloads(portal) / "slqcgj-2023.xlsx", "xl/sharedStrings.xml", "<t>行政处罚</t>", "<t>行政强制</t>"
    ),
    "site_word": lambda portal: repacked(
        downloads(portal) / "slqcgj-2023.docx", "word/document.xml", "甲段先说。", "丁段先说。"
    ),
    "site_word_figure": lambda portal: repacked(
        downloads(portal) / "slqcgj-2023.docx", "word/document.xml", ">5217<", ">5218<"
    ),
    "site_pdf": lambda portal: shutil.copy(
        downloads(portal, 2022) / "slqcgj-2022.pdf", downloads(portal) / "slqcgj-2023.pdf"
    ),
    "site_no_word": lambda portal: (downloads(portal) / "slqcgj-2023.docx").unlink(),
    "site_record_short": shorten,
    "site_rewritten": rewritten_site,
    "site_change": lambda portal: edit(portal / "site/2023/4-review.html", ">持平<", ">增加<"),
    "no_standing": lambda portal: each((portal / "site").glob("*/downloads/*-record.json"), Path.unlink),
    "line_ends": lambda portal: each((portal / "docs/2023").glob("*.md"), crlf),
    "record_line_ends": lambda portal: each((portal / "data/published").iterdir(), crlf),
}


def checked(portal: Path) -> list[str]:
    """Return all errors that `nianbao check` tells of *portal*."""
    project = project_in(portal)
    dataset = read_dataset(project.root, project.data)
    judged = judge_dataset(dataset, project, published_changes(project.data, project.docs, dataset))
    found = {*dataset.findings, *judged.mistakes, *judged.checked.errors()}
    return [str(finding) for finding in sorted(found)]


def compared(portal: Path, folder: Path) -> list[str]:
    """Return what a build tells that finds the records of its new site unlike those of the site that stands."""
    project = project_in(portal)
    dataset = read_dataset(project.root, project.data)
    assert dataset.agency is not None
    for year, report in dataset.reports.items():
        if report.status == "draft":
            continue
        place = folder / str(year) / "downloads"
        place.mkdir(parents=True)
        (place.parent / "index.html").write_text("", encoding="utf-8")
        if claimed(report):
            name = f"{dataset.agency.id}-{year}-record.json"
            (place / name).write_bytes(site_record(dataset.agency.id, report, project.data))
    return [str(finding) for finding in taken_away_or_altered(portal / "site", folder, today())]


def proved(portal: Path, published: Path) -> list[str]:
    """Return what `nianbao verify` tells of the site of *portal* by its own records and that of the superior."""
    kept = read_site_record((downloads(published, 2024) / "slqcgj-2024-record.json").read_bytes())
    return [str(finding) for finding in prove(open_source(portal / "site"), kept).findings]


@pytest.mark.parametrize("way", ways(), ids=lambda way: str(way.name))
def test_each_way_is_told_or_named(
    way: Way, portal: Path, published: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """What is told is told by who is to tell it, in just these words; what nobody tells is silent everywhere."""
    site = any(change["file"].startswith("site/") for change in way.edits) or any(
        name.startswith("site_") for name in way.actions
    )
    if site or "no_standing" in way.actions:
        shutil.copytree(published / "site", portal / "site")
    else:
        (portal / "site").symlink_to(published / "site")
    way.carry_out(portal)
    told = checked(portal)
    who = "check"
    if not told:
        who, told = "build", compared(portal, tmp_path / "new")
    if not told and site:
        who, told = "verify", proved(portal, published)
    if not told:
        who = way.told if way.told in {"nobody", "same"} else "nobody"
    said = "".join(f"{line.replace(str(portal), '…')}\n" for line in told)
    if request.config.getoption("--rewrite-golden"):
        accept(way, said)
    else:
        assert said == way.messages
    assert who == way.told
    assert bool(way.guide) is (way.told == "nobody")


def accept(way: Way, said: str) -> None:
    """Write *said* in the place of the messages of *way*."""
    lines = WAYS.read_text(encoding="utf-8").split("\n")
    lines[way.line : way.line + way.messages.count("\n")] = [f"    {line}" for line in said.splitlines()]
    WAYS.write_text("\n".join(lines), encoding="utf-8")


def test_nothing_is_told_where_nothing_was_changed(portal: Path, published: Path, tmp_path: Path) -> None:
    """The portal and its site are what was published."""
    (portal / "site").symlink_to(published / "site")
    assert checked(portal) == []
    assert compared(portal, tmp_path / "new") == []
    assert proved(portal, published) == []


def test_there_are_ways_of_each_kind() -> None:
    """Each kind of what was tried has some, no two have one name."""
    found = ways()
    assert len({way.name for way in found}) == len(found)
    kinds = {way.kind for way in found}
    assert kinds == {
        *("文字", "文字相同，意思不同", "标题和位置", "画出的内容", "表样", "数据", "记录"),
        *("网站上的文件", "程序和设置", "读者看不出的"),
    }
