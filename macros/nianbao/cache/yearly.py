"""What is worked out for a year, kept with everything that it was worked out from.

The pages, the data file and the snapshots of the year are known beforehand. Which other reports pages and
rules look at is noted while they run: what they gave holds as long as those reports are what they were.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from nianbao.cache.cache import canonical
from nianbao.cache.noting import NotedReports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from nianbao.cache.cache import Cache
    from nianbao.model.dataset import Dataset
    from nianbao.pages.session import Session

# A page with such tags may take in files from anywhere.
_TAG = b"{%"


@dataclass(frozen=True, kw_only=True)
class Yearly:
    """The sources of *dataset*: its folders *data* and *docs*; *place* is how messages call the latter.

    It lives no longer than one reading of the data; two of the same reading are equal.
    """

    dataset: Dataset
    data: Path
    docs: Path
    place: str

    @cached_property
    def common(self) -> str:
        """The digest of what every year may depend on; of the reports only which there are."""
        dataset = self.dataset
        return _digest(
            canonical(
                (
                    self.place,
                    dataset.agency,
                    dataset.profile,
                    dataset.forms,
                    dataset.years,
                    tuple(dataset.reports),
                    sorted(dataset.drafts),
                    dataset.findings,
                )
            )
        )

    @cached_property
    def reports(self) -> dict[int, str]:
        """The digests of the reports by year."""
        return {year: _digest(canonical(report)) for year, report in self.dataset.reports.items()}

    def kept(self, cache: Cache, kind: str, years: Iterable[int], make: Callable[[Dataset], str]) -> str:
        """Return what *make* makes of the portal, from *cache* where it holds.

        *make* reads files of *years* alone, the first of which it is about, and takes reports only from the
        portal that it is given.
        """
        chosen = tuple(years)
        found = self.find(cache, kind, chosen)
        if found is None:
            noted = NotedReports(self.dataset.reports)
            found = make(replace(self.dataset, reports=noted))
            self.keep(cache, kind, chosen, found, noted.asked)
        return found

    def find(self, cache: Cache, kind: str, years: Iterable[int], more: object = None) -> str | None:
        """Return what is kept of *years* and *more*, or None where that does not hold any longer."""
        source = self._source(tuple(years), more)
        found = None if source is None else cache.find(kind, source, self._holds)
        return None if found is None else str(json.loads(found)[1])

    def keep(  # noqa: PLR0913, PLR0917  # what it is kept as, made from, and found again by
        self, cache: Cache, kind: str, years: Iterable[int], text: str, asked: Iterable[int], more: object = None
    ) -> None:
        """Keep *text*, made from the files of *years*, from *more* and from the reports of the years *asked*."""
        chosen = tuple(years)
        source = self._source(chosen, more)
        # Else something was saved meanwhile, and none knows which was read.
        if source is not None and [self._read(year) for year in chosen] == self._files(chosen):
            told = {year: self.reports.get(year, "") for year in sorted(asked)}
            cache.keep(kind, source, json.dumps([told, text]).encode())

    def _source(self, years: tuple[int, ...], more: object) -> object | None:
        """Return all that is known beforehand of what *years* depend on, or None where that cannot be told."""
        files = self._files(years)
        own = self.reports.get(years[0], "") if years else ""
        return None if files is None else (self.common, years, files, own, more)

    def _holds(self, content: bytes) -> bool:
        asked = json.loads(content)[0]
        return all(self.reports.get(int(year), "") == told for year, told in asked.items())

    def _files(self, years: tuple[int, ...]) -> list[str] | None:
        """Return the digests of the files of *years* as they first were, or None where `_read` has none."""
        digests = []
        for year in years:
            if year not in self._first:
                self._first[year] = self._read(year)
            digests.append(self._first[year])
        known = [digest for digest in digests if digest is not None]
        return known if len(known) == len(digests) else None

    @cached_property
    def _first(self) -> dict[int, str | None]:
        """The digests of the files of each year, as they were when they were first asked for."""
        return {}

    def _read(self, year: int) -> str | None:
        """Return the digest of the files of *year*, or None where they cannot tell what pages take in."""
        digest = hashlib.sha256()
        try:
            for name, path in self._paths(year):
                content = path.read_bytes()
                if path.suffix == ".md" and _TAG in content:
                    return None
                digest.update(f"{name}\0{len(content)}\0".encode("utf-8", "backslashreplace") + content)
        except OSError:
            return None
        return digest.hexdigest()

    def _paths(self, year: int) -> Iterator[tuple[str, Path]]:
        """Yield the files of *year* with their names: pages and what lies beside them, data, what was published."""
        pages = self.docs / str(year)
        if pages.is_dir():
            yield from (
                (path.relative_to(self.docs).as_posix(), path) for path in sorted(pages.rglob("*")) if path.is_file()
            )
        for pattern in (f"{year}.yml", f"published/{year}-*", f".{year}.new/*"):
            yield from ((path.relative_to(self.data).as_posix(), path) for path in sorted(self.data.glob(pattern)))


def open_yearly(session: Session) -> Yearly:
    """Return the sources of *session*, the same whenever they are asked for."""
    yearly = session.memo.get(Yearly)
    if not isinstance(yearly, Yearly):
        yearly = Yearly(dataset=session.dataset, data=session.data, docs=session.docs, place=session.file(""))
        session.memo[Yearly] = yearly
    return yearly


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
