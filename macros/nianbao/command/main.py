"""The command `nianbao`: one group, a command to a module, and the exit codes.

0 all is well, 1 the reports have errors, 2 the command was called in a wrong way, 3 an import has questions left.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nianbao.command.board import board
from nianbao.command.build import build
from nianbao.command.cells import cells
from nianbao.command.check import check
from nianbao.command.chinese import ChineseGroup, explain, help_option
from nianbao.command.collect import collect
from nianbao.command.correct import correct
from nianbao.command.edit import edit
from nianbao.command.export import export
from nianbao.command.fill import fill
from nianbao.command.freeze import freeze
from nianbao.command.headers import headers
from nianbao.command.importing import import_
from nianbao.command.macros import macros
from nianbao.command.members import members
from nianbao.command.new import new
from nianbao.command.publish import publish
from nianbao.command.reopen import reopen
from nianbao.command.rollback import rollback, sites
from nianbao.command.rollup import rollup
from nianbao.command.start import start
from nianbao.command.template import template
from nianbao.command.terminal import set_up, tell
from nianbao.command.upgrade import upgrade
from nianbao.command.verify import verify
from nianbao.installation import other_program
from nianbao.model.project import WrongUseError
from nianbao.reading.clock import behind, today
from nianbao.reading.disk import failure

if TYPE_CHECKING:
    from collections.abc import Sequence

WRONG_USE, INTERRUPTED = 2, 130


@click.group(cls=ChineseGroup, help="检查和编制政府信息公开工作年度报告。在存放 mkdocs.yml 的文件夹里运行。")
@click.version_option(package_name="nianbao", prog_name="nianbao", message="%(prog)s %(version)s", help="显示版本。")
@help_option
def nianbao() -> None:
    """Say which program runs, where that may not be the one that is meant."""
    wrong = behind(today())
    if wrong:
        raise WrongUseError(wrong)
    try:
        here = Path.cwd()
    except FileNotFoundError:
        message = "现在所在的文件夹已经删去或移走；请换到项目文件夹里再运行"
        raise WrongUseError(message) from None
    told = other_program(here)
    if told:
        tell(told, err=True)


for _command in (
    start,
    template,
    new,
    import_,
    edit,
    fill,
    check,
    build,
    freeze,
    reopen,
    publish,
    correct,
    verify,
    sites,
    rollback,
    headers,
    export,
    macros,
    upgrade,
    members,
    collect,
    board,
    rollup,
    cells,
):
    nianbao.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit with its code; wrong use is told in Chinese, a bug shows its traceback."""
    set_up()
    try:
        code = nianbao.main(args=arguments, prog_name="nianbao", standalone_mode=False)
    except click.ClickException as error:
        _refuse(explain(error), arguments)
    except WrongUseError as error:
        _refuse(str(error), arguments)
    except (click.Abort, KeyboardInterrupt):
        tell("已中断。", err=True)
        sys.exit(INTERRUPTED)
    except BrokenPipeError:  # The reader, such as head, has seen enough.
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        told = failure(error)
        if told is None:
            raise
        tell(told, err=True)
        sys.exit(1)
    else:
        sys.exit(code if isinstance(code, int) else 0)


def _refuse(reason: str, arguments: Sequence[str] | None) -> None:
    words = sys.argv[1:] if arguments is None else arguments
    command = next((f" {word}" for word in words if word in nianbao.commands), "")
    tell(f"用法不对：{reason}\n运行 nianbao{command} --help 查看用法。", err=True)
    sys.exit(WRONG_USE)
