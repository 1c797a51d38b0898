"""mkdocs.yml as the program reads it: what it needs, nothing carried out, and what would break its promises told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from nianbao.model.configuration import read_configuration
from nianbao.reading.findings import Findings

if TYPE_CHECKING:
    from pathlib import Path

    from nianbao.model.configuration import Configuration

SHORT = "site_name: 年报\ntheme: {name: material}\nplugins: [search, macros, nianbao]\n"


def read(folder: Path, text: str) -> tuple[Configuration, list[str]]:
    """Return what *text* says, and what cannot be read of it."""
    (folder / "mkdocs.yml").write_text(text, encoding="utf-8")
    findings = Findings()
    configuration = read_configuration(folder / "mkdocs.yml", "mkdocs.yml", findings)
    return configuration, list(map(str, findings.sorted()))


def test_a_short_one_is_enough(tmp_path: Path) -> None:
    """What is not written has a value all the same."""
    configuration, told = read(tmp_path, SHORT)
    assert told == []
    assert configuration.unfit == ()
    assert (configuration.docs, configuration.site, configuration.data) == ("docs", "site", "data")
    assert (configuration.site_url, configuration.notice) == ("", "")


@pytest.mark.parametrize(
    "plugins",
    [
        "[nianbao: {data: figures, notice: 试运行}, macros, search]",
        "{search: {}, nianbao: {data: figures, notice: 试运行}, macros: }",
    ],
    ids=["list", "mapping"],
)
def test_options_are_read_in_either_way(tmp_path: Path, plugins: str) -> None:
    """Plugins may be a list in any order or a mapping."""
    configuration, told = read(
        tmp_path, f"site_name: 甲\ntheme: material\nplugins: {plugins}\ndocs_dir: pages\nsite_dir: out\n"
    )
    assert told == []
    assert configuration.unfit == ()
    assert (configuration.data, configuration.notice) == ("figures", "试运行")
    assert (configuration.docs, configuration.site) == ("pages", "out")


def test_nothing_is_carried_out(tmp_path: Path) -> None:
    """Tags never run where this file is read, and are refused wherever they stand: the host would carry them out."""
    planted = tmp_path / "planted"
    run = f'!!python/object/apply:os.mkdir ["{planted}"]'
    more = f"extra:\n  a: {run}\n  b: [{{c: {run}}}]\n  ? {run}\n  : d\n  e: !ENV [HOME, x]\n  f: &f 1\n  g: *f\n"
    configuration, told = read(tmp_path, SHORT + more)
    assert told == []
    tags = [finding for finding in configuration.unfit if "不能用标签" in finding.message]
    assert [finding.place.line for finding in tags] == [5, 6, 7, 9]
    assert not planted.exists()


UNREADABLE = {
    "site_url: !ENV SITE_URL": "mkdocs.yml:4:11: site_url 应直接写出文字，这里不能用标签 !ENV；请改正",
    "a: &a x\nsite_dir: *a": "mkdocs.yml:5:11: site_dir 应直接写出文字，这里不能用别名；请改正",
    "docs_dir: [docs]": "mkdocs.yml:4:11: docs_dir 应为一行文字，实际为列表",
    'plugins: [nianbao: {notice: "甲\\u202e乙"}]': (
        "mkdocs.yml:4:29: plugins.nianbao.notice 不能使用看不见的方向控制符 U+202E，请删去"
    ),
    "extra: [": "mkdocs.yml:5:1: YAML 格式有误：逗号多了，或括号没有配对；文字以 - 开头时请加双引号",
    "extra: " + "[" * 100_000: "mkdocs.yml:4:67: 嵌套超过 60 层；请检查括号和缩进",
}


@pytest.mark.parametrize("line", UNREADABLE, ids=lambda line: line[:20])
def test_what_cannot_be_read_is_told_at_its_place(tmp_path: Path, line: str) -> None:
    """Mistakes stand with line and column, and the process lives."""
    _, told = read(tmp_path, f"{SHORT}{line}\n")
    assert told == [UNREADABLE[line]]


UNFIT = {
    "use_directory_urls: true": "mkdocs.yml:4:21: use_directory_urls 由 nianbao 设定为 false",
    "INHERIT: ../mkdocs.yml": "mkdocs.yml:4:10: 不能写 INHERIT：每个项目的设置写在自己的 mkdocs.yml 里",
    "extra: {formats: x}": "mkdocs.yml:4:18: 不能写 extra.formats：格式由 nianbao 提供",
    "extra:\n  generator: true": "mkdocs.yml:5:14: extra.generator 由 nianbao 设定为 false",
    "markdown_extensions:\n  - toc: {permalink: true}": (
        "mkdocs.yml:5:22: markdown_extensions.toc.permalink 由 nianbao 设定为 '#'，实际写的是“true”；请删去此处"
    ),
}


@pytest.mark.parametrize("line", UNFIT)
def test_what_would_break_a_promise_is_told(tmp_path: Path, line: str) -> None:
    """Settings that readers of the site rely on cannot be set otherwise."""
    configuration, told = read(tmp_path, f"{SHORT}{line}\n")
    assert told == []
    (finding,) = configuration.unfit
    assert str(finding).startswith(UNFIT[line])


@pytest.mark.parametrize("program", ["main.py", "main/__init__.py"])
def test_a_portal_holds_no_program(tmp_path: Path, program: str) -> None:
    """What the macros plugin would run by itself is told before it can."""
    (tmp_path / program).parent.mkdir(exist_ok=True)
    (tmp_path / program).write_text("raise SystemExit\n", encoding="utf-8")
    configuration, told = read(tmp_path, SHORT)
    assert told == []
    assert [str(finding) for finding in configuration.unfit] == [
        f"{program}:1:1: 宏插件会把 {program} 当作程序运行；项目里不放程序，请改名或移走"
    ]


@pytest.mark.parametrize(
    ("theme", "place"),
    [
        ("{name: material, font: {text: Roboto}}", "1:31: theme.font 由 nianbao 设定为 false"),
        ("{name: material, language: en}", "1:35: theme.language 由 nianbao 设定为 zh"),
        ("{name: material, features: [navigation.instant]}", "1:35: theme.features 由 nianbao 设定为"),
        ("readthedocs", "1:8: theme.name 由 nianbao 设定为 material，实际写的是“readthedocs”"),
    ],
)
def test_the_theme_is_ours(tmp_path: Path, theme: str, place: str) -> None:
    """Templates, fonts, language and features are not for a portal to choose."""
    configuration, _ = read(tmp_path, f"theme: {theme}\nplugins: [search, macros, nianbao]\nsite_name: 甲\n")
    (finding,) = configuration.unfit
    assert str(finding).startswith(f"mkdocs.yml:{place}")


@pytest.mark.parametrize(
    "line",
    [
        "use_directory_urls: false",
        "copyright: 某某市",
        "docs_dir: docs",
        "extra_css: [assets/nianbao.css]",
        "exclude_docs: draft.md",
        "markdown_extensions: [tables, toc: {toc_depth: 3}]",
        "extra: {generator: false, own: 1}",
    ],
)
def test_matters_of_taste_stand(tmp_path: Path, line: str) -> None:
    """The same setting once more, and what adds to ours, is no mistake."""
    configuration, told = read(tmp_path, f"{SHORT}{line}\n")
    assert (told, configuration.unfit) == ([], ())


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("hooks: [own.py]", "4:8: 不能写 hooks：项目里不放程序；请删去"),
        (
            "extra_javascript: [own.js]",
            "4:19: 不能写 extra_javascript：页面里只有 nianbao 的程序；请删去，门户网站要求每页",
        ),
        ("extra_templates: [own.html]", "4:18: 不能写 extra_templates：页面都由 docs 里的 Markdown 生成；请删去"),
        ("extra_css: [own.css]", "4:12: 样式由 nianbao 统一规定，自己的样式能改变或藏起数字；请删去 own.css"),
        ("extra_css: own.css", "4:12: 样式由 nianbao 统一规定，自己的样式能改变或藏起数字；请删去 own.css"),
        ("exclude_docs: '!.secret.md'", "4:15: exclude_docs 只能排除文件，不能用“!.secret.md”把不检查的文件放进网站"),
        ("exclude_docs: |\n  a.md\n  !.*\n", "4:15: exclude_docs 只能排除文件，不能用“!.*”把"),
    ],
)
def test_what_nobody_would_judge_is_refused(tmp_path: Path, line: str, told: str) -> None:
    """Programs, styles and templates of a portal's own, and files that no check looks at, never reach readers."""
    configuration, _ = read(tmp_path, f"{SHORT}{line}\n")
    (finding,) = configuration.unfit
    assert str(finding).startswith(f"mkdocs.yml:{told}")


