"""The macro of the picture of a year, and the picture as a file of its own."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO

from nianbao.cache.cache import FOLDER, Cache, canonical, digest_of, report_digests
from nianbao.picture.html import render
from nianbao.picture.model import year_picture as picture_of
from nianbao.picture.poster import poster

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nianbao.cache.cache import Content
    from nianbao.model.report import Report
    from nianbao.pages.session import Session
    from nianbao.picture.model import YearPicture


def picture_macros(session: Session) -> dict[str, Callable[..., Any]]:
    """Return the macro by name, bound to *session*."""

    def year_picture() -> str:
        """Return the picture of the page's year, heading and all."""
        return render(_picture(session, session.report()))

    return {"year_picture": year_picture}


def picture_files(session: Session) -> Iterator[tuple[str, Content]]:
    """Yield path below the site and content of the picture of every year that readers may see."""
    cache = Cache(session.root / FOLDER / "pictures")
    digests = report_digests(session)
    forms = digest_of(canonical(session.dataset.forms))
    for year in session.shown_years():
        report = session.dataset.reports.get(year)
        if report is not None:
            previous = session.previous(report)
            source = (forms, digests[year], digests[previous.year] if previous is not None else "", session.notice)
            yield f"{year}/picture.svg", cache.content("picture", source, partial(_draw, session, report))
    cache.prune()


def _draw(session: Session, report: Report, file: BinaryIO) -> None:
    file.write(poster(_picture(session, report), session.notice))


def _picture(session: Session, report: Report) -> YearPicture:
    return picture_of(report, session.previous(report), session.dataset.forms)
