"""`mkdocs build` refuses mistakes: the whole list, a code that is not 0, and the old site as it was."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from typing import TYPE_CHECKING

import pytest
from building import Result, copy_program, copy_project, run
from nianbao.command.build_screen import Progress

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
    assert refused(case, *options) == [
        "data/2023.yml:34:28: “行政许可”的“本年处理决定数量”应为 0 或正整数，实际为“零”；请只写阿拉伯数字",
        "data/agency.yml:6:8: 统计范围应为 own（只含本机关）、area（含所辖各单位）之一，实际为“owner”；是否应为 own",
        "docs/2023/1-overview.md:3:18: 没有“agncy”这个宏；是否应为 agency",
        "docs/2023/1-overview.md:10:14: “figure”的参数不对；应写作 figure(path, offset)",
    ]


# What is added to a page, and the one finding that it gives.
ONLY = '页面里只能写宏，如 {{ figure("requests.received") }}'
PAGE_MISTAKES = {
    "macro": ("{{ statutory_tabel('review') }}", "15:4: 没有“statutory_tabel”这个宏；是否应为 statutory_table"),
    "variable": ("{{ nothing_like_it.at_all }}", f"15:1: {ONLY}，不能有点号或方括号；请删去，或直接写出文字"),
    "table": ("{{ statutory_table('reviews') }}", "15:21: 没有“reviews”这张表；可用的是 disclosure、requests、review"),
    "figure": (
        "{{ figure('review.litigation.direkt') }}",
        "15:12: 没有“review.litigation.direkt”这个数；是否应为 review.litigation.direct",
    ),
    "offset": (
        "{{ figure('items', -1) }}",
        "15:4: 没有 2022 年的数据（data/2022.yml）；请补上数据文件，或改用有数据的年度",
    ),
    "offset-far": ("{{ year(99999) }}", "15:4: 年度的偏移应为整数，如 -1 表示上一年，实际为“99999”"),
    "offset-text": ("{{ year('去年') }}", "15:4: 年度的偏移应为整数，如 -1 表示上一年，实际为“去年”"),
    "arguments": ("{{ key_figures(1) }}", "15:4: “key_figures”的参数不对；应写作 key_figures()"),
    "not-called": ("{{ key_figures }}", "15:4: “key_figures”后面缺少括号；应写作 key_figures()"),
    "filter": ("{{ year()|thousands }}", f"15:1: {ONLY}，不能有过滤器（| 后面的部分）；请删去，或直接写出文字"),
    "division": (
        "{{ 1 // 0 }}",
        f"15:1: {ONLY}，不能有计算；请删去，或直接写出文字",
    ),
    "braces": ("{{ year() }", "15:1: 页面中的模板写法有误：大括号没有配对；请检查 {{ 和 }}"),
    "brackets": ("{{ year( }}", "15:1: 页面中的模板写法有误：圆括号没有配对；请检查 ( 和 )"),
    "full-width": ("{{ year（） }}", "15:1: 页面中的模板写法有误：有不能识别的符号；请检查引号和括号是否用了全角"),
    "block": ("{% if year() %}", "15:1: 页面里不能用 {% %}；请直接写文字，或改用宏"),
    "braces-apart": (
        "{ { year() } }",
        "15:1: “{ {”会照样公布；宏写作 {{ 名称() }}，用半角符号，两个大括号之间不留空格",
    ),
    "braces-of-full-width": (
        "｛｛ year() ｝｝",
        "15:1: “｛｛”会照样公布；宏写作 {{ 名称() }}，用半角符号，两个大括号之间不留空格",
    ),
    "braces-closing-only": (
        "year() }}",
        "15:8: “}}”会照样公布；宏写作 {{ 名称() }}，用半角符号，两个大括号之间不留空格",
    ),
    "crowded": ("见{{ key_figures() }}", "15:2: “key_figures”画出的内容应单独成行，不缩进，前后各空一行"),
    "argument-of-another-kind": (
        "{{ figure(year()) }}",
        "15:4: “figure”的参数只能是文字或整数；应写作 figure(path, offset)",
    ),
    "link": ("[去](7-more.md)", "15:5: 链接“7-more.md”指向的页面或文件不存在；请改正"),
    "anchor": ("[去](6-other.md#section-9)", "15:5: 链接“6-other.md#section-9”指向的标题或锚点不存在；请改正"),
    "picture": ("![图](chart.png)", "15:6: 链接“chart.png”指向的页面或文件不存在；请改正"),
    "absolute": ("[去](/2023/)", "15:5: 链接“/2023/”从网站的根写起，网站换了位置就会断；请改成相对地址"),
}


@pytest.mark.parametrize("name", PAGE_MISTAKES)
def test_mistake_in_a_page(case: Case, name: str) -> None:
    """Each mistake in a page is told once, with its line and column."""
    added, expected = PAGE_MISTAKES[name]
    page = "docs/2023/6-other.md"
    lines = (case.folder / page).read_text(encoding="utf-8").count("\n")
    case.append(page, "\n" * (14 - lines) + added + "\n")
    assert refused(case, "-q") == [f"{page}:{expected}"]


def test_file_name_in_another_encoding(case: Case) -> None:
    """A file whose name is not UTF-8 is told, with what can be shown of its name."""
    path = os.fsencode(case.folder / "docs") + b"/\xc4\xea.md"
    with open(path, "wb"):  # noqa: PTH123  # a path of bytes
        pass
    try:
        assert refused(case) == ["docs/\\xc4\\xea.md:1:1: 文件名里有换行、控制符或不是 UTF-8 的字节；请改名"]
    finally:
        os.unlink(path)  # noqa: PTH108  # a path of bytes


def test_code_may_show_braces(case: Case) -> None:
    """Braces in code are no mistake in a page without macros."""
    case.write("docs/writing.md", "---\nrender_macros: false\n---\n\n# 写法\n\n写作 `{{ year() }}`。\n".encode())
    try:
        assert built_into(case.folder).code == 0
    finally:
        case.undo()
        assert built_into(case.folder).code == 0


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


def last_line(case: Case, page: str) -> int:
    """Return the number of the last line of *page*."""
    return len((case.folder / page).read_text(encoding="utf-8").splitlines())


def test_page_asks_for_a_draft(case: Case) -> None:
    """A published page cannot quote a draft."""
    case.edit("data/2023.yml", "status: published", "status: draft")
    case.append("docs/index.md", "\n[2023](2023/index.md)\n")
    last = last_line(case, "docs/index.md")
    findings = refused(case)
    assert findings == [f"docs/index.md:{last}:8: 链接“2023/index.md”指向的页面或文件不存在；请改正"]


def test_bug_in_our_code(case: Case) -> None:
    """A bug shows its traceback in the terminal, never in a page, and publishes nothing."""
    copy_program(case.folder)
    case.edit(
        "macros/nianbao/pages/lists.py",
        '    """Return the figures that a reader looks for first."""',
        "    raise KeyError('planted')",
    )
    before = digest(case.folder / "site")
    try:
        result = run("mkdocs", "build", folder=case.folder, fresh=True)
    finally:
        shutil.rmtree(case.folder / "macros")
    assert result.code == 1
    assert "KeyError: 'planted'" in result.printed
    assert "Traceback" in result.printed
    assert digest(case.folder / "site") == before
    assert not list(case.folder.glob(".site.*"))


def test_leftovers_of_a_killed_build_go(project: Path) -> None:
    """What a killed build has left is removed by the next, and a site lost between two renames is put back."""
    site = project / "site"
    before = digest(site)
    (project / ".site.building/new").mkdir(parents=True)
    (project / ".site.building/new/half.html").write_text("half", encoding="utf-8")
    site.rename(project / ".site.building/old")
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
    assert run("mkdocs", "build", folder=project, fresh=True).code == 0  # In a new Python sets have another order.
    assert digest(project / "site/2023") == before


def test_heading_that_is_not_the_statutory_one(case: Case) -> None:
    """A section's page must carry the exact title of the form, with its number."""
    case.edit("docs/2023/4-review.md", "# 四、", "# 三、")
    case.write("docs/2023/6-other.md", b"")
    title = "政府信息公开行政复议、行政诉讼情况"
    fee = '第六部分没有报告收取信息处理费情况；没有收取也要写明，金额请写 {{ figure("processing_fee") }}'
    assert refused(case) == [
        f"docs/2023/4-review.md:1:3: S-01 大标题应为“四、{title}”，实际为“三、{title}”；请照格式改正",
        f"docs/2023/6-other.md:1:1: Q-13 {fee}",
        "docs/2023/6-other.md:1:1: S-01 缺少大标题；第一行应为“# 六、其他需要报告的事项”",
    ]


