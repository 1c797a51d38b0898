"""What commands print on terminals of other encodings, and of names that would harm one."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path

import county
import pytest
from building import NIANBAO, ROOT, program

_I18N = Path("/usr/share/i18n/locales")


@pytest.fixture(scope="module")
def locales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of locales that this machine need not have."""
    if not _I18N.is_dir() or shutil.which("localedef") is None:
        pytest.skip("没有 localedef 和它的数据，不能试别的编码；Debian 上可用 apt install locales 安装")
    folder = tmp_path_factory.mktemp("locales")
    for name in ("zh_CN.GB18030", "zh_CN.GBK", "zh_TW.BIG5", "en_US.ISO-8859-1"):
        language, _, charmap = name.partition(".")
        command = ["localedef", "-i", language, "-f", charmap, str(folder / name)]
        subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the real portal with a mistake in it."""
    folder = tmp_path_factory.mktemp("portal")
    for name in ("data", "docs"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    page = folder / "docs/2023/4-review.md"
    page.write_text(page.read_text(encoding="utf-8").replace("# 四、", "# 三、𠮷👍"), encoding="utf-8")
    return folder


def printed(folder: Path, locales: Path, locale: str, *arguments: str, terminal: bool = False) -> bytes:
    """Return what the command prints on a pipe, or on a *terminal*, under *locale*."""
    environment = os.environ | {"LOCPATH": str(locales), "LC_ALL": locale, "PYTHONPATH": str(program(folder))}
    environment = {name: value for name, value in environment.items() if name not in {"PYTHONUTF8", "PYTHONIOENCODING"}}
    command = [sys.executable, "-c", NIANBAO, *arguments]
    if not terminal:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
        return done.stdout + done.stderr
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs):
        os.close(theirs)
        read = b""
        while True:
            try:
                some = os.read(ours, 65536)
            except OSError:  # The terminal has lost its last program.
                break
            if not some:
                break
            read += some
    os.close(ours)
    return read


MISTAKE = "docs/2023/4-review.md:1:3"
WORDS = "S-01 大标题应为“四、政府信息公开行政复议、行政诉讼情况”"


@pytest.mark.parametrize("terminal", [False, True])
def test_an_encoding_that_holds_chinese_is_kept(portal: Path, locales: Path, terminal: bool) -> None:  # noqa: FBT001  # a parameter
    """GB18030 has every character, GBK has a question mark for some; on both the words can be read."""
    told = re.sub(
        r"\x1b\[\d*m", "", printed(portal, locales, "zh_CN.GB18030", "check", terminal=terminal).decode("gb18030")
    )
    assert f"{MISTAKE}: 错误 {WORDS}" in told
    assert "𠮷👍" in told
    told = re.sub(r"\x1b\[\d*m", "", printed(portal, locales, "zh_CN.GBK", "check", terminal=terminal).decode("gbk"))
    assert f"{MISTAKE}: 错误 {WORDS}" in told
    assert "三、??" in told


def test_marks_that_the_encoding_lacks(portal: Path, locales: Path) -> None:
    """A step that failed has a cross that GBK holds."""
    assert "× 检查" in printed(portal, locales, "zh_CN.GBK", "build").decode("gbk")
    assert "✗ 检查" in printed(portal, locales, "zh_CN.GB18030", "build").decode("gb18030")


@pytest.mark.parametrize("locale", ["en_US.ISO-8859-1", "zh_TW.BIG5"])
def test_without_chinese_a_terminal_gets_codes_and_a_pipe_utf8(portal: Path, locales: Path, locale: str) -> None:
    """The terminal gets places and rules as they are, the rest by its codes, and a line that says what to do."""
    told = printed(portal, locales, locale, "check", terminal=True)
    text = re.sub(rb"\x1b\[\d*m", b"", told)
    assert f"{MISTAKE}: \\u9519\\u8bef S-01 ".encode() in text
    assert b"has no Chinese characters, which are shown by their codes; use a UTF-8 or GB18030 locale" in text
    assert f"{MISTAKE}: 错误 {WORDS}" in printed(portal, locales, locale, "check").decode("utf-8")


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_programs_get_utf8(portal: Path, locales: Path, form: str) -> None:
    """What other programs read is UTF-8 under every locale."""
    for locale in ("zh_CN.GB18030", "en_US.ISO-8859-1", "C"):
        told = printed(portal, locales, locale, "check", "--format", form).decode("utf-8")
        assert "行政诉讼情况" in told
        json.loads(told)


FORGED = "docs/2023/a\nmkdocs.yml:1:1: 错误 没有这回事\x1b[2J\x1b]0;title\x07\u202e.md"


@pytest.mark.parametrize("arguments", [["check"], ["check", "--format", "github"], ["build"]])
def test_a_name_forges_no_line(portal: Path, tmp_path: Path, locales: Path, arguments: list[str]) -> None:
    """No control character of a name or of a page reaches the output, and no line begins with what a name says."""
    folder = tmp_path / "portal"
    shutil.copytree(portal, folder)
    (folder / FORGED).write_text("# 页\n\n\x1b[2J<b onclick='\x1b[31m'>a</b> [b](\x1b]0;.md)\n", encoding="utf-8")
    (folder / "docs" / b"\xff.md".decode("utf-8", "surrogateescape")).write_text("# 页\n", encoding="utf-8")
    told = printed(folder, locales, "C.UTF-8", *arguments).decode("utf-8")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ufffd]", told)
    assert "没有这回事" in told
    assert not [line for line in told.splitlines() if line.startswith("mkdocs.yml")]
    assert "docs/\\xff.md" in told


def test_the_engine_alone_forges_none(portal: Path, tmp_path: Path) -> None:
    """`mkdocs build` prints names in the same way, those in its own messages too."""
    folder = tmp_path / "portal"
    shutil.copytree(portal, folder)
    page = folder / "docs/2023/4-review.md"
    page.write_text(page.read_text(encoding="utf-8").replace("# 三、𠮷👍", "# 四、"), encoding="utf-8")
    settings = folder / "mkdocs.yml"
    named = 'name: material\n  favicon: "没有这回事\\e[2J\\u202e"\n'
    settings.write_text(settings.read_text(encoding="utf-8").replace("name: material\n", named, 1), encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(program(folder)), "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build"], cwd=folder, env=environment, capture_output=True, check=False
    )
    told = done.stderr.decode("utf-8")
    assert done.returncode
    assert "没有这回事" in told
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", told)


def test_streams_that_are_closed(portal: Path) -> None:
    """A command that a scheduler starts without streams does its work and takes no file for one."""
    command = f'exec "$@" >&- 2>"{portal}/told"'
    environment = os.environ | {"PYTHONPATH": str(program(portal))}
    arguments = [sys.executable, "-c", NIANBAO, "check"]
    done = subprocess.run(["sh", "-c", command, "sh", *arguments], cwd=portal, env=environment, check=False)
    assert done.returncode == 1
    assert "Traceback" not in (portal / "told").read_text(encoding="utf-8")


def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    """A command in a folder that has been removed says so."""
    environment = os.environ | {"PYTHONPATH": str(program(tmp_path))}
    command = 'mkdir gone && cd gone && rmdir ../gone && exec "$@"'
    arguments = [sys.executable, "-c", NIANBAO, "check"]
    done = subprocess.run(
        ["sh", "-c", command, "sh", *arguments], cwd=tmp_path, env=environment, check=False, stderr=subprocess.PIPE
    )
    assert done.returncode == 2
    assert "现在所在的文件夹已经删去或移走；请换到项目文件夹里再运行" in done.stderr.decode()


def test_a_terminal_shows_how_far_a_long_run_is(locales: Path, tmp_path: Path) -> None:
    """In the terminal's encoding, beside what is printed; a pipe, and a run that finds all known, have none of it."""
    portal = county.write_county(tmp_path, 3)
    register = portal / "data/members.yml"
    register.write_text(register.read_text(encoding="utf-8").removesuffix(county.RETURNED_LINE), encoding="utf-8")
    bar = re.compile(r"检查各单位 .*100%")
    told = [
        printed(portal, locales, "zh_CN.GB18030", "board", str(county.YEAR), terminal=terminal).decode("gb18030")
        for terminal in (True, True, False)
    ]
    assert [bool(bar.search(one)) for one in told] == [True, False, False]
    assert all("应报送 3 个单位" in one for one in told)
