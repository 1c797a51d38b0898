"""Rules for what the prose reckons: rates, differences, sums, and numbers of points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nianbao.model.report import plain
from nianbao.rules.rule import Confirmed, Fault, NeedsReview, Rule
from nianbao.rules.text.changes import changes
from nianbao.rules.text.histories import extremes, runs
from nianbao.rules.text.means import means
from nianbao.rules.text.points import counts
from nianbao.rules.text.rates import rates
from nianbao.rules.text.shares import numbers, shares
from nianbao.rules.text.statements import statements
from nianbao.rules.text.sums import additions, sums
from nianbao.rules.text_figures import STATEMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.prose.passages import Passage
    from nianbao.rules.rule import Case, Outcome
    from nianbao.rules.text.reckoning import Reckoning
    from nianbao.rules.text.shares import Numbers
    from nianbao.rules.text.sums import Sum

# What shares reach back over.
_MOST = 40


@dataclass(frozen=True, slots=True)
class _Reckoned:
    """What the pages of a case reckon, kept in its memo for the rules that part it by its weight."""

    reckonings: tuple[Reckoning, ...]
    sums: tuple[Sum, ...]


def _reckoned(case: Case) -> _Reckoned:
    """Return every rate, difference, trend and sum whose figures are known; they are reckoned once."""
    return case.memo.once(_Reckoned, lambda: _Reckoned(tuple(_reckonings(case)), tuple(_all_sums(case))))


def _reckonings(case: Case) -> Iterator[Reckoning]:
    counted: Numbers = ()
    passage: Passage | None = None
    for statement in statements(case):
        counted = counted if statement.passage is passage else ()
        passage, counted = statement.passage, (*counted, *numbers(statement))[-2 * _MOST :]
        yield from changes(case, statement)
        yield from extremes(case, statement)
        yield from runs(case, statement)
        yield from shares(case, statement, counted)
        yield from rates(case, statement)
        yield from means(case, statement)


def _all_sums(case: Case) -> Iterator[Sum]:
    for statement in statements(case):
        yield from additions(case, statement)
        yield from sums(case, statement)


def _rates(case: Case) -> Iterator[Outcome]:
    held = 0
    for reckoning in _reckoned(case).reckonings:
        if not reckoning.problem:
            held += 1
        elif reckoning.doubt:
            message = f"文字说“{reckoning.words}”，{reckoning.problem}；{reckoning.doubt}"
            yield NeedsReview(place=reckoning.place, message=message, subject=reckoning.subject)
        elif not reckoning.rounding:
            message = f"文字说“{reckoning.words}”，{reckoning.problem}；请核对后改正"
            yield Fault(place=reckoning.place, message=message, subject=reckoning.subject)
    yield Confirmed(held)


def _rounding(case: Case) -> Iterator[Outcome]:
    held = 0
    for reckoning in _reckoned(case).reckonings:
        if reckoning.rounding and not reckoning.doubt:
            message = f"文字说“{reckoning.words}”，{reckoning.problem}；尾数应当四舍五入，请核对"
            yield Fault(place=reckoning.place, message=message, subject=reckoning.subject)
        elif not reckoning.problem and "%" in reckoning.words:
            held += 1
    yield Confirmed(held)


def _sums(case: Case) -> Iterator[Outcome]:
    held = 0
    for found in _reckoned(case).sums:
        if found.state == "wrong":
            problem = f"各项之和是 {found.added}，不是 {plain(found.value)}"
            if found.reckoned:
                problem = f"相加是 {found.added}，不是 {plain(found.value)}"
            elif max(found.parts) > found.value:
                problem = f"其中一项是 {plain(max(found.parts))}，超过总数 {plain(found.value)}"
            message = f"文字说“{found.words}”，{problem}；请核对后改正"
            yield Fault(place=found.place, message=message, subject=found.subject)
        held += found.state == "kept"
    yield Confirmed(held)


def _doubtful_sums(case: Case) -> Iterator[Outcome]:
    held = 0
    for found in _reckoned(case).sums:
        if found.state == "doubtful":
            left = found.value - sum(found.parts)
            gap = f"少 {plain(left)}" if left > 0 else f"多 {plain(-left)}"
            advice = "没有列出的也请写明" if left > 0 else "有重复计算的也请写明"
            message = f"文字说“{found.words}”，各项之和是 {found.added}，比总数{gap} {found.unit}；请核对，{advice}"
            yield Fault(place=found.place, message=message, subject=found.subject)
        held += found.state == "kept" and not found.reckoned
    yield Confirmed(held)


def _lists(case: Case) -> Iterator[Outcome]:
    held = 0
    for count in counts(case):
        if count.value == count.follow:
            held += 1
            continue
        message = f"文字说“{count.words}”，后面列出的是 {count.follow} 项；请核对"
        yield Fault(place=count.place, message=message, subject=count.subject)
    yield Confirmed(held)


_ARITHMETIC = "同一句中的数应当能够互相推算"

RULES: tuple[Rule, ...] = (
    Rule(
        code="X-03",
        hard=True,
        statement="文字中的同比、占比、百分点和增减与所据的数相符。",
        basis=_ARITHMETIC,
        check=_rates,
        reads=STATEMENTS,
    ),
    Rule(
        code="X-06",
        hard=True,
        statement="文字中“共若干，其中……”的各项之和不超过总数，各项齐全的等于总数；“加上……共若干”的共数等于之和。",
        basis=_ARITHMETIC,
        check=_sums,
        reads=STATEMENTS,
    ),
    Rule(
        code="X-10",
        hard=False,
        statement="文字中“共若干，其中……”的各项看来列全、互不重复的，各项之和等于总数。",
        basis=_ARITHMETIC,
        check=_doubtful_sums,
        reads=STATEMENTS,
    ),
    Rule(
        code="X-11",
        hard=False,
        statement="文字所说的条数、项数与后面列出的相同。",
        basis="清单与说明应当一致",
        check=_lists,
        reads=STATEMENTS,
    ),
    Rule(
        code="X-15",
        hard=False,
        statement="文字中的百分比按所写的位数四舍五入。",
        basis="GB/T 8170《数值修约规则与极限数值的表示和判定》",
        check=_rounding,
        reads=STATEMENTS,
    ),
)
