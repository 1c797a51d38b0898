"""The kinds of bodies that report, and by when each must have published (《条例》第四十九条)."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of body: its *title*, the *deadline* as month and day of the year after, and what that rests on.

    *governs* says that it is a government, whose report also tells of 工作考核、社会评议和责任追究.
    """

    title: str
    deadline: tuple[int, int]
    basis: str
    governs: bool = False

    def due(self, year: int) -> dt.date:
        """Return the last day on which the report of *year* is in time."""
        return dt.date(year + 1, *self.deadline)


_JANUARY = (1, 31)
_DEPARTMENT = "条例第四十九条第一款规定的期限"
# The regulation names departments and governments from the county up; all others report to those that add them up.
_OTHERS = "条例没有另定，参照第四十九条第一款的期限"

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "government": Kind(
            title="县级以上人民政府", deadline=(3, 31), basis="条例第四十九条第二款规定的期限", governs=True
        ),
        "township": Kind(title="乡镇人民政府", deadline=_JANUARY, basis=_OTHERS, governs=True),
        "department": Kind(title="政府部门", deadline=_JANUARY, basis=_DEPARTMENT),
        "dispatched": Kind(title="派出机构", deadline=_JANUARY, basis=_OTHERS),
        "institution": Kind(title="直属事业机构等其他主体", deadline=_JANUARY, basis=_OTHERS),
    }
)
KIND_TITLES: Mapping[str, str] = MappingProxyType({name: kind.title for name, kind in KINDS.items()})

_BY_NAME = (
    (re.compile("(?:乡|镇)(?:人民政府)?$"), "township"),
    (re.compile("街道(?:办事处)?$"), "dispatched"),
    (re.compile("人民政府$"), "government"),
)


def kind_by_name(name: str) -> str:
    """Return the kind that the *name* of a body tells; a person must look it over."""
    return next((kind for pattern, kind in _BY_NAME if pattern.search(name)), "department")


def due_by(kind: str, local: tuple[int, int] | None, year: int) -> dt.date:
    """Return the last day for the report of *year* of a body of this *kind*, or an earlier one that is asked *local*ly.

    *local* is month and day in the year after.
    """
    statutory = KINDS[kind].due(year)
    return statutory if local is None else min(statutory, dt.date(year + 1, *local))
