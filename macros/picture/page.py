"""The macro of the picture of a year, and the picture as a file of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from macros.picture.html import render
from macros.picture.model import year_picture as picture_of
from macros.picture.poster import poster

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from macros.model.report import Report
    from macros.pages.session import Session
    from macros.picture.model import YearPicture


def picture_macros(session: Session) -> dict[str, Callable[..., Any]]:
    """Return the macro by name, bound to *session* and guarded."""

    def year_picture() -> str:
        """Return the picture of the page's year, heading and all."""
        return render(_picture(session, session.report()))

    return {"year_picture": session.guard(year_picture, block=True)}


def picture_files(session: Session) -> Iterator[tuple[str, bytes]]:
    """Yield path below the site and content of the picture of every year that readers may see."""
    reports = session.portal.reports
    for year in session.shown_years():
        if year in reports:
            yield f"{year}/picture.svg", poster(_picture(session, reports[year]))


def _picture(session: Session, report: Report) -> YearPicture:
    shown = report.year - 1 in session.shown_years()
    previous = session.portal.reports.get(report.year - 1) if shown else None
    return picture_of(report, previous, session.portal.forms)
