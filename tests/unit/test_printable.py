"""A PDF that cannot be made is told with the character, its place, and what to install."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from building import ROOT, nianbao
from fontless import without_fonts
from nianbao.command.judging import check_project
from nianbao.documents.fonts import ADVICE, find_fonts
from nianbao.documents.shapes import missing, uncommon, without_shape
from nianbao.model.project import Project, project_at
from projects import edit, thawed

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.documents.fonts import FontSet

STRANGE = "\U00013000"  # An Egyptian hieroglyph, which no font of a Chinese office has.


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a copy of the examples of which no year is frozen."""
    folder = tmp_path / "examples"
    shutil.copytree(ROOT / "examples", folder, ignore=shutil.ignore_patterns("site", ".cache", ".site.*"))
    return thawed(folder)


@pytest.fixture
def single(chinese_fonts: None, tmp_path: Path) -> FontSet:  # noqa: ARG001  # without any the test is skipped
    """Return one Chinese font, beside those that the typesetter brings."""
    fonts = find_fonts()
    path = next(font.path for font in fonts.source.fonts() if font.family == fonts.families["body"][0] and font.path)
    (tmp_path / "font").mkdir()
    shutil.copy(path, tmp_path / "font")
    return find_fonts([tmp_path / "font"])


def told(project: Path) -> list[str]:
    """Return what a check says of characters without a shape."""
    findings = check_project(project_at(project)).findings
    return [f"{finding.place} {finding.level} {finding.message}" for finding in findings if "字形" in finding.message]


def test_only_uncommon_characters_are_asked_about() -> None:
    """What every Chinese font holds costs no question."""
    assert uncommon("国务院办公厅〔2021〕30号，①②Ａ％—…《》A\n") == frozenset()
    assert uncommon(f"甲㎡{STRANGE}") == {"㎡", STRANGE}


def test_the_typesetter_says_what_it_cannot_show(single: FontSet) -> None:
    """All of them are found, and none that the font has."""
    assert without_shape([], single) == ()
    assert without_shape(["㎡", "𠮷"], single) == ()
    assert set(without_shape(["\u0e01", "㎡", STRANGE, "\u1234"], single)) == {"\u0e01", STRANGE, "\u1234"}


def test_of_many_the_first_are_told(single: FontSet) -> None:
    """Hundreds of them take no longer than twenty."""
    assert len(without_shape([chr(code) for code in range(0x13000, 0x13200)], single)) == 20


@pytest.mark.parametrize(
    ("character", "words"), [("👍", "emoji"), ("𠀀", "fonts-hanazono"), (STRANGE, "fonts-noto-core")]
)
def test_what_to_install_depends_on_the_character(character: str, words: str) -> None:
    """Emoji, Chinese characters and others come with fonts of their own."""
    message = str(missing(character, 2024))
    assert words in message
    assert f"“{character}”（U+{ord(character):04X}）" in message
    assert "2024 年的 PDF" in message


@pytest.mark.usefixtures("chinese_fonts")
def test_a_check_tells_each_place(project: Path) -> None:
    """In a page, as a reference, in the data, as the site's notice: each where it was typed."""
    assert told(project) == []
    message = f" warning {missing(STRANGE, 2024)}"
    page = project / "docs/2024/6-other.md"
    before = page.read_text(encoding="utf-8")
    lines = len(before.split("\n"))
    page.write_text(f"{before}\n甲{STRANGE}乙{STRANGE}。\n", encoding="utf-8")
    assert told(project) == [f"docs/2024/6-other.md:{lines + 1}:{column}{message}" for column in (2, 4)]
    page.write_text(f"{before}\n甲乙&#x13000;。\n", encoding="utf-8")
    assert told(project) == [f"docs/2024/6-other.md:{lines + 1}:3{message}"]
    page.write_text(before, encoding="utf-8")
    data = project / "data/2024.yml"
    text = data.read_text(encoding="utf-8")
    at = text.index("{title: ") + len("{title: ")
    data.write_text(f"{text[:at]}{STRANGE}{text[at:]}", encoding="utf-8")
    number = text.count("\n", 0, at) + 1
    column = at - text.rindex("\n", 0, at)
    assert told(project) == [f"data/2024.yml:{number}:{column}{message}"]
    data.write_text(text, encoding="utf-8")
    edit(project / "mkdocs.yml", "notice: 本站", f"notice: 本{STRANGE}站")
    found = told(project)
    assert len(found) == len(list((project / "data").glob("20*.yml")))  # Every PDF shows it.
    assert {line.partition(" ")[0] for line in found} == {"mkdocs.yml:12:16"}


@pytest.mark.usefixtures("chinese_fonts")
def test_a_folder_without_a_site_is_not_asked(project: Path) -> None:
    """Where no site is built no PDF is made."""
    page = project / "docs/2024/6-other.md"
    page.write_text(f"{page.read_text(encoding='utf-8')}\n甲{STRANGE}乙。\n", encoding="utf-8")
    assert told(project)
    alone = Project(root=project, data=project / "data", docs=project / "docs")
    assert not [finding for finding in check_project(alone).findings if "字形" in finding.message]


def test_a_machine_without_chinese_fonts_is_told(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A check says what to install, once, and is no worse for it."""
    without_fonts(tmp_path, monkeypatch)
    done = nianbao("check", folder=project)
    assert done.code == 0
    assert done.printed.count(f"mkdocs.yml:1:1: 提醒 {ADVICE}\n") == 1
    assert nianbao("check", "data", folder=project).printed.count(ADVICE) == 1
