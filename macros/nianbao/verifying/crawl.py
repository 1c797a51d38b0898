"""The built site read back before anyone else can: links, what it loads, its HTML, and every figure."""

from __future__ import annotations

import filecmp
import html
import json
import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote, urldefrag, urlsplit

from lxml.etree import XMLSyntaxError, fromstring

from nianbao.cache.cache import digest_of
from nianbao.exports.archives import sums_file
from nianbao.exports.formats import size_text
from nianbao.html.page_reader import Link, read_page, styled_addresses
from nianbao.metadata.policy import page_policy
from nianbao.pages.allowed import address_problem
from nianbao.publishing.sums import is_listed
from nianbao.reading.addresses import is_absolute
from nianbao.reading.findings import Finding, Place, shown
from nianbao.verifying.articles import ArticleCheck
from nianbao.verifying.figures import FigureCheck

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from nianbao.html.page_reader import Claim, PageRead
    from nianbao.model.report import Report
    from nianbao.pages.session import Session
    from nianbao.verifying.articles import Articles

_NOT_FOUND = "404.html"  # Shown at any address, so that its own addresses start at the root of the server.
_HTML = ".html"
_SUMS = "SHA256SUMS"
_TEXTS = frozenset({_HTML, ".css", ".xml", ".json", ".txt", ".svg", ".csv"})
_INDEXES = frozenset({"search/search_index.json", "search.json"})
_SITE_MAP = "sitemap.xml"
_FOLDERS_OF_ENGINES = ("assets/", "search/")
_FILES_OF_ENGINES = frozenset({_SITE_MAP, "sitemap.xml.gz", "search.json", "objects.inv"})
_LOCATION = re.compile(r"<loc>(.*?)</loc>")
_PLACE = re.compile(r"(?P<file>[^\s:]+):(?P<line>\d+):(?P<column>\d+) (?P<message>.*)", re.DOTALL)


