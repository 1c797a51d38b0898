"""Previews with the editor: a copy of the real portal, served by a real engine."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from building import ROOT, program

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 90  # seconds; a bound on hanging, not a measure


@dataclass(frozen=True)
class Served:
    """A running preview of *folder* at *address*, the root of the portal."""

    folder: Path
    address: str
    process: subprocess.Popen[bytes]

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.address.split(":")[2].split("/")[0])

    @property
    def data(self) -> Path:
        """The data file of the year."""
        return self.folder / "data" / "2023.yml"

    @property
    def terminal(self) -> str:
        """What the server has printed."""
        return (self.folder / "terminal.txt").read_text(encoding="utf-8")


def real_portal(folder: Path) -> Path:
    """Copy the real portal to *folder*."""
    for name in ("data", "docs"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    return folder


def example_portal(folder: Path) -> Path:
    """Copy the examples, whose years are frozen but for the last, into *folder*; return the portal."""
    ignore = shutil.ignore_patterns("site", ".cache", ".site.*")
    return Path(shutil.copytree(ROOT / "examples", folder / "examples", ignore=ignore))


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def served(folder: Path, engine: str = "mkdocs", host: str = "127.0.0.1", path: str = "") -> Iterator[Served]:
    """Serve *folder* with *engine*, and stop in the end; *path* is the part of its site_url behind the host."""
    port = free_port()
    environment = os.environ | {
        "PYTHONPATH": str(program(folder)),
        "NO_MKDOCS_2_WARNING": "1",
        "DISABLE_MKDOCS_2_WARNING": "true",
    }
    with (folder / "terminal.txt").open("wb") as terminal:
        process = subprocess.Popen(
            [sys.executable, "-m", engine, "serve", "--dev-addr", f"{host}:{port}"],
            cwd=folder,
            env=environment,
            stdout=terminal,
            stderr=subprocess.STDOUT,
        )
        preview = Served(folder, f"http://127.0.0.1:{port}/{path}", process)
        try:
            _wait(preview)
            yield preview
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)


def _wait(preview: Served) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if preview.process.poll() is not None:
            break
        try:
            urllib.request.urlopen(preview.address, timeout=PATIENCE).close()  # noqa: S310  # always http
        except OSError:
            time.sleep(0.1)
        else:
            return
    message = f"the preview does not answer:\n{preview.terminal}"
    raise RuntimeError(message)
