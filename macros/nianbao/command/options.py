"""Options that the commands on one year share, and what their words mean."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nianbao.model.project import WrongUseError, project_at

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from nianbao.model.project import Project


def project_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Return *command* with the option that names the project."""
    text = "存放 mkdocs.yml 的文件夹，不写就是当前文件夹。"
    with_option: Callable[..., Any] = click.option("--project", "folder", metavar="文件夹", default="", help=text)(
        command
    )
    return with_option


def scheduler_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Return *command* with the option that names a cluster which does the work."""
    text = "Dask 调度器的地址，如 tcp://10.0.0.8:8786，由它的各台机器来做；不写就用本机的全部处理器。"
    with_option: Callable[..., Any] = click.option("--scheduler", metavar="地址", default="", help=text)(command)
    return with_option


def site_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Return *command* with the option that names the folder of the site."""
    text = "网站在哪里，不写就是 mkdocs.yml 里的 site_dir。"
    with_option: Callable[..., Any] = click.option("--out", metavar="文件夹", default="", help=text)(command)
    return with_option


def project_of(folder: str) -> Project:
    """Return the project in *folder*, or in the current one. Raises WrongUseError where it has no data."""
    here = Path.cwd()
    project = project_at(here / folder, here)
    if not project.data.is_dir():
        message = f"没有存放数据的文件夹 {project.data}；请检查 mkdocs.yml"
        raise WrongUseError(message)
    return project


def year_of(text: str) -> int:
    """Return the year that *text* writes."""
    if re.fullmatch(r"(19|20)[0-9]{2}", text):
        return int(text)
    message = f"年度应为四位数的年份，如 2024，实际为“{text}”"
    raise WrongUseError(message)


def day_of(text: str, option: str) -> dt.date:
    """Return the day that *text* writes for *option*."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        message = f"{option} 的日期应写作 2024-01-31 的样子，实际为“{text}”"
        raise WrongUseError(message)
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        message = f"{option} 的日期 {text} 不存在；请改正"
        raise WrongUseError(message) from None
