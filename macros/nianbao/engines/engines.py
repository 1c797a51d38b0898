"""The engines run in processes of their own, for they share no modules; what they find comes back as data."""

from __future__ import annotations

import dataclasses
import importlib.metadata
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from nianbao.installation import PACKAGE
from nianbao.model.project import WrongUseError
from nianbao.reading.findings import Finding, Place
from nianbao.verifying.crawl import Crawl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nianbao.publishing.output import Staging

ENGINES = {"mkdocs": "MkDocs", "properdocs": "ProperDocs", "zensical": "Zensical"}

# What the engines and their themes print of one another.
_QUIET = {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}


class BrokenError(Exception):
    """The process of an engine has ended without an answer; the text is what it printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What the check has found before anything is built: how much was *confirmed*, and what was *refused*.

    *levels* counts the findings by level, *drafts* are the years that are not published; *published* says whether
    there is any other.
    """

    reports: int
    confirmed: int
    levels: Mapping[str, int]
    drafts: tuple[int, ...]
    published: bool
    refused: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What an engine has left: its *findings*, and why it could not go on.

    *remarks* say which kinds of files could not be made, and why; a site is built all the same.
    """

    findings: tuple[Finding, ...] = ()
    failure: str = ""
    remarks: tuple[str, ...] = ()


Answer = Checked | Built | Crawl
_KINDS = {kind.__name__: kind for kind in (Checked, Built, Crawl)}


def encoded(answer: Answer) -> bytes:
    """Return *answer* as a line that `decoded` reads."""
    return json.dumps([type(answer).__name__, dataclasses.asdict(answer)]).encode() + b"\n"


def decoded(line: bytes) -> Answer:
    """Return the answer in *line*."""
    name, values = json.loads(line)
    for key in ("findings", "refused"):
        if key in values:
            values[key] = tuple(Finding(Place(*told.pop("place")), **told) for told in values[key])
    if "remarks" in values:
        values["remarks"] = tuple(values["remarks"])
    answer: Answer = _KINDS[name](**values)
    return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """An engine at work; its process answers line by line and prints what else it has to say to a file."""

    process: subprocess.Popen[bytes]
    printed: IO[bytes]

    def answer(self) -> Answer:
        """Wait for the next answer and return it. Raises BrokenError where there is none."""
        line = self.process.stdout.readline() if self.process.stdout is not None else b""
        if line:
            return decoded(line)
        code = self.process.wait()
        self.printed.seek(0)
        words = self.printed.read().decode("utf-8", "replace").strip()
        raise BrokenError(words or f"生成网站的程序没有结果就结束了（{code}）")

    def stop(self) -> None:
        """End the engine where it is still at work."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.printed.close()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()


def named(engine: str) -> str:
    """Return the name and version of *engine*. Raises WrongUseError where it is not installed."""
    if importlib.util.find_spec(engine) is None:
        wanted = next((line for line in _wanted() if line.startswith(f"{engine}==")), engine)
        message = f"没有安装 {ENGINES[engine]}；请先运行 {_pip()} install {wanted}"
        raise WrongUseError(message)
    return f"{ENGINES[engine]} {importlib.metadata.version(engine)}"


def _pip() -> str:
    """Return the pip of the environment that runs, as it is called from the current folder."""
    programs = Path(sys.executable).parent
    pip = next((path for path in (programs / "pip", programs / "pip.exe") if path.is_file()), Path("pip"))
    return str(pip.relative_to(Path.cwd()) if pip.is_relative_to(Path.cwd()) else pip)


def _wanted() -> list[str]:
    """Return the requirements of this package, without their markers."""
    try:
        requirements = importlib.metadata.requires("nianbao") or []
    except importlib.metadata.PackageNotFoundError:  # The package runs from a folder that was not installed.
        requirements = []
    return [requirement.partition(";")[0].strip() for requirement in requirements]


def start(engine: str, config: Path, staging: Staging, site_url: str) -> Running:
    """Let *engine* build the project of *config* at the path of *staging*.

    The process holds the lock of *staging* too: what it writes is not cleared away while it lives.
    """
    paths = [str(PACKAGE.parent), os.environ.get("PYTHONPATH", "")]
    printed = tempfile.TemporaryFile()  # noqa: SIM115  # open as long as the engine runs
    process = subprocess.Popen(  # noqa: S603  # this program itself
        [sys.executable, "-P", "-m", "nianbao.engines.child", engine, str(config), str(staging.path), site_url],
        env=os.environ | _QUIET | {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "PYTHONUTF8": "1"},
        stdin=subprocess.PIPE,  # Closed when this process ends in whatever way, and then the engine ends too.
        stdout=subprocess.PIPE,
        stderr=printed,
        pass_fds=[staging.lock] if staging.lock is not None and os.name == "posix" else [],
    )
    return Running(process=process, printed=printed)
