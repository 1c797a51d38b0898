"""Every rule by its cases: edits to the example reports add exactly the findings that the case names."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from building import ROOT
from nianbao.model.dataset import read_dataset
from nianbao.prose.reading import PageReader
from nianbao.rules.cases import Example, examples
from nianbao.rules.checking import cases, check
from nianbao.rules.registry import RULES
from nianbao.rules.rule import Case, Confirmed, Reads, Rule
from nianbao.rules.text_figures import STATEMENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from nianbao.model.dataset import Dataset
    from nianbao.rules.rule import Outcome

CASES = examples()


def found(root: Path, years: Iterable[int]) -> list[str]:
    """Return all findings of *years* in the portal at *root*, with those of the data files."""
    dataset = read_dataset(root, root / "data")
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


def reaching(part: Reads, declared: Reads) -> Rule:
    """Return a rule that declares what it reads, and reads a *part* of the case."""

    def reach(case: Case) -> Iterator[Outcome]:
        getattr(case, part.attribute)
        yield Confirmed()

    return Rule(code="X-99", hard=True, statement="", basis="", check=reach, reads=declared)


@pytest.mark.parametrize("part", Reads)
def test_a_rule_reaches_what_it_declares_and_no_further(part: Reads, examples: Dataset) -> None:
    """Every part of a case is there for a rule that declares it alone, and not for one that declares all others."""
    rule = reaching(part, part)
    results = check(examples, {}, rules=[rule], years={2024}).results[2024]
    assert results[0].state == ("inapplicable" if rule.prose else "kept")  # Without pages there is nothing to read.
    with pytest.raises(AttributeError, match=part.attribute):
        check(examples, {}, rules=[reaching(part, ~part & ~Reads.PAGES)], years={2024})


def seen(root: Path, years: Iterable[int]) -> list[Case]:
    """Return the cases of *years* in the portal at *root*, also as if the body were a government with a power."""
    dataset = read_dataset(root, root / "data")
    assert dataset.agency is not None
    reader = PageReader(dataset, root, root / "data", root / "docs")
    texts = {year: text for year in years if (text := reader.year(dataset.reports[year])) is not None}
    other = replace(dataset.agency, kind="government", powers=frozenset({"licensing"}))
    portals = (dataset, replace(dataset, agency=other))
    return [case for portal in portals for case in cases(portal, texts, lambda *_: (), years=set(texts))]


def fails(rule: Rule, case: Case) -> bool:
    """Say whether *rule* asks *case* for what it does not offer."""
    try:
        for _ in rule.check(case):
            pass
    except AttributeError:
        return True
    return False


def test_no_rule_declares_what_it_does_not_read() -> None:
    """Without any one part that a rule declares, it fails in some year; the rules on statements share theirs."""
    found = seen(ROOT / "examples", range(2019, 2026))
    needless = {
        (rule.code, part)
        for rule in RULES
        for part in rule.reads
        if not any(fails(rule, case.limited(rule.reads & ~part)) for case in found)
    }
    shared = {rule.code for rule in RULES if rule.reads == STATEMENTS}
    assert {pair for pair in needless if pair[0] not in shared} == set()
    assert {part for part in STATEMENTS if all((code, part) in needless for code in shared)} == set()
