"""The macro of the picture of a year, and the picture as a file of its own."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO

from nianbao.cache.cache import FOLDER, Cache, canonical, digest_of, report_digests
from nianbao.documents.fonts import FontError, cached_fonts
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
        report = session.report()
        return render(_picture(session, report), pixels=_pixels(session, report, _cache(session)) is not None)

    return {"year_picture": year_picture}


def picture_files(session: Session) -> Iterator[tuple[str, Content]]:
    """Yield path below the site and content of the picture of every year that readers may see, drawn and in pixels.

    Without a Chinese font there are no pixels; why, the downloads tell of PDF.
    """
    cache = _cache(session)
    for year in session.shown_years():
        report = session.dataset.reports.get(year)
        if report is not None:
            yield (
                f"{year}/picture.svg",
                cache.content("picture", _source(session, report), partial(_draw, session, report)),
            )
            pixels = _pixels(session, report, cache)
            if pixels is not None:
                yield f"{year}/picture.png", pixels
    cache.prune()


def _cache(session: Session) -> Cache:
    return Cache(session.root / FOLDER / "pictures")


def _source(session: Session, report: Report) -> tuple[str, ...]:
    """Return what a picture depends on."""
    digests = report_digests(session)
    previous = session.previous(report)
    before = digests[previous.year] if previous is not None else ""
    return digest_of(canonical(session.dataset.forms)), digests[report.year], before, session.notice


def _pixels(session: Session, report: Report, cache: Cache) -> Content | None:
    """Return the picture for where no drawings are shown, such as messengers; None without a Chinese font."""
    try:
        fonts = cached_fonts(Cache(session.root / FOLDER))
    except FontError:
        return None

    def make(file: BinaryIO) -> None:
        from nianbao.picture.pixels import pixels  # the typesetter takes long to load

        file.write(pixels(poster(_picture(session, report), session.notice), fonts))

    return cache.content("pixels", (*_source(session, report), fonts.key), make)


def _draw(session: Session, report: Report, file: BinaryIO) -> None:
    file.write(poster(_picture(session, report), session.notice))


def _picture(session: Session, report: Report) -> YearPicture:
    return picture_of(report, session.previous(report), session.dataset.forms)
