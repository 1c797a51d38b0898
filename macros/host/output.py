"""The folder that is published: written beside the old one, then put in its place."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Staging:
    """A folder *path* in which a site grows until it takes the place of *target*."""

    path: Path
    target: Path

    @classmethod
    def beside(cls, target: Path) -> Staging:
        """Return an empty staging folder on the same file system as *target*."""
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(target)
        path = target.with_name(f".{target.name}.building.{os.getpid()}")
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir()
        return cls(path, target)

    def publish(self) -> None:
        """Put the new site in place of the old one by renaming."""
        old = self.target.with_name(f".{self.target.name}.old.{os.getpid()}")
        if self.target.exists():
            self.target.rename(old)
        self.path.rename(self.target)
        shutil.rmtree(old, ignore_errors=True)

    def remove(self) -> None:
        """Remove the unfinished site."""
        shutil.rmtree(self.path, ignore_errors=True)


def _remove_leftovers(target: Path) -> None:
    """Remove what builds that were killed have left; put back the old site if one died between two renames."""
    for path in target.parent.glob(f".{target.name}.old.*"):
        if not _alive(path):
            if target.exists():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.rename(target)
    for path in target.parent.glob(f".{target.name}.building.*"):
        if not _alive(path):
            shutil.rmtree(path, ignore_errors=True)


def _alive(path: Path) -> bool:
    """Say whether the process whose number ends the name of *path* still runs."""
    number = path.name.rpartition(".")[2]
    if not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return int(number) != os.getpid()
