"""`nianbao cells`: the cells of all bodies of the register as Parquet files, for databases."""

from __future__ import annotations

from pathlib import Path

import click

from nianbao.command.chinese import ChineseCommand, help_option
from nianbao.command.members import register_at
from nianbao.command.options import project_of, project_option, scheduler_option, year_of
from nianbao.command.survey import survey
from nianbao.command.terminal import tell
from nianbao.command.workers import LIMITS
from nianbao.members.cells import write_cells
from nianbao.reading.disk import reason
from nianbao.reading.refusal import RefusedError
from nianbao.running.choosing import crew_of

# So many bodies that were left out are named; the board has them all.
_NAMED = 20
_HELP = """把名册里各单位一个年度的全部单元格写成 Parquet 文件，按年度和地区分文件夹（year=…/region=…）。

DuckDB、Spark、Trino、ClickHouse 可以把整个文件夹当作一张表来查询，各列与各单位网站上的 CSV 相同。
草稿和读不出来的报告不在内，逐个列出。再次运行时，这一年的文件整个换成新的，其他年度不变。
"""


@click.command(cls=ChineseCommand, short_help="各单位的全部单元格，供数据库查询。", help=_HELP)
@click.argument("year", metavar="年度")
@click.option("--out", metavar="文件夹", default="单元格", help="写出文件的文件夹，没有就新建；缺省为 单元格。")
@scheduler_option
@project_option
@help_option
def cells(year: str, out: str, scheduler: str, folder: str) -> None:
    """Write the cells of a year."""
    project, number = project_of(folder), year_of(year)
    register = register_at(project)
    count = len(register.of(number))
    try:
        with crew_of(scheduler, LIMITS) as crew, survey(register, project, number, crew) as known:
            written, left_out = write_cells(known, Path.cwd() / out), known.left_out()
    except OSError as error:
        message = f"不能写入 {out}（{reason(error)}）；请检查权限和磁盘，原有的文件没有变"
        raise RefusedError(message) from error
    tell(f"{number} 年度：{count - len(left_out)}/{count} 个单位，{written} 个单元格，写在 {out}/year={number}")
    for id_, why in left_out[:_NAMED]:
        tell(f"  没有写入 {id_}：{why}")
    if len(left_out) > _NAMED:
        tell(f"  另有 {len(left_out) - _NAMED} 个单位没有写入；见 nianbao board {number}")