def test_pages_that_a_year_lacks(project: Path) -> None:
    """A missing page is told by its own name, and not by links that macros make to it."""
    case = Case(project)
    for page in ("docs/index.md", "docs/2023/index.md", "docs/2023/6-other.md"):
        case.originals[project / page] = (project / page).read_bytes()
        (project / page).unlink()
    advice = "缺少此页面；请补上，可从其他年度复制"
    assert refused(case) == [
        f"docs/2023/6-other.md:1:1: {advice}",
        f"docs/2023/index.md:1:1: {advice}",
        f"docs/index.md:1:1: {advice}",
    ]


def test_pages_with_one_address(case: Case) -> None:
    """Of two pages with the same address neither silently replaces the other."""
    case.write("docs/2023/full.html", b"<p>a</p>\n")
    case.write("docs/2023.md", b"# b\n")
    findings = refused(case)
    assert any(line.startswith("docs/2023/full.html:1:1: 不能公布这种文件（.html）；") for line in findings)
    assert "docs/2023.md:1:1: 年度的首页应是年度文件夹里的 index.md；请移到文件夹里或改名" in findings


# Front matter of a page, and the finding that it gives.
FRONT_MATTERS = {
    "number": ("title: 2023", "2:8: 页首的 title 应为文字，实际为“2023”；请加双引号"),
    "macro": (
        'title: "{{ year() }}年"',
        "2:8: 页首的 title 不能含有“{{”，页面里用它写宏，数据里的宏不会展开；请改成直接写的文字",
    ),
    "mapping": ("title: {{ year() }}", "2:8: 页首的 title 应为文字，实际为若干“项目: 内容”"),
    "unknown": ("titel: 其他", "2:1: 页首里没有“titel”这一项；是否应为 title"),
    "template": ("template: a.html", "2:1: 页首里没有“template”这一项；可用的有"),
}


