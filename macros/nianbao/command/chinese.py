"""The command line in Chinese: help texts, and what is said of wrong use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from nianbao.command.terminal import tell
from nianbao.reading.refusal import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable


def help_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Return *command* with the option ``--help``, explained in Chinese."""
    option: Callable[[Callable[..., Any]], Callable[..., Any]] = click.help_option("--help", help="显示这份说明。")
    return option(command)


class ChineseCommand(click.Command):
    """A command whose help has Chinese headings, and which tells why it does nothing."""

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401  # as the library's own
        super().__init__(*arguments, **options | {"add_help_option": False})

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  # as the library's own
        """Carry out the command, and return its exit code where it gives one; why it does nothing is told."""
        try:
            return super().invoke(ctx)
        except RefusedError as error:
            tell(str(error), err=True)
            raise click.exceptions.Exit(1) from None

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write how the command is called."""
        _usage(self, ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        _options(self, ctx, formatter)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the parts of the usage line."""
        return _pieces(super().collect_usage_pieces(ctx))


class ChineseGroup(click.Group):
    """A group of commands whose help has Chinese headings."""

    command_class = ChineseCommand

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401  # as the library's own
        super().__init__(*arguments, **options | {"add_help_option": False, "subcommand_metavar": "命令 [选项]…"})

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write how the command is called."""
        _usage(self, ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands and the options."""
        commands = [(name, self.commands[name].get_short_help_str(60)) for name in self.list_commands(ctx)]
        with formatter.section("命令"):
            formatter.write_dl(commands)
        _options(self, ctx, formatter)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the parts of the usage line."""
        return _pieces(super().collect_usage_pieces(ctx))

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # the library's signature
        """Return the commands in the order of work."""
        return list(self.commands)


def _usage(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    formatter.write_usage(ctx.command_path, " ".join(command.collect_usage_pieces(ctx)), prefix="用法：")


def _options(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    options = [option for option in command.get_params(ctx) if isinstance(option, click.Option)]
    records = [record for record in (option.get_help_record(ctx) for option in options) if record]
    if records:
        with formatter.section("选项"):
            formatter.write_dl(records)


def _pieces(pieces: list[str]) -> list[str]:
    return ["[选项]…" if piece == "[OPTIONS]" else piece for piece in pieces]


def explain(error: click.ClickException) -> str:  # noqa: PLR0911  # one return for each kind of wrong use
    """Return what is wrong with the way a command was called."""
    match error:
        case click.NoSuchOption():
            near = f"；是否应为 {error.possibilities[0]}" if error.possibilities else ""
            return f"没有 {error.option_name} 这个选项{near}"
        case click.MissingParameter():
            name = error.param.human_readable_name if error.param is not None else error.param_hint
            return f"缺少 {name}"
        case click.BadOptionUsage():
            return f"选项 {error.option_name} 缺少内容"
        case click.BadParameter() if error.param is not None and isinstance(error.param.type, click.Choice):
            known = "、".join(map(str, error.param.type.choices))
            return f"{error.param.opts[-1]} 应为 {known} 之一"
        case click.BadParameter() if error.param is not None:
            return f"{error.param.opts[-1]} 的内容不对：{error.message}"
        case click.UsageError() if "No such command" in error.message:
            return f"没有这个命令；可用的是 {_commands(error)}"
        case click.exceptions.NoArgsIsHelpError():
            return f"缺少命令；可用的是 {_commands(error)}"
        case click.UsageError() if "unexpected extra argument" in error.message:
            return f"多写了内容：{error.message.partition('(')[2].rstrip(')')}"
        case _:
            return error.message


def _commands(error: click.UsageError) -> str:
    command = error.ctx.command if error.ctx is not None else None
    return "、".join(command.commands) if isinstance(command, click.Group) else ""
