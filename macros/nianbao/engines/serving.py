"""A preview in this process: a free port, one a portal, and an end that leaves nothing."""

from __future__ import annotations

import contextlib
import importlib
import os
import signal
import socket
import sys
import threading
import time
import webbrowser
from typing import TYPE_CHECKING, Any

from nianbao.editing.journal import FOLDER
from nianbao.engines.local_application import PREFIX

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOST = "127.0.0.1"
# As a rule the same, so that bookmarks hold.
_PORTS = range(8000, 8020)
_ADDRESS = "address"
# The system keeps others from locking this byte, behind all that is written, and lets go when the process ends.
_LOCKED = 4096


class OpenAlreadyError(Exception):
    """Another preview of the portal is open; the text is its address, empty where that is not known yet."""


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[Path]:
    """Keep other previews of the portal in *folder* from starting; yield the file that is to tell the address.

    Raises OpenAlreadyError where one has started.
    """
    (folder / FOLDER).mkdir(exist_ok=True)
    path = folder / FOLDER / _ADDRESS
    with path.open("a+", encoding="utf-8") as file:
        try:
            _lock(file.fileno())
        except OSError:
            raise OpenAlreadyError(path.read_text(encoding="utf-8").strip()) from None
        path.write_text("", encoding="utf-8")
        try:
            yield path
        finally:
            path.write_text("", encoding="utf-8")


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        os.lseek(handle, _LOCKED, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    for port in (*_PORTS, 0):
        if port and _answers(port):
            continue
        with socket.socket() as listener:
            if (
                sys.platform != "win32"
            ):  # There it would let two listen on one port; here it passes over what has ended.
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind((HOST, port))
            except OSError:
                continue
            return int(listener.getsockname()[1])
    message = "no port is free"
    raise OSError(message)


def _open_when_ready(port: int) -> None:
    while not _answers(port):
        time.sleep(0.2)
    webbrowser.open(desk_address(port))


def _answers(port: int) -> bool:
    try:
        socket.create_connection((HOST, port), timeout=0.2).close()
    except OSError:
        return False
    return True


def desk_address(port: int) -> str:
    """Return where the desk of a preview on *port* is."""
    return f"http://{HOST}:{port}/{PREFIX}"


def serve(engine: str, folder: Path, port: int, *, browser: bool) -> None:
    """Serve the portal in *folder* with *engine*, ``mkdocs`` or ``properdocs``, until it is interrupted or told to end.

    With *browser* the desk is opened in it as soon as the first build is done.
    """
    os.environ["NO_MKDOCS_2_WARNING"] = "1"
    os.environ["DISABLE_MKDOCS_2_WARNING"] = "true"
    command: Any = importlib.import_module(f"{engine}.__main__").cli
    arguments = ["serve", "--dev-addr", f"{HOST}:{port}"]
    if browser:
        threading.Thread(target=_open_when_ready, args=(port,), daemon=True).start()
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)  # So that the host cleans up as for Ctrl+C.
    try:
        with contextlib.chdir(folder):
            command.main(args=arguments, prog_name=engine, standalone_mode=False)
    finally:
        signal.signal(signal.SIGTERM, before)
