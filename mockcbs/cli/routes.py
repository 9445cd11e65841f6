"""``mockcbs routes``."""

import click

from mockcbs.app import create_app
from mockcbs.cli.tables import json_option, show


@click.command("routes")
@json_option
def command(*, as_json: bool) -> None:
    """List the operations the mock answers."""
    app = create_app()
    rows = [
        {
            "method": method,
            "path": rule.rule,
            "operation": rule.endpoint,
            "summary": (app.view_functions[rule.endpoint].__doc__ or "").partition("\n")[0],
        }
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD"})
    ]
    show(["method", "path", "operation", "summary"], rows, as_json=as_json)
