"""Pages whose macros need not run again, because nothing that they draw on has changed since an earlier build."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import nodes

from nianbao.cache.cache import FOLDER, Cache, canonical
from nianbao.cache.noting import NotedReports
from nianbao.cache.yearly import open_yearly
from nianbao.pages.lists import section_page
from nianbao.pages.templates import is_ours

if TYPE_CHECKING:
    from collections.abc import Mapping

    import jinja2

    from nianbao.model.dataset import Dataset
    from nianbao.pages.session import Session

# These draw on reports, which are noted, and on the files of the page's year. What is not named here, such as
# lists of downloads and results of rules, draws on more.
_MACROS = frozenset(
    {
        *("year", "agency", "figure", "report_heading", "statutory_table", "item_list", "key_figures", "section_list"),
        *("report_list", "agency_names", "full_text", "correction_list", "year_picture"),
        *("compared_years", "comparison", "year_changes"),
    }
)

_KIND = "pages"


class _Kept(NamedTuple):
    """A page: the digest of the Markdown that the engine gave, what macros made of it, whose reports they asked for."""

    digest: str
    text: str
    asked: list[int]


@dataclass(slots=True)
class _Folder:
    """The pages of one *year*, or those of none, by path: what earlier builds kept, and what *holds* in this one."""

    year: int | None
    earlier: dict[str, _Kept]
    holds: dict[str, _Kept] = field(default_factory=dict)

    @property
    def years(self) -> tuple[int, ...]:
        """The years whose files matter."""
        return () if self.year is None else (self.year,)


@dataclass(slots=True)
class _Page:
    """The page whose macros run: its *path* and *markdown*, and how the session stood before."""

    path: str
    markdown: str
    dataset: Dataset
    noted: NotedReports
    mistakes: int


class CachedPages:
    """The rendered Markdown of the pages of *session*, which the engine renders one after another.

    *settings* is what else of the configuration rules how pages are rendered, in types that `canonical` takes.
    """

    def __init__(self, session: Session, settings: object) -> None:
        self._session = session
        self._cache = Cache(session.root / FOLDER / _KIND)
        self._yearly = open_yearly(session)
        self._more = (settings, session.shown_years())
        self._folder: _Folder | None = None
        self._page: _Page | None = None

    def find(self, path: str, markdown: str) -> str | None:
        """Return what macros have made of the page at *path* before, or None where it has to be rendered."""
        folder = self._open(path)
        found = folder.earlier.get(path)
        if found is None:
            return None
        if found.digest != _digest(markdown):
            if folder.year is not None:  # Saved since its year was found: a full text that takes it in is old as well.
                folder.earlier.clear()
            return None
        folder.holds[path] = found
        return found.text

    def begin(self, path: str, markdown: str) -> None:
        """Note from now on what the page at *path* asks for."""
        session = self._session
        noted = NotedReports(session.dataset.reports)
        self._page = _Page(path, markdown, session.dataset, noted, _mistakes(session))
        session.dataset = replace(session.dataset, reports=noted)

    def end(self, text: str, environment: jinja2.Environment, variables: Mapping[str, Any]) -> None:
        """Take *text* as what macros have made of the page that was begun; *variables* hide macros of the same name."""
        page, self._page = self._page, None
        if page is None:
            return
        self._session.dataset = page.dataset
        if _mistakes(self._session) > page.mistakes:
            return
        names = _names(environment, page.markdown)
        if names is None or not names <= _MACROS or not names.isdisjoint(variables):
            return
        folder = self._open(page.path)
        if "full_text" not in names or self._whole(folder):
            folder.holds[page.path] = _Kept(_digest(page.markdown), text, sorted(page.noted.asked))

    def finish(self) -> None:
        """Keep what is new, and forget what was not used."""
        self._close()
        self._cache.prune()

    def _open(self, path: str) -> _Folder:
        """Return the folder of the page at *path*; the host walks through the folders one by one."""
        first, _, rest = path.partition("/")
        year = int(first) if rest and first.isdigit() else None
        if self._folder is None or self._folder.year != year:
            self._close()
            self._folder = _Folder(year, {})
            found = self._yearly.find(self._cache, _KIND, self._folder.years, self._more)
            if found is not None:
                self._folder.earlier = {name: _Kept(*told) for name, told in json.loads(found).items()}
        return self._folder

    def _close(self) -> None:
        folder, self._folder = self._folder, None
        if folder is not None and folder.holds and folder.holds != folder.earlier:
            asked = {year for page in folder.holds.values() for year in page.asked}
            text = json.dumps(folder.holds, ensure_ascii=False)
            self._yearly.keep(self._cache, _KIND, folder.years, text, asked, self._more)

    def _whole(self, folder: _Folder) -> bool:
        """Say whether all the pages that the full text of a year takes in hold."""
        report = self._session.dataset.reports.get(folder.year or 0)
        parts = report.form.sections if report is not None else ()
        return all(f"{folder.year}/{section_page(report.form, part)}" in folder.holds for part in parts if report)


def cached_pages(session: Session, plugin: Any) -> CachedPages | None:  # noqa: ANN401  # the plugin ships no types
    """Return what is kept of the pages of *session*, or None where more than our own macros has a say in them."""
    known = {**plugin.env.globals, **plugin.variables}
    ours = all(is_ours(known.get(name)) for name in _MACROS)
    if not ours or plugin.pre_macro_functions or plugin.post_macro_functions:
        return None
    settings = dict(plugin.config)
    try:
        canonical(settings)
    except TypeError:
        return None
    return CachedPages(session, settings)


def _mistakes(session: Session) -> int:
    return len(session.findings) + len(session.bugs)


def _digest(markdown: str) -> str:
    return hashlib.sha256(markdown.encode("utf-8", "surrogatepass")).hexdigest()


def _names(environment: jinja2.Environment, markdown: str) -> frozenset[str] | None:
    """Return the names that the template *markdown* uses, or None where it does more than call them."""
    if "{%" in markdown:
        return None
    tree = environment.parse(markdown)
    if next(tree.find_all((nodes.Filter, nodes.Test)), None) is not None:
        return None
    return frozenset(node.name for node in tree.find_all(nodes.Name))
