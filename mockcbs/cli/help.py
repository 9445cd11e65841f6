"""The layout of ``--help``, and the groups of commands, which name the command that was probably meant.

A name or secret with hyphens stays on one line of ``--help``, so that it can be copied.
"""

from collections.abc import Iterable

import click

from mockcbs.core.spelling import meant

_HYPHEN = "\N{NON-BREAKING HYPHEN}"
"""Stands for a hyphen while click wraps lines, since click breaks lines behind hyphens."""


class HelpFormatter(click.HelpFormatter):
    """click's formatter, but it breaks lines only at blanks."""

    def write_text(self, text: str) -> None:
        """Write *text*, wrapped."""
        super().write_text(text.replace("-", _HYPHEN))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write names and their explanations in two columns."""
        whole = [(name, about.replace("-", _HYPHEN)) for name, about in rows]
        super().write_dl(whole, col_max, col_spacing)

    def getvalue(self) -> str:
        """The text so far."""
        return super().getvalue().replace(_HYPHEN, "-")


class Group(click.Group):
    """A group of commands."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command at the beginning of *args*; for an unknown one, the error names the probable one."""
        known = self.list_commands(ctx)
        if args[0] not in known and not args[0].startswith("-"):
            hint = meant(args[0], known) or f"; {ctx.command_path} --help lists the commands"
            ctx.fail(f"No such command {args[0]!r}{hint}")
        return super().resolve_command(ctx, args)


class HelpContext(click.Context):
    """The context of a command whose help this module lays out."""

    formatter_class = HelpFormatter


def lay_out(command: click.Command) -> None:
    """Use this layout for *command* and its subcommands."""
    command.context_class = HelpContext
    if isinstance(command, click.Group):
        for subcommand in command.commands.values():
            lay_out(subcommand)
