"""Rules for signs that figures were copied, or counted in place of others: no fault by themselves, but worth a look."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from nianbao.model.report import plain
from nianbao.rules.figures import cell_at
from nianbao.rules.rule import PRINTED_FORM, Confirmed, Inapplicable, NeedsReview, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.form import Heading
    from nianbao.model.report import Cell
    from nianbao.rules.rule import Case, Outcome

REVIEW, DISCLOSURE = "review", "disclosure"
# One figure beside noughts is often the same in two groups; several are not.
_SEVERAL = 2


def _copied_group(case: Case) -> Iterator[Outcome]:
    """Yield pairs of groups of section 4 that are alike to the last figure."""
    groups = [(group, _figures(case, group)) for group in case.table(REVIEW).groups]
    told = [(group, cells) for group, cells in groups if sum(bool(cell.value) for cell in cells) >= _SEVERAL]
    alike = [
        (one, other, cells)
        for (one, first), (other, cells) in combinations(told, 2)
        if [cell.value for cell in first] == [cell.value for cell in cells]
    ]
    for one, other, cells in alike:
        figures = "、".join(plain(cell.value) for cell in cells if cell.value is not None)
        message = (
            f"“{other.label}”的各数（{figures}）与“{one.label}”完全相同；请核对是否录入时照抄了另一组，确实如此的不用改"
        )
        yield NeedsReview(place=cells[0].place, message=message, subject=cells[0].address)
    yield Confirmed(len(groups) - len(alike))


def _figures(case: Case, group: Heading) -> list[Cell]:
    """Return the typed cells of a group, none where one of them is unknown."""
    cells = [cell_at(case.report, f"{REVIEW}.{part.path}") for part in group.parts]
    known = [cell for cell in cells if cell is not None and cell.value is not None]
    return known if len(known) == len(cells) else []


def _items_for_decisions(case: Case) -> Iterator[Outcome]:
    """Yield the rows of decisions where each is last year's number of items with its change."""
    rows = [row for row, column in case.report.cells[case.table(DISCLOSURE).id] if column == "previous_items"]
    chains = [cells for row in rows if (cells := _chain(case, row)) is not None]
    if not rows:
        yield Inapplicable(f"{case.report.form.format} 年格式不统计事项数量")
        return
    counted = [cells for cells in chains if cells[2].value]
    if len(counted) < _SEVERAL or any(_items(cells) != cells[2].value for cells in chains):
        yield Confirmed(len(chains))
        return
    for items, change, decisions in counted:
        message = (
            f"处理决定数量 {_written(decisions)}＝上一年项目数量 {_written(items)} 与本年增减 {_written(change)} 之和，"
            "各行都是这样；请核对是否把事项的项数填成了处理决定的件数"
        )
        yield NeedsReview(place=decisions.place, message=message, subject=decisions.address)


def _chain(case: Case, row: str) -> tuple[Cell, Cell, Cell] | None:
    """Return last year's items of a row, their change and its decisions; None where one is unknown or not asked."""
    cells = [case.report.cells[DISCLOSURE].get((row, column)) for column in ("previous_items", "change", "decisions")]
    known = [cell for cell in cells if cell is not None and cell.value is not None]
    return (known[0], known[1], known[2]) if len(known) == len(cells) else None


def _items(cells: tuple[Cell, Cell, Cell]) -> object:
    return (cells[0].value or 0) + (cells[1].value or 0)


def _written(cell: Cell) -> str:
    return "" if cell.value is None else plain(cell.value)


RULES: tuple[Rule, ...] = (
    Rule(
        code="T2-09",
        hard=False,
        statement="处理决定数量不是事项的项数：不会各行都恰好等于上一年项目数量加本年增减。",
        basis="国办公开办函〔2019〕60号所附格式中三列的含义",
        check=_items_for_decisions,
    ),
    Rule(
        code="T4-06",
        hard=False,
        statement="行政复议和两类行政诉讼的各数不完全相同。",
        basis=f"{PRINTED_FORM}；录入时容易照抄另一组",
        check=_copied_group,
    ),
)
