"""Files that were dropped onto the desk, until a command has read them."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from nianbao.data_files.writing import put
from nianbao.reading.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# A scanned report of a hundred pages has some 30 MB.
LARGEST = 50_000_000
_MOST = 20
_LONGEST = 120
# What no system takes in a name, and names that Windows keeps for itself.
_FORBIDDEN = re.compile(
    r'[\x00-\x1f\x7f<>:"/\\|?*]|^\.|[. ]$|^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)', re.IGNORECASE
)


class Inbox:
    """The folder at *path*, which need not exist yet and holds nothing else."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def take(self, name: str, content: bytes) -> None:
        """Keep a file called *name*, in place of an older one. Raises RefusedError where it cannot be taken."""
        path = self._at(name)
        if not content:
            message = f"{name} 是空的；请检查文件"
            raise RefusedError(message)
        kept = [file for file in self.path.iterdir() if file != path] if self.path.is_dir() else []
        if len(kept) >= _MOST:
            message = f"一份报告最多 {_MOST} 个文件；许多机关的报告请用 nianbao import --batch"
            raise RefusedError(message)
        self.path.mkdir(parents=True, exist_ok=True)
        put(path, content)

    def clear(self) -> None:
        """Take all files away."""
        for path in self.path.iterdir() if self.path.is_dir() else ():
            if path.is_file():
                path.unlink()

    def files(self, names: Sequence[str]) -> list[Path]:
        """Return the paths of the files called *names*. Raises RefusedError where one is not there."""
        paths = [self._at(name) for name in names]
        for path in paths:
            if not path.is_file():
                message = f"{path.name} 没有收到；请再放一次"
                raise RefusedError(message)
        return paths

    def _at(self, name: str) -> Path:
        plain = unicodedata.normalize("NFC", name)
        if not plain or len(plain) > _LONGEST or _FORBIDDEN.search(plain) or not plain.isprintable():
            message = "文件名太长，或者有不能用的字符；请改短、改成普通文字后再放"
            raise RefusedError(message)
        return self.path / plain
