"""Sentences that others wrote, with reports of their own, and how many of them are told.

At first sight 91 of the wrong ones of the department were told and 76 of those of the county; of the right ones none
and 6 were called errors. Of a third file, of sentences of both, 78 were told as those of an area, and 2 right ones
called errors; of a fourth, fifty and fifty of a bureau, 49 and 1; of a fifth, as many of a city's government, 45 and
none; of a sixth, of a county's government, 48 and none; of a
seventh, of a township, a street and a province's government, 47 and none, once the file told that the three speak; of
an eighth, sixty and sixty of a province's department, an institution and a street, 39 and 2; of a ninth, as many of
amounts, cases and shares, 51 and 4. The rules have been taught by all since, so that they now keep what was reached.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from building import ROOT
from held_out import entries

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("name", "scope", "least"),
    [
        ("department", "own", 100),
        ("county", "area", 92),
        ("mixed", "area", 98),
        ("mixed", "own", 95),
        ("bureau", "own", 49),
        ("city", "area", 48),
        ("district", "area", 50),
        ("places", "own", 50),
        ("offices", "own", 55),
        ("amounts", "own", 59),
    ],
)
def test_wrong_sentences_are_told_and_right_ones_are_not(name: str, scope: str, least: int, tmp_path: Path) -> None:
    """Of the wrong ones at least so many are told; of the right ones nothing but what is in doubt."""
    found = tuple(entries(ROOT / "tests" / "heldout" / f"{name}.yml", tmp_path, ROOT / "examples", scope))
    doubted = [entry for entry in found if entry.right and entry.why]
    assert [entry.found for entry in doubted] == ["doubt"] * len(doubted)
    others = [entry for entry in found if entry.right and not entry.why]
    assert [(entry.text, entry.messages) for entry in others if entry.messages] == []
    assert sum(1 for entry in found if not entry.right and entry.messages) >= least
