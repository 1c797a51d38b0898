"""Text of a report that readers would see and no rule would read is told by check, where it stands."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from nianbao.model.dataset import read_dataset
from nianbao.rules.judging import judge_dataset
from projects import example_project, project_in

if TYPE_CHECKING:
    from pathlib import Path

FIGURE = "2023年，本局收到政府信息公开申请99999件。"
INDENTED = "行首空了四格或用了制表符，这段文字会显示成代码，没有规则核对；请删去行首的空格"
FENCED = "代码块里的文字没有规则核对；请删去 ``` 这样的行，直接写文字"
UNDERLINED = "会把上一行变成标题；标题写作 # 或 ## 开头，分隔线前空一行"
ABOVE = "会公开，却没有规则核对；请删去，名称取自本页的大标题"
DRAWN = "这一页全部由宏画出，写在这里的文字没有规则核对；请移到六个部分的页面里"
MERGED = "请选定要公布的文字，再删去这些标记"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the example project."""
    return example_project(tmp_path_factory.mktemp("unread"))


def mistakes(project: Path, page: str, source: str) -> list[str]:
    """Return what is wrong with the pages of 2023 where *page* says *source*."""
    path = project / "docs/2023" / page
    before = path.read_text(encoding="utf-8")
    path.write_text(source, encoding="utf-8")
    try:
        opened = replace(project_in(project), years=frozenset({2023}))
        judged = judge_dataset(read_dataset(opened.root, opened.data), opened)
    finally:
        path.write_text(before, encoding="utf-8")
    return [str(finding).partition(f"docs/2023/{page}:")[2] for finding in judged.mistakes]


@pytest.mark.parametrize(
    ("added", "expected"),
    [
        (f"    {FIGURE}", [f"1:1: {INDENTED}"]),
        (f"\t{FIGURE}", [f"1:1: {INDENTED}"]),
        (f"  \t{FIGURE}", [f"1:1: {INDENTED}"]),
        (f"甲。\n\n    {FIGURE}\n    乙。\n\n丙。\n\n    丁。", [f"3:1: {INDENTED}", f"8:1: {INDENTED}"]),
        (f"- 甲\n\n        {FIGURE}", [f"3:1: {INDENTED}"]),
        (f"```\n{FIGURE}\n```", [f"2:1: {FENCED}"]),
        (f"~~~text\n{FIGURE}\n~~~", [f"2:1: {FENCED}"]),
        (f"{FIGURE}\n===", [f"2:1: “===”{UNDERLINED}"]),
        (f"{FIGURE}\n---", [f"2:1: “---”{UNDERLINED}"]),
        ("甲。\n\n---\n\n乙。", []),
        ("| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |", []),
        ("- 甲\n\n    乙。", []),
        ("甲。\n    乙。", []),
        ("`甲`", []),
        (
            "<!-- 内部意见 -->",
            ["1:1: 注释会留在公开网页的源代码里，谁都看得到；请删去，只给编辑看的说明写作 {## 说明 ##}"],
        ),
        ("{## 内部意见 ##}", []),
    ],
)
def test_text_that_no_rule_reads(project: Path, added: str, expected: list[str]) -> None:
    """Code, underlined headings and comments are told with line and column; lists, tables and rules are let be."""
    source = (project / "docs/2023/6-other.md").read_text(encoding="utf-8")
    lines = source.count("\n") + 1
    told = mistakes(project, "6-other.md", f"{source}\n{added}\n")
    shifted = [f"{int(line.partition(':')[0]) + lines}:{line.partition(':')[2]}" for line in expected]
    assert told == shifted


@pytest.mark.parametrize(
    ("above", "expected"),
    [
        ("title: 收到申请99999件", [f"2:1: 页首的 title {ABOVE}"]),
        ("hide: [toc]\ndescription: 收到申请99999件", [f"3:1: 页首的 description {ABOVE}"]),
        ("hide: [toc]", []),
    ],
)
def test_what_stands_above_a_section(project: Path, above: str, expected: list[str]) -> None:
    """Titles and descriptions of their own would be public and judged by nobody."""
    source = (project / "docs/2023/6-other.md").read_text(encoding="utf-8")
    assert mistakes(project, "6-other.md", f"---\n{above}\n---\n\n{source}") == expected


