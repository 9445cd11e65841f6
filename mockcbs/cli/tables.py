"""Lists on the terminal: a table for people, JSON for programs."""

import sys
from collections.abc import Callable, Iterable
from itertools import zip_longest
from typing import Any, TypeVar

import click

from mockcbs.cli.output import say_json
from mockcbs.core.printable import printable

_WIDE = 200
"""The width of a table without a terminal."""

_F = TypeVar("_F", bound=Callable[..., Any])


def json_option(command: _F) -> _F:
    """``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="As JSON instead of a table.")(command)


def _text(cell: Any) -> str:
    return printable(", ".join(cell) if isinstance(cell, list) else str(cell))


def show(columns: list[str], rows: Iterable[dict[str, Any]], *, as_json: bool) -> None:
    """Print *rows*; a table has these columns."""
    if as_json:
        say_json(list(rows))
        return
    from rich.console import Console  # noqa: PLC0415 - only tables need it
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    cells = [[_text(row[column]) for column in columns] for row in rows]
    for row in cells:
        table.add_row(*row)
    needed = _needed(columns, cells)
    width = None if sys.stdout.isatty() else max(needed, _WIDE)
    console = Console(width=width, highlight=False, markup=False)
    if needed > console.width:
        click.echo("\n\n".join(_record(columns, row, console.width) for row in cells))
    else:
        console.print(table)


def _needed(columns: list[str], rows: list[list[str]]) -> int:
    """The width of a table that breaks no word."""
    from rich.cells import cell_len  # noqa: PLC0415

    words = [[name] for name in columns]
    for row in rows:
        for found, cell in zip(words, row, strict=True):
            found.extend(cell.split())
    return sum(max(map(cell_len, found)) for found in words) + 2 * (len(columns) - 1)


def _record(columns: list[str], row: list[str], width: int) -> str:
    """A row as lines of column and value."""
    indent = max(map(len, columns)) + 2
    return "\n".join(
        f"{head.ljust(indent)}{line}"
        for name, cell in zip(columns, row, strict=True)
        for head, line in zip_longest([name], _wrapped(cell, width - indent), fillvalue="")
        if cell
    )


def _wrapped(text: str, width: int) -> list[str]:
    """*text* in lines; words are not broken, and a Chinese character is two columns wide."""
    from rich.cells import cell_len  # noqa: PLC0415

    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".lstrip()
        if lines[-1] and cell_len(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines
