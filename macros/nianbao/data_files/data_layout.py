"""The tables of a data file: a line for each row or group, figures in columns, the words of the form beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from nianbao.reading.numbers import UNKNOWN, width

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nianbao.model.form import Block, Form, Heading, Section, Table

_HINTS = {"change": "增加写 +，减少写 -", "amount": "单位写在格内，如 251000元"}

# More columns than this, or columns in groups, are named one below the other.
_IN_A_LINE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What the tables of a data file say, by address, as it is written.

    *figures* has every cell that is typed, *totals* those totals that an original prints. *told* adds words to the
    label of a row.
    """

    figures: Mapping[str, str]
    totals: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    told: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A line of a table: its *key* and *figures*, which end in columns *ends*, and its label as a *remark*."""

    depth: int
    key: str = ""
    figures: str = ""
    remark: str = ""


def table_texts(form: Form, contents: Contents) -> Iterator[str]:
    """Yield the text of each table of *form* with *contents*, under its title."""
    for table in form.tables:
        lines = _table(table, contents)
        yield "\n".join([_title(table, form.section_of(table.id)), f"{table.id}:", *lines]) + "\n"


def _title(table: Table, section: Section | None) -> str:
    units = f"单位：{'、'.join(table.units)}" if len(table.units) == 1 else ""
    totals = "总计自动计算" if table.totals else ""
    notes = "；".join(filter(None, (units, totals)))
    return f"# {section.heading if section else table.caption}{f'（{notes}）' if notes else ''}"


def _table(table: Table, contents: Contents) -> Iterator[str]:
    """Yield the lines of *table*, figures and remarks in columns of their own."""
    lines = list(_by_rows(table, contents) if table.typed_by == "row" else _by_groups(table, contents))
    column = max(2 * line.depth + len(line.key) for line in lines) + 2
    remarks = column + max(width(line.figures) for line in lines) + 3
    for line in lines:
        indent = "  " * line.depth
        if line.key:
            start = f"{indent}{line.key}:".ljust(column) + line.figures
            yield f"{start}{' ' * (remarks - width(start))}# {line.remark}"
        elif line.figures:  # Names of columns, standing over them.
            yield f"{indent}#".ljust(column) + line.figures
        else:
            yield f"{indent}# {line.remark}"


def _figures(table: Table, row: Heading, columns: Heading, contents: Contents) -> list[str]:
    """Return the figures of a line, with those of columns that are totals where the original prints any."""
    printed = [column for column in columns.leaves if column.total and _address(table, row, column) in contents.totals]
    return [
        (contents.totals if row.total or column.total else contents.figures).get(_address(table, row, column), UNKNOWN)
        for column in (columns.leaves if printed else columns.parts)
    ]


def _address(table: Table, row: Heading, column: Heading) -> str:
    return table.address(row.path, column.path)


def _by_rows(table: Table, contents: Contents) -> Iterator[_Line]:
    for block in table.blocks:
        rows = [row for row in block.rows.leaves if not row.total or _is_printed(table, row, block.columns, contents)]
        figures = {row.path: _figures(table, row, block.columns, contents) for row in rows}
        columns = block.columns.leaves[: max(map(len, figures.values()))]
        widths = [
            max(width(line[index]) for line in figures.values() if index < len(line)) for index in range(len(columns))
        ]
        if len(columns) > 1:
            widths = [max(2, width) if len(columns) > _IN_A_LINE else width for width in widths]
        grouped = len(columns) > _IN_A_LINE or any(column.children for column in block.columns.children)
        if grouped:
            yield from _names_below(block, columns, widths)
        else:
            yield _Line(depth=1, remark=f"{block.caption}    {_names(columns)}".strip())
        for row in block.rows.children:
            yield from _row(table, row, 1, _Block(figures=figures, widths=widths, told=contents.told))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """The *figures* of the rows of a block by path, how wide each column is, and what is *told* of rows."""

    figures: Mapping[str, list[str]]
    widths: Sequence[int]
    told: Mapping[str, str]


def _is_printed(table: Table, row: Heading, columns: Heading, contents: Contents) -> bool:
    return any(_address(table, row, column) in contents.totals for column in columns.leaves)


def _row(table: Table, row: Heading, depth: int, block: _Block) -> Iterator[_Line]:
    figures = block.figures.get(row.path)
    if row.children:
        yield _Line(depth=depth, key=row.key, remark=row.label)
        for child in row.children:
            yield from _row(table, child, depth + 1, block)
    elif figures is None:
        yield _Line(depth=depth, remark=f"{row.label}：自动计算")
    else:
        remark = row.label + block.told.get(table.address(row.path, ""), "")
        yield _Line(depth=depth, key=row.key, figures=_list(figures, block.widths), remark=remark)


def _by_groups(table: Table, contents: Contents) -> Iterator[_Line]:
    named = ""
    for block in table.blocks:
        for group in block.columns.children:
            for line, names in _group(table, block, group, 1, contents):
                if names and names != named:
                    named = names
                    yield _Line(depth=1, figures=names)
                yield line


def _group(table: Table, block: Block, group: Heading, depth: int, contents: Contents) -> Iterator[tuple[_Line, str]]:
    """Yield the lines of a *group* of columns, each with the names of its figures."""
    if any(column.children for column in group.children):
        yield _Line(depth=depth, key=group.key, remark=group.label), ""
        for child in group.children:
            yield from _group(table, block, child, depth + 1, contents)
    elif not group.total:
        figures = _figures(table, block.rows, group, contents)
        columns = group.leaves[: len(figures)]
        yield (
            _Line(depth=depth, key=group.key, figures=_list(figures, [0] * len(figures)), remark=group.label),
            _names(columns),
        )


def _names(columns: Sequence[Heading]) -> str:
    hints = [f"（{_HINTS[column.kind]}）" if column.kind in _HINTS else "" for column in columns]
    return "、".join(f"{column.label}{hint}" for column, hint in zip(columns, hints, strict=True))


def _names_below(block: Block, columns: Sequence[Heading], widths: Sequence[int]) -> Iterator[_Line]:
    """Yield a line for the name of each column, above the last digit of its figures, with a stroke down to them."""
    groups = {group.parts[0].path: group.label for group in block.columns.children if group.children}
    if block.columns.label:
        yield _Line(depth=1, remark=f"{block.columns.label}：")
    ends, position = [], 0
    for wide in widths:
        ends.append(position + wide)
        position += wide + 2
    for index, column in enumerate(columns):
        strokes = ""
        for end in ends[:index]:
            strokes = strokes.ljust(end) + "|"
        group = groups.get(column.path)
        label = f"{group}：{column.label}" if group else column.label
        yield _Line(depth=1, figures=strokes.ljust(ends[index]) + label)


def _list(figures: Sequence[str], widths: Sequence[int]) -> str:
    padded = (" " * (wide - width(figure)) + figure for figure, wide in zip(figures, widths, strict=False))
    return f"[{', '.join(padded)}]"
