"""Files that are there whole or not at all, whatever ends the program."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import time
from typing import TYPE_CHECKING

from nianbao.data_files.exchanging import ExchangeUnknownError, exchange
from nianbao.reading.disk import reason
from nianbao.reading.refusal import HinderedError, RefusedError

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path


@contextlib.contextmanager
def exclusively(data: Path) -> Iterator[None]:
    """Keep other commands from changing the folder *data* meanwhile; the system lets go when the process ends.

    Raises HinderedError where another does so, and in place of an error of the file system.
    """
    try:
        handle = _locked(data)
        try:
            yield
        finally:
            if handle is not None:
                os.close(handle)
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        message = f"不能读写{where}（{reason(error)}）；请检查权限和磁盘，原有的文件没有变"
        raise HinderedError(message) from error


def _locked(data: Path) -> int | None:
    if sys.platform == "win32":  # Folders cannot be locked there.
        return None
    handle = os.open(data, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        message = f"另一个 nianbao 命令正在改动 {data.name}；请等它结束后再运行"
        raise HinderedError(message) from None
    except OSError:  # Some network drives know no locks.
        os.close(handle)
        return None
    return handle


@contextlib.contextmanager
def in_use(folder: Path) -> Iterator[None]:
    """Keep others from having *folder* to themselves meanwhile, see `exclusively`; several may use it at once."""
    handle = None
    if sys.platform != "win32":
        handle = os.open(folder, os.O_RDONLY)
        with contextlib.suppress(OSError):  # Some network drives know no locks.
            fcntl.flock(handle, fcntl.LOCK_SH)
    try:
        yield
    finally:
        if handle is not None:
            os.close(handle)


def write_new(path: Path, content: bytes) -> None:
    """Write a file that no one reads yet, down to the disk."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def put(path: Path, content: bytes) -> None:
    """Write *content* to *path* so that it holds its old or its new content at any moment."""
    if not path.parent.exists():
        path.parent.mkdir(exist_ok=True)
        sync(path.parent.parent)
    beside = waiting_for(path)
    try:
        write_new(beside, content)
        beside.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
    sync(path.parent)


@contextlib.contextmanager
def together() -> Iterator[Callable[[Path], Path]]:
    """Give what returns where the new content of a path is to be written.

    All take their places, in their order, when everything is written; where something fails none does.
    """
    waiting: list[Path] = []

    def beside(path: Path) -> Path:
        waiting.append(path)
        return waiting_for(path)

    try:
        yield beside
        _take_places(waiting)
    finally:
        _remove(waiting)


@contextlib.contextmanager
def decided_by(record: Path) -> Iterator[Callable[[Path], Path]]:
    """Give what returns where the new content of a path is to be written, as `together` does; *record* is such a path.

    It takes its place first, in a single step that decides: before it nothing has changed. From then on each of the
    others is in its place or, where the run has ended, waits for it (`waiting_for`) until `settle` is called.
    """
    waiting: list[Path] = []

    def beside(path: Path) -> Path:
        waiting.append(path)
        return waiting_for(path)

    decided = False
    try:
        yield beside
        for folder in dict.fromkeys(path.parent for path in waiting):
            sync(folder)
        _take_places([record])
        decided = True
        _take_places([path for path in waiting if path != record])
    finally:
        if not decided:
            _remove(waiting)


def waiting_for(path: Path) -> Path:
    """Return where a file waits that is to take the place of *path*."""
    return path.with_name(f".{path.name}.new")


def settle(path: Path, holds: Callable[[bytes], bool]) -> None:
    """Put the file that waits for *path* in its place where it *holds* what is wanted, or remove it."""
    new = waiting_for(path)
    if new.is_file() and holds(new.read_bytes()):
        _take_places([path])
    new.unlink(missing_ok=True)


def _take_places(paths: Sequence[Path]) -> None:
    for path in paths:
        waiting_for(path).replace(path)
    for folder in dict.fromkeys(path.parent for path in paths):
        sync(folder)


def _remove(paths: Sequence[Path]) -> None:
    for path in paths:
        with contextlib.suppress(OSError):
            waiting_for(path).unlink(missing_ok=True)


def replace_folder(new: Path, target: Path) -> None:
    """Let the folder *new* take the place of *target*: in one step, or else by two names, see `recover_folder`."""
    old = _old(target)
    try:
        if target.exists():
            exchange(new, target)
            old = new
        else:
            new.rename(target)
    except ExchangeUnknownError:
        target.rename(old)
        new.rename(target)
    sync(target.parent)
    shutil.rmtree(old, ignore_errors=True)


def recover_folder(target: Path) -> None:
    """Put *target* back where a run has ended between the two names of `replace_folder`."""
    old = _old(target)
    if old.exists() and not target.exists():
        old.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _old(target: Path) -> Path:
    return target.with_name(f".{target.name}.old")


def replace_content(path: Path, old: bytes | None, new: bytes, folder: Path) -> None:
    """Put *new* in place of what *path* holds, which is *old*, in a single step; None is for no file at all.

    The new file waits in *folder*, on the same disk, so that who watches the other files sees one change.
    Raises RefusedError where the file is no longer *old*.
    """
    folder.mkdir(parents=True, exist_ok=True)
    waiting = folder / f"{path.name}.new"
    write_new(waiting, new)
    take_place(waiting, path.resolve(), old)


def take_place(waiting: Path, target: Path, old: bytes | None) -> None:
    """Put the file *waiting* in place of *target*, which holds *old*, in a single step; None is for no file at all.

    Raises RefusedError where the file is no longer *old*.
    """
    if old is not None:
        shutil.copymode(target, waiting)
    if (target.read_bytes() if target.exists() else None) != old:
        message = f"{target.name} 在命令运行时被改动；没有写入，请保存好再运行一次"
        raise RefusedError(message)
    for seconds in _PATIENCE:
        try:
            waiting.replace(target)
            break
        except PermissionError:  # Windows, while another program has the file open.
            time.sleep(seconds)
    else:
        waiting.replace(target)
    sync(target.parent)


_PATIENCE = (0.05, 0.1, 0.2, 0.4)  # seconds


def sync(folder: Path) -> None:
    """Make the names in *folder* outlast a loss of power, where the system can."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)
