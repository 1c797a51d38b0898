"""The last sites, kept beside the one that is published, so that one of them can be put back."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

from nianbao.lifecycle.site_record import read_site

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.lifecycle.site_record import Site

# So many sites are kept besides the published one.
MOST = 5

_NAME = re.compile("[1-9][0-9]*")  # Counted, for clocks go wrong.
_GONE = "gone-"


def kept_sites(target: Path) -> tuple[Site, ...]:
    """Return the sites that are kept beside *target*, the one last replaced first."""
    return tuple(read_site(path) for path in _kept(target) if (path / "404.html").is_file())


def keep(old: Path, target: Path) -> None:
    """Move the site *old*, which *target* has replaced, to those kept, and remove what is too many.

    Hidden files of a site, such as .git, are not kept. Raises OSError.
    """
    if not (old / "404.html").is_file():
        return
    for path in [path for path in old.iterdir() if path.name.startswith(".")]:
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    folder = _folder(target)
    folder.mkdir(mode=0o700, exist_ok=True)  # A server that serves what is beside the site must not show old ones.
    last = max((int(path.name) for path in _kept(target)), default=0)
    old.rename(folder / str(last + 1))
    for path in _kept(target)[MOST:]:
        remove(path)
    for path in folder.glob(f"{_GONE}*"):  # Left by a process that was killed.
        shutil.rmtree(path)


def remove(path: Path) -> None:
    """Remove a kept site, which is whole as long as it has its name."""
    gone = path.with_name(f"{_GONE}{path.name}")
    path.rename(gone)
    shutil.rmtree(gone)


def _folder(target: Path) -> Path:
    return target.with_name(f".{target.name}.kept")


def _kept(target: Path) -> list[Path]:
    folder = _folder(target)
    found = [path for path in folder.iterdir() if _NAME.fullmatch(path.name)] if folder.is_dir() else []
    return sorted(found, key=lambda path: int(path.name), reverse=True)
