"""Reads one year's file in data/."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from nianbao.model.cells_reader import TableLines
from nianbao.model.report import STATUSES, Category, Correction, Item, Report, Waiver
from nianbao.reading.fields import (
    BOOLEAN,
    DATE,
    DIGEST,
    TEXT,
    YEAR,
    Field,
    Fields,
    Items,
    OrUnknown,
    Value,
    choice,
    figure,
    whole,
)
from nianbao.reading.numbers import UNKNOWN
from nianbao.reading.values import Reader, open_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import yaml

    from nianbao.model.agency import Agency
    from nianbao.model.cells_reader import Cells
    from nianbao.model.form import Form, Table
    from nianbao.reading.fields import Record
    from nianbao.reading.findings import Findings, Place
    from nianbao.reading.numbers import Number

_FEE_LIMIT = 100_000_000
_ITEM_LIMIT = 9_999_999

_RULE = Field("rule", "规则编号", TEXT, "规则编号，如 T3-04")
_PLACE = Field("place", "检查结果里〔〕中的位置", TEXT, "检查结果末尾〔〕中的位置")
_REASON = Field("reason", "理由", TEXT, "理由，在网站上公开")
_WAIVER = Fields("豁免", (_RULE, _PLACE, _REASON))

_ON = Field("on", "更正日期", DATE)
_WHY = Field("reason", "更正原因", TEXT, "更正原因，在网站上公开")
_DIGEST_AFTER = Field("digest", "更正后的摘要", DIGEST, "更正后内容的摘要", subject="摘要")
_CORRECTION = Fields("更正", (_ON, _WHY, _DIGEST_AFTER))

_TITLE = Field("title", "标题", TEXT)
_FULL_TEXT = Field("full_text", "是否有电子化全文", BOOLEAN)
_CATEGORY = Field("category", "类别", TEXT, "类别，如概况信息")
_ENTRIES = Field("entries", "各条信息", Items(Fields("信息", (_TITLE, _FULL_TEXT))))

_COUNT = Field("count", "条数", OrUnknown(whole(_ITEM_LIMIT)), "这一类的条数，没有全部列出时才写")

_YEAR = Field("year", "年度", YEAR, "年度，与文件名一致")
_FORMAT = Field("format", "格式", YEAR)
_STATUS = Field("status", "状态", choice(STATUSES))
_FEE: Field[Number] = Field(
    "processing_fee",
    "信息处理费",
    figure("money", _FEE_LIMIT),
    "信息处理费（单位：元），在第六部分报告",
)
_ITEMS = Field(
    "items",
    "主动公开的信息",
    OrUnknown(Items(Fields("信息类别", (_CATEGORY, _ENTRIES), (_COUNT,)))),
    "主动公开的信息，按类别逐条列出",
)
_PUBLISHED_ON = Field("published_on", "公布日期", DATE, "公布日期，如 2024-01-31；不知道就不写")
_TRANSCRIBED = Field(
    "transcribed", "是否照原件录入", BOOLEAN, "照已公布的旧报告录入，文字和数字以原件为准；不写为 false"
)
_BLANKS_ARE_ZERO = Field(
    "blanks_are_zero", "空白是否表示 0", BOOLEAN, "原件的空白格都表示没有发生，按 0 计，向社会说明；不写为 false"
)
_WAIVERS = Field("waivers", "豁免", Items(_WAIVER), "豁免：查出而照原样公布的问题")
_DIGEST = Field("digest", "摘要", DIGEST, "定稿内容的摘要，由 nianbao freeze 写入")
_PRINTED = (
    "printed",
    "原件印出的合计现在写在表里，是一行的最后一个数，或者 total 一行；请运行 nianbao upgrade，由程序改写",
)
_CORRECTIONS = Field("corrections", "更正", Items(_CORRECTION), "公布后的更正，由 nianbao correct 写入")


def table_field(table: Table, *, blanks_are_zero: bool = False) -> Field[Cells]:
    """Return the field of a statutory table; see `TableLines`."""
    return Field(table.id, table.caption, TableLines(table, blanks_are_zero))


def report_fields(form: Form) -> Fields:
    """Return the fields of a year's file data/<year>.yml that uses *form*, whose tables are among them."""
    edition = replace(_FORMAT, kind=Value(Reader.year, {"const": form.format}, form.basis))
    return Fields(
        "年度数据",
        required=(
            _YEAR,
            edition,
            _STATUS,
            _FEE,
            _ITEMS,
            *map(table_field, form.tables),
        ),
        optional=(
            _PUBLISHED_ON,
            _TRANSCRIBED,
            _BLANKS_ARE_ZERO,
            _WAIVERS,
            _DIGEST,
            _CORRECTIONS,
        ),
        retired=(_PRINTED,),
    )


def read_report(
    path: Path, name: str, forms: Mapping[int, Form | None], agency: Agency | None, findings: Findings
) -> Report | None:
    """Return the report in the file at *path*, or None after recording what is wrong with it.

    *forms* are the editions by number, None for one whose own file is at fault. Without an *agency*,
    whose own file is then at fault, this one is still read through: all mistakes are told in one run.
    """
    root = open_file(path, name, findings)
    return None if root is None else report_of(root, path, name, forms, agency, findings)


