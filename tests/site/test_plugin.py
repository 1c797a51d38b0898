"""The plugin makes the settings of a portal, whatever mkdocs.yml says and in whatever order."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import pytest
from building import copy_project, run
from projects import edit

if TYPE_CHECKING:
    from pathlib import Path

PLUGINS = "  - search\n  - macros\n  - nianbao\n"


def digests(site: Path) -> dict[str, str]:
    """Return the digest of every file of *site*."""
    return {
        path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in site.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def portal(tmp_path: Path) -> Path:
    """Return a copy of the real portal."""
    return copy_project(tmp_path)


@pytest.mark.parametrize("order", ["  - nianbao\n  - macros\n  - search\n", "  - macros\n  - nianbao\n  - search\n"])
def test_the_order_of_plugins_does_not_matter(portal: Path, real_site: Path, order: str) -> None:
    """The site is the same to the byte."""
    edit(portal / "mkdocs.yml", PLUGINS, order)
    result = run("mkdocs", "build", "-q", folder=portal)
    assert result.code == 0, result.printed
    assert digests(portal / "site") == digests(real_site)


@pytest.mark.parametrize("engine", ["mkdocs", "properdocs"])
def test_what_would_break_a_promise_is_refused(portal: Path, engine: str) -> None:
    """The engine alone refuses what the check tells, all at once and in words."""
    edit(portal / "mkdocs.yml", "  name: material\n", "  name: material\n  language: en\n")
    edit(portal / "mkdocs.yml", "plugins:", "use_directory_urls: true\nplugins:")
    options = ["-f", "mkdocs.yml"] if engine == "properdocs" else []
    result = run(engine, "build", *options, folder=portal, fresh=True)
    assert result.code == 1
    assert "mkdocs.yml:7:13: theme.language 由 nianbao 设定为 zh" in result.printed
    assert "mkdocs.yml:9:21: use_directory_urls 由 nianbao 设定为 false" in result.printed
    assert "Traceback" not in result.printed
    assert not (portal / "site").exists()


def test_what_is_the_portals_own_is_kept(portal: Path) -> None:
    """Colours, exclusions and an icon of its own stand beside what the program sets."""
    edit(
        portal / "mkdocs.yml",
        "  name: material\n",
        "  name: material\n  palette: {primary: indigo}\n  icon: {logo: material/home}\n",
    )
    edit(portal / "mkdocs.yml", "plugins:", "exclude_docs: secret.md\nplugins:")
    (portal / "docs/secret.md").write_text("# 内部\n", encoding="utf-8")
    result = run("mkdocs", "build", "-q", folder=portal)
    assert result.code == 0, result.printed
    page = (portal / "site/2023/index.html").read_text(encoding="utf-8")
    assert 'data-md-color-primary="indigo"' in page
    assert re.findall(r'href="\.\./((?:assets/)?\w+\.css)"', page) == ["assets/reading.css", "assets/nianbao.css"]
    assert not (portal / "site/secret.html").exists()


def test_the_description_is_that_of_the_agency(real_site: Path, example_site: Path) -> None:
    """Without words of its own the site is described by the name of the newest report, and otherwise by those."""
    described = 'name="description" content="武昌区社会管理网格化服务中心政府信息公开工作年度报告"'
    assert described in (real_site / "index.html").read_text(encoding="utf-8")
    own = 'name="description" content="合成示例：示例市示例区城市管理和综合执法局政府信息公开工作年度报告"'
    assert own in (example_site / "index.html").read_text(encoding="utf-8")
