"""``mockcbs receive``: a receiver of webhooks that stores events in a database."""

import logging
from pathlib import Path
from typing import Any

import click

from mockcbs.cli.output import say
from mockcbs.cli.types import WholeNumber
from mockcbs.core import extras, paths
from mockcbs.core.errors import UserError

_SQLITE = "sqlite:///"


@click.command("receive")
@click.option(
    "--database",
    default="sqlite:///events.sqlite",
    show_default=True,
    envvar="MOCKCBS_DATABASE",
    show_envvar=True,
    metavar="URL",
    help="Where events are stored: sqlite:///FILE, postgresql://, mysql://, mariadb:// or clickhousedb://.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    type=WholeNumber(0, 65535),
    default=8022,
    show_default=True,
    help="The port to listen on; 0 picks a free one.",
)
@click.option(
    "--secret",
    "secrets",
    multiple=True,
    default=["mockcbs-verify-token"],
    show_default=True,
    help="Verify token or signing secret of the sender; repeat it while a secret is rotated.",
)
@click.option("--no-verify", is_flag=True, help="Accept events without a signature.")
@click.option("--report", "as_report", is_flag=True, help="Print the reports' SQL and figures, then stop.")
def command(
    database: str, host: str, port: int, secrets: tuple[str, ...], *, no_verify: bool, as_report: bool
) -> None:
    """Receive webhooks and store their events; subscribe the URL that is printed.

    \b
    Examples:
      mockcbs receive
      mockcbs receive --database postgresql://me@localhost/usage \\
        --secret my-verify-token
      mockcbs receive --report

    An event is stored once, however often it is delivered, and is committed before the response. The
    response is 200 for an event, 400 for a body that is not an event, 401 for a wrong or old signature.
    """
    with extras.needed("mockcbs receive", "SQLAlchemy", "receive"):
        from mockcbs.webhooks.event_table import EventTable  # noqa: PLC0415

    file = Path(database.removeprefix(_SQLITE))
    if as_report and database.startswith(_SQLITE) and not paths.exists(file):
        raise UserError(f"--database {database!r}: there is no such file; nothing was received yet")
    table = EventTable(database)
    try:
        if as_report:
            _print_reports(table)
        else:
            _serve(table, host, port, () if no_verify else secrets)
    finally:
        table.close()


def _print_reports(table: Any) -> None:
    """Print the SQL and the results of reports: over all events, by bot, by channel and by day."""
    from mockcbs.webhooks.reports import GROUPS, dialect_of, report  # noqa: PLC0415

    dialect = dialect_of(table.dialect)
    for group in (None, *GROUPS):
        statement = report(dialect, group)
        click.echo(f"-- {f'by {group}' if group else 'all events'}\n{statement};\n")
        for row in table.rows(statement):
            say("-- " + "  ".join(f"{name}={value}" for name, value in row.items()))
        click.echo()


def _serve(table: Any, host: str, port: int, secrets: tuple[str, ...]) -> None:
    from mockcbs.server.server import Server, bind  # noqa: PLC0415
    from mockcbs.webhooks.receiver import Receiver  # noqa: PLC0415

    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO)
    listener = bind(host, port)
    name = f"[{host}]" if ":" in host else host
    url = f"http://{name}:{listener.getsockname()[1]}/"

    def ready() -> None:
        click.echo(f"Webhook URL: {url}")
        if not secrets:
            click.echo("Signatures are not checked (--no-verify).")

    Server(Receiver(table, secrets), on_ready=ready).run([listener])
