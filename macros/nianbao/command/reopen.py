"""`nianbao reopen`: take a freeze back before its day of publication."""

from __future__ import annotations

from pathlib import Path

import click

from nianbao.command.chinese import ChineseCommand, help_option
from nianbao.command.options import project_of, project_option, site_option, year_of
from nianbao.command.terminal import tell
from nianbao.lifecycle.awaiting import reopen as reopen_year
from nianbao.model.project import WrongUseError
from nianbao.reading.clock import today

_HELP = """撤回定稿：公布日期还没有到的年度改回草稿。

撤回的日期和原因写在以后公布的记录里，任何人可以用 nianbao verify 看到；撤回的内容不公布。
公布日期到了，就是已经公布，不能撤回，只能用 nianbao correct 登记更正。
"""


@click.command(cls=ChineseCommand, short_help="撤回定稿：还没有公布的改回草稿。", help=_HELP)
@click.argument("year", metavar="年度")
@click.option("--reason", metavar="原因", help="为什么撤回，一句话，会公开。")
@site_option
@project_option
@help_option
def reopen(year: str, reason: str | None, out: str, folder: str) -> None:
    """Take back the freeze of a year."""
    if reason is None:
        message = '请用 --reason 写明撤回的原因，如 --reason "领导审签时要求补充第五部分。"'
        raise WrongUseError(message)
    number = year_of(year)
    project = project_of(folder)
    done = reopen_year(project, number, reason, today(), Path.cwd() / out if out else project.site)
    tell(f"{number} 年的定稿（校验号 {done.number}）已撤回，改回草稿。")
    tell(f"写入 {done.file}，请一并提交到版本库；撤回的记录留着，不要删去。")
    if done.on_site:
        tell(f"网站上还有这一年的网页，请在 {done.day} 以前重新生成（nianbao build），到了那天就算已经公布。")
    tell(f"改好以后重新审签，再运行 nianbao freeze {number} --published 公布日期。")
