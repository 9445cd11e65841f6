"""``mockcbs datasets``."""

import click

from mockcbs.app import sections
from mockcbs.cli.tables import json_option, show
from mockcbs.core import clock
from mockcbs.core.files import shipped
from mockcbs.datasets.load import load

_PREVIEW_SEED = 42


@click.command("datasets")
@click.option("--show", "shown", metavar="NAME", help="Show the traffic that a dataset makes, as curves.")
@click.option("--seed", default=_PREVIEW_SEED, show_default=True, help="The seed of the traffic to show.")
@json_option
def command(*, shown: str | None, seed: int, as_json: bool) -> None:
    """List the datasets that come with mockcbs.

    With --show, the traffic of one is drawn.

    \b
    Example:
      mockcbs datasets --show incident
    """
    if shown is not None:
        from mockcbs.cli import preview  # noqa: PLC0415 - the list needs no traffic

        preview.write(shown, seed, as_json=as_json)
        return
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
