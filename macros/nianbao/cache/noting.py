"""Reports that note which of them are asked for, so that what is made from them is known to depend on those alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.report import Report


class NotedReports(Mapping[int, "Report"]):
    """The *reports* by year. `asked` are the years whose report was asked for, whether there is one or not.

    Which years there are is no secret: to count and to list them asks for none.
    """

    def __init__(self, reports: Mapping[int, Report]) -> None:
        self._reports = reports
        self.asked: set[int] = set()

    def __getitem__(self, year: int) -> Report:
        """Return the report of *year*. Raises KeyError where there is none."""
        self.asked.add(year)
        return self._reports[year]

    def __contains__(self, year: object) -> bool:
        """Say whether there is a report of *year*."""
        return year in self._reports

    def __iter__(self) -> Iterator[int]:
        """Yield the years."""
        return iter(self._reports)

    def __len__(self) -> int:
        """Return how many reports there are."""
        return len(self._reports)
