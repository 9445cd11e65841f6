"""``mockcbs scenarios``."""

import click

from mockcbs.cli.tables import json_option, show
from mockcbs.core.files import shipped
from mockcbs.faults.scenario_file import SCENARIOS, load
from mockcbs.services.registry import vocabulary


@click.command("scenarios")
@json_option
def command(*, as_json: bool) -> None:
    """List the scenarios that come with mockcbs, with the faults that they inject.

    \b
    Example:
      mockcbs scenarios
      mockcbs serve --scenario flaky-once
    """
    loaded = [load(name, vocabulary()) for name in shipped(SCENARIOS)]
    rows = [{"name": scenario.name, "description": scenario.description} for scenario in loaded]
    show(["name", "description"], rows, as_json=as_json)
