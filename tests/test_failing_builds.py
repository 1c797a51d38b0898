"""`mkdocs build` refuses mistakes: the whole list, a code that is not 0, and the old site as it was."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from building import Result, copy_project, run

if TYPE_CHECKING:
    from pathlib import Path


def digest(folder: Path) -> str:
    """Return a digest of names and contents of all files in *folder*."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    assert files
    parts = [f"{path.relative_to(folder)} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the project with a good site."""
    folder = copy_project(tmp_path_factory.mktemp("project"))
    result = run("mkdocs", "build", folder=folder)
    assert result.code == 0, result.printed
    return folder


class Case:
    """Edits to files of the project, undone when the test ends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.originals: dict[Path, bytes | None] = {}

    def write(self, file: str, content: bytes) -> None:
        """Write *content* to *file*."""
        path = self.folder / file
        self.originals.setdefault(path, path.read_bytes() if path.exists() else None)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace the first *old* by *new* in *file*."""
        text = (self.folder / file).read_text(encoding="utf-8")
        assert old in text
        self.write(file, text.replace(old, new, 1).encode())

    def append(self, file: str, text: str) -> None:
        """Add *text* to the end of *file*."""
        self.write(file, (self.folder / file).read_bytes() + text.encode())

    def undo(self) -> None:
        """Put everything back."""
        for path, content in self.originals.items():
            if content is None:
                path.unlink()
            else:
                path.write_bytes(content)


@pytest.fixture
def case(project: Path) -> Case:
    """Return a case over the project; see `refused` for its judgement."""
    return Case(project)


def refused(case: Case, *options: str) -> list[str]:
    """Build with the case's edits; return the findings after checking that nothing was published."""
    site = case.folder / "site"
    before = digest(site)
    try:
        result: Result = run("mkdocs", "build", *options, folder=case.folder)
    finally:
        case.undo()
    assert result.code == 1, result.printed
    assert digest(site) == before
    assert not list(case.folder.glob(".site.*"))
    assert "Traceback" not in result.printed
    lines = result.printed.splitlines()
    first = next(index for index, line in enumerate(lines) if "网站没有更新" in line)
    findings = lines[first + 1 : lines.index("", first)]
    assert f"有 {len(findings)} 处错误" in lines[first]
    return findings


OVERVIEW = "docs/2023/1-overview.md"


@pytest.mark.parametrize("options", [(), ("-q",), ("--no-strict",), ("--strict",), ("-v",)])
def test_all_mistakes_are_told(case: Case, options: tuple[str, ...]) -> None:
    """Mistakes in data, pages and macros are told in one list, whatever the options."""
    case.edit("data/2023.yml", "licensing:              [0]", "licensing:              [零]")
    case.edit("data/agency.yml", "scope: own", "scope: owner")
    case.edit(OVERVIEW, "{{ agency() }}", "{{ agncy() }}")
    case.edit(OVERVIEW, '{{ figure("items") }}', "{{ figure() }}")
    case.append("docs/2023/5-improvement.md", "\n[见此](nowhere.md)\n")
    assert refused(case, *options) == [
        "data/2023.yml:33:28: “行政许可”的“本年处理决定数量”应为 0 或正整数，实际为“零”；请只写阿拉伯数字",
        "data/agency.yml:5:8: 统计范围应为 own（只含本机关）、area（含所辖各单位）之一，实际为“owner”；是否应为 own",
        "docs/2023/1-overview.md:3:18: 没有“agncy”这个宏或变量；是否应为 agency",
        "docs/2023/1-overview.md:10:14: “figure”的参数不对；应写作 figure(path, offset)",
        "docs/2023/5-improvement.md:23:6: 链接“nowhere.md”指向的页面或文件不存在；请改正",
    ]


# What is added to a page, and the one finding that it gives.
PAGE_MISTAKES = {
    "macro": ("{{ statutory_tabel('review') }}", "15:4: 没有“statutory_tabel”这个宏或变量；是否应为 statutory_table"),
    "variable": ("{{ nothing_like_it.at_all }}", "15:4: 没有“nothing_like_it”这个宏或变量；可用的见 CONTRIBUTING.md"),
    "table": ("{{ statutory_table('reviews') }}", "15:4: 没有“reviews”这张表；可用的是 disclosure、requests、review"),
    "figure": (
        "{{ figure('review.litigation.direkt') }}",
        "15:4: 没有“review.litigation.direkt”这个数；是否应为 review.litigation.direct",
    ),
    "offset": (
        "{{ figure('items', -1) }}",
        "15:4: 没有 2022 年的数据（data/2022.yml）；请补上数据文件，或改用有数据的年度",
    ),
    "offset-text": ("{{ year('去年') }}", "15:4: 年度的偏移应为整数，如 -1 表示上一年，实际为“去年”"),
    "arguments": ("{{ key_figures(1) }}", "15:4: “key_figures”的参数不对；应写作 key_figures()"),
    "not-called": ("{{ key_figures }}", "15:4: “key_figures”后面缺少括号；应写作 key_figures()"),
    "filter": ("{{ year()|thousands }}", "15:11: 没有“thousands”这个过滤器；请改正或删去"),
    "division": (
        "{{ 1 // 0 }}",
        "15:1: 页面中的表达式无法计算（ZeroDivisionError: integer division or modulo by zero）；请改正",
    ),
    "braces": ("{{ year() }", "15:1: 页面中的模板写法有误：大括号没有配对；请检查 {{ 和 }}"),
    "brackets": ("{{ year( }}", "15:1: 页面中的模板写法有误：圆括号没有配对；请检查 ( 和 )"),
    "full-width": ("{{ year（） }}", "15:1: 页面中的模板写法有误：有不能识别的符号；请检查引号和括号是否用了全角"),
    "block": ("{% if year() %}", "15:1: 页面中的模板写法有误：{% %} 没有配对或名称不对"),
    "link": ("[去](7-more.md)", "15:5: 链接“7-more.md”指向的页面或文件不存在；请改正"),
    "anchor": ("[去](6-other.md#section-9)", "15:5: 链接“6-other.md#section-9”指向的标题或锚点不存在；请改正"),
    "picture": ("![图](chart.png)", "15:6: 链接“chart.png”指向的页面或文件不存在；请改正"),
    "absolute": ("[去](/2023/)", "15:5: 链接“/2023/”指向的页面或文件不存在；请改正"),
}


@pytest.mark.parametrize("name", PAGE_MISTAKES)
def test_mistake_in_a_page(case: Case, name: str) -> None:
    """Each mistake in a page is told once, with its line and column."""
    added, expected = PAGE_MISTAKES[name]
    page = "docs/2023/6-other.md"
    lines = (case.folder / page).read_text(encoding="utf-8").count("\n")
    case.append(page, "\n" * (14 - lines) + added + "\n")
    assert refused(case, "-q") == [f"{page}:{expected}"]


def test_page_in_another_encoding(case: Case) -> None:
    """A page that is not UTF-8 is told with the place of its first wrong byte."""
    case.write("docs/2023/6-other.md", "# 六、其他需要报告的事项\n\n没有。".encode("gb18030"))
    assert "docs/2023/6-other.md:1:3: 不是 UTF-8 编码；请把文件另存为 UTF-8" in refused(case)


def test_front_matter_that_is_no_yaml(case: Case) -> None:
    """Front matter with a fault is refused instead of being shown as text."""
    case.write("docs/index.md", b"---\ntitle: [a\n---\n\n# a\n")
    assert refused(case) == ["docs/index.md:2:8: YAML 格式有误：方括号 [ ] 没有配对，或数字之间缺少逗号"]


def test_year_without_data(case: Case) -> None:
    """A copied folder without its data file is told once."""
    for path in sorted((case.folder / "docs/2023").iterdir()):
        case.write(f"docs/2024/{path.name}", path.read_bytes())
    assert refused(case) == ["data/2024.yml:1:1: 缺少此文件：有 2024 年的页面，却没有数据；请补上"]


def test_year_without_pages(case: Case) -> None:
    """A data file without pages is told."""
    text = (case.folder / "data/2023.yml").read_text(encoding="utf-8").replace("year: 2023", "year: 2025")
    case.write("data/2025.yml", text.encode())
    findings = refused(case)
    assert "docs/2025:1:1: 缺少此文件夹：有 2025 年的数据，却没有页面；请补上" in findings


def test_page_asks_for_a_draft(case: Case) -> None:
    """A published page cannot quote a draft."""
    case.edit("data/2023.yml", "status: published", "status: draft")
    case.append("docs/index.md", "\n[2023](2023/index.md)\n")
    findings = refused(case)
    assert findings == ["docs/index.md:19:8: 链接“2023/index.md”指向的页面或文件不存在；请改正"]


def test_bug_in_our_code(case: Case) -> None:
    """A bug shows its traceback in the terminal, never in a page, and publishes nothing."""
    case.edit(
        "macros/pages/lists.py",
        '    """Return the figures that a reader looks for first."""',
        "    raise KeyError('planted')",
    )
    before = digest(case.folder / "site")
    try:
        result = run("mkdocs", "build", folder=case.folder)
    finally:
        case.undo()
    assert result.code == 1
    assert "KeyError: 'planted'" in result.printed
    assert "Traceback" in result.printed
    assert digest(case.folder / "site") == before
    assert not list(case.folder.glob(".site.*"))


def test_leftovers_of_a_killed_build_go(project: Path) -> None:
    """What a killed build has left is removed by the next, and a site lost between two renames is put back."""
    site = project / "site"
    before = digest(site)
    (project / ".site.building.999999999").mkdir()
    (project / ".site.building.999999999/half.html").write_text("half", encoding="utf-8")
    site.rename(project / ".site.old.999999999")
    case = Case(project)
    case.edit("data/2023.yml", "status: published", "status: publishd")
    try:
        assert run("mkdocs", "build", folder=project).code == 1
    finally:
        case.undo()
    assert digest(site) == before
    assert not list(project.glob(".site.*"))


def test_two_builds_are_the_same(project: Path) -> None:
    """Building again with the same input publishes the same bytes but for the date of the build."""
    before = digest(project / "site/2023")
    assert run("mkdocs", "build", folder=project).code == 0
    assert digest(project / "site/2023") == before
