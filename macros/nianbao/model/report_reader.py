"""Reads one year's file in data/."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from nianbao.model.cells_reader import read_cells, read_printed
from nianbao.model.report import STATUSES, Category, Correction, Item, Report, Waiver
from nianbao.reading import numbers
from nianbao.reading.values import Reader, describe, open_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import yaml

    from nianbao.model.agency import Agency
    from nianbao.model.form import Form
    from nianbao.reading.findings import Findings, Place
    from nianbao.reading.numbers import Number

OPTIONAL = ("published_on", "printed", "waivers", "digest", "corrections")
_FEE_LIMIT = 100_000_000
_DIGEST = re.compile(r"[0-9a-f]{64}")
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

    *forms* are the editions by number, None for one whose own file is at fault. Without an *agency*,
    whose own file is then at fault, this one is still read through: all mistakes are told in one run.
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
    nodes = reader.mapping(root, "年度数据", required=_EXPLAINED | tables, optional=OPTIONAL)
    year = _year(nodes, path, form, reader)
    if year is not None and not form.holds_for(year):
        return None  # Measured against the wrong form, every line would seem at fault.
    known = [table for table in form.tables if table.id in nodes]
    cells = {table.id: read_cells(nodes[table.id], table, reader) for table in known}
    if "printed" in nodes:
        read_printed(nodes["printed"], form, cells, reader)
    status = reader.choice(nodes["status"], "状态", STATUSES) if "status" in nodes else None
    published_on = reader.date(nodes["published_on"], "公布日期") if "published_on" in nodes else None
    if status == "draft" and "published_on" in nodes:
        reader.fault(nodes["published_on"], "状态是草稿，却写了公布日期；请删去公布日期，或把状态改为 published")
    fee = _processing_fee(nodes.get("processing_fee"), reader)
    categories = _categories(nodes["items"], reader) if "items" in nodes else ()
    digest = _digest(nodes["digest"], reader) if "digest" in nodes else ""
    corrections = _corrections(nodes["corrections"], reader) if "corrections" in nodes else ()
    waivers = _waivers(nodes["waivers"], reader) if "waivers" in nodes else ()
    agency_name = agency.name(year) if agency is not None and year is not None else None
    if agency is not None and year is not None and agency_name is None:
        findings.add(agency.names_place, f"没有记载 {year} 年度使用的名称；请在名称里补上")
    if len(findings) > before or year is None or agency_name is None:
        return None
    return Report(
        file=name,
        year=year,
        agency_name=agency_name,
        form=form,
        status=status or "",
        published_on=published_on,
        processing_fee=fee,
        categories=categories,
        cells=MappingProxyType({table: MappingProxyType(known) for table, known in cells.items()}),
        places=MappingProxyType({key: reader.place(node) for key, node in nodes.items()}),
        waivers=waivers,
        digest=digest or "",
        corrections=corrections,
    )


def _form(root: yaml.Node, forms: Mapping[int, Form | None], reader: Reader) -> Form | None:
    """Find the form first: it decides which keys the file must have."""
    pairs = root.value if isinstance(root.value, list) and root.tag.endswith(":map") else []
    written = next((value for key, value in pairs if key.value == "format"), None)
    if written is None:
        reader.mapping(root, "年度数据", required=_EXPLAINED, optional=[key.value for key, _ in pairs])
        return None
    number = reader.year(written, "格式")
    if number is not None and forms and number not in forms:
        known = "、".join(map(str, sorted(forms)))
        reader.fault(written, f"没有 {number} 年的格式文件；现有的格式是 {known}")
    return forms.get(number) if number is not None else None


def _year(nodes: Mapping[str, yaml.Node], path: Path, form: Form, reader: Reader) -> int | None:
    year = reader.year(nodes["year"], "年度") if "year" in nodes else None
    if year is None:
        return None
    if path.stem != str(year):
        reader.fault(nodes["year"], f"年度是 {year}，文件名却是 {path.name}；请改正其一")
        return None
    if not form.holds_for(year):
        until = f"至 {form.last_year} 年度" if form.last_year else "年度起"
        form_meant = f"{form.format} 年格式（{form.basis}，用于 {form.first_year} {until}）"
        reader.fault(nodes["format"], f"{year} 年度不能使用 {form_meant}；请改用该年度的格式")
    return year


def _processing_fee(node: yaml.Node | None, reader: Reader) -> Number | None:
    if node is None or node.value == numbers.UNKNOWN:
        return None
    return reader.number(node, "信息处理费", "money", _FEE_LIMIT)


def _waivers(node: yaml.Node, reader: Reader) -> tuple[Waiver, ...]:
    waivers: list[Waiver] = []
    for item in reader.sequence(node, "豁免"):
        required = {"rule": "规则编号", "place": "检查结果里〔〕中的位置", "reason": "理由"}
        nodes = reader.mapping(item, "豁免", required=required)
        texts = {key: reader.text(value, required[key]) for key, value in nodes.items()}
        rule, subject, reason = (texts.get(key) for key in required)
        if rule is not None and subject is not None and reason is not None:
            waivers.append(Waiver(rule=rule, subject=subject, reason=reason, place=reader.place(item)))
    return tuple(waivers)


def _digest(node: yaml.Node, reader: Reader) -> str | None:
    digest = reader.text(node, "摘要")
    if digest is not None and not _DIGEST.fullmatch(digest):
        reader.fault(node, f"摘要应为 nianbao 命令写入的 64 位十六进制数，实际为{describe(node)}；请恢复原样")
        return None
    return digest


def _corrections(node: yaml.Node, reader: Reader) -> tuple[Correction, ...]:
    corrections: list[Correction] = []
    for item in reader.sequence(node, "更正"):
        required = {"on": "更正日期", "reason": "更正原因", "digest": "更正后的摘要"}
        nodes = reader.mapping(item, "更正", required=required)
        day = reader.date(nodes["on"], "更正日期") if "on" in nodes else None
        reason = reader.text(nodes["reason"], "更正原因") if "reason" in nodes else None
        digest = _digest(nodes["digest"], reader) if "digest" in nodes else None
        if day is not None and reason is not None and digest is not None:
            corrections.append(Correction(day=day, reason=reason, digest=digest, place=reader.place(item)))
    return tuple(corrections)


def _categories(node: yaml.Node, reader: Reader) -> tuple[Category, ...]:
    categories: list[Category] = []
    names: set[str | None] = set()
    titles: dict[str, Place] = {}
    for item in reader.sequence(node, "主动公开的信息"):
        nodes = reader.mapping(item, "信息类别", required={"category": "类别", "entries": "各条信息"})
        name = reader.text(nodes["category"], "类别") if "category" in nodes else None
        if name is not None and name in names:
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
        names.add(name)
        if name is not None:
            categories.append(Category(name=name, items=tuple(items)))
    return tuple(categories)
