"""Which pages a portal must have: those of every year with data, no others, and the one that lists the years."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nianbao.pages.lists import year_pages
from nianbao.reading.findings import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from nianbao.pages.session import Session

YEAR = re.compile(r"(?:19|20)[0-9]{2}")

COLUMN_PAGE = "index.md"


def page_paths(session: Session) -> frozenset[str]:
    """Return the Markdown files below the folder of pages as paths; engines look into no folder with a dot."""
    files = (path.relative_to(session.docs) for path in session.docs.rglob("*.md"))
    return frozenset(path.as_posix() for path in files if not any(part.startswith(".") for part in path.parts))


def incomplete(session: Session, pages: Collection[str]) -> Iterator[Finding]:
    """Yield years with data and no pages, with pages and no data, and *pages* that a year lacks."""
    folders = {int(page[:4]) for page in pages if "/" in page and YEAR.fullmatch(page.partition("/")[0])}
    for year in sorted(folders - set(session.dataset.years)):
        yield session.missing_data(year)
    for year in session.dataset.years:
        report = session.dataset.reports.get(year)
        if year not in folders:
            place = Place(session.file(str(year)))
            yield Finding(place, f"缺少此文件夹：有 {year} 年的数据，却没有页面；请补上")
        elif report is not None:
            wanted = [f"{year}/{page}" for page in year_pages(report.form)]
            yield from (session.missing_page(page) for page in wanted if page not in pages)
    if not session.dataset.years:
        place = Place(session.data.name)
        yield Finding(place, "没有任何年度的数据；请补上，新的年度先运行 nianbao new 年度")
    if COLUMN_PAGE not in pages:
        yield session.missing_page(COLUMN_PAGE)
