"""`nianbao members`: the register of a superior office, made from a list or shown for a year."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from nianbao.command.chinese import ChineseCommand, help_option
from nianbao.command.options import project_of, project_option, year_of
from nianbao.command.terminal import tell
from nianbao.data_files import writing
from nianbao.data_files.schemas import schema_line, write_schemas
from nianbao.members.listing import register_from
from nianbao.members.register import FILE, read_register
from nianbao.model.project import WrongUseError, path_from
from nianbao.reading.clock import today
from nianbao.reading.disk import read_bytes, reason
from nianbao.reading.findings import Findings
from nianbao.reading.refusal import RefusedError

if TYPE_CHECKING:
    from nianbao.members.register import Register
    from nianbao.model.project import Project

_MOST_BYTES = 20_000_000
_KINDS = {".xlsx": "xlsx", ".xls": "xls", ".et": "xls"}
_HELP = """列出一个年度应当编制报告的单位，或者由 Excel 名单写出名册 data/members.yml。

名单要有一行标题，必须有“名称”（单位名称、单位全称也可以），还可以有标识、类别、分类、起始年度、截止年度、期限、
文件夹、网站、承接单位、备注；标题上面可以有表名，各工作表都读。备注里写的撤销、并入、拆分、更名、组建和年份能读懂的
读入，都列出来供核对。已有的名册不会被覆盖。
"""


@click.command(cls=ChineseCommand, short_help="应当编制报告的单位名册。", help=_HELP)
@click.argument("year", metavar="[年度]", default="")
@click.option("--from", "workbook", metavar="文件", help="Excel 名单，如 名单.xlsx。")
@project_option
@help_option
def members(year: str, workbook: str | None, folder: str) -> None:
    """Make the register from a list, or show it for a year."""
    project = project_of(folder)
    number = year_of(year) if year else today().year - 1
    if workbook is not None:
        _make(project, Path.cwd() / workbook, number)
        return
    register = register_at(project)
    due = register.of(number)
    tell(f"{number} 年度应当编制报告的单位共 {len(due)} 个：")
    for member in due:
        group = f"（{member.group}）" if member.group else ""
        tell(f"  {member.id}  {member.name(number)}{group}，期限 {member.due(number)}")
    for change in register.changes(number):
        tell(change)


def register_at(project: Project) -> Register:
    """Return the register of *project*; one that is missing or at fault ends the command."""
    path = project.data / FILE
    if not path.exists():
        message = f"没有名册 {path_from(path, Path.cwd())}；请先用 nianbao members --from 名单.xlsx 写出"
        raise WrongUseError(message)
    findings = Findings()
    register = read_register(path, path_from(path, Path.cwd()), findings)
    if register is None:
        first, *rest = map(str, findings.sorted())
        raise RefusedError(first, tuple(rest))
    return register


def _make(project: Project, workbook: Path, first: int) -> None:
    kind = _KINDS.get(workbook.suffix.lower())
    if kind is None:
        message = f"{workbook.name} 不是 Excel 文件；名单应为 .xlsx 或 .xls"
        raise WrongUseError(message)
    path = project.data / FILE
    shown = path_from(path, Path.cwd())
    if path.exists():
        message = f"已有名册 {shown}，没有写入；要重新写的，请先把它移走"
        raise RefusedError(message)
    try:
        made = register_from(read_bytes(workbook, _MOST_BYTES), kind, first)
    except OSError as error:
        message = f"{workbook.name} 无法读取（{reason(error)}）；请检查文件和权限"
        raise WrongUseError(message) from error
    line = schema_line(project.data, "members", project.folder)
    writing.put(path, f"{line}\n# 应当编制政府信息公开工作年度报告的单位。\n{made.text}".encode())
    write_schemas(project.folder, project.data)
    tell(f"已写出名册 {shown}，共 {made.text.count(chr(10) + '  - id: ')} 个单位；请核对类别、分类和年度。")
    for note in made.notes:
        tell(f"  {note}")
