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

from macros.keeping.cache import canonical
from macros.keeping.noting import NotedReports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from macros.keeping.cache import Cache
    from macros.model.portal import Portal
    from macros.pages.session import Session

# A page with such tags may take in files from anywhere.
_TAG = b"{%"


@dataclass(frozen=True, kw_only=True)
class Yearly:
    """The sources of *portal*: its folders *data* and *docs*; *place* is how messages call the latter.

    It lives no longer than one reading of the data; two of the same reading are equal.
    """

    portal: Portal
    data: Path
    docs: Path
    place: str

    @cached_property
    def common(self) -> str:
        """The digest of what every year may depend on; of the reports only which there are."""
        portal = self.portal
        return _digest(
            canonical(
                (
                    self.place,
                    portal.agency,
                    portal.profile,
                    portal.forms,
                    portal.years,
                    tuple(portal.reports),
                    portal.findings,
                )
            )
        )

    @cached_property
    def reports(self) -> dict[int, str]:
        """The digests of the reports by year."""
        return {year: _digest(canonical(report)) for year, report in self.portal.reports.items()}

    def kept(self, cache: Cache, kind: str, years: Iterable[int], make: Callable[[Portal], str]) -> str:
        """Return what *make* makes of the portal, from *cache* where it holds.

        *make* reads files of *years* alone, the first of which it is about, and takes reports only from the
        portal that it is given.
        """
        chosen = tuple(years)
        files = self._files(chosen)
        if files is None:
            return make(self.portal)
        source = (self.common, chosen, files, self.reports.get(chosen[0], ""))
        found = cache.find(kind, source, self._holds)
        if found is None:
            noted = NotedReports(self.portal.reports)
            text = make(replace(self.portal, reports=noted))
            asked = {year: self.reports.get(year, "") for year in sorted(noted.asked)}
            if self._files(chosen) == files:  # Else something was saved meanwhile, and none knows which was read.
                cache.keep(kind, source, json.dumps([asked, text]).encode())
            return text
        return str(json.loads(found)[1])

    def _holds(self, content: bytes) -> bool:
        asked = json.loads(content)[0]
        return all(self.reports.get(int(year), "") == told for year, told in asked.items())

    def _files(self, years: Iterable[int]) -> str | None:
        """Return the digest of the files of *years*, or None where they cannot tell what pages take in."""
        digest = hashlib.sha256()
        try:
            for year in years:
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
        yearly = Yearly(portal=session.portal, data=session.data, docs=session.docs, place=session.file(""))
        session.memo[Yearly] = yearly
    return yearly


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
