"""Judges a portal with its pages: what the command, the builds and the public page of results all do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from macros.pages.completeness import incomplete, page_paths
from macros.prose.rendering import Renderer
from macros.rules.checking import Checked, check

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from macros.model.desk import Desk
    from macros.model.portal import Portal
    from macros.model.report import Report
    from macros.prose.passages import YearText
    from macros.reading.findings import Finding
    from macros.rules.rule import Fault


@dataclass(frozen=True, kw_only=True)
class Judged:
    """The results of the rules, the mistakes of *pages* missing or at fault, and the *texts* of the others."""

    checked: Checked
    pages: tuple[Finding, ...]
    texts: Mapping[int, YearText]


def judge_portal(
    portal: Portal, desk: Desk, changes: Callable[[Report, YearText], tuple[Fault, ...] | None] | None = None
) -> Judged:
    """Render the pages of *portal* and judge its reports, or those of the years that *desk* names.

    *changes* tells what has changed since publication.
    """
    renderer = Renderer(portal, desk.root, desk.data, desk.docs)
    chosen = set(desk.years or portal.reports)
    needed = {year + step for year in chosen for step in (-1, 0)} & set(portal.reports)
    rendered = {year: renderer.year(portal.reports[year]) for year in sorted(needed)}
    texts = {year: text for year, text in rendered.items() if text is not None}
    checked = check(portal, texts, changes, years=chosen)
    session = renderer.session
    missing = incomplete(session, page_paths(session)) if desk.project else ()
    return Judged(checked=checked, pages=(*renderer.findings, *missing), texts=texts)


def refusals(portal: Portal, checked: Checked) -> tuple[Finding, ...]:
    """Return what keeps *portal* from being published: mistakes of its data, and of its published reports."""
    published = [year for year, report in portal.reports.items() if report.status != "draft"]
    # A published report that was made a draft again would go from the site in silence.
    withdrawn = (finding for finding in checked.errors() if finding.rule == "P-03")
    return (*portal.findings, *checked.errors(published), *withdrawn)
