"""``mockcbs datasets``."""

import click

from mockcbs.app import sections
from mockcbs.cli.tables import json_option, show
from mockcbs.core import clock
from mockcbs.core.files import shipped
from mockcbs.datasets.load import load


@click.command("datasets")
@json_option
def command(*, as_json: bool) -> None:
    """List the datasets that come with mockcbs."""
    loaded = [load(name, sections()) for name in shipped("datasets")]
    rows = [
        {
            "name": dataset.name,
            "description": dataset.description,
            "bots": sorted(dataset.bots),
            "clock": "real" if dataset.now is None else f"frozen at {clock.iso(dataset.now)}",
        }
        for dataset in loaded
    ]
    show(["name", "description", "bots", "clock"], rows, as_json=as_json)
