"""`nianbao sites` and `nianbao rollback`: the last sites that were published, and one of them put back."""

from __future__ import annotations

from pathlib import Path

import click

from nianbao.command.chinese import ChineseCommand, help_option
from nianbao.command.options import project_of, project_option, site_option
from nianbao.command.terminal import tell
from nianbao.lifecycle.site_record import Site, read_site
from nianbao.model.project import WrongUseError
from nianbao.publishing.keeping import MOST, kept_sites
from nianbao.publishing.output import FILE_BY_FILE, OutputError, Staging, TargetError
from nianbao.publishing.putting_back import put_back
from nianbao.publishing.standing import taken_away_or_altered
from nianbao.reading.clock import today
from nianbao.reading.refusal import RefusedError

_SITES = f"""列出现在的网站和以前的网站。

每次 nianbao build 换上新网站，换下的就留着，最多 {MOST} 个，可以用 nianbao rollback 换回。
网站放在挂载的文件夹里的不留。
"""
_ROLLBACK = """换回以前的网站。

不写序号就是上一个；序号见 nianbao sites。换下的也留着，再运行一次就换回来。
只换网站，数据和页面不变；请接着改正，再生成一次。
"""


@click.command(cls=ChineseCommand, short_help="列出现在的网站和以前的网站。", help=_SITES)
@site_option
@project_option
@help_option
def sites(out: str, folder: str) -> None:
    """List the published site and those that are kept."""
    target, _, _ = _places(folder, out)
    if not (target / "404.html").is_file():
        message = f"还没有生成网站：{target}"
        raise RefusedError(message)
    tell(f"现在  {_told(read_site(target))}")
    kept = kept_sites(target)
    for number, site in enumerate(kept, 1):
        tell(f"{number:>4}  {_told(site)}")
    tell(f"换回用 nianbao rollback 序号，如 nianbao rollback {len(kept)}。" if kept else "没有以前的网站。")


@click.command(cls=ChineseCommand, short_help="换回以前的网站。", help=_ROLLBACK)
@click.argument("number", metavar="[序号]", default="1")
@click.option("--anyway", is_flag=True, help="公布过的内容会因此撤下或改回，也换回。")
@site_option
@project_option
@help_option
def rollback(number: str, out: str, folder: str, *, anyway: bool) -> None:
    """Put a kept site back."""
    target, root, sources = _places(folder, out)
    try:
        staging = Staging.beside(target, root, sources)
    except TargetError as error:
        raise WrongUseError(str(error)) from error
    except OutputError as error:
        raise RefusedError(str(error)) from error
    try:
        site = _chosen(kept_sites(staging.target), number)
        lost = taken_away_or_altered(staging.target, site.path, today())
        if lost and not anyway:
            for finding in lost:
                tell(str(finding))
            message = f"换回以后公布过的内容有 {len(lost)} 处要撤下或改回，没有换；确需换回的，加 --anyway。"
            raise RefusedError(message)
        way = put_back(site, staging)
    except OutputError as error:
        raise RefusedError(str(error)) from error
    finally:
        staging.remove()
    tell(f"{way}：{_told(read_site(staging.target))}")
    kept = "换下的网站没有留下" if way == FILE_BY_FILE else "换下的网站也留着，见 nianbao sites"
    tell(f"数据和页面没有变；改正以后请再运行 nianbao build。{kept}。")


def _places(name: str, out: str) -> tuple[Path, Path, tuple[Path, ...]]:
    """Return where the site lies, the folder of the project, and the folders that are no site."""
    project, folder = project_of(name), (Path.cwd() / name).resolve()
    target = Path.cwd() / out if out else folder / project.site
    return target.resolve(), folder, (project.data, project.docs)


def _chosen(kept: tuple[Site, ...], number: str) -> Site:
    """Return the site of *kept* with this *number*, counted from 1. Raises WrongUseError where there is none."""
    if not kept:
        message = "没有以前的网站，不能换回"
        raise WrongUseError(message)
    if not number.isascii() or not number.isdigit() or not 1 <= int(number) <= len(kept):
        message = f"序号应为 1 至 {len(kept)}，见 nianbao sites，实际为“{number}”"
        raise WrongUseError(message)
    return kept[int(number) - 1]


def _told(site: Site) -> str:
    numbers = "，".join(f"{year}年 {number}" for year, number in site.numbers.items() if number)
    return f"{site.built:%Y-%m-%d %H:%M} 生成，{f'校验号 {numbers}' if numbers else '没有定稿的年度'}"
