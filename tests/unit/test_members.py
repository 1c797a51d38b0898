"""The register of a superior office: read, refused, made from a list, and what changed with the years."""

from __future__ import annotations

import io
import json
import tracemalloc
from typing import TYPE_CHECKING

import county
import jsonschema
import pytest
import xlsxwriter
import yaml
from nianbao.beginning.new_year import make_year
from nianbao.command.judging import check_project
from nianbao.data_files.schemas import SCHEMAS
from nianbao.members.listing import register_from
from nianbao.members.questions import answer_findings, answers_in, asked_before
from nianbao.members.register import read_register
from nianbao.model.project import project_at
from nianbao.reading.findings import Findings
from nianbao.reading.refusal import RefusedError

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
            ["data/members.yml:21:11: tourism 的承接单位 cultur 不是名册里的另一个单位；是否应为 culture；请改正"],
        ),
        (
            "into: [culture]",
            "into: [office]",
            [
                "data/members.yml:21:11: tourism 到 2024 年度止，承接单位 office 下一年度却不报告；请核对两者的年度",
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


ADJUSTED = "adjustments:\n  - {year: 2025, cell: a, by: -2, reason: 甲}\n"
TOWN = "{name: 示例县城东街道办事处, from: 2025}"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "  - id: grid\n    names:\n",
            "  - id: grid\n    names: []\n    class:\n",
            ["10:12: 名称是空的；", "12:7: 分类应为文字，实际为列表"],
        ),
        ("示例县文化局, from: 2019", "示例县文化局, from: 2021", ["34:12: 没有写明 2019 年度的报告用哪个名称；"]),
        ("from: 2019, to: 2024", "from: 2019, to: 2022", ["11:7: 没有写明 2023 年度的报告用哪个名称；"]),
        ("城运中心, from: 2025", "城运中心, from: 2025, to: 2026", ["11:7: 没有写明 2027 年度的报告用哪个名称；"]),
        (TOWN, "{name: ——, from: 2025}", ["38:13: 名称“——”里没有一个字；"]),
        (TOWN, f"{{name: {'局' * 121}, from: 2025}}", [f"38:13: 名称“{'局' * 40}…”有 121 个字，多于 120 个；"]),
        (
            "    names: [{name: 示例县旅游局, from: 2019}]",
            "    names: [{name: 示例县旅游局, from: 2019, to: 2024}, {name: 示例县游玩局, from: 2025}]",
            ["17:12: 名称“示例县游玩局”从 2025 年度起，单位到 2024 年度止；"],
        ),
        (
            "示例县文化局",
            "示例县 财政局",
            ["33:5: culture 与 finance 在同一年度都叫“示例县 财政局”（“示例县财政局”，只差"],
        ),
        ("dispatched\n    from: 2025\n  - id: west", "street\n    from: 2025\n  - id: west", ["39:11: 机关类别应为"]),
        ("into: [east, west]", "into: [east, 城西]", ["27:18: 承接单位的标识应为小写字母"]),
        ("id: grid, year: 2025", "id: grid, year: 2018", ["46:22: grid 按名册不编制 2018 年度的报告；"]),
        ("on: 2026-01-12", "on: 2016-01-12", ["46:32: 退回日期 2016-01-12 早于报告的年度 2025；"]),
        *(
            ("returned:\n", f"{ADJUSTED.replace('-2', by)}returned:\n", [f"46:31: 调整数{told}"])
            for by, told in (
                ("2", "应为带正负号的数，如 +2、-0.5，实际为“2”；"),
                ("+0", "为 +0，应写明多少，"),
                ("不详", "应为带正负号的数"),
                ("＋２", "应为带正负号的数，如 +2、-0.5，实际为“＋２”；请改用半角数字 +2"),
                ("+99999999", "为 +99999999，超过上限 9999999；"),
            )
        ),
        (
            "returned:\n",
            f"{ADJUSTED}{ADJUSTED.partition(chr(10))[2]}returned:\n",
            ["47:5: 同样的调整写了两次，第一次在第 46 行；请删去其一"],
        ),
    ],
)
def test_a_mistake_is_told_once(tmp_path: Path, old: str, new: str, expected: Sequence[str]) -> None:
    """Each has one message at its place: bodies that name one at fault, and what follows from it, have none."""
    assert old in REGISTER
    register, messages = read(tmp_path, REGISTER.replace(old, new, 1))
    assert register is None
    assert len(messages) == len(expected), messages
    for words, message in zip(expected, messages, strict=True):
        assert message.startswith(f"data/members.yml:{words}"), messages


