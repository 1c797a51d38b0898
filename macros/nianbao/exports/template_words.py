"""The words of the template by which an import finds again what was entered beside the tables."""

from __future__ import annotations

# The sheets beside the tables: one holds data, the others repeat or explain.
OTHER, BESIDE, HELP = "其他数据", "与上年对照", "填写说明"
# The words of the first.
FEE, DAY, CATEGORY, TITLE, FULL_TEXT = "信息处理费（元）", "公布日期", "类别", "标题", "有电子化全文"
YES, NO = "是", "否"
