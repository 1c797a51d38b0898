"""The JSON Schema of the reports that the site offers as JSON, made from what writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nianbao.exports.columns import CELL_STATUSES, STATUS_MEANINGS
from nianbao.exports.json_report import CELL_COLUMNS, PASSAGE_KINDS
from nianbao.model.report import STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nianbao.model.form import Form

Schema = dict[str, Any]

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_STATUS: Schema = {
    "enum": list(CELL_STATUSES),
    "description": "数的来历：" + "".join(f"{name}，{meaning}" for name, meaning in STATUS_MEANINGS.items()),
}


def report_json_schema(forms: Iterable[Form]) -> Schema:
    """Return the schema of reports that use any of *forms*."""
    forms = tuple(forms)
    properties: dict[str, Schema] = {
        "title": _text("报告的全称；草稿在名称后注明"),
        "agency": _object({"id": _text("固定标识，不随名称改变"), "name": _text("编制当年的名称")}, "编制报告的机关"),
        "year": {"type": "integer", "description": "年度"},
        "format": {"enum": [form.format for form in forms], "description": "规定格式的版本"},
        "basis": {"enum": [form.basis for form in forms], "description": "规定格式的文件"},
        "status": _choice(STATUSES, "状态"),
        "notice": _text("读者须知：网站对读者的声明（如示例数据）和草稿的说明；没有的为空", nullable=True),
        "published_on": _text("公布日期，如 2024-01-31；不知道的为空", nullable=True) | {"format": "date"},
        "processing_fee": {"type": ["number", "null"], "description": "信息处理费，单位元；不详的为空"},
        "items": _list(
            _counted(
                {
                    "category": _text("类别"),
                    "entries": _list(
                        _object(
                            {
                                "title": _text("标题"),
                                "full_text": {"type": "boolean", "description": "是否有电子化全文"},
                            }
                        ),
                        "各条信息",
                    ),
                }
            ),
            "主动公开的信息；条数不详的为空",
        )
        | {"type": ["array", "null"]},
        "tables": _list(_table(forms), "法定表格"),
        "check_number": _text("校验号，由内容算出；与网页、Word 和 PDF 上的相同", nullable=True),
        "corrections": _list(_correction(), "公布后的更正"),
        "sections": _list(_section(forms), "报告的六个部分"),
    }
    schema = _object(properties)
    schema["properties"]["form"] = _text("本站表格样式的名称；只在与规定格式不同时有")
    schema["properties"]["late_reason"] = _text("晚于期限公布的原因；只在迟延公布时有")
    return {"$schema": _DRAFT, "title": "政府信息公开工作年度报告", **schema}


def _table(forms: tuple[Form, ...]) -> Schema:
    names = dict.fromkeys(table.id for form in forms for table in form.tables)
    cell: dict[str, Schema] = {
        column.name: {
            "type": [column.type, "null"] if column.name in {"value", "computed"} else column.type,
            "description": column.description,
        }
        for column in CELL_COLUMNS
    }
    cell["status"] = _STATUS
    cell["text"] = _text("表格里印出的样子，如 +3、251000元、不详")
    return _object(
        {
            "id": {"enum": list(names), "description": "表的标识"},
            "caption": _text("表的名称"),
            "cells": _list(_object(cell), "各单元格，依阅读次序"),
        }
    )


def _section(forms: tuple[Form, ...]) -> Schema:
    names = dict.fromkeys(section.id for form in forms for section in form.sections)
    return _object(
        {
            "id": {"enum": list(names), "description": "部分的标识"},
            "heading": _text("序号和标题"),
            "table": _text("这一部分的表；没有的为空", nullable=True),
            "text": _list(_passage(), "文字，依阅读次序"),
        }
    )


def _correction() -> Schema:
    change = {
        "what": _text("更正的数或文字"),
        "old": _text("更正前；新增的为空", nullable=True),
        "new": _text("更正后；删去的为空", nullable=True),
    }
    return _object(
        {
            "on": _text("更正日期") | {"format": "date"},
            "reason": _text("更正原因"),
            "changes": _list(_object(change), "更正的内容"),
        }
    )


def _passage() -> Schema:
    return _object(
        {
            "kind": _choice(PASSAGE_KINDS, "种类"),
            "level": {"type": ["integer", "null"], "minimum": 1, "maximum": 6, "description": "小标题的级别"},
            "text": _text("文字"),
        }
    )


def _counted(properties: Mapping[str, Schema]) -> Schema:
    """Return the schema of a category, which tells its count where that is not the number of its entries."""
    schema = _object(properties)
    count: Schema = {"type": ["integer", "null"], "description": "条数；只在没有全部列出时有，不详的为空"}
    return schema | {"properties": schema["properties"] | {"count": count}}


def _text(description: str, *, nullable: bool = False) -> Schema:
    return {"type": ["string", "null"] if nullable else "string", "description": description}


def _choice(options: Mapping[str, str], label: str) -> Schema:
    meant = "，".join(f"{word} {meaning}" for word, meaning in options.items())
    return {"enum": list(options), "description": f"{label}：{meant}"}


def _list(item: Schema, description: str) -> Schema:
    return {"type": "array", "items": item, "description": description}


def _object(properties: Mapping[str, Schema], description: str = "") -> Schema:
    schema: Schema = {"type": "object", "description": description} if description else {"type": "object"}
    return schema | {
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }
