"""What the file system says, in Chinese, and what on it is a file that can be read at all."""

from __future__ import annotations

import errno
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_REASONS = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘是只读的",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已满",
    errno.EFBIG: "文件超过了允许的大小",
    errno.EIO: "磁盘读写出错",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EEXIST: "已有同名的文件或文件夹",
    errno.ENOTEMPTY: "文件夹不是空的",
    errno.ELOOP: "链接互相指向，没有尽头",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EMFILE: "打开的文件太多",
    errno.EBUSY: "正在被占用",
    errno.ENODEV: "这不是普通文件",
}

# What the system says of a disk that takes no more.
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

_REFUSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.EIO})


def reason(error: OSError) -> str:
    """Return why *error* happened, in the system's own words where they are not known."""
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)


def failure(error: OSError) -> str | None:
    """Return what to tell of a disk that is full or refuses us; None of any other *error*, which a bug may raise."""
    if error.errno in FULL:
        return f"{reason(error)}；请腾出空间再运行"
    if error.errno in _REFUSED:
        return f"不能读写 {error.filename}（{reason(error)}）；请检查权限和磁盘"
    return None


def read_bytes(path: Path, most: int) -> bytes:
    """Return what the file at *path* holds. Raises OSError where it cannot be read or has over *most* bytes."""
    if size_of(path) > most:
        raise OSError(errno.EFBIG, "", str(path))
    return path.read_bytes()


def size_of(path: Path) -> int:
    """Return the size of a file in bytes.

    Raises OSError for anything else: a folder, or a pipe, whose reader would wait for ever.
    """
    found = path.stat()
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, "", str(path))
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.ENODEV, "", str(path))
    return found.st_size
