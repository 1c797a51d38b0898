"""What mkdocs.yml says, as far as the program needs it, and the settings that the program makes for every portal.

The engine alone reads the whole file. Here tags such as ``!ENV`` are never carried out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import yaml
from pathspec.gitignore import GitIgnoreSpec

from nianbao.model.allowed_settings import refused_settings
from nianbao.reading.addresses import site_address
from nianbao.reading.findings import Finding, Findings, Place, shown
from nianbao.reading.nodes import ALIAS, compose, place
from nianbao.reading.source import read_text, unseen
from nianbao.reading.values import describe, macro_mark

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

FILE = "mkdocs.yml"
PLUGIN = "nianbao"

# As mkdocs.yml would write them; the plugin sets them under MkDocs and ProperDocs, and Zensical is given them.
SETTINGS: Mapping[str, Any] = {
    "use_directory_urls": False,  # Addresses down to the file: the site works below any path and without a server.
    "theme": {
        "name": "material",
        "language": "zh",
        "font": False,  # Only fonts of the reader's machine: nothing is asked of other sites.
        "icon": {"logo": "material/file-document-outline"},
        "variant": "classic",  # Of Zensical's two looks the one that is Material's.
        "features": ["navigation.indexes", "navigation.footer", "toc.integrate"],
        "palette": {"scheme": "default", "primary": "custom", "accent": "custom"},
    },
    # Chinese is not cut into words: readers find text as it stands.
    "plugins": {"search": {"lang": ["en"], "pipeline": []}},
    "exclude_docs": "*~\n~$*\n*.bak\nThumbs.db\ndesktop.ini\n",
    "markdown_extensions": {
        "attr_list": {},
        "nianbao.pages.chinese_line_breaks": {},
        "nianbao.pages.raw_html": {},
        "toc": {"permalink": "#", "permalink_title": "本标题的链接"},
    },
    "extra_css": ["assets/reading.css", "assets/nianbao.css"],
    "extra": {"generator": False},
    "validation": {
        "nav": {"omitted_files": "warn", "not_found": "warn", "absolute_links": "warn"},
        "links": {"not_found": "warn", "anchors": "warn", "absolute_links": "warn", "unrecognized_links": "warn"},
    },
}

# Extensions of Markdown that engines have without being told.
BUILT_IN = ("toc", "tables", "fenced_code")

# Matters of taste: what a portal writes itself stands.
TASTE = frozenset({"theme.icon", "theme.palette"})
# A portal adds to these, and weaker validation than ours does not count.
_ADDED = frozenset({"exclude_docs", "extra_css", "validation"})

_INSTEAD = "门户网站要求每页都带的页头、页脚和程序，写在 data/frame.yml 里"
# Behind a word of letters it makes one of a key and its value, but for names that a portal makes itself.
_COLON = re.compile(r"(?:^|\.)[A-Za-z_]+：")
_OWN_WORDS = ("nav.", "extra.")

_UPGRADE = "这是 0.1.0 版的写法，请运行 nianbao upgrade"
_REFUSED = {
    "INHERIT": "每个项目的设置写在自己的 mkdocs.yml 里；请把要用的设置抄过来，再删去此行",
    "hooks": "项目里不放程序；请删去",
    "extra_javascript": f"页面里只有 nianbao 的程序；请删去，{_INSTEAD}",
    "theme.custom_dir": f"页面的模板由 nianbao 提供；请删去，{_INSTEAD}",
    "extra_templates": "页面都由 docs 里的 Markdown 生成；请删去",
    "nav": "目录由 nianbao 按年度和页面排列，写在这里的标题没有规则核对；请删去",
    "validation": "链接怎样检查由 nianbao 设定；请删去",
    "extra.data": f"数据文件夹写在 nianbao 插件的 data 里；{_UPGRADE}",
    "extra.formats": f"格式由 nianbao 提供，自己的格式放在 data/forms 里；{_UPGRADE}",
    "extra.drafts": f"草稿只在预览里显示；{_UPGRADE}",
    "extra.notice": f"对读者的说明写在 nianbao 插件的 notice 里；{_UPGRADE}",
}
_WANTED = {
    "site_name": "请加上网站的名称，如 site_name: 政府信息公开年报",
    "theme.name": "请加上 theme: {name: material}",
    "plugins.search": "请在 plugins 下面加一行 - search",
    "plugins.macros": "请在 plugins 下面加一行 - macros",
    f"plugins.{PLUGIN}": "没有它就没有宏和检查，也不能确认草稿没有公布；"
    f"0.1.0 版的项目请运行 nianbao upgrade，其他的请在 plugins 下面加一行 - {PLUGIN}",
}
_TEXTS = {
    "docs_dir": "docs",
    "site_dir": "site",
    "site_url": "",
    "plugins.nianbao.data": "data",
}
# What lies in them is read, and published.
_FOLDERS = ("docs_dir", "plugins.nianbao.data")
_LIES = {
    "site_dir": "网站会生成到那里",
    **dict.fromkeys(_FOLDERS, "页面或数据在那里"),
}
_NOTICE = "plugins.nianbao.notice"
# Some of those that the engine takes from the theme, and leaves out as well.
_FILES_OF_THE_PROGRAM = ("assets/nianbao.css", "assets/nianbao.js", "assets/images/favicon.png", "404.html")
_EXCLUDED = tuple(SETTINGS["exclude_docs"].splitlines())


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What a portal's mkdocs.yml says: folders relative to it, and the dotted names of all that is *written* in it.

    *folder* is where it lies, *unfit* is what keeps a site from being built. *excluded* are patterns as Git's of what
    the site leaves out of docs.
    """

    folder: Path
    docs: str = "docs"
    site: str = "site"
    site_url: str = ""
    data: str = "data"
    notice: str = ""
    written: frozenset[str] = frozenset()
    excluded: tuple[str, ...] = _EXCLUDED
    unfit: tuple[Finding, ...] = ()


