"""What is kept of a year is given back as long as its sources are the same, those that were read on the way too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.cache.kept import Kept, sources_of, stamps_of

if TYPE_CHECKING:
    from pathlib import Path


class Portal:
    """A portal of two years in *folder*, built again and again: the value of 2024 reads 2023, or not."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kept = Kept()
        self.made = 0
        for file in ("data/2023.yml", "data/2024.yml", "data/agency.yml", "docs/2024/a.md", "docs/index.md"):
            self.write(file, "a")
        self.write("mkdocs.yml", "a")

    def write(self, file: str, text: str) -> None:
        """Let *file* say *text*."""
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def build(self, *, reads: bool = False, meanwhile: str = "", more: str = "") -> int:
        """Build, and return how many times the value has been made by then; *meanwhile* a file is written."""
        where = self.folder / "mkdocs.yml", self.folder / "data", self.folder / "docs"
        self.kept.begin(sources_of(*where))
        self.kept.beside(more)
        reports = self.kept.noted({2023: "report"})

        def make() -> str:
            self.made += 1
            return reports[2023] if reads else "nothing"

        self.kept.value("text", 2024, make)
        if meanwhile:
            self.write(meanwhile, "meanwhile")
        self.kept.end(stamps_of(*where))
        return self.made


def test_a_year_is_worked_out_again_only_where_its_sources_have_changed(tmp_path: Path) -> None:
    """Its data, its pages, whatever belongs to no year, and what else is named; no year that it has not read."""
    portal = Portal(tmp_path)
    assert (portal.build(), portal.build()) == (1, 1)
    portal.write("data/2023.yml", "b")
    assert portal.build() == 1
    for count, file in enumerate(
        ("data/2024.yml", "docs/2024/a.md", "data/agency.yml", "docs/index.md", "mkdocs.yml"), 2
    ):
        portal.write(file, "b")
        assert (portal.build(), portal.build()) == (count, count), file
    portal.write("docs/2024/new.png", "")
    assert portal.build() == 7
    assert portal.build(more="the next day") == 8


def test_years_that_are_read_count(tmp_path: Path) -> None:
    """What is read on the way is noted where it is read; nobody has to say so."""
    portal = Portal(tmp_path)
    assert portal.build(reads=True) == 1
    portal.write("data/2023.yml", "b")
    assert (portal.build(reads=True), portal.build(reads=True)) == (2, 2)


def test_what_is_made_while_files_are_written_is_not_kept(tmp_path: Path) -> None:
    """It may hold what the file said meanwhile, though the file is as before by the next build."""
    portal = Portal(tmp_path)
    assert portal.build(meanwhile="data/2024.yml") == 1
    portal.write("data/2024.yml", "a")
    assert portal.build() == 2
