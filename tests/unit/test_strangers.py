"""Names of other bodies in what belongs to no year: the settings, and pages beside the years."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from building import copy_project
from nianbao.command.judging import check_project
from nianbao.model.project import project_at
from projects import edit

if TYPE_CHECKING:
    from pathlib import Path

OTHER = "示例市示例区城市管理局"

PLACES = {
    "description": (
        "mkdocs.yml",
        "site_name:",
        f"site_description: {OTHER}（原名）政府信息公开工作年度报告\nsite_name:",
        "mkdocs.yml:2:19",
    ),
    "title": ("mkdocs.yml", "site_name: ", f"site_name: {OTHER}", "mkdocs.yml:2:12"),
    "notice": (
        "mkdocs.yml",
        "  - nianbao\n",
        f"  - nianbao: {{notice: {OTHER}政府信息公开年报。}}\n",
        "mkdocs.yml:11:23",
    ),
    "front matter": (
        "docs/compare.md",
        "title: 历年比较",
        f"title: 历年比较\ndescription: {OTHER}政府信息公开工作年度报告的比较",
        "docs/compare.md:3:14",
    ),
    "page": (
        "docs/index.md",
        "{{ agency() }}按照《中华人民共和国政府信息公开条例》",
        f"现公布{OTHER}2023年政府信息公开工作年度报告。\n{{{{ agency() }}}}按照《中华人民共和国政府信息公开条例》",
        "docs/index.md:7:4",
    ),
    "leadership": (
        "docs/check.md",
        "本站公布的每份报告",
        "在示例市示例区人民政府的领导下，本站公布的每份报告",
        "docs/check.md:7:2",
    ),
}


@pytest.fixture
def portal(tmp_path: Path) -> Path:
    """Return a copy of the real portal."""
    return copy_project(tmp_path)


def told(portal: Path) -> list[str]:
    """Return where other bodies are named, outside the years."""
    found = check_project(project_at(portal)).findings
    return [str(finding.place) for finding in found if finding.rule == "Q-03" and finding.level == "error"]


def test_both_portals_name_their_own_bodies(portal: Path) -> None:
    """Nothing is found where nothing is strange."""
    assert told(portal) == []
    assert told(portal / "examples") == []


@pytest.mark.parametrize("where", PLACES)
def test_another_body_is_told_at_its_place(portal: Path, where: str) -> None:
    """Wherever another body is left, it is told with line and column, and keeps the site from being published."""
    file, old, new, place = PLACES[where]
    edit(portal / file, old, new)
    assert told(portal) == [place]


def test_where_the_place_is_not_known_nothing_is_sure(portal: Path) -> None:
    """A body whose own county and city are not recorded may name any."""
    edit(portal / "data/agency.yml", "superior: 武昌区人民政府\nregion: 武汉市\n", "")
    edit(portal / "data/agency.yml", "武昌区社会管理网格化服务中心", "网格化服务中心")
    edit(portal / "data/agency.yml", "武昌区城市运行管理中心", "城市运行管理中心")
    edit(portal / "mkdocs.yml", "site_name: ", f"site_name: {OTHER}")
    assert [place for place in told(portal) if place.startswith("mkdocs.yml")] == []
