"""The register of a superior office: read, refused, made from a list, and what changed with the years."""

from __future__ import annotations

import io
import json
import tracemalloc
from typing import TYPE_CHECKING

import jsonschema
import pytest
import xlsxwriter
import yaml
from nianbao.data_files.schemas import SCHEMAS
from nianbao.lifecycle.refusal import RefusedError
from nianbao.members.listing import register_text
from nianbao.members.register import read_register
from nianbao.model.kinds import KIND_TITLES
from nianbao.reading.findings import Findings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from nianbao.members.register import Register

REGISTER = """\
deadline: 01-20
members:
  - id: finance
    names: [{name: 示例县财政局, from: 2019}]
    kind: department
    class: 部门
    from: 2019
    folder: 单位/财政局
  - id: grid
    names:
      - {name: 示例县网格中心, from: 2019, to: 2024}
      - {name: 示例县城运中心, from: 2025}
    kind: institution
    from: 2019
    deadline: 01-10
  - id: tourism
    names: [{name: 示例县旅游局, from: 2019}]
    kind: department
    from: 2019
    to: 2024
    into: [culture]
  - id: old_town
    names: [{name: 示例县老城镇人民政府, from: 2019}]
    kind: government
    from: 2019
    to: 2024
    into: [east, west]
  - id: office
    names: [{name: 示例县临时办公室, from: 2019}]
    kind: department
    from: 2019
    to: 2024
  - id: culture
    names: [{name: 示例县文化局, from: 2019}]
    kind: department
    from: 2019
  - id: east
    names: [{name: 示例县城东街道办事处, from: 2025}]
    kind: dispatched
    from: 2025
  - id: west
    names: [{name: 示例县城西街道办事处, from: 2025}]
    kind: dispatched
    from: 2025
returned:
  - {id: grid, year: 2025, on: 2026-01-12, reason: 表三不平}
"""


def read(folder: Path, text: str) -> tuple[Register | None, list[str]]:
    """Return the register that *text* writes, and the messages."""
    path = folder / "members.yml"
    path.write_text(text, encoding="utf-8")
    findings = Findings()
    register = read_register(path, "data/members.yml", findings)
    return register, [str(finding) for finding in findings.sorted()]


def test_bodies_of_a_year(tmp_path: Path) -> None:
    """Who must report, under which name and until when, is known by year."""
    register, messages = read(tmp_path, REGISTER)
    assert register is not None
    assert messages == []
    assert [member.id for member in register.of(2024)] == [
        "finance",
        "grid",
        "tourism",
        "old_town",
        "office",
        "culture",
    ]
    due = {member.id: (member.name(2025), str(member.due(2025))) for member in register.of(2025)}
    assert due["finance"] == ("示例县财政局", "2026-01-20")
    assert due["grid"] == ("示例县城运中心", "2026-01-10")
    assert set(due) == {"finance", "grid", "culture", "east", "west"}
    returned = register.returned("grid", 2025)
    assert returned is not None
    assert returned.reason == "表三不平"
    assert register.returned("grid", 2024) is None


def test_changes_are_said_with_their_year(tmp_path: Path) -> None:
    """Renamed, merged, split and abolished bodies are told, each in its words."""
    register, _ = read(tmp_path, REGISTER)
    assert register is not None
    assert list(register.changes(2025)) == [
        "示例县网格中心自 2025 年度起改称示例县城运中心。",
        "示例县旅游局自 2025 年度起不再报告：并入示例县文化局。",
        "示例县老城镇人民政府自 2025 年度起不再报告：拆分为示例县城东街道办事处、示例县城西街道办事处。",
        "示例县临时办公室自 2025 年度起不再报告：撤销。",
    ]
    assert list(register.changes(2023)) == []
    assert list(register.changes(2019)) == []  # The register begins here: nobody is new.
    newer, _ = read(tmp_path, REGISTER.replace("    from: 2019\n    folder", "    from: 2022\n    folder"))
    assert newer is not None
    assert list(newer.changes(2022)) == ["示例县财政局自 2022 年度起报告。"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("id: west", "id: east", ["data/members.yml:41:5: 标识 east 写了两次，第一次在第 37 行；请改正其一"]),
        (
            "into: [culture]",
            "into: [cultur]",
            ["data/members.yml:16:5: tourism 的承接单位 cultur 不是名册里的另一个单位；是否应为 culture；请改正"],
        ),
        (
            "into: [culture]",
            "into: [office]",
            [
                "data/members.yml:16:5: tourism 到 2024 年度止，承接单位 office 下一年度却不报告；请核对两者的年度",
            ],
        ),
        (
            "kind: institution\n    from: 2019",
            "kind: institution",
            ["data/members.yml:9:5: 单位缺少 from（起始年度）；请补上"],
        ),
        ("from: 2025}\n    kind: institution", "from: 2024}\n    kind: institution", ["年度重叠"]),
        ("{id: grid, year", "{id: grit, year", ["名册里没有 grit 这个单位；是否应为 grid；请改正"]),
        ("示例县文化局", "示例县财政局", ["culture 与 finance 在同一年度都叫“示例县财政局”；请改正其一"]),
        ("deadline: 01-10", "deadline: 1月10日", ["报送期限应写作“月-日”"]),
    ],
)
def test_mistakes_are_told_at_their_place(tmp_path: Path, old: str, new: str, expected: Sequence[str]) -> None:
    """A register with a mistake is refused, with the place and what to do."""
    assert old in REGISTER
    register, messages = read(tmp_path, REGISTER.replace(old, new, 1))
    assert register is None
    for words in expected:
        assert any(words in message for message in messages), messages