def report_of(  # noqa: PLR0913, PLR0917  # as `read_report`, and what is read
    root: yaml.Node,
    path: Path,
    name: str,
    forms: Mapping[int, Form | None],
    agency: Agency | None,
    findings: Findings,
) -> Report | None:
    """Return the report that *root* writes, the text of the file at *path* or what may take its place; see there."""
    before = len(findings)
    reader = Reader(name, findings)
    form = _form(root, forms, reader)
    if form is None:
        return None
    record = report_fields(form).open(root, reader)
    year = _year(record, path, form)
    if year is not None and not form.holds_for(year):
        return None  # Measured against the wrong form, every line would seem at fault.
    zero = record.read(_BLANKS_ARE_ZERO) or False
    lines = {table.id: record.read(table_field(table, blanks_are_zero=zero)) for table in form.tables}
    cells = {table: read for table, read in lines.items() if read is not None}
    status, published_on = record.read(_STATUS), record.read(_PUBLISHED_ON)
    if status == "draft" and record.has(_PUBLISHED_ON):
        place = record.nodes[_PUBLISHED_ON.name]
        reader.fault(place, "状态是草稿，却写了公布日期；请删去公布日期，或把状态改为 published")
    fee = record.read(_FEE)
    categories = _categories(record.read(_ITEMS))
    digest = record.read(_DIGEST)
    corrections = _corrections(record.read(_CORRECTIONS))
    waivers = _waivers(record.read(_WAIVERS))
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
        places=MappingProxyType({key: reader.place(node) for key, node in record.nodes.items()}),
        waivers=waivers,
        digest=digest or "",
        corrections=corrections,
        blanks_are_zero=zero,
        transcribed=record.read(_TRANSCRIBED) or False,
        items_unknown=record.nodes[_ITEMS.name].value == UNKNOWN,
        fee_gap=str(record.nodes[_FEE.name].value) if fee is None else "",
    )


def _form(root: yaml.Node, forms: Mapping[int, Form | None], reader: Reader) -> Form | None:
    """Find the form first: it decides which keys the file must have."""
    pairs = root.value if isinstance(root.value, list) and root.tag.endswith(":map") else []
    written = next((value for key, value in pairs if key.value == "format"), None)
    if written is None:
        required = {field.name: field.title for field in (_YEAR, _FORMAT, _STATUS, _FEE, _ITEMS)}
        reader.mapping(root, "年度数据", required=required, optional=[key.value for key, _ in pairs])
        return None
    number = reader.year(written, "格式")
    if number is not None and forms and number not in forms:
        known = "、".join(map(str, sorted(forms)))
        reader.fault(written, f"没有 {number} 年的格式文件；现有的格式是 {known}")
    return forms.get(number) if number is not None else None


def _year(record: Record, path: Path, form: Form) -> int | None:
    year, nodes, reader = record.read(_YEAR), record.nodes, record.reader
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


def _waivers(records: tuple[Record, ...] | None) -> tuple[Waiver, ...]:
    waivers: list[Waiver] = []
    for record in records or ():
        rule, subject, reason = (record.read(field) for field in (_RULE, _PLACE, _REASON))
        if rule is not None and subject is not None and reason is not None:
            waivers.append(Waiver(rule=rule, subject=subject, reason=reason, place=record.place))
    return tuple(waivers)


def _corrections(records: tuple[Record, ...] | None) -> tuple[Correction, ...]:
    corrections: list[Correction] = []
    for record in records or ():
        day, reason, digest = record.read(_ON), record.read(_WHY), record.read(_DIGEST_AFTER)
        if day is not None and reason is not None and digest is not None:
            corrections.append(Correction(day=day, reason=reason, digest=digest, place=record.place))
    return tuple(corrections)


def _categories(records: tuple[Record, ...] | None) -> tuple[Category, ...]:
    categories: list[Category] = []
    names: set[str | None] = set()
    titles: dict[str, Place] = {}
    for record in records or ():
        name, fault = record.read(_CATEGORY), record.reader.fault
        if name is not None and name in names:
            fault(record.nodes[_CATEGORY.name], f"类别“{name}”写了两次；请合并")
        items: list[Item] = []
        for entry in record.read(_ENTRIES) or ():
            title, full_text = entry.read(_TITLE), entry.read(_FULL_TEXT)
            if title is None or full_text is None:
                continue
            node = entry.nodes[_TITLE.name]
            if title in titles:
                fault(node, f"“{title}”写了两次，第一次在第 {titles[title].line} 行；请只留一处")
            titles.setdefault(title, record.reader.place(node))
            items.append(Item(title=title, full_text=full_text))
        names.add(name)
        if name is not None:
            categories.append(Category(name=name, items=tuple(items), stated=_stated(record, name, len(items))))
    return tuple(categories)


def _stated(record: Record, name: str, listed: int) -> str:
    """Return how many items a category says it has, as `Category.stated`; fewer than are listed are a mistake."""
    if not record.has(_COUNT):
        return ""
    count, node = record.read(_COUNT), record.nodes[_COUNT.name]
    if count is None:
        return UNKNOWN
    if count < listed:
        record.reader.fault(node, f"“{name}”写明 {count} 条，列出的却有 {listed} 条；请改正，全部列出的不写 count")
    return "" if count == listed else str(count)
