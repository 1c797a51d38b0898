"""The files that were sent: found in folders, unpacked from ZIP files, each with the name that its sender gave it."""

from __future__ import annotations

import contextlib
import os
import time
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.cache.cache import digest_of
from nianbao.importing.folder import FOLDER
from nianbao.model.project import WrongUseError
from nianbao.reading.archives import UNPACKING_ERRORS
from nianbao.reading.disk import FULL, reason
from nianbao.reading.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Endings of files that may be reports; what a file is, its content tells.
_WORDS = (".docx", ".doc", ".wps", ".rtf", ".odt", ".pdf", ".html", ".htm", ".mht", ".mhtml", ".txt", ".md")
_SHEETS = (".xlsx", ".xls", ".ods", ".et", ".json", ".csv")
ENDINGS = frozenset({*_WORDS, *_SHEETS})
_PACKED = frozenset({".rar", ".7z", ".tar", ".gz", ".tgz"})
# Of a ZIP: files, and bytes of all and of one unpacked. A ZIP in a ZIP in a ZIP is the last that is opened.
_MOST_FILES, _MOST_BYTES, _MOST_OF_ONE, _DEEPEST = 20_000, 4_000_000_000, 100_000_000, 3
_DEEPEST_FOLDER = 40  # Deeper ones are made by mistake.
_LOCKED, _IN_UTF8 = 0x1, 0x800  # of the flags of an entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file that was sent: *shown* is its name from what was named on, through folders and ZIP files.

    *folder* is that of the folder or ZIP it lies in, empty for what was named itself or lies at its top.
    *changed* is when it was last changed, in seconds.
    """

    path: Path
    shown: str
    folder: str
    changed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """All that was *found*, and by the name of a file why it was *refused*."""

    found: tuple[Found, ...]
    refused: tuple[tuple[str, str], ...]


def gather(paths: Sequence[Path], unpacked: Path) -> Gathered:
    """Return the files at or below *paths*, folders, ZIP or other files; ZIP files are unpacked below *unpacked*.

    Files that are hidden, links that lead elsewhere and what office programs leave beside open files are left out.
    """
    gathering = _Gathering(unpacked)
    for path in paths:
        whole = path.resolve()
        above = (whole.name,) if len(paths) > 1 else ()
        gathering.add_named(whole, above)
    return Gathered(found=tuple(gathering.found), refused=tuple(gathering.refused))


def _wanted(parts: Sequence[str]) -> bool:
    hidden = any(part.startswith((".", "~", "__MACOSX")) for part in parts)
    return not hidden and FOLDER not in parts and parts[-1].lower() not in {"thumbs.db", "desktop.ini"}


class _Gathering:
    """What was *found* and *refused* so far; what may still be unpacked grows less for all ZIP files together."""

    def __init__(self, unpacked: Path) -> None:
        self.found: list[Found] = []
        self.refused: list[tuple[str, str]] = []
        self._unpacked = unpacked
        self._files, self._bytes = _MOST_FILES, _MOST_BYTES

    def add(self, path: Path, parts: tuple[str, ...], *, folder: str, depth: int = 0) -> None:
        """Add the file at *path*, or what is in it where it is a ZIP."""
        shown, suffix = "/".join(parts), path.suffix.lower()
        try:
            if suffix in _PACKED:
                self.refused.append((shown, "这种压缩文件不能解开；请解压，或改用 ZIP"))
            elif suffix == ".zip":
                self._open(path, parts, depth)
            else:
                self.found.append(Found(path=path, shown=shown, folder=folder, changed=path.stat().st_mtime))
        except RefusedError as error:
            self.refused.append((shown, str(error)))
        except OSError as error:
            self.refused.append((shown, _unreadable(error)))

    def add_named(self, path: Path, above: tuple[str, ...]) -> None:
        """Add what was named: the file at *path*, or all files below it but links that lead out of it."""
        try:
            if not path.is_dir():
                self.add(path, (*above, path.name), folder="/".join(above))
                return
            self._look_through(path, above, path, ())
        except OSError as error:
            self.refused.append((path.name, _unreadable(error)))

    def _look_through(self, root: Path, above: tuple[str, ...], folder: Path, parts: tuple[str, ...]) -> None:
        for path in sorted(folder.iterdir()):
            inside = (*parts, path.name)
            if not _wanted(inside):
                continue
            try:
                if len(inside) > _DEEPEST_FOLDER:
                    self.refused.append(("/".join((*above, *inside)), "文件夹套了太多层；请移到上层来"))
                elif path.is_dir() and not path.is_symlink():
                    self._look_through(root, above, path, inside)
                elif path.is_file() and path.resolve().is_relative_to(root):
                    self.add(path, (*above, *inside), folder="/".join((*above, *parts)))
            except OSError as error:
                self.refused.append(("/".join((*above, *inside)), _unreadable(error)))

    def _open(self, path: Path, above: tuple[str, ...], depth: int) -> None:
        if depth == _DEEPEST:
            message = "ZIP 里又有 ZIP，套了太多层；请先解压"
            raise RefusedError(message)
        # Not by its name, which may be as long as a path may be.
        folder = self._unpacked / digest_of(os.fsencode(path))[:16]
        try:
            with zipfile.ZipFile(path) as archive:
                self._take([entry for entry in archive.infolist() if not entry.is_dir()])
                for file, parts in _unpacked(archive, folder):
                    inside = (*above, *parts)
                    self.add(file, inside, folder="/".join(inside[:-1]), depth=depth + 1)
        except OSError:
            raise  # Of the disk, as a rule, and told as such.
        except UNPACKING_ERRORS as error:
            message = "ZIP 已经损坏，不能解开；请重新打包"
            raise RefusedError(message) from error

    def _take(self, entries: Sequence[zipfile.ZipInfo]) -> None:
        """Raise RefusedError where *entries* are more than may still be unpacked, or are locked."""
        total = sum(entry.file_size for entry in entries)
        if len(entries) > self._files or total > self._bytes or any(one.file_size > _MOST_OF_ONE for one in entries):
            message = f"解开以后太大（{len(entries)} 个文件，{total // 1_000_000} MB）；请分成几个"
            raise RefusedError(message)
        if any(entry.flag_bits & _LOCKED for entry in entries):
            message = "ZIP 有密码；请解开"
            raise RefusedError(message)
        self._files -= len(entries)
        self._bytes -= total


def _unreadable(error: OSError) -> str:
    advice = "请腾出空间再运行" if error.errno in FULL else "请检查文件和权限"
    return f"无法读取（{reason(error)}）；{advice}"


def _unpacked(archive: zipfile.ZipFile, folder: Path) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Yield the files of *archive*, written into *folder* under names of our making, and what they are called."""
    for number, entry in enumerate(archive.infolist()):
        # Names never lead out of the folder: they only tell, and parts that go up are left out.
        parts = tuple(part for part in _name(entry).replace("\\", "/").split("/") if part not in {"", ".", ".."})
        if entry.is_dir() or not parts or not _wanted(parts):
            continue
        with archive.open(entry) as source:  # No more than its entry says is ever read.
            content = source.read()
        target = folder / str(number) / kept_name(parts[-1])
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        written = time.mktime((*entry.date_time, 0, 0, -1))
        os.utime(target, (written, written))
        yield target, parts