def test_schema_accepts_a_register() -> None:
    """What the reader accepts, editors do not mark."""
    schema = json.loads((SCHEMAS / "members.json").read_text(encoding="utf-8"))
    data = yaml.load(REGISTER, Loader=yaml.BaseLoader)  # noqa: S506  # a safe loader
    for member in data["members"]:
        for key in ("from", "to"):
            if key in member:
                member[key] = int(member[key])
        for name in member["names"]:
            name |= {key: int(name[key]) for key in ("from", "to") if key in name}
    data["returned"][0]["year"] = 2025
    jsonschema.Draft7Validator(schema).validate(data)


def workbook(rows: Sequence[Sequence[str | int]]) -> bytes:
    """Return a workbook with *rows* in its sheet 名单."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet("名单")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return content.getvalue()


def test_register_from_a_list(tmp_path: Path) -> None:
    """A list in Excel becomes a register; lines with one id are one body, and hostile words stay words."""
    rows: list[list[str | int]] = [
        ["示例县应报送单位"],
        ["序号", "单位名称", "标识", "分类", "起始年度", "截止年度", "期限", "承接单位"],
        [1, "示例县网格中心", "grid", "直属机构", 2019, "", "", ""],
        [2, "示例县城运中心", "grid", "直属机构", 2025, "", "1月10日", ""],
        [3, "示例县城关镇人民政府", "", "乡镇街道", "", "", "", ""],
        [4, 'x"}, from: 1]\\', "no", "", "", "", "", ""],
        [5, "示例县旅游局", "tourism", "", 2019, 2024, "", "grid"],
    ]
    register, messages = read(tmp_path, register_text(workbook(rows), "xlsx", 2025))
    assert messages == []
    assert register is not None
    grid, town, hostile, tourism = register.members
    assert [(name.text, name.first, name.last) for name in grid.names] == [
        ("示例县网格中心", 2019, 2024),
        ("示例县城运中心", 2025, None),
    ]
    assert grid.deadline == (1, 10)
    assert (town.id, town.kind, town.group, town.first) == ("member_003", "township", "乡镇街道", 2025)
    assert (hostile.id, hostile.names[0].text) == ("no", 'x"}, from: 1]\\')
    assert (tourism.last, tourism.successors) == (2024, ("grid",))


def test_all_mistakes_of_a_list_are_told() -> None:
    """Mistakes are told at their lines, all at once."""
    rows = [["名称", "类别", "起始年度", "期限"], ["", "政府部门", "2019", ""], ["示例县甲局", "局", "19", "2月30日"]]
    with pytest.raises(RefusedError) as caught:
        register_text(workbook(rows), "xlsx", 2025)
    assert str(caught.value).splitlines() == [
        "工作表“名单”第 2 行：名称是空的；请补上，或删去这一行",
        f"工作表“名单”第 3 行：类别应为 {'、'.join(KIND_TITLES.values())} 之一，实际为“局”；请改正或留空",
        "工作表“名单”第 3 行：起始年度应为四位数的年份，实际为“19”；请改正或留空",
        "工作表“名单”第 3 行：期限应写作 01-20 或 1月20日 的样子，实际为“2月30日”；请改正或留空",
    ]
    twice = [["名称"], ["示例县甲局"], ["示例县甲局"]]
    with pytest.raises(RefusedError) as caught:
        register_text(workbook(twice), "xlsx", 2025)
    told = "工作表“名单”第 3 行：member_002 与 member_001 在同一年度都叫“示例县甲局”；请改正其一"
    assert str(caught.value) == told
    with pytest.raises(RefusedError, match="没有一行是标题"):
        register_text(workbook([["甲"], ["乙"]]), "xlsx", 2025)


def test_a_register_of_ten_thousand_bodies_is_read(tmp_path: Path) -> None:
    """It is larger than other data files may be; what is read of one body is not held while the next is read."""
    rows = (
        f"  - {{id: agency{number:05}, names: [{{name: 示例区第{number}街道办事处, from: 2019}}], kind: department, "
        f"class: 乡镇街道, from: 2019, folder: members/agency{number:05}}}\n"
        for number in range(10_000)
    )
    path = tmp_path / "members.yml"
    path.write_text("members:\n" + "".join(rows), encoding="utf-8")
    findings = Findings()
    tracemalloc.start()
    try:
        register = read_register(path, path.name, findings)
        stays, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert register is not None, findings.sorted()
    assert len(register.of(2023)) == 10_000
    assert peak < 3 * stays, (stays, peak)
