"""Files of the site that no page makes, such as downloads and feeds; alike under every engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.cache.content import held
from nianbao.exports.additions import download_files
from nianbao.metadata.feed import FEED_PATH, feed
from nianbao.picture.macros import picture_files
from nianbao.publishing.latest import LATEST_PATH, latest_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from nianbao.cache.content import Content
    from nianbao.pages.session import Session


@dataclass(frozen=True, slots=True)
class Addition:
    """A file of the site: its *path* below the site, in ASCII and with slashes, and its *content*."""

    path: str
    content: Content


def _downloads(session: Session) -> Iterator[Addition]:
    yield from (Addition(item.path, item.content) for item in download_files(session))


def _pictures(session: Session) -> Iterator[Addition]:
    yield from (Addition(path, content) for path, content in picture_files(session))


def _latest(session: Session) -> Iterator[Addition]:
    page = latest_page(session)
    if page is not None:
        yield Addition(LATEST_PATH, held(page.encode()))


def _feed(session: Session) -> Iterator[Addition]:
    content = feed(session)
    if content is not None:
        yield Addition(FEED_PATH, held(content.encode()))


# Each returns the files of one kind for the years that readers may see.
_MAKERS: tuple[Callable[[Session], Iterable[Addition]], ...] = (_downloads, _pictures, _latest, _feed)


def additions(session: Session) -> Iterator[Addition]:
    """Yield every file to add to the site of *session*. The same data give the same bytes."""
    for maker in _MAKERS:
        yield from maker(session)


def write_additions(session: Session, site: Path) -> None:
    """Write every addition into the folder *site*."""
    for addition in additions(session):
        path = site / addition.path
        path.parent.mkdir(parents=True, exist_ok=True)
        addition.content.write(path)
