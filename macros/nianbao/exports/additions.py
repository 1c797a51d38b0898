"""The downloads as files of the site."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from nianbao.exports.downloads import open_downloads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.exports.formats import Download
    from nianbao.pages.session import Session

# Below the logger of MkDocs, so that it shows in the terminal; it is no warning, which would stop the build.
log = logging.getLogger("mkdocs.plugins.nianbao")


def download_files(session: Session) -> Iterator[Download]:
    """Yield every download of the site; tell in the terminal which kinds could not be made, and why."""
    downloads = open_downloads(session)
    for report in downloads.reports():
        yield from downloads.year(report).files
    yield from downloads.all_years()
    for remark in downloads.remarks():
        log.info("%s", remark)
    downloads.finish()
