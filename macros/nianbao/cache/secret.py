"""A secret of the user, by which a build knows contents that this user's own builds have kept.

Whoever can write into the folder of a portal, as by sending a copy of it, can put files into its cache; without the
secret, which lies outside of it, no file there counts.
"""

from __future__ import annotations

import contextlib
import functools
import os
import secrets
import stat
from pathlib import Path

_BYTES = 32


@functools.cache
def user_secret() -> bytes:
    """Return the secret of the user who runs the program, made when it is first asked for.

    Where there is no place for it, it is one of this process: what was kept earlier does not count then.
    """
    folder = _folder()
    if folder is not None:
        with contextlib.suppress(OSError):
            return _kept(folder / "cache-secret")
    return secrets.token_bytes(_BYTES)


def _folder() -> Path | None:
    """Return where programs keep the state of this user, or None for a process that runs for no one."""
    own = os.environ.get("LOCALAPPDATA") if os.name == "nt" else os.environ.get("XDG_STATE_HOME")
    if own:
        return Path(own, "nianbao")
    try:
        return Path.home() / ".local" / "state" / "nianbao"
    except RuntimeError:
        return None


def _kept(path: Path) -> bytes:
    """Return the secret in *path*, which is made where there is none that is the user's alone. Raises OSError."""
    found = _read(path)
    if found is not None:
        return found
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = secrets.token_bytes(_BYTES)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(made)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return _read(path) or made  # Of builds that began together all but one read what the last has written.


def _read(path: Path) -> bytes | None:
    """Return what *path* holds where it is a whole secret that nobody else could read or write, or None."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    open_to_others = os.name == "posix" and (found.st_uid != os.geteuid() or found.st_mode & 0o077)
    if not stat.S_ISREG(found.st_mode) or found.st_size != _BYTES or open_to_others:
        return None
    return path.read_bytes()
