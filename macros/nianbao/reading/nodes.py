"""From text to YAML nodes. Nodes keep line, column and repeated keys; loading into dicts loses them."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

import yaml
from yaml import ScalarEvent, ScalarNode

from nianbao.reading.findings import Findings, Place, position

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

# The deepest data file nests five levels.
MAXIMUM_DEPTH = 60

# So many aliases, anchors and tags are told one by one; a file can hold a hundred thousand.
_TOLD = 20

_TEXT = "tag:yaml.org,2002:str"
ALIAS = "alias"

# BaseLoader leaves every scalar as it is written: 010, 1:30, yes and 2024-01-20 stay text.
# Without libyaml (no wheel for the platform) the pure Python loader does the same, slower.
_LOADER: type[yaml.BaseLoader | yaml.CBaseLoader] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

_SYNTAX = (
    ("mapping values are not allowed", "冒号的位置不对；请检查缩进，以及上一行是否写完整"),
    ("did not find expected ',' or ']'", "方括号 [ ] 没有配对，或数字之间缺少逗号"),
    (
        "did not find expected ',' or '}'",
        "花括号 { } 没有配对，或各项之间缺少逗号；含有 , : # [ ] { } 的文字请加双引号",
    ),
    ("did not find expected key", "缩进或括号不对；请与上下各行对齐，检查括号和引号是否多了或少了"),
    ("did not find expected '-' indicator", "缩进不对；请与上下各行对齐"),
    ("did not find expected node content", "逗号多了，或括号没有配对；文字以 - 开头时请加双引号"),
    ("found unexpected end of stream", "引号没有配对"),
    ("cannot start any token", "此处的符号不能这样用；含有 @ ` % 的文字请加双引号"),
    ("expected alphabetic or numeric character", "文字以 * & ! 开头时请加双引号"),
    ("incompatible YAML document", "请删去以 % 开头的一行"),
    ("could not find expected ':'", "此行缺少冒号；请按“项目: 内容”书写，用半角冒号，后面空一格"),
    ("found undefined tag handle", "不能使用感叹号标签（!）；请删去，文字以 ! 开头时请加双引号"),
)


# Marks that people write in place of those of YAML, and what is to stand there. Where they are told, YAML makes
# nothing of the file: in a text that is one they are no mistake.
_KEY = r"[A-Za-z_][A-Za-z0-9_.]*"
_WRONG_MARKS = tuple(
    (re.compile(pattern, re.MULTILINE), advice)
    for pattern, advice in (
        (rf"^[ ]*(?:- +)?[{{｛（]?{_KEY} *(：)", "冒号是全角的；请改成半角冒号，后面空一格"),
        (rf"[,，][ ]*{_KEY} *(：)", "冒号是全角的；请改成半角冒号，后面空一格"),
        (rf"(，)[ ]*{_KEY} *[:：]", "逗号是全角的；请改成半角逗号，后面空一格"),
        (rf"([｛（]) *{_KEY} *[:：]", "括号是全角的；请改成半角花括号 { }"),
        (r"([［【])", "括号是全角的；请改成半角方括号 [ ]"),
        (rf"^[ ]*([－–—]) *{_KEY}", "列表前面的横线是全角的；请改成半角的 - ，后面空一格"),
        (rf"^[ ]*(?:- +)?{_KEY}(:)[^ \n/]", "冒号后面没有空格；请在冒号后面空一格"),
        (r"(\[\])[ ]*(?:#.*)?\n(?:[ ]*(?:#.*)?\n)*[ ]*- ", "[] 表示没有，下面却还有；请删去 []，各条从下一行写起"),
    )
)


class Taken(yaml.Node):
    """Stands in a list for an item that was taken as soon as it was whole; *value* is what was made of it."""


def compose(
    text: str,
    name: str,
    findings: Findings,
    *,
    tags: bool = False,
    take: Mapping[str, Callable[[yaml.Node], object]] = MappingProxyType({}),
) -> yaml.Node | None:
    """Return the root node of *text*, or None after recording why there is none.

    With *tags* nodes keep theirs, an alias is an empty text with the tag `ALIAS`, and nothing is carried out. Of long
    lists *take* has, by their keys in the root mapping, what makes something of each item; then the tree holds a
    `Taken`, and never all nodes of the list.

    Nodes are made from the parser's events and not by `yaml.compose`, which recurses in C until
    100,000 open brackets end the process, and which loses where aliases and tags are written.
    """
    tree = _Tree(name, findings, tags=tags, take=take)
    try:
        tree.grow(_LOADER(text).get_event)
    except yaml.MarkedYAMLError as error:
        place = _fault(error, name, text)
        marks = list(_wrong_marks(text, place.line)) or [(place.line, place.column, _explain(error))]
        for line, column, message in marks:
            findings.add(Place(name, line, column), f"YAML 格式有误：{message}")
        return None
    except yaml.YAMLError as error:
        findings.add(Place(name), f"YAML 格式有误：有不能使用的字符（{error}）".replace("\n", " "))
        return None
    if tree.root is None and tree.clean:
        findings.add(Place(name), "文件是空的；请按同类文件填写")
    return tree.root if tree.clean else None


class _Tree:
    """A tree of nodes that grows event by event."""

    def __init__(
        self, name: str, findings: Findings, *, tags: bool, take: Mapping[str, Callable[[yaml.Node], object]]
    ) -> None:
        self.root: yaml.Node | None = None
        self._tags = tags
        self._taking = take
        self._faults = 0
        self._name = name
        self._findings = findings

    @property
    def clean(self) -> bool:
        """Whether nothing was found that is refused."""
        return not self._faults

    def grow(self, next_event: Callable[[], Any]) -> None:
        """Add what each event brings, up to the last or to where too much is refused.

        This runs for every word and figure of a file: the commonest event comes first, in place.
        """
        roots: list[yaml.Node] = []
        below = roots  # What is in the innermost list or mapping; of a mapping its keys and values by turns.
        above: list[tuple[yaml.CollectionNode, list[yaml.Node]]] = []
        while self._faults < _TOLD and (event := next_event()) is not None:
            start, end = event.start_mark, event.end_mark
            if isinstance(event, ScalarEvent):
                below.append(ScalarNode(_TEXT, event.value, start, end, event.style))
                if event.anchor is None and event.tag is None:
                    continue
            elif isinstance(event, yaml.CollectionStartEvent):
                node = _collection(event)
                below.append(node)
                above.append((node, below))
                below = []
            elif isinstance(event, yaml.CollectionEndEvent):
                node, outer = above.pop()
                node.value = below if isinstance(node, yaml.SequenceNode) else _pairs(below)
                below = outer
                self._hand_over(above, below)
            elif isinstance(event, yaml.AliasEvent):  # It is refused anyway and stands as an empty text.
                below.append(ScalarNode(_TEXT, "", start, end))
            elif isinstance(event, yaml.DocumentStartEvent) and roots:
                self._fault(event, "YAML 格式有误：一个文件只能有一份数据；请删去单独成行的 ---")
                return
            if getattr(event, "anchor", None) is not None or getattr(event, "tag", None) is not None:
                begun = above[-1][0] if isinstance(event, yaml.CollectionStartEvent) else below[-1]
                self._take(event, begun)
            if len(above) > MAXIMUM_DEPTH:
                self._fault(event, f"嵌套超过 {MAXIMUM_DEPTH} 层；请检查括号和缩进")
                return
        self.root = roots[0] if roots else None

    def _take(self, event: yaml.AliasEvent | yaml.ScalarEvent | yaml.CollectionStartEvent, node: yaml.Node) -> None:
        """Give *node* the tag of *event*, or refuse it, and whatever else data files have no use for."""
        if not self._tags:
            self._refuse(event)
        elif isinstance(event, yaml.AliasEvent):
            node.tag = ALIAS
        elif event.tag is not None:
            node.tag = event.tag

    def _hand_over(self, above: list[tuple[yaml.CollectionNode, list[yaml.Node]]], below: list[yaml.Node]) -> None:
        """Have something made of the last node *below* where it is an item of a list that is taken."""
        if not self._taking or [type(node) for node, _ in above] != [yaml.MappingNode, yaml.SequenceNode]:
            return
        _, pair = above[1]  # The keys and values of the root, the list as the last of them.
        key = pair[-2].value if len(pair) % 2 == 0 else None
        take = self._taking.get(key) if isinstance(key, str) else None
        if take is not None:
            node = below[-1]
            below[-1] = Taken(node.tag, take(node), node.start_mark, node.end_mark)

    def _refuse(self, event: yaml.NodeEvent) -> None:
        if isinstance(event, yaml.AliasEvent):
            self._fault(event, "不能使用别名（*）；请直接写出内容，文字以 * 开头时请加双引号")
        elif event.anchor is not None:
            self._fault(event, "不能使用锚点（&）；请删去，文字以 & 开头时请加双引号")
        if getattr(event, "tag", None) is not None:
            self._fault(event, "不能使用感叹号标签（!）；请删去，文字以 ! 开头时请加双引号")

    def _fault(self, event: yaml.Event, message: str) -> None:
        mark = event.start_mark
        where = Place(self._name, mark.line + 1, mark.column + 1) if mark else Place(self._name)
        self._findings.add(where, message)
        self._faults += 1


def _collection(event: yaml.CollectionStartEvent) -> yaml.CollectionNode:
    """Return the list or mapping that *event* begins."""
    # The stubs tell libyaml's marks apart from Python's, which are used alike.
    start, end = cast("yaml.Mark", event.start_mark), cast("yaml.Mark", event.end_mark)
    if isinstance(event, yaml.SequenceStartEvent):
        return yaml.SequenceNode("tag:yaml.org,2002:seq", [], start, end)
    return yaml.MappingNode("tag:yaml.org,2002:map", [], start, end)


def _pairs(nodes: list[yaml.Node]) -> list[tuple[yaml.Node, yaml.Node]]:
    return list(zip(nodes[::2], nodes[1::2], strict=True))


def place(node: yaml.Node, name: str) -> Place:
    """Return where *node* starts in the file called *name*."""
    return Place(name, node.start_mark.line + 1, node.start_mark.column + 1)


def _fault(error: yaml.MarkedYAMLError, name: str, text: str) -> Place:
    """Return where *error* is: where an open bracket, quote or line begins rather than where the parser gave up."""
    mark = error.problem_mark or error.context_mark
    began = any(part in (error.context or "") for part in ("flow", "quoted scalar", "simple key"))
    if began and error.context_mark and mark and error.context_mark.line < mark.line:
        mark = error.context_mark
    if mark is None:
        return Place(name)
    if mark.line > text.count("\n"):  # It gives up on a line behind the last where that has no line feed.
        return Place(name, *position(text, len(text)))
    return Place(name, mark.line + 1, mark.column + 1)


def _wrong_marks(text: str, line: int) -> Iterator[tuple[int, int, str]]:
    """Yield line, column and advice of marks that are none of YAML, in *line* and the one before, counted from 1.

    Those of keys at the beginning of a line are told wherever they are.
    """
    lines = text.split("\n")
    first = max(0, line - 2)
    start = sum(len(one) + 1 for one in lines[:first])
    near = "\n".join(lines[first:line])
    found = {
        start + match.start(1): advice for pattern, advice in reversed(_WRONG_MARKS) for match in pattern.finditer(near)
    }
    pattern, advice = _WRONG_MARKS[0]
    found |= {match.start(1): advice for match in pattern.finditer(text)}
    for offset, advice in sorted(found.items())[:_TOLD]:
        yield *position(text, offset), advice


def _explain(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or ""
    for part, chinese in _SYNTAX:
        if part in problem:
            return chinese
    return f"请检查此处的缩进、括号、引号和冒号（{problem}）"


def is_plain(node: yaml.ScalarNode) -> bool:
    """Say whether *node* is written without quotes."""
    return not node.style
