"""`nianbao import`: a report that exists as a file becomes data and pages; what is in doubt is asked."""

from __future__ import annotations

import re
import shutil
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nianbao.command.chinese import ChineseCommand, help_option
from nianbao.command.import_screen import lines
from nianbao.command.options import project_of, project_option, scheduler_option, year_of
from nianbao.command.terminal import tell
from nianbao.data_files import writing
from nianbao.importing.gathering import report_files
from nianbao.importing.importing import import_again, import_report
from nianbao.importing.many import import_many, worst_first
from nianbao.importing.originals import SECONDS, opened
from nianbao.importing.summary import CSV_FILE, HTML_FILE, csv_file, html_file, text_lines
from nianbao.model.project import WrongUseError
from nianbao.reading.clock import today
from nianbao.running.choosing import crew_of
from nianbao.running.crew import Limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.importing.importing import Imported
    from nianbao.importing.many import Row
    from nianbao.model.project import Project
    from nianbao.running.crew import Crew

REFUSED, QUESTIONS_LEFT = 1, 3
_UNPACKED = ".zip"

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
