"""Which pages a portal must have: those of every year with data, no others, and the one that lists the years.

Copies that editors, mail and cloud drives make of a page would become public pages.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nianbao.pages.lists import year_pages
from nianbao.reading.findings import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from nianbao.pages.session import Session

YEAR = re.compile(r"(?:19|20)[0-9]{2}")

COLUMN_PAGE = "index.md"

# What is added to the name of a file when it is copied, when two have changed it, or when a merge failed.
_COPY = re.compile(
    r"副本|冲突|备份|[(（][0-9]+[)）]|\b(?:copy|conflict(?:ed)?|conflicted copy)\b|\.(?:orig|rej)\b|(?:^|[ _-])old$"
    r"|-[A-Z0-9][A-Z0-9-]*(?:PC|MAC|NB|WS)[A-Z0-9-]*$|-(?:PC|DESKTOP-|LAPTOP-)[A-Z0-9-]*$|_(?:BACKUP|BASE|LOCAL|REMOTE)_[0-9]+$"
    r"|(?:^|[ _-])(?:新建|复制|未命名)|旧版?$|[ _-](?:v|V)[0-9]+$"
)
# Folders that systems, network drives and unpackers make, and those in which people keep what is not to be seen.
_KEPT_APART = re.compile(
    r"@eaDir|#recycle|@Recycle|\$RECYCLE\.BIN|RECYCLER|System Volume Information|__MACOSX|lost\+found|回收站"
    r"|(?:.*[ _-])?(?:bak|backup|old|tmp|temp|trash|drafts?)|新建文件夹.*"
    r"|.*(?:副本|备份|草稿|底稿|作废|旧稿).*|旧|临时",
    re.IGNORECASE,
)


def page_paths(session: Session) -> frozenset[str]:
    """Return the Markdown files below the folder of pages as paths; engines look into no folder with a dot."""
    found = (path for path in session.docs.rglob("*.md") if not path.is_dir())
    files = (path.relative_to(session.docs) for path in found)
    return frozenset(path.as_posix() for path in files if not any(part.startswith(".") for part in path.parts))


def incomplete(session: Session, pages: Collection[str], left_out: Callable[[str], bool]) -> Iterator[Finding]:
    """Yield years with data and no pages, with pages and no data, and *pages* that a year or the column lacks.

    What is *left_out* by its path stands in no site.
    """
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
            yield from _needed(session, wanted, pages, left_out)
    yield from _left_over(session, [page for page in pages if not left_out(page)])
    if not session.dataset.years:
        place = Place(session.data.name)
        yield Finding(place, "没有任何年度的数据；请补上，新的年度先运行 nianbao new 年度")
    yield from _needed(session, [COLUMN_PAGE], pages, left_out)


def _needed(
    session: Session, wanted: Iterable[str], pages: Collection[str], left_out: Callable[[str], bool]
) -> Iterator[Finding]:
    """Yield the *wanted* pages that are missing, and those that are left out."""
    for page in wanted:
        if page not in pages:
            yield session.missing_page(page)
        elif left_out(page):
            said = "这一页必须公布，mkdocs.yml 的 exclude_docs 却把它排除了；请删去 exclude_docs 里与它相符的一行"
            yield Finding(Place(session.file(page)), said)


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
    of_site = re.fullmatch(
        r"(index|check|compare|downloads|full|picture)[ ._-]?(?:[0-9]{1,2}|bak)", stem, re.IGNORECASE
    )
    first = section[0] if section else of_site[1] if of_site else ""
    original = f"{folder}/{first.lower()}.md".removeprefix("/") if first else ""
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
        elif (apart := next(filter(_KEPT_APART.fullmatch, page.split("/")[:-1]), None)) is not None:
            yield Finding(
                place, f"文件夹“{apart}”像是备份或系统的文件夹，里面的页面却会公开；请移出 {session.docs.name}"
            )
        elif YEAR.fullmatch(page.removesuffix(".md")):
            yield Finding(place, "年度的首页应是年度文件夹里的 index.md；请移到文件夹里或改名")
        elif first != page and not YEAR.fullmatch(folder):
            yield Finding(place, f"与 {first} 的文件名只差大小写；请删去其中一个")
