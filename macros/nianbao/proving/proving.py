"""The whole proof: years, their records, pages, files and downloads, all differences at once."""

from __future__ import annotations

import hashlib
import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nianbao.exports.archives import SUMS
from nianbao.lifecycle.site_record import MAXIMUM, SUFFIX, RecordError, SiteRecord, read_site_record
from nianbao.lifecycle.snapshot import OLD, file_name
from nianbao.pages.lists import FULL_TEXT_PAGE, PICTURE_PAGE
from nianbao.proving import downloads, sums
from nianbao.proving.download_readers import DamagedError, NotReadError
from nianbao.proving.pages import PageProof
from nianbao.proving.sources import UnreadableError
from nianbao.reading.findings import Finding, Place, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nianbao.proving.sources import Source

_RECORD = re.compile(rf"(?P<root>(?:.*/)?)(?P<year>(?:19|20)[0-9]{{2}})/downloads/[^/]*{re.escape(SUFFIX)}")
_OF_A_YEAR = re.compile(rf"downloads/[^/]*{re.escape(SUFFIX)}")
_YEAR_PAGE = re.compile(r"(?P<root>(?:.*/)?)(?P<year>(?:19|20)[0-9]{2})/index\.html")
# What the program draws and no record holds: it follows from the data.
_DERIVED = frozenset({"picture.svg", "picture.png"})
# Without these a year is no longer all that was published; a PDF cannot be made on every machine.
_KINDS = (".docx", ".xlsx", ".json", ".csv")
_SHORT = 12
# Every site has this page, no year and no ZIP of downloads has.
_NOT_FOUND = "404.html"


class NothingToProveError(Exception):
    """Nothing is there that could be proved; the text says what to give, in Chinese."""


