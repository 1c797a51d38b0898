"""Reads the printed forms in the folder `forms`."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from nianbao.model.form import Block, Crosswalk, Form, Heading, Identity, Link, Section, Table
from nianbao.reading.values import Reader, open_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import yaml

    from nianbao.reading.findings import Findings, Place

# The largest table of the form has 175.
_MOST_CELLS = 10_000

_TYPED_BY = {"row": "一行一个列表", "group": "一组列一个列表"}
_KINDS = {"count": "件数", "change": "增减数", "money": "金额", "amount": "带单位的金额"}


def read_form(path: Path, name: str, findings: Findings) -> Form | None:
    """Return the form in the file at *path*, or None after recording what is wrong with it."""
    before = len(findings)
    root = open_file(path, name, findings)
    if root is None:
        return None
    reader = Reader(name, findings)
    keys = ("format", "name", "basis", "years", "sections", "tables")
    nodes = reader.mapping(root, "格式文件", required=keys, optional=["earlier"])
    if len(findings) > before:
        return None
    years = reader.mapping(nodes["years"], "适用年度", required=["from"], optional=["to"])
    form = Form(
        format=reader.year(nodes["format"], "格式") or 0,
        name=reader.text(nodes["name"], "格式名称") or "",
        basis=reader.text(nodes["basis"], "格式依据") or "",
        first_year=(reader.year(years["from"], "起始年度") if "from" in years else None) or 0,
        last_year=reader.year(years["to"], "截止年度") if "to" in years else None,
        sections=tuple(_section(node, reader) for node in reader.sequence(nodes["sections"], "各部分")),
        tables=tuple(_table(node, reader) for node in reader.sequence(nodes["tables"], "各表")),
        earlier=_crosswalk(nodes["earlier"], reader) if "earlier" in nodes else None,
    )
    tables = [table.id for table in form.tables]
    for section, node in zip(form.sections, reader.sequence(nodes["sections"], "各部分"), strict=True):
        if section.table and section.table not in tables:
            reader.fault(node, f"“{section.title}”的表 {section.table} 没有写出；请改正")
    for name_, ids in (("部分", [section.id for section in form.sections]), ("表", tables)):
        if len(set(ids)) < len(ids):
            reader.fault(root, f"有两个{name_}的 id 相同；请改正")
    if form.format and path.stem != str(form.format):
        reader.fault(nodes["format"], f"格式 {form.format} 与文件名 {path.name} 不一致；请改正其一")
    return None if len(findings) > before else form


def _section(node: yaml.Node, reader: Reader) -> Section:
    nodes = reader.mapping(node, "部分", required=["id", "number", "title"], optional=["table", "parts"])
    parts = reader.sequence(nodes["parts"], "分项") if "parts" in nodes else ()
    return Section(
        id=_identifier(nodes, reader),
        number=_text(nodes, "number", reader),
        title=_text(nodes, "title", reader),
        table=_text(nodes, "table", reader),
        parts=tuple(reader.text(part, "分项") or "" for part in parts),
    )


def _table(node: yaml.Node, reader: Reader) -> Table:
    required = ["id", "caption", "typed_by", "maximum", "blocks"]
    nodes = reader.mapping(node, "表", required=required, optional=["identities"])
    typed_by = reader.choice(nodes["typed_by"], "录入方式", _TYPED_BY) if "typed_by" in nodes else None
    maximum = reader.number(nodes["maximum"], "上限", "count", 10**12) if "maximum" in nodes else None
    blocks = reader.sequence(nodes["blocks"], "表的各块") if "blocks" in nodes else ()
    identities = reader.sequence(nodes["identities"], "勾稽关系") if "identities" in nodes else ()
    table = Table(
        id=_identifier(nodes, reader),
        caption=_text(nodes, "caption", reader),
        typed_by=typed_by or "row",
        maximum=int(maximum or 0),
        blocks=tuple(_block(block, reader) for block in blocks),
        identities=tuple(_identity(identity, reader) for identity in identities),
    )
    if sum(len(block.rows.leaves) * len(block.columns.leaves) for block in table.blocks) > _MOST_CELLS:
        reader.fault(node, f"表多于 {_MOST_CELLS} 格；请检查行和列")
        return table
    rows = {row.path for block in table.blocks for row in block.rows.leaves}
    for identity, written in zip(table.identities, identities, strict=True):
        for path in (*identity.left, *identity.right):
            if path not in rows:
                reader.fault(written, f"勾稽关系里的 {path} 不是本表的行；请改正")
    addresses = Counter(table.address(row.path, column.path) for _, row, column in table.grid)
    for address in (address for address, count in addresses.items() if count > 1):
        reader.fault(node, f"有两个单元格的地址同为 {address}；请给行或列换一个 id")
    return table


def _block(node: yaml.Node, reader: Reader) -> Block:
    optional = ["id", "caption", "corner", "heading", "rows"]
    nodes = reader.mapping(node, "块", required=["columns"], optional=optional)
    rows = _headings(nodes["rows"], "", "行", reader) if "rows" in nodes else ()
    columns = _headings(nodes["columns"], "", "列", reader) if "columns" in nodes else ()
    return Block(
        id=_text(nodes, "id", reader),
        caption=_text(nodes, "caption", reader),
        corner=_text(nodes, "corner", reader),
        columns=Heading(path="", label=_text(nodes, "heading", reader), children=columns),
        rows=Heading(path="", label="", children=rows),
    )


def _headings(node: yaml.Node, above: str, what: str, reader: Reader) -> tuple[Heading, ...]:
    return tuple(_heading(item, above, what, reader) for item in reader.sequence(node, f"各{what}"))


def _heading(node: yaml.Node, above: str, what: str, reader: Reader) -> Heading:
    optional = ["children", "total", *(["kind", "unit"] if what == "列" else [])]
    nodes = reader.mapping(node, what, required=["id", "label"], optional=optional)
    path = f"{above}.{_identifier(nodes, reader)}".removeprefix(".")
    children = _headings(nodes["children"], path, what, reader) if "children" in nodes else ()
    kind = reader.choice(nodes["kind"], "数的种类", _KINDS) if "kind" in nodes else ""
    if what == "列" and not children and kind == "":
        reader.fault(node, "末级的列缺少 kind（数的种类）；请补上")
    return Heading(
        path=path,
        label=_text(nodes, "label", reader),
        children=children,
        total=bool(reader.boolean(nodes["total"], "是否合计")) if "total" in nodes else False,
        kind=kind or "",
        unit=_text(nodes, "unit", reader),
    )


def _identity(node: yaml.Node, reader: Reader) -> Identity:
    nodes = reader.mapping(node, "勾稽关系", required=["text", "left", "right"])
    left, right = (
        tuple(reader.text(row, "行") or "" for row in reader.sequence(nodes[side], "各行")) if side in nodes else ()
        for side in ("left", "right")
    )
    return Identity(text=_text(nodes, "text", reader), left=left, right=right)


def _text(nodes: dict[str, yaml.Node], key: str, reader: Reader) -> str:
    """Return the text under *key*, or an empty one where the form has none or a finding was recorded."""
    return (reader.text(nodes[key], key) or "") if key in nodes else ""


def _identifier(nodes: dict[str, yaml.Node], reader: Reader) -> str:
    return (reader.identifier(nodes["id"], "id") or "") if "id" in nodes else ""


def _crosswalk(node: yaml.Node, reader: Reader) -> Crosswalk:
    """Return the crosswalk that *node* writes; what is wrong with it is recorded by *reader*."""
    nodes = reader.mapping(node, "与上一版格式的衔接", required=["format", "figures"])
    written = reader.sequence(nodes["figures"], "各数的衔接") if "figures" in nodes else ()
    return Crosswalk(
        format=(reader.year(nodes["format"], "上一版格式") if "format" in nodes else None) or 0,
        links=tuple(_link(link, reader) for link in written),
        place=reader.place(node),
    )


def _link(node: yaml.Node, reader: Reader) -> Link:
    nodes = reader.mapping(node, "数的衔接", required=["here", "note"], optional=["there"])
    here, there, note = (
        (reader.text(nodes[key], key) or "") if key in nodes else "" for key in ("here", "there", "note")
    )
    return Link(here=here, there=there, note=note, place=reader.place(node))


def join_editions(editions: Mapping[int, Form | None], findings: Findings) -> dict[int, Form | None]:
    """Return the *editions*, each with the former names of its figures; one that is None has findings of its own.

    Addresses of crosswalks that lead nowhere are recorded.
    """
    joined: dict[int, Form | None] = {}
    for number, form in sorted(editions.items()):
        if form is None or form.earlier is None:
            joined[number] = form
            continue
        for place, message in _faults(form, form.earlier, editions):
            findings.add(place, message)
        own = tuple((link.there, link.here) for link in form.earlier.links if link.there not in {"", link.here})
        named, before = replace(form, former=own), joined.get(form.earlier.format)
        older = ((name, named.current(later)) for name, later in before.former) if before is not None else ()
        joined[number] = replace(form, former=(*own, *older))
    return joined


def _faults(form: Form, crosswalk: Crosswalk, editions: Mapping[int, Form | None]) -> Iterator[tuple[Place, str]]:
    if crosswalk.format not in editions or crosswalk.format >= form.format:
        yield crosswalk.place, f"上一版格式 {crosswalk.format} 没有格式文件，或者不早于本格式；请改正"
        return
    earlier = editions[crosswalk.format]
    for link in crosswalk.links:
        if form.find(link.here) is None:
            yield link.place, f"衔接里的 {link.here} 不是本格式的数；请改正"
        if link.there and earlier is not None and earlier.find(link.there) is None:
            yield link.place, f"衔接里的 {link.there} 不是 {crosswalk.format} 年格式的数；请改正"
