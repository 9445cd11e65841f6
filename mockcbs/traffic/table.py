"""Turns as the rows of a table, from which users can compute every figure of the statistics."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any, Literal

import numpy as np

from mockcbs.core.csv_text import csv_text
from mockcbs.traffic import ids, periods, session_ids
from mockcbs.traffic.knowledge import Turn
from mockcbs.traffic.log import TrafficLog
from mockcbs.traffic.periods import DAY

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
    "at",
    "qa_pair_id",
    "st_question",
    "st_question_now",
    "keywords",
    "chat_id",
    "execute_id",
    "connector_id",
)

_AT = COLUMNS.index("at_ms")
_OFFSET = slice(len("1970-01-01T00:00:00"), None)
"""The offset in a written time without milliseconds."""

BYTE_ORDER_MARK = "\ufeff"
"""Excel reads a CSV file as UTF-8 if it begins with this character."""

Execution = Callable[[Turn, int, int | None], tuple[str, str, str]]
"""Returns the ids of a turn's chat, workflow execution and channel in its service, empty if it has none.

The arguments are the turn, the number of earlier turns of its session at the same instant, and the begin of
the session (ms UTC), which is `None` if a client opened it.
"""

Executions = Callable[[TrafficLog, str], Execution]
"""Returns the `Execution` of one bot in a log, given the bot's id."""


def zone(text: str) -> tzinfo:
    """``UTC``, an offset such as ``+08:00``, or a name such as ``Asia/Shanghai``; raises `ValueError`."""
    try:
        ahead = periods.offset(text)
    except ValueError:
        from zoneinfo import ZoneInfo  # noqa: PLC0415 - few zones are stated by name

        try:
            return ZoneInfo(text)
        except (ValueError, OSError, LookupError) as error:
            accepted = "UTC, an offset such as +08:00, or a name such as Asia/Shanghai"
            raise ValueError(f"zone {text!r} is not {accepted}") from error
    return timezone(timedelta(milliseconds=ahead)) if ahead else UTC


