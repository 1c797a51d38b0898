"""`nianbao import`: a report that exists as a file becomes data and pages; what is in doubt is asked."""

from __future__ import annotations

import re
import shutil
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nianbao.command.chinese import ChineseCommand, help_option
from nianbao.command.judging import check_project
from nianbao.command.options import project_of, project_option, scheduler_option, year_of
from nianbao.command.screen import finding_line
from nianbao.command.terminal import tell
from nianbao.data_files import writing
from nianbao.importing.gathering import report_files
from nianbao.importing.importing import import_again, import_report
from nianbao.importing.many import import_many, worst_first
from nianbao.importing.originals import SECONDS, opened
from nianbao.importing.questions import proposal
from nianbao.importing.summary import CSV_FILE, HTML_FILE, csv_file, html_file, text_lines
from nianbao.model.project import WrongUseError
from nianbao.model.report import ITEMS
from nianbao.prose.numerals import TO_TEN
from nianbao.reading.clock import today
from nianbao.running.choosing import crew_of
from nianbao.running.crew import Limits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nianbao.importing.answers import Question
    from nianbao.importing.importing import Imported
    from nianbao.importing.many import Row
    from nianbao.model.project import Project
    from nianbao.running.crew import Crew

REFUSED, QUESTIONS_LEFT = 1, 3
_UNPACKED = ".zip"
# The rule for prompts that nobody has replaced yet.
UNWRITTEN = "Q-10"
# So many are told of each list; the rest stands in 核对.html.
_TOLD = 20

_HELP = """读入已有的报告，写成数据和页面。

可以读 Word、PDF、Excel、网页和文本，文字和表格分开的几个文件一起写。能确定的才读，有疑问的写进 导入/年度/问题.yml，
答复以后再运行 nianbao import 年度。人工改过的内容不会被覆盖。

全部读出时以 0 结束，还有要问的以 3 结束，不能读入的以 1 结束，用法不对时以 2 结束。
"""


@click.command("import", cls=ChineseCommand, short_help="读入已有的报告，写成数据和页面。", help=_HELP)
@click.argument("files", metavar="文件… | 年度", nargs=-1)
@click.option("--year", metavar="年度", help="报告的年度，文件里没有写明时用。")
@click.option(
    "--batch", "out", metavar="文件夹", help="许多机关的报告：读入文件夹或 ZIP 里的全部文件，每个机关建一个项目。"
)
@click.option(
    "--seconds",
    type=click.IntRange(1, 3600),
    default=SECONDS,
    metavar="秒",
    help="读每个文件最多用多少秒，批量导入时每份最多用多少秒，缺省为 120。",
)
@scheduler_option
@project_option
@help_option
def import_(  # noqa: PLR0913, PLR0917  # its options
    files: Sequence[str], year: str | None, out: str | None, seconds: int, scheduler: str, folder: str
) -> None:
    """Import one report or many, or take the answers to what an import has asked."""
    if not files:
        message = "缺少要导入的文件；答复了问题以后写年度，如 nianbao import 2023"
        raise WrongUseError(message)
    number = year_of(year) if year is not None else None
    if out is not None:
        with crew_of(scheduler, Limits(work=seconds, seconds=seconds)) as crew:
            _import_many([Path(file) for file in files], Path(out), number, crew)
        return
    project = project_of(folder)
    limits = Limits(work=seconds, seconds=seconds)
    if len(files) == 1 and re.fullmatch("(?:19|20)[0-9]{2}", files[0]) and not Path(files[0]).exists():
        done = import_again(project, int(files[0]), today(), partial(opened, limits=limits))
    else:
        done = import_report(project, opened(paths_of(files), limits), number, today())
    finish(done, project)


def _import_many(paths: Sequence[Path], out: Path, year: int | None, crew: Crew) -> None:
    """Import all reports at *paths* into portals below *out*, and write what became of them."""
    missing = [path for path in paths if not path.exists()]
    if missing:
        message = f"没有 {missing[0]}；请检查路径"
        raise WrongUseError(message)
    if out.exists() and not out.is_dir():
        message = f"{out} 不是文件夹；请换一个名称"
        raise WrongUseError(message)
    # Below the folder, so that the machines of a cluster see it as well.
    unpacked = out / _UNPACKED
    unpacked.mkdir(parents=True, exist_ok=True)
    with writing.exclusively(unpacked):
        try:
            for left in unpacked.iterdir():
                shutil.rmtree(left, ignore_errors=True)  # Of a run that was killed.
            rows = _rows(paths, unpacked, out.resolve(), year, crew)
        finally:
            shutil.rmtree(unpacked, ignore_errors=True)
    rows.sort(key=worst_first)
    writing.put(out / CSV_FILE, csv_file(rows))
    writing.put(out / HTML_FILE, html_file(rows))
    for line in text_lines(rows):
        tell(line)
    tell(f"每个机关一个项目，在 {out} 里；机关类别按名称填写，请核对各项目的 data/agency.yml。")
    tell(f"写成：{out / CSV_FILE}、{out / HTML_FILE}")
    for row in rows:
        if row.trace:
            tell(f"{row.files}：{row.trace}", err=True)
    if any(row.refused for row in rows):
        raise click.exceptions.Exit(REFUSED)
    if any(row.questions for row in rows):
        raise click.exceptions.Exit(QUESTIONS_LEFT)


def _rows(paths: Sequence[Path], unpacked: Path, out: Path, year: int | None, crew: Crew) -> list[Row]:
    reports = report_files(paths, unpacked)
    made = import_many(reports, out, year, today(), crew)
    if not sys.stderr.isatty():
        return list(made)
    with click.progressbar(made, length=len(reports), label="导入", file=sys.stderr) as done:
        return list(done)


def finish(done: Imported, project: Project) -> None:
    """Tell of an import, and end with the code for questions left where there are any."""
    for line in lines(done, project):
        tell(line)
    if done.open:
        raise click.exceptions.Exit(QUESTIONS_LEFT)


def files_from(file: str | None, others: Sequence[str]) -> list[Path]:
    """Return the files that follow --from. Raises WrongUseError where there are *others* without it."""
    if file is None and others:
        message = f"多写了内容：{' '.join(others)}；要读入的文件写在 --from 后面"
        raise WrongUseError(message)
    return paths_of([file, *others]) if file is not None else []


def paths_of(files: Sequence[str]) -> list[Path]:
    """Return the paths of *files*. Raises WrongUseError where one is no file."""
    paths = [Path(file) for file in files]
    for path in paths:
        if path.is_dir():
            message = f"{path} 是文件夹；许多机关的报告请运行 nianbao import --batch 输出文件夹 {path}"
            raise WrongUseError(message)
        if not path.is_file():
            message = f"没有 {path} 这个文件；请检查路径"
            raise WrongUseError(message)
    return paths


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