def test_pages_that_only_draw(project: Path) -> None:
    """The full text and the picture of a year repeat what is judged elsewhere, and hold no text of their own."""
    for page in ("full.md", "picture.md"):
        source = (project / "docs/2023" / page).read_text(encoding="utf-8")
        assert mistakes(project, page, source) == []
        lines = source.count("\n") + 2
        assert mistakes(project, page, f"{source}\n{FIGURE}\n") == [f"{lines}:1: {DRAWN}"]
        titled = source.replace("title: ", "title: 申请12件的")
        what = "页首的 title 会公开，却没有规则核对；请删去，或只写“全文”这样的名称"
        assert mistakes(project, page, titled) == [f"2:1: {what}"]


def test_merge_marks(project: Path) -> None:
    """What a version control system left of a failed merge is told, each mark by its line."""
    source = "# 甲\n\n<<<<<<< HEAD\n\n加强培训。\n\n=======\n\n加强考核。\n\n>>>>>>> office\n"
    assert mistakes(project, "6-other.md", source) == [
        f"{line}:1: 合并两个版本时留下的冲突标记“{mark * 7}”；{MERGED}"
        for line, mark in ((3, "<"), (7, "="), (11, ">"))
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("  <<<<<<< HEAD\n  甲\n  =======\n  乙\n  >>>>>>> b", "<=>"),
        ("- <<<<<<<< 我的\n- 甲", "<"),
        ("> >>>>>>> b", ">"),
        ("||||||| 合并前\n\n甲", "|"),
        ("<<<<<<< 1 of 1\n%%%%%%% 从甲到乙\n-甲\n+++++++ 丙\n乙\n>>>>>>> 1 of 1", "<%+>"),
        ("@@ -1,3 +1,4 @@\n甲", "@"),
        ("加强{++培训++}和{--考核--}。", "++"),
        ("{>>此处核实<<}甲", "+"),
        ("|||||||\n| - | - | - | - | - | - |\n||||||| 甲 |", ""),
        ("甲\n\n* * * * * * *\n\n乙", ""),
        ("> > 引文", ""),
    ],
)
def test_marks_of_other_programs(project: Path, text: str, told: str) -> None:
    """Marks stand anywhere in a line's beginning, are longer, or are those of other programs; tables have none."""
    source = (project / "docs/2023/6-other.md").read_text(encoding="utf-8")
    lines = mistakes(project, "6-other.md", f"{source}\n{text}\n")
    found = [line.partition("“")[2][:1] if "冲突标记" in line else "+" for line in lines if MERGED in line]
    assert "".join(found) == told


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[注]: 本年没有此类事项。", "这一行会当作链接的地址，读者看不到"),
        ("说明如下。\n[注]: 收到申请99999件。", "这一行会当作链接的地址，读者看不到"),
        ("> [注]: 本年没有。", "这一行会当作链接的地址，读者看不到"),
        ("1. [注]: 本年没有。", "这一行会当作链接的地址，读者看不到"),
        ("见[首页]。\n- [注]: 乙\n\n[首页]: index.md", ""),
        ("[//]: # (内部意见)", "这一行会当作链接的地址，读者看不到"),
        ("条例规定[^1]。\n\n[^1]: 见第五十条。", "页面没有脚注，这一行读者看不到"),
        ("[注]：本年没有此类事项。", ""),
        ("[注]: 本年没有此类事项，1 件也没有。", ""),
        ("见[首页][甲]和[甲]。\n\n[甲]: index.md", ""),
    ],
)
def test_lines_that_vanish(project: Path, text: str, expected: str) -> None:
    """A sentence that Markdown takes for the address of a link would be on no page, and nobody would know."""
    source = (project / "docs/2023/6-other.md").read_text(encoding="utf-8")
    found = [line for line in mistakes(project, "6-other.md", f"{source}\n{text}\n") if "读者看不到" in line]
    at = source.count("\n") + 2 + text[: text.find("]:")].count("\n")
    column = text.rpartition("\n")[2].find("[") + 1
    assert [line.startswith(f"{at}:{column}: {expected}") for line in found] == [True] * bool(expected), found


def test_merge_marks_in_data(project: Path) -> None:
    """They are told in data as well, in the same words."""
    path = project / "data/2023.yml"
    before = path.read_text(encoding="utf-8")
    path.write_text(f"<<<<<<< HEAD\n{before}=======\n{before}>>>>>>> office\n", encoding="utf-8")
    try:
        opened = project_in(project)
        found = read_dataset(opened.root, opened.data).findings
    finally:
        path.write_text(before, encoding="utf-8")
    messages = [finding.message for finding in found if finding.place.file.endswith("2023.yml")]
    assert messages == [f"合并两个版本时留下的冲突标记“{mark * 7}”；{MERGED}" for mark in "<=>"]
