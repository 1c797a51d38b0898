"""The draft of an area: sums that an independent addition gives too, with parts, n of N, and what stays unknown."""

from __future__ import annotations

import csv
import json
import re
import shutil
from typing import TYPE_CHECKING, Any

import county
import pytest
import yaml
from click.testing import CliRunner
from nianbao.beginning.new_year import make_year
from nianbao.command.main import nianbao
from nianbao.model.project import project_at
from projects import everything

if TYPE_CHECKING:
    from pathlib import Path

# Enough for all that is planted.
COUNT = 26
RECEIVED = "requests.received.natural_person"
LABEL = "第三部分的表：一、本年新收政府信息公开申请数量，自然人"


@pytest.fixture
def portal(tmp_path: Path) -> Path:
    """Return a county with what is wrong in it, and a new draft of the area."""
    portal = county.write_county(tmp_path, COUNT)
    county.plant(portal)
    make_year(project_at(portal), county.YEAR)
    return portal


def rollup(portal: Path, *, code: int = 0) -> str:
    """Add up the county in *portal* and return what is told."""
    result = CliRunner().invoke(nianbao, ["rollup", str(county.YEAR), "--project", str(portal)])
    assert result.exit_code == code, (result.output, result.exception)
    return result.output


def figures(path: Path) -> list[Any]:
    """Return the rows of requests that a data file writes, in its order, without totals."""
    found: list[Any] = []

    def walk(node: Any) -> None:  # noqa: ANN401  # what YAML holds
        if isinstance(node, dict):
            for below in node.values():
                walk(below)
        else:
            found.append(node[:6])

    walk(yaml.safe_load(path.read_text(encoding="utf-8"))["requests"])
    return found


def bodies(portal: Path, numbers: list[int]) -> list[Path]:
    """Return the data files of the bodies with these *numbers*."""
    return [portal / f"members/agency{number:05}/{county.YEAR}.yml" for number in numbers]


GOOD = [*county.LATE, *range(county.FOREIGN + 1, COUNT)]


def test_sums_are_those_of_an_independent_addition(portal: Path) -> None:
    """Each figure of the draft is the sum of those who have reported; the others are told by name with the reason."""
    told = rollup(portal)
    each = [figures(path) for path in bodies(portal, GOOD)]
    expected = [[sum(cells) for cells in zip(*rows, strict=True)] for rows in zip(*each, strict=True)]
    assert figures(portal / f"data/{county.YEAR}.yml") == expected
    assert "汇总了 9/26 个单位的报告" in told
    assert len(set(re.findall("示例市示例区第[0-9]+局", told))) == 17
    assert "  示例市示例区第5局、示例市示例区第6局、示例市示例区第7局（草稿）\n" in told
    assert "、示例市示例区第19局（有错误）\n" in told
    record = json.loads((portal / f"data/rollup/{county.YEAR}.json").read_text(encoding="utf-8"))
    with (portal / f"data/rollup/{county.YEAR}.csv").open(encoding="utf-8", newline="") as file:
        parts = {row["body"]: row["value"] for row in csv.DictReader(file) if row["cell"] == RECEIVED}
    assert sum(map(int, parts.values())) == int(record["cells"][RECEIVED]["value"]) == expected[0][0]
    assert (record["coverage"], len(record["missing"])) == ("9/26", 17)


def test_fee_and_items_are_added_up_and_coverage_is_told(portal: Path) -> None:
    """The fee is summed, items are counted by category, and beside whole figures stands of how many bodies."""
    first, second = bodies(portal, GOOD[:2])
    for path, fee in ((first, "10.5"), (second, "3")):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("processing_fee: 0 ", f"processing_fee: {fee} "), encoding="utf-8")
    rollup(portal)
    draft = yaml.safe_load((portal / f"data/{county.YEAR}.yml").read_text(encoding="utf-8"))
    assert draft["processing_fee"] == 13.5
    assert draft["items"] == [
        {"category": "概况信息", "entries": [], "count": 18},
        {"category": "财政信息", "entries": [], "count": 18},
    ]
    told = draft["remarks"]
    assert set(told.values()) == {"由 9/26 个单位的报告汇总"}
    assert {address.partition(".")[0] for address in told} == {"disclosure", "requests", "review"}
    assert [address for address in told if address.startswith("requests.")] == [
        "requests.received.total",
        "requests.carried_in.total",
        "requests.results.total.total",
        "requests.carried_out.total",
    ]
    second.write_text(
        second.read_text(encoding="utf-8").replace("processing_fee: 3 ", "processing_fee: 不详 "), encoding="utf-8"
    )
    assert "信息处理费（元）：13.5 → 不详" in rollup(portal)