def read_configuration(path: Path, name: str, findings: Findings) -> Configuration:
    """Read the mkdocs.yml at *path*, called *name* in messages; what cannot be read is recorded."""
    text = read_text(path, name, findings, by_host=True)
    root = None if text is None else compose(text, name, findings, tags=True)
    if root is None:
        return Configuration(folder=path.parent)
    if not isinstance(root, yaml.MappingNode):
        findings.add(place(root, name), f"应为若干“项目: 内容”，实际为{describe(root)}")
        return Configuration(folder=path.parent)
    nodes = dict(_flat(root, ""))
    for key, node in nodes.items():
        text = f"{key}.{node.value}" if isinstance(node, yaml.ScalarNode) and key == f"plugins.{PLUGIN}" else key
        if _COLON.search(text) and not key.startswith(_OWN_WORDS):
            findings.add(place(node, name), f"{shown(key)}里的冒号是全角的；请改成半角冒号，后面空一格")
    if isinstance(nodes.get("theme"), yaml.ScalarNode):
        nodes["theme.name"] = nodes["theme"]
    texts = {key: _text(key, nodes.get(key), name, findings) or default for key, default in _TEXTS.items()}
    for key in _FOLDERS:
        if (written := nodes.get(key)) is not None and not _is_below(path.parent, texts[key]):
            findings.add(place(written, name), f"{key} 应是项目里的一个文件夹，实际为{shown(texts[key])}；请改正")
    notice = _text(_NOTICE, nodes.get(_NOTICE), name, findings)
    hidden = unseen(notice)
    mark = macro_mark(notice) if hidden is None else f"不能使用{hidden}"
    if mark is not None:
        findings.add(place(nodes[_NOTICE], name), f"{_NOTICE} {mark}")
    return Configuration(
        folder=path.parent,
        docs=texts["docs_dir"],
        site=texts["site_dir"],
        site_url=site_address(texts["site_url"]) or "",
        data=texts["plugins.nianbao.data"],
        notice=notice,
        written=frozenset(nodes),
        excluded=(*_EXCLUDED, *_excluded(nodes)),
        unfit=(
            *_unfit(nodes, name),
            *_unjudged(nodes, name),
            *refused_settings(root, name),
            *_folders(path.parent, name, nodes, texts),
            *_address(nodes.get("site_url"), texts["site_url"], name),
            *_programs(path.parent, name),
        ),
    )


