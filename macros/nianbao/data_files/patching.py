"""Makes the text of a data file say something else: what it says already keeps its bytes, comments and layout.

What a file says is held as `Plain`: texts, lists and mappings. `patched` compares that with what the file is to say,
and changes the text only where the two differ, at the marks of the nodes. Lists in brackets keep their columns:
a figure ends where the old one ended, and the remark behind stays where it was as long as there is room.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import yaml

from nianbao.data_files.entries import LayoutError, needs_quotes, quoted
from nianbao.reading.findings import Findings
from nianbao.reading.nodes import compose
from nianbao.reading.numbers import width

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from nianbao.reading.findings import Place

Plain = str | list["Plain"] | dict[str, "Plain"]
Path = tuple[str | int, ...]

# Each round settles one difference of structure; no form sends as many.
_MOST_ROUNDS = 2000
# Runs of blanks that nothing needs: behind a comma, and before a remark.
_LOOSE = re.compile(r"(?<=,) {2,}| {2,}(?=#)")
# A word that YAML reads as itself wherever it stands.
_SAFE = re.compile(r"[+-]?\w[\w.+-]*")
_REMARK = re.compile(r"^( +)(#.*)$")


def plain(node: yaml.Node) -> Plain:
    """Return what *node* says. Of a key that is written twice the first counts, as for the reader."""
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    if isinstance(node, yaml.SequenceNode):
        return [plain(item) for item in node.value]
    found: dict[str, Plain] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise LayoutError
        found.setdefault(str(key.value), plain(value))
    return found


def parsed(text: str) -> yaml.MappingNode:
    """Return the root of *text*. Raises LayoutError where it is no mapping, or no YAML at all."""
    root = compose(text, "", Findings())
    if not isinstance(root, yaml.MappingNode):
        raise LayoutError
    return root


def patched(text: str, wanted: dict[str, Plain], bare: Callable[[Path], bool]) -> str:
    """Return *text* so changed that it says *wanted*.

    *bare* tells of a path whether its value is a word of the program or a number, and so written without quotes.
    Raises LayoutError where the text is laid out in a way that cannot be changed so.
    """
    for _ in range(_MOST_ROUNDS):
        root = parsed(text)
        if plain(root) == wanted:
            return text
        step = _Step(text=text, bare=bare)
        changed = step.structure(root, wanted, ()) or step.tokens(root, wanted)
        if changed is None or changed == text:
            break
        text = changed
    raise LayoutError


def with_words(text: str, old: str, new: Iterable[tuple[Place, str]]) -> str:
    """Return *text* with a *new* word at each place where the word *old* stands, as wide as that on a screen.

    Raises LayoutError where another word stands.
    """
    step = _Step(text=text, bare=lambda _: True)
    lines = text.split("\n")
    tokens = []
    for place, word in new:
        line, start = place.line - 1, place.column - 1
        if lines[line][start : start + len(old)] != old:
            raise LayoutError(old)
        tokens.append(_Token(line=line, start=start, end=start + len(old), new=word, right=True))
    return step.changed(tokens)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    """What is written from *start* to *end* of a line and is to be *new*; figures end where the old one ended."""

    line: int
    start: int
    end: int
    new: str
    right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """One change of *text*: a difference of structure, or all single values that differ."""

    text: str
    bare: Callable[[Path], bool]

    @property
    def _lines(self) -> list[str]:
        return self.text.split("\n")

    def structure(self, node: yaml.Node, wanted: Plain, path: Path) -> str | None:
        """Return the text with the first difference of structure settled, or None where there is none.

        A single value for another is none, and something else altogether is for the mapping around it to settle.
        """
        if plain(node) == wanted:
            return None
        if isinstance(node, yaml.MappingNode) and isinstance(wanted, dict):
            return self._mapping(node, wanted, path)
        if isinstance(node, yaml.SequenceNode) and isinstance(wanted, list):
            return self._sequence(node, wanted, path)
        return None

    def _mapping(  # noqa: PLR0911  # one return for each difference
        self, node: yaml.MappingNode, wanted: dict[str, Plain], path: Path
    ) -> str | None:
        children = {str(key.value): (key, value) for key, value in reversed(node.value)}
        if _is_flow(self._lines, node):
            alike = list(children) == list(wanted) or children.keys() == wanted.keys()
            if alike and all(isinstance(value, str) for value in wanted.values()):
                return None
            return self._flow(node, wanted, path)
        for key, (key_node, value) in children.items():
            if key not in wanted:
                return self._without(key_node, value)
        before: str | None = None
        for key, said in wanted.items():
            if key not in children:
                return self._with_key(node, children[before] if before is not None else None, (key, said), path)
            key_node, value = children[key]
            if _shape(value) is not _kind(said) or (not plain(value)) != (not said and not isinstance(said, str)):
                return self._instead(key_node, value, said, (*path, key))
            changed = self.structure(value, said, (*path, key))
            if changed is not None:
                return changed
            before = key
        return None

    def _without(self, key: yaml.Node, value: yaml.Node) -> str:
        lines = self._lines
        del lines[key.start_mark.line : _last_line(lines, value) + 1]
        return "\n".join(lines)

    def _with_key(
        self,
        node: yaml.MappingNode,
        before: tuple[yaml.Node, yaml.Node] | None,
        added: tuple[str, Plain],
        path: Path,
    ) -> str:
        lines = self._lines
        column = node.start_mark.column
        position = node.start_mark.line if before is None else _last_line(lines, before[1]) + 1
        lines[position:position] = self._entry(added[0], added[1], column, (*path, added[0]))
        return "\n".join(lines)

    def _instead(self, key: yaml.Node, value: yaml.Node, wanted: Plain, path: Path) -> str:
        """Write *wanted* in place of a *value* of another kind, or of an empty list; the remark of its line stays."""
        lines = self._lines
        first, last = key.start_mark.line, _last_line(lines, value)
        behind = lines[first][key.end_mark.column + 1 :]  # Below its key a remark stands behind the colon.
        if _single(lines, value):
            line, column = _end(lines, value)
            behind = lines[line][column:]
        new = self._entry(str(key.value), wanted, key.start_mark.column, path)
        remark = _REMARK.match(behind)
        if remark:
            new[0] += f"  {remark[2]}" if len(new) > 1 else behind
        lines[first : last + 1] = new
        return "\n".join(lines)

    def _sequence(self, node: yaml.SequenceNode, wanted: list[Plain], path: Path) -> str | None:
        lines = self._lines
        if _is_flow(lines, node):
            if len(node.value) == len(wanted) and all(isinstance(item, str) for item in wanted):
                return None
            return self._flow(node, wanted, path)
        old = [plain(item) for item in node.value]
        pairs = _pairs(old, wanted)
        if pairs == list(range(len(old))):
            for index, (item, said) in enumerate(zip(node.value, wanted, strict=True)):
                changed = self.structure(item, said, (*path, index))
                if changed is not None:
                    return changed
            return None
        column = _dash(lines, node.value[0])
        first, last = _first_line(node), _last_line(lines, node)
        extents = _extents(lines, node)
        parts = [
            self._item(said, column, (*path, index)) if pair is None else lines[slice(*extents[pair])]
            for index, (pair, said) in enumerate(zip(pairs, wanted, strict=True))
        ]
        lines[first : last + 1] = [line for part in parts for line in part]
        return "\n".join(lines)

    def _flow(self, node: yaml.CollectionNode, wanted: Plain, path: Path) -> str:
        """Return the text with a list or mapping in brackets written anew; a figure may come last or go."""
        lines = self._lines
        line, end = _end(lines, node)
        if line != node.start_mark.line:
            raise LayoutError
        said = plain(node)
        if isinstance(said, list) and isinstance(wanted, list) and said and wanted and _are_texts(said + wanted):
            # Figures keep their columns: settled is how many there are, and then what they say.
            kept = node.value[min(len(said), len(wanted)) - 1].end_mark.column
            new = "".join(f", {self._word(item, (*path, len(said)))}" for item in wanted[len(said) :])
            stop = node.value[-1].end_mark.column
            return self.changed([_Token(line=line, start=kept, end=stop, new=new, right=False)])
        new = self._written(wanted, path)
        return self.changed([_Token(line=line, start=node.start_mark.column, end=end, new=new, right=False)])

    def tokens(self, node: yaml.Node, wanted: Plain) -> str | None:
        """Return the text with all single values that differ written anew."""
        found = list(self._tokens(node, wanted, (), in_list=False))
        return self.changed(found) if found else None

    def _tokens(self, node: yaml.Node, wanted: Plain, path: Path, *, in_list: bool) -> Iterator[_Token]:
        if plain(node) == wanted:
            return
        if isinstance(node, yaml.ScalarNode) and isinstance(wanted, str):
            start, end = node.start_mark, node.end_mark
            if start.line != end.line:
                raise LayoutError
            right = in_list and self.bare(path)
            new = self._word(wanted, path)
            yield _Token(line=start.line, start=start.column, end=end.column, new=new, right=right)
        elif isinstance(node, yaml.MappingNode) and isinstance(wanted, dict):
            for key, value in node.value:
                yield from self._tokens(value, wanted[key.value], (*path, key.value), in_list=False)
        elif isinstance(node, yaml.SequenceNode) and isinstance(wanted, list):
            flow = _is_flow(self._lines, node)
            for index, (item, said) in enumerate(zip(node.value, wanted, strict=True)):
                yield from self._tokens(item, said, (*path, index), in_list=flow)
        else:
            raise LayoutError

    def changed(self, tokens: Sequence[_Token]) -> str:
        """Return the text with all *tokens* written anew."""
        lines = self._lines
        for number in sorted({token.line for token in tokens}):
            own = sorted((token for token in tokens if token.line == number), key=lambda token: token.start)
            lines[number] = _realigned(lines[number], own)
        return "\n".join(lines)

    def _entry(self, key: str, value: Plain, column: int, path: Path) -> list[str]:
        """Return the lines of *key* and its *value* in a mapping that begins in *column*."""
        indent = " " * column
        if isinstance(value, dict) and value:
            below = [
                line for name, item in value.items() for line in self._entry(name, item, column + 2, (*path, name))
            ]
            return [f"{indent}{key}:", *below]
        if isinstance(value, list) and any(isinstance(item, dict) for item in value):
            items = [self._item(item, column + 2, (*path, index)) for index, item in enumerate(value)]
            return [f"{indent}{key}:", *(line for item in items for line in item)]
        return [f"{indent}{key}: {self._written(value, path)}"]

    def _item(self, value: Plain, column: int, path: Path) -> list[str]:
        """Return the lines of an item of a list whose dashes stand in *column*."""
        if isinstance(value, dict) and any(not isinstance(item, str) for item in value.values()):
            lines = [line for key, item in value.items() for line in self._entry(key, item, column + 2, (*path, key))]
            return [f"{' ' * column}- {lines[0][column + 2 :]}", *lines[1:]]
        return [f"{' ' * column}- {self._written(value, path)}"]

    def _written(self, value: Plain, path: Path) -> str:
        if isinstance(value, str):
            return self._word(value, path)
        if isinstance(value, list):
            return f"[{', '.join(self._written(item, (*path, index)) for index, item in enumerate(value))}]"
        return f"{{{', '.join(f'{key}: {self._written(item, (*path, key))}' for key, item in value.items())}}}"

    def _word(self, value: Plain, path: Path) -> str:
        text = cast("str", value)
        plainly = _SAFE.fullmatch(text) if self.bare(path) else not needs_quotes(text)
        return text if plainly else quoted(text)


def _are_texts(values: list[Plain]) -> bool:
    return all(isinstance(value, str) for value in values)


def _kind(value: Plain) -> type:
    return type(value)


def _shape(node: yaml.Node) -> type:
    return str if isinstance(node, yaml.ScalarNode) else list if isinstance(node, yaml.SequenceNode) else dict


def _pairs(old: Sequence[Plain], new: Sequence[Plain]) -> list[int | None]:
    """Return for each of *new* which of *old* it was: the same, one of the same name, or one in the same place."""
    free = list(range(len(old)))
    pairs: list[int | None] = [None] * len(new)
    for same in (lambda one, other: one == other, lambda one, other: _name(one) == _name(other) is not None):
        for index, said in enumerate(new):
            if pairs[index] is None:
                pairs[index] = next((place for place in free if same(old[place], said)), None)
                if pairs[index] is not None:
                    free.remove(cast("int", pairs[index]))
    for index in range(len(new)):
        if pairs[index] is None and index in free and _shape_of(old[index]) == _shape_of(new[index]):
            pairs[index] = index
            free.remove(index)
    return pairs


def _name(value: Plain) -> Plain | None:
    """Return what an item is known by: the first value of a mapping."""
    return next(iter(value.values()), None) if isinstance(value, dict) else None


def _shape_of(value: Plain) -> tuple[str, ...] | type:
    return tuple(value) if isinstance(value, dict) else type(value)


def _is_flow(lines: list[str], node: yaml.Node) -> bool:
    return lines[node.start_mark.line][node.start_mark.column : node.start_mark.column + 1] in {"[", "{"}


def _single(lines: list[str], node: yaml.Node) -> bool:
    """Say whether *node* begins and ends in one line, with a mark of its own."""
    return isinstance(node, yaml.ScalarNode) or _is_flow(lines, node)


def _end(lines: list[str], node: yaml.Node) -> tuple[int, int]:
    """Return line and column behind *node*, which is a single value or stands in brackets.

    Nodes of lists and mappings do not know their own end: it is the bracket behind the last of what they hold.
    """
    if isinstance(node, yaml.ScalarNode):
        return node.end_mark.line, node.end_mark.column
    line, column = node.start_mark.line, node.start_mark.column + 1
    if node.value:
        last = node.value[-1]
        line, column = _end(lines, last if isinstance(node, yaml.SequenceNode) else last[1])
    closing = "]" if isinstance(node, yaml.SequenceNode) else "}"
    while line < len(lines):
        rest = re.match(r"[\s,]*", lines[line][column:])
        column += rest.end() if rest else 0
        if lines[line][column : column + 1] == closing:
            return line, column + 1
        line, column = line + 1, 0  # A remark, or nothing more.
    raise LayoutError


def _last_line(lines: list[str], node: yaml.Node) -> int:
    """Return the last line of *node*, counted from 0."""
    if _single(lines, node):
        line, column = _end(lines, node)
        return line - 1 if column == 0 and line > node.start_mark.line else line
    if not node.value:
        return int(node.start_mark.line)
    if isinstance(node, yaml.MappingNode):
        return max(_last_line(lines, value) for _, value in node.value)
    return max(_last_line(lines, item) for item in node.value)


def _first_line(node: yaml.SequenceNode) -> int:
    return int(node.value[0].start_mark.line)


def _dash(lines: list[str], item: yaml.Node) -> int:
    """Return the column of the dash before *item*. Raises LayoutError where it stands in a line of its own."""
    line = lines[item.start_mark.line]
    if not re.fullmatch(r" *- +", line[: item.start_mark.column]):
        raise LayoutError
    return len(line) - len(line.lstrip(" "))


def _extents(lines: list[str], node: yaml.SequenceNode) -> list[tuple[int, int]]:
    """Return first line and line behind the last of each item; remarks in lines of their own go with what follows."""
    extents = []
    begin = _first_line(node)
    for item in node.value:
        _dash(lines, item)
        behind = _last_line(lines, item) + 1
        extents.append((begin, behind))
        begin = behind
    return extents


def _realigned(line: str, tokens: Sequence[_Token]) -> str:
    """Return *line* with its *tokens* written anew, so that as little as possible moves."""
    out, position, ahead = "", 0, 0
    for token in tokens:
        between, ahead = _squeezed(line[position : token.start], ahead)
        growth = width(token.new) - width(line[token.start : token.end])
        new = token.new
        if token.right and growth < 0:
            new, growth = " " * -growth + new, 0
        elif token.right:
            blanks = len(between) - len(between.rstrip(" "))
            spare = max(0, blanks - (0 if between.rstrip(" ").endswith("[") else 1))
            eaten = min(growth, spare)
            between, growth = between[: len(between) - eaten], growth - eaten
        ahead += growth
        out += between + new
        position = token.end
    rest, ahead = _squeezed(line[position:], ahead)
    if ahead < 0 and (mark := re.search(r" +#", rest)):
        rest = rest[: mark.start()] + " " * -ahead + rest[mark.start() :]
    return out + rest


def _squeezed(text: str, ahead: int) -> tuple[str, int]:
    """Take blanks that nothing needs out of *text*, up to *ahead* of them; return it and how many are still ahead."""
    if ahead <= 0 or '"' in text or "'" in text:
        return text, ahead
    code, mark, remark = text.partition("#")
    code += mark

    def fewer(found: re.Match[str]) -> str:
        nonlocal ahead
        taken = min(ahead, len(found[0]) - 1)
        ahead -= taken
        return found[0][taken:]

    return _LOOSE.sub(fewer, code) + remark, ahead
