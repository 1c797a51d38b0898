"""`nianbao edit`: fill in the report in the preview, in a browser."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import click

from nianbao.command.chinese import ChineseCommand, help_option
from nianbao.command.options import project_of
from nianbao.command.terminal import tell
from nianbao.engines.preview import wait_until_fit
from nianbao.engines.serving import HOST, OpenAlreadyError, free_port, only_one, serve
from nianbao.model.configuration import FILE
from nianbao.model.project import WrongUseError

_HELP = """在浏览器里填写和修改报告。

打开预览：表格里的数直接填写，主动公开的信息、日期、名称和联系方式就在页面上修改，每一步都可以撤销。

只有本机能打开；按 Ctrl+C 结束。
"""
_ZENSICAL = (
    "Zensical 的预览不能填写：它不给别的程序留位置。填写时运行 nianbao edit（用 MkDocs）"
    "或 nianbao edit --engine properdocs；填好以后用 nianbao build --engine zensical 生成网站。"
)


@click.command(cls=ChineseCommand, short_help="在浏览器里填写和修改报告。", help=_HELP)
@click.argument("folder", metavar="[文件夹]", default="", required=False)
@click.option(
    "--engine",
    type=click.Choice(["mkdocs", "properdocs", "zensical"]),
    default="mkdocs",
    help="用哪个程序预览，缺省为 mkdocs。",
)
@click.option("--no-browser", is_flag=True, help="不打开浏览器，只说明地址。")
@help_option
def edit(folder: str, engine: str, *, no_browser: bool) -> int:
    """Open the preview of a portal, or the one that is open already, and return the exit code."""
    root = (Path.cwd() / folder).resolve()
    if (root / FILE).is_file():  # What is wrong with it is told, and told no more once it is mended.
        wait_until_fit(root / FILE, lambda told: tell(told, err=True))
    root = project_of(folder).folder.resolve()
    if engine == "zensical":
        raise WrongUseError(_ZENSICAL)
    try:
        with only_one(root) as address:
            _open(engine, root, address, browser=not no_browser)
    except OpenAlreadyError as error:
        click.echo(f"这个项目的预览已经打开：{error or '正在启动，请稍等'}")
        if str(error) and not no_browser:
            webbrowser.open(str(error))
    except KeyboardInterrupt:
        click.echo("预览已结束；填好的都已保存。")
    return 0


def _open(engine: str, root: Path, address: Path, *, browser: bool) -> None:
    port = free_port()
    told = f"http://{HOST}:{port}/"
    address.write_text(told, encoding="utf-8")
    click.echo(f"预览就绪后在浏览器里打开 {told}；填写的内容随时保存，按 Ctrl+C 结束。")
    serve(engine, root, port, browser=browser)
    click.echo("预览已结束；填好的都已保存。")
