"""The order of pages: newest year first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mkdocs.structure.nav import Section

from nianbao.pages.completeness import YEAR

if TYPE_CHECKING:
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page


def order_years(nav: Navigation) -> None:
    """Put the years behind the first page, newest first, and call them 2023年; the host puts pages before folders."""
    years = [item for item in nav.items if isinstance(item, Section) and YEAR.fullmatch(str(item.title))]
    newest_first = sorted(years, key=lambda item: item.title, reverse=True)
    others = [item for item in nav.items if item not in years]
    nav.items = [*others[:1], *newest_first, *others[1:]]
    pages = [page for item in nav.items for page in _pages(item)]
    nav.pages = pages
    for page, before, after in zip(pages, [None, *pages], [*pages[1:], None], strict=False):
        page.previous_page, page.next_page = before, after
    for item in years:
        item.title = f"{item.title}年"


def nav_setting(nav: Navigation) -> list[Any]:
    """Return *nav* as mkdocs.yml would say it, for an engine that orders pages in another way."""
    return [_setting(item) for item in nav.items]


def _setting(item: Any) -> Any:  # noqa: ANN401  # Page, Section or Link
    if isinstance(item, Section):
        return {item.title: [_setting(child) for child in item.children]}
    if getattr(item, "file", None) is None:
        return {item.title: item.url}
    given = vars(item).get("title")  # Otherwise the page's own, which is not read yet.
    return {given: item.file.src_uri} if given else item.file.src_uri


def _pages(item: Any) -> list[Page]:  # noqa: ANN401  # Page, Section or Link
    if isinstance(item, Section):
        return [page for child in item.children for page in _pages(child)]
    return [item] if getattr(item, "file", None) is not None else []
