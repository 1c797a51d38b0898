"""A synthetic county of sixty bodies with a register, and what is wrong with some of them on purpose."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from agencies import write_agencies
from nianbao.model.dataset import package_forms

if TYPE_CHECKING:
    from pathlib import Path

YEAR = 2023
COUNT = 60
MISSING, DRAFTS, LATE, UNBALANCED = range(5), range(5, 8), range(8, 12), range(12, 18)
RETURNED, HOSTILE, FOREIGN, COPIES = 18, 19, 20, (21, 22)
RECEIVED = "received:"
RETURNED_LINE = f"returned:\n  - {{id: agency{RETURNED:05}, year: {YEAR}, on: 2024-01-20, reason: 第五部分空着}}\n"
_OWN_WORDS = (
    "本年把办事指南逐项改写成问答，窗口人员每周核对一遍材料清单，群众来电询问的地方随时补写说明。"
    "下一步打算请街坊代表试读新写的说明，读不懂的句子当场改写，并把改动贴在大厅入口处的告示栏里。"
    "档案室整理旧目录时发现编号混乱的卷宗，逐卷核对以后重新编号登记，查找所需的时间缩短不少。"
)


def write_county(folder: Path, count: int = COUNT) -> Path:
    """Write the superior's portal with its register and *count* bodies below *folder*; return it."""
    forms = {number: form for number, form in package_forms().editions.items() if form is not None}
    portal = folder / "county"
    write_agencies(portal / "members", forms, count, (YEAR,))
    (portal / "data").mkdir()
    (portal / "docs").mkdir()
    (portal / "mkdocs.yml").write_text("site_name: 合成示例\nplugins: [search, macros, nianbao]\n", encoding="utf-8")
    agency = "id: county\nkind: government\nscope: area\nnames: [{name: 示例市示例区人民政府, from: 2019}]\n"
    (portal / "data/agency.yml").write_text(agency, encoding="utf-8")
    rows = ["# 合成示例，不对应任何真实机关。\n", "members:\n"]
    rows += (
        f"  - {{id: agency{number:05}, names: [{{name: 示例市示例区第{number}局, from: 2019}}], "
        f"kind: department, from: 2019, folder: members/agency{number:05}}}\n"
        for number in range(count)
    )
    rows.append(RETURNED_LINE)
    (portal / "data/members.yml").write_text("".join(rows), encoding="utf-8")
    return portal


def plant(portal: Path) -> None:
    """Put what is wrong into the bodies of the county in *portal*."""

    def data(number: int) -> Path:
        return portal / f"members/agency{number:05}/{YEAR}.yml"

    for number in MISSING:
        data(number).unlink()
    shutil.rmtree(data(MISSING[0]).parent)
    for number in DRAFTS:
        _edit(data(number), "status: published ", "status: draft ")
        _edit(data(number), f"published_on: {YEAR + 1}-01-18   # 公布日期\n", "")
    for number in LATE:
        _edit(data(number), f"{YEAR + 1}-01-18", f"{YEAR + 1}-02-03")
    for number in UNBALANCED:
        path = data(number)
        line = next(line for line in path.read_text(encoding="utf-8").splitlines() if line.strip().startswith(RECEIVED))
        first = line[line.index("[") + 1 : line.index(",")]
        _edit(path, line, line.replace(f"[{first},", f"[{int(first) + 1},"))
    data(HOSTILE).write_text("[" * 5000 + "\n", encoding="utf-8")
    _edit(data(FOREIGN).parent / "agency.yml", f"agency{FOREIGN:05}", "stranger")
    for number in COPIES:
        page = data(number).parent / f"docs/{YEAR}/5-improvement.md"
        page.parent.mkdir(parents=True)
        page.write_text(f"# 五、存在的主要问题及改进情况\n\n示例市示例区第{number}局{_OWN_WORDS}\n", encoding="utf-8")


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (path, old)
    path.write_text(text.replace(old, new), encoding="utf-8")