def test_a_check_tells_what_the_commands_of_a_superior_would(tmp_path: Path) -> None:
    """Mistakes of the register, of adjustments and of answers are found by a check, as long before they matter."""
    portal = county.write_county(tmp_path, 2)
    make_year(project_at(portal), county.YEAR)
    path = portal / "data/members.yml"
    bodies = path.read_text(encoding="utf-8").partition("returned")[0]
    lines = [
        f"  - {{year: {year}, cell: {cell}, by: {by}, reason: 甲}}\n"
        for year, cell, by in (
            (county.YEAR, "requests.received.natural_person", "-2"),
            (county.YEAR, "requests.received.natural_persn", "-2"),
            (county.YEAR, "requests.received", "-2"),
            (county.YEAR, "disclosure.penalties", "-2"),
            (county.YEAR, "requests.received.natural_person", "+0.5"),
            (county.YEAR + 9, "requests.received.natural_person", "-2"),
        )
    ]
    path.write_text(f"{bodies}adjustments:\n{''.join(lines)}", encoding="utf-8")
    (portal / "来件").mkdir()
    asked = '问题:\n  - 编号: "0"\n    答复: 示例市示例区第3局\n  - 编号: "1"\n    答复: 照提议\n'
    (portal / "来件/问题.yml").write_text(asked, encoding="utf-8")

    def told() -> list[str]:
        found = check_project(project_at(portal)).findings
        return [str(one) for one in found if one.place.file in {"data/members.yml", "来件/问题.yml"}]

    assert told() == [
        (
            "data/members.yml:7:5: 汇总表里没有“requests.received.natural_persn”这一格"
            "；是否应为 requests.received.natural_person"
        ),
        "data/members.yml:8:5: requests.received 是合计，由各格相加；请调整相加的各格",
        "data/members.yml:9:5: disclosure.penalties 这一格请写全：disclosure.penalties.decisions",
        "data/members.yml:10:5: requests.received.natural_person 是整数，调整数 +0.5 有小数；请改正",
        (
            "data/members.yml:11:5: 没有 2032 年的数据，这一项调整用不上；"
            "请核对年度，还没有建立的年度先运行 nianbao new 2032"
        ),
        (
            "来件/问题.yml:3:9: 名册里没有“示例市示例区第3局”这个单位；是否应为 示例市示例区第1局；"
            "请写名册里的名称或标识，后面可以写年度，不收的写 不收"
        ),
        "来件/问题.yml:5:9: 这一问没有提议；请写名册里的名称或标识，后面可以写年度，不收的写 不收",
    ]
    path.write_text(bodies.replace("department", "departmen", 1), encoding="utf-8")
    (found,) = told()
    assert found.startswith("data/members.yml:3:")
    path.unlink()
    assert told() == []


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("示例县财政局 ２０２３ 年", ("finance", 2023)),
        ("示例县财政局2023年度", ("finance", 2023)),
        ("示例县财政局（2023）", ("finance", 2023)),
        ("照提议。", ("grid", 2025)),
        ("不 收", None),
        ("示例县文化局", "叫“示例县文化局”的有 2 个单位，标识是 culture、old_culture；"),
        ("示例县文化局 2015", ("old_culture", 2015)),
        ("示例县财政 2023", "名册里没有“示例县财政 2023”这个单位；是否应为 示例县财政局；"),
        (
            "同意",
            "名册里没有“同意”这个单位；请写名册里的名称或标识，后面可以写年度，同意提议的写 照提议，不收的写 不收",
        ),
        ("[a]\n  - 编号: '0'\n    答复: b", "这一问答复了两次，另一处在第 4 行；请只留一处"),
        ("{a: b}", "答复应写在一行里，实际为若干“项目: 内容”；"),
    ],
)
def test_an_answer_is_read_as_people_write_it(
    tmp_path: Path, answer: str, expected: tuple[str, int] | str | None
) -> None:
    """Years are written in several ways; what says nobody, or more than one, is told with what to write."""
    old = "  - {id: old_culture, names: [{name: 示例县文化局, from: 2012}], kind: department, from: 2012, to: 2018}\n"
    register, _ = read(tmp_path, REGISTER.replace("returned:\n", f"{old}returned:\n"))
    assert register is not None
    (tmp_path / "来件").mkdir()
    text = f"问题:\n  - 编号: '0'\n    提议: 示例县城运中心 2025\n    答复: {answer}\n"
    (tmp_path / "来件/问题.yml").write_text(text, encoding="utf-8")
    found = answer_findings(tmp_path, "来件/问题.yml", register)
    if isinstance(expected, str):
        assert [one.message.startswith(expected) for one in found] == [True], found
        return
    assert found == ()
    answers = answers_in(*asked_before(tmp_path), register)
    match = answers["0"]
    assert (match and (match.member.id, match.year)) == expected  # type: ignore[union-attr]  # of no doubt


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


