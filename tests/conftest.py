"""What the tests share: the project's own data, the example data, files of expected output."""

from __future__ import annotations

import fcntl
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browsing import WIDE, opened, serving, started
from building import ROOT, built
from hypothesis import settings
from nianbao.documents.fonts import FontError, find_fonts
from nianbao.model.dataset import read_dataset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nianbao.model.dataset import Dataset
    from playwright.sync_api import Browser, Page


settings.register_profile("any machine", deadline=None)  # How long an example takes says nothing of the code.
settings.load_profile("any machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the one way to accept new output."""
    parser.addoption(
        "--rewrite-golden",
        action="store_true",
        help="write tests/golden and the messages in tests/bad_data anew; read the difference before you commit it",
    )
    parser.addoption(
        "--no-skips",
        action="store_true",
        help="fail when a test was skipped, as where no browser is installed",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Keep what builds keep for their user out of the home of whoever runs the tests."""
    folder = tempfile.TemporaryDirectory(prefix="nianbao-state-")
    config.add_cleanup(folder.cleanup)
    os.environ["XDG_STATE_HOME"] = folder.name


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run that had to skip tests and was told not to."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.config.getoption("--no-skips") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def read(root: Path) -> Dataset:
    """Return the portal of *root*/data; messages name files relative to *root*."""
    return read_dataset(root, root / "data")


@pytest.fixture(scope="session")
def own() -> Dataset:
    """Return the portal that this repository publishes."""
    return read(ROOT)


@pytest.fixture(scope="session")
def examples() -> Dataset:
    """Return the synthetic portal: 2019 to 2025, in both forms."""
    return read_dataset(ROOT, ROOT / "examples" / "data")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], str]:
    """Return a function that gives the content of a golden file, first written anew where that is asked for."""

    def content(path: Path, actual: str) -> str:
        if request.config.getoption("--rewrite-golden"):
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(actual.encode())
        return path.read_bytes().decode()

    return content


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def real_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the real portal as `mkdocs build` makes it."""
    return _built_once(tmp_path_factory, "real", ".")


@pytest.fixture(scope="session")
def example_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the synthetic portal as `mkdocs build` makes it."""
    return _built_once(tmp_path_factory, "example", "examples")


def _built_once(folders: pytest.TempPathFactory, name: str, part: str) -> Path:
    """Return the site of *part*, built once for all processes that run the tests; no test changes it."""
    folder = folders.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # Held until the process ends at the latest.
        place = folder / f"{name}.txt"
        if not place.exists():
            site = built(folder / name, part)
            place.write_text(str(site), encoding="utf-8")
        return Path(place.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the browser of the system."""
    with started() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a wide window in which no script fails."""
    page = opened(browser, WIDE)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.context.close()
    assert errors == []


@pytest.fixture(scope="session")
def real(real_site: Path) -> Iterator[str]:
    """Return the address of the real portal."""
    with serving(real_site) as address:
        yield address


@pytest.fixture(scope="session")
def example(example_site: Path) -> Iterator[str]:
    """Return the address of the synthetic portal."""
    with serving(example_site) as address:
        yield address


@pytest.fixture(scope="session")
def chinese_fonts() -> None:
    """Skip the test where this machine has no font for a Chinese PDF."""
    try:
        find_fonts()
    except FontError:
        pytest.skip("这台机器上没有可用的中文字体，PDF 的测试没有做；Debian 上可用 apt install fonts-noto-cjk 安装")
