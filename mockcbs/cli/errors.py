"""``mockcbs errors``."""

import click

from mockcbs.cli.tables import json_option, show
from mockcbs.services import registry


@click.command("errors")
@json_option
def command(*, as_json: bool) -> None:
    """List every error that the mock can return, with the id that causes it.

    \b
    Example:
      mockcbs errors --json
    """
    columns = ["status", "code", "message", "when", "provoke"]
    catalogues = {name: rows for service in registry.services() for name, rows in service.catalogues.items()}
    rows = [
        {"service": name} | {column: getattr(row, column) for column in columns}
        for name, catalogue in sorted(catalogues.items())
        for row in catalogue
    ]
    show(["service", *columns], rows, as_json=as_json)
