"""``mockcbs export``: turns as a file, from which every figure of the statistics can be recomputed."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import tzinfo
from pathlib import Path
from typing import IO, Any

import click

from mockcbs.app import sections
from mockcbs.cli.options import UTC_DAY, force, parsed, setting_options, take
from mockcbs.cli.types import Word
from mockcbs.core import paths
from mockcbs.core.errors import UserError
from mockcbs.core.files import check_free
from mockcbs.services import registry
from mockcbs.settings import Settings
from mockcbs.state import State
from mockcbs.traffic.table import Format, Table
from mockcbs.traffic.table import zone as zone_of

_FORMATS: dict[str, Format] = {"": "csv", ".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
"""The format for each suffix of a file name."""


@click.command("export")
@click.option("--bot", "bot_id", required=True, help="Bot id, such as a UUID of CBS or the digits of Coze.")
@click.option("--project", "project_id", help="Project id to show in the first column.")
@click.option(
    "--from",
    "first",
    metavar="DATE",
    callback=UTC_DAY,
    help="First day; by default the oldest day of the log.",
)
@click.option("--to", "last", metavar="DATE", callback=UTC_DAY, help="Last day, included; default today.")
@click.option(
    "--zone",
    metavar="ZONE",
    default="UTC",
    show_default=True,
    callback=parsed(zone_of),
    help="Time zone of the days and of the column at: UTC, +08:00, Asia/Shanghai.",
)
@setting_options(Settings, "seed", "dataset", "now")
@click.option(
    "--format",
    "form",
    type=Word(["csv", "jsonl"]),
    help="Format; by default the file's suffix decides.",
)
@click.option("--bom", is_flag=True, help="Begin the CSV file with a byte order mark, which Excel needs.")
@click.option("-o", "output", type=click.Path(path_type=Path, dir_okay=False), help="File; default stdout.")
@force
def command(
    bot_id: str,
    project_id: str | None,
    first: int | None,
    last: int | None,
    *,
    zone: tzinfo,
    form: Format | None,
    bom: bool,
    output: Path | None,
    force: bool,
    **options: Any,
) -> None:
    """Write the turns of a bot as rows, sorted by time and session.

    \b
    Example:
      mockcbs export --bot 303a0a00-c88a-43e3-aa2f-d5b8b9832b02 \\
        --from 2026-11-01 --to 2026-11-07 -o turns.csv
    """
    form = form or (_format(output) if output else "csv")
    if bom and form != "csv":
        raise UserError("--bom is for CSV: leave it out for JSON lines")
    if output:
        check_free(output, force=force)
    mock = State(take(Settings, options), sections=sections())
    try:
        table = Table(
            mock.log,
            bot_id,
            mock.clock.now(),
            first,
            last,
            zone,
            project=project_id or registry.default_project(bot_id, mock.settings),
            executions=registry.executions_of(bot_id),
        )
    except ValueError as error:
        raise UserError(str(error)) from error
    with _opened(output) as file, _progress(len(table.days)) as on_days:
        for piece in table.pieces(form, bom=bom, on_days=on_days):
            file.write(piece)


def _format(output: Path) -> Format:
    """The format for the suffix of a file name; raises `UserError`."""
    suffix = output.suffix.lower()
    if suffix not in _FORMATS:
        known = ", ".join(filter(None, _FORMATS))
        raise UserError(f"{output}: no format has the suffix {suffix}; use {known}, or --format csv or jsonl")
    return _FORMATS[suffix]


@contextmanager
def _progress(days: int) -> Iterator[Callable[[int], object]]:
    """A function to call after some of the *days*; on a terminal, a bar shows how many are written."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=days, label="days", file=sys.stderr) as bar:
        yield bar.update


@contextmanager
def _opened(output: Path | None) -> Iterator[IO[str]]:
    """Standard output, or a file that appears under its name only when it is complete."""
    if output is None:
        yield sys.stdout
        return
    in_place = paths.exists(output) and not paths.is_file(
        output
    )  # a device or a pipe: replacing it with a file would destroy it
    part = output if in_place else output.with_name(f".{output.name[:200]}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            yield file
        part.replace(output)
    except OSError as error:
        raise UserError(f"{output}: {error.strerror}") from error
    finally:
        if not in_place:
            part.unlink(missing_ok=True)
