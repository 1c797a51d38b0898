"""Reads one year's file in data/."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from yaml import ScalarNode

from nianbao.model.cells_reader import TableLines
from nianbao.model.remarks_reader import CellRemarks
from nianbao.model.report import (
    FEE,
    ITEMS,
    STATUSES,
    Approval,
    Category,
    Cell,
    Correction,
    Item,
    Reopening,
    Report,
    Waiver,
)
from nianbao.reading.fields import (
    BOOLEAN,
    CHECK_NUMBER,
    DATE,
    DIGEST,
    TEXT,
    YEAR,
    Field,
    Fields,
    Items,
    OrUnknown,
    Record,
    Value,
    choice,
    figure,
    whole,
)
from nianbao.reading.findings import shown
from nianbao.reading.numbers import UNKNOWN
from nianbao.reading.values import Reader, nearest, open_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import yaml

    from nianbao.model.agency import Agency
    from nianbao.model.cells_reader import Cells
    from nianbao.model.form import Form, Table
    from nianbao.reading.findings import Findings, Place
    from nianbao.reading.numbers import Number

_FEE_LIMIT = 100_000_000
_ITEM_LIMIT = 9_999_999


class _Entry(Fields):
    """An item, for which people write its bare title."""

    def open(self, node: yaml.Node, reader: Reader) -> Record:
        """Return the record that *node* writes; of a bare title it is told how to write the whole."""
        if isinstance(node, ScalarNode) and "：" not in node.value:
            title = node.value or "标题"
            reader.fault(
                node,
                f"{self.title}只写了标题；请写成 {{title: {title}, full_text: true}}，没有电子化全文的写 false",
            )
            return Record(node=node, nodes={}, reader=reader)
        return super().open(node, reader)


_RULE = Field("rule", "规则编号", TEXT, "规则编号，如 T3-04")
_PLACE = Field("place", "检查结果里〔〕中的位置", TEXT, "检查结果末尾〔〕中的位置")
_REASON = Field("reason", "理由", TEXT, "理由，在网站上公开")
_WAIVER = Fields("豁免", (_RULE, _PLACE, _REASON))

_ON = Field("on", "更正日期", DATE)
_WHY = Field("reason", "更正原因", TEXT, "更正原因，在网站上公开")
_DIGEST_AFTER = Field("digest", "更正后的摘要", DIGEST, "更正后内容的摘要", subject="摘要")
_SAME_DAY = Field("earlier", "同一天先登记的摘要", Items(DIGEST), "同一天先登记的内容的摘要，先的在前")
_CORRECTION = Fields("更正", (_ON, _WHY, _DIGEST_AFTER), (_SAME_DAY,))

_REOPENED_ON = Field("on", "撤回日期", DATE)
_REOPENED_WHY = Field("reason", "撤回原因", TEXT, "撤回定稿的原因，写在公布的记录里")
_DIGEST_BEFORE = Field("digest", "撤回的定稿的摘要", DIGEST, subject="摘要")
_REOPENING = Fields("撤回定稿", (_REOPENED_ON, _REOPENED_WHY, _DIGEST_BEFORE))

_ROLE = Field("role", "审签环节", TEXT, "审签环节，如审核、保密审查、签发")
_BY = Field("by", "审签人", TEXT, "审签人的姓名或职务，没有写明公开的不公开")
_APPROVED_ON = Field("on", "审签日期", DATE)
_NUMBER = Field("number", "校验号", CHECK_NUMBER, "审签的内容的校验号，见审签单")
_APPROVAL = Fields("审签", (_ROLE, _BY, _APPROVED_ON, _NUMBER))

_TITLE = Field("title", "标题", TEXT)
_FULL_TEXT = Field("full_text", "是否有电子化全文", BOOLEAN)
_CATEGORY = Field("category", "类别", TEXT, "类别，如概况信息")
_ENTRIES = Field("entries", "各条信息", Items(_Entry("信息", (_TITLE, _FULL_TEXT))))

_COUNT = Field("count", "条数", OrUnknown(whole(_ITEM_LIMIT)), "这一类的条数，没有全部列出时才写")

_YEAR = Field("year", "年度", YEAR, "年度，与文件名一致")
_FORMAT = Field("format", "格式", YEAR)
FORM = "form"
_STATUS = Field("status", "状态", choice(STATUSES))
_FEE: Field[Number] = Field(
    FEE,
    "信息处理费",
    figure("money", _FEE_LIMIT),
    "信息处理费（单位：元），在第六部分报告",
)
_ITEMS = Field(
    ITEMS,
    "主动公开的信息",
    OrUnknown(Items(Fields("信息类别", (_CATEGORY, _ENTRIES), (_COUNT,)))),
    "主动公开的信息，按类别逐条列出",
)
_PUBLISHED_ON = Field("published_on", "公布日期", DATE, "公布日期，如 2024-01-31；不知道就不写")
_LATE_REASON = Field("late_reason", "迟延公布的原因", TEXT, "晚于期限公布的原因，在网站上公开；按期公布的不写")
_TRANSCRIBED = Field(
    "transcribed", "是否照原件录入", BOOLEAN, "照已公布的旧报告录入，文字和数字以原件为准；不写为 false"
)
_BLANKS_ARE_ZERO = Field(
    "blanks_are_zero", "空白是否表示 0", BOOLEAN, "原件的空白格都表示没有发生，按 0 计，向社会说明；不写为 false"
)
_REMARKS = "remarks"
_WAIVERS = Field("waivers", "豁免", Items(_WAIVER), "豁免：查出而照原样公布的问题")
_APPROVALS = Field("approvals", "审签", Items(_APPROVAL), "公布前的审签，没有写明公开的不公开；内容改动以后应重新审签")
_SHOW_APPROVALS = Field(
    "show_approvals", "是否公开审签", BOOLEAN, "审签的环节、审签人和日期在年度首页公开；不写为 false，不公开"
)
_DIGEST = Field("digest", "摘要", DIGEST, "定稿内容的摘要，由 nianbao freeze 写入")
_PRINTED = (
    "printed",
    "原件印出的合计现在写在表里，是一行的最后一个数，或者 total 一行；请运行 nianbao upgrade，由程序改写",
)
_REOPENED = Field("reopened", "撤回的定稿", Items(_REOPENING), "公布前撤回的定稿，由 nianbao reopen 写入")
_CORRECTIONS = Field("corrections", "更正", Items(_CORRECTION), "公布后的更正，由 nianbao correct 写入")


def table_field(table: Table, *, blanks_are_zero: bool = False) -> Field[Cells]:
    """Return the field of a statutory table; see `TableLines`."""
    return Field(table.id, table.caption, TableLines(table, blanks_are_zero))


def form_field(form: Form) -> Field[str]:
    """Return the field by which a report says that it uses *form*, needed where the notice has another."""
    names: list[object] = [form.id] if form.variant else [form.format, form.id]
    kind = Value(Reader.text, {"enum": names}, f"data/forms/{form.id}.yml" if form.variant else "")
    return Field(FORM, "表格样式", kind, "原件的表格样式，与本年度的规定格式相同的不写")


def remarks_field(form: Form) -> Field[Mapping[str, str]]:
    """Return the field of what is said of single cells of *form*, by their addresses."""
    return Field(_REMARKS, "对单元格的说明", CellRemarks(form), "原件在数字旁边的话，或读者须知，写在单元格的地址后面")


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
            _LATE_REASON,
            form_field(form),
            _TRANSCRIBED,
            _BLANKS_ARE_ZERO,
            remarks_field(form),
            _WAIVERS,
            _APPROVALS,
            _SHOW_APPROVALS,
            _DIGEST,
            _REOPENED,
            _CORRECTIONS,
        ),
        retired=(_PRINTED,),
    )


def read_report(
    path: Path, name: str, forms: Mapping[str, Form | None], agency: Agency | None, findings: Findings
) -> Report | None:
    """Return the report in the file at *path*, or None after recording what is wrong with it.

    *forms* are editions and variants by name, None for one whose own file is at fault. Without an *agency*,
    whose own file is then at fault, this one is still read through: all mistakes are told in one run.
    """
    root = open_file(path, name, findings)
    return None if root is None else report_of(root, path, name, forms, agency, findings)


def report_of(  # noqa: PLR0913, PLR0917  # as `read_report`, and what is read
    root: yaml.Node,
    path: Path,
    name: str,
    forms: Mapping[str, Form | None],
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
    transcribed = record.read(_TRANSCRIBED) or False
    year = _year(record, path)
    if year is not None and not (form.holds_for(year) or (transcribed and FORM in record.nodes)):
        _refuse_form(record, form, year)
        return None  # Measured against the wrong form, every line would seem at fault.
    zero = record.read(_BLANKS_ARE_ZERO) or False
    lines = {table.id: record.read(table_field(table, blanks_are_zero=zero)) for table in form.tables}
    cells = {table: read for table, read in lines.items() if read is not None}
    remarks = record.read(remarks_field(form)) or {}
    status, published_on = record.read(_STATUS), record.read(_PUBLISHED_ON)
    if status == "draft" and record.has(_PUBLISHED_ON):
        place = record.nodes[_PUBLISHED_ON.name]
        reader.fault(place, "状态是草稿，却写了公布日期；请删去公布日期，或把状态改为 published")
    fee = record.read(_FEE)
    categories = _categories(record.read(_ITEMS))
    digest = record.read(_DIGEST)
    corrections = _corrections(record.read(_CORRECTIONS))
    waivers = _waivers(record.read(_WAIVERS))
    approvals, show_approvals = _approvals(record.read(_APPROVALS)), record.read(_SHOW_APPROVALS) or False
    reopened = _reopened(record.read(_REOPENED))
    late_reason = record.read(_LATE_REASON)
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
        cells=MappingProxyType({table: _remarked(known, remarks) for table, known in cells.items()}),
        places=MappingProxyType({key: reader.place(node) for key, node in record.nodes.items()}),
        waivers=waivers,
        digest=digest or "",
        corrections=corrections,
        blanks_are_zero=zero,
        transcribed=transcribed,
        approvals=approvals,
        show_approvals=show_approvals,
        reopened=reopened,
        late_reason=late_reason or "",
        items_unknown=record.nodes[_ITEMS.name].value == UNKNOWN,
        fee_gap=str(record.nodes[_FEE.name].value) if fee is None else "",
    )


def _remarked(cells: Cells, remarks: Mapping[str, str]) -> Mapping[tuple[str, str], Cell]:
    """Return *cells*, each with what is said of it in *remarks* by its address."""
    said = {key: one._replace(remark=remarks[one.address]) for key, one in cells.items() if one.address in remarks}
    return MappingProxyType(cells | said)


def _form(root: yaml.Node, forms: Mapping[str, Form | None], reader: Reader) -> Form | None:
    """Find the form first: it decides which keys the file must have."""
    pairs = root.value if isinstance(root.value, list) and root.tag.endswith(":map") else []
    written, named = (next((value for key, value in pairs if key.value == name), None) for name in ("format", FORM))
    if written is None:
        required = {field.name: field.title for field in (_YEAR, _FORMAT, _STATUS, _FEE, _ITEMS)}
        reader.mapping(root, "年度数据", required=required, optional=[key.value for key, _ in pairs])
        return None
    number = reader.year(written, "格式")
    if number is not None and forms and str(number) not in forms:
        known = "、".join(sorted(name for name in forms if "-" not in name))
        reader.fault(written, f"没有 {number} 年的格式文件；现有的格式是 {known}")
    if number is None or named is None:
        return forms.get(str(number))
    name = reader.text(named, "表格样式")
    if name is not None and name not in forms:
        near = nearest(name, forms) or f"；现有的是 {'、'.join(sorted(forms))}"
        reader.fault(named, f"没有名为{shown(name)}的表格样式{near}；新的样式写在 data/forms/{number}-名称.yml 里")
    elif name is not None and name.partition("-")[0] != str(number):
        reader.fault(named, f"表格样式 {name} 与 format {number} 不一致；请改正其一")
    else:
        return forms.get(name or "")
    return None


def _year(record: Record, path: Path) -> int | None:
    year, nodes, reader = record.read(_YEAR), record.nodes, record.reader
    if year is None:
        return None
    if path.stem != str(year):
        reader.fault(nodes["year"], f"年度是 {year}，文件名却是 {path.name}；请改正其一")
        return None
    return year


def _refuse_form(record: Record, form: Form, year: int) -> None:
    """Record that *form* is not that of *year*, and what an old original that used it all the same must say."""
    until = f"至 {form.last_year} 年度" if form.last_year else "年度起"
    meant = f"{form.format} 年格式（{form.basis}，用于 {form.first_year} {until}）"
    advice = f"请改用该年度的格式；照旧报告录入、原件用的就是它的，写上 transcribed: true 和 form: {form.id}"
    record.reader.fault(record.nodes["format"], f"{year} 年度不能使用 {meant}；{advice}")


def _waivers(records: tuple[Record, ...] | None) -> tuple[Waiver, ...]:
    waivers: list[Waiver] = []
    for record in records or ():
        rule, subject, reason = (record.read(field) for field in (_RULE, _PLACE, _REASON))
        if rule is not None and subject is not None and reason is not None:
            waivers.append(Waiver(rule=rule, subject=subject, reason=reason, place=record.place))
    return tuple(waivers)


def _approvals(records: tuple[Record, ...] | None) -> tuple[Approval, ...]:
    approvals: list[Approval] = []
    for record in records or ():
        role, by, day, number = (record.read(_ROLE), record.read(_BY), record.read(_APPROVED_ON), record.read(_NUMBER))
        if role is not None and by is not None and day is not None and number is not None:
            approvals.append(Approval(role=role, by=by, day=day, number=number, place=record.place))
    return tuple(approvals)


def _reopened(records: tuple[Record, ...] | None) -> tuple[Reopening, ...]:
    reopened: list[Reopening] = []
    for record in records or ():
        day, reason, digest = record.read(_REOPENED_ON), record.read(_REOPENED_WHY), record.read(_DIGEST_BEFORE)
        if day is not None and reason is not None and digest is not None:
            reopened.append(Reopening(day=day, reason=reason, digest=digest, place=record.place))
    return tuple(reopened)


def _corrections(records: tuple[Record, ...] | None) -> tuple[Correction, ...]:
    corrections: list[Correction] = []
    for record in records or ():
        day, reason, digest = record.read(_ON), record.read(_WHY), record.read(_DIGEST_AFTER)
        if day is not None and reason is not None and digest is not None:
            earlier = record.read(_SAME_DAY) or ()
            corrections.append(Correction(day=day, reason=reason, digest=digest, place=record.place, earlier=earlier))
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
