"""From text to YAML nodes. Nodes keep line, column and repeated keys; loading into dicts loses them."""

from __future__ import annotations

import yaml

from macros.reading.findings import Findings, Place

# The deepest data file nests five levels. libyaml composes by recursion in C, and 100,000 open
# brackets end the process, so depth is bounded before a tree is made.
MAXIMUM_DEPTH = 60

# BaseLoader leaves every scalar as it is written: 010, 1:30, yes and 2024-01-20 stay text.
# Without libyaml (no wheel for the platform) the pure Python loader does the same, slower.
_LOADER: type[yaml.BaseLoader | yaml.CBaseLoader] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

_SYNTAX = (
    ("mapping values are not allowed", "冒号的位置不对；请检查缩进，以及上一行是否写完整"),
    ("did not find expected ',' or ']'", "方括号 [ ] 没有配对，或数字之间缺少逗号"),
    ("did not find expected ',' or '}'", "花括号 { } 没有配对，或各项之间缺少逗号"),
    ("did not find expected key", "缩进或括号不对；请与上下各行对齐，检查括号和引号是否多了或少了"),
    ("did not find expected '-' indicator", "缩进不对；请与上下各行对齐"),
    ("did not find expected node content", "括号没有配对"),
    ("found unexpected end of stream", "引号没有配对"),
    ("cannot start any token", "此处的符号不能这样用；含有 @ ` % 的文字请加双引号"),
    ("undefined alias", "不能使用别名（*）；请直接写出内容"),
    ("another document", "一个文件只能有一份数据；请删去单独成行的 ---"),
    ("incompatible YAML document", "请删去以 % 开头的一行"),
    ("could not find expected ':'", "此行缺少冒号；请按“项目: 内容”书写"),
    ("found undefined tag handle", "不能使用感叹号标签；含有 ! 的文字请加双引号"),
    ("found duplicate anchor", "不能使用锚点（&）；请直接写出内容"),
)


def compose(text: str, name: str, findings: Findings) -> yaml.Node | None:
    """Return the root node of *text*, or None after recording why there is none."""
    if not _shallow(text, name, findings):
        return None
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(name, mark.line + 1, mark.column + 1) if mark else Place(name)
        findings.add(place, f"YAML 格式有误：{_explain(error)}")
        return None
    if node is None:
        findings.add(Place(name), "文件是空的；请按同类文件填写")
        return None
    return node if _without_aliases(node, name, findings) else None


def place(node: yaml.Node, name: str) -> Place:
    """Return where *node* starts in the file called *name*."""
    return Place(name, node.start_mark.line + 1, node.start_mark.column + 1)


def _explain(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or ""
    for part, chinese in _SYNTAX:
        if part in problem:
            return chinese
    return f"请检查此处的缩进、括号、引号和冒号（{problem}）"


def _shallow(text: str, name: str, findings: Findings) -> bool:
    """Say whether the nesting is within bounds, recording a finding where it is not."""
    longest = max(map(len, text.split("\n")))
    if text.count("[") + text.count("{") + longest < 10 * MAXIMUM_DEPTH:
        return True  # Each level takes a bracket or at least a column of its own.
    depth = 0
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                depth += 1
            elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
                depth -= 1
            if depth > MAXIMUM_DEPTH:
                mark = event.start_mark
                where = Place(name, mark.line + 1, mark.column + 1) if mark else Place(name)
                findings.add(where, f"嵌套超过 {MAXIMUM_DEPTH} 层；请检查括号和缩进")
                return False
    except yaml.YAMLError:
        return True  # Not deep before the first fault; composing names that fault.
    return True


def _without_aliases(root: yaml.Node, name: str, findings: Findings) -> bool:
    """Record every alias: one stands where a node occurs a second time."""
    seen: set[int] = set()
    pending: list[tuple[yaml.Node, yaml.Node | None]] = [(root, None)]
    clean = True
    while pending:
        node, key = pending.pop()
        if id(node) in seen:
            findings.add(place(key or node, name), "不能使用别名（*）；请直接写出内容")
            clean = False
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            for child_key, value in node.value:
                pending.append((child_key, None))
                pending.append((value, child_key))
        elif isinstance(node, yaml.SequenceNode):
            pending.extend((value, None) for value in node.value)
    return clean


def is_plain(node: yaml.ScalarNode) -> bool:
    """Say whether *node* is written without quotes and without a tag of its own."""
    return not node.style and node.tag == "tag:yaml.org,2002:str"
