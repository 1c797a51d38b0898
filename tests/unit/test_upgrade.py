"""A portal as version 0.1.0 made it, brought to this version: its frozen year holds, and nothing of its own is lost."""

from __future__ import annotations

import hashlib
import re
import shutil
from typing import TYPE_CHECKING

import pytest
from building import ROOT
from nianbao.command.upgrade import upgrade
from nianbao.lifecycle.record import decoded
from nianbao.lifecycle.snapshot import digest
from nianbao.model.dataset import read_dataset
from nianbao.model.project import project_at
from nianbao.upgrading import upgrading
from nianbao.upgrading.old_settings import is_old, new_settings
from nianbao.upgrading.old_totals import totals_in_tables
from projects import changed, edit, everything, findings, run

if TYPE_CHECKING:
    from pathlib import Path

OLD = ROOT / "tests" / "portals" / "0.1.0"

SETTINGS = """\
# 网站配置。数字在 data/，文字在 docs/，本文件平时不用改。
# 0.1.0 版的样子，合成示例。
site_name: 政府信息公开年报
site_url: https://www.example.org/nianbao/   # 部署后的网址

theme:
  name: material
  favicon: assets/images/favicon.png   # 本机关的图标

plugins:
  - search
  - macros
  - nianbao:
      notice: "本站是合成示例：机构、数字和文字均为虚构。"

markdown_extensions:
  - footnotes                  # 脚注

extra:
  own: 本机关自己的设置       # 留着
"""


@pytest.fixture
def portal(tmp_path: Path) -> Path:
    """Return a copy of the old portal."""
    return shutil.copytree(OLD, tmp_path / "portal")


def test_what_the_program_sets_goes_and_the_rest_stays(portal: Path) -> None:
    """The settings are short, with the portal's own and their comments; data files name the new schemas."""
    done = run(upgrade, project=portal)
    assert done.code == 0, done.printed
    assert (portal / "mkdocs.yml").read_text(encoding="utf-8") == SETTINGS
    for name, schema in (("2019", "2019"), ("agency", "agency")):
        old = (OLD / "data" / f"{name}.yml").read_text(encoding="utf-8").split("\n", 1)
        new = (portal / "data" / f"{name}.yml").read_text(encoding="utf-8").split("\n", 1)
        first = f"# yaml-language-server: $schema=../.cache/nianbao/schemas/{schema}.json"
        assert [new[0], unnamed(new[1])] == [first, unnamed(totals_in_tables(old[1]))]
        assert (portal / "data" / new[0].partition("=")[2]).is_file()
        assert "printed:" not in new[1]
    kept = {name for name in everything(portal) if not name.startswith(".cache/")}
    gone = {"data/formats/2019.yml", "data/schemas/agency.json"}
    assert kept == set(everything(OLD)) - gone
    assert not (portal / "data" / "formats").exists()
    for name in (*gone, "mkdocs.yml", "data/2019.yml"):
        assert f"  {name}：" in done.printed


def unnamed(text: str) -> str:
    """Return the *text* of a data file without what its digest is."""
    return re.sub(r"^digest: [0-9a-f]{64} ", "digest: ", text, flags=re.MULTILINE)


def test_a_frozen_year_that_is_not_upgraded_holds(portal: Path) -> None:
    """A record of the kind of 0.1.0 is read as it is, and what it knows is held to."""
    edit_settings(portal)
    old = (OLD / "data/published/2019-1.json").read_bytes()
    assert (portal / "data/published/2019-1.json").read_bytes() == old
    assert changed(portal, 2019) == []
    edit(portal / "docs/2019/6-other.md", "。", "，。")
    assert changed(portal, 2019)


def edit_settings(portal: Path) -> None:
    """Bring all files but the records to this version."""
    upgrading.carry_out(portal, upgrading.plan(portal))


def test_the_record_of_a_frozen_year_is_renewed_with_the_old_one_inside(portal: Path) -> None:
    """The new record holds the old one to the letter, the data file names the new one, the number is told."""
    old = (OLD / "data/published/2019-1.json").read_bytes()
    done = run(upgrade, project=portal)
    assert (
        "2019 年定稿的记录换成了这一版的，原来的记录保留在里面：data/2019.yml、data/published/2019-1.json。"
        in done.printed
    )
    content = (portal / "data/published/2019-1.json").read_bytes()
    record = decoded(content)
    assert record.earlier.encode() == old
    assert record.replaced == hashlib.sha256(old).hexdigest()
    assert record.report.labels
    assert record.number
    assert f"digest: {digest(content)} #" in (portal / "data/2019.yml").read_text(encoding="utf-8")


def test_a_report_that_is_not_what_was_recorded_keeps_its_record(portal: Path) -> None:
    """Nothing is recorded anew over a change."""
    edit(portal / "docs/2019/6-other.md", "。", "，。")
    done = run(upgrade, project=portal)
    assert done.code == 0
    assert "2019 年定稿的记录没有换成这一版的，仍照原来的核对（内容与记录的不一致）" in done.printed
    assert (portal / "data/published/2019-1.json").read_bytes() == (OLD / "data/published/2019-1.json").read_bytes()
    assert len(changed(portal, 2019)) == 1


def test_a_renewal_that_was_killed_is_done_again(portal: Path) -> None:
    """The record is in its place, the data file names the old one still: that is inside, and holds."""
    assert run(upgrade, project=portal).code == 0
    after = everything(portal)
    new = digest(after["data/published/2019-1.json"])
    edit(portal / "data/2019.yml", new, hashlib.sha256((OLD / "data/published/2019-1.json").read_bytes()).hexdigest())
    assert changed(portal, 2019) == []
    assert "换成了这一版的" in run(upgrade, project=portal).printed
    assert everything(portal) == after


