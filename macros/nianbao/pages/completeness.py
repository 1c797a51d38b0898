"""Which pages a portal must have: those of every year with data, no others, and the one that lists the years.

Copies that editors, mail and cloud drives make of a page would become public pages.
"""

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

# What is added to the name of a file when it is copied, when two have changed it, or when a merge failed.
_COPY = re.compile(
    r"副本|冲突|备份|[(（][0-9]+[)）]|\b(?:copy|conflict(?:ed)?|conflicted copy)\b|\.(?:orig|rej)\b|(?:^|[ _-])old$"
    r"|-[A-Z0-9][A-Z0-9-]*(?:PC|MAC|NB|WS)[A-Z0-9-]*$|-(?:PC|DESKTOP-|LAPTOP-)[A-Z0-9-]*$|_(?:BACKUP|BASE|LOCAL|REMOTE)_[0-9]+$"
    r"|(?:^|[ _-])(?:新建|复制|未命名)|旧版?$|[ _-](?:v|V)[0-9]+$"
)


def page_paths(session: Session) -> frozenset[str]:
    """Return the Markdown files below the folder of pages as paths; engines look into no folder with a dot."""
    found = (path for path in session.docs.rglob("*.md") if not path.is_dir())
    files = (path.relative_to(session.docs) for path in found)
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
    yield from _left_over(session, pages)
    if not session.dataset.years:
        place = Place(session.data.name)
        yield Finding(place, "没有任何年度的数据；请补上，新的年度先运行 nianbao new 年度")
    if COLUMN_PAGE not in pages:
        yield session.missing_page(COLUMN_PAGE)


def beside(session: Session, pages: Collection[str]) -> Iterator[Finding]:
    """Yield the *pages* of years beside those of the report, which a person must look at, where they are no copies."""
    for year, report in session.dataset.reports.items():
        own = {f"{year}/{page}" for page in year_pages(report.form)}
        for page in sorted(pages):
            if page.startswith(f"{year}/") and page not in own and not _is_copy(page, pages):
                said = f"不是年度报告的 {len(own)} 个页面之一，也会公开；请看一遍是否应当公布，不公布的请移走"
                yield Finding(Place(session.file(page)), said, level="uncertain")


def _is_copy(page: str, pages: Collection[str]) -> bool:
    """Say whether *page* looks like a copy of another one of *pages*, by its name."""
    folder, _, name = page.rpartition("/")
    stem = name.removesuffix(".md")
    if _COPY.search(stem):
        return True
    section = re.match("[0-9]-[a-z]+", stem, re.IGNORECASE)  # 1-overview2 and 1-Overview are 1-overview.
    original = f"{folder}/{section[0].lower()}.md" if section else ""
    return original != page and original in pages


def _left_over(session: Session, pages: Collection[str]) -> Iterator[Finding]:
    """Yield copies of pages, and pages and folders that are named like the folder of a year."""
    folded: dict[str, str] = {}
    for page in sorted(pages, key=str.swapcase):  # Small letters first: they are how pages are named.
        place = Place(session.file(page))
        folder = page.partition("/")[0] if "/" in page else ""
        first = folded.setdefault(page.lower(), page)
        if _is_copy(page, pages):
            yield Finding(place, "像是另一页的副本，却会公开；请与原来的页面比对，留下要公布的内容，再删去此文件")
        elif re.match("(?:19|20)[0-9]{2}(?=[^0-9]|$)", folder) and not YEAR.fullmatch(folder):
            yield Finding(place, f"文件夹“{folder}”像是年度的底稿，里面的页面却会公开；请移出 {session.docs.name}")
        elif YEAR.fullmatch(page.removesuffix(".md")):
            yield Finding(place, "年度的首页应是年度文件夹里的 index.md；请移到文件夹里或改名")
        elif first != page and not YEAR.fullmatch(folder):
            yield Finding(place, f"与 {first} 的文件名只差大小写；请删去其中一个")
