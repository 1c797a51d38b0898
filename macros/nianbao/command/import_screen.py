"""What `nianbao import` shows to people: what was read, what is in doubt, what a check finds, what is to be done."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from nianbao.command.judging import check_project
from nianbao.command.screen import finding_line
from nianbao.importing.questions import proposal
from nianbao.model.report import ITEMS
from nianbao.prose.numerals import TO_TEN
from nianbao.rules.quality import UNWRITTEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.importing.answers import Question
    from nianbao.importing.importing import Imported
    from nianbao.model.project import Project

# So many are told of each list; the rest stands in 核对.html.
_TOLD = 20


def lines(done: Imported, project: Project) -> Iterator[str]:
    """Yield what is told of an import."""
    yield from _read(done)
    yield from _differences(done)
    yield from _questions(done)
    yield from _kept(done)
    kept = "核对.html、问题.yml、读数.json、原件"
    yield f"写成：{done.data}（草稿，没有答复的填“{done.entry.gap}”）、{done.docs}/、{done.folder}/（{kept}）"
    yield from _check(project, done)
    yield "接下来："
    yield f"1. 打开 {done.folder}/核对.html，对照原件看一遍；"
    if done.open:
        yield f"2. 在 {done.folder}/问题.yml 的“答复”里填写，再运行一次 nianbao import {done.read.year}。"
    else:
        yield f"2. 修改 {done.data} 和 {done.docs}/ 里的页面，运行 nianbao check；"
        yield f"3. 公布时运行 nianbao freeze {done.read.year} --published 公布日期。"


def _read(done: Imported) -> Iterator[str]:
    read = done.read
    for one in read.originals:
        pages = f"，{one.pages} 页" if one.pages else ""
        yield f"读入 {one.name}（{one.kind}{pages}）"
    form = read.form
    yield f"  {read.told.name or '（标题没有写机关）'}，{read.year} 年度，{form.format} 年格式"
    for section in form.sections:
        if section.table:
            yield f"  第{section.number}部分：{_table(done, section.table)}"
    found = [section for section in form.sections if section.id in read.told.sections]
    if len(found) == len(form.sections):
        words = f"{_counted(len(found))}个部分的文字都找到"
    else:
        missing = "、".join(section.number for section in form.sections if section not in found)
        words = f"没有找到第{missing}部分的文字"
    items = done.entry.items
    listed = f"公开的信息 {items.count} 条" if items is not None else "公开的信息没有读到条数"
    fee = f"信息处理费 {done.entry.fee} 元" if done.entry.fee != done.entry.gap else "信息处理费没有读到"
    yield f"  {words}；{listed}；{fee}；文字里 {done.macros} 处数改成了宏"
    if read.told.published_on is not None:
        yield f"  原件上的日期是 {read.told.published_on.isoformat()}，定稿时作为公布日期"


def _counted(number: int) -> str:
    return f"〇{TO_TEN}"[number]


def _table(done: Imported, table: str) -> str:
    cells = [address for address in done.read.figures.readings if address.partition(".")[0] == table]
    asked = [question for question in done.open if question.addresses[0].partition(".")[0] == table]
    waiting = sum(len(question.addresses) for question in asked)
    every = [question for question in done.read.questions if question.addresses[0].partition(".")[0] == table]
    answered = sum(len(question.addresses) for question in every if question not in asked)
    return (
        f"读出 {len(cells)} 格"
        + (f"，已答复 {answered} 格" if answered else "")
        + (f"，{len(asked)} 处要问（{waiting} 格）" if asked else "" if answered else "，全部读出")
    )


def _differences(done: Imported) -> Iterator[str]:
    read = done.read
    numbers = {section.id: section.number for section in read.form.sections}
    if not read.form.holds_for(read.year):
        yield f"与格式不同：原件用的是 {read.form.format} 年的格式，照原件录入"
    for id_, number in read.told.numbers.items():
        yield f"与格式不同：第{numbers[id_]}部分的序号印作“{number}”"
    for id_, title in read.told.titles.items():
        yield f"与格式不同：第{numbers[id_]}部分的标题印作“{title}”"
    for fault in done.proposed[:_TOLD]:
        cause = fault.message.partition("；")[0]
        yield f"照原件录入会查出 {fault.rule}：{cause}（已在数据文件末尾拟好豁免，核对后启用）"
    unused = [one for one in read.unused if one.why not in {"页码", "落款"}]
    for one in unused[:_TOLD]:
        yield f"没有用到：{one.place} {one.raw[:40]}（{one.why}）"
    if len(unused) > _TOLD:
        yield f"没有用到的另有 {len(unused) - _TOLD} 处，见 核对.html"


def _questions(done: Imported) -> Iterator[str]:
    if done.answered:
        yield f"采用了 {done.answered} 处答复"
    if not done.open:
        return
    yield f"要问 {len(done.open)} 处："
    for question in done.open[:_TOLD]:
        yield f"  {_question(question)}"
    if len(done.open) > _TOLD:
        yield f"  另有 {len(done.open) - _TOLD} 处，见 {done.folder}/问题.yml"


def _question(question: Question) -> str:
    raw = f"：{question.raw}" if question.raw else ""
    proposed = f"（提议：{proposal(question)}）" if question.proposal else ""
    return f"{question.place} {question.text}{raw}{proposed}"


def _kept(done: Imported) -> Iterator[str]:
    for edited in done.edited[:_TOLD]:
        if edited.address == ITEMS:
            yield "人工改过，保留：主动公开的信息"
        else:
            yield f"人工改过，保留：{edited.address} 人工改为 {edited.mine or '不写'}，原件 {edited.read or '没有'}"
    for page in done.kept:
        yield f"人工改过，保留：{page}"


def _check(project: Project, done: Imported) -> Iterator[str]:
    """Yield what `nianbao check` finds in the year, but for cells of open questions, which are told already."""
    year = done.read.year
    asked = {address for question in done.open for address in question.addresses}
    every = check_project(replace(project, years=frozenset({year}))).findings
    found = [finding for finding in every if finding.subject not in asked and finding.rule != UNWRITTEN]
    prompts = sum(finding.rule == UNWRITTEN for finding in every)
    errors = sum(finding.level == "error" for finding in found)
    waiting = "（要问的格除外）" if asked else ""
    unwritten = f"，另有 {prompts} 处提示待写" if prompts else ""
    yield f"检查：错误 {errors} 处，待核和提醒 {len(found) - errors} 处{waiting}{unwritten}。"
    yield from (f"  {click.unstyle(finding_line(finding))}" for finding in found[:_TOLD])
    if len(found) > _TOLD:
        yield f"  另有 {len(found) - _TOLD} 处，运行 nianbao check {year} 查看"
