"""Judges a portal with its pages: what the command, the builds and the public page of results all do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.pages.completeness import incomplete, page_paths
from nianbao.prose.rendering import Renderer
from nianbao.rules.checking import Checked, check

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nianbao.model.dataset import Dataset
    from nianbao.model.project import Project
    from nianbao.model.report import Report
    from nianbao.prose.passages import YearText
    from nianbao.reading.findings import Finding
    from nianbao.rules.rule import Fault


@dataclass(frozen=True, kw_only=True)
class Judged:
    """The results of the rules, the mistakes of *pages* missing or at fault, and the *texts* of the others."""

    checked: Checked
    pages: tuple[Finding, ...]
    texts: Mapping[int, YearText]


def judge_dataset(
    dataset: Dataset, project: Project, changes: Callable[[Report, YearText], tuple[Fault, ...] | None] | None = None
) -> Judged:
    """Render the pages of *dataset* and judge its reports, or those of the years that *project* names.

    *changes* tells what has changed since publication.
    """
    renderer = Renderer(dataset, project.root, project.data, project.docs)
    chosen = set(project.years or dataset.reports)
    needed = {year + step for year in chosen for step in (-1, 0)} & set(dataset.reports)
    rendered = {year: renderer.year(dataset.reports[year]) for year in sorted(needed)}
    texts = {year: text for year, text in rendered.items() if text is not None}
    checked = check(dataset, texts, changes, years=chosen)
    session = renderer.session
    missing = incomplete(session, page_paths(session)) if project.has_site else ()
    return Judged(checked=checked, pages=(*renderer.findings, *missing), texts=texts)


def refusals(dataset: Dataset, checked: Checked) -> tuple[Finding, ...]:
    """Return what keeps *dataset* from being published: mistakes of its data, and of its published reports."""
    published = [year for year, report in dataset.reports.items() if report.status != "draft"]
    # A published report that was made a draft again would go from the site in silence.
    withdrawn = (finding for finding in checked.errors() if finding.rule == "P-03")
    return (*dataset.findings, *checked.errors(published), *withdrawn)
