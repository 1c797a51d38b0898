"""The downloads as files of the site."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from macros.exports.shelf import open_shelf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from macros.exports.kinds import Download
    from macros.pages.session import Session

# Below the logger of MkDocs, so that it shows in the terminal; it is no warning, which would stop the build.
log = logging.getLogger("mkdocs.plugins.nianbao")


def download_files(session: Session) -> Iterator[Download]:
    """Yield every download of the site; tell in the terminal which kinds could not be made, and why."""
    shelf = open_shelf(session)
    for report in shelf.reports():
        yield from shelf.year(report).downloads
    yield from shelf.all_years()
    for remark in shelf.remarks():
        log.info("%s", remark)
    shelf.finish()
