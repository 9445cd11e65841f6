"""``mockcbs errors``."""

import click

from mockcbs.cli.tables import json_option, show
from mockcbs.services.cbs.errors import CATALOGUE as CBS
from mockcbs.services.coze.errors import CATALOGUE as COZE
from mockcbs.services.coze.errors import OAUTH as COZE_OAUTH
from mockcbs.services.gateway.errors import CATALOGUE as GATEWAY
from mockcbs.services.iam.errors import CATALOGUE as IAM

_CATALOGUES = {"cbs": CBS, "coze": COZE, "coze oauth": COZE_OAUTH, "gateway": GATEWAY, "iam": IAM}


@click.command("errors")
@json_option
def command(*, as_json: bool) -> None:
    """List every error the mock can answer, and the id that provokes it."""
    columns = ["status", "code", "message", "when", "provoke"]
    rows = [
        {"service": service} | {column: getattr(row, column) for column in columns}
        for service, catalogue in _CATALOGUES.items()
        for row in catalogue
    ]
    show(["service", *columns], rows, as_json=as_json)
