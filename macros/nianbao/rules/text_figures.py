"""Rules for the figures that the prose states: each is that of the data, wherever it stands."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from nianbao.model.report import FEE, ITEMS, plain
from nianbao.rules.rule import Confirmed, Fault, Inapplicable, NeedsReview, Reads, Rule
from nianbao.rules.text.divisions import merged_cases
from nianbao.rules.text.outcomes import outcomes
from nianbao.rules.text.quantities import Quantity
from nianbao.rules.text.statements import statements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.form import Form
    from nianbao.rules.rule import Case, Outcome
    from nianbao.rules.text.claims import Claim
    from nianbao.rules.text.statements import Statement

# What it takes to read the statements of the prose: the same for all rules on them, so that they are read once.
STATEMENTS = Reads.REPORTS | Reads.AGENCY | Reads.PAGES

_TARIFF_FROM = 2021  # 《政府信息公开信息处理费管理办法》 has been in force since then
_STEP, _EACH = 10, 100
_SCALE = {"万元": 10_000, "亿元": 100_000_000}


_LOOK = "请核对说的是不是同一个数，不是的请写明范围"


def _claims(case: Case, *, hints: bool = False) -> Iterator[Claim]:
    """Yield what the pages state of single figures; with *hints* also where unknown words may narrow them."""
    for statement in statements(case):
        for unit in statement.units:
            claim = unit.claim or (unit.hint if hints else None)
            if claim is not None:
                yield claim
            if unit.also is not None:
                yield unit.also


@dataclass(frozen=True, slots=True)
class _Totals:
    """The addresses of the figures of sections 3 and 4 that are not among what another adds up."""

    addresses: frozenset[str]


def _totals(case: Case) -> frozenset[str]:
    """Return the addresses of totals, kept in the memo of the case."""
    return case.memo.once(_Totals, lambda: _Totals(_found_totals(case.report.form))).addresses


def _found_totals(form: Form) -> frozenset[str]:
    review = form.table("review")
    groups = (f"review.{group.path}" for group in (review.groups if review is not None else ()))
    merged = (f"{form.origin(f'review.{path}')}.total" for path in merged_cases(form))
    return frozenset((*(form.origin(form.total(row)) for row in (*form.below("requests"), *groups)), *merged))


def _code(claim: Claim, totals: frozenset[str]) -> str:
    """Return the rule that judges a claim."""
    path = claim.quantity.paths[0]
    first = path.partition(".")[0]
    if first == "requests":
        return "X-01" if path in totals else "X-02"
    if first == "review":
        return "X-01" if path in totals else "X-14"
    return {FEE: "X-13", ITEMS: "X-12"}.get(first, "X-05")


def _differs(claim: Claim, case: Case) -> str:
    return f"文字说{claim.shown()}，{claim.expected(case)}"


def _as_in_the_data(code: str, case: Case) -> Iterator[Outcome]:
    held, totals = 0, _totals(case)
    for claim in _claims(case, hints=True):
        if _code(claim, totals) != code:
            continue
        verdict = claim.verdict(case)
        held += verdict == "kept" and claim.exact and claim.weight != "narrowed"
        if verdict == "wrong":
            yield Fault(
                place=claim.place, message=f"{_differs(claim, case)}{claim.advice(case)}", subject=claim.subject
            )
        elif verdict == "doubtful":
            yield NeedsReview(place=claim.place, message=f"{_differs(claim, case)}；{_LOOK}", subject=claim.subject)
    yield Confirmed(held)


def _no_case_corrected(case: Case) -> Iterator[Outcome]:
    held = 0
    report = case.report
    for outcome in outcomes(case):
        corrected, pending, otherwise = (
            Quantity(tuple(f"review.{part}.{column}" for part in outcome.parts))
            for column in ("corrected", "pending", "other")
        )
        said = f"文字说“{outcome.words}”，表中"
        # What can be read is enough to tell that there was one.
        left = pending.least(report)
        if corrected.least(report):
            message = f"{said}{corrected.told(report)}；请改正"
            yield Fault(place=outcome.place, message=message, subject=outcome.subject)
        elif left and outcome.upheld:
            message = f"{said}{pending.told(report)}；还没有审结的不能说已经维持，请写明已审结的件数"
            yield Fault(place=outcome.place, message=message, subject=outcome.subject)
        elif left and not outcome.left_open:
            message = f"{said}{pending.told(report)}；请核对是否只就已审结的而言"
            yield NeedsReview(place=outcome.place, message=message, subject=outcome.subject)
        elif not left and outcome.upheld and "维持" in outcome.words and otherwise.least(report):
            message = f"{said}{otherwise.told(report)}；请核对，不是维持的请写明"
            yield NeedsReview(place=outcome.place, message=message, subject=outcome.subject)
        else:
            held += None not in {corrected.value(report), pending.value(report)}
    yield Confirmed(held)


def _fee_by_tariff(case: Case) -> Iterator[Outcome]:
    if case.report.year < _TARIFF_FROM:
        yield Inapplicable(f"信息处理费的标准自 {_TARIFF_FROM} 年起施行")
        return
    held = 0
    for statement in statements(case):
        for index, unit in enumerate(statement.units):
            claim = unit.claim
            if claim is None or claim.quantity.paths != (FEE,) or not claim.value or unit.numeral is None:
                continue
            amount = Decimal(claim.value) * _SCALE.get(unit.numeral.unit, 1)
            problem = _against_tariff(statement, index, amount)
            if problem:
                message = f"文字说{claim.shown()}，{problem}（国办函〔2020〕109号），请核对"
                yield Fault(place=claim.place, message=message, subject=claim.subject)
            else:
                held += 1
    yield Confirmed(held)


def _against_tariff(statement: Statement, index: int, amount: Decimal) -> str:
    """Return what the tariff does not allow in the fee that unit *index* of a statement tells."""
    if amount % _STEP:
        return f"按件、按量计收的各档标准都是 {_STEP} 元的倍数"
    fee, before = statement.units[index], statement.units[index - 1] if index else None
    number = before.numeral if before is not None else None
    # 对3件申请收取信息处理费: the cases for which the fee was taken.
    if before is None or number is None or before.clause is not fee.clause or not fee.has("take"):
        return ""
    if number.unit != "件" or not number.exact:
        return ""
    least = number.value * (_EACH if "按件" in fee.clause.text else _STEP)
    return f"{plain(number.value)} 件至少应收 {plain(least)} 元" if amount < least else ""


def _same_everywhere(case: Case) -> Iterator[Outcome]:
    stated: dict[tuple[object, ...], Claim] = {}
    held = 0
    for claim in _claims(case):
        ambiguous = len(claim.options) > 1 and claim.agrees(case) is not True
        if not claim.certain or not claim.exact or claim.loose or ambiguous:
            continue
        decimals = claim.numeral.decimals if claim.numeral is not None else 0
        money = claim.numeral.unit if claim.numeral is not None and claim.quantity.money else ""
        first = stated.setdefault((claim.fitting(case), claim.year, decimals, money), claim)
        if first is claim:
            continue
        if claim.value == first.value:
            held += 1
        elif claim.agrees(case) is None and first.agrees(case) is None:
            message = f"文字说{claim.shown()}，另一处说{first.shown()}（{first.place}）；同一个数各处应当一致，请核对"
            yield Fault(place=claim.place, message=message, subject=claim.subject)
    yield Confirmed(held)


def _from_the_data(case: Case) -> Iterator[Outcome]:
    held = 0
    for claim in _claims(case):
        if not claim.certain or claim.numeral is None or not claim.exact or claim.agrees(case) is not True:
            continue
        if not claim.typed or case.report.transcribed:
            held += 1
            continue
        call = claim.given(case)
        if call:
            message = f"{claim.shown()}是手工录入的，数据里有这个数；请改用 {call} 取得，数据更正时文字随之更正"
            yield Fault(place=claim.place, message=message, subject=claim.subject)
    yield Confirmed(held)


_PRACTICE = "年度报告各部分反映同一份数据"
_FORM = "《政府信息公开条例》第五十条；国办公开办函〔2021〕30号、〔2019〕60号"
_TARIFF = "《政府信息公开信息处理费管理办法》（国办函〔2020〕109号）"

RULES: tuple[Rule, ...] = (
    Rule(
        code="X-01",
        hard=True,
        statement="文字中新收、上年结转、办结、结转下年度、行政复议和行政诉讼的总数与表格一致。",
        basis=_FORM,
        check=partial(_as_in_the_data, "X-01"),
        reads=STATEMENTS,
    ),
    Rule(
        code="X-02",
        hard=True,
        statement="文字中各类办理结果、各类申请人的件数与第三部分的表格一致。",
        basis=_FORM,
        check=partial(_as_in_the_data, "X-02"),
        reads=STATEMENTS,
    ),
    Rule(
        code="X-04",
        hard=True,
        statement="文字说复议、诉讼没有被纠正的，表格中没有结果纠正；说均获维持、没有败诉的，也没有尚未审结。",
        basis=_FORM,
        check=_no_case_corrected,
        reads=STATEMENTS,
    ),
    Rule(
        code="X-05",
        hard=True,
        statement="文字中规章、行政规范性文件、行政许可、行政处罚、行政强制和行政事业性收费的数量与第二部分的表格一致。",
        basis=_FORM,
        check=partial(_as_in_the_data, "X-05"),
        reads=STATEMENTS,
    ),
    Rule(
        code="X-07",
        hard=False,
        statement="文字中的信息处理费符合收费标准。",
        basis=_TARIFF,
        check=_fee_by_tariff,
        reads=STATEMENTS,
    ),
    Rule(
        code="X-08",
        hard=True,
        statement="同一个数在文字各处一致。",
        basis=_PRACTICE,
        check=_same_everywhere,
        reads=STATEMENTS,
    ),
    Rule(
        code="X-09",
        hard=False,
        statement="数据里有的数由程序填入文字，不手工录入（照原件录入的旧报告除外）。",
        basis="数据更正时，手工录入的数不会随之更正",
        check=_from_the_data,
        reads=STATEMENTS,
    ),
    Rule(
        code="X-12",
        hard=False,
        statement="文字中主动公开信息的条数与逐条列出的信息一致。",
        basis=_PRACTICE,
        check=partial(_as_in_the_data, "X-12"),
        reads=STATEMENTS,
    ),
    Rule(
        code="X-13",
        hard=True,
        statement="文字中的信息处理费与数据一致。",
        basis=f"国办公开办函〔2021〕30号：收取信息处理费情况在第六部分报告；{_TARIFF}",
        check=partial(_as_in_the_data, "X-13"),
        reads=STATEMENTS,
    ),
    Rule(
        code="X-14",
        hard=True,
        statement="文字中行政复议、行政诉讼各种结果的件数与第四部分的表格一致。",
        basis=_FORM,
        check=partial(_as_in_the_data, "X-14"),
        reads=STATEMENTS,
    ),
)
