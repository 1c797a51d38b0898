"""Contents that earlier builds have made, found again by what they were made from."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import functools
import hashlib
import importlib.metadata
import json
import os
import sys
import zlib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(".cache") / "nianbao"

# What makes the contents beside our own code.
_LIBRARIES = (
    *("jinja2", "markdown", "markupsafe", "pyyaml"),
    *("xlsxwriter", "python-docx", "lxml", "typst", "pyarrow"),
)


class Cache:
    """Contents in *folder*, each in a file named by its key and its own digest.

    A file that is damaged is not used; one that cannot be written is done without. Files take their
    place in a single step, so that several builds may share the folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._used: set[str] = set()

    def get(self, kind: str, source: object, make: Callable[[], bytes]) -> bytes:
        """Return what *make* makes from *source*, which must hold all that it depends on (see `canonical`)."""
        content = self.find(kind, source)
        if content is None:
            content = make()
            self.keep(kind, source, content)
        return content

    def find(self, kind: str, source: object, holds: Callable[[bytes], bool] | None = None) -> bytes | None:
        """Return what was kept for *source*, or None; of several contents the first of which *holds* is true."""
        key = _key(kind, source)
        for path in sorted(self._folder.glob(f"{key}.*")):
            with contextlib.suppress(OSError):
                content = path.read_bytes()
                if path.name == _name(key, content) and (holds is None or holds(content)):
                    self._used.add(path.name)
                    return content
        return None

    def keep(self, kind: str, source: object, content: bytes) -> None:
        """Keep *content* for *source*."""
        name = _name(_key(kind, source), content)
        beside = self._folder / f".{name}.{os.getpid()}"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(content)
            beside.replace(self._folder / name)
        except OSError:  # A full disk or a folder that is read-only costs time and nothing else.
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
        self._used.add(name)

    def prune(self) -> None:
        """Remove what has not been asked for since this cache was opened."""
        for path in self._folder.glob("*") if self._folder.is_dir() else ():
            if path.name not in self._used:
                with contextlib.suppress(OSError):
                    path.unlink()


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


def _name(key: str, content: bytes) -> str:
    return f"{key}.{hashlib.sha256(content).hexdigest()}"


def canonical(value: object) -> bytes:
    """Return the one way to write down *value*: dataclasses, collections, text, numbers, days and bytes."""
    return json.dumps(value, ensure_ascii=True, default=_simple, separators=(",", ":")).encode()


def _simple(value: object) -> object:
    if dataclasses.is_dataclass(value):
        return [type(value).__name__, *(getattr(value, field.name) for field in dataclasses.fields(value))]
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
