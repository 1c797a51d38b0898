"""From nodes to exact values, recording every mistake instead of stopping at the first."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import yaml

from nianbao.reading import nodes, numbers
from nianbao.reading.addresses import is_of_a_network, web_address
from nianbao.reading.findings import Findings, Place, shown
from nianbao.reading.source import read_text, unseen

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from nianbao.reading.numbers import Number

_KINDS = {yaml.ScalarNode: "单个的值", yaml.SequenceNode: "列表", yaml.MappingNode: "若干“项目: 内容”"}
# So many mistakes of one file are told; a file can hold a hundred thousand.
_TOLD = 500
# So many keys can be named in one sentence.
_NAMED = 40
# What begins and ends macros in pages: in a built page such marks are those of a macro that was not carried out.
MACRO_MARKS = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
# Files are named by identifiers and more, and no system has names of more than 255 bytes.
LONGEST_ID = 60
ID = re.compile(rf"[a-z][a-z0-9_]{{0,{LONGEST_ID - 1}}}")
# A port and what stands before it are no part of a name.
DOMAIN_PATTERN = re.compile(r"[^\s/:@?#.]+(?:\.[^\s/:@?#.]+)+")
ID_WORDS = f"小写字母开头的字母、数字和下划线，不多于 {LONGEST_ID} 个"


class Reader:
    """Reads the nodes of one file. Each method returns None after recording why it has no value."""

    def __init__(self, name: str, findings: Findings) -> None:
        self.name = name
        self.findings = findings
        self._told = 0

    def place(self, node: yaml.Node) -> Place:
        """Return where *node* starts."""
        return nodes.place(node, self.name)

    def fault(self, node: yaml.Node, message: str) -> None:
        """Record *message* at *node*."""
        self._told += 1
        if self._told > _TOLD:
            return
        self.findings.add(self.place(node), message)
        if self._told == _TOLD:
            self.findings.add(Place(self.name), f"此文件的问题多于 {_TOLD} 处；请先改正查出的，再检查一次")

    def mapping(
        self,
        node: yaml.Node,
        subject: str,
        *,
        required: Mapping[str, str] | Sequence[str],
        optional: Iterable[str] = (),
        retired: Mapping[str, str] = MappingProxyType({}),
    ) -> dict[str, yaml.Node]:
        """Return the values of a mapping by key; unknown, repeated and missing keys are recorded.

        *required* may map each key to the words that explain it, *retired* those that are no more to advice.
        """
        if not isinstance(node, yaml.MappingNode):
            colon = "；冒号是全角的，请改成半角冒号，后面空一格" if "：" in str(node.value) else ""
            self.fault(node, f"{subject}应为{_KINDS[yaml.MappingNode]}，实际为{describe(node)}{colon}")
            return {}
        explained = dict(required) if isinstance(required, Mapping) else dict.fromkeys(required, "")
        allowed = [*explained, *optional]
        found: dict[str, yaml.Node] = {}
        lines: dict[str, int] = {}
        for key_node, value in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            if key is not None and key in retired:
                self.fault(key_node, f"{subject}里不再有 {key} 这一项；{retired[key]}")
            elif key is None or key not in allowed:
                cut = key_node.end_mark.index == value.end_mark.index and "：" not in (key or "")
                self.fault(key_node, _unknown_key(subject, key, key_node, allowed) + (_AFTER_A_COMMA if cut else ""))
            elif key in found:
                self.fault(key_node, f"{subject}里的 {key} 写了两次，第一次在第 {lines[key]} 行；请只留一处")
            else:
                found[key] = value
                lines[key] = key_node.start_mark.line + 1
        for key, words in explained.items():
            if key not in found:
                named = f"{key}（{words}）" if words else key
                self.fault(node, f"{subject}缺少 {named}；请补上")
        return found

    def sequence(self, node: yaml.Node, subject: str) -> Sequence[yaml.Node]:
        """Return the items of a list."""
        if isinstance(node, yaml.SequenceNode):
            return list(node.value)
        self.fault(node, f"{subject}应为列表，实际为{describe(node)}")
        return []

    def text(self, node: yaml.Node, subject: str) -> str | None:
        """Return a text of one line that is not empty."""
        if not isinstance(node, yaml.ScalarNode):
            self.fault(node, f"{subject}应为文字，实际为{describe(node)}")
            return None
        value = str(node.value).strip()
        if not value or (nodes.is_plain(node) and value in {"~", "null"}):
            self.fault(node, f"{subject}是空的；请填写，可以不填的项目整行删去")
            return None
        if "\n" in value:
            self.fault(node, f"{subject}应为一行文字，实际有多行")
            return None
        hidden = unseen(value)
        if hidden is not None:
            self.fault(node, f"{subject}不能使用{hidden}")
            return None
        mark = macro_mark(value)
        if mark is not None:
            self.fault(node, f"{subject}{mark}")
            return None
        return value

    def identifier(self, node: yaml.Node, subject: str) -> str | None:
        """Return a name of lower-case letters, digits and underscores, as addresses need it."""
        value = self.text(node, subject)
        if value is not None and not ID.fullmatch(value):
            self.fault(node, f"{subject}应为{ID_WORDS}，实际为{shown(value)}")
            return None
        return value

    def address(self, node: yaml.Node, subject: str) -> str | None:
        """Return a whole address of the web, of http or https, that readers can open."""
        value = self.any_address(node, subject)
        if value is not None and is_of_a_network(urlsplit(value).hostname or ""):
            self.fault(node, f"{subject}{shown(value)}指向本机或内网，读者打不开；请改成公开的网址")
            return None
        return value

    def any_address(self, node: yaml.Node, subject: str) -> str | None:
        """Return a whole address of http or https, which may be one of this machine or an office's own network."""
        value = self.text(node, subject)
        if value is not None and web_address(value) is None:
            expected = "以 http:// 或 https:// 开头、不带用户名和密码的完整网址"
            self.fault(node, f"{subject}应为{expected}，实际为{shown(value)}；请从浏览器的地址栏复制")
            return None
        return value

    def domain(self, node: yaml.Node, subject: str) -> str | None:
        """Return the name of a site: a host with its dots, in Latin or Chinese, without scheme, port and path."""
        value = self.text(node, subject)
        if value is not None and not DOMAIN_PATTERN.fullmatch(value):
            self.fault(
                node, f"{subject}应写作 www.example.gov.cn 的样子，不带 http:// 和 /，实际为{shown(value)}；请改正"
            )
            return None
        return value

    def choice(self, node: yaml.Node, subject: str, options: Mapping[str, str]) -> str | None:
        """Return one of *options*, which map each word to its meaning."""
        value = self.text(node, subject)
        if value is None or value in options:
            return value
        meant = "、".join(f"{word}（{meaning}）" for word, meaning in options.items())
        self.fault(node, f"{subject}应为 {meant}之一，实际为{shown(value)}{nearest(value, options)}")
        return None

    def boolean(self, node: yaml.Node, subject: str) -> bool | None:
        """Return true or false, written just so."""
        if isinstance(node, yaml.ScalarNode) and nodes.is_plain(node) and node.value in {"true", "false"}:
            return bool(node.value == "true")
        self.fault(node, f"{subject}应为 true（是）或 false（否），实际为{describe(node)}")
        return None

    def year(self, node: yaml.Node, subject: str) -> int | None:
        """Return a year of four digits."""
        if isinstance(node, yaml.ScalarNode) and re.fullmatch(r"(19|20)[0-9]{2}", node.value):
            return int(node.value)
        self.fault(node, f"{subject}应为四位数的年份，如 2023，实际为{describe(node)}")
        return None

    def date(self, node: yaml.Node, subject: str) -> dt.date | None:
        """Return a date written as YYYY-MM-DD."""
        if isinstance(node, yaml.ScalarNode) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", node.value):
            try:
                return dt.date.fromisoformat(node.value)
            except ValueError:
                self.fault(node, f"{subject}没有 {node.value} 这一天；请改正，不知道就删去此行")
                return None
        self.fault(node, f"{subject}应写作 2024-01-31 的样子，实际为{describe(node)}；不知道就删去此行")
        return None

    def number(self, node: yaml.Node, subject: str, kind: str, maximum: int, gaps: Iterable[str] = ()) -> Number | None:
        """Return a figure of *kind*; words in its place, such as *gaps*, are known to the caller alone."""
        value = exact(node, kind, maximum)
        if value is not None:
            return value
        expected = numbers.EXPECTED[kind]
        if not isinstance(node, yaml.ScalarNode):
            self.fault(node, f"{subject}应为{expected}，实际为{describe(node)}；请只写一个数")
            return None
        plain = nodes.is_plain(node)
        if plain and numbers.parse(node.value, kind) is not None:
            self.fault(node, f"{subject}为 {node.value}，超过上限 {maximum}；请核对是否多录了数字")
        else:
            hint = numbers.advice(node.value, kind, plain=plain, gaps=gaps)
            self.fault(node, f"{subject}应为{expected}，实际为{describe(node)}；{hint}")
        return None


