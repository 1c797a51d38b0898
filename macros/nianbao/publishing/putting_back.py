"""A kept site put in the place of the published one."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from nianbao.publishing.keeping import remove
from nianbao.publishing.replacing import copy_linked

if TYPE_CHECKING:
    from nianbao.lifecycle.site_record import Site
    from nianbao.publishing.output import Staging


def put_back(site: Site, staging: Staging) -> str:
    """Put the kept *site* in the place of that of *staging*, which is kept in turn, and say how.

    Wherever the process ends, the published site is whole, and *site* is still kept or published. Raises OutputError.
    """
    copy_linked(site.path, staging.path)
    way = staging.publish(keeping=True)
    with contextlib.suppress(OSError):  # Then it is both published and kept.
        remove(site.path)
    return way
