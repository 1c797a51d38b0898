"""One build: the portal that pages draw on, and the mistakes that pages make."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from nianbao.model.project import path_from
from nianbao.pages.memo import Memo
from nianbao.reading.disk import read_bytes
from nianbao.reading.encoding import EncodingError, decoded
from nianbao.reading.findings import Finding, Findings, Place

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nianbao.model.agency import Agency
    from nianbao.model.dataset import Dataset
    from nianbao.model.report import Report

# As the host cuts it off, with the blank lines after it; the group is what stands between the rules.
FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*\n\n*", re.DOTALL)
# No page is as long.
_MOST = 1_000_000
_YEAR_FOLDER = re.compile(r"((?:19|20)[0-9]{2})/")


class AuthorError(Exception):
    """A page asks for what there is not; the text says what to do, in Chinese. *about* is what was asked for.

    What the text quotes may go over lines in the page; the text is one line.
    """

    def __init__(self, message: str, about: str = "") -> None:
        super().__init__(" ".join(message.split()))
        self.about = about


class UnavailableError(Exception):
    """A page needs data that are at fault; the data's own findings say why."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("数据有误")
        self.findings = findings


@dataclass(slots=True, repr=False)  # Shown by mistake, it must not tell of this machine.
class Session:
    """What macros share. *page* tells the current page's path below *docs*, *drafts* are shown in previews.

    *mistakes* are those of the pages, found when they were judged; *findings* are those of the engine.
    *memo* keeps what packages above work out once for all pages, by a type of their own.
    *rendered* holds the Markdown of pages whose macros the engine has rendered, by path, where it tells.
    """

    dataset: Dataset
    root: Path
    data: Path
    docs: Path
    drafts: bool
    page: Callable[[], str]
    site_url: str = ""
    notice: str = ""
    findings: Findings = field(default_factory=Findings)
    mistakes: tuple[Finding, ...] = ()
    bugs: list[Exception] = field(default_factory=list)
    memo: Memo = field(default_factory=Memo)
    rendered: dict[str, str] = field(default_factory=dict)

    @property
    def in_year(self) -> bool:
        """Whether the current page lies in the folder of a year."""
        return _YEAR_FOLDER.match(self.page()) is not None

    def year(self) -> int:
        """Return the year of the current page, taken from its folder."""
        match = _YEAR_FOLDER.match(self.page())
        if match is None:
            message = "此页不在年度文件夹里，不知道是哪一年；请把用到年度的内容移到 docs/年度/ 下"
            raise AuthorError(message)
        return int(match[1])

    def agency(self) -> Agency:
        """Return the agency. Raises UnavailableError where its data are at fault."""
        if self.dataset.agency is None:
            raise UnavailableError(self.dataset.findings)
        return self.dataset.agency

    def report(self, offset: int = 0) -> Report:
        """Return the report of the current page's year, or of *offset* years later."""
        year = self.year() + offset
        report = self.dataset.reports.get(year)
        if report is not None and report.status == "draft" and not self.drafts:
            message = f"{year} 年的报告还是草稿，不能出现在公布的页面里；公布后把状态改为 published"
            raise AuthorError(message)
        if report is not None:
            return report
        if year in self.dataset.years:
            raise UnavailableError(self.dataset.findings_for(year))
        if not offset:
            raise UnavailableError((self.missing_data(year),))
        message = f"没有 {year} 年的数据（data/{year}.yml）；请补上数据文件，或改用有数据的年度"
        raise AuthorError(message)

    def previous(self, report: Report) -> Report | None:
        """Return the report of the year before *report*, if readers may see one."""
        year = report.year - 1
        return self.dataset.reports.get(year) if year in self.shown_years() else None

    def missing_data(self, year: int) -> Finding:
        """Return what to say of *year*, which has pages and no data."""
        place = Place(path_from(self.data / f"{year}.yml", self.root))
        return Finding(place, f"缺少此文件：有 {year} 年的页面，却没有数据；请补上")

    def missing_page(self, page: str) -> Finding:
        """Return what to say of *page*, which is needed and is not there."""
        return Finding(Place(self.file(page)), "缺少此页面；请补上，可从其他年度复制")

    def shown_years(self) -> tuple[int, ...]:
        """Return the years that readers may see, newest first; drafts only in previews."""
        hidden = frozenset() if self.drafts else self.dataset.drafts
        return tuple(year for year in sorted(self.dataset.years, reverse=True) if year not in hidden)

    def address(self, target: str) -> str:
        """Return the address of *target*, a path below the site, as seen from the current page: ``../assets/a.css``.

        A page ``2023/1-overview.md`` stands at ``2023/1-overview.html`` under every engine.
        """
        return posixpath.relpath(target, posixpath.dirname(self.page()) or ".")

    def file(self, page: str) -> str:
        """Return how messages call the source of *page*."""
        return path_from(self.docs / page, self.root)

    def find(self, page: str, text: str, outside: re.Pattern[str] | None = None) -> Place:
        """Return where *text* stands: in *page*, or in a page beside it from which a macro has taken it.

        What matches *outside* is passed over.
        """
        beside = sorted((self.docs / page).parent.glob("*.md"))
        for path in (self.docs / page, *beside):
            try:
                lines = decoded(read_bytes(path, _MOST))[0].split("\n")
            except (OSError, EncodingError):
                continue
            for number, line in enumerate(lines, 1):
                searched = outside.sub(lambda found: " " * len(found.group()), line) if outside else line
                column = searched.find(text)
                if column >= 0:
                    return Place(self.file(path.relative_to(self.docs).as_posix()), number, column + 1)
        return Place(self.file(page))


def front_matter(source: str) -> dict[str, Any]:
    """Return what a page says above its text; nothing where that is not a mapping."""
    front = FRONT_MATTER.match(source)
    try:
        found = yaml.safe_load(front[1]) if front else None
    except (yaml.YAMLError, ValueError, RecursionError):  # A date such as 2024-13-01; brackets by the hundred.
        found = None
    return found if isinstance(found, dict) else {}
