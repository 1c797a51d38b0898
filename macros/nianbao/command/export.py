"""`nianbao export`: the downloads of one report, in a folder."""

from __future__ import annotations

from pathlib import Path

import click

from nianbao.command.chinese import ChineseCommand, help_option
from nianbao.command.options import project_of, project_option, year_of
from nianbao.command.terminal import tell
from nianbao.downloads.exporting import export_year
from nianbao.exports.formats import FORMATS, ExportFormat
from nianbao.exports.office import OFFICE_FORMATS
from nianbao.model.project import WrongUseError

_HELP = """把一个年度的报告导出成文件。

与网站上的下载文件相同；审签单（approval）、内容管理系统用的文章（article）和报送上级的材料（filing）要写明格式才导出，不放到网站上。已公布的报告有错误时不导出；草稿可以导出，文件里注明“草稿”。已有而内容不同的文件不会被覆盖。
"""
_ALL = (*FORMATS, *OFFICE_FORMATS)
_KNOWN = ",".join(kind.id for kind in _ALL)
_OFFICE = ",".join(kind.id for kind in OFFICE_FORMATS)


@click.command(cls=ChineseCommand, short_help="把一个年度的报告导出成文件。", help=_HELP)
@click.argument("year", metavar="年度")
@click.option(
    "--format", "formats", metavar="格式", help=f"格式，用逗号隔开：{_KNOWN}；不写就是网站提供的全部，不含 {_OFFICE}。"
)
@click.option("--out", metavar="文件夹", help="放文件的文件夹，必须写明，没有就新建。")
@click.option("--replace", "replacing", is_flag=True, help="替换文件夹里已有的同名文件。")
@project_option
@help_option
def export(year: str, formats: str | None, out: str | None, replacing: bool, folder: str) -> None:  # noqa: FBT001  # a flag of click
    """Export the report of a year."""
    if out is None:
        message = "缺少 --out；请写明放文件的文件夹，如 --out 导出"
        raise WrongUseError(message)
    number = year_of(year)
    kinds = FORMATS if formats is None else _kinds(formats)
    here = Path.cwd()
    done = export_year(
        project_of(folder),
        here / folder,
        number,
        kinds,
        here / out,
        everything=formats is None,
        replacing=replacing,
    )
    if done.files:
        tell(f"已导出 {number} 年的 {len(done.files)} 个文件：")
        for file in done.files:
            tell(f"  {file}")
    if done.already:
        tell(f"另有 {len(done.already)} 个文件已经在那里，内容相同，没有写入。")
    if done.draft:
        errors = f"，还有 {done.errors} 处错误，见 nianbao check" if done.errors else ""
        tell(f"这份报告是草稿{errors}；文件里注明了“草稿”。")
    for reason in done.missing:
        tell(reason, err=True)


def _kinds(formats: str) -> tuple[ExportFormat, ...]:
    """Return the kinds that *formats* names, each once, in the order of the registry."""
    names = {name.strip() for name in formats.split(",")}
    unknown = sorted(names - {kind.id for kind in _ALL})
    if unknown:
        message = f"没有“{'、'.join(unknown)}”这种格式；可用的是 {_KNOWN}，几种之间用半角逗号隔开"
        raise WrongUseError(message)
    return tuple(kind for kind in _ALL if kind.id in names)
