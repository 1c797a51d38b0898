"""What a build would refuse of pages is told by check, where it was typed; what check lets pass is built."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from building import copy_project, nianbao
from projects import edit

if TYPE_CHECKING:
    from pathlib import Path

# What stands on the third line of a page: the column and the beginning of what is told. Built, each was refused.
REFUSED = {
    "[a](gone.md)": "5: 错误 链接“gone.md”指向的页面或文件不存在",
    "[a](2023/6-other.md#nowhere)": "5: 错误 链接“2023/6-other.md#nowhere”指向的标题或锚点不存在",
    "[a](#nowhere)": "5: 错误 链接“#nowhere”指向的标题或锚点不存在",
    "[a](/index.html)": "5: 错误 链接“/index.html”从网站的根写起",
    "[a](2023/)": "5: 错误 链接“2023/”指向的页面或文件不存在",
    "[a](2023/index.html)": "5: 错误 链接“2023/index.html”指向的页面或文件不存在",
    "[a](.)": "5: 错误 链接“.”指向的页面或文件不存在",
    "[a](../x.md)": "5: 错误 链接“../x.md”指向的页面或文件不存在",
    "[a](INDEX.md)": "5: 错误 链接“INDEX.md”指向的页面或文件不存在",
    "[a](downloads/SHA256SUMS)": "5: 错误 链接“downloads/SHA256SUMS”指向的页面或文件不存在",
    "![x](gone.png)": "6: 错误 链接“gone.png”指向的页面或文件不存在",
    '<a href="gone.md">x</a>': "10: 错误 链接“gone.md”指向的页面或文件不存在",
    '<a href="2023/index.md">x</a>': "10: 错误 链接“2023/index.md”指向的页面或文件不存在",
    '<a href="2023/full.html#no">x</a>': "10: 待核 链接“2023/full.html#no”指向宏画出的内容",
    '<a href="2023/6-other.html#no">x</a>': "10: 错误 链接“2023/6-other.html#no”指向的标题或锚点不存在",
    '<a href="feed.xml">x</a>': "10: 待核 这里的 HTML 链接“feed.xml”要在生成网站时才知道",
    "[a](compare.md#nowhere)": "5: 待核 链接“compare.md#nowhere”指向宏画出的内容",
    "<table><tr><td>a</td></tr><tr><td>a</td><td>b</td></tr></table>": "1: 错误 表格有缺口：各行的列数不同",
    "<div><p>a</div>": "6: 错误 <p> 没有结束标签",
    "<ul><p>a</p></ul>": "5: 错误 <ul> 里不能放 <p>",
    "<b><i>a</b></i>": "4: 错误 <i> 没有结束标签",
    "<td>a</td>": "1: 错误 <td> 不能放在 <",
    "<span><div>a</div></span>": "7: 错误 段落 <p> 里不能放 <div>",
    '<a href="#">a <a href="#">b</a></a>': "15: 错误 <a> 里不能再放 <a>",
    '<p id="site-nav">x</p>': "1: 错误 id“site-nav”用了两次",
    '<table><tr><td headers="zz">a</td></tr></table>': "12: 错误 <td> 所指的 id“zz”不存在",
    '<p title="x" title="y">a</p>': "1: 错误 <p> 的同一个属性写了两次",
    "<br></br>": "5: 错误 多了 </br>",
    "a</span>b": "2: 错误 多了 </span>",
    '<col span="2">': "1: 错误 <col> 不能放在 <",
    "<dt>x</dt>": "1: 错误 <dt> 不能放在 <",
    "<li>x</li>": "1: 错误 <li> 不能放在 <",
    "a&#123;&#123; year() &#125;&#125;": "2: 错误 “{{”会照样公布",
    "a&lbrace;% if a %&#x7D;": "2: 错误 “{%”会照样公布",
}
# What is built as it stands.
PUBLISHED = (
    "[a](2023/index.md#report)",
    "[a](2023/full.md#section-1)",
    "[a](2023/3-requests.md#requests)",
    "[a](2023/3-requests.md#requests.received)",
    "[a](check.md#check)",
    "[a](#标题)\n\n## 标题 {#标题}",
    "[a](#part)\n\n## Part",
    "[a](#_1)\n\n## 标题",
    "[a](index.md?x=1)",
    '<a href="2023/index.html#report">x</a>',
    '<a href="2023/">x</a>',
    '<a href="page-3.html">x</a>',
    "[a](mailto:a@b.cn) [b](tel:110) <https://www.gov.cn/>",
    "<table><tr><th>a</th></tr><tr><td>b</td></tr></table>",
    "<dl><dt>x</dt><dd>y</dd></dl>",
    "a<br>b",
)


def with_pages(folder: Path, pages: list[str]) -> Path:
    """Return a copy of the project with a page for each of *pages*."""
    project = copy_project(folder)
    for number, text in enumerate(pages):
        (project / f"docs/page-{number}.md").write_text(f"# 说明\n\n{text}\n", encoding="utf-8")
    return project


def test_check_tells_what_a_build_would_refuse(tmp_path: Path) -> None:
    """Every page is told, at its place, all at once."""
    project = with_pages(tmp_path, list(REFUSED))
    done = nianbao("check", folder=project)
    assert done.code == 1
    for number, (text, told) in enumerate(REFUSED.items()):
        column, message = told.split(": ", 1)
        assert f"docs/page-{number}.md:3:{column}: {message}" in done.printed, (text, of_page(done.printed, number))


def test_a_link_to_what_the_site_leaves_out(tmp_path: Path) -> None:
    """Files of systems, and what the portal itself leaves out, stand below docs and in no site."""
    links = ("[a](desktop.ini)", "[a](kept/Thumbs.db)", "[a](notes.txt)", "[a](page-4.md)", "甲")
    project = with_pages(tmp_path, list(links))
    edit(project / "mkdocs.yml", "plugins:", 'exclude_docs: "notes.*\\npage-4.md"\nplugins:')
    (project / "docs/kept").mkdir()
    for name in ("desktop.ini", "kept/Thumbs.db", "notes.txt"):
        (project / "docs" / name).write_text("甲", encoding="utf-8")
    done = nianbao("check", folder=project)
    assert done.code == 1
    for number, text in enumerate(links[:4]):
        target = text[4:-1]
        told = f"docs/page-{number}.md:3:5: 错误 链接“{target}”指向的是不放进网站的文件；请改正，或把文件改名"
        assert told in done.printed, done.printed
    for number in range(4):
        (project / f"docs/page-{number}.md").unlink()
    assert nianbao("build", folder=project).code == 0
    assert not [
        path for path in (project / "site").rglob("*") if path.name in {"desktop.ini", "notes.txt", "page-4.html"}
    ]


def of_page(printed: str, number: int) -> list[str]:
    """Return the lines that are *printed* about the page of a *number*."""
    return [line for line in printed.splitlines() if line.startswith(f"docs/page-{number}.md:")]


def test_a_build_refuses_with_the_same_words(tmp_path: Path) -> None:
    """A build ends before the engine with what check tells."""
    project = with_pages(tmp_path, list(REFUSED))
    checked, built = (nianbao(command, folder=project) for command in ("check", "build"))
    assert "✗ 检查" in built.printed
    wrong = re.compile(r"docs/page-\d+\.md:\d+:\d+: 错误 .*")
    assert wrong.findall(checked.printed) == wrong.findall(built.printed)


@pytest.mark.parametrize("engine", ["mkdocs", "properdocs", "zensical"])
def test_check_lets_pass_what_is_built(tmp_path: Path, engine: str) -> None:
    """Nothing is told of these pages, and they are published."""
    project = with_pages(tmp_path, list(PUBLISHED))
    checked = nianbao("check", folder=project)
    assert [of_page(checked.printed, number) for number in range(len(PUBLISHED))] == [[] for _ in PUBLISHED]
    built = nianbao("build", "--engine", engine, folder=project)
    assert built.code == 0, built.printed


def test_whole_addresses_of_the_site(tmp_path: Path) -> None:
    """A link that names the site itself is one to its own pages, in check as in the site."""
    own = "https://www.example.gov.cn/a/"
    pages = [f"[a]({own})", f"[a]({own}2023/full.html)", f"[a]({own}gone.html)", f"[a]({own}2023/gone.md)"]
    project = with_pages(tmp_path, pages)
    with (project / "mkdocs.yml").open("a", encoding="utf-8") as settings:
        settings.write(f"site_url: {own}\n")
    told = [of_page(nianbao("check", folder=project).printed, number) for number in range(4)]
    assert told[:2] == [[], []]
    assert "待核" in told[2][0]
    assert "指向的页面或文件不存在" in told[3][0]
    for number in (2, 3):
        (project / f"docs/page-{number}.md").unlink()
    built = nianbao("build", folder=project)
    assert built.code == 0, built.printed


# Each ran in a build that check had accepted.
RUNNING = {
    "tag": ("site_name:", "extra: {a: !!python/object/apply:os.system ['touch ran']}\nsite_name:"),
    "extension": ("site_name:", "markdown_extensions: ['os:mkdir': {path: ran}]\nsite_name:"),
    "module of macros": ("  - macros\n", "  - macros: {module_name: own}\n"),
    "merged hooks": ("site_name:", "<<: {hooks: [own.py]}\nsite_name:"),
}


@pytest.mark.parametrize("name", RUNNING)
def test_no_program_of_a_portal_runs(tmp_path: Path, name: str) -> None:
    """What settings would run is refused by check, and by a build before an engine reads them."""
    project = with_pages(tmp_path, [])
    (project / "own.py").write_text("open('ran', 'w')\ndef define_env(env): pass\n", encoding="utf-8")
    edit(project / "mkdocs.yml", *RUNNING[name])
    assert nianbao("check", folder=project).code == 1
    assert nianbao("build", folder=project).code == 2
    assert not (project / "ran").exists()


def test_what_is_drawn_twice(tmp_path: Path) -> None:
    """A macro that draws the same once more would give two places the same address."""
    twice = "{{ report_list() }}\n\n又：\n\n{{ report_list() }}"
    project = with_pages(tmp_path, [twice, "{{ comparison('requests') }}\n\n{{ comparison('fees') }}"])
    done = nianbao("check", folder=project)
    assert of_page(done.printed, 0) == [
        "docs/page-0.md:7:1: 错误 宏 report_list 在这一页画了两次同样的内容；请删去一处"
    ]
    assert of_page(done.printed, 1) == []


def test_addresses_of_two_sections(tmp_path: Path) -> None:
    """The full text has the addresses of all sections, those of tables too, so that none may stand in two of them."""
    project = with_pages(tmp_path, [])
    added = "\n## 又一项 {#section-2}\n\n**甲**{: #requests.received }和<b id='section-6-1'>乙</b>。\n"
    page = project / "docs/2023/1-overview.md"
    lines = page.read_text(encoding="utf-8").count("\n") + 1
    page.write_text(page.read_text(encoding="utf-8") + added, encoding="utf-8")
    done = nianbao("check", folder=project)
    told = [line.partition(": 错误 ")[::2] for line in done.printed.splitlines() if "全文里会重复" in line]
    assert told == [
        (
            f"docs/2023/{file}:{line}:{column}",
            f"标题的地址 {id_} 在 docs/2023/{other} 里也有，全文里会重复；请改成不同的",
        )
        for file, line, column, id_, other in (
            ("1-overview.md", lines + 3, 9, "requests.received", "3-requests.md"),
            ("2-disclosure.md", 1, 17, "section-2", "1-overview.md"),
            ("6-other.md", 3, 18, "section-6-1", "1-overview.md"),
        )
    ]


def test_a_folder_is_no_page(tmp_path: Path) -> None:
    """A folder that is called as a page is none, so that the page is missing."""
    project = with_pages(tmp_path, [])
    (project / "docs/2023/index.md").unlink()
    (project / "docs/2023/index.md").mkdir()
    assert "docs/2023/index.md:1:1: 错误 缺少此页面" in nianbao("check", folder=project).printed


def test_lines_that_begin_with_marks(tmp_path: Path) -> None:
    """Headings and quotations without a blank behind their mark, and lists from any number, are read as engines do."""
    pages = ["#甲\n\n乙", ">甲\n>乙", "1986. 甲\n1987. 乙", "##甲##\n\n>>乙"]
    done = nianbao("build", folder=with_pages(tmp_path, pages))
    assert done.code == 0, done.printed


def test_pages_begin_with_their_heading(tmp_path: Path) -> None:
    """The name of a page is its heading; without one engines make a name of that of the file."""
    project = with_pages(tmp_path, [])
    (project / "docs/a.md").write_text("没有标题。\n", encoding="utf-8")
    (project / "docs/b.md").write_text("前言。\n\n# 标题\n", encoding="utf-8")
    (project / "docs/c.md").write_text("---\ntitle: 名称\n---\n\n前言。\n\n# 标题\n", encoding="utf-8")
    done = nianbao("check", folder=project)
    told = [line for line in done.printed.splitlines() if "页面应以大标题开始" in line]
    assert [line.partition(" ")[0] for line in told] == ["docs/a.md:1:1:", "docs/b.md:1:1:"]
