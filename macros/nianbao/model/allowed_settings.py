"""What a portal may write in its mkdocs.yml, as one list: whatever else stands there is refused at its place.

A list of what is allowed, since the engine and its plugins take settings by the hundred. Some run programs: the host
carries out tags such as ``!!python/object/apply:os.system`` and calls whatever an extension is named by. Others show
readers what nobody has judged, or end the engine in its own words. What the program sets itself may be written
the same (`nianbao.model.configuration`).
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

import yaml

from nianbao.reading.findings import Finding, shown
from nianbao.reading.nodes import ALIAS, place
from nianbao.reading.source import unseen
from nianbao.reading.values import describe, macro_mark, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_STRING = "tag:yaml.org,2002:str"
_PLAIN = frozenset({_STRING, "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map", ALIAS})
_MOST_TOLD = 20
# What the engine takes a word without quotation marks for.
_RESOLVER = yaml.SafeLoader("")
_TYPES = {"int": "数", "float": "数", "bool": "是或否", "null": "空白", "timestamp": "日期"}

_NAME = re.compile(r"[^\n]+")
_TEXT = re.compile(r"[^\n]*")
_LINES = re.compile(r".*", re.DOTALL)
# The theme writes these into every page.
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_/-]*")
_PATH = re.compile(r"(?!/|.*\.\.)[\w./-]+\.(?:png|jpe?g|gif|webp|svg|ico)", re.IGNORECASE)
_ICON = re.compile(r"[a-z0-9-]+(?:/[a-z0-9-]+)+")
_DEPTH = re.compile(r"[1-6](?:-[1-6])?")
_SWITCH = re.compile(r"true|false")
_ADDRESS = re.compile(r"[^\s:]+:[0-9]+")
_ANYTHING = re.compile("")  # Told by who reads it, or of no effect.

_KINDS: Mapping[re.Pattern[str], str] = {
    **dict.fromkeys((_NAME, _TEXT), "一行文字"),
    _LINES: "文字",
    _WORD: "一个英文单词",
    _PATH: "一个图片文件的路径，如 assets/logo.png",
    _ICON: "图标的名称，如 material/file-document-outline",
    _DEPTH: " 1 到 6 的数，如 3 或 2-3",
    _SWITCH: " true 或 false",
    _ADDRESS: "地址和端口，如 127.0.0.1:8000",
}
_WORDS = frozenset({_NAME, _TEXT, _LINES})

# By their names, one mapping within another; lists of plugins and extensions are read as mappings.
_ALLOWED: Mapping[str, object] = {
    "site_name": _NAME,
    **dict.fromkeys(("site_url", "site_description", "site_author", "copyright", "docs_dir", "site_dir"), _TEXT),
    "exclude_docs": _LINES,
    "theme": {
        "name": _ANYTHING,
        "palette": dict.fromkeys(("scheme", "primary", "accent"), _WORD),
        "icon": {"logo": _ICON},
        "logo": _PATH,
        "favicon": _PATH,
        **dict.fromkeys(("language", "font", "variant", "features", "custom_dir"), _ANYTHING),
    },
    # None of other makers, which see every page, nor of the options of the macros plugin, which name programs to run.
    "plugins": {
        "search": dict.fromkeys(("lang", "pipeline", "separator"), _ANYTHING),
        "macros": {},
        "nianbao": {"data": _TEXT, "notice": _TEXT},
    },
    "markdown_extensions": {
        "toc": {"toc_depth": _DEPTH, "permalink": _ANYTHING, "permalink_title": _ANYTHING},
        # Those that come with the language. What they make of a page other than was judged is refused when it is built.
        **{key: {} for key in ("tables", "fenced_code", "attr_list", "footnotes", "abbr", "def_list", "admonition")},
        **{key: {} for key in ("md_in_html", "nl2br", "sane_lists", "smarty")},
        **{key: {} for key in ("nianbao.pages.chinese_line_breaks", "nianbao.pages.raw_html")},
    },
    "extra": {},
    "strict": _SWITCH,
    **dict.fromkeys(("use_directory_urls", "extra_css"), _ANYTHING),
    # Of the preview, and of the host's own way to publish.
    "dev_addr": _ADDRESS,
    **dict.fromkeys(("remote_branch", "remote_name"), _WORD),
}
# What the theme makes of words in ``extra``: links, forms and programs that nobody has judged.
_OF_THE_THEME = frozenset(
    ("alternate", "analytics", "annotate", "consent", "homepage", "polyfills", "scope", "social", "status", "tags")
)
# Refused by name with better words, or wanted.
_TOLD = frozenset({"INHERIT", "hooks", "extra_javascript", "extra_templates", "nav", "validation"})
_TOLD_OF_EXTRA = frozenset({"data", "formats", "drafts", "notice", "generator"})


def refused_settings(root: yaml.MappingNode, name: str) -> Iterator[Finding]:
    """Yield what a portal may not write of what stands below the *root* of a mkdocs.yml that messages call *name*."""
    yield from islice(_tags(root, name), _MOST_TOLD)
    yield from _mapping("", root, _ALLOWED, name)


def _tags(node: yaml.Node, name: str) -> Iterator[Finding]:
    """Yield the tags at and below *node*, which the engine would carry out wherever they stand."""
    if node.tag not in _PLAIN:
        yield Finding(place(node, name), f"mkdocs.yml 里不能用标签{shown(node.tag)}，它会运行程序；请直接写出内容")
    if isinstance(node, yaml.CollectionNode):
        for child in node.value:
            for one in child if isinstance(child, tuple) else (child,):
                yield from _tags(one, name)


def _mapping(above: str, node: yaml.Node, allowed: Mapping[str, object], name: str) -> Iterator[Finding]:
    """Yield what is wrong with the settings at *node*, whose names begin with *above*."""
    pairs = _pairs(node, named=above in {"plugins.", "markdown_extensions."})
    if pairs is None:
        only_named = above == "theme." and isinstance(node, yaml.ScalarNode) and node.tag == _STRING
        if not only_named and not _is_empty(node, above):
            yield Finding(place(node, name), f"{above[:-1]} 应为若干“项目: 内容”，实际为{_written(node)}；请改正")
        return
    seen: set[str] = set()
    for key, value in pairs:
        word = str(key.value) if isinstance(key, yaml.ScalarNode) and key.tag == _STRING else ""
        if not word or word == "<<":
            said = f"{above[:-1] or name} 里应为各项的名称，实际为{_written(key)}；请直接写出来"
            yield Finding(place(key, name), said)
        elif word in seen:
            yield Finding(place(key, name), f"{above}{word} 写了两次；请只留一处")
        else:
            yield from _setting(above, word, key, value, allowed, name)
        seen.add(word)


def _setting(  # noqa: PLR0913, PLR0917  # a setting and where it stands
    above: str, word: str, key: yaml.Node, value: yaml.Node, allowed: Mapping[str, object], name: str
) -> Iterator[Finding]:
    if word not in allowed:
        message = _unknown(above, word, allowed)
        if message is not None:
            yield Finding(place(key, name), message)
        return
    shape = allowed[word]
    if isinstance(shape, re.Pattern):
        yield from _value(f"{above}{word}", value, shape, name)
    elif isinstance(shape, dict):
        yield from _mapping(f"{above}{word}.", value, shape, name)


def _unknown(above: str, word: str, allowed: Mapping[str, object]) -> str | None:
    """Return what to say of a setting that is not *allowed*, or None where it may be the portal's own."""
    told = _TOLD if not above else _TOLD_OF_EXTRA if above == "extra." else frozenset()
    if word in told or "：" in word:
        return None
    if above == "extra.":  # Words for the portal's own template, but for those that the theme reads.
        return f"extra.{word} 不能写：它会在每页加上没有检查过的内容；请删去" if word in _OF_THE_THEME else None
    near = nearest(word, list(allowed))
    return f"{above}{shown(word)[1:-1]} 不能写{near or '；请删去'}"


