"""JSON Schemas of the data files, with the words of the form as descriptions, for editors to complete and explain.

Draft 7, which the YAML plug-ins of editors understand. The schemas help while typing; what counts is the
reader, which is stricter and says what to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nianbao.model.agency import CONTACT, FORMATS, POWERS, SCOPES, SITE, SITE_LINKS
from nianbao.model.profile import ALTERNATIVE, SECTIONS
from nianbao.model.report import STATUSES
from nianbao.reading.numbers import EXPECTED, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nianbao.model.form import Form, Heading, Table

Schema = dict[str, Any]

_DRAFT = "http://json-schema.org/draft-07/schema#"
_YEAR: Schema = {"type": "integer", "minimum": 1900, "maximum": 2099}
_DATE: Schema = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_DIGEST: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_TEXT: Schema = {"type": "string", "minLength": 1}
_ADDRESS: Schema = {"type": "string", "pattern": "^https?://[^\\s]+$"}
_NUMBERS: Mapping[str, Schema] = {
    "count": {"type": "integer", "minimum": 0},
    "money": {"type": "number", "minimum": 0},
    "change": {"type": "integer"},
    "amount": {"type": "string", "pattern": r"^(0|[1-9][0-9]*)(\.[0-9]{1,6})?(元|万元)$"},
}


def report_schema(form: Form) -> Schema:
    """Return the schema of a year's file that uses *form*."""
    totals = {
        table.address(row.path, column.path): _NUMBERS["count"]
        for table in form.tables
        for _, row, column in table.grid
        if row.total or column.total
    }
    required: dict[str, Schema] = {
        "year": _YEAR | {"description": "年度，与文件名一致"},
        "format": {"const": form.format, "description": f"格式：{form.basis}"},
        "status": _choice(STATUSES, "状态"),
        "processing_fee": _figure("money", 10**8, "信息处理费（单位：元），在第六部分报告"),
        "items": _list(
            _mapping(
                {
                    "category": _TEXT | {"description": "类别，如概况信息"},
                    "entries": _list(
                        _mapping(
                            {
                                "title": _TEXT | {"description": "标题"},
                                "full_text": {"type": "boolean", "description": "是否有电子化全文"},
                            }
                        ),
                        "各条信息",
                    ),
                }
            ),
            "主动公开的信息，按类别逐条列出",
        ),
        **{table.id: _table(table) for table in form.tables},
    }
    optional: dict[str, Schema] = {
        "published_on": _DATE | {"description": "公布日期，如 2024-01-31；不知道就不写"},
        "printed": _mapping({}, totals, "原件印出而与计算结果不同、或无法计算的合计"),
        "waivers": _list(
            _mapping(
                {
                    "rule": _TEXT | {"description": "规则编号，如 T3-04"},
                    "place": _TEXT | {"description": "检查结果末尾〔〕中的位置"},
                    "reason": _TEXT | {"description": "理由，在网站上公开"},
                }
            ),
            "豁免：查出而照原样公布的问题",
        ),
        "digest": _DIGEST | {"description": "定稿内容的摘要，由 nianbao freeze 写入"},
        "corrections": _list(
            _mapping(
                {
                    "on": _DATE | {"description": "更正日期"},
                    "reason": _TEXT | {"description": "更正原因，在网站上公开"},
                    "digest": _DIGEST | {"description": "更正后内容的摘要"},
                }
            ),
            "公布后的更正，由 nianbao correct 写入",
        ),
    }
    return {"$schema": _DRAFT, "title": form.name, **_mapping(required, optional)}


def agency_schema() -> Schema:
    """Return the schema of the agency's file."""
    name = _mapping(
        {"name": _TEXT | {"description": "名称"}, "from": _YEAR | {"description": "起始年度"}},
        {"to": _YEAR | {"description": "截止年度，沿用至今的不写"}},
    )
    required = {
        "id": {"type": "string", "pattern": "^[a-z][a-z0-9_]*$", "description": "固定标识，不随名称改变"},
        "kind": _choice(FORMATS, "机关类别"),
        "scope": _choice(SCOPES, "统计范围"),
        "names": _list(name, "名称及使用它的年度"),
    }
    optional = {
        "superior": _TEXT | {"description": "上级机关"},
        "region": _TEXT | {"description": "所在地区"},
        "powers": _list(_choice(POWERS, "职权"), "本机关的职权；没有写明的项目应当一直为 0"),
        "site": _mapping(
            {},
            {key: _TEXT | {"description": label} for key, label in SITE.items()}
            | {key: _ADDRESS | {"description": f"{label}的网址，显示在页脚"} for key, label in SITE_LINKS.items()},
            "网站信息",
        ),
        "contact": _mapping({}, {key: _TEXT | {"description": label} for key, label in CONTACT.items()}, "联系方式"),
    }
    return {"$schema": _DRAFT, "title": "编制并公布年度报告的机关", **_mapping(required, optional)}


