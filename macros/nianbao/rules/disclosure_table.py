"""Rules for the table of section 2: documents, decisions and fees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nianbao.model.agency import POWERS
from nianbao.model.report import plain
from nianbao.rules.figures import PREVIOUS_MISSING, cell_at, known, unreadable
from nianbao.rules.rule import PRINTED_FORM, Confirmed, Fault, Inapplicable, NeedsReview, Reads, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.form import Heading
    from nianbao.model.report import Cell, Report
    from nianbao.reading.numbers import Number
    from nianbao.rules.rule import Case, Outcome

TABLE = "disclosure"
_FEES = "disclosure.administrative_fees.amount"
# Rows of the edition of 2019 that gather what has no name of its own: how many there are says nothing of a year.
_GATHERED = frozenset({"other_services", "government_procurement"})

# A fee in 元 where 万元 belongs is wrong by 10,000; nothing real changes so much in a year.
_UNIT_SLIP = 5000
# Below this many, a jump says nothing; below this many years, nor does a nil.
_FEW, _FEW_YEARS = 20, 3
# What stands at the end of a year: documents in force, or in the edition of 2019 all that are published.
_STANDING = ("in_force", "published_in_all")
_OTHER_UNITS = "上年使用 {} 年格式，{}"
_WORDS_OF_CHANGE = (
    *("增", "减", "上升", "下降", "多于", "少于", "高于", "低于"),
    *("变为", "由上年", "比上年", "较上年", "同比", "原因"),
)


def _rows(report: Report, *columns: str) -> Iterator[tuple[Heading, Cell]]:
    """Yield the rows of the form that have one of *columns*, each with its cell there."""
    table = report.form.table(TABLE)
    for row in dict.fromkeys(row for _, row, _ in table.grid) if table is not None else ():
        for column in columns:
            cell = _beside(report, row, column)
            if cell is not None:
                yield row, cell


def _beside(report: Report, row: Heading, column: str) -> Cell | None:
    return cell_at(report, f"{TABLE}.{row.path}.{column}")


def _readable(case: Case) -> Iterator[Outcome]:
    yield from unreadable(case.report, case.table(TABLE))


def _in_force(case: Case) -> Iterator[Outcome]:
    report, previous = case.report, case.previous
    if previous is None:
        yield Inapplicable(PREVIOUS_MISSING)
        return
    rows = [(row, cell, report.continued(previous, cell.address)) for row, cell in _rows(report, *_STANDING)]
    if all(before is None for _, _, before in rows):
        words = "对外公开总数量与现行有效件数不是同一个数，不能衔接"
        yield Inapplicable(_OTHER_UNITS.format(previous.form.format, words))
        return
    for row, cell, before in rows:
        if before is None or before.value is None or cell.value is None:
            continue
        if _beside(report, row, "in_force") is not None:
            yield from _in_force_row(report, row, cell, before.value)
        else:
            yield from _published_row(report, row, cell, before.value)


def _in_force_row(report: Report, row: Heading, cell: Cell, before: Number) -> Iterator[Outcome]:
    issued, repealed = (known(_beside(report, row, column)) for column in ("issued", "repealed"))
    if issued is None or repealed is None or cell.value is None:
        return
    expected = before + issued - repealed
    if cell.value == expected:
        yield Confirmed()
        return
    message = (
        f"“{row.label}”现行有效 {plain(cell.value)} 件；上年现行有效 {plain(before)}＋本年制发 {plain(issued)}"
        f"－本年废止 {plain(repealed)}＝{plain(expected)}；请核对，清理后重新认定的写明豁免和理由"
    )
    yield Fault(place=cell.place, message=message, subject=cell.address)


def _published_row(report: Report, row: Heading, cell: Cell, before: Number) -> Iterator[Outcome]:
    added = known(_beside(report, row, "newly_published"))
    if added is None or cell.value is None:
        return
    if cell.value <= before + added:
        yield Confirmed()
        return
    message = (
        f"“{row.label}”对外公开总数量 {plain(cell.value)}，多于上年的 {plain(before)}"
        f"＋本年新公开 {plain(added)}＝{plain(before + added)}；请核对"
    )
    yield Fault(place=cell.place, message=message, subject=cell.address)


def _issued_remain(case: Case) -> Iterator[Outcome]:
    rows = list(_rows(case.report, "in_force"))
    if not rows:
        yield Inapplicable(f"{case.report.form.format} 年格式没有现行有效件数")
    for row, cell in rows:
        issued, repealed = (known(_beside(case.report, row, column)) for column in ("issued", "repealed"))
        if issued is None or repealed is None or cell.value is None:
            continue
        if cell.value + repealed >= issued:
            yield Confirmed()
            continue
        message = (
            f"“{row.label}”本年制发 {plain(issued)} 件，现行有效 {plain(cell.value)} 件"
            f"与本年废止 {plain(repealed)} 件合起来还不到此数；本年制发的不是有效就是废止，请核对"
        )
        yield Fault(place=cell.place, message=message, subject=cell.address)


def _no_regulations(case: Case) -> Iterator[Outcome]:
    powers = case.agency.powers
    if powers is not None and "regulations" in powers:
        yield Inapplicable("本机关有规章制定权")
        return
    for (row, _), cell in case.report.cells[case.table(TABLE).id].items():
        if row != "regulations" or cell.value is None:
            continue
        if cell.value == 0:
            yield Confirmed()
            continue
        advice = "请查对原件，原件确实如此的写明豁免" if case.report.transcribed else "请改为 0"
        message = (
            f"“规章”填了 {plain(cell.value)}；只有国务院部门、省和设区的市等可以制定规章，"
            f"{advice}，本机关确有规章制定权的在 agency.yml 的 powers 里写上 regulations"
        )
        yield Fault(place=cell.place, message=message, subject=cell.address)


def _powers(case: Case) -> Iterator[Outcome]:
    powers = case.agency.powers
    if powers is None:
        yield Inapplicable("没有登记本机关的职权")
        return
    for row, cell in _rows(case.report, "decisions", "amount"):
        if row.path not in POWERS or cell.value is None:
            continue
        if row.path not in powers and cell.value:
            message = f"“{row.label}”填了 {plain(cell.value)}，agency.yml 的职权（powers）里没有这一项；请改正其一"
            yield Fault(place=cell.place, message=message, subject=cell.address)
        elif row.path in powers and _always_nil(case, cell.address):
            message = f"本机关有“{row.label}”的职权，历年却都是 0；请核对是否漏报"
            yield NeedsReview(place=cell.place, message=message, subject=cell.address)
        else:
            yield Confirmed()


def _always_nil(case: Case, address: str) -> bool:
    cells = [report.cell(address) for report in case.reports.values()]
    return len(cells) >= _FEW_YEARS and all(cell is not None and cell.value == 0 for cell in cells)


def _fee_unit(case: Case) -> Iterator[Outcome]:
    if case.previous is None:
        yield Inapplicable(PREVIOUS_MISSING)
        return
    cell, before = cell_at(case.report, _FEES), cell_at(case.previous, _FEES)
    if cell is None or before is None:
        yield Inapplicable("2019 年格式统计的是收费项目数，不是金额")
    elif not cell.value or not before.value:
        yield Inapplicable("两年中有一年没有收费")
    elif not _slipped(before.value, cell.value):
        yield Confirmed()
    else:
        message = (
            f"收费金额 {plain(cell.value)} 万元，上年 {plain(before.value)} 万元，相差数千倍；"
            "请核对是否把“元”和“万元”弄错"
        )
        yield Fault(place=cell.place, message=message, subject=cell.address)


def _jumps(case: Case) -> Iterator[Outcome]:
    if case.previous is None or case.pages is None:
        yield Inapplicable(PREVIOUS_MISSING)
        return
    pages = [page.text for page in case.pages]
    for row, cell in _rows(case.report, "decisions", "amount"):
        before = case.report.continued(case.previous, cell.address)
        if row.path in _GATHERED or before is None or cell.value is None or before.value is None:
            continue
        if _slipped(before.value, cell.value) or not _jumped(before.value, cell.value, case.profile.jump):
            yield Confirmed()
            continue
        words = {row.label, row.label.removeprefix("行政")}
        sentences = [part for text in pages for part in text.split("。") if any(word in part for word in words)]
        if any(word in sentence for sentence in sentences for word in _WORDS_OF_CHANGE):
            yield Confirmed()
            continue
        message = (
            f"“{row.label}”由上年的 {plain(before.value)} 变为 {plain(cell.value)}，"
            f"变化超过 {case.profile.jump}%，文字没有说明；请核对数字，确实如此的补充说明"
        )
        yield Fault(place=cell.place, message=message, subject=cell.address)


def _slipped(before: Number, now: Number) -> bool:
    """Say whether two figures differ as 元 and 万元 do; a nil is no figure to compare."""
    return bool(before and now) and not before / _UNIT_SLIP < now < before * _UNIT_SLIP


def _jumped(before: Number, now: Number, limit: int) -> bool:
    smaller, larger = sorted((before, now))
    return larger >= _FEW and (larger - smaller) * 100 > smaller * limit


def _items_chain(case: Case) -> Iterator[Outcome]:
    rows = list(_rows(case.report, "previous_items"))
    if not rows:
        yield Inapplicable(f"{case.report.form.format} 年格式不统计事项数量")
        return
    if case.previous is None:
        yield Inapplicable(PREVIOUS_MISSING)
        return
    for row, cell in rows:
        if cell.value is None:
            continue
        before, change = (known(_beside(case.previous, row, column)) for column in ("previous_items", "change"))
        if before is None or change is None:
            continue
        if cell.value == before + change:
            yield Confirmed()
            continue
        message = (
            f"“{row.label}”上一年项目数量 {plain(cell.value)}；上年报告的这一数是 {plain(before)}，"
            f"本年增减是 {change:+}，应为 {plain(before + change)}；请核对"
        )
        yield Fault(place=cell.place, message=message, subject=cell.address)


RULES = (
    Rule(
        code="T2-01",
        hard=True,
        statement="第二部分的表每一格都有数，没有发生的填 0。",
        basis=PRINTED_FORM,
        check=_readable,
    ),
    Rule(
        code="T2-02",
        hard=False,
        statement="规章、行政规范性文件的现行有效件数，等于上年现行有效加本年制发减本年废止。",
        basis=f"{PRINTED_FORM}中三列的含义；文件清理后重新认定的除外",
        check=_in_force,
        reads=Reads.PREVIOUS,
    ),
    Rule(
        code="T2-03",
        hard=False,
        statement="本年制发的文件不多于现行有效与本年废止之和。",
        basis=f"{PRINTED_FORM}中三列的含义",
        check=_issued_remain,
    ),
    Rule(
        code="T2-04",
        hard=True,
        statement="没有规章制定权的机关，规章一行为 0。",
        basis="《中华人民共和国立法法》关于规章制定权限的规定",
        check=_no_regulations,
        reads=Reads.AGENCY,
    ),
    Rule(
        code="T2-05",
        hard=False,
        statement="没有的职权一直为 0，有的职权不应历年都是 0。",
        basis="机关的权责清单；评议中的经验",
        check=_powers,
        reads=Reads.AGENCY | Reads.REPORTS,
    ),
    Rule(
        code="T2-06",
        hard=False,
        statement="行政事业性收费金额的单位是万元，与上年不相差数千倍。",
        basis="国办公开办函〔2021〕30号所附格式，表头印有“单位：万元”",
        check=_fee_unit,
        reads=Reads.PREVIOUS,
    ),
    Rule(
        code="T2-07",
        hard=False,
        statement="处理决定和收费金额比上年有大的变化时，文字作了说明。",
        basis="评议中的经验；变化的幅度由本地要求规定，没有规定的为 200%",
        check=_jumps,
        reads=Reads.PREVIOUS | Reads.PROFILE | Reads.PAGES,
    ),
    Rule(
        code="T2-08",
        hard=False,
        statement="上一年项目数量等于上年报告的上一年项目数量加本年增减。",
        basis="国办公开办函〔2019〕60号所附格式中两列的含义",
        check=_items_chain,
        reads=Reads.PREVIOUS,
    ),
)