def _value(setting: str, node: yaml.Node, shape: re.Pattern[str], name: str) -> Iterator[Finding]:
    """Yield what is wrong with the value of a *setting* at *node*, which is to be of a *shape*."""
    if shape is _ANYTHING or (setting in _READ and not (isinstance(node, yaml.ScalarNode) and node.tag == _STRING)):
        return
    wanted = f"{setting} 应为{_KINDS[shape]}"
    if not isinstance(node, yaml.ScalarNode) or node.tag != _STRING:
        yield Finding(place(node, name), f"{wanted}，实际为{_written(node)}；请改正")
        return
    text = str(node.value)
    taken = _taken_for(text) if shape in _WORDS and not node.style else None
    if taken is not None and not (taken == _TYPES["null"] and shape is not _NAME):
        yield Finding(place(node, name), f"{wanted}，没有引号的{describe(node)}会读成{taken}；请写文字并加双引号")
    elif (hidden := unseen(text) if shape in _WORDS and "\n" not in text else None) is not None:
        yield Finding(place(node, name), f"{setting} 不能使用{hidden}")
    elif shape.fullmatch(text.strip()) is None:
        yield Finding(place(node, name), f"{wanted}，实际为{describe(node)}；请改正")
    elif setting not in _READ and (mark := macro_mark(text)) is not None:
        yield Finding(place(node, name), f"{setting} {mark}")


# Texts whose tags, lines and marks are told by who reads them.
_READ = frozenset({"docs_dir", "site_dir", "site_url", "plugins.nianbao.data", "plugins.nianbao.notice"})


def _taken_for(text: str) -> str | None:
    """Return what the engine takes *text* without quotation marks for, in Chinese, or None where it is a text."""
    tag: str = _RESOLVER.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]  # typed nowhere
    return _TYPES.get(tag.rpartition(":")[2])


def _pairs(node: yaml.Node, *, named: bool) -> list[tuple[yaml.Node, yaml.Node]] | None:
    """Return keys and values of *node*, which may be a list of names and mappings where it is *named*; else None."""
    if node.tag == ALIAS:
        return None
    if isinstance(node, yaml.MappingNode):
        return list(node.value)
    if not named or not isinstance(node, yaml.SequenceNode):
        return None
    nothing = yaml.ScalarNode(_STRING, "", node.start_mark, node.end_mark)
    return [
        pair
        for item in node.value
        for pair in (item.value if isinstance(item, yaml.MappingNode) else [(item, nothing)])
    ]


def _is_empty(node: yaml.Node, above: str) -> bool:
    """Say whether nothing is written at *node*, which the engine lets be of a plugin or an extension."""
    plain = isinstance(node, yaml.ScalarNode) and not node.style and node.tag == _STRING
    return plain and node.value in {"", "null", "~"} and above.partition(".")[0] in {"plugins", "markdown_extensions"}


def _written(node: yaml.Node) -> str:
    return "别名" if node.tag == ALIAS else describe(node)