@dataclass(slots=True)
class Crawl:
    """What was found in a site, and how much was confirmed.

    *links* counts addresses that lead to a page, place or file that is there, *outside* those of other sites,
    *declared* the addresses of other sites from which the frame of the portal lets pages load,
    *figures* those in tables and lists that equal the data, *passages* those of articles that equal what was judged,
    *digests* the files that are what pages and lists say of them.
    """

    pages: int = 0
    files: int = 0
    size: int = 0
    links: int = 0
    outside: int = 0
    declared: int = 0
    figures: int = 0
    passages: int = 0
    digests: int = 0
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a site must agree with: the *reports* that readers see, the *articles* of its pages, its name and address.

    *files* has the SHA-256 of those that this build has made from data, by path; others come from the folder of pages.
    *secrets* are paths of this machine, which no file may tell.
    """

    session: Session
    reports: Mapping[int, Report]
    articles: Articles
    files: Mapping[str, str]
    site_name: str
    site_url: str
    secrets: tuple[str, ...]


def crawl(site: Path, expected: Expected) -> Crawl:
    """Read the whole *site*, every file once, and return what was found and what was confirmed."""
    return _Crawler(site, expected).result()


class _Crawler:
    """One run over a site. Only ids and links outlive the reading of a page."""

    def __init__(self, site: Path, expected: Expected) -> None:
        self._site = site
        self._expected = expected
        self._crawl = Crawl()
        self._figures = FigureCheck(expected.reports)
        self._articles = ArticleCheck(expected.articles, expected.site_name)
        self._differences: list[tuple[str, Finding]] = []
        self._told: set[str] = set()  # Pages of which something is told.
        self._files: dict[str, int] = {}
        self._digests: dict[str, str] = {}
        self._ids: dict[str, set[str]] = {}
        self._links: list[tuple[str, Link]] = []
        frame = expected.session.dataset.frame
        self._policy = page_policy(frame)
        self._programs = frozenset(frame.scripts if frame is not None else ())
        self._declared = len(frame.sources) if frame is not None else 0
        self._base = unquote(urlsplit(expected.site_url).path) if expected.site_url else "/"

    def result(self) -> Crawl:
        found = self._crawl
        paths = sorted(path for path in self._site.rglob("*") if path.is_file())
        self._files = {path.relative_to(self._site).as_posix(): path.stat().st_size for path in paths}
        for path, name in zip(paths, self._files, strict=True):
            self._read(path, name)
        found.files, found.size = len(self._files), sum(self._files.values())
        for page, link in self._links:
            self._follow(page, link)
        self._compare_files()
        for name, problem in self._figures.missing(self._ids):
            self._tell(name, 1, 1, problem)
        for name in self._articles.missing(self._ids):
            if name not in self._told:
                self._tell(name, 1, 1, "缺少这个页面")
        # What is told of a page already says where it differs.
        found.findings += [finding for name, finding in self._differences if name not in self._told]
        found.findings += self._expected.articles.findings
        found.declared = self._declared
        found.figures, found.passages = self._figures.figures, self._articles.passages
        if not found.pages:
            self._tell("index.html", 1, 1, "网站里没有页面")
        if not found.findings:  # What differs otherwise is told in its own words.
            self._compare_list()
        return found

    def _read(self, path: Path, name: str) -> None:
        if name == _SUMS or (path.suffix.lower() not in _TEXTS and path.name != _SUMS):
            return
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            self._tell(name, 1, 1, "不是 UTF-8 编码")
            return
        for secret in self._expected.secrets:
            if secret in text:
                line = text[: text.index(secret)].count("\n") + 1
                self._tell(name, line, 1, "里有本机的文件路径；请删去显示它的内容")
        readers: dict[str, Callable[[str, str], None]] = {
            _HTML: self._read_page,
            ".css": self._check_style,
            _SUMS: self._read_sums,
            _SITE_MAP: self._read_site_map,
            **dict.fromkeys(_INDEXES, self._read_index),
        }
        reader = readers.get(name) or readers.get(path.name) or readers.get(path.suffix.lower())
        if reader is not None:
            reader(name, text)

    def _read_page(self, name: str, text: str) -> None:
        page = read_page(text)
        self._crawl.pages += 1
        self._ids[name] = page.ids
        self._links.extend((name, link) for link in page.links)
        self._tell_cards(name, page)
        if page.policy != self._policy:
            self._tell(name, 1, 1, f"安全策略不是这次生成的{shown(page.policy or '（没有）')}；请检查自己的模板")
        for claim in page.claims:
            self._compare(name, claim)
        for fault in page.faults:
            self._tell(name, fault.line, fault.column, fault.text)
        for mark in self._figures.page(name, page):
            self._tell(name, mark.line, mark.column, mark.text)
        self._differences += ((name, finding) for finding in self._articles.page(name, page))

    def _tell_cards(self, name: str, page: PageRead) -> None:
        """Tell what stands in place of mistakes, at the place that the card names where it names one."""
        for card in page.cards:
            named = _PLACE.fullmatch(card.strip())
            if named is not None:
                place = Place(named["file"], int(named["line"]), int(named["column"]))
                self._crawl.findings.append(Finding(place, named["message"]))
                self._told.add(name)
        if page.cards and not any(_PLACE.fullmatch(card.strip()) for card in page.cards):
            self._tell(name, 1, 1, f"里有显示错误的地方：{page.cards[-1].strip()}")

    def _compare(self, name: str, claim: Claim) -> None:
        """Compare what a page says of a file with the file; that there is one is seen when its link is followed."""
        target = self._target(name, claim.address)
        if target not in self._files:
            return
        size = size_text(self._files[target])
        if claim.size != size:
            self._tell(name, claim.line, claim.column, f"所写的大小“{claim.size}”不是 {target} 的，应为 {size}")
        else:
            self._crawl.digests += 1

    def _read_sums(self, name: str, text: str) -> None:
        """Compare a list of digests, a line for each file, with the files."""
        for number, line in enumerate(text.splitlines(), 1):
            digest, _, file = line.partition("  ")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), file))
            if target not in self._files:
                self._tell(name, number, 1, f"所列的文件“{file}”不存在")
            elif digest != self._digest(target):
                self._tell(name, number, 1, f"所列的校验值不是 {target} 的")
            else:
                self._crawl.digests += 1

    def _compare_files(self) -> None:
        """Tell files that are not what was made from data or lies beside the pages; engines bring some of their own."""
        told = {finding.place.file for finding in self._crawl.findings}
        expected = self._expected
        for name, digest in expected.files.items():
            if name not in self._files:
                self._tell(name, 1, 1, "缺少这个文件")
            elif self._digest(name) != digest and f"网站的 {name}" not in told:
                self._tell(name, 1, 1, "这个文件不是这次由数据生成的")
        for name in self._files:
            of_engines = name.startswith(_FOLDERS_OF_ENGINES) or name in _FILES_OF_ENGINES or name.endswith(_HTML)
            if name in expected.files or of_engines or name == _SUMS:
                continue
            if not _same(self._site / name, expected.session.docs / name):
                self._tell(name, 1, 1, "这个文件既不是由数据生成的，也不是 docs 里的")

    def _compare_list(self) -> None:
        """Tell a list of all files that has not all, or not as they are."""
        whole = sums_file({name: self._digest(name) for name in self._files if is_listed(name)})
        if _SUMS not in self._files or (self._site / _SUMS).read_bytes() != whole:
            self._tell(_SUMS, 1, 1, "不是这个网站全部文件的校验值")

    def _digest(self, target: str) -> str:
        if target not in self._digests:
            self._digests[target] = digest_of((self._site / target).read_bytes())
        return self._digests[target]

    def _check_style(self, name: str, text: str) -> None:
        for address in styled_addresses(text):
            if address.startswith(("data:", "#")):
                continue
            if is_absolute(address):
                self._tell(name, 1, 1, f"从其他网站载入“{address}”")
            elif self._target(name, urldefrag(address)[0].partition("?")[0]) not in self._files:
                self._tell(name, 1, 1, f"所用的文件“{address}”不存在")
            else:
                self._crawl.links += 1

    def _read_index(self, name: str, text: str) -> None:
        """Follow every entry of the search index."""
        index = json.loads(text)
        for entry in index.get("docs", index.get("items", [])):
            self._links.append((name, _listed(str(entry["location"]))))

    def _read_site_map(self, name: str, text: str) -> None:
        """Follow every address of the site map, which starts with that of the site."""
        own = self._expected.site_url
        try:
            fromstring(text.encode() if text.strip() else b"<urlset/>")  # Zensical leaves one empty without addresses.
        except XMLSyntaxError as error:
            line, column = error.position
            self._tell(name, max(line or 1, 1), max(column or 1, 1), "不是完好的 XML")
        for address in map(html.unescape, _LOCATION.findall(text)):
            if own and address.startswith(own):
                self._links.append((name, _listed(address.removeprefix(own))))
            else:
                self._tell(name, 1, 1, f"里的地址“{address}”不是本站的")

    def _follow(self, page: str, link: Link) -> None:
        """Tell *link* of *page* where it leads nowhere, or makes a browser ask another site."""
        own = self._expected.site_url
        address = link.address
        if own and address.startswith(own):
            address = posixpath.relpath(f"/{address.removeprefix(own)}", f"/{posixpath.dirname(page)}")
        if is_absolute(address):
            scheme = address.partition(":")[0].lower()
            if link.loaded and scheme != "data" and address not in self._programs:
                self._tell_link(page, link, f"不能从其他网站载入“{link.address}”；请把文件放进 docs，或改成链接")
            elif not link.loaded and (problem := address_problem(address)) is not None:
                self._tell_link(page, link, problem)
            self._crawl.outside += scheme in {"http", "https", ""}
            return
        path, fragment = urldefrag(address)
        if path.startswith("/") and page != _NOT_FOUND:
            self._tell_link(page, link, f"链接“{link.address}”从网站的根写起，网站换了位置就会断；请改成相对地址")
            return
        target = self._target(page, path.partition("?")[0])
        if target not in self._files:
            self._tell_link(page, link, f"链接“{link.address}”指向的页面或文件不存在；请改正")
        elif fragment and target in self._ids and unquote(fragment) not in {*self._ids[target], "top"}:
            self._tell_link(page, link, f"链接“{link.address}”指向的标题或锚点不存在；请改正")
        else:
            self._crawl.links += 1

    def _target(self, page: str, path: str) -> str:
        """Return the file below the site that *path* means, as seen from *page*; one outside it begins with ``..``."""
        path = unquote(path)
        if path.startswith("/"):
            target = path.removeprefix(self._base) or "."
        elif not path:
            return "index.html" if page in {_SITE_MAP, *_INDEXES} else page
        else:
            folder = "" if page.startswith("search/") or page == _NOT_FOUND else posixpath.dirname(page)
            target = posixpath.join(folder, path)
        is_folder = target.endswith("/") or posixpath.normpath(target) == "."
        return posixpath.normpath(f"{target}/index.html" if is_folder else target)

    def _tell(self, name: str, line: int, column: int, problem: str) -> None:
        self._told.add(name)
        self._crawl.findings.append(Finding(Place(f"网站的 {name}", line, column), problem))

    def _tell_link(self, page: str, link: Link, problem: str) -> None:
        """Tell a link where it was typed, or else where it stands in the page."""
        session = self._expected.session
        self._told.add(page)
        source = page.removesuffix(_HTML) + ".md"
        if page.endswith(_HTML) and (session.docs / source).is_file():
            place = session.find(source, link.address)
            if place != Place(session.file(source)):
                self._crawl.findings.append(Finding(place, problem))
                return
        self._tell(page, link.line, link.column, problem)


def _same(file: Path, source: Path) -> bool:
    """Say whether *file* is a copy of *source*."""
    return source.is_file() and filecmp.cmp(file, source, shallow=False)


def _listed(address: str) -> Link:
    """Return an address of a list as a link."""
    return Link(address, 1, 1)


def changes(old: Path, new: Path) -> tuple[list[str], list[str], list[str]]:
    """Return the files of the site *new* that *old* lacks, those that differ, and those of *old* that are gone."""
    before, after = (dict(_all(site)) for site in (old, new))
    added = sorted(after.keys() - before.keys())
    gone = sorted(before.keys() - after.keys())
    both = sorted(before.keys() & after.keys())
    return added, [name for name in both if not filecmp.cmp(before[name], after[name], shallow=False)], gone


def _all(site: Path) -> Iterator[tuple[str, Path]]:
    for path in site.rglob("*"):
        name = path.relative_to(site).as_posix()
        if path.is_file() and not name.startswith("."):
            yield name, path
