"""The wheel by itself: installed in an environment of its own, in folders that know nothing of this repository."""

from __future__ import annotations

import os
import shutil
import site
import socket
import subprocess
import sys
import time
import urllib.request
import venv
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from building import ROOT
from projects import thawed

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE = 120
OPTIONS = ("--name", "某某市某某区民政局", "--id", "mzj", "--kind", "department", "--year", "2024")


@dataclass(frozen=True)
class Installed:
    """An environment with the *wheel*: the folder of its *programs*."""

    wheel: Path
    programs: Path

    def run(self, program: str, *arguments: str, folder: Path) -> str:
        """Run *program* in *folder*, which must end well, and return what it prints."""
        done = subprocess.run(
            [self.programs / program, *arguments],
            cwd=folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout

    @property
    def environment(self) -> dict[str, str]:
        """The variables for its programs, without any that lead back here."""
        here = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        return here | {"NO_MKDOCS_2_WARNING": "1", "DISABLE_MKDOCS_2_WARNING": "true"}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Return an environment that has the wheel from this repository, and what it needs from that of the tests."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "-q"]
    made = [*pip, "wheel", "--no-deps", "--no-index", "--no-build-isolation", "-w", str(folder), str(ROOT)]
    subprocess.run(made, check=True)
    (wheel,) = folder.glob("nianbao-*.whl")
    venv.create(folder / "venv", symlinks=os.name != "nt")
    programs = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    command = [*pip, "--python", str(programs / "python"), "install", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(command, check=True)
    told = subprocess.run(
        [programs / "python", "-c", "import site; print(site.getsitepackages()[0])"], capture_output=True, check=True
    )
    packages = told.stdout.decode().strip()
    # Behind the environment's own packages, so that nianbao is that of the wheel.
    with open(os.path.join(packages, "needed.pth"), "w", encoding="utf-8") as needed:  # noqa: PTH118, PTH123  # a text
        needed.write("\n".join(site.getsitepackages()) + "\n")
    for program in ("mkdocs", "properdocs"):
        module = f"import sys; from {program}.__main__ import cli; sys.exit(cli())"
        (programs / program).write_text(f"#!{programs / 'python'}\n{module}\n", encoding="utf-8")
        (programs / program).chmod(0o755)
    return Installed(wheel, programs)


@pytest.fixture(scope="module")
def portal(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a portal that the installed program has made."""
    folder = tmp_path_factory.mktemp("elsewhere")
    installed.run("nianbao", "start", "portal", *OPTIONS, folder=folder)
    return folder / "portal"


def test_it_holds_the_program_and_nothing_else(installed: Installed) -> None:
    """Forms, schemas, theme and first pages are in it; data, tests and tools are not."""
    names = zipfile.ZipFile(installed.wheel).namelist()
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"nianbao"}
    for name in (
        "forms/2021.yml",
        "schemas/2021.json",
        "theme/main.html",
        "theme/assets/nianbao.js",
        "theme/assets/nianbao.search.js",
        "start/mkdocs.yml",
    ):
        assert f"nianbao/{name}" in names
    for folder in ("forms", "schemas", "theme", "start"):
        here = ROOT / "macros" / "nianbao" / folder
        files = {path.relative_to(here.parent).as_posix() for path in here.rglob("*") if path.is_file()}
        assert files
        assert {name.removeprefix("nianbao/") for name in names if name.startswith(f"nianbao/{folder}/")} == files


def test_the_installed_program_runs(installed: Installed, tmp_path: Path) -> None:
    """What runs is that of the wheel, in its version."""
    where = installed.run("python", "-c", "import nianbao; print(nianbao.__file__)", folder=tmp_path)
    assert where.startswith(str(installed.programs.parent))
    assert installed.run("nianbao", "--version", folder=tmp_path) == "nianbao 0.2.0\n"


def test_a_new_portal_is_checked_and_goes_on(installed: Installed, portal: Path) -> None:
    """A portal is made, checked, given another year and exported, all in an empty folder elsewhere."""
    assert "待核 18 处" in installed.run("nianbao", "check", folder=portal)
    installed.run("nianbao", "new", "2025", folder=portal)
    assert (portal / "docs/2025/index.md").is_file()
    installed.run("nianbao", "export", "2024", "--format", "docx,xlsx,json", "--out", "files", folder=portal)
    assert {path.suffix for path in (portal / "files").iterdir()} >= {".docx", ".xlsx", ".json"}


def test_a_new_portal_is_previewed(installed: Installed, portal: Path) -> None:
    """`mkdocs serve` shows the draft with its table."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    with (portal.parent / "terminal.txt").open("wb") as terminal:
        process = subprocess.Popen(
            [installed.programs / "mkdocs", "serve", "--dev-addr", address],
            cwd=portal,
            env=installed.environment,
            stdout=terminal,
            stderr=subprocess.STDOUT,
        )
        try:
            page = _wait(f"http://{address}/2024/3-requests.html")
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)
    assert "本年新收政府信息公开申请数量" in page
    assert "assets/nianbao.css" in page
    assert "某某市某某区民政局" in page


def _wait(address: str) -> str:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(address, timeout=PATIENCE) as answer:  # noqa: S310  # always http
                return str(answer.read().decode())
        except OSError:
            assert time.monotonic() < end
            time.sleep(0.2)


@pytest.mark.parametrize("engine", ["mkdocs", "properdocs", "zensical"])
def test_an_upgraded_portal_is_built(installed: Installed, tmp_path: Path, engine: str) -> None:
    """A portal of 0.1.0 is upgraded and published by every engine."""
    portal = shutil.copytree(ROOT / "tests/portals/0.1.0", tmp_path / "portal")
    installed.run("nianbao", "upgrade", folder=portal)
    done = installed.run("nianbao", "build", "--engine", engine, folder=portal)
    assert "网站已更新" in done
    assert "本年新收政府信息公开申请数量" in (portal / "site/2019/3-requests.html").read_text(encoding="utf-8")
    assert (portal / "site/assets/nianbao.css").is_file()


def test_a_report_is_frozen(installed: Installed, tmp_path: Path) -> None:
    """A finished draft is frozen and then built."""
    ignore = shutil.ignore_patterns("site", ".cache", ".site.*")
    portal = thawed(shutil.copytree(ROOT / "examples", tmp_path / "portal", ignore=ignore))
    assert "2024 年已定稿" in installed.run("nianbao", "freeze", "2024", "--published", "2025-01-21", folder=portal)
    assert (portal / "data/published/2024-1.json").is_file()
