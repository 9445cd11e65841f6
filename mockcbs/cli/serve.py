"""``mockcbs serve``."""

import logging
from typing import Any

import click

from mockcbs.cli import logs
from mockcbs.cli.interrupts import importing
from mockcbs.cli.options import check_variables, setting_options, take, unknown_variables
from mockcbs.core.garbage import without_collection
from mockcbs.settings import ServerSettings, Settings


@click.command("serve")
@setting_options(ServerSettings)
@setting_options(Settings)
@click.pass_context
def command(context: click.Context, /, **options: Any) -> None:
    """Serve the mock until Ctrl-C.

    \b
    Examples:
      mockcbs serve --port 0 --seed 7
      mockcbs serve --dataset documented-week
      mockcbs serve --now 2026-02-28T23:59:00+08:00 --tick
    """
    server, settings = take(ServerSettings, options), take(Settings, options)
    with without_collection():  # until the server is ready: nothing that start-up makes is garbage
        with importing():
            from mockcbs.cli.serving import serve  # noqa: PLC0415 - `serve --help` needs no server

        logs.set_up(server)
        log = logging.getLogger("mockcbs")
        check_variables()
        for warning in unknown_variables(context):
            log.warning(warning)
        serve(settings, server)
