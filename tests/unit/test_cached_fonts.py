"""The fonts of a machine are known without reading them, until something changes where fonts lie."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from building import ROOT
from nianbao.documents.fonts import find_fonts

if TYPE_CHECKING:
    from nianbao.documents.fonts import FontSet

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="各系统的字体文件夹不同，只在 Linux 上试")

# Prints what is kept, whether fonts had to be read for that, and what is found afresh.
_SCRIPT = """
import json, sys
from pathlib import Path
from nianbao.documents.fonts import find_fonts
from nianbao.documents.fonts import cached_fonts
from nianbao.cache.cache import Cache
kept = cached_fonts(Cache(Path(sys.argv[1])))
read = "typst" in sys.modules
found = find_fonts()
assert (kept.key, kept.families) == (found.key, found.families), (kept, found)
print(json.dumps([found.key, read]))
"""


@pytest.fixture(scope="module")
def fonts(chinese_fonts: None) -> FontSet:  # noqa: ARG001  # without any the module is skipped
    """Return the fonts of this machine."""
    return find_fonts()


# Adds a font while the program runs, as during a preview, and prints the keys before and after.
_ADDING = """
import json, shutil, sys
from pathlib import Path
from nianbao.documents.fonts import cached_fonts
from nianbao.cache.cache import Cache
cache, font, folder = map(Path, sys.argv[1:])
first = cached_fonts(Cache(cache)).key
folder.mkdir()
shutil.copy(font, folder / f"Added{font.suffix}")
print(json.dumps([first, cached_fonts(Cache(cache)).key]))
"""


def look(home: Path, **environment: str) -> tuple[str, bool]:
    """Return the key of the fonts that someone at *home* has, and whether they had to be read."""
    key, read = said(home, _SCRIPT, **environment)
    return key, read


def said(home: Path, script: str, *arguments: str, **environment: str) -> list[Any]:
    """Return what *script* prints for someone at *home*; its first argument is where things are kept."""
    environment = {**os.environ, "HOME": str(home), **environment}
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        environment.pop(name, None)
    done = subprocess.run(
        [sys.executable, "-c", script, str(home / "kept"), *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return list(json.loads(done.stdout))


def some(fonts: FontSet) -> Path:
    """Return the file of a Chinese font."""
    found = fonts.source.fonts()
    return Path(next(font.path for font in found if font.family == fonts.families["body"][0] and font.path))


def add(fonts: FontSet, folder: Path, name: str) -> None:
    """Copy a Chinese font to *folder* as *name*."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(some(fonts), folder / f"{name}{some(fonts).suffix}")


def test_fonts_are_read_when_some_are_added_or_removed(fonts: FontSet, tmp_path: Path) -> None:
    """What is kept is what would be found: the second time without reading, after any change with reading."""
    first, read = look(tmp_path)
    assert read
    assert look(tmp_path) == (first, False)
    add(fonts, tmp_path / ".fonts" / "deep", "New")
    second, read = look(tmp_path)
    assert read
    assert second != first
    assert look(tmp_path) == (second, False)
    shutil.rmtree(tmp_path / ".fonts")
    assert look(tmp_path)[0] == first


def test_folders_may_be_named_by_the_system(fonts: FontSet, tmp_path: Path) -> None:
    """A folder that only the configuration of fonts names is watched as well."""
    folder = tmp_path / "elsewhere"
    add(fonts, folder, "First")
    configuration = tmp_path / "fonts.conf"
    configuration.write_text(f"<fontconfig><dir>{folder}</dir></fontconfig>", encoding="utf-8")
    named = {"FONTCONFIG_FILE": str(configuration)}
    first, _ = look(tmp_path, **named)
    assert look(tmp_path, **named) == (first, False)
    add(fonts, folder, "Second")
    second, read = look(tmp_path, **named)
    assert read
    assert second != first
    assert look(tmp_path)[0] not in {first, second}


def test_fonts_may_be_added_during_a_preview(fonts: FontSet, tmp_path: Path) -> None:
    """What a program has read before is not taken for what there is now, and nothing wrong is kept."""
    first, second = said(tmp_path, _ADDING, str(some(fonts)), str(tmp_path / ".fonts"))
    assert second != first
    assert look(tmp_path) == (second, False)