def kept_name(name: str) -> str:
    """Return what a file that is called *name* is called here: a name that any system takes, with the same ending."""
    stem, ending = name.rsplit(".", 1) if "." in name else (name, "")
    legible = "".join(each if each.isalnum() or each in "-（）()《》" else "_" for each in stem if each.isprintable())
    suffix = "".join(each for each in ending if each.isascii() and each.isalnum())[:8]
    return (legible[:60] or "文件") + (f".{suffix}" if suffix else "")


def _name(entry: zipfile.ZipInfo) -> str:
    """Return the name of *entry*; packers of Chinese Windows write GBK, some others UTF-8, and do not say so."""
    if entry.flag_bits & _IN_UTF8:
        return entry.filename
    for codec in ("utf-8", "gb18030"):
        with contextlib.suppress(UnicodeError):
            name = entry.filename.encode("cp437").decode(codec)
            # Chinese takes three bytes in UTF-8; letters of two can as well be a Chinese character in GBK.
            if codec != "utf-8" or name.isascii() or max(name) > "\u07ff":
                return name
    return entry.filename


def report_files(paths: Sequence[Path], unpacked: Path) -> tuple[tuple[Path, ...], ...]:
    """Return the files of each report below *paths*, folders or ZIP files; these are unpacked into a folder.

    Files of one folder with the same name but for the ending are one report. Raises WrongUseError where there are
    none, RefusedError for a ZIP that cannot be unpacked.
    """
    gathered = gather(paths, unpacked)
    if gathered.refused:
        first, *others = (f"{shown}：{why}" for shown, why in gathered.refused)
        raise RefusedError(first, tuple(others))
    named = {path.resolve() for path in paths}
    found = [one for one in gathered.found if one.path.suffix.lower() in ENDINGS or one.path in named]
    if not found:
        message = (
            f"{'、'.join(map(str, paths))} 里没有可以导入的文件；可以是 Word、PDF、Excel、网页、文本或装着它们的 ZIP"
        )
        raise WrongUseError(message)
    together: dict[tuple[str, str], list[Path]] = defaultdict(list)
    for one in found:
        folder, _, name = one.shown.rpartition("/")
        together[f"{one.folder}/{folder}", Path(name).stem].append(one.path)
    return tuple(tuple(files) for files in together.values())
