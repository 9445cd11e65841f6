"""Writing turns to files: every figure of the statistics can be recomputed from them."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click

from mockcbs.errors import UserError
from mockcbs.iam.identity import DEFAULT_PROJECT
from mockcbs.settings import Settings
from mockcbs.state import State
from mockcbs.traffic.table import Format, pieces

_BOT_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]{16,20}")


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
    bot_id = bot_id.lower()
    if _BOT_ID.fullmatch(bot_id) is None:
        raise UserError(f"bot id {bot_id!r} is neither a UUID nor 16 to 20 digits")
    mock = State(settings)
    now = mock.clock.now()
    days = mock.log.days(bot_id, now, first, last)
    if not days:
        raise UserError("--from lies after --to, or after today")
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
    part = output.with_name(output.name + ".part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            yield file
        part.replace(output)
    except OSError as error:
        raise UserError(f"{output}: {error.strerror}") from error
    finally:
        part.unlink(missing_ok=True)
