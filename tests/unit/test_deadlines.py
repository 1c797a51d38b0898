"""By when a report is due: by the kind of body, by local requirements, by the register of a superior."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from nianbao.members.board import Board, Standing
from nianbao.members.board_files import as_json
from nianbao.members.register import read_register
from nianbao.model.kinds import due_by, kind_by_name
from nianbao.reading.findings import Findings

if TYPE_CHECKING:
    from pathlib import Path

DAY = dt.date(2026, 2, 20)


@pytest.mark.parametrize(
    ("name", "kind", "day"),
    [
        ("示例市示例区人民政府", "government", "2026-03-31"),
        ("示例县甲镇人民政府", "township", "2026-01-31"),
        ("示例县乙乡", "township", "2026-01-31"),
        ("示例区丙街道办事处", "dispatched", "2026-01-31"),
        ("示例区城市管理局", "department", "2026-01-31"),
    ],
)
def test_the_kind_of_body_decides(name: str, kind: str, day: str) -> None:
    """A township is no county government; an earlier day that is asked locally counts, a later one does not."""
    assert kind_by_name(name) == kind
    assert str(due_by(kind, None, 2025)) == day
    assert str(due_by(kind, (1, 20), 2025)) == "2026-01-20"
    assert str(due_by(kind, (4, 20), 2025)) == day


@pytest.mark.parametrize("own", ["", "deadline: 02-10\n"])
def test_a_register_has_its_own_deadline_or_that_of_the_kind(tmp_path: Path, own: str) -> None:
    """Each body is late by its own day; the board tells the reason of a late report, and a day to come."""
    path = tmp_path / "members.yml"
    bodies = (("a", "government"), ("b", "township"))
    lines = [
        f"  - {{id: {id_}, names: [{{name: {id_}, from: 2019}}], kind: {kind}, from: 2019, folder: {id_}}}\n"
        for id_, kind in bodies
    ]
    path.write_text(f"{own}members:\n{''.join(lines)}", encoding="utf-8")
    findings = Findings()
    register = read_register(path, "members.yml", findings)
    assert register is not None, findings.sorted()
    due = [str(member.due(2025)) for member in register.of(2025)]
    assert due == (["2026-02-10"] * 2 if own else ["2026-03-31", "2026-01-31"])
    county, town = (
        Standing(
            member=member,
            year=2025,
            day=DAY,
            state="submitted",
            came_on=dt.date(2026, 2, 25),
            late_reason="机构调整。",
        )
        for member in register.of(2025)
    )
    assert (county.late, town.late) == (bool(own), True)
    assert town.told == ("定于 2026-02-25 公布", "迟延公布的原因：机构调整。")
    assert '"late_reason": "机构调整。"' in as_json(Board(year=2025, day=DAY, standings=(county, town)))
