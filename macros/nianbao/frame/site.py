"""What of a frame the templates and the site are given."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from nianbao.frame.judging import frame_problems
from nianbao.frame.pictures import picture_names, pieces
from nianbao.installation import PACKAGE
from nianbao.model.frame import LARGEST
from nianbao.reading.disk import read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.frame import Fragment, Frame

# Where the files of the frame lie in the site.
FOLDER = "assets/frame"
STYLE = f"{FOLDER}/frame.css"


def frame_facts(frame: Frame | None, *, preview: bool) -> dict[str, Any]:
    """Return what templates find as ``config.extra.frame``; nothing where there is no frame.

    ``home``, ``column`` (or None) and ``links`` have ``name`` and ``address``, ``tags`` are pairs. ``head`` and
    ``foot`` are pairs of HTML and of a file whose address from the page follows it, if any. ``scripts`` are pairs of
    the address at another site and of a file; one of them is empty. A preview loads none, for to open a draft is no
    visit, and shows no HTML that is refused.
    """
    if frame is None:
        return {}
    shown = not (preview and any(frame_problems(frame)))
    return {
        "style": STYLE,
        "home": asdict(frame.home),
        "column": asdict(frame.column) if frame.column is not None else None,
        "links": [asdict(link) for link in frame.links],
        "logo": _path(frame.logo if shown else ""),
        "head": _pairs(frame.header if shown else None),
        "foot": _pairs(frame.footer if shown else None),
        "tags": [list(tag) for tag in frame.tags],
        "scripts": [] if preview else [[program.address, _path(program.file)] for program in frame.programs],
    }


def frame_files(frame: Frame | None) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the site that the *frame* needs, by their paths."""
    if frame is None:
        return
    yield STYLE, (PACKAGE / "frame" / "frame.css").read_bytes()
    for name in sorted(picture_names(frame) | {program.file for program in frame.programs if program.file}):
        yield _path(name), read_bytes(frame.folder / name, LARGEST)


def _path(name: str) -> str:
    return f"{FOLDER}/{name}" if name else ""


def _pairs(fragment: Fragment | None) -> list[list[str]]:
    return [[html, _path(file)] for html, file in pieces(fragment)] if fragment is not None else []