@dataclass(frozen=True)
class Table:
    """The turns of one bot up to now, on the days from *first* to *last*.

    Raises `ValueError` for the id of an unknown bot, and for a range without days.
    """

    log: TrafficLog
    bot: str
    now: int
    """The time of the clock, ms UTC."""
    first: int | None = None
    last: int | None = None
    """The last day. Days count from 1970 and are inclusive; `None` means the oldest day, or today."""
    zone: tzinfo = UTC
    """The time zone of the days and of the column ``at``."""
    scope: str = ""
    """The scope whose recorded turns are included."""
    project: str = ""
    executions: Executions | None = None
    bot_id: str = field(init=False)
    days: range = field(init=False)
    """The UTC days that have to be read."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "bot_id", ids.bot_id(self.bot))
        low, high = self._bounds()
        if low >= high:
            raise ValueError("the first day lies after the last, or after today")
        object.__setattr__(self, "days", range(low // DAY, (high - 1) // DAY + 1))

    def pieces(
        self, form: Format, *, bom: bool = False, on_days: Callable[[int], object] = lambda _: None
    ) -> Iterator[str]:
        """The table as CSV or JSON lines, in pieces of a few hundred rows.

        *on_days* is called with the number of days that are complete since the last call.
        """
        if bom and form == "csv":
            yield BYTE_ORDER_MARK
        if form == "csv":
            yield csv_text([COLUMNS])
        done = self.days.start
        for rows in self._rows(str if form == "csv" else int):
            yield csv_text(rows) if form == "csv" else _jsonl(rows)
            day = int(rows[-1][_AT]) // DAY
            if day > done:
                on_days(day - done)
                done = day
        on_days(self.days.stop - done)

    def _bounds(self) -> tuple[int, int]:
        """The first instant, and the one after the last (ms UTC)."""
        high = self.now + 1
        if self.last is not None:
            high = min(high, _midnight(self.last + 1, self.zone))
        if self.first is not None:
            return _midnight(self.first, self.zone), high
        return min(self.log.days(self.bot_id, self.now).start * DAY, high - 1), high

    def turns(self) -> Iterator[list[tuple[Turn, int, int | None]]]:
        """The turns, some at a time and each with the last arguments of `Execution`, in order of time."""
        low, high = self._bounds()
        recorded = self.log.recorded(self.bot_id, self.scope)
        clients = {id(turn) for turn in recorded}  # unique, as `recorded` keeps the turns alive
        stated = self.log.stated_begins(self.bot_id)
        begun = lru_cache(4096)(session_ids.begun if self.executions else _nothing)
        for turns in self.log.rows(self.bot_id, self.days, self.now, self.scope, recorded):
            rows, instant = [], -1
            for turn in turns:
                if not low <= turn.at_ms < high:
                    continue
                client = id(turn) in clients
                if turn.at_ms != instant:  # turns of one instant come together
                    instant, earlier = turn.at_ms, dict[tuple[str, bool], int]()
                count = earlier.get((turn.session_id, client), 0)
                earlier[turn.session_id, client] = count + 1
                opened = None if client else stated.get(turn.session_id) or begun(turn.session_id)
                rows.append((turn, count, opened))
            if rows:
                yield rows

    def _rows(self, number: Callable[[int], Any]) -> Iterator[list[tuple[Any, ...]]]:
        """The rows, some at a time; *number* makes their numbers."""
        keywords: dict[str, str] = {}
        execution = self.executions(self.log, self.bot_id) if self.executions else _none
        for turns in self.turns():
            rows, times = [], _local([turn.at_ms for turn, *_ in turns], self.zone)
            for (turn, earlier, opened), time in zip(turns, times, strict=True):
                said = turn.said
                if (words := keywords.get(said.template)) is None:
                    words = keywords[said.template] = ";".join(self.log.keywords_of(said))
                moment = number(turn.at_ms), number(turn.latency_ms), time
                rows.append(self._row(turn, moment, words, execution(turn, earlier, opened)))
            yield rows

    def _row(
        self, turn: Turn, moment: tuple[Any, Any, str], keywords: str, identifiers: tuple[str, str, str]
    ) -> tuple[Any, ...]:
        said, pair, (at, latency, time) = turn.said, turn.said.pair, moment
        return (
            self.project,
            turn.bot_id,
            turn.session_id,
            turn.user_id,
            at,
            said.outcome,
            said.domain or "",
            said.question,
            latency,
            said.status,
            time,
            pair.pair_id if pair else "",
            (pair.formerly or pair.question) if pair else "",
            pair.question if pair and not pair.deleted else "",
            keywords,
            *identifiers,
        )


def _local(times: Sequence[int], zone: tzinfo) -> list[str]:
    """Those *times* (ms UTC) as written in *zone*."""
    if not isinstance(zone, timezone):
        # the half keeps a float from ending in the millisecond before
        moments = (datetime.fromtimestamp((at + 0.5) / 1000, zone) for at in times)
        return [moment.isoformat(timespec="milliseconds") for moment in moments]
    ahead = zone.utcoffset(None) // timedelta(milliseconds=1)
    local = (np.array(times, np.int64) + ahead).astype("M8[ms]")
    offset = datetime.fromtimestamp(0, zone).isoformat()[_OFFSET]
    return [time + offset for time in np.datetime_as_string(local, "ms").tolist()]


def _none(turn: Turn, earlier: int, begun: int | None) -> tuple[str, str, str]:
    """The ids of a turn in a service without executions."""
    del turn, earlier, begun
    return "", "", ""


def _nothing(_: str) -> None:
    """The begin of a session on which no id depends."""


def _midnight(day: int, zone: tzinfo) -> int:
    """The begin of a day (since 1970) in *zone*, ms UTC."""
    local = date(1970, 1, 1) + timedelta(days=day)
    return int(datetime(local.year, local.month, local.day, tzinfo=zone).timestamp()) * 1000


def _jsonl(rows: Iterable[tuple[Any, ...]]) -> str:
    members = (dict(zip(COLUMNS, row, strict=True)) for row in rows)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in members)