@pytest.mark.parametrize("name", FRONT_MATTERS)
def test_front_matter(case: Case, name: str) -> None:
    """What a page says above its text is understood, or refused with its place."""
    written, expected = FRONT_MATTERS[name]
    page = "docs/2023/5-improvement.md"
    case.write(page, f"---\n{written}\n---\n\n".encode() + (case.folder / page).read_bytes())
    (finding,) = refused(case)
    assert finding.startswith(f"{page}:{expected}")


def test_front_matter_without_end(case: Case) -> None:
    """A rule that opens front matter must be followed by one that ends it."""
    case.write("docs/index.md", "---\ntitle: 首页\n\n# 首页\n".encode())
    assert refused(case) == ["docs/index.md:1:1: 页首的 --- 没有结束；请在页首内容之后另起一行写 ---"]


def test_pages_that_load_from_elsewhere_or_tell_of_this_machine(case: Case) -> None:
    """A page may link to another site, but not load from it, and shows no path of the machine."""
    case.append(
        "docs/2023/5-improvement.md",
        '\n[站外](https://example.com/)\n\n<script src="x.js"></script>\n\n![图](https://cdn.example/x.png)\n',
    )
    case.append("docs/2023/6-other.md", f"\n{case.folder.resolve()}/data\n")
    assert refused(case) == [
        "docs/2023/5-improvement.md:25:1: 网页里不能用 <script>（程序）；请删去，改用文字、列表、表格、链接或图片",
        "docs/2023/5-improvement.md:27:6: 不能从其他网站载入“https://cdn.example/x.png”；请把文件放进 docs，或改成链接",
        "docs/2023/6-other.md:1:1: 页面里有本机的文件路径；请删去",
    ]


def built_into(folder: Path, *options: str) -> Result:
    """Build the project in *folder* and return what happened."""
    return run("mkdocs", "build", "-q", *options, folder=folder)


def test_site_folder_is_a_link(tmp_path: Path) -> None:
    """Where `site` is a link, the folder that it leads to gets the new site, and the link stays."""
    folder = copy_project(tmp_path / "project")
    served = tmp_path / "served"
    served.mkdir()
    (served / ".well-known").mkdir()
    (served / ".well-known/keep.txt").write_text("keep", encoding="utf-8")
    (served / "404.html").write_text("earlier site", encoding="utf-8")
    (served / "old.html").write_text("old", encoding="utf-8")
    (folder / "site").symlink_to(served)
    assert built_into(folder).code == 0
    assert (folder / "site").is_symlink()
    assert (served / "2023/index.html").is_file()
    assert not (served / "old.html").exists()
    assert (served / ".well-known/keep.txt").read_text(encoding="utf-8") == "keep"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("target", ["data", "docs", "data/published", "."])
