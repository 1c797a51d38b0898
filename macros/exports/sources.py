"""What the document of a report is read from, so that files made from it are found again without reading it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from macros.exports.cache import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from macros.pages.session import Session


@dataclass(frozen=True, slots=True)
class _Data:
    """The *digest* of all data and forms."""

    digest: bytes


def document_sources(session: Session, year: int) -> tuple[bytes, bytes] | None:
    """Return digests of the data with the forms, and of the pages of *year*; any figure may stand in any page.

    None is returned where a page has tags, which may take in files from anywhere, or cannot be read.
    """
    try:
        pages = [(path.name, path.read_bytes()) for path in sorted((session.docs / str(year)).glob("*.md"))]
        data = session.memo.get(_Data)
        if not isinstance(data, _Data):
            files = [(path.relative_to(session.data).as_posix(), path.read_bytes()) for path in _files(session.data)]
            forms = canonical(session.portal.forms)
            data = session.memo[_Data] = _Data(_digest([*files, ("", forms)]))
    except OSError:
        return None
    if any(b"{%" in content for _, content in pages):
        return None
    return data.digest, _digest(pages)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _digest(files: Iterable[tuple[str, bytes]]) -> bytes:
    digest = hashlib.sha256()
    for name, content in files:
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.digest()
