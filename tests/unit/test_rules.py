"""Every rule by its cases: edits to the example reports add exactly the findings that the case names."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
from building import ROOT
from nianbao.model.dataset import read_dataset
from nianbao.prose.reading import PageReader
from nianbao.rules.cases import Example, examples
from nianbao.rules.checking import check
from nianbao.rules.registry import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from nianbao.model.dataset import Dataset

CASES = examples()


def found(root: Path, years: Iterable[int]) -> list[str]:
    """Return all findings of *years* in the portal at *root*, with those of the data files."""
    dataset = read_dataset(root, root / "data", ROOT / "data" / "formats")
    reader = PageReader(dataset, root, root / "data", root / "docs")
    texts = {}
    for year in {year + step for year in years for step in (-1, 0)} & set(dataset.reports):
        text = reader.year(dataset.reports[year])
        if text is not None:
            texts[year] = text
    checked = check(dataset, texts)
    return [str(finding) for finding in (*dataset.findings, *reader.findings, *checked.findings(years))]


BASES = {"examples": ROOT / "examples", "own": ROOT}


@pytest.fixture(scope="module")
def baseline() -> dict[str, list[str]]:
    """Return what is found in the reports as they are."""
    return {name: found(root, range(2019, 2026)) for name, root in BASES.items()}


def applied(case: Example, folder: Path) -> Path:
    """Return a copy of the reports with the edits of *case*."""
    for part in ("data", "docs"):
        shutil.copytree(BASES[case.base] / part, folder / part)
    for edit in case.edits:
        path = folder / edit.file
        text = (folder / (edit.copy or edit.file)).read_text(encoding="utf-8") if edit.old else ""
        assert edit.old in text, f"{edit.file} has no {edit.old!r}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace(edit.old, edit.new, 1), encoding="utf-8")
    return folder


@pytest.mark.parametrize("case", CASES, ids=[f"{case.rule}-{case.about}" for case in CASES])
def test_a_case_adds_just_its_findings(case: Example, baseline: dict[str, list[str]], tmp_path: Path) -> None:
    """The edits of a case add the findings that it names, whole, of its own rule only."""
    touched = {int(year) for edit in case.edits for year in re.findall(r"\b20[0-9]{2}\b", edit.file)}
    years = touched | {year + 1 for year in touched} if touched else range(2019, 2026)
    new = [line for line in found(applied(case, tmp_path), years) if line not in baseline[case.base]]
    assert new == list(case.findings)
    assert all(f": {case.rule} " in line for line in new)


def test_facts_of_the_site_are_judged_once(examples: Dataset) -> None:
    """What all years share is told with the newest report, and not again for each year."""
    rule = next(rule for rule in RULES if rule.code == "P-10")
    results = check(examples, {}, rules=[rule]).results
    assert {year: found[0].state for year, found in results.items() if found[0].state != "inapplicable"} == {
        2025: "kept"
    }


def test_every_rule_has_a_passing_and_a_failing_case() -> None:
    """No rule is without both; no case is of a rule that is not there."""
    codes = [rule.code for rule in RULES]
    assert len(codes) == len(set(codes))
    assert {case.rule for case in CASES if case.findings} == set(codes)
    assert {case.rule for case in CASES if not case.findings} == set(codes)
