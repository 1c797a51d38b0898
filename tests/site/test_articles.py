"""What an engine shows beside what was judged keeps a site from being published, whatever has put it there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from building import copy_program, copy_project, nianbao
from projects import edit

if TYPE_CHECKING:
    from pathlib import Path

ENGINES = ("mkdocs", "properdocs", "zensical")


def refused(folder: Path, engine: str = "mkdocs", *, fresh: bool = False) -> list[str]:
    """Return what keeps the site of the portal in *folder* from being published, once it was built."""
    done = nianbao("build", "--engine", engine, folder=folder, fresh=fresh)
    assert done.code == 1, done.printed
    assert "✗ 核对" in done.printed, done.printed
    assert not (folder / "site").exists()
    return [line for line in done.printed.splitlines() if re.match(r"\S+:\d+:\d+: ", line)]


@pytest.mark.parametrize("engine", ENGINES)
def test_words_of_a_theme(tmp_path: Path, engine: str) -> None:
    """A theme adds a sentence to one page, and leaves words of another out."""
    folder = copy_project(tmp_path)
    edit(
        copy_program(folder) / "theme/main.html",
        "  {{ super() }}\n",
        "  {% if page.url == 'check.html' %}<p>全部属实。</p>{% endif %}\n"
        "  {% if page.url == 'compare.html' %}{{ page.content | replace('由程序计算', '') }}"
        "{% else %}{{ super() }}{% endif %}\n",
    )
    told = refused(folder, engine, fresh=True)
    assert len(told) == 2, told
    assert told[0].startswith("docs/check.md:5:3: 错误 网站的 check.html 里没有照样显示检查过的内容：")
    assert told[1].startswith("docs/compare.md:7:26: 错误 网站的 compare.html 里没有照样显示检查过的内容：应为")


def test_words_of_an_extension(tmp_path: Path) -> None:
    """An extension that the check does not know makes a box of a judged paragraph, and takes another from the page."""
    folder = copy_project(tmp_path)
    with (folder / "mkdocs.yml").open("a", encoding="utf-8") as file:
        file.write("\nmarkdown_extensions:\n  - admonition\n  - abbr\n")
    (folder / "docs/more.md").write_text("# 说明\n\n!!! note\n    请看附注。\n", encoding="utf-8")
    (folder / "docs/short.md").write_text("# 简称\n\n见附注。\n\n*[附注]: 全文不公开\n", encoding="utf-8")
    told = refused(folder)
    assert [line.partition(": ")[0] for line in told] == ["docs/more.md:3:1", "docs/short.md:5:1"]


@pytest.mark.parametrize("engine", ENGINES)
def test_folders_beside_the_years(tmp_path: Path, engine: str) -> None:
    """Pages in folders that are no years are published as they are; menu and titles do not take them for years."""
    folder = copy_project(tmp_path)
    pages = {"info/index.md": "指南", "info/form.md": "申请表", "info/more/README.md": "其他", "2023/info/a.md": "附录"}
    for name, title in pages.items():
        path = folder / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {title}\n\n请看。\n", encoding="utf-8")
    done = nianbao("build", "--engine", engine, folder=folder)
    assert done.code == 0, done.printed
    page = (folder / "site/info/form.html").read_text(encoding="utf-8")
    assert "<title>申请表 - 政府信息公开年报</title>" in page
    assert "info年" not in page
    assert 'class="years"' not in page
    assert 'href="more/index.html">其他</a>' in page.replace("./more", "more")
    assert "<title>附录 - 2023年 - 政府信息公开年报</title>" in (folder / "site/2023/info/a.html").read_text("utf-8")
