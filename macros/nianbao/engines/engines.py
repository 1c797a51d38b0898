"""The engines run in processes of their own, for they share no modules; what they find comes back as data."""

from __future__ import annotations

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

if TYPE_CHECKING:
    from nianbao.publishing.output import Staging

ENGINES = {"mkdocs": "MkDocs", "properdocs": "ProperDocs", "zensical": "Zensical"}

# What the engines and their themes print of one another.
_QUIET = {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an engine has left: its *findings*, why it could not go on, and what it printed where it broke down."""

    findings: tuple[Finding, ...] = ()
    failure: str = ""
    broken: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """An engine at work; its process answers in JSON and prints what else it has to say to a file."""

    process: subprocess.Popen[bytes]
    printed: IO[bytes]

    def outcome(self) -> Outcome:
        """Wait until the engine has ended and return what it has left."""
        answer = self.process.stdout.read() if self.process.stdout is not None else b""
        code = self.process.wait()
        if code or not answer:
            self.printed.seek(0)
            words = self.printed.read().decode("utf-8", "replace").strip()
            return Outcome(broken=words or f"生成网站的程序没有结果就结束了（{code}）")
        result = json.loads(answer)
        findings = (Finding(Place(*told.pop("place")), **told) for told in result["findings"])  # As the child writes.
        return Outcome(findings=tuple(findings), failure=result["failure"])

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
