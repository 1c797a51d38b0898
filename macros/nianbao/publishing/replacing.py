"""How a new site takes the place of the old one where folders cannot: what it keeps of that, single files replaced."""

from __future__ import annotations

import filecmp
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_NEW = ".new-file"
_BLOCK = 4096  # bytes that most file systems give to a file at a time


def let_all_read(site: Path) -> None:
    """Let everyone read *site*, as a web server must, whatever this process lets others do with new files (umask)."""
    for folder, _, files in os.walk(site):
        path = Path(folder)
        path.chmod(path.stat().st_mode | 0o555)
        for file in (path / name for name in files):
            if not file.is_symlink():
                file.chmod(file.stat().st_mode | 0o444)


def keep_hidden(old: Path, new: Path) -> None:
    """Give *new* the mode of *old* and its hidden files at the top, such as .git and .well-known, that it has not.

    Files are linked, so that a large .git costs nothing; where the system knows no links they are copied.
    """
    if not old.is_dir():
        return
    shutil.copymode(old, new)
    for path in _hidden(old):
        target = new / path.name
        if os.path.lexists(target):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.copytree(path, target, symlinks=True, copy_function=_link)
        else:
            _link(path, target)


def copy_linked(old: Path, new: Path) -> None:
    """Make *new* a folder with the files of *old*, linked where the system knows links."""
    shutil.copytree(old, new, symlinks=True, copy_function=_link)


def _link(source: str | Path, target: str | Path) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)


def _hidden(folder: Path) -> Iterator[Path]:
    yield from (path for path in sorted(folder.iterdir()) if path.name.startswith("."))


def lacking_room(new: Path, old: Path) -> int:
    """Return how many bytes the file system of *old* lacks to take the files of *new* one by one."""
    needed, largest = 0, 0
    for file in (path for path in new.rglob("*") if path.is_file() and not path.is_symlink()):
        target, size = old / file.relative_to(new), _in_blocks(file.stat().st_size)
        if target.is_file() and filecmp.cmp(file, target, shallow=False):
            continue
        needed += size - (_in_blocks(target.stat().st_size) if target.is_file() else 0)
        largest = max(largest, size)  # A file is written beside the one that it replaces.
    return max(0, needed + largest - shutil.disk_usage(old).free)


def _in_blocks(size: int) -> int:
    return -(-size // _BLOCK) * _BLOCK


def replace_contents(new: Path, old: Path) -> None:
    """Give *old* the files of *new* one by one: each is whole at any moment, and no page lacks what it shows.

    First comes what pages load, then pages, the home page last, then lists of pages such as the site map;
    at the end goes what the new site has no more, pages first.
    """
    files = [path.relative_to(new) for path in new.rglob("*") if not path.is_dir() or path.is_symlink()]
    for file in sorted((file for file in files if not _is_hidden(file)), key=_order):
        target = old / file
        if target.is_file() and not target.is_symlink() and filecmp.cmp(new / file, target, shallow=False):
            continue
        for parent in reversed(file.parents[:-1]):
            if os.path.lexists(old / parent) and not (old / parent).is_dir():
                (old / parent).unlink()
            if not (old / parent).exists():
                (old / parent).mkdir()
                shutil.copymode(new / parent, old / parent)
        if target.is_dir() and not target.is_symlink():
            shutil.rmtree(target)
        beside = target.with_name(_NEW)
        shutil.copy(new / file, beside, follow_symlinks=False)
        beside.replace(target)
    _remove_others(old, frozenset(files))


def _remove_others(old: Path, kept: frozenset[Path]) -> None:
    there = [path.relative_to(old) for path in old.rglob("*")]
    gone = [path for path in there if not _is_hidden(path) and path not in kept]
    for file in sorted((path for path in gone if not _is_folder(old / path)), key=_order, reverse=True):
        (old / file).unlink()
    for folder in sorted((path for path in gone if _is_folder(old / path)), reverse=True):
        if not any((old / folder).iterdir()):
            (old / folder).rmdir()


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _is_hidden(file: Path) -> bool:
    return file.parts[0].startswith(".") and file.name != _NEW


def _order(file: Path) -> tuple[int, int, str]:
    """Return a key: what pages load, pages from the deepest to the home page, lists of pages."""
    lists = file.suffix in {".xml", ".gz"} or file.parts[0].startswith("search") or file.name == "sitemap.txt"
    group = 2 if lists else 1 if file.suffix == ".html" else 0
    return group, -len(file.parts), "~" if file.name == "index.html" else file.as_posix()
