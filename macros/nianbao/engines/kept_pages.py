"""What the host has made of the pages of a year, given back to it in a preview whose sources are the same.

The host builds all pages anew after each save. Of a year whose data, pages and findings have not changed it gets what
it has made of them before: it still orders them, writes them with their menus, and looks after their links.
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import jinja2

from nianbao.downloads.downloads import open_downloads
from nianbao.engines.inventory import year_of
from nianbao.reading.clock import today

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from jinja2.bccache import Bucket
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

    from nianbao.cache.kept import Kept
    from nianbao.model.dataset import Dataset
    from nianbao.pages.session import Session
    from nianbao.rules.judging import Judged

_KIND = "pages"
# Of the attributes of a page the one that holds objects of its build, which leads to all others: what it links to.
_LINKS = "links_to_anchors"
_Made = MappingProxyType[str, dict[str, Any]]
_NOTHING: _Made = MappingProxyType({})


class CompiledTemplates(jinja2.BytecodeCache):
    """What the templates of the theme were compiled to, by their texts; the host opens them anew for each build."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give back what is known."""
        code = self._code.get((bucket.key, bucket.checksum))
        if code is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._code[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


class KeptPages:
    """The pages of one build, all those of a year known or none.

    *given* tells what the pages of a year show beside its sources, None where that cannot be told.
    """

    def __init__(self, kept: Kept, given: Callable[[int], Hashable]) -> None:
        self._kept = kept
        self._given = given
        self._states: dict[int, Hashable] = {}
        self._known: dict[int, Mapping[str, dict[str, Any]]] = {}  # What was made of each page, by its path.
        self._notes: dict[int, set[int]] = {}
        self._began: dict[int, list[tuple[Page, dict[str, Any]]]] = {}  # The others, as they were before.

    def begin(self, page: Page, files: Files) -> None:
        """Let the host take what is known of *page* in place of reading and rendering it; else note what that reads."""
        year = year_of(page.file)
        self._kept.notes = None
        if year is None:
            return
        found = self._of(year).get(page.file.src_uri)
        if found is None:
            self._began.setdefault(year, []).append((page, dict(vars(page))))
            self._kept.notes = self._notes.setdefault(year, set())
            return
        links = found.get(_LINKS) or {}
        made = found | {_LINKS: {files.get_file_from_path(path): anchors for path, anchors in links.items()}}

        def read_source(*_: object) -> None:
            page.markdown, page.meta = "", made["meta"]  # Of the text there is nothing left to do.

        def render(*_: object) -> None:
            vars(page).update(made)

        vars(page).update(read_source=read_source, render=render)

    def knows(self, page: Page) -> bool:
        """Say whether the host has taken what is known of *page*."""
        return page.file.src_uri in self._known.get(year_of(page.file) or 0, {})

    def end(self, *, whole: bool) -> None:
        """Keep what has been made, once all pages are rendered and before they are changed for the site.

        Where that is not *whole*, because our own code has failed, nothing is kept.
        """
        self._kept.notes = None
        for year, pages in self._began.items() if whole else ():
            made = {page.file.src_uri: _made(page, before) for page, before in pages}
            if self._states[year] is not None:
                self._kept.put(_KIND, year, MappingProxyType(made), self._notes[year], self._states[year])

    def _of(self, year: int) -> Mapping[str, dict[str, Any]]:
        if year not in self._known:
            given = self._states[year] = self._given(year)
            found = self._kept.found(_KIND, year, given) if given is not None else None
            self._known[year] = found if isinstance(found, MappingProxyType) else _NOTHING
        return self._known[year]


def _made(page: Page, before: dict[str, Any]) -> dict[str, Any]:
    """Return what the host has made of *page*, which was as *before*; files that it links to by their paths."""
    made = {name: value for name, value in vars(page).items() if before.get(name) is not value}
    return made | {_LINKS: {file.src_uri: anchors for file, anchors in (made.get(_LINKS) or {}).items()}}


def noted_dataset(kept: Kept, config: MkDocsConfig, dataset: Dataset) -> Dataset:
    """Return *dataset* so that it is noted which reports are read; what it and *config* say counts for all years."""
    years = (tuple(dataset.reports), dataset.drafts, dataset.findings)
    with warnings.catch_warnings():
        # The host warns that it makes no use of what it was told; nothing else has all of it as it was written.
        warnings.simplefilter("ignore", DeprecationWarning)
        told = repr(config.user_configs)
    kept.beside((today(), *years, told, repr(config.extra), config.site_url))
    return replace(dataset, reports=kept.noted(dataset.reports))


def noted_results(kept: Kept, judged: Judged) -> Judged:
    """Return *judged* so that it is noted of which years it is read."""
    checked = replace(judged.checked, results=kept.noted(judged.checked.results))
    return replace(judged, checked=checked, texts=kept.noted(judged.texts))


def shown_beside(session: Session, judged: Judged, year: int) -> Hashable:
    """Return what the pages of *year* show beside its sources: what was found, and the files that can be had.

    None where there is nothing to show them of, or where a file cannot be made because our own code fails.
    """
    report = session.dataset.reports.get(year)
    if report is None:
        return None
    folder = f"{session.file(str(year))}/"
    found = (finding for finding in (*judged.mistakes, *judged.doubts) if finding.place.file.startswith(folder))
    try:
        files = open_downloads(session).year(report)
    except Exception:  # noqa: BLE001  # The page that asks for the file tells it.
        return None
    made = tuple((file.path, file.kept_as, file.content.size, file.content.digest) for file in files.files)
    return judged.checked.findings([year]), tuple(found), made, tuple(files.missing.items())


def keep_search(kept: Kept, config: MkDocsConfig) -> None:
    """Let what the search takes from a page be found again as long as the page is the same."""
    index: Any = next(plugin for name, plugin in config.plugins.items() if name.endswith("search")).search_index
    add = index.add_entry_from_context

    def entries(page: Page) -> tuple[Any, ...]:
        before = len(index.entries)
        add(page)
        made = tuple(index.entries[before:])
        del index.entries[before:]
        return made

    def add_kept(page: Page) -> None:
        source = (page.url, page.content, str(page.title), repr(page.meta))
        index.entries += kept.pure("search", source, lambda: entries(page))

    index.add_entry_from_context = add_kept
