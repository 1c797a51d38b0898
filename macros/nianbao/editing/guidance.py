"""What helps in writing a page: last year's words beside it, what of them is typed again, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nianbao.beginning import prompts
from nianbao.editing.words import spoken
from nianbao.pages.lists import section_page
from nianbao.prose.passages import is_prompt, sentence_spans
from nianbao.prose.reading import PageReader
from nianbao.rules.likeness import earlier, names_of, same_section, taken_over

if TYPE_CHECKING:
    from nianbao.editing.words import Box
    from nianbao.model.dataset import Dataset
    from nianbao.model.form import Section
    from nianbao.model.profile import Profile
    from nianbao.model.project import Project
    from nianbao.prose.passages import PageText
    from nianbao.reading.findings import Finding

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What the report of *year* says in a section, on its *page*."""

    year: int
    page: PageText

    def parts(self) -> list[Json]:
        """Return its paragraphs, each a list of sentences, below their headings."""
        found: list[Json] = [{"heading": "", "paragraphs": []}]
        for passage in self.page.reported:
            if passage.level > 1:
                found.append({"heading": passage.text, "paragraphs": []})
            elif not passage.level and not is_prompt(passage) and passage.kind in {"p", "li"}:
                found[-1]["paragraphs"].append([sentence.text for sentence in passage.sentences])
        return [part for part in found if part["paragraphs"]]


def wanted(box: Box, section: Section | None, profile: Profile, year: int) -> list[str]:
    """Return what *year* should say in a *box* of *section*, None for the first page."""
    if box.fixed:
        return []
    return [prompts.PREFACE] if section is None else list(prompts.wanted(section, box.heading, profile, year))


def before(project: Project, dataset: Dataset, year: int, section: Section) -> Before | None:
    """Return what the report before that of *year* says in *section*, None where there is none or it is at fault."""
    report = dataset.reports.get(year - 1)
    same = same_section(report.form, section) if report is not None else None
    if report is None or same is None:
        return None
    reader = PageReader(dataset, project.root, project.data, project.docs)
    page = reader.page(report, section_page(report.form, same))
    return Before(year=report.year, page=page) if page is not None else None


def mistakes(project: Project, dataset: Dataset, path: str, text: str) -> tuple[Finding, ...]:
    """Return what is wrong with the page at *path* below docs where it has *text*."""
    reader = PageReader(dataset, project.root, project.data, project.docs)
    reader.session.drafts = True
    reader.text(path, path.rpartition("/")[2], text)
    return reader.findings


def repeated(text: str, old: Before, dataset: Dataset) -> list[Json]:
    """Return the sentences of *text*, as it is typed, more of which stood in *old* than local requirements allow.

    Each has its *start* and *end* in *text*, its *share* in per cent, and the sentence of *before* that it is like.
    """
    names = names_of(dataset.agency) if dataset.agency is not None else ()
    lines = earlier(old.page, names)
    found = []
    for start, end in sentence_spans(text):
        taken = taken_over(spoken(text[start:end]), lines, names)
        if taken is not None and taken[0] > dataset.profile.similarity:
            found.append({"start": start, "end": end, "share": taken[0], "before": taken[1].text})
    return found