# What the host would take in silence, or end at in its own words, and the place and words for it.
NOT_ALLOWED = {
    # programs of the portal
    "plugins: [search, {macros: {module_name: own}}, nianbao]": "3:29: plugins.macros.module_name 不能写；请删去",
    "plugins: [search, {macros: {modules: [own]}}, nianbao]": "3:29: plugins.macros.modules 不能写；请删去",
    "plugins: [search, macros, nianbao, /macros: {module_name: own}]": "3:36: plugins./macros 不能写；是否应为 macros",
    "plugins: [search, macros, nianbao, group: {plugins: [own]}]": "3:36: plugins.group 不能写；请删去",
    "markdown_extensions: ['subprocess:Popen': {args: a}]": "4:23: markdown_extensions.subprocess:Popen 不能写；请删去",
    "markdown_extensions: [own]": "4:23: markdown_extensions.own 不能写；请删去",
    "markdown_extensions: [pymdownx.snippets: {base_path: /}]": "4:23: markdown_extensions.pymdownx.snippets 不能写",
    "plugins: [search, {macros: {include_dir: data}}, nianbao]": "3:29: plugins.macros.include_dir 不能写；请删去",
    "<<: {hooks: [own.py]}": "4:1: mkdocs.yml 里应为各项的名称，实际为“<<”；请直接写出来",
    "extra: &a {hooks: [own.py]}\n<<: *a": "5:1: mkdocs.yml 里应为各项的名称，实际为“<<”；请直接写出来",
    "!!binary aG9va3M=: [own.py]": "4:1: mkdocs.yml 里应为各项的名称，实际为“aG9va3M=”；请直接写出来",
    "theme: {<<: {custom_dir: own}, name: material}": "2:9: theme 里应为各项的名称，实际为“<<”；请直接写出来",
    # what stands in every page, judged by nobody
    "nav: [{收到999件: index.md}]": "4:6: 不能写 nav：目录由 nianbao 按年度和页面排列",
    "extra: {analytics: {provider: a}}": "4:9: extra.analytics 不能写：它会在每页加上没有检查过的内容；请删去",
    "extra: *a": "4:8: extra 应为若干“项目: 内容”，实际为别名；请改正",
    "theme: {name: material, palette: {scheme: 'x\" onload=\"a()'}}": "2:43: theme.palette.scheme 应为一个英文单词",
    "theme: {name: material, favicon: '\"><script>'}": "2:34: theme.favicon 应为一个图片文件的路径，如",
    "theme: {name: material, favicon: ../a.png}": "2:34: theme.favicon 应为一个图片文件的路径，如",
    "theme: {name: material, icon: {logo: ../../a}}": "2:38: theme.icon.logo 应为图标的名称",
    "theme: {name: material, favicon: .}": "2:34: theme.favicon 应为一个图片文件的路径，如",
    "theme: {name: material, logo: assets/a.js}": "2:31: theme.logo 应为一个图片文件的路径，如",
    "theme: {}": "1:1: 缺少 theme.name；请加上 theme: {name: material}",
    "theme: mkdocs": "2:8: theme.name 由 nianbao 设定为 material，实际写的是“mkdocs”；请改为 material",
    "extra_css: []\nextra_css: ''": "5:1: extra_css 写了两次",
    "extra_css: ''": "4:12: 样式由 nianbao 统一规定，自己的样式能改变或藏起数字；请删去 extra_css",
    "theme: {name: material, static_templates: [a.html]}": "2:25: theme.static_templates 不能写；请删去",
    # texts that are none
    "site_name: 2023": "1:12: site_name 应为一行文字，没有引号的“2023”会读成数；请写文字并加双引号",
    "site_name: yes": "1:12: site_name 应为一行文字，没有引号的“yes”会读成是或否；请写文字并加双引号",
    "site_name: 2024-01-01": "1:12: site_name 应为一行文字，没有引号的“2024-01-01”会读成日期",
    'site_name: "甲\\u200b乙"': "1:12: site_name 不能使用看不见的字符 U+200B，请删去",
    'copyright: "甲\\u202e乙"': "4:12: copyright 不能使用看不见的方向控制符 U+202E，请删去",
    "site_name:": "1:11: site_name 应为一行文字，没有引号的空白会读成空白",
    "site_name: '{{ year() }}'": "1:12: site_name 不能含有“{{”",
    "copyright: 5": "4:12: copyright 应为一行文字，没有引号的“5”会读成数",
    "site_description: [a]": "4:19: site_description 应为一行文字，实际为列表；请改正",
    "site_author: !ENV X": "4:14: mkdocs.yml 里不能用标签“!ENV”，它会运行程序；请直接写出内容",
    "exclude_docs: [a]": "4:15: exclude_docs 应为文字，实际为列表；请改正",
    "plugins: [search, macros, {nianbao: 5}]": "3:37: plugins.nianbao 应为若干“项目: 内容”，实际为“5”；请改正",
    "plugins: [search, macros, {nianbao: {notice: 5}}]": "3:46: plugins.nianbao.notice 应为一行文字，没有引号的“5”",
    "plugins: [search, macros, nianbao, search]": "3:36: plugins.search 写了两次；请只留一处",
    "strict: maybe": "4:9: strict 应为 true 或 false，实际为“maybe”；请改正",
    "markdown_extensions: {toc: {toc_depth: x}}": "4:40: markdown_extensions.toc.toc_depth 应为 1 到 6 的数",
    # names that nobody knows, folders
    "sitename: 甲": "4:1: sitename 不能写；是否应为 site_name",
    "watch: [/]": "4:1: watch 不能写；请删去",
    "validation: 5": "4:13: 不能写 validation：链接怎样检查由 nianbao 设定；请删去",
    "exclude_docs: assets/": "4:15: exclude_docs 的“assets/”会把程序自己的文件也排除；请写明要排除的文件",
    "exclude_docs: '*.png'": "4:15: exclude_docs 的“*.png”会把程序自己的文件也排除；请写明要排除的文件",
    "docs_dir: site": "4:11: docs_dir 应是另外的文件夹，实际为“site”，网站会生成到那里；请改正",
    "docs_dir: data": "4:11: docs_dir 应是另外的文件夹，实际为“data”，页面或数据在那里；请改正",
    "plugins: [search, macros, {nianbao: {data: site}}]": (
        "3:44: plugins.nianbao.data 应是另外的文件夹，实际为“site”，网站会生成到那里；请改正"
    ),
    "plugins: [search, macros, {nianbao: {data: docs/data}}]": "3:44: plugins.nianbao.data 应是另外的文件夹，实际为",
    "site_dir: docs/a": "4:11: site_dir 应是另外的文件夹，实际为“docs/a”，页面或数据在那里；请改正",
    "site_dir: .": "4:11: site_dir 应是另外的文件夹，实际为“.”，页面或数据在那里；请改正",
}