@dataclass(slots=True)
class Proof:
    """What came of it: the *findings*, the *years* that were proved with their check numbers, and *remarks*.

    *pages* and *files* were held against records, *listed* files against the list of digests.
    """

    findings: list[Finding] = field(default_factory=list)
    years: dict[int, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    pages: int = 0
    files: int = 0
    listed: int = 0


def prove(source: Source, kept: SiteRecord | None, kept_sums: Mapping[str, str] | None = None) -> Proof:
    """Return how *source* differs from what its own records say was published, and from a record *kept* elsewhere.

    Its files are those of its list of digests, or of *kept_sums* where that list was kept elsewhere.
    Raises NothingToProveError where there is no record.
    """
    return _Prover(source, kept, kept_sums).result()


class _Prover:
    """One run over a source; paths are those below the site."""

    def __init__(self, source: Source, kept: SiteRecord | None, kept_sums: Mapping[str, str] | None) -> None:
        self._source = source
        self._kept = kept
        self._kept_sums = kept_sums
        self._proof = Proof()
        self._names = self._below_the_site()

    def _below_the_site(self) -> Mapping[str, str]:
        """Return the names of files in the source by their paths below the site.

        A ZIP may have the site in a folder; the folder of a year is told by its own downloads.
        """
        names = self._source.names
        if any(_OF_A_YEAR.fullmatch(name) for name in names) or (
            self._kept is not None and "index.html" in names and "404.html" not in names and "1-overview.html" in names
        ):
            year = self._year_of_folder(names)
            return {f"{year}/{name}": name for name in names}
        found = (match for name in names if (match := _RECORD.fullmatch(name) or _YEAR_PAGE.fullmatch(name)))
        root = min((match["root"] for match in found), key=len, default="")
        return {name.removeprefix(root): name for name in names if name.startswith(root)}

    def _year_of_folder(self, names: tuple[str, ...]) -> int:
        for name in names:
            if _OF_A_YEAR.fullmatch(name):
                found = self._read_record(name)
                if isinstance(found, SiteRecord):
                    return found.year
        return self._kept.year if self._kept is not None else 0

    def result(self) -> Proof:
        own = {
            int(match["year"]): name
            for path, name in self._names.items()
            if (match := _RECORD.fullmatch(path)) and not match["root"]
        }
        years = {*own, *([self._kept.year] if self._kept is not None else [])}
        if not years:
            message = (
                f"这里没有公布的记录（名称以 {SUFFIX} 结尾的文件），不知道公布的是什么；"
                "请指到网站的文件夹或 ZIP，或用 --record 给出另外保存的记录"
            )
            raise NothingToProveError(message)
        for link in self._source.links:
            self._tell(link, "是指向别处的链接或特殊文件，没有读")
        for year in sorted(years):
            self._year(year, own.get(year))
        pages = {int(match["year"]) for path in self._names if (match := _YEAR_PAGE.fullmatch(path))}
        rest = sorted(pages - years)
        if rest:
            self._proof.remarks.append(f"{'、'.join(map(str, rest))}年没有定稿的记录，没有核对")
        self._sums()
        return self._proof

    def _sums(self) -> None:
        """Compare all files with the list of their digests; what is told of a file already says where it differs."""
        own = self._names.get(SUMS)
        found = self._kept_sums
        if found is None and own is not None:
            try:
                found = sums.read_sums(self._content(own) or b"")
            except DamagedError:
                self._tell(own, "不是校验值的清单，或者已经损坏")
        if found is None:
            if own is None and _NOT_FOUND in self._names:
                message = f"没有 {SUMS}，样式、程序、页眉页脚、年度以外的页面和由几年算出的数没有核对"
                self._proof.remarks.append(message)
            return
        self._proof.listed = len(found)
        told = {finding.place.file for finding in self._proof.findings}
        for path, difference in sums.differences(found, self._names, lambda path: self._content(self._names[path])):
            name = self._names.get(path, path)
            if _legible(name) not in told:
                self._tell(name, difference)

    def _year(self, year: int, name: str | None) -> None:
        kept = self._kept if self._kept is not None and self._kept.year == year else None
        found = self._read_record(name) if name is not None else None
        if isinstance(found, str):
            self._tell(name or "", found)
            found = None
        elif found is not None and found.year != year:
            self._tell(name or "", f"是{found.year}年的记录，不是{year}年的")
            found = None
        if kept is not None and found is not None:
            self._against(kept, found, name or "")
        elif kept is not None and name is None:
            self._tell(f"{year}/downloads", "没有这一年公布的记录")
        record = found if found is not None and (kept is None or len(found.digests) >= len(kept.digests)) else kept
        if record is None:
            return
        for day, reason, _ in record.last.reopened:
            self._proof.remarks.append(f"{year}年公布以前，{day} 撤回过一次定稿：{reason.rstrip('。')}")
        self._contents(year, record)
        self._proof.years[year] = record.last.number
        if record.last.report.schema == OLD:
            self._proof.remarks.append(f"{year}年的记录是早先的版本写的，只记着文字和数，没有校验号")

    def _read_record(self, name: str) -> SiteRecord | str:
        try:
            content = self._source.read(name)
            return read_site_record(content) if len(content) <= MAXIMUM else "太大，不是公布的记录"
        except (UnreadableError, RecordError) as error:
            return str(error)

    def _against(self, kept: SiteRecord, own: SiteRecord, name: str) -> None:
        """Compare the record of the site with the one that was kept elsewhere."""
        if kept.agency and own.agency and kept.agency != own.agency:
            self._tell(name, f"是另一个机关（{own.agency}）的记录，另外保存的是 {kept.agency} 的")
        alone = len(kept.digests) == 1 and kept.digests[0] in own.digests  # One of a portal, such as 2023-2.json.
        start = own.digests.index(kept.digests[0]) if alone else 0
        for number, digest in enumerate(kept.digests):
            at = start + number
            if at >= len(own.digests):
                self._tell(name, f"比另外保存的记录少了第 {number} 次更正")
            elif digest not in {own.digests[at], own.records[at].replaced}:
                self._tell(
                    name, f"与另外保存的记录不同（摘要 {own.digests[at][:_SHORT]}…，保存的是 {digest[:_SHORT]}…）"
                )
                return
        later = len(own.digests) - start - len(kept.digests)
        if later > 0:
            known, then = (len(own.records[at].report.corrections) for at in (-later - 1, -later))
            # What came later on the day of the last one went into that.
            since = own.last.report.corrections[max(0, min(known, then - 1)) :]
            told = "；".join(f"{day} {reason}" for day, reason in since)
            self._proof.remarks.append(f"{own.year}年在保存的记录以后又登记了 {len(since)} 次更正：{told}")

    def _contents(self, year: int, record: SiteRecord) -> None:
        last = record.last
        there = {
            path.removeprefix(f"{year}/"): name for path, name in self._names.items() if path.startswith(f"{year}/")
        }
        pages = {*last.report.pages, FULL_TEXT_PAGE, PICTURE_PAGE}
        if any(name.endswith(".html") for name in there):
            self._pages(year, record, pages, there)
            self._files(year, record)
        else:
            self._proof.remarks.append(f"{year}年在这里没有网页，只核对了下载文件")
        self._downloads(year, record, there)
        own = {f"{page.removesuffix('.md')}.html" for page in pages} | last.report.files.keys() | _DERIVED
        for path in sorted(there.keys() - own):
            if not path.startswith("downloads/") and file_name(path) not in own:
                self._tell(there[path], "是多出的文件，公布时没有")

    def _pages(self, year: int, record: SiteRecord, pages: set[str], there: Mapping[str, str]) -> None:
        for page in sorted(pages):
            path = f"{page.removesuffix('.md')}.html"
            if path not in there:
                self._tell(f"{year}/{path}", "公布过的页面没有了")
                continue
            content = self._content(there[path])
            if content is not None:
                self._proof.pages += 1
                for difference in PageProof(record.last, page).differences(content):
                    self._tell(there[path], difference)

    def _files(self, year: int, record: SiteRecord) -> None:
        whole = {file_name(path): name for path, name in self._names.items()}
        alone = len({path.partition("/")[0] for path in self._names}) == 1
        for file, digest in record.last.report.files.items():
            path = posixpath.normpath(posixpath.join(str(year), file))
            if alone and not path.startswith(f"{year}/"):
                self._proof.remarks.append(f"{path} 不在这个文件夹里，没有核对")
                continue
            name = whole.get(path)
            if name is None:
                self._tell(path, "公布过的文件没有了")
                continue
            content = self._content(name)
            if content is not None:
                self._proof.files += 1
                if hashlib.sha256(content).hexdigest() != digest:
                    self._tell(name, "与公布的文件不同")

    def _downloads(self, year: int, record: SiteRecord, there: Mapping[str, str]) -> None:
        files = {path: name for path, name in there.items() if path.startswith("downloads/")}
        records = {path for path in files if path.endswith(SUFFIX)}
        for suffix in _KINDS if files else ():
            if not any(path.endswith(suffix) for path in files.keys() - records):
                self._tell(f"{year}/downloads", f"没有 {suffix} 的下载文件")
        for path, name in sorted(files.items()):
            if path in records:
                continue
            content = self._content(name)
            if content is None:
                continue
            try:
                for difference in downloads.differences(record.last, posixpath.basename(path), content):
                    self._tell(name, difference)
                self._proof.files += 1
            except NotReadError as error:
                if str(error) not in self._proof.remarks:
                    self._proof.remarks.append(str(error))

    def _content(self, name: str) -> bytes | None:
        try:
            return self._source.read(name)
        except UnreadableError as error:
            self._tell(name, f"不能读取（{error}）")
            return None

    def _tell(self, name: str, message: str) -> None:
        self._proof.findings.append(Finding(Place(_legible(name)), message))


def _legible(name: str) -> str:
    """Return *name* as one line of a terminal can show it."""
    return name if name.isprintable() else shown(name.encode("unicode_escape").decode())


def numbers(proof: Proof) -> Iterator[str]:
    """Yield a line for the check number of each year."""
    for year, number in sorted(proof.years.items()):
        if number:
            yield f"{year}年 校验号 {number}"
