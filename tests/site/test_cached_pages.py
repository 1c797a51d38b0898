"""A page that is taken from an earlier build is what its macros would make of it now."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from building import copy_project, run
from nianbao.command.correct import correct
from nianbao.command.freeze import freeze
from projects import edit, everything, show_corrections, thawed
from projects import run as command

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

YEARS = frozenset({2019, 2020, 2021})
# The pages of no year, such as the list of reports and the comparison of all of them.
OTHERS = 0
ALL = YEARS | {OTHERS}


class Site:
    """The site of *project*, built again and again."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.folder = project / ".cache/nianbao/pages"

    def compare(self) -> int:
        """Build with what is kept and without it, both alike to the byte; return how many folders were kept anew."""
        before = self._kept()
        taken = self._built()
        new = self._kept() - before
        shutil.rmtree(self.folder, ignore_errors=True)
        assert taken == self._built()
        return len(new)

    def refused(self) -> str:
        """Build, which must fail, and return what is told."""
        result = run("mkdocs", "build", "-q", folder=self.project)
        assert result.code != 0
        return result.printed

    def _kept(self) -> set[str]:
        return {path.name for path in self.folder.glob("*")}

    def _built(self) -> dict[str, bytes]:
        result = run("mkdocs", "build", "-q", folder=self.project)
        assert result.code == 0, result.printed
        return everything(self.project / "site")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """Return the site of the first years of the example, built once; tests edit it one after another."""
    project = thawed(copy_project(tmp_path_factory.mktemp("kept")) / "examples")
    for path in (*project.glob("docs/20*"), *project.glob("data/20*.yml")):
        if int(path.stem) not in YEARS:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    site = Site(project)
    assert site.compare() == len(ALL)
    assert site.compare() == 0
    return site


# Each kind of source: a file, what is replaced in it by what, and the folders that have pages which are rendered anew.
# Pages tell figures of the year before.
EDITS: dict[str, tuple[str, str, str, Collection[int]]] = {
    "a figure": ("data/2020.yml", "processing_fee: ", "processing_fee: 7", {2020, 2021, OTHERS}),
    "a page": ("docs/2020/6-other.md", "。", "，另有说明。", {2020}),
    "a page of no year": ("docs/compare.md", "# ", "#  ", {OTHERS}),
    "the agency": ("data/agency.yml", "示例路1号", "示例路2号", ALL),
    "the profile": ("data/profile.yml", "similarity: 80", "similarity: 90", ALL),
    "the words of the form": (
        "../data/formats/2021.yml",
        "label: 本年制发件数",
        "label: 本年制发的件数",
        ALL,
    ),
    "how macros are written": (
        "mkdocs.yml",
        "\nextra:",
        "\nplugins: {macros: {on_error_fail: true}}\nextra:",
        ALL,
    ),
}


@pytest.mark.parametrize("kind", EDITS)
def test_every_kind_of_source_counts(site: Site, kind: str) -> None:
    """After an edit the site is that of a build from nothing, and no more was rendered than depends on it."""
    file, old, new, folders = EDITS[kind]
    edit(site.project / file, old, new)
    assert site.compare() == len(folders)


def test_what_else_the_engine_offers_is_never_old(site: Site) -> None:
    """A page that shows the name of the site, and the full text that takes it in, follow the configuration."""
    edit(site.project / "docs/2020/5-improvement.md", "。", "（{{ config.site_name }}）。")
    site.compare()
    edit(site.project / "mkdocs.yml", "site_name: 政府", "site_name: 另一个政府")
    site.compare()
    assert "另一个政府" in (site.project / "site/2020/full.html").read_text(encoding="utf-8").partition("<article")[2]


def test_a_file_that_a_page_takes_in_is_never_old(site: Site) -> None:
    """Nothing is kept of a year with a page that takes in a file from elsewhere."""
    (site.project / "docs/more.txt").write_text("另有一事。\n", encoding="utf-8")
    edit(site.project / "docs/2020/6-other.md", "# ", "{% include 'more.txt' %}\n\n# ")
    site.compare()
    (site.project / "docs/more.txt").write_text("另有两事。\n", encoding="utf-8")
    assert site.compare() == 0
    assert "另有两事" in (site.project / "site/2020/6-other.html").read_text(encoding="utf-8")


SAVING = """
from pathlib import Path

def on_files(files, config, **_):
    path = Path(config.docs_dir) / "2020/5-improvement.md"
    path.write_text(path.read_text(encoding="utf-8") + "\\n另外还有一段话。\\n", encoding="utf-8")
"""


def test_a_page_saved_during_a_build_is_old_nowhere(site: Site) -> None:
    """The full text says what its sections say, though one of them was saved while the build was under way."""
    (site.project / "saving.py").write_text(SAVING, encoding="utf-8")
    edit(site.project / "mkdocs.yml", "hooks:\n", "hooks:\n  - saving.py\n")
    result = run("mkdocs", "build", "-q", folder=site.project)
    assert result.code == 0, result.printed
    for page in ("5-improvement", "full"):
        assert "另外还有一段话" in (site.project / f"site/2020/{page}.html").read_text(encoding="utf-8"), page
    edit(site.project / "mkdocs.yml", "hooks:\n  - saving.py\n", "hooks:\n")
    site.compare()


def test_corrections_are_never_old(site: Site) -> None:
    """What was corrected stands on the page after each correction."""
    show_corrections(site.project, 2021)
    assert command(freeze, "2021", "--published", "2022-01-30", project=site.project).code == 0
    site.compare()
    for old, new, reason in (("0", "310", "收费的统计有误。"), ("310", "320", "收费的统计又有误。")):
        edit(site.project / "data/2021.yml", f"processing_fee: {old}", f"processing_fee: {new}")
        assert command(correct, "2021", "--reason", reason, project=site.project).code == 0
        site.compare()
        assert reason in (site.project / "site/2021/index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("{{ year_changes", "{{ yeer_changes", "没有“yeer_changes”这个宏或变量"),
        ('{{ statutory_table("review") }}', '{{ statutory_table("revue") }}', "没有“revue”这张表"),
    ],
)
def test_a_mistake_is_told_as_often_as_it_is_built(site: Site, right: str, wrong: str, told: str) -> None:
    """Pages with mistakes are not kept, nor are those of a build that is refused taken for right ones."""
    page = site.project / "docs/2020/4-review.md"
    edit(page, right, wrong)
    refused = site.refused()
    assert told in refused
    assert site.refused() == refused
    edit(page, wrong, right)
    assert site.compare() <= 1


def test_what_is_kept_may_be_damaged(site: Site) -> None:
    """Files of the cache that are cut off or emptied are done without."""
    site.compare()
    files = everything(site.folder)
    for number, name in enumerate(files):
        (site.folder / name).write_bytes(files[name][:-1] if number % 2 else b"")
    site.compare()
    assert everything(site.folder) == files
