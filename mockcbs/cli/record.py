"""``mockcbs record``."""

from pathlib import Path

import click

from mockcbs.cli.options import force, option
from mockcbs.cli.types import WholeNumber
from mockcbs.exchanges.record import record


@click.command("record")
@click.option("--upstream", required=True, metavar="URL", help="Server that gets the requests.")
@click.option(
    "--out", "path", required=True, type=click.Path(path_type=Path, dir_okay=False), help="File to write."
)
@option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@option("--port", type=WholeNumber(0, 65535), default=8022, show_default=True, help="0 picks a free port.")
@click.option("--ca-file", metavar="FILE", help="Certificate to trust for the upstream server.")
@force
@click.option("--quiet", is_flag=True, help="Print the base URL and nothing else.")
def command(
    upstream: str, path: Path, host: str, port: int, *, ca_file: str | None, force: bool, quiet: bool
) -> None:
    """Record the exchanges between a client and a server, without secrets and ids.

    \b
    Example:
      mockcbs record --out recorded.json \\
        --upstream https://cbs-ext.cn-north-4.myhuaweicloud.com
      mockcbs serve --replay recorded.json
    """
    record(upstream, path, host, port, verify=ca_file or True, force=force, quiet=quiet)
