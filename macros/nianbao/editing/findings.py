"""What is found in a year, each finding with the cell, the page or the box of words that it is about."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nianbao.data_files.cells import written_cells
from nianbao.editing import facts
from nianbao.editing.files import form_of
from nianbao.editing.pages import fact_page, figure_pages, page_title, readable_pages
from nianbao.editing.wording import in_words_of_pages
from nianbao.lifecycle.changes import published_changes
from nianbao.lifecycle.labels import cell_labels
from nianbao.lifecycle.numbers import number_from
from nianbao.reading.findings import most_serious_first
from nianbao.rules.judging import judge_dataset

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nianbao.editing.files import Files, Sheet
    from nianbao.editing.pages import Page
    from nianbao.model.dataset import Dataset
    from nianbao.reading.findings import Finding

Json = dict[str, Any]


def found_in(files: Files, dataset: Dataset, year: int) -> Json:
    """Return what all rules, and the readers of data and pages, find in *year* of *dataset*, most serious first.

    ``number`` is the check number of what it says now, empty where that cannot be read whole.
    """
    project = replace(files.project, years=frozenset({year}))
    changes = published_changes(project.data, project.docs, dataset)
    found: tuple[Finding, ...] = dataset.findings
    number = ""
    if year in dataset.reports:
        judged = judge_dataset(dataset, project, changes)
        number = number_from(dataset.reports[year], judged.texts.get(year), project.docs)
        found = (*found, *judged.mistakes, *judged.checked.findings([year]), *judged.doubts)
    sheet = files.sheet(str(year))
    at = {(one.line, one.column): address for address, one in written_cells(sheet.root, form_of(sheet)).items()}
    pages = {files.project.named(page.source.path): page for page in readable_pages(files, sheet)}
    listed = sorted(dict.fromkeys(found), key=most_serious_first)
    said = [_described(finding, files, sheet, at) | _sentence(finding, pages) for finding in listed]
    return {"findings": said, "number": number}


def _described(finding: Finding, files: Files, sheet: Sheet, at: Mapping[tuple[int, int], str]) -> Json:
    """Return *finding* with the address of its cell, one of those that stand *at* a line and column, and its page."""
    address = finding.subject if finding.subject in sheet.slots or _is_cell(sheet, finding.subject) else ""
    if not address and finding.place.file == files.project.named(sheet.path):
        address = at.get((finding.place.line, finding.place.column), "")
    form, page = form_of(sheet), _page(finding, files, sheet, address)
    return {
        "level": finding.level,
        "rule": finding.rule,
        "message": in_words_of_pages(finding.message, form),
        "place": cell_labels(form).get(address) or page_title(form, page) or str(finding.place),
        "subject": finding.subject,
        "address": address,
        "page": page,
    }


def _page(finding: Finding, files: Files, sheet: Sheet, address: str) -> str:
    """Return the page that shows what *finding* is about, as an address below the site, empty where none does."""
    form, year, file, project = form_of(sheet), int(sheet.file), finding.place.file, files.project
    if address:
        page = figure_pages(year, form).get(address.partition(".")[0])
        return f"{page}#{address}" if page is not None else ""
    docs = f"{project.named(project.docs)}/"
    if file.startswith(docs) and file.endswith(".md"):
        return f"{file.removeprefix(docs).removesuffix('.md')}.html"
    if file == project.named(sheet.path):
        return fact_page(year, form, finding.subject.partition(".")[0])
    pages = {facts.AGENCY_FILE: "index.html", facts.PROFILE_FILE: "check.html"}
    return next((page for own, page in pages.items() if file == project.named(project.data / f"{own}.yml")), "")


def _is_cell(sheet: Sheet, address: str) -> bool:
    found = form_of(sheet).find(address) if address else None
    return found is not None and not found[1].children and not found[2].children


def _sentence(finding: Finding, pages: Mapping[str, Page]) -> Json:
    """Return the number of the box that *finding* is about and the sentence there, nothing where it is about none."""
    page = pages.get(finding.place.file)
    if page is None or not finding.place.line:
        return {}
    text = page.source.text
    lines = text.split("\n")[: finding.place.line - 1]
    offset = sum(len(line) + 1 for line in lines) + max(finding.place.column - 1, 0)
    for number, box in enumerate(page.boxes):
        if box.start <= offset < box.end and not box.fixed:
            return {"box": number, "sentence": box.sentence_at(text, offset)}
    return {}
