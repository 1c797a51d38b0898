"""Contents that are known by size and digest, and read only where they are written out."""

from __future__ import annotations

import hashlib
import io
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class OtherContentError(RuntimeError):
    """What was made again is not what it was: it depends on something that its key does not hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Bytes: how many, their SHA-256, and what opens them; whoever opens them reads just these or none.

    Opening raises OtherContentError where they are lost and cannot be made again as they were.
    """

    size: int
    digest: str
    open: Callable[[], BinaryIO]

    def read(self) -> bytes:
        """Return the bytes."""
        with self.open() as file:
            return file.read()

    def write(self, path: Path) -> None:
        """Write the bytes to *path*, some at a time."""
        with self.open() as source, path.open("wb") as target:
            shutil.copyfileobj(source, target)


def held(content: bytes) -> Content:
    """Return *content*, held in memory."""
    return Content(size=len(content), digest=digest_of(content), open=lambda: io.BytesIO(content))


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of *content*."""
    return hashlib.sha256(content).hexdigest()
