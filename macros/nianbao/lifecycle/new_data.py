"""The data file of a new year: every cell of the form is to be filled in, or proposed from the year before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.lifecycle.editing import quoted
from nianbao.model.report import plain
from nianbao.reading.numbers import OPEN, UNKNOWN, width

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.model.form import Block, Form, Heading, Section, Table
    from nianbao.model.report import Report

_HINTS = {"change": "增加写 +，减少写 -", "amount": "单位写在格内，如 251000元"}

# More columns than this, or columns in groups, are named one below the other.
_IN_A_LINE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """A line of a table: its *key* and *figures*, which end in columns *ends*, and its label as a *remark*."""

    depth: int
    key: str = ""
    figures: str = ""
    remark: str = ""


def data_text(form: Form, year: int, schema: str, previous: Report | None) -> str:
    """Return the data file of *year*, whose first line is *schema*, and which continues the *previous* report."""
    head = f"""\
{schema}
# {year}年政府信息公开工作年度报告：本年的事实和数字。
# “{OPEN}”的都要填写：没有发生的填 0，其余都没有发生的运行 nianbao fill {year} --zero。
# 原件无法辨认的填“{UNKNOWN}”；合计由程序计算，也可以填在一行的最后，供核对。
year: {year}
format: {form.format}
status: draft              # draft 草稿，published 已公布；公布时由 nianbao freeze 改写
processing_fee: {OPEN}       # 信息处理费（单位：元），在第六部分报告

# 主动公开的信息，逐条列出，写作 - {{title: 标题, full_text: true}}；条数由程序清点。
"""
    parts = [head + "\n".join(_items(previous)) + "\n"]
    for table in form.tables:
        section = next((section for section in form.sections if section.table == table.id), None)
        parts.append("\n".join([_title(table, section), f"{table.id}:", *_table(table, previous)]) + "\n")
    return "\n".join(parts)


def _items(previous: Report | None) -> Iterator[str]:
    if previous is None or not previous.categories:
        yield "items: []"
        return
    yield "items:"
    for category in previous.categories:
        yield f"  - category: {quoted(category.name) if needs_quotes(category.name) else category.name}"
        yield f"    entries: []          # {previous.year}年有 {category.count_text} 条"


def needs_quotes(text: str) -> bool:
    """Say whether YAML could read *text* as anything but itself."""
    return text.isascii() or any(character in text for character in "#:\"'[]{},&*!|>%@`\\?-")


def _title(table: Table, section: Section | None) -> str:
    units = f"单位：{'、'.join(table.units)}" if len(table.units) == 1 else ""
    totals = "总计自动计算" if table.totals else ""
    notes = "；".join(filter(None, (units, totals)))
    return f"# {section.heading if section else table.caption}{f'（{notes}）' if notes else ''}"


def _table(table: Table, previous: Report | None) -> Iterator[str]:
    """Yield the lines of *table*, figures and remarks in columns of their own."""
    lines = list(_by_rows(table, previous) if table.typed_by == "row" else _by_groups(table, previous))
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


def _by_rows(table: Table, previous: Report | None) -> Iterator[_Line]:
    for block in table.blocks:
        columns = block.columns.parts
        figures = {row.path: [_figure(table, row, column, previous) for column in columns] for row in block.rows.parts}
        widths = [max(width(line[index]) for line in figures.values()) for index in range(len(columns))]
        if len(columns) > 1:
            widths = [max(2, width) if len(columns) > _IN_A_LINE else width for width in widths]
        grouped = len(columns) > _IN_A_LINE or any(column.children for column in block.columns.children)
        if grouped:
            yield from _names_below(block, columns, widths)
        else:
            yield _Line(depth=1, remark=f"{block.caption}    {_names(columns)}".strip())
        for row in block.rows.children:
            yield from _row(row, 1, figures, widths, previous)


def _row(
    row: Heading, depth: int, figures: dict[str, list[str]], widths: Sequence[int], previous: Report | None
) -> Iterator[_Line]:
    key = row.path.rpartition(".")[2]
    if row.total:
        yield _Line(depth=depth, remark=f"{row.label}：自动计算")
    elif row.children:
        yield _Line(depth=depth, key=key, remark=row.label)
        for child in row.children:
            yield from _row(child, depth + 1, figures, widths, previous)
    else:
        source = _source(figures[row.path], key, previous)
        yield _Line(depth=depth, key=key, figures=_list(figures[row.path], widths), remark=row.label + source)


def _by_groups(table: Table, previous: Report | None) -> Iterator[_Line]:
    named = ""
    for block in table.blocks:
        for group in block.columns.children:
            for line, names in _group(table, block, group, 1, previous):
                if names and names != named:
                    named = names
                    yield _Line(depth=1, figures=names)
                yield line


def _group(
    table: Table, block: Block, group: Heading, depth: int, previous: Report | None
) -> Iterator[tuple[_Line, str]]:
    """Yield the lines of a *group* of columns, each with the names of its figures."""
    key = group.path.rpartition(".")[2]
    if any(column.children for column in group.children):
        yield _Line(depth=depth, key=key, remark=group.label), ""
        for child in group.children:
            yield from _group(table, block, child, depth + 1, previous)
    elif not group.total:
        columns = group.parts
        figures = [_figure(table, block.rows, column, previous) for column in columns]
        yield (
            _Line(depth=depth, key=key, figures=_list(figures, [0] * len(columns)), remark=group.label),
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
    padded = (" " * (wide - width(figure)) + figure for figure, wide in zip(figures, widths, strict=True))
    return f"[{', '.join(padded)}]"


def _source(figures: Sequence[str], key: str, previous: Report | None) -> str:
    """Return what is to be said of figures that are proposed from the *previous* report."""
    if previous is None or all(figure == OPEN for figure in figures):
        return ""
    what = "结转数" if key == "carried_in" else "数"
    return f"（已按{previous.year}年报告的{what}预填，请核对）"


def _figure(table: Table, row: Heading, column: Heading, previous: Report | None) -> str:
    """Return what a cell begins with: the figure that the year before hands on, or the word for none yet."""
    before = previous.cells.get(table.id, {}) if previous is not None else {}
    if row.path == "carried_in":
        cells = [before.get(("carried_out", column.path))]
    elif column.path == "in_force":
        cells = [before.get((row.path, column.path))]
    elif column.path == "previous_items":
        cells = [before.get((row.path, path)) for path in ("previous_items", "change")]
    else:
        return OPEN
    known = [cell for cell in cells if cell is not None]
    if len(known) < len(cells):
        return OPEN
    values = [cell.value for cell in known if cell.value is not None]
    return plain(sum(values)) if len(values) == len(cells) else UNKNOWN
