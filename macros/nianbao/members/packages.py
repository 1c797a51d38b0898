"""A Data Package (datapackage.json, versions 1 and 2) with the tables of a report: where they are, what they must be.

Source: the Data Package Standard, `Data Resource` and the glossary's `URL or Path`.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from nianbao.members.fetching import FetchError
from nianbao.model.dataset import package_forms
from nianbao.reading.addresses import machine_address

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

# One of ours has 20 kB.
_LARGEST = 1_000_000
_TOLD = 5
_SHOWN = 40
_DIGITS = 12
_NAME = "datapackage.json"
# Without a name it is MD5, which the standard has from its beginning.
_HASH = re.compile(r"(?:(?P<kind>[a-z0-9-]{1,20}):)?(?P<digest>[0-9a-fA-F]{32,128})")
_KINDS = ("md5", "sha1", "sha256", "sha512")


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """The file of a *table* at a *path*, an address or relative to that of the package.

    It must have *size* bytes, as the package writes that, and by the algorithm *kind* its *digest*; what the package
    does not say is empty.
    """

    table: str
    path: str
    size: str
    kind: str
    digest: str

    def check(self, file: Path) -> None:
        """Raise FetchError where *file* is not what the package says."""
        size = file.stat().st_size
        if self.size and str(size) != self.size:
            message = f"{self.table} 的文件有 {size} 个字节，{_NAME} 写的是 {self.size} 个"
            raise FetchError(message)
        if not self.digest:
            return
        with file.open("rb") as content:
            found = hashlib.file_digest(content, self.kind).hexdigest()
        if found != self.digest:
            message = f"{self.table} 的文件校验值是 {found[:_DIGITS]}…，{_NAME} 写的是 {self.digest[:_DIGITS]}…"
            raise FetchError(message)


def read_package(path: Path) -> tuple[Resource, ...]:
    """Return the tables of the Data Package in the file at *path*, none where it is no Data Package.

    Raises FetchError where a table is missing, or a file is named in a way that the standard forbids.
    """
    if path.stat().st_size > _LARGEST:
        return ()
    try:
        document = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return ()
    resources = document.get("resources") if isinstance(document, dict) else None
    if not isinstance(resources, list):
        return ()
    named = {str(one.get("name", "")).replace("-", "_"): one for one in resources if isinstance(one, dict)}
    tables = _tables()
    missing = [table for table in tables if table not in named]
    if missing:
        others = "、".join(_shown(name) for name in list(named)[:_TOLD]) or "没有别的"
        message = f"{_NAME} 里缺 {'、'.join(missing)}（resources 里的 name），有的是 {others}"
        raise FetchError(message)
    return tuple(_resource(table, named[table]) for table in tables)


def _tables() -> Sequence[str]:
    """Return the ids of the tables that any form has."""
    forms = (form for form in package_forms().editions.values() if form is not None)
    return tuple(dict.fromkeys(table.id for form in forms for table in form.tables))


def _resource(table: str, written: Mapping[str, Any]) -> Resource:
    path, size, hash_ = (written.get(name) for name in ("path", "bytes", "hash"))
    if isinstance(path, list) and len(path) == 1:
        (path,) = path
    if not isinstance(path, str) or not _allowed(path):
        there = f"实际为“{_shown(str(path))}”" if path is not None else "没有写"
        message = f"{_NAME} 里 {table} 的文件（path）应为它旁边的文件或网址，{there}"
        raise FetchError(message)
    found = _HASH.fullmatch(str(hash_)) if hash_ is not None else None
    kind = (found["kind"] or "md5") if found is not None else ""
    if hash_ is not None and kind not in _KINDS:
        message = f"{_NAME} 里 {table} 的校验值（hash）应为 {'、'.join(_KINDS)} 之一，实际为“{_shown(str(hash_))}”"
        raise FetchError(message)
    return Resource(
        table=table,
        path=path if "://" in path else quote(path, safe="/%"),
        size=_shown(str(size)) if size is not None else "",
        kind=kind,
        digest=found["digest"].lower() if found is not None else "",
    )


def _allowed(path: str) -> bool:
    """Say whether the standard allows *path*: an address, or a file beside or below the package that is not hidden."""
    if "://" in path:
        return machine_address(path) is not None
    parts = path.split("/")
    return "\\" not in path and ":" not in parts[0] and not any(not part or part.startswith(".") for part in parts)


def _shown(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
