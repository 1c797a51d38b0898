"""Digests of reports, by which what was made from them is found again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.cache.cache import canonical
from nianbao.cache.content import digest_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nianbao.pages.session import Session


@dataclass(frozen=True, slots=True)
class _Digests:
    by_year: Mapping[int, str]


def report_digests(session: Session) -> Mapping[int, str]:
    """Return the digests of the reports of *session* by year, worked out when they are first asked for."""
    found = session.memo.get(_Digests)
    if not isinstance(found, _Digests):
        found = _Digests({year: digest_of(canonical(report)) for year, report in session.dataset.reports.items()})
        session.memo[_Digests] = found
    return found.by_year
