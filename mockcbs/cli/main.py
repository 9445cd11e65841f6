"""The ``mockcbs`` command: finds a subcommand by name and loads only that."""

import errno
import os
import sys
from importlib import import_module
from typing import Any, NoReturn

import click

from mockcbs.cli import progress
from mockcbs.cli.help import Group, HelpContext, lay_out
from mockcbs.cli.interrupts import importing
from mockcbs.core.errors import UserError
from mockcbs.core.spelling import meant
from mockcbs.core.version import VERSION

COMMANDS = {
    "serve": "Serve the mock until Ctrl-C.",
    "env": "Print the variables of the environment that SDKs read, so that they call the mock.",
    "check": "Check files that you have written: datasets, scenarios, knowledge bases, known deviations.",
    "datasets": "List the datasets that come with mockcbs.",
    "scenarios": "List the scenarios that come with mockcbs, with the faults that they inject.",
    "routes": "List the operations of the mock.",
    "errors": "List every error that the mock can return, with the id that causes it.",
    "export": "Write the turns of a bot as rows, sorted by time and session.",
    "pull": "Write the analytics of bots or workflows to files, one a day for each.",
    "contract": "Check a server against the contract: the mock, or the real service.",
    "pin": "Turn a published response into a dataset that reproduces it.",
    "record": "Record the exchanges between a client and a server, without secrets and ids.",
    "receive": "Receive webhooks and store their events; subscribe the URL that is printed.",
    "examine": "Examine your webhook receiver or your analytics client.",
    "mcp": "Let an assistant control a mock: MCP tools over standard input and output.",
}
"""The commands with their lines in ``--help``; each is `command` in its module in `mockcbs.cli`."""

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}
"""The reasons why a disk refuses a write."""


class Mistake(click.ClickException):
    """An error that the user can correct: one line, exit status 2."""

    exit_code = 2


class Commands(Group):
    """The commands in `COMMANDS`, imported on demand."""

    context_class = HelpContext

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command with that name, imported; `None` if there is none."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        with importing():
            module = import_module(f"mockcbs.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        lay_out(command)
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options before the command; an unknown one is a `Mistake`."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            raise Mistake(_unknown_option(error)) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in ``--help``, without importing any command."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a `UserError` becomes a `Mistake`, as does an unknown option."""
        try:
            return super().invoke(ctx)
        except click.NoSuchOption as error:
            raise Mistake(_unknown_option(error)) from error
        except UserError as error:
            raise Mistake(str(error)) from error


@click.group(
    cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(VERSION, prog_name="mockcbs")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """A mock of the Huawei Cloud CBS and Coze APIs, answering from seeded synthetic traffic.

    Begin with `mockcbs serve`, and paste the curl line it prints. `mockcbs COMMAND --help` shows examples.

    Exit status: 0 success; 1 what was checked, pulled or written failed; 2 a mistake on the command line or
    in a file; 130 interrupted.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
        ctx.exit(2)
    ctx.with_resource(progress.shown())


def _unknown_option(error: click.NoSuchOption) -> str:
    """The error about an option that the command does not have."""
    context = error.ctx
    if context is None:
        return f"there is no option {error.option_name}"
    known = [name for one in context.command.get_params(context) for name in one.opts if name[:2] == "--"]
    hint = meant(error.option_name, known) or f"; {context.command_path} --help lists them"
    return f"{context.command_path} has no option {error.option_name}{hint}"


def main() -> NoReturn:
    """Run the command; every error of the user is one line and exit status 2.

    Output that cannot be written is one line and exit status 1.
    """
    os.environ.setdefault(
        "OPENBLAS_NUM_THREADS", "1"
    )  # its threads take 30 ms at start, and we have no matrices
    try:
        status = cli.main(standalone_mode=False)  # of `Context.exit`; a command returns `None`
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.ClickException as error:
        from mockcbs.core.printable import message  # noqa: PLC0415 - only errors need it

        click.echo(f"mockcbs: {message(error.format_message())}", err=True)
        sys.exit(2)
    except click.Abort:
        click.echo("mockcbs: interrupted", err=True)
        sys.exit(130)
    except BrokenPipeError:  # the reader of our output, such as head, has closed the pipe
        _print_no_more()
    except OSError as error:
        if error.filename is not None or error.errno not in _NO_ROOM:
            raise
        _print_no_more()
        click.echo(f"mockcbs: standard output: {error.strerror}", err=True)
        sys.exit(1)
    else:
        sys.exit(status or 0)
    sys.exit(0)


def _print_no_more() -> None:
    """Discard unwritten output; otherwise Python would try to write it again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
