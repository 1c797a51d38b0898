"""Files of the site that no page makes, such as downloads and feeds; alike under every engine."""

from __future__ import annotations

import gzip
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from nianbao.cache.cache import held
from nianbao.comparison.macros import sheet_files
from nianbao.downloads.downloads import open_downloads
from nianbao.frame.site import frame_files
from nianbao.metadata.feed import FEED_PATH, feed
from nianbao.metadata.policy import page_policy
from nianbao.picture.macros import picture_files
from nianbao.publishing.search_figures import PATH as FIGURES_PATH
from nianbao.publishing.search_figures import search_figures
from nianbao.publishing.search_words import PATH as WORDS_PATH
from nianbao.publishing.search_words import search_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from nianbao.cache.cache import Content
    from nianbao.exports.formats import Download
    from nianbao.pages.session import Session


@dataclass(frozen=True, slots=True)
class Addition:
    """A file of the site: its *path* below the site, in ASCII and with slashes, and its *content*."""

    path: str
    content: Content


_LATEST_PATH = "latest/index.html"

# A page of its own making, and no page of the portal: it has no place in the menu, in search or in the site map.
_LATEST_PAGE = """\
<!doctype html>
<html lang="zh">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="{policy}">
    <meta name="viewport" content="width=device-width,initial-scale=1">
    <meta name="robots" content="noindex">
    <meta http-equiv="refresh" content="0; url={address}">
    <link rel="icon" href="../assets/images/favicon.png">
    <title>{title}</title>
  </head>
  <body>
    <main>
      <h1>最新的年度报告</h1>
      {notice}
      <p><a href="{address}">{title}</a></p>
    </main>
  </body>
</html>
"""


def _latest_page(session: Session) -> str | None:
    """Return a page that leads to the first page of the newest year that readers may see, or None without one."""
    reports = session.dataset.reports
    year = next((year for year in session.shown_years() if year in reports), None)
    if year is None:
        return None
    notice = Markup("<p>{}</p>").format(session.notice) if session.notice else ""
    return Markup(_LATEST_PAGE).format(  # noqa: S704  # our own text
        policy=Markup(page_policy(session.dataset.frame)),  # noqa: S704  # holds no mark of HTML
        address=f"../{year}/index.html",
        title=reports[year].title,
        notice=notice,
    )


# Below the logger of MkDocs, so that it shows in the terminal; it is no warning, which would stop the build.
log = logging.getLogger("mkdocs.plugins.nianbao")


def download_files(session: Session) -> Iterator[Download]:
    """Yield every download of the site; tell in the terminal which kinds could not be made, and why."""
    downloads = open_downloads(session)
    for report in downloads.reports():
        yield from downloads.year(report).files
    yield from (*downloads.all_years(), *downloads.bodies())
    for remark in downloads.remarks():
        log.info("%s", remark)
    downloads.finish()


def _downloads(session: Session) -> Iterator[Addition]:
    yield from (Addition(item.path, item.content) for item in download_files(session))


def _pictures(session: Session) -> Iterator[Addition]:
    yield from (Addition(path, content) for path, content in picture_files(session))
    yield from (Addition(path, content) for path, content in sheet_files(session))


def _latest(session: Session) -> Iterator[Addition]:
    page = _latest_page(session)
    if page is not None:
        yield Addition(_LATEST_PATH, held(page.encode()))


def _feed(session: Session) -> Iterator[Addition]:
    content = feed(session)
    if content is not None:
        yield Addition(FEED_PATH, held(content.encode()))


def _search(session: Session) -> Iterator[Addition]:
    yield Addition(FIGURES_PATH, held(search_figures(session)))
    yield Addition(WORDS_PATH, held(search_words()))


def _frame(session: Session) -> Iterator[Addition]:
    yield from (Addition(path, held(content)) for path, content in frame_files(session.dataset.frame))


# Each returns the files of one kind for the years that readers may see.
_MAKERS: tuple[Callable[[Session], Iterable[Addition]], ...] = (
    *(_downloads, _pictures),
    *(_latest, _feed, _search, _frame),
)


def additions(session: Session) -> Iterator[Addition]:
    """Yield every file to add to the site of *session*. The same data give the same bytes."""
    for maker in _MAKERS:
        yield from maker(session)


@dataclass(frozen=True, slots=True)
class Written:
    """The SHA-256 of every addition of a build by its path in the site."""

    digests: Mapping[str, str]


def compress_site_map(site: Path) -> None:
    """Compress the site map once more where the host has: what it writes tells the time of the build."""
    compressed = site / "sitemap.xml.gz"
    if compressed.is_file():
        compressed.write_bytes(gzip.compress((site / "sitemap.xml").read_bytes(), mtime=0))


def write_additions(session: Session, site: Path) -> None:
    """Write every addition into the folder *site*; `written_of` tells them afterwards."""
    digests: dict[str, str] = {}
    for addition in additions(session):
        path = site / addition.path
        path.parent.mkdir(parents=True, exist_ok=True)
        addition.content.write(path)
        digests[addition.path] = addition.content.digest
    session.memo.keep(Written(digests))


def written_of(session: Session) -> Written:
    """Return what was added to the site of *session*. Raises LookupError before that."""
    return session.memo.kept(Written)
