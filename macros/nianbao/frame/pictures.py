"""The pictures that the HTML of a frame shows: files beside it, which lie elsewhere as seen from each page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nianbao.reading.addresses import is_absolute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.frame import Fragment, Frame

# Up to the address of a picture, and that.
_PICTURE = re.compile(
    r"""(<img(?:[^"'>]|"[^"]*"|'[^']*')*?\ssrc\s*=\s*["']?)([^"'\s>]+)""",
    re.IGNORECASE,
)


def relative(address: str) -> bool:
    """Say whether *address* names something beside the page."""
    return not is_absolute(address.strip())


def pieces(fragment: Fragment) -> Iterator[tuple[str, str]]:
    """Yield the HTML of *fragment* in pieces, each with the file whose address follows it, or with nothing."""
    position = 0
    for found in _PICTURE.finditer(fragment.html):
        if relative(found[2]):
            yield fragment.html[position : found.end(1)], found[2]
            position = found.end()
    yield fragment.html[position:], ""


def picture_names(frame: Frame) -> frozenset[str]:
    """Return the names of all files that pages show of *frame*."""
    shown = {file for fragment in frame.fragments for _, file in pieces(fragment) if file}
    return frozenset(shown | ({frame.logo} if frame.logo else set()))
