"""What is to be proved: the files of a folder or of a ZIP, none of which is trusted."""

from __future__ import annotations

import os
import re
import stat
import zipfile
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Protocol

from nianbao.model.project import WrongUseError
from nianbao.reading.archives import UNPACKING_ERRORS
from nianbao.reading.disk import reason

if TYPE_CHECKING:
    from collections.abc import Sequence

# No site of a hundred years comes near these; a ZIP that does is none.
_MOST_FILES, _LARGEST_FILE, _LARGEST_WHOLE = 50_000, 200_000_000, 2_000_000_000
# Text of a single character shrinks by a thousand; pages and data by thirty.
_MOST_SHRUNK, _SMALL = 200, 10_000_000

_ODD_NAME = re.compile(r"[\x00-\x1f\x7f\\]|\A[A-Za-z]:|\A/")


class UnreadableError(Exception):
    """A file cannot be read; the text says why, in Chinese."""


class Source(Protocol):
    """Files by their paths with slashes; *links* are those that lead elsewhere and are not followed."""

    names: tuple[str, ...]
    links: tuple[str, ...]

    def read(self, name: str) -> bytes:
        """Return the content of the file *name*. Raises UnreadableError."""


def open_source(path: Path) -> Source:
    """Return the files of the folder or ZIP at *path*.

    Raises WrongUseError where there is neither, or where the ZIP is none that may be opened.
    """
    if path.is_dir():
        return _Folder(path)
    if path.is_file():
        return _Archive(path)
    message = f"没有 {path}；请写网站的文件夹、一个年度的文件夹，或网站的 ZIP"
    raise WrongUseError(message)


class _Folder:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        names: list[str] = []
        links: list[str] = []
        for top, folders, files in os.walk(folder):
            below = Path(top).relative_to(folder)
            folders[:] = [name for name in folders if below != Path() or not name.startswith(".")]
            for name in (*folders, *(name for name in files if below != Path() or not name.startswith("."))):
                mode = os.lstat(Path(top, name)).st_mode
                if stat.S_ISREG(mode):
                    names.append((below / name).as_posix())
                elif not stat.S_ISDIR(mode):
                    links.append((below / name).as_posix())
        if len(names) > _MOST_FILES:
            message = f"{folder} 里的文件多于 {_MOST_FILES} 个，不是年度报告的网站"
            raise WrongUseError(message)
        self.names, self.links = tuple(sorted(names)), tuple(sorted(links))

    def read(self, name: str) -> bytes:
        path = self._folder / name
        try:
            if path.stat().st_size > _LARGEST_FILE:
                message = f"超过 {_LARGEST_FILE} 字节"
                raise UnreadableError(message)
            return path.read_bytes()
        except OSError as error:
            raise UnreadableError(reason(error)) from error


class _Archive:
    def __init__(self, path: Path) -> None:
        try:
            self._archive = zipfile.ZipFile(path)
        except UNPACKING_ERRORS as error:
            message = f"{path} 不是文件夹，也不是完好的 ZIP"
            raise WrongUseError(message) from error
        entries = [entry for entry in self._archive.infolist() if not entry.is_dir()]
        problem = _refused(entries)
        if problem:
            message = f"{path} 不能打开：{problem}"
            raise WrongUseError(message)
        self._entries = {entry.filename: entry for entry in entries}
        self.names: tuple[str, ...] = tuple(sorted(self._entries))
        self.links: tuple[str, ...] = ()

    def read(self, name: str) -> bytes:
        entry = self._entries[name]
        try:
            with self._archive.open(entry) as file:
                content = file.read(entry.file_size + 1)  # What is written of the size need not be true.
        except UNPACKING_ERRORS as error:
            message = "在 ZIP 里已经损坏，或加了密码"
            raise UnreadableError(message) from error
        if len(content) != entry.file_size:
            message = "与 ZIP 里写的大小不同"
            raise UnreadableError(message)
        return content


def _refused(entries: Sequence[zipfile.ZipInfo]) -> str:
    """Return why a ZIP of *entries* is not opened, empty where it may be."""
    if len(entries) > _MOST_FILES:
        return f"里面的文件多于 {_MOST_FILES} 个，不是年度报告的网站"
    if sum(entry.file_size for entry in entries) > _LARGEST_WHOLE:
        return "里面的文件太大，不是年度报告的网站"
    repeated = (name for name, count in Counter(entry.filename for entry in entries).items() if count > 1)
    if (twice := next(repeated, None)) is not None:
        return f"里面的“{_legible(twice)}”有两个"
    return next(filter(None, map(_odd, entries)), "")


def _odd(entry: zipfile.ZipInfo) -> str:
    """Return what is wrong with a file of a ZIP, empty where nothing is."""
    name, kind = entry.filename, stat.S_IFMT(entry.external_attr >> 16)
    parts = PurePosixPath(name).parts
    shown = f"里面的“{_legible(name)}”"
    if _ODD_NAME.search(name) or ".." in parts or not parts:
        return f"{shown}指向外面，或名称里有控制符"
    if kind not in {0, stat.S_IFREG}:
        return f"{shown}是链接或特殊文件"
    if entry.flag_bits & 1:
        return f"{shown}加了密码"
    shrunk = entry.file_size > _SMALL and entry.file_size > entry.compress_size * _MOST_SHRUNK
    return f"{shown}展开后大得不合常理" if shrunk or entry.file_size > _LARGEST_FILE else ""


def _legible(name: str) -> str:
    return name if name.isprintable() else name.encode("unicode_escape").decode()
