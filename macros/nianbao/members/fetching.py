"""Addresses of others read within limits: of one host alone, so many bytes and so many seconds for all of them.

A server that sends head or body byte by byte, one that never ends, and one that leads elsewhere are given up.
"""

from __future__ import annotations

import io
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from http.client import HTTPMessage
    from pathlib import Path
    from socket import socket
    from typing import IO

_PIECE = 65_536
_GONE = frozenset({404, 410})
_REDIRECTION = 3
_ELSEWHERE = "服务器让到别的网站去读，没有去"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the site of a body may take: *seconds* in all, and bytes of all that it answers."""

    seconds: float = 20.0
    size: int = 30_000_000


class FetchError(Exception):
    """What an address should give cannot be had; the text says why, in Chinese. Where nothing is there, *gone*."""

    def __init__(self, why: str, *, gone: bool = False) -> None:
        super().__init__(why)
        self.gone = gone


class Fetcher:
    """Reads addresses of one *host* within *limits* for all of them together; the time begins now."""

    def __init__(self, host: str, limits: Limits) -> None:
        self._host = host
        self._budget = _Budget(limits)
        self._opener = urllib.request.build_opener(
            _SameHost(host), _Plain(self._budget.connect), _Encrypted(self._budget.connect)
        )

    def fetch(self, address: str, path: Path) -> None:
        """Write what the server answers at *address* to *path*.

        Raises FetchError, also for what is too large, too slow or of another host; OSError where *path* cannot be
        written.
        """
        with path.open("wb") as file:
            for piece in self._pieces(address):
                file.write(piece)

    def _pieces(self, address: str) -> Iterator[bytes]:
        _same_host(address, self._host)
        request = urllib.request.Request(address, headers={"User-Agent": "nianbao"})  # noqa: S310  # its scheme is checked
        try:
            with self._opener.open(request, timeout=self._budget.seconds()) as answer:
                while piece := answer.read1(_PIECE):
                    yield piece
        except urllib.error.HTTPError as error:
            error.close()
            if error.code // 100 == _REDIRECTION:  # To no address of the web, or in a circle.
                raise FetchError(_ELSEWHERE) from error
            message = f"服务器回答 {error.code}"
            raise FetchError(message, gone=error.code in _GONE) from error
        except TimeoutError as error:
            raise self._budget.late() from error
        except (OSError, HTTPException, ValueError) as error:
            if isinstance(getattr(error, "reason", None), TimeoutError):
                raise self._budget.late() from error
            message = "服务器没有应答，或者应答不是网页"
            raise FetchError(message) from error


def _same_host(address: str, host: str) -> None:
    """Raise FetchError for an *address* that is none of the web, or of another *host*."""
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or parts.hostname != host:
        raise FetchError(_ELSEWHERE)


class _Budget:
    """What may still be read, of *limits* that begin now."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._deadline = time.monotonic() + limits.seconds
        self._left = limits.size

    def seconds(self) -> float:
        """Return how long reading may still take. Raises FetchError when that is over."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise self.late()
        return left

    def late(self) -> FetchError:
        """Return what is told when the time is over."""
        return FetchError(f"超过 {self._limits.seconds:g} 秒没有读完")

    def take(self, count: int) -> None:
        """Count bytes. Raises FetchError where they are too many."""
        self._left -= count
        if self._left < 0:
            message = f"超过了 {self._limits.size / 1_000_000:g} MB"
            raise FetchError(message)

    def connect(self, kind: type[HTTPConnection]) -> Callable[..., HTTPConnection]:
        """Return what makes connections of a *kind* whose answers, head and all, are read within the limits."""
        budget = self

        class Limited(HTTPResponse):
            def __init__(self, sock: socket, *rest: Any, **named: Any) -> None:  # noqa: ANN401  # those of the class
                super().__init__(sock, *rest, **named)
                self.fp.close()
                self.fp = io.BufferedReader(_Limited(sock, budget))

        def made(host: str, **named: Any) -> HTTPConnection:  # noqa: ANN401  # those of the class
            connection = kind(host, **{**named, "timeout": budget.seconds()})
            connection.response_class = Limited
            return connection

        return made


class _Limited(io.RawIOBase):
    """What a socket gives, counted, each time no longer waited for than the *budget* has left."""

    def __init__(self, sock: socket, budget: _Budget) -> None:
        self._socket = sock
        self._raw = sock.makefile("rb", buffering=0)
        self._budget = budget

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401  # that of the class
        self._socket.settimeout(self._budget.seconds())
        count = self._raw.readinto(buffer)
        self._budget.take(count or 0)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Plain(urllib.request.HTTPHandler):
    def __init__(self, connect: Callable[[type[HTTPConnection]], Callable[..., HTTPConnection]]) -> None:
        super().__init__()
        self._connect = connect

    def http_open(self, req: urllib.request.Request) -> HTTPResponse:
        return self.do_open(self._connect(HTTPConnection), req)


class _Encrypted(urllib.request.HTTPSHandler):
    def __init__(self, connect: Callable[[type[HTTPConnection]], Callable[..., HTTPConnection]]) -> None:
        super().__init__()
        self._connect = connect

    def https_open(self, req: urllib.request.Request) -> HTTPResponse:
        return self.do_open(self._connect(HTTPSConnection), req)


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows an answer that leads elsewhere only on the same *host*."""

    def __init__(self, host: str) -> None:
        self._host = host

    def redirect_request(  # noqa: PLR0913, PLR0917  # those of the class
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        try:
            _same_host(newurl, self._host)
        except FetchError:
            fp.close()
            raise
        return super().redirect_request(req, fp, code, msg, headers, newurl)
