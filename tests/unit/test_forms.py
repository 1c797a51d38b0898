"""The two printed forms against the notices 国办公开办函〔2019〕60号 and 国办公开办函〔2021〕30号.

Labels and spans are typed here from the notices' blank forms, not read back from its files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from nianbao.model.report import Cell
from nianbao.reading.findings import Place
from nianbao.tables.layout import Head, lay_out

if TYPE_CHECKING:
    from nianbao.model.dataset import Dataset
    from nianbao.model.form import Form, Table
    from nianbao.tables.layout import Grid

    Printed = tuple[str, int, int]  # label, columns spanned, rows spanned
    Line = tuple[Printed, ...]

CORNER = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
PARTLY = "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"
NOT_CORRECTED = "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"
FEE_NOT_PAID = "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请"
OUTCOMES = (("结果维持", 1, 1), ("结果纠正", 1, 1), ("其他结果", 1, 1), ("尚未审结", 1, 1), ("总计", 1, 1))

DISCLOSURE_2019: tuple[Line, ...] = (
    (("第二十条第（一）项", 4, 1),),
    (("信息内容", 1, 1), ("本年新制作数量", 1, 1), ("本年新公开数量", 1, 1), ("对外公开总数量", 1, 1)),
    (("规章", 1, 1),),
    (("规范性文件", 1, 1),),
    (("第二十条第（五）项", 4, 1),),
    (("信息内容", 1, 1), ("上一年项目数量", 1, 1), ("本年增/减", 1, 1), ("处理决定数量", 1, 1)),
    (("行政许可", 1, 1),),
    (("其他对外管理服务事项", 1, 1),),
    (("第二十条第（六）项", 4, 1),),
    (("信息内容", 1, 1), ("上一年项目数量", 1, 1), ("本年增/减", 1, 1), ("处理决定数量", 1, 1)),
    (("行政处罚", 1, 1),),
    (("行政强制", 1, 1),),
    (("第二十条第（八）项", 4, 1),),
    (("信息内容", 1, 1), ("上一年项目数量", 1, 1), ("本年增/减", 2, 1)),
    (("行政事业性收费", 1, 1),),
    (("第二十条第（九）项", 4, 1),),
    (("信息内容", 1, 1), ("采购项目数量", 1, 1), ("采购总金额", 2, 1)),
    (("政府集中采购", 1, 1),),
)
DISCLOSURE_2021: tuple[Line, ...] = (
    (("第二十条第（一）项", 4, 1),),
    (("信息内容", 1, 1), ("本年制发件数", 1, 1), ("本年废止件数", 1, 1), ("现行有效件数", 1, 1)),
    (("规章", 1, 1),),
    (("行政规范性文件", 1, 1),),
    (("第二十条第（五）项", 4, 1),),
    (("信息内容", 1, 1), ("本年处理决定数量", 3, 1)),
    (("行政许可", 1, 1),),
    (("第二十条第（六）项", 4, 1),),
    (("信息内容", 1, 1), ("本年处理决定数量", 3, 1)),
    (("行政处罚", 1, 1),),
    (("行政强制", 1, 1),),
    (("第二十条第（八）项", 4, 1),),
    (("信息内容", 1, 1), ("本年收费金额（单位：万元）", 3, 1)),
    (("行政事业性收费", 1, 1),),
)
APPLICANTS: tuple[Line, ...] = (
    ((CORNER, 3, 3), ("申请人情况", 7, 1)),
    (("自然人", 1, 2), ("法人或其他组织", 5, 1), ("总计", 1, 2)),
    (("商业企业", 1, 1), ("科研机构", 1, 1), ("社会公益组织", 1, 1), ("法律服务机构", 1, 1), ("其他", 1, 1)),
)
RESULTS: tuple[Line, ...] = (
    ((PARTLY, 2, 1),),
    (("（三）不予公开", 1, 8), ("1.属于国家秘密", 1, 1)),
    (("2.其他法律行政法规禁止公开", 1, 1),),
    (("3.危及“三安全一稳定”", 1, 1),),
    (("4.保护第三方合法权益", 1, 1),),
    (("5.属于三类内部事务信息", 1, 1),),
    (("6.属于四类过程性信息", 1, 1),),
    (("7.属于行政执法案卷", 1, 1),),
    (("8.属于行政查询事项", 1, 1),),
    (("（四）无法提供", 1, 3), ("1.本机关不掌握相关政府信息", 1, 1)),
    (("2.没有现成信息需要另行制作", 1, 1),),
    (("3.补正后申请内容仍不明确", 1, 1),),
    (("（五）不予处理", 1, 5), ("1.信访举报投诉类申请", 1, 1)),
    (("2.重复申请", 1, 1),),
    (("3.要求提供公开出版物", 1, 1),),
    (("4.无正当理由大量反复申请", 1, 1),),
    (("5.要求行政机关确认或重新出具已获取信息", 1, 1),),
)
REQUESTS_2019: tuple[Line, ...] = (
    *APPLICANTS,
    (("一、本年新收政府信息公开申请数量", 3, 1),),
    (("二、上年结转政府信息公开申请数量", 3, 1),),
    (("三、本年度办理结果", 1, 20), ("（一）予以公开", 2, 1)),
    *RESULTS,
    (("（六）其他处理", 2, 1),),
    (("（七）总计", 2, 1),),
    (("四、结转下年度继续办理", 3, 1),),
)
REQUESTS_2021: tuple[Line, ...] = (
    *APPLICANTS,
    (("一、本年新收政府信息公开申请数量", 3, 1),),
    (("二、上年结转政府信息公开申请数量", 3, 1),),
    (("三、本年度办理结果", 1, 22), ("（一）予以公开", 2, 1)),
    *RESULTS,
    (("（六）其他处理", 1, 3), (NOT_CORRECTED, 1, 1)),
    ((FEE_NOT_PAID, 1, 1),),
    (("3.其他", 1, 1),),
    (("（七）总计", 2, 1),),
    (("四、结转下年度继续办理", 3, 1),),
)
REVIEW: tuple[Line, ...] = (
    (("行政复议", 5, 1), ("行政诉讼", 10, 1)),
    (
        ("结果维持", 1, 2),
        ("结果纠正", 1, 2),
        ("其他结果", 1, 2),
        ("尚未审结", 1, 2),
        ("总计", 1, 2),
        ("未经复议直接起诉", 5, 1),
        ("复议后起诉", 5, 1),
    ),
    (*OUTCOMES, *OUTCOMES),
    (),
)
PRINTED = {
    (2019, "disclosure"): DISCLOSURE_2019,
    (2019, "requests"): REQUESTS_2019,
    (2019, "review"): REVIEW,
    (2021, "disclosure"): DISCLOSURE_2021,
    (2021, "requests"): REQUESTS_2021,
    (2021, "review"): REVIEW,
}


def table(own: Dataset, edition: int, name: str) -> Table:
    """Return a table of a form."""
    found = own.forms[edition].table(name)
    assert found is not None
    return found


def grid(table: Table) -> Grid:
    """Return *table* laid out, each cell holding 0."""
    place = Place("data/2023.yml")
    return lay_out(
        table,
        {
            (row.path, column.path): Cell(address=table.address(row.path, column.path), unit="", value=0, place=place)
            for _, row, column in table.grid
        },
    )


@pytest.fixture(params=[2019, 2021])
def form(own: Dataset, request: pytest.FixtureRequest) -> Form:
    """Return each of the two forms."""
    edition: int = request.param
    return own.forms[edition]


@pytest.mark.parametrize(("edition", "name"), PRINTED)
def test_headings_stand_where_the_notice_prints_them(own: Dataset, edition: int, name: str) -> None:
    """Every heading has the notice's words and spans, row by row."""
    laid_out = tuple(
        tuple((cell.label, cell.colspan, cell.rowspan) for cell in row.cells if isinstance(cell, Head))
        for block in grid(table(own, edition, name)).blocks
        for row in block
    )
    assert laid_out == PRINTED[edition, name]


