"""The totals that version 0.1.0 listed under ``printed``, put where they stand in the tables."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import yaml

from nianbao.reading.findings import Findings
from nianbao.reading.nodes import compose
from nianbao.reading.numbers import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

KEY = "printed"
TOTAL = "total"
# The columns of section 3 in both forms that 0.1.0 knew.
_COLUMNS = (
    "natural_person",
    *(f"organizations.{kind}" for kind in ("commercial", "research", "public_welfare", "legal_service", "other")),
    TOTAL,
)
_STANDARD = re.compile(r"# 原件印出而与计算结果不同、或无法计算的合计，照原件记在这里。|# +（七）总计：自动计算")
_REMARK = re.compile(r"[ \t]+#[ \t]*(?P<words>.*)")


def totals_in_tables(text: str) -> str:
    """Return the data file *text* with its totals in the tables; a text without, or laid out otherwise, stays."""
    if f"{KEY}:" not in text or any(unicodedata.category(character) == "Cs" for character in text):
        return text  # A byte that is no text is told by the check.
    if "\r\n" in text:
        return totals_in_tables(text.replace("\r\n", "\n")).replace("\n", "\r\n")
    root = compose(text, "", Findings())
    if not isinstance(root, yaml.MappingNode):
        return text
    node = next((value for key, value in root.value if key.value == KEY), None)
    if not isinstance(node, yaml.MappingNode):
        return text
    try:
        return _moved(text, root, node)
    except LookupError:
        return text


def _moved(text: str, root: yaml.MappingNode, printed: yaml.MappingNode) -> str:
    lines = text.split("\n")
    columns: dict[str, dict[str, str]] = {}
    for key, value in printed.value:
        words = _REMARK.search(lines[value.end_mark.line][value.end_mark.column :])
        row, total, column = _split(str(key.value), root)
        if total:
            columns.setdefault(row, {})[column] = str(value.value)
            continue
        _append(lines, _sequence(_at(root, row), lines), str(value.value), words["words"] if words else "")
    added = {row: _total_line(lines, _at(root, row), figures) for row, figures in columns.items()}
    key = next(key for key, _ in root.value if key.value == KEY)
    if lines[_first_line(key)].count("{") != lines[_last_line(printed)].count("}"):
        raise LookupError
    drop = set(range(key.start_mark.line, _last_line(printed) + 1))
    drop |= {number for number, line in enumerate(lines) if _STANDARD.fullmatch(line.strip()) and not _replaced(line)}
    if _blank(lines, key.start_mark.line - 1, drop) and _blank(lines, _last_line(printed) + 1, drop):
        drop.add(_last_line(printed) + 1)
    before = dict(added.values())
    drop |= {number + 1 for number in before if number + 1 < len(lines) and _replaced(lines[number + 1])}
    kept: list[str] = []
    for number, line in enumerate(lines):
        if number not in drop:
            kept.append(line)
        if number in before:
            kept.append(before[number])
    return "\n".join(kept)


def _replaced(line: str) -> bool:
    """Say whether *line* is the comment in whose place a row of totals may stand."""
    return line.strip().endswith("总计：自动计算")


def _blank(lines: Sequence[str], number: int, drop: set[int]) -> bool:
    """Say whether nothing stands in the line *number*, or above it before the next line that is kept."""
    while number in drop:
        number -= 1
    return 0 <= number < len(lines) and not lines[number].strip()


def _split(address: str, root: yaml.Node) -> tuple[str, bool, str]:
    """Return the row or group of *address*, whether the total row of a group is meant, and the column."""
    for column in _COLUMNS:
        row = address.removesuffix(f".{column}")
        if row != address and isinstance(_found(root, row), yaml.SequenceNode):
            return row, False, column
        group = row.removesuffix(f".{TOTAL}")
        if group != row and isinstance(_found(root, group), yaml.MappingNode):
            return group, True, column
    raise LookupError(address)


def _found(root: yaml.Node, path: str) -> yaml.Node | None:
    node: yaml.Node | None = root
    for name in path.split("."):
        pairs = node.value if isinstance(node, yaml.MappingNode) else ()
        node = next((value for key, value in pairs if key.value == name), None)
    return node


def _at(root: yaml.Node, path: str) -> yaml.Node:
    node = _found(root, path)
    if node is None:
        raise LookupError(path)
    return node


def _sequence(node: yaml.Node, lines: Sequence[str]) -> yaml.SequenceNode:
    """Return *node*, a list in brackets within a line. Raises LookupError for any other."""
    line = lines[node.start_mark.line][node.start_mark.column :]
    if isinstance(node, yaml.SequenceNode) and node.value and line[0] == "[" and _last_line(node) == _first_line(node):
        return node
    raise LookupError


def _append(lines: list[str], node: yaml.SequenceNode, figure: str, remark: str) -> None:
    """Put *figure* last into the list *node*, the comment behind it where it was if there is room, and *remark*."""
    line, end = lines[_first_line(node)], _end(node, lines)
    more = f", {figure}"
    rest = line[end:]
    room = len(rest) - len(rest.lstrip(" "))
    if rest.strip():
        rest = rest[min(len(more), max(room - 2, 0)) :]
    words = f"{'；' if rest.strip() else '  # '}{remark}" if remark else ""
    lines[_first_line(node)] = f"{line[: end - 1]}{more}]{rest}{words}"


def _lists(node: yaml.Node, lines: Sequence[str]) -> Iterator[yaml.SequenceNode]:
    if isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            yield from _lists(value, lines)
    else:
        yield _sequence(node, lines)


def _total_line(lines: Sequence[str], group: yaml.Node, figures: Mapping[str, str]) -> tuple[int, str]:
    """Return the row of totals below *group*, and behind which line it stands: what is not printed is added up."""
    rows = list(_lists(group, lines))
    width = len(rows[0].value) if len(rows[0].value) < len(_COLUMNS) else len(_COLUMNS) - 1
    added = [_sum(str(row.value[index].value) for row in rows) for index in range(width)]
    whole = [*added, _sum(added)]
    told = [figures.get(column, known) for column, known in zip(_COLUMNS, whole, strict=True)]
    last = rows[-1]
    written = lines[_first_line(last)][last.start_mark.column + 1 : _end(last, lines) - 1]
    widths = [len(part) for part in written.split(",")]
    parts = [figure.rjust(wide) for figure, wide in zip(told, widths, strict=False)]
    start = group.start_mark.column
    bracket = rows[0].start_mark.column
    below = lines[_last_line(group) + 1] if _last_line(group) + 1 < len(lines) else ""
    remark = f"  {below.strip().removesuffix('：自动计算')}" if _replaced(below) else ""
    line = f"{' ' * start}{TOTAL}:".ljust(bracket) + f"[{','.join(parts)}, {told[-1]}]{remark}"
    return _last_line(group), line


def _sum(figures: Iterator[str] | Sequence[str]) -> str:
    known = list(figures)
    return str(sum(map(int, known))) if all(figure.isdigit() for figure in known) else UNKNOWN


def _last_line(node: yaml.Node) -> int:
    """Return the line where the last value in *node* ends."""
    if isinstance(node, yaml.MappingNode) and node.value:
        return _last_line(node.value[-1][1])
    if isinstance(node, yaml.SequenceNode) and node.value:
        return _last_line(node.value[-1])
    return int(node.end_mark.line)


def _first_line(node: yaml.Node) -> int:
    return int(node.start_mark.line)


def _end(node: yaml.Node, lines: Sequence[str]) -> int:
    """Return the column behind the bracket that closes the list *node*. Raises LookupError where it is elsewhere."""
    found = lines[_first_line(node)].find("]", node.start_mark.column)
    if found < 0:
        raise LookupError
    return found + 1