def profile_schema() -> Schema:
    """Return the schema of the file of local requirements."""
    years = {
        "from": _YEAR | {"description": "从哪一年度的报告起；不写表示各年度"},
        "to": _YEAR | {"description": "到哪一年度的报告止；沿用至今的不写"},
    }
    section = {"section": _choice(SECTIONS, "部分")}
    words = {"text": _TEXT | {"description": f"应有的文字，几种写法之间用 {ALTERNATIVE} 分开，有一种即可"}}
    figure = {"figure": _TEXT | {"description": "数的写法，与页面里 figure 的相同，如 requests.received"}}
    optional = {
        "deadline": {
            "type": "string",
            "pattern": "^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
            "description": "本地的公布期限，月-日，如 01-20",
        },
        "similarity": _percent("与上年报告相同的文字最多占百分之几；不写为 80", 100),
        "jump": _percent("与上年相比变化超过百分之几应有说明；不写为 200", 100_000),
        "headings": _list(_mapping(section | words, years), "应有的标题"),
        "topics": _list(_mapping(section | words, years), "应写到的内容"),
        "figures": _list(
            _mapping(section | figure, years | {"label": _TEXT | {"description": "这个数叫什么，供提示使用"}}),
            "应写明的数",
        ),
        "lengths": _list(
            _mapping(
                section | {"maximum": {"type": "integer", "minimum": 1, "maximum": 100_000, "description": "字数上限"}},
                years,
            ),
            "篇幅限制，标点计入，标题、表格和清单不计",
        ),
        "typing": _list(
            _mapping({"wrong": _TEXT | {"description": "错误写法"}, "right": _TEXT | {"description": "正确写法"}}),
            "常见错字",
        ),
    }
    required = {
        "name": _TEXT | {"description": "本地要求的名称，检查结果中引用"},
        "basis": _TEXT | {"description": "依据：文件名称和文号；没有文件的写明是惯例"},
    }
    return {"$schema": _DRAFT, "title": "本地要求", **_mapping(required, optional)}


def _percent(description: str, maximum: int) -> Schema:
    return {"type": "integer", "minimum": 1, "maximum": maximum, "description": description}


def _table(table: Table) -> Schema:
    """Return the schema of a table's lines, nested as the headings of the form are."""
    if table.typed_by == "row":
        lines = {
            _key(row): _rows(row, block.columns.parts, table)
            for block in table.blocks
            for row in block.rows.children
            if not row.total
        }
    else:
        lines = {_key(group): _groups(group, table) for block in table.blocks for group in block.columns.children}
    return _mapping(lines, description=table.caption)


def _rows(row: Heading, columns: Sequence[Heading], table: Table) -> Schema:
    if not row.children:
        return _line(row.label, columns, table)
    below = {_key(child): _rows(child, columns, table) for child in row.children if not child.total}
    return _mapping(below, description=row.label)


def _groups(group: Heading, table: Table) -> Schema:
    if not any(child.children for child in group.children):
        return _line(group.label, group.parts, table)
    return _mapping({_key(child): _groups(child, table) for child in group.children}, description=group.label)


def _line(label: str, columns: Sequence[Heading], table: Table) -> Schema:
    """Return the schema of one line of figures, each with the heading of its column."""
    words = "、".join(column.label for column in columns)
    return {
        "type": "array",
        "description": f"{label}：{words}",
        "items": [_figure(column.kind, table.maximum, column.label) for column in columns],
        "minItems": len(columns),
        "additionalItems": False,
    }


def _figure(kind: str, maximum: int, label: str) -> Schema:
    number = dict(_NUMBERS[kind])
    if number["type"] != "string":
        number["maximum"] = maximum
    description = f"{label}：{EXPECTED[kind].strip()}；原件无法辨认时填“{UNKNOWN}”"
    return {"anyOf": [number, {"const": UNKNOWN}], "description": description}


def _choice(options: Mapping[str, str], label: str) -> Schema:
    meant = "，".join(f"{word} {meaning}" for word, meaning in options.items())
    return {"enum": list(options), "description": f"{label}：{meant}"}


def _list(item: Schema, description: str) -> Schema:
    return {"type": "array", "items": item, "description": description}


def _mapping(
    required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None, description: str = ""
) -> Schema:
    schema: Schema = {"type": "object", "description": description} if description else {"type": "object"}
    schema["properties"] = {**required, **(optional or {})}
    if required:
        schema["required"] = list(required)
    return schema | {"additionalProperties": False}


def _key(heading: Heading) -> str:
    return heading.path.rpartition(".")[2]