@pytest.mark.parametrize(
    ("edition", "name", "cells"),
    [
        (2019, "disclosure", 22),
        (2019, "requests", 161),
        (2019, "review", 15),
        (2021, "disclosure", 10),
        (2021, "requests", 175),
        (2021, "review", 15),
    ],
)
def test_tables_have_as_many_cells_as_the_notice(own: Dataset, edition: int, name: str, cells: int) -> None:
    """Form and layout hold the same number of cells, the notice's, each with an address of its own."""
    found = table(own, edition, name)
    shown = [
        cell.cell.address
        for block in grid(found).blocks
        for row in block
        for cell in row.cells
        if not isinstance(cell, Head)
    ]
    assert (len(found.grid), len(shown), len(set(shown))) == (cells, cells, cells)


@pytest.mark.parametrize(
    ("name", "width", "stub"),
    [("disclosure", 4, 1), ("requests", 10, 3), ("review", 15, 0)],
)
def test_tables_are_as_wide_as_the_notice(form: Form, name: str, width: int, stub: int) -> None:
    """Both forms have the same columns of row headings and the same width."""
    found = form.table(name)
    assert found is not None
    laid_out = grid(found)
    assert (laid_out.width, laid_out.stub) == (width, stub)


def test_figures_span_what_their_heading_spans(own: Dataset) -> None:
    """Where a block has fewer columns than the table, the figures of its last column span the rest."""
    spans = {
        cell.cell.address: cell.colspan
        for edition in (2019, 2021)
        for block in grid(table(own, edition, "disclosure")).blocks
        for row in block
        for cell in row.cells
        if not isinstance(cell, Head) and cell.colspan > 1
    }
    assert spans == {
        "disclosure.administrative_fees.change": 2,
        "disclosure.government_procurement.amount": 2,
        "disclosure.licensing.decisions": 3,
        "disclosure.penalties.decisions": 3,
        "disclosure.coercion.decisions": 3,
        "disclosure.administrative_fees.amount": 3,
    }