def workbook(rows: Sequence[Sequence[str | int]], **others: Sequence[Sequence[str | int]]) -> bytes:
    """Return a workbook with *rows* in its sheet 名单, and *others* by the names of their sheets.

    A row of one text goes over five columns.
    """
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        for name, listed in {"名单": rows, **others}.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(listed):
                if len(row) == 1 and others:
                    sheet.merge_range(number, 0, number, 4, row[0])
                else:
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
    register, messages = read(tmp_path, register_from(workbook(rows), "xlsx", 2025).text)
    assert messages == []
    assert register is not None
    grid, town, hostile, tourism = register.members
    assert [(name.text, name.first, name.last) for name in grid.names] == [
        ("示例县网格中心", 2019, 2024),
        ("示例县城运中心", 2025, None),
    ]
    assert grid.deadline == (1, 10)
    assert (town.id, town.kind, town.group, town.first) == ("member_003", "township", "乡镇街道", 2019)
    assert (hostile.id, hostile.names[0].text) == ("no", 'x"}, from: 1]\\')
    assert (tourism.last, tourism.successors) == (2024, ("grid",))


def test_a_list_as_offices_keep_it(tmp_path: Path) -> None:
    """Sheets, headings between lines, sums, ordinary words and remarks are read; what was read into is told."""
    parts = "东街道、望山县教育局和西街道办事处"
    departments: list[list[str | int]] = [
        ["望山县年报编制单位名单（2025年度）"],
        ["序号", "单位全称", "类 别", "报送期限", "备注"],
        ["一、县政府部门（4个）"],
        [1, "望山县教育局", "部门", "2026年1月20日", "联系人：王某"],
        [2, "望山县文化和旅游局", "部门", "", "2024年由原文化局、旅游局合并组建"],
        [3, "望山县旅游局", "部门", "", "2024年3月并入县文化和旅游局"],
        [4, "望山县数据局", "政府工作部门", "", "原望山县大数据局，2025年更名"],
        ["二、其他"],
        [5, "望山县史志室", "参公", "", "2023年撤销"],
        [6, "望山县网格中心", "事业单位", "", f"2025年拆分为{parts}"],
        [7, "望山县林场", "", "", "2022年划转市里，后又合并"],
        [8, "望山县苗圃", "", "", "2023年并入市林业局"],
        ["", "合计", 8, "", ""],
        ["填表人：王某", "", "审核：李某"],
    ]
    towns: list[list[str | int]] = [
        ["名称", "备注"],
        ["望山县东街道办事处", "2025年新设"],
        ["望山县西街道办事处", ""],
        ["望山县城关镇人民政府", ""],
    ]
    made = register_from(workbook(departments, 乡镇街道=towns, 说明=[["甲", "乙"]]), "xlsx", 2025)
    register, messages = read(tmp_path, made.text)
    assert messages == []
    assert register is not None
    known = {member.names[-1].text: member for member in register.members}
    assert {name: (one.kind, one.group) for name, one in known.items()} == {
        "望山县教育局": ("department", "县政府部门"),
        "望山县文化和旅游局": ("department", "县政府部门"),
        "望山县旅游局": ("department", "县政府部门"),
        "望山县数据局": ("department", "县政府部门"),
        "望山县史志室": ("department", "参公"),
        "望山县网格中心": ("institution", "其他"),
        "望山县林场": ("department", "其他"),
        "望山县苗圃": ("department", "其他"),
        "望山县东街道办事处": ("dispatched", "乡镇街道"),
        "望山县西街道办事处": ("dispatched", "乡镇街道"),
        "望山县城关镇人民政府": ("township", "乡镇街道"),
    }
    assert known["望山县教育局"].deadline == (1, 20)
    assert {member.first for member in register.members} == {2022, 2024, 2025}
    assert [sorted(register.changes(year)) for year in (2023, 2024, 2025)] == [
        ["望山县史志室自 2023 年度起不再报告：撤销。"],
        ["望山县旅游局自 2024 年度起不再报告：并入望山县文化和旅游局。"],
        [
            "望山县大数据局自 2025 年度起改称望山县数据局。",
            "望山县网格中心自 2025 年度起不再报告：拆分为望山县东街道办事处、望山县教育局、望山县西街道办事处。",
        ],
    ]
    assert made.notes == (
        "工作表“说明”没有“名称”一列，没有读",
        "工作表“名单”第 5 行：备注“2024年由原文化局、旅游局合并组建”读作：起始年度 2024；请核对",
        "工作表“名单”第 6 行：备注“2024年3月并入县文化和旅游局”读作：截止年度 2023，承接单位 县文化和旅游局；请核对",
        "工作表“名单”第 7 行：备注“原望山县大数据局，2025年更名”读作：2025 年度以前名称为 望山县大数据局；请核对",
        "工作表“名单”第 9 行：备注“2023年撤销”读作：截止年度 2022，没有承接单位；请核对",
        f"工作表“名单”第 10 行：备注“2025年拆分为{parts}”读作：截止年度 2024，承接单位 {parts}；请核对",
        *(
            f"工作表“名单”第 {line} 行：备注“{words}”没有读入；"
            "请在起始年度、截止年度、承接单位里写明，或者写好名册以后再改"
            for line, words in ((11, "2022年划转市里，后又合并"), (12, "2023年并入市林业局"))
        ),
        "工作表“乡镇街道”第 2 行：备注“2025年新设”读作：起始年度 2025；请核对",
        "没有写起始年度的，写作从 2022 年度起",
        "类别：乡镇人民政府 1 个、政府部门 7 个、派出机构 2 个、直属事业机构等其他主体 1 个",
    )


