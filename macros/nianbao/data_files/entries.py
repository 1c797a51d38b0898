"""Changes to the text of a data file that keep its comments and layout."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

import yaml

from nianbao.reading.findings import Findings
from nianbao.reading.nodes import compose

if TYPE_CHECKING:
    import datetime as dt

# Where remarks stand in the first lines of a data file.
_REMARK = 27
_SPACED = re.compile(r"( +)#")


class LayoutError(Exception):
    """The file is laid out in a way that cannot be edited line by line."""


def with_scalar(text: str, key: str, value: str, after: str, remark: str) -> str:
    """Return *text* with *value* under *key*, in its place or in a new line behind the key *after*."""
    root = _root(text)
    lines = text.split("\n")
    node = _value(root, key)
    if node is None:
        line = f"{_indent(root)}{key}: {value} ".ljust(_REMARK) + f"# {remark}"
        lines.insert(_last_line(_value(root, after)) + 1, line)
        return "\n".join(lines)
    start, end = node.start_mark, node.end_mark
    if not isinstance(node, yaml.ScalarNode) or start.line != end.line:
        raise LayoutError(key)
    old = lines[start.line]
    lines[start.line] = old[: start.column] + _aligned(value, old[end.column :], end.column - start.column)
    return "\n".join(lines)


def _aligned(value: str, rest: str, width: int) -> str:
    """Return *value* and the *rest* of its line, whose remark stays where it was if there is room."""
    spaces = _SPACED.match(rest)
    if spaces is None:
        return value + rest
    return value.ljust(width + len(spaces[1]) - 1) + " " + rest.lstrip(" ")


def without(text: str, key: str) -> str:
    """Return *text* without the line in which *key* has a single value."""
    lines = text.split("\n")
    node = _value(_root(text), key)
    if node is None:
        return text
    if not isinstance(node, yaml.ScalarNode) or node.start_mark.line != node.end_mark.line:
        raise LayoutError(key)
    del lines[node.start_mark.line]
    return "\n".join(lines)


def with_correction(text: str, day: dt.date, reason: str, digest: str) -> str:
    """Return *text* with one more correction at the end of its list, which is made where there is none."""
    return _with_entry(
        text, _List("corrections", "digest", "公布后的更正，由 nianbao correct 写入"), day, reason, digest
    )


def with_same_day(text: str, reason: str, digest: str) -> str:
    """Return *text* with the last correction changed: another *reason*, and the *digest* that it has now."""
    lines = text.split("\n")
    node = _value(_root(text), "corrections")
    last = node.value[-1] if isinstance(node, yaml.SequenceNode) and node.value else None
    if not isinstance(last, yaml.MappingNode) or _is_flow(lines, last):
        raise LayoutError("corrections")  # noqa: EM101  # the key, not a message
    values = {key.value: value for key, value in last.value}
    written = [(values["reason"], quoted(reason)), (values["digest"], digest)]
    before, earlier = values["digest"].value, values.get("earlier")
    for value, new in written:
        start, end = value.start_mark, value.end_mark
        if start.line != end.line:
            raise LayoutError(value.value)
        lines[start.line] = lines[start.line][: start.column] + new + lines[start.line][end.column :]
    if earlier is None:
        line = f"{' ' * last.start_mark.column}earlier: [{before}]"
        lines.insert(values["digest"].start_mark.line + 1, line)
    elif isinstance(earlier, yaml.SequenceNode) and earlier.value and _is_flow(lines, earlier):
        end = earlier.value[-1].end_mark
        lines[end.line] = f"{lines[end.line][: end.column]}, {before}{lines[end.line][end.column :]}"
    else:
        raise LayoutError("earlier")  # noqa: EM101  # the key, not a message
    return "\n".join(lines)


def with_reopening(text: str, after: str, day: dt.date, reason: str, digest: str) -> str:
    """Return *text* with one more freeze that was taken back; the list is made behind the key *after*."""
    return _with_entry(text, _List("reopened", after, "公布前撤回的定稿，由 nianbao reopen 写入"), day, reason, digest)


class _List(NamedTuple):
    """A list of a data file under *key*, which is begun behind the key *after* and with a *remark*."""

    key: str
    after: str
    remark: str


def _with_entry(text: str, listed: _List, day: dt.date, reason: str, digest: str) -> str:
    root = _root(text)
    node = _value(root, listed.key)
    lines = text.split("\n")
    if node is None:
        indent = f"{_indent(root)}  "
        position = _last_line(_value(root, listed.after)) + 1
        head = [f"{_indent(root)}{listed.key}: ".ljust(_REMARK) + f"# {listed.remark}"]
    elif isinstance(node, yaml.SequenceNode) and node.value and not _is_flow(lines, node):
        indent = " " * node.start_mark.column
        position, head = _last_line(node) + 1, []
    else:
        raise LayoutError(listed.key)
    lines[position:position] = [
        *head,
        f"{indent}- on: {day.isoformat()}",
        f"{indent}  reason: {quoted(reason)}",
        f"{indent}  digest: {digest}",
    ]
    return "\n".join(lines)


def quoted(text: str) -> str:
    """Return *text* between double quotes, as YAML reads it back; JSON is written in the same way."""
    return json.dumps(text, ensure_ascii=False)


def scalar(text: str) -> str:
    """Return *text* as YAML writes it, between quotes where it could be read as anything but itself."""
    return quoted(text) if needs_quotes(text) else text


def needs_quotes(text: str) -> bool:
    """Say whether YAML could read *text* as anything but itself."""
    return text.isascii() or any(character in text for character in "#:\"'[]{},&*!|>%@`\\?-")


def _root(text: str) -> yaml.MappingNode:
    root = compose(text, "", Findings())
    if not isinstance(root, yaml.MappingNode) or _is_flow(text.split("\n"), root):
        raise LayoutError
    return root


def _is_flow(lines: list[str], node: yaml.Node) -> bool:
    return lines[node.start_mark.line][node.start_mark.column] in "[{"


def _value(root: yaml.MappingNode, key: str) -> yaml.Node | None:
    return next((value for found, value in root.value if found.value == key), None)


def _indent(root: yaml.MappingNode) -> str:
    return " " * int(root.start_mark.column)


def _last_line(node: yaml.Node | None) -> int:
    """Return the last line of *node*, counted from 0: the nodes of lists and mappings do not know their own."""
    if node is None:
        raise LayoutError
    if isinstance(node, yaml.MappingNode):
        return max(_last_line(value) for _, value in node.value) if node.value else int(node.start_mark.line)
    if isinstance(node, yaml.SequenceNode):
        return max(map(_last_line, node.value)) if node.value else int(node.start_mark.line)
    return int(node.end_mark.line)
