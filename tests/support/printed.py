"""A report as the text of its printed page: lines cut at a width, labels broken over them, faults as people print them.

Facts are those of the report that is given; the sentences around them are made here.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from nianbao.importing.original import Original, Paragraph
from nianbao.reading.numbers import width

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nianbao.model.form import Block, Form, Heading, Section, Table
    from nianbao.model.report import Report

_COLUMNS, _LABEL = 54, 28


def cut(text: str, columns: int = _COLUMNS) -> list[str]:
    """Return *text* cut into lines of so many columns."""
    lines = [""]
    for character in text:
        if width(lines[-1] + character) > columns:
            lines.append("")
        lines[-1] += character
    return lines


def printed_text(
    report: Report,
    prose: Mapping[str, Sequence[str]],
    *,
    numbers: Mapping[str, str] | None = None,
    short: str = "",
    title: Sequence[str] = (),
) -> str:
    """Return *report* as lines of text, with *prose* in the sections by their ids.

    *numbers* are printed in place of those of the form, the row at the address *short* lacks its last figure.
    """
    lines = list(title or (report.agency_name, "政府信息公开工作年度报告"))
    for section in report.form.sections:
        lines.append(f"{(numbers or {}).get(section.id, section.number)}、{section.title}")
        for text in prose.get(section.id, ()):
            lines += cut(text)
        table = report.form.table(section.table) if section.table else None
        if table is not None:
            lines += _table(report, table, short)
    return "".join(f"{line}\n\n" for line in lines)


def _table(report: Report, table: Table, short: str) -> Iterator[str]:
    for block in table.blocks:
        if block.caption:
            yield block.caption
        if block.corner:
            yield from cut(block.corner, 38)
        if table.typed_by == "row":
            yield from _by_rows(report, table, block, short)
    if table.typed_by == "group":
        yield " ".join(group.label for block in table.blocks for group in block.columns.children)
        for group in (group for block in table.blocks for group in block.columns.children):
            if group.depth > 1:
                yield " ".join(child.label for child in group.children)
            for leaf in group.leaves:
                yield from leaf.label
        cells = [(block.rows.path, leaf.path) for block in table.blocks for leaf in block.columns.leaves]
        yield " ".join(report.cells[table.id][cell].text for cell in cells)


def _by_rows(report: Report, table: Table, block: Block, short: str) -> Iterator[str]:
    if block.columns.label:
        yield block.columns.label
    leaves = block.columns.leaves
    if len(leaves) > 3:
        for leaf in leaves:
            yield from cut(leaf.label, 4)
    else:
        yield " ".join(leaf.label for leaf in leaves)
    yield from _rows(report, table, block.rows.children, leaves, short)


def _rows(
    report: Report, table: Table, rows: Sequence[Heading], leaves: Sequence[Heading], short: str
) -> Iterator[str]:
    for row in rows:
        label = cut(row.label, 16 if row.children else _LABEL)
        if row.children:
            yield from label
            yield from _rows(report, table, row.children, leaves, short)
            continue
        figures = [report.cells[table.id][row.path, leaf.path].text for leaf in leaves]
        if table.address(row.path, "") == short:
            figures.pop()
        yield from label[:-1]
        yield f"{label[-1]} {' '.join(figures)}"


def section_of(form: Form, id_: str) -> Section:
    """Return the section *id_* of *form*."""
    return next(section for section in form.sections if section.id == id_)


def text_original(text: str, name: str = "报告.txt", kind: str = "文本") -> Original:
    """Return *text* as an original whose lines are paragraphs."""
    lines = enumerate(text.split("\n"), 1)
    contents = tuple(Paragraph(text=line.strip(), place=f"第{at}行") for at, line in lines if line.strip())
    return Original(name=name, kind=kind, digest=hashlib.sha256(text.encode()).hexdigest(), contents=contents)


# Sentences around the facts of the 2023 report, whose section 四 is printed as 三.
PROSE_2023 = {
    "overview": (
        "(一）政府信息主动公开情况。",
        (
            "2023 年，中心按照公开工作要点开展工作，明确职责，利用多种载体公开工作目标和完成情况，各项工作有序推进。"
            "全年共主动公开政府信息 9 条。其中，概况信息 3 条，财政信息 2 条，其他对外管理服务事项信息 4 条，"
            "公开信息全文电子化率达 100%。主动公开政府信息包括：1.公开机构职能信息；2.公开领导成员及分工信息；"
            "3.公开内设机构信息；4.公开财政预决算信息：主要包括《武昌区社会管理网格化服务中心 2023 年部门预算》"
            "《武昌区社会管理网格化服务中心 2022 年部门决算》；"
            "5.制定《武昌区社会管理网格化服务中心政府购买服务指导性目录 （2023 年版）》"
        ),
        "并在门户网站及时公开。6.公开城市留言板网址；7.公开武汉市民热线（12345）；8.公开武昌微邻里公众号。",
        "（二）依申请公开工作",
        "2023 年，中心未收到依申请公开事项。",
        "（三）政务信息平台建设和数据归集工作",
        "安排专人定期公布工作进度。1.维护门户网站。2.推广协同办公系统。",
        "（四）监督保障情况",
        "建立责任考核制度，没有需要追究责任的情况。",
    ),
    "disclosure": ("全年共主动公开政府信息 9 条。其中，概况信息 3 条，财政信息 2 条，其他对外管理服务事项信息 4 条。",),
    "requests": ("2023 年，中心新收政府信息公开申请 0 件，未收到依申请公开事项。",),
    "review": ("本年度无政府信息公开行政复议、诉讼件。",),
    "improvement": (
        "（一）上一年度存在的主要问题。一是对有关细则的把握还不够全面；二是信息员的专业水平有待进一步加强。",
        "解决措施。一是继续把公开工作列入考核目标，明确工作职责。二是严格落实各项规章制度，规范工作程序。",
        "（二）本年度存在的问题是对信息公开工作的业务培训有待进一步加强。",
    ),
    "other": (
        "（一）政府信息处理费收取情况。2023 年我中心未收取政府信息处理费。",
        "（二）建议提案办理公开情况。我中心没有提案办理公开事宜。",
    ),
}


def printed_2023(report: Report) -> str:
    """Return the 2023 report of this portal as the text of a printed page, with the faults of the original."""
    return printed_text(report, PROSE_2023, numbers={"review": "三"}, short="requests.results.granted")
