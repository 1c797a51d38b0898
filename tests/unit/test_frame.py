"""The declaration of the portal's frame: what is wrong with it is told at its place, and its policy is exact."""

from __future__ import annotations

import datetime as dt
import shutil
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from building import ROOT
from nianbao.command.headers import headers
from nianbao.command.judging import check_project
from nianbao.frame.site import frame_facts
from nianbao.lifecycle.site_record import Site
from nianbao.metadata.policy import POLICY, nginx_policy, page_policy
from nianbao.model.dataset import read_dataset
from nianbao.model.project import project_at
from nianbao.publishing.handover import guide_page
from projects import run

if TYPE_CHECKING:
    from pathlib import Path

FRAMED = ROOT / "tests" / "portals" / "framed"


@pytest.fixture
def portal(tmp_path: Path) -> Path:
    """Return a copy of the real portal within a frame."""
    for name in ("data", "docs"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns(".cache"))
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    shutil.copytree(FRAMED, tmp_path / "data", dirs_exist_ok=True)
    return tmp_path


def told(portal: Path) -> list[str]:
    """Return what a check tells of the frame."""
    checked = check_project(project_at(portal))
    return [str(finding) for finding in checked.findings if "frame" in finding.place.file]


def test_a_good_frame_tells_nothing(portal: Path) -> None:
    """The frame of the tests is without fault."""
    assert told(portal) == []


def test_policy_adds_exactly_what_is_declared(portal: Path) -> None:
    """Each directive gains the addresses declared for it; queries, which no policy knows, are left out."""
    frame = read_dataset(portal, portal / "data").frame
    parts = dict(part.split(" ", 1) for part in page_policy(frame).split("; "))
    plain = dict(part.split(" ", 1) for part in POLICY.split("; "))
    assert {name: value for name, value in parts.items() if plain[name] != value} == {
        "script-src": "'self' https://statistics.example/count.js",
        "img-src": "'self' data: https://statistics.example/hit",
        "connect-src": "'self' https://data.statistics.example/",
    }
    assert page_policy(None) == POLICY


def test_the_shipped_policy_is_that_of_a_site_without_a_frame(portal: Path) -> None:
    """The file in deploy/nginx is what the command writes, and so is that of a frame."""
    shipped = (ROOT / "deploy" / "nginx" / "policy.conf").read_text(encoding="utf-8")
    framed = run(headers, "--nginx", project=portal)
    assert framed.printed == nginx_policy(read_dataset(portal, portal / "data").frame)
    assert "https://statistics.example/count.js" in framed.printed
    (portal / "data" / "frame.yml").unlink()
    assert run(headers, "--nginx", project=portal).printed == shipped
    assert "Content-Security-Policy: default-src 'none'" in run(headers, project=portal).printed


def test_the_guide_shows_a_frame_that_is_read(portal: Path) -> None:
    """What the guide of the frame shows as data/frame.yml is without fault beside the files of the tests."""
    guide = (ROOT / "deploy" / "frame" / "README.md").read_text(encoding="utf-8")
    shown = guide.partition("```yaml\n")[2].partition("```")[0]
    (portal / "data" / "frame.yml").write_text(shown, encoding="utf-8")
    assert told(portal) == []
    frame = read_dataset(portal, portal / "data").frame
    assert frame is not None
    assert len(frame.programs) == 2


def test_a_preview_loads_no_program_and_shows_nothing_that_is_refused(portal: Path) -> None:
    """To open a draft is no visit; and what stands in the head is judged before a browser reads it."""
    frame = read_dataset(portal, portal / "data").frame
    assert frame_facts(frame, preview=False)["scripts"] == [
        ["https://statistics.example/count.js?site=3701", ""],
        ["", "assets/frame/care.js"],
    ]
    facts = frame_facts(frame, preview=True)
    assert (facts["scripts"], facts["head"][0][0][:3]) == ([], "<p>")
    (portal / "data" / "frame" / "header.html").write_text("<script>alert(1)</script>", encoding="utf-8")
    facts = frame_facts(read_dataset(portal, portal / "data").frame, preview=True)
    assert (facts["head"], facts["foot"], facts["home"]["name"]) == ([], [], "示例市人民政府")


def test_an_operator_is_told_what_pages_load(portal: Path) -> None:
    """A policy of the platform's own must let it pass; without a frame there is nothing to tell."""
    site = Site(path=portal, built=dt.datetime(2026, 1, 1, tzinfo=dt.UTC), numbers={})
    frame = read_dataset(portal, portal / "data").frame
    told = "、".join(f"https://{source}" for source in ("statistics.example/count.js", "statistics.example/hit"))
    assert f"只有 {told}、https://data.statistics.example/，" in guide_page(site, "甲", 1, frame)
    assert "网页不从其他网站载入任何内容" in guide_page(site, "甲", 1, None)


MISTAKES = yaml.safe_load((ROOT / "tests" / "unit" / "frame_mistakes.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("mistake", MISTAKES, ids=[mistake["name"] for mistake in MISTAKES])
def test_what_is_wrong_is_told_at_its_place(portal: Path, mistake: dict[str, Any]) -> None:
    """Each mistake is told once, where it stands, with what to do."""
    for edit in mistake["edits"]:
        path = portal / "data" / edit["file"]
        text = path.read_text(encoding="utf-8")
        assert text.count(edit["old"]) == 1
        path.write_text(text.replace(edit["old"], edit["new"]), encoding="utf-8")
    assert told(portal) == mistake["messages"].splitlines()