def exact(node: yaml.Node, kind: str, maximum: int) -> Number | None:
    """Return the figure of *kind* up to *maximum* that *node* writes, or None where it writes none."""
    value = numbers.parse(node.value, kind) if isinstance(node, yaml.ScalarNode) and not node.style else None
    return value if value is not None and -maximum <= value <= maximum else None


def macro_mark(text: str) -> str | None:
    """Return what is to be done about the first mark of a macro in *text*, which is data, or None."""
    mark = MACRO_MARKS.search(text)
    if mark is None:
        return None
    return f"不能含有“{mark.group()}”，页面里用它写宏，数据里的宏不会展开；请改成直接写的文字"


def open_file(path: Path, name: str, findings: Findings) -> yaml.Node | None:
    """Return the root node of the file at *path*, called *name* in messages."""
    text = read_text(path, name, findings)
    return None if text is None else nodes.compose(text, name, findings)


def describe(node: yaml.Node) -> str:
    """Return how *node* is written, for a message."""
    if isinstance(node, yaml.ScalarNode):
        return shown(node.value) if node.value else "空白"
    return _KINDS[type(node)]


# A key without even a colon: in braces it is what stands behind a comma of some text.
_AFTER_A_COMMA = "；如果它是前面文字的一部分，请把整段文字写在半角双引号里"


def _unknown_key(subject: str, key: str | None, node: yaml.Node, allowed: Sequence[str]) -> str:
    if key is None:
        return f"{subject}里的项目名应为单词，实际为{describe(node)}"
    if key.partition("：")[0].strip() in allowed:
        return f"{subject}里的{shown(key)}冒号是全角的；请改成半角冒号，后面空一格"
    near = nearest(key, allowed)
    known = f"；可用的有 {'、'.join(allowed)}" if len(allowed) <= _NAMED else "；写法见 EDITING.md"
    rest = near or known if allowed else "；这里不应有内容"
    return f"{subject}里没有{shown(key)}这一项{rest}"


def nearest(word: str, options: Iterable[str]) -> str:
    """Return a hint at the option most like *word*, or nothing."""
    near = difflib.get_close_matches(word, list(options), n=1, cutoff=0.7)
    return f"；是否应为 {near[0]}" if near else ""