def test_all_mistakes_of_a_list_are_told() -> None:
    """Mistakes are told at their lines, all at once."""
    rows = [["名称", "类别", "起始年度", "期限"], ["", "政府部门", "2019", ""], ["示例县甲局", "局", "19", "2月30日"]]
    rows = [[*row, into] for row, into in zip(rows, ("承接单位", "", "示例县乙局"), strict=True)]
    with pytest.raises(RefusedError) as caught:
        register_from(workbook(rows), "xlsx", 2025)
    assert str(caught.value).splitlines() == [
        "工作表“名单”第 2 行：名称是空的；请补上，或删去这一行",
        "工作表“名单”第 3 行：起始年度应为四位数的年份，实际为“19”；请改正或留空",
        "工作表“名单”第 3 行：期限应写作 01-20 或 1月20日 的样子，实际为“2月30日”；请改正或留空",
        "工作表“名单”第 3 行：承接单位“示例县乙局”不都是名单里的单位；请写名单里的名称或标识，几个单位用顿号隔开",
    ]
    twice = [["名称"], ["示例县甲局"], ["示例县甲局"]]
    with pytest.raises(RefusedError) as caught:
        register_from(workbook(twice), "xlsx", 2025)
    told = "工作表“名单”第 3 行：member_002 与 member_001 在同一年度都叫“示例县甲局”；请改正其一"
    assert str(caught.value) == told
    with pytest.raises(RefusedError, match="没有一行是标题"):
        register_from(workbook([["甲"], ["乙"]]), "xlsx", 2025)


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
