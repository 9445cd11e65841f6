"""``mockcbs mcp``: the controls of a mock for assistants."""

import logging
from dataclasses import fields
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from mockcbs.cli.options import check_url, check_variables, setting_options, take
from mockcbs.cli.types import WholeNumber
from mockcbs.core import extras
from mockcbs.core.errors import UserError
from mockcbs.settings import Settings


@click.command("mcp")
@click.option("--url", metavar="URL", help="URL of a running mock; without it, the command starts one.")
@click.option(
    "--ca-file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Certificate to trust, which `mockcbs serve --tls` prints; with --url.",
)
@click.option(
    "--port",
    type=WholeNumber(0, 65535),
    default=0,
    show_default="a free one",
    help="Port of the mock that is started.",
)
@setting_options(Settings)
@click.pass_context
def command(
    context: click.Context, /, url: str | None, *, ca_file: Path | None, port: int, **options: Any
) -> None:
    """Let an assistant control a mock: MCP tools over standard input and output.

    An assistant's program starts this command; you need not run it yourself. Its tools read the journal,
    explain figures, set the clock, play scenarios, add traffic, send requests and look at deliveries.

    \b
    Examples, as the assistant's configuration names them:
      mockcbs mcp
      mockcbs mcp --dataset incident --port 8021
      mockcbs mcp --url http://127.0.0.1:8021

    Without --url the command starts a mock, which ends with the assistant. With --url it uses the mock of
    `mockcbs serve`.

    \b
    Configuration that most assistants read:
      {"mcpServers": {"mockcbs": {"command": "mockcbs", "args": ["mcp"]}}}
    """
    with extras.needed("mockcbs mcp", "the MCP SDK", "mcp"):
        from mockcbs.mcp.server import run  # noqa: PLC0415
    from mockcbs.mcp.control_api import ControlApi  # noqa: PLC0415
    from mockcbs.mcp.tools import Tools  # noqa: PLC0415
    from mockcbs.services import registry  # noqa: PLC0415

    logging.basicConfig(level=logging.WARNING)  # to standard error; standard output is the assistant's
    check_variables()
    settings = take(Settings, options)
    if url is not None:
        _check_elsewhere(context, url)
        api = ControlApi(url, settings.control_token, str(ca_file) if ca_file else None)
        api.get("/health")
        run(Tools(api, registry.variables(settings, api.url)))
        return
    if ca_file:
        raise UserError("--ca-file is for a mock with --url")
    if not settings.control:
        raise UserError("--no-control closes what the tools use; leave it out")
    from mockcbs.testing.live import LiveServer  # noqa: PLC0415 - only for a mock that is started here

    chosen = {field.name: getattr(settings, field.name) for field in fields(settings)}
    with LiveServer(port=port, **chosen) as server:
        api = ControlApi(server.url, settings.control_token)
        run(Tools(api, registry.variables(settings, server.url)))


def _check_elsewhere(context: click.Context, url: str) -> None:
    """Refuse options that a running mock cannot apply; raises `UserError`."""
    from mockcbs.services import registry  # noqa: PLC0415 - a mock that is started here needs it later

    check_url(url)
    of_clients = {"url", "ca_file", "control_token", *registry.variable_settings()}  # clients send them
    for option in context.command.params:
        given = context.get_parameter_source(option.name or "") == ParameterSource.COMMANDLINE
        if given and option.name not in of_clients:
            raise UserError(f"{option.opts[0]} is for a mock that is started here; leave it out with --url")
