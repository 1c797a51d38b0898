"""Rules for the table of section 3: requests received and how they were dealt with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.model.report import plain, total
from nianbao.rules.figures import PREVIOUS_MISSING, cell_at, figure, known, printed_totals, unreadable
from nianbao.rules.rule import PRINTED_FORM, Confirmed, Fault, Inapplicable, Reads, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.report import Cell
    from nianbao.rules.rule import Case, Outcome

TABLE = "requests"

# A share of so few says nothing.
_FEW = 20
_CARRIED, _OTHERWISE = 25, 30


def _readable(case: Case) -> Iterator[Outcome]:
    yield from unreadable(case.report, case.table(TABLE))


def _columns_balance(case: Case) -> Iterator[Outcome]:
    table, cells = case.table(TABLE), case.report.cells[TABLE]
    labels = {row.path: row.label for block in table.blocks for row in block.rows.leaves}
    columns = {column.path: column.label for block in table.blocks for column in block.columns.leaves}
    held = 0
    for identity in table.identities:
        for path, label in columns.items():
            rows = (identity.left, identity.right)
            if any((row, path) not in cells for side in rows for row in side):
                continue  # Some of its rows have other columns.
            sides = [[(row, cells[row, path]) for row in side] for side in rows]
            left, right = (total(known(cell) for _, cell in side) for side in sides)
            if left is None or right is None:
                continue
            if left == right:
                held += 1
                continue
            if all(cell.computed and cell.value is not None for side in sides for _, cell in side):
                continue  # It adds up the columns before it, which have told the fault.
            written = ["＋".join(f"{labels[row]} {_added(cell)}" for row, cell in side) for side in sides]
            message = (
                f"“{label}”一列不平：{written[0]}，合计 {plain(left)}；"
                f"{written[1]}，合计 {plain(right)}；两边应当相等（{identity.text}），请核对"
            )
            last = sides[1][-1][1]
            yield Fault(place=last.printed_place or last.place, message=message, subject=last.address)
    yield Confirmed(held)


def _added(cell: Cell) -> str:
    """Return what is added up of a cell, and what the original prints in its place."""
    value = known(cell)
    shown = "" if value is None else plain(value)
    differs = cell.printed is not None and cell.printed != value
    return f"{shown}（印出的是 {plain(cell.printed)}）" if differs and cell.printed is not None else shown


def _columns_add_up(case: Case) -> Iterator[Outcome]:
    yield from printed_totals(case.report, case.table(TABLE), lambda added: added.row.total)


def _rows_add_up(case: Case) -> Iterator[Outcome]:
    yield from printed_totals(case.report, case.table(TABLE), lambda added: not added.row.total)


def _carried_over(case: Case) -> Iterator[Outcome]:
    if case.previous is None:
        yield Inapplicable(PREVIOUS_MISSING)
        return
    held = 0
    columns = {column.path: column.label for _, _, column in case.table(TABLE).grid}
    for path, label in columns.items():
        cell = cell_at(case.report, f"{TABLE}.carried_in.{path}")
        before = cell_at(case.previous, f"{TABLE}.carried_out.{path}")
        if cell is None or before is None:
            continue
        here, there = cell.known, before.known
        if here is None or there is None:
            continue
        if cell.computed and before.computed and cell.value is not None and before.value is not None:
            continue  # Each adds up the columns before it, which are judged.
        if here == there:
            held += 1
            continue
        year = case.previous.year
        message = (
            f"“{label}”上年结转 {plain(here)} 件，{year} 年报告的结转下年度是 {plain(there)} 件"
            f"（{before.place}）；两年应当衔接，请核对"
        )
        yield Fault(place=cell.place, message=message, subject=cell.address)
    yield Confirmed(held)


def _fee_not_paid(case: Case) -> Iterator[Outcome]:
    cell = cell_at(case.report, f"{TABLE}.results.otherwise.fee_not_paid")
    unpaid = known(cell)
    if cell is None:
        yield Inapplicable(f"{case.report.form.format} 年格式没有这一行")
    if not unpaid or case.pages is None:
        return
    page = case.pages.section(case.report.form.sections[-1])
    if page is None:
        return
    if any(word in page.text for word in ("未缴", "逾期", "收费通知", "收取信息处理费")):
        yield Confirmed()
        return
    message = f"表中有 {plain(unpaid)} 件因逾期未缴费不再处理，第六部分没有说明收费情况；请补充"
    yield Fault(place=page.page.place(0), message=message, subject=page.page.name)


def _carried_out_share(case: Case) -> Iterator[Outcome]:
    received = figure(case.report, f"{TABLE}.received")
    cell = cell_at(case.report, f"{TABLE}.carried_out")
    if received is None or cell is None or cell.value is None:
        return
    if received < _FEW:
        yield Inapplicable(f"本年新收不足 {_FEW} 件")
    elif cell.value * 100 > received * _CARRIED:
        message = (
            f"结转下年度 {plain(cell.value)} 件，超过本年新收 {plain(received)} 件的 {_CARRIED}%；"
            "答复期限一般为 20 个工作日，请核对是否多计"
        )
        yield Fault(place=cell.place, message=message, subject=cell.address)
    else:
        yield Confirmed()


def _otherwise_share(case: Case) -> Iterator[Outcome]:
    address = f"{TABLE}.results.otherwise"
    cell = cell_at(case.report, f"{address}.other")
    results = figure(case.report, f"{TABLE}.results.total")
    if cell is None:
        yield Inapplicable(f"{case.report.form.format} 年格式没有这一行")
    elif results is not None and results < _FEW:
        yield Inapplicable(f"本年办理不足 {_FEW} 件")
    elif cell.value is not None and results is not None and cell.value * 100 > results * _OTHERWISE:
        form = case.report.form
        message = (
            f"“{form.words(form.current(address))}”的“{form.label(cell.address)}”有 {plain(cell.value)} 件，"
            f"超过办理总数 {plain(results)} 件的 {_OTHERWISE}%；"
            "请核对是否应当归入其他情形"
        )
        yield Fault(place=cell.place, message=message, subject=cell.address)
    elif cell.value is not None:
        yield Confirmed()


RULES = (
    Rule(
        code="T3-01",
        hard=True,
        statement="第三部分的表每一格都有数，没有发生的填 0。",
        basis=PRINTED_FORM,
        check=_readable,
    ),
    Rule(
        code="T3-02",
        hard=True,
        statement="每一列：第一项加第二项之和，等于第三项加第四项之和。",
        basis=f"{PRINTED_FORM}，表内印有的勾稽关系",
        check=_columns_balance,
    ),
    Rule(
        code="T3-03",
        hard=True,
        statement="每一列：办理结果的总计等于其上各种情形之和。",
        basis=PRINTED_FORM,
        check=_columns_add_up,
    ),
    Rule(
        code="T3-04",
        hard=True,
        statement="每一行：总计等于自然人与五类法人或其他组织之和。",
        basis=PRINTED_FORM,
        check=_rows_add_up,
    ),
    Rule(
        code="T3-05",
        hard=True,
        statement="每一列：上年结转等于上一年报告的结转下年度继续办理。",
        basis=f"{PRINTED_FORM}；结转的申请不会消失，两年的这两行含义相同",
        check=_carried_over,
        reads=Reads.PREVIOUS,
    ),
    Rule(
        code="T3-06",
        hard=False,
        statement="有逾期未缴费而不再处理的申请时，第六部分说明收费情况。",
        basis="国办公开办函〔2021〕30号：收取信息处理费情况在第六部分报告；《政府信息公开信息处理费管理办法》",
        check=_fee_not_paid,
        reads=Reads.PAGES,
    ),
    Rule(
        code="T3-07",
        hard=False,
        statement=f"结转下年度的申请不超过本年新收的 {_CARRIED}%（新收不足 {_FEW} 件的不比）。",
        basis="《中华人民共和国政府信息公开条例》第三十三条的答复期限（据此推断）",
        check=_carried_out_share,
    ),
    Rule(
        code="T3-08",
        hard=False,
        statement=f"“其他处理”的“3.其他”不超过办理总数的 {_OTHERWISE}%（办理不足 {_FEW} 件的不比）。",
        basis="评议中的经验：多数申请归入“其他”，往往是分类有误",
        check=_otherwise_share,
    ),
)
