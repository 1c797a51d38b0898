"""Judges a portal with its pages, each read once: what the command, the builds and the page of results all draw on."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING

from pathspec.gitignore import GitIgnoreSpec

from nianbao.frame.judging import frame_problems
from nianbao.model.configuration import FILE
from nianbao.model.project import path_from
from nianbao.pages.attachments import refused, unlinked
from nianbao.pages.completeness import YEAR, beside, incomplete, page_paths
from nianbao.prose.reading import PageReader
from nianbao.reading.findings import Findings
from nianbao.reading.source import read_text
from nianbao.rules.built_pages import refused_by_engines
from nianbao.rules.checking import Checked, check
from nianbao.rules.names import strangers

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from nianbao.cache.kept import Kept
    from nianbao.model.dataset import Dataset
    from nianbao.model.project import Project
    from nianbao.model.report import Report
    from nianbao.pages.session import Session
    from nianbao.prose.passages import PageText, YearText
    from nianbao.reading.findings import Finding
    from nianbao.rules.rule import Fault


@dataclass(frozen=True, kw_only=True)
class Judged:
    """The results of the rules, the *mistakes* of pages missing or at fault, and the *texts* of the others by year.

    *pages* has all that could be read and that the site holds by their path below docs, those outside the years too.
    *doubts* are pages that a person must look at.
    """

    checked: Checked
    mistakes: tuple[Finding, ...]
    texts: Mapping[int, YearText]
    pages: Mapping[str, PageText]
    doubts: tuple[Finding, ...] = ()


def judge_dataset(
    dataset: Dataset,
    project: Project,
    changes: Callable[[Report, YearText], tuple[Fault, ...] | None] | None = None,
    kept: Kept | None = None,
) -> Judged:
    """Read the pages of *dataset* and judge its reports, or those of the years that *project* names.

    *changes* tells what has changed since publication, *kept* may know what the pages of a year say.
    """
    reader = PageReader(dataset, project.root, project.data, project.docs)
    chosen = set(project.years or dataset.reports)
    needed = {year + step for year in chosen for step in (-1, 0)} & set(dataset.reports)
    read = {year: reader.year(dataset.reports[year], kept) for year in sorted(needed)}
    texts = {year: text for year, text in read.items() if text is not None}
    checked = check(dataset, texts, changes, years=chosen)
    others: list[Finding] = []
    doubts: tuple[Finding, ...] = ()
    left_out = GitIgnoreSpec.from_lines(project.excluded).match_file
    if project.has_site:
        pages = page_paths(reader.session)
        doubts = tuple(beside(reader.session, pages))
        common = [path for path in sorted(pages) if not project.years and not _of_a_year(path, read)]
        for path in common:
            reader.judge(path)
        others += chain(
            incomplete(reader.session, pages, left_out),
            refused(reader.session, pages, left_out),
            _strangers(project, reader.session, common),
            frame_problems(dataset.frame),
        )
        if reader.addresses.keys() >= pages and not project.years:  # Of the others it is not known what they show.
            named = {page: [address.text for address in found] for page, found in reader.addresses.items()}
            others += unlinked(reader.session, named, project.folder / FILE, left_out)
        built = tuple(refused_by_engines(reader, pages, project.site_url, left_out))
        others += (finding for finding in built if finding.level == "error")
        doubts += tuple(finding for finding in built if finding.level != "error")
    mistakes = tuple(sorted({*others, *reader.findings}))
    return Judged(
        checked=checked,
        mistakes=mistakes,
        texts=MappingProxyType(texts),
        pages=MappingProxyType({page: text for page, text in reader.pages.items() if not left_out(page)}),
        doubts=doubts,
    )


def _strangers(project: Project, session: Session, pages: Collection[str]) -> Iterator[Finding]:
    """Yield the names of other bodies in the settings and in *pages* that belong to no year."""
    agency, settings = session.dataset.agency, project.folder / FILE
    files = {path_from(settings, session.root): settings} | {session.file(page): session.docs / page for page in pages}
    for name, path in files.items() if agency is not None else ():
        text = read_text(path, name, Findings())  # What is wrong with the file is told by who reads it for itself.
        if text is not None and agency is not None:
            yield from strangers(agency, text, name)


def _of_a_year(path: str, years: Collection[int]) -> bool:
    """Say whether the page at *path* lies directly in the folder of one of *years*, whose pages are read together."""
    folder, _, _name = path.rpartition("/")
    return YEAR.fullmatch(folder) is not None and int(folder) in years


def refusals(session: Session, judged: Judged) -> tuple[Finding, ...]:
    """Return what keeps a site from being published: mistakes of data and pages, and of its published reports."""
    dataset, checked = session.dataset, judged.checked
    published = [year for year, report in dataset.reports.items() if report.status != "draft"]
    # A published report that was made a draft again would go from the site in silence.
    withdrawn = (finding for finding in checked.errors() if finding.rule == "P-03")
    drafts = tuple(f"{session.file(str(year))}/" for year in dataset.drafts)
    pages = (finding for finding in judged.mistakes if not finding.place.file.startswith(drafts))
    return (*dataset.findings, *pages, *checked.errors(published), *withdrawn)


def remember(session: Session, judged: Judged) -> None:
    """Let the macros of *session* draw on what was *judged*."""
    session.mistakes = judged.mistakes
    session.memo.keep(judged)


def judged_of(session: Session) -> Judged:
    """Return what was judged of the pages of *session*. Raises LookupError before that."""
    return session.memo.kept(Judged)
