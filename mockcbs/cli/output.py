"""Output for people: texts of files, servers and clients neither control the terminal nor forge a line."""

import json
from typing import Any

import click


def say(*lines: str, err: bool = False) -> None:
    """Print *lines*, with control characters and line breaks as escapes."""
    from mockcbs.core.printable import printable  # noqa: PLC0415 - commands import little at their start

    click.echo("\n".join(map(printable, lines)), err=err)


def say_json(value: Any) -> None:
    """Print *value* as indented JSON, with control characters as escapes."""
    from mockcbs.core.printable import printable_json  # noqa: PLC0415 - as above

    click.echo(printable_json(json.dumps(value, ensure_ascii=False, indent=2)))
