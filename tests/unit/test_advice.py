"""Marks and cells as they come from a Chinese keyboard or a spreadsheet: the advice is followed, and works."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from building import ROOT
from nianbao.model.configuration import read_configuration
from nianbao.model.dataset import read_dataset
from nianbao.reading.findings import Findings

if TYPE_CHECKING:
    from pathlib import Path

GOOD = ROOT / "tests" / "bad_data"
ROW = "received: [0, 0, 0, 0, 0, 0]"
ITEM = "{title: 机构职能信息, full_text: true}"
COLON, COMMA = "冒号是全角的；请改成半角冒号，后面空一格", "逗号是全角的；请改成半角逗号，后面空一格"
BRACES, BRACKETS = "括号是全角的；请改成半角花括号 { }", "请用半角方括号 [ ] 括起来，数字之间用半角逗号隔开"
PASTED = "从表格里复制来的各数之间请改成半角逗号，整行放在半角方括号 [ ] 里"
LISTED = "[] 表示没有，下面却还有；请删去 []，各条从下一行写起"

# What stands in the good file, what is written instead, what is advised (all of it), and what then is written.
DATA = {
    "tabs in brackets": (ROW, "received: [0\t0\t0\t0\t0\t0]", [PASTED], ROW),
    "a pasted row": (ROW, "received: 12\t0\t空白\t0\t0\t0", [PASTED], "received: [12, 0, 空白, 0, 0, 0]"),
    "a tab before a value": (ROW, "received:\t[0, 0, 0, 0, 0, 0]", ["制表符（Tab），请改用空格"], ROW),
    "a colon": ("year: 2023", "year：2023", [COLON], "year: 2023"),
    "a colon with a blank": ("status: published", "status： published", [COLON], "status: published"),
    "two colons": (
        "year: 2023\nformat: 2021",
        "year：2023\nformat：2021",
        [COLON, COLON],
        "year: 2023\nformat: 2021",
    ),
    "a colon of a group": ("requests:", "requests：", [COLON], "requests:"),
    "a colon of a category": ("- category: 财政信息", "- category：财政信息", [COLON], "- category: 财政信息"),
    "a colon of an item": (ITEM, "title：机构职能信息", [f"冒号是全角的，请{COLON[8:]}"[:5]], ITEM),
    "colons in braces": (
        ITEM,
        "{title：机构职能信息, full_text：true}",
        ["缺少 full_text", "缺少 title", COLON, COLON],
        ITEM,
    ),
    "no blank": ("year: 2023", "year:2023", ["请在冒号后面空一格"], "year: 2023"),
    "a comma in braces": (ITEM, "{title: 机构职能信息，full_text: true}", [COMMA], ITEM),
    "braces": (ITEM, "｛title: 机构职能信息, full_text: true｝", [BRACES], ITEM),
    "brackets of text": (ITEM, "（title: 机构职能信息, full_text: true）", [BRACES], ITEM),
    "brackets": (ROW, "received: ［0, 0, 0, 0, 0, 0］", [BRACKETS], ROW),
    "brackets of a title": (ROW, "received: 【0, 0, 0, 0, 0, 0】", [BRACKETS], ROW),
    "commas": (ROW, "received: [1，2，3，4，5，6]", ["应有 6 个数", "请改用半角逗号"], "received: [1, 2, 3, 4, 5, 6]"),
    "quotation marks": (ROW, "received: [“7”, 0, 0, 0, 0, 0]", ["请去掉引号"], "received: [7, 0, 0, 0, 0, 0]"),
    "a quoted word": ("status: published", "status: “published”", ["是否应为 published"], "status: published"),
    "a quoted day": (
        "status: published",
        "status: published\npublished_on: “2024-01-20”",
        ["应写作 2024-01-31 的样子"],
        "status: published\npublished_on: 2024-01-20",
    ),
    "a full dash": (
        "  - category: 财政信息",
        "  －category: 财政信息",
        ["半角的 - ，后面空一格"],
        "  - category: 财政信息",
    ),
    "a bare title": (
        ITEM,
        "机构职能信息",
        ["请写成 {title: 机构职能信息, full_text: true}，没有电子化全文的写 false"],
        ITEM,
    ),
    "是": (ITEM, ITEM.replace("true", "是"), ["应为 true（是）或 false（否）"], ITEM),
    "否": (
        "status: published",
        "status: published\ntranscribed: 否",
        ["应为 true（是）或 false（否）"],
        "status: published",
    ),
    "an item below none": (
        "entries:\n      - {title: 部门预算,",
        "entries: []   # 暂无\n      - {title: 部门预算,",
        [LISTED],
        "entries:\n      - {title: 部门预算,",
    ),
    "an item beside none": (
        "entries:\n      - {title: 部门预算,",
        "entries: []\n    - {title: 部门预算,",
        [LISTED],
        "entries:\n    - {title: 部门预算,",
    ),
    "thousands, one number": (
        ROW,
        "received: [1,234, 0, 0, 0, 0, 0]",
        ["是一个数的请写 1234"],
        "received: [1234, 0, 0, 0, 0, 0]",
    ),
    "thousands, two numbers": (
        ROW,
        "received: [1,234, 0, 0, 0, 0]",
        ["是两个数的请在逗号后面空一格"],
        "received: [1, 234, 0, 0, 0, 0]",
    ),
    "thousands without any blank": (
        ROW,
        "received: [1,234,0,0,0,0,0]",
        ["请写 1234"],
        "received: [1234, 0, 0, 0, 0, 0]",
    ),
    "thousands, full": (
        ROW,
        "received: [1，234, 0, 0, 0, 0, 0]",
        ["千位逗号请去掉"],
        "received: [1234, 0, 0, 0, 0, 0]",
    ),
    "thousands in another column": (
        "disclosure:\n  regulations: [0, 0, 0]",
        "disclosure:\n  regulations: [0, 1,005, 0]",
        ["请写 1005"],
        "disclosure:\n  regulations: [0, 1005, 0]",
    ),
}


@pytest.mark.parametrize("name", DATA)
def test_advice_on_data_works(name: str, tmp_path: Path) -> None:
    """What is told is all there is to do."""
    good, wrong, advised, mended = DATA[name]
    found = []
    for number, written in enumerate((wrong, mended)):
        data = tmp_path / str(number) / "data"
        data.mkdir(parents=True)
        for file in ("2023.yml", "agency.yml"):
            shutil.copy(GOOD / file, data)
        text = (GOOD / "2023.yml").read_text(encoding="utf-8")
        assert text.count(good) == 1
        (data / "2023.yml").write_text(text.replace(good, written), encoding="utf-8")
        found.append([str(one) for one in read_dataset(data.parent, data).findings])
    assert found[1] == []
    assert len(found[0]) == len(advised)
    assert all(advice in message for advice, message in zip(advised, found[0], strict=True)), found[0]


@pytest.mark.parametrize("written", ["[5,120,0,0,0,1,126]", "[5,120,0,0,0,1]", "[1, 234, 0, 0, 0, 0]", "[0,0,0,0,0,0]"])
def test_rows_without_blanks_are_no_thousands(written: str, tmp_path: Path) -> None:
    """Where all commas are alike, and the figures fit the columns or the total, nothing is told."""
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(GOOD / "agency.yml", data)
    text = (GOOD / "2023.yml").read_text(encoding="utf-8").replace(ROW, f"received: {written}")
    (data / "2023.yml").write_text(text, encoding="utf-8")
    assert [str(one) for one in read_dataset(tmp_path, data).findings] == []


SETTINGS = "site_name: 年报\nplugins:\n  - search\n  - nianbao:\n      notice: 示例\n"


@pytest.mark.parametrize(
    ("good", "wrong", "advice"),
    [
        ("site_name: ", "site_name：", "mkdocs.yml:1:10: YAML 格式有误：" + COLON),
        ("notice: ", "notice：", "mkdocs.yml:5:7: “plugins.nianbao”里的" + COLON),
        ("plugins:\n", "plugins：\n", "mkdocs.yml:2:8: YAML 格式有误：" + COLON),
        (
            "  - search",
            "  －search",
            "mkdocs.yml:3:3: YAML 格式有误：列表前面的横线是全角的；请改成半角的 - ，后面空一格",
        ),
        ("site_name: 年报", "site_name: 年报\nextra: {a: 1，b: 2}", "mkdocs.yml:2:13: YAML 格式有误：" + COMMA),
    ],
)
def test_advice_on_settings_works(good: str, wrong: str, advice: str, tmp_path: Path) -> None:
    """The reader of mkdocs.yml tells the same at the mark itself; as they were, the settings are read."""
    told = []
    for written in (wrong, good):
        path, found = tmp_path / "mkdocs.yml", Findings()
        path.write_text(SETTINGS.replace(good, written), encoding="utf-8")
        read_configuration(path, "mkdocs.yml", found)
        told.append([str(one) for one in found.sorted()])
    assert told == [[advice], []]
