"""The step of the upgrade that puts the totals of version 0.1.0 where they stand in the tables."""

from __future__ import annotations

import re

import pytest
from building import ROOT
from nianbao.upgrading.old_totals import totals_in_tables

DATA = ROOT / "examples" / "data"
BLOCK = "# 原件印出而与计算结果不同、或无法计算的合计，照原件记在这里。\nprinted:\n"


def old(year: int, *totals: str) -> str:
    """Return the example data of *year* as version 0.1.0 wrote them, with *totals*, each a line of ``printed``."""
    text = (DATA / f"{year}.yml").read_text(encoding="utf-8")
    block = BLOCK + "".join(f"  {total}\n" for total in totals)
    return text.replace("# 二、主动公开政府信息情况", f"{block}\n# 二、主动公开政府信息情况", 1)


def line(text: str, key: str) -> str:
    """Return the line of *key*."""
    found = re.search(rf"^ *{key}: .*$", text, re.MULTILINE)
    assert found is not None, key
    return found.group().strip()


def test_each_total_goes_to_its_row() -> None:
    """A row gets its total last with the remark of the block, a column's total makes a row, nothing else changes."""
    before = old(
        2025,
        "requests.received.total: 70     # 原件少 1 件",
        "requests.results.total.natural_person: 58",
        "review.litigation.direct.total: 不详",
    )
    after = totals_in_tables(before)
    assert line(after, "received").endswith("1, 70]  # 一、本年新收政府信息公开申请数量；原件少 1 件")
    assert line(after, "total") == "total:                        [58, 14,   0,   0,   2,   1, 74]  # （七）总计"
    assert line(after, "direct") == "direct:               [0, 0, 0, 0, 不详]  # 未经复议直接起诉"
    assert "printed" not in after
    touched = (
        "received:",
        "direct:",
        "total:",
        "# （七）总计：",
        "requests.",
        "review.litigation",
        "printed:",
        "# 原件印出",
    )
    kept = [[line for line in text.splitlines() if not line.strip().startswith(touched)] for text in (before, after)]
    assert [one for one in kept[0] if one] == [one for one in kept[1] if one]


def test_what_the_sum_cannot_tell_stays_unknown() -> None:
    """A column with a cell that cannot be read has no total but the printed one."""
    text = (DATA / "2019.yml").read_text(encoding="utf-8")
    text = re.sub(r"    total: .*\n", "    # （七）总计：自动计算\n", text)
    assert line(text, "carried_out")
    block = "printed: {requests.results.total.total: 44}\n\n# 二、主动"
    assert line(totals_in_tables(text.replace("# 二、主动", block, 1)), "total").split("#")[0].split() == (
        ["total:", "[32,", "不详,", "0,", "0,", "2,", "1,", "44]"]
    )


@pytest.mark.parametrize(
    "text",
    [
        old(2025, "requests.nothing.total: 1"),
        old(2025, "requests.received.total: 70").replace(
            "received:                       [54, ", "received: [54,\n    "
        ),
        "printed: 3\n",
        "printed: {requests.received.total: 7}\n# \udcc4\n",
        "year: [",
        "",
        (DATA / "2025.yml").read_text(encoding="utf-8"),
    ],
    ids=["no-such-row", "list-over-lines", "no-mapping", "no-text", "no-yaml", "empty", "nothing-to-do"],
)
def test_what_the_step_cannot_place_stays(text: str) -> None:
    """A text that holds no totals, or holds them otherwise than 0.1.0 could read them, is left to its editor."""
    assert totals_in_tables(text) == text


def test_line_ends_stay() -> None:
    """A file written on Windows keeps its line ends, also where a remark moves."""
    before = old(2025, "requests.received.total: 70     # 原件少 1 件")
    assert totals_in_tables(before.replace("\n", "\r\n")) == totals_in_tables(before).replace("\n", "\r\n")


def test_what_was_done_is_not_done_again() -> None:
    """The step has nothing to do in what it has written."""
    after = totals_in_tables(old(2025, "requests.received.total: 70"))
    assert totals_in_tables(after) == after