@pytest.mark.parametrize("line", NOT_ALLOWED)
def test_what_is_not_on_the_list_is_refused(tmp_path: Path, line: str) -> None:
    """Settings that check does not know are told at their place, before the engine takes them in its own way."""
    key = line.partition(":")[0]
    lines = [line if known.startswith(f"{key}:") else known for known in SHORT.splitlines()]
    text = "\n".join(lines if line in lines else [*lines, line]) + "\n"
    configuration, told = read(tmp_path, text)
    assert told == []
    assert [str(finding) for finding in configuration.unfit if f"mkdocs.yml:{NOT_ALLOWED[line]}" in str(finding)], (
        configuration.unfit
    )


@pytest.mark.parametrize("key", ["docs_dir", "data"])
@pytest.mark.parametrize("path", ["/etc", "..", ".", "a/../..", "link", "round"])
def test_folders_lie_in_the_portal(tmp_path: Path, key: str, path: str) -> None:
    """What lies elsewhere is neither read nor published."""
    (tmp_path / "link").symlink_to("/etc")
    (tmp_path / "round").symlink_to("round")
    text = (
        f"{SHORT}docs_dir: {path}\n" if key == "docs_dir" else SHORT.replace("nianbao]", f"nianbao: {{data: {path}}}]")
    )
    _, (told,) = read(tmp_path, text)
    assert f"{key} 应是项目里的一个文件夹，实际为“{path}”；请改正" in told


