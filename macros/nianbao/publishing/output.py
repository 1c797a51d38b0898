"""The folder that is published: a new site grows beside it and takes its place in one step."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.data_files.exchanging import ExchangeUnknownError, exchange
from nianbao.publishing import replacing
from nianbao.publishing.keeping import keep
from nianbao.reading.disk import reason
from nianbao.reading.legible import one_line

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# How a site was published, in the words of the command.
IN_ONE_STEP = "一步换上"
BY_TWO_NAMES = "用两次改名换上（此系统不能一步交换两个文件夹，其间有一瞬没有网站；中断后再生成一次即恢复）"
FILE_BY_FILE = "逐个文件更新（此文件夹是挂载的，不能整个替换；先写附件和样式，再写页面，最后删去旧文件）"

_MOUNTED = frozenset({errno.EBUSY, errno.EXDEV})


class OutputError(Exception):
    """The site cannot be put where it is asked for; the text says why, in Chinese, on one line."""

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


class TargetError(OutputError):
    """The folder that is asked for is none for a site."""


@dataclass(frozen=True, slots=True)
class Staging:
    """A site that grows at *path* until it takes the place of *target*; until then it is locked by *lock*.

    Both lie in one folder, and so on one file system: the container of *path* is ``.site.building``.
    """

    path: Path
    target: Path
    lock: int | None

    @classmethod
    def beside(cls, target: Path, root: Path, sources: Iterable[Path]) -> Staging:
        """Return a staging, whose *path* is not made yet, for *target*, whose links are followed.

        Raises TargetError where *target* is, holds or lies in one of the *sources*, or holds *root*, or where it
        has files that are no site; OutputError where nothing can be written and while another build is under way.
        """
        target = target.resolve()
        for source in (path.resolve() for path in sources):
            if target == source or source in target.parents or target in source.parents:
                message = f"网站不能生成到 {target}：那里有源文件；请换一个文件夹"
                raise TargetError(message)
        if target == root.resolve() or target in root.resolve().parents or target.is_file():
            message = f"网站不能生成到 {target}；请换一个文件夹"
            raise TargetError(message)
        try:
            if target.name.startswith(".") or not _is_site(target):
                message = f"{target} 里有不是网站的文件，不能用网站替换它；请换一个文件夹，或先清空它"
                raise TargetError(message)
            target.parent.mkdir(parents=True, exist_ok=True)
            container = target.with_name(f".{target.name}.building")
            lock = _locked(container)
            _clear(container, target)
        except OSError as error:
            message = f"不能在 {target.parent} 里写文件（{reason(error)}）；请检查权限和磁盘，原来的网站没有变"
            raise OutputError(message) from error
        return cls(container / "new", target, lock)

    @property
    def container(self) -> Path:
        """The folder that holds the new site, and what else a build needs on the way."""
        return self.path.parent

    def publish(self, *, keeping: bool = False) -> str:
        """Put the new site in place of the old one and say how; hidden files of the old one stay.

        Wherever the process ends, the target holds the old site or the new one. A folder that cannot be
        replaced, such as a mounted volume, gets the new files one by one instead.
        With *keeping* the old site is kept (see `nianbao.publishing.keeping`), but not that of a mounted folder.
        """
        try:
            replacing.let_all_read(self.path)
            replacing.keep_hidden(self.target, self.path)
            way = self._take_place()
        except OSError as error:
            message = f"不能替换 {self.target}（{reason(error)}）；原来的网站没有变"
            raise OutputError(message) from error
        if way == FILE_BY_FILE:
            lacking = replacing.lacking_room(self.path, self.target)
            if lacking:
                message = (
                    f"不能更新 {self.target} 里的文件（磁盘已满，还差 {-(-lacking // 1_000_000)} MB）；"
                    "原来的网站没有变，请腾出空间再生成一次"
                )
                raise OutputError(message)
            try:
                replacing.replace_contents(self.path, self.target)
            except OSError as error:
                message = (
                    f"不能更新 {self.target} 里的文件（{reason(error)}）；有的文件已是新的，有的还是旧的，都完整；"
                    "请检查权限和磁盘，再生成一次就全部换好"
                )
                raise OutputError(message) from error
        elif keeping:
            self._keep_old(way)
        self.remove()
        return way

    def _keep_old(self, way: str) -> None:
        """Keep the site that was replaced. The new one is published already: what fails here is no failure of that."""
        old = self.path if way == IN_ONE_STEP else _old(self.container)
        if old.is_dir():
            with contextlib.suppress(OSError):
                keep(old, self.target)

    def _take_place(self) -> str:
        """Exchange the two folders and say how, or that they cannot be."""
        try:
            if not self.target.exists():
                self.path.rename(self.target)
            else:
                exchange(self.path, self.target)
        except ExchangeUnknownError:
            old = _old(self.container)
            self.target.rename(old)
            try:
                self.path.rename(self.target)
            except OSError:
                old.rename(self.target)
                raise
            return BY_TWO_NAMES
        except OSError as error:
            if error.errno not in _MOUNTED:
                raise
            return FILE_BY_FILE
        return IN_ONE_STEP

    def remove(self) -> None:
        """Remove what is left of the build, and let others begin."""
        shutil.rmtree(self.container, ignore_errors=True)
        if self.lock is not None:
            with contextlib.suppress(OSError):
                os.close(self.lock)


def _is_site(target: Path) -> bool:
    """Say whether *target* may be replaced: it is not there, holds nothing to see, or is an earlier site."""
    if not target.exists() or (target / "404.html").is_file():
        return True
    return all(path.name.startswith(".") for path in target.iterdir())


def _locked(container: Path) -> int | None:
    """Make the folder *container* and hold it against other builds; the system lets go when the process ends.

    None stands for a system that cannot lock: Windows, and some network drives.
    """
    while True:
        container.mkdir(exist_ok=True)
        if sys.platform == "win32":
            return None
        try:
            handle = os.open(container, os.O_RDONLY | os.O_DIRECTORY)
        except FileNotFoundError:  # Another build has ended between the two calls.
            continue
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            message = (
                f"另一个命令正在生成 {container.parent / container.name[1:].removesuffix('.building')}；请等它结束"
            )
            raise OutputError(message) from None
        except OSError:
            os.close(handle)
            return None
        if os.path.exists(container) and os.path.samestat(os.fstat(handle), container.stat()):  # noqa: PTH110  # same
            return handle
        os.close(handle)  # It was removed by the build that held it.


def _old(container: Path) -> Path:
    """Return where the old site waits between two renames."""
    return container / "old"


def _clear(container: Path, target: Path) -> None:
    """Remove what a build that was killed has left; put back the old site if it died between two renames."""
    if _old(container).exists() and not target.exists():
        _old(container).rename(target)
    for path in container.iterdir():
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
