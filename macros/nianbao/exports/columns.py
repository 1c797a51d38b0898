"""The columns of the tidy data, one row a cell: one definition for CSV, Excel, Parquet and the schemas."""

from __future__ import annotations

from dataclasses import dataclass

# How a figure came about, and how Excel and the guide call it.
CELL_STATUSES = {
    "typed": "填报",
    "computed": "计算",
    "printed": "原件印出",
    "blank": "空白",
    "unknown": "不详",
    "pending": "待填",
}

STATUS_MEANINGS = {
    "typed": "填报的数。",
    "computed": "由各分项相加得出的合计。",
    "printed": "按原件印出的合计，与各分项相加的结果不同，或因有分项不详不能核算。",
    "blank": "原件此格空白，value 为空；报告说明空白表示没有发生的，value 为 0。",
    "unknown": "原件无法辨认，或合计的分项中有不详的，不按 0 计，value 为空。",
    "pending": "草稿里还没有填写，或合计的分项中有待填的，value 为空。",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its *name* in data, its *title* in Excel, its *type*.

    A *type* is ``string``, ``integer`` of 16 bits, ``whole`` of 64, or ``number``, which is decimal. An *optional*
    column has empty cells.
    """

    name: str
    title: str
    description: str
    type: str = "string"
    optional: bool = False


COLUMNS = (
    Column(name="agency", title="机关标识", description="机关的固定标识，不随名称改变。"),
    Column(name="report", title="报告", description="报告的全称，含编制当年的机关名称；草稿在名称后注明。"),
    Column(name="year", title="年度", description="报告的年度。", type="integer"),
    Column(
        name="format", title="格式", description="规定格式的版本：2019 或 2021，两种格式的行列不同。", type="integer"
    ),
    Column(name="table", title="表", description="表的标识。"),
    Column(name="address", title="地址", description="单元格的地址，与网页上的相同，在一个年度里不重复。"),
    Column(name="row_id", title="行标识", description="行的标识；没有行标题的表为空。", optional=True),
    Column(name="row_label", title="行", description="行标题，由上到下各级用“ / ”隔开。", optional=True),
    Column(name="column_id", title="列标识", description="列的标识。"),
    Column(name="column_label", title="列", description="列标题，由上到下各级用“ / ”隔开。"),
    Column(
        name="value",
        title="数值",
        description="公布的数；不详、空白和待填的为空。带小数的是准确的十进制数。",
        type="number",
        optional=True,
    ),
    Column(name="unit", title="单位", description="计量单位。"),
    Column(name="status", title="状态", description="数的来历：typed、computed、printed、blank、unknown 或 pending。"),
    Column(
        name="computed",
        title="各分项之和",
        description="只在表里印的不是这个数而能够计算时填写：各分项相加的结果。",
        type="number",
        optional=True,
    ),
    Column(
        name="remark",
        title="说明",
        description="原件在这一格的数字旁边的话，或读者须知；没有的为空。",
        optional=True,
    ),
)
