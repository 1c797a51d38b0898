"""The pages of a year on which something can be filled in: where each is, and the boxes that its words stand in."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.editing.files import BrokenError, NotThereError, form_of
from nianbao.editing.words import boxes, token_name
from nianbao.model.report import FEE, ITEMS
from nianbao.pages.lists import section_address, section_at, section_page
from nianbao.pages.macros import page_macros
from nianbao.pages.session import AuthorError, Session, UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nianbao.editing.files import Files, Sheet
    from nianbao.editing.words import Box
    from nianbao.model.form import Form, Section
    from nianbao.prose.template import Call

# The page that opens a year; its words can be filled in as those of sections can.
FIRST_PAGE = "index"
# The sections in which facts of a year are shown; others are on the first page.
_SECTIONS_OF_FACTS = {ITEMS: "overview", FEE: "other"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of a year: its *source*, the *section* that it is of, None for the first page, and its *boxes*."""

    source: Sheet
    section: Section | None
    boxes: tuple[Box, ...]


def read_page(files: Files, sheet: Sheet, name: str) -> Page:
    """Return the page called *name* of the year of *sheet*. Raises NotThereError, BrokenError."""
    form = form_of(sheet)
    section = section_at(form, f"{name}.md")
    if name != FIRST_PAGE and section is None:
        raise NotThereError
    source = files.page(sheet.file, name)
    session = Session(
        dataset=files.dataset(),
        root=files.project.root,
        data=files.project.data,
        docs=files.project.docs,
        drafts=True,
        page=lambda: f"{sheet.file}/{name}.md",
    )
    functions = page_macros(session)

    def naming(call: Call) -> tuple[str, str]:
        try:
            value = str(functions[call.name](*call.args, **call.keywords))
        except (AuthorError, UnavailableError):
            value = "？"
        return token_name(call, form), value

    return Page(source=source, section=section, boxes=boxes(source.text, naming))


def readable_pages(files: Files, sheet: Sheet) -> Iterator[Page]:
    """Yield the pages of the year of *sheet* that can be read."""
    form = form_of(sheet)
    for name in (FIRST_PAGE, *(section_page(form, section).removesuffix(".md") for section in form.sections)):
        with contextlib.suppress(BrokenError):
            yield read_page(files, sheet, name)


def figure_pages(year: int, form: Form) -> Mapping[str, str]:
    """Return where each table of *year*, by its id, and the fee are filled in: addresses below the site."""
    tables = {section.table: section_address(year, form, section) for section in form.sections if section.table}
    return {**tables, FEE: fact_page(year, form, FEE)}


def fact_page(year: int, form: Form, fact: str) -> str:
    """Return where a *fact* of *year*, a field of its file, is filled in, as an address below the site."""
    section = form.section(_SECTIONS_OF_FACTS.get(fact, ""))
    return section_address(year, form, section) if section is not None else f"{year}/{FIRST_PAGE}.html"


def page_title(form: Form, address: str) -> str:
    """Return what people call the page at *address* below the site, of a report in *form*; empty for any other."""
    year, _, name = address.partition("/")
    if not year.isdecimal():
        return ""
    page = name.removesuffix(".html")
    section = section_at(form, f"{page}.md")
    return section.heading if section is not None else "年度首页" if page == FIRST_PAGE else ""
