"""Where fonts lie on a machine, and whether anything there has changed, found without reading a font."""

from __future__ import annotations

import hashlib
import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def fonts_stamp(others: Iterable[str] = ()) -> str:
    """Return a digest that differs where fonts were added, replaced or removed, or are looked for elsewhere.

    It tells of the folders in which the typesetter looks on this system, of what names further ones, and of *others*.
    """
    digest = hashlib.sha256(version("typst").encode())
    for path in (*_folders(), *map(Path, others)):
        for line in _tree(path):
            digest.update(line.encode("utf-8", "backslashreplace"))
    return digest.hexdigest()


def _folders() -> Iterator[Path]:
    """Yield the folders and files from which the typesetter takes fonts, and the names of folders of fonts."""
    home = _home()
    if sys.platform == "win32":
        yield Path(os.environ.get("SYSTEMROOT", "C:\\Windows")) / "Fonts"
        yield from (home / "AppData" / kind / "Microsoft" / "Windows" / "Fonts" for kind in ("Local", "Roaming"))
    elif sys.platform == "darwin":
        yield from (Path("/Library/Fonts"), Path("/System/Library/Fonts"), Path("/Network/Library/Fonts"))
        yield home / "Library" / "Fonts"
        yield from sorted(Path("/System/Library/AssetsV2").glob("com_apple_MobileAsset_Font*"))
    else:
        yield from (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".fonts")
        yield Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "fonts"
        yield from (Path("/etc/fonts"), Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "fontconfig")
        yield Path(os.environ.get("FONTCONFIG_FILE") or "/etc/fonts/fonts.conf")


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:  # A process may run for no one; then it has no fonts of its own.
        return Path()


def _tree(top: Path) -> Iterator[str]:
    """Yield the files at and below *top*, with their sizes and times."""
    yield _line(top)
    for folder, below, files in os.walk(top):
        below.sort()
        for name in sorted((*below, *files)):
            yield _line(Path(folder, name))


def _line(path: Path) -> str:
    try:
        status = path.stat()
    except OSError:
        return f"{path}\n"
    return f"{path} {status.st_size} {status.st_mtime_ns}\n"