def test_site_folder_with_sources(project: Path, target: str) -> None:
    """A site is never built over the sources."""
    before = digest(project / "data"), digest(project / "docs")
    result = built_into(project, "--site-dir", target)
    assert result.code == 1
    assert "网站不能生成到" in result.printed or "site_dir" in result.printed
    assert (digest(project / "data"), digest(project / "docs")) == before


def test_site_folder_with_other_files(project: Path) -> None:
    """A folder that holds anything but an earlier site is not replaced."""
    other = project / "thesis"
    other.mkdir()
    (other / "thesis.txt").write_text("years of work", encoding="utf-8")
    result = built_into(project, "--site-dir", "thesis")
    assert result.code == 1
    assert "里有不是网站的文件" in result.printed
    assert (other / "thesis.txt").read_text(encoding="utf-8") == "years of work"
    assert built_into(project, "--site-dir", ".git").code == 1


def test_address_used_twice(case: Case) -> None:
    """Two headings of a page cannot share an address."""
    case.append("docs/2023/6-other.md", "\n## 又一项 {#section-6-1}\n")
    (finding,) = refused(case)
    assert finding == "docs/2023/6-other.md:3:18: 标题的地址 section-6-1 用了两次；请改成不同的"


def test_comment_that_is_none(case: Case) -> None:
    """What looks like a comment and would be published is refused."""
    case.append("docs/2023/6-other.md", "\n{# 编辑说明：不要公布 #}\n")
    (finding,) = refused(case)
    assert finding == ("docs/2023/6-other.md:15:1: “{# 编辑说明：不要”会照样公布；只给编辑看的说明写作 {## 说明 ##}")


def test_comment_without_end(case: Case) -> None:
    """A comment that nothing ends is told, on a page without macros as well."""
    case.write("docs/notes.md", "# 说明\n\n{## 不要公布\n".encode())
    (finding,) = refused(case)
    assert finding == "docs/notes.md:3:1: 页面中的模板写法有误：注释没有结束；请补上 ##}"


def test_last_year_cannot_be_taken_away(project: Path) -> None:
    """A portal without any year is not published over one that had some."""
    case = Case(project)
    for path in [project / "data/2023.yml", *sorted((project / "docs/2023").glob("*.md"))]:
        case.originals[path] = path.read_bytes()
        path.unlink()
    assert any("没有任何年度的数据" in finding for finding in refused(case))


def test_dirty_build_is_a_whole_one(project: Path) -> None:
    """`--dirty` publishes every page."""
    before = digest(project / "site")
    assert built_into(project, "--dirty").code == 0
    assert digest(project / "site") == before


def test_rules_stop_a_build(case: Case) -> None:
    """What hard rules find is in the same list, with the code of the rule; a waiver that waives nothing is too."""
    case.edit("data/2023.yml", "carried_out:                    [0,", "carried_out:                    [7,")
    case.edit("data/2023.yml", "place: 1-overview.md：政府信息管理", "place: 1-overview.md：管理")
    told = refused(case)
    assert [line.partition(" ")[0] + line.partition(" ")[2][:5] for line in told] == [
        "data/2023.yml:75:36:T3-02",
        "data/2023.yml:87:5:W-01 ",
        "docs/2023/1-overview.md:1:1:S-05 ",
    ]
    assert told[1].endswith(
        "W-01 豁免没有用到：规则 S-05 没有查出“1-overview.md：管理”这一处；请删去这一项，或照检查结果改正 place"
    )


def test_rules_about_a_draft_do_not_stop_a_build(case: Case) -> None:
    """A draft is not published, and hinders no published report."""
    case.edit("examples/data/2025.yml", "carried_out:                    [ 2,", "carried_out:                    [ 1,")
    try:
        result = run("mkdocs", "build", folder=case.folder / "examples")
    finally:
        case.undo()
    assert result.code == 0, result.printed


def test_an_interrupted_step_has_not_failed(capsys: pytest.CaptureFixture[str]) -> None:
    """A step that was interrupted says so: that it failed would be no truth about the report."""
    with contextlib.suppress(KeyboardInterrupt), Progress() as progress:
        progress.begin("检查", "数据和文字")
        raise KeyboardInterrupt
    assert capsys.readouterr().out == "✗ 检查  已中断\n"
