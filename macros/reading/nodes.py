"""From text to YAML nodes. Nodes keep line, column and repeated keys; loading into dicts loses them."""

from __future__ import annotations

from typing import cast

import yaml

from macros.reading.findings import Findings, Place

# The deepest data file nests five levels.
MAXIMUM_DEPTH = 60

# So many aliases, anchors and tags are told one by one; a file can hold a hundred thousand.
_TOLD = 20

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
    ("did not find expected node content", "逗号多了，或括号没有配对"),
    ("found unexpected end of stream", "引号没有配对"),
    ("cannot start any token", "此处的符号不能这样用；含有 @ ` % 的文字请加双引号"),
    ("expected alphabetic or numeric character", "文字以 * & ! 开头时请加双引号"),
    ("incompatible YAML document", "请删去以 % 开头的一行"),
    ("could not find expected ':'", "此行缺少冒号；请按“项目: 内容”书写，用半角冒号，后面空一格"),
    ("found undefined tag handle", "不能使用感叹号标签（!）；请删去，文字以 ! 开头时请加双引号"),
)


def compose(text: str, name: str, findings: Findings) -> yaml.Node | None:
    """Return the root node of *text*, or None after recording why there is none.

    Nodes are made from the parser's events and not by `yaml.compose`, which recurses in C until
    100,000 open brackets end the process, and which loses where aliases and tags are written.
    """
    tree = _Tree(name, findings)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if not tree.add(event):
                return None
    except yaml.MarkedYAMLError as error:
        findings.add(_fault(error, name), f"YAML 格式有误：{_explain(error)}")
        return None
    except yaml.YAMLError as error:
        findings.add(Place(name), f"YAML 格式有误：有不能使用的字符（{error}）".replace("\n", " "))
        return None
    if tree.root is None and tree.clean:
        findings.add(Place(name), "文件是空的；请按同类文件填写")
    return tree.root if tree.clean else None


class _Tree:
    """A tree of nodes that grows event by event."""

    def __init__(self, name: str, findings: Findings) -> None:
        self.root: yaml.Node | None = None
        self._faults = 0
        self._name = name
        self._findings = findings
        self._open: list[yaml.CollectionNode] = []
        self._keys: list[yaml.Node | None] = []

    @property
    def clean(self) -> bool:
        """Whether nothing was found that is refused."""
        return not self._faults

    def add(self, event: yaml.Event) -> bool:
        """Add what *event* brings; say whether to go on."""
        if isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            self._fault(event, "YAML 格式有误：一个文件只能有一份数据；请删去单独成行的 ---")
            return False
        if isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
            self._keys.pop()
            return True
        if not isinstance(event, yaml.NodeEvent):
            return True
        if isinstance(event, yaml.AliasEvent):
            self._fault(event, "不能使用别名（*）；请直接写出内容，文字以 * 开头时请加双引号")
        elif event.anchor is not None:
            self._fault(event, "不能使用锚点（&）；请删去，文字以 & 开头时请加双引号")
        if getattr(event, "tag", None) is not None:
            self._fault(event, "不能使用感叹号标签（!）；请删去，文字以 ! 开头时请加双引号")
        node = _node(event)
        self._hang(node)
        if isinstance(node, yaml.CollectionNode):
            self._open.append(node)
            self._keys.append(None)
            if len(self._open) > MAXIMUM_DEPTH:
                self._fault(event, f"嵌套超过 {MAXIMUM_DEPTH} 层；请检查括号和缩进")
                return False
        return self._faults < _TOLD

    def _hang(self, node: yaml.Node) -> None:
        """Put *node* where it belongs: into the list or mapping that is open, or at the root."""
        if not self._open:
            self.root = node
        elif isinstance(self._open[-1], yaml.SequenceNode):
            self._open[-1].value.append(node)
        elif self._keys[-1] is None:
            self._keys[-1] = node
        else:
            self._open[-1].value.append((self._keys[-1], node))
            self._keys[-1] = None

    def _fault(self, event: yaml.Event, message: str) -> None:
        mark = event.start_mark
        where = Place(self._name, mark.line + 1, mark.column + 1) if mark else Place(self._name)
        self._findings.add(where, message)
        self._faults += 1


def _node(event: yaml.NodeEvent) -> yaml.Node:
    """Return the node that *event* begins; an alias, which is refused anyway, as an empty scalar."""
    # The stubs tell libyaml's marks apart from Python's, which are used alike.
    start, end = cast("yaml.Mark", event.start_mark), cast("yaml.Mark", event.end_mark)
    if isinstance(event, yaml.SequenceStartEvent):
        return yaml.SequenceNode("tag:yaml.org,2002:seq", [], start, end)
    if isinstance(event, yaml.MappingStartEvent):
        return yaml.MappingNode("tag:yaml.org,2002:map", [], start, end)
    value, style = (event.value, event.style) if isinstance(event, yaml.ScalarEvent) else ("", None)
    return yaml.ScalarNode("tag:yaml.org,2002:str", value, start, end, style=style)


def place(node: yaml.Node, name: str) -> Place:
    """Return where *node* starts in the file called *name*."""
    return Place(name, node.start_mark.line + 1, node.start_mark.column + 1)


def _fault(error: yaml.MarkedYAMLError, name: str) -> Place:
    """Return where *error* is: where an open bracket, quote or line begins rather than where the parser gave up."""
    mark = error.problem_mark or error.context_mark
    began = any(part in (error.context or "") for part in ("flow", "quoted scalar", "simple key"))
    if began and error.context_mark and mark and error.context_mark.line < mark.line:
        mark = error.context_mark
    return Place(name, mark.line + 1, mark.column + 1) if mark else Place(name)


def _explain(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or ""
    for part, chinese in _SYNTAX:
        if part in problem:
            return chinese
    return f"请检查此处的缩进、括号、引号和冒号（{problem}）"


def is_plain(node: yaml.ScalarNode) -> bool:
    """Say whether *node* is written without quotes."""
    return not node.style
