"""Two names on the disk exchanged in one step, by the calls that systems have for it."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_AT_FDCWD = -100  # Linux: paths are taken from the working directory.
_RENAME_EXCHANGE = 2  # Linux, renameat2(2).
_RENAME_SWAP = 2  # macOS, renamex_np(2).

# A kernel or file system that does not know the call; EINVAL is what most file systems say.
_UNKNOWN = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOTTY})


class ExchangeUnknownError(Exception):
    """The system or the file system cannot exchange two names."""


def exchange(one: Path, other: Path) -> None:
    """Exchange the names of *one* and *other*, which are both there and on one file system.

    Raises ExchangeUnknownError where the system cannot, OSError where it refuses.
    """
    number = _renamed(os.fsencode(one), os.fsencode(other))
    if number in _UNKNOWN:
        raise ExchangeUnknownError
    if number:
        raise OSError(number, os.strerror(number), os.fspath(one), None, os.fspath(other))


def _renamed(one: bytes, other: bytes) -> int:
    """Return the error number of the system, 0 for success."""
    if sys.platform == "win32":
        return errno.ENOSYS
    system = ctypes.CDLL(None, use_errno=True)
    if hasattr(system, "renameat2"):
        done = system.renameat2(_AT_FDCWD, one, _AT_FDCWD, other, ctypes.c_uint(_RENAME_EXCHANGE))
    elif hasattr(system, "renamex_np"):
        done = system.renamex_np(one, other, ctypes.c_uint(_RENAME_SWAP))
    else:
        return errno.ENOSYS
    return ctypes.get_errno() if done else 0
