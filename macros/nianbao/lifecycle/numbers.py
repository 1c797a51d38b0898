"""The check numbers of the reports of one build, each worked out when it is first asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nianbao.lifecycle.archive import claimed
from nianbao.lifecycle.record import check_number
from nianbao.lifecycle.snapshot import take
from nianbao.rules.judging import judged_of

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.model.report import Report
    from nianbao.pages.session import Session
    from nianbao.prose.passages import YearText

NUMBER_TITLE = "校验号"


@dataclass(slots=True)
class _Numbers:
    by_year: dict[int, str] = field(default_factory=dict)


def number_of(session: Session, report: Report) -> str:
    """Return the check number of what *report* says now, empty where its pages are at fault."""
    found = session.memo.once(_Numbers, _Numbers)
    if report.year not in found.by_year:
        pages = judged_of(session).texts.get(report.year)
        found.by_year[report.year] = number_from(report, pages, session.docs)
    return found.by_year[report.year]


def number_from(report: Report, pages: YearText | None, docs: Path) -> str:
    """Return the check number of what *report* says with its *pages*, which lie in the folder *docs*.

    It is empty where pages are missing or at fault.
    """
    if pages is None or not pages.complete:
        return ""
    previous = claimed(report)[-2][0] if report.corrections else ""
    return check_number(take(report, pages, docs / str(report.year)), previous)
