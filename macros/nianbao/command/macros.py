"""`nianbao macros`: what pages may call, and the address of every figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from nianbao.command.chinese import ChineseCommand, help_option
from nianbao.command.options import project_of, project_option, year_of
from nianbao.command.terminal import tell
from nianbao.model.dataset import read_dataset
from nianbao.model.project import WrongUseError
from nianbao.pages.figures import addresses
from nianbao.prose.macros import MACROS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.model.report import Report

_HELP = """列出页面里可以用的宏；写了年度，就列出这一年报告的每一个数怎样引用。

宏写作 {{ 名称(参数) }}，放在句子里，或单独成行、前后各空一行。
"""


@click.command(cls=ChineseCommand, short_help="列出页面里可以用的宏和数的写法。", help=_HELP)
@click.argument("year", metavar="[年度]", required=False)
@project_option
@help_option
def macros(year: str | None, folder: str) -> None:
    """Print the macros, or the addresses of the figures of *year*."""
    tell("\n".join(_macros() if year is None else _figures(folder, year_of(year))))


def _macros() -> Iterator[str]:
    for macro in MACROS.values():
        place = "单独成行" if macro.alone else "在句子里"
        yield f"{{{{ {macro.usage} }}}}  {macro.meaning}（{place}）"
    yield "每一个数怎样写：nianbao macros 2023"


def _figures(folder: str, year: int) -> Iterator[str]:
    project = project_of(folder)
    dataset = read_dataset(project.root, project.data)
    report: Report | None = dataset.reports.get(year)
    if report is None:
        message = f"没有 {year} 年的数据，或者数据有误；先运行 nianbao check {year}"
        raise WrongUseError(message)
    for path, value in addresses(report):
        yield f'{{{{ figure("{path}") }}}}  {value}'
