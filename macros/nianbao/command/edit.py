"""`nianbao edit`: fill in the report in the preview, in a browser."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import click

from nianbao.command.chinese import ChineseCommand, help_option
from nianbao.command.options import project_of
from nianbao.command.terminal import tell
from nianbao.engines.beginning import begin
from nianbao.engines.preview import wait_until_fit
from nianbao.engines.serving import HOST, OpenAlreadyError, desk_address, free_port, only_one, serve
from nianbao.model.configuration import FILE
from nianbao.model.project import WrongUseError

_HELP = """在浏览器里编制报告。

打开工作台：从准备到交付的每一步，做完了什么、还差什么，各个命令都是按钮。表格里的数直接在页面上填写，文字、主动公开的信息、日期、名称和联系方式就在页面上修改，每一步都可以撤销。

文件夹里还没有项目的，先在页面上填写机关的名称和类别，新建一个；不写文件夹而当前文件夹不是项目的，用其中的“年报”文件夹。

只有本机能打开；按 Ctrl+C 结束。
"""
# Where a portal is made in a folder that holds other things.
_FOLDER = "年报"
_ZENSICAL = (
    "Zensical 的预览不能填写：它不给别的程序留位置。填写时运行 nianbao edit（用 MkDocs）"
    "或 nianbao edit --engine properdocs；填好以后用 nianbao build --engine zensical 生成网站。"
)


@click.command(cls=ChineseCommand, short_help="在浏览器里编制报告，从准备到交付。", help=_HELP)
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
    if engine == "zensical":
        raise WrongUseError(_ZENSICAL)
    root, port = _root(folder), free_port()
    begun = not (root / FILE).exists()
    try:
        if begun:
            _begin(root, port, browser=not no_browser)
        elif (root / FILE).is_file():  # What is wrong with it is told, and told no more once it is mended.
            wait_until_fit(root / FILE, lambda told: tell(told, err=True))
        project_of(str(root))
        with only_one(root) as address:
            _open(engine, root, port, address, browser=not (no_browser or begun))
    except OpenAlreadyError as error:
        click.echo(f"这个项目的预览已经打开：{error or '正在启动，请稍等'}")
        if str(error) and not no_browser:
            webbrowser.open(str(error))
    except KeyboardInterrupt:
        click.echo("预览已结束；填好的都已保存。")
    return 0


def _root(folder: str) -> Path:
    """Return the folder of the portal that is meant, which may still have to be made. Raises WrongUseError."""
    root = (Path.cwd() / folder).resolve()
    if not (root / FILE).exists() and root == Path.cwd().resolve():
        root /= _FOLDER
    if (root / FILE).exists():
        return root
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        message = f"{root} 里有别的内容，而没有 {FILE}；请在项目的文件夹里运行，或写一个新的文件夹"
        raise WrongUseError(message)
    if not root.parent.is_dir():
        message = f"没有 {root.parent} 这个文件夹；请检查路径"
        raise WrongUseError(message)
    return root


def _begin(root: Path, port: int, *, browser: bool) -> None:
    told = desk_address(port)

    def ready() -> None:
        click.echo(f"{root.name} 还不是项目；在浏览器里打开 {told} 新建，按 Ctrl+C 结束。")
        if browser:
            webbrowser.open(told)

    begin(root, HOST, port, ready)


def _open(engine: str, root: Path, port: int, address: Path, *, browser: bool) -> None:
    told = desk_address(port)
    address.write_text(told, encoding="utf-8")
    click.echo(f"预览就绪后在浏览器里打开 {told}；填写的内容随时保存，按 Ctrl+C 结束。")
    serve(engine, root, port, browser=browser)
    click.echo("预览已结束；填好的都已保存。")
