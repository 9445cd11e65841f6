"""Writing turns to files: every figure of the statistics can be recomputed from them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click

from mockcbs.core.errors import UserError
from mockcbs.services.iam.identity import DEFAULT_PROJECT
from mockcbs.settings import Settings
from mockcbs.state import State
from mockcbs.traffic.table import Format, chosen, pieces


def export(
    settings: Settings,
    bot_id: str,
    project_id: str | None,
    first: int | None,
    last: int | None,
    *,
    form: Format,
    output: Path | None,
) -> None:
    """Write the turns of *bot_id* on the UTC days *first* to *last* (days since 1970, both inclusive).

    Day by day, so that memory does not grow with the range.
    """
    mock = State(settings)
    now = mock.clock.now()
    try:
        bot_id, days = chosen(mock.log, bot_id, now, first, last)
    except ValueError as error:
        raise UserError(str(error)) from error
    rows = mock.log.rows(bot_id, days, now)
    with (
        _opened(output) as file,
        click.progressbar(
            pieces(form, project_id or DEFAULT_PROJECT, rows),
            len(days),
            "days",
            file=sys.stderr,
            hidden=not sys.stderr.isatty(),
        ) as progress,
    ):
        for piece in progress:
            file.write(piece)


@contextmanager
def _opened(output: Path | None) -> Iterator[IO[str]]:
    """Standard output, or a file that appears under its name only when it is whole."""
    if output is None:
        yield sys.stdout
        return
    in_place = output.exists() and not output.is_file()  # a device or a pipe, which no file may replace
    part = output if in_place else output.with_name(output.name + ".part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            yield file
        part.replace(output)
    except OSError as error:
        raise UserError(f"{output}: {error.strerror}") from error
    finally:
        if not in_place:
            part.unlink(missing_ok=True)
