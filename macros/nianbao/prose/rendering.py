"""Renders the pages of a year to passages of plain text, and keeps where each character was typed."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from nianbao.pages.lists import FULL_TEXT_PAGE
from nianbao.pages.macros import page_macros
from nianbao.prose import marks
from nianbao.prose.engine import PageEngine
from nianbao.prose.extraction import passages
from nianbao.prose.passages import Page, PageText, YearText

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nianbao.model.dataset import Dataset
    from nianbao.model.report import Report
    from nianbao.pages.session import Session
    from nianbao.reading.findings import Finding

# Macros whose text is part of a sentence; what the others make is drawn from the data and is no prose.
_INLINE = frozenset({"year", "agency", "figure"})

# Macros of the packages above this one; what they make is drawn from records and results, and is no prose.
DRAWN = (
    "correction_list",
    "check_summary",
    "check_results",
    "exception_list",
    "download_list",
    "all_downloads",
    "data_columns",
    "cells_file",
    "compared_years",
    "comparison",
    "year_changes",
    "year_picture",
)


def _nothing(*_: object) -> str:
    return ""


class Renderer:
    """Renders pages of *dataset*. Mistakes of the pages are collected in `findings`."""

    def __init__(self, dataset: Dataset, root: Path, data: Path, docs: Path) -> None:
        self._calls: list[str] = []
        self._docs = docs
        self._engine = PageEngine(
            dataset,
            root,
            data,
            docs,
            macros=self._macros,
            mark=marks.marked,
            finalize=lambda value: marks.around(str(value)),
        )

    def _macros(self, session: Session) -> dict[str, Callable[..., Any]]:
        known = dict.fromkeys(DRAWN, _nothing) | page_macros(session, lambda _report, _table: "")
        return {name: self._recorded(name, macro) for name, macro in known.items()}

    @property
    def session(self) -> Session:
        """What the macros of the pages share."""
        return self._engine.session

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the pages that were rendered."""
        return self._engine.session.findings.sorted()

    def year(self, report: Report) -> YearText | None:
        """Return what the pages of *report* say, or None where it has none."""
        folder = self._docs / str(report.year)
        if not folder.is_dir():
            return None
        self._engine.session.drafts = report.status == "draft"
        names = sorted(path.name for path in folder.iterdir() if path.suffix == ".md" and not path.is_dir())
        texts = {name: self._render(f"{report.year}/{name}", name) for name in names if name != FULL_TEXT_PAGE}
        known = {name: text for name, text in texts.items() if text is not None}
        complete = len(known) == len(texts)
        return YearText(year=report.year, form=report.form, pages=MappingProxyType(known), complete=complete)

    def judge(self, path: str) -> None:
        """Find the mistakes of the page at *path* below docs, which no rule reads."""
        self._engine.session.drafts = False
        self._engine.render(path)

    def _render(self, path: str, name: str) -> PageText | None:
        """Return the text of the page at *path* below docs, or None after recording why it cannot be rendered."""
        self._calls = []
        rendered = self._engine.render(path)
        if rendered is None:
            return None
        source, text = rendered
        page = Page(name=name, file=self._engine.session.file(path), source=source, calls=tuple(self._calls))
        found = self._engine.convert(path, text, lambda html: passages(html, page))
        return None if found is None else PageText(page=page, passages=found)

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
