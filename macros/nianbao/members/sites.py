"""The published sites of bodies, read at the addresses that the register names: what they offer, what they show.

Only addresses that the register names are read, and only where it is asked for, see `nianbao.members.fetching`. What
a site offers lies in files and is read in a process of its own, like files that were sent.
"""

from __future__ import annotations

import re
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from nianbao.importing.reading import read_original
from nianbao.lifecycle.labels import cell_labels
from nianbao.members.fetching import Fetcher, FetchError, Limits
from nianbao.members.identity import identity_of
from nianbao.members.names import name_key
from nianbao.members.packages import read_package
from nianbao.members.sources import report_of
from nianbao.model.report import plain
from nianbao.reading import numbers
from nianbao.reading.addresses import machine_address
from nianbao.reading.disk import reason
from nianbao.reading.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from nianbao.importing.original import Original
    from nianbao.members.identity import Identity
    from nianbao.members.register import Member
    from nianbao.members.sources import Source
    from nianbao.model.report import Report

# How far the site of a body is, in words.
SITES = {"published": "已公布", "changed": "与报送的不同", "absent": "没有", "unreachable": "打不开"}
_AT_ONCE = 8
# Answers that wait for one that is slow.
_AHEAD = 64
_TOLD = 3
_LIMITS = Limits()
_YEAR = re.compile("[12][0-9]{3}")
_PAGE = re.compile(r"[^/]*\.html?", re.IGNORECASE)
# Where a site of ours has the downloads of a year.
_DOWNLOAD = re.compile(r"(?P<root>.*/)(?P<year>[12][0-9]{3})/downloads/(?P<name>[^/]+\.json)")
_NOTHING = "没有"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What the site of *member* offers for *year*, read at *address*: *files* of one report, or *why* there are none.

    It is *gone* where the site has nothing for the year.
    """

    member: Member
    year: int
    address: str
    files: tuple[Path, ...] = ()
    why: str = ""
    gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the site of a body shows of a year: its *state*, see `SITES`, and a *note* on what is wrong."""

    state: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a site has *offered*, to be compared with the report that *source* has, and with its check *number*.

    The number is empty where the words are not known as they were published; then only cells are compared.
    """

    offered: Offered
    source: Source
    number: str


def places(site: str, id_: str, year: int) -> tuple[str, ...]:
    """Return where a *site* may have the report of *year* of the body with the id *id_*, in the order to look there.

    A site is named by its root or one of its pages, by that of a year or one of its pages, or by a file itself, JSON
    or datapackage.json; a file in the folder of a year stands for the file of each year.
    """
    address = machine_address(site) or site
    file = _file(address, year)
    if file is not None:
        return (file,)
    folders = [f"{root}{year}/downloads/" for root in _roots(address)]
    return tuple(f"{folder}{name}" for folder in folders for name in (f"{id_}-{year}.json", "datapackage.json"))


def report_address(site: str, year: int) -> str:
    """Return where a *site*, named in any way, shows readers the report of *year*."""
    address = machine_address(site) or site
    file = _file(address, year)
    if file is None:
        return f"{_roots(address)[0]}{year}/"
    found = _DOWNLOAD.fullmatch(file)
    return f"{found['root']}{year}/" if found is not None else file


def _file(address: str, year: int) -> str | None:
    """Return the address of the file of *year* where *address* is that of a file; None for a page."""
    parts = urlsplit(address)
    if not parts.query and not parts.path.lower().endswith(".json"):
        return None
    found = _DOWNLOAD.fullmatch(address)
    if found is None:
        return address
    name = found["name"].removesuffix(f"-{found['year']}.json")
    return f"{found['root']}{year}/downloads/{name if name == found['name'] else f'{name}-{year}.json'}"


def _roots(address: str) -> tuple[str, ...]:
    """Return the folders that may be the root of the site with a page at *address*."""
    above, _, last = address.rpartition("/")
    folder = above if _PAGE.fullmatch(last) and urlsplit(address).path.strip("/") else address.rstrip("/")
    parent, _, name = folder.rpartition("/")
    return (f"{parent}/", f"{folder}/") if _YEAR.fullmatch(name) else (f"{folder}/",)


def fetch_all(members: Sequence[Member], year: int, folder: Path, limits: Limits = _LIMITS) -> Iterator[Offered]:
    """Yield what the sites of *members* offer for *year*, in their order, each in a folder of its own below *folder*.

    Raises RefusedError where *folder* cannot be written.
    """
    under_way: deque[Future[Offered]] = deque()
    pool = ThreadPoolExecutor(_AT_ONCE)
    try:
        for member in members:
            under_way.append(pool.submit(_offered, member, year, folder, limits))
            if len(under_way) == _AHEAD:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    except OSError as error:
        message = f"网站的文件存不下（{reason(error)}）；请检查权限和磁盘，再运行一次"
        raise RefusedError(message) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _offered(member: Member, year: int, folder: Path, limits: Limits) -> Offered:
    """Return what the site of *member* offers, at the first of its places that has anything."""
    own = folder / member.id
    own.mkdir()
    fetcher = Fetcher(urlsplit(machine_address(member.site) or member.site).hostname or "", limits)
    nothing: Offered | None = None
    for address in places(member.site, member.id, year):
        try:
            return Offered(member=member, year=year, address=address, files=_files(fetcher, address, own, year))
        except FetchError as error:
            found = Offered(member=member, year=year, address=address, why=str(error), gone=error.gone)
            if not found.gone:
                return found
            nothing = nothing or found
    assert nothing is not None  # noqa: S101  # there is always a place
    return nothing


def _files(fetcher: Fetcher, address: str, folder: Path, year: int) -> tuple[Path, ...]:
    """Return the files of the report at *address*, written into *folder*: one of JSON, or those of a Data Package."""
    file = folder / f"{folder.name}-{year}.json"
    fetcher.fetch(address, file)
    with file.open("rb") as content:
        start = content.read(1000)
    if not start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        message = "那里的不是 JSON"
        raise FetchError(message, gone=True)  # Many servers show a page where there is nothing.
    resources = read_package(file)
    if not resources:
        return (file,)
    files = []
    for resource in resources:
        path = folder / f"{folder.name}-{year}-{resource.table}.csv"
        try:
            fetcher.fetch(urljoin(address, resource.path), path)
        except FetchError as error:
            message = f"数据包里 {resource.table} 的文件没有取到：{error}"
            raise FetchError(message) from error
        resource.check(path)
        files.append(path)
    return tuple(files)


def problem_of(identity: Identity, member: Member, year: int) -> str:
    """Return why a file that says *identity* is not from the report of *member* for *year*, empty where it is."""
    if identity.refused:
        return identity.refused
    if not identity.id:
        return "不是本程序导出的年度报告数据"
    if identity.id != member.id and name_key(identity.name) not in {name_key(name.text) for name in member.names}:
        return f"是 {identity.id}{identity.name} 的报告，不是 {member.id} 的；请核对名册和该单位 agency.yml 的 id"
    return "" if identity.year == year else f"是 {identity.year} 年度的报告，不是 {year} 年度的"


def compared(task: Comparison) -> Seen:
    """Return how what a site shows, or why it shows nothing, goes with the report that was submitted."""
    offered = task.offered
    if not offered.files:
        return Seen(state="absent" if offered.gone else "unreachable", note=offered.why)
    openings = [identity_of(path) for path in offered.files]
    wrong = next(filter(None, (problem_of(one, offered.member, offered.year) for one in openings)), "")
    if wrong:
        refused = any(one.refused for one in openings)
        return Seen(state="unreachable" if refused else "absent", note=f"网站上的{wrong}")
    if any(one.draft for one in openings):
        return Seen(state="absent", note="网站上的还是草稿")
    report = report_of(task.source, offered.year)
    if report is None:
        return Seen(state="published", note="没有可以对照的报告")
    note = _otherwise([read_original(path) for path in offered.files], report, task.number)
    return Seen(state="changed" if note else "published", note=note)


def _otherwise(shown: Sequence[Original], report: Report, number: str) -> str:
    """Return what a site shows otherwise than *report*, or nothing."""
    there = {reading.address: reading.value for one in shown for reading in one.readings}
    pairs = ((address, old, there.get(address, _NOTHING)) for address, old in _written(report))
    other = [(address, old, new) for address, old, new in pairs if old != new]
    if other:
        labels = cell_labels(report.form)
        cells = "；".join(f"{labels[one]}：报送 {old}、网站 {new}" for one, old, new in other[:_TOLD])
        return cells + (f"等 {len(other)} 格" if len(other) > _TOLD else "")
    theirs = next((str(one.document.get("check_number") or "") for one in shown if one.document is not None), "")
    if number and theirs and theirs != number:
        return f"各数相同，文字不同：校验号报送 {number}、网站 {theirs}"
    return ""


def _written(report: Report) -> Iterator[tuple[str, str]]:
    """Yield address and figure, as JSON has it, of each typed cell of *report*."""
    for cells in report.cells.values():
        for cell in cells.values():
            if not cell.computed:
                gap = cell.gap if cell.gap in {numbers.BLANK, numbers.UNKNOWN} else numbers.UNKNOWN
                yield cell.address, gap if cell.gap or cell.value is None else plain(cell.value)
