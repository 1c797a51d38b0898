"""What keeps the PDF of a report from being made on this machine, told where it stands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nianbao.cache.cache import FOLDER, Cache, all_words
from nianbao.documents.document import read_document
from nianbao.documents.fonts import FontError, cached_fonts
from nianbao.documents.shapes import missing, uncommon, without_shape
from nianbao.lifecycle.macros import recorded_corrections
from nianbao.model.configuration import FILE
from nianbao.model.project import path_from
from nianbao.pages.session import AuthorError
from nianbao.reading.findings import Finding, Findings, Place
from nianbao.reading.source import read_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from nianbao.documents.document import Document
    from nianbao.documents.fonts import FontSet
    from nianbao.model.dataset import Dataset
    from nianbao.model.project import Project
    from nianbao.model.report import Report
    from nianbao.prose.passages import YearText
    from nianbao.rules.judging import Judged

LEVEL = "warning"  # Another machine may have the fonts, and all other files are made.


def with_unprintable(judged: Judged, dataset: Dataset, project: Project) -> Judged:
    """Return *judged* with a doubt for each character that keeps a PDF of *project* from being made."""
    found: list[Finding] = []
    for year, pages in judged.texts.items() if project.has_site else ():
        report = dataset.reports[year]
        files = files_of(project.data, project.root, year, project.folder / FILE)
        if not pages.complete or (project.years and year not in project.years) or not _suspect(pages, files):
            continue
        try:
            corrections = recorded_corrections(project.data, report)
            fonts = cached_fonts(Cache(project.folder / FOLDER))
        except (AuthorError, FontError):  # Told by others.
            continue
        document = read_document(pages, report, corrections, project.notice)
        found += unprintable(document, pages, report, files, fonts)
    return replace(judged, doubts=(*judged.doubts, *found))


def no_fonts(project: Project) -> tuple[Finding, ...]:
    """Return what to say where this machine has no Chinese font, and nothing where it has one."""
    try:
        cached_fonts(Cache(project.folder / FOLDER))
    except FontError as error:
        return (Finding(Place(project.named(project.folder / FILE)), str(error), level=LEVEL),)
    return ()


def files_of(data: Path, root: Path, year: int, settings: Path) -> Mapping[str, str]:
    """Return the texts beside the pages that the report of *year* is printed from, by the names of messages."""
    paths = (data / f"{year}.yml", data / "agency.yml", settings)
    texts = {path_from(path, root): read_text(path, path.name, Findings()) for path in paths}
    return {name: text for name, text in texts.items() if text is not None}


def _suspect(pages: YearText, files: Mapping[str, str]) -> bool:
    """Say whether there is any character at all to ask about; most portals have none."""
    if any(uncommon(text) for text in files.values()):
        return True
    return any(uncommon(f"{text.page.source}{''.join(part.text for part in text.passages)}") for text in pages)


def unprintable(
    document: Document, pages: YearText, report: Report, files: Mapping[str, str], fonts: FontSet
) -> tuple[Finding, ...]:
    """Return a finding for each place of each character of *document* that none of *fonts* can show.

    *files* are the texts beside *pages* that the document comes from, by the names of messages.
    """
    return tuple(
        sorted(
            Finding(place, str(missing(character, report.year)), level=LEVEL)
            for character in without_shape(uncommon(all_words(document)), fonts)
            for place in set(_places(character, pages, files)) or {Place(report.file)}
        )
    )


def _places(character: str, pages: YearText, files: Mapping[str, str]) -> tuple[Place, ...]:
    """Return where *character* was typed; where a reference or a macro stands for it, the place of that."""
    typed = [
        text.page.place(at)
        for text in pages
        for at, one in enumerate(text.page.source if character in text.page.source else "")
        if one == character
    ]
    shown = [
        (passage.typed[at], passage.place(at))
        for text in pages
        for passage in text.passages
        for at in [passage.text.find(character)]
        if at >= 0
    ]
    typed += [place for was_typed, place in shown if was_typed]
    filed = [
        Place(name, number, line.index(character) + 1)
        for name, text in files.items()
        for number, line in enumerate(text.split("\n"), 1)
        if character in line
    ]
    return tuple(typed or filed or [place for _, place in shown])
