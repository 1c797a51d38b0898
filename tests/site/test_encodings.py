"""Sites of files in GB18030 with line ends of Windows: the same pages as of files in plain UTF-8."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from building import copy_project, nianbao, run
from nianbao.reading.encoding import Encoding

if TYPE_CHECKING:
    from pathlib import Path

ENGINES = ("mkdocs", "properdocs", "zensical")


def pages(folder: Path, engine: str) -> dict[str, bytes]:
    """Build *folder* and return the pages of its report."""
    done = nianbao("build", "--engine", engine, folder=folder)
    assert done.code == 0, done.printed
    found = {path.name: path.read_bytes() for path in (folder / "site/2023").glob("*.html")}
    assert found
    return found


@pytest.mark.parametrize("engine", ENGINES)
def test_pages_are_the_same(engine: str, tmp_path: Path) -> None:
    """No engine sees how the files were saved."""
    plain, saved = copy_project(tmp_path / "plain"), copy_project(tmp_path / "saved")
    for path in (*saved.glob("data/*.yml"), *saved.glob("docs/**/*.md")):
        path.write_bytes(Encoding("gb18030", "\r\n").encoded(path.read_text(encoding="utf-8")))
    assert pages(saved, engine) == pages(plain, engine)


def test_a_damaged_page_beside_one_in_gb18030_is_told(tmp_path: Path) -> None:
    """The host by itself reads the one and refuses the other at its byte."""
    folder = copy_project(tmp_path)
    path = folder / "docs/2023/6-other.md"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    assert run("mkdocs", "build", folder=folder).code == 0
    (folder / "docs/2023/5-improvement.md").write_bytes("# 五、存在的主要问题".encode() + b"\xc4\n")
    done = run("mkdocs", "build", folder=folder)
    assert done.code == 1
    assert "docs/2023/5-improvement.md:1:12: 不是 UTF-8 或 GB18030 编码，此处的字节是 0xC4" in done.printed