def test_a_renewed_record_does_not_contradict_the_old_one(portal: Path) -> None:
    """Whoever rewrites the new part and names it is told by the part that stayed."""
    assert run(upgrade, project=portal).code == 0
    path = portal / "data/published/2019-1.json"
    content = path.read_bytes()
    cells = decoded(content).report.cells
    address = next(address for address, text in cells.items() if text == "0")
    forged = content.replace(f'"{address}": "0"'.encode(), f'"{address}": "9"'.encode())
    assert forged != content
    path.write_bytes(forged)
    edit(portal / "data/2019.yml", digest(content), digest(forged))
    (told,) = changed(portal, 2019)
    assert "data/published/2019-1.json 与它所换下的早先的记录不一致，已经被改写；请从版本库恢复" in told


def test_the_frozen_year_holds(portal: Path) -> None:
    """What was published is what it was, and a change of it is still told."""
    assert run(upgrade, project=portal).code == 0
    assert read_dataset(portal, portal / "data").reports[2019].digest
    assert changed(portal, 2019) == []
    assert [finding for finding in findings(portal, 2019) if finding.level == "error"] == []
    edit(portal / "docs/2019/6-other.md", "。", "，。")
    assert changed(portal, 2019)


def test_the_second_time_there_is_nothing_to_do(portal: Path) -> None:
    """An upgraded portal stays as it is."""
    assert run(upgrade, project=portal).code == 0
    before = everything(portal)
    done = run(upgrade, project=portal)
    assert (done.code, done.printed) == (0, "已经是这一版的写法，没有要改的文件。\n")
    assert everything(portal) == before


def test_a_dry_run_shows_and_writes_nothing(portal: Path) -> None:
    """What would be done is shown line by line; no file is touched, none is made."""
    done = run(upgrade, "--dry-run", project=portal)
    assert done.code == 0
    assert "    -use_directory_urls: false" in done.printed
    assert "    +  - nianbao:" in done.printed
    assert everything(portal) == everything(OLD)


def test_what_was_changed_is_told_and_not_removed(portal: Path) -> None:
    """Forms that a portal has changed, and the program of an old clone, are left to people."""
    edit(portal / "data/formats/2019.yml", "basis:", "basis: ")
    (portal / "macros").mkdir()
    (portal / "macros/hooks.py").write_text("", encoding="utf-8")
    (portal / "theme").mkdir()
    done = run(upgrade, project=portal)
    assert done.code == 0
    assert (portal / "data/formats/2019.yml").is_file()
    assert "data/formats/2019.yml 与 0.1.0 版带来的不同，没有删去：仍要用的移到 data/forms/2019.yml" in done.printed
    assert (portal / "macros/hooks.py").is_file()
    assert "macros、theme 是 0.1.0 版的程序，没有删去" in done.printed


def test_a_form_of_its_own_goes_on_where_it_was_moved(portal: Path) -> None:
    """The advice works: the moved form is read in place of the program's."""
    (portal / "data/forms").mkdir()
    (portal / "data/formats/2019.yml").rename(portal / "data/forms/2019.yml")
    assert run(upgrade, project=portal).code == 0
    assert read_dataset(portal, portal / "data").forms[2019].sections
    assert changed(portal, 2019) == []


INHERITED = """\
# 合成示例。
INHERIT: ../mkdocs.yml

site_name: 示例

hooks:
  - ../macros/hooks.py

watch: [data, ../macros, ../theme, ../data/formats, other]

extra: {formats: ../data/formats, notice: "一: 二", data: figures, own: 1}
"""


def test_an_inherited_file_stands_alone() -> None:
    """What was inherited is said by the plugin; lists in a line keep what is not ours."""
    new = new_settings(INHERITED)
    assert new == (
        "# 合成示例。\n\nsite_name: 示例\n\nwatch: [other]\n\nextra: {own: 1}\n"
        "theme:\n  name: material\nplugins:\n  - search\n  - macros\n"
        '  - nianbao:\n      data: "figures"\n      notice: "一: 二"\n'
    )
    assert not is_old(new)


@pytest.mark.parametrize(
    "text",
    [
        "site_name: x\n",
        "site_name: x\nplugins: [search, macros]\nhooks: [own.py]\n",
        "- a\n",
        "{",
        "",
        SETTINGS,
    ],
)
def test_other_files_stay(text: str) -> None:
    """What is not of version 0.1.0 is not touched."""
    assert new_settings(text) == text


def test_a_folder_without_a_portal_is_refused(tmp_path: Path) -> None:
    """Without mkdocs.yml there is nothing to upgrade."""
    done = run(upgrade, project=tmp_path)
    assert done.code == 2
    assert "mkdocs.yml" in done.printed


def test_the_old_portal_is_told_what_to_run(portal: Path) -> None:
    """Before the upgrade what is found names the command."""
    (plugin, *_) = [finding for finding in findings_of_settings(portal) if "缺少" in finding]
    assert "0.1.0 版的项目请运行 nianbao upgrade" in plugin


def findings_of_settings(project: Path) -> list[str]:
    """Return what is found in mkdocs.yml."""
    configuration = project_at(project).configuration
    assert configuration is not None
    return list(map(str, configuration.unfit))
