"""`nianbao fill`: say that whatever still waits to be filled in is nothing."""

from __future__ import annotations

import click

from nianbao.command.chinese import ChineseCommand, help_option
from nianbao.command.options import project_of, project_option, year_of
from nianbao.command.terminal import tell
from nianbao.lifecycle.filling import fill_with_zeros, open_parts
from nianbao.lifecycle.judging import read_subject

_HELP = """填写：列出还有多少格待填；加上 --zero，把它们都填为 0。

没有发生的才是 0。请先填好发生了的各项，再用 --zero 填其余的。只用于草稿。
"""


@click.command(cls=ChineseCommand, short_help="列出待填的格，或者都填为 0。", help=_HELP)
@click.argument("year", metavar="年度")
@click.option("--zero", is_flag=True, help="其余待填的都没有发生，填为 0。")
@project_option
@help_option
def fill(year: str, folder: str, *, zero: bool) -> None:
    """Fill in a year."""
    number, project = year_of(year), project_of(folder)
    if zero:
        done = fill_with_zeros(project, number)
        counts = done.counts
    else:
        counts = open_parts(read_subject(project, number).report)
    words = "，".join(f"{part} {count} 格" for part, count in counts)
    if not counts:
        tell(f"{number} 年没有待填的格。")
    elif zero:
        tell(f"{done.file} 里待填的已填为 0：{words}。请核对后运行 nianbao check。")
    else:
        tell(f"{number} 年还有待填的：{words}。")
        tell(f"都没有发生的，运行 nianbao fill {number} --zero 填为 0。")
