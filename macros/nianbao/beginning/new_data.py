"""The data file of a new year: every cell of the form is to be filled in, or proposed from the year before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.data_files.data_layout import Contents, table_texts
from nianbao.data_files.entries import scalar
from nianbao.model.report import plain
from nianbao.reading.numbers import OPEN, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.model.form import Form, Heading, Table
    from nianbao.model.report import Report


def data_text(form: Form, year: int, schema: str, previous: Report | None) -> str:
    """Return the data file of *year*, whose first line is *schema*, and which continues the *previous* report."""
    shown = (
        "show_approvals: true       # 审签在年度首页公开\n" if previous is not None and previous.show_approvals else ""
    )
    head = f"""\
{schema}
# {year}年政府信息公开工作年度报告：本年的事实和数字。
# “{OPEN}”的都要填写：没有发生的填 0，其余都没有发生的运行 nianbao fill {year} --zero。
# 原件无法辨认的填“{UNKNOWN}”；合计由程序计算，也可以填在一行的最后，供核对。
year: {year}
format: {form.format}
status: draft              # draft 草稿，published 已公布；公布时由 nianbao freeze 改写
processing_fee: {OPEN}       # 信息处理费（单位：元），在第六部分报告
{shown}
# 主动公开的信息，逐条列出，写作 - {{title: 标题, full_text: true}}；条数由程序清点。
"""
    return "\n".join([head + "\n".join(begun_items(previous)) + "\n", *table_texts(form, proposed(form, previous))])


def proposed(form: Form, previous: Report | None) -> Contents:
    """Return what the tables begin with: figures that the *previous* report hands on, and the word for none yet."""
    figures, told = {}, {}
    for table in form.tables:
        for block in table.blocks:
            for row in block.rows.parts:
                line = {
                    table.address(row.path, column.path): _figure(table, row, column, previous)
                    for column in block.columns.parts
                }
                figures.update(line)
                told[table.address(row.path, "")] = _source(list(line.values()), row.key, previous)
    return Contents(figures=figures, told=told)


def begun_items(previous: Report | None) -> Iterator[str]:
    """Yield the lines under which published items are listed, with the categories of the *previous* report."""
    if previous is None or not previous.categories:
        yield "items: []"
        return
    yield "items:"
    for category in previous.categories:
        yield f"  - category: {scalar(category.name)}"
        yield f"    entries: []          # {previous.year}年有 {category.count_text} 条"


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
