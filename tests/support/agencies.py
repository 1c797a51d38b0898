"""Synthetic agencies in any number: figures that balance and are carried over from year to year, in both forms."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from nianbao.model.form import Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from nianbao.model.form import Form, Group, Table

YEARS = (2019, 2020, 2021, 2022, 2023)

# Figures by row and column path.
Figures = dict[tuple[str, str], int]

_PREFACE = """{{ report_heading() }}

根据《中华人民共和国政府信息公开条例》和BASIS所附格式编制。
统计期限为{{ year() }}年1月1日至12月31日。

{{ section_list() }}

{{ download_list() }}
"""
_SECTIONS = {
    "overview": "主动公开政府信息 {{ figure('items') }} 条。\n\n{{ item_list() }}\n",
    "disclosure": "{{ statutory_table('disclosure') }}\n",
    "requests": "新收申请 {{ figure('requests.received') }} 件。\n\n{{ statutory_table('requests') }}\n",
    "review": "行政复议 {{ figure('review.reconsideration') }} 件。\n\n{{ statutory_table('review') }}\n",
    "improvement": (
        "公开的内容还不够具体，更新有时不及时，查找也不够方便。下一步将逐项补充内容，每月核对一次更新情况，"
        "按类别重新整理目录，并请服务对象试用。\n"
    ),
    "other": "本年收取信息处理费 {{ figure('processing_fee') }} 元。\n",
}


def write_agencies(
    folder: Path, forms: Mapping[int, Form], count: int, years: Sequence[int] = YEARS, *, pages: bool = False
) -> None:
    """Write *count* agencies below *folder*, each with a report for each of *years*, and *pages* where asked for."""
    for number in range(count):
        agency = folder / f"agency{number:05}"
        agency.mkdir(parents=True)
        (agency / "agency.yml").write_text(_agency(number, years[0]), encoding="utf-8")
        chance = random.Random(number)  # noqa: S311  # the same figures in every run
        figures: dict[str, Figures] = {}
        for year in years:
            form = next(form for form in forms.values() if form.holds_for(year))
            figures = _figures(chance, form, figures)
            (agency / f"{year}.yml").write_text(_report(form, year, figures), encoding="utf-8")
            if pages:
                _write_pages(agency / "docs" / str(year), form)


def _agency(number: int, first: int) -> str:
    return f"""\
id: agency{number:05}
kind: department
scope: own
names: [{{name: 示例市示例区第{number}局, from: {first}}}]
site: {{name: 示例市门户网站, domain: www.example.org, id_code: "0000000000"}}
contact: {{telephone: 000-00000000}}
"""


def _write_pages(folder: Path, form: Form) -> None:
    folder.mkdir(parents=True)
    (folder / "index.md").write_text(_PREFACE.replace("BASIS", form.basis), encoding="utf-8")
    for number, section in enumerate(form.sections, 1):
        parts = "".join(f"\n## {part}\n\n{part}工作按计划完成。\n" for part in section.parts)
        text = f"# {section.heading}\n\n{_SECTIONS[section.id]}{parts}"
        (folder / f"{number}-{section.id}.md").write_text(text, encoding="utf-8")


def _figures(chance: random.Random, form: Form, before: Mapping[str, Figures]) -> dict[str, Figures]:
    """Return figures of every table that follow from those of the year *before*, where there is one."""
    tables = {table.id: table for table in form.tables}
    return {
        "disclosure": _disclosure(chance, tables["disclosure"], before.get("disclosure", {})),
        "requests": _requests(chance, tables["requests"], before.get("requests", {})),
        "review": {
            (row, column): chance.randint(1, 3) if column.endswith("upheld") else 0
            for row, column in _positions(tables["review"].typed)
        },
    }


def _disclosure(chance: random.Random, table: Table, before: Figures) -> Figures:
    figures: Figures = {}
    for row, column in _positions(table.typed):
        last = before.get((row, column), 0)
        if row == "regulations":
            figures[row, column] = 0
        elif column == "in_force":
            figures[row, column] = last + figures[row, "issued"] - figures[row, "repealed"]
        elif column == "published_in_all":
            figures[row, column] = last + figures[row, "newly_published"]
        elif column == "previous_items":
            figures[row, column] = last + before.get((row, "change"), 5)
        elif column in {"repealed", "change"}:
            figures[row, column] = 0
        else:
            figures[row, column] = chance.randint(100, 150)
    return figures


def _requests(chance: random.Random, table: Table, before: Figures) -> Figures:
    rows = [row.path for row in table.blocks[0].rows.parts if row.path.startswith("results.")]
    figures: Figures = {}
    for column in (column.path for column in table.blocks[0].columns.parts):
        received = chance.randint(0, 40)
        carried_in = before.get(("carried_out", column), 0)
        carried_out = received // 8
        figures |= {(row, column): 0 for row in rows}
        for _ in range(received + carried_in - carried_out):
            figures[chance.choice(rows[:8]), column] += 1
        figures |= {
            ("received", column): received,
            ("carried_in", column): carried_in,
            ("carried_out", column): carried_out,
        }
    return figures


def _positions(group: Group) -> Iterator[tuple[str, str]]:
    """Yield row and column path of every typed cell."""
    for below in group.below.values():
        if isinstance(below, Line):
            yield from (slot.position for slot in below.slots)
        else:
            yield from _positions(below)


def _report(form: Form, year: int, figures: Mapping[str, Figures]) -> str:
    """Return a data file with the remarks that data files have."""
    head = f"""\
# 合成示例：{year}年政府信息公开工作年度报告的事实和数字，不对应任何真实机关。
# 没有发生的填 0；原件无法辨认的填“不详”；合计由程序计算，不在这里填写。
year: {year}
format: {form.format}
status: published          # draft 草稿，published 已公布
published_on: {year + 1}-01-18   # 公布日期
processing_fee: 0          # 信息处理费（单位：元），在第六部分报告

items:
  - category: 概况信息
    entries:
      - {{title: 机构职能信息, full_text: true}}
      - {{title: 领导成员及分工信息, full_text: true}}
  - category: 财政信息
    entries:
      - {{title: {year}年部门预算, full_text: true}}
      - {{title: {year - 1}年部门决算, full_text: true}}
"""
    tables = ("\n".join([f"\n{table.id}:", *_lines(table.typed, figures[table.id], 1)]) for table in form.tables)
    return head + "\n".join(tables) + "\n"


def _lines(group: Group, figures: Figures, depth: int) -> Iterator[str]:
    for key, below in group.below.items():
        start = f"{'  ' * depth}{key}:"
        if isinstance(below, Line):
            words = ", ".join(_word(slot.column.kind, figures[slot.position]) for slot in below.slots)
            yield f"{start:<33} [{words}]   # {below.label}"
        else:
            yield f"{start:<60} # {below.label}"
            yield from _lines(below, figures, depth + 1)


def _word(kind: str, figure: int) -> str:
    match kind:
        case "change":
            return f"{figure:+d}" if figure else "0"
        case "money":
            return f"{figure / 100:.2f}"
        case "amount":
            return f"{figure}00元"
        case _:
            return str(figure)
