"""Renders the pages of a year as the engines do, without one, and keeps where each character was typed."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import jinja2
import markdown

from macros.pages.lists import FULL_TEXT_PAGE
from macros.pages.registry import page_macros
from macros.pages.session import FRONT_MATTER, Session, front_matter
from macros.pages.sources import read_page
from macros.pages.templates import PageTemplate, problems
from macros.prose import marks
from macros.prose.bounds import BoundedEnvironment
from macros.prose.extraction import passages
from macros.prose.passages import Page, PageText, YearText
from macros.reading.findings import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from macros.model.portal import Portal
    from macros.model.report import Report

# Macros whose text is part of a sentence; what the others make is drawn from the data and is no prose.
_INLINE = frozenset({"year", "agency", "figure"})

# Macros of the packages above this one; what they make is drawn from records and results, and is no prose.
_DRAWN = (
    "correction_list",
    "check_summary",
    "check_results",
    "exception_list",
    "download_list",
    "all_downloads",
    "data_columns",
)

# What the engines pass to pages beside the macros.
_HOST = ("config", "environment", "plugin", "git", "macros", "filters", "files", "page", "navigation", "extra")
_EXTENSIONS = ("attr_list", "tables", "fenced_code")


def _nothing() -> str:
    return ""


class Renderer:
    """Renders pages of *portal*. Mistakes of the pages are collected in `findings`."""

    def __init__(self, portal: Portal, root: Path, data: Path, docs: Path) -> None:
        self._page = ""
        self._calls: list[str] = []
        self._docs = docs
        self._session = Session(portal=portal, root=root, data=data, docs=docs, drafts=False, page=lambda: self._page)
        self._environment = BoundedEnvironment(
            loader=jinja2.FileSystemLoader(docs.parent),
            undefined=jinja2.StrictUndefined,
            comment_start_string="{##",
            comment_end_string="##}",
            finalize=lambda value: marks.around(str(value)),
        )
        self._environment.template_class = PageTemplate
        self._environment.extend(session=self._session)
        known = dict.fromkeys(_DRAWN, _nothing) | page_macros(self._session)
        self._variables = dict.fromkeys(_HOST, jinja2.ChainableUndefined()) | {
            name: self._recorded(name, macro) for name, macro in known.items()
        }
        self._markdown = markdown.Markdown(extensions=list(_EXTENSIONS))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the pages that were rendered."""
        return self._session.findings.sorted()

    def year(self, report: Report) -> YearText | None:
        """Return what the pages of *report* say, or None where it has none."""
        folder = self._docs / str(report.year)
        if not folder.is_dir():
            return None
        self._session.drafts = report.status == "draft"
        names = sorted(path.name for path in folder.iterdir() if path.suffix == ".md" and path.is_file())
        texts = {name: self._render(f"{report.year}/{name}", name) for name in names if name != FULL_TEXT_PAGE}
        known = {name: text for name, text in texts.items() if text is not None}
        complete = len(known) == len(texts)
        return YearText(year=report.year, form=report.form, pages=MappingProxyType(known), complete=complete)

    def _render(self, path: str, name: str) -> PageText | None:
        """Return the text of the page at *path* below docs, or None after recording why it cannot be rendered."""
        self._page, self._calls = path, []
        before = len(self._session.findings)
        file = self._session.file(path)
        whole = read_page(self._docs / path, file, self._session.findings)
        if whole is None:
            return None
        whole = marks.without_private(whole)
        front = FRONT_MATTER.match(whole)
        start = front.end() if front else 0
        source = whole[start:]
        if front_matter(whole).get("render_macros") is False:
            plain = jinja2.Environment(  # With delimiters that no page can have.
                autoescape=True,
                variable_start_string="\ue010",
                block_start_string="\ue011",
                comment_start_string="\ue012",
            )
            text = marks.marked(plain, source, start)
        else:
            found = problems(self._environment, source, self._variables, self._session, path)
            if found:
                self._session.findings.extend(found)
                return None
            self._environment.begin()
            code = self._environment.compile(marks.marked(self._environment, source, start), filename=path)
            globals_ = self._environment.make_globals(None)
            template = self._environment.template_class.from_code(self._environment, code, globals_)
            text = template.render(self._variables)
        if self._session.bugs:
            raise self._session.bugs[0]
        if len(self._session.findings) > before:
            return None  # What stands in the place of a mistake is not what the page says.
        page = Page(name=name, file=file, source=whole, calls=tuple(self._calls))
        self._markdown.reset()
        try:
            return PageText(page=page, passages=passages(self._markdown.convert(text), page))
        except RecursionError:
            problem = "列表或引用嵌套太深，无法排版；请减少层次"
        except AssertionError:  # So ends the parser of HTML where a declaration is no declaration.
            problem = "HTML 的写法有误，有不能识别的 <![；请改正或删去"
        self._session.findings.extend((Finding(Place(file), problem),))
        return None

    def _recorded(self, name: str, macro: Callable[..., Any]) -> Callable[..., Any]:
        """Return *macro* so that its call is recorded; what is no prose leaves nothing in the text."""

        def recorded(*args: Any, **keywords: Any) -> Any:  # noqa: ANN401  # as the macro itself
            words = [*args, *keywords.values()]
            self._calls.append(" ".join([name, *(str(word) for word in words if isinstance(word, str))]))
            given = macro(*args, **keywords)  # Of the others only the mistakes that they tell are of use.
            return given if name in _INLINE else ""

        recorded.__name__ = name
        recorded.__module__ = macro.__module__
        recorded.__wrapped__ = macro  # type: ignore[attr-defined]  # the checks of calls read its signature
        if hasattr(macro, "jinja_pass_arg"):
            return macro
        return recorded
