"""The layout of ``--help``: a name or secret with hyphens stays on one line, so that it can be copied."""

from collections.abc import Iterable

import click

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


class HelpContext(click.Context):
    """The context of a command whose help this module lays out."""

    formatter_class = HelpFormatter


def lay_out(command: click.Command) -> None:
    """Use this layout for *command* and its subcommands."""
    command.context_class = HelpContext
    if isinstance(command, click.Group):
        for subcommand in command.commands.values():
            lay_out(subcommand)
