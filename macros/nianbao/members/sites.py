"""The published sites of bodies read back by their addresses: whether they show the report that was submitted.

Only addresses that the register names are read, and only where it is asked for: no more than so many bytes, no longer
than so many seconds, nothing that another host is named for.
"""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from nianbao.importing.readers.downloads import read_json
from nianbao.lifecycle.refusal import RefusedError
from nianbao.model.report import plain
from nianbao.reading import numbers
from nianbao.reading.addresses import site_address

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from http.client import HTTPMessage
    from typing import IO

    from nianbao.importing.readers.downloads import Download
    from nianbao.members.register import Member
    from nianbao.model.report import Report

# How far the site of a body is, in words.
SITES = {"published": "已公布", "changed": "与报送的不同", "absent": "没有", "unreachable": "打不开"}
_AT_ONCE = 8
_PIECE = 65_536
_TOLD = 3
_GONE = frozenset({404, 410})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a site may take: *seconds* in all, and bytes of an answer."""

    seconds: float = 20.0
    size: int = 30_000_000


_LIMITS = Limits()


class FetchError(Exception):
    """An address could not be read; the text says why, in Chinese. Where nothing is there, *gone*."""

    def __init__(self, why: str, *, gone: bool = False) -> None:
        super().__init__(why)
        self.gone = gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the site of a body shows of a year: its *state*, see `SITES`, and a *note* on what is wrong."""

    state: str
    note: str = ""


def address_of(member: Member, year: int) -> str:
    """Return where the site of *member* offers the report of *year* as JSON."""
    return urljoin(site_address(member.site) or member.site, f"{year}/downloads/{member.id}-{year}.json")


def fetched(address: str, limits: Limits = _LIMITS) -> bytes:
    """Return what the server answers at *address*. Raises FetchError, also for what is too large or too slow."""
    deadline = time.monotonic() + limits.seconds
    opener = urllib.request.build_opener(_SameHost(urlsplit(address).hostname or ""))
    request = urllib.request.Request(address, headers={"User-Agent": "nianbao"})  # noqa: S310  # its scheme is checked
    try:
        with opener.open(request, timeout=limits.seconds) as answer:
            content = bytearray()
            while piece := answer.read1(_PIECE):
                content += piece
                if len(content) > limits.size:
                    message = f"超过了 {limits.size // 1_000_000} MB"
                    raise FetchError(message)
                if time.monotonic() > deadline:
                    message = f"超过 {limits.seconds:g} 秒没有读完"
                    raise FetchError(message)
            return bytes(content)
    except urllib.error.HTTPError as error:
        message = f"服务器回答 {error.code}"
        raise FetchError(message, gone=error.code in _GONE) from error
    except TimeoutError as error:
        message = f"超过 {limits.seconds:g} 秒没有回答"
        raise FetchError(message) from error
    except (OSError, HTTPException, ValueError) as error:
        message = "服务器没有应答，或者应答不是网页"
        raise FetchError(message) from error


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows an answer that leads elsewhere only on the same *host*."""

    def __init__(self, host: str) -> None:
        self._host = host

    def redirect_request(  # noqa: PLR0913, PLR0917  # those of the class
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        parts = urlsplit(newurl)
        if parts.scheme not in {"http", "https"} or parts.hostname != self._host:
            message = "服务器让到别的网站去读，没有去"
            raise FetchError(message)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch_all(wanted: Sequence[tuple[Member, int]], limits: Limits = _LIMITS) -> Iterator[bytes | FetchError]:
    """Yield what the sites of bodies offer as JSON for a year each, or why not, in the order of what is *wanted*."""

    def one(pair: tuple[Member, int]) -> bytes | FetchError:
        try:
            return fetched(address_of(*pair), limits)
        except FetchError as error:
            return error

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        yield from pool.map(one, wanted)


def seen(content: bytes | FetchError, report: Report | None, number: str) -> Seen:
    """Return how what a site shows, or why it shows nothing, goes with *report* and its check *number*.

    The number is empty where the words are not known as they were published; then only cells are compared.
    """
    if isinstance(content, FetchError):
        return Seen(state="absent" if content.gone else "unreachable", note=str(content))
    try:
        shown = read_json(content.decode("utf-8-sig"))
    except (RefusedError, UnicodeDecodeError):
        return Seen(state="unreachable", note="网站上的 JSON 读不出来")
    if (shown.document or {}).get("status") == "draft":
        return Seen(state="absent", note="网站上的还是草稿")
    if report is None:
        return Seen(state="published", note="没有可以对照的报告")
    wrong = _otherwise(shown, report, number)
    return Seen(state="changed" if wrong else "published", note=wrong)


def _otherwise(shown: Download, report: Report, number: str) -> str:
    """Return what a site shows otherwise than *report*, or nothing."""
    there = {reading.address: reading.value for reading in shown.readings}
    other = [(address, old, there[address]) for address, old in _written(report) if there.get(address, old) != old]
    if other:
        cells = "，".join(f"{address} 报送 {old}、网站 {new}" for address, old, new in other[:_TOLD])
        return cells + (f"等 {len(other)} 格" if len(other) > _TOLD else "")
    theirs = str((shown.document or {}).get("check_number") or "")
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