def test_sections_carry_the_notice_numbers_and_titles(form: Form) -> None:
    """Both forms have the same six sections; the second to fourth hold a table."""
    assert [(section.heading, section.table) for section in form.sections] == [
        ("一、总体情况", ""),
        ("二、主动公开政府信息情况", "disclosure"),
        ("三、收到和处理政府信息公开申请情况", "requests"),
        ("四、政府信息公开行政复议、行政诉讼情况", "review"),
        ("五、存在的主要问题及改进情况", ""),
        ("六、其他需要报告的事项", ""),
    ]
    assert [(table.id, table.caption) for table in form.tables] == [
        ("disclosure", "主动公开政府信息情况"),
        ("requests", "收到和处理政府信息公开申请情况"),
        ("review", "政府信息公开行政复议、行政诉讼情况"),
    ]


def test_the_first_section_of_2021_has_five_parts(own: Dataset) -> None:
    """The notice of 2021 names five things to sum up; that of 2019 names none."""
    parts = ("主动公开", "依申请公开", "政府信息管理", "政府信息公开平台建设", "监督保障")
    assert [section.parts for section in own.forms[2021].sections] == [parts, (), (), (), (), ()]
    assert [section.parts for section in own.forms[2019].sections] == [(), (), (), (), (), ()]


@pytest.mark.parametrize(
    ("edition", "basis", "years"),
    [
        (2019, "国办公开办函〔2019〕60号", [2019, 2020]),
        (2021, "国办公开办函〔2021〕30号", [2021, 2022, 2023, 2024, 2025, 2026, 2027, 2028, 2029]),
    ],
)
def test_each_year_has_its_form(own: Dataset, edition: int, basis: str, years: list[int]) -> None:
    """The form of 2019 serves two years, that of 2021 all later ones."""
    found = own.forms[edition]
    assert (found.format, found.basis) == (edition, basis)
    assert [year for year in range(2008, 2030) if found.holds_for(year)] == years


def test_the_form_prints_one_identity(form: Form) -> None:
    """Both forms print the same 勾稽关系, over the table of requests."""
    assert [
        (table.id, identity.text, identity.left, identity.right)
        for table in form.tables
        for identity in table.identities
    ] == [
        (
            "requests",
            "第一项加第二项之和，等于第三项加第四项之和",
            ("received", "carried_in"),
            ("results.total", "carried_out"),
        )
    ]


def test_totals_stand_only_where_the_form_prints_them(form: Form) -> None:
    """A total column and a total row for requests, a total for each group of review, none for disclosure."""
    totals = [
        table.address(row.path, column.path) for table in form.tables for _, row, column in table.grid if column.total
    ]
    rows = [row.path for table in form.tables for block in table.blocks for row in block.rows.leaves if row.total]
    assert rows == ["results.total"]
    assert {address for address in totals if not address.startswith("requests.")} == {
        "review.reconsideration.total",
        "review.litigation.direct.total",
        "review.litigation.after_reconsideration.total",
    }
    assert (
        len([address for address in totals if address.startswith("requests.")]) == ({2019: 23, 2021: 25}[form.format])
    )


def test_kinds_and_units_of_figures(own: Dataset) -> None:
    """Figures are counts, but for the fee in 万元 and for changes and the purchase amount of 2019."""
    others = {
        (edition, address): (column.kind, column.unit)
        for edition in (2019, 2021)
        for found in own.forms[edition].tables
        for _, row, column in found.grid
        if (address := found.address(row.path, column.path)) and column.kind != "count"
    }
    assert others == {
        (2019, "disclosure.licensing.change"): ("change", "项"),
        (2019, "disclosure.other_services.change"): ("change", "项"),
        (2019, "disclosure.penalties.change"): ("change", "项"),
        (2019, "disclosure.coercion.change"): ("change", "项"),
        (2019, "disclosure.administrative_fees.change"): ("change", "项"),
        (2019, "disclosure.government_procurement.amount"): ("amount", ""),
        (2021, "disclosure.administrative_fees.amount"): ("money", "万元"),
    }
    assert own.forms[2019].tables[0].units == ("件", "项")
    assert own.forms[2021].tables[0].units == ("件", "万元")
    assert [found.units for edition in (2019, 2021) for found in own.forms[edition].tables[1:]] == [("件",)] * 4
