"""`nianbao upgrade`: bring a portal of an earlier version to this one."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nianbao.command.chinese import ChineseCommand, help_option
from nianbao.command.terminal import tell
from nianbao.data_files.schemas import write_schemas
from nianbao.model.dataset import read_dataset
from nianbao.model.project import project_at
from nianbao.reading.legible import visible
from nianbao.upgrading import renewing, upgrading
from nianbao.upgrading.renewing import Renewal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nianbao.upgrading.upgrading import Change

_HELP = """把早先版本的项目改成这一版的写法。

逐个文件改写，注释保留，数字和文字不动；已公布年度的记录换成这一版的，原来的记录保留在里面。
已经改过的不再改。加 --dry-run 只看要改什么。
"""


@click.command(cls=ChineseCommand, short_help="把早先版本的项目改成这一版的写法。", help=_HELP)
@click.argument("folder", metavar="[文件夹]", default="")
@click.option("--dry-run", "dry", is_flag=True, help="只列出要改什么，不写入任何内容。")
@help_option
def upgrade(folder: str, *, dry: bool) -> None:
    """Show what there is to do, and do it."""
    place = Path.cwd() / folder
    planned = upgrading.plan(place)
    if planned.changes:
        tell("要改的文件：" if dry else "已改的文件：")
    if not dry:
        upgrading.carry_out(place, planned)
    for line in (line for change in planned.changes for line in _told(place, change, dry=dry)):
        tell(line)
    # What was frozen can be read once the files are of this version.
    renewals = list(_renewals(place, dry=dry)) if not dry or not planned.changes else []
    for renewal in renewals:
        tell(_renewed(renewal, dry=dry))
    if not planned.changes and not any(renewal.files for renewal in renewals):
        tell("已经是这一版的写法，没有要改的文件。")
    for advice in planned.advice:
        tell(f"请看：{advice}。")
    if not dry:
        project = project_at(place)
        write_schemas(project.folder, project.data)
        if planned.changes:
            tell("接下来运行 nianbao check 检查，再用 mkdocs serve 看一遍。")


def _renewals(place: Path, *, dry: bool) -> Iterator[Renewal]:
    """Yield what has become of the records of frozen years, or in a *dry* run which are there to be renewed."""
    project = project_at(place)
    dataset = read_dataset(project.root, project.data)
    if dry:
        yield from (Renewal(year=year, files=("",)) for year in renewing.waiting(project, dataset))
        return
    yield from renewing.renew(project, dataset)


def _renewed(renewal: Renewal, *, dry: bool) -> str:
    if renewal.left:
        return (
            f"请看：{renewal.year} 年定稿的记录没有换成这一版的，仍照原来的核对（{renewal.left}）；"
            "改正以后可以再运行一次。"
        )
    if dry:
        return f"{renewal.year} 年定稿的记录要换成这一版的，原来的记录保留在里面。"
    return f"{renewal.year} 年定稿的记录换成了这一版的，原来的记录保留在里面：{'、'.join(renewal.files)}。"


def _told(folder: Path, change: Change, *, dry: bool) -> Iterator[str]:
    name = change.path.relative_to(folder).as_posix()
    yield f"  {name}：{'删去，' if change.new is None else ''}{'；'.join(change.about)}"
    if dry:
        yield from (f"    {visible(line)}" for line in _difference(name, change))


def _difference(name: str, change: Change) -> Iterator[str]:
    if change.new is not None:
        lines = difflib.unified_diff(change.old.splitlines(), change.new.splitlines(), name, name, lineterm="", n=0)
        yield from (line for line in lines if not line.startswith("@@"))