def test_a_run_that_ended_before_the_draft_was_written(portal: Path) -> None:
    """The next run takes the figures of the one before for its own, not for what a person has typed."""
    rollup(portal)
    draft = portal / f"data/{county.YEAR}.yml"
    old = draft.read_bytes()
    (late,) = bodies(portal, [county.DRAFTS[0]])
    text = late.read_text(encoding="utf-8").replace("status: draft ", "status: published ")
    late.write_text(text, encoding="utf-8")
    rollup(portal)
    new = draft.read_bytes()
    draft.write_bytes(old)  # As if it had ended when the record was written.
    assert "没有覆盖" not in rollup(portal)
    assert draft.read_bytes() == new


def test_a_late_body_changes_what_changes(portal: Path) -> None:
    """A second run says which figures are others; with nothing new it says so and writes the same bytes."""
    rollup(portal)
    paths = [portal / f"data/{name}" for name in (f"{county.YEAR}.yml", f"rollup/{county.YEAR}.csv")]
    written = [path.read_bytes() for path in paths]
    assert "与上次汇总相比没有变化。" in rollup(portal)
    assert [path.read_bytes() for path in paths] == written
    shutil.rmtree(portal / ".cache")
    rollup(portal)
    assert [path.read_bytes() for path in paths] == written
    (late,) = bodies(portal, [county.DRAFTS[0]])
    text = late.read_text(encoding="utf-8").replace("status: draft ", "status: published ")
    late.write_text(text, encoding="utf-8")
    before = figures(portal / f"data/{county.YEAR}.yml")[0][0]
    told = rollup(portal)
    assert "汇总了 10/26" in told
    more = figures(late)[0][0]
    assert more > 0
    assert f"  {LABEL}：{before} → {before + more}" in told
    assert figures(portal / f"data/{county.YEAR}.yml")[0][0] == before + more


def test_a_report_of_its_own_body_alone_takes_no_sums(portal: Path) -> None:
    """Who adds up says that the report is that of an area; until then nothing is written."""
    path = portal / "data/agency.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("scope: area", "scope: own"), encoding="utf-8")
    before = everything(portal)
    assert "请把 data/agency.yml 里的 scope 改为 area，再运行一次；没有写入任何内容" in rollup(portal, code=1)
    assert everything(portal) == before


def test_unknown_stays_unknown(portal: Path) -> None:
    """A cell that one body does not know is not known of the area."""
    (path,) = bodies(portal, GOOD[-1:])
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(penalties: +\[)[0-9]+\]", r"\1不详]", text), encoding="utf-8")
    assert "[不详]" in path.read_text(encoding="utf-8")
    told = rollup(portal)
    assert "有单位不详、因而合计不详的 1 格：\n  第二部分的表：行政处罚，本年处理决定数量\n" in told
    assert yaml.safe_load((portal / f"data/{county.YEAR}.yml").read_text(encoding="utf-8"))["disclosure"][
        "penalties"
    ] == ["不详"]


def test_an_adjustment_has_its_reason(portal: Path) -> None:
    """A figure typed by hand stays and is told; one adjusted in the register is written, with the reason."""
    rollup(portal)
    draft = portal / f"data/{county.YEAR}.yml"
    whole = figures(draft)[0][0]
    text = draft.read_text(encoding="utf-8")
    draft.write_text(re.sub(rf"(  received: +\[ *){whole},", r"\g<1>7,", text), encoding="utf-8")
    assert figures(draft)[0][0] == 7
    told = rollup(portal)
    assert f"{LABEL}：草稿里写的是 7，各单位之和是 {whole}；没有覆盖，请核对\n" in told
    assert "把草稿里的这 1 格改成 待填，再运行一次 nianbao rollup 2023。" in told
    draft.write_text(text, encoding="utf-8")
    register = portal / "data/members.yml"
    adjustment = f"adjustments:\n  - {{year: {county.YEAR}, cell: {RECEIVED}, by: -2, reason: 两个单位同收一件}}\n"
    old = register.read_text(encoding="utf-8")
    register.write_text(old + adjustment, encoding="utf-8")
    assert f"调整：{LABEL} -2，原因：两个单位同收一件" in rollup(portal)
    assert figures(draft)[0][0] == whole - 2
    remarks = yaml.safe_load(draft.read_text(encoding="utf-8"))["remarks"]
    assert remarks[RECEIVED] == "已调整 -2（两个单位同收一件）"
    for wrong, number in (("requests.received.total", "-2"), (RECEIVED, "-0.5")):
        other = adjustment.replace(RECEIVED, wrong).replace("-2", number)
        register.write_text(old + other, encoding="utf-8")
        rollup(portal, code=1)
    fees = "disclosure.administrative_fees.amount"
    register.write_text(old + adjustment.replace(RECEIVED, fees).replace("-2", "+0.25"), encoding="utf-8")
    assert "调整：第二部分的表：行政事业性收费，本年收费金额（单位：万元） +0.25，原因：两个单位同收一件" in rollup(
        portal
    )
    assert figures(draft)[0][0] == whole
    assert RECEIVED not in yaml.safe_load(draft.read_text(encoding="utf-8"))["remarks"]
