"""What was typed wrong once, and what was told wrong: each input of ``truth.yml`` gives what it must."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import yaml
from building import ROOT
from markupsafe import Markup
from nianbao.comparison.series import Line, Years
from nianbao.model.dataset import read_dataset
from nianbao.pages.lists import item_list, key_figures
from nianbao.picture.model import year_picture
from nianbao.prose.reading import PageReader
from nianbao.rules.checking import check
from nianbao.rules.macros import exception_line
from nianbao.tables.notes import note_texts
from slipping import with_totals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.report import Report
    from nianbao.rules.checking import Checked

YEAR = 2024
TRUTH = Path(__file__).with_name("truth.yml")
# Where words are put into a page of the report of 2024.
OVERVIEW = "docs/2024/1-overview.md", "两次提醒制度运行正常"
REVIEW = "docs/2024/4-review.md", "复议后起诉的案件中"
ITEMS = re.compile(r"^items:\n(?:[ #].*\n)+", re.MULTILINE)
# That a figure was typed is told of every one here, and that a published year was changed.
BESIDE = ("X-09", "P-03")


class Edit(NamedTuple):
    """A change of a *file*: from *old* to *new*, or the *whole* of it, or its *items*."""

    file: str
    old: str = ""
    new: str = ""
    whole: str = ""
    items: str = ""

    def applied(self, text: str) -> str:
        """Return *text* with the change."""
        if self.whole:
            return self.whole
        if self.items:
            changed, count = ITEMS.subn(self.items, text)
            assert count == 1
            return changed
        assert text.count(self.old) == 1, f"{self.file} has no single {self.old!r}"
        return text.replace(self.old, self.new)


@dataclass(frozen=True, kw_only=True)
class Row:
    """An input, and what must come of it; see ``truth.yml``."""

    id: str
    edits: tuple[Edit, ...] = ()
    tells: tuple[str, ...] = ()
    because: tuple[str, ...] = ()
    shows: tuple[str, ...] = ()
    hides: tuple[str, ...] = ()
    scope: str = "own"
    totals: bool = False
    about: str = ""

    @property
    def years(self) -> set[int]:
        """The reports that are changed, and those after them, which look back."""
        touched = {int(year) for edit in self.edits for year in re.findall(r"20[0-9]{2}", edit.file)}
        return touched | {year + 1 for year in touched}


def rows() -> Iterator[Row]:
    """Yield the rows of ``truth.yml``."""
    for row in yaml.safe_load(TRUTH.read_text(encoding="utf-8")):
        edits = [Edit(**edit) for edit in row.pop("edits", ())]
        for name, (file, before) in (("overview", OVERVIEW), ("review", REVIEW)):
            words = row.pop(name, "")
            edits += [Edit(file, before, words + before)] if words else []
        values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
        yield Row(edits=tuple(edits), **values)


class Found(NamedTuple):
    """What is found in some years, and what the public reads of each."""

    lines: dict[str, str]
    public: dict[int, str]


def found(folder: Path, row: Row) -> Found:
    """Return what the rules find in the years of *row*, rule and level by place and message, and what is published."""
    dataset = read_dataset(folder, folder / "data")
    assert not dataset.findings, dataset.findings
    assert dataset.agency is not None
    dataset = replace(dataset, agency=replace(dataset.agency, scope=row.scope))
    reader = PageReader(dataset, folder, folder / "data", folder / "docs")
    years = row.years & set(dataset.reports)
    wanted = {year + step for year in years for step in (-1, 0)} & set(dataset.reports)
    texts = {year: text for year in wanted if (text := reader.year(dataset.reports[year])) is not None}
    checked = check(dataset, texts, years=years)
    lines = {str(finding): f"{finding.rule} {finding.level}" for finding in checked.findings()}
    together = Years.of(*dataset.reports.values(), forms=dataset.forms)
    series = together.series(Line(addresses=("review.reconsideration",)))
    notes = series.notes if series is not None else ()
    public = {year: "\n".join((*shown(dataset.reports[year], checked), *notes)) for year in years}
    return Found({line: told for line, told in lines.items() if not told.startswith(BESIDE)}, public)


def shown(report: Report, checked: Checked) -> Iterator[str]:
    """Yield what pages show of a report beside its own words and tables."""
    for table in report.form.tables:
        yield from note_texts(table, report.cells[table.id])
    yield Markup(key_figures(report)).striptags()  # noqa: S704  # read, not shown
    yield Markup(item_list(report)).striptags()  # noqa: S704  # likewise
    picture = year_picture(report, None, {report.form.format: report.form})
    yield from (picture.items, *picture.sentences)
    for result in checked.results[report.year]:
        yield from (exception_line(report.year, one.finding, "") for one in result.waived)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """Return the examples as they are, and with the totals of 2024 typed as well."""
    folders = {}
    for totals in (False, True):
        folder = folders[totals] = tmp_path_factory.mktemp("plain")
        for part in ("data", "docs"):
            shutil.copytree(ROOT / "examples" / part, folder / part)
        if totals:
            (folder / "data" / f"{YEAR}.yml").write_text(with_totals(folder, YEAR), encoding="utf-8")
    return folders


@pytest.mark.parametrize("row", list(rows()), ids=lambda row: row.id)
def test_an_input_gives_what_it_must(row: Row, plain: dict[bool, Path], tmp_path: Path) -> None:
    """Just these rules find more than in the examples as they are, for this reason, and this is published."""
    folder = tmp_path / "edited"
    shutil.copytree(plain[row.totals], folder)
    for edit in row.edits:
        path = folder / edit.file
        path.write_text(edit.applied(path.read_text(encoding="utf-8")), encoding="utf-8")
    before, after = found(plain[row.totals], row), found(folder, row)
    new = {line: told for line, told in after.lines.items() if line not in before.lines}
    assert sorted(new.values()) == sorted(row.tells), "\n".join(new)
    assert not [words for words in row.because if not any(words in line for line in new)]
    public = after.public[min(row.years)]
    assert not [words for words in row.shows if words not in public]
    assert not [words for words in row.hides if words in public]
