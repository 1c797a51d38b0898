"""Contents that earlier builds have made, found again by what they were made from."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import functools
import hashlib
import hmac
import importlib.metadata
import io
import json
import re
import secrets
import shutil
import sys
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from nianbao.cache.secret import user_secret
from nianbao.reading.disk import size_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from nianbao.pages.session import Session


class OtherContentError(RuntimeError):
    """What was made again is not what it was: it depends on something that its key does not hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Bytes: how many, their SHA-256, and what opens them; whoever opens them reads just these or none.

    Opening raises OtherContentError where they are lost and cannot be made again as they were.
    """

    size: int
    digest: str
    open: Callable[[], BinaryIO]

    def read(self) -> bytes:
        """Return the bytes."""
        with self.open() as file:
            return file.read()

    def write(self, path: Path) -> None:
        """Write the bytes to *path*, some at a time."""
        with self.open() as source, path.open("wb") as target:
            shutil.copyfileobj(source, target)


def held(content: bytes) -> Content:
    """Return *content*, held in memory."""
    return Content(size=len(content), digest=digest_of(content), open=lambda: io.BytesIO(content))


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of *content*."""
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True, slots=True)
class _Digests:
    by_year: Mapping[int, str]


def report_digests(session: Session) -> Mapping[int, str]:
    """Return the digests of the reports of *session* by year, worked out when they are first asked for."""
    reports = session.dataset.reports
    digests = session.memo.once(
        _Digests, lambda: _Digests({year: digest_of(canonical(report)) for year, report in reports.items()})
    )
    return digests.by_year


FOLDER = Path(".cache") / "nianbao"

_NAME = re.compile(r"(?P<known>[0-9a-f]{64}\.[0-9]+\.[0-9a-f]{64})\.(?P<seal>[0-9a-f]{64})")
# What a build is writing, and files of version 0.1.0.
_OTHER_NAMES = re.compile(r"\.[0-9a-f]{64}\.[0-9a-f]{16}|[0-9a-f]{64}\.[0-9]+\.[0-9a-f]{64}")

# No content takes so many seconds to write; a file that is older was left by a build that was ended.
_WRITING = 3600

# What makes the contents beside our own code.
_LIBRARIES = (
    *("jinja2", "markdown", "markupsafe", "pyyaml"),
    *("xlsxwriter", "python-docx", "lxml", "typst"),
)


class Cache:
    """Contents in *folder*, each in a file named by its key, its size and its digest, and sealed with *secret*.

    A file that is damaged, or that no build of the same user has put there, is not used; one that cannot be written
    is done without. Files take their place in a single step, so that several builds may share the folder and remove
    what others have made.
    """

    def __init__(self, folder: Path, secret: bytes | None = None) -> None:
        self._folder = folder
        self._secret = user_secret() if secret is None else secret
        self._used: set[str] = set()

    def content(self, kind: str, source: object, make: Callable[[BinaryIO], object]) -> Content:
        """Return what *make* writes from *source*, which must hold all that it depends on (see `canonical`).

        Nothing is read before the content is opened; what is damaged or gone by then is made again.
        """
        key = _key(kind, source)
        for name in self._named(key):
            with contextlib.suppress(OSError):
                if size_of(self._folder / name) == _size(name):
                    return self._kept(name, make)
        return self._put(key, make)

    def find(self, kind: str, source: object, holds: Callable[[bytes], bool] | None = None) -> bytes | None:
        """Return what was kept for *source*, or None; of several contents the first of which *holds* is true."""
        key = _key(kind, source)
        for name in self._named(key):
            with contextlib.suppress(OSError):
                path = self._folder / name
                content = path.read_bytes() if size_of(path) == _size(name) else b""
                if digest_of(content) == _digest(name) and (holds is None or holds(content)):
                    self._used.add(name)
                    return content
        return None

    def path(self, kind: str, source: object) -> Path | None:
        """Return the file that holds what was kept for *source*, for a library that reads files; None without one."""
        for name in self._named(_key(kind, source)):
            path = self._folder / name
            if is_whole(path):
                self._used.add(name)
                return path
        return None

    def filed(self, kind: str, source: object, content: bytes) -> Path:
        """Keep *content* for *source* and return the file that holds it. Raises OSError where it cannot be written."""
        name = self._written(_key(kind, source), lambda file: file.write(content))
        self._used.add(name)
        return self._folder / name

    def keep(self, kind: str, source: object, content: bytes) -> None:
        """Keep *content* for *source*."""
        self._put(_key(kind, source), lambda file: file.write(content))

    def prune(self) -> None:
        """Remove what has not been asked for since this cache was opened, and not what others are about to put.

        Files that no cache has put there stay.
        """
        for path in _inside(self._folder):
            named = _NAME.fullmatch(path.name) or _OTHER_NAMES.fullmatch(path.name)
            if named and path.name not in self._used:
                with contextlib.suppress(OSError):
                    if not path.name.startswith(".") or path.stat().st_mtime < time.time() - _WRITING:
                        path.unlink()

    @functools.cached_property
    def _names(self) -> dict[str, list[str]]:
        """The names of the files by their keys, as they were when first asked for and with those put since."""
        names: dict[str, list[str]] = {}
        for name in sorted(path.name for path in _inside(self._folder)):
            named = _NAME.fullmatch(name)
            if named and hmac.compare_digest(named["seal"], self._seal(named["known"])):
                names.setdefault(name.partition(".")[0], []).append(name)
        return names

    def _seal(self, known: str) -> str:
        """Return what only who knows the secret can write behind what is *known* of a content."""
        return hmac.digest(self._secret, known.encode(), "sha256").hex()

    def _named(self, key: str) -> tuple[str, ...]:
        return tuple(self._names.get(key, ()))

    def _put(self, key: str, make: Callable[[BinaryIO], object]) -> Content:
        """Return what *make* writes, in a file or, where there can be none, in memory."""
        try:
            return self._kept(self._written(key, make), make)
        except OSError:  # A full disk or a folder that is read-only costs time and memory and nothing else.
            return held(_made(make))

    def _written(self, key: str, make: Callable[[BinaryIO], object]) -> str:
        """Write what *make* writes into a file, and return its name. Raises OSError."""
        beside = self._folder / f".{key}.{secrets.token_hex(8)}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with beside.open("x+b") as file:  # No other build writes into it.
                make(file)
                size = file.tell()
                file.seek(0)
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            known = f"{key}.{size}.{digest}"
            name = f"{known}.{self._seal(known)}"
            beside.replace(self._folder / name)
        finally:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
        if name not in self._named(key):
            self._names.setdefault(key, []).append(name)
        return name

    def _kept(self, name: str, make: Callable[[BinaryIO], object]) -> Content:
        self._used.add(name)
        return Content(size=_size(name), digest=_digest(name), open=lambda: self._open(name, make))

    def _open(self, name: str, make: Callable[[BinaryIO], object]) -> BinaryIO:
        """Open the file *name*; where it is gone or damaged, make its content again."""
        with contextlib.suppress(OSError), contextlib.ExitStack() as opened:
            file = opened.enter_context((self._folder / name).open("rb"))
            if hashlib.file_digest(file, "sha256").hexdigest() == _digest(name):
                file.seek(0)
                opened.pop_all()
                return file
        content = _made(make)
        if digest_of(content) != _digest(name):
            message = f"{self._folder / name} is lost, and what was made again differs"
            raise OtherContentError(message)
        self._put(name.partition(".")[0], lambda file: file.write(content))
        return io.BytesIO(content)


