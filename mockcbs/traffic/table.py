"""Turns as the rows of a table: the statistics can be recomputed from it."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from mockcbs.traffic.ids import bot_id
from mockcbs.traffic.knowledge import Turn, Utterance
from mockcbs.traffic.log import TrafficLog

Format = Literal["csv", "jsonl"]

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


def chosen(log: TrafficLog, bot: str, now: int, first: int | None, last: int | None) -> tuple[str, range]:
    """The id of the bot, and the UTC days (since 1970) from *first* to *last*; raises `ValueError`."""
    bot = bot_id(bot)
    days = log.days(bot, now, first, last)
    if not days:
        raise ValueError("the first day lies after the last, or after today")
    return bot, days


def pieces(form: Format, project_id: str, days: Iterable[list[Turn]]) -> Iterator[str]:
    """The table as CSV or JSON lines: a piece of text a day, so that memory does not grow with the days."""
    for place, rows in enumerate(days):
        values = [_values(project_id, row) for row in rows]
        yield _csv([COLUMNS, *values] if place == 0 else values) if form == "csv" else _jsonl(values)


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
        _status(row.said),
    )


def _status(said: Utterance) -> str:
    if said.unfinished:
        return "running"
    return "failed" if said.failed else "success"


def _csv(rows: Iterable[tuple[Any, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _jsonl(rows: Iterable[tuple[Any, ...]]) -> str:
    members = (dict(zip(COLUMNS, row, strict=True)) for row in rows)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in members)
