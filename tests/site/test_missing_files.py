"""A kind of file that was published and cannot be made any more: the build stops unless the officer says so."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from building import ROOT, nianbao, run
from fontless import without_fonts

if TYPE_CHECKING:
    from pathlib import Path

STRANGE = "\U00013000"  # An Egyptian hieroglyph, which no font of a Chinese office has.
PDF = "2023/downloads/wghfwzx-2023.pdf"
WORD = "2023/downloads/wghfwzx-2023.docx"

pytestmark = pytest.mark.usefixtures("chinese_fonts")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the real portal with its site."""
    folder = tmp_path_factory.mktemp("published") / "portal"
    folder.mkdir()
    for name in ("data", "docs"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    result = nianbao("build", folder=folder)
    assert result.code == 0, result.printed
    assert "没有生成" not in result.printed
    return folder


@pytest.fixture
def portal(published: Path, tmp_path: Path) -> Path:
    """Return the portal, in which a test may change anything."""
    shutil.copytree(published, tmp_path / "portal")
    assert (tmp_path / "portal/site" / PDF).is_file()
    return tmp_path / "portal"


def strange(portal: Path) -> str:
    """Write a character that no font has into a page; return what must be said of it."""
    page = portal / "docs/2023/6-other.md"
    text = page.read_text(encoding="utf-8")
    page.write_text(f"{text}\n以上{STRANGE}。\n", encoding="utf-8")
    lines = len(text.split("\n")) + 1
    return f"没有生成 PDF：docs/2023/6-other.md:{lines}:3: “{STRANGE}”（U+13000）在本机的字体里没有字形"


@pytest.mark.parametrize("engine", ["mkdocs", "zensical"])
def test_the_build_stops_until_the_officer_gives_it_up(portal: Path, engine: str) -> None:
    """The file stays on the site; with the option that the message names it goes, and is not asked about again."""
    told = strange(portal)
    result = nianbao("build", "--engine", engine, folder=portal)
    assert result.code == 1
    assert f"原来的网站有 1 个文件，这次没有生成：\n  {PDF}\n{told}" in result.printed
    assert "✗ 发布" in result.printed
    assert (portal / "site" / PDF).is_file()
    assert STRANGE not in (portal / "site/2023/6-other.html").read_text(encoding="utf-8")
    assert "运行 nianbao build --without pdf" in result.printed
    for options in (["--without", "pdf"], []):
        done = nianbao("build", "--engine", engine, *options, folder=portal)
        assert done.code == 0, done.printed
        assert told in done.printed  # A site without the file says so each time.
        assert not (portal / "site" / PDF).exists()
    assert STRANGE in (portal / "site/2023/6-other.html").read_text(encoding="utf-8")


def test_the_engine_alone_stops_as_well(portal: Path) -> None:
    """`mkdocs build` publishes nothing either, and names the command that does."""
    told = strange(portal)
    result = run("mkdocs", "build", folder=portal)
    assert result.code != 0
    assert f"  {PDF}\n{told}" in result.printed
    assert "运行 nianbao build --without pdf" in result.printed
    assert (portal / "site" / PDF).is_file()


def test_other_kinds_are_not_given_up_with_it(portal: Path) -> None:
    """The option names one kind; a kind that nobody knows is refused."""
    strange(portal)
    assert nianbao("build", "--without", "docx", folder=portal).code == 1
    assert (portal / "site" / PDF).is_file()
    assert nianbao("build", "--without", "exe", folder=portal).code == 2


def test_a_machine_without_fonts(portal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what to install and keeps the site as it is; a site that had no such file is built, and says so."""
    without_fonts(tmp_path, monkeypatch)
    advice = "没有生成 PDF：没有找到可用的中文字体，不能生成 PDF，其他格式不受影响。请安装一种中文字体后重试"
    result = nianbao("build", folder=portal)
    assert result.code == 1
    assert advice in result.printed
    shutil.rmtree(portal / "site")
    result = nianbao("build", folder=portal)
    assert result.code == 0, result.printed
    assert result.printed.count(advice) == 1
    assert (portal / "site" / WORD).is_file()