def _folders(folder: Path, name: str, nodes: Mapping[str, yaml.Node], texts: Mapping[str, str]) -> Iterator[Finding]:
    """Yield that site, pages and data do not lie each in a folder of its own, so that one took the place of another."""
    folders = {key: _resolved(folder / texts[key]) for key in ("site_dir", *_FOLDERS)}
    for one, other in combinations(folders, 2):
        written = next((key for key in (one, other) if key in nodes), None)
        first, second = folders[one], folders[other]
        if first is None or second is None:
            continue  # Told where it is written.
        if written is not None and (first.is_relative_to(second) or second.is_relative_to(first)):
            what = _LIES[other if written == one else one]
            message = f"{written} 应是另外的文件夹，实际为{shown(texts[written])}，{what}；请改正"
            yield Finding(place(nodes[written], name), message)
            return


def _programs(folder: Path, name: str) -> Iterator[Finding]:
    """Yield what the macros plugin would run as a program of the portal's own, before anything is judged."""
    for program in ("main.py", "main/__init__.py"):
        if (folder / program).exists():
            shown_name = f"{name.removesuffix('mkdocs.yml')}{program}"
            yield Finding(Place(shown_name), f"宏插件会把 {program} 当作程序运行；项目里不放程序，请改名或移走")


def _is_below(folder: Path, written: str) -> bool:
    """Say whether the path that is *written* leads to something below *folder*, links followed."""
    whole, path = _resolved(folder), _resolved(folder / written)
    return whole is not None and path is not None and path.is_relative_to(whole) and path != whole


def _resolved(path: Path) -> Path | None:
    """Return *path* with its links followed, or None where they are in a circle or no system takes its name."""
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):
        return None


def _flat(node: yaml.Node, above: str) -> Iterator[tuple[str, yaml.Node]]:
    """Yield all that is written below *node* by dotted names; items of lists are named as keys are."""
    pairs: list[tuple[yaml.Node, yaml.Node]] = []
    if isinstance(node, yaml.MappingNode):
        pairs = node.value
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            pairs += item.value if isinstance(item, yaml.MappingNode) else [(item, item)]
    for key, value in pairs:
        if isinstance(key, yaml.ScalarNode):
            name = f"{above}{key.value}"
            yield name, value
            if value is not key:
                yield from _flat(value, f"{name}.")


def _text(key: str, node: yaml.Node | None, name: str, findings: Findings) -> str:
    """Return the text of one line under *key*, or an empty one where there is none or it was recorded as a fault."""
    if node is None:
        return ""
    if not node.tag.startswith("tag:yaml.org,2002:"):
        written = "别名" if node.tag == ALIAS else f"标签 {node.tag}"
        findings.add(place(node, name), f"{key} 应直接写出文字，这里不能用{written}；请改正")
        return ""
    if _plain(node) is None:
        return ""
    if not isinstance(node, yaml.ScalarNode) or "\n" in str(node.value).strip():
        findings.add(place(node, name), f"{key} 应为一行文字，实际为{describe(node)}")
        return ""
    return str(node.value).strip()