def is_whole(path: Path) -> bool:
    """Say whether the file at *path*, which a cache has put there, is still what its name says."""
    try:
        if size_of(path) != _size(path.name):
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == _digest(path.name)
    except OSError:
        return False


def _inside(folder: Path) -> tuple[Path, ...]:
    """Return what lies in *folder*: nothing where there is no folder yet, or none that can be read."""
    try:
        return tuple(folder.iterdir())
    except OSError:
        return ()


def _made(make: Callable[[BinaryIO], object]) -> bytes:
    file = io.BytesIO()
    make(file)
    return file.getvalue()


def _size(name: str) -> int:
    return int(name.split(".")[1])


def _digest(name: str) -> str:
    return name.split(".")[2]


@functools.cache
def _program() -> bytes:
    """Return the digest of our code and the versions of what it calls."""
    package = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256(f"{sys.version} {zlib.ZLIB_RUNTIME_VERSION}".encode())
    for library in _LIBRARIES:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            digest.update(f"{library} {importlib.metadata.version(library)}\n".encode())
    files = (path for path in package.rglob("*") if path.is_file() and path.parent.name != "__pycache__")
    for path in sorted(files):
        digest.update(path.relative_to(package).as_posix().encode() + path.read_bytes())
    return digest.digest()


def _key(kind: str, source: object) -> str:
    return hashlib.sha256(b"\0".join((kind.encode(), _program(), canonical(source)))).hexdigest()


def canonical(value: object) -> bytes:
    """Return the one way to write down *value*: dataclasses, collections, text, numbers, days and bytes."""
    return json.dumps(value, ensure_ascii=True, default=_simple, separators=(",", ":")).encode()


def all_words(value: object) -> str:
    """Return *value* written down as `canonical` does, with the characters of its texts as they are."""
    return json.dumps(value, ensure_ascii=False, default=_simple)


def _simple(value: object) -> object:
    names = _fields(type(value))  # type: ignore[arg-type]  # mypy takes the hash of its instances for that of a class
    if names:
        return [type(value).__name__, *(getattr(value, name) for name in names)]
    match value:
        case bytes():
            return hashlib.sha256(value).hexdigest()
        case Mapping():
            return [[key, value[key]] for key in value]
        case frozenset():
            return sorted(value)
        case Decimal() | dt.date() | Path():
            return str(value)
    raise TypeError(type(value).__name__)


@functools.cache
def _fields(kind: type) -> tuple[str, ...]:
    """Return the names of the fields of a dataclass, none for any other type."""
    return tuple(field.name for field in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else ()
