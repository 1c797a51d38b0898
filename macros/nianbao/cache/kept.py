"""What one process has worked out of the files of a portal, found again as long as they have not changed.

A preview builds the whole portal after each save, of which all but one year is as it was. What is kept of a year says
by the digests of its sources what it was worked out from: the year's data file and pages, those of every other year
whose report was read meanwhile, which is noted where it is read, and all that belongs to no year.
A build that publishes keeps nothing.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

T = TypeVar("T")

_YEAR = re.compile(r"(?:19|20)[0-9]{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """The sources of a portal: a digest of what is *common* to all years, and one of each year.

    *stamps* tell of each file when it was written: as long as they are the same, nothing has been.
    """

    common: str
    years: Mapping[int, str]
    stamps: Mapping[Path, tuple[int, ...]]


def sources_of(settings: Path, data: Path, docs: Path) -> Sources:
    """Return the sources of the portal of the file *settings*, with the folders *data* and *docs*."""
    stamps = stamps_of(settings, data, docs)
    parts: dict[int | None, list[bytes]] = {None: []}
    for path in stamps:
        try:
            content = hashlib.sha256(path.read_bytes()).digest()
        except OSError as error:  # Gone meanwhile, or closed to us: so it is to those who read it.
            content = str(error.errno).encode()
        name = os.fsencode(path) + b"\0"
        parts[None].append(name)  # Which files there are concerns all years.
        parts.setdefault(_year_of(path, data, docs), []).append(name + content)
    digests = {year: hashlib.sha256(b"\0".join(found)).hexdigest() for year, found in parts.items()}
    common = digests.pop(None)
    return Sources(common=common, years=MappingProxyType(cast("dict[int, str]", digests)), stamps=stamps)


def stamps_of(settings: Path, data: Path, docs: Path) -> Mapping[Path, tuple[int, ...]]:
    """Return when each of the files was written, in their order; see `Sources`."""
    folders = (
        Path(folder, name)
        for root in (data, docs)
        for folder, _, names in os.walk(root, followlinks=True)
        for name in names
    )
    found: dict[Path, tuple[int, ...]] = {}
    for path in sorted({settings, *folders}):
        try:
            status = path.stat()
        except OSError:
            found[path] = ()
        else:
            found[path] = (status.st_mtime_ns, status.st_size, status.st_ino)
    return MappingProxyType(found)


def _year_of(path: Path, data: Path, docs: Path) -> int | None:
    """Return the year that *path* is the data file or a page of; None for all others, attachments too."""
    if path.parent == data and path.suffix == ".yml":
        name = path.stem
    elif path.parent.parent == docs and path.suffix == ".md":
        name = path.parent.name
    else:
        return None
    return int(name) if _YEAR.fullmatch(name) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A *value* and what it was worked out from: what is *common*, digests of *years*, and what else was *given*."""

    value: object
    common: Hashable
    years: Mapping[int, str]
    given: Hashable


@dataclass(slots=True)
class Kept:
    """What the last build has worked out or found again, of one portal. It is asked by one thread.

    A value may be read by later builds and is changed by none. *notes* take the years that are read, None for nobody.
    """

    notes: set[int] | None = None
    _sources: Sources = field(default_factory=lambda: Sources(common="", years={}, stamps={}))
    _more: Hashable = None
    _entries: dict[tuple[str, int], _Entry] = field(default_factory=dict)
    _made: dict[tuple[str, int], _Entry] = field(default_factory=dict)
    _pure: dict[tuple[str, Hashable], object] = field(default_factory=dict)
    _used: dict[tuple[str, Hashable], object] = field(default_factory=dict)

    def begin(self, sources: Sources) -> None:
        """Take note that a build begins, with the *sources* as they are before it reads them."""
        self._sources, self._more, self.notes = sources, None, None
        self._made, self._used = {}, {}

    def beside(self, more: Hashable) -> None:
        """Take note of what else all values of this build depend on."""
        self._more = more

    def end(self, stamps: Mapping[Path, tuple[int, ...]]) -> None:
        """Take note that the build is done. What it has made counts where no file has been written meanwhile."""
        if stamps == self._sources.stamps:
            known = self._sources.years
            self._entries = {key: entry for key, entry in {**self._entries, **self._made}.items() if key[1] in known}
        self._pure = self._used

    def value(self, kind: str, year: int, make: Callable[[], T]) -> T:
        """Return what *make* gives of *year*, which is never None; *kind* names it. One is not made within another."""
        found = self.found(kind, year)
        if found is not None:
            return cast("T", found)
        self.notes = notes = set[int]()
        try:
            made = make()
        finally:
            self.notes = None
        self.put(kind, year, made, notes)
        return made

    def found(self, kind: str, year: int, given: Hashable = None) -> object | None:
        """Return what is known of *year* where its sources are the same, and what is *given* beside them; else None."""
        entry = self._entries.get((kind, year))
        if entry is None or (entry.common, entry.given) != (self._common, given):
            return None
        now = self._sources.years
        return entry.value if all(now.get(one) == digest for one, digest in entry.years.items()) else None

    def put(self, kind: str, year: int, value: object, notes: Iterable[int], given: Hashable = None) -> None:
        """Keep the *value* of *year*, which was worked out from the reports of the years *notes* too."""
        now = self._sources.years
        years = MappingProxyType({one: now.get(one, "") for one in {year, *notes}})
        self._made[kind, year] = _Entry(value=value, common=self._common, years=years, given=given)

    def pure(self, kind: str, source: Hashable, make: Callable[[], T]) -> T:
        """Return what *make* gives, which depends on *source* and on nothing else."""
        key = kind, source
        found = self._pure[key] if key in self._pure else make()
        self._used[key] = found
        return cast("T", found)

    def noted(self, by_year: Mapping[int, T]) -> Mapping[int, T]:
        """Return *by_year* so that it is noted which years are read of it."""
        return _Noted(by_year, self._note)

    def _note(self, year: int) -> None:
        if self.notes is not None:
            self.notes.add(year)

    @property
    def _common(self) -> Hashable:
        return self._sources.common, self._more


class _Noted(Mapping[int, T]):
    """What *by_year* says; *note* is told each year that is asked for. Which years there are is common to all."""

    def __init__(self, by_year: Mapping[int, T], note: Callable[[int], None]) -> None:
        self._by_year = by_year
        self._note = note

    def __getitem__(self, year: int) -> T:
        self._note(year)
        return self._by_year[year]

    def __iter__(self) -> Iterator[int]:
        return iter(self._by_year)

    def __len__(self) -> int:
        return len(self._by_year)
