"""Reads one year's file in data/."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from macros.model.report import STATUSES, Category, Cell, Item, Report, plain, total
from macros.reading import numbers
from macros.reading.values import Reader, describe, open_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import yaml

    from macros.model.agency import Agency
    from macros.model.form import Block, Form, Heading, Table
    from macros.reading.findings import Findings, Place
    from macros.reading.numbers import Number

    Cells = dict[tuple[str, str], Cell]

_FEE_LIMIT = 100_000_000
_EXPLAINED = {
    "year": "年度",
    "format": "格式",
    "status": "状态",
    "processing_fee": "信息处理费",
    "items": "主动公开的信息",
}


def read_report(
    path: Path, name: str, forms: Mapping[int, Form | None], agency: Agency | None, findings: Findings
) -> Report | None:
    """Return the report in the file at *path*, or None after recording what is wrong with it.

    *forms* are the editions by number, None for one whose own file is at fault. Without an *agency*, whose own file is then at fault,
    the file is still read through, so that its mistakes are told in the same run.
    """
    before = len(findings)
    root = open_file(path, name, findings)
    if root is None:
        return None
    reader = Reader(name, findings)
    form = _form(root, forms, reader)
    if form is None:
        return None
    tables = {table.id: table.caption for table in form.tables}
    optional = ["published_on", "printed"]
    nodes = reader.mapping(root, "年度数据", required=_EXPLAINED | tables, optional=optional)
    year = _year(nodes, path, form, reader)
    if year is not None and not form.holds_for(year):
        return None  # Measured against the wrong form, every line would seem at fault.
    cells = {table.id: _cells(nodes[table.id], table, reader) for table in form.tables if table.id in nodes}
    if "printed" in nodes:
        _printed(nodes["printed"], form, cells, reader)
    status = reader.choice(nodes["status"], "状态", STATUSES) if "status" in nodes else None
    published_on = reader.date(nodes["published_on"], "公布日期") if "published_on" in nodes else None
    if status == "draft" and "published_on" in nodes:
        reader.fault(nodes["published_on"], "状态是草稿，却写了公布日期；请删去公布日期，或把状态改为 published")
    fee = _processing_fee(nodes.get("processing_fee"), reader)
    categories = _categories(nodes["items"], reader) if "items" in nodes else ()
    agency_name = agency.name(year) if agency is not None and year is not None else None
    if agency is not None and year is not None and agency_name is None:
        findings.add(agency.names_place, f"没有记载 {year} 年度使用的名称；请在名称里补上")
    if len(findings) > before or year is None or agency_name is None:
        return None
    return Report(
        year=year,
        agency_name=agency_name,
        form=form,
        status=status or "",
        published_on=published_on,
        processing_fee=fee,
        categories=categories,
        cells=MappingProxyType({table: MappingProxyType(known) for table, known in cells.items()}),
    )


def _form(root: yaml.Node, forms: Mapping[int, Form | None], reader: Reader) -> Form | None:
    """Find the form first: it decides which keys the file must have."""
    pairs = root.value if isinstance(root.value, list) and root.tag.endswith(":map") else []
    written = next((value for key, value in pairs if key.value == "format"), None)
    if written is None:
        reader.mapping(root, "年度数据", required=_EXPLAINED, optional=[key.value for key, _ in pairs])
        return None
    number = reader.year(written, "格式")
    if number is not None and number not in forms:
        known = "、".join(map(str, sorted(forms))) or "无"
        reader.fault(written, f"没有 {number} 年的格式文件；现有的格式是 {known}")
    return forms.get(number) if number is not None else None


def _year(nodes: Mapping[str, yaml.Node], path: Path, form: Form, reader: Reader) -> int | None:
    year = reader.year(nodes["year"], "年度") if "year" in nodes else None
    if year is None:
        return None
    if path.stem != str(year):
        reader.fault(nodes["year"], f"年度是 {year}，文件名却是 {path.name}；请改正其一")
    if not form.holds_for(year):
        until = f"至 {form.last_year} 年度" if form.last_year else "年度起"
        reader.fault(
            nodes["format"],
            f"{year} 年度不能使用 {form.format} 年格式（{form.basis}，用于 {form.first_year} {until}）；请改用该年度的格式",
        )
    return year


def _processing_fee(node: yaml.Node | None, reader: Reader) -> Number | None:
    if node is None or node.value == numbers.UNKNOWN:
        return None
    return reader.number(node, "信息处理费", "money", _FEE_LIMIT)


def _categories(node: yaml.Node, reader: Reader) -> tuple[Category, ...]:
    categories: list[Category] = []
    titles: dict[str, Place] = {}
    for item in reader.sequence(node, "主动公开的信息"):
        nodes = reader.mapping(item, "信息类别", required={"category": "类别", "entries": "各条信息"})
        name = reader.text(nodes["category"], "类别") if "category" in nodes else None
        if name is not None and any(name == other.name for other in categories):
            reader.fault(nodes["category"], f"类别“{name}”写了两次；请合并")
        items: list[Item] = []
        for entry in reader.sequence(nodes["entries"], "各条信息") if "entries" in nodes else ():
            required = {"title": "标题", "full_text": "是否有电子化全文"}
            fields = reader.mapping(entry, "信息", required=required)
            title = reader.text(fields["title"], "标题") if "title" in fields else None
            full_text = reader.boolean(fields["full_text"], "是否有电子化全文") if "full_text" in fields else None
            if title is None or full_text is None:
                continue
            if title in titles:
                reader.fault(fields["title"], f"“{title}”写了两次，第一次在第 {titles[title].line} 行；请只留一处")
            titles.setdefault(title, reader.place(fields["title"]))
            items.append(Item(title=title, full_text=full_text))
        if name is not None:
            categories.append(Category(name=name, items=tuple(items)))
    return tuple(categories)


def _cells(node: yaml.Node, table: Table, reader: Reader) -> Cells:
    """Return every cell of *table*: the typed ones read, the totals computed."""
    cells: Cells = {}
    typed = [
        (block, heading)
        for block in table.blocks
        for heading in (block.rows if table.typed_by == "row" else block.columns).children
    ]
    _lines(node, typed, table, table.caption, cells, reader)
    for block in table.blocks:
        _totals(table, block, cells)
    return cells


def _lines(
    node: yaml.Node,
    headings: Sequence[tuple[Block, Heading]],
    table: Table,
    subject: str,
    cells: Cells,
    reader: Reader,
) -> None:
    """Read the lines below *headings* into *cells*; the data nest as the headings of the form do."""
    typed = {heading.path.rpartition(".")[2]: (block, heading) for block, heading in headings if not heading.total}
    labels = {key: heading.label for key, (_, heading) in typed.items()}
    nodes = reader.mapping(node, f"“{subject}”", required=labels)
    for key, child in nodes.items():
        block, heading = typed[key]
        if table.typed_by == "row" and not heading.children:
            _line(child, [(heading, column) for column in block.columns.parts], heading, table, cells, reader)
        elif table.typed_by == "group" and not any(column.children for column in heading.children):
            _line(child, [(block.rows, column) for column in heading.parts], heading, table, cells, reader)
        else:
            _lines(child, [(block, below) for below in heading.children], table, heading.label, cells, reader)


def _line(
    node: yaml.Node,
    targets: Sequence[tuple[Heading, Heading]],
    heading: Heading,
    table: Table,
    cells: Cells,
    reader: Reader,
) -> None:
    """Read one line of figures into the cells of *targets*, which are rows and columns."""
    subject = f"“{heading.label}”"
    labels = "、".join(column.label for _, column in targets)
    if not isinstance(node.value, list) or not node.tag.endswith(":seq"):
        hint = "请用方括号括起来，数字之间用逗号隔开"
        reader.fault(node, f"{subject}应为 {len(targets)} 个数（{labels}）的列表，实际为{describe(node)}；{hint}")
        return
    if len(node.value) != len(targets):
        more = len(node.value) > len(targets)
        hint = "合计不用填，数字中不能有千位逗号" if more else "没有发生时填 0，原件无法辨认时填“不详”"
        reader.fault(node, f"{subject}应有 {len(targets)} 个数（{labels}），实际有 {len(node.value)} 个；{hint}")
        # Each figure is still looked at, so that its own mistakes are told now.
    for (row, column), figure in zip(targets, node.value, strict=False):
        known = getattr(figure, "value", None) == numbers.UNKNOWN
        value = None if known else reader.number(figure, f"{subject}的“{column.label}”", column.kind, table.maximum)
        cells[row.path, column.path] = Cell(
            address=table.address(row.path, column.path),
            unit=column.unit,
            value=value,
            place=reader.place(figure),
            written=_written(figure, column),
        )


def _written(figure: yaml.Node, column: Heading) -> str:
    """Return how a figure stands in the form where its digits alone do not say it."""
    return str(figure.value) if column.kind in {"amount", "change"} else ""


def _totals(table: Table, block: Block, cells: Cells) -> None:
    """Add the computed cells of *block*, first in each row, then the rows that are totals."""
    for row in block.rows.leaves:
        for group in block.columns.walk():
            for column in (child for child in group.children if child.total):
                parts = [cells.get((row.path, part.path)) for part in group.parts]
                _add_total(table, row, column, parts, cells)
    for group in block.rows.walk():
        for row in (child for child in group.children if child.total):
            for column in block.columns.leaves:
                parts = [cells.get((part.path, column.path)) for part in group.parts]
                _add_total(table, row, column, parts, cells)


def _add_total(
    table: Table, row: Heading, column: Heading, parts: Sequence[Cell | None], cells: Cells
) -> None:
    known = [cell for cell in parts if cell is not None]
    if not known or len(known) < len(parts):
        return  # A line is missing or short; its own finding was recorded.
    cells[row.path, column.path] = Cell(
        address=table.address(row.path, column.path),
        unit=column.unit,
        value=total(cell.value for cell in known),
        place=known[0].place,
        computed=True,
    )


def _printed(node: yaml.Node, form: Form, cells: Mapping[str, Cells], reader: Reader) -> None:
    """Put the totals that an archived original prints differently into *cells*."""
    totals = {
        cell.address: (form.table(table), key)
        for table, known in cells.items()
        for key, cell in known.items()
        if cell.computed
    }
    for address, written in reader.mapping(node, "原件印出的合计", required=(), optional=totals).items():
        table, key = totals[address]
        if table is None:
            continue
        cell = cells[table.id][key]
        value = reader.number(written, address, "count", table.maximum)
        if value is None:
            continue
        if value == cell.value:
            reader.fault(written, f"{address} 印出的 {plain(value)} 与计算结果相同；请删去此行")
        cells[table.id][key] = replace(cell, printed=value)
