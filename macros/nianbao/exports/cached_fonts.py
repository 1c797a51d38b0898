"""Which fonts this machine has, kept as long as nothing has changed where fonts lie: to read them all takes long."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from nianbao.documents.font_folders import fonts_stamp
from nianbao.documents.fonts import FontSet, find_fonts, folders_of, system_fonts

if TYPE_CHECKING:
    from nianbao.cache.cache import Cache


def cached_fonts(cache: Cache) -> FontSet:
    """Return what `find_fonts` finds on this machine, from *cache* where it holds. Raises FontError likewise."""
    kept = cache.find("fonts", (), _holds)
    if kept is not None:
        _, _, families, key = json.loads(kept)
        return FontSet(families={role: tuple(names) for role, names in families.items()}, key=key, load=system_fonts)
    found = find_fonts()
    folders = folders_of(found.source)
    record = [folders, fonts_stamp(folders), found.families, found.key]
    cache.keep("fonts", (), json.dumps(record).encode())
    return found


def _holds(content: bytes) -> bool:
    """Say whether nothing has changed where fonts lie, their own folders among it: the system may name any."""
    folders, stamp, *_ = json.loads(content)
    return bool(fonts_stamp(folders) == stamp)
