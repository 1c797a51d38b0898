"""The folder that is published: written beside the old one, then put in its place."""

from __future__ import annotations

import errno
import os
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


class OutputError(Exception):
    """The site cannot be put where it is asked for; the text says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Staging:
    """A folder *path* in which a site grows until it takes the place of *target*."""

    path: Path
    target: Path

    @classmethod
    def beside(cls, target: Path, root: Path, sources: Iterable[Path]) -> Staging:
        """Return an empty staging folder on the file system of *target*, whose links are followed.

        Raises OutputError where *target* is, holds or lies in one of the *sources*, or holds *root*; or where it
        has files that are no site.
        """
        target = target.resolve()
        for source in (path.resolve() for path in sources):
            if target == source or source in target.parents or target in source.parents:
                message = f"网站不能生成到 {target}：那里有源文件；请换一个 site_dir"
                raise OutputError(message)
        if target == root.resolve() or target in root.resolve().parents or target.is_file():
            message = f"网站不能生成到 {target}；请换一个 site_dir"
            raise OutputError(message)
        if target.name.startswith(".") or not _is_site(target):
            message = f"{target} 里有不是网站的文件，不能用网站替换它；请换一个 site_dir，或先清空它"
            raise OutputError(message)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            _clear_leftovers(target)
            path = target.with_name(f".{target.name}.building.{os.getpid()}")
            shutil.rmtree(path, ignore_errors=True)
            path.mkdir()
        except OSError as error:
            message = f"不能在 {target.parent} 里写文件（{error.strerror}）；请检查权限和磁盘"
            raise OutputError(message) from error
        return cls(path, target)

    def publish(self) -> None:
        """Put the new site in place of the old one by renaming; hidden files of the old one stay.

        A folder that cannot be renamed, such as a mounted volume, gets the new files instead.
        """
        old = self.target.with_name(f".{self.target.name}.old.{os.getpid()}")
        try:
            if self.target.exists():
                self.target.rename(old)
        except OSError as error:
            if error.errno not in {errno.EBUSY, errno.EXDEV}:
                message = f"不能替换 {self.target}（{error.strerror}）；原来的网站没有变"
                raise OutputError(message) from error
            try:
                self._replace_contents()
            except (OSError, shutil.Error) as failure:
                message = f"不能更新 {self.target} 里的文件（{failure}）；请检查后再生成一次"
                raise OutputError(message) from failure
            return
        try:
            self.path.rename(self.target)
        except OSError as error:
            if old.exists():
                old.rename(self.target)
            message = f"不能把新网站放到 {self.target}（{error.strerror}）；原来的网站没有变"
            raise OutputError(message) from error
        _discard(old, self.target)

    def remove(self) -> None:
        """Remove the unfinished site."""
        shutil.rmtree(self.path, ignore_errors=True)

    def _replace_contents(self) -> None:
        shutil.copytree(self.path, self.target, dirs_exist_ok=True)
        kept = {path.relative_to(self.path) for path in self.path.rglob("*")}
        for path in sorted(self.target.rglob("*"), reverse=True):
            relative = path.relative_to(self.target)
            if relative in kept or relative.parts[0].startswith("."):
                continue
            if path.is_dir() and not path.is_symlink():
                path.rmdir()
            else:
                path.unlink()
        self.remove()


def _is_site(target: Path) -> bool:
    """Say whether *target* may be replaced: it is not there, holds nothing to see, or is an earlier site."""
    if not target.exists() or (target / "404.html").is_file():
        return True
    return all(path.name.startswith(".") for path in target.iterdir())


def _discard(old: Path, target: Path) -> None:
    """Remove the *old* site after moving its hidden files, such as .git and .well-known, to *target*."""
    if not old.exists():
        return
    for path in _hidden(old):
        if not (target / path.name).exists():
            path.rename(target / path.name)
    shutil.rmtree(old, ignore_errors=True)


def _hidden(folder: Path) -> Iterator[Path]:
    yield from (path for path in sorted(folder.iterdir()) if path.name.startswith("."))


def _clear_leftovers(target: Path) -> None:
    """Remove what builds that were killed have left; put back the old site if one died between two renames."""
    for path in target.parent.glob(f".{target.name}.old.*"):
        if not _alive(path):
            if target.exists():
                _discard(path, target)
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
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return int(number) != os.getpid()