def _unfit(nodes: Mapping[str, yaml.Node], name: str) -> Iterator[Finding]:
    for key, words in _WANTED.items():
        if key not in nodes:
            yield Finding(Place(name), f"缺少 {key}；{words}")
    for key, words in _REFUSED.items():
        if key in nodes:
            yield Finding(place(nodes[key], name), f"不能写 {key}：{words}")
    for key, settled in _settled(SETTINGS, ""):
        if key in nodes and not _same(nodes[key], settled):
            written = shown(_yaml(_plain(nodes[key])))
            advice = f"请改为 {settled}" if key in _WANTED else "请删去此处"
            message = f"{key} 由 nianbao 设定为 {_yaml(settled)}，实际写的是{written}；{advice}"
            yield Finding(place(nodes[key], name), message)


def _unjudged(nodes: Mapping[str, yaml.Node], name: str) -> Iterator[Finding]:
    """Yield what would let readers see other than what was judged: styles that hide, files that no check reads."""
    styles = nodes.get("extra_css")
    own = set(_listed(styles)) - set(SETTINGS["extra_css"])
    if styles is not None and own:
        which = "、".join(sorted(own)) if _is_list_of_texts(styles) else "extra_css"
        message = f"样式由 nianbao 统一规定，自己的样式能改变或藏起数字；请删去 {which}"
        yield Finding(place(styles, name), message)
    for line in _excluded(nodes):
        if line.startswith("!"):
            message = f"exclude_docs 只能排除文件，不能用{shown(line)}把不检查的文件放进网站；请删去这一行"
            yield Finding(place(nodes["exclude_docs"], name), message)
        elif any(map(GitIgnoreSpec.from_lines([line]).match_file, _FILES_OF_THE_PROGRAM)):
            message = f"exclude_docs 的{shown(line)}会把程序自己的文件也排除；请写明要排除的文件，如 2023/底稿.md"
            yield Finding(place(nodes["exclude_docs"], name), message)


def _is_list_of_texts(node: yaml.Node) -> bool:
    """Say whether *node* writes names of files: one, or a list of them."""
    items = node.value if isinstance(node, yaml.SequenceNode) else [node]
    return all(isinstance(item, yaml.ScalarNode) and item.value for item in items)


def _excluded(nodes: Mapping[str, yaml.Node]) -> Sequence[str]:
    """Return the patterns of files that the portal itself leaves out of the site."""
    node = nodes.get("exclude_docs")
    return str(node.value).splitlines() if isinstance(node, yaml.ScalarNode) else ()


def _address(node: yaml.Node | None, written: str, name: str) -> Iterator[Finding]:
    """Yield what is wrong with the address of the site, where one is *written*."""
    if node is not None and written and site_address(written) is None:
        message = (
            f"site_url 应为网站的网址，如 https://www.example.gov.cn/nianbao/，实际为{shown(written)}；请改正或删去"
        )
        yield Finding(place(node, name), message)


def _listed(node: yaml.Node | None) -> list[str]:
    written = _plain(node) if node is not None else []
    return [str(item) for item in written] if isinstance(written, list) else [str(written)]


def _settled(settings: Mapping[str, Any], above: str) -> Iterator[tuple[str, Any]]:
    """Yield the settings that are no matter of taste, by dotted names."""
    for key, value in settings.items():
        name = f"{above}{key}"
        if name in TASTE | _ADDED:
            continue
        if isinstance(value, dict):
            yield from _settled(value, f"{name}.")
        else:
            yield name, value


def _same(node: yaml.Node, settled: object) -> bool:
    written = _plain(node)
    return settled in (written, [written])


def _plain(node: yaml.Node) -> object:
    """Return what *node* says as text, truth value, None or list; what is nested deeper is no setting of ours."""
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item) for item in node.value]
    if not isinstance(node, yaml.ScalarNode):
        return "若干项"
    words: Mapping[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
    return node.value if node.style else words.get(node.value, node.value)


def _yaml(value: object) -> str:
    return yaml.safe_dump(value, default_flow_style=True, allow_unicode=True).removesuffix("\n").removesuffix("\n...")