def test_templates_are_the_programs(tmp_path: Path) -> None:
    """No page looks otherwise than it was judged; what a portal asks for has its place in the data."""
    configuration, _ = read(tmp_path, SHORT.replace("material}", "material, custom_dir: own}"))
    assert [str(finding) for finding in configuration.unfit] == [
        (
            "mkdocs.yml:2:37: 不能写 theme.custom_dir：页面的模板由 nianbao 提供；请删去，"
            "门户网站要求每页都带的页头、页脚和程序，写在 data/frame.yml 里"
        )
    ]


@pytest.mark.parametrize(
    ("written", "address"), [("HTTPS://E.EXAMPLE/X", "https://e.example/X/"), ("a.example", ""), ("https://a/?b", "")]
)
def test_the_address_of_the_site(tmp_path: Path, written: str, address: str) -> None:
    """What the build takes the check takes as well, and what is no address is refused by both."""
    configuration, _ = read(tmp_path, f"{SHORT}site_url: {written}\n")
    assert configuration.site_url == address
    told = [str(finding) for finding in configuration.unfit]
    assert bool(address) == (told == [])
    assert address or told[0].startswith(
        "mkdocs.yml:4:11: site_url 应为网站的网址，如 https://www.example.gov.cn/nianbao/，"
    )


@pytest.mark.parametrize("missing", ["search", "macros", "nianbao"])
def test_every_plugin_is_needed(tmp_path: Path, missing: str) -> None:
    """What is missing is told with the line to add."""
    plugins = [name for name in ("search", "macros", "nianbao") if name != missing]
    configuration, _ = read(tmp_path, f"site_name: 甲\ntheme: material\nplugins: [{', '.join(plugins)}]\n")
    (finding,) = configuration.unfit
    assert str(finding).startswith(f"mkdocs.yml:1:1: 缺少 plugins.{missing}；")
    assert f"加一行 - {missing}" in finding.message
