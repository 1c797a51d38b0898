"""What is kept between builds is what would be worked out afresh, whatever has been edited in between."""

from __future__ import annotations

import hashlib
import os
import random
import re
import shutil
import subprocess
import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from building import ROOT
from nianbao.cache.cache import Cache, canonical
from nianbao.cache.noting import NotedReports
from nianbao.cache.yearly import open_yearly
from nianbao.command.freeze import freeze
from nianbao.documents.document import read_document
from nianbao.documents.fonts import find_fonts
from nianbao.exports.formats import Material
from nianbao.lifecycle.changes import published_changes
from nianbao.model.dataset import read_dataset
from nianbao.model.project import Project
from nianbao.pages.session import Session, UnavailableError
from nianbao.rules.cached import judge_cached
from nianbao.rules.judging import judge_dataset
from projects import edit, example_project, run

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from nianbao.rules.checking import Result


def project_in(project: Path) -> Project:
    """Return the project of *project*; messages name files alike wherever it is copied to."""
    root = project.parent
    return Project(root=root, data=project / "data", docs=project / "docs", formats=root / "data" / "formats")


class Confirmed:
    """A *project* with what is kept of it in *folder*."""

    def __init__(self, project: Path, folder: Path) -> None:
        self.project = project
        self.folder = folder
        self.made: set[str] = set()

    def compare(self) -> dict[int, tuple[Result, ...]]:
        """Return the results kept or made of the project as it stands, after comparing them with fresh ones."""
        opened = project_in(self.project)
        dataset = read_dataset(opened.root, opened.data, opened.formats)
        changes = published_changes(opened.data, opened.docs)
        session = Session(
            dataset=dataset, root=opened.root, data=opened.data, docs=opened.docs, drafts=True, page=lambda: "index.md"
        )
        before = self.entries()
        kept = judge_cached(open_yearly(session), opened, changes, Cache(self.folder / "results"))
        self.made = self.entries() - before
        fresh = judge_dataset(dataset, opened, changes).checked
        assert dict(kept.results) == dict(fresh.results)
        cache = Cache(self.folder / "words")
        for report in dataset.reports.values():
            material = Material(session=session, agency="a", report=report, cache=cache, fonts=find_fonts)
            try:
                expected = hashlib.sha256(canonical(read_document(session, report))).hexdigest()
            except UnavailableError:
                with pytest.raises(UnavailableError):
                    _ = material.words
            else:
                assert material.words == expected
        return dict(fresh.results)

    def entries(self) -> set[str]:
        """Return the names of the results that are kept."""
        return {path.name for path in (self.folder / "results").glob("*")}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the example with 2024 frozen and an annex, and with what is kept of it."""
    folder = tmp_path_factory.mktemp("first")
    project = example_project(folder)
    (project / "docs/2024/annex.txt").write_text("附件\n", encoding="utf-8")
    assert run(freeze, "2024", "--published", "2025-01-21", project=project).code == 0
    Confirmed(project, folder / "kept").compare()
    return folder


@pytest.fixture
def kept(first: Path, tmp_path: Path) -> Confirmed:
    """Return a copy of the example with what is kept of it."""
    shutil.copytree(first, tmp_path, dirs_exist_ok=True)
    return Confirmed(tmp_path / "examples", tmp_path / "kept")


ALL = frozenset(range(2019, 2026))

# Each kind of source: a file, what is replaced in it by what, and the years that are judged anew. Pages tell figures
# of the year before, and a year is compared with the pages of the one before: data reach two years on.
EDITS: dict[str, tuple[str, str, str, Collection[int]]] = {
    "a fee": ("data/2023.yml", "processing_fee: 0", "processing_fee: 7", {2023, 2024, 2025}),
    "a figure": ("data/2022.yml", "normative_documents:    [1,", "normative_documents:    [2,", {2022, 2023, 2024}),
    "a comment above the items": ("data/2024.yml", "items:", "# 说明\nitems:", {2024, 2025}),
    "data at fault": ("data/2021.yml", "year: 2021", "year: 2012", ALL - {2021}),
    "a page": ("docs/2022/6-other.md", "。", "，。", {2022, 2023}),
    "an annex": ("docs/2024/annex.txt", "附件", "附录", {2024, 2025}),
    "a snapshot": ("data/published/2024-1.json", "2024", "2023", {2024, 2025}),
    "the agency": ("data/agency.yml", "示例路1号", "示例路2号", ALL),
    "its powers": ("data/agency.yml", "kind: department", "powers: [regulations]\nkind: department", ALL),
    "the profile": ("data/profile.yml", "similarity: 80", "similarity: 1", ALL),
    "the form": ("../data/formats/2021.yml", "format: 2021", "format: 2021 # 说明", ()),
    "the words of the form": ("../data/formats/2021.yml", "存在的主要问题", "存在的问题", ALL),
}


@pytest.mark.parametrize("kind", EDITS)
def test_every_kind_of_source_counts(kept: Confirmed, kind: str) -> None:
    """After an edit the kept results are those of a fresh judgement, and no more was judged than depends on it."""
    file, old, new, years = EDITS[kind]
    edit(kept.project / file, old, new)
    kept.compare()
    assert len(kept.made) == len(years)


def test_nothing_is_judged_again_where_nothing_changed(kept: Confirmed) -> None:
    """Results that were kept serve all years."""
    assert set(kept.compare()) == ALL
    assert kept.made == set()


def test_files_may_come_and_go(kept: Confirmed) -> None:
    """A page, a snapshot and a year that are gone, and a year that is new though at fault, count as edits."""
    (kept.project / "docs/2022/6-other.md").unlink()
    (kept.project / "data/published/2024-1.json").unlink()
    kept.compare()
    assert len(kept.made) == len({2022, 2023, 2024, 2025})
    (kept.project / "data/2025.yml").unlink()
    earlier = (kept.project / "data/2019.yml").read_text(encoding="utf-8").replace("year: 2019", "year: 2018")
    (kept.project / "data/2018.yml").write_text(earlier, encoding="utf-8")
    assert set(kept.compare()) == ALL - {2025}
    assert len(kept.made) == len(ALL) - 1


def test_a_page_may_look_at_any_year(kept: Confirmed) -> None:
    """A figure of three years before changes what the page is judged to say."""
    page = kept.project / "docs/2024/6-other.md"
    text = page.read_text(encoding="utf-8")
    page.write_text(
        f'{text}\n三年前受理{{{{ figure("requests.received.natural_person", -3) }}}}件。\n', encoding="utf-8"
    )
    kept.compare()
    data = kept.project / "data/2021.yml"
    found = re.search(r"received:\s*\[(\d+),", data.read_text(encoding="utf-8"))
    assert found is not None
    edit(data, found.group(), f"received: [{int(found[1]) + 1},")
    kept.compare()
    assert len(kept.made) == len({2021, 2022, 2023, 2024, 2025})


def test_what_pages_take_in_is_not_kept(kept: Confirmed) -> None:
    """A page that takes in a file from elsewhere is judged each time."""
    edit(kept.project / "docs/2022/6-other.md", "# ", "{% include 'more.md' %}\n\n# ")
    for words in ("另有一事，。", "另有两事。"):
        (kept.project / "more.md").write_text(words, encoding="utf-8")
        kept.compare()


def test_edits_at_random_one_after_another(kept: Confirmed) -> None:
    """Lines of data and pages deleted, repeated, swapped or with other digits never lead to a wrong result."""
    chance = random.Random(20240101)  # noqa: S311  # the same edits each time
    results = [kept.compare()]
    for _ in range(12):
        pattern = chance.choice(["data/*.yml", "docs/20*/*.md", "data/published/*"])
        path = chance.choice(sorted(kept.project.glob(pattern)))
        text = path.read_text(encoding="utf-8")
        lines = text.split("\n")
        number = chance.choice([number for number, line in enumerate(lines) if re.match(r"\s*[^\s#]", line)])
        match chance.randrange(4):
            case 0:
                del lines[number]
            case 1:
                lines.insert(number, lines[number])
            case 2:
                lines[number] = re.sub("[0-9]", lambda digit: str(9 - int(digit.group())), lines[number])
            case 3:
                lines[number], lines[-1] = lines[-1], lines[number]
        path.write_text("\n".join(lines), encoding="utf-8")
        results.append(kept.compare())
        if not results[-1]:  # Nothing can be judged any more, whatever else is edited.
            path.write_text(text, encoding="utf-8")
    assert sum(old != new for old, new in pairwise(results)) > 4


def test_another_program_finds_nothing(tmp_path: Path) -> None:
    """What one version of the program has kept is not used by another."""
    shutil.copytree(ROOT / "macros/nianbao", tmp_path / "nianbao", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "nianbao/__init__.py").write_text("", encoding="utf-8")

    def found() -> str:
        code = (
            "from pathlib import Path; from nianbao.cache.cache import Cache; cache = Cache(Path('kept'));"
            "print(cache.find('a', 1)); cache.keep('a', 1, b'x')"
        )
        environment = os.environ | {"PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True, check=True
        )
        return done.stdout.strip()

    assert [found(), found()] == ["None", "b'x'"]
    edit(tmp_path / "nianbao/rules/quality.py", '"""', '"""Other: ')
    assert found() == "None"


def test_reports_that_are_looked_at_are_noted(kept: Confirmed) -> None:
    """Every way to a report is noted, also that to one which is not there; to count or list them is none."""
    opened = project_in(kept.project)
    reports = read_dataset(opened.root, opened.data, opened.formats).reports
    noted = NotedReports(reports)
    assert (list(noted), len(noted), 2020 in noted) == (list(reports), len(reports), True)
    assert noted.asked == set()
    assert noted.get(1999) is None
    assert noted[2020] is reports[2020]
    assert noted.asked == {1999, 2020}
    assert list(noted.values()) == list(reports.values())
    assert noted.asked == {1999, *reports}
