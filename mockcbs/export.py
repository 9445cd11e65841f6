"""Writing turns to files: every figure of the statistics can be recomputed from them."""

import csv
import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click

from mockcbs.errors import UserError
from mockcbs.iam.identity import DEFAULT_PROJECT
from mockcbs.settings import Settings
from mockcbs.state import State
from mockcbs.traffic.knowledge import Turn
from mockcbs.traffic.periods import DAY

COLUMNS = (
    "project_id",
    "bot_id",
    "session_id",
    "user_id",
    "at_ms",
    "outcome",
    "domain",
    "question",
    "latency_ms",
    "status",
)

_BOT_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]{16,20}")


def export(
    settings: Settings,
    bot_id: str,
    project_id: str | None,
    first: int | None,
    last: int | None,
    *,
    form: str,
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
    days = _days(mock, bot_id, first, last, now)
    project = project_id or DEFAULT_PROJECT
    with _opened(output) as file:
        write = _csv_writer(file) if form == "csv" else _jsonl_writer(file)
        rows_by_day = mock.log.rows(bot_id, days, now)
        with click.progressbar(
            rows_by_day, len(days), "days", file=sys.stderr, hidden=not sys.stderr.isatty()
        ) as progress:
            for rows in progress:
                for row in rows:
                    write(_values(project, row))


def _days(mock: State, bot_id: str, first: int | None, last: int | None, now: int) -> range:
    bot = mock.dataset.bot(bot_id)
    stated = [turn.at // DAY for session in bot.sessions for turn in session.turns]
    kept = list(bot.profile.days(now)[:1]) if bot.profile else []
    start = min([*stated, *kept, now // DAY]) if first is None else first
    stop = now // DAY if last is None else last
    if start > stop:
        raise UserError("--from lies after --to")
    return range(start, min(stop, now // DAY) + 1)


def _values(project_id: str, row: Turn) -> tuple[Any, ...]:
    return (
        project_id,
        row.bot_id,
        row.session_id,
        row.user_id,
        row.at_ms,
        row.said.outcome,
        row.said.domain or "",
        row.said.question,
        row.latency_ms,
        "failed" if row.said.failed else "success",
    )


def _csv_writer(file: IO[str]) -> Callable[[tuple[Any, ...]], Any]:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    return writer.writerow


def _jsonl_writer(file: IO[str]) -> Callable[[tuple[Any, ...]], Any]:
    def write(values: tuple[Any, ...]) -> None:
        file.write(json.dumps(dict(zip(COLUMNS, values, strict=True)), ensure_ascii=False) + "\n")

    return write


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
